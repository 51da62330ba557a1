//! [`Catalog`]: the facts of many articles, found by id.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::listed::Listed;
use crate::KbId;
use hotfixcheck_articles::{
    ANNOUNCED_BUT_EMPTY, Article, FILES_ELSEWHERE, Fix, HEADING_WITHOUT_PRODUCT, MISPRINTED_ID, NO_FIX_TABLE,
    ROW_WITHOUT_NAME, Rejected,
};

/// A set of articles with their fixes, sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The articles, sorted by id, each id once. Catalogues that are read for many inventories share them.
    articles: Vec<Arc<Listed>>,
}

/// The first and the last change date of articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Of articles that name a file or a service pack.
    pub files: Option<(Date, Date)>,
    /// Of articles that name neither, but a build: a recent update does not show how current the facts about older
    /// systems are.
    pub builds: Option<(Date, Date)>,
}

impl Coverage {
    /// Extended by the dates of another catalogue.
    pub(super) fn with(self, other: Self) -> Self {
        let both = |one: Option<(Date, Date)>, other: Option<(Date, Date)>| match (one, other) {
            (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
            (one, other) => one.or(other),
        };
        Self { files: both(self.files, other.files), builds: both(self.builds, other.builds) }
    }
}

impl Catalog {
    /// The ids of articles that differ from this one by a single slip: a digit that is wrong, missing or added, or two
    /// neighbouring digits that are swapped. The nearest numbers come first, [`Catalog::MOST_NEAREST`] at most.
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

    /// How many ids are suggested for one that does not exist.
    pub const MOST_NEAREST: usize = 3;

    /// The article of this id.
    pub fn article(&self, id: KbId) -> Option<&Article> {
        self.listed(id).map(|listed| &***listed)
    }

    /// As [`article`](Self::article), with its rows by file.
    pub fn listed(&self, id: KbId) -> Option<&Arc<Listed>> {
        self.articles.binary_search_by_key(&id, |a| a.id).ok().map(|i| &self.articles[i])
    }

    /// The articles of which it is not known beforehand that they state only service packs, sorted by id.
    pub(crate) fn stating_more(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().filter(|article| article.plain().is_none()).map(|listed| &***listed)
    }

    /// Every article with its rows by file, sorted by id.
    pub fn articles(&self) -> &[Arc<Listed>] {
        &self.articles
    }

    /// Every article without its index, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().map(|listed| &***listed)
    }

    /// Every article, sorted by id.
    pub fn into_articles(self) -> Vec<Arc<Listed>> {
        self.articles
    }

    /// The articles of these ids that exist.
    pub(super) fn of_ids(&self, ids: &[KbId]) -> Self {
        let place = |id: &KbId| self.articles.binary_search_by_key(id, |article| article.id).ok();
        ids.iter().filter_map(place).map(|place| Arc::clone(&self.articles[place])).collect()
    }

    /// How many articles state a fix: a file, a service pack or a build.
    pub fn stating_fix(&self) -> usize {
        self.articles.iter().filter(|article| article.states_fix()).count()
    }

    /// The change dates of the articles that state a fix.
    pub fn coverage(&self) -> Coverage {
        let is_by_files = |article: &&Arc<Listed>| !article.fixes.is_empty() || !article.service_packs.is_empty();
        let (by_files, others): (Vec<&Arc<Listed>>, Vec<_>) = self.articles.iter().partition(is_by_files);
        let range = |articles: Vec<&Arc<Listed>>| {
            let days = || articles.iter().filter(|article| article.states_fix()).filter_map(|a| a.last_modified);
            Some((days().min()?, days().max()?))
        };
        Coverage { files: range(by_files), builds: range(others) }
    }

