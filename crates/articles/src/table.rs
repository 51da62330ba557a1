//! Tables under a column header: space-aligned or boxed.

use super::aligned;
use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS};
use super::context::{self, Binding};
use super::document::{Document, Line};
use super::heading;
use super::model::{Fix, FixKind, Rejected};
use super::row::{self, Row};
use super::vertical;
use hotfixcheck_types::{KbId, Machine};

/// The most rows of one article; the longest real list has some thousand (SQL Server updates).
pub(crate) const MAX_ROWS: usize = 50_000;

/// What extraction has found so far, and which lines it has used.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub fixes: Vec<Fix>,
    pub rejected: Vec<Rejected>,
    /// For each line up to the last such one, whether it belongs to a table or list: later stages leave those alone.
    used: Vec<bool>,
}

impl Found {
    pub(crate) fn is_used(&self, index: usize) -> bool {
        self.used.get(index).is_some_and(|used| *used)
    }

    /// Marks the lines of a table or list.
    pub(crate) fn mark_used(&mut self, lines: std::ops::Range<usize>) {
        self.used.resize(self.used.len().max(lines.end), false);
        self.used[lines].fill(true);
    }

    /// The package that brings the fix is listed beside its files in some articles (Q311085.exe in Q311085,
    /// `Windows6.1-KB976398-x64.msu`); it corrects nothing by itself.
    pub(crate) fn leave_out_package(&mut self, id: KbId) {
        if self.fixes.is_empty() {
            return;
        }
        let digits = id.number().to_string();
        let marked = format!("-kb{digits}-");
        let is_package = |f: &Fix| {
            let lower = f.file.to_ascii_lowercase();
            [".exe", ".cab", ".msu", ".msp"].iter().any(|extension| lower.ends_with(extension))
                && (lower.trim_start_matches(['q', 'k', 'b']).starts_with(&digits) || lower.contains(&marked))
        };
        for fix in self.fixes.iter().filter(|f| is_package(f)) {
            let reason = "the package that brings the fix".to_owned();
            self.rejected.push(Rejected { line: fix.line, text: fix.file.clone().into(), reason });
        }
        self.fixes.retain(|f| !is_package(f));
    }

    pub(crate) fn reject(&mut self, line: &Line<'_>, reason: impl Into<String>) {
        let text = line.trimmed().chars().take(Rejected::MAX_TEXT).collect();
        self.rejected.push(Rejected { line: line.number, text, reason: reason.into() });
    }
}

/// A row with what its table says of it.
pub(crate) struct Placed {
    pub row: Row,
    pub binding: Binding,
    pub line: u32,
}

/// Reads every table of corrected files.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut i = 0;
    let mut last_fix_table: Option<usize> = None;
    while i < lines.len() {
        let header = header_at(document, i);
        if header.is_none() && !vertical::begins(lines, i) {
            i += 1;
            continue;
        }
        let mut rows = Vec::new();
        let mut rejected = Vec::new();
        let binding = context::binding(document, i);
        let end = match header {
            Some((header, true)) => boxed_rows(lines, i, &header, &binding, &mut rows, &mut rejected),
            Some((header, false)) => aligned::rows(lines, i, &header, &binding, &mut rows, &mut rejected),
            None => vertical::rows(lines, i, &binding, &mut rows, &mut rejected),
        };
        let continues = last_fix_table.is_some_and(|last| only_headings_between(lines, last, i));
        if rows.is_empty() || found.fixes.len() + rows.len() > MAX_ROWS {
            i += 1;
            continue;
        }
        found.mark_used(i..end);
        if continues || document.file_list || context::announced(document, i) || context::announced_below(lines, end) {
            last_fix_table = Some(end);
            for (at, reason) in rejected {
                found.reject(&lines[at], reason);
            }
            push_rows(rows, FixKind::Table, found);
        }
        i = end.max(i + 1);
    }
    if document.file_list && !found.fixes.is_empty() {
        reject_rest(lines, found);
    }
}

