//! How people name an article: by its id, a bulletin, a vulnerability or a file that it corrects.

use std::convert::Infallible;
use std::str::FromStr;

use super::open::OpenCatalog;
use crate::KbId;

/// What names no article, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownArticle(String);

/// An article as people name it. Every text names one, if only by a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArticleRef {
    /// By its id: `Q265433`, `KB836769`, `265433`.
    Id {
        /// The id.
        id: KbId,
        /// As it was typed.
        text: String,
    },
    /// By a bulletin: `MS02-018`.
    Bulletin(String),
    /// By a vulnerability: `CVE-2005-0058`.
    Cve(String),
    /// By something else: the name of a file.
    File(String),
}

impl FromStr for ArticleRef {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(match text.parse() {
            Ok(id) => Self::Id { id, text: text.to_owned() },
            Err(_) if is_bulletin(text) => Self::Bulletin(text.to_ascii_uppercase()),
            Err(_) if is_cve(text) => Self::Cve(text.to_ascii_uppercase()),
            Err(_) => Self::File(text.to_owned()),
        })
    }
}

/// `MS02-018`: two letters, two digits of the year, three of the number.
fn is_bulletin(text: &str) -> bool {
    let shape = |c: char| if c.is_ascii_digit() { '9' } else { c.to_ascii_uppercase() };
    text.chars().map(shape).eq("MS99-999".chars())
}

/// `CVE-2005-0058`: the year, then a number of at least four digits.
fn is_cve(text: &str) -> bool {
    let mut parts = text.split('-');
    let digits =
        |part: Option<&str>| part.is_some_and(|part| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    let cve = parts.next().is_some_and(|part| part.eq_ignore_ascii_case("cve"));
    cve && digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
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

    /// True for what names an article whatever the catalogue contains: everything but the name of a file.
    pub fn is_certain(&self) -> bool {
        !matches!(self, Self::File(_))
    }

    /// The articles that it names, newest last; never none. `name` is what messages call the catalogue.
    ///
    /// # Errors
    /// The catalogue has no such article; what may have been meant is said.
    pub fn find(&self, catalog: &OpenCatalog, name: &str) -> Result<Vec<KbId>, UnknownArticle> {
        let found: Vec<KbId> = match self {
            Self::Id { id, .. } if catalog.has(*id) => vec![*id],
            Self::Id { id, text } => return Err(unknown(catalog, name, *id, text)),
            Self::Bulletin(name) | Self::Cve(name) => catalog.naming(name),
            Self::File(file) => catalog.of_file(file),
        };
        match (self, found.is_empty()) {
            (_, false) => Ok(found),
            (Self::Bulletin(text) | Self::Cve(text), true) => {
                Err(UnknownArticle(format!("no article of '{text}' is in the {name} catalogue")))
            }
            (_, true) => Err(UnknownArticle(self.unknown(name))),
        }
    }

    /// What is wrong with a text that is neither an id nor a file that the catalogue lists.
    fn unknown(&self, name: &str) -> String {
        let Self::File(text) = self else { return String::new() };
        let is_name = text.contains('.') && !text.contains(['/', '\\', ' ']);
        if is_name {
            return format!("no article in the {name} catalogue lists a file '{text}'");
        }
        format!(
            "'{text}' is not an article: expected an id (Q265433, KB836769, 265433), a bulletin (MS02-018), a \
             vulnerability (CVE-2005-0058) or a file name (tapisrv.exe)"
        )
    }
}

/// The error for an id that the catalogue does not have, with those that it may have been meant for. `text` is the id as
/// it was typed.
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