    /// The newest version of each article, by its change date; of equal dates the first. Versions from security
    /// bulletins, which are translations or name one update several times, are merged.
    pub fn newest(articles: impl IntoIterator<Item = Article>) -> Self {
        let articles = hotfixcheck_articles::belonging(articles.into_iter().collect());
        let articles = hotfixcheck_articles::numbered_by_lists(articles);
        let mut articles = hotfixcheck_articles::after_listed_packs(articles);
        // The sort is stable: the versions of one article keep their order.
        articles.sort_by_key(|article| article.id);
        let mut stated: Vec<(Option<Article>, Vec<Article>)> = Vec::with_capacity(articles.len());
        let mut last = None;
        for article in articles {
            if last.replace(article.id) != Some(article.id) {
                stated.push((None, Vec::new()));
            }
            let Some((newest, bulletins)) = stated.last_mut() else { continue };
            if article.is_of_bulletin() {
                bulletins.push(article);
            } else if newest.as_ref().is_none_or(|newest| article.last_modified > newest.last_modified) {
                *newest = Some(article);
            }
        }
        // An article about a bulletin and the bulletin are merged; the article's own statements come first.
        let of_id = |(newest, bulletins): (Option<Article>, Vec<Article>)| {
            let both = newest.into_iter().chain(hotfixcheck_articles::merge(bulletins)).collect::<Vec<Article>>();
            let merged = if both.len() < 2 { both.into_iter().next() } else { hotfixcheck_articles::merge(both) };
            merged.map(|article| Arc::new(Listed::from(article)))
        };
        // Ids do not depend on each other, and merging the translations of a bulletin takes a while.
        Self { articles: stated.into_par_iter().filter_map(of_id).collect() }
    }
}

impl FromIterator<Article> for Catalog {
    /// Sorts by id; of two articles with one id, the later one in the iteration replaces the earlier.
    fn from_iter<I: IntoIterator<Item = Article>>(articles: I) -> Self {
        articles.into_iter().map(|article| Arc::new(Listed::from(article))).collect()
    }
}

impl FromIterator<Arc<Listed>> for Catalog {
    /// As for articles that are not shared.
    fn from_iter<I: IntoIterator<Item = Arc<Listed>>>(articles: I) -> Self {
        let articles: Vec<Arc<Listed>> = articles.into_iter().collect();
        // Catalogues are written in this order, so mostly nothing must be sorted.
        if articles.windows(2).all(|pair| pair[0].id < pair[1].id) {
            return Self { articles };
        }
        let by_id: BTreeMap<KbId, Arc<Listed>> = articles.into_iter().map(|a| (a.id, a)).collect();
        Self { articles: by_id.into_values().collect() }
    }
}

/// The lines of an article's fix table from which no row was read: the article may correct more files than its rows
/// say. Lines whose row only lacks some other cell are left out, and so are lines that report that there is no table or
/// row.
pub fn lost_rows(article: &Article) -> impl Iterator<Item = &Rejected> {
    let is_there = |rejected: &Rejected| {
        let has_version = |fix: &Fix| fix.version.is_some() || !rejected.reason.ends_with("is not a version");
        // A whole page may be in one line: a line without a file name then gave none of its rows.
        let nameless = rejected.reason == ROW_WITHOUT_NAME || rejected.reason.ends_with("is not a file name");
        !nameless && article.fixes.iter().any(|fix| fix.line == rejected.line && has_version(fix))
    };
    let is_row = |rejected: &Rejected| {
        ![
            ANNOUNCED_BUT_EMPTY,
            FILES_ELSEWHERE,
            HEADING_WITHOUT_PRODUCT,
            NO_FIX_TABLE,
            MISPRINTED_ID,
            PACKAGE_OF_FIX,
            OTHER_TABLE,
        ]
        .contains(&rejected.reason.as_str())
    };
    let rejected = article.rejected.iter().filter(|_| !article.fixes.is_empty());
    rejected.filter(move |rejected| is_row(rejected) && !is_there(rejected))
}

/// The first line with the unread fix of an article that states no other fix: the catalogue's text then leaves the
/// article out, and no scan reports it. `None` where nothing was lost, or where the article's files are listed
/// elsewhere.
pub fn left_out(article: &Article) -> Option<&Rejected> {
    let said = [FILES_ELSEWHERE, HEADING_WITHOUT_PRODUCT, NO_FIX_TABLE, MISPRINTED_ID, PACKAGE_OF_FIX, OTHER_TABLE];
    let written = article.states_fix() || article.describes_update();
    article.rejected.iter().find(|rejected| !written && !said.contains(&rejected.reason.as_str()))
}

/// Why the file name of a package is not a row.
const PACKAGE_OF_FIX: &str = "the package that brings the fix";

/// Why a table is not read as a fix table.
const OTHER_TABLE: &str = "a table of files and versions that nothing above it announces as the fix";
