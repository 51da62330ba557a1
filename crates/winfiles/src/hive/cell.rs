//! Cells, which hold everything in a hive. Each begins with its size, which is negative while the cell is in use.

use super::base::{BIN_HEADER_BYTES, BINS_START, read};
use super::{Hive, HiveError, MAX_STEPS};
use crate::bytes::ReadAt;

/// One read covers most cells; longer ones take a second.
const FIRST_READ_BYTES: usize = 256;
/// Each further piece of this size costs as much as a separate read.
const STEP_BYTES: usize = 256;

/// The beginning of a cell's content: as many bytes as were requested, or as the cell has.
#[derive(Debug)]
pub(super) struct Cell {
    bytes: Vec<u8>,
    offset: u64,
}

impl<S: ReadAt> Hive<S> {
    /// The first `want` bytes of the content of the cell at `offset` (counted from the hive bins), or all of it if it
    /// is shorter.
    pub(super) fn cell(&self, what: &'static str, offset: u32, want: usize) -> Result<Cell, HiveError> {
        self.spend(1)?;
        let at = BINS_START + u64::from(offset);
        let corrupt = |what| HiveError::Corrupt { what, offset: at };
        if offset < BIN_HEADER_BYTES || !offset.is_multiple_of(8) || offset >= self.base.bins {
            return Err(HiveError::NoCell { what, offset: at });
        }
        // In version 1.1 the size is followed by the offset of the previous cell.
        let head = if self.base.minor == 1 { 8 } else { 4 };
        let mut bytes = vec![0; FIRST_READ_BYTES.min(head + want)];
        let count = read(&self.source, &mut bytes, at)?;
        let Some(size) = bytes[..count].first_chunk().map(|size| i32::from_le_bytes(*size)) else {
            return Err(HiveError::Truncated { what, offset: at });
        };
        if size >= 0 {
            return Err(corrupt("cell that is not in use"));
        }
        let end = u64::from(offset) + u64::from(size.unsigned_abs());
        let size = size.unsigned_abs() as usize;
        if size <= head || end > u64::from(self.base.bins) {
            return Err(corrupt("size of a cell"));
        }
        let needed = head + want.min(size - head);
        self.spend(needed / STEP_BYTES)?;
        let count = if needed > bytes.len() {
            bytes.resize(needed, 0);
            read(&self.source, &mut bytes, at)?
        } else {
            count
        };
        if count < needed {
            return Err(HiveError::Truncated { what, offset: at });
        }
        bytes.truncate(needed);
        bytes.drain(..head);
        Ok(Cell { bytes, offset: at + head as u64 })
    }

    /// Keys may share their lists of subkeys and values, so the tree can be far larger than the file.
    fn spend(&self, steps: usize) -> Result<(), HiveError> {
        let spent = self.steps.get() + steps as u64;
        self.steps.set(spent);
        if spent > MAX_STEPS { Err(HiveError::Exhausted) } else { Ok(()) }
    }
}

impl Cell {
    /// The content's offset in the file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn starts_with(&self, signature: &[u8; 2]) -> bool {
        self.bytes.starts_with(signature)
    }

    pub(super) fn u16(&self, at: usize) -> Result<u16, HiveError> {
        let bytes = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map(|bytes| u16::from_le_bytes(*bytes)).ok_or_else(|| self.short())
    }

    pub(super) fn u32(&self, at: usize) -> Result<u32, HiveError> {
        let bytes = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map(|bytes| u32::from_le_bytes(*bytes)).ok_or_else(|| self.short())
    }

    pub(super) fn slice(&self, at: usize, len: usize) -> Result<&[u8], HiveError> {
        let bytes = at.checked_add(len).and_then(|end| self.bytes.get(at..end));
        bytes.ok_or_else(|| self.short())
    }

    /// `count` cell offsets, `stride` bytes apart.
    pub(super) fn places(&self, from: usize, count: usize, stride: usize) -> Result<Vec<u32>, HiveError> {
        (0..count).map(|index| self.u32(from + index * stride)).collect()
    }

    /// An error at this cell.
    pub(super) fn corrupt(&self, what: &'static str) -> HiveError {
        HiveError::Corrupt { what, offset: self.offset }
    }

    pub(super) fn too_much(&self, what: &'static str, count: usize, limit: usize) -> HiveError {
        HiveError::TooMuch { what, count, limit, offset: self.offset }
    }

    fn short(&self) -> HiveError {
        self.corrupt("cell that is too small for its content")
    }
}
