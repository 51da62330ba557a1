//! Why a snapshot cannot be read.

use std::io;

use super::SCHEMA;

/// Why a snapshot cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is not JSON, or not in this format.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// JSON of another program, or of a later version.
    #[error("its schema is '{found}': expected '{SCHEMA}'; a later one is of a later version of hotfixcheck")]
    Schema {
        /// The schema that it names.
        found: String,
    },
    /// A part that refers to something missing, or cannot be parsed.
    #[error("{place}: {what}")]
    Part {
        /// Which part: `files[17] (WINNT/System32/a.dll)`.
        place: String,
        /// The reason.
        what: String,
    },
    /// An I/O error, or damaged packing.
    #[error(transparent)]
    Read(#[from] io::Error),
}
