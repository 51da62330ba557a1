//! The ways to name an article: by its id, a bulletin, a vulnerability or a file that it corrects.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::str::FromStr;

use super::open::OpenCatalog;
use crate::KbId;

/// The error message for a text that does not name an article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownArticle(String);

/// An article as the user names it. Any text is accepted; one of no other form is the name of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArticleRef {
    /// By its id: `Q265433`, `KB836769`, `265433`, the address of its page.
    Id {
        /// The id.
        id: KbId,
        /// As it was entered.
        text: String,
    },
    /// By a bulletin: `MS02-018`.
    Bulletin(String),
    /// By a vulnerability: `CVE-2005-0058`.
    Cve(String),
    /// By the name of a file, which is any other text.
    File(String),
}

impl FromStr for ArticleRef {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(match text.parse() {
            Ok(id) => Self::Id { id, text: text.to_owned() },
            Err(_) => match (bulletin(text), vulnerability(text), id_of_address(text)) {
                (Some(bulletin), ..) => Self::Bulletin(bulletin),
                (_, Some(cve), _) => Self::Cve(cve),
                (.., Some(id)) => Self::Id { id, text: text.to_owned() },
                _ => Self::File(text.to_owned()),
            },
        })
    }
}

impl ArticleRef {
    /// The name: an id as it was entered, a bulletin, vulnerability or file.
    pub fn text(&self) -> &str {
        match self {
            Self::Id { text, .. } | Self::Bulletin(text) | Self::Cve(text) | Self::File(text) => text,
        }
    }
}

/// The text after a word at its beginning, in any case, and after separators.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then(|| rest.trim_start_matches(SEPARATORS))
}

const SEPARATORS: [char; 5] = [' ', '-', '_', '\u{a0}', '\u{2011}'];

/// Two numbers, with a separator between them, or split after the known length of the first.
fn two_numbers(text: &str, first: usize) -> Option<(&str, &str)> {
    let (one, other) = text.split_at_checked(first)?;
    let marked = other.trim_start_matches(SEPARATORS);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(one) && digits(marked)).then_some((one, marked))
}

/// `MS02-018`, also `ms02-18`, `MS02018`, `MS 02-018`: two digits of the year, three of the number.
fn bulletin(text: &str) -> Option<String> {
    let numbers = after(text, "ms")?;
    let (year, number) = two_numbers(numbers, 2)?;
    // Without a separator, `MS0218` could be read in two ways.
    let is_whole = number.len() == 3 || (number.len() < 3 && numbers.len() > 2 + number.len());
    is_whole.then(|| format!("MS{year}-{number:0>3}"))
}

/// `CVE-2005-0058`, also `cve20050058`, and the earlier form `CAN-2005-0058`: the year, then a number of at least four
/// digits.
fn vulnerability(text: &str) -> Option<String> {
    let numbers = after(text, "cve").or_else(|| after(text, "can"))?;
    let (year, number) = two_numbers(numbers, 4)?;
    (number.len() >= 4).then(|| format!("CVE-{year}-{number}"))
}

/// The id in the address of an article or of a search for it: `https://support.microsoft.com/kb/310626`,
/// `…/?kbid=310626`, `…/topic/kb5034441-windows-…`.
fn id_of_address(text: &str) -> Option<KbId> {
    let lower = text.to_ascii_lowercase();
    let (_, path) = lower.split_once("microsoft.com/")?;
    let parts: Vec<&str> = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let named = parts.iter().find_map(|part| id_word(part));
    let is_number = |part: &&&str| (5..=7).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    named.or_else(|| parts.iter().find(is_number).and_then(|part| part.parse().ok()))
}

/// The id in the name of a package: `Q299444i.exe`, `WindowsXP-KB978037-x86-ENU.exe`.
fn id_of_package(name: &str) -> Option<KbId> {
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.')?;
    let is_package = ["exe", "msu", "cab", "msp", "zip"].contains(&extension);
    stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|_| is_package).find_map(id_word)
}

/// `kb978037`, `q299444`, `q299444i`: the prefix, five to seven digits, and at most one letter for the language.
fn id_word(word: &str) -> Option<KbId> {
    let digits = word.strip_prefix("kb").or_else(|| word.strip_prefix('q'))?;
    let digits = digits.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(digits);
    let is_id = (5..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_id)
}

impl ArticleRef {
    /// A vulnerability, as in CVE-2005-0058.
    ///
    /// # Errors
    /// Anything else.
    pub fn cve(text: &str) -> Result<Self, UnknownArticle> {
        match text.parse() {
            Ok(reference @ Self::Cve(_)) => Ok(reference),
            _ => Err(UnknownArticle(format!(
                "'{}' is not a vulnerability: expected CVE-YEAR-NUMBER, as in CVE-2005-0058",
                text.trim()
            ))),
        }
    }

    /// True for a reference that does not depend on the catalogue: everything but the name of a file.
    pub fn is_certain(&self) -> bool {
        !matches!(self, Self::File(_))
    }

    /// The articles that it names, newest last; at least one. `name` is the catalogue's name in messages.
    ///
    /// # Errors
    /// The catalogue has no such article; the message suggests similar ones.
    pub fn find(&self, catalog: &OpenCatalog, name: &str) -> Result<Vec<KbId>, UnknownArticle> {
        let found: Vec<KbId> = match self {
            Self::Id { id, .. } if catalog.has(*id) => vec![*id],
            Self::Id { id, text } => return Err(unknown(catalog, name, *id, text)),
            Self::Bulletin(name) => of_packages(catalog.naming(name), catalog),
            Self::Cve(name) => catalog.naming(name),
            Self::File(file) => of_file(file, catalog),
        };
        match (self, found.is_empty()) {
            (_, false) => Ok(found),
            (Self::Bulletin(text) | Self::Cve(text), true) => {
                Err(UnknownArticle(format!("no article of '{text}' is in the {name} catalogue")))
            }
            (_, true) => Err(UnknownArticle(self.unknown(catalog, name))),
        }
    }

