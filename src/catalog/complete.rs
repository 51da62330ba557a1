//! Merges what several sources state about one article.
//!
//! Sources of one catalogue ([`complete`]): facts of the first source stay, and the others are added to them. A
//! catalogue that the user adds ([`added`]): its rows, service packs and builds replace the existing ones, and its
//! other facts are added. [`Replaced`] counts the facts that are no longer used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::articles::Catalog;
use super::listed::Listed;
use crate::KbId;
use crate::name::file_key;
use hotfixcheck_articles::{
    Article, Build, Edition, EditionFacts, Fix, FixKind, ReleaseFacts, ServicePack, Severity, Text,
};

impl Catalog {
    /// This catalogue, completed by the facts of another about its articles: nothing is replaced.
    pub fn completed_by(self, other: &Self) -> Self {
        let mut by_id: BTreeMap<KbId, Arc<Listed>> =
            self.into_articles().into_iter().map(|article| (article.id, article)).collect();
        for article in other.articles() {
            let article = match by_id.remove(&article.id) {
                Some(own) => {
                    let own = Arc::unwrap_or_clone(own).into_article();
                    Arc::new(complete(own, Article::clone(article)).into())
                }
                None => Arc::clone(article),
            };
            by_id.insert(article.id, article);
        }
        by_id.into_values().collect()
    }

    /// This catalogue with another's articles added. Where both have an article, the other's rows replace the existing
    /// ones, or complete them if they come from update packages. Its service packs and builds of a product replace
    /// those of the same product. Everything else stays: see [`Catalog::replaced_by`].
    pub fn with(self, other: Self) -> Self {
        if other.articles().is_empty() {
            return self;
        }
        let mut by_id: BTreeMap<KbId, Arc<Listed>> = self.into_articles().into_iter().map(|a| (a.id, a)).collect();
        let alone = |listed: Arc<Listed>| Arc::unwrap_or_clone(listed).into_article();
        for article in other.into_articles() {
            let article = match by_id.remove(&article.id) {
                Some(own) => Arc::new(added(alone(own), alone(article)).into()),
                None => article,
            };
            by_id.insert(article.id, article);
        }
        by_id.into_values().collect()
    }

    /// The parts of this catalogue that are no longer used when the other is added to it, by article.
    pub fn replaced_by(&self, other: &Self) -> Vec<Replaced> {
        let of = |other: &Article| self.article(other.id).and_then(|own| replaced(own, other));
        other.iter().filter_map(of).collect()
    }
}

/// The parts of an article that are no longer used because an added catalogue differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The article.
    pub id: KbId,
    /// Its rows that the added catalogue does not have, compared by file, version and machine.
    pub rows: usize,
    /// Its service packs and builds that the added catalogue states differently.
    pub others: usize,
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {more}")),
        };
        let rows = counted(self.rows, "row", "rows");
        let others = counted(self.others, "service pack or build", "service packs or builds");
        let what: Vec<String> = rows.into_iter().chain(others).collect();
        write!(f, "{}: {}", self.id, what.join(", "))
    }
}

fn replaced(own: &Article, other: &Article) -> Option<Replaced> {
    let version = |fix: &Fix| fix.version.as_deref().and_then(|version| version.parse::<crate::FileVersion>().ok());
    let is_same = |one: &Fix, other: &Fix| {
        file_key(&one.file) == file_key(&other.file) && version(one) == version(other) && one.machine == other.machine
    };
    let is_lost = |fix: &&Fix| !other.fixes.iter().any(|other| is_same(fix, other));
    let keeps = other.fixes.is_empty() || is_of_packages(other);
    let rows = if keeps { 0 } else { own.fixes.iter().filter(is_lost).count() };
    let packs = own.service_packs.iter().filter(|pack| !other.service_packs.contains(pack) && has_pack(other, pack));
    let is_used = |build: &&Build| !is_misprint(own, build);
    let builds = own.builds.iter().filter(|build| !other.builds.contains(build));
    let builds = builds.filter(|build| other.builds.iter().filter(is_used).any(|other| is_of_same(other, build)));
    let others = packs.count() + builds.count();
    (rows + others > 0).then_some(Replaced { id: own.id, rows, others })
}

