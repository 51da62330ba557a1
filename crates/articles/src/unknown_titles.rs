//! Tables of files and versions whose titles are in no language of `data/words.tsv`: they are listed, not read.

use super::blanks::is_boxed;
use super::box_cells::{box_cells, header_of};
use super::cells;
use super::columns;
use super::document::Line;
use super::heading;
use super::table_cells;

/// The lines with the titles of such tables: one column names a file in every row below, another one a version, or says
/// that there is none.
pub(crate) fn lines<'l, 'a>(lines: &'l [Line<'a>]) -> impl Iterator<Item = &'l Line<'a>> {
    let is_row = |line: &Line<'_>| is_boxed(&line.text);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < lines.len() {
            let start = at;
            let length = lines[start..].iter().take_while(|line| is_row(line)).count();
            at += length.max(1);
            if length > 1 && states_files(&lines[start..start + length]) {
                return Some(&lines[start]);
            }
        }
        None
    })
}

/// True for the rows of a table of files and versions below unknown titles.
fn states_files(table: &[Line<'_>]) -> bool {
    let Some((titles, rows)) = table.split_first() else { return false };
    if heading::has_fact(&titles.text) || header_of(&titles.text).is_some() {
        return false;
    }
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .filter(|line| !columns::is_ruler(&line.text))
        .map(|line| box_cells(&line.text).into_iter().map(|(_, cell)| cell).collect())
        .collect();
    let Some(first) = rows.first() else { return false };
    let every = |column: usize, fits: &dyn Fn(&str) -> bool| {
        rows.iter().all(|row: &Vec<&str>| row.get(column).is_some_and(|cell| fits(cell)))
    };
    let is_file = |cell: &str| table_cells::file_cell(cell).iter().all(|name| cells::is_file_name(name));
    // Two numbers with a dot between them may also be a size.
    let is_version = |cell: &str| cells::is_version(cell) && cell.split('.').count() > 2;
    let is_said = |cell: &str| is_version(cell) || cells::is_no_version(cell);
    let versions = |column: usize| {
        every(column, &is_said) && rows.iter().any(|row| row.get(column).is_some_and(|cell| is_version(cell)))
    };
    (0..first.len()).any(|column| every(column, &is_file)) && (0..first.len()).any(versions)
}
