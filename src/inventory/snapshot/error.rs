//! Why a snapshot cannot be read.

use std::io;

use super::SCHEMA;

/// Why a snapshot cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is not JSON, or not of this form.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Another program's JSON, or a later version's.
    #[error("its schema is '{found}': expected '{SCHEMA}'; a later one is of a later version of hotfixcheck")]
    Schema {
        /// What it says it is.
        found: String,
    },
    /// A part that points nowhere or cannot be understood.
    #[error("{place}: {what}")]
    Part {
        /// Which part: `files[17] (WINNT/System32/a.dll)`.
        place: String,
        /// What is wrong with it.
        what: String,
    },
    /// The system refused it, or its packing is damaged.
    #[error(transparent)]
    Read(#[from] io::Error),
}
