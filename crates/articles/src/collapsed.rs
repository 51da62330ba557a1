//! Tables that a copy of a page collapsed into one line of code: the titles, perhaps a ruler, then the cells of all
//! rows. The titles tell the order of the cells. Each row begins with a date or a name, or ends with a name. A row whose
//! words fit the columns in no way, or in several, is listed and not read.

use super::binding::Binding;
use super::blanks::is_boxed;
use super::cells;
use super::collapsed_row;
use super::collapsed_titles::{MAX_COLLAPSED, MAX_TITLE, Part, longest_title, parts, titles};
use super::columns::{self, Column, HeaderColumn};
use super::document::Line;
use super::found::Placed;
use super::heading;
use super::table_cells;

/// The shortest line with titles and a row.
const MIN_LINE: usize = 40;
/// How many words of a line are searched for titles.
const MAX_TITLE_WORDS: usize = 40;
/// The most words of a heading before the titles.
const MAX_LABEL: usize = 12;

/// A table in one line.
pub(crate) struct Collapsed<'l> {
    pub columns: Vec<HeaderColumn>,
    /// The words before the titles.
    label: &'l str,
    /// The words after the titles and the ruler. None if the titles are not all known.
    body: Option<Vec<Part<'l>>>,
    cut: bool,
}

/// A quick check of a line: could it be such a table? Every row names a file, and nearly every copy has a ruler or begins
/// with a title.
pub(crate) fn may_be(line: &Line<'_>) -> bool {
    line.may_name_file
        && line.text.len() >= MIN_LINE
        && !is_boxed(&line.text)
        && (columns::may_begin_table(&line.text) || memchr::memmem::find(line.text.as_bytes(), b"---").is_some())
}

/// The table in a line, if it is one.
pub(crate) fn at<'l>(line: &'l Line<'_>) -> Option<Collapsed<'l>> {
    if !may_be(line) {
        return None;
    }
    let text: &'l str = &line.text;
    // Most lines checked here are sentences that begin with a word of a title.
    if !has_ruler(text) && longest_title(&parts(text).take(MAX_TITLE).collect::<Vec<_>>(), 0).is_none() {
        return None;
    }
    let words: Vec<Part<'l>> = parts(text).collect();
    let cut = text.len() + 4 >= MAX_COLLAPSED;
    // A heading before the titles counts only if a ruler is after them.
    let most = if words.iter().any(|word| is_ruler(word.text)) { MAX_LABEL.min(words.len()) } else { 0 };
    let found = (0..=most).find_map(|from| titles(&words, from).map(|found| (from, found)));
    let Some((from, (columns, after))) = found else { return unknown(&words, cut) };
    let body = after + words[after..].iter().take_while(|word| is_ruler(word.text)).count();
    let ruled = body > after;
    // Without a ruler, words in the middle of a line are not proven to be titles.
    if !(ruled && columns.len() > 1 || begins_row(&words, body, &columns) && columns.len() > 2 && from == 0) {
        return unknown(&words, cut);
    }
    let label = if from == 0 { "" } else { &text[words[0].start..words[from - 1].end] };
    cells_follow(&words[body..]).then(|| Collapsed { columns, label, body: Some(words[body..].to_vec()), cut })
}

/// A table with a ruler whose titles are not all known: it is listed.
fn unknown<'l>(words: &[Part<'l>], cut: bool) -> Option<Collapsed<'l>> {
    let ruler = words.iter().take(MAX_TITLE_WORDS).position(|word| is_ruler(word.text) && word.text.len() > 2)?;
    let mut columns = Vec::new();
    let mut at = 0;
    while at < ruler {
        match longest_title(&words[..ruler], at) {
            Some((length, column)) => {
                columns.push(HeaderColumn { column, start: 0, end: 0 });
                at += length;
            }
            None => at += 1,
        }
    }
    let has = |column: Column| columns.iter().any(|h| h.column == column);
    (columns.len() > 2 && has(Column::File) && has(Column::Version) && cells_follow(&words[ruler..]))
        .then_some(Collapsed { columns, label: "", body: None, cut })
}

