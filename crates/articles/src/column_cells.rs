//! The kind of columns with an unknown title, from their cells: all are processors, service packs or folders of
//! branches.

use super::blanks::is_boxed;
use super::box_cells::box_cells;
use super::column::{Column, HeaderColumn};
use super::columns::is_ruler;
use super::document::Line;
use super::folder::folder_cell;
use hotfixcheck_types::Machine;

/// How many rows are read.
const MAX_ROWS: usize = 100;

/// Sets the kind of such columns from their cells in the rows that begin in line `first`.
pub(crate) fn tell(columns: &mut [HeaderColumn], lines: &[Line<'_>], first: usize) {
    if !columns.iter().any(|header| matches!(header.column, Column::Other | Column::Place)) {
        return;
    }
    let is_row = |line: &&Line<'_>| is_boxed(&line.text);
    let rows = lines[first.min(lines.len())..].iter().take_while(is_row).take(MAX_ROWS);
    let rows: Vec<Vec<&str>> = rows
        .filter(|line| !is_ruler(&line.text))
        .map(|line| box_cells(&line.text).into_iter().map(|(_, cell)| cell).collect())
        .collect();
    for at in 0..columns.len() {
        let has = |wanted: Column| columns.iter().any(|header| header.column == wanted);
        // A row that spans the table is a heading.
        let cells = || rows.iter().filter(|row| row.len() == columns.len()).map(|row| row[at]);
        let all = |fits: &dyn Fn(&str) -> bool| cells().next().is_some() && cells().all(fits);
        let told = match columns[at].column {
            Column::Other if !has(Column::Platform) && all(&is_processor) => Column::Platform,
            Column::Other if !has(Column::SpRequirement) && all(&is_pack) => Column::SpRequirement,
            Column::Other | Column::Place if !has(Column::Folder) && !has(Column::Branch) && all(&is_branch) => {
                Column::Folder
            }
            other => other,
        };
        columns[at].column = told;
    }
}

fn is_processor(cell: &str) -> bool {
    Machine::from_platform_word(cell).is_some()
}

fn is_pack(cell: &str) -> bool {
    let digits = cell.strip_prefix("SP").map(str::trim_start);
    cell.eq_ignore_ascii_case("RTM")
        || digits.is_some_and(|digits| digits.len() == 1 && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn is_branch(cell: &str) -> bool {
    folder_cell(cell).is_some()
}
