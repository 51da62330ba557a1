//! The header line of a fix table: its columns and their positions.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::blanks::{gap, push_words, trim_start};
pub(crate) use super::column::{Column, HeaderColumn};
use super::column::{SECOND_CHOICE, TITLE_MARKS, choose_second};
use super::title_words::Beginnings;
use super::titles::TITLES;
use super::vocabulary::{self, Kind};
use super::words;

/// The most columns of a table; a line with more is not a header.
pub(crate) const MAX_COLUMNS: usize = 16;

/// The longest header line, in bytes; longer lines are sentences.
const MAX_HEADER: usize = 200;

/// The column that a whole title names, in any language.
pub(crate) fn title(text: &str) -> Option<Column> {
    if !may_be_title(text) {
        return None;
    }
    let mut key = String::with_capacity(text.len());
    push_words(&mut key, text);
    let key = vocabulary::lower(&key);
    let key = key.trim_matches(TITLE_MARKS).trim();
    static ENGLISH: LazyLock<HashMap<&str, Column, RandomState>> = LazyLock::new(|| TITLES.iter().copied().collect());
    let english = |key: &str| ENGLISH.get(key).copied();
    let foreign = |key: &str| vocabulary::meaning(Kind::Column, key).and_then(Column::from_name);
    let known = |key: &str| english(key).or_else(|| foreign(key));
    let rounded = |key: &str| (known(key) == Some(Column::Size)).then_some(Column::RoundedSize);
    known(key).or_else(|| foreign(without_unit(key)?)).or_else(|| rounded(without_rounded_unit(key)?))
}

/// A quick check whether a whole text could be a title.
pub(crate) fn may_be_title(text: &str) -> bool {
    let word = text.trim_start_matches(|c: char| c.is_whitespace() || TITLE_MARKS.contains(&c));
    if !BEGINNINGS.may_begin(word) {
        return false;
    }
    // Most other cells checked here hold facts: no title has a digit, or a letter right after a dot.
    let dotted = |pair: &[u8]| pair[0] == b'.' && pair[1].is_ascii_alphabetic();
    !text.bytes().any(|b| b.is_ascii_digit()) && !text.as_bytes().windows(2).any(dotted)
}

/// A title without the unit in brackets after it: `größe (bytes)`, `時刻 (UTC)`, `大小(字节)`.
fn without_unit(key: &str) -> Option<&str> {
    const UNITS: [&str; 9] = ["utc", "gmt", "bytes", "byte", "octets", "バイト", "바이트", "字节", "位元組"];
    let (title, unit) = key.strip_suffix([')', '\u{ff09}']).unwrap_or(key).rsplit_once(['(', '\u{ff08}'])?;
    UNITS.contains(&unit.trim()).then(|| title.trim())
}

/// The title of sizes that are not in bytes, without their unit: `size (kb)`, `größe in kb`.
fn without_rounded_unit(key: &str) -> Option<&str> {
    const UNITS: [&str; 10] = ["kb", "k", "kib", "ko", "kbytes", "kilobytes", "kilobyte", "mb", "mo", "megabytes"];
    let (title, unit) = key.trim_end_matches([')', '\u{ff09}']).rsplit_once(['(', '\u{ff08}', ' '])?;
    let title = title.trim_end_matches(['(', '\u{ff08}', ' ']);
    let title = [" in", " en", " em"].iter().find_map(|word| title.strip_suffix(word)).unwrap_or(title);
    UNITS.contains(&unit.trim()).then(|| title.trim_end_matches(['(', '\u{ff08}', ' ']))
}

