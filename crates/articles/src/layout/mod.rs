//! The layouts in which articles are kept: bytes become text, and a text of each layout becomes a [`Document`].
//! The first lines tell the layout.

mod archive;
mod csv;
mod header;
mod html;
mod html_limit;
mod html_tags;
mod inline;
mod markdown;
mod web;

use std::borrow::Cow;

use crate::document::Document;
use crate::products;

/// How much of a text is looked at to tell its layout, in bytes.
const HEAD: usize = 4096;

/// The text of an article file: UTF-8 (with or without its mark) when the bytes are valid UTF-8, UTF-16 when they
/// begin with its mark, else Windows-1252, in which every byte is a character. Line ends are left as they are.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Reads the header of whatever layout the text has, and the lines of its body.
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
