//! Tables of files that are not a fix. A heading, a line right above them or a row inside them says that these are the
//! affected, earlier, replaced, restored or required files, a sample or a workaround. The words are data:
//! `data/no-fix-words.tsv`.

use super::announcement::{ANNOUNCES, normalise};
use super::binding::paragraph_above;
use super::columns::is_ruler;
use super::document::{Document, LEAD_IN, Line};
use super::heading::{has_fact, is_command, is_heading, is_top_heading, says_file_information};
use super::no_fix_words::{self, Said};
use super::vocabulary::{self, Kind};

/// Why a table of files gave no row: the text above it says that they are not a fix.
pub const NO_FIX_TABLE: &str = "a table of files that its heading says are not the fix";

/// How many headings, and how many other tables, may be between a table and the line that says so.
const MAX_HEADINGS: usize = 6;
/// How many text lines of a part are searched for an announcement, and how many lines including its tables.
const MAX_OWN: usize = 200;
const MAX_LINES: usize = 2_000;
/// The longest line that is read as a heading, and the longest sentence, in bytes.
const MAX_TEXT: usize = 240;

/// True if the text above the table at line `at` says that its files are not a fix.
pub(crate) fn heads(document: &Document<'_>, at: usize) -> bool {
    let lines = &document.lines;
    let inner = document.outline.parts(at).next();
    if let Some(said) = lines_above(lines, inner.map_or(0, |part| part.heading + 1), at) {
        return said;
    }
    for part in document.outline.parts(at).take_while(|part| !part.title) {
        let heading = lines[part.heading].trimmed();
        let own = &lines[part.heading + 1..part.end];
        match no_fix_words::said(heading) {
            Some(Said::NoFix) => return !part_says_or_later(own),
            Some(Said::OtherPart) => return !ANNOUNCES.is_match(own_text(own).as_bytes()),
            // Text nearer to the table says that these are the files of the fix.
            None if says_file_information(heading) || part_says_or_later(own) => return false,
            None => {}
        }
    }
    false
}

/// True for a row that spans its table, or a line inside it, if it says that the rows below it are not a fix.
pub(crate) fn heads_rows(text: &str) -> bool {
    text.len() <= MAX_TEXT && no_fix_words::said(text) == Some(Said::NoFix)
}

/// What the lines from `floor` to `at` say about the table, if only headings, commands and other tables are between
/// them and the table.
fn lines_above(lines: &[Line<'_>], floor: usize, at: usize) -> Option<bool> {
    let (mut i, mut headings, mut tables) = (at, 0, 0);
    while i > floor && headings < MAX_HEADINGS && tables < MAX_HEADINGS {
        let (start, end) = paragraph_above(lines, floor, i);
        if start == end || is_top_heading(lines, start) || is_top_heading(lines, end - 1) {
            return None;
        }
        i = start;
        let rest: Vec<&str> = lines[start..end].iter().map(Line::trimmed).filter(|line| !is_ruler(line)).collect();
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else { continue };
        // A sentence right above the table that names files is not a row of another table (MS05-031).
        if headings + tables == 0
            && last.ends_with([':', '\u{ff1a}', '\u{3002}'])
            && !last.starts_with('|')
            && denies(&normalise(&rest))
        {
            return Some(true);
        }
        if first.starts_with('|') || last.starts_with('|') || has_fact(first) || has_fact(last) {
            // A heading between two tables begins another subject.
            if headings > 0 {
                return None;
            }
            tables += 1;
            continue;
        }
        if lines[start].code || rest.len() == 1 && is_command(first) {
            continue;
        }
        let direct = headings + tables == 0;
        let alone = rest.len() == 1;
        // A heading may follow the end of a sentence directly.
        let is_line = alone || rest.len() > 1 && rest[rest.len() - 2].ends_with(['.', ':']);
        let marked = lines[end - 1].heading == LEAD_IN;
        let titled =
            is_line && last.len() <= MAX_TEXT && (marked || last.ends_with([':', '\u{ff1a}']) || is_heading(last));
        let is_below = BELOW.iter().any(|words| last.contains(words));
        if titled && !is_below && no_fix_words::said(last).is_some() {
            return Some(true);
        }
        if direct && denies(&normalise(&rest)) {
            return Some(true);
        }
        if !(alone && titled) {
            return None;
        }
        if says_file_information(last) {
            return Some(false);
        }
        headings += 1;
    }
    None
}

/// "All versions that are earlier than these are vulnerable": the versions that follow are those of the fix.
const BELOW: [&str; 5] = ["earlier than", "older than", "lower than", "prior to those", "prior to these"];

/// True if the last sentence of a text is about files other than those of the fix, and about no update.
fn denies(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ':', '\u{3002}', '\u{ff1a}', ' ']);
    let sentence = text.rsplit([':', '\u{3002}']).next().unwrap_or(text);
    let sentence = sentence.rsplit(". ").next().unwrap_or(sentence);
    sentence.len() <= MAX_TEXT
        && no_fix_words::said(sentence) == Some(Said::NoFix)
        && !no_fix_words::says_fixed(sentence)
        && !BELOW.iter().any(|words| sentence.contains(words))
        && !ANNOUNCES.is_match(sentence.as_bytes())
        && !says_or_later(sentence)
}

/// The text of a part, without its tables; only the end of a long part.
fn own_text(lines: &[Line<'_>]) -> String {
    let is_text = |line: &&str| !line.starts_with('|');
    let mut text: Vec<&str> =
        lines.iter().rev().take(MAX_LINES).map(Line::trimmed).filter(is_text).take(MAX_OWN).collect();
    text.reverse();
    normalise(&text)
}

/// True for a part that has the plainest announcement. The first check is quick: few parts have its words.
fn part_says_or_later(lines: &[Line<'_>]) -> bool {
    let has_word = |line: &Line<'_>| ["ttributes", "TTRIBUTES"].iter().any(|word| line.text.contains(word));
    lines.iter().any(has_word) && says_or_later(&own_text(lines))
}

/// True for the plainest announcement of files of a fix, which outweighs every heading.
fn says_or_later(text: &str) -> bool {
    text.contains("or later") && text.contains("attributes")
        || !text.is_ascii() && vocabulary::find(Kind::Announces, text).is_some()
}
