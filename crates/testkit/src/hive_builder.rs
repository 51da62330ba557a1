//! Builds small registry hives, byte for byte the same on every run: the fixtures of the tests and the sample trees.
//!
//! Self-contained, so that an example can include it by path.

use std::collections::BTreeMap;

/// How the subkeys of a key are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// `lf`, with the first letters.
    Lf,
    /// `lh`, with hashes.
    Lh,
    /// `li`, offsets only.
    Li,
    /// `ri` with leaves of the version's usual type, each with this many entries.
    Ri(usize),
}

/// A value under construction: type and data as stored.
#[derive(Clone, Debug)]
struct Value {
    name: String,
    kind: u32,
    data: Vec<u8>,
}

/// A key under construction.
#[derive(Clone, Debug, Default)]
pub struct Node {
    name: String,
    values: Vec<Value>,
    children: Vec<Node>,
    index: Option<Index>,
}

/// A hive under construction.
#[derive(Clone, Debug)]
pub struct HiveBuilder {
    minor: u32,
    sequences: (u32, u32),
    root: Node,
}

/// A built hive, and the location of its parts: offsets in the file of the cells' contents.
#[derive(Clone, Debug)]
pub struct Image {
    pub bytes: Vec<u8>,
    /// By path; the root is the empty path.
    pub keys: BTreeMap<String, usize>,
    /// By path and name.
    pub values: BTreeMap<(String, String), usize>,
}

const BASE: usize = 4096;
const SEGMENT: usize = 16_344;
const NONE: u32 = u32::MAX;
/// 2002-05-08, as the registry counts time.
const WRITTEN: u64 = 126_652_896_000_000_000;

impl Node {
    /// `REG_SZ`, with its NUL.
    pub fn sz(&mut self, name: &str, text: &str) -> &mut Self {
        self.raw(name, 1, &utf16(&format!("{text}\0")))
    }

    pub fn expand_sz(&mut self, name: &str, text: &str) -> &mut Self {
        self.raw(name, 2, &utf16(&format!("{text}\0")))
    }

    pub fn multi_sz(&mut self, name: &str, texts: &[&str]) -> &mut Self {
        let all: String = texts.iter().map(|text| format!("{text}\0")).collect();
        self.raw(name, 7, &utf16(&format!("{all}\0")))
    }

    pub fn dword(&mut self, name: &str, number: u32) -> &mut Self {
        self.raw(name, 4, &number.to_le_bytes())
    }

    pub fn qword(&mut self, name: &str, number: u64) -> &mut Self {
        self.raw(name, 11, &number.to_le_bytes())
    }

    pub fn binary(&mut self, name: &str, data: &[u8]) -> &mut Self {
        self.raw(name, 3, data)
    }

    /// Any type and data.
    pub fn raw(&mut self, name: &str, kind: u32, data: &[u8]) -> &mut Self {
        self.values.push(Value { name: name.to_owned(), kind, data: data.to_vec() });
        self
    }

    /// Replaces the number of an existing value.
    pub fn replace_dword(&mut self, name: &str, number: u32) -> &mut Self {
        self.values.retain(|value| !value.name.eq_ignore_ascii_case(name));
        self.dword(name, number)
    }

    /// The format of the list of this key's subkeys, instead of the version's usual one.
    pub fn index(&mut self, index: Index) -> &mut Self {
        self.index = Some(index);
        self
    }

    /// The key below this one; it is created if it is missing.
    pub fn key(&mut self, path: &str) -> &mut Self {
        path.split('\\').filter(|name| !name.is_empty()).fold(self, |node, name| {
            let known = node.children.iter().position(|child| child.name.eq_ignore_ascii_case(name));
            let place = known.unwrap_or_else(|| {
                node.children.push(Node { name: name.to_owned(), ..Node::default() });
                node.children.len() - 1
            });
            &mut node.children[place]
        })
    }
}

impl HiveBuilder {
    /// A hive of version 1.`minor` with a root key and nothing else.
    pub fn new(minor: u32) -> Self {
        let root = Node { name: "$$$PROTO.HIV".to_owned(), ..Node::default() };
        Self { minor, sequences: (7, 7), root }
    }

    /// The primary and the secondary sequence number.
    pub fn sequences(mut self, primary: u32, secondary: u32) -> Self {
        self.sequences = (primary, secondary);
        self
    }

    /// The key with this path; it is created if it is missing.
    pub fn key(&mut self, path: &str) -> &mut Node {
        self.root.key(path)
    }

