//! Plain text saved from a web archive: a notice, the title, sections, `Keywords:`, `Article ID :`.

use super::drawn;
use super::header::{self, keywords};
use crate::box_cells::header_of;
use crate::cells;
use crate::document::{Document, Line, MAX_LINE, raw_lines};
use crate::products;
use crate::vocabulary::{self, Kind};
use hotfixcheck_types::KbId;

/// The first words of a notice that some archives put above the title.
const NOTICE: &str = "Notice: This website";

/// Reads web text, and any text that fits no other layout.
pub(super) fn read(text: &str) -> Document<'_> {
    let mut document = Document { verbatim: true, ..Document::default() };
    let mut tabbed = Vec::new();
    for raw in raw_lines(text) {
        read_line(&mut document, raw.text.trim());
        if raw.control && raw.text.contains('\t') && raw.text.len() <= MAX_LINE {
            tabbed.push((document.lines.len(), raw.text.trim_end_matches('\r')));
        }
        document.lines.push(Line::verbatim(raw));
    }
    drawn::take_tabs(&mut document.lines, &tabbed);
    drawn::settle(&mut document.lines);
    close_tables(&mut document.lines);
    finish(&mut document);
    document
}

/// Adds the outer marks to the rows of tables that have marks only between cells: `File name | File version`.
fn close_tables(lines: &mut [Line<'_>]) {
    let is_open = |line: &Line<'_>| line.text.contains(" | ") && !line.trimmed().starts_with('|');
    let closed = |line: &Line<'_>| format!("| {} |", line.trimmed());
    let mut at = 0;
    while at < lines.len() {
        let end = at + lines[at..].iter().take_while(|line| is_open(line)).count();
        if end > at + 1 && header_of(&closed(&lines[at])).is_some() {
            lines[at..end].iter_mut().for_each(|line| line.text = closed(line).into());
        }
        at = end.max(at + 1);
    }
}

/// Takes the facts about the article itself from a line.
pub(super) fn read_line(document: &mut Document<'_>, line: &str) {
    let value_of = |key: &str| line.strip_prefix(key).map(|v| v.trim_start_matches([' ', ':', '\u{a0}']).trim());
    // The id may stand above the title.
    if let Some(id) = labelled_id(line) {
        document.id = Some(id);
    } else if document.title.is_empty() && !line.is_empty() && !line.starts_with(NOTICE) {
        document.title = line.to_owned();
    } else if let Some(value) = line.strip_prefix("Keywords:") {
        document.keywords.extend(keywords(value));
    } else if let Some(products) = value_of("Original product version") {
        document.products.extend(products::listed(products));
    } else if let Some(date) = value_of("Published on").or_else(|| value_of("Last Review")) {
        document.last_modified = cells::date(date).and_then(|d| d.resolve(false)).or(document.last_modified);
    }
}

/// The longest line that states the id of an article, in bytes.
const MAX_ID_LINE: usize = 200;

/// The id in a line that states it, in any language: `Article ID : 310626`, `Artikel-ID: 314481 - Geändert am …`,
/// `文書番号: 900312`.
fn labelled_id(line: &str) -> Option<KbId> {
    let at = line.bytes().take(MAX_ID_LINE).position(|b| b.is_ascii_digit()).filter(|_| line.len() <= MAX_ID_LINE)?;
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, ':' | '\u{ff1a}' | '-' | '\u{2013}' | '_' | '*' | 'Q' | 'K' | 'B');
    let label = line[..at].trim_end_matches(is_mark).trim_start_matches(['_', '*']);
    vocabulary::meaning(Kind::ArticleId, &vocabulary::lower(label))?;
    let digits = line[at..].find(|c: char| !c.is_ascii_digit()).map_or(line.len(), |length| at + length);
    line[at..digits].parse().ok()
}

/// Takes the id from the title or the keywords if no line states it.
pub(super) fn finish(document: &mut Document<'_>) {
    if document.id.is_none() {
        if let Some((first, rest)) = document.title.split_once([':', ' '])
            && let Ok(id) = first.parse()
        {
            document.id = Some(id);
            document.title = rest.trim_start_matches([' ', '-', ':']).to_owned();
        } else {
            let marked = document.keywords.iter().rev().find(|k| k.starts_with("KB"));
            document.id = header::marked_id(&document.title).or_else(|| marked.and_then(|k| k.parse().ok()));
        }
    }
}
