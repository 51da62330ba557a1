//! The cells of a line between marks: `| a | b |`.

use super::columns::{self, HeaderColumn, MAX_COLUMNS};

/// The cells between `|` marks, each with its offset in bytes.
pub(crate) fn box_cells(text: &str) -> Vec<(usize, &str)> {
    let mut cells = Vec::new();
    let mut start = text.find('|').map_or(0, |p| p + 1);
    while let Some(length) = text[start..].find('|') {
        cells.push((start, text[start..start + length].trim()));
        start += length + 1;
        if cells.len() > MAX_COLUMNS {
            break;
        }
    }
    let rest = text[start..].trim();
    if !rest.is_empty() {
        cells.push((start, rest));
    }
    cells
}

/// The columns of a boxed line, if it is the header of a fix table.
pub(crate) fn header_of(text: &str) -> Option<Vec<HeaderColumn>> {
    let cells = box_cells(text);
    columns::may_be_cell_header(cells.iter().map(|(_, cell)| *cell)).then(|| columns::cell_header(cells.into_iter()))?
}
