//! Products as articles name them: the release lines of Windows that a name stands for, and the last service packs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use hotfixcheck_articles::{Article, SERVICE_PACKS};

/// The tables that ship with the program.
const WINDOWS: &str = include_str!("../../data/windows.tsv");
const NAMES: &str = include_str!("../../data/windows-names.tsv");
const COMPONENTS: &str = include_str!("../../data/windows-components.tsv");
const UNRELEASED: &str = include_str!("../../data/unreleased-packs.tsv");

/// Names of Windows, and the last service packs of products.
#[derive(Clone, Debug)]
pub struct Products {
    names: Vec<Name>,
    /// Short names of Windows, as [`plain`] leaves them, and the lines that they stand for.
    aliases: Vec<(String, String)>,
    /// Words after `windows` that begin the name of something else, in lower case.
    components: HashSet<String>,
    /// Product name in lower case -> its last service pack.
    last: HashMap<String, String>,
    /// Product name in lower case and service pack -> what was shipped instead.
    unreleased: HashMap<(String, String), Unreleased>,
}

/// Names of Windows that have some words and have not some others.
#[derive(Clone, Debug)]
struct Name {
    lines: Vec<String>,
    has: Vec<String>,
    has_not: Vec<String>,
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

/// The systems that a row applies to, by its heading or its article's product list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The names of the release lines of Windows that are named.
    pub lines: BTreeSet<String>,
    /// A Windows without a release line is named: Windows 98.
    pub others: bool,
    /// Nothing but Windows is named: no product that runs on several of them.
    pub only_windows: bool,
    /// The service packs that are named, by line: `RTM`, `2`. A line that is named without one has none here.
    pub packs: BTreeMap<String, BTreeSet<String>>,
}

/// What one text names.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    lines: BTreeSet<String>,
    /// A Windows without a release line.
    others: bool,
    packs: BTreeMap<String, BTreeSet<String>>,
    /// Lines that are named with and without a service pack: they are meant whole.
    whole: BTreeSet<String>,
    /// It names nothing but Windows.
    is_windows: bool,
}

impl Scope {
    /// The systems that the names of a list of products name.
    pub(super) fn of_list<'n>(list: impl Iterator<Item = Cow<'n, Named>>) -> Self {
        let mut scope = Self::default();
        let mut list = list.peekable();
        scope.only_windows = list.peek().is_some();
        for named in list {
            scope.only_windows &= named.is_windows;
            scope.add(&named);
        }
        scope
    }

    fn add(&mut self, named: &Named) {
        self.others |= named.others;
        for line in &named.lines {
            if !self.lines.contains(line) {
                self.lines.insert(line.clone());
            }
        }
        for (line, packs) in &named.packs {
            self.packs.entry(line.clone()).or_default().extend(packs.iter().cloned());
        }
        self.packs.retain(|line, _| !named.whole.contains(line));
    }

    /// True if the row cannot apply to a system of this line: only other Windows are named.
    pub fn excludes(&self, line: &str) -> bool {
        self.only_windows && (self.others || !self.lines.is_empty()) && !self.lines.contains(line)
    }

    /// The service packs that the row is for on this line of Windows; `None` if it names none.
    pub fn packs_of(&self, line: &str) -> Option<&BTreeSet<String>> {
        self.packs.get(line)
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
        Ok(Self::parse(WINDOWS, SERVICE_PACKS)?.with_names(NAMES, COMPONENTS, UNRELEASED))
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
        Ok(Self { names, last, aliases: Vec::new(), components: HashSet::new(), unreleased: HashMap::new() })
    }

    /// Adds the tables of short names, of parts of Windows and of service packs that were never released, in the formats that the
    /// heads of `data/windows-names.tsv`, `data/windows-components.tsv` and `data/unreleased-packs.tsv` describe.
    fn with_names(mut self, names: &str, components: &str, unreleased: &str) -> Self {
        fn records(text: &str) -> impl Iterator<Item = Vec<&str>> {
            let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
            lines.map(|line| line.split('\t').map(str::trim).collect())
        }
        for columns in records(names) {
            if let [line, aliases, ..] = columns.as_slice() {
                let of_line = std::iter::once(*line).chain(aliases.split(';')).map(str::trim);
                self.aliases.extend(of_line.map(|alias| (plain(alias), (*line).to_owned())));
            }
        }
        self.components.extend(records(components).filter_map(|columns| Some((*columns.first()?).to_owned())));
        for columns in records(unreleased) {
            if let [product, pack, instead, articles, ..] = columns.as_slice() {
                let key = (product.to_lowercase(), pack.to_lowercase());
                let instead = Some((*instead).to_owned()).filter(|text| text != "-");
                let articles =
                    articles.split(' ').filter(|id| *id != "-" && !id.is_empty()).map(str::to_owned).collect();
                self.unreleased.insert(key, Unreleased { instead, articles });
            }
        }
        self
    }

    /// What is known of a service pack that was never released; `None` for all others.
    pub fn unreleased(&self, product: &str, pack: &str) -> Option<&Unreleased> {
        // Nearly all service packs that articles name were released.
        let pack = pack.trim();
        if !self.unreleased.keys().any(|(_, own)| own.eq_ignore_ascii_case(pack)) {
            return None;
        }
        self.unreleased.get(&(product.trim().to_lowercase(), pack.to_lowercase()))
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
        scope.add(&self.named(heading));
        (scope.others || !scope.lines.is_empty()).then_some(scope)
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article) -> Scope {
        Scope::of_list(article.products.iter().map(|product| Cow::Owned(self.named(product))))
    }

    /// The release line of Windows that a name stands for: `nt4`, `win2k`, `XP`, `2008 R2`, or as articles write it.
    pub fn line_named(&self, name: &str) -> Option<&str> {
        let wanted = plain(name);
        let known = self.aliases.iter().find(|(alias, _)| *alias == wanted);
        known.map(|(_, line)| line.as_str())
    }

    /// What a text names.
    pub(super) fn named(&self, text: &str) -> Named {
        let mut named = Named::default();
        let text = text.to_lowercase();
        // "All versions of Windows except Windows Vista" does not name Windows Vista.
        let text = EXCEPT.iter().filter_map(|word| text.find(word)).min().map_or(&*text, |end| &text[..end]);
        let mut is_windows = false;
        let is_component = |mention: &Vec<&str>| mention.get(1).is_some_and(|word| self.components.contains(*word));
        for mention in mentions(text).into_iter().filter(|mention| !is_component(mention)) {
            let and_later = is_open(&mention);
            let (packs, mention) = packs(&mention);
            let has = |word: &String| mention.contains(&word.as_str());
            let fits = |name: &&Name| name.has.iter().all(has) && !name.has_not.iter().any(has);
            // "Windows XP and later"; of "Windows XP SP2 or later" the service packs are meant.
            let first = self.names.iter().position(|name| fits(&name)).filter(|_| and_later && packs.is_empty());
            let later =
                first.map_or(&[][..], |first| &self.names[first..]).iter().filter(|name| !name.lines.is_empty());
            for name in self.names.iter().filter(fits).chain(later) {
                is_windows = true;
                named.others |= name.lines.is_empty();
                for line in &name.lines {
                    named.lines.insert(line.clone());
                    if packs.is_empty() {
                        named.whole.insert(line.clone());
                    } else {
                        named.packs.entry(line.clone()).or_default().extend(packs.iter().cloned());
                    }
                }
            }
        }
        named.is_windows = is_windows && text.trim_start_matches("microsoft ").starts_with("windows");
        named
    }
}

