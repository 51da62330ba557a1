//! The layouts of stored articles: bytes become text, and a text of each layout becomes a [`Document`]. The layout is
//! recognised by the first lines.

mod archive;
mod csv;
mod drawn;
mod header;
mod html;
mod html_limit;
mod html_page;
mod html_spans;
mod html_tags;
mod inline;
mod markdown;
mod mime;
mod web;

use std::borrow::Cow;

use crate::document::Document;
use crate::products;

/// How many bytes of a text are read to recognise its layout.
const HEAD: usize = 4096;

/// The text of an article file: UTF-8 (with or without its mark) when the bytes are valid UTF-8, UTF-16 when they
/// begin with its mark or every other byte is zero, else the encoding that a page names, else Windows-1252, in which every byte is a
/// character. Line ends are left as they are, but where carriage returns alone end the lines. Of a page that a browser saved as one
/// file (`.mhtml`, `.mht`), and of a mail, the page.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let text = match mime::page(bytes) {
        Some((page, Some(encoding))) => Cow::Owned(encoding.decode_without_bom_handling(&page).0.into_owned()),
        Some((page, None)) => Cow::Owned(decoded(&page).into_owned()),
        None => decoded(bytes),
    };
    let contains = |end: u8| memchr::memchr(end, text.as_bytes()).is_some();
    if contains(b'\r') && !contains(b'\n') { Cow::Owned(text.replace('\r', "\n")) } else { text }
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Some(encoding) = without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => named_encoding(bytes).unwrap_or(encoding_rs::WINDOWS_1252).decode_without_bom_handling(bytes).0,
    }
}

/// UTF-16 without its mark: articles begin with ASCII, in which every other byte is then zero.
fn without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(MARKLESS)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let all = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if all >= 8 && odd == all => Some(encoding_rs::UTF_16LE),
        (even, 0) if all >= 8 && even == all => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// How many bytes are examined for UTF-16 without a mark; an even number.
const MARKLESS: usize = 64;

/// The encoding that a page names in its head: `<meta charset="shift_jis">`, `content="text/html; charset=big5"`.
fn named_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let at = head.windows(8).position(|window| window.eq_ignore_ascii_case(b"charset="))? + 8;
    let label = &head[at..];
    let label = label.strip_prefix(b"\"").or_else(|| label.strip_prefix(b"'")).unwrap_or(label);
    let end = label
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')))
        .unwrap_or(label.len());
    encoding_rs::Encoding::for_label(&label[..end]).filter(|encoding| *encoding != encoding_rs::UTF_8)
}

/// Reads the header of a text in any layout, and the lines of its body.
pub(crate) fn read(text: &str) -> Document<'_> {
    let start = text.trim_start_matches(['\u{feff}', '\r', '\n', ' ']);
    let head = &start[..start.floor_char_boundary(HEAD)];
    let mut document = if start.starts_with("DOCUMENT:") {
        archive::document_text(text)
    } else if start.starts_with("---") {
        if head.contains("\n\tArticle:") { archive::front_matter(text) } else { markdown::read(text) }
    } else if html::is_html(head) {
        html::read(text)
    } else if let Some(separator) = csv::separator(head) {
        csv::read(text, separator)
    } else if head.lines().any(|l| l.starts_with("# ")) {
        markdown::read(text)
    } else {
        web::read(text)
    };
    document.bulletin = header::bulletin(&document.title).filter(|_| document.id.is_none());
    if document.products.is_empty() && document.bulletin.is_none() {
        document.products = products::applies_to(&document.lines);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// Issue 14: an encoding that the page names, UTF-16 without a mark, and carriage returns alone.
    #[test]
    fn pages_of_every_encoding_are_text() {
        let page = "<html><meta charset=\"shift_jis\"><p>ファイル名</p>";
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(page);
        assert_eq!(decode(&bytes), page);
        let text = "# A lamp stays dark, and another one, too\n\nファイル";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(decode(&little).starts_with("# A lamp"), "{}", decode(&little));
        assert!(decode(&big).starts_with("# A lamp"));
        assert_eq!(decode(b"a\rb\r"), "a\nb\n");
        assert_eq!(decode(b"a\r\nb"), "a\r\nb");
    }
}
