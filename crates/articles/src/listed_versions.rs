//! Versions for listed rows that state none, if the article's title or a sentence names the file with its version:
//! lists of names, dates and sizes (Q128403, Q111556).

use super::cells;
use super::fix::{Fix, FixKind};

/// Gives the only row of a file the version in the title, else the version in the sentences. Does nothing if two rows,
/// or two versions, have the name.
///
/// A title that ends with the version, or with "Update" after it, needs no sentence (Q111558).
pub(crate) fn give(rows: &mut [Fix], sentences: &[Fix], title: &str) {
    let update = title.strip_suffix(" Update").unwrap_or(title);
    if update.ends_with(|c: char| c.is_ascii_digit()) {
        for row in rows.iter_mut().filter(|row| row.kind == FixKind::List && row.version.is_none()) {
            row.version = in_title(update, &row.file).filter(|v| update.ends_with(v)).map(|v| v.to_owned().into());
        }
    }
    let same = |a: &Fix, b: &Fix| a.file.eq_ignore_ascii_case(&b.file);
    for stated in sentences.iter().filter(|stated| stated.version.is_some()) {
        let several = sentences.iter().any(|other| same(other, stated) && other.version != stated.version);
        let titled = in_title(title, &stated.file).map(|version| version.to_owned().into());
        let mut named = rows.iter_mut().filter(|row| same(row, stated));
        if let (Some(row), None) = (named.next(), named.next())
            && row.kind == FixKind::List
            && row.version.is_none()
        {
            row.version = titled.or_else(|| stated.version.clone().filter(|_| !several));
        }
    }
}

/// The version after a file's name in a title: `IMPORT.EXE 3.2.18 Update`, `X400GATE.EXE Version 3.2.17 Update`.
fn in_title<'t>(title: &'t str, file: &str) -> Option<&'t str> {
    let mut words = title.split(' ').skip_while(|word| !word.eq_ignore_ascii_case(file)).skip(1);
    let first = words.next()?;
    let version = if first.eq_ignore_ascii_case("version") { words.next()? } else { first };
    cells::is_version(version).then_some(version)
}
