//! Shared by the readers of disks: disks whose blocks are stored in any order or not at all (VHD, VHDX, VDI), and the
//! further files of an image.

use crate::image::source::Source;
use std::io;
use std::path::Path;

use crate::bytes::ReadAt;

/// The sector size of every disk that is read here, in bytes.
pub(super) const SECTOR: u64 = 512;

/// The size of a disk, and of its blocks.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// In bytes.
    pub disk: u64,
    /// In bytes; not zero.
    pub block: u64,
}

/// Reads from a disk. `place` returns the offset of a block's contents in the file, or `None` for a block of zeros.
///
/// # Errors
/// Those of the operating system and of `place`.
pub(super) fn read(
    file: &Source,
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

/// Whether a further file of an image is a regular file, not a link, folder or pipe: a name in an image must not lead
/// out of its folder, and reading it must not block. `None` if it does not exist.
pub(super) fn is_plain_file(path: &Path) -> Option<bool> {
    match path.symlink_metadata() {
        Ok(metadata) => Some(metadata.is_file()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(false),
    }
}
