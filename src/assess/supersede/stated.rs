//! Supersedence that the vendor states: it orders missing fixes, and never shows that one is installed.

use std::collections::{BTreeMap, BTreeSet};

use super::demand::{Demand, Level, Target, by_target, is_for_later_pack, is_missing};
use crate::KbId;
use crate::assess::contained::contains;
use crate::assess::finding::ArticleVerdict;
use crate::assess::reason::Reason;
use crate::catalog::Catalog;

/// The missing articles that are superseded, each with the articles that contain it, as indices in the assessment:
/// those found from their rows, and in addition those that the vendor says are replaced.
pub(super) fn with_stated(
    inferred: BTreeMap<usize, BTreeSet<usize>>,
    articles: &[ArticleVerdict],
    demands: &BTreeMap<usize, Vec<Demand>>,
    catalog: &Catalog,
) -> Brought {
    let mut brought = Brought { by: inferred, stated: BTreeSet::new() };
    // The older articles come first, so that the newest of a chain remains, also of articles that replace each other.
    for (place, others) in replacing(articles, demands, catalog) {
        if brought.by.contains_key(&place) {
            continue;
        }
        // An article that is itself contained only in this one does not count: one article of a circle must remain.
        let remains = |other: &&usize| {
            let left = brought.left(**other);
            !left.is_empty() && !left.contains(&place)
        };
        if let Some(&by) = others.iter().rev().find(remains) {
            brought.by.insert(place, BTreeSet::from([by]));
            brought.stated.insert(place);
        }
    }
    brought.keep_what_nothing_brings(articles, demands);
    brought
}

/// The superseded articles, and the articles that contain them.
pub(super) struct Brought {
    /// For each superseded article those that contain it, which may themselves be superseded.
    pub by: BTreeMap<usize, BTreeSet<usize>>,
    /// Those for which the vendor is the only source.
    pub stated: BTreeSet<usize>,
}

impl Brought {
    /// Takes back what the vendor says where no article that stays brings a missing file: MS10-020 replaces MS08-068 and
    /// has none of its files netlogon.dll and msv1_0.dll, which would remain old on Windows 2000.
    fn keep_what_nothing_brings(&mut self, articles: &[ArticleVerdict], demands: &BTreeMap<usize, Vec<Demand>>) {
        let all = by_target(demands);
        loop {
            let brings = |place: usize, (target, level): &Demand| {
                let stays = |other: &usize| !self.by.contains_key(other);
                let may = |other: usize| !is_for_later_pack(&articles[other], &articles[place]);
                let of_target = all[target].values().flatten();
                let mut others = of_target.filter(|(other, _)| *other != place && stays(other) && may(*other));
                others.any(|(_, other)| other.brings(level) || cannot_be_compared(level, other))
            };
            let is_brought =
                |place: usize| demands.get(&place).into_iter().flatten().all(|demand| brings(place, demand));
            let back: Vec<usize> = self.stated.iter().copied().filter(|&place| !is_brought(place)).collect();
            if back.is_empty() {
                return;
            }
            for place in back {
                self.stated.remove(&place);
                self.by.remove(&place);
            }
        }
    }

    /// What must be installed for an article: itself, or the articles at the end of the chain that contains it.
    pub(super) fn left(&self, place: usize) -> BTreeSet<usize> {
        let (mut left, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![place]);
        while let Some(place) = open.pop() {
            match self.by.get(&place) {
                _ if !seen.insert(place) => {}
                Some(by) => open.extend(by),
                None => {
                    left.insert(place);
                }
            }
        }
        left
    }
}

/// True for a version and a date, neither of which shows the other. Versions of two branches or service packs do not bring each
/// other: KB937143 has only a row of SP2QFE for spru0411.dll, which KB931768 brings to SP2GDR.
fn cannot_be_compared(level: &Level, other: &Level) -> bool {
    let are_versions = matches!((level, other), (Level::Version { .. }, Level::Version { .. }));
    !are_versions && !level.brings(other)
}

