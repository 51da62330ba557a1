//! The "file information" lists that come with later updates: CSV with a header line for each architecture.

use super::super::columns;
use super::super::document::{Document, Line, MAX_LINES};
use super::marked_id;

/// True where one of the first lines is a CSV header of a file list.
pub(super) fn is_csv(head: &str) -> bool {
    head.lines().take(20).any(|line| {
        let cells = line.split(',').map(|c| (0, c.trim().trim_matches('"')));
        line.matches(',').count() >= 2 && columns::cell_header(cells).is_some()
    })
}

/// Reads every record: one of several cells as a row of a boxed table, one of a single cell as a heading.
pub(super) fn read(text: &str) -> Document<'_> {
    let mut document = Document { file_list: true, ..Document::default() };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while document.lines.len() < MAX_LINES && reader.read_record(&mut record).unwrap_or(false) {
        let number = record.position().map_or(0, |p| p.line() as u32);
        let filled: Vec<&str> = record.iter().filter(|c| !c.is_empty()).collect();
        match filled.as_slice() {
            [] => {}
            [only] => {
                let line = Line::owned(number, (*only).to_owned());
                if document.title.is_empty() {
                    document.title = line.text.to_string();
                }
                document.id = document.id.or_else(|| marked_id(only));
                document.lines.push(Line::new(number, ""));
                document.lines.push(line);
                document.lines.push(Line::new(number, ""));
            }
            _ => {
                let cells: Vec<String> = record.iter().map(|c| c.replace('|', " ")).collect();
                document.lines.push(Line::owned(number, format!("| {} |", cells.join(" | "))));
            }
        }
    }
    document
}