/// An article, changed by a catalogue that the user adds.
fn added(mut own: Article, mut other: Article) -> Article {
    own.service_packs.retain(|pack| !has_pack(&other, pack));
    other.builds.retain(|build| !is_misprint(&own, build));
    own.builds.retain(|build| !has_build(&other, build));
    own.service_packs.append(&mut other.service_packs);
    own.builds.append(&mut other.builds);
    if is_of_packages(&other) {
        own.fixes = with_packages(std::mem::take(&mut own.fixes), std::mem::take(&mut other.fixes));
    }
    if other.fixes.is_empty() {
        return complete(own, other);
    }
    own.fixes.clear();
    own.rejected.clear();
    complete(other, own)
}

/// True if the article states a service pack of the same product.
fn has_pack(article: &Article, pack: &ServicePack) -> bool {
    article.service_packs.iter().any(|other| other.product == pack.product)
}

/// True if the article states a build of the same product, read from the same file.
fn has_build(article: &Article, build: &Build) -> bool {
    article.builds.iter().any(|other| is_of_same(other, build))
}

fn is_of_same(one: &Build, other: &Build) -> bool {
    (&one.product, &one.file) == (&other.product, &other.file)
}

/// True for a build whose revision the catalogue knows to be a misprint (`19041.?`): the vendor's own document has it again
/// (KB5094127 on Windows Server 2004; issue 15).
fn is_misprint(article: &Article, build: &Build) -> bool {
    let number = |build: &Build| build.version.split('.').next().map(str::to_owned);
    let is_known = |own: &Build| own.version.ends_with(".?") && number(own) == number(build) && is_of_same(own, build);
    build.file.is_none() && !build.version.ends_with(".?") && article.builds.iter().any(is_known)
}

/// True for an article that was made from packages: it has only the rows of their files.
fn is_of_packages(article: &Article) -> bool {
    !article.fixes.is_empty() && article.fixes.iter().all(|fix| fix.kind == FixKind::Package)
}

/// The rows of an article together with those of packages for it. Package rows that the article itself states, with the
/// same file, version, machine, language and branch, are left out. Rows of the same packages are replaced.
fn with_packages(mut own: Vec<Fix>, packages: Vec<Fix>) -> Vec<Fix> {
    let from = |fix: &Fix| {
        fix.note.as_deref().and_then(|note| note.strip_prefix("package ")?.split(": ").next().map(str::to_owned))
    };
    let again: Vec<String> = packages.iter().filter_map(from).collect();
    own.retain(|fix| fix.kind != FixKind::Package || from(fix).is_none_or(|name| !again.contains(&name)));
    let mut line = own.iter().map(|fix| fix.line).max().unwrap_or(0);
    for fix in packages {
        let stated = own.iter().any(|own| own.kind != FixKind::Package && states(own, &fix));
        if !stated {
            line += 1;
            own.push(Fix { line, ..fix });
        }
    }
    own
}

fn states(own: &Fix, fix: &Fix) -> bool {
    let version = |fix: &Fix| fix.version.as_deref().and_then(|v| v.parse::<crate::FileVersion>().ok());
    let branch = |fix: &Fix| fix.branch.as_deref().map(str::to_uppercase);
    file_key(&own.file) == file_key(&fix.file)
        && version(own).is_some()
        && version(own) == version(fix)
        && own.machine.is_none_or(|machine| Some(machine) == fix.machine)
        && own.language.as_deref().map(str::to_lowercase) == fix.language.as_deref().map(str::to_lowercase)
        && (own.branch.is_none() || branch(own) == branch(fix))
}

