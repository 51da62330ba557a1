//! Packs files as COMPRESS.EXE did: SZDD, its QBasic variant, and KWAJ with each of its methods.

use crate::version_bytes::Bytes;

const SZDD_START: usize = 4096 - 16;
const QBASIC_START: usize = 4096 - 18;
const MSZIP_BLOCK: usize = 32768;

pub fn szdd(data: &[u8], last_letter: u8) -> Vec<u8> {
    let mut out = Bytes::default();
    out.bytes(b"SZDD\x88\xf0\x27\x33A").bytes(&[last_letter]).u32(data.len() as u32);
    out.bytes(&lz(data, SZDD_START));
    out.0
}

pub fn szdd_qbasic(data: &[u8]) -> Vec<u8> {
    let mut out = Bytes::default();
    out.bytes(b"SZ \x88\xf0\x27\x33\xd1").u32(data.len() as u32).bytes(&lz(data, QBASIC_START));
    out.0
}

/// A KWAJ file under construction. Defaults: no optional part of the header.
#[derive(Clone, Debug)]
pub struct KwajBuilder {
    method: u16,
    packed: Vec<u8>,
    size: Option<u32>,
    unknown: bool,
    block: Option<Vec<u8>>,
    stem: Option<Vec<u8>>,
    extension: Option<Vec<u8>>,
    text: Option<Vec<u8>>,
}

impl KwajBuilder {
    /// Data packed by a method from 0 to 4.
    pub fn new(method: u16, data: &[u8]) -> Self {
        let packed = match method {
            0 => data.to_vec(),
            1 => data.iter().map(|byte| !byte).collect(),
            2 => lz(data, QBASIC_START),
            3 => lz_huffman(data, [0; 5]),
            4 => ms_zip(data),
            _ => panic!("no method {method}"),
        };
        Self::raw(method, packed)
    }

    /// Bytes as packed data of any method.
    pub fn raw(method: u16, packed: Vec<u8>) -> Self {
        Self { method, packed, size: None, unknown: false, block: None, stem: None, extension: None, text: None }
    }

    pub fn size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    pub fn unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    pub fn block(mut self, block: &[u8]) -> Self {
        self.block = Some(block.to_vec());
        self
    }

    pub fn stem(mut self, stem: &[u8]) -> Self {
        self.stem = Some(stem.to_vec());
        self
    }

    pub fn extension(mut self, extension: &[u8]) -> Self {
        self.extension = Some(extension.to_vec());
        self
    }

    pub fn text(mut self, text: &[u8]) -> Self {
        self.text = Some(text.to_vec());
        self
    }

    pub fn build(&self) -> Vec<u8> {
        let mut parts = Bytes::default();
        let mut flags = 0;
        let mut part = |flag: u16, bytes: Option<Vec<u8>>| {
            if let Some(bytes) = bytes {
                flags |= flag;
                parts.bytes(&bytes);
            }
        };
        let counted = |bytes: &Vec<u8>| [&(bytes.len() as u16).to_le_bytes(), bytes.as_slice()].concat();
        let ended = |bytes: &Vec<u8>| [bytes.as_slice(), &[0]].concat();
        part(1, self.size.map(|size| size.to_le_bytes().to_vec()));
        part(2, self.unknown.then(|| vec![0xaa, 0xbb]));
        part(4, self.block.as_ref().map(counted));
        part(8, self.stem.as_ref().map(ended));
        part(16, self.extension.as_ref().map(ended));
        part(32, self.text.as_ref().map(counted));
        let mut out = Bytes::default();
        out.bytes(b"KWAJ\x88\xf0\x27\xd1").u16(self.method).u16(14 + parts.0.len() as u16).u16(flags);
        out.bytes(&parts.0).bytes(&self.packed);
        out.0
    }
}

enum Token {
    Literal(u8),
    Match { back: usize, len: usize },
}

