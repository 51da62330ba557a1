//! Advice on files and folders in which nothing was judged: what they are, and what to do with them.

use std::fs;
use std::path::{Path, PathBuf};

use super::kind::Kind;

/// How many files of a folder are examined.
const MOST_FILES: usize = 16;

/// Advice on a path in which nothing was judged; `None` if nothing more is known about it. `is_listed`: it contains a
/// file that the catalogue lists.
pub(super) fn advice(path: &Path, is_listed: bool) -> Option<String> {
    if path.is_dir() {
        return of_folder(path);
    }
    let kind = Kind::of(path).filter(|kind| !is_listed || *kind != Kind::Binary)?;
    let shown = path.display();
    Some(format!("'{shown}' is {}: {}", kind.what(), kind.to_scan(&shown.to_string())?))
}

/// Advice on a folder of inventories or images, which are not opened inside a folder.
fn of_folder(folder: &Path) -> Option<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).ok()?.filter_map(|item| Some(item.ok()?.path())).collect();
    files.sort();
    let shown = folder.display();
    files.iter().take(MOST_FILES).find_map(|file| match Kind::of(file)? {
        Kind::Snapshot => Some(format!(
            "'{}' is an inventory: judge the machines of this folder with '--inventory {shown}'",
            file.display()
        )),
        Kind::Image => Some(format!(
            "'{}' is a disk image or an archive, which is not opened inside a folder: scan it by itself",
            file.display()
        )),
        _ => None,
    })
}
