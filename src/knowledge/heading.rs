//! What the headings of fix tables and the product lists of articles name, and where the versions of rows belong. A thousand
//! headings and two thousand names of products stand in all articles of the catalogue: each is read once, when it is first asked for.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;

use super::mention::{is_of_other_product, packs_of};
use super::processors::Processors;
use super::product_table::Products;
use super::release::{Branch, Line};
use super::releases::Fitting;
use super::scope::{Named, Scope};
use hotfixcheck_articles::{Article, Clauses, Text};
use hotfixcheck_types::{KbId, Machine};

/// The parsed headings and product lists of some articles.
#[derive(Clone, Debug, Default)]
pub struct Headings {
    headings: Table<Text, Heading>,
    products: Table<Text, (Named, Processors)>,
    /// The systems that whole product lists name: articles share them.
    lists: Table<Vec<Text>, Arc<Scope>>,
    of_articles: HashMap<KbId, OfArticle, RandomState>,
    /// The names of products that headings and lists are read by; `None` where there are none.
    names: Option<Products>,
}

/// What is the same for every system that an article is compared with, found when it is first asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfArticle {
    /// For each row what tells the release of its version.
    pub fitting: Box<[OnceLock<Box<Fitting>>]>,
    /// The lines of `service_packs` that are used.
    pub packs: OnceLock<Box<[PackLine]>>,
    /// The lines of Windows that the headings of its rows name.
    headed: OnceLock<BTreeSet<String>>,
}

/// A line of an article that names a service pack.
#[derive(Clone, Debug)]
pub(crate) struct PackLine {
    /// Its place in `service_packs`.
    pub place: usize,
    /// The line of Windows that its product is.
    pub line: Option<Line>,
    /// The place of the lowest service pack that the article names for this product, if it names several.
    pub lowest: Option<usize>,
}

/// What texts say, read when it is first asked for.
type Table<K, V> = HashMap<K, OnceLock<V>, RandomState>;

#[derive(Clone, Debug)]
struct Heading {
    scope: Option<Scope>,
    processors: Processors,
    /// The processors of each line of Windows, where the heading lists systems with processors of their own.
    of_lines: Vec<(String, Processors)>,
    is_of_other_product: bool,
    packs: BTreeSet<String>,
    branch: Option<Branch>,
}

impl Heading {
    fn of(heading: &str, names: &Products) -> Self {
        let lower = heading.to_lowercase();
        // Many rows have no heading: no table is needed for these.
        let clauses = if lower.is_empty() { Clauses::default() } else { Clauses::of(&lower) };
        let scope = names.scope_in(&clauses);
        let mut of_lines: Vec<(String, Processors)> = Vec::new();
        for (system, processors) in Processors::of_systems(&clauses) {
            for line in names.scope_of_heading(system).into_iter().flat_map(|scope| scope.lines) {
                match of_lines.iter_mut().find(|(known, _)| *known == line) {
                    Some((_, known)) => *known = known.or(processors),
                    None => of_lines.push((line, processors)),
                }
            }
        }
        Self {
            processors: Processors::of_text(&lower, &clauses),
            of_lines,
            is_of_other_product: is_of_other_product(&lower),
            packs: if scope.is_none() { packs_of(&clauses) } else { BTreeSet::new() },
            scope,
            branch: Branch::from_word(heading),
        }
    }
}

