//! What a sentence of an article states of its files: names, versions, dates and sizes.

use super::cells::{self, SizeText};
use super::fix::{Fix, FixKind};
use super::prose_patterns::{
    AFTER_UPDATE, BARE_NAME, BARE_VERSION, DATED, DATED_OF, FILE_BEFORE, FILE_DATED, FILE_NAME, FILE_VERSION, FIXED_IN,
    FIXED_VERSION_IS, MATCHING, NEXT, NEXT_OF_FILE, NEXT_WITH_VERSION, OTHER_WORDS, OWN_VERSION, REPLACED_DATED,
    REQUIRED, REQUIRED_TOO, SIZED, VERSION_OF_FILE,
};

/// A file as a sentence states it.
pub(super) struct Stated<'t> {
    pub file: &'t str,
    pub version: Option<&'t str>,
    pub date: Option<&'t str>,
    pub size: Option<u64>,
    /// The position of the file's name in the sentence.
    pub at: usize,
}

impl Stated<'_> {
    pub(super) fn fix(self, line: u32) -> Fix {
        Fix {
            version: self.version.map(str::to_owned).map(Into::into),
            // "11- 1-93": a line ended after the hyphen (Q122761).
            date: self.date.map(|d| d.replace("- ", "-")).and_then(|d| cells::date(&d)?.resolve(false)),
            size: self.size,
            ..Fix::new(FixKind::Prose, self.file.to_owned(), line)
        }
    }
}

/// The files that a text states with a version or a date.
pub(super) fn stated(text: &str) -> Vec<Stated<'_>> {
    let mut all: Vec<Stated<'_>> = Vec::new();
    let versions = FILE_VERSION.captures_iter(text).chain(VERSION_OF_FILE.captures_iter(text));
    for found in versions
        .chain(FIXED_VERSION_IS.captures_iter(text))
        .chain(BARE_VERSION.captures_iter(text))
        .chain(REQUIRED.captures_iter(text))
        .chain(AFTER_UPDATE.captures_iter(text))
        .chain(MATCHING.captures_iter(text))
        .chain(OTHER_WORDS.captures_iter(text))
    {
        let mut groups = found.iter().skip(1).flatten();
        let (Some(whole), Some(a), Some(b)) = (found.get(0), groups.next(), groups.next()) else { continue };
        let (file, version) = if FILE_NAME.is_match(a.as_str()) { (a, b) } else { (b, a) };
        // "version 2.2b (dated 2/1/94, 42,716 bytes) or later of the file X" (Q100709).
        let after = if version.start() < file.start() { version.end() } else { whole.end() };
        let (date, size) = details(&text[after..]);
        // "X should be 10240 bytes dated D version N" (Q151613).
        let inside = || details(&whole.as_str()[whole.as_str().find("dated ")?..]).0;
        let date = date.or_else(inside);
        let size = size.or_else(|| details(whole.as_str().split_once(" should be ")?.1).1);
        let words = &whole.as_str()[..version.start().saturating_sub(whole.start())];
        if words.contains("versions") || words.contains("to version") {
            let before = FILE_BEFORE.captures(&text[..file.start()]).and_then(|c| c.get(1));
            all.extend(before.map(|f| Stated {
                file: f.as_str(),
                version: Some(version.as_str()),
                date: None,
                size: None,
                at: f.start(),
            }));
        }
        all.push(Stated { file: file.as_str(), version: Some(version.as_str()), date, size, at: file.start() });
        all.extend(more(&text[whole.end()..], whole.end(), file.as_str(), version.as_str()));
    }
    for found in REQUIRED.captures_iter(text) {
        let file = found.iter().skip(1).flatten().next();
        if let Some((whole, file)) = found.get(0).zip(file) {
            all.extend(required_too(&text[whole.end()..], whole.end(), file.as_str()));
        }
    }
    for found in FILE_DATED.captures_iter(text) {
        let Some(file) = found.get(1) else { continue };
        let Some(dated) = text[file.end()..].find("date").map(|at| &text[file.end() + at..]) else { continue };
        if let (Some(date), size) = details(dated) {
            all.push(Stated { file: file.as_str(), version: None, date: Some(date), size, at: file.start() });
        }
    }
    all
}

/// The further files and versions that a sentence requires: "… and that B is version N or later", "or version N or
/// later on Windows XP SP3".
fn required_too<'t>(mut rest: &'t str, from: usize, mut file: &'t str) -> Vec<Stated<'t>> {
    let whole = rest.len();
    let mut all = Vec::new();
    while let Some(next) = REQUIRED_TOO.captures(rest)
        && let (Some(end), Some(version)) = (next.get(0).map(|found| found.end()), next.get(2))
    {
        file = next.get(1).map_or(file, |other| other.as_str());
        // A shorter number is a product's: "Windows NT 4.0".
        if version.as_str().split('.').count() > 2 {
            let at = from + (whole - rest.len());
            all.push(Stated { file, version: Some(version.as_str()), date: None, size: None, at });
        }
        rest = &rest[end..];
    }
    all
}

