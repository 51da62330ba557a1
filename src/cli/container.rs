//! Files that hold Windows files but are not read: what to do with them.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use hotfixcheck::hosts::is_snapshot;

/// The first bytes of a kind of container, where they are, what it is, and what to do. Other images and archives are
/// named by their reader (`hotfixcheck_winfiles::image`).
const KINDS: [(usize, &[u8], &str, &str); 3] = [
    (0, b"\x1f\x8b", "a gzip file without a tar archive", UNPACK),
    // One whose first header is whole is read.
    (257, b"ustar", "a damaged tar archive", "copy it again from where it comes"),
    (
        0,
        b"\xd0\xcf\x11\xe0",
        "a Windows Installer package or an Office file",
        "unpack it (msiextract, msiexec /a), then scan the folder",
    ),
];
/// How reports in JSON begin.
const REPORT: [&[u8]; 2] = [b"{\n  \"schema\": \"hotfixcheck.report/", b"{\n  \"schema\": \"hotfixcheck.fleet/"];
const UNPACK: &str = "unpack it, then scan the folder";
/// So much of a file tells what it is.
const HEAD_BYTES: usize = 512;

/// So many files of a folder are looked at.
const MOST_FILES: usize = 16;

/// What to do with a file of a kind that is not read, or with a folder of inventories; `None` for any other.
pub(super) fn advice(path: &Path) -> Option<String> {
    if path.is_dir() {
        let mut files: Vec<_> = fs::read_dir(path).ok()?.filter_map(|item| Some(item.ok()?.path())).collect();
        files.sort();
        let is_inventory = |file: &&PathBuf| file.is_file() && is_snapshot(file);
        let inventory = files.iter().take(MOST_FILES).find(is_inventory)?;
        return Some(format!(
            "'{}' is an inventory: judge the machines of this folder with '--inventory {}'",
            inventory.display(),
            path.display()
        ));
    }
    // Pipes and devices are not opened.
    if !path.is_file() {
        return None;
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::open(path).ok()?.take(HEAD_BYTES as u64).read_to_end(&mut head).ok()?;
    let is_there = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    // One that was read, and has no file that matters.
    if matches!(hotfixcheck_winfiles::image::open(path), Ok(Some(_))) {
        return None;
    }
    if REPORT.iter().any(|start| head.trim_ascii_start().starts_with(start)) {
        return Some(format!("'{}' is a report of this program, not files of Windows", path.display()));
    }
    let (.., what, todo) = KINDS.iter().find(|(at, magic, ..)| is_there(*at, magic))?;
    Some(format!("'{}' is {what}, which is not read: {todo}", path.display()))
}
