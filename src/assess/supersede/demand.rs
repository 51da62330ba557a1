//! What missing articles require: a version, a date, a service pack or a build of a file or product; and which
//! requirements include others.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::FileVersion;
use crate::assess::finding::{ArticleVerdict, Finding, Subject};
use crate::assess::later_update;
use crate::assess::neighbours::{MARGIN_DAYS, days};
use crate::assess::reason::Reason;
use crate::assess::verdict::{ArticleStatus, Verdict};
use crate::catalog::{Catalog, Listed};
use crate::knowledge::{Knowledge, Pack};
use hotfixcheck_articles::Build;

/// What a missing row is about. Demands on one target can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A file: its index in the inventory.
    File(usize),
    /// A product's service pack on a system.
    Pack(usize, String),
    /// The build of a product on a system: of the system itself, or of a file.
    Product(usize, String, Option<usize>),
}

/// What a missing row requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// A version of a line, service pack and branch; the row's date, if it has one.
    Version { place: String, version: FileVersion, dated: Option<Date> },
    /// A row that states only a date.
    Dated(Date),
    /// A service pack.
    Pack(Pack),
    /// A build: updates are cumulative.
    Build(FileVersion),
}

impl Level {
    /// True if whatever meets this demand also meets the other one.
    pub(super) fn brings(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Version { place, version, .. }, Self::Version { place: there, version: wanted, .. }) => {
                place == there && matches!(version.partial_cmp(wanted), Some(Ordering::Equal | Ordering::Greater))
            }
            // The reverse never holds: a date does not show a version.
            (Self::Version { dated: Some(dated), .. }, Self::Dated(wanted)) => days(*wanted, *dated) > MARGIN_DAYS,
            (Self::Dated(date), Self::Dated(wanted)) => date >= wanted,
            (Self::Pack(pack), Self::Pack(wanted)) => pack >= wanted,
            (Self::Build(build), Self::Build(wanted)) => build >= wanted,
            _ => false,
        }
    }

    /// The line, service pack and branch of a version; empty for anything else.
    fn branch(&self) -> &str {
        if let Self::Version { place, .. } = self { place } else { "" }
    }
}

impl Level {
    /// A sort key that puts a level before those that it includes, as far as one level alone shows that. This only
    /// makes the search faster; the answer does not depend on it.
    fn rank(&self) -> impl Ord + use<> {
        let numbers = |version: &FileVersion| version.components().to_vec();
        std::cmp::Reverse(match self {
            Self::Version { version, dated, .. } => (numbers(version), *dated, None),
            Self::Build(version) => (numbers(version), None, None),
            Self::Dated(date) => (Vec::new(), Some(*date), None),
            Self::Pack(pack) => (Vec::new(), None, Some(pack.clone())),
        })
    }
}

pub(super) type Demand = (Target, Level);

/// The demands on each target, with their articles, grouped by branch, the highest first.
pub(super) type ByTarget<'d> = BTreeMap<&'d Target, BTreeMap<&'d str, Vec<(usize, &'d Level)>>>;

pub(super) fn by_target(demands: &BTreeMap<usize, Vec<Demand>>) -> ByTarget<'_> {
    let mut found = ByTarget::new();
    for (&place, of_article) in demands {
        for (target, level) in of_article {
            found.entry(target).or_default().entry(level.branch()).or_default().push((place, level));
        }
    }
    found.values_mut().flat_map(BTreeMap::values_mut).for_each(|levels| levels.sort_by_cached_key(|(_, l)| l.rank()));
    found
}

/// The demands on a target that could include this one: those of its own branch, or all of them for a demand without a
/// version.
pub(super) fn could_bring<'b, 'd>(
    levels: &'b BTreeMap<&'d str, Vec<(usize, &'d Level)>>,
    level: &Level,
) -> impl Iterator<Item = &'b (usize, &'d Level)> + use<'b, 'd> {
    let own = if level.branch().is_empty() { None } else { Some(level.branch().to_owned()) };
    levels
        .iter()
        .filter(move |(branch, _)| own.as_ref().is_none_or(|own| own == *branch))
        .flat_map(|(_, levels)| levels)
}

