//! Bits in 16-bit words, and canonical Huffman codes in them.

/// The longest code of all tables.
const MAX_LENGTH: usize = 16;

/// The bits of a chunk: 16-bit little-endian words, the highest bit first. After the end there are zeros.
pub(super) struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
    held: u32,
    left: u32,
}

impl<'b> Bits<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, held: 0, left: 0 }
    }

    fn fill(&mut self, count: u32) {
        while self.left < count {
            let word = match self.bytes.get(self.at..) {
                Some([low, high, ..]) => u16::from_le_bytes([*low, *high]),
                Some([low]) => u16::from(*low),
                _ => 0,
            };
            self.at += 2;
            self.held |= u32::from(word) << (16 - self.left);
            self.left += 16;
        }
    }

    /// True if more bits were read than the chunk has.
    pub(super) fn is_over(&self) -> bool {
        self.at > self.bytes.len() + 4
    }

    /// The next bits, at most 16, without taking them.
    fn peek(&mut self, count: u32) -> u32 {
        self.fill(count);
        if count == 0 { 0 } else { self.held >> (32 - count) }
    }

    fn skip(&mut self, count: u32) {
        self.held = if count == 32 { 0 } else { self.held << count };
        self.left -= count;
    }

    /// A number of at most 16 bits.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let number = self.peek(count);
        self.skip(count);
        number
    }

    /// A number that may have more than 16 bits.
    pub(super) fn take_long(&mut self, count: u32) -> u32 {
        match count.checked_sub(16) {
            Some(high) if high > 0 => self.take(high) << 16 | self.take(16),
            _ => self.take(count),
        }
    }

    /// The next whole byte after the words that were read.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    /// Reads ahead as many bits as the longest code has: bytes that are read next follow them.
    pub(super) fn reserve(&mut self) {
        self.fill(16);
    }

    /// Skips the rest of the current word, or a whole word if none is begun: bytes follow.
    pub(super) fn align(&mut self) {
        self.fill(1);
        // A word that was read ahead belongs to the bytes.
        self.at -= ((self.left - 1) / 16) as usize * 2;
        (self.held, self.left) = (0, 0);
    }

    /// The next bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(bytes)
    }
}

/// The codes of one table.
pub(super) struct Codes {
    /// Indexed by the next bits: the symbol and the length of its code; 0 if there is none.
    table: Vec<(u16, u8)>,
    bits: u32,
}

impl Codes {
    /// The codes of symbols with these lengths (0: the symbol has none), none longer than `bits`.
    ///
    /// # Errors
    /// More codes of some length than can exist.
    pub(super) fn new(lengths: &[u8], bits: u32) -> Result<Self, &'static str> {
        let mut counts = [0_u32; MAX_LENGTH + 1];
        for &length in lengths {
            counts[usize::from(length).min(MAX_LENGTH)] += 1;
        }
        let mut table = vec![(0, 0); 1 << bits];
        let mut at = 0;
        for length in 1..=bits {
            if counts[length as usize] == 0 {
                continue;
            }
            let span = 1 << (bits - length);
            for symbol in (0..lengths.len()).filter(|&symbol| u32::from(lengths[symbol]) == length) {
                let Some(place) = table.get_mut(at..at + span) else {
                    return Err("has a Huffman table with too many codes");
                };
                place.fill((symbol as u16, length as u8));
                at += span;
            }
        }
        Ok(Self { table, bits })
    }

    /// The next symbol.
    ///
    /// # Errors
    /// A code without a symbol.
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<usize, &'static str> {
        let (symbol, length) = self.table[bits.peek(self.bits) as usize];
        if length == 0 || bits.is_over() {
            return Err("has a Huffman code that no symbol has");
        }
        bits.skip(length.into());
        Ok(symbol.into())
    }
}
