//! The cells of a fix table: dates, times, sizes, versions, file names and platform words, as articles print them.

use jiff::civil::Date;

use super::vocabulary::{self, Kind};
use hotfixcheck_types::Machine;

/// A date as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateText {
    /// A date that reads one way only (`16-Oct-2001`, `2001/10/16`).
    Certain(Date),
    /// Two numbers and a year: month first in US order, day first where the table proves it.
    Numeric { first: i8, second: i8, year: i16 },
    /// `xx/xx/xx`: to be filled in later.
    Placeholder,
}

impl DateText {
    /// The calendar date; `None` for placeholders and impossible dates.
    pub(crate) fn resolve(self, day_first: bool) -> Option<Date> {
        match self {
            Self::Certain(date) => Some(date),
            Self::Numeric { first, second, year } if day_first => Date::new(year, second, first).ok(),
            Self::Numeric { first, second, year } => Date::new(year, first, second).ok(),
            Self::Placeholder => None,
        }
    }
}

/// `7/25/00`, `05-19-2000`, `16-Oct-2001`, `Oct-16-2001`, `2001/10/16`, `October 16, 2001`, `xx/xx/xx`.
pub(crate) fn date(text: &str) -> Option<DateText> {
    let text = text.trim().trim_end_matches([',', '.']);
    if text.len() < 5 || text.len() > 20 {
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
    // Dots and spaces separate versions and sentences; only slashes and dashes separate numbers of a date.
    if !text.contains(['/', '-']) {
        return None;
    }
    // A year cut to three digits (Q273614) makes the date unreadable, not the row.
    if c.len() == 3 && [a, b, c].iter().all(|f| number(f).is_some()) {
        return Some(DateText::Placeholder);
    }
    // Year first, in two digits: `98/10/28` (Q222604).
    if a.len() == 2 && number(a)? > 31 {
        let (m, d) = (number(b)?.try_into().ok()?, number(c)?.try_into().ok()?);
        return Date::new(year(a)?, m, d).ok().map(DateText::Certain);
    }
    if a.len() == 4 {
        let (m, d) = (number(b)?.try_into().ok()?, number(c)?.try_into().ok()?);
        return Date::new(number(a)?, m, d).ok().map(DateText::Certain);
    }
    let (first, second) = (number(a)?, number(b)?);
    if !(1..=31).contains(&first) || !(1..=31).contains(&second) || (first > 12 && second > 12) {
        return None;
    }
    Some(DateText::Numeric { first: first as i8, second: second as i8, year: year(c)? })
}

/// Two-digit years 70–99 are 19xx, 00–69 are 20xx.
fn year(text: &str) -> Option<i16> {
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

/// The number of an English month's name or its first three letters; German and French short forms do not occur.
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

/// A time of day as 24-hour `HH:MM`: `19:23`, `7:54p`, `4:50PM`, `9:04 A.M.`, `1815`, `12:05:33a`; a placeholder is
/// `Some(None)`.
pub(crate) fn time(text: &str) -> Option<Option<String>> {
    let text = text.trim();
    // Most words are not a time: that is seen before anything is copied.
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
    (hour < 24 && minute < 60).then(|| Some(format!("{hour:02}:{minute:02}")))
}

/// A date in a cell of a date column, in any language: also `29-Okt-2004`, `20.03.2005`, `20 de março de 2007`,
/// `2004年9月10日`. Dots are not read elsewhere: `4.10.1998` is a version of Windows 98.
pub(crate) fn date_cell(text: &str) -> Option<DateText> {
    if let Some(date) = date(text) {
        return Some(date);
    }
    let text = without_zone(text);
    if text.len() > 60 {
        return None;
    }
    let lower = text.to_lowercase();
    let year_first = lower.contains(['年', '년']);
    let mut numbers: Vec<&str> = Vec::new();
    let mut named: Option<(i8, usize)> = None;
    for token in tokens(&lower) {
        if token.starts_with(|c: char| c.is_ascii_digit()) {
            numbers.push(token);
        } else if let Some(number) =
            vocabulary::meaning(Kind::Month, token).and_then(|m| m.parse().ok()).or_else(|| month(token))
        {
            if named.replace((number, numbers.len())).is_some() {
                return None;
            }
        } else if !matches!(token, "de" | "den" | "del" | "le" | "年" | "月" | "日" | "년" | "월" | "일") {
            return None;
        }
    }
    let day = |text: &str| text.parse::<i8>().ok();
    let certain = |y: i16, m: i8, d: i8| Date::new(y, m, d).ok().map(DateText::Certain);
    match (named, numbers.as_slice()) {
        (Some((month, 1)), [d, y]) if d.len() <= 2 => certain(year(y)?, month, day(d)?),
        (Some((month, 0)), [d, y]) if d.len() <= 2 => certain(year(y)?, month, day(d)?),
        (None, [y, m, d]) if year_first || y.len() == 4 => certain(year(y)?, day(m)?, day(d)?),
        (None, [d, m, y]) if lower.contains('.') => certain(year(y)?, day(m)?, day(d)?),
        _ => None,
    }
}

/// Runs of digits and runs of letters; what stands between them separates.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = rest.chars().next()?;
        let digits = first.is_ascii_digit();
        let ends = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits;
        let end = rest.find(ends).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(end);
        rest = behind;
        Some(token)
    })
}

