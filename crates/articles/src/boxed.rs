//! Rows between marks: `| a | b |`.

use super::binding::Binding;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS};
use super::document::Line;
use super::found::Placed;
use super::row;

/// The cells between `|` marks, each with its place in bytes.
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

/// Reads `| a | b |` rows below line `header_at`; returns the line after the table.
pub(crate) fn boxed_rows(
    lines: &[Line<'_>],
    header_at: usize,
    header: &[HeaderColumn],
    binding: &Binding,
    rows: &mut Vec<Placed>,
    rejected: &mut Vec<(usize, String)>,
) -> usize {
    let mut i = header_at + 1;
    let mut end = i;
    let mut after_rule = true;
    while i < lines.len() {
        let text = lines[i].trimmed();
        if text.is_empty() {
            // A blank line inside the box (Q229973).
            if !lines.get(i + 1).is_some_and(|l| l.trimmed().starts_with(['|', '+'])) || i > end + 1 {
                break;
            }
        } else if columns::is_ruler(text) {
            after_rule = true;
        } else if text.starts_with('|') {
            if header_at != i && columns::cell_header(box_cells(&lines[i].text).into_iter()).is_some() {
                break;
            }
            let cells: Vec<&str> = box_cells(&lines[i].text).into_iter().map(|(_, cell)| cell).collect();
            match row::from_cells(&cells, header) {
                Ok(row) => rows.push(Placed { row, binding: binding.clone(), line: lines[i].number }),
                // A cell that goes on in the next line of its box has no file name of its own.
                Err(_) if !after_rule && !has_file(&cells, header) => {}
                Err(_) if cells.iter().all(|c| c.is_empty()) => {}
                Err(reason) => rejected.push((i, reason)),
            }
            after_rule = false;
        } else {
            break;
        }
        i += 1;
        end = i;
    }
    end
}

/// True for a row whose first column, or whose file column, is filled.
fn has_file(cells: &[&str], header: &[HeaderColumn]) -> bool {
    cells.iter().zip(header).any(|(cell, h)| h.column == Column::File && !cell.is_empty())
}
