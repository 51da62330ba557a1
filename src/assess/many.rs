//! Very many active copies of one file in one system: a list may repeat names by the thousand. Each copy is compared
//! with every row of its name, so for equal copies only a few are judged.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use super::context::{Copies, CopiesByName};
use super::policy::Policy;
use super::processor::is_in_wow_folder;
use super::system_build::version_of;
use super::windows_folder::{may_be_in_windows, may_be_of_windows};
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::{Entry, Inventory, RelativePath, is_in_wow};
use crate::{FileVersion, catalog::Listed};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// This many copies of a file are always judged, however many rows there are for it.
const ALWAYS: usize = 64;
/// If the files with more copies need no more comparisons than this in total, all their copies are judged.
const MAX_ALL_COMPARISONS: usize = 150_000;
/// Otherwise, the number of judged copies of a file is limited so that they need no more comparisons with rows than
/// this.
const MAX_COMPARISONS: usize = 20_000;

/// The copies of a file that are not judged one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyCopies {
    /// The system: an index of the assessment's systems.
    pub system: usize,
    /// The file's name as the catalogue has it.
    pub name: String,
    /// How many copies are judged.
    pub judged: usize,
    /// How many others are equal to a judged one: the same verdicts hold for them.
    pub same: usize,
    /// The same by the one that is judged, an index of the inventory's entries.
    pub(super) same_as: Vec<(usize, usize)>,
    /// The first of the others that are not, an index of the inventory's entries, and how many there are: nothing is known of them.
    pub others: Option<(usize, usize)>,
}

impl ManyCopies {
    /// The stable code of the warning that not all copies are listed.
    pub const NOT_LISTED: &str = "copies-not-listed";
    /// The warning in a sentence.
    pub const NOT_LISTED_DESCRIPTION: &str =
        "A file has so many active copies that those which are the same as listed ones are only counted.";
}

/// Keeps the active copies of each file that are to be judged: where there are too many, the first of each kind of
/// copy, then others by path up to the limit. Returns which files and entries were left out.
pub(super) fn limit(
    copies: &mut [CopiesByName],
    catalog: &Catalog,
    inventory: &Inventory,
    policy: &Policy,
) -> (Vec<ManyCopies>, HashSet<usize, RandomState>) {
    let mut many = Vec::new();
    let mut left_out = HashSet::default();
    let uncounted = |active: &[usize]| active.iter().map(|&entry| inventory.entries[entry].more).sum::<usize>();
    let is_many = |of: &Copies| of.active.len() > ALWAYS || uncounted(&of.active) > 0;
    let names = copies.iter().flatten().filter(|(_, of)| is_many(of)).map(|(name, _)| name.clone());
    let names: HashSet<String, RandomState> = names.collect();
    if names.is_empty() {
        return (many, left_out);
    }
    let rows = rows_of(catalog, &names);
    for (system, of_system) in copies.iter_mut().enumerate() {
        let cost = |(name, of_name): (&String, &Copies)| Some(rows.get(name.as_str())?.count * of_name.active.len());
        let is_all = of_system.iter().filter_map(cost).sum::<usize>() <= MAX_ALL_COMPARISONS;
        for (name, of_name) in of_system.iter_mut() {
            let Some(Rows { count, articles }) = rows.get(name.as_str()) else { continue };
            let limit = (MAX_COMPARISONS / count).max(ALWAYS);
            if is_all || of_name.active.len() <= limit {
                // Of a very large list the others of a kind were counted when it was read.
                let counted = of_name.active.iter().map(|&entry| (entry, inventory.entries[entry].more));
                let same_as: Vec<(usize, usize)> = counted.filter(|(_, more)| *more > 0).collect();
                let same = same_as.iter().map(|(_, more)| more).sum();
                let judged = of_name.active.len();
                if same > 0 {
                    many.push(ManyCopies { system, name: name.clone(), judged, same, same_as, others: None });
                }
                continue;
            }
            let sorts = sorts(&of_name.active, inventory, policy, articles);
            let (judged, kept) = chosen(&sorts, limit);
            let is_other = |place: &usize| !judged[*place] && !kept.contains(&sorts[*place]);
            let places = 0..of_name.active.len();
            let first = places.clone().find(is_other).map(|place| of_name.active[place]);
            let entry = |place: usize| &inventory.entries[of_name.active[place]];
            let mut same_as: BTreeMap<usize, usize> = BTreeMap::new();
            for place in places.clone().filter(|place| kept.contains(&sorts[*place])) {
                let same = entry(place).count() - usize::from(judged[place]);
                *same_as.entry(of_name.active[sorts[place]]).or_default() += same;
            }
            many.push(ManyCopies {
                system,
                name: name.clone(),
                judged: limit,
                same: same_as.values().sum(),
                same_as: same_as.into_iter().filter(|(_, same)| *same > 0).collect(),
                others: first
                    .map(|first| (first, places.clone().filter(is_other).map(|place| entry(place).count()).sum())),
            });
            left_out.extend(places.clone().filter(|place| !judged[*place]).map(|place| of_name.active[place]));
            let mut judged = judged.into_iter();
            of_name.active.retain(|_| judged.next().unwrap_or_default());
        }
    }
    many.sort_by(|a, b| (a.system, &a.name).cmp(&(b.system, &b.name)));
    (many, left_out)
}

