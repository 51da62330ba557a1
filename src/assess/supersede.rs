//! Which fixes remain to be installed: which missing fixes are contained in others, and the smallest set that contains
//! everything.

use std::collections::{BTreeMap, BTreeSet};

use super::assessment::Assessment;
use super::finding::ArticleVerdict;
use crate::KbId;
use crate::catalog::Catalog;
use crate::knowledge::{Knowledge, Pack};

mod cover;
mod demand;
mod stated;

pub(super) use demand::is_missing;
use demand::{ByTarget, Demand, Level, Target, by_target, could_bring, demands, is_for_later_pack, names_product};

/// Says of each article that is missing and not waived which others contain it: see [`superseded`].
pub(super) fn mark(articles: &mut [ArticleVerdict], catalog: &Catalog, knowledge: &Knowledge) {
    let mut superseded = superseded(articles, catalog, knowledge);
    for (place, article) in articles.iter_mut().enumerate() {
        article.superseded_by = superseded.remove(&place).unwrap_or_default();
    }
}

/// For each article that other missing articles contain, those of them that must be installed. An article is contained
/// if, for each of its missing rows, another missing article has a row of the same file, line and branch that is at
/// least as new. It also is if another missing article replaces it, as the vendor states.
fn superseded(articles: &[ArticleVerdict], catalog: &Catalog, knowledge: &Knowledge) -> BTreeMap<usize, Vec<KbId>> {
    let demands = demands(articles, catalog, knowledge);
    let named = named(articles, &demands, catalog, knowledge);
    let brought = stated::with_stated(inferred(articles, &demands, &named), articles, &demands, catalog);
    let ids = |place: usize| -> Vec<KbId> {
        let left = brought.left(place);
        // Rows without a version may contain each other: then the articles that contain this one's rows are named.
        let left = if left.is_empty() { &brought.by[&place] } else { &left };
        let ids: BTreeSet<KbId> = left.iter().map(|place| articles[*place].id).collect();
        ids.into_iter().rev().collect()
    };
    brought.by.keys().map(|&place| (place, ids(place))).collect()
}

/// The articles that name the product of their missing files.
fn named(
    articles: &[ArticleVerdict],
    demands: &BTreeMap<usize, Vec<Demand>>,
    catalog: &Catalog,
    knowledge: &Knowledge,
) -> BTreeSet<usize> {
    let facts = |place: usize| &catalog.articles()[articles[place].article];
    demands.keys().copied().filter(|&place| names_product(&articles[place], facts(place), knowledge)).collect()
}

/// The articles whose rows are contained in others, with those others.
fn inferred(
    articles: &[ArticleVerdict],
    demands: &BTreeMap<usize, Vec<Demand>>,
    named: &BTreeSet<usize>,
) -> BTreeMap<usize, BTreeSet<usize>> {
    let all = by_target(demands);
    let is_for_later = |other: usize, than: usize| is_for_later_pack(&articles[other], &articles[than]);
    let brings = |(target, level): &Demand, without: usize, gone: &BTreeSet<usize>| {
        let may_bring = |other: usize| other != without && !gone.contains(&other) && !is_for_later(other, without);
        let others = could_bring(&all[target], level).filter(|(other, _)| may_bring(*other));
        others.map(|(_, other)| other).any(|other| other.brings(level))
    };
    // Articles that the smallest set does without are removed first, of these those with the fewest demands, of equal ones
    // those that do not name the files' product, and then the older: the newest and most complete ones remain.
    let kept = smallest(articles, &all, named);
    let mut order: Vec<usize> = demands.iter().filter(|(_, d)| !d.is_empty()).map(|(&place, _)| place).collect();
    order.sort_by_key(|place| (kept.contains(place), demands[place].len(), named.contains(place), articles[*place].id));
    let mut gone = BTreeSet::new();
    for place in order {
        if demands[&place].iter().all(|demand| brings(demand, place, &gone)) {
            gone.insert(place);
        }
    }
    let mut left = by_target(demands);
    left.values_mut()
        .flat_map(BTreeMap::values_mut)
        .for_each(|levels| levels.retain(|(place, _)| !gone.contains(place)));
    let by = |place: &usize| {
        let newest_of = |all: &ByTarget<'_>, (target, level): &Demand| {
            let others =
                could_bring(&all[target], level).filter(|(other, _)| other != place && !is_for_later(*other, *place));
            others
                .filter(|(_, other)| other.brings(level))
                .map(|(other, _)| *other)
                .max_by_key(|other| (named.contains(other), articles[*other].id))
        };
        // A row with a date may be contained in a row that is itself contained in one without a date: then any of them
        // is named.
        let newest = |demand: &Demand| newest_of(&left, demand).or_else(|| newest_of(&all, demand));
        (*place, demands[place].iter().filter_map(newest).collect())
    };
    gone.iter().map(by).collect()
}

