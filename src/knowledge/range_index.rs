//! Which ranges of the tables of releases can fit a version of a file: a few of some five hundred.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

/// What a range asks for, as far as the index goes.
pub(super) struct RangeKey<'r> {
    /// The first components up to the third, as far as each is one number.
    pub start: Vec<u32>,
    /// The names of its files; `None` where it is for files of any name, or of names with `*`.
    pub names: Option<Vec<&'r str>>,
}

/// The places of the ranges, ascending in each list.
#[derive(Clone, Debug, Default)]
pub(super) struct RangeIndex {
    /// Those for files of any name: by the first components of a version, as many as some range asks for.
    by_start: HashMap<Vec<u32>, Vec<usize>, RandomState>,
    by_name: HashMap<String, Vec<usize>, RandomState>,
}

impl RangeIndex {
    /// Indexes the ranges of these keys, which stand in the order of the ranges.
    pub(super) fn new(keys: &[RangeKey]) -> Self {
        let mut index = Self::default();
        let named = keys.iter().enumerate().filter_map(|(place, key)| Some((place, key.names.as_ref()?)));
        for (place, names) in named {
            for name in names.iter().collect::<BTreeSet<_>>() {
                index.by_name.entry((*name).to_owned()).or_default().push(place);
            }
        }
        let unnamed = || keys.iter().enumerate().filter(|(_, key)| key.names.is_none());
        // Of versions that begin so, and go on as no longer beginning does.
        let fitting = |start: &[u32]| -> Vec<usize> {
            unnamed().filter(|(_, key)| start.starts_with(&key.start)).map(|(place, _)| place).collect()
        };
        for start in unnamed().map(|(_, key)| &key.start) {
            for length in 0..=start.len() {
                index.by_start.entry(start[..length].to_vec()).or_insert_with(|| fitting(&start[..length]));
            }
        }
        index
    }

    /// The places of all ranges that can fit a version of a file, and perhaps of some that cannot; ascending. `file` is the
    /// file's key. Bulletins put a W before the names of the 32-bit files of a 64-bit package.
    pub(super) fn places<'i>(&'i self, components: &[u32], file: &str) -> impl Iterator<Item = usize> + use<'i> {
        let most = components.len().min(3);
        let unnamed = (0..=most).rev().find_map(|length| self.by_start.get(&components[..length]));
        let unnamed = unnamed.map(Vec::as_slice).unwrap_or_default();
        let named = |name: &str| self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut lists = [unnamed, named(file), file.strip_prefix('w').map(named).unwrap_or_default()];
        std::iter::from_fn(move || {
            let next = lists.iter().filter_map(|list| list.first()).min().copied()?;
            for list in &mut lists {
                *list = list.strip_prefix(&[next]).unwrap_or(list);
            }
            Some(next)
        })
    }
}
