//! Where a walk begins.

use std::path::PathBuf;

use hotfixcheck::inventory::InventoryError;

use super::config;
use super::error::CliError;
use super::system_folder::RunningWindows;
use super::warning::{chain, warn};

/// The roots, each once; on Windows the running system's files where none is given.
///
/// # Errors
/// No path is given, and the running system is not Windows.
pub(super) fn roots(paths: Vec<PathBuf>, command: &str) -> Result<Vec<PathBuf>, CliError> {
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !roots.contains(&path) {
            roots.push(path);
        }
    }
    let windows = RunningWindows::detect();
    if roots.is_empty() {
        roots.extend(windows.as_ref().map(RunningWindows::system_folder));
    }
    for warning in windows.iter().flat_map(|windows| roots.iter().find_map(|root| windows.warning(root))) {
        warn(&warning);
    }
    if roots.is_empty() {
        let what = format!("no PATH given, and no {} names one; see 'hotfixcheck help {command}'", config::NAME);
        return Err(CliError::Usage(what));
    }
    Ok(roots)
}

/// The error of a walk, with what to do about it where that can be told.
pub(super) fn explained(error: InventoryError) -> CliError {
    let is_help = matches!(&error, InventoryError::Missing { path } if path.as_os_str() == "/?");
    let hint = if is_help { Some("use --help for help".to_owned()) } else { error.hint() };
    match hint {
        Some(hint) => CliError::Usage(format!("{}; {hint}", chain(&error))),
        None => error.into(),
    }
}
