//! Members of a tar archive that are stored as pieces with zeros between them, as `tar -S` stores disk images. Reads
//! the old GNU format and those of PAX 0.0, 0.1 and 1.0, as described in the manual of GNU tar.

use std::io;

use super::field::{BLOCK, number};
use crate::bytes::ReadAt;
use crate::image::source::Part;

/// The most pieces of all members of an archive.
const MAX_PIECES: usize = 1 << 20;
/// The old format: the first pieces, a mark if more follow, and the size of the file.
const OLD_PIECES: std::ops::Range<usize> = 386..482;
const OLD_GOES_ON: usize = 482;
const OLD_SIZE: std::ops::Range<usize> = 483..495;
/// The same fields in the further blocks.
const MORE_PIECES: std::ops::Range<usize> = 0..504;
const MORE_GOES_ON: usize = 504;

/// A piece: its offset in the file, its offset in the archive, and its length.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    offset: u64,
    at: u64,
    size: u64,
}

/// The pieces of a member as PAX headers state them.
#[derive(Default)]
pub(super) struct Stated {
    is_in_data: bool,
    size: Option<u64>,
    /// Offset and size of each piece; the size of the last one may be missing.
    numbers: Vec<u64>,
}

impl Stated {
    /// Reads a record whose key begins with `GNU.sparse.`; `None` if it is damaged.
    pub(super) fn take(&mut self, key: &str, value: &str) -> Option<()> {
        match key.strip_prefix("GNU.sparse.")? {
            "major" => self.is_in_data = value.parse::<u64>().ok()? > 0,
            "size" | "realsize" => self.size = Some(value.parse().ok()?),
            "offset" | "numbytes" => self.numbers.push(value.parse().ok()?),
            "map" => self.numbers = value.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?,
            _ => {}
        }
        Some(())
    }
}

/// The pieces of a member, and the size of the whole file.
pub(super) struct Found {
    pub pieces: Vec<Piece>,
    pub size: u64,
}

/// How many more pieces may be held.
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MAX_PIECES)
    }
}

impl Room {
    /// The pieces of a member of the old format, from its header and data. Also returns how many bytes after the header
    /// describe them, even if they are not read.
    pub(super) fn of_header(
        &mut self,
        header: &[u8; BLOCK],
        part: &Part,
        start: u64,
        stored: u64,
    ) -> (Option<Found>, u64) {
        let mut numbers: Vec<u64> = Vec::new();
        let mut is_whole = take(&header[OLD_PIECES], &mut numbers);
        let (mut more, mut before) = (header[OLD_GOES_ON] != 0, 0);
        while more && start + before < part.size {
            let Ok(block) = part.bytes(start + before, BLOCK) else { return (None, before) };
            is_whole &= numbers.len() / 2 <= self.0 && take(&block[MORE_PIECES], &mut numbers);
            more = block[MORE_GOES_ON] != 0;
            before += BLOCK as u64;
        }
        let size = number(&header[OLD_SIZE]).filter(|_| is_whole && !more);
        let pieces = size.and_then(|size| self.pieces(&numbers, start + before, stored, size));
        (pieces.zip(size).map(|(pieces, size)| Found { pieces, size }), before)
    }

    /// The pieces of a member of the newer formats.
    pub(super) fn of_pax(&mut self, stated: &Stated, part: &Part, start: u64, stored: u64) -> Option<Found> {
        let size = stated.size?;
        if !stated.is_in_data {
            let pieces = self.pieces(&stated.numbers, start, stored, size)?;
            return Some(Found { pieces, size });
        }
        let (numbers, length) = self.of_data(part, start, stored)?;
        let pieces = self.pieces(&numbers, start + length, stored - length, size)?;
        Some(Found { pieces, size })
    }

    /// The list before the data: its length, then offset and size of each piece, one number per line, padded to a
    /// block.
    fn of_data(&self, part: &Part, start: u64, stored: u64) -> Option<(Vec<u64>, u64)> {
        let mut numbers: Vec<u64> = Vec::new();
        let mut wanted = None;
        let mut digits = String::new();
        let mut length = 0;
        while wanted.is_none_or(|wanted| numbers.len() < wanted) {
            if length >= stored {
                return None;
            }
            for byte in part.bytes(start + length, BLOCK).ok()? {
                match byte {
                    _ if wanted.is_some_and(|wanted| numbers.len() == wanted) => break,
                    b'0'..=b'9' if digits.len() < 20 => digits.push(char::from(byte)),
                    b'\n' => {
                        let number: u64 = std::mem::take(&mut digits).parse().ok()?;
                        if wanted.is_some() {
                            numbers.push(number);
                        } else {
                            let count = usize::try_from(number).ok().filter(|count| *count <= self.0)?;
                            wanted = Some(count * 2);
                        }
                    }
                    _ => return None,
                }
            }
            length += BLOCK as u64;
        }
        (length <= stored).then_some((numbers, length))
    }

    /// The pieces with these offsets and sizes, stored one after another from `start` on. `None` if they contradict
    /// each other, the size of the file or the stored size.
    fn pieces(&mut self, numbers: &[u64], start: u64, stored: u64, size: u64) -> Option<Vec<Piece>> {
        if !numbers.len().is_multiple_of(2) || numbers.len() / 2 > self.0 {
            return None;
        }
        let mut pieces = Vec::new();
        let (mut end, mut at) = (0, start);
        for pair in numbers.chunks_exact(2) {
            let piece = Piece { offset: pair[0], at, size: pair[1] };
            if piece.offset < end {
                return None;
            }
            end = piece.offset.checked_add(piece.size).filter(|end| *end <= size)?;
            at = at.checked_add(piece.size)?;
            if piece.size > 0 {
                pieces.push(piece);
            }
        }
        if at - start != stored {
            return None;
        }
        self.0 -= pieces.len();
        Some(pieces)
    }
}

/// Reads the pieces of a block of the old format; false if a number is damaged. Unused fields are zeros.
fn take(bytes: &[u8], numbers: &mut Vec<u64>) -> bool {
    for piece in bytes.chunks_exact(24).take_while(|piece| piece[0] != 0) {
        let (Some(offset), Some(size)) = (number(&piece[..12]), number(&piece[12..])) else { return false };
        numbers.extend([offset, size]);
    }
    true
}

/// A file that is stored as pieces.
pub(super) struct Pieced<'p> {
    pub part: &'p Part,
    pub pieces: &'p [Piece],
    pub size: u64,
}

impl ReadAt for Pieced<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = &mut buffer[..wanted];
        buffer.fill(0);
        let end = offset + wanted as u64;
        let first = self.pieces.partition_point(|piece| piece.offset + piece.size <= offset);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.offset < end) {
            let (from, to) = (piece.offset.max(offset), (piece.offset + piece.size).min(end));
            let (into, until) = ((from - offset) as usize, (to - offset) as usize);
            self.part.fill(&mut buffer[into..until], piece.at + (from - piece.offset))?;
        }
        Ok(wanted)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
