//! Fix rows by file name: which articles are about a file.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::articles::Catalog;
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
}

impl FixIndex {
    /// Indexes every row of every article; rows of one name keep the catalogue's order.
    pub fn new(catalog: &Catalog) -> Self {
        let mut rows: HashMap<String, Vec<RowRef>, RandomState> = HashMap::default();
        for (article, facts) in catalog.articles().iter().enumerate() {
            for (row, fix) in facts.fixes.iter().enumerate() {
                rows.entry(file_key(&fix.file)).or_default().push(RowRef { article, row });
            }
        }
        Self { rows }
    }

    /// The rows of a file; the name in any case, with or without a path.
    pub fn rows(&self, name: &str) -> &[RowRef] {
        self.rows.get(&file_key(name)).map_or(&[], Vec::as_slice)
    }

    /// True if the catalogue has rows for a file of this name.
    pub fn knows(&self, name: &str) -> bool {
        // A walk asks for every file of a tree, in lower case: most names are keys as they are.
        self.rows.contains_key(name) || (!is_key(name) && self.rows.contains_key(&file_key(name)))
    }

    /// Every file name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.rows.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }
}
