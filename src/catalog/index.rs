//! Fix rows by file name: which articles are about a file.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::articles::Catalog;
use crate::knowledge::installed_name;
use crate::name::{file_key, is_key};

/// One fix row of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The index of the article in [`Catalog::articles`].
    pub article: usize,
    /// The index of the row in the article's `fixes`.
    pub row: usize,
}

/// The fix rows of a catalogue by [`file_key`].
#[derive(Clone, Debug, Default)]
pub struct FixIndex {
    rows: HashMap<String, Vec<RowRef>, RandomState>,
    /// The names under which setup installs files of the rows, where these differ.
    installed: BTreeSet<&'static str>,
}

impl FixIndex {
    /// Indexes every row of every article; rows of one file name keep the catalogue's order.
    pub fn new(catalog: &Catalog) -> Self {
        let mut rows: HashMap<String, Vec<RowRef>, RandomState> = HashMap::default();
        for (article, facts) in catalog.articles().iter().enumerate() {
            for (row, fix) in facts.fixes.iter().enumerate() {
                rows.entry(file_key(&fix.file)).or_default().push(RowRef { article, row });
            }
        }
        let installed = rows.keys().filter_map(|original| installed_name(original, None)).collect();
        Self { rows, installed }
    }

    /// The rows of a file; the name in any case, with or without a path.
    pub fn rows(&self, name: &str) -> &[RowRef] {
        self.rows.get(&file_key(name)).map_or(&[], Vec::as_slice)
    }

    /// True if the catalogue has rows for a file of this name.
    pub fn knows(&self, name: &str) -> bool {
        // A walk looks up every file of a tree, mostly in lower case: most names are already keys.
        let knows = |key: &str| self.rows.contains_key(key) || self.installed.contains(key);
        knows(name) || (!is_key(name) && knows(&file_key(name)))
    }

    /// Every file name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.rows.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }
}
