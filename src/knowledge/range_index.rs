//! Which ranges of the tables of releases can fit a version of a file: a few of some five hundred.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

/// What a range asks for, as far as the index goes.
pub(super) struct RangeKey<'r> {
    /// The first two components, where they are one number.
    pub start: [Option<u32>; 2],
    /// The names of its files; `None` where it is for files of any name, or of names with `*`.
    pub names: Option<Vec<&'r str>>,
}

/// The places of the ranges, ascending in each list.
#[derive(Clone, Debug, Default)]
pub(super) struct RangeIndex {
    /// Those for files of any name: by the first two components, by the first, and for all others.
    by_start: HashMap<(u32, u32), Vec<usize>, RandomState>,
    by_major: HashMap<u32, Vec<usize>, RandomState>,
    others: Vec<usize>,
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
        let fitting = |major: Option<u32>, minor: Option<u32>| -> Vec<usize> {
            let fits = |[first, second]: [Option<u32>; 2]| {
                (first.is_none() || first == major) && (second.is_none() || second == minor)
            };
            unnamed().filter(|(_, key)| fits(key.start)).map(|(place, _)| place).collect()
        };
        for start in unnamed().map(|(_, key)| key.start) {
            if let [Some(major), minor] = start {
                index.by_major.entry(major).or_insert_with(|| fitting(Some(major), None));
                if let Some(minor) = minor {
                    index.by_start.entry((major, minor)).or_insert_with(|| fitting(Some(major), Some(minor)));
                }
            }
        }
        index.others = fitting(None, None);
        index
    }

    /// The places of all ranges that can fit a version of a file, and perhaps of some that cannot; ascending. `file` is the
    /// file's key. Bulletins put a W before the names of the 32-bit files of a 64-bit package.
    pub(super) fn places<'i>(&'i self, components: &[u32], file: &str) -> impl Iterator<Item = usize> + use<'i> {
        let of_start = match components {
            [major, minor, ..] => self.by_start.get(&(*major, *minor)),
            _ => None,
        };
        let of_major = || self.by_major.get(components.first()?);
        let unnamed = of_start.or_else(of_major).unwrap_or(&self.others);
        let named = |name: &str| self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut lists = [unnamed.as_slice(), named(file), file.strip_prefix('w').map(named).unwrap_or_default()];
        std::iter::from_fn(move || {
            let next = lists.iter().filter_map(|list| list.first()).min().copied()?;
            for list in &mut lists {
                *list = list.strip_prefix(&[next]).unwrap_or(list);
            }
            Some(next)
        })
    }
}
