//! Lists of replacement files with one entry per download, as in articles about a product's application notes
//! (Q124849):
//!
//! ```text
//! Filename Title                          Date   Included    Size(s)  Date(s)
//! ADMUPD   Lamp ADMIN.EXE                 4/95    ADMIN.EXE  534,141 04-13-95
//!          Version 3.2.17 Update
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::blanks::trim_start;
use super::cells::{self, SizeText};
use super::document::{Document, Line};
use super::fix::{Fix, FixKind};
use super::found::Found;
use super::vocabulary::pattern;

/// The columns' titles, with any gaps between them.
static HEADER: LazyLock<Regex> = pattern!(r"^ ?Filename +Title +Date +Included +Size\(s\) +Date\(s\)");
/// A file with its size and date; the year may be in the next line.
static FILE: LazyLock<Regex> = pattern!(
    r"(?-u:\b)([A-Z0-9_$]{2,8}(?:\.[A-Z_]{1,3})?) +([0-9]{1,3}(?:,[0-9]{3})*) +([0-9 ]?[0-9]-[0-9]{2}-(?:[0-9]{2})?)"
);

/// Reads the files of the entries that are updates. Notes and tools correct nothing.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut at = 0;
    while let Some(header) = (at..lines.len()).find(|i| is_header(&lines[*i].text)) {
        let end = (header + 1..lines.len()).find(|i| is_end(&lines[*i].text)).unwrap_or(lines.len());
        let mut entry = header + 1;
        while entry < end {
            let next = (entry + 1..end).find(|i| begins_entry(&lines[*i].text)).unwrap_or(end);
            if lines[entry..next].iter().any(|l| l.text.contains("Update")) {
                read(&lines[entry..next], found);
            }
            entry = next;
        }
        found.mark_used(header..end);
        at = end;
    }
}

fn is_header(text: &str) -> bool {
    // Nearly every line begins otherwise.
    matches!(text.as_bytes(), [b'F', ..] | [b' ', b'F', ..])
        && trim_start(text).starts_with("Filename Title")
        && HEADER.is_match(text)
}

/// True for the line below a list, or for the titles of the next one.
fn is_end(text: &str) -> bool {
    text.starts_with("Additional query words") || text.starts_with("=====") || is_header(text)
}

/// True for a line that begins with the name of a download.
fn begins_entry(text: &str) -> bool {
    let name = text.strip_prefix('*').unwrap_or(text);
    let length = name.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    (2..=8).contains(&length) && name[length..].starts_with(' ')
}

fn read(entry: &[Line<'_>], found: &mut Found) {
    for (i, line) in entry.iter().enumerate() {
        for file in FILE.captures_iter(&line.text) {
            let mut date = file[3].trim_start().to_owned();
            if date.ends_with('-') {
                let year = entry.get(i + 1).map_or("", |next| next.trimmed());
                date.push_str(year.get(..2).unwrap_or_default());
            }
            let size = match cells::size(&file[2]) {
                Some(SizeText::Bytes(bytes)) => Some(bytes),
                _ => None,
            };
            found.fixes.push(Fix {
                date: cells::date(&date).and_then(|date| date.resolve(false)),
                size,
                ..Fix::new(FixKind::Table, file[1].to_owned(), line.number)
            });
        }
    }
}
