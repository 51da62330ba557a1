//! Tables whose columns are aligned by blanks: rows, headings inside the table, wrapped cells.

use super::any_order;
use super::binding::Binding;
use super::captions;
use super::cells;
use super::collapsed_row;
use super::collapsed_titles::parts;
use super::columns::{self, Column, HeaderColumn};
use super::document::Line;
use super::found::Placed;
use super::heading;
use super::no_fix;
use super::no_fix_words;
use super::row::{self, Row};
use super::table_cells;
use super::variants::{self, Reading};
use super::words::{Word, words};

/// The longest rest of a wrapped cell, in bytes.
const MAX_WRAPPED: usize = 40;

/// Reads space-aligned rows below line `header_at`; returns the line after the table.
pub(crate) fn rows(
    lines: &[Line<'_>],
    header_at: usize,
    header: &[HeaderColumn],
    binding: &Binding,
    rows: &mut Vec<Placed>,
    rejected: &mut Vec<(usize, String)>,
) -> usize {
    let outer = binding;
    let mut binding = binding.clone();
    let (readings, titles) = variants::aligned(lines, header_at, header).unwrap_or_default();
    let mut i = header_at + titles.max(1);
    let mut end = i;
    let mut blanks = 0;
    // The rows below a line that says that they are not a fix.
    let mut other = captions::titles_after_words(&lines[header_at].text).map(|_| {
        rejected.push((header_at, no_fix::NO_FIX_TABLE.to_owned()));
        rows.len()
    });
    while i < lines.len() {
        let line = &lines[i];
        let text = line.text.as_ref();
        if line.is_blank() {
            blanks += 1;
            if blanks > 2 {
                break;
            }
            i += 1;
            continue;
        }
        if columns::is_ruler(text) {
            if !rows.is_empty() && (blanks > 0 || heading::is_top_heading(lines, i)) {
                break;
            }
        } else if text.trim() == "-or-" {
            // Two ways to obtain one file (Q249973).
        } else if heading::is_top_heading(lines, i) || is_header(text) {
            break;
        } else if blanks == 0 && !rows.is_empty() && continues_description(text, header) {
            // The rest of a description, wrapped below its first line (Q185615).
        } else if blanks == 0 && rows.last_mut().is_some_and(|last| continues_cell(text, header, &mut last.row)) {
            // The rest of a platform or language, wrapped below its first line.
        } else if text.trim_end().rsplit("  ").next().is_some_and(no_fix_words::says_unchanged) {
            rejected.push((i, no_fix::NO_FIX_TABLE.to_owned()));
        } else if let Some(found) = read_rows(text, header, &readings).filter(|found| {
            let is_row = |r: &Row| is_strong(r) || is_described(text, r, header);
            blanks == 0 || rows.is_empty() || found.iter().all(is_row)
        }) {
            rows.extend(Placed::all(found.into_iter().flat_map(a_row_each).collect(), &binding, line.number));
        } else if let Some((label, row)) = labelled_row(text, header).filter(|_| readings.is_empty()) {
            let binding = Binding { section: label.to_owned(), ..binding.clone() };
            rows.extend(Placed::all(a_row_each(row), &binding, line.number));
        } else if heading::is_heading(text)
            && !heading::is_aside(text)
            && !heading::has_fact(text)
            && row_follows(lines, i, header, &readings)
        {
            // A heading inside the table binds the rows below it (836769, Q281394).
            if other.is_none() && no_fix::heads_rows(text) {
                rejected.push((i, no_fix::NO_FIX_TABLE.to_owned()));
                other = Some(rows.len());
            } else if let Some(kept) = other.take() {
                rows.truncate(kept);
            }
            let inner = outer.inside(text.trim());
            binding =
                if inner.section == outer.section { Binding { section: binding.section, ..inner } } else { inner };
        } else if rows.is_empty() && rejected.is_empty() && !heading::has_fact(text) || blanks > 0 {
            break;
        } else if heading::has_fact(text) && !is_sentence(text) {
            rejected.push((i, "its words fit no order of the table's columns".to_owned()));
        } else if indent(text) < 12 || is_sentence(text) {
            break;
        }
        blanks = 0;
        i += 1;
        end = i;
    }
    rows.truncate(other.unwrap_or(rows.len()));
    end
}

/// True for the titles of the next table.
fn is_header(text: &str) -> bool {
    columns::aligned_header(text).is_some() || variants::aligned_header(text).is_some()
}

/// Reads the rows of a line: one, or one for each branch or processor for which the line has a version.
fn read_rows(text: &str, header: &[HeaderColumn], readings: &[Reading]) -> Option<Vec<Row>> {
    if readings.is_empty() {
        return read_row(text, header).map(|row| vec![row]);
    }
    let is_version = |word: &Word<'_>| cells::is_version(word.text) || cells::is_no_version(word.text);
    let versions: Vec<Word<'_>> = words(text).filter(is_version).collect();
    if versions.len() != readings.len() {
        return None;
    }
    let mut rows = Vec::new();
    for (reading, own) in readings.iter().zip(&versions).filter(|(reading, _)| !reading.older) {
        let mut line = text.to_owned();
        for other in versions.iter().filter(|other| *other != own) {
            line.replace_range(other.start..other.end, &" ".repeat(other.end - other.start));
        }
        let row = read_row(&line, header)?;
        rows.extend(Some(row).filter(|row| row.version.is_some()).map(|row| reading.own(row)));
    }
    (!rows.is_empty()).then_some(rows)
}

/// Reads a row by the header's columns. A row may also have a platform that the header does not name (836769), or its
/// columns in another order (Q191887).
fn read_row(text: &str, header: &[HeaderColumn]) -> Option<Row> {
    let stated = |row: &Row| row.version.is_some() || row.date.is_some() || row.size.is_some();
    with_date_of_words(text, header)
        .or_else(|| row::aligned(text, header))
        .or_else(|| {
            let has_platform = header.iter().any(|h| h.column == Column::Platform);
            let last = header.last().filter(|_| !has_platform)?;
            let platform = HeaderColumn { column: Column::Platform, start: last.end + 2, end: last.end + 10 };
            row::aligned(text, &[header, &[platform]].concat())
        })
        .or_else(|| any_order::by_kind(text).filter(stated))
        .or_else(|| row::aligned_in_part(text, header))
}

/// A row that begins with a date of several words, its cells separated by single blanks: `17 de junho de 2004 17:55
/// 5.1.2600.159 48.128 Basesrv.dll RTMQFE` (MS04-032 pt-br).
fn with_date_of_words(text: &str, header: &[HeaderColumn]) -> Option<Row> {
    header.first().filter(|first| matches!(first.column, Column::Date | Column::DateTime))?;
    let words: Vec<_> = parts(text).collect();
    words.first().and_then(|_| collapsed_row::date_at(&words, 0)).filter(|length| *length > 1)?;
    collapsed_row::read(text, &words, header)
}

/// A row after a label to the left of the table that says what the row is for (`MDAC 2.0` in Q216978).
fn labelled_row<'t>(text: &'t str, header: &[HeaderColumn]) -> Option<(&'t str, Row)> {
    let first = header.first()?.start;
    let at = indent(text);
    let length = text[at..].find("  ").filter(|length| at + length < first)?;
    let label = &text[at..at + length];
    if at + 4 > first || !label.starts_with(|c: char| c.is_ascii_alphabetic()) || heading::has_fact(label) {
        return None;
    }
    let rest = format!("{}{}", " ".repeat(at + length), &text[at + length..]);
    read_row(&rest, header).filter(is_strong).map(|row| (label, row))
}

