//! The "file information" lists that come with later updates: CSV with a header line for each architecture, or without
//! one.

use super::header::marked_id;
use crate::cells;
use crate::columns::{self, Column};
use crate::document::{Document, Line, MAX_LINES};
use crate::heading;

/// How many of the first lines are read.
const HEAD_LINES: usize = 20;

/// The separator of a list's cells, if the text is a list: one of the first lines is the header or a record of a file
/// list. Spreadsheets of other countries write semicolons or tabs. Those must be near the top, because tabs also align
/// tables inside articles.
pub(super) fn separator(head: &str) -> Option<u8> {
    let begins = |separator: char, lines: usize| {
        head.lines().take(lines).any(|line| {
            let separators = line.matches(separator).count();
            // `File name,File version`: if there are two cells, both must be titles.
            if separators == 1 {
                let titles: Vec<_> =
                    line.split(separator).filter_map(|c| columns::title(c.trim().trim_matches('"'))).collect();
                return matches!(titles.as_slice(), [Column::File, Column::Version] | [Column::Version, Column::File]);
            }
            if separators == 0 {
                return false;
            }
            let cells = || without_empty_end(split(line, separator));
            is_header(&cells()) || begins_record(&cells())
        })
    };
    let known = [(',', HEAD_LINES), (';', TOP_LINES), ('\t', TOP_LINES), ('|', TOP_LINES)];
    // A Markdown table begins with the mark.
    let is_table = head.lines().take(TOP_LINES).any(|line| line.starts_with('|'));
    let mut known = known.into_iter().filter(|(separator, _)| *separator != '|' || !is_table);
    known.find(|(separator, lines)| begins(*separator, *lines)).map(|(separator, _)| separator as u8)
}

/// The cells of a line. A separator inside quotes is part of its cell: `"7,815,008"`.
fn split(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    };
    line.split(ends).map(|cell| cell.trim().trim_matches('"')).collect()
}

/// How many of the first lines may hold a header with separators other than commas.
const TOP_LINES: usize = 3;

/// Reads every record: one of several cells as a row of a boxed table, one of a single cell as a heading. A section
/// without a header line uses that of the last section, or columns recognised from the cells of its first record with a
/// version (the lists of KB4041691 and others have no titles).
pub(super) fn read(text: &str, separator: u8) -> Document<'_> {
    let mut document = Document { file_list: true, ..Document::default() };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut header: Option<String> = None;
    let mut headed = false;
    let mut in_attributes = false;
    let mut first: Option<String> = None;
    let mut recognised: Option<(usize, String)> = recognised_titles(text, separator);
    while document.lines.len() < MAX_LINES && reader.read_record(&mut record).unwrap_or(false) {
        let number = record.position().map_or(0, |p| p.line() as u32);
        let cells = without_empty_end(record.iter().map(|c| c.trim_start_matches('\u{feff}')).collect());
        let filled: Vec<&str> = cells.iter().copied().filter(|c| !c.is_empty()).collect();
        if filled.is_empty() {
            continue;
        }
        // A line right above a header line is the name of a component, not of the list.
        let heading = first.take().filter(|first| !is_header(&cells) && heading::is_heading(first));
        if let Some(heading) = heading.filter(|_| document.title.is_empty()) {
            document.title = heading;
        }
        let banner = banner(&filled, separator);
        if let Some(only) = filled.first().filter(|_| filled.len() == 1).map(|only| (*only).to_owned()).or(banner) {
            let only = &only;
            let line = Line::owned(number, only.clone());
            let id = marked_id(only);
            if document.title.is_empty() && header.is_none() && id.is_some() && heading::is_heading(only) {
                document.title = line.text.to_string();
            } else if document.lines.is_empty() {
                first = Some(line.text.to_string());
            }
            document.id = document.id.or(id);
            document.lines.extend([Line::new(number, ""), line, Line::new(number, "")]);
            headed = false;
            continue;
        }
        let row = boxed(&cells);
        // Manifests with one attribute a line may be between the records of other files (lists of cumulative updates).
        let begins = attribute(&cells) == Some(Column::File) && cells::is_file_name(cells[1]);
        if begins || in_attributes && attribute(&cells).is_none() {
            // One blank line may be inside a table.
            document.lines.extend([Line::new(number, ""), Line::new(number, "")]);
            headed = false;
        }
        in_attributes = begins || in_attributes && attribute(&cells).is_some();
        if is_header(&cells) {
            header = Some(row.clone());
            headed = true;
            recognised = None;
        } else if !headed && !in_attributes {
            let of_length = |(length, titles): &(usize, String)| {
                (cells.len() == *length && cells::is_file_name(cells[0])).then(|| titles.clone())
            };
            let whole = begins_record(&cells).then(|| header.clone().unwrap_or_else(|| boxed(&titles(&cells))));
            if let Some(stated) = whole.or_else(|| recognised.as_ref().and_then(of_length)) {
                document.lines.push(Line::owned(number, stated));
                headed = true;
            }
        }
        document.lines.push(Line::owned(number, row));
    }
    document
}

