//! The parts of a text: what it names, and what it excepts.

use std::ops::Range;

use super::heading_spelling::respelled;
use super::scope_words::SCOPE_WORDS;

/// The first build of Windows 10.
const FIRST_BUILD: u32 = 10_240;

/// A text cut at words of exception, in its original case: "Windows Server 2003 (except Itanium-based systems)".
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// What the text names.
    pub named: String,
    /// What the text excludes.
    pub excepted: String,
}

impl Clauses {
    /// Cuts a text.
    pub fn of(text: &str) -> Self {
        let text = respelled(&spaced(text)).into_owned();
        let lower = text.to_ascii_lowercase();
        let words = &*SCOPE_WORDS;
        let mut own = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        // Most texts exclude nothing.
        if lower.is_ascii() && !own.any(|word| words.uses(word).may_except()) {
            return Self { named: text, excepted: String::new() };
        }
        let before = words.except.iter().filter_map(|word| Some((find_word(&lower, word)?, word.len())));
        // "with or without Service Pack 2" excludes nothing.
        let is_either = |at: usize| {
            let word = lower[..at].trim_end().rsplit(' ').next().unwrap_or_default();
            words.joining.contains(&word)
        };
        // Of the words that begin first, the longest counts: "except for".
        let before = before.filter(|&(at, _)| !is_either(at)).min_by_key(|&(at, length)| (at, usize::MAX - length));
        // "Windows XP without Service Pack 2" is what comes before it: a system with Service Pack 3 is not without it. Without
        // a number the release without a service pack is meant.
        let without = words.without.iter().filter_map(|word| Some((find_word(&lower, word)?, word.len())));
        let of_pack = |&(at, length): &(usize, usize)| {
            let rest = &text[at + length..];
            let (system, pack) = rest.split_at(if is_windows(rest.trim_start()) { start_of_pack(rest)? } else { 0 });
            is_pack(pack.trim_start()).then(|| format!("{}{system} before {}", &text[..at], pack.trim_start()))
        };
        let without = without.filter(|&(at, _)| !is_either(at) && before.is_none_or(|before| at < before.0)).min();
        if let Some(named) = without.as_ref().and_then(of_pack) {
            return Self { named, excepted: String::new() };
        }
        let next_word = words.non.iter().filter_map(|word| Some((find_word(&lower, word)?, word.len()))).min();
        if let Some((at, length)) = next_word.filter(|next| before.is_none_or(|before| next.0 < before.0)) {
            let start = at + length + usize::from(!text[at + length..].is_empty());
            let rest = text.get(start..).unwrap_or_default();
            let end = end_of_name(rest);
            return Self { named: format!("{} {}", &text[..at], &rest[end..]), excepted: rest[..end].to_owned() };
        }
        if let Some((at, length)) = before {
            let rest = &text[at + length..];
            let is_open = open_bracket(&text[..at]).is_some();
            let end = rest.find(')').filter(|_| is_open).unwrap_or(rest.len());
            return Self { named: format!("{} {}", &text[..at], &rest[end..]), excepted: rest[..end].to_owned() };
        }
        let after = words.excepted.iter().filter_map(|word| Some((text.find(word)?, word.len()))).min();
        if let Some((at, length)) = after {
            let start = open_bracket(&text[..at]).unwrap_or(0);
            let named = format!("{} {}", &text[..start], &text[at + length..]);
            return Self { named, excepted: text[start..at].to_owned() };
        }
        Self { named: text, excepted: String::new() }
    }
}

/// The end of the first word of a text, or of the name of a Windows there: "non-Windows 2000 clients".
fn end_of_name(text: &str) -> usize {
    let end_of_word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(text.len());
    let first = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    if !text[..first].eq_ignore_ascii_case("windows") {
        return first;
    }
    let mut end = first;
    loop {
        let Some(rest) = text[end..].strip_prefix(' ') else { return end };
        let word = &rest[..end_of_word(rest)];
        let is_of_name = word.starts_with(|c: char| c.is_ascii_digit())
            || ["server", "nt", "xp", "vista", "r2", "rt"].iter().any(|known| word.eq_ignore_ascii_case(known));
        if !is_of_name {
            return end;
        }
        end += 1 + word.trim_end_matches('.').len();
    }
}

/// The offset in bytes of a word or phrase in a text. Neither a letter nor a digit may be next to it.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| is_whole_word(text, at..at + word.len()))
}

/// True if neither a letter nor a digit is next to this place of a text.
pub(crate) fn is_whole_word(text: &str, place: Range<usize>) -> bool {
    let is_end = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    is_end(text[..place.start].chars().next_back()) && is_end(text[place.end..].chars().next())
}

/// The position of the last bracket that is still open.
fn open_bracket(text: &str) -> Option<usize> {
    text.rfind('(').filter(|&open| !text[open..].contains(')'))
}

