//! Tables under a column header: space-aligned or boxed.

use super::aligned;
use super::binding;
use super::boxed::{box_cells, boxed_rows};
use super::columns::{self, Column, HeaderColumn};
use super::context::{self, only_headings_between};
use super::document::{Document, Line};
use super::found::{Found, MAX_ROWS, push_rows};
use super::heading;
use super::model::FixKind;
use super::vertical;

/// Reads every table of corrected files.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut i = 0;
    let mut last_fix_table: Option<usize> = None;
    while i < lines.len() {
        let header = header_at(document, i);
        if header.is_none() && !vertical::begins(lines, i) {
            i += 1;
            continue;
        }
        let mut rows = Vec::new();
        let mut rejected = Vec::new();
        let binding = binding::binding(document, i);
        let end = match header {
            Some((header, true)) => boxed_rows(lines, i, &header, &binding, &mut rows, &mut rejected),
            Some((header, false)) => aligned::rows(lines, i, &header, &binding, &mut rows, &mut rejected),
            None => vertical::rows(lines, i, &binding, &mut rows, &mut rejected),
        };
        let continues = last_fix_table.is_some_and(|last| only_headings_between(lines, last, i));
        if rows.is_empty() || found.fixes.len() + rows.len() > MAX_ROWS {
            i += 1;
            continue;
        }
        found.mark_used(i..end);
        if continues || document.file_list || context::announced(document, i) || context::announced_below(lines, end) {
            last_fix_table = Some(end);
            for (at, reason) in rejected {
                found.reject(&lines[at], reason);
            }
            push_rows(rows, FixKind::Table, found);
        }
        i = end.max(i + 1);
    }
    if document.file_list && !found.fixes.is_empty() {
        reject_rest(lines, found);
    }
}

/// Every record of a file list is a row: those that no table holds are not passed over in silence.
fn reject_rest(lines: &[Line<'_>], found: &mut Found) {
    for (i, line) in lines.iter().enumerate() {
        if line.text.starts_with('|') && !found.is_used(i) {
            found.reject(line, "a record under no header line");
        }
    }
}

fn header_at(document: &Document<'_>, i: usize) -> Option<(Vec<HeaderColumn>, bool)> {
    let lines = &document.lines;
    let text = lines[i].text.as_ref();
    if !columns::may_be_header(text) {
        return only_names_at(document, i).map(|h| (h, false));
    }
    if text.trim_start().starts_with('|') {
        return columns::cell_header(box_cells(text).into_iter()).map(|h| (h, true));
    }
    columns::aligned_header(text).map(|h| (h, false))
}

/// A table of names only (Q292041): `File name` alone over a ruler, where corrected files are announced.
fn only_names_at(document: &Document<'_>, i: usize) -> Option<Vec<HeaderColumn>> {
    let lines = &document.lines;
    let title = lines[i].trimmed();
    let ruled = || lines.get(i + 1).is_some_and(|l| columns::is_ruler(&l.text) && !heading::is_top_heading(lines, i));
    let alone = (8..=10).contains(&title.len()) && ruled() && columns::title(title) == Some(Column::File);
    let start = lines[i].text.len() - title.len();
    (alone && context::announced(document, i))
        .then(|| vec![HeaderColumn { column: Column::File, start, end: lines[i].text.len() }])
}
