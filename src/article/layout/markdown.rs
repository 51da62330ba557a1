//! Markdown of later articles: YAML front matter, `#` headings, pipe tables, fenced code.

use std::borrow::Cow;

use super::super::cells;
use super::super::document::{Document, Line, numbered};
use super::{marked_id, web, yaml_scalar};

/// Reads Markdown with or without front matter.
pub(super) fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut front = text.trim_start().starts_with("---").then_some(0);
    let mut in_products = false;
    for (number, line) in numbered(text) {
        if let Some(rules) = &mut front {
            *rules += u8::from(line.trim_end() == "---");
            if *rules > 1 {
                front = None;
            } else {
                front_line(&mut document, line, &mut in_products);
            }
            continue;
        }
        let trimmed = line.trim();
        if let Some(heading) = heading(trimmed) {
            if trimmed.starts_with("# ") {
                // The id and, without front matter, the title stand in the first heading.
                document.id = document.id.or_else(|| marked_id(heading));
                if document.title.is_empty() {
                    document.title = heading.to_owned();
                }
            }
            document.lines.push(Line::new(number, ""));
            document.lines.push(Line::new(number, heading));
            document.lines.push(Line::new(number, ""));
            continue;
        }
        let plain = plain(trimmed);
        web::read_line(&mut document, &plain);
        document.lines.push(if trimmed.starts_with("```") {
            Line::new(number, "")
        } else if matches!(plain, Cow::Owned(_)) && !trimmed.starts_with('|') {
            Line::owned(number, plain.into_owned())
        } else {
            Line::new(number, line)
        });
    }
    if let Some(id) = marked_id(&document.title) {
        document.id = document.id.or(Some(id));
    }
    web::finish(&mut document);
    document
}

fn front_line(document: &mut Document<'_>, line: &str, in_products: &mut bool) {
    if let Some(item) = line.trim_start().strip_prefix("- ").filter(|_| *in_products) {
        document.products.extend(super::products::normalise(&yaml_scalar(item)));
        return;
    }
    let Some((key, value)) = line.split_once(':') else { return };
    *in_products = key.eq_ignore_ascii_case("appliesto");
    match key {
        "title" => document.title = yaml_scalar(value),
        "ms.date" => document.last_modified = cells::date(value).and_then(|d| d.resolve(false)),
        "ms.custom" if document.id.is_none() => document.id = marked_id(value),
        _ => {}
    }
}

/// The text of an ATX heading.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len() && text.starts_with(' ')).then(|| text.trim().trim_end_matches('#').trim_end())
}

/// A line without the marks of emphasis and without the blanks that HTML entities stand for.
fn plain(line: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(line);
    if text.contains("&nbsp;") {
        text = Cow::Owned(text.replace("&nbsp;", " "));
    }
    if text.contains("**") {
        text = Cow::Owned(text.replace("**", ""));
    }
    if text.starts_with('_') && text.contains(":_") {
        text = Cow::Owned(text.trim_start_matches('_').replacen(":_", ":", 1));
    }
    text
}
