//! Canonical Huffman codes, read from the most significant bit on.

use super::PackedError;
use super::io::Input;
use crate::bytes::ReadAt;

/// The longest code: lengths are stored in four bits.
const MAX_LENGTH: usize = 15;

/// The bits of the input, most significant first.
#[derive(Default)]
pub(super) struct Bits {
    byte: u8,
    left: u32,
}

impl Bits {
    /// The next bit; `None` at the end of the file.
    fn bit<S: ReadAt + ?Sized>(&mut self, input: &mut Input<'_, S>) -> Result<Option<u8>, PackedError> {
        if self.left == 0 {
            let Some(byte) = input.byte()? else { return Ok(None) };
            (self.byte, self.left) = (byte, 8);
        }
        self.left -= 1;
        Ok(Some(self.byte >> self.left & 1))
    }

    /// A number of this many bits (at most 8); `None` if the file ends before the last one.
    pub(super) fn number<S: ReadAt + ?Sized>(
        &mut self,
        bits: u32,
        input: &mut Input<'_, S>,
    ) -> Result<Option<u8>, PackedError> {
        let mut number = 0;
        for _ in 0..bits {
            let Some(bit) = self.bit(input)? else { return Ok(None) };
            number = number << 1 | bit;
        }
        Ok(Some(number))
    }

    /// A number of this many bits; the end of the file is an error.
    pub(super) fn header<S: ReadAt + ?Sized>(
        &mut self,
        bits: u32,
        input: &mut Input<'_, S>,
    ) -> Result<u8, PackedError> {
        let offset = input.offset();
        self.number(bits, input)?.ok_or(PackedError::Truncated { what: "Huffman table".into(), offset })
    }

    /// The next symbol; `None` if the file ends before its last bit.
    ///
    /// # Errors
    /// A code without a symbol in the table.
    pub(super) fn symbol<S: ReadAt + ?Sized>(
        &mut self,
        codes: &Codes,
        input: &mut Input<'_, S>,
    ) -> Result<Option<usize>, PackedError> {
        // Codes of one length are consecutive numbers. `first` is the first of them, `place` the index of its symbol.
        let (mut code, mut first, mut place) = (0_usize, 0_usize, 0_usize);
        for &count in &codes.counts[1..] {
            let Some(bit) = self.bit(input)? else { return Ok(None) };
            code = code << 1 | usize::from(bit);
            if code < first + count {
                return Ok(Some(codes.symbols[place + code - first]));
            }
            place += count;
            first = (first + count) << 1;
        }
        let offset = input.offset();
        Err(PackedError::Corrupt(format!("no symbol has the Huffman code before offset {offset:#x}")))
    }
}

/// The codes of one table: how many of each length, and the symbols by length.
pub(super) struct Codes {
    counts: [usize; MAX_LENGTH + 1],
    symbols: Vec<usize>,
}

impl Codes {
    /// The codes of symbols with these lengths (0: the symbol has none; at most 15).
    ///
    /// # Errors
    /// More codes of some length than can exist.
    pub(super) fn new(lengths: &[u8]) -> Result<Self, PackedError> {
        let mut counts = [0; MAX_LENGTH + 1];
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|&symbol| lengths[symbol] > 0).collect();
        symbols.sort_by_key(|&symbol| lengths[symbol]);
        for &symbol in &symbols {
            counts[usize::from(lengths[symbol])] += 1;
        }
        let mut free = 1_usize;
        for &count in &counts[1..] {
            free = (free << 1).checked_sub(count).ok_or_else(|| {
                PackedError::Corrupt(format!("a Huffman table of {} symbols has too many codes", lengths.len()))
            })?;
        }
        Ok(Self { counts, symbols })
    }
}
