//! What is wrong with a source, where, and what to do about it.

use std::fmt;

use crate::ids::shown;

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The whole of it.
    Whole,
    /// A byte, from 0.
    Byte(u64),
    /// A line, from 1.
    Line(u64),
    /// A line and a column, from 1.
    Column(u64, u64),
    /// An entry of a list, from 1: where a format tells no lines.
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

/// A source that cannot be read. Nothing of it is given: half a source would be a wrong one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read '{}': {place}expected {expected}, found {found}; {advice}", shown(.source_name))]
pub struct FactsError {
    /// The source as the caller named it, with the member of an archive.
    pub source_name: String,
    /// Where.
    pub place: Place,
    /// What was expected there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// What to do.
    pub advice: &'static str,
}

/// Most broken files were cut off on their way.
pub(crate) const DOWNLOAD_AGAIN: &str = "download the file again";
/// The reader was given a file of another form.
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

/// A text in quotation marks, as an error shows what it found.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", shown(text))
}