/// The text with blanks around characters of East Asian scripts, with a word for `SP2+`, and one for `SP1-SP3`.
fn spaced(text: &str) -> String {
    let is_east_asian =
        |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    // Most texts have none of these.
    if text.is_ascii() && !text.bytes().any(|b| matches!(b, b'+' | b'-' | b'<' | b'>')) {
        return text.to_owned();
    }
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut last = None;
    for (at, c) in text.char_indices() {
        let rest = || text[at + c.len_utf8()..].trim_start();
        let is_after_number = || spaced.trim_end().ends_with(|c: char| c.is_ascii_digit());
        match c {
            // Full-width letters, digits and signs.
            '\u{ff01}'..='\u{ff5e}' => spaced.extend(char::from_u32(c as u32 - 0xfee0)),
            // "SP2+", "Windows XP+": not "Windows XP + SP1".
            '+' if is_after_number() && !rest().starts_with(char::is_alphanumeric) => spaced.push_str(" and later "),
            '-' | '\u{2013}' | '\u{2014}' if is_after_number() && is_pack_number(rest()) => {
                spaced.push_str(" through ")
            }
            // "Windows 10 versions 1703-1809, 20H2-22H2"
            '-' | '\u{2013}' | '\u{2014}' if ends_with_release(&spaced) && begins_with_release(rest()) => {
                spaced.push_str(" through ")
            }
            // "Windows 10 builds 19041-19045"
            '-' | '\u{2013}' | '\u{2014}' if ends_with_build(&spaced) && begins_with_build(rest()) => {
                spaced.push_str(" through ")
            }
            // "Windows NT 4.0 - Windows XP"
            '-' | '\u{2013}' | '\u{2014}' if spaced.ends_with(' ') && is_windows(rest()) && names_windows(&spaced) => {
                spaced.push_str("through ")
            }
            '\u{2265}' => spaced.push_str(" at least "),
            '\u{2264}' => spaced.push_str(" up to "),
            '>' if rest().starts_with('=') => spaced.push_str(" at least "),
            '<' if rest().starts_with('=') => spaced.push_str(" up to "),
            '>' => spaced.push_str(" later than "),
            '<' => spaced.push_str(" before "),
            c => {
                let is_blank = |c: char| c.is_whitespace();
                if last.is_some_and(|last: char| {
                    is_east_asian(last) != is_east_asian(c) && !is_blank(last) && !is_blank(c)
                }) {
                    spaced.push(' ');
                }
                spaced.push(c);
            }
        }
        last = Some(c);
    }
    spaced
}

/// True for a text that begins with a name of Windows.
fn is_windows(text: &str) -> bool {
    text.get(.."windows ".len()).is_some_and(|start| start.eq_ignore_ascii_case("windows "))
}

/// True for a text with a name of Windows.
fn names_windows(text: &str) -> bool {
    text.match_indices(['w', 'W']).any(|(at, _)| is_windows(&text[at..]))
}

/// True for `SP4`, `Service Pack 4`.
fn is_pack(text: &str) -> bool {
    let after = |word: &str| {
        let start = text.get(..word.len())?;
        start
            .eq_ignore_ascii_case(word)
            .then(|| text[word.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    after("service pack ").or_else(|| after("sp")).unwrap_or(false)
}

/// Where the service pack begins in the name of a system: "Windows XP SP2 installed".
fn start_of_pack(text: &str) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).find(|&at| text[..at].ends_with(' ') && is_pack(&text[at..]))
}

/// True for a text that begins with a release of Windows 10 as a separate word: `1809`, `22h2`.
fn begins_with_release(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    is_release(&text[..end])
}

/// As [`begins_with_release`], for the end of a text.
fn ends_with_release(text: &str) -> bool {
    let text = text.trim_end();
    is_release(text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
}

/// True for a text that begins with a build of Windows 10 or later: `19045`, `10.0.19045`.
fn begins_with_build(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(text.len());
    is_build(&text[..end])
}

/// As [`begins_with_build`], for the end of a text.
fn ends_with_build(text: &str) -> bool {
    is_build(text.trim_end().rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default())
}

/// True for a number of five digits that a build of Windows 10 or later may have.
fn is_build(word: &str) -> bool {
    let number = word.strip_prefix("10.0.").unwrap_or(word).trim_end_matches('.');
    number.len() == 5 && number.parse::<u32>().is_ok_and(|number| number >= FIRST_BUILD)
}

fn is_release(word: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    matches!(word.as_bytes(), [y1, y2, month, day] if [y1, y2, day].into_iter().all(is_digit)
        && (is_digit(month) || month.eq_ignore_ascii_case(&b'h')))
}

/// True for `sp3`, `3)`; not for `64-bit`, `bit`.
fn is_pack_number(text: &str) -> bool {
    let text = &text.to_ascii_lowercase();
    let text = text.strip_prefix("service pack ").or_else(|| text.strip_prefix("sp")).unwrap_or(text).trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix('a').unwrap_or(&text[digits..]);
    digits == 1 && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '.' || c == '-')
}
