//! Bytes that many readers share, and parts of them.

use std::io;
use std::sync::Arc;

use crate::bytes::ReadAt;

/// Shared bytes.
pub(super) type Source = Arc<dyn ReadAt + Send + Sync>;

/// A part of shared bytes.
#[derive(Clone)]
pub(super) struct Part {
    pub source: Source,
    pub start: u64,
    pub size: u64,
}

impl Part {
    /// All of the bytes.
    pub(super) fn whole(source: Source) -> io::Result<Self> {
        let size = source.size()?;
        Ok(Self { source, start: 0, size })
    }

    /// A part of this part, cut at its end.
    pub(super) fn part(&self, start: u64, size: u64) -> Self {
        let start = start.min(self.size);
        Self { source: self.source.clone(), start: self.start + start, size: size.min(self.size - start) }
    }

    /// Exactly `count` bytes.
    ///
    /// # Errors
    /// `UnexpectedEof`, with the offset in the message, if the bytes end before.
    pub(super) fn bytes(&self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; count];
        self.fill(&mut buffer, offset)?;
        Ok(buffer)
    }

    /// As [`Self::bytes`], into a buffer.
    pub(super) fn fill(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let wanted = buffer.len();
        if self.read_at(buffer, offset)? == wanted {
            return Ok(());
        }
        let what = format!("the image ends before {wanted} bytes at offset {:#x}", self.start.saturating_add(offset));
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, what))
    }
}

impl ReadAt for Part {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = self.size.saturating_sub(offset);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if count == 0 {
            return Ok(0);
        }
        self.source.read_at(&mut buffer[..count], self.start + offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn wants_order(&self) -> bool {
        self.source.wants_order()
    }
}

impl ReadAt for Source {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn wants_order(&self) -> bool {
        (**self).wants_order()
    }
}

/// Contradictory data, as an I/O error.
pub(super) fn corrupt(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
