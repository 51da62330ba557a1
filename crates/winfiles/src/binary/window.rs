//! The buffers that positioned reads fill, kept from file to file, and the bounds check on every access.

use std::ops::Range;

use super::BinaryError;
use crate::bytes::ReadAt;

/// The first read of every file: DOS header, PE header and section table lie within it in all but odd files.
const HEADER_BYTES: usize = 4096;
/// One read takes the resource directory and, in most files, the version block with it.
const RESOURCE_BYTES: usize = 4096;
/// A structure outside both windows is read with its surroundings: its neighbours are asked for next.
const MIN_EXTRA_BYTES: usize = 1024;
/// The largest structure asked for at once: a version block's length is a 16-bit number.
pub(super) const MAX_PIECE_BYTES: usize = 65_536;

/// A contiguous piece of the file.
#[derive(Debug, Default)]
struct Window {
    buffer: Vec<u8>,
    offset: u64,
    filled: usize,
}

impl Window {
    fn fill(&mut self, source: &(impl ReadAt + ?Sized), offset: u64, want: usize) -> Result<(), BinaryError> {
        if self.buffer.len() < want {
            self.buffer.resize(want, 0);
        }
        self.filled = 0;
        self.offset = offset;
        let count = source.read_at(&mut self.buffer[..want], offset).map_err(|e| BinaryError::Io(e.to_string()))?;
        self.filled = count.min(want);
        Ok(())
    }

    /// Where `len` bytes from the file's `offset` lie in the buffer, if all of them do.
    fn range(&self, offset: u64, len: usize) -> Option<Range<usize>> {
        let start = usize::try_from(offset.checked_sub(self.offset)?).ok()?;
        let end = start.checked_add(len)?;
        (end <= self.filled).then_some(start..end)
    }
}

/// Header, resource directory and one further piece of the current file.
#[derive(Debug, Default)]
pub(super) struct Windows {
    header: Window,
    resource: Window,
    extra: Window,
}

impl Windows {
    /// Begins a new file and answers its first bytes.
    pub(super) fn open(&mut self, source: &(impl ReadAt + ?Sized)) -> Result<&[u8], BinaryError> {
        self.resource.filled = 0;
        self.extra.filled = 0;
        self.header.fill(source, 0, HEADER_BYTES)?;
        Ok(self.first_bytes())
    }

    /// The bytes of the first read.
    pub(super) fn first_bytes(&self) -> &[u8] {
        &self.header.buffer[..self.header.filled]
    }

    /// The bytes read at the resource directory; empty where the first read held it.
    pub(super) fn resource_bytes(&self) -> &[u8] {
        &self.resource.buffer[..self.resource.filled]
    }

    /// Reads the resource directory's surroundings, unless the header read holds them; `available` is the number of
    /// bytes its section has in the file.
    pub(super) fn open_resources(
        &mut self,
        source: &(impl ReadAt + ?Sized),
        offset: u64,
        available: u64,
    ) -> Result<(), BinaryError> {
        // Asking for no more than the section holds spares the second call that proves the end of the file.
        let want = RESOURCE_BYTES.min(usize::try_from(available).unwrap_or(RESOURCE_BYTES));
        if self.header.range(offset, want).is_some() {
            return Ok(());
        }
        self.resource.fill(source, offset, want)
    }

    /// Exactly `len` bytes (at most [`MAX_PIECE_BYTES`]) from `offset`.
    ///
    /// # Errors
    /// `Truncated`, naming `what`, where the file ends before them.
    pub(super) fn at(
        &mut self,
        source: &(impl ReadAt + ?Sized),
        what: &'static str,
        offset: u64,
        len: usize,
    ) -> Result<&[u8], BinaryError> {
        let piece = self.up_to(source, offset, len)?.len();
        if piece < len {
            let size = source.size().map_err(|e| BinaryError::Io(e.to_string()))?;
            return Err(BinaryError::Truncated { what: what.into(), offset, size });
        }
        self.up_to(source, offset, len)
    }

    /// As many of `len` bytes (at most [`MAX_PIECE_BYTES`]) from `offset` as the file has.
    pub(super) fn up_to(
        &mut self,
        source: &(impl ReadAt + ?Sized),
        offset: u64,
        len: usize,
    ) -> Result<&[u8], BinaryError> {
        let len = len.min(MAX_PIECE_BYTES);
        if let Some(range) = self.header.range(offset, len) {
            return Ok(&self.header.buffer[range]);
        }
        if let Some(range) = self.resource.range(offset, len) {
            return Ok(&self.resource.buffer[range]);
        }
        if self.extra.range(offset, len).is_none() {
            self.extra.fill(source, offset, len.max(MIN_EXTRA_BYTES))?;
        }
        let held = self.extra.filled.min(len);
        let range = self.extra.range(offset, len).unwrap_or(0..held);
        Ok(&self.extra.buffer[range])
    }
}
