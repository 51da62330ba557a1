//! Fix rows by file name: which articles speak of a file.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Catalog;

/// The name under which a file is looked up: the last component of a Windows or Unix path, trimmed, in lower case.
///
/// ```
/// use hotfixcheck::catalog::file_key;
/// assert_eq!(file_key(r"System32\Drivers\Tcpip.sys"), "tcpip.sys");
/// ```
pub fn file_key(name: &str) -> String {
    let last = name.trim().trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or_default();
    last.trim().to_lowercase()
}

/// True for two names of one file: their [`file_key`]s are the same.
pub(crate) fn is_same_file(one: &str, other: &str) -> bool {
    // Most names are nothing but a name.
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'/');
    one.eq_ignore_ascii_case(other) || (!(plain(one) && plain(other)) && file_key(one) == file_key(other))
}

/// One fix row of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The place of the article in [`Catalog::articles`].
    pub article: usize,
    /// The place of the row in the article's `fixes`.
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

    /// True if the catalogue speaks of a file of this name.
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

/// True for what [`file_key`] would leave as it is; not for all of it.
fn is_key(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'\\' && b != b'/')
}