/// What of a path tells copies apart that are the same otherwise: all that a verdict or a waiver looks at.
pub fn tells_apart(path: &RelativePath, policy: &Policy) -> (bool, bool, Vec<bool>) {
    let globs = policy.waivers.list.iter().filter_map(|waiver| waiver.path.as_ref());
    let waived = globs.map(|glob| glob.matches_file(path, path)).collect();
    (is_in_wow(path), may_be_in_windows(path), waived)
}

/// The rows of a name.
#[derive(Default)]
struct Rows {
    count: usize,
    articles: HashSet<KbId, RandomState>,
}

/// The rows of these names, which are either those of the article or those that setup gives the files.
fn rows_of<'n>(catalog: &Catalog, names: &'n HashSet<String, RandomState>) -> HashMap<&'n str, Rows, RandomState> {
    let mut found: HashMap<&str, Rows, RandomState> = HashMap::default();
    let of = |article: &Listed| -> Vec<(&'n str, usize)> {
        let named = article.files().iter().flat_map(|file| {
            [Some(file.key), file.installed].into_iter().flatten().map(move |name| (name, file.rows.len()))
        });
        named.filter_map(|(name, rows)| Some((names.get(name)?.as_str(), rows))).collect()
    };
    for article in catalog.articles() {
        for (name, rows) in of(article) {
            let own = found.entry(name).or_default();
            own.count += rows;
            own.articles.insert(article.id);
        }
    }
    found
}

/// For each copy, the first copy that is equal to it in everything that a verdict or a waiver depends on.
fn sorts(
    active: &[usize],
    inventory: &Inventory,
    policy: &Policy,
    articles: &HashSet<KbId, RandomState>,
) -> Vec<usize> {
    type Mark = (Option<u64>, Option<i64>, Option<u32>, Option<FileVersion>);
    let own_waivers = policy.waivers.list.iter().filter(|waiver| articles.contains(&waiver.kb));
    let globs: Vec<_> = own_waivers.filter_map(|waiver| waiver.path.as_ref()).collect();
    let waived = |entry: &Entry| -> Vec<bool> {
        if globs.is_empty() {
            return Vec::new();
        }
        let lasting = inventory.lasting_path(entry.root, &entry.path);
        globs.iter().map(|glob| glob.matches_file(&entry.path, &lasting)).collect()
    };
    let folder = |entry: &Entry| (is_in_wow_folder(entry), may_be_of_windows(entry), waived(entry));
    let mark = |entry: &Entry| -> Mark {
        let binary = entry.binary.as_ref().ok();
        let version = binary.and_then(|binary| match &binary.version {
            VersionOutcome::Found(info) => version_of(info),
            _ => None,
        });
        (entry.size, entry.modified, binary.and_then(|binary| binary.time_stamp), version)
    };
    let is_same = |one: &Entry, other: &Entry| {
        let of = |entry: &'_ Entry| (entry.unstated, entry.size, entry.modified);
        let names = |entry: &'_ Entry| (entry.packed_name.clone(), entry.original_name.clone());
        of(one) == of(other) && one.binary == other.binary && names(one) == names(other)
    };
    let mut known: HashMap<Mark, Vec<(usize, _)>, RandomState> = HashMap::default();
    let sort = |(place, &entry): (usize, &usize)| {
        let entry = &inventory.entries[entry];
        let alike = known.entry(mark(entry)).or_default();
        let folder = folder(entry);
        let same = alike
            .iter()
            .find(|(other, of_other)| *of_other == folder && is_same(entry, &inventory.entries[active[*other]]));
        match same {
            Some((first, _)) => *first,
            None => {
                alike.push((place, folder));
                place
            }
        }
    };
    active.iter().enumerate().map(sort).collect()
}

/// Which copies are judged, and their kinds.
fn chosen(sorts: &[usize], limit: usize) -> (Vec<bool>, HashSet<usize, RandomState>) {
    let mut judged = vec![false; sorts.len()];
    let mut kept = HashSet::default();
    for (place, sort) in sorts.iter().enumerate() {
        if kept.len() < limit && *sort == place {
            judged[place] = true;
            kept.insert(place);
        }
    }
    let mut left = limit - kept.len();
    for (place, sort) in sorts.iter().enumerate() {
        if left > 0 && !judged[place] && kept.contains(sort) {
            judged[place] = true;
            left -= 1;
        }
    }
    (judged, kept)
}
