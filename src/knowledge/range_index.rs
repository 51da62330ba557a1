//! Finds the ranges of the release tables that can fit a version of a file: a few of about five hundred.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

/// The part of a range that the index uses.
pub(super) struct RangeKey<'r> {
    /// The first components, up to the third, as long as each is a single number.
    pub start: Vec<u32>,
    /// The names of its files; `None` where it is for files of any name, or of names with `*`.
    pub names: Option<Vec<&'r str>>,
    pub bounds: Bounds,
}

/// The limits of one component of a version; they apply only if the version has this component.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub component: usize,
    pub from: u32,
    pub to: u32,
}

/// A range that can fit a version.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// Its index among the ranges.
    place: usize,
    bounds: Bounds,
}

impl Candidate {
    fn may_fit(&self, components: &[u32]) -> bool {
        let Bounds { component, from, to } = self.bounds;
        components.get(component).is_none_or(|number| (from..=to).contains(number))
    }
}

/// The ranges; each list is in the order of their indices.
#[derive(Clone, Debug, Default)]
pub(super) struct RangeIndex {
    /// Ranges for files of any name, by the first components of a version, as many as a range has.
    by_start: HashMap<Vec<u32>, Vec<Candidate>, RandomState>,
    by_name: HashMap<String, Vec<Candidate>, RandomState>,
}

impl RangeIndex {
    /// Indexes the ranges of these keys, which are in the order of the ranges.
    pub(super) fn new(keys: &[RangeKey]) -> Self {
        let mut index = Self::default();
        let keyed = || keys.iter().enumerate().map(|(place, key)| (Candidate { place, bounds: key.bounds }, key));
        for (candidate, names) in keyed().filter_map(|(candidate, key)| Some((candidate, key.names.as_ref()?))) {
            for name in names.iter().collect::<BTreeSet<_>>() {
                index.by_name.entry((*name).to_owned()).or_default().push(candidate);
            }
        }
        let unnamed = || keyed().filter(|(_, key)| key.names.is_none());
        // The ranges for versions with this start, unless the version also has a longer start in the index.
        let fitting = |start: &[u32]| -> Vec<Candidate> {
            unnamed().filter(|(_, key)| start.starts_with(&key.start)).map(|(candidate, _)| candidate).collect()
        };
        for start in unnamed().map(|(_, key)| &key.start) {
            for length in 0..=start.len() {
                index.by_start.entry(start[..length].to_vec()).or_insert_with(|| fitting(&start[..length]));
            }
        }
        index
    }

    /// The indices of all ranges that can fit a version of a file, and perhaps of some that cannot, in ascending order.
    /// `file` is the file's key. Bulletins put a W before the names of the 32-bit files of a 64-bit package.
    pub(super) fn places<'i>(&'i self, components: &'i [u32], file: &str) -> impl Iterator<Item = usize> + use<'i> {
        let most = components.len().min(3);
        let unnamed = (0..=most).rev().find_map(|length| self.by_start.get(&components[..length]));
        let unnamed = unnamed.map(Vec::as_slice).unwrap_or_default();
        let named = |name: &str| self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut lists = [unnamed, named(file), file.strip_prefix('w').map(named).unwrap_or_default()];
        std::iter::from_fn(move || {
            for list in &mut lists {
                let skipped = list.iter().take_while(|candidate| !candidate.may_fit(components)).count();
                *list = &list[skipped..];
            }
            let next = lists.iter().filter_map(|list| list.first()).map(|candidate| candidate.place).min()?;
            for list in &mut lists {
                if let [first, rest @ ..] = *list
                    && first.place == next
                {
                    *list = rest;
                }
            }
            Some(next)
        })
    }
}
