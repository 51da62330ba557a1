//! What the tags and texts of an HTML page become: lines, headings and rows of tables.

use super::html_spans::{Cell, Spans};
use super::html_tags::{heading_level, is_block, is_heading, is_inline};
use super::{inline, web};
use crate::box_cells;
use crate::document::{Document, Line};
use crate::heading;

/// A row with a longer cell is page layout, not a table of facts.
const MAX_CELL: usize = 300;

/// Marks the beginning of a block inside a cell; a second one follows the heading level, which may be missing. No text
/// has this character.
const BLOCK: char = '\u{1e}';

/// The state of a page that is being read.
pub(super) struct Page<'a> {
    source: &'a str,
    pub(super) document: Document<'a>,
    pub(super) title: String,
    /// The words of the line being filled.
    line: String,
    /// The start of that line, or of the row, in the source: the offset counted up to, and the line number.
    counted: usize,
    number: u32,
    /// The cells of the row being filled, if any.
    row: Option<Vec<Cell>>,
    /// True between the tags of a row. One without cells is the next row of the cells that span it.
    in_row: bool,
    /// How many columns the table has so far; 0 before its first row of several cells.
    columns: usize,
    spanning: Spans,
    /// True for a table inside Markdown.
    markdown: bool,
    /// The level of the heading being filled; 0 outside of headings.
    heading: u8,
    in_title: bool,
    skipped: u32,
    preformatted: u32,
    /// True in a table with the titles of a fix table; then the number of open tables inside one of its cells.
    facts: bool,
    inner: u32,
    /// The position in the line of the text of a link to a note of the page.
    note: Option<usize>,
}

