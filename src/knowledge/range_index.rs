//! Finds the ranges of the release tables that can fit a version of a file: a few of about five hundred.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

/// The part of a range that the index uses.
pub(super) struct RangeKey<'r> {
    /// The first components, up to the third, as long as each is a single number.
    pub start: Vec<u32>,
    /// The names of its files; `None` where it is for files of any name, or of names with `*`.
    pub names: Option<Vec<&'r str>>,
    /// The first single number after the start, and its place: the third of `*.*.2600`.
    pub after: Option<(usize, u32)>,
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
    after: Option<(usize, u32)>,
    bounds: Bounds,
    letters: Letters,
}

impl Candidate {
    fn may_fit(&self, components: &[u32], letters: Letters) -> bool {
        let Bounds { component, from, to } = self.bounds;
        self.letters.0 & letters.0 != 0
            && self.after.is_none_or(|(place, number)| components.get(place) == Some(&number))
            && components.get(component).is_none_or(|number| (from..=to).contains(number))
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
        let named = keys.iter().filter_map(|key| key.names.as_ref()).map(Vec::len).sum();
        let mut index =
            Self { by_name: HashMap::with_capacity_and_hasher(named, RandomState::default()), ..Self::default() };
        // The ranges for files of any name: those of each start, and of each beginning of a start.
        let mut own: BTreeMap<&[u32], Vec<Candidate>> = BTreeMap::new();
        for (place, key) in keys.iter().enumerate() {
            let candidate = Candidate { place, after: key.after, bounds: key.bounds, letters: key.letters };
            let Some(names) = &key.names else {
                for length in 0..key.start.len() {
                    own.entry(&key.start[..length]).or_default();
                }
                own.entry(&key.start).or_default().push(candidate);
                continue;
            };
            for name in names {
                let of_name = index.by_name.entry((*name).to_owned()).or_default();
                // A range may have a name twice.
                if of_name.last().is_none_or(|last| last.place != place) {
                    of_name.push(candidate);
                }
            }
        }
        // Each has the ranges of its beginnings, too; these are before it in the map.
        for (start, mut candidates) in own {
            let shorter = start.split_last().and_then(|(_, shorter)| index.by_start.get(shorter));
            candidates.extend(shorter.into_iter().flatten());
            candidates.sort_unstable_by_key(|candidate| candidate.place);
            index.by_start.insert(start.to_vec(), candidates);
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
