//! What every layout becomes before facts are read from it: a header and numbered lines.

use std::borrow::Cow;

use jiff::civil::Date;

use super::cells;
use super::outline::Outline;
use hotfixcheck_types::KbId;

/// Longer lines are cut: no table has them, and hostile text may.
pub(crate) const MAX_LINE: usize = 2_000;
/// Lines past this number are not read.
pub(crate) const MAX_LINES: usize = 400_000;
/// The [`Line::heading`] of a line that leads over to the table right below it: a list item, a line in bold.
pub(crate) const LEAD_IN: u8 = 7;
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
    /// True where the lines are those of the text, each under its number: what a text does not hold, no line holds.
    pub verbatim: bool,
    /// True where a tag of the page has more attributes than can be read.
    pub refused: bool,
    /// The headings, where the layout marks them.
    pub outline: Outline,
    /// The security bulletin that the page is: `MS05-040`.
    pub bulletin: Option<String>,
    /// The update that a bulletin's headline names.
    pub headline: Option<KbId>,
    /// The updates whose packages the links of a bulletin lead to, with the number of the line.
    pub linked_updates: Vec<(u32, KbId)>,
    /// A linked file that lists the update's files, and the line of the link.
    pub linked_list: Option<(u32, String)>,
    /// The lines of a bulletin without the blanks around them, in lower case: words of many kinds are looked for in each.
    pub lower: Vec<String>,
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
    /// Whether it holds what may be a file name: few lines do, and most facts stand on those.
    pub may_name_file: bool,
    /// The level of a heading that the layout marks, 1 to 6, or [`LEAD_IN`]; 0 for all other lines.
    pub heading: u8,
    /// True inside fenced code: tables stand there, and commands, which are not headings.
    pub code: bool,
}

impl<'a> Line<'a> {
    pub(crate) fn new(number: u32, text: &'a str) -> Self {
        if text.is_empty() {
            return Self { number, text: Cow::Borrowed(text), may_name_file: false, heading: 0, code: false };
        }
        let text = without_break(trim_end(text));
        let text = if text.len() > MAX_LINE { &text[..text.floor_char_boundary(MAX_LINE)] } else { text };
        let marks = Marks::of(text.as_bytes());
        Self {
            number,
            text: if marks.control { expand_tabs(text) } else { Cow::Borrowed(text) },
            may_name_file: marks.dot && cells::may_name_file(text),
            heading: 0,
            code: false,
        }
    }

    /// Room for the lines of a text, as many as most texts of its length have.
    pub(crate) fn room_for(text: &str) -> Vec<Self> {
        Vec::with_capacity((text.len() / 32).min(1_024))
    }

    /// A line that a layout made: flattened HTML, a CSV record.
    pub(crate) fn owned(number: u32, mut text: String) -> Self {
        text.truncate(text.trim_end().len().min(text.floor_char_boundary(MAX_LINE)));
        let text = expand_tabs(&text).into_owned();
        Self { number, may_name_file: cells::may_name_file(&text), text: Cow::Owned(text), heading: 0, code: false }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn trimmed(&self) -> &str {
        trim_start(&self.text)
    }
}

/// What most lines do not hold: neither a tab or return to expand nor the dot of a name.
struct Marks {
    control: bool,
    dot: bool,
}

impl Marks {
    /// Looks at every byte without a branch, many at a time; the last of them may be looked at twice.
    fn of(bytes: &[u8]) -> Self {
        const WIDTH: usize = 16;
        let look = |b: u8| u8::from(b < b' ') | (u8::from(b == b'.') << 1);
        let mut seen = [0; WIDTH];
        let mut look_at = |chunk: &[u8; WIDTH]| seen.iter_mut().zip(chunk).for_each(|(seen, b)| *seen |= look(*b));
        let (chunks, rest) = bytes.as_chunks();
        chunks.iter().for_each(&mut look_at);
        let rest = match bytes.last_chunk() {
            Some(last) => {
                look_at(last);
                &[]
            }
            None => rest,
        };
        let seen = seen.iter().copied().chain(rest.iter().map(|b| look(*b))).fold(0, |all, seen| all | seen);
        Self { control: seen & 1 != 0, dot: seen & 2 != 0 }
    }
}

/// The text without blanks at its end. Nearly every line ends in a letter or a mark: one look at it is enough.
fn trim_end(text: &str) -> &str {
    if text.as_bytes().last().is_some_and(u8::is_ascii_graphic) { text } else { text.trim_end() }
}

/// The text without blanks at its start.
pub(crate) fn trim_start(text: &str) -> &str {
    let blanks = text.bytes().take_while(|b| *b == b' ').count();
    if text.as_bytes().get(blanks).is_some_and(u8::is_ascii_graphic) { &text[blanks..] } else { text.trim_start() }
}

/// Some archived rows end in `<BR>` or `<BR/>` (Q244645), one in `</ITEM></STEPS>` (Q113145).
fn without_break(text: &str) -> &str {
    if !text.ends_with('>') {
        return text;
    }
    ["<BR>", "<BR/>", "<br>", "<br/>", "</ITEM></STEPS>"]
        .iter()
        .find_map(|tag| text.strip_suffix(tag))
        .unwrap_or(text)
        .trim_end()
}

/// The text with blanks for its tabs; a line break that a quoted cell holds is a blank, too.
fn expand_tabs(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'\t', b'\r', b'\n', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + TAB);
    let mut column = 0;
    for c in text.chars() {
        let width = if c == '\t' { TAB - column % TAB } else { 1 };
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', width)),
            '\r' | '\n' => out.push(' '),
            _ => out.push(c),
        }
        column += width;
    }
    Cow::Owned(out)
}

/// The lines of a text with their numbers, from 1; `\r\n`, `\r\r\n` and `\n` all end a line.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut ends = memchr::memchr_iter(b'\n', text.as_bytes());
    let mut rest = Some(0);
    let lines = std::iter::from_fn(move || {
        let start = rest?;
        let end = ends.next();
        rest = end.map(|end| end + 1);
        let mut line = &text[start..end.unwrap_or(text.len())];
        while let Some(shorter) = line.strip_suffix('\r') {
            line = shorter;
        }
        Some(line)
    });
    (1..).zip(lines.take(MAX_LINES))
}
