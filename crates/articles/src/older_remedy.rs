//! Older versions that an article tells the reader to go back to (Q169512): the newer version has the problem, so that a
//! later file is not fixed.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::announcement::normalise;
use super::document::{Document, Line};
use super::fix::Fix;
use super::prose_patterns::MENTIONED;
use hotfixcheck_types::FileVersion;

/// True if an article that compares an older version with a newer one names a newer version of this file.
pub(crate) fn is_older(document: &Document<'_>, fix: &Fix) -> bool {
    static OLDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("older "));
    static NEWER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("newer "));
    let Some(own) = fix.version.as_deref().and_then(|version| version.parse::<FileVersion>().ok()) else {
        return false;
    };
    let says = |words: &Finder<'_>| document.lines.iter().any(|line| words.find(line.text.as_bytes()).is_some());
    if !says(&OLDER) || !says(&NEWER) {
        return false;
    }
    let lines: Vec<&str> = document.lines.iter().map(Line::trimmed).collect();
    let text = normalise(&lines);
    MENTIONED.captures_iter(&text).any(|found| {
        let mut groups = found.iter().skip(1).flatten().map(|group| group.as_str());
        let (Some(a), Some(b)) = (groups.next(), groups.next()) else { return false };
        let (file, version) = if a.starts_with(|c: char| c.is_ascii_digit()) && a.parse::<FileVersion>().is_ok() {
            (b, a)
        } else {
            (a, b)
        };
        file.eq_ignore_ascii_case(&fix.file) && version.parse::<FileVersion>().is_ok_and(|other| other > own)
    })
}