    pub fn build(&self) -> Vec<u8> {
        self.image().bytes
    }

    pub fn image(&self) -> Image {
        let mut bins = Bins { minor: self.minor, ..Bins::default() };
        let security = bins.cell(&security());
        let root = bins.key(&self.root, "", NONE, security, 0x2c);
        bins.close();

        let mut bytes = vec![0; BASE];
        let (primary, secondary) = self.sequences;
        bytes[..4].copy_from_slice(b"regf");
        put(&mut bytes, 4, primary);
        put(&mut bytes, 8, secondary);
        bytes[12..20].copy_from_slice(&WRITTEN.to_le_bytes());
        for (at, word) in
            [(20, 1), (24, self.minor), (28, 0), (32, 1), (36, root), (40, bins.bytes.len() as u32), (44, 1)]
        {
            put(&mut bytes, at, word);
        }
        seal(&mut bytes);
        bytes.extend_from_slice(&bins.bytes);
        Image { bytes, keys: bins.keys, values: bins.values }
    }
}

/// Writes the base block's checksum.
pub fn seal(hive: &mut [u8]) {
    let sum = hive[..508].chunks_exact(4).fold(0, |sum, word| sum ^ u32::from_le_bytes(word.try_into().unwrap()));
    put(hive, 508, sum);
}

