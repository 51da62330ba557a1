//! [`Catalog`]: the facts of many articles, found by id.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::listed::Listed;
use crate::KbId;
use crate::name::file_key;
use hotfixcheck_articles::{
    ANNOUNCED_BUT_EMPTY, Article, FILES_ELSEWHERE, Fix, FixKind, HEADING_WITHOUT_PRODUCT, NO_FIX_TABLE,
    ROW_WITHOUT_NAME, Rejected,
};

/// A set of articles with their fixes, sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The articles, sorted by id, each id once. Catalogues that are read for many inventories share them.
    articles: Vec<Arc<Listed>>,
}

impl Catalog {
    /// The ids of articles that differ from this one by a single slip: a digit wrong, missing or too many, or two
    /// neighbours exchanged. The nearest numbers first, [`Catalog::MOST_NEAREST`] at most.
    pub fn nearest(&self, id: KbId) -> Vec<KbId> {
        Self::nearest_of(self.articles.iter().map(|article| article.id), id)
    }

    pub(super) fn nearest_of(ids: impl Iterator<Item = KbId>, id: KbId) -> Vec<KbId> {
        let digits = id.number().to_string();
        let slip = |other: &KbId| strsim::osa_distance(&digits, &other.number().to_string()) == 1;
        let mut near: Vec<KbId> = ids.filter(slip).collect();
        near.sort_by_key(|other| (other.number().abs_diff(id.number()), *other));
        near.truncate(Self::MOST_NEAREST);
        near
    }

    /// How many ids are suggested for one that is not there.
    pub const MOST_NEAREST: usize = 3;

    /// The article of this id.
    pub fn article(&self, id: KbId) -> Option<&Article> {
        self.articles.binary_search_by_key(&id, |a| a.id).ok().map(|i| &**self.articles[i])
    }

    /// Every article, by id.
    pub fn articles(&self) -> &[Arc<Listed>] {
        &self.articles
    }

    /// Every article alone, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().map(|listed| &***listed)
    }

    /// Every article, by id.
    pub fn into_articles(self) -> Vec<Arc<Listed>> {
        self.articles
    }

    /// The articles of these ids, those that are there.
    pub(super) fn of_ids(&self, ids: &[KbId]) -> Self {
        let place = |id: &KbId| self.articles.binary_search_by_key(id, |article| article.id).ok();
        ids.iter().filter_map(place).map(|place| Arc::clone(&self.articles[place])).collect()
    }

    /// The earliest and latest `last_modified` of the articles.
    pub fn coverage(&self) -> Option<(Date, Date)> {
        let dates = || self.articles.iter().filter_map(|a| a.last_modified);
        Some((dates().min()?, dates().max()?))
    }

    /// This catalogue with another's articles added. Where both have an article, the other's replaces it, unless that
    /// is made of update packages: then their rows complete it, and those of the same packages are replaced.
    pub fn with(self, other: Self) -> Self {
        if other.articles.is_empty() {
            return self;
        }
        let mut by_id: BTreeMap<KbId, Arc<Listed>> = self.articles.into_iter().map(|a| (a.id, a)).collect();
        let alone = |listed: Arc<Listed>| Arc::unwrap_or_clone(listed).into_article();
        for article in other.articles {
            let own = by_id.remove(&article.id).filter(|_| is_of_packages(&article));
            let article = match own {
                Some(own) => Arc::new(complete(alone(own), alone(article)).into()),
                None => article,
            };
            by_id.insert(article.id, article);
        }
        Self { articles: by_id.into_values().collect() }
    }

    /// The newest statement of each article: by the day of its last change, of equal ones the first. Statements of security
    /// bulletins, which are translations or name one update several times, are merged.
    pub fn newest(articles: impl IntoIterator<Item = Article>) -> Self {
        let mut articles: Vec<Article> = hotfixcheck_articles::belonging(articles.into_iter().collect());
        // The sort is stable: of one article's statements the first comes first.
        articles.sort_by_key(|article| article.id);
        let mut merged: Vec<Article> = Vec::with_capacity(articles.len());
        let mut bulletins: Vec<Article> = Vec::new();
        for article in articles {
            if bulletins.first().is_some_and(|first| first.id != article.id) {
                merged.extend(hotfixcheck_articles::merge(std::mem::take(&mut bulletins)));
            }
            match merged.last_mut() {
                _ if article.is_of_bulletin() => bulletins.push(article),
                Some(kept) if kept.id == article.id => {
                    if article.last_modified > kept.last_modified {
                        *kept = article;
                    }
                }
                _ => merged.push(article),
            }
        }
        merged.extend(hotfixcheck_articles::merge(bulletins));
        // An article about a bulletin stands beside the bulletin: one statement, what the article says itself first.
        merged.sort_by_key(|article| article.id);
        merged.dedup_by(|later, kept| {
            let same = later.id == kept.id;
            if same {
                let both = vec![kept.clone(), later.clone()];
                if let Some(article) = hotfixcheck_articles::merge(both) {
                    *kept = article;
                }
            }
            same
        });
        Self { articles: merged.into_iter().map(|article| Arc::new(article.into())).collect() }
    }
}

