//! The text above a table or a sentence: whether the article announces corrected files there, and for which product,
//! language or platform.

use std::ops::Range;

use super::announcement::{
    ANNOUNCES, ANNOUNCES_CONTENTS, ANNOUNCES_LIST, DENIES, INSTALLS, OF_ANOTHER_MAKER, OF_PRODUCT, denied, normalise,
};
use super::columns::is_ruler;
use super::document::{Document, LEAD_IN, Line};
use super::heading::{self, is_heading, is_problem, is_top_heading};
use super::vocabulary::{self, Kind};

/// How far above a table its announcement may be, in non-blank lines.
const MAX_ABOVE: usize = 24;
/// How far above a table its announcement may be, in lines: more than most tables between them have.
const MAX_LINES_ABOVE: usize = 4_000;
/// How far above a line the heading of its part of the article may be.
const MAX_PART: usize = 400;
/// The same for lines of attributes.
const MAX_LIST_ABOVE: usize = 6;

/// True if the lines above `at` announce corrected files, within the same part of the article.
pub(crate) fn announced(document: &Document<'_>, at: usize) -> bool {
    let above = text_above(document, at, MAX_ABOVE);
    let text = above.text;
    if above.heading.is_some_and(heading::is_prerequisite) {
        return false;
    }
    // Above most tables are the plainest words, and no words that deny them; then no further check is needed.
    let plain = text.contains("attributes or later");
    if plain && !DENIES.is_match(text.as_bytes()) {
        return true;
    }
    // Some articles describe cause and solution under one heading (Q267560): the plainest words count there, too.
    if describes_problem(document, at) && !plain {
        return false;
    }
    // Italian has few other letters than those of English: no words of an announcement are English there.
    let abroad = || vocabulary::find(Kind::Announces, &text).is_some();
    if !text.is_ascii() || !document.verbatim || abroad() {
        if vocabulary::find(Kind::Denies, &text).is_some() {
            return false;
        }
        if abroad() {
            return true;
        }
    }
    // The files that a program installs are the fix if the article says to install its updated files (Q223451).
    if INSTALLS.is_match(text.as_bytes()) && document.lines.iter().any(|line| says_updated(&line.text)) {
        return true;
    }
    match ANNOUNCES.find_iter(text.as_bytes()).last() {
        Some(last) => !denied(&text, last.start()),
        None => {
            let headings = || document.outline.parts(at).map(|part| document.lines[part.heading].trimmed());
            headings().any(heading::says_file_information) && !DENIES.is_match(text.as_bytes())
        }
    }
}

/// True for words by which an article calls the files of a program a fix (Q223451, Q148336, Q167121).
fn says_updated(line: &str) -> bool {
    const WORDS: [&str; 5] = [
        "install the updated",
        "installing the updated",
        "released an updated version",
        "contains an updated version",
        "install the new version of",
    ];
    WORDS.iter().any(|words| line.contains(words))
}

/// The line with the plainest announcement: "the following file attributes or later".
pub(crate) fn announcement<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    lines.iter().enumerate().find_map(|(i, line)| {
        // In most articles the words are spread over two lines.
        let text = line.text.as_ref();
        if memchr::memmem::find(text.as_bytes(), b"attributes").is_none() && !text.ends_with("file") {
            return None;
        }
        let next = lines.get(i + 1).map_or("", |l| l.trimmed());
        let both = normalise(&[text, next]);
        let plain = both.contains("file attributes or later") || both.contains("has the file attributes");
        plain.then_some(line)
    })
}

/// True if the sentence right above `at` states the attributes of the fix's package: "The English version of this package
/// should have the following file attributes" (Q238329).
pub(crate) fn announces_package(document: &Document<'_>, at: usize) -> bool {
    let text = text_above(document, at, MAX_LIST_ABOVE).text;
    let last = text.trim_end_matches(':').rsplit(". ").flat_map(|part| part.rsplit(": ")).next().unwrap_or_default();
    last.contains(" version of this package should have ") || last.contains(" version of this package has ")
}

/// True if the few lines above `at` announce lines of attributes.
pub(crate) fn announced_list(document: &Document<'_>, at: usize) -> bool {
    let text = text_above(document, at, MAX_LIST_ABOVE).text;
    let Some(last) = ANNOUNCES_LIST.find_iter(text.as_bytes()).last() else { return false };
    !describes_problem(document, at) && !denied(&text, last.start())
}

