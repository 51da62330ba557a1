//! The tables of the names of Windows: the release lines that a name stands for, short names, the last service packs.

use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;

use super::edition::Editions;
use super::product_windows::{self, ProductOnWindows};
use hotfixcheck_articles::SERVICE_PACKS;

/// The tables that ship with the program.
const WINDOWS: &str = include_str!("../../data/windows.tsv");
const NAMES: &str = include_str!("../../data/windows-names.tsv");
const COMPONENTS: &str = include_str!("../../data/windows-components.tsv");
const UNRELEASED: &str = include_str!("../../data/unreleased-packs.tsv");

/// The line whose releases differ by build, not by service pack.
pub(super) const LINE_OF_BUILDS: &str = "Windows 10 and later";

/// Names of Windows, and the last service packs of products.
#[derive(Clone, Debug)]
pub struct Products {
    pub(super) names: Vec<Name>,
    /// The words that names have, each with its bit.
    pub(super) words: HashMap<String, u32, RandomState>,
    /// Short names of Windows, in the form that [`plain`] returns, and the lines that they stand for; sorted.
    aliases: Vec<(String, String)>,
    /// Words for editions after a name, in the form that [`plain`] returns.
    editions: Vec<String>,
    /// Words after `windows` that begin the name of something other than a Windows release, in lower case.
    pub(super) components: HashSet<String, RandomState>,
    /// Products that run on certain Windows alone.
    pub(super) on_windows: Vec<ProductOnWindows>,
    /// Product name in lower case -> its last service pack.
    last: HashMap<String, String>,
    /// Service packs that were never released: product, service pack, and what was shipped instead. A dozen.
    unreleased: Vec<(String, String, Unreleased)>,
}

/// A name of Windows: it has certain words, and does not have certain others.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) lines: Vec<String>,
    /// The bits of the words.
    has: u128,
    has_not: u128,
    /// The service pack that its first release has in the line: Windows Server 2008 was released as SP1.
    pub(super) release: Option<String>,
    /// Whether it names the clients or the servers of its lines.
    pub(super) editions: Editions,
}

impl Name {
    /// True if a mention with these words is of this name.
    pub(super) fn fits(&self, words: u128) -> bool {
        self.has & !words == 0 && self.has_not & words == 0
    }

    /// The service packs of its lines: `RTM` means the first release under this name.
    pub(super) fn packs(&self, named: &BTreeSet<String>) -> BTreeSet<String> {
        let of_line = |pack: &String| match &self.release {
            Some(release) if pack == "RTM" => release.clone(),
            _ => pack.clone(),
        };
        named.iter().map(of_line).collect()
    }
}

/// A service pack that articles name and that was never released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreleased {
    /// What Microsoft shipped instead, if that is known.
    pub instead: Option<String>,
    /// The articles that describe it.
    pub articles: Vec<String>,
}

impl Unreleased {
    /// `not released; Microsoft shipped the Security Rollup Package (Q299444) instead`.
    pub fn text(&self) -> String {
        match &self.instead {
            None => "not released".to_owned(),
            Some(instead) if self.articles.is_empty() => format!("not released; Microsoft shipped {instead} instead"),
            Some(instead) => {
                format!("not released; Microsoft shipped {instead} ({}) instead", self.articles.join(", "))
            }
        }
    }
}

/// Why a table of products cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table of Windows names, line {line}: {what}")]
pub struct ProductsError {
    /// The table's line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl Products {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// Never for a released program: a test parses the embedded tables.
    pub fn embedded() -> Result<Self, ProductsError> {
        Ok(Self::parse(WINDOWS, SERVICE_PACKS)?.with_names(NAMES, COMPONENTS, UNRELEASED))
    }

