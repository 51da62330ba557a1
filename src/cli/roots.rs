//! Where a walk begins.

use std::path::{Path, PathBuf};

use hotfixcheck::inventory::InventoryError;

use super::config;
use super::error::CliError;
use super::system_folder::RunningWindows;
use super::warning::warn;

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
    let hint = match &error {
        InventoryError::Missing { path } => hint(path),
        _ => None,
    };
    match hint {
        Some(hint) => CliError::Usage(format!("{error}; {hint}")),
        None => error.into(),
    }
}

/// What may have been meant by a path that is not there.
fn hint(path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    if text == "/?" {
        return Some("use --help for help".to_owned());
    }
    let drive = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text[1..].starts_with(":");
    if drive && !cfg!(windows) {
        return Some(
            "this is a path of Windows: on this system, give the folder where the drive is mounted".to_owned(),
        );
    }
    in_other_case(path).map(|there| format!("did you mean '{}'?", there.display()))
}

/// The path that is there and differs from this one in case only.
fn in_other_case(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        let next = found.join(part);
        if next.exists() {
            found = next;
            continue;
        }
        let folder = if found.as_os_str().is_empty() { Path::new(".") } else { &found };
        let wanted = part.as_os_str().to_str()?.to_lowercase();
        let mut names: Vec<_> =
            std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.sort_unstable();
        let name = names.into_iter().find(|name| name.to_str().is_some_and(|name| name.to_lowercase() == wanted))?;
        found.push(name);
    }
    Some(found)
}