/// For each missing article, the other missing ones of its system that replace it according to the vendor, both sorted
/// by their ids.
fn replacing(
    articles: &[ArticleVerdict],
    demands: &BTreeMap<usize, Vec<Demand>>,
    catalog: &Catalog,
) -> Vec<(usize, Vec<usize>)> {
    let missing: Vec<usize> =
        articles.iter().enumerate().filter(|(_, article)| is_missing(article)).map(|(place, _)| place).collect();
    let facts = |place: usize| &catalog.articles()[articles[place].article];
    let mut by_id: BTreeMap<(usize, KbId), usize> = BTreeMap::new();
    let mut by_bulletin: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for &place in &missing {
        by_id.insert((articles[place].system, articles[place].id), place);
        for bulletin in facts(place).bulletins() {
            by_bulletin.entry((articles[place].system, bulletin)).or_default().push(place);
        }
    }
    let none = Vec::new();
    let of = |place: usize| demands.get(&place).unwrap_or(&none);
    let mut found: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    // An article that states only service packs replaces none.
    for &place in missing.iter().filter(|place| facts(**place).plain().is_none()) {
        let system = articles[place].system;
        let of_id = |id: &KbId| by_id.get(&(system, *id)).copied();
        let own = facts(place);
        let by_ids = own.replaced_articles.iter().filter_map(of_id);
        // A bulletin has articles for several products: only those that share a file with this one count.
        let named = own.replaced_bulletins.iter().filter_map(|id| by_bulletin.get(&(system, &**id)));
        let by_bulletins = named.flatten().copied().filter(|other| shared(of(*other), of(place)).next().is_some());
        // A rollup contains the security-only update of its day: one of the two is enough.
        let contained = missing.iter().copied().filter(|&other| {
            let is_of_rollup = articles[other].findings.iter().any(|found| found.reason == Reason::RollupMissing);
            is_of_rollup && articles[other].system == system && contains(own, facts(other))
        });
        for other in by_ids.chain(by_bulletins).chain(contained).filter(|other| *other != place) {
            let is_for_later = is_for_later_pack(&articles[place], &articles[other]);
            if !is_for_later && !contradicts(of(other), of(place)) {
                found.entry(other).or_default().insert(place);
            }
        }
    }
    let by_age = |places: BTreeSet<usize>| {
        let mut places: Vec<usize> = places.into_iter().collect();
        places.sort_by_key(|place| articles[*place].id);
        places
    };
    let mut found: Vec<(usize, Vec<usize>)> = found.into_iter().map(|(place, by)| (place, by_age(by))).collect();
    found.sort_by_key(|(place, _)| articles[*place].id);
    found
}

/// The demands of two articles on the same target.
fn shared<'d>(one: &'d [Demand], other: &'d [Demand]) -> impl Iterator<Item = (&'d Level, &'d Level)> {
    let on = move |target: &'d Target| other.iter().filter(move |(of, _)| of == target).map(|(_, level)| level);
    one.iter().flat_map(move |(target, level)| on(target).map(move |other| (level, other)))
}

/// True where an article demands more of a target than the one that replaces it: that demand would be lost.
fn contradicts(replaced: &[Demand], replacing: &[Demand]) -> bool {
    let targets: BTreeSet<&Target> = shared_targets(replaced, replacing);
    let levels = |demands: &'_ [Demand], target: &Target| -> Vec<Level> {
        demands.iter().filter(|(of, _)| of == target).map(|(_, level)| level.clone()).collect()
    };
    targets.into_iter().any(|target| {
        let (own, other) = (levels(replaced, target), levels(replacing, target));
        own.iter().any(|own| {
            let brought = other.iter().any(|other| other.brings(own));
            !brought && other.iter().any(|other| own.brings(other))
        })
    })
}

fn shared_targets<'d>(one: &'d [Demand], other: &[Demand]) -> BTreeSet<&'d Target> {
    one.iter().map(|(target, _)| target).filter(|target| other.iter().any(|(of, _)| of == *target)).collect()
}
