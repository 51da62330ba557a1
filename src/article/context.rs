//! What stands above a table or a sentence: does the article announce corrected files there, for which product,
//! language or platform?

use std::sync::LazyLock;

use regex::{Regex, bytes};

use super::cells;
use super::columns::is_ruler;
use super::document::Line;
use super::paragraphs::push_words;
use super::pattern::{byte_pattern, pattern};

/// How far above a table its announcement may stand, in lines that are not blank.
const MAX_ABOVE: usize = 24;
/// The most lines of a paragraph that is looked at as a whole: longer ones are data.
const MAX_PARAGRAPH: usize = 100;
/// How far above a line the heading of its part of the article is looked for.
const MAX_PART: usize = 400;
/// The same for lines of attributes.
const MAX_LIST_ABOVE: usize = 6;
/// How far above a table the heading of its part of the section may stand, in lines.
const MAX_HEADING_ABOVE: usize = 80;

/// Announcements of corrected files, over text in lower case with single spaces.
static ANNOUNCES: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"attributes or later|file attributes|should have (?:the following|these) (?:files?|dates?|times?|time ?stamps?|versions?|attributes|or later)\b",
    r"|\b(?:hot ?fix|fix|fixes|update|updates|patch|qfe|rollup|correction|upgrade)\b[^.:]{0,120}\b(?:contains?|includes?|consists? of|installs?|replaces?|updates|has|comprises|involves|are|is)\b[^.]{0,60}\b(?:following|these|below|listed)\b",
    r"|\bfollowing\b[^.:]{0,60}\b(?:updated|corrected|fixed|replacement|revised|patched|new) (?:\S+ ){0,3}(?:files?|versions?|components?|drivers?|dlls?)\b",
    r"|\bfollowing\b[^.:]{0,40}\b(?:files?|dlls?|drivers?|components?|modules?)\b[^.:]{0,60}\b(?:updated|corrected|fixed|replaced|changed|modified|revised|patched)\b",
    r"|\b(?:updated|corrected|fixed|revised|patched) (?:\S+ ){0,3}(?:files?|versions?|components?|drivers?|dlls?)\b[^.:]{0,80}:",
    r"|\b(?:hot ?fix|fix|update|patch)\b[^.]{0,40}\bfiles?\b[^.]{0,40}:",
    r"|\bfiles? (?:are|were|is) installed (?:by|when you (?:run|install))\b|\bfiles installed by the\b[^.:]{0,40}\bupdate\b",
    // The closing words of the support boilerplate, a component or "File details:" right above a table (Q214522, Q188647).
    r"|\bqualify for the specific update in question\.?(?: [^.]{0,60})?$|\bcomponents?: [^.]{0,80}$|\bfile details:$|\bfile information$",
    r"|\bto obtain the (?:hot ?)?fix\b",
    r"|\bfix(?:es)? (?:is|are) (?:included|contained|available) in\b",
    r"|\bupdated (?:\S+ )?files included in\b",
));

/// Announcements that what follows is not the corrected files.
static DENIES: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"several novell (?:\S+ )?files|previous version of this (?:hot)?fix|before (?:you )?(?:apply|install)|the original (?:update|fix|version)\b|(?:files?|versions?) (?:that )?(?:is|are) affected|affected (?:files|versions)",
    r"|older (?:files?|versions?)|original (?:files?|versions?)|self-extracting|file to download|will be extracted|\bfiles for [^:]{0,40}\b(?:sp|service pack) ?\d+[a-z]?:|sample (?:contains|includes|files)",
));

/// Announcements that only lines of attributes follow, not tables: their own words are too common for those.
static ANNOUNCES_LIST: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"time ?stamps?\b|\b(?:corrected|fixed|resolved|addressed) (?:by|in|with) (?:the )?following\b|\bobtain the following\b",
    r"|\bupdated? (?:files?|versions?)\b",
    r"|\bmust be upgraded\b|\bfollowing versions of\b|\bfile information for the current\b",
    r"|\bhot ?fix(?:es)? (?:is )?available\b[^:]{0,20}\bfile size and date\b|\bpost[- ]service pack \d{1,2}:$",
    r"|\binclude the (?:hot ?)?fix\b.*\bcopy the following files?\b|\bfrom ms-dos, copy the following files?\b",
));

