//! Which tool wrote an inventory.

use super::snapshot::SCHEMA;
use super::{filever, powershell, sigcheck};

/// The forms of an inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A snapshot of this program.
    Snapshot,
    /// Sysinternals `sigcheck -c` or `-ct`.
    Sigcheck,
    /// Rows of the osquery table `file`, as JSON.
    Osquery,
    /// PowerShell's `Get-Item` or `Get-ChildItem` with `VersionInfo`, as JSON or CSV.
    PowerShell,
    /// A listing of `filever.exe`.
    Filever,
}

/// How much of a text tells what it is, in bytes.
const HEAD_BYTES: usize = 1 << 16;

/// The form of a text by its beginning; `None` where it is none of them.
pub(super) fn format(text: &str) -> Option<Format> {
    let text = text.trim_start();
    let end = (0..=HEAD_BYTES.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    let head = &text[..end];
    if head.starts_with(['{', '[']) {
        return json(head);
    }
    head.lines().find_map(|line| match line {
        _ if sigcheck::is_header(line) => Some(Format::Sigcheck),
        _ if powershell::is_header(line) => Some(Format::PowerShell),
        _ if filever::is_file(line) => Some(Format::Filever),
        _ => None,
    })
}

fn json(head: &str) -> Option<Format> {
    if head.starts_with('{') && head.contains(&format!("\"{SCHEMA}\"")) {
        return Some(Format::Snapshot);
    }
    let has = |names: &[&str]| names.iter().any(|name| head.contains(&format!("\"{name}\"")));
    match () {
        () if has(&["VersionInfo", "FileVersionRaw", "FileMajorPart", "FullName", "LastWriteTimeUtc"]) => {
            Some(Format::PowerShell)
        }
        () if has(&["path", "directory"]) && has(&["mtime", "size", "file_version", "product_version", "inode"]) => {
            Some(Format::Osquery)
        }
        () => None,
    }
}