impl Headings {
    /// The headings and product lists of these articles, by the names of these products.
    pub fn of<'a>(articles: impl IntoIterator<Item = &'a Article>, products: &Products) -> Self {
        fn add<K: Clone + Eq + std::hash::Hash, V>(table: &mut Table<K, V>, key: &K) {
            if !table.contains_key(key) {
                table.insert(key.clone(), OnceLock::new());
            }
        }
        let mut this = Self { names: Some(products.clone()), ..Self::default() };
        for article in articles {
            if article.states_fix() {
                let fitting = article.fixes.iter().map(|_| OnceLock::new()).collect();
                this.of_articles.insert(article.id, OfArticle { fitting, ..OfArticle::default() });
            }
            // Rows of one heading follow each other.
            let mut last: Option<&Text> = None;
            for section in article.fixes.iter().map(|fix| &fix.section) {
                if last != Some(section) {
                    add(&mut this.headings, section);
                }
                last = Some(section);
            }
            // The products of a known list are known.
            if !this.lists.contains_key(&article.products) {
                article.products.iter().for_each(|product| add(&mut this.products, product));
                this.lists.insert(article.products.clone(), OnceLock::new());
            }
        }
        this
    }

    fn heading(&self, heading: &str) -> Option<&Heading> {
        let (read, names) = (self.headings.get(heading)?, self.names.as_ref()?);
        Some(read.get_or_init(|| Heading::of(heading, names)))
    }

    /// What a name in a product list names, and its processors.
    fn product(&self, product: &str) -> Option<&(Named, Processors)> {
        let (read, names) = (self.products.get(product)?, self.names.as_ref()?);
        Some(read.get_or_init(|| {
            let lower = product.to_lowercase();
            let clauses = Clauses::of(&lower);
            (names.named_in(&clauses), Processors::of_text(&lower, &clauses))
        }))
    }

    /// What is known of one of these articles.
    pub(crate) fn of_article(&self, article: KbId) -> Option<&OfArticle> {
        self.of_articles.get(&article)
    }

    /// The systems that a heading of these articles names; `None` if it names no Windows.
    pub fn scope(&self, heading: &str) -> Option<&Scope> {
        self.heading(heading)?.scope.as_ref()
    }

    /// The service packs that a heading of these articles names, if it names nothing else: "SP2 and up".
    pub fn packs(&self, heading: &str) -> Option<&BTreeSet<String>> {
        self.heading(heading).map(|heading| &heading.packs).filter(|packs| !packs.is_empty())
    }

    /// The branch that a heading names.
    pub(crate) fn branch(&self, heading: &str) -> Option<Branch> {
        self.heading(heading).map_or_else(|| Branch::from_word(heading), |heading| heading.branch)
    }

    /// True for a heading of these articles that names a product with its own release lines, and no Windows.
    pub fn is_of_other_product(&self, heading: &str) -> bool {
        self.heading(heading).is_some_and(|heading| heading.is_of_other_product)
    }

    /// True if a row of the article is under a heading for this line of Windows.
    pub(crate) fn has_row_under(&self, line: &str, article: &Article) -> bool {
        // Rows of one heading follow each other.
        let groups = || article.fixes.chunk_by(|one, next| one.section == next.section);
        let mut lines = groups().filter_map(|rows| self.scope(&rows[0].section)).flat_map(|scope| &scope.lines);
        match self.of_articles.get(&article.id) {
            Some(known) => known.headed.get_or_init(|| lines.cloned().collect()).contains(line),
            None => lines.any(|own| own == line),
        }
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article, products: &Products) -> Arc<Scope> {
        let Some(read) = self.lists.get(&article.products) else { return Arc::new(products.scope_of(article)) };
        let named = |product: &Text| match self.product(product) {
            Some((named, _)) => Cow::Borrowed(named),
            None => Cow::Owned(products.named(product)),
        };
        Arc::clone(read.get_or_init(|| Arc::new(Scope::of_list(article.products.iter().map(named)))))
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
        // "SMS 2.0 Service Pack 2" and "SMS 2.0 Service Pack 3": each number as often as it is there.
        let often = |heading: &str, number: &str| numbers(heading).filter(|own| *own == number).count();
        let same_numbers = numbers(one).all(|number| often(one, number) <= often(other, number));
        let is_plain = self.packs(one).is_none() && !self.is_of_other_product(one);
        let is_alike = same_systems && same_numbers && is_plain && self.processors(one).is_any();
        one == other || is_alike && !are_parts(one, other)
    }

    /// False if every name in an article's product list names processors and this one is not among them: "Windows
    /// Server 2003, Datacenter Edition for Itanium-Based Systems".
    pub(crate) fn may_be_of_list(&self, article: &Article, machine: Machine) -> bool {
        let has = |product: &Text| match self.product(product) {
            Some((_, processors)) => processors.has(machine),
            None => Processors::of_heading(product).has(machine),
        };
        article.products.is_empty() || article.products.iter().any(has)
    }

    /// The processors that a heading names for this line of Windows, if it lists systems with processors of their own.
    pub(crate) fn processors_on(&self, heading: &str, line: &str) -> Option<Processors> {
        self.heading(heading)?.of_lines.iter().find(|(own, _)| own == line).map(|(_, processors)| *processors)
    }

    /// The processors that a heading names.
    pub(crate) fn processors(&self, heading: &str) -> Processors {
        self.heading(heading).map_or_else(|| Processors::of_heading(heading), |heading| heading.processors)
    }
}

/// True for headings of two parts of a product that differ in one word: "Server" and "Client", "Component: A" and "Component: B".
fn are_parts(one: &str, other: &str) -> bool {
    const PARTS: [&str; 8] =
        ["server", "client", "workstation", "console", "administrator", "primary", "secondary", "local"];
    let words = |heading: &str| -> Vec<String> {
        let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (one, other) = (words(one), words(other));
    let mut differ = one.iter().zip(&other).filter(|(one, other)| one != other);
    let is_part = |word: &String| {
        word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic()) || PARTS.contains(&word.trim_end_matches('s'))
    };
    one.len() == other.len()
        && matches!((differ.next(), differ.next()), (Some((one, other)), None) if is_part(one) && is_part(other))
}
