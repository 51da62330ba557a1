//! LZMS, the compression of `.esd` images: adaptive Huffman codes, a range coder, matches of sequences and matches of
//! differences. Follows the description at the head of wimlib's decoder; Microsoft publishes none.
//!
//! - `bits`: the two streams of bits, from the front and from the back; `adaptive`: the Huffman codes; `calls`: the
//!   addresses in x86 code, restored after all is unpacked.
//!
//! Our own: no crate exists.

mod adaptive;
mod bits;
mod calls;

use adaptive::Adaptive;
use bits::{Backward, Decision, Forward};

/// Symbols of the codes, and after how many symbols they are rebuilt. Sequence and difference matches have separate
/// codes for their distances.
const LITERALS: usize = 256;
const POWERS: usize = 8;
const OFTEN: u32 = 512;
const SELDOM: u32 = 1024;
/// Pairs of a number of further bits and how many slots have that number.
const DISTANCES: [(u32, usize); 21] = [
    (0, 8),
    (2, 9),
    (3, 7),
    (4, 10),
    (5, 15),
    (6, 15),
    (7, 20),
    (8, 20),
    (9, 30),
    (10, 33),
    (11, 40),
    (12, 42),
    (13, 45),
    (14, 60),
    (15, 73),
    (16, 80),
    (17, 85),
    (18, 95),
    (19, 105),
    (20, 6),
    (30, 1),
];
const LENGTHS: [(u32, usize); 13] =
    [(0, 26), (1, 4), (2, 6), (3, 4), (4, 5), (5, 2), (6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (16, 1), (30, 1)];

/// Unpacks a chunk of `size` bytes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unpack(packed: &[u8], size: usize) -> Result<Vec<u8>, &'static str> {
    if !packed.len().is_multiple_of(2) || packed.len() < 4 {
        return Err("has no whole number of words");
    }
    let mut chunk = Chunk::new(packed, size);
    let mut out = Vec::with_capacity(size);
    while out.len() < size {
        chunk.item(&mut out, size)?;
    }
    if chunk.bits.is_over() {
        return Err("ends too early");
    }
    calls::undo(&mut out);
    Ok(out)
}

/// The base of each slot and the number of bits that follow it, up to the slot that contains `most`.
fn slots(runs: &[(u32, usize)], most: u64) -> Vec<(u32, u32)> {
    let each = runs.iter().flat_map(|&(bits, count)| std::iter::repeat_n(bits, count));
    let starts = each.scan(1_u64, |next, bits| {
        let start = *next;
        *next += 1 << bits;
        Some((start, bits))
    });
    starts.take_while(|&(start, _)| start <= most).map(|(start, bits)| (start as u32, bits)).collect()
}

/// The most recent distances. A distance joins them only after the next item is read: an item that repeats it at once
/// would have been part of a longer match.
struct Recent<T> {
    queue: [T; 4],
    joining: Option<T>,
}

impl<T: Copy> Recent<T> {
    fn new(queue: [T; 4]) -> Self {
        Self { queue, joining: None }
    }

    /// Removes one of the first three.
    fn take(&mut self, number: usize) -> T {
        let taken = self.queue[number];
        self.queue[number..].rotate_left(1);
        taken
    }

    /// An item was read that used `used`, if any.
    fn step(&mut self, used: Option<T>) {
        if let Some(joined) = std::mem::replace(&mut self.joining, used) {
            self.queue.rotate_right(1);
            self.queue[0] = joined;
        }
    }
}

/// Decisions that choose one of the recent distances.
struct Which {
    is_recent: Decision,
    is_later: [Decision; 2],
}

impl Which {
    fn new() -> Self {
        Self { is_recent: Decision::new(6), is_later: [Decision::new(6), Decision::new(6)] }
    }

    /// The index of a recent distance, or `None` for a new one.
    fn read(&mut self, range: &mut Forward<'_>) -> Option<usize> {
        if !self.is_recent.read(range) {
            return None;
        }
        Some(self.is_later.iter_mut().position(|is_later| !is_later.read(range)).unwrap_or(2))
    }
}

