//! The cells of a fix table: dates, times, sizes, versions, file names and platform words, as articles print them.

use jiff::civil::Date;

use super::clock_time::ClockTime;
use super::vocabulary::{self, Kind};
use hotfixcheck_types::Machine;

/// A date as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateText {
    /// A date with a single reading (`16-Oct-2001`, `2001/10/16`).
    Certain(Date),
    /// A date that begins with its year (`98/10/28`, `2001/10/16`).
    YearFirst(Date),
    /// Two numbers and a year: month first as in the US, day first if the table proves it. `03/04/05` may also begin
    /// with its year: `year_first` is that reading, and the date is known only if the table proves which one is right.
    Numeric { first: i8, second: i8, year: i16, year_first: Option<Date> },
    /// `xx/xx/xx`: to be filled in later.
    Placeholder,
}

impl DateText {
    /// The calendar date; `None` for placeholders and impossible dates.
    pub(crate) fn resolve(self, day_first: bool) -> Option<Date> {
        match self {
            Self::Certain(date) | Self::YearFirst(date) => Some(date),
            Self::Numeric { year_first: Some(_), .. } | Self::Placeholder => None,
            Self::Numeric { first, second, year, .. } if day_first => Date::new(year, second, first).ok(),
            Self::Numeric { first, second, year, .. } => Date::new(year, first, second).ok(),
        }
    }
}

/// `7/25/00`, `05-19-2000`, `16-Oct-2001`, `Oct-16-2001`, `2001/10/16`, `October 16, 2001`, `xx/xx/xx`.
pub(crate) fn date(text: &str) -> Option<DateText> {
    let text = text.trim().trim_end_matches([',', '.']);
    if text.len() < 5 || text.len() > 20 {
        return None;
    }
    // Most words are not dates: three fields need two separators.
    if text.bytes().filter(|b| matches!(b, b'/' | b'-' | b' ' | b'.' | b',')).count() < 2 {
        return None;
    }
    let mut fields: [&str; 3] = [""; 3];
    let mut count = 0;
    for field in text.split(['/', '-', ' ', '.', ',']).filter(|f| !f.is_empty()) {
        *fields.get_mut(count)? = field;
        count += 1;
    }
    if count != 3 || text.contains('.') && fields.iter().any(|f| f.len() > 4) {
        return None;
    }
    if fields.iter().all(|f| f.len() <= 4 && f.bytes().all(|b| matches!(b, b'x' | b'X' | b'?'))) {
        return Some(DateText::Placeholder);
    }
    let number = |f: &str| f.parse::<i16>().ok().filter(|_| f.len() <= 4 && f.bytes().all(|b| b.is_ascii_digit()));
    let [a, b, c] = fields;
    if let Some(m) = month(b) {
        return Date::new(year(c)?, m, number(a)?.try_into().ok()?).ok().map(DateText::Certain);
    }
    if let Some(m) = month(a) {
        return Date::new(year(c)?, m, number(b)?.try_into().ok()?).ok().map(DateText::Certain);
    }
    // Dots and spaces separate versions and sentences; only slashes and dashes separate the numbers of a date.
    if !text.contains(['/', '-']) {
        return None;
    }
    // A year cut to three digits (Q273614) makes the date unreadable, but not the row.
    if c.len() == 3 && [a, b, c].iter().all(|f| number(f).is_some()) {
        return Some(DateText::Placeholder);
    }
    // Year first, in two digits: `98/10/28` (Q222604).
    if a.len() == 2 && (number(a)? > 31 || a == "00") {
        let (m, d) = (number(b)?.try_into().ok()?, number(c)?.try_into().ok()?);
        return Date::new(year(a)?, m, d).ok().map(DateText::YearFirst);
    }
    if a.len() == 4 {
        let (m, d) = (number(b)?.try_into().ok()?, number(c)?.try_into().ok()?);
        return Date::new(number(a)?, m, d).ok().map(DateText::YearFirst);
    }
    let (first, second) = (number(a)?, number(b)?);
    if !(1..=31).contains(&first) || !(1..=31).contains(&second) || (first > 12 && second > 12) {
        return None;
    }
    // Years of two digits were out of use before 2020: `28-08-01` ends with its year.
    let year_first = || {
        let whole = a.len() == 2 && c.len() == 2 && first <= 20;
        Date::new(year(a).filter(|_| whole)?, second as i8, number(c)?.try_into().ok()?).ok()
    };
    Some(DateText::Numeric { first: first as i8, second: second as i8, year: year(c)?, year_first: year_first() })
}

