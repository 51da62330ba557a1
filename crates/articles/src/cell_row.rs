//! Given cells of a line -> its rows: one for each file that it names.

use std::borrow::Cow;

use super::cells::{self, SizeText};
use super::columns::{Column, HeaderColumn};
use super::name_cell::{self, Remarks};
use super::row::{Row, column_name, fill, is_bare_name, is_no_name};
use super::table_cells;
use super::version_remarks::{self, Stated};
use hotfixcheck_types::Machine;

/// The result for one line: one row per file, and the cells that could not be read.
pub(crate) struct Cells {
    pub rows: Vec<Row>,
    pub unread: Vec<String>,
}

/// Reads given cells as a row of these columns. If a date, time or size cannot be read, the row is kept without it, and
/// the cell is listed. Cells without a file name are an error.
pub(crate) fn from_cells(cells: &[&str], columns: &[HeaderColumn]) -> Result<Cells, String> {
    let mut row = Row::default();
    let mut unread = Vec::new();
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    let mut remarks = Remarks::default();
    let mut paired: Vec<(Column, Vec<&str>)> = Vec::new();
    let mut versions: Vec<Stated<'_>> = Vec::new();
    let file_cell = cells.iter().zip(columns).find(|(_, header)| header.column == Column::File).map(|(cell, _)| *cell);
    if let Some(cell) = file_cell {
        (names, remarks) = name_cell::read(cell);
    }
    // Digits of full width, and versions broken at a dot.
    let in_numbers = |column| matches!(column, Column::Version | Column::Size | Column::Date | Column::Time);
    let tidied: Vec<Cow<'_, str>> = (cells.iter().zip(columns))
        .map(
            |(cell, header)| if in_numbers(header.column) { version_remarks::tidy(cell) } else { Cow::Borrowed(*cell) },
        )
        .collect();
    for (cell, header) in tidied.iter().zip(columns) {
        let cell = cell.trim();
        let cell = if header.column == Column::File { cell } else { cell.trim_matches('*') };
        if cell.is_empty() {
            continue;
        }
        match header.column {
            Column::File => {}
            column if one_a_name(column, cell, names.len()).is_some() => {
                paired.extend(one_a_name(column, cell, names.len()).map(|parts| (column, parts)));
            }
            Column::Version if names.len() == 1 && version_remarks::several(cell).is_some() => {
                versions = version_remarks::several(cell).unwrap_or_default();
            }
            // Perhaps name and version are swapped.
            Column::Version if cells::is_file_name(cell) => row.version = Some(cell.to_owned()),
            _ if !fill(&mut row, header.column, cell) => {
                unread.push(format!("'{cell}' is not a {}", column_name(header.column)));
            }
            _ => {}
        }
    }
    // Two swapped cells (Q234432).
    if let [name] = names.as_slice()
        && cells::is_version(name)
        && let Some(file) = row.version.take_if(|v| cells::is_file_name(v))
    {
        let row = Row { file, version: Some(name.clone().into_owned()), ..row };
        return Ok(Cells { rows: vec![row], unread });
    }
    if let Some(file) = row.version.take_if(|v| cells::is_file_name(v)) {
        unread.push(format!("'{file}' is not a version"));
    }
    unread.append(&mut row.unread);
    if let (Some(slip), [name]) = (remarks.slip, names.as_slice()) {
        unread.push(format!("'{slip}' is read as '{name}'"));
    }
    unread.extend(remarks.unknown.map(|remark| format!("'{remark}' after the name is not understood")));
    if names.iter().all(|name| name.is_empty()) {
        return Err(unread.into_iter().next().unwrap_or_else(|| "no file name".to_owned()));
    }
    // A line that names no file and has an unreadable cell is not a row.
    let other = unread.iter().find(|reason| !reason.ends_with("is not a version"));
    if let Some(first) = other.filter(|_| !names.iter().all(|name| cells::is_file_name(name))) {
        return Err(first.clone());
    }
    if let [name] = names.as_slice()
        && !cells::is_file_name(name)
        && !is_bare_name(name)
        && states_nothing(&row)
    {
        return Err(format!("'{name}' is not a file name, and nothing stands beside it"));
    }
    // `abc,dll`: no file can have that name, and its row would silently never match.
    if let Some(name) = names.iter().find(|name| name.contains(NEVER_IN_NAMES) || is_no_name(name)) {
        return Err(format!("'{name}' is not a file name"));
    }
    row.platform = row.platform.or(remarks.platform);
    if let ([_], Some(path)) = (names.as_slice(), file_cell) {
        row.take_folder(path);
    }
    row.sp_requirement = row.sp_requirement.or(remarks.pack);
    row.product = row.product.or(remarks.product);
    // The processor may be in the column of the folder (MS06-014), or in one without a title (MS04-001).
    if row.platform.is_none() {
        let untitled =
            cells.iter().zip(columns).filter(|(_, header)| header.start == header.end).map(|(cell, _)| *cell);
        let is_machine = |text: &&str| Machine::from_platform_word(text.trim()).is_some();
        row.platform = row.folder.take_if(|folder| is_machine(&folder.as_str()));
        row.platform =
            row.platform.or_else(|| untitled.into_iter().find(is_machine).map(|text| text.trim().to_owned()));
    }
    // `IA64 (pre-SP1)` and the folder `SP1 (vor SP1)` (MS03-045).
    for cell in [&mut row.platform, &mut row.folder] {
        if let Some(pack) = cell.as_deref().and_then(name_cell::pack) {
            row.sp_requirement.get_or_insert(pack);
            let bare = cell.as_deref().and_then(|text| text.split_once('(')).map(|(bare, _)| bare.trim().to_owned());
            *cell = bare.filter(|bare| !bare.is_empty());
        }
    }
    let named = |(i, name): (usize, &Cow<'_, str>)| {
        let mut row = Row { file: name.clone().into_owned(), ..row.clone() };
        for (column, parts) in &paired {
            // Each part was checked to be of the column's kind.
            fill(&mut row, *column, parts.get(i).copied().unwrap_or_default());
        }
        // `SP2GDR\abc.dll, SP2QFE\abc.dll`; a single name is without its folder here.
        row.take_folder(name);
        row
    };
    let rows: Vec<Row> = names.iter().enumerate().map(named).collect();
    if versions.is_empty() {
        return Ok(Cells { rows, unread });
    }
    // One row for each version of the cell: `5.1.2600.3001 (SP2), 5.1.2600.5601 (SP3)`.
    let each = |row: &Row| {
        let row = row.clone();
        versions.iter().map(move |stated| {
            let mut row = row.clone();
            row.take_version(stated.clone());
            row
        })
    };
    Ok(Cells { rows: rows.iter().flat_map(each).collect(), unread })
}

