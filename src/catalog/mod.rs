//! Articles -> [`Catalog`]: the facts of many articles, kept as reviewable text, found by id and by file name.

mod index;

pub use index::{FixIndex, RowRef, file_key};

use jiff::civil::Date;

use crate::KbId;
use crate::article::Article;

/// A set of articles with their fixes, sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The articles, sorted by id, each id once.
    articles: Vec<Article>,
}

impl Catalog {
    /// The article of this id.
    pub fn article(&self, id: KbId) -> Option<&Article> {
        self.articles.binary_search_by_key(&id, |a| a.id).ok().map(|i| &self.articles[i])
    }

    /// Every article, by id.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// The earliest and latest `last_modified` of the articles.
    pub fn coverage(&self) -> Option<(Date, Date)> {
        let dates = || self.articles.iter().filter_map(|a| a.last_modified);
        Some((dates().min()?, dates().max()?))
    }
}

impl FromIterator<Article> for Catalog {
    /// Sorts by id; of two articles with one id, the later one in the iteration replaces the earlier.
    fn from_iter<I: IntoIterator<Item = Article>>(articles: I) -> Self {
        let by_id: std::collections::BTreeMap<KbId, Article> = articles.into_iter().map(|a| (a.id, a)).collect();
        Self { articles: by_id.into_values().collect() }
    }
}