/// Two-digit years 70–99 are 19xx, 00–69 are 20xx.
pub(crate) fn year(text: &str) -> Option<i16> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i16 = text.parse().ok()?;
    match text.len() {
        4 if (1980..2100).contains(&value) => Some(value),
        2 if value >= 70 => Some(1900 + value),
        2 => Some(2000 + value),
        _ => None,
    }
}

/// The number of an English month's name or of its first three letters. German and French short forms do not occur.
pub(crate) fn month(text: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if text.len() < 3 || !text.as_bytes()[..3].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let text = text.trim_end_matches('.');
    if text.len() < 3 {
        return None;
    }
    let at = NAMES.iter().position(|n| n.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text)))?;
    Some(at as i8 + 1)
}

/// A time of day: `19:23`, `7:54p`, `4:50PM`, `9:04 A.M.`, `1815`, `12:05:33a`. A placeholder gives
/// `Some(None)`.
pub(crate) fn time(text: &str) -> Option<Option<ClockTime>> {
    let text = text.trim();
    // Most words are not a time; check that before anything is copied.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'x' | 'X')) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "xx:xx" | "x:xx" | "xx:xxp" | "xx:xxa" | "xx:xxx") {
        return Some(None);
    }
    let compact: String = lower.chars().filter(|c| !matches!(c, ' ' | '.')).collect();
    let digits_end = compact.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(compact.len());
    let (clock, half) = compact.split_at(digits_end);
    let afternoon = match half {
        "" => None,
        "a" | "am" | "midnight" => Some(false),
        "p" | "pm" | "noon" => Some(true),
        _ => return None,
    };
    let (hour, minute) = if clock.contains(':') {
        let mut parts = clock.split(':');
        let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next());
        if parts.next().is_some() || minute.len() != 2 || second.is_some_and(|s| s.len() != 2) {
            return None;
        }
        (hour, minute)
    } else if clock.len() == 4 || (clock.len() == 3 && afternoon.is_some()) {
        clock.split_at(clock.len() - 2)
    } else {
        return None;
    };
    if hour.is_empty() || hour.len() > 2 {
        return None;
    }
    let (mut hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    ClockTime::new(hour, minute).map(Some)
}

/// A size as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeText {
    /// An exact number of bytes.
    Bytes(u64),
    /// `249KB`, `1.2 MB`, `12,34`: not exact.
    Rounded,
}

/// `150,800`, `106768`, `39, 424 bytes`, `249KB`.
pub(crate) fn size(text: &str) -> Option<SizeText> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let number_end = lower.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | ' '))).unwrap_or(lower.len());
    let (number, unit) = lower.split_at(number_end);
    let number = number.trim();
    if !number.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match unit.trim_end_matches('.') {
        "" | "bytes" | "byte" | "b" => {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            // 185.760 (Q249245) is a size; 4.5 is not.
            if number.contains('.') && number.split('.').skip(1).any(|g| g.len() != 3) {
                return None;
            }
            // `39, 424` is one size, `12,345 12,346` are two.
            let spaced = number.match_indices(' ').any(|(at, _)| !number[..at].ends_with([',', ' ']));
            if spaced || digits.len() > 12 {
                return None;
            }
            // 97,9728 (Q194784) and 12,34 are mistyped sizes: which digits are right is not known.
            let mut groups = number.split(',').map(|group| group.trim().bytes().filter(u8::is_ascii_digit).count());
            let first = groups.next().unwrap_or_default();
            if number.contains(',') && (first > 3 || groups.any(|digits| digits % 3 != 0 || digits == 0)) {
                return Some(SizeText::Rounded);
            }
            digits.parse().ok().map(SizeText::Bytes)
        }
        "k" | "kb" | "m" | "mb" | "kbytes" | "kilobytes" | "megabytes" | "g" | "gb" => Some(SizeText::Rounded),
        _ => None,
    }
}

/// A version as printed: numbers with dots (`4.02.0748`, `2000.80.534.0`), or four numbers with commas; a letter may
/// follow (`3.2a`).
pub(crate) fn is_version(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if text.len() > 40 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let body = text.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(text);
    let dotted = body.split('.').count();
    if (2..=hotfixcheck_types::MAX_COMPONENTS).contains(&dotted) {
        return body.split('.').all(|p| !p.is_empty() && p.len() <= 9 && p.bytes().all(|b| b.is_ascii_digit()));
    }
    let commas: Vec<&str> = body.split(',').map(str::trim).collect();
    commas.len() == 4 && commas.iter().all(|p| !p.is_empty() && p.len() <= 5 && p.bytes().all(|b| b.is_ascii_digit()))
}

