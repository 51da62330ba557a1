//! Which of two products of one build number a system is: by the name that the user gives, or by the series of revisions
//! that only one of them has.

use std::collections::BTreeSet;

use super::system_build::SystemBuild;
use crate::catalog::{Catalog, Listed};
use crate::knowledge::Knowledge;
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::spelling::windows_name;

/// No update is so far above the one before it: the largest step is 1,638 (Server 2025, 26100.6584), but for the new
/// series of Server 2025, which began 24,768 above in January 2026.
const FAR: u32 = 10_000;

impl SystemBuild {
    /// The products that a name means for the system's build numbers; none for the name of a line, which has many.
    fn named(&self, name: &str, knowledge: &Knowledge) -> BTreeSet<&'static str> {
        let numbers = (self.first..=self.build).filter(|_| knowledge.releases.line(name).is_none());
        numbers.filter_map(|number| windows_name(name, number)).collect()
    }

    /// Adds the product that the user names: a kernel alone does not show which of two it is.
    pub(super) fn given_as(mut self, name: Option<String>, knowledge: &Knowledge) -> Self {
        let named = name.map(|name| self.named(&name, knowledge)).unwrap_or_default();
        if let (None, 1, Some(&product)) = (self.product, named.len(), named.first()) {
            self.product = self.products().find(|own| *own == product);
        }
        self
    }

    /// Why the name that the user gave is not that of the system's build.
    pub(super) fn contradicts(&self, name: &str, knowledge: &Knowledge) -> Option<String> {
        let named = self.named(name, knowledge);
        let own: BTreeSet<&str> = match self.product {
            Some(product) => BTreeSet::from([product]),
            None => self.products().collect(),
        };
        // Windows 11 calls itself Windows 10, not the other way round.
        let is_11 = |product: &&str| product.starts_with("Windows 11");
        let lower = name.to_lowercase();
        let names_11 = lower.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "11" | "w11" | "win11"));
        let is_not_11 = || names_11 && !own.iter().any(is_11);
        let is_other = !own.is_empty() && (!named.is_empty() && named.is_disjoint(&own) || is_not_11());
        let own = own.into_iter().collect::<Vec<_>>().join(" or ");
        is_other.then(|| format!("it is given as {name}, but its build {} is of {own}", self.build))
    }

    /// The only product that is left, if the revision is far above all updates of the others and near one of its own.
    /// Every product must have updates: of one without any, nothing is known.
    pub(super) fn told_by_series(&self, catalog: &Catalog) -> Option<&'static str> {
        let series: Vec<(&str, BTreeSet<u32>)> =
            self.products().map(|product| (product, self.of_product(product).revisions(catalog))).collect();
        if series.iter().any(|(_, revisions)| revisions.is_empty()) {
            return None;
        }
        let is_left = |(_, revisions): &&(&str, BTreeSet<u32>)| {
            revisions.last().is_some_and(|last| self.revision <= last.saturating_add(FAR))
        };
        let mut left = series.iter().filter(is_left);
        let (product, revisions) = left.next().filter(|_| left.next().is_none() && series.len() > 1)?;
        let mut near = revisions.range(self.revision.saturating_sub(FAR)..=self.revision.saturating_add(FAR));
        near.next().map(|_| *product)
    }

    /// True for a build far below one that the same product had by the article's day: the advisory names Server 2025 with
    /// the build of Windows 11's update (CVE-2026-50507), so that every server would have it.
    pub(super) fn is_of_earlier_series(
        &self,
        build: &Build,
        revision: u32,
        article: &Article,
        catalog: &Catalog,
    ) -> bool {
        let is_far_above = |other: &Build| {
            let own = other.product == build.product;
            own && self.numbers(other).is_some_and(|(_, other)| other > revision.saturating_add(FAR))
        };
        let is_far = self.revision > revision.saturating_add(FAR);
        article.last_modified.filter(|_| is_far).is_some_and(|day| {
            let is_earlier = |other: &Listed| other.last_modified.is_some_and(|other| other <= day);
            catalog.articles().iter().any(|other| is_earlier(other) && other.builds().iter().any(is_far_above))
        })
    }
}
