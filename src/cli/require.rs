//! The list of required fixes: one id per line.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use hotfixcheck::{KbId, KbIdError};

/// An error in a list, with its position.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequireError {
    /// The list cannot be read.
    #[error("cannot read '{}'", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A line that is not an id.
    #[error("cannot read '{file}': line {line}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The reason.
        source: KbIdError,
    },
    /// No fix is required, which must be a mistake.
    #[error("'{file}' lists no article: expected one id per line, as in Q265433")]
    Empty {
        /// The file.
        file: String,
    },
}

/// The ids of a list, each once, in its order. Blank lines and text after `#` are ignored.
///
/// # Errors
/// A file that cannot be read, a line that is not an id, or a list without ids.
pub(super) fn read(path: &Path) -> Result<Vec<KbId>, RequireError> {
    let text = std::fs::read_to_string(path).map_err(|source| RequireError::File { path: path.to_owned(), source })?;
    let file = path.display().to_string();
    let mut ids: Vec<KbId> = Vec::new();
    let mut seen = HashSet::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = line.split('#').next().unwrap_or_default().trim();
        if id.is_empty() {
            continue;
        }
        let id = id.parse().map_err(|source| RequireError::Line { file: file.clone(), line: number + 1, source })?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Err(RequireError::Empty { file });
    }
    Ok(ids)
}
