//! Lines that say which of a product's files a table has, and not of which product.

use super::no_fix_words::{self, Said};
use super::vocabulary::{self, Kind};

/// True for such a line: `Installierte Datei zur \u{dc}berpr\u{fc}fung aktualisiert:` (MS04-028).
pub(crate) fn is_caption(text: &str) -> bool {
    let lower = vocabulary::lower(text);
    vocabulary::meaning(Kind::Caption, lower.trim_matches([' ', '*', ':', '\u{ff1a}'])).is_some()
}

/// The titles of a table whose line begins with words that say that the rows below them are no fix: `Paketinhalt:Datum …`
/// (MS04-028 de-de). The columns begin where they would without these words.
pub(crate) fn titles_after_words(text: &str) -> Option<&str> {
    let (words, colon) = text.split_at(memchr::memchr(b':', text.as_bytes())?);
    let titles = &colon[1..];
    (titles.starts_with(char::is_alphabetic) && no_fix_words::said(words) == Some(Said::NoFix)).then_some(titles)
}
