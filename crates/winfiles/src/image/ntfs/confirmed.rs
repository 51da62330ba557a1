//! The names that file records state for themselves, to hold the folders' indexes against. Windows goes by the indexes:
//! where a record has another name or folder than its index, the record is damaged.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::folders::names;
use super::record::{Record, number};
use crate::image::MAX_FILES;

/// The most names that are kept, as hashes of eight bytes. Most files have one or two that are no DOS names.
const MAX_NAMES: usize = 4 * MAX_FILES;

/// Hashes of file, folder and name.
#[derive(Default)]
pub(super) struct Names {
    hashes: Vec<u64>,
    full: bool,
}

impl Names {
    /// Adds the names in a record, which may continue another one.
    pub(super) fn see(&mut self, record: &Record) {
        let file = if record.base() == 0 { record.number() } else { number(record.base()) };
        for name in names(record, &[]) {
            if self.hashes.len() >= MAX_NAMES {
                self.full = true;
                return;
            }
            self.hashes.push(hash(file, number(name.folder), &name.name));
        }
    }

    /// To be called after the last name and before the first question.
    pub(super) fn close(&mut self) {
        self.hashes.sort_unstable();
    }

    /// Whether a record states this name in this folder. True if not all names are known.
    pub(super) fn has(&self, file: u64, folder: u64, name: &str) -> bool {
        self.full || self.hashes.binary_search(&hash(file, folder, name)).is_ok()
    }
}

fn hash(file: u64, folder: u64, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (file, folder, name).hash(&mut hasher);
    hasher.finish()
}
