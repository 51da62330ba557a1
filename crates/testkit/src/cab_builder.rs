//! Builds cabinets: stored, MSZIP and LZX folders (of uncompressed blocks), with every optional part of the header.

use crate::packed_builder::ms_zip;

const BLOCK: usize = 32 << 10;
/// 2002-05-08, 19:54:30.
const DATE: u16 = (22 << 9) | (5 << 5) | 8;
const TIME: u16 = (19 << 11) | (54 << 5) | 15;
/// The same moment in seconds since 1970, read as UTC.
pub const MODIFIED: i64 = 1_020_887_670;

/// How a folder is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Stored,
    Mszip,
    Quantum,
    Lzx,
}

#[derive(Clone, Debug)]
struct Folder {
    method: Method,
    /// Packed bytes and unpacked size of each block.
    blocks: Vec<(Vec<u8>, usize)>,
    members: Vec<(String, u32, u32, u16)>,
}

/// A cabinet under construction.
#[derive(Clone, Debug, Default)]
pub struct CabBuilder {
    folders: Vec<Folder>,
    reserve: Option<(usize, u8, u8)>,
    previous: Option<String>,
    next: Option<String>,
    no_checksums: bool,
    /// The data of every folder have the offset of the first folder's data.
    shared_data: bool,
}

impl CabBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// A folder with these members.
    pub fn folder(mut self, method: Method, members: &[(&str, &[u8])]) -> Self {
        let stream = members.iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>().concat();
        let blocks = match method {
            Method::Stored => stream.chunks(BLOCK).map(|chunk| (chunk.to_vec(), chunk.len())).collect(),
            Method::Mszip => mszip_blocks(&stream),
            Method::Lzx => lzx_blocks(&stream),
            Method::Quantum => vec![(vec![0; 8], stream.len())],
        };
        let mut at = 0;
        let members = members.iter().map(|(name, bytes)| {
            let offset = at;
            at += bytes.len() as u32;
            ((*name).to_owned(), bytes.len() as u32, offset, 0)
        });
        let members = members.collect();
        self.folders.push(Folder { method, blocks, members });
        self
    }

    /// A folder with one member, whose data have the offset of the first folder's data.
    pub fn shared(mut self, name: &str) -> Self {
        self.shared_data = true;
        let first = &self.folders[0];
        let size = first.blocks.iter().map(|(_, size)| *size as u32).sum();
        let blocks = vec![(Vec::new(), 0); first.blocks.len()];
        self.folders.push(Folder { method: first.method, blocks, members: vec![(name.to_owned(), size, 0, 0)] });
        self
    }

    /// Adds a member to the last folder, with the size and offset that the directory states, and the number of another
    /// folder if given.
    pub fn member(mut self, name: &str, size: u32, offset: u32, folder: Option<u16>) -> Self {
        let last = self.folders.last_mut().unwrap();
        last.members.push((name.to_owned(), size, offset, folder.unwrap_or(0)));
        self
    }

    /// Reserved bytes in the header, for each folder and for each block.
    pub fn reserve(mut self, header: usize, folder: u8, block: u8) -> Self {
        self.reserve = Some((header, folder, block));
        self
    }

    pub fn neighbours(mut self, previous: Option<&str>, next: Option<&str>) -> Self {
        (self.previous, self.next) = (previous.map(str::to_owned), next.map(str::to_owned));
        self
    }

    pub fn no_checksums(mut self) -> Self {
        self.no_checksums = true;
        self
    }

    pub fn build(&self) -> Vec<u8> {
        let (header_reserve, folder_reserve, block_reserve) = self.reserve.unwrap_or_default();
        let mut header = b"MSCF".to_vec();
        header.resize(24, 0);
        header.extend_from_slice(&[3, 1]);
        let members = self.folders.iter().map(|folder| folder.members.len()).sum::<usize>();
        let flag = |wanted: bool, bit: u16| if wanted { bit } else { 0 };
        let flags = flag(self.previous.is_some(), 1) | flag(self.next.is_some(), 2) | flag(self.reserve.is_some(), 4);
        for word in [self.folders.len() as u16, members as u16, flags, 7, 0] {
            header.extend_from_slice(&word.to_le_bytes());
        }
        if self.reserve.is_some() {
            header.extend_from_slice(&(header_reserve as u16).to_le_bytes());
            header.extend_from_slice(&[folder_reserve, block_reserve]);
            header.resize(header.len() + header_reserve, 0xaa);
        }
        for neighbour in [&self.previous, &self.next].into_iter().flatten() {
            header.extend_from_slice(neighbour.as_bytes());
            header.extend_from_slice(b"\0disk\0");
        }
        let folders_at = header.len();
        let mut entries = Vec::new();
        for (number, folder) in self.folders.iter().enumerate() {
            for (name, size, offset, other) in &folder.members {
                entries.extend_from_slice(&size.to_le_bytes());
                entries.extend_from_slice(&offset.to_le_bytes());
                let number = if *other == 0 { number as u16 } else { *other };
                for word in [number, DATE, TIME, 0x20] {
                    entries.extend_from_slice(&word.to_le_bytes());
                }
                entries.extend_from_slice(name.as_bytes());
                entries.push(0);
            }
        }
        let first_member = folders_at + self.folders.len() * (8 + usize::from(folder_reserve));
        let data_at = first_member + entries.len();
        let mut folders = Vec::new();
        let mut data = Vec::new();
        for folder in &self.folders {
            let start = if self.shared_data { data_at } else { data_at + data.len() };
            folders.extend_from_slice(&(start as u32).to_le_bytes());
            folders.extend_from_slice(&(folder.blocks.len() as u16).to_le_bytes());
            let method: u16 = match folder.method {
                Method::Stored => 0,
                Method::Mszip => 1,
                Method::Quantum => 0x1472,
                Method::Lzx => 0x1503,
            };
            folders.extend_from_slice(&method.to_le_bytes());
            folders.resize(folders.len() + usize::from(folder_reserve), 0xbb);
            if self.shared_data && !data.is_empty() {
                continue;
            }
            for (packed, unpacked) in &folder.blocks {
                let sizes = [(packed.len() as u16).to_le_bytes(), (*unpacked as u16).to_le_bytes()].concat();
                let sum = if self.no_checksums { 0 } else { checksum(packed) ^ checksum(&sizes) };
                data.extend_from_slice(&sum.to_le_bytes());
                data.extend_from_slice(&sizes);
                data.resize(data.len() + usize::from(block_reserve), 0xcc);
                data.extend_from_slice(packed);
            }
        }
        header[16..20].copy_from_slice(&(first_member as u32).to_le_bytes());
        let size = data_at + data.len();
        header[8..12].copy_from_slice(&(size as u32).to_le_bytes());
        [header, folders, entries, data].concat()
    }
}

