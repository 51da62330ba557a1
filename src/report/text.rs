//! Text that is safe to show: names of files and articles come from outside.

use std::fmt::Write as _;

/// The text with control characters and characters that reorder text escaped: a file name must not move the cursor.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, bidirectional controls, zero-width characters and line separators.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A number with its unit: `1 file`, `3 files`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Digits in groups of three: `56,989`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `Label      text`, wrapped between the words to the width and indented below the text.
pub(super) fn labelled(label: &str, text: &str, width: u16) -> String {
    pieces(label, text.split(' '), width)
}

/// Text wrapped between the words to the width, every line indented by two, the later ones by four.
pub(super) fn paragraph(text: &str, width: u16) -> String {
    hanging("  ", 4, text.split(' '), width)
}

/// `Label     text` with this indentation, wrapped between the words and indented below the text.
pub(super) fn indented(indent: usize, label: &str, text: &str, width: u16) -> String {
    hanging(&format!("{:indent$}{label:<9} ", ""), indent + 10, text.split(' '), width)
}

/// As [`labelled`], but with line breaks only between the pieces.
pub(super) fn pieces<'a>(label: &str, pieces: impl Iterator<Item = &'a str>, width: u16) -> String {
    const INDENT: usize = 11;
    // `  KB5041580` fills its column, so a blank is added.
    hanging(&format!("{label:<10} "), INDENT, pieces, width)
}

/// A lead and then pieces, with line breaks between the pieces; later lines are indented by `indent`. A piece longer
/// than the line is not broken: a broken path cannot be copied.
pub(super) fn hanging<'a>(lead: &str, indent: usize, pieces: impl Iterator<Item = &'a str>, width: u16) -> String {
    let mut out = lead.to_owned();
    let mut column = lead.chars().count();
    for (place, piece) in pieces.enumerate() {
        let length = piece.chars().count();
        if place > 0 && column + 1 + length > usize::from(width) {
            let _ = write!(out, "\n{:indent$}", "");
            column = indent;
        } else if place > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(piece);
        column += length;
    }
    out.push('\n');
    out
}

/// A path on a line of its own, with this indentation; if it is longer than the width, it is broken only at separators
/// and blanks.
pub(super) fn path(indent: usize, text: &str, width: u16) -> String {
    let room = usize::from(width).saturating_sub(indent);
    let mut out = format!("{:indent$}", "");
    let mut column = 0;
    let mut rest = text;
    while !rest.is_empty() {
        // A backslash may begin an escape, which must not be broken.
        let ends = |(at, c): (usize, char)| match c {
            '/' | ' ' => true,
            '\\' => !rest[at..].starts_with("\\u{"),
            _ => false,
        };
        let length = rest.char_indices().find(|&found| ends(found)).map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (part, after) = rest.split_at(length);
        rest = after;
        let length = part.trim_end().chars().count();
        if column > 0 && column + length > room {
            let _ = write!(out, "\n{:indent$}", "", indent = indent + 2);
            column = 2;
        }
        out.push_str(part);
        column += part.chars().count();
    }
    // The blank at which a line was broken is left out.
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Text for a terminal that shows only ASCII: lines are drawn with `-` and `=`, other characters are escaped.
pub(super) fn ascii(bytes: Vec<u8>) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    if text.is_ascii() {
        return bytes;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2500}' => out.push('-'),
            '\u{2550}' => out.push('='),
            '\u{2026}' => out.push_str("..."),
            _ if c.is_ascii() => out.push(c),
            _ => out.extend(c.escape_unicode()),
        }
    }
    out.into_bytes()
}