/// A cell without the time zone in brackets after its date or time: `15:53 (UTC Zero Military)` (MS06-062).
fn without_zone(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('(') {
        Some((before, zone)) if ["utc", "gmt"].iter().any(|name| zone.to_ascii_lowercase().starts_with(name)) => {
            before.trim_end()
        }
        _ => text,
    }
}

/// A time in a cell of a time column, in any language: also `17.23`, `오전 12:16`, `下午 3:20`.
pub(crate) fn time_cell(text: &str) -> Option<Option<String>> {
    if let Some(time) = time(text) {
        return Some(time);
    }
    let lower = without_zone(text).to_lowercase();
    let halved = vocabulary::find(Kind::Half, &lower);
    let clock = match &halved {
        Some((place, _)) => format!("{} {}", &lower[..place.start], &lower[place.end..]),
        None => lower,
    };
    let clock = clock.trim().replace('.', ":");
    let (hour, rest) = clock.split_once(':')?;
    let whole = hour.len() <= 2 && !hour.is_empty() && rest.len() >= 2;
    time(&format!("{clock}{}", halved.map_or("", |(_, half)| half))).filter(|_| whole)
}

/// A size in a cell of a size column: also `1 134 352`, `1'134'352`.
pub(crate) fn size_cell(text: &str) -> Option<SizeText> {
    if let Some(size) = size(text) {
        return Some(size);
    }
    let groups = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '\u{ff0c}');
    let end = text.find(|c: char| !c.is_ascii_digit() && !groups(c) && !matches!(c, ',' | '.')).unwrap_or(text.len());
    let number = text[..end].trim_matches(|c| groups(c) || c == '.');
    let unit = text[end..].trim().to_lowercase();
    let digits: Vec<&str> = number.split(|c: char| groups(c) || matches!(c, ',' | '.')).collect();
    let grouped = digits.iter().skip(1).all(|group| group.len() == 3) && digits[0].len() <= 3;
    let bytes = unit.is_empty()
        || matches!(unit.as_str(), "octets" | "bytes" | "byte" | "バイト" | "位元組" | "字节" | "바이트");
    match (grouped, bytes) {
        (true, true) => digits.concat().parse().ok().map(SizeText::Bytes),
        _ if digits[0].is_empty() => None,
        _ => matches!(unit.as_str(), "k" | "kb" | "ko" | "kbyte" | "m" | "mb" | "mo" | "g" | "gb")
            .then_some(SizeText::Rounded),
    }
}

