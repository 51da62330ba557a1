//! Large unpacked chunks, of solid blocks in WIM images and of E01 images, kept for further reads. The limit covers all
//! open images, because an archive can hold many images and each of their chunks has up to 64 MB.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::chunked::Method;

/// The limit for all images, in bytes: four of the largest chunks.
const MAX_BYTES: usize = 4 * Method::MAX_CHUNK_BYTES;
/// The limits for one image: two of the largest chunks, and a number of smaller ones.
const MAX_IMAGE_BYTES: usize = 2 * Method::MAX_CHUNK_BYTES;
const MAX_IMAGE_CHUNKS: usize = 16;

/// A chunk: its image, its block, its number in the block, its contents.
struct Chunk {
    image: u64,
    block: usize,
    number: u64,
    bytes: Arc<Vec<u8>>,
}

/// Ordered by use, the most recent last.
static KEPT: Mutex<Vec<Chunk>> = Mutex::new(Vec::new());
static NEXT_IMAGE: AtomicU64 = AtomicU64::new(0);

/// The chunks of one image. They are freed with it.
pub(super) struct Held {
    image: u64,
}

impl Default for Held {
    fn default() -> Self {
        Self { image: NEXT_IMAGE.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Held {
    /// A chunk that is kept, if it is.
    pub(super) fn get(&self, block: usize, number: u64) -> Option<Arc<Vec<u8>>> {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |chunk: &Chunk| (chunk.image, chunk.block, chunk.number) == (self.image, block, number);
        let place = kept.iter().position(is_it)?;
        kept[place..].rotate_left(1);
        kept.last().map(|chunk| chunk.bytes.clone())
    }

    /// Drops the least recently used chunks until one of this size fits: first those of this image, then of all images.
    pub(super) fn make_room(&self, bytes: usize) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        self.forget(&mut kept, bytes);
    }

    /// Keeps a chunk.
    pub(super) fn keep(&self, block: usize, number: u64, bytes: Arc<Vec<u8>>) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        // Other images may have kept chunks while this one was unpacked.
        self.forget(&mut kept, bytes.len());
        kept.push(Chunk { image: self.image, block, number, bytes });
    }

    fn forget(&self, kept: &mut Vec<Chunk>, bytes: usize) {
        fn size<'c>(chunks: impl Iterator<Item = &'c Chunk>) -> usize {
            chunks.map(|chunk| chunk.bytes.len()).sum()
        }
        let own = |chunk: &&Chunk| chunk.image == self.image;
        while let Some(oldest) = kept.iter().position(|chunk| own(&chunk))
            && (kept.iter().filter(own).count() >= MAX_IMAGE_CHUNKS
                || size(kept.iter().filter(own)) + bytes > MAX_IMAGE_BYTES)
        {
            kept.remove(oldest);
        }
        while !kept.is_empty() && size(kept.iter()) + bytes > MAX_BYTES {
            kept.remove(0);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        KEPT.lock().unwrap_or_else(PoisonError::into_inner).retain(|chunk| chunk.image != self.image);
    }
}
