//! A line whose words show their kind by themselves, in any order -> a row.

use super::cells::{self, SizeText};
use super::columns::Column;
use super::row::{NOT_IN_BYTES, Row, fill, is_bare_name};
use super::words::{MAX_WORDS, words};

/// Words of a row that state nothing.
const FILLERS: [&str; 21] = [
    "version",
    "ver",
    "ver.",
    "dated",
    "date",
    "bytes",
    "size",
    "file",
    "and",
    "or",
    "later",
    "newer",
    "time",
    "of",
    "-",
    "v",
    "v.",
    "at",
    "to",
    "added",
    "incremented",
];

/// Reads a line whose words show their kind by themselves, in any order: a file name and attributes, and otherwise only
/// filling words (`version`, `dated`, `bytes`). `None` if two words are of the same kind, unless both are processors.
pub(crate) fn by_kind(line: &str) -> Option<Row> {
    in_any_order(line, false)
}

/// The same, but one word may be a file name without extension.
pub(crate) fn by_kind_bare(line: &str) -> Option<Row> {
    in_any_order(line, true)
}

fn in_any_order(line: &str, bare: bool) -> Option<Row> {
    if !bare && has_plain_word(line) {
        return None;
    }
    let spaced: String;
    let line = if line.contains(['(', ')', '[', ']', ';', ',']) {
        // `Name.dll (515,860 bytes, dated 04/18/95, 9:04 A.M.)`: marks around words have no meaning here.
        spaced = unpunctuated(line);
        spaced.as_str()
    } else {
        line
    };
    let mut row = Row::default();
    let mut version_said = false;
    for (count, word) in words(line).enumerate() {
        if count == MAX_WORDS {
            return None;
        }
        let text = word.text.trim_end_matches(':');
        let text = text.strip_suffix('.').filter(|t| t.len() > 2 && !t.ends_with(['M', 'm'])).unwrap_or(text);
        let taken = if FILLERS.iter().any(|filler| text.eq_ignore_ascii_case(filler)) {
            version_said = text.starts_with(['v', 'V']);
            continue;
        } else if row.date.is_none()
            && let Some(date) = cells::date(text)
        {
            row.date = Some(date);
            true
        } else if row.time.is_none() && !version_said && is_clock(text) {
            row.time = cells::time(text).flatten();
            true
        } else if row.version.is_none() && cells::is_version(without_mark(text)) {
            row.version = Some(without_mark(text).to_owned());
            true
        } else if row.size.is_none() && cells::size(text) == Some(SizeText::Rounded) {
            // Before the name: `94.5KB` could be one.
            fill(&mut row, Column::Size, text)
        } else if row.size.is_none() && row.version.is_some() && is_decimal(text) {
            // `Winspool.drv (version 4.0.1381.7132, 3/4/2000, 94.5)`
            row.unread.push(format!("'{text}'{NOT_IN_BYTES}"));
            true
        } else if row.file.is_empty() && cells::is_file_name(text) {
            row.file = text.to_owned();
            true
        } else if row.size.is_none() && cells::size(text).is_some() {
            fill(&mut row, Column::Size, text)
        } else if cells::is_platform(text) {
            // `(Intel or Alpha)` (Q150733).
            row.platform =
                Some(row.platform.take().map_or_else(|| text.to_owned(), |first| format!("{first} or {text}")));
            true
        } else if bare && row.file.is_empty() && is_bare_name(text) {
            row.file = text.to_owned();
            true
        } else {
            false
        };
        if !taken {
            return None;
        }
        version_said = false;
    }
    (!row.file.is_empty()).then_some(row)
}

/// A quick check before the words of a line are joined. True if the line has a word of letters only that is neither an
/// attribute nor a filling word: such a line states no file. Nearly every line that begins with a number has one: a
/// step, a product.
fn has_plain_word(line: &str) -> bool {
    let separates = |b: &u8| matches!(b, b' ' | b'(' | b')' | b'[' | b']' | b';' | b',');
    line.as_bytes().split(separates).any(|word| {
        // Shorter words may be `am` or `pm`, units or filling words.
        word.len() >= 3
            && word.iter().all(u8::is_ascii_alphabetic)
            && std::str::from_utf8(word).is_ok_and(|word| !may_state(word))
    })
}

/// True for a word of letters that may be a part of a row: of a date (`Oct`, `xxx`), a time (`noon`), a size (`bytes`),
/// a version (`shp`), a processor, or a filling word.
fn may_state(word: &str) -> bool {
    // No such word begins with these letters, which begin many plain words.
    if matches!(word.as_bytes()[0] | 32, b'c' | b'e' | b'g' | b'h' | b'k' | b'q' | b'r' | b'u' | b'w' | b'y' | b'z') {
        return false;
    }
    let is = |known: &&str| word.eq_ignore_ascii_case(known);
    FILLERS.iter().any(is)
        || ["noon", "midnight", "shp"].iter().any(is)
        || word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("byte"))
        || word.bytes().all(|b| matches!(b, b'x' | b'X'))
        || cells::month(word).is_some()
        || cells::is_platform(word)
}

/// `v3.2.4013` is 3.2.4013 (Q132546).
fn without_mark(text: &str) -> &str {
    text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text)
}

/// True for a number with one or two decimals: a size in KB.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() < 3)
}

fn is_clock(text: &str) -> bool {
    text.contains(':') && cells::time(text).is_some()
        || text.ends_with(['a', 'p', 'A', 'P', 'm', 'M']) && cells::time(text).is_some()
}

fn unpunctuated(line: &str) -> String {
    let bytes = line.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(length) = rest.find(['(', ')', '[', ']', ';', ',']) {
        let at = line.len() - rest.len() + length;
        let (before, behind) = rest.split_at(length + 1);
        let grouped = bytes[at] == b',' && digit(at.checked_sub(1)) && digit(Some(at + 1));
        out.push_str(&before[..length]);
        out.push(if grouped { ',' } else { ' ' });
        rest = behind;
    }
    out + rest
}
