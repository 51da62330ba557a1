//! Files that are packed in separate chunks, as in WIM images and by the Windows Overlay Filter (CompactOS): a table of
//! the chunks' offsets, then the chunks.
//!
//! - `xpress`: XPRESS with Huffman codes, \[MS-XCA\] 2.2; `lzx`: LZX as WIM images have it; `codes`: their Huffman codes;
//! - `lzms`: LZMS, as `.esd` has it.
//!
//! Why our own: the `lzxd` crate reads the variant of cabinets, whose streams begin with a bit that these do not have
//! and continue from chunk to chunk. The crates for XPRESS are used by no more than one project each.

mod codes;
mod lzms;
mod lzx;
mod xpress;

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::bytes::{ReadAt, u32_at, u64_at};

/// How chunks are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Xpress,
    Lzx,
    Lzms,
}

impl Method {
    /// The largest chunk that is read, in bytes: that of LZMS in Microsoft's media.
    pub(super) const MAX_CHUNK_BYTES: usize = 64 << 20;

    /// # Errors
    /// A chunk size that this method does not allow.
    pub(super) fn check(self, chunk: u64) -> io::Result<()> {
        // The largest size that tools offer for each method; LZMS has no limit below 1 GB.
        let most = match self {
            Self::Xpress => 64 << 10,
            Self::Lzx => 2 << 20,
            Self::Lzms => Self::MAX_CHUNK_BYTES as u64,
        };
        let least = if self == Self::Xpress { 4096 } else { 32 << 10 };
        if chunk.is_power_of_two() && (least..=most).contains(&chunk) {
            return Ok(());
        }
        Err(damaged(format!("chunks of {chunk} bytes, packed by {self:?}: from {least} to {most} are read")))
    }

    /// Unpacks one chunk of `size` bytes; full ones have `chunk` bytes. A chunk is stored unpacked if packing does not
    /// shorten it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn unpack(self, packed: Vec<u8>, size: usize, chunk: usize) -> Result<Vec<u8>, &'static str> {
        match self {
            _ if packed.len() == size => Ok(packed),
            Self::Xpress => xpress::unpack(&packed, size),
            Self::Lzx => lzx::unpack(&packed, size, chunk),
            Self::Lzms => lzms::unpack(&packed, size),
        }
    }
}
/// Entries of the table that are read at once.
const PIECE_ENTRIES: u64 = 512;

/// A file in chunks.
pub(super) struct Chunked<S> {
    source: S,
    method: Method,
    chunk: u64,
    /// The file's size, unpacked.
    size: u64,
    /// The size of an entry of the table: 8 bytes for files of more than 4 GB.
    entry: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The chunk that was unpacked last, and its contents.
    last: Option<(u64, Vec<u8>)>,
    /// A piece of the table: the number of its first entry, and its bytes.
    table: (u64, Vec<u8>),
}

impl<S: ReadAt> Chunked<S> {
    /// `size` bytes in chunks of `chunk` bytes, packed in `source`.
    ///
    /// # Errors
    /// A chunk size that this method does not allow.
    pub(super) fn new(source: S, method: Method, chunk: usize, size: u64) -> io::Result<Self> {
        method.check(chunk as u64)?;
        let entry = if size > u64::from(u32::MAX) { 8 } else { 4 };
        Ok(Self { source, method, chunk: chunk as u64, size, entry, state: Mutex::default() })
    }

    fn chunks(&self) -> u64 {
        self.size.div_ceil(self.chunk)
    }

    /// The start of a chunk, counted from the end of the table. The first chunk has no entry.
    fn place(&self, number: u64, state: &mut State) -> io::Result<u64> {
        let Some(entry) = number.checked_sub(1) else { return Ok(0) };
        let (first, held) = &mut state.table;
        let count = held.len() as u64 / self.entry;
        if !(*first..*first + count).contains(&entry) {
            *first = entry - entry % PIECE_ENTRIES;
            let entries = PIECE_ENTRIES.min(self.chunks() - 1 - *first);
            held.resize((entries * self.entry) as usize, 0);
            let read = self.source.read_at(held, *first * self.entry)?;
            if read < held.len() {
                held.clear();
                return Err(damaged("the packed file ends within the table of its chunks"));
            }
        }
        let at = ((entry - *first) * self.entry) as usize;
        Ok(if self.entry == 8 { u64_at(held, at) } else { u32_at(held, at).into() })
    }

    fn unpack(&self, number: u64, state: &mut State) -> io::Result<Vec<u8>> {
        let table = (self.chunks() - 1) * self.entry;
        let size = self.chunk.min(self.size - number * self.chunk) as usize;
        let start = self.place(number, state)?;
        let end = if number + 1 < self.chunks() {
            self.place(number + 1, state)?
        } else {
            self.source.size()?.saturating_sub(table)
        };
        let packed = end.checked_sub(start).filter(|packed| (1..=size as u64).contains(packed));
        let packed = packed.ok_or_else(|| damaged(format!("chunk {number} of a packed file has no place")))? as usize;
        let mut bytes = vec![0; packed];
        if self.source.read_at(&mut bytes, table + start)? < packed {
            return Err(damaged(format!("the packed file ends within its chunk {number}")));
        }
        let unpacked = self.method.unpack(bytes, size, self.chunk as usize);
        unpacked.map_err(|what| damaged(format!("chunk {number} of a packed file {what}")))
    }
}

fn damaged(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl<S: ReadAt> ReadAt for Chunked<S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut filled = 0;
        while filled < wanted {
            let at = offset + filled as u64;
            let (number, within) = (at / self.chunk, (at % self.chunk) as usize);
            if state.last.as_ref().is_none_or(|(held, _)| *held != number) {
                let bytes = self.unpack(number, &mut state)?;
                state.last = Some((number, bytes));
            }
            let Some(held) = state.last.as_ref().and_then(|(_, bytes)| bytes.get(within..)) else { break };
            let count = held.len().min(wanted - filled);
            if count == 0 {
                break;
            }
            buffer[filled..filled + count].copy_from_slice(&held[..count]);
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
