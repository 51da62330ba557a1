//! HTML, old (upper case, unclosed cells) and new: flattened to lines, with tables as `| a | b |` rows.

use std::cell::Cell as Counter;
use std::rc::Rc;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::html_limit::Limited;
use super::html_page::Page;
use super::web;
use crate::document::{Document, Line, MAX_LINES};

/// True if a text begins like HTML.
pub(super) fn is_html(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    let lower = lower.trim_start();
    lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.starts_with("<?xml") && lower.contains("<html")
        || lower.starts_with('<')
            && ["<head", "<body", "<title", "<table", "<p>", "<div"].iter().any(|t| lower.contains(t))
}

/// Reads HTML.
pub(super) fn read(text: &str) -> Document<'_> {
    let page = tokens(text, Page::new(text));
    let mut document = page.document;
    // The page's title is better than its first line, which may be navigation.
    if !page.title.is_empty() {
        document.title = page.title;
    }
    web::finish(&mut document);
    document
}

/// The lines of an HTML table inside Markdown, whose cells may contain Markdown, and whether a tag of it cannot be
/// read. `first` is the number of its first line.
pub(super) fn table_in_markdown(text: &str, first: u32) -> (Vec<Line<'_>>, bool) {
    let page = tokens(text, Page::in_markdown(text, first));
    (page.document.lines, page.document.refused)
}

/// Reads every token of a page.
fn tokens<'a>(text: &'a str, mut page: Page<'a>) -> Page<'a> {
    let emitter = DefaultEmitter::<usize>::new_with_span();
    let quotes = Rc::new(Counter::new(0));
    let limited = Limited::new(text, &quotes);
    for token in Tokenizer::new_with_emitter(limited, emitter) {
        quotes.set(0);
        let Ok(token) = token else {
            page.document.refused = true;
            break;
        };
        match token {
            Token::StartTag(tag) => {
                let number = |name: &[u8]| {
                    let value = tag.attributes.get(name)?;
                    std::str::from_utf8(value).ok()?.trim().parse::<usize>().ok()
                };
                let spans = (number(b"colspan").unwrap_or(1), number(b"rowspan").unwrap_or(1));
                page.open(&tag.name, spans, tag.span.start);
                let to_note = || tag.attributes.get(&b"href"[..]).is_some_and(|target| target.starts_with(b"#"));
                if *tag.name == b"a"[..] && to_note() {
                    page.open_note();
                }
            }
            Token::EndTag(tag) => page.close(&tag.name),
            Token::String(string) => page.text(&String::from_utf8_lossy(&string), string.span.start),
            _ => {}
        }
        if page.document.lines.len() > MAX_LINES {
            break;
        }
    }
    page.flush();
    page
}
