//! The words of a line, separated by single blanks.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Adds the words of a line, separated by single blanks. Most lines already have single blanks.
pub(crate) fn push_words(text: &mut String, line: &str) {
    if has_single_blanks(line) {
        return text.push_str(line);
    }
    if line.bytes().all(|b| matches!(b, b' '..=b'~')) {
        // Full stops are followed by two blanks.
        let mut rest = line.trim_matches(' ');
        while let Some(at) = gap(rest) {
            text.push_str(&rest[..=at]);
            rest = rest[at..].trim_start_matches(' ');
        }
        return text.push_str(rest);
    }
    for (i, word) in line.split_whitespace().enumerate() {
        if i > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// The position of the first wide gap of a line, of two blanks or more.
#[inline]
pub(crate) fn gap(line: &str) -> Option<usize> {
    static GAP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("  "));
    GAP.find(line.as_bytes())
}

/// True for a line of ASCII words with one blank between each two. The whole line is examined without a branch, which
/// is faster than to stop at the first find.
fn has_single_blanks(line: &str) -> bool {
    let bytes = line.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return true };
    let next = &bytes[1..];
    let odd = |b: u8| u8::from(b < b' ') | u8::from(b > b'~');
    let found = bytes
        .iter()
        .zip(next)
        .fold(odd(*last), |found, (a, b)| found | odd(*a) | (u8::from(*a == b' ') & u8::from(*b == b' ')));
    found == 0 && *first != b' ' && *last != b' '
}

/// The text without blanks at its start.
#[inline]
pub(crate) fn trim_start(text: &str) -> &str {
    let blanks = text.bytes().take_while(|b| *b == b' ').count();
    if text.as_bytes().get(blanks).is_some_and(u8::is_ascii_graphic) { &text[blanks..] } else { text.trim_start() }
}

/// True for a line of a table in a box: its first character is a bar. Nearly every line begins with a letter or a blank.
#[inline]
pub(crate) fn is_boxed(line: &str) -> bool {
    match line.as_bytes().first() {
        Some(b'|') => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => trim_start(line).starts_with('|'),
        None => false,
    }
}