    /// Reads the tables in the formats that the head comments of `data/windows.tsv` and
    /// `crates/articles/data/service-packs.tsv` describe.
    ///
    /// # Errors
    /// A record of the first table with less than three columns, without words, or with an unknown edition.
    pub fn parse(windows: &str, service_packs: &str) -> Result<Self, ProductsError> {
        let mut names = Vec::new();
        let mut words: HashMap<String, u32, RandomState> = HashMap::default();
        for (number, line) in windows.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut columns = line.split('\t');
            let (Some(lines), Some(has), Some(has_not)) = (columns.next(), columns.next(), columns.next()) else {
                let what = "expected lines, words, words that are not there".to_owned();
                return Err(ProductsError { line: number + 1, what });
            };
            let list = |text: &str, by: char| -> Vec<String> {
                text.split(by).map(str::trim).filter(|t| !t.is_empty() && *t != "-").map(str::to_owned).collect()
            };
            let has = list(has, ' ');
            if has.is_empty() {
                return Err(ProductsError { line: number + 1, what: "a name without words".to_owned() });
            }
            let release = columns.nth(1).filter(|release| *release != "-").map(str::to_owned);
            let editions = Editions::read(columns.next()).ok_or_else(|| {
                let what = "expected 'client', 'server' or nothing in the sixth column".to_owned();
                ProductsError { line: number + 1, what }
            })?;
            let mut bits = |list: Vec<String>| {
                list.into_iter().try_fold(0u128, |all, word| {
                    let next = words.len() as u32;
                    Some(all | 1u128.checked_shl(*words.entry(word).or_insert(next))?)
                })
            };
            let (Some(has), Some(has_not)) = (bits(has), bits(list(has_not, ' '))) else {
                let what = format!("expected at most {} different words in the second and third columns", u128::BITS);
                return Err(ProductsError { line: number + 1, what });
            };
            names.push(Name { lines: list(lines, ';'), has, has_not, release, editions });
        }
        let mut last = HashMap::new();
        for line in service_packs.lines().filter(|l| !l.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            if let (Some(product), Some(pack)) = (columns.first(), columns.get(3).filter(|p| !p.trim().is_empty())) {
                last.insert(product.trim().to_lowercase(), pack.trim().to_owned());
            }
        }
        Ok(Self {
            names,
            words,
            last,
            aliases: Vec::new(),
            editions: Vec::new(),
            components: HashSet::default(),
            on_windows: Vec::new(),
            unreleased: Vec::new(),
        })
    }

    /// Adds the tables of short names, of parts of Windows and of service packs that were never released, in the
    /// formats that the head comments of `data/windows-names.tsv`, `data/windows-components.tsv` and
    /// `data/unreleased-packs.tsv` describe.
    fn with_names(mut self, names: &str, components: &str, unreleased: &str) -> Self {
        fn records(text: &str) -> impl Iterator<Item = Vec<&str>> {
            let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
            lines.map(|line| line.split('\t').map(str::trim).collect())
        }
        for columns in records(names) {
            if let ["*", editions, ..] = columns.as_slice() {
                self.editions.extend(editions.split(';').map(plain));
            } else if let [line, aliases, ..] = columns.as_slice() {
                let of_line = std::iter::once(*line).chain(aliases.split(';')).map(str::trim);
                self.aliases.extend(of_line.map(|alias| (plain(alias), (*line).to_owned())));
            }
        }
        self.on_windows = product_windows::embedded();
        // The first line of a name stays the first.
        self.aliases.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.components.extend(records(components).filter_map(|columns| Some((*columns.first()?).to_owned())));
        for columns in records(unreleased) {
            if let [product, pack, instead, articles, ..] = columns.as_slice() {
                let instead = Some((*instead).to_owned()).filter(|text| text != "-");
                let articles =
                    articles.split(' ').filter(|id| *id != "-" && !id.is_empty()).map(str::to_owned).collect();
                self.unreleased.push(((*product).to_owned(), (*pack).to_owned(), Unreleased { instead, articles }));
            }
        }
        self
    }

    /// A service pack that was never released; `None` for all others.
    pub fn unreleased(&self, product: &str, pack: &str) -> Option<&Unreleased> {
        let (product, pack) = (product.trim(), pack.trim());
        let is_it = |own: &&(String, String, Unreleased)| {
            own.1.eq_ignore_ascii_case(pack) && own.0.eq_ignore_ascii_case(product)
        };
        self.unreleased.iter().find(is_it).map(|(_, _, unreleased)| unreleased)
    }

    /// The last service pack of a product (`6a`); `None` where the table does not have the product.
    pub fn last_pack(&self, product: &str) -> Option<&str> {
        self.last.get(&product.trim().to_lowercase()).map(String::as_str)
    }

    /// The release lines that the table names, for a check against the table of releases.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flat_map(|name| name.lines.iter().map(String::as_str))
    }

    /// The release line of Windows that a name stands for: `nt4`, `win2k`, `XP`, `2008 R2`, or as articles write it.
    pub fn line_named(&self, name: &str) -> Option<&str> {
        self.line_of_plain(&plain(name))
    }

    /// As [`line_named`](Self::line_named), for a name in the form that [`plain`] returns.
    pub(super) fn line_of_plain(&self, wanted: &str) -> Option<&str> {
        let first = self.aliases.partition_point(|(alias, _)| alias.as_str() < wanted);
        self.aliases.get(first).filter(|(alias, _)| alias == wanted).map(|(_, line)| line.as_str())
    }

    /// Words for editions, in the form that [`plain`] returns.
    pub(super) fn editions(&self) -> impl Iterator<Item = &str> {
        self.editions.iter().map(String::as_str)
    }

    /// True if a short name begins like this.
    pub(super) fn begins_alias(&self, start: &str) -> bool {
        let next = self.aliases.partition_point(|(alias, _)| alias.as_str() < start);
        self.aliases.get(next).is_some_and(|(alias, _)| alias.starts_with(start))
    }
}

/// A name of Windows without differences in spelling: letters, digits and dots in lower case.
pub(super) fn plain(name: &str) -> String {
    name.to_lowercase().replace("microsoft", "").chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
}
