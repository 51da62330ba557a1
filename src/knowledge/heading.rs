//! What the headings of fix tables and the product lists of articles name. A thousand headings and two thousand names of products
//! stand in all articles of the catalogue: each is read once.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::mention::{is_of_other_product, packs_of_heading};
use super::processors::Processors;
use super::product::Products;
use super::scope::{Named, Scope};
use hotfixcheck_articles::{Article, Fix, Text};

/// What the headings and product lists of some articles name.
#[derive(Clone, Debug, Default)]
pub struct Headings {
    headings: HashMap<Text, Heading, RandomState>,
    products: HashMap<Text, Named, RandomState>,
}

#[derive(Clone, Debug)]
struct Heading {
    scope: Option<Scope>,
    processors: Processors,
    is_of_other_product: bool,
    packs: BTreeSet<String>,
}

impl Headings {
    /// Reads the headings and product lists of these articles.
    pub fn of<'a>(articles: impl IntoIterator<Item = &'a Article>, products: &Products) -> Self {
        let mut headings: HashSet<Text, RandomState> = HashSet::default();
        let mut named: HashSet<Text, RandomState> = HashSet::default();
        for article in articles {
            // Rows of one heading follow each other.
            let mut last: Option<&Text> = None;
            for Fix { section, .. } in &article.fixes {
                if last != Some(section) && !headings.contains(section) {
                    headings.insert(section.clone());
                }
                last = Some(section);
            }
            for product in &article.products {
                if !named.contains(product) {
                    named.insert(product.clone());
                }
            }
        }
        let heading = |heading: Text| {
            let scope = products.scope_of_heading(&heading);
            let processors = Processors::of_heading(&heading);
            let is_of_other_product = is_of_other_product(&heading);
            let packs = if scope.is_none() { packs_of_heading(&heading) } else { BTreeSet::new() };
            (heading, Heading { scope, processors, is_of_other_product, packs })
        };
        let product = |product: Text| {
            let named = products.named(&product);
            (product, named)
        };
        Self {
            headings: headings.into_par_iter().map(heading).collect(),
            products: named.into_par_iter().map(product).collect(),
        }
    }

    /// The systems that a heading of these articles names; `None` if it names no Windows.
    pub fn scope(&self, heading: &str) -> Option<&Scope> {
        self.headings.get(heading)?.scope.as_ref()
    }

    /// The service packs that a heading of these articles names, where it names nothing else: "SP2 and up".
    pub fn packs(&self, heading: &str) -> Option<&BTreeSet<String>> {
        self.headings.get(heading).map(|heading| &heading.packs).filter(|packs| !packs.is_empty())
    }

    /// True for a heading of these articles that names a product with release lines of its own, and no Windows.
    pub fn is_of_other_product(&self, heading: &str) -> bool {
        self.headings.get(heading).is_some_and(|heading| heading.is_of_other_product)
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article, products: &Products) -> Scope {
        let named = |product: &Text| match self.products.get(product) {
            Some(named) => Cow::Borrowed(named),
            None => Cow::Owned(products.named(product)),
        };
        Scope::of_list(article.products.iter().map(named))
    }

    /// True if the one heading names the client of a kernel and the other its server: Windows XP x64 and Windows Server 2003.
    pub(crate) fn are_of_other_editions(&self, one: &str, other: &str) -> bool {
        let Some((one, other)) = self.scope(one).zip(self.scope(other)) else { return false };
        one.lines
            .iter()
            .any(|line| other.lines.contains(line) && one.editions_of(line).are_others_than(other.editions_of(line)))
    }

    /// The processors that a heading names.
    pub(crate) fn processors(&self, heading: &str) -> Processors {
        self.headings.get(heading).map_or_else(|| Processors::of_heading(heading), |heading| heading.processors)
    }
}
