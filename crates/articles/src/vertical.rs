//! Tables with one attribute per line: `|File name|Aaa.dll|` over `|File version|6.1.7600.1|`, one file below the
//! other.

use super::binding::Binding;
use super::blanks::is_boxed;
use super::box_cells::box_cells;
use super::cell_row;
use super::cells;
use super::columns::{self, Column, HeaderColumn};
use super::document::Line;
use super::found::Placed;

/// True if line `at` names a file in this format, and the next row states an attribute.
pub(crate) fn begins(lines: &[Line<'_>], at: usize) -> bool {
    is_boxed(&lines[at].text)
        && attribute(&lines[at]).is_some_and(|(column, value)| column == Column::File && cells::is_file_name(value))
        && lines[at + 1..]
            .iter()
            .take(3)
            .find(|l| !columns::is_ruler(&l.text))
            .and_then(attribute)
            .is_some_and(|(column, _)| !matches!(column, Column::File | Column::Other))
}

/// Reads the files from line `at` on; returns the line after the table.
pub(crate) fn rows(
    lines: &[Line<'_>],
    at: usize,
    binding: &Binding,
    rows: &mut Vec<Placed>,
    rejected: &mut Vec<(usize, String)>,
) -> usize {
    let mut end = at;
    while let Some((_, file)) = attribute(&lines[end]).filter(|(column, _)| *column == Column::File) {
        let first = end;
        let (mut header, mut values) = (vec![column(Column::File)], vec![file]);
        end += 1;
        while let Some(line) = lines.get(end).filter(|l| is_boxed(&l.text)) {
            match attribute(line) {
                Some((Column::File, _)) => break,
                Some((known, value)) => {
                    header.push(column(known));
                    values.push(value);
                }
                None if is_empty(line) => {}
                None => rejected.push((end, "a line of no known attribute".to_owned())),
            }
            end += 1;
        }
        match cell_row::from_cells(&values, &header) {
            Ok(cells) => {
                rejected.extend(cells.unread.into_iter().map(|reason| (first, reason)));
                rows.extend(Placed::all(cells.rows, binding, lines[first].number));
            }
            Err(reason) => rejected.push((first, reason)),
        }
        if end >= lines.len() {
            break;
        }
    }
    end
}

/// The attribute that a row of two cells states.
fn attribute<'l>(line: &'l Line<'_>) -> Option<(Column, &'l str)> {
    let mut filled = box_cells(&line.text).into_iter().map(|(_, cell)| cell);
    let (title, value) = (filled.next()?, filled.next()?);
    // Most rows do not begin with a title.
    let column = columns::title(title)?;
    let alone = filled.all(str::is_empty) && !value.is_empty() && columns::title(value).is_none();
    alone.then_some((column, value))
}

fn is_empty(line: &Line<'_>) -> bool {
    line.text.bytes().all(|b| matches!(b, b'|' | b' ' | b'-' | b':'))
}

fn column(column: Column) -> HeaderColumn {
    HeaderColumn { column, start: 0, end: 0 }
}
