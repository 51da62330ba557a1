//! Sentences that say which version of which file corrects the problem.

use std::sync::LazyLock;

use regex::Regex;

use super::cells;
use super::context::{self, pattern};
use super::document::Line;
use super::model::{Fix, FixKind};
use super::paragraphs::{Paragraph, paragraphs};
use super::table::Found;

macro_rules! file {
    () => {
        r"([A-Za-z0-9_~$-]{1,40}\.(?i:dll|exe|sys|ocx|vxd|drv|386|cpl|ovl|ax|mod|com|wpc|nlm|tsk|prg|app|ocm|bin|mdb|asp|hlp|inf|tlb|olb|flt|cnv|acm|pdr|mpd|dmm|lib|sct|js|vbs|xla|wiz|mde|dot|oca|dep|fll|plb))"
    };
}
macro_rules! version {
    () => {
        r"(\d+(?:\.\d+[a-z]?){1,4})"
    };
}

/// Words after which a sentence tells what corrects the problem.
static CORRECTS: LazyLock<Regex> = pattern!(concat!(
    r"(?i)\b(?:was|were|been|is|are|be|first|also|problem|bug|now) (?:first |also |now )?(?:corrected|fixed|resolved|addressed|solved|eliminated|included)\b",
    r"|\bto (?:resolve|correct|fix|solve|eliminate|address|remedy) (?:this|the|these)\b",
    r"|\b(?:obtain|install|use|get|download|upgrade to|update to|updated to|apply) (?:and install )?(?:the |an? )?(?:(?:new|newer|updated|latest|corrected|later|current|fixed|following) )",
    r"|\b(?:issue|problem|behavior|behaviour)s? (?:is|are|was|were|has been|have been) (?:resolved|corrected|fixed|addressed) (?:by|in|with)\b",
    r"|\b(?:this|the) (?:hot)?(?:fix|update|patch|upgrade)\b[^.]{0,40}\b(?:updates|upgrades|installs|includes|contains)\b",
    r"|\breplace\b[^.]* with\b",
));

/// The same, where the words stand behind the file: "X version N or later is required to correct this problem".
static CORRECTS_BEFORE: LazyLock<Regex> = pattern!(
    r"(?i)\b(?:required|used|needed|updated|upgraded) to (?:correct|fix|resolve)\b|\bto (?:correct|fix|resolve) (?:this|the) problem\b|\bmust be (?:used|updated|upgraded)\b|\b(?:which|that) corrects\b"
);

/// Sentences that speak of files with the problem, or of something to avoid.
static DENIES: LazyLock<Regex> = pattern!(
    r"(?i)\b(?:workaround|work around|reinstall|do not|does not (?:occur|happen)|confirmed|affected|happens|when you use|original|included with|ships with|shipped with|third[- ]party|vendor|manufacturer|novell|logitech|syquest|compaq|artisoft|panasonic|iomega|bernoulli|stamps\.com|earlier version|older version|prior version|previous version|original version)\b"
);

static FILE_VERSION: LazyLock<Regex> = pattern!(concat!(
    file!(),
    r",?[;:]?\s+(?:\([^)]{0,60}\),? )?(?:to )?\(?(?:file )?(?:[Vv]ersion|[Vv]er\.?|[Vv]\.?)s? ?\(?",
    version!()
));
static VERSION_OF_FILE: LazyLock<Regex> = pattern!(concat!(
    r"(?i:version) ",
    version!(),
    r"(?: \([^)]*\))? (?:and later |or later )?of (?:the )?(?:\S+ ){0,3}?\(?",
    file!()
));
static FILE_DATED: LazyLock<Regex> =
    pattern!(concat!(file!(), r",? (?:file |that is |which is |with an? (?:\w+ )?version |upgrade )?\(?dated "));