/// What the contents of a download are called.
static ANNOUNCES_CONTENTS: LazyLock<bytes::Regex> =
    byte_pattern!(r"\byou should receive the following files?\b|\bfollowing files are included:");

/// Words of which one stands in a heading that names a product, component or release.
static PRODUCT: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:windows|server|exchange|sna|sql|iis|internet|office|outlook|word|excel|access|powerpoint|version|service pack|sp ?\d|terminal|msmq|proxy|site|nt|visual|mdac|component|edition|client|workstation|professional|driver|explorer|winsock|studio|released?|ms-dos|os/2|macintosh|itanium|32-bit|64-bit|x86|x64|alpha|intel|ia-?64|bit)\b"
);

static LANGUAGE_VERSION: LazyLock<Regex> =
    pattern!(r"\b([A-Z][A-Za-z-]+(?: \([A-Za-z ]+\))?(?: [A-Z][a-z]+)?)(?:[ -]language)? versions? of (?:this|the)\b");

const LANGUAGES: [&str; 27] = [
    "arabic",
    "brazilian",
    "chinese",
    "czech",
    "danish",
    "dutch",
    "finnish",
    "french",
    "german",
    "greek",
    "hebrew",
    "hungarian",
    "italian",
    "japanese",
    "korean",
    "norwegian",
    "polish",
    "portuguese",
    "russian",
    "slovak",
    "slovenian",
    "spanish",
    "swedish",
    "thai",
    "turkish",
    "pan",
    "hangul",
];

/// What the text above a table says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    pub section: String,
    pub language: Option<String>,
    pub platform: Option<String>,
}

