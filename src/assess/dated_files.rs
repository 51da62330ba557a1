//! Which files are judged by date. In: the files of some systems and a catalogue. Out: the keys of those for which the builds that the
//! catalogue pairs with days are needed.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::context::{Copies, CopiesByName};
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::knowledge::installed_names;

/// The keys of the files of some systems that are judged by date: only those with rows without a version, and those that
/// are not Windows binaries.
pub(super) fn by_date<'c>(
    copies: &'c [CopiesByName],
    catalog: &'c Catalog,
    inventory: &Inventory,
) -> HashSet<&'c str, RandomState> {
    let mut by_name: HashMap<&str, Vec<&Copies>, RandomState> = HashMap::default();
    for (name, of_name) in copies.iter().flatten() {
        by_name.entry(name).or_default().push(of_name);
    }
    let is_there = |name: &str| by_name.contains_key(name);
    let dated = dated(catalog, is_there);
    let is_unread = |&place: &usize| inventory.entries[place].binary.is_err();
    let by_date = |name: &str, own: &str| {
        let mut of_name = by_name.get(own).into_iter().flatten();
        of_name.any(|of| dated.contains(name) || of.active.iter().any(is_unread))
    };
    let mut wanted: HashSet<&str, RandomState> = by_name.keys().copied().filter(|own| by_date(own, own)).collect();
    // Builds of a renamed kernel are listed under its original name.
    wanted.extend(installed_names().filter(|(name, own)| by_date(name, own)).map(|(name, _)| name));
    wanted
}

/// The keys of the files that exist, under this name or the one that setup gives them, and have rows that state a date
/// but no version.
fn dated(catalog: &Catalog, is_there: impl Fn(&str) -> bool + Sync) -> HashSet<&str, RandomState> {
    let dated = catalog.articles().par_iter().flat_map_iter(|article| article.files().dated());
    let is_there = |(key, installed): &(&str, Option<&str>)| is_there(key) || installed.is_some_and(&is_there);
    dated.filter(is_there).map(|(key, _)| key).collect()
}
