//! Images and archives in files of other ones: `win.iso:/sources/install.wim`, a VHDX in a zip.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::FileSystem;
use super::source::Source;
use crate::bytes::ReadAt;

/// Bytes that are expensive to read are kept in blocks of this size, and this many of them.
const BLOCK_BYTES: u64 = 256 << 10;
const KEPT: usize = 16;

/// Location of an image.
#[derive(Clone, Copy)]
pub(super) enum Origin<'o> {
    /// A file of the operating system.
    Path(&'o Path),
    /// A file of a volume, by its path there and its id.
    Inside { files: &'o Arc<dyn FileSystem>, path: &'o str, id: u64 },
}

impl Origin<'_> {
    /// Its file name; in a volume its path.
    pub(super) fn name(&self) -> String {
        match *self {
            Origin::Path(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Origin::Inside { path, .. } => path.to_owned(),
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub(super) fn source(&self) -> io::Result<Source> {
        match *self {
            Origin::Path(path) => Ok(Arc::new(std::fs::File::open(path)?)),
            Origin::Inside { files, id, .. } => inner(files, id),
        }
    }
}

/// The bytes of a file of a volume, readable in any order and by several threads.
///
/// # Errors
/// A file that cannot be opened.
pub(super) fn inner(files: &Arc<dyn FileSystem>, id: u64) -> io::Result<Source> {
    let size = files.open(id)?.size()?;
    Ok(Arc::new(Cached::new(Inner { files: files.clone(), id, size }, size)))
}

struct Inner {
    files: Arc<dyn FileSystem>,
    id: u64,
    size: u64,
}

impl ReadAt for Inner {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.files.open(self.id)?.read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

type Block = (u64, Arc<[u8]>);

/// Bytes that are expensive to read, in blocks; the last ones used are kept: 4 MB.
pub(super) struct Cached<R> {
    inner: R,
    size: u64,
    blocks: Mutex<VecDeque<Block>>,
}

impl<R: ReadAt> Cached<R> {
    pub(super) fn new(inner: R, size: u64) -> Self {
        Self { inner, size, blocks: Mutex::default() }
    }

    fn block(&self, number: u64) -> io::Result<Arc<[u8]>> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = blocks.iter().position(|(known, _)| *known == number) {
            let (_, bytes) = &blocks[place];
            let bytes = bytes.clone();
            if place > 0
                && let Some(block) = blocks.remove(place)
            {
                blocks.push_front(block);
            }
            return Ok(bytes);
        }
        drop(blocks);
        let start = number * BLOCK_BYTES;
        let mut bytes = vec![0; usize::try_from(BLOCK_BYTES.min(self.size.saturating_sub(start))).unwrap_or(0)];
        let count = self.inner.read_at(&mut bytes, start)?;
        bytes.truncate(count);
        let bytes: Arc<[u8]> = bytes.into();
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.truncate(KEPT - 1);
        blocks.push_front((number, bytes.clone()));
        Ok(bytes)
    }
}

impl<R: ReadAt> ReadAt for Cached<R> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset.saturating_add(filled as u64);
            if at >= self.size {
                break;
            }
            let Ok(block) = self.block(at / BLOCK_BYTES) else {
                // Perhaps only another part of the block cannot be read.
                let count = self.inner.read_at(&mut buffer[filled..], at)?;
                return Ok(filled + count);
            };
            let within = usize::try_from(at % BLOCK_BYTES).unwrap_or(usize::MAX);
            let held = block.get(within..).unwrap_or_default();
            if held.is_empty() {
                break;
            }
            let count = held.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&held[..count]);
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
