//! The layouts in which articles are kept, recognised by their first lines: each becomes a [`Document`].

mod archive;
mod csv;
mod html;
mod inline;
mod markdown;
mod web;

use crate::document::Document;
use crate::products;

/// How much of a text is looked at to tell its layout, in bytes.
const HEAD: usize = 4096;

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
    } else if csv::is_csv(head) {
        csv::read(text)
    } else if head.lines().any(|l| l.starts_with("# ")) {
        markdown::read(text)
    } else {
        web::read(text)
    };
    if document.products.is_empty() {
        document.products = products::applies_to(&document.lines);
    }
    document
}

/// Words separated by blanks, commas or semicolons, each once.
fn keywords(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    add_keywords(&mut found, text);
    found
}

/// Adds the keywords of one more line.
fn add_keywords(found: &mut Vec<String>, text: &str) {
    let line = found.len();
    for word in text.split([' ', ',', ';']).map(str::trim).filter(|w| !w.is_empty()) {
        if !found[line..].iter().any(|k| k == word) {
            found.push(word.to_owned());
        }
    }
}

/// The first article id in a text that is marked as one: `KB4524334`, `(Q265433)`.
fn marked_id(text: &str) -> Option<crate::KbId> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|w| {
            w.len() > 5 && (w.starts_with("KB") || w.starts_with('Q')) && w.ends_with(|c: char| c.is_ascii_digit())
        })
        .and_then(|w| w.parse().ok())
}

/// A one-line YAML scalar: quotes removed, `\"` and `\\` undone.
fn yaml_scalar(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.trim_matches('\'').to_owned(),
    }
}