/// The demands of each missing article that is not waived, by its index in the assessment.
pub(super) fn demands(
    articles: &[ArticleVerdict],
    catalog: &Catalog,
    knowledge: &Knowledge,
) -> BTreeMap<usize, Vec<Demand>> {
    let is_open = |article: &ArticleVerdict| is_missing(article) && !article.is_waived();
    let missing = || articles.iter().enumerate().filter(|(_, article)| is_open(article));
    let of_later = |article: &'_ ArticleVerdict| {
        let later = article.findings.iter().filter(|finding| finding.reason == Reason::LaterUpdateNeeded);
        later.filter_map(|finding| finding.entry()).collect::<Vec<_>>()
    };
    let later: BTreeSet<usize> = missing().flat_map(|(_, article)| of_later(article)).collect();
    missing()
        .map(|(place, article)| (place, of_article(article, &catalog.articles()[article.article], knowledge, &later)))
        .collect()
}

/// `later`: the files of products for which a later cumulative update is left to install.
fn of_article(verdict: &ArticleVerdict, facts: &Listed, knowledge: &Knowledge, later: &BTreeSet<usize>) -> Vec<Demand> {
    let missing = |v: Verdict| matches!(v, Verdict::Missing | Verdict::LikelyMissing);
    let mut demands = Vec::new();
    for finding in verdict.findings.iter().filter(|f| missing(f.verdict())) {
        let demand = match (finding.subject(), finding.entry()) {
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
                let pack = &facts.service_packs()[place];
                let name = if pack.is_latest() { knowledge.products.last_pack(&pack.product) } else { Some(&*pack.sp) };
                let releases = &knowledge.releases;
                let pack_of = |name| releases.product_line(&pack.product).and_then(|line| releases.pack(line, name));
                name.and_then(pack_of)
                    .map(|level| (Target::Pack(verdict.system, pack.product.clone().into()), Level::Pack(level)))
            }
            (Subject::Build(place), entry) => {
                let build = &facts.builds[place];
                // After the later cumulative update, only its own updates count; it must be installed itself.
                let product = match entry.filter(|entry| later.contains(entry)) {
                    Some(_) if is_cumulative_update(finding, verdict, build) => build.product.to_string() + " itself",
                    Some(_) => later_update::family(&build.product).to_owned(),
                    None => build.product.clone().into(),
                };
                let target = Target::Product(verdict.system, product, entry);
                build.version.parse().ok().map(|version| (target, Level::Build(version)))
            }
            (Subject::Row(_), None) | (Subject::NotRead(_) | Subject::Article, _) => None,
        };
        demands.extend(demand);
    }
    demands
}

/// True for the build of a later cumulative update itself, not of an update for it.
fn is_cumulative_update(finding: &Finding, verdict: &ArticleVerdict, build: &Build) -> bool {
    let is_later = finding.reason == Reason::LaterUpdateNeeded && verdict.needs_pack.is_none();
    is_later && build.product.contains(" Cumulative Update ")
}

/// True for an article whose missing rows are under the name of their files' own product: of the articles of MS08-017, which
/// bring one msowc.dll to Office 2000, BizTalk Server and Commerce Server, the one for Office 2000.
pub(super) fn names_product(verdict: &ArticleVerdict, facts: &Listed, knowledge: &Knowledge) -> bool {
    let mut lines = verdict.findings.iter().filter_map(|finding| match (finding.subject(), &finding.demand) {
        (Subject::Row(row), Some(demand)) => Some((&facts.fixes[row].section, &demand.release.line)),
        _ => None,
    });
    let mut any = false;
    let named = lines.all(|(section, line)| {
        any = true;
        knowledge.releases.line(line.name()).is_none() && section.to_lowercase().contains(&line.name().to_lowercase())
    });
    any && named
}

/// True for an article that is missing, half-installed or likely missing.
pub(in crate::assess) fn is_missing(article: &ArticleVerdict) -> bool {
    matches!(article.status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing)
}

/// True for an article that needs a later service pack first, where the other one does not: it takes the place of no fix
/// that can be installed (KB2479628 is for Windows XP SP3 alone, KB979559 also for SP2).
pub(super) fn is_for_later_pack(article: &ArticleVerdict, than: &ArticleVerdict) -> bool {
    // A cumulative update that an article brings is left to install as well.
    let needs = |article: &ArticleVerdict| article.needs_pack.as_ref().is_some_and(|needed| needed.by.is_none());
    needs(article) && !needs(than)
}