/// Handles a line right below a row that only continues its platform or language (Q243220).
fn continues_cell(text: &str, header: &[HeaderColumn], row: &mut Row) -> bool {
    let at = indent(text);
    let Some(above) = header.iter().rev().find(|h| h.start <= at + 2) else { return false };
    let cell = match above.column {
        Column::Platform => &mut row.platform,
        Column::Language => &mut row.language,
        _ => return false,
    };
    let words = text.trim_start();
    let wraps = at > header[0].end && words.len() <= MAX_WRAPPED && !words.contains("  ") && !heading::has_fact(words);
    match cell {
        Some(cell) if wraps && !words.ends_with([':', '.']) => {
            cell.push(' ');
            cell.push_str(words);
            true
        }
        _ => false,
    }
}

/// One row for each file that the row's cell names: `Mdbmsg.dll, Mdb2.dll`.
fn a_row_each(row: Row) -> Vec<Row> {
    match table_cells::file_cell(&row.file).as_slice() {
        names @ [_, _, ..] => names.iter().map(|name| Row { file: (*name).to_owned(), ..row.clone() }).collect(),
        _ => vec![row],
    }
}

/// A row that a blank line separates from its table must be unmistakable.
fn is_strong(row: &Row) -> bool {
    let stated = [row.version.is_some(), row.date.is_some(), row.size.is_some()].iter().filter(|s| **s).count();
    table_cells::file_cell(&row.file).iter().all(|name| cells::is_file_name(name)) && stated >= 1
}

/// True for a line below a column that holds no fact.
fn continues_description(text: &str, header: &[HeaderColumn]) -> bool {
    let at = indent(text) + 2;
    header
        .iter()
        .any(|h| matches!(h.column, Column::Other | Column::Folder | Column::Product) && h.start > 8 && at >= h.start)
}

/// In a table with descriptions, a row may state only its file (Regsvr32.exe in Q194828).
fn is_described(text: &str, row: &Row, header: &[HeaderColumn]) -> bool {
    let described = header.iter().any(|h| matches!(h.column, Column::Other | Column::Folder | Column::Product));
    let below = header.iter().any(|h| h.column == Column::File && h.start.abs_diff(indent(text)) <= 1);
    described
        && below
        && cells::is_file_name(&row.file)
        && text.trim_start().strip_prefix(row.file.as_str()).is_some_and(|rest| rest.starts_with("  "))
}

fn row_follows(lines: &[Line<'_>], at: usize, header: &[HeaderColumn], readings: &[Reading]) -> bool {
    lines[at + 1..]
        .iter()
        .filter(|l| !l.is_blank() && !columns::is_ruler(&l.text))
        .take(1)
        .any(|l| read_rows(&l.text, header, readings).is_some_and(|rows| rows.iter().all(is_strong)))
}

fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.iter().filter(|w| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase())).count();
    words.len() >= 6 && lower * 2 >= words.len()
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}
