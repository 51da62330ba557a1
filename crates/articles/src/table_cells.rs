//! Cells of a table whose column states their kind: dates, times and sizes of any language, several names, folders.

use jiff::civil::Date;

use super::cells::{DateText, SizeText, date, is_file_name, month, size, time, year};
use super::clock_time::ClockTime;
use super::vocabulary::{self, Kind};

/// A date in a cell of a date column, in any language: also `29-Okt-2004`, `20.03.2005`, `1º de março de 2007`,
/// `2004年9月10日`. Dots are not read elsewhere: `4.10.1998` is a version of Windows 98.
pub(crate) fn date_cell(text: &str) -> Option<DateText> {
    if let Some(date) = date(text) {
        return Some(date);
    }
    let text = without_zone(text);
    if text.len() > 60 {
        return None;
    }
    let lower = vocabulary::lower(text);
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
        } else if !matches!(
            token,
            "de" | "den"
                | "del"
                | "le"
                | "er"
                | "st"
                | "nd"
                | "rd"
                | "th"
                | "º"
                | "ª"
                | "年"
                | "月"
                | "日"
                | "년"
                | "월"
                | "일"
        ) {
            return None;
        }
    }
    let day = |text: &str| text.parse::<i8>().ok();
    let certain = |y: i16, m: i8, d: i8| Date::new(y, m, d).ok().map(DateText::Certain);
    match (named, numbers.as_slice()) {
        (Some((month, 1)), [d, y]) if d.len() <= 2 => certain(year(y)?, month, day(d)?),
        (Some((month, 0)), [d, y]) if d.len() <= 2 => certain(year(y)?, month, day(d)?),
        (None, [y, m, d]) if year_first || y.len() == 4 => certain(year(y)?, day(m)?, day(d)?),
        // `10-9월-2004`
        (None, [d, m, y]) if lower.contains(['.', '월', '月']) => certain(year(y)?, day(m)?, day(d)?),
        _ => None,
    }
}

/// Runs of digits and runs of letters; all other characters are separators.
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

/// A time in a cell of a time column, in any language: also `17.23`, `오전 12:16`, `下午 3:20`, `13時05分`, `13 h 05`.
pub(crate) fn time_cell(text: &str) -> Option<Option<ClockTime>> {
    if let Some(time) = time(text) {
        return Some(time);
    }
    let lower = vocabulary::lower(without_zone(text));
    let halved = vocabulary::find(Kind::Half, &lower);
    let clock = match &halved {
        Some((place, _)) => format!("{} {}", &lower[..place.start], &lower[place.end..]),
        None => lower,
    };
    // Accepts the wide colon of Japanese pages, too: `23：15` (MS04-039).
    let clock = clock.trim_end_matches([' ', '分', '분']).trim_end_matches("uhr").trim_end_matches('h').trim();
    let clock =
        clock.replace(['.', '\u{ff1a}', '時', '时', '點', '点', '시', 'h'], ":").replace(": ", ":").replace(" :", ":");
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
    let unit = vocabulary::lower(text[end..].trim());
    let digits: Vec<&str> = number.split(|c: char| groups(c) || matches!(c, ',' | '.')).collect();
    // `12,345 12,346` are two sizes.
    let mut marks = number.chars().filter(|c| !c.is_ascii_digit());
    let first = marks.next();
    let uniform = marks.all(|mark| Some(mark) == first);
    let grouped = uniform && digits.iter().skip(1).all(|group| group.len() == 3) && digits[0].len() <= 3;
    let bytes = unit.is_empty()
        || matches!(unit.as_str(), "octets" | "bytes" | "byte" | "バイト" | "位元組" | "字节" | "바이트");
    match (grouped, bytes) {
        (true, true) => digits.concat().parse().ok().map(SizeText::Bytes),
        _ if digits[0].is_empty() => None,
        _ => UNITS.contains(&unit.trim_end_matches('.')).then_some(SizeText::Rounded),
    }
}

