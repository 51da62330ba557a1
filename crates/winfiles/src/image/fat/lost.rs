//! Clusters that are marked as in use although no file or folder owns them. They belong to files that a zeroed part of
//! a folder listed.

use std::cell::RefCell;
use std::io;

use super::volume::Fat;
use crate::image::tree::{Entry, Folders};

/// The most clusters that are examined: a table of 64 MB. Windows formats FAT32 volumes with at most 8,388,608.
const MAX_CLUSTERS: u32 = 1 << 24;

/// A volume, and the clusters of the files and folders found in it.
pub(super) struct Marking<'f> {
    fat: &'f Fat,
    found: RefCell<Found>,
}

struct Found {
    /// One bit for each cluster.
    bits: Vec<u64>,
    cache: (u64, Vec<u8>),
}

impl<'f> Marking<'f> {
    pub(super) fn new(fat: &'f Fat) -> Self {
        let bits = vec![0; (fat.end.min(MAX_CLUSTERS) as usize).div_ceil(64)];
        Self { fat, found: RefCell::new(Found { bits, cache: (u64::MAX, Vec::new()) }) }
    }

    /// Marks the chain that begins at this cluster as owned, to its end: it may be longer than the file.
    pub(super) fn mark(&self, first: u32) {
        let found = &mut *self.found.borrow_mut();
        let mut cluster = first;
        while self.fat.is_cluster(cluster) {
            let Some(bits) = found.bits.get_mut(cluster as usize / 64) else { return };
            // Two chains that meet continue as one, and a circular chain ends here.
            if *bits & 1 << (cluster % 64) != 0 {
                return;
            }
            *bits |= 1 << (cluster % 64);
            let Ok(next) = self.fat.entry(cluster, &mut found.cache) else { return };
            cluster = next;
        }
    }

    /// The message about clusters in use that have no owner.
    pub(super) fn lost(&self) -> Option<String> {
        let found = &mut *self.found.borrow_mut();
        let mut lost = 0_u64;
        for cluster in 2..self.fat.end.min(MAX_CLUSTERS) {
            if found.bits[cluster as usize / 64] & 1 << (cluster % 64) != 0 {
                continue;
            }
            let entry = self.fat.entry(cluster, &mut found.cache).ok()?;
            lost += u64::from(self.fat.is_cluster(entry) || entry >= self.fat.width.last());
        }
        match lost {
            0 => None,
            1 => Some("1 cluster in use belongs to no file: what it held is lost".to_owned()),
            _ => Some(format!("{lost} clusters in use belong to no file: what they held is lost")),
        }
    }
}

impl Folders for Marking<'_> {
    type Key = u32;

    fn root(&self) -> u32 {
        self.fat.root()
    }

    fn size(&self) -> u64 {
        self.fat.size()
    }

    fn folder(&self, cluster: u32, take: &mut dyn FnMut(Entry<u32>) -> bool) -> io::Result<u64> {
        self.mark(cluster);
        self.fat.folder(cluster, take)
    }
}