/// True if the few lines above `at` say that the files ship with a product.
pub(crate) fn of_product(document: &Document<'_>, at: usize) -> bool {
    OF_PRODUCT.is_match(text_above(document, at, MAX_LIST_ABOVE).text.as_bytes())
}

/// True if the lines around a table or list say that its files are available from another maker (Q68748, Q127985).
pub(crate) fn of_another_maker(document: &Document<'_>, start: usize, end: usize) -> bool {
    let lines = &document.lines;
    let from = start.saturating_sub(MAX_LIST_ABOVE);
    let around = lines[from..start].iter().chain(lines[end.min(lines.len())..].iter().take(MAX_BELOW));
    let text: Vec<&str> = around.map(Line::trimmed).collect();
    let text = normalise(&text);
    OF_ANOTHER_MAKER.is_match(text.as_bytes()) && !text.contains("microsoft")
}

/// How far below a list the source of its files may be named, in lines.
const MAX_BELOW: usize = 8;

/// True if the few lines above `at` announce the contents of a download. They are corrected files if the download is an
/// update.
pub(crate) fn announced_contents(document: &Document<'_>, at: usize) -> bool {
    ANNOUNCES_CONTENTS.is_match(text_above(document, at, MAX_LIST_ABOVE).text.as_bytes())
}

