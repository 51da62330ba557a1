//! Reads earlier reports.

use std::path::Path;

use hotfixcheck::report::Previous;

use super::error::CliError;

/// Reads a JSON report.
///
/// # Errors
/// A file that cannot be read, or is not a report in this format.
pub(super) fn read(path: &Path) -> Result<Previous, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::File { path: path.to_owned(), source })?;
    Previous::read(&bytes).map_err(|source| CliError::Report { path: path.to_owned(), source })
}