/// Every record of a file list is a row: those that no table holds are not passed over in silence.
fn reject_rest(lines: &[Line<'_>], found: &mut Found) {
    for (i, line) in lines.iter().enumerate() {
        if line.text.starts_with('|') && !found.is_used(i) {
            found.reject(line, "a record under no header line");
        }
    }
}

/// Resolves the dates of a table's rows together, and keeps them as fixes.
pub(crate) fn push_rows(rows: Vec<Placed>, kind: FixKind, found: &mut Found) {
    let numeric = |p: &Placed| match p.row.date {
        Some(cells::DateText::Numeric { first, second, .. }) => Some((first, second)),
        _ => None,
    };
    let day_first = rows.iter().filter_map(numeric).any(|(first, _)| first > 12);
    for placed in rows {
        let swapped = day_first && numeric(&placed).is_some_and(|(_, second)| second <= 12);
        let Placed { row, binding, line } = placed;
        let platform = row.platform.clone().or(binding.platform);
        let language = row.language.clone().or(binding.language);
        found.fixes.push(Fix {
            kind,
            section: binding.section.into(),
            language: language.filter(|l| !is_english(l)).map(Into::into),
            date: row.resolved_date(swapped),
            file: row.file.into(),
            version: row.version.map(Into::into),
            time: row.time.map(Into::into),
            size: row.size,
            machine: platform.as_deref().and_then(Machine::from_platform_text),
            platform: platform.map(Into::into),
            line,
            branch: row.branch.map(Into::into),
            sp_requirement: row.sp_requirement.map(Into::into),
            utc: false,
            note: swapped.then(|| "day-first date".to_owned().into()),
        });
    }
}

/// `English`, `English (US)`, `EN`, `US`: the language that the model leaves out.
pub(crate) fn is_english(language: &str) -> bool {
    let lower = language.trim().to_ascii_lowercase();
    lower.starts_with("english") || matches!(lower.as_str(), "en" | "us" | "usa" | "enu" | "en-us" | "eng" | "u.s.")
}

fn header_at(document: &Document<'_>, i: usize) -> Option<(Vec<HeaderColumn>, bool)> {
    let lines = &document.lines;
    let text = lines[i].text.as_ref();
    if !columns::may_be_header(text) {
        return only_names_at(document, i).map(|h| (h, false));
    }
    if text.trim_start().starts_with('|') {
        return columns::cell_header(box_cells(text).into_iter()).map(|h| (h, true));
    }
    columns::aligned_header(text).map(|h| (h, false))
}

/// A table of names only (Q292041): `File name` alone over a ruler, where corrected files are announced.
fn only_names_at(document: &Document<'_>, i: usize) -> Option<Vec<HeaderColumn>> {
    let lines = &document.lines;
    let title = lines[i].trimmed();
    let ruled = || lines.get(i + 1).is_some_and(|l| columns::is_ruler(&l.text) && !heading::is_top_heading(lines, i));
    let alone = (8..=10).contains(&title.len()) && ruled() && columns::title(title) == Some(Column::File);
    let start = lines[i].text.len() - title.len();
    (alone && context::announced(document, i))
        .then(|| vec![HeaderColumn { column: Column::File, start, end: lines[i].text.len() }])
}

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
fn boxed_rows(
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

/// Tables of one announcement follow each other with nothing but headings between them.
pub(crate) fn only_headings_between(lines: &[Line<'_>], from: usize, to: usize) -> bool {
    to >= from
        && to - from < 16
        && (from..to).all(|i| {
            let text = lines[i].trimmed();
            text.is_empty()
                || lines[i].heading > 0 && context::goes_on_below(&lines[i])
                || lines[i].heading == 0 && is_plain_heading(lines, i)
        })
}

fn is_plain_heading(lines: &[Line<'_>], i: usize) -> bool {
    let text = lines[i].trimmed();
    !heading::is_top_heading(lines, i) && (columns::is_ruler(text) || context::is_heading(text))
}