/// A version in a cell: without the `v` before it and the mark of a footnote after it (`5.1.2600.101 (1)`).
pub(crate) fn version_cell(text: &str) -> &str {
    let text = text.trim();
    let bare = text.trim_end_matches(['*', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2020}']).trim_end();
    let bare = match bare.rsplit_once(' ') {
        Some((version, note)) if is_footnote(note) => version.trim_end(),
        _ => bare,
    };
    let bare = bare.strip_prefix(['v', 'V']).map_or(bare, str::trim_start);
    if is_version(bare) { bare } else { text }
}

/// `(1)`, `[2]`: the mark of a footnote.
fn is_footnote(text: &str) -> bool {
    let inner = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    inner('(', ')')
        .or_else(|| inner('[', ']'))
        .is_some_and(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The files that a cell names: several (`abd.dll, abe.dll`), each without the mark of a footnote and without its path.
pub(crate) fn file_cell(text: &str) -> Vec<&str> {
    let text = text.trim().trim_matches('"');
    let names: Vec<&str> = text.split([',', ';', ' ', '/']).map(bare_name).filter(|name| !name.is_empty()).collect();
    if names.len() > 1 && names.iter().all(|name| is_file_name(name)) {
        return names;
    }
    let name = bare_name(text);
    let last = name.rsplit(['\\', '/']).next().unwrap_or(name);
    vec![if is_file_name(last) { last } else { name }]
}

/// A name without the mark of a footnote: `abc.dll*`, `abc.dll (1)`.
fn bare_name(text: &str) -> &str {
    let text = text.trim();
    let bare = text.trim_end_matches(['*', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2020}']).trim_end();
    match bare.rsplit_once(' ') {
        Some((name, note)) if is_footnote(note) && is_file_name(name.trim_end()) => name.trim_end(),
        _ if is_file_name(bare) => bare,
        _ => text,
    }
}

/// The service branch that a package's folder names, and whether it holds the 32-bit files of a 64-bit package:
/// `SP2QFE`, `RTMGDR\WOW`. `None` for another folder.
pub(crate) fn folder_cell(text: &str) -> Option<(Option<&str>, bool)> {
    let mut parts = text.split(['\\', '/']).map(str::trim).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let wow = |part: &str| part.eq_ignore_ascii_case("wow");
    if wow(first) && parts.next().is_none() {
        return Some((None, true));
    }
    let lower = first.to_ascii_lowercase();
    let pack = ["gdr", "qfe", "ldr"].iter().find_map(|branch| lower.strip_suffix(branch))?;
    let known = pack.is_empty()
        || pack == "rtm"
        || pack.strip_prefix("sp").is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    let mut rest = text.split(['\\', '/']).map(str::trim).filter(|part| !part.is_empty()).skip(1);
    let second = rest.next();
    let whole = second.is_none_or(wow) && rest.next().is_none();
    (known && whole).then_some((Some(first), second.is_some()))
}

/// A size as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeText {
    /// An exact number of bytes.
    Bytes(u64),
    /// `249KB`, `1.2 MB`: not exact.
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
            // 97,9728 (Q194784) and 185.760 (Q249245) are sizes with a slip; 4.5 is none.
            let groups = number.split([',', '.']).count();
            if number.contains('.') && (groups < 2 || number.split('.').skip(1).any(|g| g.len() != 3)) {
                return None;
            }
            if number.contains(' ') && !number.contains(',') || digits.len() > 12 {
                return None;
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

/// A version as only a version column holds it: `1.2(build 786)` (Q230242), `5.131:1877.9` (Q283805), `1.0a.2`,
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

/// The longest name of a file, in bytes; those of manifests reach some 120.
const MAX_FILE_NAME: usize = 255;

/// True for a file name with an extension, with or without a path; not for versions, addresses or sentences.
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

/// A cheap look at a line: a dot inside a word that has a letter, as in every file name.
pub(crate) fn may_name_file(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|at| {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let before = bytes[..at].iter().rev().take_while(|b| !matches!(b, b' ' | b'\t'));
        match next {
            b'0'..=b'9' => before.clone().any(u8::is_ascii_alphabetic),
            b'a'..=b'z' | b'A'..=b'Z' => before.clone().next().is_some_and(|b| *b != b'.'),
            _ => false,
        }
    })
}

/// Cells that say "nothing": `N/A`, `-`, `None`, `Not applicable`.
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
    WORDS.iter().any(|w| text.eq_ignore_ascii_case(w))
        || !text.bytes().any(|b| b.is_ascii_digit())
            && vocabulary::meaning(Kind::Nothing, &text.to_lowercase()).is_some()
        || text.bytes().all(|b| b == b'x' || b == b'X' || b == b'.') && !text.is_empty()
}

/// A word that names a processor, or several (`Intel/Alpha`, `All`).
pub(crate) fn is_platform(text: &str) -> bool {
    let bare = text.trim_matches(['(', ')', '[', ']', ',', ':']);
    if Machine::from_platform_word(bare).is_some() || bare.eq_ignore_ascii_case("all") {
        return true;
    }
    let words = || bare.split(['/', ',', '&', ' ']).filter(|w| !matches!(*w, "" | "or" | "and"));
    words().count() > 1 && words().all(|w| Machine::from_platform_word(w).is_some())
}
