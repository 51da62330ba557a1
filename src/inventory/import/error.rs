//! Why an inventory cannot be read.

use crate::inventory::snapshot::SnapshotError;
use crate::knowledge::LanguagesError;

/// Why an inventory cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The format is not known.
    #[error(
        "cannot detect the inventory format: expected a snapshot, a list of sigcheck, osquery, PowerShell or filever, or a CSV whose first line names its columns, \
         'path' and others, with ',', ';' or tabs between them (docs/inventories.md)"
    )]
    Unknown,
    /// A list of installed updates.
    #[error(
        "this is a list of installed updates: give it with --hotfixes, beside an inventory of the files (--inventory)"
    )]
    Updates,
    /// Another document of this program.
    #[error("this is a hotfixcheck {0}, not an inventory; 'hotfixcheck inventory' makes one")]
    OtherDocument(String),
    /// Entries of the registry hive Amcache.
    #[error(
        "this is a list of programs that Amcache remembers, not of the files that are there: list the files themselves (docs/inventories.md)"
    )]
    Amcache,
    /// A snapshot that cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A table of the program is invalid: a bug.
    #[error(transparent)]
    Languages(#[from] LanguagesError),
    /// An I/O error, damaged packing, or a value that is too large.
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// A root was given for a snapshot.
    #[error("this is a snapshot of hotfixcheck, which contains its own roots: only lists of other tools take a root")]
    RootOfSnapshot,
    /// No file of the list is below the given root.
    #[error("no file of the list lies below '{root}': the first one is '{first}'")]
    NotBelowRoot {
        /// The root as given.
        root: String,
        /// The first path of the list.
        first: String,
    },
    /// A list that is not in its tool's format.
    #[error("{format}: {place}: {what}")]
    List {
        /// The tool.
        format: &'static str,
        /// The position: `line 12`, `row 3`.
        place: String,
        /// What was expected, and what was found.
        what: String,
    },
}

/// The error for a position in a tool's list.
pub(super) fn error(format: &'static str, place: impl Into<String>, what: impl Into<String>) -> ImportError {
    ImportError::List { format, place: place.into(), what: what.into() }
}
