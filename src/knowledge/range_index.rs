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
    /// The letters that names of its files can begin with.
    pub letters: Letters,
}

/// Some first letters of names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters(u32);

impl Letters {
    pub(super) const ALL: Self = Self(u32::MAX);

    /// The first letter of a name; what is not a letter from a to z stands for all others.
    pub(super) fn of(name: &str) -> Self {
        let letter = name.bytes().next().and_then(|first| first.checked_sub(b'a')).filter(|letter| *letter < 26);
        Self(1 << letter.unwrap_or(26))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
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
    letters: Letters,
}

impl Candidate {
    fn may_fit(&self, components: &[u32], letters: Letters) -> bool {
        let Bounds { component, from, to } = self.bounds;
        self.letters.0 & letters.0 != 0 && components.get(component).is_none_or(|number| (from..=to).contains(number))
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
        let candidate = |place, key: &RangeKey| Candidate { place, bounds: key.bounds, letters: key.letters };
        let keyed = || keys.iter().enumerate().map(|(place, key)| (candidate(place, key), key));
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
        let lists = [unnamed, named(file), file.strip_prefix('w').map(named).unwrap_or_default()];
        let without_w = file.strip_prefix('w').map(Letters::of);
        let letters = without_w.map_or(Letters::of(file), |without| without.or(Letters::of(file)));
        Places { lists, components, letters }
    }
}

/// See [`RangeIndex::places`].
struct Places<'i> {
    lists: [&'i [Candidate]; 3],
    components: &'i [u32],
    letters: Letters,
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let Self { lists, components, letters } = self;
        let may_fit = |candidate: &Candidate| candidate.may_fit(components, *letters);
        // Few files have ranges of their own.
        if let [list, [], []] = lists {
            let at = list.iter().position(may_fit)?;
            let next = list[at].place;
            *list = &list[at + 1..];
            return Some(next);
        }
        for list in lists.iter_mut() {
            *list = &list[list.iter().position(may_fit).unwrap_or(list.len())..];
        }
        let next = lists.iter().filter_map(|list| list.first()).map(|candidate| candidate.place).min()?;
        for list in lists {
            if let [first, rest @ ..] = *list
                && first.place == next
            {
                *list = rest;
            }
        }
        Some(next)
    }
}
