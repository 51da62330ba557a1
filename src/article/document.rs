//! What every layout becomes before facts are read from it: a header and numbered lines.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::KbId;

/// Longer lines are cut: no table has them, and hostile text may.
pub(crate) const MAX_LINE: usize = 2_000;
/// Lines past this number are not read.
pub(crate) const MAX_LINES: usize = 400_000;
/// Tab stops of the layouts that use tabs inside tables.
const TAB: usize = 8;

/// An article before extraction, whatever its layout was.
#[derive(Debug, Default)]
pub(crate) struct Document<'a> {
    pub id: Option<KbId>,
    pub title: String,
    pub products: Vec<String>,
    pub keywords: Vec<String>,
    pub last_modified: Option<Date>,
    /// True where the whole document is a list of an update's files, without a sentence that says so.
    pub file_list: bool,
    /// The body, without header and without the layout's own indentation.
    pub lines: Vec<Line<'a>>,
}

/// One line of the body.
#[derive(Clone, Debug)]
pub(crate) struct Line<'a> {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its text, tabs expanded, right end trimmed.
    pub text: Cow<'a, str>,
}

impl<'a> Line<'a> {
    pub fn new(number: u32, text: &'a str) -> Self {
        let text = without_break(text.trim_end());
        let text = if text.len() > MAX_LINE { &text[..text.floor_char_boundary(MAX_LINE)] } else { text };
        Self { number, text: expand_tabs(text) }
    }

    /// A line that a layout made: flattened HTML, a CSV record.
    pub fn owned(number: u32, mut text: String) -> Self {
        text.truncate(text.trim_end().len().min(text.floor_char_boundary(MAX_LINE)));
        Self { number, text: Cow::Owned(text) }
    }

    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub fn trimmed(&self) -> &str {
        self.text.trim_start()
    }
}

/// Some archived rows end in `<BR>` or `<BR/>` (Q244645).
fn without_break(text: &str) -> &str {
    if !text.ends_with('>') {
        return text;
    }
    ["<BR>", "<BR/>", "<br>", "<br/>"].iter().find_map(|tag| text.strip_suffix(tag)).unwrap_or(text).trim_end()
}

fn expand_tabs(text: &str) -> Cow<'_, str> {
    if !text.contains('\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + TAB);
    let mut column = 0;
    for c in text.chars() {
        let width = if c == '\t' { TAB - column % TAB } else { 1 };
        if c == '\t' {
            out.extend(std::iter::repeat_n(' ', width));
        } else {
            out.push(c);
        }
        column += width;
    }
    Cow::Owned(out)
}

/// The lines of a text with their numbers, from 1; `\r\n`, `\r\r\n` and `\n` all end a line.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.split('\n').take(MAX_LINES).enumerate().map(|(i, l)| (i as u32 + 1, l.trim_end_matches('\r')))
}