/// Characters that Windows allows in no name, and the comma, which no file name of the archives has.
const NEVER_IN_NAMES: [char; 8] = [',', ';', ':', '<', '>', '"', '|', '\u{fffd}'];

/// The parts of a cell in a row with several names, if it has one part for each: `5.1.2600.110 5.1.2600.111`.
fn one_a_name(column: Column, cell: &str, names: usize) -> Option<Vec<&str>> {
    let separators: &[char] = if column == Column::Version { &[',', ';', ' '] } else { &[' '] };
    let fits = |part: &&str| match column {
        Column::Version => cells::is_version(part),
        // Shorter parts would be the digit groups of one size.
        Column::Size => part.len() > 3 && matches!(table_cells::size_cell(part), Some(SizeText::Bytes(_))),
        Column::Date => table_cells::date_cell(part).is_some(),
        Column::Time => table_cells::time_cell(part).is_some(),
        _ => false,
    };
    if names < 2 {
        return None;
    }
    let parts: Vec<&str> = cell.split(separators).filter(|part| !part.is_empty()).collect();
    (parts.len() == names && parts.iter().all(fits)).then_some(parts)
}

/// True for a row that states only a name.
fn states_nothing(row: &Row) -> bool {
    row.version.is_none() && row.date.is_none() && row.time.is_none() && row.size.is_none()
}
