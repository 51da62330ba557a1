//! The Windows that products and parts of Windows run on, where these are certain ones alone: "IIS 5.0" is of Windows 2000
//! (`data/product-windows.tsv`). In: a text in lower case that names no Windows. Out: the lines of Windows.

use super::mention::words;
use super::pack_words::Bound;
use hotfixcheck_articles::SCOPE_WORDS;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/product-windows.tsv");

/// A version of a product, and the Windows that it runs on.
#[derive(Clone, Debug)]
pub(super) struct ProductOnWindows {
    /// The words of its name.
    name: Vec<String>,
    /// Empty for all.
    versions: Vec<String>,
    counts: Counts,
    /// Empty where it runs on no Windows.
    lines: Vec<String>,
}

/// Where a name counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    Begins,
    Alone,
    Any,
}

/// The Windows of a product that a text names.
pub(super) struct OnLines {
    /// Empty where it runs on no Windows.
    pub(super) lines: Vec<String>,
    /// True if the text is the name of the product, and not of one for it.
    pub(super) is_whole: bool,
}

/// The records of the table. A test reads it.
pub(super) fn embedded() -> Vec<ProductOnWindows> {
    let mut products = Vec::new();
    for record in TABLE.lines().filter(|record| !record.starts_with('#')) {
        let [names, versions, counts, lines, ..] = record.split('\t').collect::<Vec<_>>()[..] else { continue };
        let counts = match counts {
            "alone" => Counts::Alone,
            "any" => Counts::Any,
            _ => Counts::Begins,
        };
        let list = |text: &str, by: char| -> Vec<String> {
            text.split(by).filter(|part| !part.is_empty() && *part != "-").map(str::to_owned).collect()
        };
        products.extend(names.split(';').map(|name| ProductOnWindows {
            name: list(name, ' '),
            versions: list(versions, ' '),
            counts,
            lines: list(lines, ';'),
        }));
    }
    products
}

/// The Windows of the product that a text names; `None` if it names none of the table. The longest name counts.
pub(super) fn windows_of(text: &str, products: &[ProductOnWindows]) -> Option<OnLines> {
    let own: Vec<&str> = words(text).flat_map(apart).collect();
    let found = products.iter().filter_map(|product| Some((product.read(&own)?, product)));
    let (at, product) = found.max_by_key(|&(at, product)| (product.name.len(), usize::MAX - at))?;
    let is_filling = |word: &&str| {
        let uses = SCOPE_WORDS.uses(word);
        uses.is_filling() || uses.is_joining() || uses.is_plain() || *word == "microsoft"
    };
    let is_whole = product.counts == Counts::Any || own[..at].iter().all(is_filling);
    // In "ISA Server 2000, Small Business Server 2000" the bundle is named beside its part (MS05-034).
    let is_joined = at.checked_sub(1).is_some_and(|before| matches!(own[before], "for" | "on" | "with" | "of" | "in"));
    if !is_whole && !is_joined {
        return None;
    }
    let rest = &own[at + product.name.len()..];
    let of_name: Vec<&ProductOnWindows> = products.iter().filter(|other| other.name == product.name).collect();
    let is_version = |word: &&str| of_name.iter().any(|other| other.versions.iter().any(|own| own == word));
    // "IIS 4.0 and 5.0", "IIS version 5.0 (Alpha)"
    let versions: Vec<&str> =
        rest.iter().copied().take_while(|word| is_filling(word) || is_version(word) || is_title(word)).collect();
    let of_version = |other: &ProductOnWindows| {
        other.versions.is_empty() || other.versions.iter().any(|own| versions.contains(&own.as_str()))
    };
    let places: Vec<usize> = (0..of_name.len()).filter(|&place| of_version(of_name[place])).collect();
    let (first, last) = (*places.first()?, *places.last()?);
    let included = match Bound::behind(rest) {
        Some(Bound::From) => first..of_name.len(),
        Some(Bound::UpTo) => 0..last + 1,
        _ => 0..0,
    };
    let mut lines: Vec<String> = Vec::new();
    for place in places.iter().copied().chain(included) {
        lines.extend(of_name[place].lines.iter().filter(|line| !lines.contains(line)).cloned().collect::<Vec<_>>());
    }
    Some(OnLines { lines, is_whole })
}

impl ProductOnWindows {
    /// The place of its name in these words, if it counts there.
    fn read(&self, own: &[&str]) -> Option<usize> {
        let at = own.windows(self.name.len()).position(|words| words.iter().zip(&self.name).all(|(a, b)| a == b))?;
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let is_alone = || {
            let mut others = own[..at].iter().chain(&own[at + self.name.len()..]);
            others.all(|word| {
                let uses = SCOPE_WORDS.uses(word);
                is_number(word) || uses.is_joining() || uses.is_plain() || is_title(word) || *word == "microsoft"
            })
        };
        (self.counts != Counts::Alone || is_alone()).then_some(at)
    }
}

/// Words between a name and its version: "IIS version 5.0", "MS-DOS operating system 6.22".
fn is_title(word: &str) -> bool {
    matches!(
        word,
        "version" | "versions" | "release" | "releases" | "v" | "operating" | "system" | "server" | "services" | "iis"
    )
}

/// The two parts of "iis5.0"; other words as they are.
fn apart(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.strip_prefix("iis").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match parts {
        Some(version) => [Some("iis"), Some(version)],
        None => [Some(word), None],
    }
    .into_iter()
    .flatten()
}
