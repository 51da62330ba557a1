//! Why an inventory cannot be read.

use crate::inventory::snapshot::SnapshotError;
use crate::knowledge::LanguagesError;

/// Why an inventory cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// None of the forms that are known.
    #[error(
        "cannot detect the inventory format: expected a snapshot or a list of sigcheck, osquery, PowerShell or filever"
    )]
    Unknown,
    /// Another document of this program.
    #[error("this is a hotfixcheck {0}, not an inventory; 'hotfixcheck inventory' makes one")]
    OtherDocument(String),
    /// A snapshot that cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The program's own table is broken: a bug.
    #[error(transparent)]
    Languages(#[from] LanguagesError),
    /// A list that is not as its tool writes it.
    #[error("{format}: {place}: {what}")]
    List {
        /// The tool.
        format: &'static str,
        /// Where: `line 12`, `row 3`.
        place: String,
        /// What was expected, and what stands there.
        what: String,
    },
}

/// The error at a place in a tool's list.
pub(super) fn error(format: &'static str, place: impl Into<String>, what: impl Into<String>) -> ImportError {
    ImportError::List { format, place: place.into(), what: what.into() }
}
