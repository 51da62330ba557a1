//! Adaptive Huffman codes: packer and unpacker count the symbols and rebuild the code after a fixed number of them.

use super::bits::Backward;

/// The longest code.
const MAX_LENGTH: u32 = 15;
/// Codes up to this length are found with one table lookup.
const QUICK: u32 = 10;
/// Bits of a symbol in a word that also holds its count.
const SYMBOL_BITS: u32 = 10;

pub(super) struct Adaptive {
    /// How often each symbol occurred; older occurrences count half.
    counts: Vec<u32>,
    every: u32,
    until: u32,
    /// Indexed by the next bits: a symbol and the length of its code; length 0 for longer codes.
    quick: Vec<(u16, u8)>,
    /// The symbols, ordered by their codes.
    symbols: Vec<u16>,
    /// For each length: the first code after those of this length, extended to the full length; how many symbols have
    /// shorter codes.
    ends: [u32; MAX_LENGTH as usize + 1],
    before: [u32; MAX_LENGTH as usize + 1],
    /// Buffers for the symbols ordered by count, and for the inner nodes of the tree with their counts, parents and
    /// depths.
    sorted: Vec<u32>,
    nodes: Vec<(u32, u32)>,
}

impl Adaptive {
    /// A code for `symbols` symbols, rebuilt after every `every` symbols.
    pub(super) fn new(symbols: usize, every: u32) -> Self {
        let mut new = Self {
            counts: vec![1; symbols],
            every,
            until: every,
            quick: Vec::new(),
            symbols: Vec::new(),
            ends: [0; MAX_LENGTH as usize + 1],
            before: [0; MAX_LENGTH as usize + 1],
            sorted: Vec::new(),
            nodes: Vec::new(),
        };
        new.build();
        new
    }

    /// The next symbol.
    pub(super) fn read(&mut self, bits: &mut Backward<'_>) -> Result<usize, &'static str> {
        let code = bits.peek(MAX_LENGTH);
        let (mut symbol, mut length) = self.quick[(code >> (MAX_LENGTH - QUICK)) as usize];
        if length == 0 {
            let long = (1..=MAX_LENGTH).find(|&length| code < self.ends[length as usize]);
            let long = long.ok_or("has a Huffman code that no symbol has")?;
            let start = self.ends[long as usize - 1];
            let number = self.before[long as usize] + ((code - start) >> (MAX_LENGTH - long));
            symbol = *self.symbols.get(number as usize).ok_or("has a Huffman code that no symbol has")?;
            length = long as u8;
        }
        bits.skip(length.into());
        let symbol = usize::from(symbol);
        self.counts[symbol] += 1;
        self.until -= 1;
        if self.until == 0 {
            self.build();
            self.counts.iter_mut().for_each(|count| *count = *count / 2 + 1);
            self.until = self.every;
        }
        Ok(symbol)
    }

    fn build(&mut self) {
        self.sorted.clear();
        self.sorted.extend(self.counts.iter().zip(0..).map(|(count, symbol)| count << SYMBOL_BITS | symbol));
        self.sorted.sort_unstable();
        let per_length = self.per_length();
        // The rarest symbols have the longest codes.
        let mut lengths = [0_u8; 1 << SYMBOL_BITS];
        let longest_first = (1..=MAX_LENGTH as usize).rev();
        let ordered = longest_first.flat_map(|length| std::iter::repeat_n(length, per_length[length] as usize));
        for (key, length) in self.sorted.iter().zip(ordered) {
            lengths[(key & ((1 << SYMBOL_BITS) - 1)) as usize] = length as u8;
        }
        let mut next = [0_u32; MAX_LENGTH as usize + 1];
        (self.ends, self.before) = ([0; _], [0; _]);
        for length in 1..=MAX_LENGTH as usize {
            self.before[length] = self.before[length - 1] + per_length[length - 1];
            self.ends[length] = self.ends[length - 1] + (per_length[length] << (MAX_LENGTH as usize - length));
            next[length] = self.before[length];
        }
        self.symbols.clear();
        self.symbols.resize(self.counts.len(), 0);
        for (&length, symbol) in lengths[..self.counts.len()].iter().zip(0..) {
            if let Some(place) = self.symbols.get_mut(next[usize::from(length)] as usize) {
                *place = symbol;
                next[usize::from(length)] += 1;
            }
        }
        self.quick.clear();
        for &symbol in &self.symbols {
            let length = lengths[usize::from(symbol)];
            let Some(spare) = QUICK.checked_sub(length.into()) else { break };
            self.quick.extend(std::iter::repeat_n((symbol, length), 1 << spare));
        }
        self.quick.resize(1 << QUICK, (0, 0));
    }

    /// How many symbols have a code of each length. If counts are equal, symbols are joined before inner nodes.
    fn per_length(&mut self) -> [u32; MAX_LENGTH as usize + 1] {
        let mut per_length = [0; MAX_LENGTH as usize + 1];
        if self.counts.len() < 2 {
            per_length[1] = self.counts.len() as u32;
            return per_length;
        }
        self.nodes.clear();
        let mut leaves = self.sorted.iter().map(|key| key >> SYMBOL_BITS).peekable();
        let mut first_free = 0;
        for parent in 0..self.counts.len() as u32 - 1 {
            let mut sum = 0;
            for _ in 0..2 {
                let inner = self.nodes.get(first_free).map(|&(count, _)| count);
                match leaves.next_if(|&leaf| inner.is_none_or(|inner| leaf <= inner)) {
                    Some(leaf) => sum += leaf,
                    None => {
                        sum += inner.unwrap_or(0);
                        if let Some(node) = self.nodes.get_mut(first_free) {
                            node.1 = parent;
                        }
                        first_free += 1;
                    }
                }
            }
            self.nodes.push((sum, 0));
        }
        // From the root down: each inner node replaces a leaf and adds two leaves that are one bit longer. Codes longer
        // than 15 bits do not occur, because counts are halved too often; if they did, they would be shortened.
        per_length[1] = 2;
        let root = self.nodes.len() - 1;
        self.nodes[root].1 = 0;
        for node in (0..root).rev() {
            let depth = self.nodes[self.nodes[node].1 as usize].1 + 1;
            self.nodes[node].1 = depth;
            let mut length = depth.min(MAX_LENGTH - 1) as usize;
            while per_length[length] == 0 && length > 1 {
                length -= 1;
            }
            per_length[length] -= 1;
            per_length[length + 1] += 2;
        }
        per_length
    }
}
