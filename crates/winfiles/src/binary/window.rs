//! An executable that is being read: positioned reads through buffers that are kept from file to file. Every access is
//! checked against the end of the file.

use std::ops::Range;

use super::BinaryError;
use crate::bytes::ReadAt;

/// The first read of every file. It covers DOS header, PE header and section table in all but unusual files.
const HEADER_BYTES: usize = 4096;
/// One read covers the resource directory and, in most files, the version block.
const RESOURCE_BYTES: usize = 4096;
/// A structure outside both windows is read with its surroundings, because its neighbours are read next.
const MIN_EXTRA_BYTES: usize = 1024;
/// The largest structure read at once: a version block's length is a 16-bit number.
pub(super) const MAX_PIECE_BYTES: usize = 65_536;

/// A contiguous piece of the file.
#[derive(Debug, Default)]
struct Window {
    buffer: Vec<u8>,
    offset: u64,
    filled: usize,
}

impl Window {
    fn fill(&mut self, source: &dyn ReadAt, offset: u64, want: usize) -> Result<(), BinaryError> {
        if self.buffer.len() < want {
            self.buffer.resize(want, 0);
        }
        self.filled = 0;
        self.offset = offset;
        let count = source.read_at(&mut self.buffer[..want], offset).map_err(|e| BinaryError::Io(e.to_string()))?;
        self.filled = count.min(want);
        Ok(())
    }

    /// The range of the buffer with `len` bytes from the file's `offset`, if it holds all of them.
    fn range(&self, offset: u64, len: usize) -> Option<Range<usize>> {
        let start = usize::try_from(offset.checked_sub(self.offset)?).ok()?;
        let end = start.checked_add(len)?;
        (end <= self.filled).then_some(start..end)
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

/// The buffers: header, resource directory and one further piece of the current file.
#[derive(Debug, Default)]
pub(super) struct Windows {
    header: Window,
    resource: Window,
    extra: Window,
}

impl Windows {
    /// The first bytes of the file that was opened last.
    pub(super) fn first_bytes(&self) -> &[u8] {
        self.header.bytes()
    }
}

/// One open file and the buffers that its reads fill.
pub(super) struct OpenFile<'r> {
    windows: &'r mut Windows,
    source: &'r dyn ReadAt,
}

impl<'r> OpenFile<'r> {
    /// Begins a new file: reads its first bytes.
    pub(super) fn open(windows: &'r mut Windows, source: &'r dyn ReadAt) -> Result<Self, BinaryError> {
        windows.resource.filled = 0;
        windows.extra.filled = 0;
        windows.header.fill(source, 0, HEADER_BYTES)?;
        Ok(Self { windows, source })
    }

    /// The bytes of the first read.
    pub(super) fn first_bytes(&self) -> &[u8] {
        self.windows.header.bytes()
    }

    /// The bytes read at the resource directory; empty if the first read held it.
    pub(super) fn resource_bytes(&self) -> &[u8] {
        self.windows.resource.bytes()
    }

    /// The file's size in bytes.
    pub(super) fn size(&self) -> Result<u64, BinaryError> {
        self.source.size().map_err(|e| BinaryError::Io(e.to_string()))
    }

    /// Reads the surroundings of the resource directory, unless the first read holds them. `available` is the number of
    /// bytes that its section has in the file.
    pub(super) fn open_resources(&mut self, offset: u64, available: u64) -> Result<(), BinaryError> {
        // Asking for no more than the section holds avoids a second system call at the end of the file.
        let want = RESOURCE_BYTES.min(usize::try_from(available).unwrap_or(RESOURCE_BYTES));
        if self.windows.header.range(offset, want).is_some() {
            return Ok(());
        }
        self.windows.resource.fill(self.source, offset, want)
    }

    /// Exactly `len` bytes (at most [`MAX_PIECE_BYTES`]) from `offset`.
    ///
    /// # Errors
    /// `Truncated`, with `what` in the message, if the file ends before them.
    pub(super) fn at(&mut self, what: &'static str, offset: u64, len: usize) -> Result<&[u8], BinaryError> {
        let piece = self.up_to(offset, len)?.len();
        if piece < len {
            return Err(BinaryError::Truncated { what: what.into(), offset, size: self.size()? });
        }
        self.up_to(offset, len)
    }

    /// As many of `len` bytes (at most [`MAX_PIECE_BYTES`]) from `offset` as the file has.
    pub(super) fn up_to(&mut self, offset: u64, len: usize) -> Result<&[u8], BinaryError> {
        let len = len.min(MAX_PIECE_BYTES);
        let Windows { header, resource, extra } = &mut *self.windows;
        if let Some(range) = header.range(offset, len) {
            return Ok(&header.buffer[range]);
        }
        if let Some(range) = resource.range(offset, len) {
            return Ok(&resource.buffer[range]);
        }
        if extra.range(offset, len).is_none() {
            extra.fill(self.source, offset, len.max(MIN_EXTRA_BYTES))?;
        }
        let held = extra.filled.min(len);
        let range = extra.range(offset, len).unwrap_or(0..held);
        Ok(&extra.buffer[range])
    }
}