/// A quick check whether a line could be a header. Every header names a file and one more attribute.
pub(crate) fn may_be_header(line: &str) -> bool {
    let bytes = line.as_bytes();
    if bytes.len() < 8 || bytes.len() > MAX_HEADER || !begins_like_header(trim_start(line)) {
        return false;
    }
    let (mut file, mut attribute) = (false, false);
    let mut look_at = |word: &[u8]| match [word[0] | 32, word[1] | 32, word[2] | 32, word[3] | 32] {
        [b'f', b'i', b'l', b'e'] | [b'n', b'a', b'm', b'e'] | [b'c', b'o', b'm', b'p'] => file = true,
        [b's', b'i', b'z', b'e'] | [b'd', b'a', b't', b'e'] | [b'v', b'e', b'r', _] | [b'b', b'y', b't', b'e'] => {
            attribute = true;
        }
        [b'p', b'l', b'a', b't'] | [b't', b'i', b'm', b'e'] | [b'm', b'o', b'd', b'i'] | [b'd', b'l', b'l', b' '] => {
            attribute = true
        }
        _ => {}
    };
    // Titles begin at the beginning of words.
    look_at(bytes);
    words::starts_of_words(bytes).filter_map(|start| bytes.get(start..start + 4)).for_each(look_at);
    file && attribute
}

/// A quick check whether one of the first cells of a boxed line has a title.
pub(crate) fn may_be_cell_header<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    cells.take(3).any(|cell| cell.len() <= MAX_TITLE && title(cell).is_some())
}

/// The longest title of a column, in bytes.
const MAX_TITLE: usize = 60;

/// The words with which an English header begins, whatever follows.
const FIRST_WORDS: &str = "file files filename filenames file(s) file: date date/time driver dll time timestamp \
    version version# versions ver ver. size service sp component current control cpu name new platform platforms program \
    product language languages locale last module modified bytes operating";

/// `date/time`, `timestamp`, `filenames`, `component`, `platforms`, `operating`.
const LONGEST_FIRST_WORD: usize = 9;

/// True for one of [`FIRST_WORDS`], which are indexed by their first letter.
fn is_first_word(word: &str) -> bool {
    static BY_LETTER: LazyLock<[Vec<&str>; 26]> = LazyLock::new(|| {
        let mut words: [Vec<&str>; 26] = Default::default();
        for word in FIRST_WORDS.split(' ') {
            words[usize::from(word.as_bytes()[0] - b'a')].push(word);
        }
        words
    });
    let letter = word.bytes().next().filter(u8::is_ascii_alphabetic);
    letter.is_some_and(|b| BY_LETTER[usize::from((b | 32) - b'a')].iter().any(|w| word.eq_ignore_ascii_case(w)))
}

/// Any other first word begins a header only if a wide gap follows it.
fn begins_like_header(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return false };
    // Most long first words are rulers.
    if matches!(bytes, [b'=', b'=', b'=', ..] | [b'-', b'-', b'-', ..]) {
        return false;
    }
    let end = bytes.iter().position(|b| *b == b' ').unwrap_or(bytes.len());
    *first == b'|' || bytes.get(end + 1) == Some(&b' ') || end <= LONGEST_FIRST_WORD && is_first_word(&text[..end])
}

/// Reads a space-aligned header line: every word belongs to a known title, or has wide gaps on both sides.
pub(crate) fn aligned_header(line: &str) -> Option<Vec<HeaderColumn>> {
    if !may_be_header(line) {
        return foreign_header(line);
    }
    let mut columns: Vec<HeaderColumn> = Vec::new();
    let mut at = 0;
    let mut unknown = 0;
    while let Some(skip) = line[at..].find(|c: char| c != ' ') {
        at += skip;
        let rest = &line[at..];
        let begins = |title: &str| {
            matches!(rest.as_bytes().get(title.len()), None | Some(b' '))
                && rest.get(..title.len()).is_some_and(|start| start.eq_ignore_ascii_case(title))
        };
        let found =
            titles_from(rest.as_bytes()[0] | 32).iter().filter(|(title, _)| begins(title)).max_by_key(|(t, _)| t.len());
        let (length, column) = match found {
            Some((t, column)) => (t.len(), *column),
            None => {
                let end = gap(rest).unwrap_or(rest.len());
                let apart = at == 0 || line[..at].ends_with("  ");
                // The rest of a title of a column without facts: `Folder installed in` (Q140510).
                let open = |c: &&mut HeaderColumn| {
                    !apart && matches!(c.column, Column::Other | Column::Folder | Column::Product)
                };
                if let Some(last) = columns.last_mut().filter(open) {
                    last.column = Column::Other;
                    last.end = at + end;
                    at += end;
                    continue;
                }
                unknown += 1;
                if !apart || rest[..end].split(' ').count() > 3 || unknown > 2 {
                    return None;
                }
                (end, Column::Other)
            }
        };
        columns.push(HeaderColumn { column, start: at, end: at + length });
        at += length;
        if columns.len() > MAX_COLUMNS {
            return None;
        }
    }
    is_fix_header(&columns).then_some(columns)
}

