//! Tables under a column header: space-aligned or boxed.

use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS};
use super::context::{self, Binding};
use super::document::{Document, Line};
use super::model::{Fix, FixKind, Rejected};
use super::row::{self, Row};
use crate::{KbId, Machine};

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
    pub fn is_used(&self, index: usize) -> bool {
        self.used.get(index).is_some_and(|used| *used)
    }

    /// Marks the lines of a table or list.
    pub fn mark_used(&mut self, lines: std::ops::Range<usize>) {
        self.used.resize(self.used.len().max(lines.end), false);
        self.used[lines].fill(true);
    }

    /// The package that brings the fix is listed beside its files in some articles (Q311085.exe in Q311085); it
    /// corrects nothing by itself.
    pub fn leave_out_package(&mut self, id: KbId) {
        let digits = id.number().to_string();
        let is_package = |f: &Fix| {
            let lower = f.file.to_ascii_lowercase();
            (lower.ends_with(".exe") || lower.ends_with(".cab"))
                && lower.trim_start_matches(['q', 'k', 'b']).starts_with(&digits)
        };
        for fix in self.fixes.iter().filter(|f| is_package(f)) {
            let reason = "the package that brings the fix".to_owned();
            self.rejected.push(Rejected { line: fix.line, text: fix.file.clone(), reason });
        }
        self.fixes.retain(|f| !is_package(f));
    }

    pub fn reject(&mut self, line: &Line<'_>, reason: impl Into<String>) {
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
        let Some((header, boxed)) = header_at(lines, i) else {
            i += 1;
            continue;
        };
        let mut rows = Vec::new();
        let mut rejected = Vec::new();
        let binding = context::binding(lines, i);
        let end = if boxed {
            boxed_rows(lines, i, &header, &binding, &mut rows, &mut rejected)
        } else {
            aligned_rows(lines, i, &header, &binding, &mut rows, &mut rejected)
        };
        let continues = last_fix_table.is_some_and(|last| only_headings_between(lines, last, i));
        if rows.is_empty() || found.fixes.len() + rows.len() > MAX_ROWS {
            i += 1;
            continue;
        }
        found.mark_used(i..end);
        if continues || document.file_list || context::announced(lines, i) || context::announced_below(lines, end) {
            last_fix_table = Some(end);
            for (at, reason) in rejected {
                found.reject(&lines[at], reason);
            }
            push_rows(rows, FixKind::Table, found);
        }
        i = end.max(i + 1);
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
            section: binding.section,
            language: language.filter(|l| !is_english(l)),
            date: row.resolved_date(swapped),
            file: row.file,
            version: row.version,
            time: row.time,
            size: row.size,
            machine: platform.as_deref().and_then(Machine::from_platform_text),
            platform,
            line,
            branch: row.branch,
            sp_requirement: row.sp_requirement,
            utc: false,
            note: swapped.then(|| "day-first date".to_owned()),
        });
    }
}

/// `English`, `English (US)`, `EN`, `US`: the language that the model leaves out.
pub(crate) fn is_english(language: &str) -> bool {
    let lower = language.trim().to_ascii_lowercase();
    lower.starts_with("english") || matches!(lower.as_str(), "en" | "us" | "usa" | "enu" | "en-us" | "eng" | "u.s.")
}

