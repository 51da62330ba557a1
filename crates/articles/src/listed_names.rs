//! Files that are listed by name alone, if a sentence states the version of all of them.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::cells;
use super::document::Document;
use super::fix::{Fix, FixKind};
use super::heading::is_top_heading;
use super::paragraphs::Paragraph;
use super::prose_patterns::ALL_OTHERS;

/// How many lines below the sentence its list may end.
const MAX_BELOW: usize = 400;

/// The files in the list below "the file version for all other updated files is N" (Q176577), as `- Name.dll` lines after a
/// line that announces them ("The following updated files …").
pub(crate) fn all_others(paragraph: &Paragraph, document: &Document<'_>) -> Vec<Fix> {
    static WORDS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" all other updated files"));
    let stated = WORDS.find(paragraph.text.as_bytes()).and_then(|_| ALL_OTHERS.captures(&paragraph.text));
    let Some(version) = stated.and_then(|found| found.get(1)) else { return Vec::new() };
    let lines = &document.lines;
    let start = paragraph.line_of(version.start());
    let end = (start + 1..lines.len()).take(MAX_BELOW).find(|i| is_top_heading(lines, *i)).unwrap_or(lines.len());
    let end = end.min(start + MAX_BELOW);
    let Some(first) = (start..end).find(|i| lines[*i].text.contains("following updated")) else { return Vec::new() };
    let named = lines[first..end].iter().filter_map(|line| Some((line.trimmed().strip_prefix("- ")?, line.number)));
    let files = named.filter(|(name, _)| cells::is_file_name(name) && !paragraph.text.contains(name));
    let fix = |(name, line): (&str, u32)| Fix {
        version: Some(version.as_str().to_owned().into()),
        ..Fix::new(FixKind::Prose, name.to_owned(), line)
    };
    files.map(fix).collect()
}