/// The smallest set of articles that brings every file and product of each system to its newest row. An article that needs a
/// service pack first brings nothing that one without it requires.
fn smallest(articles: &[ArticleVerdict], all: &ByTarget<'_>, named: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut of_systems: BTreeMap<usize, BTreeSet<BTreeSet<usize>>> = BTreeMap::new();
    for (target, levels) in all.iter().filter(|(target, _)| !matches!(target, Target::Pack(..))) {
        for &(place, level) in levels.values().flatten() {
            let may_bring = |other: usize| !is_for_later_pack(&articles[other], &articles[place]);
            let others = || could_bring(&all[target], level).filter(|(other, _)| may_bring(*other));
            // A level that a higher one contains needs no article of its own.
            if others().any(|(_, other)| other.brings(level) && !level.brings(other)) {
                continue;
            }
            let bringing = others().filter(|(_, other)| other.brings(level)).map(|(other, _)| *other);
            of_systems.entry(articles[place].system).or_default().insert(bringing.collect());
        }
    }
    let of_system = |choices: BTreeSet<BTreeSet<usize>>| {
        cover::smallest(&choices.into_iter().collect::<Vec<_>>(), |place| named.contains(&place))
    };
    of_systems.into_values().flat_map(of_system).collect()
}

/// The articles to install, by their indices in the assessment: each that is missing on its system and not waived,
/// unless all articles that supersede it must be installed there, too.
pub fn to_install(assessment: &Assessment) -> BTreeSet<usize> {
    let is_open = |article: &ArticleVerdict| is_missing(article) && !article.is_waived();
    let open: BTreeSet<(usize, KbId)> =
        assessment.articles.iter().filter(|one| is_open(one)).map(|one| (one.system, one.id)).collect();
    let is_left = |article: &ArticleVerdict| {
        let others = &article.superseded_by;
        is_open(article) && (others.is_empty() || !others.iter().all(|id| open.contains(&(article.system, *id))))
    };
    assessment.articles.iter().enumerate().filter(|(_, one)| is_left(one)).map(|(place, _)| place).collect()
}

/// What to install so that every judged file reaches the newest row that the catalogue has for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstallPlan {
    /// The articles, newest first; no smaller set is enough.
    pub articles: Vec<PlannedArticle>,
    /// Product and last service pack that missing articles require, by product.
    pub service_packs: Vec<(String, Pack)>,
}

/// An article of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedArticle {
    /// The article's id.
    pub id: KbId,
    /// Its index in the catalogue's articles.
    pub article: usize,
    /// The files that it brings to their newest row: indices of the inventory.
    pub files: Vec<usize>,
}

/// The missing articles that no other one supersedes, which are the smallest set that brings every file to its newest known
/// row, and the service packs that articles without files require.
pub fn plan(assessment: &Assessment, catalog: &Catalog, knowledge: &Knowledge) -> InstallPlan {
    let articles = &assessment.articles;
    let demands = demands(articles, catalog, knowledge);
    let all = by_target(&demands);
    let named = named(articles, &demands, catalog, knowledge);
    let brought = stated::with_stated(inferred(articles, &demands, &named), articles, &demands, catalog);
    // No other demand contains such a level, unless both contain each other.
    let is_top = |(target, level): &Demand| {
        could_bring(&all[target], level).all(|(_, other)| !other.brings(level) || level.brings(other))
    };
    let mut plan = InstallPlan::default();
    for (&place, own) in &demands {
        let packs = own.iter().filter(|demand| is_top(demand)).filter_map(|(target, level)| match (target, level) {
            (Target::Pack(_, product), Level::Pack(pack)) => Some((product.clone(), pack.clone())),
            _ => None,
        });
        plan.service_packs.extend(packs);
        let is_pack = |(target, _): &Demand| matches!(target, Target::Pack(..));
        if brought.by.contains_key(&place) || own.iter().all(is_pack) {
            continue;
        }
        let file = |(target, _): &Demand| match target {
            Target::File(entry) => Some(*entry),
            Target::Product(_, _, entry) => *entry,
            Target::Pack(..) => None,
        };
        let files: BTreeSet<usize> = own.iter().filter(|demand| is_top(demand)).filter_map(file).collect();
        let verdict = &articles[place];
        let files = files.into_iter().collect();
        plan.articles.push(PlannedArticle { id: verdict.id, article: verdict.article, files });
    }
    plan.service_packs.sort();
    plan.service_packs.dedup();
    plan.articles.sort_by_key(|article| std::cmp::Reverse(article.id));
    plan
}
