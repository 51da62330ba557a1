//! Tables of bulletins whose column titles are empty: they have the columns of the table above (MS06-046 it-it).

use super::blanks::is_boxed;
use super::box_cells::box_cells;
use super::cells;
use super::columns::{self, Column, HeaderColumn};
use super::document::Line;

/// The columns of the table at line `at`, if its titles are empty and each of its rows has the cells of the columns `above`.
pub(crate) fn columns_of(lines: &[Line<'_>], at: usize, above: &[HeaderColumn]) -> Option<Vec<HeaderColumn>> {
    let is_bar = |line: &&Line<'_>| is_boxed(&line.text);
    let is_empty = lines[at].text.starts_with('|') && lines[at].text.bytes().all(|b| matches!(b, b'|' | b' '));
    if !is_empty || above.is_empty() || !lines.get(at + 1).is_some_and(|line| columns::is_ruler(&line.text)) {
        return None;
    }
    let place = |column: Column| above.iter().position(|own| own.column == column);
    let (file, version) = (place(Column::File)?, place(Column::Version)?);
    let fits = |line: &Line<'_>| {
        let cells = box_cells(&line.text);
        let cell = |place: usize| cells.get(place).map_or("", |(_, cell)| *cell);
        cells.len() == above.len() && cells::is_file_name(cell(file)) && cells::is_version(cell(version))
    };
    let mut rows = lines[at + 2..].iter().take_while(is_bar).peekable();
    (rows.peek().is_some() && rows.all(fits)).then(|| above.to_vec())
}
