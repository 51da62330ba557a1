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

/// For each article that other missing articles contain, those of them that must be installed. An article is contained
/// if, for each of its missing rows, another missing article has a row of the same file, line and branch that is at
/// least as new. It also is if another missing article replaces it, as the vendor states.
pub(super) fn superseded(
    articles: &[ArticleVerdict],
    catalog: &Catalog,
    knowledge: &Knowledge,
) -> BTreeMap<usize, Vec<KbId>> {
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
    // Articles with the fewest demands are removed first, of equal ones those that do not name the files' product, and
    // then the older: the newest and most complete ones remain.
    let mut order: Vec<usize> = demands.iter().filter(|(_, d)| !d.is_empty()).map(|(&place, _)| place).collect();
    order.sort_by_key(|place| (demands[place].len(), named.contains(place), articles[*place].id));
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

/// The articles to install, by their indices in the assessment: each that is missing on its system and not waived,
/// unless all articles that supersede it must be installed there, too. A waived article does not count as superseding,
/// because it will not be installed.
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

/// The smallest set of missing articles that brings every file to its newest known row, and the service packs that
/// articles without files require. An article that the vendor replaced by exactly one other is listed as that other.
pub fn plan(assessment: &Assessment, catalog: &Catalog, knowledge: &Knowledge) -> InstallPlan {
    let demands = demands(&assessment.articles, catalog, knowledge);
    let all = by_target(&demands);
    let mut by_place: BTreeMap<&Target, Vec<(usize, &Level)>> = BTreeMap::new();
    for (&place, of_article) in &demands {
        of_article.iter().for_each(|(target, level)| by_place.entry(target).or_default().push((place, level)));
    }
    let named = named(&assessment.articles, &demands, catalog, knowledge);
    let brought =
        stated::with_stated(inferred(&assessment.articles, &demands, &named), &assessment.articles, &demands, catalog);
    let chosen = |place: usize| {
        let left = brought.left(place);
        let is_one = brought.stated.contains(&place) && left.len() == 1;
        left.into_iter().next().filter(|_| is_one).unwrap_or(place)
    };
    let mut plan = InstallPlan::default();
    let mut files = Vec::new();
    let mut choices = Vec::new();
    for (target, levels) in by_place {
        // The tops are demands that no other demand contains, unless both contain each other.
        let top = |level: &Level| {
            could_bring(&all[target], level).all(|(_, other)| !other.brings(level) || level.brings(other))
        };
        let mut tops: Vec<&Level> = Vec::new();
        for (_, level) in levels.iter().filter(|(_, level)| top(level)) {
            if !tops.iter().any(|known| known.brings(level)) {
                tops.push(level);
            }
        }
        for level in tops {
            match (target, level) {
                (Target::Pack(_, product), Level::Pack(pack)) => {
                    plan.service_packs.push((product.clone(), pack.clone()));
                }
                (Target::File(_) | Target::Product(..), _) => {
                    let bring = levels.iter().filter(|(_, other)| other.brings(level)).map(|(place, _)| chosen(*place));
                    choices.push(bring.collect::<BTreeSet<usize>>());
                    files.push(match target {
                        Target::File(entry) => Some(*entry),
                        Target::Product(_, _, entry) => *entry,
                        Target::Pack(..) => None,
                    });
                }
                (Target::Pack(..), _) => {}
            }
        }
    }
    plan.service_packs.sort();
    plan.service_packs.dedup();
    for place in cover::smallest(&choices, |place| named.contains(&place)) {
        let brought = choices.iter().zip(&files).filter(|(of, _)| of.contains(&place)).filter_map(|(_, file)| *file);
        let brought: BTreeSet<usize> = brought.collect();
        let verdict = &assessment.articles[place];
        let files = brought.into_iter().collect();
        plan.articles.push(PlannedArticle { id: verdict.id, article: verdict.article, files });
    }
    plan.articles.sort_by_key(|article| std::cmp::Reverse(article.id));
    plan
}
