//! What several sources say of one article, put together: nothing that the first says is replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::articles::Catalog;
use super::listed::Listed;
use crate::KbId;
use hotfixcheck_articles::{Article, Build, Text};

impl Catalog {
    /// This catalogue with the facts of another added to its articles: nothing is replaced.
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
}

/// An article with what another source says of it. Its own title and day stay; rows of both are merged as those of two
/// statements of one article are.
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
    own.severity = own.severity.max(other.severity);
    own.restart = own.restart.max(other.restart);
    add(&mut own.replaced_articles, other.replaced_articles);
    own.replaced_articles.sort();
    add(&mut own.packages, other.packages);
    // Of one product the more trusted source's build stands: it came first.
    let stated: Vec<_> = own.builds.iter().map(|build| (build.product.clone(), build.file.clone())).collect();
    let is_new = |build: &Build| !stated.contains(&(build.product.clone(), build.file.clone()));
    own.builds.extend(other.builds.into_iter().filter(is_new));
    own
}