fn header_at(lines: &[Line<'_>], i: usize) -> Option<(Vec<HeaderColumn>, bool)> {
    let text = lines[i].text.as_ref();
    if !columns::may_be_header(text) {
        return None;
    }
    if text.trim_start().starts_with('|') {
        return columns::cell_header(box_cells(text).into_iter()).map(|h| (h, true));
    }
    columns::aligned_header(text).map(|h| (h, false))
}

/// The cells between `|` marks, each with its place in bytes.
fn box_cells(text: &str) -> Vec<(usize, &str)> {
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
                Err(_) if !after_rule && cells.iter().filter(|c| !c.is_empty()).count() < cells.len() => {}
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

/// Reads space-aligned rows below line `header_at`; returns the line after the table.
fn aligned_rows(
    lines: &[Line<'_>],
    header_at: usize,
    header: &[HeaderColumn],
    binding: &Binding,
    rows: &mut Vec<Placed>,
    rejected: &mut Vec<(usize, String)>,
) -> usize {
    let mut binding = binding.clone();
    let mut i = header_at + 1;
    let mut end = i;
    let mut blanks = 0;
    while i < lines.len() {
        let line = &lines[i];
        let text = line.text.as_ref();
        if line.is_blank() {
            blanks += 1;
            if blanks > 2 {
                break;
            }
            i += 1;
            continue;
        }
        if columns::is_ruler(text) {
            if !rows.is_empty() && (blanks > 0 || context::is_top_heading(lines, i)) {
                break;
            }
        } else if text.trim() == "-or-" {
            // Two ways to get one file (Q249973).
        } else if context::is_top_heading(lines, i) || columns::aligned_header(text).is_some() {
            break;
        } else if blanks == 0 && !rows.is_empty() && continues_description(text, header) {
            // The rest of a description, wrapped below its first line (Q185615).
        } else if let Some(row) = read_row(text, header)
            .filter(|r| blanks == 0 || rows.is_empty() || is_strong(r) || is_described(text, r, header))
        {
            rows.push(Placed { row, binding: binding.clone(), line: line.number });
        } else if context::is_heading(text) && !context::has_fact(text) && row_follows(lines, i, header) {
            // A heading inside the table binds the rows below it (836769, Q281394).
            let mut inner = Binding { language: binding.language.clone(), ..Binding::default() };
            context::take_heading(&mut inner, text.trim());
            if inner.section.is_empty() {
                inner.section = binding.section.clone();
            }
            binding = inner;
        } else if rows.is_empty() && rejected.is_empty() && !context::has_fact(text) || blanks > 0 {
            break;
        } else if context::has_fact(text) && !is_sentence(text) {
            rejected.push((i, "its words fit no order of the table's columns".to_owned()));
        } else if indent(text) < 12 || is_sentence(text) {
            break;
        }
        blanks = 0;
        i += 1;
        end = i;
    }
    end
}

/// Reads a row by the header's columns; rows also carry a platform that the header does not name (836769), or their
/// columns in another order (Q191887).
fn read_row(text: &str, header: &[HeaderColumn]) -> Option<Row> {
    let stated = |row: &Row| row.version.is_some() || row.date.is_some() || row.size.is_some();
    row::aligned(text, header)
        .or_else(|| {
            let has_platform = header.iter().any(|h| h.column == Column::Platform);
            let last = header.last().filter(|_| !has_platform)?;
            let platform = HeaderColumn { column: Column::Platform, start: last.end + 2, end: last.end + 10 };
            row::aligned(text, &[header, &[platform]].concat())
        })
        .or_else(|| row::by_kind(text).filter(stated))
}

/// A row that stands apart from its table by a blank line must be one beyond doubt.
fn is_strong(row: &Row) -> bool {
    let stated = [row.version.is_some(), row.date.is_some(), row.size.is_some()].iter().filter(|s| **s).count();
    cells::is_file_name(&row.file) && stated >= 1
}

/// True for a line that stands under a column which holds no fact.
fn continues_description(text: &str, header: &[HeaderColumn]) -> bool {
    let at = indent(text) + 2;
    header.iter().any(|h| h.column == Column::Other && h.start > 8 && at >= h.start)
}

/// A row of a table with descriptions may state nothing but its file (Regsvr32.exe in Q194828).
fn is_described(text: &str, row: &Row, header: &[HeaderColumn]) -> bool {
    let described = header.iter().any(|h| h.column == Column::Other);
    let below = header.iter().any(|h| h.column == Column::File && h.start.abs_diff(indent(text)) <= 1);
    described && below && cells::is_file_name(&row.file) && text.trim_start()[row.file.len()..].starts_with("  ")
}

fn row_follows(lines: &[Line<'_>], at: usize, header: &[HeaderColumn]) -> bool {
    lines[at + 1..]
        .iter()
        .filter(|l| !l.is_blank() && !columns::is_ruler(&l.text))
        .take(1)
        .any(|l| read_row(&l.text, header).is_some_and(|r| is_strong(&r)))
}

fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.iter().filter(|w| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase())).count();
    words.len() >= 6 && lower * 2 >= words.len()
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Tables of one announcement follow each other with nothing but headings between them.
pub(crate) fn only_headings_between(lines: &[Line<'_>], from: usize, to: usize) -> bool {
    to >= from
        && to - from < 16
        && (from..to).all(|i| {
            let text = lines[i].trimmed();
            text.is_empty()
                || columns::is_ruler(text) && !context::is_top_heading(lines, i)
                || context::is_heading(text) && !context::is_top_heading(lines, i)
        })
}
