//! The common form of every layout before facts are read from it: a header and numbered lines.

use std::borrow::Cow;

use jiff::civil::Date;

use super::blanks::trim_start;
use super::cells;
use super::collapsed_titles::{self, MAX_COLLAPSED};
use super::lower_lines::LowerLines;
use super::outline::Outline;
use hotfixcheck_types::KbId;

/// Longer lines are cut: tables do not have them, unless a whole table is in one line, but hostile text may.
pub(crate) const MAX_LINE: usize = 2_000;
/// Lines past this number are not read.
pub(crate) const MAX_LINES: usize = 400_000;
/// The [`Line::heading`] of a line that introduces the table right below it: a list item, a line in bold.
pub(crate) const LEAD_IN: u8 = 7;
/// Tab stops of the layouts that use tabs inside tables.
const TAB: usize = 8;

/// An article before extraction, in whichever layout it was.
#[derive(Debug, Default)]
pub(crate) struct Document<'a> {
    pub id: Option<KbId>,
    pub title: String,
    pub products: Vec<String>,
    pub keywords: Vec<String>,
    pub last_modified: Option<Date>,
    /// True if the whole document is a list of an update's files, without a sentence that announces it.
    pub file_list: bool,
    /// True if the lines are those of the text, with their numbers: no line contains words that the text lacks.
    pub verbatim: bool,
    /// True if a tag of the page has more attributes than can be read.
    pub refused: bool,
    /// The headings, if the layout marks them.
    pub outline: Outline,
    /// The id of the security bulletin, if the page is one: `MS05-040`.
    pub bulletin: Option<String>,
    /// The update that a bulletin's headline names.
    pub headline: Option<KbId>,
    /// The updates whose packages are targets of the bulletin's links.
    pub linked_updates: Vec<Linked<'a>>,
    /// A linked file that lists the update's files, and the line of the link.
    pub linked_list: Option<(u32, String)>,
    /// The lines of a bulletin in lower case, without the blanks around them: each is searched for words of many kinds.
    pub lower: LowerLines,
    /// The body, without header and without the layout's own indentation.
    pub lines: Vec<Line<'a>>,
}

/// An update whose package is the target of a link.
#[derive(Debug)]
pub(crate) struct Linked<'a> {
    /// The number of the link's line.
    pub line: u32,
    /// The words of the link.
    pub label: &'a str,
    pub id: KbId,
}

/// One line of the body.
#[derive(Clone, Debug)]
pub(crate) struct Line<'a> {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its text, tabs expanded, right end trimmed.
    pub text: Cow<'a, str>,
    /// Whether it may contain a file name. Few lines do, and most facts are on those.
    pub may_name_file: bool,
    /// The level of a heading that the layout marks (1 to 6), or [`LEAD_IN`]; 0 for all other lines.
    pub heading: u8,
    /// True inside fenced code, which contains tables, and commands that are not headings.
    pub code: bool,
}

impl<'a> Line<'a> {
    pub(crate) fn new(number: u32, text: &'a str) -> Self {
        let text = without_break(trim_end(text));
        let text = &text[..kept(text)];
        let text = visible(expand_tabs(text));
        Self { number, may_name_file: cells::may_name_file(&text), text, heading: 0, code: false }
    }

    /// A line of the text itself. The checks made while its end was searched are not repeated.
    pub(crate) fn verbatim(raw: Raw<'a>) -> Self {
        let text = without_break(trim_end(raw.text));
        if text.len() > MAX_LINE {
            return Self::new(raw.number, raw.text);
        }
        let text = if raw.control { expand_tabs(text) } else { Cow::Borrowed(text) };
        Self { number: raw.number, text, may_name_file: raw.may_name_file, heading: 0, code: false }
    }

    /// Capacity for the lines of a text: as many as most texts of its length have.
    pub(crate) fn room_for(text: &str) -> Vec<Self> {
        Vec::with_capacity((text.len() / 32).min(1_024))
    }

