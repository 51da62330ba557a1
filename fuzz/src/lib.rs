//! Code that several targets share: bytes in pieces, a volume with one file, and the checks for every volume.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use hotfixcheck::winfiles::bytes::ReadAt;
use hotfixcheck::winfiles::image::{self, FileSystem, Image, Item};

/// How many files of a volume are read.
const READ: usize = 32;

/// A volume with one file, which a target opens as an image without a file of the operating system.
pub struct One<R>(pub R);

impl<R: ReadAt + Send + Sync> FileSystem for One<R> {
    fn list(&self, _: &mut dyn FnMut(Item)) {}

    fn open(&self, _: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(&self.0))
    }
}

/// Opens the bytes as an image or archive of this name.
pub fn open(name: &str, bytes: impl ReadAt + Send + Sync + 'static) -> Option<Image> {
    let files: Arc<dyn FileSystem> = Arc::new(One(bytes));
    image::open_inside(&files, name, 0).ok().flatten()
}

/// Bytes of which only some pieces are not zero, in sectors.
pub struct Pieces {
    sector: u64,
    size: u64,
    sectors: BTreeMap<u64, Vec<u8>>,
}

impl Pieces {
    pub fn new(sector: u64, size: u64) -> Self {
        Self { sector, size, sectors: BTreeMap::new() }
    }

    /// Puts bytes at the beginning of a sector; they continue in the next ones.
    pub fn put(&mut self, at: u64, bytes: &[u8]) {
        for (number, piece) in (at..self.size / self.sector).zip(bytes.chunks(self.sector as usize)) {
            let mut piece = piece.to_vec();
            piece.resize(self.sector as usize, 0);
            self.sectors.insert(number, piece);
        }
    }
}

impl ReadAt for Pieces {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        buffer[..wanted].fill(0);
        let end = offset + wanted as u64;
        for (number, bytes) in self.sectors.range(offset / self.sector..end.div_ceil(self.sector)) {
            let start = number * self.sector;
            let (from, to) = (start.max(offset), (start + self.sector).min(end));
            let (into, within, length) = ((from - offset) as usize, (from - start) as usize, (to - from) as usize);
            buffer[into..into + length].copy_from_slice(&bytes[within..within + length]);
        }
        Ok(wanted)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

/// Lists and reads every volume, and checks what is guaranteed. The images and archives in an archive are opened, too,
/// up to `deep` levels.
pub fn look(image: &Image, deep: u32) {
    for volume in &image.volumes {
        let mut found = Vec::new();
        volume.files.list(&mut |item| {
            let (Item::File { path, .. }
            | Item::Other { path, .. }
            | Item::Warning { path, .. }
            | Item::Problem { path, .. }) = &item;
            // No name leads out of the image.
            assert!(path.len() <= image::MAX_PATH_BYTES, "{} bytes", path.len());
            assert!(path.is_empty() || !path.split('/').any(|name| matches!(name, "" | "." | "..")), "{path:?}");
            assert!(!path.contains(['\\', '\0']), "{path:?}");
            if let Item::File { id, size, path, .. } = item
                && found.len() < READ
            {
                found.push((id, size, path));
            }
        });
        for (id, size, path) in found {
            if deep > 0
                && (image::may_be_image(&path) || image::may_be_archive(&path))
                && let Ok(Some(inner)) = image::open_inside(&volume.files, &path, id)
            {
                look(&inner, deep - 1);
            }
            let Ok(file) = volume.files.open(id) else { continue };
            let mut bytes = vec![0; 40_000];
            for offset in [0, 5000, size / 2, size.saturating_sub(100), u64::MAX - 7] {
                if let Ok(count) = file.read_at(&mut bytes, offset) {
                    assert!(count as u64 <= file.size().unwrap().saturating_sub(offset));
                }
            }
        }
    }
}
