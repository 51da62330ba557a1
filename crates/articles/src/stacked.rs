//! Tables with one cell per line, as in copies of pages: the titles below each other, then the cells of each row.

use super::binding::Binding;
use super::cell_row;
use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS, is_fix_header};
use super::document::Line;
use super::found::Placed;
use super::table_cells::file_cell;

/// The longest cell, in bytes.
const MAX_CELL: usize = 120;

/// Titles, one per line, and the line of the first cell below them.
pub(crate) struct Titles {
    pub columns: Vec<HeaderColumn>,
    first: usize,
}

/// The titles that begin in line `at`, if a row follows them.
pub(crate) fn at(lines: &[Line<'_>], at: usize) -> Option<Titles> {
    let title = |line: &Line<'_>| Some(line.trimmed()).filter(|text| text.len() <= MAX_CELL).and_then(columns::title);
    // Most lines checked here begin like a title, but are not followed by a second one.
    if !next_cell(lines, at + 1).is_some_and(|below| columns::may_be_title(lines[below].trimmed())) {
        return None;
    }
    let mut columns = Vec::new();
    let mut first = at;
    while let Some(column) = lines.get(first).and_then(title).filter(|_| columns.len() < MAX_COLUMNS) {
        columns.push(HeaderColumn { column, start: 0, end: 0 });
        first = next_cell(lines, first + 1)?;
    }
    let titles = Titles { columns, first };
    (titles.columns.len() > 1 && is_fix_header(&titles.columns) && titles.row(lines, first).is_some()).then_some(titles)
}

/// The next line with text: at most one blank line may separate two cells.
fn next_cell(lines: &[Line<'_>], from: usize) -> Option<usize> {
    (from..lines.len()).take(2).find(|&at| !lines[at].is_blank())
}

impl Titles {
    /// The cells of the row that begins in a line, and the line after it; `None` if the file column does not contain a
    /// file name.
    fn row<'l>(&self, lines: &'l [Line<'_>], from: usize) -> Option<(Vec<&'l str>, usize)> {
        let mut row = Vec::with_capacity(self.columns.len());
        let mut after = from;
        for _ in &self.columns {
            let at = next_cell(lines, after)?;
            row.push(Some(lines[at].trimmed()).filter(|cell| cell.len() <= MAX_CELL)?);
            after = at + 1;
        }
        let file = self.columns.iter().position(|header| header.column == Column::File)?;
        file_cell(row[file]).iter().all(|name| cells::is_file_name(name)).then_some((row, after))
    }

    /// Reads the rows; returns the line after the table. A line after the last row that does not begin a row is listed
    /// if it states a file or a version.
    pub(crate) fn rows(
        &self,
        lines: &[Line<'_>],
        binding: &Binding,
        rows: &mut Vec<Placed>,
        rejected: &mut Vec<(usize, String)>,
    ) -> usize {
        let mut end = self.first;
        while let Some((from, (row, after))) =
            next_cell(lines, end).and_then(|from| Some((from, self.row(lines, from)?)))
        {
            match cell_row::from_cells(&row, &self.columns) {
                Ok(found) => {
                    rejected.extend(found.unread.into_iter().map(|reason| (from, reason)));
                    rows.extend(Placed::all(found.rows, binding, lines[from].number));
                }
                Err(reason) => rejected.push((from, reason)),
            }
            end = after;
        }
        if let Some(next) = next_cell(lines, end)
            && (cells::is_file_name(lines[next].trimmed()) || cells::is_version(lines[next].trimmed()))
        {
            rejected.push((next, "a row with fewer cells than the table has titles".to_owned()));
            end = next + 1;
        }
        end
    }
}