/// An article, completed by another source. Its own title and date stay; rows of both are merged like those of two
/// versions of one article.
pub fn complete(mut own: Article, other: Article) -> Article {
    fn add<T: PartialEq>(own: &mut Vec<T>, others: Vec<T>) {
        for other in others {
            if !own.contains(&other) {
                own.push(other);
            }
        }
    }
    if own.title.is_empty() {
        own.title = other.title;
    }
    own.last_modified = own.last_modified.or(other.last_modified);
    if own.products.is_empty() {
        own.products = other.products;
    }
    for (list, others) in [
        (&mut own.bulletins, other.bulletins),
        (&mut own.cves, other.cves),
        (&mut own.exploited, other.exploited),
        (&mut own.replaced_bulletins, other.replaced_bulletins),
    ] {
        let mut all: Vec<Text> = std::mem::take(list);
        all.extend(others);
        all.sort();
        all.dedup();
        *list = all;
    }
    if own.fixes.is_empty() {
        own.fixes = other.fixes;
        own.rejected.extend(other.rejected);
    } else if !other.fixes.is_empty() {
        let of = |fixes| Article { fixes, ..Article::new(own.id, "") };
        let both = vec![of(std::mem::take(&mut own.fixes)), of(other.fixes)];
        if let Some(merged) = hotfixcheck_articles::merge(both) {
            own.fixes = merged.fixes;
            own.rejected.extend(merged.rejected);
        }
    }
    add(&mut own.service_packs, other.service_packs);
    own.editions = editions((&own.editions, own.severity), (&other.editions, other.severity));
    own.releases = releases(&own.releases, &other.releases, own.severity.max(other.severity));
    own.severity = own.severity.max(other.severity);
    own.restart = own.restart.max(other.restart);
    add(&mut own.replaced_articles, other.replaced_articles);
    own.replaced_articles.sort();
    add(&mut own.packages, other.packages);
    // Which of two builds for one product has the correction is not known: systems between the two are unknown (KB5026806,
    // KB3193494; issue 15).
    let version = |build: &Build| build.version.parse::<crate::FileVersion>().ok();
    let stated = own.builds.clone();
    let is_new = |build: &Build| {
        let mut same = stated.iter().filter(|own| (&own.product, &own.file) == (&build.product, &build.file));
        same.all(|own| version(own) != version(build))
    };
    own.builds.extend(other.builds.into_iter().filter(is_new));
    own
}

/// What two sources state of one edition, each with its rating for all. A source without products says nothing against what
/// another one says of a vulnerability: bulletins list those of all their updates. Two that contradict each other count as none.
fn editions(one: (&[EditionFacts], Option<Severity>), two: (&[EditionFacts], Option<Severity>)) -> Vec<EditionFacts> {
    let (own, other) = (one.0, two.0);
    if own.is_empty() && other.is_empty() {
        return Vec::new();
    }
    let of = |list: &[EditionFacts], edition: Edition| list.iter().find(|facts| facts.edition == edition).cloned();
    let cves = |edition: Edition| -> BTreeSet<Text> {
        [own, other].into_iter().filter_map(|list| of(list, edition)).flat_map(|facts| facts.cves).collect()
    };
    let highest = one.1.max(two.1);
    let severity = |edition: Edition| {
        let [own, other] = [own, other].map(|list| of(list, edition).and_then(|facts| facts.severity));
        let lower = match (own, other) {
            (Some(_), Some(_)) => own.max(other),
            // A rating for all that is not higher is that of the other edition.
            (Some(own), None) if two.1 <= one.1 => Some(own),
            (None, Some(other)) if one.1 <= two.1 => Some(other),
            _ => None,
        };
        lower.filter(|lower| Some(*lower) < highest)
    };
    let facts = |edition: Edition| {
        let others = cves(edition.other());
        let cves: Vec<Text> = cves(edition).into_iter().filter(|cve| !others.contains(cve)).collect();
        EditionFacts { edition, severity: severity(edition), cves }
    };
    let all = Edition::ALL.into_iter().map(facts);
    all.filter(|facts| facts.severity.is_some() || !facts.cves.is_empty()).collect()
}

/// What two sources state of releases of Windows. A vulnerability is on each release of which one of them says so.
fn releases(own: &[ReleaseFacts], other: &[ReleaseFacts], highest: Option<Severity>) -> Vec<ReleaseFacts> {
    let mut all = own.to_vec();
    for facts in other {
        match all.iter_mut().find(|known| known.releases == facts.releases) {
            Some(known) => {
                known.severity = known.severity.max(facts.severity);
                known.cves.extend(facts.cves.iter().cloned());
                known.cves.sort();
                known.cves.dedup();
            }
            None => all.push(facts.clone()),
        }
    }
    for facts in &mut all {
        facts.severity = facts.severity.filter(|severity| Some(*severity) < highest);
    }
    all
}
