//! The LZSS of SZDD and of KWAJ method 2: a ring of 4 KiB, with matches by their position in it.

use super::PackedError;
use super::io::{Input, Output};
use crate::bytes::ReadAt;

/// Start position in the ring for an SZDD file.
pub(super) const SZDD_START: usize = RING - 16;
/// Start position in the ring for the QBasic variant and KWAJ method 2.
pub(super) const QBASIC_START: usize = RING - 18;

const RING: usize = 4096;
/// The initial content of the ring.
const FILL: u8 = b' ';
/// The shortest match.
const MIN_MATCH: usize = 3;

/// The last 4 KiB of output.
pub(super) struct Ring {
    bytes: [u8; RING],
    at: usize,
}

impl Ring {
    pub(super) fn new(start: usize) -> Self {
        Self { bytes: [FILL; RING], at: start % RING }
    }

    pub(super) fn put(&mut self, byte: u8, output: &mut Output) -> Result<(), PackedError> {
        self.bytes[self.at] = byte;
        self.at = (self.at + 1) % RING;
        output.push(byte)
    }

    /// Repeats `len` bytes from a position in the ring; the copy may overlap its source.
    pub(super) fn repeat(&mut self, from: usize, len: usize, output: &mut Output) -> Result<(), PackedError> {
        (0..len).try_for_each(|step| self.put(self.bytes[(from + step) % RING], output))
    }

    /// As [`repeat`](Self::repeat), from `back` bytes before the current position.
    pub(super) fn repeat_back(&mut self, back: usize, len: usize, output: &mut Output) -> Result<(), PackedError> {
        self.repeat(self.at + RING - back % RING, len, output)
    }
}

/// The decoder. Its whole state is the ring.
pub(super) struct Lz(Ring);

impl Lz {
    pub(super) fn new(start: usize) -> Self {
        Self(Ring::new(start))
    }

    /// Unpacks up to eight literals and matches; false at the input's end.
    ///
    /// # Errors
    /// `Truncated` within a match, `TooLarge`, `Io`.
    pub(super) fn step<S: ReadAt + ?Sized>(
        &mut self,
        input: &mut Input<'_, S>,
        output: &mut Output,
    ) -> Result<bool, PackedError> {
        let Self(ring) = self;
        let Some(control) = input.byte()? else { return Ok(false) };
        for bit in 0..8 {
            if output.is_full() {
                break;
            }
            if control >> bit & 1 == 1 {
                let Some(literal) = input.byte()? else { return Ok(false) };
                ring.put(literal, output)?;
            } else {
                let Some(low) = input.byte()? else { return Ok(false) };
                let [high] = input.header("match")?;
                let from = usize::from(low) | usize::from(high & 0xf0) << 4;
                ring.repeat(from, usize::from(high & 0x0f) + MIN_MATCH, output)?;
            }
        }
        Ok(true)
    }
}
