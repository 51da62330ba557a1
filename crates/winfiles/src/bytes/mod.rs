//! Positioned reads ([`ReadAt`]) of open files, byte slices, and bytes that are unpacked from front to back
//! ([`forward`]); little-endian numbers at any alignment.

pub mod forward;

use std::fs::File;
use std::io::{self, ErrorKind};

/// Positioned reads: the only way these readers touch a file.
pub trait ReadAt {
    /// Fills `buffer` from `offset`, in bytes, as far as the source has bytes; a short count means the end of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize>;
    /// The size in bytes.
    fn size(&self) -> std::io::Result<u64>;
    /// Whether reading in another order than that of the offsets takes much longer, because large pieces are unpacked.
    fn wants_order(&self) -> bool {
        false
    }
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        // The contract promises that a short count means the end; one system call does not.
        while filled < buffer.len() {
            match positioned(self, &mut buffer[filled..], offset.saturating_add(filled as u64)) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }
}

#[cfg(unix)]
fn positioned(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn positioned(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    match std::os::windows::fs::FileExt::seek_read(file, buffer, offset) {
        // Windows reports an offset after the end (ERROR_HANDLE_EOF) as an error, POSIX as an empty read.
        Err(error) if error.raw_os_error() == Some(38) => Ok(0),
        other => other,
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.as_slice().read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

impl<T: ReadAt + ?Sized> ReadAt for Box<T> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

/// A part of something larger, such as a cabinet in an executable.
#[derive(Clone, Copy, Debug)]
pub struct Part<S> {
    source: S,
    start: u64,
    size: u64,
}

impl<S: ReadAt> Part<S> {
    /// `size` bytes from `start` on, as far as the source has them.
    pub fn new(source: S, start: u64, size: u64) -> Self {
        Self { source, start, size }
    }
}

impl<S: ReadAt> ReadAt for Part<S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let count = left.min(buffer.len());
        self.source.read_at(&mut buffer[..count], self.start.saturating_add(offset))
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size.min(self.source.size()?.saturating_sub(self.start)))
    }
}

/// The little-endian number at `offset`, at any alignment. It is 0 after the end, which no caller reaches: each reads a
/// piece of known size.
pub fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    bytes.get(offset..offset + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

/// As [`u16_at`], of 32 bits.
pub fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    bytes.get(offset..offset + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// As [`u16_at`], of 64 bits.
pub fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from(u32_at(bytes, offset)) | u64::from(u32_at(bytes, offset + 4)) << 32
}

/// As [`u32_at`], with the highest byte first.
pub fn u32_be_at(bytes: &[u8], offset: usize) -> u32 {
    u32_at(bytes, offset).swap_bytes()
}

/// As [`u64_at`], with the highest byte first.
pub fn u64_be_at(bytes: &[u8], offset: usize) -> u64 {
    u64_at(bytes, offset).swap_bytes()
}