    /// The message for a text that is neither an id nor a file in the catalogue.
    fn unknown(&self, catalog: &OpenCatalog, name: &str) -> String {
        let Self::File(text) = self else { return String::new() };
        let near = near_names(text, catalog);
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        let is_name = text.contains('.') && !text.contains(['/', '\\', ' ']);
        if is_name || !near.is_empty() {
            return format!("no article in the {name} catalogue lists a file '{text}'{hint}");
        }
        format!(
            "'{text}' is not an article: expected an id (Q265433, KB836769, 265433), a bulletin (MS02-018), a \
             vulnerability (CVE-2005-0058) or a file name (tapisrv.exe)"
        )
    }
}

/// The articles of a bulletin without its own one, if that states nothing and others do: KB4013389 only describes MS17-010, whose updates
/// are KB4012606 and others.
fn of_packages(found: Vec<KbId>, catalog: &OpenCatalog) -> Vec<KbId> {
    if found.len() < 2 {
        return found;
    }
    let brings = |id: &KbId| {
        // An article that cannot be read is reported where it is used.
        let article = catalog.article(*id).ok().flatten();
        article.is_none_or(|article| article.states_fix() || !article.cves.is_empty() || !article.packages.is_empty())
    };
    let packages: Vec<KbId> = found.iter().copied().filter(brings).collect();
    if packages.is_empty() { found } else { packages }
}

/// The articles of a file, by its own name, by its name on an installation medium (`tapisrv.ex_`), or by the name of
/// its package.
fn of_file(name: &str, catalog: &OpenCatalog) -> Vec<KbId> {
    let found = catalog.of_file(name);
    if !found.is_empty() {
        return found;
    }
    let mut found: Vec<KbId> = unpacked(name, catalog).into_iter().flat_map(|name| catalog.of_file(name)).collect();
    found.sort_unstable();
    found.dedup();
    match id_of_package(name).filter(|id| found.is_empty() && catalog.has(*id)) {
        Some(id) => vec![id],
        None => found,
    }
}

/// The possible original names of a packed file whose name ends in `_`.
fn unpacked<'c>(name: &str, catalog: &'c OpenCatalog) -> Vec<&'c str> {
    let lower = name.to_ascii_lowercase();
    let Some(start) = lower.strip_suffix('_').filter(|start| start.contains('.')) else { return Vec::new() };
    catalog.file_keys().filter(|key| key.len() == lower.len() && key.starts_with(start)).collect()
}

/// This many names are suggested.
const MOST_NAMES: usize = 3;

/// Similar names of files: the same name with another extension, or else names that differ by one slip.
fn near_names<'c>(text: &str, catalog: &'c OpenCatalog) -> Vec<&'c str> {
    let lower = text.to_ascii_lowercase();
    let mut near: Vec<&str> = Vec::new();
    if !lower.contains(['.', '/', '\\', ' ']) {
        let is_stem = |key: &&str| key.rsplit_once('.').is_some_and(|(stem, _)| stem == lower);
        near = catalog.file_keys().filter(is_stem).collect();
    }
    if near.is_empty() && lower.len() > 4 {
        near = catalog.file_keys().filter(|key| is_one_slip(lower.as_bytes(), key.as_bytes())).collect();
    }
    near.sort_unstable();
    near.truncate(MOST_NAMES);
    near
}

/// True for texts that differ by one letter: missing, added, replaced, or swapped with the next.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([_], [_]) | ([], [_]) | ([_], []) => true,
        ([a, b], [c, d]) => (a, b) == (d, c),
        _ => false,
    }
}

/// The error for an id that is not in the catalogue, with similar ids that are. `text` is the id as it was entered.
fn unknown(catalog: &OpenCatalog, name: &str, id: KbId, text: &str) -> UnknownArticle {
    let near: Vec<String> = catalog.nearest(id).iter().map(ToString::to_string).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
    UnknownArticle(format!("article '{text}' is not in the {name} catalogue{hint}"))
}

/// The articles that several references name, each once.
///
/// # Errors
/// As [`ArticleRef::find`].
pub fn find_all(references: &[ArticleRef], catalog: &OpenCatalog, name: &str) -> Result<Vec<KbId>, UnknownArticle> {
    let mut ids = Vec::new();
    for reference in references {
        for id in reference.find(catalog, name)? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// The articles that are named by vulnerabilities alone, with these.
pub fn named_by_cves(references: &[ArticleRef], catalog: &OpenCatalog) -> BTreeMap<KbId, Vec<String>> {
    let mut named: BTreeMap<KbId, Vec<String>> = BTreeMap::new();
    for reference in references {
        if let ArticleRef::Cve(cve) = reference {
            catalog.naming(cve).into_iter().for_each(|id| named.entry(id).or_default().push(cve.clone()));
        }
    }
    let others = references.iter().filter(|reference| !matches!(reference, ArticleRef::Cve(_)));
    // A reference that names nothing is an error of `find_all`.
    let others: BTreeSet<KbId> = others.filter_map(|other| other.find(catalog, "").ok()).flatten().collect();
    named.retain(|id, _| !others.contains(id));
    named
}
