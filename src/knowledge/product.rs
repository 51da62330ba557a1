//! Products as articles name them: the release lines of Windows that a name stands for, and the last service packs.

use std::collections::{BTreeSet, HashMap};

use hotfixcheck_articles::{Article, SERVICE_PACKS};

/// The tables that ship with the program.
const WINDOWS: &str = include_str!("../../data/windows.tsv");

/// Names of Windows, and the last service packs of products.
#[derive(Clone, Debug)]
pub struct Products {
    names: Vec<Name>,
    /// Product name in lower case -> its last service pack.
    last: HashMap<String, String>,
}

/// Names of Windows that have some words and have not some others.
#[derive(Clone, Debug)]
struct Name {
    lines: Vec<String>,
    has: Vec<String>,
    has_not: Vec<String>,
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

/// The systems that a row applies to, by its heading or its article's product list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The names of the release lines of Windows that are named.
    pub lines: BTreeSet<String>,
    /// A Windows without a release line is named: Windows 98.
    pub others: bool,
    /// Nothing but Windows is named: no product that runs on several of them.
    pub only_windows: bool,
}

impl Scope {
    /// True if the row cannot apply to a system of this line: only other Windows are named.
    pub fn excludes(&self, line: &str) -> bool {
        self.only_windows && (self.others || !self.lines.is_empty()) && !self.lines.contains(line)
    }

    /// True if this line is the only Windows named.
    pub fn is_only(&self, line: &str) -> bool {
        !self.others && self.lines.len() == 1 && self.lines.contains(line)
    }
}

impl Products {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// Never for a released program: a test parses the embedded tables.
    pub fn embedded() -> Result<Self, ProductsError> {
        Self::parse(WINDOWS, SERVICE_PACKS)
    }

    /// Reads the tables in the formats that the heads of `data/windows.tsv` and `crates/articles/data/service-packs.tsv` describe.
    ///
    /// # Errors
    /// A record of the first table with less than three columns or without words.
    pub fn parse(windows: &str, service_packs: &str) -> Result<Self, ProductsError> {
        let mut names = Vec::new();
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
            names.push(Name { lines: list(lines, ';'), has, has_not: list(has_not, ' ') });
        }
        let mut last = HashMap::new();
        for line in service_packs.lines().filter(|l| !l.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            if let (Some(product), Some(pack)) = (columns.first(), columns.get(3).filter(|p| !p.trim().is_empty())) {
                last.insert(product.trim().to_lowercase(), pack.trim().to_owned());
            }
        }
        Ok(Self { names, last })
    }

    /// The last service pack of a product (`6a`); `None` where the table does not know it.
    pub fn last_pack(&self, product: &str) -> Option<&str> {
        self.last.get(&product.trim().to_lowercase()).map(String::as_str)
    }

    /// The release lines that the table names, for a check against the table of releases.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flat_map(|name| name.lines.iter().map(String::as_str))
    }

    /// The systems that a row's heading names; `None` if it names no Windows.
    pub fn scope_of_heading(&self, heading: &str) -> Option<Scope> {
        if heading.is_empty() {
            return None;
        }
        let mut scope = Scope { only_windows: true, ..Scope::default() };
        self.add(heading, &mut scope);
        (scope.others || !scope.lines.is_empty()).then_some(scope)
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article) -> Scope {
        let mut scope = Scope { only_windows: !article.products.is_empty(), ..Scope::default() };
        for product in &article.products {
            let named = self.add(product, &mut scope);
            scope.only_windows &= named && is_windows(product);
        }
        scope
    }

    /// Adds what a text names; false if it names no Windows.
    fn add(&self, text: &str, scope: &mut Scope) -> bool {
        let mut named = false;
        let text = text.to_lowercase();
        for mention in mentions(&text) {
            let has = |word: &String| mention.contains(&word.as_str());
            for name in self.names.iter().filter(|n| n.has.iter().all(has) && !n.has_not.iter().any(has)) {
                named = true;
                scope.others |= name.lines.is_empty();
                let new = name.lines.iter().filter(|line| !scope.lines.contains(*line));
                let new: Vec<String> = new.cloned().collect();
                scope.lines.extend(new);
            }
        }
        named
    }
}

/// True if a product's name begins as those of Windows do.
fn is_windows(product: &str) -> bool {
    let text = product.to_lowercase();
    text.trim_start_matches("microsoft ").starts_with("windows")
}

/// The words of each mention of Windows in a text in lower case: from one `windows` or `winnt` to the next.
fn mentions(text: &str) -> Vec<Vec<&str>> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.').map(|w| w.trim_matches('.'));
    let mut mentions: Vec<Vec<&str>> = Vec::new();
    for word in words.filter(|w| !w.is_empty()) {
        let alone = mentions.last().is_some_and(|m| m.len() == 1 && m[0] == "windows");
        match (word, mentions.last_mut()) {
            ("nt", Some(mention)) if alone => mention[0] = "winnt",
            ("nt", _) => mentions.push(vec!["winnt"]),
            ("windows", _) => mentions.push(vec!["windows"]),
            (_, Some(mention)) => mention.push(word),
            (_, None) => {}
        }
    }
    mentions
}