/// The columns of the first record that needs no titles, if no line of the list has any, and the number of its cells.
fn recognised_titles(text: &str, separator: u8) -> Option<(usize, String)> {
    let mut found = None;
    for line in text.lines().take(MAX_UNTITLED) {
        let cells = without_empty_end(split(line, separator.into()));
        if is_header(&cells) {
            return None;
        }
        if found.is_none() && begins_record(&cells) {
            found = Some((cells.len(), boxed(&titles(&cells))));
        }
    }
    found
}

/// How many lines are searched for titles and for such a record.
const MAX_UNTITLED: usize = 1_000;

/// The attribute that a record of two cells states: `File version,Not applicable`.
fn attribute(cells: &[&str]) -> Option<Column> {
    match cells {
        [title, value] if !value.is_empty() && columns::title(value).is_none() => {
            columns::title(title).filter(|column| *column != Column::Other)
        }
        _ => None,
    }
}

/// The heading of a section that contains commas without being quoted: `For all x64-based versions of Windows 10,
/// version 1809`.
fn banner(cells: &[&str], separator: u8) -> Option<String> {
    let is_fact = |cell: &&str| {
        cells::is_file_name(cell)
            || cells::is_version(cell)
            || columns::title(cell).is_some()
            || cells::date(cell).is_some()
    };
    let whole = cells.join(", ");
    let is_banner = separator == b',' && (2..=6).contains(&cells.len()) && !cells.iter().any(is_fact);
    (is_banner && heading::PRODUCT.is_match(whole.as_bytes())).then_some(whole)
}

/// Spreadsheets pad every record to the longest one's length.
fn without_empty_end(mut cells: Vec<&str>) -> Vec<&str> {
    let length = cells.iter().rposition(|c| !c.is_empty()).map_or(0, |last| last + 1);
    cells.truncate(length);
    cells
}

fn is_header(cells: &[&str]) -> bool {
    columns::cell_header(cells.iter().map(|c| (0, *c))).is_some()
}

fn boxed(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|c| c.replace('|', " ")).collect();
    format!("| {} |", cells.join(" | "))
}

/// True for a record whose cells need no title: a file's name first, then its version and its date or size.
fn begins_record(cells: &[&str]) -> bool {
    let titles = titles(cells);
    is_header(&titles) && titles.first() == Some(&"File name") && titles.contains(&"Version") && titles.len() >= 3
}

/// The titles of the columns to which a record's cells would belong.
fn titles(cells: &[&str]) -> Vec<&'static str> {
    let title = |cell: &&str| match *cell {
        "" => "-",
        cell if cells::is_version(cell) => "Version",
        cell if cells::is_file_name(cell) => "File name",
        cell if cells::date(cell).is_some() => "Date",
        cell if cell.contains(':') && cells::time(cell).is_some() => "Time",
        cell if cells::is_platform(cell) => "Platform",
        cell if cells::size(cell).is_some() => "Size",
        _ => "-",
    };
    cells.iter().map(title).collect()
}