/// The text after a statement: more files of that version ("version N of A, B, and C"), or another version of the file
/// ("A version N and M").
fn more<'t>(mut rest: &'t str, from: usize, file: &'t str, version: &'t str) -> Vec<Stated<'t>> {
    let whole = rest.len();
    let mut all: Vec<Stated<'t>> = Vec::new();
    // Files with versions of their own are not of the version before them.
    while let Some((end, file, version)) = with_own_version(rest) {
        let at = from + (whole - rest.len());
        all.push(Stated { file, version: Some(version), date: None, size: None, at });
        rest = &rest[end..];
    }
    if !all.is_empty() {
        return all;
    }
    while let Some(next) = NEXT.captures(rest)
        && let Some(end) = next.get(0).map(|m| m.end())
    {
        let after = &rest[end..];
        let at = from + (whole - rest.len());
        let stated = match (next.get(1), next.get(2)) {
            (Some(other), _) => {
                // A file with separate attributes is read as a separate statement.
                let own = DATED_OF.captures(after).and_then(|c| c.get(1)).map(|m| m.as_str());
                if own.is_none() && OWN_VERSION.is_match(after.as_bytes()) {
                    break;
                }
                let version = own.is_none().then_some(version);
                Stated { file: other.as_str(), version, date: own, size: None, at }
            }
            (None, Some(second)) => Stated { file, version: Some(second.as_str()), date: None, size: None, at },
            _ => break,
        };
        all.push(stated);
        rest = after;
    }
    all
}

/// A file and its own version after a statement, and where they end: " and 4.0.1381.7112 and later of B", "), B (4.0.1381.7161)".
fn with_own_version(rest: &str) -> Option<(usize, &str, &str)> {
    if let Some(found) = NEXT_OF_FILE.captures(rest) {
        return Some((found.get(0)?.end(), found.get(2)?.as_str(), found.get(1)?.as_str()));
    }
    let found = NEXT_WITH_VERSION.captures(rest)?;
    Some((found.get(0)?.end(), found.get(1)?.as_str(), found.get(2)?.as_str()))
}

/// A file that must be replaced with one of a given date, according to a sentence.
pub(super) fn replaced(sentence: &str) -> Option<Stated<'_>> {
    let found = REPLACED_DATED.captures(sentence)?;
    let (file, date) = (found.get(1)?, found.get(2)?);
    // "… with the version dated D or later (163,344 bytes)"
    let rest = &sentence[date.end()..];
    let (_, size) = details(rest.strip_prefix(" or later").unwrap_or(rest));
    Some(Stated { file: file.as_str(), version: None, date: Some(date.as_str()), size, at: 0 })
}

/// A file and the version in which it has the correction, according to a sentence.
pub(super) fn fixed_in(sentence: &str) -> Option<Stated<'_>> {
    let found = FIXED_IN.captures(sentence)?;
    let (file, version) = (found.get(1)?, found.get(2)?);
    Some(Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at: 0 })
}

/// A program that a sentence names without its extension, if its paragraph names it in full: "a problem in SRVMAIN.EXE
/// version 3.2a … was corrected in SRVMAIN version 3.2.12" (Q125918).
pub(super) fn without_extension<'t>(sentence: &'t str, paragraph: &'t str) -> Option<Stated<'t>> {
    let found = BARE_NAME.captures(sentence)?;
    let (name, version) = (found.get(1)?, found.get(2)?);
    let whole = |file: &regex::Match<'_>| file.as_str().rsplit_once('.').is_some_and(|(stem, _)| stem == name.as_str());
    let file = FILE_NAME.find_iter(paragraph).find(whole)?;
    Some(Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at: 0 })
}

/// The date and size right after a file or its version: "(dated 3/6/96, 9216 bytes)".
pub(super) fn details(rest: &str) -> (Option<&str>, Option<u64>) {
    let date = DATED.captures(rest).and_then(|c| Some((c.get(0)?.end(), c.get(1)?.as_str())));
    let after = &rest[date.map_or(0, |(end, _)| end)..];
    let size = SIZED.captures(after).and_then(|c| c.get(1)).and_then(|m| match cells::size(m.as_str()) {
        Some(SizeText::Bytes(bytes)) => Some(bytes),
        _ => None,
    });
    (date.map(|(_, date)| date), size)
}
