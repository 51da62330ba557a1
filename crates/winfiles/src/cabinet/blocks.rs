//! The data blocks of a folder: checked, unpacked, one by one.

use std::rc::Rc;

use lzxd::{Lzxd, WindowSize};

use super::CabinetError;
use super::budget::Budget;
use super::header::{Cabinet, Folder, read_exact};
use crate::bytes::ReadAt;
use crate::bytes::forward::Stream;
use crate::isolate::isolate;
use crate::packed::inflate_block;

/// The most that one block unpacks to: the format's limit.
const BLOCK_BYTES: usize = 32 << 10;
/// The most bytes of a packed block: data that cannot be packed may grow by this much.
const PACKED_BLOCK_BYTES: usize = BLOCK_BYTES + 6144;
const HEADER_BYTES: usize = 8;
/// The cost of a block in the budget, besides its bytes: many empty blocks are work, too.
const BLOCK_COST: u64 = 64;
const MSZIP_SIGNATURE: &[u8] = b"CK";

/// A folder's stream, block by block.
pub(super) struct Blocks<'c, S> {
    cabinet: &'c Cabinet<S>,
    folder: &'c Folder,
    budget: Rc<Budget>,
    /// The next block's offset.
    at: u64,
    left: u16,
    /// How many blocks have been unpacked at least once.
    known: u16,
    packed: Vec<u8>,
    /// The output of the last block, at the end of the buffer; MSZIP keeps its history before it.
    unpacked: Vec<u8>,
    method: Method,
}

enum Method {
    Stored,
    Mszip,
    Lzx(Box<Lzxd>),
}

impl<'c, S: ReadAt> Blocks<'c, S> {
    pub(super) fn new(cabinet: &'c Cabinet<S>, folder: &'c Folder, budget: Rc<Budget>) -> Result<Self, CabinetError> {
        let method = Method::new(folder.method)?;
        let (packed, unpacked) = (Vec::new(), Vec::new());
        let (at, left) = (folder.start, folder.blocks);
        Ok(Self { cabinet, folder, budget, at, left, known: 0, packed, unpacked, method })
    }
}

impl<S: ReadAt> Stream for Blocks<'_, S> {
    type Error = CabinetError;

    /// The output of the next block; `None` after the last.
    fn next(&mut self) -> Result<Option<&[u8]>, CabinetError> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let again = self.folder.blocks - left <= self.known;
        let offset = self.at;
        let source = &self.cabinet.source;
        let mut header = [0; HEADER_BYTES];
        read_exact(source, &mut header, offset, "data block")?;
        let checksum = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
        let size = usize::from(u16::from_le_bytes([header[4], header[5]]));
        let declared = usize::from(u16::from_le_bytes([header[6], header[7]]));
        if size > PACKED_BLOCK_BYTES || declared > BLOCK_BYTES {
            let what = format!("the data block at offset {offset:#x} is larger than the format allows");
            return Err(CabinetError::Corrupt(what));
        }
        if declared == 0 && self.left == 0 && self.cabinet.next.is_some() {
            return Err(CabinetError::Continued { name: self.cabinet.next.clone() });
        }
        let cost = size as u64 + declared as u64 + BLOCK_COST;
        self.budget.block(cost, again)?;
        self.known = self.known.max(self.folder.blocks - left);
        self.packed.resize(size, 0);
        let data = offset + HEADER_BYTES as u64 + u64::from(self.cabinet.block_reserve);
        read_exact(source, &mut self.packed, data, "data block")?;
        self.at = data + size as u64;
        // Readers differ on whether the reserved bytes are part of the sum.
        if checksum != 0 && self.cabinet.block_reserve == 0 && checksum != sum(&self.packed, &header[4..]) {
            let what = format!("the data block at offset {offset:#x} does not have the checksum that it states");
            return Err(CabinetError::Corrupt(what));
        }
        self.unpack(declared)
            .map_err(|what| CabinetError::Corrupt(format!("the data block at offset {offset:#x} {what}")))?;
        Ok(Some(&self.unpacked[self.unpacked.len() - declared..]))
    }

    fn restart(&mut self) -> Result<(), CabinetError> {
        self.method = Method::new(self.folder.method)?;
        self.unpacked.clear();
        (self.at, self.left) = (self.folder.start, self.folder.blocks);
        Ok(())
    }
}

impl<S: ReadAt> Blocks<'_, S> {
    /// Puts `declared` unpacked bytes at the end of the buffer.
    fn unpack(&mut self, declared: usize) -> Result<(), String> {
        let count = match &mut self.method {
            Method::Stored => {
                self.unpacked.clear();
                self.unpacked.extend_from_slice(&self.packed);
                self.packed.len()
            }
            Method::Mszip => {
                let deflated = self.packed.strip_prefix(MSZIP_SIGNATURE).ok_or("is not packed by MSZIP")?;
                let history = self.unpacked.len().min(BLOCK_BYTES);
                self.unpacked.drain(..self.unpacked.len() - history);
                self.unpacked.resize(history + BLOCK_BYTES, 0);
                let count = inflate_block(deflated, &mut self.unpacked, history)?;
                self.unpacked.truncate(history + count);
                count
            }
            Method::Lzx(decoder) => {
                let bytes = isolate(|| decoder.decompress_next(&self.packed, declared).map(<[u8]>::to_vec));
                self.unpacked = bytes.and_then(|unpacked| unpacked.map_err(|e| e.to_string())).map_err(damaged)?;
                self.unpacked.len()
            }
        };
        if count == declared { Ok(()) } else { Err(format!("unpacks to {count} bytes of the {declared} it declares")) }
    }
}

fn damaged(what: String) -> String {
    format!("is damaged: {what}")
}

impl Method {
    fn new(number: u16) -> Result<Self, CabinetError> {
        let unsupported = |method: String| Err(CabinetError::UnsupportedMethod { method });
        let window = match (number & 0xf, number >> 8 & 0x1f) {
            (0, _) => return Ok(Self::Stored),
            (1, _) => return Ok(Self::Mszip),
            (2, _) => return unsupported("Quantum".to_owned()),
            (3, 15) => WindowSize::KB32,
            (3, 16) => WindowSize::KB64,
            (3, 17) => WindowSize::KB128,
            (3, 18) => WindowSize::KB256,
            (3, 19) => WindowSize::KB512,
            (3, 20) => WindowSize::MB1,
            (3, 21) => WindowSize::MB2,
            (3, window) => return unsupported(format!("LZX with a window of 2^{window} bytes")),
            (method, _) => return unsupported(format!("method {method}")),
        };
        Ok(Self::Lzx(Box::new(Lzxd::new(window))))
    }
}

/// The checksum of a block's data and of the two sizes in its header.
fn sum(data: &[u8], sizes: &[u8]) -> u32 {
    let words = |bytes: &[u8]| {
        let (words, rest) = bytes.as_chunks::<4>();
        let sum = words.iter().fold(0, |sum, word| sum ^ u32::from_le_bytes(*word));
        // The last one to three bytes count from the highest down.
        sum ^ rest.iter().fold(0, |last, &byte| last << 8 | u32::from(byte))
    };
    words(data) ^ words(sizes)
}
