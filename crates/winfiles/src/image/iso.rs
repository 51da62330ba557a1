//! ISO 9660 with Joliet and Rock Ridge names: installation media.
//!
//! - `volume`: the open volume
//! - `records`: the records of a folder
//! - `rock_ridge`: the Rock Ridge fields of a record, which follow its name
//! - `path_table`: folders that their parent no longer lists, and files that only the other tree has

mod path_table;
mod records;
mod rock_ridge;
mod volume;

pub(super) use volume::{Iso, end, open};

/// The location of the first descriptor of a volume, in bytes.
pub(super) const DESCRIPTOR_AT: u64 = 16 * SECTOR;

use std::collections::HashSet;
use std::io;

use super::source::{Part, corrupt};
use super::{FileSystem, Item, tree};
use crate::bytes::ReadAt;
use path_table::Walked;
pub(super) use records::SECTOR;
pub(super) use volume::Stored;
use volume::{Extent, MORE_EXTENTS, extent};

/// The most pieces of one file; files of more than 4 GB have several.
const MAX_EXTENTS: usize = 256;

impl Iso {
    /// Reports the files that the UDF file system beside this one lacks. The tree without Joliet names is asked, because
    /// UDF is made from the other one.
    pub(super) fn lost_beside_udf(&self, has: impl Fn(&Stored<'_>) -> bool, each: &mut dyn FnMut(Item)) {
        let other = self.other.as_deref();
        let (plain, joliet) = if self.joliet { (other, Some(self)) } else { (Some(self), other) };
        let (Some(plain), Some(joliet)) = (plain, joliet) else {
            path_table::lost_files(self, "the ISO 9660 tree beside UDF", has, each);
            return;
        };
        // Its names are cut; Joliet shows under which ones UDF may have a copy of the same contents.
        let mut known = HashSet::new();
        tree::list(joliet, &mut |item| known.extend(joliet.stored(&item).filter(&has).map(|file| file.sector)));
        let has = |file: &Stored<'_>| known.contains(&file.sector) || has(file);
        path_table::lost_files(plain, "the ISO 9660 tree beside UDF", has, each);
    }
}

impl FileSystem for Iso {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        let walked = Walked::new(self);
        let mut sectors = HashSet::new();
        let files = tree::list(&walked, &mut |item| {
            if self.other.is_some() {
                sectors.extend(self.stored(&item).map(|file| file.sector));
            }
            each(item);
        });
        walked.lost(each);
        if let Some(other) = &self.other {
            let has = |file: &Stored<'_>| sectors.contains(&file.sector);
            let kind = if other.joliet { "the tree with Joliet names" } else { "the tree without Joliet names" };
            path_table::lost_files(other, kind, has, each);
        }
        // Media of Windows Vista and later have only a text here, which says to use UDF.
        if let Some(error) = self.udf.as_ref().filter(|_| files <= 1) {
            let what = format!("its files lie in a UDF file system that cannot be read: {error}");
            each(Item::Problem { path: String::new(), what });
        }
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let mut extents = Vec::new();
        let mut at = id;
        loop {
            let mut record = [0; 34];
            self.part.fill(&mut record, at)?;
            if record[26] != 0 || record[27] != 0 {
                return Err(corrupt("the file is interleaved, which is not read"));
            }
            extents.push(extent(&record));
            if record[25] & MORE_EXTENTS == 0 {
                return Ok(Box::new(File { part: &self.part, extents }));
            }
            if extents.len() >= MAX_EXTENTS || record[0] == 0 {
                return Err(corrupt(format!("the file lies in more than {MAX_EXTENTS} pieces")));
            }
            at += u64::from(record[0]);
            // If this sector has no further record, the next one is in the next sector.
            let mut length = [0];
            self.part.fill(&mut length, at)?;
            if length[0] == 0 {
                at = (at + 1).next_multiple_of(SECTOR);
            }
        }
    }
}

struct File<'p> {
    part: &'p Part,
    extents: Vec<Extent>,
}

impl ReadAt for File<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let (mut filled, mut start) = (0, 0);
        for extent in &self.extents {
            let (at, size) = (offset + filled as u64, u64::from(extent.size));
            if at >= start && at < start + size {
                let within = at - start;
                let count = usize::try_from(size - within).unwrap_or(usize::MAX).min(buffer.len() - filled);
                self.part.fill(&mut buffer[filled..filled + count], u64::from(extent.sector) * SECTOR + within)?;
                filled += count;
            }
            start += size;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.extents.iter().map(|extent| u64::from(extent.size)).sum())
    }
}
