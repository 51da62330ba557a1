//! Lists in columns: CSV, and the tabs of `sigcheck -ct`.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::ImportError;

/// A header and the rows below it.
pub(super) struct Table {
    format: &'static str,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, StringRecord)>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    table: &'a Table,
    /// Its line in the file, from 1.
    pub line: u64,
    record: &'a StringRecord,
}

impl Table {
    /// Reads what follows the first line that `is_header` accepts; lines before it are a program's banner.
    ///
    /// # Errors
    /// No header; a row with more or fewer fields than the header.
    pub(super) fn read(
        format: &'static str,
        text: &str,
        is_header: impl Fn(&str) -> bool,
    ) -> Result<Self, ImportError> {
        // The reader counts the lines of CR LF differently.
        let text = &*text.replace("\r\n", "\n");
        let mut start = 0;
        let mut banner = 0;
        let header = loop {
            let Some(line) = text[start..].lines().next() else {
                return Err(super::error(format, "line 1", "expected the line with the names of the columns"));
            };
            if is_header(line) {
                break line;
            }
            banner += 1;
            start += text[start..].find('\n').map_or(text.len() - start, |end| end + 1);
        };
        let delimiter = if header.contains('\t') {
            b'\t'
        } else if header.contains(',') {
            b','
        } else {
            b';'
        };
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(&text.as_bytes()[start..]);
        let failed = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line) + banner;
            super::error(format, format!("line {line}"), error.to_string())
        };
        let names = reader.headers().map_err(failed)?.clone();
        let mut columns = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            columns.entry(name.trim().to_lowercase()).or_insert(place);
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let line = record.position().map_or(0, csv::Position::line) + banner;
            // What shifts the columns would give one file another's version.
            if record.len() != names.len() {
                let counts = format!("{} fields, the header has {}", record.len(), names.len());
                let what = format!("{counts}: a quotation mark inside a text? Correct the line");
                return Err(super::error(format, format!("line {line}"), what));
            }
            rows.push((line, record));
        }
        Ok(Self { format, columns, rows })
    }

    /// True if there is such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The rows.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(line, record)| Line { table: self, line: *line, record })
    }
}

impl<'a> Line<'a> {
    /// A column's text, trimmed; empty where there is no such column, or for `n/a`.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let text = self.table.columns.get(column).and_then(|place| self.record.get(*place)).unwrap_or_default().trim();
        if text.eq_ignore_ascii_case("n/a") { "" } else { text }
    }

    /// True if the table has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.table.has(column)
    }

    /// What is wrong with this row.
    pub(super) fn error(&self, what: impl Into<String>) -> ImportError {
        super::error(self.table.format, format!("line {}", self.line), what)
    }
}
