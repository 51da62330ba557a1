//! The list of required fixes: an id a line.

use std::path::Path;

use hotfixcheck::{KbId, KbIdError};

use super::CliError;

/// What is wrong in a list, and where.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequireError {
    /// A line that is no id.
    #[error("{file}:{line}: {source}; what follows # is a comment")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why it is none.
        source: KbIdError,
    },
    /// Nothing is required: surely a mistake.
    #[error("{file}: the list has no article's id, one a line, as in Q265433")]
    Empty {
        /// The file.
        file: String,
    },
}

/// The ids of a list, each once, in its order. Blank lines and what follows `#` say nothing.
///
/// # Errors
/// A file that cannot be read, a line that is no id, a list without ids.
pub(super) fn read(path: &Path) -> Result<Vec<KbId>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::File { path: path.to_owned(), source })?;
    let file = path.display().to_string();
    let mut ids: Vec<KbId> = Vec::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = line.split('#').next().unwrap_or_default().trim();
        if id.is_empty() {
            continue;
        }
        let id = id.parse().map_err(|source| RequireError::Line { file: file.clone(), line: number + 1, source })?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Err(RequireError::Empty { file }.into());
    }
    Ok(ids)
}