struct Chunk<'b> {
    range: Forward<'b>,
    bits: Backward<'b>,
    is_match: Decision,
    is_difference: Decision,
    which_match: Which,
    which_difference: Which,
    literals: Adaptive,
    lengths: Adaptive,
    powers: Adaptive,
    match_distances: Adaptive,
    difference_distances: Adaptive,
    distance_slots: Vec<(u32, u32)>,
    length_slots: Vec<(u32, u32)>,
    matches: Recent<usize>,
    /// The power of two of the span, and the distance in spans.
    differences: Recent<(u32, usize)>,
}

impl<'b> Chunk<'b> {
    fn new(packed: &'b [u8], size: usize) -> Self {
        // No distance reaches beyond the chunk, so larger ones have no symbols.
        let distance_slots = slots(&DISTANCES, (size as u64).saturating_sub(1));
        let length_slots = slots(&LENGTHS, u64::MAX);
        Self {
            range: Forward::new(packed),
            bits: Backward::new(packed),
            is_match: Decision::new(4),
            is_difference: Decision::new(5),
            which_match: Which::new(),
            which_difference: Which::new(),
            literals: Adaptive::new(LITERALS, SELDOM),
            lengths: Adaptive::new(length_slots.len(), OFTEN),
            powers: Adaptive::new(POWERS, OFTEN),
            match_distances: Adaptive::new(distance_slots.len(), SELDOM),
            difference_distances: Adaptive::new(distance_slots.len(), SELDOM),
            distance_slots,
            length_slots,
            matches: Recent::new([1, 2, 3, 4]),
            differences: Recent::new([(0, 1), (0, 2), (0, 3), (0, 4)]),
        }
    }

    /// A literal, a match, or a match of differences.
    fn item(&mut self, out: &mut Vec<u8>, size: usize) -> Result<(), &'static str> {
        let (mut matched, mut differed) = (None, None);
        if !self.is_match.read(&mut self.range) {
            out.push(self.literals.read(&mut self.bits)? as u8);
        } else if !self.is_difference.read(&mut self.range) {
            let distance = match self.which_match.read(&mut self.range) {
                Some(recent) => self.matches.take(recent),
                None => number(&mut self.match_distances, &self.distance_slots, &mut self.bits)?,
            };
            matched = Some(distance);
            let length = self.length(out, size)?;
            repeat(out, distance, length)?;
        } else {
            let found = match self.which_difference.read(&mut self.range) {
                Some(recent) => self.differences.take(recent),
                None => {
                    let power = self.powers.read(&mut self.bits)? as u32;
                    (power, number(&mut self.difference_distances, &self.distance_slots, &mut self.bits)?)
                }
            };
            differed = Some(found);
            let length = self.length(out, size)?;
            go_on(out, found, length)?;
        }
        self.matches.step(matched);
        self.differences.step(differed);
        Ok(())
    }

    fn length(&mut self, out: &[u8], size: usize) -> Result<usize, &'static str> {
        let length = number(&mut self.lengths, &self.length_slots, &mut self.bits)?;
        if length > size - out.len() { Err("has more bytes than its size") } else { Ok(length) }
    }
}

/// A number: its slot, then the bits that follow it.
fn number(codes: &mut Adaptive, slots: &[(u32, u32)], bits: &mut Backward<'_>) -> Result<usize, &'static str> {
    let slot = codes.read(bits)?;
    let &(start, more) = slots.get(slot).ok_or("has a code that no number has")?;
    Ok(start as usize + bits.take(more) as usize)
}

/// Repeats bytes from `distance` back; the copy may overlap its source.
fn repeat(out: &mut Vec<u8>, distance: usize, length: usize) -> Result<(), &'static str> {
    let start = out.len().checked_sub(distance).ok_or("has a match that begins before it")?;
    if distance >= length {
        out.extend_from_within(start..start + length);
    } else {
        (start..start + length).for_each(|from| out.push(out[from]));
    }
    Ok(())
}

/// Continues a sequence by its differences: those of the bytes `distance` back to the bytes one span before them.
fn go_on(out: &mut Vec<u8>, (power, spans): (u32, usize), length: usize) -> Result<(), &'static str> {
    let span = 1_usize << power;
    let distance = spans.checked_mul(span).ok_or("has a match that begins before it")?;
    let reach = distance.checked_add(span).ok_or("has a match that begins before it")?;
    if reach > out.len() {
        return Err("has a match that begins before it");
    }
    for _ in 0..length {
        let at = out.len();
        let difference = out[at - distance].wrapping_sub(out[at - reach]);
        out.push(out[at - span].wrapping_add(difference));
    }
    Ok(())
}
