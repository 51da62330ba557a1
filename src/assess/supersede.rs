//! What is left to install: which missing fixes are contained in others, and the smallest set that contains everything.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::assessment::Assessment;
use super::finding::{ArticleVerdict, Subject};
use super::neighbours::{MARGIN_DAYS, days};
use super::verdict::{ArticleStatus, Verdict};
use crate::catalog::Catalog;
use crate::knowledge::{Knowledge, Pack};
use crate::{FileVersion, KbId};
use hotfixcheck_articles::Article;

mod cover;

/// What a missing row is about. Demands on one target can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// A file: its index in the inventory.
    File(usize),
    /// A product's service pack on a system.
    Pack(usize, String),
}

/// What a missing row requires.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    /// A version of a line, service pack and branch; the row's date, if it has one.
    Version { place: String, version: FileVersion, dated: Option<Date> },
    /// A row that states only a date.
    Dated(Date),
    /// A service pack.
    Pack(Pack),
}

impl Level {
    /// True if whatever meets this demand also meets the other one.
    fn brings(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Version { place, version, .. }, Self::Version { place: there, version: wanted, .. }) => {
                place == there && matches!(version.partial_cmp(wanted), Some(Ordering::Equal | Ordering::Greater))
            }
            // Never the other way round: a date does not tell a version.
            (Self::Version { dated: Some(dated), .. }, Self::Dated(wanted)) => days(*wanted, *dated) > MARGIN_DAYS,
            (Self::Dated(date), Self::Dated(wanted)) => date >= wanted,
            (Self::Pack(pack), Self::Pack(wanted)) => pack >= wanted,
            _ => false,
        }
    }
}

type Demand = (Target, Level);

/// The demands of each missing article, by its index in the assessment.
fn demands(articles: &[ArticleVerdict], catalog: &Catalog, knowledge: &Knowledge) -> BTreeMap<usize, Vec<Demand>> {
    let to_do = |a: &ArticleVerdict| {
        matches!(a.status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing)
    };
    let missing = articles.iter().enumerate().filter(|(_, article)| to_do(article));
    missing
        .map(|(place, article)| (place, of_article(article, &catalog.articles()[article.article], knowledge)))
        .collect()
}

fn of_article(verdict: &ArticleVerdict, facts: &Article, knowledge: &Knowledge) -> Vec<Demand> {
    let missing = |v: Verdict| matches!(v, Verdict::Missing | Verdict::LikelyMissing);
    let mut demands = Vec::new();
    for finding in verdict.findings.iter().filter(|f| missing(f.verdict())) {
        let demand = match (finding.subject, finding.entry) {
            (Subject::Row(row), Some(entry)) => {
                let dated = facts.fixes[row].date;
                let level = match (&finding.demand, dated) {
                    (Some(demand), _) => {
                        Some(Level::Version { place: demand.release.place(), version: demand.version, dated })
                    }
                    (None, date) => date.map(Level::Dated),
                };
                level.map(|level| (Target::File(entry), level))
            }
            (Subject::ServicePack(place), _) => {
                let pack = &facts.service_packs[place];
                let latest = pack.sp.eq_ignore_ascii_case("latest");
                let name = if latest { knowledge.products.last_pack(&pack.product) } else { Some(&*pack.sp) };
                let releases = &knowledge.releases;
                let pack_of = |name| releases.line(&pack.product).and_then(|line| releases.pack(line, name));
                name.and_then(pack_of)
                    .map(|level| (Target::Pack(verdict.system, pack.product.clone().into()), Level::Pack(level)))
            }
            (Subject::Row(_), None) | (Subject::NotRead(_), _) => None,
        };
        demands.extend(demand);
    }
    demands
}

/// For each article that others contain, those others: for every missing row of it, another missing article has a row of
/// the same file, line and branch that is at least as new.
pub(super) fn superseded(
    articles: &[ArticleVerdict],
    catalog: &Catalog,
    knowledge: &Knowledge,
) -> BTreeMap<usize, Vec<KbId>> {
    let demands = demands(articles, catalog, knowledge);
    let mut by_target: BTreeMap<&Target, Vec<(usize, &Level)>> = BTreeMap::new();
    for (&place, of_article) in &demands {
        of_article.iter().for_each(|(target, level)| by_target.entry(target).or_default().push((place, level)));
    }
    let bringers = |(target, level): &Demand, without: usize, gone: &BTreeSet<usize>| -> Vec<usize> {
        let others = by_target[target].iter().filter(|(other, _)| *other != without && !gone.contains(other));
        others.filter(|(_, other)| other.brings(level)).map(|(other, _)| *other).collect()
    };
    // Articles with the fewest demands are removed first, of equal ones the older: the newest and most complete ones remain.
    let mut order: Vec<usize> = demands.iter().filter(|(_, d)| !d.is_empty()).map(|(&place, _)| place).collect();
    order.sort_by_key(|place| (demands[place].len(), articles[*place].id));
    let mut gone = BTreeSet::new();
    for place in order {
        if demands[&place].iter().all(|demand| !bringers(demand, place, &gone).is_empty()) {
            gone.insert(place);
        }
    }
    let by = |place: &usize| {
        // A dated row may be contained in a row that is itself contained in one without a date: then any of them is named.
        let newest = |demand: &Demand| {
            let left = bringers(demand, *place, &gone);
            let any = if left.is_empty() { bringers(demand, *place, &BTreeSet::new()) } else { left };
            any.into_iter().map(|other| articles[other].id).max()
        };
        let ids: BTreeSet<KbId> = demands[place].iter().filter_map(newest).collect();
        (*place, ids.into_iter().rev().collect())
    };
    gone.iter().map(by).collect()
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
/// articles without files require.
pub fn plan(assessment: &Assessment, catalog: &Catalog, knowledge: &Knowledge) -> InstallPlan {
    let demands = demands(&assessment.articles, catalog, knowledge);
    let mut by_target: BTreeMap<&Target, Vec<(usize, &Level)>> = BTreeMap::new();
    for (&place, of_article) in &demands {
        of_article.iter().for_each(|(target, level)| by_target.entry(target).or_default().push((place, level)));
    }
    let mut plan = InstallPlan::default();
    let mut files = Vec::new();
    let mut choices = Vec::new();
    for (target, levels) in by_target {
        // The tops: what no other demand contains, unless it also contains the other.
        let top = |level: &Level| levels.iter().all(|(_, other)| !other.brings(level) || level.brings(other));
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
                (Target::File(entry), _) => {
                    let bring = levels.iter().filter(|(_, other)| other.brings(level)).map(|(place, _)| *place);
                    choices.push(bring.collect::<BTreeSet<usize>>());
                    files.push(*entry);
                }
                (Target::Pack(..), _) => {}
            }
        }
    }
    plan.service_packs.sort();
    plan.service_packs.dedup();
    for place in cover::smallest(&choices) {
        let brought = choices.iter().zip(&files).filter(|(of, _)| of.contains(&place)).map(|(_, file)| *file);
        let brought: BTreeSet<usize> = brought.collect();
        let verdict = &assessment.articles[place];
        let files = brought.into_iter().collect();
        plan.articles.push(PlannedArticle { id: verdict.id, article: verdict.article, files });
    }
    plan.articles.sort_by_key(|article| std::cmp::Reverse(article.id));
    plan
}
