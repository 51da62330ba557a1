//! The two layouts of the public article archive: `DOCUMENT:` text, and front matter with a tab-indented body.

use jiff::civil::Date;

use super::header::{add_keywords, yaml_scalar};
use crate::cells;
use crate::document::{Document, Line, Raw, raw_lines};

/// `DOCUMENT:Q171996  09-AUG-2001  [winnt]` and its header lines, then the body.
pub(super) fn document_text(text: &str) -> Document<'_> {
    let mut document = Document { verbatim: true, lines: Line::room_for(text), ..Document::default() };
    let mut in_header = true;
    let mut last_key = "";
    let mut keywords: Vec<&str> = Vec::new();
    for raw in raw_lines(text) {
        if in_header {
            let line = raw.text;
            if let Some((key, value)) = line.split_once(':').filter(|(k, _)| is_header_key(k)) {
                last_key = key.trim_end();
                match last_key {
                    "DOCUMENT" => {
                        let mut words = value.split_whitespace();
                        document.id = words.next().and_then(|w| w.parse().ok());
                        document.last_modified = words.next().and_then(day_month_year);
                    }
                    "TITLE" => document.title = value.trim().to_owned(),
                    "KEYWORDS" => keywords = vec![value],
                    _ => {}
                }
                continue;
            }
            if line.starts_with("====") || line.trim().is_empty() {
                in_header = line.trim().is_empty() && document.id.is_none();
                continue;
            }
            // Long titles and keyword lists continue in the next line (Q102873).
            match last_key {
                "TITLE" => document.title = format!("{} {}", document.title, line.trim()),
                "KEYWORDS" => keywords.push(line),
                _ => {}
            }
            continue;
        }
        document.lines.push(Line::verbatim(raw));
    }
    take_keywords(&mut document, &keywords);
    document
}

fn is_header_key(key: &str) -> bool {
    matches!(key.trim_end(), "DOCUMENT" | "TITLE" | "PRODUCT" | "PROD/VER" | "OPER/SYS" | "KEYWORDS")
}

/// YAML front matter, then a tab-indented body that begins with `Article:`, `Product(s):`, …
pub(super) fn front_matter(text: &str) -> Document<'_> {
    let mut document = Document { verbatim: true, lines: Line::room_for(text), ..Document::default() };
    let mut in_body = false;
    let mut header = true;
    let mut in_keywords = false;
    let mut keywords: Vec<&str> = Vec::new();
    for raw in raw_lines(text) {
        let line = raw.text;
        if !in_body {
            if let Some(title) = line.strip_prefix("title:") {
                document.title = html_escape::decode_html_entities(&yaml_scalar(title)).into_owned();
                if let Some((id, rest)) = document.title.split_once(':')
                    && let Ok(id) = id.parse()
                {
                    document.id = Some(id);
                    document.title = rest.trim().to_owned();
                }
            }
            in_body = line.starts_with("\tArticle:");
        }
        if !in_body || matches!(line.trim(), "{% raw %}" | "{% endraw %}") {
            continue;
        }
        let line = line.strip_prefix('\t').unwrap_or(line);
        // The header ends at its first blank line; articles without an "applies to" block have no ruler after it
        // (Q253343).
        header &= document.lines.is_empty() && !line.trim().is_empty() && !line.starts_with("---");
        if header && let Some(value) = line.strip_prefix("Article:") {
            document.id = value.trim().parse().ok().or(document.id);
        } else if header && let Some(value) = line.strip_prefix("Keyword(s):") {
            keywords = vec![value];
            in_keywords = true;
        } else if header && let Some(value) = line.strip_prefix("Last Modified:") {
            document.last_modified = day_month_year(value.trim());
            in_keywords = false;
        } else if header {
            if in_keywords {
                keywords.push(line);
            }
        } else {
            document.lines.push(Line::verbatim(Raw { text: line, ..raw }));
        }
    }
    take_keywords(&mut document, &keywords);
    document
}

/// Takes the keywords of the `Keywords          : …` block at the article's end, or else those of the header. In many
/// articles the header's list is cut off and run together (Q256880, Q244925); the closing one is complete.
fn take_keywords(document: &mut Document<'_>, header: &[&str]) {
    let block = document
        .lines
        .iter()
        .rposition(|l| l.text.strip_prefix("Keywords").is_some_and(|rest| rest.trim_start().starts_with(':')));
    if let Some(at) = block {
        let (_, first) = document.lines[at].text.split_once(':').unwrap_or_default();
        add_keywords(&mut document.keywords, first);
        for line in &document.lines[at + 1..] {
            if !line.text.starts_with(' ') && (line.is_blank() || line.text.contains(':')) {
                break;
            }
            add_keywords(&mut document.keywords, &line.text);
        }
    }
    if document.keywords.is_empty() {
        header.iter().for_each(|line| add_keywords(&mut document.keywords, line));
    }
}

fn day_month_year(text: &str) -> Option<Date> {
    cells::date(text).and_then(|d| d.resolve(false))
}