/// Writes a number into a hive.
pub fn put(hive: &mut [u8], at: usize, number: u32) {
    hive[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// The number in a hive.
pub fn get(hive: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(hive[at..at + 4].try_into().unwrap())
}

#[derive(Debug, Default)]
struct Bins {
    minor: u32,
    bytes: Vec<u8>,
    /// The end of the last bin.
    end: usize,
    keys: BTreeMap<String, usize>,
    values: BTreeMap<(String, String), usize>,
}

impl Bins {
    fn head(&self) -> usize {
        if self.minor == 1 { 8 } else { 4 }
    }

    /// Adds a cell with this content and returns its offset.
    fn cell(&mut self, content: &[u8]) -> u32 {
        let align = if self.minor == 1 { 16 } else { 8 };
        let size = (self.head() + content.len()).next_multiple_of(align);
        // The rest of a bin must be large enough for the free cell that fills it.
        if self.bytes.len() + size > self.end || self.end - self.bytes.len() - size == 4 {
            self.close();
            self.begin((size + 32).next_multiple_of(4096));
        }
        let place = self.bytes.len();
        self.bytes.extend_from_slice(&(-(size as i32)).to_le_bytes());
        self.bytes.resize(place + self.head(), 0xff);
        self.bytes.extend_from_slice(content);
        self.bytes.resize(place + size, 0);
        place as u32
    }

    fn begin(&mut self, size: usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(b"hbin");
        self.bytes.extend_from_slice(&(start as u32).to_le_bytes());
        self.bytes.extend_from_slice(&(size as u32).to_le_bytes());
        self.bytes.resize(start + 20, 0);
        self.bytes.extend_from_slice(&WRITTEN.to_le_bytes());
        self.bytes.resize(start + 32, 0);
        self.end = start + size;
    }

    /// Fills the current bin with a free cell.
    fn close(&mut self) {
        let left = self.end - self.bytes.len();
        if left > 0 {
            self.bytes.extend_from_slice(&(left as u32).to_le_bytes());
            self.bytes.resize(self.end, 0);
        }
    }

    fn set(&mut self, cell: u32, at: usize, number: u32) {
        let at = cell as usize + self.head() + at;
        put(&mut self.bytes, at, number);
    }

    fn key(&mut self, node: &Node, path: &str, parent: u32, security: u32, flags: u16) -> u32 {
        let (name, compressed) = name(&node.name);
        let flags = if compressed { flags | 0x20 } else { flags & !0x20 };
        let mut content = Vec::new();
        content.extend_from_slice(b"nk");
        content.extend_from_slice(&flags.to_le_bytes());
        content.extend_from_slice(&WRITTEN.to_le_bytes());
        for word in [0, if parent == NONE { 0 } else { parent }, node.children.len() as u32, 0, NONE, NONE] {
            content.extend_from_slice(&word.to_le_bytes());
        }
        let largest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0) as u32;
        for word in [
            node.values.len() as u32,
            NONE,
            security,
            NONE,
            largest(&mut node.children.iter().map(|child| child.name.encode_utf16().count() * 2)),
            0,
            largest(&mut node.values.iter().map(|value| value.name.encode_utf16().count() * 2)),
            largest(&mut node.values.iter().map(|value| value.data.len())),
            0,
        ] {
            content.extend_from_slice(&word.to_le_bytes());
        }
        content.extend_from_slice(&(name.len() as u16).to_le_bytes());
        content.extend_from_slice(&[0; 2]);
        content.extend_from_slice(&name);
        let cell = self.cell(&content);
        self.keys.insert(path.to_owned(), BASE + cell as usize + self.head());

        if !node.values.is_empty() {
            let places: Vec<u32> = node.values.iter().map(|value| self.value(value, path)).collect();
            let list = self.cell(&words(&places));
            self.set(cell, 40, list);
        }
        if !node.children.is_empty() {
            let mut children: Vec<&Node> = node.children.iter().collect();
            children.sort_by_key(|child| child.name.to_uppercase());
            let places: Vec<(u32, &str)> = children
                .iter()
                .map(|child| {
                    let path = if path.is_empty() { child.name.clone() } else { format!("{path}\\{}", child.name) };
                    (self.key(child, &path, cell, security, 0), child.name.as_str())
                })
                .collect();
            let list = self.list(&places, node.index);
            self.set(cell, 28, list);
        }
        cell
    }

    fn list(&mut self, places: &[(u32, &str)], index: Option<Index>) -> u32 {
        let usual = match self.minor {
            ..=2 => Index::Li,
            3 | 4 => Index::Lf,
            _ => Index::Lh,
        };
        let index = index.unwrap_or(usual);
        if let Index::Ri(entries) = index {
            let leaves: Vec<u32> = places.chunks(entries).map(|leaf| self.list(leaf, None)).collect();
            return self.cell(&[&b"ri"[..], &(leaves.len() as u16).to_le_bytes(), &words(&leaves)].concat());
        }
        let signature = match index {
            Index::Lf => b"lf",
            Index::Lh => b"lh",
            _ => b"li",
        };
        let mut content = [&signature[..], &(places.len() as u16).to_le_bytes()].concat();
        for (place, name) in places {
            content.extend_from_slice(&place.to_le_bytes());
            match index {
                Index::Lf => content.extend((0..4).map(|at| name.as_bytes().get(at).copied().unwrap_or(0))),
                Index::Lh => content.extend_from_slice(&hash(name).to_le_bytes()),
                _ => {}
            }
        }
        self.cell(&content)
    }

    fn value(&mut self, value: &Value, path: &str) -> u32 {
        let (name, compressed) = name(&value.name);
        let size = value.data.len() as u32;
        let (size, data) = match value.data.as_slice() {
            inline @ ([] | [_] | [_, _] | [_, _, _] | [_, _, _, _]) => {
                let mut word = [0; 4];
                word[..inline.len()].copy_from_slice(inline);
                (size | 0x8000_0000, u32::from_le_bytes(word))
            }
            big if big.len() > SEGMENT && self.minor >= 4 => {
                let segments: Vec<u32> = big.chunks(SEGMENT).map(|segment| self.cell(segment)).collect();
                let list = self.cell(&words(&segments));
                let count = (segments.len() as u16).to_le_bytes();
                (size, self.cell(&[&b"db"[..], &count, &list.to_le_bytes()].concat()))
            }
            small => (size, self.cell(small)),
        };
        let mut content = [&b"vk"[..], &(name.len() as u16).to_le_bytes(), &words(&[size, data, value.kind])].concat();
        content.extend_from_slice(&u16::from(compressed).to_le_bytes());
        content.extend_from_slice(&[0; 2]);
        content.extend_from_slice(&name);
        let cell = self.cell(&content);
        self.values.insert((path.to_owned(), value.name.clone()), BASE + cell as usize + self.head());
        cell
    }
}

/// A name as stored, and whether it has one byte for each character.
fn name(name: &str) -> (Vec<u8>, bool) {
    match name.chars().map(|c| u8::try_from(c).ok()).collect() {
        Some(bytes) => (bytes, true),
        None => (utf16(name), false),
    }
}

pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn hash(name: &str) -> u32 {
    name.to_uppercase().encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(37).wrapping_add(u32::from(unit)))
}

/// A security cell: alone in its list, one empty self-relative descriptor.
fn security() -> Vec<u8> {
    let own = 32_u32.to_le_bytes();
    let descriptor = [1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    [&b"sk\0\0"[..], &own, &own, &1_u32.to_le_bytes(), &(descriptor.len() as u32).to_le_bytes(), &descriptor].concat()
}
