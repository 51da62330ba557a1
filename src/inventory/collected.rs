//! Parts of a path that only show how files were collected: the folder that an archive was packed from, and the name of
//! an image in it. Collectors name both by host and time. Findings, waivers and patterns use the path without these
//! parts, so that they stay the same when a disk is collected again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::RelativePath;

/// The beginning of a path below a root that is not part of the lasting path of its files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Collected {
    /// The index of its root in [`Inventory::roots`](super::Inventory::roots).
    pub root: usize,
    /// A folder of an archive (`case.tar:/case 17`), or an image in one (`case.zip:/2026-10-01T010101_host.vhdx`).
    pub path: RelativePath,
    /// What replaces it: nothing, or the name that distinguishes several images.
    pub name: String,
}

impl Collected {
    /// A path without this part; `None` for a path elsewhere.
    fn without(&self, root: usize, path: &RelativePath) -> Option<RelativePath> {
        let (own, bytes) = (self.path.as_bytes(), path.as_bytes());
        let (start, rest) = bytes.split_at_checked(own.len()).filter(|_| self.root == root)?;
        // One archive may spell a folder in several ways.
        let rest = match (rest.first()?, start.eq_ignore_ascii_case(own)) {
            (b':', true) if self.name.is_empty() => rest.strip_prefix(b":/").unwrap_or(rest),
            (b':', true) => rest,
            (b'/', true) if self.name.is_empty() => &rest[1..],
            (b'/', true) => rest,
            _ => return None,
        };
        Some(RelativePath::from_bytes([self.name.as_bytes(), rest].concat()))
    }
}

/// The path of a file that is the same in every collection of its disk. It has neither the name of the image or archive
/// that is the root, nor the parts that [`Collected`] lists.
pub(super) fn lasting(collected: &[Collected], roots: &[PathBuf], root: usize, path: &RelativePath) -> RelativePath {
    let inner = collected.iter().filter_map(|one| Some((one.path.as_bytes().len(), one.without(root, path)?)));
    match inner.max_by_key(|(length, _)| *length) {
        Some((_, path)) => path,
        None => path.without_root(roots.get(root).map_or(Path::new(""), PathBuf::as_path)),
    }
}

/// The names that distinguish several images in an archive: without folders and times, as long as they still differ.
pub(super) fn names(paths: &[&str]) -> Vec<String> {
    let bare = |path: &&str| without_time(path.rsplit('/').next().unwrap_or_default());
    let forms: [Vec<String>; 2] =
        [paths.iter().map(bare).collect(), paths.iter().map(|path| without_time(path)).collect()];
    let differ = |names: &Vec<String>| names.iter().map(|name| name.to_lowercase()).collect::<HashSet<_>>().len();
    let found = forms.into_iter().find(|names| differ(names) == names.len());
    found.unwrap_or_else(|| paths.iter().map(|&path| path.to_owned()).collect())
}

/// The text without the dates in it and the times after them: `2026-10-01T010101_host.vhdx` becomes `_host.vhdx`.
fn without_time(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let follows_digit = out.ends_with(|last: char| last.is_ascii_digit());
        let length = if follows_digit { 0 } else { time_length(rest.as_bytes()) };
        let taken = if length == 0 { next.len_utf8() } else { length };
        if length == 0 {
            out.push(next);
        }
        rest = &rest[taken..];
    }
    out
}

/// The length in bytes of a date at the beginning of the text, with the time after it; 0 if it does not begin with a
/// date.
fn time_length(text: &[u8]) -> usize {
    let number = |at: usize, digits: usize| {
        let part = text.get(at..at + digits).filter(|part| part.iter().all(u8::is_ascii_digit))?;
        Some(part.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0')))
    };
    let is = |at: usize, marks: &[u8]| text.get(at).is_some_and(|byte| marks.contains(byte));
    // The end of a two-digit number up to `most` at `from`, which may have one of the marks before it.
    let pair = |from: usize, marks: &[u8], most: u16| {
        let from = from + usize::from(is(from, marks));
        number(from, 2).filter(|number| *number <= most).map(|_| from + 2)
    };
    let day = || {
        number(0, 4).filter(|year| (1980..2100).contains(year))?;
        pair(pair(4, b"-_.", 12)?, b"-_.", 31)
    };
    let Some(day) = day() else { return 0 };
    let minute = pair(day, b"T_- t", 23).and_then(|hour| pair(hour, b"-_.:", 59));
    let second = minute.map(|minute| pair(minute, b"-_.:", 59).unwrap_or(minute));
    let end = second.map_or(day, |end| end + usize::from(is(end, b"Z")));
    // If more digits follow, it is another kind of number.
    if text.get(end).is_some_and(u8::is_ascii_digit) { 0 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 16, point 5: KAPE and Velociraptor name their collections by time.
    #[test]
    fn times_are_no_part_of_a_name() {
        assert_eq!(without_time("2026-10-01T010101_HOST.vhdx"), "_HOST.vhdx");
        assert_eq!(without_time("Collection-HOST-2026-10-01T10_20_30Z.zip"), "Collection-HOST-.zip");
        assert_eq!(without_time("20261001_1.vhdx"), "_1.vhdx");
        assert_eq!(without_time("20261001010101.é.vhdx"), ".é.vhdx");
        for other in ["disk1.vhdx", "1234567890123.vhdx", "20269901.img", "", "é", "120261001.img"] {
            assert_eq!(without_time(other), other);
        }
    }

    /// Issue 16, point 5: several images keep the part of the name that distinguishes them.
    #[test]
    fn several_images_keep_what_tells_them_apart() {
        let two = ["case 17/2026-10-01T010101_C.vhdx", "case 17/2026-10-01T010105_D.vhdx"];
        assert_eq!(names(&two), ["_C.vhdx", "_D.vhdx"]);
        assert_eq!(names(&["a/disk.vhdx", "b/disk.vhdx"]), ["a/disk.vhdx", "b/disk.vhdx"]);
        let twice = ["2026-10-01_host.vhdx", "2026-11-01_host.vhdx"];
        assert_eq!(names(&twice), twice, "one disk on two days");
    }

    #[test]
    fn the_innermost_beginning_counts() {
        let one = |path: &str, name: &str| Collected { root: 0, path: path.into(), name: name.to_owned() };
        let collected = [one("c.zip:/in.tar", ""), one("c.zip:/in.tar:/case 17", ""), one("c.zip:/x.vhdx", "x")];
        let lasting = |root, path: &str| lasting(&collected, &["c.zip".into(), "d".into()], root, &path.into());
        assert_eq!(lasting(0, "c.zip:/in.tar:/CASE 17/WINNT/a.dll"), "WINNT/a.dll".into());
        assert_eq!(lasting(0, "c.zip:/in.tar:/case 171/a.dll"), "case 171/a.dll".into());
        assert_eq!(lasting(0, "c.zip:/x.vhdx:p2/a.dll"), "x:p2/a.dll".into());
        assert_eq!(lasting(0, "c.zip:/y/a.dll"), "y/a.dll".into());
        assert_eq!(lasting(1, "c.zip:/x.vhdx:/a.dll"), "c.zip:/x.vhdx:/a.dll".into());
    }
}