/// A cabinet of one MSZIP folder.
pub fn cab(members: &[(&str, &[u8])]) -> Vec<u8> {
    CabBuilder::new().folder(Method::Mszip, members).build()
}

/// Sums words of 16 bytes, whose four parts are combined at the end: the tests sum megabytes in a build that is not
/// optimised.
fn checksum(bytes: &[u8]) -> u32 {
    let (large, rest) = bytes.as_chunks::<16>();
    let large = large.iter().fold(0, |sum, word| sum ^ u128::from_le_bytes(*word));
    let mut sum = (0..4).fold(0, |sum, part| sum ^ (large >> (32 * part)) as u32);
    for word in rest.chunks(4) {
        sum ^= match word {
            [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
            rest => rest.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)),
        };
    }
    sum
}

/// The packed bytes and the unpacked size of each block.
fn mszip_blocks(stream: &[u8]) -> Vec<(Vec<u8>, usize)> {
    // A KWAJ stream has the same blocks, each preceded by its length. All blocks of a cabinet but the last are full.
    let mut blocks = Vec::new();
    for chunk in stream.chunks(BLOCK) {
        let packed = ms_zip(chunk);
        let size = usize::from(u16::from_le_bytes([packed[0], packed[1]]));
        blocks.push((packed[2..2 + size].to_vec(), chunk.len()));
    }
    blocks
}

/// Blocks of the type that LZX calls uncompressed, one for each frame.
fn lzx_blocks(stream: &[u8]) -> Vec<(Vec<u8>, usize)> {
    let mut blocks = Vec::new();
    for (number, chunk) in stream.chunks(BLOCK).enumerate() {
        let size = chunk.len() as u32;
        // The first frame begins with a bit that states whether calls were translated.
        let bits = if number == 0 { (0b0011 << 24 | size) << 4 } else { (0b011 << 24 | size) << 5 };
        let mut packed = Vec::new();
        packed.extend_from_slice(&((bits >> 16) as u16).to_le_bytes());
        packed.extend_from_slice(&(bits as u16).to_le_bytes());
        for repeated in [1_u32; 3] {
            packed.extend_from_slice(&repeated.to_le_bytes());
        }
        packed.extend_from_slice(chunk);
        if chunk.len() % 2 != 0 {
            packed.push(0);
        }
        blocks.push((packed, chunk.len()));
    }
    blocks
}
