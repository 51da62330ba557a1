//! The systems, processors and service packs that headings of fix tables and product lists name. The catalogue has
//! about a thousand headings and two thousand product names; each is parsed once.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::mention::{is_of_other_product, packs_of_heading};
use super::processors::Processors;
use super::product::Products;
use super::scope::{Named, Scope};
use hotfixcheck_articles::{Article, Fix, Text};
use hotfixcheck_types::Machine;

/// The parsed headings and product lists of some articles.
#[derive(Clone, Debug, Default)]
pub struct Headings {
    headings: HashMap<Text, Heading, RandomState>,
    products: HashMap<Text, (Named, Processors), RandomState>,
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
            // Rows with the same heading usually follow each other.
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
            let named = (products.named(&product), Processors::of_heading(&product));
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

    /// The service packs that a heading of these articles names, if it names nothing else: "SP2 and up".
    pub fn packs(&self, heading: &str) -> Option<&BTreeSet<String>> {
        self.headings.get(heading).map(|heading| &heading.packs).filter(|packs| !packs.is_empty())
    }

    /// True for a heading of these articles that names a product with its own release lines, and no Windows.
    pub fn is_of_other_product(&self, heading: &str) -> bool {
        self.headings.get(heading).is_some_and(|heading| heading.is_of_other_product)
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article, products: &Products) -> Scope {
        let named = |product: &Text| match self.products.get(product) {
            Some((named, _)) => Cow::Borrowed(named),
            None => Cow::Owned(products.named(product)),
        };
        Scope::of_list(article.products.iter().map(named))
    }

    /// True if one heading names the client with a kernel and the other its server: Windows XP x64 and Windows Server
    /// 2003.
    pub(crate) fn are_of_other_editions(&self, one: &str, other: &str) -> bool {
        let Some((one, other)) = self.scope(one).zip(self.scope(other)) else { return false };
        one.lines
            .iter()
            .any(|line| other.lines.contains(line) && one.editions_of(line).are_others_than(other.editions_of(line)))
    }

    /// True if the first heading names no system, product, processor or number that the other does not name.
    pub(crate) fn tells_nothing_beside(&self, one: &str, other: &str) -> bool {
        fn numbers(heading: &str) -> impl Iterator<Item = &str> {
            heading.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty())
        }
        let same_systems = self.scope(one).is_none() || self.scope(one) == self.scope(other);
        let same_numbers = numbers(one).all(|number| numbers(other).any(|of_other| of_other == number));
        let is_plain = self.packs(one).is_none() && !self.is_of_other_product(one);
        one == other || same_systems && same_numbers && is_plain && self.processors(one).is_any()
    }

    /// False if every name in an article's product list names processors and this one is not among them: "Windows
    /// Server 2003, Datacenter Edition for Itanium-Based Systems".
    pub(crate) fn may_be_of_list(&self, article: &Article, machine: Machine) -> bool {
        let has = |product: &Text| match self.products.get(product) {
            Some((_, processors)) => processors.has(machine),
            None => Processors::of_heading(product).has(machine),
        };
        article.products.is_empty() || article.products.iter().any(has)
    }

    /// The processors that a heading names.
    pub(crate) fn processors(&self, heading: &str) -> Processors {
        self.headings.get(heading).map_or_else(|| Processors::of_heading(heading), |heading| heading.processors)
    }
}
