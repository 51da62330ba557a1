//! Files that hold Windows files but are not read: what to do with them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

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
const UNPACK: &str = "unpack it, then scan the folder";
/// So much of a file tells what it is.
const HEAD_BYTES: usize = 512;

/// What to do with a file of a kind that is not read; `None` for any other.
pub(super) fn advice(path: &Path) -> Option<String> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::open(path).ok()?.take(HEAD_BYTES as u64).read_to_end(&mut head).ok()?;
    let is_there = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    // One that was read, and has no file that matters.
    if matches!(hotfixcheck_winfiles::image::open(path), Ok(Some(_))) {
        return None;
    }
    let (.., what, todo) = KINDS.iter().find(|(at, magic, ..)| is_there(*at, magic))?;
    Some(format!("'{}' is {what}, which is not read: {todo}", path.display()))
}