/// True if the words after titles and ruler have the name of a file and another fact.
fn cells_follow(words: &[Part<'_>]) -> bool {
    words.iter().any(|word| cells::is_file_name(word.text))
        && words.iter().any(|word| cells::is_version(word.text) || table_cells::date_cell(word.text).is_some())
}

/// True for a word that can only be a part of the ruler below titles.
fn is_ruler(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(is_of_ruler)
}

fn is_of_ruler(b: u8) -> bool {
    matches!(b, b'-' | b'=' | b'+' | b'_' | b'*' | b'|' | b':')
}

/// A quick check of a line: two characters of a ruler follow each other in it.
fn has_ruler(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| is_of_ruler(pair[0]) && is_of_ruler(pair[1]))
}

/// How a row is found among the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    BeginsWithDate,
    BeginsWithName,
    EndsWithName,
}

fn order(columns: &[HeaderColumn]) -> Option<Order> {
    match (columns.first()?.column, columns.last()?.column) {
        (Column::Date | Column::DateTime, _) => Some(Order::BeginsWithDate),
        (Column::File, _) => Some(Order::BeginsWithName),
        (_, Column::File) => Some(Order::EndsWithName),
        _ => None,
    }
}

/// The number of words of the date or the name that begins at a word; `first` is the first word of all rows.
fn mark(words: &[Part<'_>], at: usize, first: usize, order: Order) -> Option<usize> {
    match order {
        // `4.10.1998` is a date only in a table of such dates.
        Order::BeginsWithDate if cells::is_version(words[at].text) && !cells::is_version(words[first].text) => None,
        Order::BeginsWithDate => collapsed_row::date_at(words, at),
        Order::BeginsWithName | Order::EndsWithName => cells::is_file_name(words[at].text).then_some(1),
    }
}

fn begins_row(words: &[Part<'_>], at: usize, columns: &[HeaderColumn]) -> bool {
    order(columns)
        .is_some_and(|order| at < words.len() && (order == Order::EndsWithName || mark(words, at, at, order).is_some()))
}

impl<'l> Collapsed<'l> {
    /// Reads the rows. A row that does not fit the columns in exactly one way is listed.
    pub(crate) fn rows(
        &self,
        line: &'l Line<'_>,
        at: usize,
        binding: &Binding,
        rows: &mut Vec<Placed>,
        rejected: &mut Vec<(usize, String)>,
    ) {
        let text: &str = &line.text;
        let (Some(words), Some(order)) = (&self.body, order(&self.columns)) else { return };
        let label = heading::heading_text(self.label);
        if !label.is_empty() && !heading::narrows(label) {
            return;
        }
        let binding = if label.is_empty() { binding.clone() } else { binding.inside(label) };
        for row in split(words, order) {
            let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
            let own = &text[first.start..last.end];
            match collapsed_row::read(text, row, &self.columns) {
                Some(found) => {
                    rejected.extend(found.unread.iter().map(|reason| (at, reason.clone())));
                    rows.extend(Placed::all(
                        vec![super::row::Row { unread: Vec::new(), ..found }],
                        &binding,
                        line.number,
                    ));
                }
                None => rejected.push((at, format!("'{}' does not fit the columns of its table", short(own)))),
            }
        }
        if self.cut {
            rejected.push((at, "the line is too long: its end was not read".to_owned()));
        }
    }
}

/// The words of each row. Words before the first row are a row of their own, which fits no columns.
fn split<'w, 'l>(words: &'w [Part<'l>], order: Order) -> Vec<&'w [Part<'l>]> {
    let mut starts = vec![0];
    let mut at = 0;
    while at < words.len() {
        match mark(words, at, 0, order) {
            Some(length) if order == Order::EndsWithName => starts.push(at + length),
            Some(_) => starts.push(at),
            None => {}
        }
        at += mark(words, at, 0, order).unwrap_or(1);
    }
    starts.push(words.len());
    starts.dedup();
    starts.windows(2).map(|pair| &words[pair[0]..pair[1]]).collect()
}

/// The beginning of a row for a message.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(100)]
}