/// Splits data into literals and matches: greedy, with the latest occurrence of the same three bytes. Positions are
/// indexed by a 16-bit hash, not by a map: the tests pack megabytes in a build that is not optimised.
fn tokens(data: &[u8], max_len: usize, max_back: usize) -> Vec<Token> {
    let slot = |at: usize| {
        let three = u32::from(data[at]) << 16 | u32::from(data[at + 1]) << 8 | u32::from(data[at + 2]);
        (three.wrapping_mul(0x9e37_79b1) >> 16) as usize
    };
    let mut seen = vec![usize::MAX; 1 << 16];
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < data.len() {
        let from = if at + 3 <= data.len() { seen[slot(at)] } else { usize::MAX };
        let mut len = 0;
        if from != usize::MAX && at - from <= max_back {
            while len < max_len && at + len < data.len() && data[at + len] == data[from + len] {
                len += 1;
            }
        }
        // Two or fewer: three other bytes have the same hash.
        let passed = if len < 3 { 1 } else { len };
        tokens.push(if len < 3 { Token::Literal(data[at]) } else { Token::Match { back: at - from, len } });
        let end = at + passed;
        while at < end {
            if at + 3 <= data.len() {
                seen[slot(at)] = at;
            }
            at += 1;
        }
    }
    tokens
}

fn lz(data: &[u8], start: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = start;
    for group in tokens(data, 18, 4096 - 18).chunks(8) {
        let control = out.len();
        out.push(0);
        for (bit, token) in group.iter().enumerate() {
            match token {
                Token::Literal(byte) => {
                    out[control] |= 1 << bit;
                    out.push(*byte);
                    at += 1;
                }
                Token::Match { back, len } => {
                    let from = (at - back) % 4096;
                    out.push(from as u8);
                    out.push((from >> 4) as u8 & 0xf0 | (len - 3) as u8);
                    at += len;
                }
            }
        }
    }
    out
}

/// Bits, the most significant first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn put(&mut self, value: usize, bits: usize) {
        for bit in (0..bits).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if value >> bit & 1 == 1 {
                self.bytes[self.count / 8] |= 0x80 >> (self.count % 8);
            }
            self.count += 1;
        }
    }
}