impl FromIterator<Article> for Catalog {
    /// Sorts by id; of two articles with one id, the later one in the iteration replaces the earlier.
    fn from_iter<I: IntoIterator<Item = Article>>(articles: I) -> Self {
        articles.into_iter().map(|article| Arc::new(Listed::from(article))).collect()
    }
}

impl FromIterator<Arc<Listed>> for Catalog {
    /// As of articles that nobody shares.
    fn from_iter<I: IntoIterator<Item = Arc<Listed>>>(articles: I) -> Self {
        let articles: Vec<Arc<Listed>> = articles.into_iter().collect();
        // Catalogues are written in this order.
        if articles.windows(2).all(|pair| pair[0].id < pair[1].id) {
            return Self { articles };
        }
        let by_id: BTreeMap<KbId, Arc<Listed>> = articles.into_iter().map(|a| (a.id, a)).collect();
        Self { articles: by_id.into_values().collect() }
    }
}

/// True for an article that packages made: it says nothing but their files.
fn is_of_packages(article: &Article) -> bool {
    !article.fixes.is_empty() && article.fixes.iter().all(|fix| fix.kind == FixKind::Package)
}

/// An article with the rows of packages for it. Those that it states itself, with file, version, machine, language and
/// branch, are left out; those of the same packages are replaced.
fn complete(mut article: Article, packages: Article) -> Article {
    let from = |fix: &Fix| {
        fix.note.as_deref().and_then(|note| note.strip_prefix("package ")?.split(": ").next().map(str::to_owned))
    };
    let again: Vec<String> = packages.fixes.iter().filter_map(from).collect();
    article.fixes.retain(|fix| fix.kind != FixKind::Package || from(fix).is_none_or(|name| !again.contains(&name)));
    let mut line = article.fixes.iter().map(|fix| fix.line).max().unwrap_or(0);
    for fix in packages.fixes {
        let stated = article.fixes.iter().any(|own| own.kind != FixKind::Package && states(own, &fix));
        if !stated {
            line += 1;
            article.fixes.push(Fix { line, ..fix });
        }
    }
    article
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

/// The lines of an article's fix table that gave no row, so that the article may correct more files than its rows say. Left
/// out are lines whose row is there without a cell that is not its version, and those that say that there is no row at all.
pub fn lost_rows(article: &Article) -> impl Iterator<Item = &Rejected> {
    let is_there = |rejected: &Rejected| {
        let has_version = |fix: &Fix| fix.version.is_some() || !rejected.reason.ends_with("is not a version");
        // A page may stand in one line: what has no name is no row of that line.
        let nameless = rejected.reason == ROW_WITHOUT_NAME || rejected.reason.ends_with("is not a file name");
        !nameless && article.fixes.iter().any(|fix| fix.line == rejected.line && has_version(fix))
    };
    let is_row = |rejected: &Rejected| {
        ![ANNOUNCED_BUT_EMPTY, FILES_ELSEWHERE, HEADING_WITHOUT_PRODUCT, NO_FIX_TABLE, PACKAGE_OF_FIX, OTHER_TABLE]
            .contains(&rejected.reason.as_str())
    };
    let rejected = article.rejected.iter().filter(|_| !article.fixes.is_empty());
    rejected.filter(move |rejected| is_row(rejected) && !is_there(rejected))
}

/// The first line that lost the fix of an article which states none: a catalogue's text does not hold the article, so that no
/// scan speaks of it. `None` where nothing was lost, or where the article's files are listed elsewhere.
pub fn left_out(article: &Article) -> Option<&Rejected> {
    let said = [FILES_ELSEWHERE, HEADING_WITHOUT_PRODUCT, NO_FIX_TABLE, PACKAGE_OF_FIX, OTHER_TABLE];
    let written = article.states_fix() || article.describes_update();
    article.rejected.iter().find(|rejected| !written && !said.contains(&rejected.reason.as_str()))
}

/// Why the file name of a package is not a row.
const PACKAGE_OF_FIX: &str = "the package that brings the fix";

/// Why a table is not taken for a fix table.
const OTHER_TABLE: &str = "a table of files and versions that nothing above it announces as the fix";