/// True where the lines above `at` announce corrected files, within the same part of the article.
pub(crate) fn announced(lines: &[Line<'_>], at: usize) -> bool {
    let text = text_above(lines, at, MAX_ABOVE);
    // Most tables have the plainest words above them, and nothing that denies them: no more need be asked.
    if text.contains("attributes or later") && !DENIES.is_match(text.as_bytes()) {
        return true;
    }
    // Some articles tell the cause and the cure under one heading (Q267560): the plainest words count there too.
    if describes_problem(lines, at) && !text.contains("attributes or later") {
        return false;
    }
    ANNOUNCES.find_iter(text.as_bytes()).last().is_some_and(|last| !denied(&text, last.start()))
}

/// The line of the plainest announcement of all: "the following file attributes or later".
pub(crate) fn announcement<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    lines.iter().enumerate().find_map(|(i, line)| {
        // The words are spread over two lines in most articles.
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

/// True where the few lines above `at` announce lines of attributes.
pub(crate) fn announced_list(lines: &[Line<'_>], at: usize) -> bool {
    let text = text_above(lines, at, MAX_LIST_ABOVE);
    let Some(last) = ANNOUNCES_LIST.find_iter(text.as_bytes()).last() else { return false };
    !describes_problem(lines, at) && !denied(&text, last.start())
}

/// True where the few lines above `at` say what a download holds: corrected files where the download is an update.
pub(crate) fn announced_contents(lines: &[Line<'_>], at: usize) -> bool {
    ANNOUNCES_CONTENTS.is_match(text_above(lines, at, MAX_LIST_ABOVE).as_bytes())
}

/// True where the sentence of an announcement, or one behind it, turns to other files ("the previous version of this
/// fix had …", Q229973); what must be installed before stands in sentences of its own (Q166750).
fn denied(text: &str, start: usize) -> bool {
    let begins = |mark: &str| text[..start].rfind(mark).unwrap_or(0);
    let sentence = begins(". ").max(begins(": "));
    DENIES.find_iter(text.as_bytes()).any(|d| d.start() >= sentence)
}

/// True where the lines below a table speak of it as the fix's files (Q214521).
pub(crate) fn announced_below(lines: &[Line<'_>], end: usize) -> bool {
    let below: Vec<&str> =
        lines[end.min(lines.len())..].iter().map(Line::trimmed).filter(|l| !l.is_empty()).take(3).collect();
    normalise(&below).contains("the most recent fix that contains the above")
}

/// True inside a part of the article that describes the problem: files there have it (Q247224).
pub(crate) fn describes_problem(lines: &[Line<'_>], at: usize) -> bool {
    is_problem(part(lines, at))
}

/// True for the heading of a part that describes the problem.
pub(crate) fn is_problem(heading: &str) -> bool {
    matches!(heading, "CAUSE" | "SYMPTOMS")
}

/// The heading of the article's part that holds a line; empty before the first.
pub(crate) fn part<'l>(lines: &'l [Line<'_>], at: usize) -> &'l str {
    let heading = (0..at).rev().take(MAX_PART).find(|i| is_top_heading(lines, *i) && !is_ruler(&lines[*i].text));
    heading.map_or("", |i| lines[i].trimmed())
}

/// The text above a line within its part of the article, normalised.
fn text_above(lines: &[Line<'_>], at: usize, most: usize) -> String {
    let mut above: Vec<&str> = Vec::new();
    let mut i = at;
    while i > 0 && above.len() < most {
        i -= 1;
        if is_top_heading(lines, i) {
            break;
        }
        let text = lines[i].trimmed();
        if !text.is_empty() && !is_ruler(text) && !text.starts_with('|') {
            above.push(text);
        }
    }
    above.reverse();
    normalise(&above)
}

/// Lower case, one space between words.
pub(crate) fn normalise(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        push_words(&mut out, line);
    }
    if out.is_ascii() {
        out.make_ascii_lowercase();
        out
    } else {
        out.chars().flat_map(char::to_lowercase).collect()
    }
}

/// The heading, language and platform that the text above line `at` gives to a table there.
pub(crate) fn binding(lines: &[Line<'_>], at: usize) -> Binding {
    let mut binding = Binding::default();
    let mut i = at;
    let mut first = true;
    let mut read = 0;
    while i > 0 && read < MAX_HEADING_ABOVE {
        let (start, end) = paragraph_above(lines, i);
        if start == end || is_top_heading(lines, end - 1) || is_top_heading(lines, start) {
            break;
        }
        read += i - start;
        let rest: Vec<&str> = lines[start..end].iter().map(Line::trimmed).filter(|l| !is_ruler(l)).collect();
        let underlined = is_ruler(lines[end - 1].trimmed()) && end - start == 2;
        i = start;
        if !binding.section.is_empty() {
            // Between the heading and the sentence that names the language nothing else stands (Q229631).
            binding.language = language_of(&rest.join(" ")).flatten();
            break;
        }
        if let [a, b] = rest.as_slice()
            && is_wrapped_heading(a, b)
        {
            take_heading(&mut binding, &format!("{a} {b}"));
            first = false;
            continue;
        }
        let [only] = rest.as_slice() else {
            if let (None, Some(language)) = (&binding.language, language_of(&rest.join(" "))) {
                binding.language = language;
            }
            // A heading may stand right below a line that ends a sentence, or below a row (836769); below any other line
            // it is the rest of a wrapped sentence (Q154434).
            if first
                && let [.., before, last] = rest.as_slice()
                && (before.ends_with(['.', ':']) || has_fact(before))
                && is_heading(last)
                && PRODUCT.is_match(last.as_bytes())
            {
                take_heading(&mut binding, last);
            }
            first = false;
            continue;
        };
        if let (None, Some(language)) = (&binding.language, language_of(only)) {
            binding.language = language;
        }
        if is_heading(only) && (first || PRODUCT.is_match(only.as_bytes()) && (underlined || only.len() < 60)) {
            take_heading(&mut binding, only);
        }
        first = false;
        if !binding.section.is_empty() && binding.language.is_some() {
            break;
        }
    }
    binding
}

/// Takes a heading as platform or section, whichever it names.
pub(crate) fn take_heading(binding: &mut Binding, text: &str) {
    let text = heading_text(text);
    if cells::is_platform(text) {
        binding.platform.get_or_insert_with(|| text.to_owned());
    } else if binding.section.is_empty() {
        // `French files (0000040C)` (Q254228).
        let (language, rest) = text.split_once(' ').unwrap_or((text, ""));
        if is_language(language) && rest.starts_with("file") {
            binding.language.get_or_insert_with(|| language.to_owned());
        } else if names_language(text) {
            // `Simplified Chinese` (Q220847).
            binding.language.get_or_insert_with(|| text.to_owned());
        }
        binding.section = text.to_owned();
    }
}

/// A heading over two lines that ends with a colon (Q185301).
fn is_wrapped_heading(first: &str, second: &str) -> bool {
    let whole = format!("{first} {second}");
    !is_step(first)
        && second.ends_with(':')
        && first.len() > 50
        && whole.len() <= 170
        && !SENTENCE.is_match(whole.as_bytes())
        && PRODUCT.is_match(first.as_bytes())
        && !has_fact(&whole)
        && language_of(&whole).is_none()
        && !ANNOUNCES.is_match(whole.to_lowercase().as_bytes())
}

fn heading_text(text: &str) -> &str {
    let text = text.trim().trim_end_matches(':').trim_end();
    let text = text.strip_prefix("- ").unwrap_or(text);
    let text = text.strip_prefix("Components").or_else(|| text.strip_prefix("Component")).unwrap_or(text);
    text.trim_start_matches(':').trim()
}

/// The paragraph that ends above line `at`: its first line and the line after its last.
fn paragraph_above(lines: &[Line<'_>], at: usize) -> (usize, usize) {
    let mut end = at;
    while end > 0 && lines[end - 1].is_blank() {
        end -= 1;
    }
    let mut start = end;
    while start > 0 && end - start < MAX_PARAGRAPH && !lines[start - 1].is_blank() {
        start -= 1;
    }
    (start, end)
}

/// `RESOLUTION` over `==========`: the article's own parts, beyond which nothing binds.
pub(crate) fn is_top_heading(lines: &[Line<'_>], at: usize) -> bool {
    let ruler = |i: usize| lines.get(i).is_some_and(|l| l.text.len() >= 4 && l.text.bytes().all(|b| b == b'='));
    ruler(at) || (ruler(at + 1) && !lines[at].is_blank())
}

/// Words that a sentence has and a heading has not.
static SENTENCE: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:should|following|is|are|was|were|has|have|contains?|includes?|see|click|available|please|download|apply|note|you|your|below|obtain|http|ftp|listed|release date)\b|https?:|ftp:|\bhow to\b"
);

/// A short line that names something and is no sentence.
pub(crate) fn is_heading(text: &str) -> bool {
    // References, what a procedure is for, and what is said of the files below (Q141068).
    static NO_HEADING: LazyLock<bytes::Regex> = byte_pattern!(
        r"^(?:(?:ARTICLE-ID: *|KB *)?[QK]?B?\d{5,7}\b|To [A-Z]|[Ff]ile (?:sizes?|dates?|details|attributes)\b)"
    );
    let text = text.trim();
    let bullet = text.strip_prefix("- ").filter(|t| t.starts_with("For ") && t.ends_with(':'));
    let text = bullet.unwrap_or(text);
    let words = text.split_whitespace().count();
    (2..=90).contains(&text.len())
        && words <= 14
        && !text.ends_with(['.', ',', ';', '?', '!'])
        && !text.starts_with(['-', '|', '+', '\u{2191}'])
        && !is_step(text)
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '(')
        && !SENTENCE.is_match(text.as_bytes())
        && !NO_HEADING.is_match(text.as_bytes())
        && !has_fact(text)
}

/// `2. Click Processes`: a step of a procedure.
fn is_step(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..3).contains(&digits) && text[digits..].starts_with(". ")
}

/// True where a line holds a word that only a row would hold: a file name or a date.
pub(crate) fn has_fact(text: &str) -> bool {
    text.split_whitespace().any(|w| {
        let w = w.trim_matches(['(', ')', ',', ':']);
        cells::is_file_name(w) || cells::date(w).is_some()
    })
}

/// True for the name of a language.
pub(crate) fn is_language(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split(' ').any(|word| LANGUAGES.contains(&word))
}

/// True for a heading of nothing but a language: `Korean`, `Chinese (Taiwan)`, `Pan-Chinese`.
fn names_language(text: &str) -> bool {
    let plain = text.split(" (").next().unwrap_or(text);
    let last = plain.rsplit([' ', '-']).next().unwrap_or(plain);
    plain.split([' ', '-']).count() <= 2 && is_language(last)
}

/// The language that a sentence gives to the fix: `Some(None)` for English.
fn language_of(text: &str) -> Option<Option<String>> {
    let found = LANGUAGE_VERSION.captures_iter(text).find_map(|c| c.get(1).map(|m| m.as_str()))?;
    let lower = found.to_ascii_lowercase();
    if lower.contains("english") {
        return Some(None);
    }
    let name = found.strip_prefix("The ").unwrap_or(found);
    LANGUAGES.iter().any(|l| lower.contains(l)).then(|| Some(name.to_owned()))
}
