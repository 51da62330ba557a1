//! The titles of a table that a copy of a page collapsed into one line.

use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS, is_fix_header};

/// Longer lines of this kind are cut.
pub(crate) const MAX_COLLAPSED: usize = 15_000;
/// The most words of one title: `file size (in bytes)`.
pub(crate) const MAX_TITLE: usize = 4;

/// A word of a line and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'l> {
    pub text: &'l str,
    pub start: usize,
    pub end: usize,
}

/// True for a long line that has to be kept whole, because it begins with the titles of such a table.
pub(crate) fn begins(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(400)];
    columns::may_begin_table(head) && titles(&parts(head).collect::<Vec<_>>(), 0).is_some()
}

/// The words of a line with their positions.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let blank = |c: char| c == ' ' || c == '\u{a0}';
        let start = at + text[at..].find(|c| !blank(c))?;
        let end = text[start..].find(blank).map_or(text.len(), |length| start + length);
        at = end;
        Some(Part { text: &text[start..end], start, end })
    })
}

/// The columns of the titles from a word on, and the word after the last title: all of them known, the longest title
/// first ("File name" before "File"), no fact twice.
pub(crate) fn titles(words: &[Part<'_>], from: usize) -> Option<(Vec<HeaderColumn>, usize)> {
    let mut columns = Vec::new();
    let end = title_run(words, from, &mut columns)?;
    Some((columns, end))
}

fn title_run(words: &[Part<'_>], at: usize, columns: &mut Vec<HeaderColumn>) -> Option<usize> {
    if columns.len() < MAX_COLUMNS {
        for length in (1..=MAX_TITLE.min(words.len().saturating_sub(at))).rev() {
            let Some(column) = title(words, at, length) else { continue };
            let once = !matches!(column, Column::Other | Column::Product | Column::Place | Column::Folder);
            if once && columns.iter().any(|known| known.column == column) {
                continue;
            }
            columns.push(HeaderColumn { column, start: 0, end: 0 });
            if let Some(end) = title_run(words, at + length, columns) {
                return Some(end);
            }
            columns.pop();
        }
    }
    // More titles here would be those of a second table.
    is_fix_header(columns).then_some(at)
}

pub(crate) fn longest_title(words: &[Part<'_>], at: usize) -> Option<(usize, Column)> {
    (1..=MAX_TITLE.min(words.len() - at)).rev().find_map(|length| Some((length, title(words, at, length)?)))
}

/// The column that some words name together; single blanks are between them.
fn title(words: &[Part<'_>], at: usize, length: usize) -> Option<Column> {
    let run = &words[at..at + length];
    let together = run.windows(2).all(|pair| pair[0].end + 1 == pair[1].start);
    together.then(|| columns::title(&run.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")))?
}
