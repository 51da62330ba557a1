//! Rows between marks: `| a | b |`.

use std::borrow::Cow;

use super::beside;
use super::binding::Binding;
use super::box_cells::{box_cells, header_of};
use super::cell_row::{self, Cells};
use super::cells;
use super::columns::{self, Column, HeaderColumn};
use super::document::Line;
use super::folder::folder_cell;
use super::found::Placed;
use super::heading;
use super::language::is_language;
use super::no_fix;
use super::no_fix_words;
use super::table_cells;
use super::variants::{self, Reading};
use super::vocabulary::{self, Kind};

/// Why a row whose name was lost is not read: an empty cell, a picture, cells shifted by one.
pub const ROW_WITHOUT_NAME: &str = "a row without a file name";

/// Reads the rows of one line: one for each file, branch and processor that has a version.
fn read(cells: &[&str], readings: &[Reading]) -> Result<Cells, String> {
    let mut all = Cells { rows: Vec::new(), unread: Vec::new() };
    for reading in readings {
        let found = cell_row::from_cells(cells, &reading.columns)?;
        all.rows.extend(found.rows.into_iter().map(|row| reading.own(row)));
        all.unread.extend(found.unread);
    }
    if readings.len() > 1 && all.rows.iter().any(|row| row.version.is_some()) {
        all.rows.retain(|row| row.version.is_some());
        all.unread.dedup();
    }
    Ok(all)
}

/// Reads `| a | b |` rows below the titles that end before line `first`; returns the line after the table.
pub(crate) fn boxed_rows(
    lines: &[Line<'_>],
    first: usize,
    readings: &[Reading],
    binding: &Binding,
    rows: &mut Vec<Placed>,
    rejected: &mut Vec<(usize, String)>,
) -> usize {
    let Some(header) = readings.first().map(|reading| reading.columns.as_slice()) else { return first };
    let mut i = first;
    let mut end = i;
    let mut after_rule = true;
    let mut inner = binding.clone();
    // The binding below the last heading that names a product: those below it that name none are inside it.
    let mut group: Option<Binding> = None;
    let mut below_no_fix = false;
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
            let begins =
                i > first && (lines[i - 1].is_blank() || lines.get(i + 1).is_some_and(|l| columns::is_ruler(&l.text)));
            if header_of(&lines[i].text).is_some() || begins && variants::at(lines, i).is_some() {
                break;
            }
            let cells: Vec<&str> = box_cells(&lines[i].text).into_iter().map(|(_, cell)| cell).collect();
            if spanning(&cells, header).is_some_and(no_fix::heads_rows) {
                rejected.push((i, no_fix::NO_FIX_TABLE.to_owned()));
                below_no_fix = true;
            } else if is_note(&cells) {
                // A note about the rows is not a row.
            } else if let Some(heading) = heading_row(&cells, header) {
                below_no_fix = false;
                let names_product = beside::names_product(heading);
                inner = group.as_ref().filter(|_| !names_product).unwrap_or(binding).inside(heading);
                if names_product {
                    group = Some(inner.clone());
                }
                if let Some(machine) = heading::machine_word(heading) {
                    inner.platform.get_or_insert_with(|| machine.to_owned());
                }
            } else if let Some(branch) = branch_row(&cells, header) {
                let above = group.as_ref().unwrap_or(binding).clone();
                inner = Binding { branch: Some(branch.into_owned()), ..above };
            } else if cells.iter().any(|cell| no_fix_words::says_unchanged(cell)) {
                rejected.push((i, no_fix::NO_FIX_TABLE.to_owned()));
            } else if !below_no_fix {
                match read(&cells, readings) {
                    Ok(found) => {
                        rejected.extend(found.unread.into_iter().map(|reason| (i, reason)));
                        rows.extend(Placed::all(found.rows, &inner, lines[i].number));
                    }
                    // The continuation of a cell in the next line of its box has no file name.
                    Err(_) if !after_rule && !has_file(&cells, header) && !states_fix(&cells, header) => {}
                    Err(_) if cells.iter().all(|c| c.is_empty()) => {}
                    Err(_) if !has_file(&cells, header) => rejected.push((i, ROW_WITHOUT_NAME.to_owned())),
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

/// True for a row that is only a note: one cell is filled, and its text begins with "Note" or with the mark of a
/// footnote, or is a sentence.
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

/// The text of a row that spans the table as a heading: only its first cell is filled, and it names a product, a
/// processor or a language.
fn heading_row<'c>(cells: &[&'c str], header: &[HeaderColumn]) -> Option<&'c str> {
    let (first, rest) = cells.split_first()?;
    let text = first.trim_matches('*').trim();
    let wide = header.len() >= 3 || header.len() == 2 && text.contains(' ');
    let spans = wide && !text.is_empty() && rest.iter().all(|cell| cell.is_empty());
    let names = || heading::PRODUCT.is_match(text.as_bytes()) || cells::is_platform(text) || is_language(text);
    (spans && !heading::has_fact(text) && names()).then_some(text)
}

/// The text of a row that spans the table.
fn spanning<'c>(cells: &[&'c str], header: &[HeaderColumn]) -> Option<&'c str> {
    let (first, rest) = cells.split_first()?;
    let spans = header.len() >= 2 && rest.iter().all(|cell| cell.is_empty() || cell == first);
    Some(first.trim_matches(['*', ' '])).filter(|text| spans && !text.is_empty() && !cells::is_file_name(text))
}

/// The service branch of a row that spans the table: `RTMQFE` (MS03-048).
fn branch_row<'c>(cells: &[&'c str], header: &[HeaderColumn]) -> Option<Cow<'c, str>> {
    let (first, rest) = cells.split_first()?;
    let (branch, _) = folder_cell(first.trim_matches(['*', ':', ' ']))?;
    let spans = header.len() >= 3 && rest.iter().all(|cell| cell.is_empty() || cell == first);
    branch.filter(|_| spans)
}

/// True for a row that states a version, or a file in another column than the file's: its name was lost (an empty cell,
/// a picture).
fn states_fix(cells: &[&str], header: &[HeaderColumn]) -> bool {
    // `0.0.0.0` means that a file has no version.
    let is_version = |cell: &str| cells::is_version(cell) && cell.contains(|c: char| !matches!(c, '0' | '.'));
    cells
        .iter()
        .zip(header)
        .any(|(cell, h)| h.column == Column::Version && (is_version(cell) || cells::is_file_name(cell)))
}

/// True for a row whose first column, or whose file column, is filled.
fn has_file(cells: &[&str], header: &[HeaderColumn]) -> bool {
    cells.iter().zip(header).any(|(cell, h)| h.column == Column::File && !cell.is_empty())
}
