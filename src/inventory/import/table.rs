//! Lists in columns: CSV, and the tab-separated output of `sigcheck -ct`.

use std::collections::HashMap;
use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use super::ImportError;
use super::lines::Lines;
use crate::inventory::document::Texts;

/// The names of the columns.
pub(super) struct Columns {
    format: &'static str,
    places: HashMap<String, usize>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    columns: &'a Columns,
    /// Its line in the file, from 1.
    pub line: u64,
    record: &'a StringRecord,
}

/// Calls `read` with each row below the first line that `is_header` accepts; earlier lines are a program's banner.
/// `check` examines the names of the columns.
///
/// # Errors
/// No header; a row with more or fewer fields than the header; the first error of `check` or `read`.
pub(super) fn rows(
    format: &'static str,
    text: &Texts<'_>,
    is_header: impl Fn(&str) -> bool,
    check: impl FnOnce(&Columns) -> Result<(), ImportError>,
    mut read: impl FnMut(Line<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut lines = Lines::new(text.open()?);
    let mut banner = 0;
    let header = loop {
        let Some(line) = lines.next()? else {
            return Err(super::error(format, "line 1", "expected the line with the names of the columns"));
        };
        if is_header(line) {
            break format!("{line}\n");
        }
        banner += 1;
    };
    let is_between = |delimiter: &&u8| header.as_bytes().contains(delimiter);
    let delimiter = *b"\t,;|".iter().find(is_between).unwrap_or(&b',');
    let (rest, meter) = lines.rest();
    let table = header.as_bytes().chain(rest);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(table);
    let failed = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line) + banner;
        match error.into_kind() {
            csv::ErrorKind::Io(error) => ImportError::Read(error),
            kind => super::error(format, format!("line {line}"), csv_text(kind)),
        }
    };
    let names = reader.headers().map_err(failed)?.clone();
    let mut columns = Columns { format, places: HashMap::new() };
    for (place, name) in names.iter().enumerate() {
        let name = name.trim().to_lowercase();
        // "Version String" is another spelling of `version_string`.
        columns.places.entry(underscored(&name)).or_insert(place);
        columns.places.entry(name).or_insert(place);
    }
    check(&columns)?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        meter.next_value();
        let line = record.position().map_or(0, csv::Position::line) + banner;
        // A row with shifted columns could give a file the version of another one.
        if record.len() != names.len() {
            let counts = format!("{} fields, the header has {}", record.len(), names.len());
            let what = format!("{counts}: a quotation mark inside a text? Correct the line");
            return Err(super::error(format, format!("line {line}"), what));
        }
        read(Line { columns: &columns, line, record: &record })?;
    }
    Ok(())
}

/// A column's name, with blanks and hyphens replaced by `_`.
pub(super) fn underscored(name: &str) -> String {
    name.replace([' ', '-'], "_")
}

/// The message for a row that the CSV reader refuses.
fn csv_text(kind: csv::ErrorKind) -> String {
    match kind {
        csv::ErrorKind::Utf8 { err, .. } => err.to_string(),
        other => format!("{other:?}"),
    }
}

impl Columns {
    /// True if the column exists.
    pub(super) fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }
}

impl<'a> Line<'a> {
    /// A column's text, trimmed; empty for a missing column and for `n/a`.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let text = self.columns.places.get(column).and_then(|place| self.record.get(*place)).unwrap_or_default().trim();
        if text.eq_ignore_ascii_case("n/a") { "" } else { text }
    }

    /// A column's path, not trimmed: a blank at the end of a file name makes it another name. `None` where it is empty.
    pub(super) fn path(&self, column: &str) -> Option<String> {
        let place = *self.columns.places.get(column)?;
        Some(self.record.get(place)?.trim_start().to_owned()).filter(|_| !self.text(column).is_empty())
    }

    /// True if the table has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.has(column)
    }

    /// The error for this row.
    pub(super) fn error(&self, what: impl Into<String>) -> ImportError {
        super::error(self.columns.format, format!("line {}", self.line), what)
    }
}