impl<'a> Page<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            document: Document::default(),
            title: String::new(),
            line: String::new(),
            counted: 0,
            number: 1,
            row: None,
            in_row: false,
            columns: 0,
            spanning: Spans::default(),
            markdown: false,
            heading: 0,
            in_title: false,
            skipped: 0,
            preformatted: 0,
            facts: false,
            inner: 0,
            note: None,
        }
    }

    /// The state for a table inside Markdown, whose first line has the number `first`.
    pub(super) fn in_markdown(source: &'a str, first: u32) -> Self {
        Self { markdown: true, number: first, ..Self::new(source) }
    }

    fn count_to(&mut self, offset: usize) {
        let end = offset.min(self.source.len());
        if end > self.counted {
            let lines = self.source.as_bytes()[self.counted..end].iter().filter(|b| **b == b'\n').count();
            self.number += lines as u32;
            self.counted = end;
        }
    }

    pub(super) fn open(&mut self, name: &[u8], (columns, rows): (usize, usize), offset: usize) {
        if !self.skips(name) {
            match name {
                b"title" => self.in_title = true,
                // A table or a preformatted name inside a cell of a fix table is text of that cell.
                b"table" if self.facts && self.row.is_some() => {
                    self.inner += 1;
                    self.space();
                }
                b"td" | b"th" | b"tr" | b"thead" | b"tbody" | b"tfoot" if self.inner > 0 => self.space(),
                b"pre" if self.facts && self.row.is_some() => self.space(),
                b"td" | b"th" => {
                    self.end_cell();
                    self.row.get_or_insert_default().push(Cell::with_spans(columns, rows));
                }
                b"tr" => {
                    self.end_row();
                    self.in_row = true;
                }
                b"thead" | b"tbody" | b"tfoot" => {
                    self.end_row();
                    self.spanning.clear();
                }
                // The number of a footnote is not part of a name or version.
                b"sup" if self.row.is_some() => self.skipped += 1,
                b"table" => {
                    self.spanning.clear();
                    self.columns = 0;
                    self.facts = false;
                    // A table inside a cell: the outer table only lays out the page.
                    self.spill();
                    self.flush();
                    self.blank();
                }
                b"pre" => {
                    self.flush();
                    self.preformatted += 1;
                }
                b"br" if self.row.is_none() => self.flush(),
                // The table inside the cell was never closed.
                _ if self.inner > 0 && heading_level(name).is_some() => {
                    (self.inner, self.facts) = (0, false);
                    self.spill();
                    self.heading = heading_level(name).unwrap_or(self.heading);
                }
                // Inside a cell these tags occur in the middle of names: `ab<wbr>cd.dll`, `<b>a</b>bcd.dll`.
                _ if is_inline(name) && self.row.is_some() => {}
                _ if is_block(name) && self.row.is_none() => {
                    self.flush();
                    if is_heading(name) || name == b"p" {
                        self.blank();
                    }
                    self.heading = heading_level(name).unwrap_or(self.heading);
                }
                _ if is_block(name) => self.begin_block(heading_level(name)),
                _ => self.space(),
            }
        } else {
            self.skipped += 1;
        }
        self.count_to(offset);
    }

    /// Begins a link to a note of the page; inside a cell its text may be a mark that is not part of the fact.
    pub(super) fn open_note(&mut self) {
        if self.row.is_some() {
            self.note = Some(self.line.trim_end().len());
        }
    }

    pub(super) fn close(&mut self, name: &[u8]) {
        if self.skips(name) {
            self.skipped = self.skipped.saturating_sub(1);
            return;
        }
        match name {
            b"title" => self.in_title = false,
            b"sup" if self.row.is_some() => self.skipped = self.skipped.saturating_sub(1),
            b"table" if self.inner > 0 => {
                self.inner -= 1;
                self.space();
            }
            b"td" | b"th" | b"tr" if self.inner > 0 => self.space(),
            b"pre" if self.facts && self.row.is_some() => self.space(),
            b"td" | b"th" => self.end_cell(),
            // The number of a footnote in a link is not part of a name or version either.
            b"a" => {
                if let Some(start) = self.note.take()
                    && self.line.get(start..).is_some_and(inline::is_note_mark)
                {
                    self.line.truncate(start);
                }
                if self.row.is_none() {
                    self.space();
                }
            }
            b"tr" => self.end_row(),
            b"table" => {
                self.end_row();
                self.spanning.clear();
                self.columns = 0;
                self.facts = false;
                self.blank();
            }
            b"pre" => {
                self.flush();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            _ if is_block(name) && self.row.is_none() => {
                self.flush();
                if is_heading(name) || name == b"p" {
                    self.blank();
                }
                if heading_level(name).is_some() {
                    self.heading = 0;
                }
            }
            _ if is_inline(name) && self.row.is_some() => {}
            _ if is_block(name) => self.begin_block(None),
            _ => self.space(),
        }
    }

    /// A block inside a cell: it becomes a separate line if the table turns out to be page layout.
    fn begin_block(&mut self, heading: Option<u8>) {
        self.space();
        if !self.facts {
            self.line.push(BLOCK);
            self.line.extend(heading.map(|level| char::from(b'0' + level)).into_iter().chain([BLOCK]));
        }
    }

    fn skips(&self, name: &[u8]) -> bool {
        matches!(name, b"script" | b"style" | b"noscript" | b"template")
    }

    pub(super) fn text(&mut self, text: &str, offset: usize) {
        if self.skipped > 0 {
            return;
        }
        if self.in_title {
            self.title.push_str(text.trim());
            return;
        }
        if self.preformatted > 0 && self.row.is_none() {
            for (i, part) in text.split('\n').enumerate() {
                if i > 0 {
                    self.push_line();
                    self.number += 1;
                }
                self.line.push_str(part.trim_end_matches('\r'));
            }
            self.counted = self.counted.max(offset + text.len()).min(self.source.len());
            return;
        }
        if self.line.trim().is_empty() && self.row.is_none() {
            self.count_to(offset);
        }
        let mut rest = text;
        while let Some(end) = rest.find(char::is_whitespace) {
            self.line.push_str(&rest[..end]);
            self.space();
            rest = rest[end..].trim_start();
        }
        self.line.push_str(rest);
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn end_cell(&mut self) {
        if let Some(cell) = self.row.as_mut().and_then(|row| row.last_mut()) {
            cell.text.push_str(self.line.trim());
            self.line.clear();
            self.note = None;
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let is_row = std::mem::take(&mut self.in_row);
        let Some(cells) = self.row.take() else {
            if is_row {
                self.spanning.lay_out(Vec::new());
            }
            return;
        };
        let is_alone = cells.len() == 1;
        let mut cells = self.spanning.lay_out(cells);
        let blocks = cells.iter().any(|cell| cell.contains(BLOCK)).then(|| cells.clone());
        if blocks.is_some() {
            cells.iter_mut().for_each(|cell| *cell = without_blocks(cell));
        }
        // A heading above the columns' titles is one of the whole table. Further down, a single cell spans all columns.
        match is_alone {
            true if self.columns == 0 => cells.truncate(1),
            true => cells.resize(self.columns.max(cells.len()), String::new()),
            false => self.columns = self.columns.max(cells.len()),
        }
        if self.markdown {
            cells.iter_mut().for_each(|cell| *cell = inline::cell(cell));
        }
        if cells.len() > 1 && (self.facts || cells.iter().all(|c| c.len() <= MAX_CELL)) {
            let mut line = String::with_capacity(cells.iter().map(|cell| cell.len() + " | ".len()).sum::<usize>() + 2);
            for cell in &cells {
                line.push_str(if line.is_empty() { "| " } else { " | " });
                line.extend(cell.split('|').flat_map(|part| [" ", part]).skip(1));
            }
            line.push_str(" |");
            self.facts = self.facts || box_cells::header_of(&line).is_some();
            self.document.lines.push(Line::owned(self.number, line));
        } else {
            blocks.unwrap_or(cells).iter().for_each(|cell| self.push_blocks(cell));
        }
    }

    /// Pushes the blocks of a cell as lines.
    fn push_blocks(&mut self, cell: &str) {
        let mut parts = cell.split(BLOCK);
        self.line = parts.next().unwrap_or_default().to_owned();
        self.flush();
        while let (Some(level), Some(text)) = (parts.next(), parts.next()) {
            if text.trim().is_empty() {
                continue;
            }
            self.blank();
            self.heading = level.parse().unwrap_or_default();
            self.line = text.trim().to_owned();
            self.flush();
        }
    }

    /// Pushes the cells of a row that turned out to be page layout as lines of text.
    fn spill(&mut self) {
        self.end_cell();
        for cell in self.row.take().unwrap_or_default() {
            self.push_blocks(&cell.text);
        }
    }

    pub(super) fn flush(&mut self) {
        if self.row.is_some() {
            return self.end_row();
        }
        if !self.line.trim().is_empty() {
            self.push_line();
        }
        self.line.clear();
    }

    fn push_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !self.markdown {
            web::read_line(&mut self.document, line.trim());
        }
        if self.heading > 0 && !line.trim().is_empty() {
            self.document.outline.push(self.document.lines.len(), self.heading, heading::narrows(line.trim()));
            self.document.lines.push(Line { heading: self.heading, ..Line::owned(self.number, line) });
            self.heading = 0;
        } else {
            self.document.lines.push(Line::owned(self.number, line));
        }
    }

    fn blank(&mut self) {
        self.document.lines.push(Line::new(self.number, ""));
    }
}

/// The text of a cell of a table.
fn without_blocks(cell: &str) -> String {
    let mut parts = cell.split(BLOCK);
    let mut text = parts.next().unwrap_or_default().trim().to_owned();
    while let (Some(_), Some(part)) = (parts.next(), parts.next()) {
        if !text.is_empty() && !part.trim().is_empty() {
            text.push(' ');
        }
        text.push_str(part.trim());
    }
    text
}