/// The English titles that begin with this letter in lower case.
fn titles_from(letter: u8) -> &'static [(&'static str, Column)] {
    static BY_LETTER: LazyLock<[Vec<(&str, Column)>; 26]> = LazyLock::new(|| {
        let mut titles: [Vec<(&str, Column)>; 26] = Default::default();
        for title in TITLES {
            titles[usize::from(title.0.as_bytes()[0] - b'a')].push(*title);
        }
        titles
    });
    BY_LETTER.get(usize::from(letter.wrapping_sub(b'a'))).map_or(&[], Vec::as_slice)
}

/// The first words of all titles, and of all headers.
static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    let second = SECOND_CHOICE.iter().map(|(title, _)| *title);
    let english = TITLES.iter().map(|(title, _)| *title).chain(second).chain(FIRST_WORDS.split(' '));
    Beginnings::new(english.chain(vocabulary::words(Kind::Column)))
});

/// A quick check of a line, before all others: could a table of any layout and language begin there?
pub(crate) fn may_begin_table(line: &str) -> bool {
    BEGINNINGS.may_begin_table(trim_start(line))
}

/// A quick check of a line: its first word begins a title in a language other than English.
pub(crate) fn may_be_foreign_header(line: &str) -> bool {
    let text = trim_start(line);
    let first = text.as_bytes().first().map_or(0, |b| b | 32);
    // Titles of other languages begin with these letters, or with a non-ASCII character.
    let begins =
        matches!(first, b'd' | b'n' | b'f' | b'h' | b'o' | b't' | b'v' | b'u' | b'g' | b'a' | b'p') || first >= 128;
    if !begins || line.len() > MAX_HEADER || !BEGINNINGS.may_begin(text) {
        return false;
    }
    let first = match gap(text) {
        Some(gap) => &text[..gap],
        // Some pages print their tables with single blanks: `Datum Uhrzeit Version Größe Dateiname Ordner` (MS04-037).
        None if is_short_list(text) => text.split(' ').next().unwrap_or_default(),
        None => return false,
    };
    first.len() <= MAX_TITLE && title(first).is_some()
}

/// True for a line of a few words without the marks of a sentence.
fn is_short_list(text: &str) -> bool {
    let bytes = text.as_bytes();
    // All of it is examined without a branch.
    let (blanks, marks) = bytes.iter().fold((0u32, 0u32), |(blanks, marks), b| {
        let is_mark = (*b == b'.') | (*b == b',') | (*b == b':') | (*b == b';') | (*b == b'\'');
        (blanks + u32::from(*b == b' '), marks + u32::from(is_mark))
    });
    (3..=9).contains(&blanks) && marks == 0
}

/// Reads a space-aligned header in another language. Every title must be known; only one blank may separate two titles
/// (`Datum        Uhrzeit Version` in MS04-022).
fn foreign_header(line: &str) -> Option<Vec<HeaderColumn>> {
    if !may_be_foreign_header(line) {
        return None;
    }
    let mut columns = Vec::new();
    let mut at = 0;
    while let Some(skip) = line[at..].find(|c: char| c != ' ') {
        at += skip;
        let gap = gap(&line[at..]).map_or(line.len(), |length| at + length);
        let ends = std::iter::once(gap).chain(line[at..gap].rmatch_indices(' ').map(|(blank, _)| at + blank));
        let (end, column) = ends.filter_map(|end| Some((end, title(&line[at..end])?))).next()?;
        columns.push(HeaderColumn { column, start: at, end });
        at = end;
        if columns.len() > MAX_COLUMNS {
            return None;
        }
    }
    mend_date(&mut columns);
    is_fix_header(&columns).then_some(columns)
}