/// True if the lines below a table call its files those of the fix (Q214521).
pub(crate) fn announced_below(lines: &[Line<'_>], end: usize) -> bool {
    let below: Vec<&str> =
        lines[end.min(lines.len())..].iter().map(Line::trimmed).filter(|l| !l.is_empty()).take(3).collect();
    normalise(&below).contains("the most recent fix that contains the above")
}

/// True for a table in a part that describes how to install, verify or remove an update (`Deployment information`,
/// `Verifying update installation`). No words between the heading and the table may announce files of the fix, and words
/// elsewhere must. Some pages have no other heading for the files themselves (MS05-023).
pub(crate) fn of_other_matter(document: &Document<'_>, at: usize) -> bool {
    let lines = &document.lines;
    let mut parts = document.outline.parts(at).peekable();
    if parts.peek().is_none() {
        return matter_of(lines, 0..at).is_some_and(|(heading, other)| other && states_files(document, heading, at));
    }
    for part in parts {
        let own = || said_by_heading(lines[part.heading].trimmed()).map(|other| (part.heading, other));
        if let Some((heading, other)) = matter_of(lines, part.heading + 1..part.end).or_else(own) {
            return other && states_files(document, heading, at);
        }
        if part.title {
            break;
        }
    }
    false
}

/// What the lines above a table say of its files: not the fix (true) or the fix (false), with the line that states it.
fn matter_of(lines: &[Line<'_>], above: Range<usize>) -> Option<(usize, bool)> {
    let mut text: Vec<&str> = Vec::new();
    let mut passed = None;
    for i in above.rev().take(MAX_MATTER) {
        let line = lines[i].trimmed();
        if is_top_heading(lines, i) {
            break;
        }
        if line.is_empty() || line.starts_with('|') || is_ruler(line) {
            continue;
        }
        if let Some(other) = said_by_heading(line).filter(|_| !lines[i].code) {
            passed = Some((i, other));
            break;
        }
        text.push(line);
    }
    // The table of another product whose heading was lost: `Windows XP mit DirectX 8.1:` is right above it (MS04-016).
    let heading = passed.map_or(0, |(i, _)| i);
    let another = text.first().is_some_and(|line| names_another_product(lines, line, heading));
    text.reverse();
    let announced = another || announces_attributes(&normalise(&text));
    if announced { Some((heading, false)) } else { passed }
}

/// True for a line that ends with a colon and names a product, if no line above line `at` has the same text.
fn names_another_product(lines: &[Line<'_>], line: &str, at: usize) -> bool {
    let name = |line: &str| line.trim_end_matches([':', '\u{ff1a}', ' ']).len();
    name(line) < line.len()
        && heading::PRODUCT.is_match(line.as_bytes())
        && !lines[at.saturating_sub(MAX_MATTER)..at].iter().any(|above| {
            let above = above.trimmed();
            above[..name(above)] == line[..name(line)]
        })
}

/// True if the product's part around a heading, and around a table at line `at` below it, states the fix's files
/// elsewhere.
fn states_files(document: &Document<'_>, heading: usize, at: usize) -> bool {
    let lines = &document.lines;
    let level = match lines[heading].heading {
        0 | LEAD_IN => 6,
        level => level,
    };
    let ends = |i: &usize| {
        (1..=level).contains(&lines[*i].heading) && heading::PRODUCT.is_match(lines[*i].text.as_bytes())
            || is_top_heading(lines, *i)
    };
    let states = |i: usize| {
        let text = lines[i].trimmed();
        !text.starts_with('|')
            && (said_by_heading(text) == Some(false) || announces_attributes(&vocabulary::lower(text)))
    };
    let above = (0..heading).rev().take(MAX_MATTER).take_while(|i| !ends(i));
    let below = (at..lines.len()).take(MAX_MATTER).take_while(|i| !ends(i));
    above.chain(below).any(states)
}

/// True if a text in lower case announces attributes of corrected files unmistakably.
fn announces_attributes(text: &str) -> bool {
    text.contains("file attributes")
        || text.contains("attributes or later")
        || vocabulary::find(Kind::Announces, text).is_some()
}

/// How many lines above a table, and around it, are searched for such a heading.
const MAX_MATTER: usize = 1_000;

/// Whether a line is a heading of files that are not the fix (true) or of the fix's files (false); `None` for other
/// lines.
fn said_by_heading(text: &str) -> Option<bool> {
    let sentence = text.ends_with(['.', ';', ',']) || text.contains(['\u{3002}', '\u{ff0c}']) || text.contains(". ");
    if sentence || text.starts_with(['-', '<']) {
        return None;
    }
    if heading::says_file_information(text) {
        return Some(false);
    }
    heading::is_aside(text).then_some(true)
}

/// True inside a part of the article that describes the problem: files listed there have it (Q247224).
fn describes_problem(document: &Document<'_>, at: usize) -> bool {
    is_problem(part(document, at))
}

/// The heading of the article's part that contains a line, in capitals. Empty before the first heading, and if marked
/// headings name none of the usual parts.
pub(crate) fn part<'l>(document: &'l Document<'_>, at: usize) -> &'l str {
    const PARTS: [&str; 8] =
        ["SYMPTOMS", "SYMPTOM", "CAUSE", "CAUSES", "PREREQUISITES", "PREREQUISITE", "RESOLUTION", "WORKAROUND"];
    let lines = &document.lines;
    if !document.outline.is_empty() {
        let parts = document.outline.parts(at).filter(|part| !part.beside);
        let headings = parts.map(|part| lines[part.heading].trimmed());
        let known = |heading: &str| PARTS.iter().find(|name| heading.eq_ignore_ascii_case(name));
        return headings.filter_map(known).next().unwrap_or(&"");
    }
    let mut inner = None;
    for i in (0..at).rev().take(MAX_PART) {
        if is_top_heading(lines, i) && !is_ruler(&lines[i].text) {
            // `Resolution` on a line of its own, inside a part of several cases (Q160766).
            return inner.filter(|name| *name == "RESOLUTION").unwrap_or_else(|| lines[i].trimmed());
        }
        let text = lines[i].trimmed().trim_end_matches(':');
        if inner.is_none()
            && text.len() <= LONGEST_PART
            && let Some(name) = PARTS.iter().find(|name| text.eq_ignore_ascii_case(name))
            && lines[..i].last().is_none_or(Line::is_blank)
            && lines.get(i + 1).is_none_or(|next| next.is_blank() || is_ruler(&next.text))
        {
            inner = Some(*name);
        }
    }
    ""
}

/// The length of the longest name of a part.
const LONGEST_PART: usize = "PREREQUISITES".len();

/// True for a table that needs no announcement: its columns are unmistakable, a heading names its product or processor,
/// and the article is about a fix. Only in layouts that mark headings.
pub(crate) fn evident(document: &Document<'_>, at: usize) -> bool {
    if document.outline.is_empty() || describes_problem(document, at) {
        return false;
    }
    let text = text_above(document, at, MAX_ABOVE);
    let denied = DENIES.is_match(text.text.as_bytes())
        || vocabulary::find(Kind::Denies, &text.text).is_some()
        || text.heading.is_some_and(heading::is_prerequisite);
    let headings = || document.outline.parts(at).map(|part| (part.title, document.lines[part.heading].trimmed()));
    let named = headings().take_while(|(title, _)| !title).any(|(_, heading)| heading::narrows(heading))
        || lead_in(&document.lines[..at]).is_some_and(heading::narrows);
    let of_fix = |text: &str| vocabulary::find(Kind::Fix, &vocabulary::lower(text)).is_some();
    let other = headings().any(|(_, heading)| {
        let lower = vocabulary::lower(heading);
        vocabulary::find(Kind::Denies, &lower).is_some()
            || lower.contains("known issue")
            || DENIES.is_match(lower.as_bytes())
    });
    named && !denied && !other && of_fix(&document.title)
}

/// The line right above a table, if it introduces the table: in bold, or a list item.
fn lead_in<'l>(above: &'l [Line<'_>]) -> Option<&'l str> {
    let last = above.iter().rev().take(MAX_LEAD_IN_ABOVE).find(|line| !line.is_blank())?;
    (last.heading == LEAD_IN || is_heading(last.trimmed())).then(|| last.trimmed())
}

/// How many lines above a table the line that introduces it may be.
const MAX_LEAD_IN_ABOVE: usize = 3;

/// True for a marked heading that may be between two tables of one announcement.
pub(crate) fn goes_on_below(line: &Line<'_>) -> bool {
    let text = line.trimmed();
    let deep = line.heading > 2 || heading::narrows(text) || heading::PRODUCT.is_match(text.as_bytes());
    let lower = vocabulary::lower(text);
    let other = ["known issue", "workaround", "references", "more information"].iter().any(|word| lower.contains(word))
        || vocabulary::find(Kind::Denies, &lower).is_some();
    deep && !other && !is_problem(text) && !DENIES.is_match(lower.as_bytes())
}

/// The text above a line, normalised, and the heading of the article's part at which it begins.
struct Above<'l> {
    text: String,
    heading: Option<&'l str>,
}

/// The text above a line within its part of the article. If headings are marked, it includes the text of the parts
/// around it.
fn text_above<'l>(document: &'l Document<'_>, at: usize, most: usize) -> Above<'l> {
    let lines = &document.lines;
    let mut above: Vec<&str> = Vec::new();
    let mut heading = None;
    if document.outline.is_empty() {
        heading = push_above(lines, 0, at, most, &mut above);
    }
    let mut narrowed = true;
    for part in document.outline.parts(at) {
        let own = lines[part.heading].trimmed();
        if part.beside && is_problem(own) {
            continue;
        }
        // The introduction of the whole article announces only tables right below it, or tables for one machine each.
        if part.title && !narrowed {
            break;
        }
        narrowed &= heading::narrows(own);
        push_above(lines, part.heading, part.end, most, &mut above);
        heading = heading.or(Some(own).filter(|h| heading::is_prerequisite(h)));
    }
    above.reverse();
    Above { text: normalise(&above), heading }
}

/// Adds the text lines from `end` up to `start`, the last one first. Returns the heading that ended them.
fn push_above<'l>(
    lines: &'l [Line<'_>],
    start: usize,
    end: usize,
    most: usize,
    above: &mut Vec<&'l str>,
) -> Option<&'l str> {
    for i in (start..end).rev().take(MAX_LINES_ABOVE) {
        if above.len() >= most {
            return None;
        }
        // Tables are long.
        if lines[i].text.starts_with('|') {
            continue;
        }
        if is_top_heading(lines, i) {
            // The ruler below the heading is met first.
            return lines[..=i].iter().rev().map(Line::trimmed).find(|l| !is_ruler(l));
        }
        let text = lines[i].trimmed();
        if !text.is_empty() && !is_ruler(text) && !text.starts_with('|') {
            above.push(text);
        }
    }
    None
}

/// Tables of one announcement follow each other, with only headings between them.
pub(crate) fn only_headings_between(lines: &[Line<'_>], from: usize, to: usize) -> bool {
    to >= from
        && to - from < 16
        && (from..to).all(|i| {
            let text = lines[i].trimmed();
            text.is_empty()
                || lines[i].heading == 0 && heading::is_command(text)
                || lines[i].heading > 0 && goes_on_below(&lines[i])
                || lines[i].heading == 0 && is_plain_heading(lines, i)
        })
}

fn is_plain_heading(lines: &[Line<'_>], i: usize) -> bool {
    let text = lines[i].trimmed();
    !heading::is_top_heading(lines, i) && (is_ruler(text) || is_heading(text) && !heading::is_aside(text))
}
