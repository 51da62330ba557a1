//! Kinds of lines of a bulletin: questions, sentences, entries of its history.

use super::document::Line;

/// True for a question: the lists of affected software precede the first one.
pub(crate) fn is_question(line: &Line<'_>) -> bool {
    line.trimmed().trim_end_matches('*').ends_with(['?', '\u{ff1f}'])
}

/// True for a sentence of running text or an entry of the history: it may name updates that are not those of the page.
pub(crate) fn is_sentence(line: &Line<'_>) -> bool {
    let text = line.trimmed();
    let ends = text.trim_end_matches(['*', ' ']).ends_with(['.', '\u{3002}', '?', '\u{ff1f}']);
    line.heading == 0 && !text.starts_with('|') && (ends || is_revision(text))
}

/// `- V1.2 (17. März 2006): …`, `- 2009/10/22: …`: an entry of a page's history.
pub(crate) fn is_revision(text: &str) -> bool {
    let entry = text.trim_start_matches(['-', ' ']);
    let version = entry.strip_prefix(['V', 'v']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    text.starts_with('-')
        && (version || entry.len() > 10 && entry.as_bytes().get(4) == Some(&b'/') && entry.starts_with("20"))
}