/// A version that only a version column can hold: `1.2(build 786)` (Q230242), `5.131:1877.9` (Q283805), `1.0a.2`,
/// `5.0.2195.4555 shp` (Q309562).
pub(crate) fn is_odd_version(text: &str) -> bool {
    let text = text.strip_suffix(" shp").unwrap_or(text);
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains('.')
        && text
            .replace("build ", "")
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ':' | '(' | ')' | 'a'..='d'))
}

/// The longest name of a file, in bytes. Those of manifests reach some 120.
const MAX_FILE_NAME: usize = 255;

/// True for a file name with an extension, with or without a path; false for versions, addresses and sentences.
pub fn is_file_name(text: &str) -> bool {
    let name = text.rsplit(['\\', '/']).next().unwrap_or(text);
    if text.len() > MAX_FILE_NAME || text.contains("://") || text.contains('@') {
        return false;
    }
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let allowed = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '_' | '-' | '~' | '$' | '!' | '+' | '&' | '#' | '\'' | '%' | '{' | '}' | '(' | ')' | '.' | '^'
            )
    };
    !stem.is_empty()
        && (1..=9).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '~' | '$'))
        && extension.len() <= if extension.bytes().all(|b| b.is_ascii_digit()) { 3 } else { 9 }
        && stem.chars().all(allowed)
        && (stem.chars().any(|c| c.is_alphabetic()) || extension.bytes().any(|b| b.is_ascii_alphabetic()))
        && !is_version(name)
        && !stem.ends_with('.')
}

/// A quick check of a line: it has a dot inside a word that has a letter, as in every file name.
pub(crate) fn may_name_file(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|at| is_dot_of_name(&bytes[..at], bytes.get(at + 1)))
}

/// True for a dot after these bytes of its line, and before this one, that may be part of a file name.
pub(crate) fn is_dot_of_name(before: &[u8], next: Option<&u8>) -> bool {
    let word = || before.iter().rev().take_while(|b| !matches!(b, b' ' | b'\t'));
    match next {
        Some(b'0'..=b'9') => word().any(u8::is_ascii_alphabetic),
        Some(b'a'..=b'z' | b'A'..=b'Z') => word().next().is_some_and(|b| *b != b'.'),
        _ => false,
    }
}

/// Cells that mean "nothing": `N/A`, `-`, `None`, `(not applicable)`.
pub(crate) fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "n/a",
        "na",
        "-",
        "--",
        "---",
        "none",
        "not applicable",
        "not available",
        "not versioned",
        "n.a.",
        "unknown",
        "x",
        "tbd",
    ];
    let text = text.trim_matches(['(', ')', '[', ']', '<', '>', '"', ' ']);
    WORDS.iter().any(|w| text.eq_ignore_ascii_case(w))
        || means(text, |meaning| meaning != "version")
        || text.bytes().all(|b| b == b'x' || b == b'X' || b == b'.') && !text.is_empty()
}

/// The same for the cell of a version. There "no" means that there is none; in a column of languages it means
/// Norwegian.
pub(crate) fn is_no_version(text: &str) -> bool {
    is_nothing(text) || means(text.trim_matches(['(', ')', '[', ']', '<', '>', '"', ' ']), |_| true)
}

/// True for a text without digits that means "nothing" in any language, with or without a full stop.
fn means(text: &str, wanted: impl Fn(&str) -> bool) -> bool {
    if text.bytes().any(|b| b.is_ascii_digit()) || text.is_empty() {
        return false;
    }
    let lower = vocabulary::lower(text).replace('\u{a0}', " ");
    let whole = vocabulary::meaning(Kind::Nothing, &lower);
    whole.or_else(|| vocabulary::meaning(Kind::Nothing, lower.trim_end_matches(['.', ':', ' ']))).is_some_and(wanted)
}

/// A word that names a processor, or several (`Intel/Alpha`, `All`).
pub(crate) fn is_platform(text: &str) -> bool {
    let bare = text.trim_matches(['(', ')', '[', ']', ',', ':']);
    if Machine::from_platform_word(bare).is_some() || bare.eq_ignore_ascii_case("all") {
        return true;
    }
    if !bare.bytes().any(|b| matches!(b, b'/' | b',' | b'&' | b' ')) {
        return false;
    }
    let words = || bare.split(['/', ',', '&', ' ']).filter(|w| !matches!(*w, "" | "or" | "and"));
    words().count() > 1 && words().all(|w| Machine::from_platform_word(w).is_some())
}
