//! The list of required fixes: an id, bulletin or vulnerability per line.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use hotfixcheck::catalog::{ArticleRef, OpenCatalog, UnknownArticle};
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
    /// A bulletin or vulnerability that the catalogue does not have.
    #[error("cannot read '{file}': line {line}")]
    Unknown {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The reason.
        source: UnknownArticle,
    },
    /// No fix is required, which must be a mistake.
    #[error("'{file}' lists no article: expected one id, bulletin or vulnerability per line, as in Q265433, MS08-067")]
    Empty {
        /// The file.
        file: String,
    },
}

/// The articles of a list, each once, in its order.
#[derive(Debug, Default)]
pub(super) struct List {
    /// The articles.
    pub ids: Vec<KbId>,
    /// Those of each bulletin or vulnerability.
    pub together: Vec<Vec<KbId>>,
}

/// The articles that a list names: by ids, bulletins and vulnerabilities. Blank lines and text after `#` are ignored. `name` is the
/// catalogue's name in messages.
///
/// # Errors
/// A file that cannot be read, a line that names no article, or a list without articles.
pub(super) fn read(path: &Path, catalog: &OpenCatalog, name: &str) -> Result<List, RequireError> {
    let text = std::fs::read_to_string(path).map_err(|source| RequireError::File { path: path.to_owned(), source })?;
    let file = path.display().to_string();
    let mut list = List::default();
    let mut seen = HashSet::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let text = line.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let (file, line) = (file.clone(), number + 1);
        let ids = match text.parse() {
            Ok(named @ (ArticleRef::Bulletin(_) | ArticleRef::Cve(_))) => {
                let ids = named.find(catalog, name).map_err(|source| RequireError::Unknown { file, line, source })?;
                list.together.push(ids.clone());
                ids
            }
            _ => vec![text.parse().map_err(|source| RequireError::Line { file, line, source })?],
        };
        list.ids.extend(ids.into_iter().filter(|id| seen.insert(*id)));
    }
    if list.ids.is_empty() {
        return Err(RequireError::Empty { file });
    }
    Ok(list)
}
