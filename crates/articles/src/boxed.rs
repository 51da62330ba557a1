//! Rows between marks: `| a | b |`.

use super::binding::{self, Binding};
use super::cell_row;
use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS};
use super::document::Line;
use super::found::Placed;
use super::heading;
use super::language::is_language;
use super::table_cells;
use super::vocabulary::{self, Kind};

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

/// The columns of a boxed line, where it is the header of a fix table.
pub(crate) fn header_of(text: &str) -> Option<Vec<HeaderColumn>> {
    let cells = box_cells(text);
    columns::may_be_cell_header(cells.iter().map(|(_, cell)| *cell)).then(|| columns::cell_header(cells.into_iter()))?
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
    let mut inner = binding.clone();
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
            if header_at != i && header_of(&lines[i].text).is_some() {
                break;
            }
            let cells: Vec<&str> = box_cells(&lines[i].text).into_iter().map(|(_, cell)| cell).collect();
            if is_note(&cells) {
                // What is said of the rows is none.
            } else if let Some(heading) = heading_row(&cells, header) {
                inner = Binding { language: binding.language.clone(), ..Binding::default() };
                binding::take_heading(&mut inner, heading);
                if let Some(machine) = heading::machine_word(heading) {
                    inner.platform.get_or_insert_with(|| machine.to_owned());
                }
                if inner.section.is_empty() {
                    inner.section.clone_from(&binding.section);
                }
            } else if let Some(branch) = branch_row(&cells, header).filter(|_| binding.bulletin) {
                inner = Binding { branch: Some(branch.to_owned()), ..binding.clone() };
            } else {
                match cell_row::from_cells(&cells, header) {
                    Ok(found) => {
                        rejected.extend(found.unread.into_iter().map(|reason| (i, reason)));
                        rows.extend(Placed::all(found.rows, &inner, lines[i].number));
                    }
                    // A cell that goes on in the next line of its box has no file name of its own.
                    Err(_) if !after_rule && !has_file(&cells, header) => {}
                    Err(_) if cells.iter().all(|c| c.is_empty()) => {}
                    Err(reason) => rejected.push((i, reason)),
                }
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

/// True for a row of nothing but a note: one cell is filled, and its text begins with "Note", with the mark of a footnote, or is
/// a sentence.
fn is_note(cells: &[&str]) -> bool {
    let mut filled = cells.iter().filter(|cell| !cell.is_empty());
    let Some(text) = filled.next().map(|text| text.trim_matches(['*', ' '])) else { return false };
    let alone = cells.len() > 1 && filled.all(|cell| cell.trim_matches(['*', ' ']) == text);
    let lower = vocabulary::lower(text);
    let said = vocabulary::find(Kind::Note, &lower).is_some_and(|(place, _)| {
        // `Notepad.exe` is a name.
        place.start == 0 && !lower[place.end..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '.')
            || lower == "notes"
    });
    let marked = || {
        text.split_once([' ', '\u{a0}']).is_some_and(|(mark, rest)| {
            let inner = mark.trim_matches(['(', ')', '[', ']', '.', ':']);
            rest.contains(' ') && inner.len() < mark.len() && table_cells::is_footnote(inner)
        })
    };
    let sentence =
        || text.ends_with(['.', '\u{3002}', ':']) && text.split_whitespace().count() >= 4 || text.ends_with('\u{3002}');
    alone && !cells::is_file_name(text) && (said || marked() || sentence() && !heading::is_heading(text))
}

/// The text of a row that spans the table as a heading: its first cell alone is filled, and names a product, a processor
/// or a language.
fn heading_row<'c>(cells: &[&'c str], header: &[HeaderColumn]) -> Option<&'c str> {
    let (first, rest) = cells.split_first()?;
    let text = first.trim_matches('*').trim();
    let wide = header.len() >= 3 || header.len() == 2 && text.contains(' ');
    let spans = wide && !text.is_empty() && rest.iter().all(|cell| cell.is_empty());
    let names = || heading::PRODUCT.is_match(text.as_bytes()) || cells::is_platform(text) || is_language(text);
    (spans && !heading::has_fact(text) && names()).then_some(text)
}

/// The service branch of a row that spans the table: `RTMQFE` (MS03-048).
fn branch_row<'c>(cells: &[&'c str], header: &[HeaderColumn]) -> Option<&'c str> {
    let (first, rest) = cells.split_first()?;
    let (branch, _) = table_cells::folder_cell(first.trim_matches(['*', ':', ' ']))?;
    let spans = header.len() >= 3 && rest.iter().all(|cell| cell.is_empty() || cell == first);
    branch.filter(|_| spans)
}

/// True for a row whose first column, or whose file column, is filled.
fn has_file(cells: &[&str], header: &[HeaderColumn]) -> bool {
    cells.iter().zip(header).any(|(cell, h)| h.column == Column::File && !cell.is_empty())
}
