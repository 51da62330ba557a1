//! NTFS, read from its master file table: every file has a record there with its names, their folders and its data.
//!
//! The table is read from front to back, not through the folders' indexes: a damaged or cyclic index hides no file and
//! does not stop the listing. (The `ntfs` crate follows a cyclic index without end, and gives compressed data as they
//! are stored.)
//!
//! - `volume`: the open volume; `record`: file records; `attribute`: their attributes;
//! - `runs`: the location of an attribute's clusters; `stream`: their contents;
//! - `listing`: records -> files; `folders`: their paths; `lost`: files whose records are lost; `confirmed`: the names that the indexes must have, too; `data`: a file's
//!   contents; `lznt1`: compressed contents.

mod attribute;
mod confirmed;
mod data;
mod folders;
mod listing;
mod lost;
mod lznt1;
mod record;
mod runs;
mod stream;
mod volume;

pub(super) use volume::Ntfs;

use std::cell::Cell;
use std::io;

use super::{FileSystem, Item};
use crate::bytes::ReadAt;
use data::Contents;

impl FileSystem for Ntfs {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        listing::list(self, each);
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let base = self.record(id)?;
        let extensions = self.extensions(&base, &Cell::new(u64::MAX))?;
        Ok(Box::new(Contents::open(self, &base, &extensions)?))
    }

    fn place(&self, id: u64) -> Option<(usize, u64)> {
        // Contents that are elsewhere than in clusters are read with the file table, at the beginning.
        self.part.wants_order().then(|| (0, self.first_cluster(id).unwrap_or(0)))
    }
}
