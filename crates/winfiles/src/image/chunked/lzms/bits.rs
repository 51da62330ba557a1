//! The two streams of a chunk: decisions by a range coder from the front, codes and plain bits from the back. Both
//! consist of words of 16 bits, the highest bit first.

use crate::bytes::u16_at;

/// The range coder's stream. After the end there are zeros.
pub(super) struct Forward<'b> {
    bytes: &'b [u8],
    at: usize,
    range: u32,
    code: u32,
}

impl<'b> Forward<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        let code = u32::from(u16_at(bytes, 0)) << 16 | u32::from(u16_at(bytes, 2));
        Self { bytes, at: 4, range: u32::MAX, code }
    }
}

/// How often the decision was no in the last 64 cases.
#[derive(Clone, Copy)]
struct Chance {
    /// One bit for each case, set for yes, the newest in the lowest bit.
    last: u64,
}

/// A decision whose probability depends on its last few results.
pub(super) struct Decision {
    chances: Vec<Chance>,
    /// Its last results, one bit each.
    state: usize,
}

impl Decision {
    /// Remembers this many results.
    pub(super) fn new(times: u32) -> Self {
        Self { chances: vec![Chance { last: 0x5555_5555 }; 1 << times], state: 0 }
    }

    pub(super) fn read(&mut self, from: &mut Forward<'_>) -> bool {
        let chance = &mut self.chances[self.state];
        // Neither result is ever certain.
        let no = chance.last.count_zeros().clamp(1, 63);
        if from.range <= 0xffff {
            from.range <<= 16;
            from.code = from.code << 16 | u32::from(u16_at(from.bytes, from.at));
            from.at = from.at.saturating_add(2);
        }
        let bound = (from.range >> 6) * no;
        let is = from.code >= bound;
        if is {
            from.range -= bound;
            from.code -= bound;
        } else {
            from.range = bound;
        }
        chance.last = chance.last << 1 | u64::from(is);
        self.state = (self.state << 1 | usize::from(is)) & (self.chances.len() - 1);
        is
    }
}

/// The stream from the back. Before the beginning there are zeros.
pub(super) struct Backward<'b> {
    bytes: &'b [u8],
    held: u64,
    left: u32,
    /// Bits that are held beyond the beginning of the stream.
    missing: u32,
}

impl<'b> Backward<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, held: 0, left: 0, missing: 0 }
    }

    /// The next bits, at most 32, without taking them.
    pub(super) fn peek(&mut self, count: u32) -> u32 {
        while self.left < count {
            let word = match self.bytes {
                [rest @ .., low, high] => {
                    self.bytes = rest;
                    u16::from_le_bytes([*low, *high])
                }
                _ => {
                    self.missing = self.missing.saturating_add(16);
                    0
                }
            };
            self.held |= u64::from(word) << (48 - self.left);
            self.left += 16;
        }
        if count == 0 { 0 } else { (self.held >> (64 - count)) as u32 }
    }

    pub(super) fn skip(&mut self, count: u32) {
        self.held <<= count;
        self.left -= count;
    }

    pub(super) fn take(&mut self, count: u32) -> u32 {
        let number = self.peek(count);
        self.skip(count);
        number
    }

    /// True if more bits were taken than the stream has.
    pub(super) fn is_over(&self) -> bool {
        self.missing > self.left
    }
}