static DATED: LazyLock<Regex> = pattern!(
    r"^[,;]? ?\(?(?:and )?(?:is )?(?:dated|date) ([0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2}[- ][A-Z][a-z]{2,8}[- ]\d{2,4})"
);
static FILE_NAME: LazyLock<Regex> = pattern!(concat!(r"\b", file!(), r"\b"));

/// Reads the sentences that state a corrected file which no table or list of this article states.
pub(crate) fn extract(lines: &[Line<'_>], found: &mut Found) {
    let mut fixes: Vec<Fix> = Vec::new();
    {
        let candidate = |i: &usize| lines[*i].may_name_file && lines[*i].text.len() < 400 && !found.is_used(*i);
        for paragraph in paragraphs(lines, (0..lines.len()).filter(candidate)) {
            from_paragraph(&paragraph, lines, &mut fixes);
        }
    }
    for fix in fixes {
        let known =
            |f: &Fix| f.file.eq_ignore_ascii_case(&fix.file) && (f.kind != FixKind::Prose || f.version == fix.version);
        if !found.fixes.iter().any(known) {
            found.fixes.push(fix);
        }
    }
}

/// A cheap look at a sentence: a fix is a file name with its dot, and a version or date with its digits.
fn may_state_file(sentence: &str) -> bool {
    let bytes = sentence.as_bytes();
    let in_name =
        |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'~' | b'$' | b'-'));
    memchr::memchr_iter(b'.', bytes).any(|dot| in_name(bytes.get(dot + 1)) && in_name(bytes[..dot].last()))
        && bytes.iter().any(u8::is_ascii_digit)
}

fn from_paragraph(paragraph: &Paragraph, lines: &[Line<'_>], fixes: &mut Vec<Fix>) {
    for range in paragraph.sentences() {
        let sentence = &paragraph.text[range.clone()];
        if !may_state_file(sentence) {
            continue;
        }
        let start = match (CORRECTS.find(sentence), CORRECTS_BEFORE.is_match(sentence)) {
            (_, true) => 0,
            (Some(verb), false) if verb.as_str().to_ascii_lowercase().starts_with("replace") => verb.end(),
            (Some(verb), false) => verb.start(),
            (None, false) => continue,
        };
        let at = paragraph.line_of(range.start);
        if DENIES.is_match(sentence) || sentence.contains("://") || context::describes_problem(lines, at) {
            continue;
        }
        let rest = &sentence[start..];
        let base = range.start + start;
        let mut push = |file: &str, version: Option<&str>, date: Option<&str>, at: usize| {
            fixes.push(Fix {
                kind: FixKind::Prose,
                section: String::new(),
                language: None,
                file: file.to_owned(),
                version: version.map(str::to_owned),
                date: date.and_then(cells::date).and_then(|d| d.resolve(false)),
                time: None,
                size: None,
                platform: None,
                machine: None,
                line: lines[paragraph.line_of(base + at)].number,
                branch: None,
                sp_requirement: None,
                utc: false,
                note: None,
            });
        };
        for found in FILE_VERSION.captures_iter(rest).chain(VERSION_OF_FILE.captures_iter(rest)) {
            let (Some(whole), Some(a), Some(b)) = (found.get(0), found.get(1), found.get(2)) else { continue };
            let (file, version) = if FILE_NAME.is_match(a.as_str()) { (a, b) } else { (b, a) };
            let date = DATED.captures(&rest[whole.end()..]).and_then(|c| c.get(1)).map(|m| m.as_str());
            push(file.as_str(), Some(version.as_str()), date, file.start());
        }
        for found in FILE_DATED.captures_iter(rest) {
            let Some(file) = found.get(1) else { continue };
            let dated = rest[file.end()..].find("dated").map(|at| &rest[file.end() + at..]);
            let date = dated.and_then(|d| DATED.captures(d)).and_then(|c| c.get(1));
            if let Some(date) = date {
                push(file.as_str(), None, Some(date.as_str()), file.start());
            }
        }
    }
}
