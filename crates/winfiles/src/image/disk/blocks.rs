//! Disks whose blocks lie in any order, or nowhere: VHD and VDI.

use std::fs::File;
use std::io;

use crate::bytes::ReadAt;

/// How large a disk is, and its blocks.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// In bytes.
    pub disk: u64,
    /// In bytes; not zero.
    pub block: u64,
}

/// Reads from a disk. `place` tells where in the file the contents of a block begin: `None` for one of zeros.
///
/// # Errors
/// What the operating system or `place` says.
pub(super) fn read(
    file: &File,
    shape: Shape,
    buffer: &mut [u8],
    offset: u64,
    place: impl Fn(u64) -> io::Result<Option<u64>>,
) -> io::Result<usize> {
    let left = usize::try_from(shape.disk.saturating_sub(offset)).unwrap_or(usize::MAX);
    let wanted = left.min(buffer.len());
    let mut filled = 0;
    while filled < wanted {
        let at = offset + filled as u64;
        let within = at % shape.block;
        let count = usize::try_from(shape.block - within).unwrap_or(usize::MAX).min(wanted - filled);
        let piece = &mut buffer[filled..filled + count];
        match place(at / shape.block)? {
            None => piece.fill(0),
            Some(start) => {
                let read = file.read_at(piece, start.saturating_add(within))?;
                if read < count {
                    return Ok(filled + read);
                }
            }
        }
        filled += count;
    }
    Ok(filled)
}
