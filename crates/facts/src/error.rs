//! Errors of a source: what is wrong, where, and what to do about it.

use std::fmt;

use crate::ids::shown;

/// A location in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The whole source.
    Whole,
    /// A byte, from 0.
    Byte(u64),
    /// A line, from 1.
    Line(u64),
    /// A line and a column, from 1.
    Column(u64, u64),
    /// An entry of a list, from 1, in formats without line numbers.
    Entry(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Byte(byte) => write!(f, "byte {byte}: "),
            Self::Line(line) => write!(f, "line {line}: "),
            Self::Column(line, column) => write!(f, "line {line}, column {column}: "),
            Self::Entry(entry) => write!(f, "entry {entry}: "),
        }
    }
}

/// A source that cannot be read. None of its facts are returned: a part of a source would be misleading.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read '{}': {place}expected {expected}, found {found}; {advice}", shown(.source_name))]
pub struct FactsError {
    /// The source as the caller named it, with the member of an archive.
    pub source_name: String,
    /// Where.
    pub place: Place,
    /// What was expected there.
    pub expected: String,
    /// What was found there.
    pub found: String,
    /// What to do.
    pub advice: &'static str,
}

/// Most damaged files were cut off during a transfer.
pub(crate) const DOWNLOAD_AGAIN: &str = "download the file again";
/// The reader was given a file in another format.
pub(crate) const OTHER_FORM: &str = "check that this is a file of the form that was asked for";

impl FactsError {
    pub(crate) fn new(name: &str, place: Place, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let (source_name, expected, found) = (name.to_owned(), expected.into(), found.into());
        Self { source_name, place, expected, found, advice: DOWNLOAD_AGAIN }
    }

    pub(crate) fn advise(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }
}

/// A text in quotation marks, as errors show what was found.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", shown(text))
}
