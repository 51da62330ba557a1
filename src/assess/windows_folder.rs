//! Which files lie in a folder of Windows.

use crate::inventory::{Entry, RelativePath};

/// The folders of Windows that have the same name in every language. `Program Files` does not.
const FOLDERS: [&str; 7] = ["windows", "winnt", "system", "system32", "syswow64", "winsxs", "sysnative"];

/// True for a file in a folder of Windows, and for one whose folder is not known.
pub(super) fn may_be_of_windows(entry: &Entry) -> bool {
    may_be_in_windows(&entry.path)
}

/// As [`may_be_of_windows`], of a path.
pub(super) fn may_be_in_windows(path: &RelativePath) -> bool {
    let folders = path.components().count().saturating_sub(1);
    let is_of_windows = |folder: &str| FOLDERS.iter().any(|known| folder.eq_ignore_ascii_case(known));
    folders == 0 || path.components().take(folders).any(|folder| is_of_windows(&folder))
}
