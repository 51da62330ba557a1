//! The contents of a file: in its entry, or in pieces.

use std::io;

use crate::bytes::ReadAt;
use crate::image::source::Part;

/// A file or folder, as its entry describes it.
pub(super) struct FileEntry {
    pub size: u64,
    pub modified: Option<i64>,
    pub contents: Contents,
}

pub(super) enum Contents {
    /// Stored in the entry.
    Embedded(Vec<u8>),
    /// Pieces: their offsets (`None` for zeros) and sizes in bytes.
    Extents(Vec<(Option<u64>, u64)>),
}

pub(super) struct File<'p> {
    pub part: &'p Part,
    pub entry: FileEntry,
}

impl ReadAt for File<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        read(self.part, &self.entry, buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.entry.size)
    }
}

pub(super) fn read(part: &Part, entry: &FileEntry, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let wanted = usize::try_from(entry.size.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
    let extents = match &entry.contents {
        Contents::Embedded(bytes) => return bytes.as_slice().read_at(&mut buffer[..wanted], offset),
        Contents::Extents(extents) => extents,
    };
    let (mut filled, mut start) = (0, 0_u64);
    for &(place, size) in extents {
        let at = offset + filled as u64;
        if filled < wanted && at >= start && at < start + size {
            let within = at - start;
            let count = usize::try_from(size - within).unwrap_or(usize::MAX).min(wanted - filled);
            let piece = &mut buffer[filled..filled + count];
            match place {
                Some(place) => part.fill(piece, place.saturating_add(within))?,
                None => piece.fill(0),
            }
            filled += count;
        }
        start += size;
    }
    Ok(filled)
}