/// Words before what a text does not name.
const EXCEPT: [&str; 4] = [" except ", " excluding ", " other than ", " but not "];

/// Words that show that numbers and service packs after them are not those of Windows: "Windows 2000 with Internet Explorer 6 SP1".
const OTHER_PRODUCTS: [&str; 14] = [
    "internet",
    "explorer",
    "ie",
    "ie6",
    ".net",
    "net",
    "framework",
    "media",
    "exchange",
    "sql",
    "office",
    "outlook",
    "mdac",
    "messenger",
];

/// True for a mention that names what comes later, too: "Windows XP and later", "Windows 2000 SP3 or later versions".
fn is_open(mention: &[&str]) -> bool {
    mention.windows(2).any(|two| matches!(two, ["and" | "or", "later" | "newer" | "higher" | "above"]))
}

/// The highest number of a service pack of any Windows.
const LAST_PACK: u32 = 6;

/// The service packs in the words of one mention of Windows (`service pack 2`, `sp2`, `sp1 and sp2`, `rtm`), and the words of its name
/// without the numbers of service packs: "Windows NT 3.51 Service Pack 4" does not name Windows NT 4.
fn packs<'a>(mention: &[&'a str]) -> (BTreeSet<String>, Vec<&'a str>) {
    let number = |word: &str| {
        let digits = word.strip_suffix('a').unwrap_or(word);
        (!digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| word.to_owned())
    };
    // What follows another product's name is of that one: "Windows XP with Internet Explorer 7", "Windows XP and SQL Server 2000". The
    // second word may be of Windows itself: "Windows .NET Server 2003".
    let is_other = |(at, word): (usize, &&str)| OTHER_PRODUCTS.contains(word) && (at > 1 || !word.ends_with("net"));
    let words = &mention[..mention.iter().enumerate().position(is_other).unwrap_or(mention.len())];
    let mut packs = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let next = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
        if *word == "rtm" {
            packs.insert("RTM".to_owned());
        } else if let Some(pack) = word.strip_prefix("sp").and_then(number) {
            packs.insert(pack);
        } else if (*word == "service" && matches!(next(1), "pack" | "packs")) || *word == "sp" {
            // `service pack 2 and 3`
            let first = at + if *word == "sp" { 1 } else { 2 };
            let rest = words.iter().enumerate().skip(first);
            for (at, word) in rest.take_while(|(_, w)| number(w).is_some() || matches!(**w, "and" | "or")) {
                packs.extend(number(word));
                numbers.insert(at);
            }
        }
    }
    if is_open(mention) {
        let lowest = packs.iter().filter_map(|pack| pack.parse::<u32>().ok()).min();
        packs.extend(lowest.into_iter().flat_map(|lowest| lowest + 1..=LAST_PACK).map(|pack| pack.to_string()));
    }
    let without = words.iter().enumerate().filter(|(at, _)| !numbers.contains(at)).map(|(_, word)| *word).collect();
    (packs, without)
}

/// A name of Windows without what people write in different ways: letters, digits and dots in lower case.
fn plain(name: &str) -> String {
    name.to_lowercase().replace("microsoft", "").chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
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