/// Code and length of each symbol of a canonical code with these lengths.
fn codes(lengths: &[u8]) -> Vec<(usize, usize)> {
    let mut codes = vec![(0, 0); lengths.len()];
    let mut code = 0;
    for length in 1..=15 {
        for (symbol, _) in lengths.iter().enumerate().filter(|&(_, &own)| own == length) {
            codes[symbol] = (code, length.into());
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// KWAJ method 3, with its five tables stored in these formats (0 to 3).
pub fn lz_huffman(data: &[u8], ways: [u8; 5]) -> Vec<u8> {
    let mut bits = Bits::default();
    for way in ways.into_iter().chain([0]) {
        bits.put(way.into(), 4);
    }
    // Uneven lengths, each set a complete code, unless the format prescribes even ones.
    let steps: Vec<u8> = (1..=15).chain([15]).collect();
    let runs = [vec![4; 8], vec![5; 8], vec![6; 16]].concat();
    let distances = [vec![5; 16], vec![6; 16], vec![7; 32]].concat();
    let literals = [vec![7; 64], vec![9; 128], vec![8; 64]].concat();
    let even = |symbols: usize, bits: u8| vec![bits; symbols];
    let tables = [
        (steps.clone(), even(16, 4)),
        (steps.iter().rev().copied().collect(), even(16, 4)),
        (runs, even(32, 5)),
        (distances, even(64, 6)),
        (literals, even(256, 8)),
    ];
    let tables: Vec<Vec<(usize, usize)>> = tables
        .into_iter()
        .zip(ways)
        .map(|((uneven, even), way)| {
            let lengths = if way == 0 { even } else { uneven };
            put_lengths(&mut bits, way, &lengths);
            codes(&lengths)
        })
        .collect();

    let mut put = |table: usize, symbol: usize, extra: Option<usize>| {
        let (code, length) = tables[table][symbol];
        bits.put(code, length);
        if let Some(extra) = extra {
            bits.put(extra, 6);
        }
    };
    let mut behind_run = 0;
    let tokens = tokens(data, 17, 4095);
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        if let Token::Match { back, len } = first {
            put(behind_run, len - 2, None);
            put(3, back >> 6, Some(back & 63));
            behind_run = 0;
            rest = &rest[1..];
            continue;
        }
        let run = rest.iter().take(32).take_while(|token| matches!(token, Token::Literal(_))).count();
        put(behind_run, 0, None);
        put(2, run - 1, None);
        for token in &rest[..run] {
            if let Token::Literal(byte) = token {
                put(4, usize::from(*byte), None);
            }
        }
        behind_run = usize::from(run < 32);
        rest = &rest[run..];
    }
    bits.bytes
}

fn put_lengths(bits: &mut Bits, way: u8, lengths: &[u8]) {
    let mut before = None;
    for &length in lengths {
        let full = usize::from(length);
        match (way, before.map(|before: u8| i16::from(length) - i16::from(before))) {
            (0, _) => {}
            (3, _) | (_, None) => bits.put(full, 4),
            (1, Some(0)) => bits.put(0, 1),
            (1, Some(1)) => bits.put(0b10, 2),
            (1, Some(_)) => bits.put(0b11 << 4 | full, 6),
            (_, Some(step @ -1..=1)) => bits.put((step + 1) as usize, 2),
            (_, Some(_)) => bits.put(0b11 << 4 | full, 6),
        }
        before = Some(length);
    }
}

/// MSZIP: blocks of fixed Huffman codes, with matches that reach into earlier blocks.
pub fn ms_zip(data: &[u8]) -> Vec<u8> {
    let mut out = Bytes::default();
    let tokens = tokens(data, 10, 32768);
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let mut size = 0;
        let fits = rest.iter().take_while(|token| {
            size += match token {
                Token::Literal(_) => 1,
                Token::Match { len, .. } => *len,
            };
            size <= MSZIP_BLOCK
        });
        let count = fits.count();
        let deflated = deflate(&rest[..count]);
        out.u16(deflated.len() as u16 + 2).bytes(b"CK").bytes(&deflated);
        rest = &rest[count..];
    }
    out.u16(0);
    out.0
}

fn deflate(tokens: &[Token]) -> Vec<u8> {
    let mut out = LowFirst::default();
    out.number(0b011, 3);
    for token in tokens {
        match token {
            Token::Literal(byte @ 0..=143) => out.code(0x30 + usize::from(*byte), 8),
            Token::Literal(byte) => out.code(0x190 + usize::from(*byte) - 144, 9),
            Token::Match { back, len } => {
                // Lengths 3 to 10 are the symbols 257 to 264, without extra bits.
                out.code(len - 2, 7);
                let back = back - 1;
                let extra = (back.max(2).ilog2() as usize).saturating_sub(1);
                let symbol = if back < 4 { back } else { 2 * extra + 2 + (back >> extra & 1) };
                out.code(symbol, 5);
                if back >= 4 {
                    out.number(back & ((1 << extra) - 1), extra);
                }
            }
        }
    }
    out.code(0, 7);
    out.end()
}

/// Bits, the least significant first.
#[derive(Default)]
struct LowFirst {
    bytes: Vec<u8>,
    held: usize,
    count: usize,
}

impl LowFirst {
    fn number(&mut self, value: usize, bits: usize) {
        self.held |= value << self.count;
        self.count += bits;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman code, its most significant bit first.
    fn code(&mut self, value: usize, bits: usize) {
        self.number(value.reverse_bits() >> (usize::BITS as usize - bits), bits);
    }

    fn end(mut self) -> Vec<u8> {
        self.number(0, 7);
        self.bytes
    }
}

/// Data of this size with some repetitions, the same on every run.
pub fn sample(size: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut data = Vec::with_capacity(size);
    while data.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let from = (state >> 8) as usize % (data.len() + 1);
        let len = (state >> 4) as usize % 24;
        if state >> 31 == 1 {
            data.extend_from_within(from..(from + len).min(data.len()));
        }
        data.extend_from_slice(&state.to_be_bytes()[..1 + len % 4]);
    }
    data.truncate(size);
    data
}