    /// A line that a layout made: flattened HTML, a CSV record.
    pub(crate) fn owned(number: u32, mut text: String) -> Self {
        text.truncate(kept(text.trim_end()));
        let text = visible(expand_tabs(&text)).into_owned();
        Self { number, may_name_file: cells::may_name_file(&text), text: Cow::Owned(text), heading: 0, code: false }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn trimmed(&self) -> &str {
        trim_start(&self.text)
    }
}

/// How many bytes of a line are kept.
fn kept(text: &str) -> usize {
    match text.len() {
        length if length <= MAX_LINE => length,
        _ if collapsed_titles::begins(text) => text.floor_char_boundary(MAX_COLLAPSED),
        _ => text.floor_char_boundary(MAX_LINE),
    }
}

/// The text without blanks at its end. Nearly every line ends in a letter or a mark, so one check is enough.
#[inline]
fn trim_end(text: &str) -> &str {
    if text.as_bytes().last().is_some_and(u8::is_ascii_graphic) { text } else { text.trim_end() }
}

/// Some archived rows end in `<BR>` or `<BR/>` (Q244645), one in `</ITEM></STEPS>` (Q113145).
#[inline]
fn without_break(text: &str) -> &str {
    if text.as_bytes().last() == Some(&b'>') { without_tag(text) } else { text }
}

fn without_tag(text: &str) -> &str {
    ["<BR>", "<BR/>", "<br>", "<br/>", "</ITEM></STEPS>"]
        .iter()
        .find_map(|tag| text.strip_suffix(tag))
        .unwrap_or(text)
        .trim_end()
}

/// Invisible characters: soft hyphens, spaces without width, marks of direction.
const INVISIBLE: [char; 12] = [
    '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}',
    '\u{2060}', '\u{61c}', '\u{feff}',
];

/// The text without invisible characters: in a name they would make it another file.
fn visible(text: Cow<'_, str>) -> Cow<'_, str> {
    if !begins_invisible(text.as_bytes()) || !text.contains(INVISIBLE) {
        return text;
    }
    Cow::Owned(text.chars().filter(|c| !INVISIBLE.contains(c)).collect())
}

/// True for a text with a byte that begins one of the invisible characters. All of it is examined without a branch: few
/// texts have one, and most characters of Japanese, Chinese and Korean begin with other bytes.
fn begins_invisible(bytes: &[u8]) -> bool {
    let begins = |b: u8| (b == 0xc2) | (b == 0xd8) | (b == 0xe2) | (b == 0xef);
    bytes.iter().fold(0, |found, b| found | u8::from(begins(*b))) != 0
}

/// The text with blanks instead of tabs. A line break inside a quoted cell becomes a blank, too.
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

/// A line of a text, with the results of the checks made while its end was searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a> {
    /// Its number in the file, from 1.
    pub number: u32,
    pub text: &'a str,
    /// Whether it may contain a file name ([`cells::may_name_file`]).
    pub may_name_file: bool,
    /// Whether it may contain a tab or a return. Most texts have none in their lines.
    pub control: bool,
}

/// The lines of a text in order; `\r\n`, `\r\r\n` and `\n` all end a line.
pub(crate) fn raw_lines(text: &str) -> impl Iterator<Item = Raw<'_>> {
    let bytes = text.as_bytes();
    let control = has_control(bytes);
    let mut marks = Marks::of(bytes);
    let mut next = Some(0);
    let mut number = 0;
    std::iter::from_fn(move || {
        let start = next.filter(|_| number < MAX_LINES as u32)?;
        number += 1;
        let mut may_name_file = false;
        let end = loop {
            match marks.next() {
                Some(dot) if bytes[dot] == b'.' => {
                    // Longer lines are cut, and checked again then.
                    may_name_file = may_name_file
                        || dot - start <= MAX_LINE && cells::is_dot_of_name(&bytes[start..dot], bytes.get(dot + 1));
                }
                end => break end,
            }
        };
        next = end.map(|end| end + 1);
        let mut end = end.unwrap_or(bytes.len());
        while end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        Some(Raw { number, text: &text[start..end], may_name_file, control })
    })
}

/// The positions of line ends and dots in a text, in order. Lines are short: a search for both in many bytes at once costs
/// half as much as starting a faster search twice per line.
struct Marks<'a> {
    blocks: std::slice::Iter<'a, [u8; BLOCK]>,
    /// The bytes after the last block, padded with zeros.
    rest: Option<[u8; BLOCK]>,
    /// The marks of this block that have not been returned yet: a bit for each byte.
    found: u64,
    /// The end of the block.
    end: usize,
}

/// How many bytes are examined at once: as many as a number has bits.
const BLOCK: usize = u64::BITS as usize;

impl<'a> Marks<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let (blocks, rest) = bytes.as_chunks();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        Self { blocks: blocks.iter(), rest: Some(last), found: 0, end: 0 }
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.found = match self.blocks.next() {
                Some(block) => marks_of(block),
                None => marks_of(&self.rest.take()?),
            };
            self.end += BLOCK;
        }
        let at = self.end - BLOCK + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// A bit for each line end and dot of a block.
#[inline]
fn marks_of(block: &[u8; BLOCK]) -> u64 {
    // A product moves the lowest bits of eight bytes into its highest byte, the first one lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    // The compiler compares many bytes in one step.
    let mut marks = [0; BLOCK];
    for (mark, b) in marks.iter_mut().zip(block) {
        *mark = u8::from((*b == b'\n') | (*b == b'.'));
    }
    let (eights, _) = marks.as_chunks();
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
    eights.iter().rev().fold(0, |found, eight| found << 8 | bits(eight))
}

/// The lines of a text with their numbers.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    raw_lines(text).map(|raw| (raw.number, raw.text))
}

/// True for a text with a tab, or with a return that is not at the end of its line. All of it is examined without a
/// branch, which is faster than to stop at the first find.
fn has_control(bytes: &[u8]) -> bool {
    if memchr::memchr2(b'\t', b'\r', bytes).is_none() {
        return false;
    }
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let found = pairs.fold(0, |found, (a, b)| {
        let ends = (*b == b'\n') | (*b == b'\r');
        found | u8::from(*a == b'\t') | (u8::from(*a == b'\r') & u8::from(!ends))
    });
    found != 0 || bytes.last() == Some(&b'\t')
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, raw_lines};
    use crate::cells;

    #[test]
    fn lines_end_and_name_files_where_a_look_at_each_byte_finds_it() {
        let words = ["a.dll", "*.* 3.51", "end.", "", " ", "Größe.dll\u{a0}x", "...", "\u{e} 10.0 \n\n", "\r"];
        let mut text = String::new();
        for i in 0..4 * BLOCK {
            text.push_str(words[i * 7 % words.len()]);
            text.push_str(if i % 3 == 0 { "\r\n" } else { " " });
            let lines: Vec<(&str, bool)> = raw_lines(&text).map(|line| (line.text, line.may_name_file)).collect();
            let of = |line| str::trim_end_matches(line, '\r');
            let naive: Vec<(&str, bool)> = text.split('\n').map(of).map(|l| (l, cells::may_name_file(l))).collect();
            assert_eq!(lines, naive);
        }
    }
}
