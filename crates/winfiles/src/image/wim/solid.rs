//! Solid resources of WIM images, as in `.esd`: many files in a row, packed together in large chunks. A chunk is
//! unpacked once for all its files, if they are read in their stored order.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::bytes::{ReadAt, u32_at, u64_at};
use crate::image::chunked::Method;
use crate::image::held::Held;
use crate::image::source::{Part, corrupt};

/// Bytes before the table of the chunks' sizes.
const HEADER_BYTES: usize = 16;
/// The most chunks of all blocks together. The largest media have some hundred.
const MAX_CHUNKS: u64 = 1 << 20;

/// One solid resource.
struct Block {
    part: Part,
    method: Method,
    chunk: u64,
    /// The unpacked size.
    size: u64,
    /// The end of each chunk, in `part`.
    ends: Vec<u64>,
}

/// All solid resources of an image.
#[derive(Default)]
pub(super) struct Solid {
    blocks: Vec<Block>,
    chunks: u64,
    held: Held,
    /// One chunk of an image is unpacked at a time: other threads that need the same one wait for it.
    turn: Mutex<()>,
}

impl Solid {
    /// Adds the block that is stored in `part`, and returns its unpacked size.
    ///
    /// # Errors
    /// A block that cannot be read, or whose chunks are too large or too many.
    pub(super) fn add(&mut self, part: Part) -> io::Result<u64> {
        let header = part.bytes(0, HEADER_BYTES)?;
        let (size, chunk) = (u64_at(&header, 0), u64::from(u32_at(&header, 8)));
        let method = match u32_at(&header, 12) {
            1 => Method::Xpress,
            2 => Method::Lzx,
            3 => Method::Lzms,
            other => return Err(corrupt(format!("a solid block is packed by method {other}, which is not known"))),
        };
        method.check(chunk)?;
        let count = size.div_ceil(chunk);
        self.chunks = self.chunks.saturating_add(count);
        if self.chunks > MAX_CHUNKS {
            return Err(corrupt(format!("its solid blocks have more than {MAX_CHUNKS} chunks")));
        }
        let table = part.bytes(HEADER_BYTES as u64, count as usize * 4)?;
        let mut end = HEADER_BYTES as u64 + table.len() as u64;
        let ends = table.chunks_exact(4).map(|entry| {
            end += u64::from(u32_at(entry, 0));
            end
        });
        let ends = ends.collect();
        self.blocks.push(Block { part, method, chunk, size, ends });
        Ok(size)
    }

    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    fn unpacked(&self, block: usize, number: u64) -> io::Result<Arc<Vec<u8>>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = self.held.get(block, number) {
            return Ok(bytes);
        }
        let found = self.blocks.get(block).ok_or_else(|| corrupt("a file lies in no solid block"))?;
        // Make room first: no more than the limit is held at any time, besides the chunks that are being unpacked.
        self.held.make_room(found.chunk as usize);
        let bytes = Arc::new(found.unpack(number)?);
        self.held.keep(block, number, bytes.clone());
        Ok(bytes)
    }
}

impl Block {
    fn unpack(&self, number: u64) -> io::Result<Vec<u8>> {
        let damaged = |what: &str| corrupt(format!("chunk {number} of a solid block {what}"));
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let &end = self.ends.get(at).ok_or_else(|| damaged("is not there"))?;
        let first = HEADER_BYTES as u64 + 4 * self.ends.len() as u64;
        let start = at.checked_sub(1).map_or(first, |before| self.ends[before]);
        let size = self.chunk.min(self.size - number * self.chunk) as usize;
        let packed = usize::try_from(end - start).ok().filter(|packed| (1..=size).contains(packed));
        let packed = packed.ok_or_else(|| damaged("has an impossible size"))?;
        let bytes = self.part.bytes(start, packed)?;
        self.method.unpack(bytes, size, self.chunk as usize).map_err(damaged)
    }
}

/// A file in a solid block.
pub(super) struct Within {
    pub solid: Arc<Solid>,
    pub block: usize,
    /// Its start in the unpacked block.
    pub start: u64,
    pub size: u64,
}

impl ReadAt for Within {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wanted = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        let chunk = self.solid.blocks.get(self.block).map_or(1, |block| block.chunk);
        let mut filled = 0;
        while filled < wanted {
            let at = self.start + offset + filled as u64;
            let bytes = self.solid.unpacked(self.block, at / chunk)?;
            let rest = bytes.get((at % chunk) as usize..).unwrap_or_default();
            let count = rest.len().min(wanted - filled);
            if count == 0 {
                break;
            }
            buffer[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