/// Units of sizes that are not exact.
const UNITS: [&str; 28] = [
    "k",
    "kb",
    "kib",
    "ko",
    "kbyte",
    "kbytes",
    "kilobyte",
    "kilobytes",
    "kilooctets",
    "m",
    "mb",
    "mib",
    "mo",
    "mbyte",
    "mbytes",
    "megabyte",
    "megabytes",
    "g",
    "gb",
    "gib",
    "go",
    "кб",
    "мб",
    "гб",
    "キロバイト",
    "メガバイト",
    "킬로바이트",
    "千字节",
];

/// Footnote marks that need no brackets.
const NOTE_MARKS: [char; 15] = [
    '*', '#', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2070}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2020}',
    '\u{2021}', '\u{a7}', '\u{b6}', '\u{203b}',
];

/// A text without the footnote marks at its end: `abc.dll*`, `abc.dll (1)`, `abc.dll [a]`, `abc.dll（注 1）`.
pub(crate) fn without_note(text: &str) -> &str {
    let text = text.trim().trim_end_matches(NOTE_MARKS).trim_end();
    // `abc.dll^1^`, `abc.dll^1`
    if let Some((name, note)) = text.strip_suffix('^').unwrap_or(text).rsplit_once('^')
        && is_footnote(note)
    {
        return name.trim_end();
    }
    let Some(start) = text.rfind(['(', '[', '\u{ff08}']) else { return text };
    match text[start..].strip_suffix([')', ']', '\u{ff09}']) {
        Some(note) if is_footnote(note.trim_start_matches(['(', '[', '\u{ff08}'])) => text[..start].trim_end(),
        _ => text,
    }
}

/// `1`, `a`, `注 1`: the text inside the brackets of a footnote.
pub(crate) fn is_footnote(note: &str) -> bool {
    // `[^1]`, `(see note 1)`
    let note = note.trim().trim_start_matches('^');
    let note = note.strip_prefix("see ").or_else(|| note.strip_prefix("See ")).unwrap_or(note).trim_start();
    let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let is_letter = note.len() == 1 && note.bytes().all(|b| b.is_ascii_lowercase() || b == b'*');
    let lower = vocabulary::lower(note);
    let said = || vocabulary::find(Kind::Note, &lower).filter(|(place, _)| place.start == 0);
    let after = |end: usize| lower[end..].trim_start_matches(['.', ' ', ':']);
    is_number(note)
        || is_letter
        || said().is_some_and(|(place, _)| after(place.end).is_empty() || is_number(after(place.end)))
}

/// The files that a cell names: several (`abd.dll, abe.dll`, `abd.dll and abe.dll`), each without footnote mark and
/// path.
pub(crate) fn file_cell(text: &str) -> Vec<&str> {
    let text = text.trim().trim_matches('"');
    let between = [',', ';', ' ', '/', '&', '+', '\u{3001}', '\u{ff0c}', '\u{ff1b}'];
    let names: Vec<&str> =
        text.split(between).map(bare_name).filter(|name| !name.is_empty() && !is_conjunction(name)).collect();
    if names.len() > 1 && names.iter().all(|name| is_file_name(name)) {
        return names;
    }
    let name = bare_name(text);
    let last = name.rsplit(['\\', '/']).next().unwrap_or(name);
    vec![if is_file_name(last) { last } else { name }]
}

/// A word between the names of a cell.
fn is_conjunction(word: &str) -> bool {
    const WORDS: [&str; 19] = [
        "and",
        "or",
        "&",
        "+",
        "und",
        "oder",
        "e",
        "o",
        "et",
        "ou",
        "y",
        "と",
        "および",
        "及び",
        "和",
        "及",
        "與",
        "및",
        "또는",
    ];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// A name without the mark of a footnote.
fn bare_name(text: &str) -> &str {
    let text = text.trim();
    let bare = without_note(text);
    // `abc.dll:` and `abc.dll.`
    let ended = without_note(bare.trim_end_matches([':', '.', ' ']));
    [bare, ended].into_iter().find(|name| is_file_name(name)).unwrap_or(text)
}
