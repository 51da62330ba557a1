//! The catalogue's file format: text that can be reviewed, one fact a line, sorted by article id.
//!
//! ```text
//! hotfixcheck-catalog → 1
//! A → Q265433 → 2002-05-08 → Title of the article
//! P → Windows NT Server 4.0 → Windows NT Workstation 4.0
//! S → Windows NT 4.0 → 7
//! F → 64 → table → Rpcss.exe → → 2000-07-25 → 19:54 → 106768 → Intel
//! ```
//!
//! Fields are separated by tabs (`→` above), an absent field is empty, empty fields at a line's end are left out. `A`
//! begins an article: id, day of its last change, title. `P`: its products. `S`: product and number of a service pack
//! that has the fix. `F`: line in the article, kind, file, version, date, time, size in bytes, platform, section,
//! language, service branch, service pack requirement, time zone (`utc` or empty), note, language of the build that
//! date and size are of, `wow` for the 32-bit file of a 64-bit package. `L`: line in the article of a row that could
//! not be read, and why. Lines that begin with `#` are comments. Every line
//! has an end, the last one, too: a text that was cut off is refused.
//!
//! The facts about an update are between `P` and `S`; a line is left out where it would be empty:
//!
//! ```text
//! B → MS05-040                                                     bulletins that name it
//! C → CVE-2005-0058                                                vulnerabilities that it corrects
//! X → CVE-2005-0058                                                those of them that are known to be exploited
//! V → important → required                                         severity (low, moderate, important, critical); restart (no, maybe, required)
//! E → server → moderate → CVE-2020-1350                            of an update for clients and servers: the severity on one of them, where it is
//!                                                                  lower, and the vulnerabilities that this one has alone
//! E → Windows 10 2004, Windows 10 20H2 → moderate → CVE-2021-31208 the same of some releases of Windows. Together these lines name
//!                                                                  all for which the vendor states the vulnerabilities
//! E → Windows XP SP2, Windows 7 →  → CVE-2010-1890                 the same of Windows before 8, from the table of a bulletin; others may have all
//! R → MS03-026                                                     bulletins that it replaces
//! U → KB823980                                                     articles whose updates it replaces
//! K → WindowsXP-KB893756-x86-ENU.exe → KB893756 → WindowsXP → i386 → ENU   a package: article, system, processor and language of its name
//! D → Windows 10 22H2 → 19045.3930                                 a build of a product that has the fix
//! D → SQL Server 2019 → 2019.150.4298.1 → sqlservr.exe             the same, by the version of a file
//! ```

use memchr::{memchr, memmem};
use rayon::prelude::*;

use super::articles::Catalog;
use super::line::{ALL, read_line};
use hotfixcheck_articles::{Article, Text};
pub use hotfixcheck_catalog::HEADER;

/// Why a catalogue's text cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct CatalogError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected, and what was found.
    pub what: String,
}

/// Reads a catalogue; the first line that cannot be parsed is the error.
pub fn read(text: &str) -> Result<Catalog, CatalogError> {
    match text.lines().next() {
        Some(HEADER) => {}
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            return Err(CatalogError {
                line: 1,
                what: format!("expected '{}', found '{shown}': this is not a catalogue", HEADER.replace('\t', " ")),
            });
        }
        None => return Err(CatalogError { line: 1, what: "the file is empty".to_owned() }),
    }
    // The program ends every line: a version that is cut would be a lower one.
    if text != HEADER && !text.ends_with('\n') {
        let what = "the last line has no end: the file was cut off, or edited; add a line end if it is whole";
        return Err(CatalogError { line: text.lines().count(), what: what.to_owned() });
    }
    let body = text.find('\n').map_or(text.len(), |end| end + 1);
    let starts = starts(&text[body..]);
    let ends = starts.iter().skip(1).copied().chain([text.len() - body]);
    let pieces: Vec<&str> = starts.iter().zip(ends).map(|(&start, end)| &text[body + start..body + end]).collect();
    let read: Vec<Result<Vec<Article>, (usize, String)>> = pieces.par_iter().map(|piece| read_piece(piece)).collect();
    let mut articles: Vec<Article> = Vec::new();
    for (start, piece) in starts.into_iter().zip(read) {
        articles.extend(
            piece.map_err(|(line, what)| CatalogError { line: text[..body + start].lines().count() + line, what })?,
        );
    }
    Ok(articles.into_iter().collect())
}

/// The number of pieces that are read in parallel.
const PIECES: usize = 16;

/// Few articles of a catalogue are shorter: this gives the initial capacity for a piece's articles.
const ARTICLE_BYTES: usize = 200;

/// The start of each piece of a catalogue; each but the first begins with an article.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for piece in 1..PIECES {
        let from = (text.len() / PIECES * piece).max(starts[starts.len() - 1]);
        match memmem::find(&text.as_bytes()[from..], b"\nA\t") {
            Some(at) => starts.push(from + at + 1),
            None => break,
        }
    }
    starts
}

/// The articles of a piece, or the first line (from 1) that cannot be parsed.
fn read_piece(text: &str) -> Result<Vec<Article>, (usize, String)> {
    let mut articles = Vec::with_capacity(text.len() / ARTICLE_BYTES);
    let mut fields = Vec::new();
    for (place, line) in text.lines().enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            fields.clear();
            fields.extend(Fields(Some(line)));
            read_line(&fields, ALL, &mut articles, |field| Text::Owned(field.to_owned()))
                .map_err(|what| (place + 1, what))?;
        }
    }
    Ok(articles)
}

/// The fields of a line.
struct Fields<'t>(Option<&'t str>);

impl<'t> Iterator for Fields<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.0?;
        let end = memchr(b'\t', rest.as_bytes());
        self.0 = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}