/// Corrects a title of dates that is misprinted as that of files: `Datei  Uhrzeit  Version  Größe  Dateiname`
/// (MS04-038).
fn mend_date(columns: &mut [HeaderColumn]) {
    let count = |wanted: Column| columns.iter().filter(|c| c.column == wanted).count();
    let misprinted = count(Column::File) == 2 && count(Column::Date) + count(Column::DateTime) == 0;
    if let [first, second, ..] = columns
        && misprinted
        && (first.column, second.column) == (Column::File, Column::Time)
    {
        first.column = Column::Date;
    }
}

/// Reads a header with given cells: boxed rows, pipe tables, HTML, CSV.
pub(crate) fn cell_header<'a>(cells: impl Iterator<Item = (usize, &'a str)>) -> Option<Vec<HeaderColumn>> {
    let mut columns = Vec::new();
    let mut titles = Vec::new();
    for (start, cell) in cells {
        titles.push(cell);
        let column = match title(cell) {
            // `Name,Version,ModifiedTime,ModifiedTime,Size` (KB4601354): the date, then the time.
            None if cell.eq_ignore_ascii_case("modifiedtime") => {
                let dated = columns.iter().any(|c: &HeaderColumn| c.column == Column::Date);
                if dated { Column::Time } else { Column::Date }
            }
            Some(Column::Other) | None if is_place(cell) => Column::Place,
            known => known.unwrap_or(Column::Other),
        };
        columns.push(HeaderColumn { column, start, end: start + cell.len() });
        if columns.len() > MAX_COLUMNS {
            return None;
        }
    }
    choose_second(&mut columns, &titles);
    is_fix_header(&columns).then_some(columns)
}

/// True for the title of a column with install folders.
fn is_place(title: &str) -> bool {
    const WORDS: [&str; 8] =
        ["path", "location", "directory", "destination", "folder", "installed to", "install path", "pfad"];
    let lower = title.trim_matches(TITLE_MARKS).trim().to_ascii_lowercase();
    WORDS.iter().any(|word| lower == *word || lower.ends_with(word) && lower.len() <= 24)
}

/// A fix header has one file column and at least one attribute, and no two columns of the same fact. Two-up listings
/// are contents of disks (Q161500).
pub(crate) fn is_fix_header(columns: &[HeaderColumn]) -> bool {
    let count = |wanted: Column| columns.iter().filter(|c| c.column == wanted).count();
    let attributes = [Column::Version, Column::Size, Column::Date, Column::DateTime];
    count(Column::File) == 1
        && (attributes.iter().any(|a| count(*a) > 0) || count(Column::Platform) > 0 && columns.len() == 2)
        && attributes.iter().all(|a| count(*a) <= 1)
        && count(Column::Time) <= 1
        && count(Column::Platform) <= 1
}

/// A ruler below a header or around a box: only dashes, equals signs, plus signs and blanks.
pub(crate) fn is_ruler(text: &str) -> bool {
    let begins = |b: u8| matches!(b, b'-' | b'=' | b'+' | b' ' | b'|' | b'_' | b':' | b'*');
    if !text.bytes().next().is_some_and(begins) {
        return false;
    }
    let text = text.trim();
    text.len() >= 3
        && text.bytes().all(|b| matches!(b, b'-' | b'=' | b'+' | b' ' | b'|' | b'_' | b':' | b'*'))
        && text.bytes().filter(|b| matches!(b, b'-' | b'=' | b'_')).count() >= 3
}
