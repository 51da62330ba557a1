//! The roots of a walk.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use hotfixcheck::catalog::ArticleRef;
use hotfixcheck::inventory::InventoryError;

use super::config;
use super::error::CliError;
use super::system_folder::RunningWindows;
use super::warning::{chain, warn};

/// The roots, each once; on Windows, the files of the running system if no root is given.
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
    without_inner(&mut roots);
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

/// Leaves out folders below another folder of the list: their files would be read, and their systems counted, twice.
fn without_inner(roots: &mut Vec<PathBuf>) {
    if roots.len() < 2 {
        return;
    }
    let whole: Vec<(PathBuf, Option<PathBuf>)> =
        roots.iter().map(|root| (root.clone(), root.canonicalize().ok())).collect();
    roots.retain(|root| {
        let own = root.canonicalize().ok();
        let is_above = |(other, folder): &&(PathBuf, Option<PathBuf>)| {
            let above =
                folder.as_ref().zip(own.as_ref()).is_some_and(|(above, own)| own != above && own.starts_with(above));
            above && other.is_dir()
        };
        let Some((above, _)) = whole.iter().find(is_above) else { return true };
        warn(&format!("{} is below {}, with which it is read: it is not read again", root.display(), above.display()));
        false
    });
}

/// The error of a walk, with a hint if there is one.
pub(super) fn explained(error: InventoryError) -> CliError {
    let is_help = matches!(&error, InventoryError::Missing { path } if path.as_os_str() == "/?");
    let hint = if is_help { Some("use --help for help".to_owned()) } else { error.hint() };
    let meant = || if let InventoryError::Missing { path } = &error { meant(path) } else { None };
    match hint.or_else(meant) {
        Some(hint) => CliError::Usage(format!("{}; {hint}", chain(&error))),
        None => error.into(),
    }
}

/// A suggestion for a path that does not exist: an article, a path of another operating system, or a similar name.
pub(super) fn meant(path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    if text.contains(['%', '$'])
        && ["%systemroot%", "%windir%", "$env:"].iter().any(|v| text.to_lowercase().contains(v))
    {
        return Some("the shell did not replace this variable: in PowerShell write $env:SystemRoot".to_owned());
    }
    if text.parse::<ArticleRef>().is_ok_and(|article| article.is_certain()) {
        return Some(format!(
            "'hotfixcheck article {text}' shows what an article says, 'hotfixcheck explain {text} PATH' whether it is missing"
        ));
    }
    if !cfg!(windows) {
        let slashes = text.replace('\\', "/");
        if text.contains('\\') && Path::new(&slashes).exists() {
            return Some(format!("did you mean '{slashes}'?"));
        }
        if text.starts_with(r"\\") || text.starts_with("//") {
            return Some(
                "this is a path of Windows or of a share: on this system, give the folder where it is mounted"
                    .to_owned(),
            );
        }
    }
    // The first part of the path that is not there, which may be a folder in its middle.
    let absent = path.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists()).last()?;
    let rest = path.strip_prefix(absent).ok()?;
    let name = absent.file_name()?.to_string_lossy().to_lowercase();
    let folder = absent.parent().filter(|folder| !folder.as_os_str().is_empty());
    let there =
        std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?.filter_map(|item| Some(item.ok()?.file_name()));
    let alike = |other: OsString| (strsim::jaro_winkler(&name, &other.to_string_lossy().to_lowercase()), other);
    // Of equally similar names, the first one in order, because the order of a folder may change.
    let best = there.map(alike).filter(|(score, _)| *score > ALIKE);
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))?;
    let found = folder.map_or_else(|| best.1.clone().into(), |folder| folder.join(&best.1));
    let whole = if rest.as_os_str().is_empty() { found } else { found.join(rest) };
    whole.exists().then(|| format!("did you mean '{}'?", whole.display()))
}

/// Names that are less similar are not suggested.
const ALIKE: f64 = 0.8;
