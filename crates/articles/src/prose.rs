//! Sentences that state which version of which file corrects the problem.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::bytes;

use super::context;
use super::correction_words::{
    CORRECTS, CORRECTS_BEFORE, DENIES, EARLIER_OF_IT, FIXES, FOREIGN, INCORPORATES, NAMES_OLD_FIRST, NEW_VERSION,
    OF_MICROSOFT, PACK_UPGRADES, corrected,
};
use super::document::{Document, Line};
use super::fix::{Fix, Text};
use super::found::Found;
use super::heading;
use super::listed_names;
use super::listed_versions;
use super::older_remedy;
use super::paragraphs::{Paragraph, paragraphs};
use super::prose_further;
use super::prose_patterns::{
    AFTER_UPDATE, BARE_NAME, CONTAINS, DRIVER_VERSION, EXTENSIONS, FILE_IN_RELEASE, FILE_NAME, FIXED_IN,
    FIXED_VERSION_IS, IMPERATIVE, IN_BRACKETS, LATER_AROUND, LATER_OF_AROUND, NEWER_DATED, OBTAIN_VERSION, OTHER_WORDS,
    REFERRED, RELEASED, REPLACED_DATED, REPLACES_OLDER, REQUIRED, STAMPED, TITLE, VERSION_CONTAINS, packed,
};
use super::prose_stated::{Stated, fixed_in, replaced, stated, without_extension};
use super::vocabulary::byte_pattern;

/// The number of updates that make an article a catalogue.
const MIN_CATALOGUE: usize = 4;

/// A quick check of a line or sentence, before all others: one in some dozen contains such a name.
fn names_file(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        if !before.is_ascii_alphanumeric() && !matches!(before, b'_' | b'~' | b'$' | b'-') {
            return false;
        }
        let extension = |length: usize| {
            let end = bytes.get(at + 1..at + 1 + length)?;
            EXTENSIONS.binary_search(&packed(end)).ok()
        };
        extension(3).or_else(|| extension(2)).is_some()
    })
}

/// A quick check of a paragraph: it has a word of [`states_version_or_date`], or one that every statement of several sentences has.
/// Those name a version (`REFERRED`, `REPLACES_OLDER`, `SHOULD_BE`, `ITS_VERSION`, `CORRECTED_THERE`, `ALL_OTHERS`) or a date
/// (`STAMPED`).
fn may_state(paragraph: &str) -> bool {
    static WORDS: LazyLock<bytes::Regex> =
        byte_pattern!("ersion|date|stamp should be |eplace the |installs the following| build");
    WORDS.is_match(paragraph.as_bytes()) || names_version(paragraph.as_bytes())
}

/// A quick check of a sentence for a date, or for the words before a version. Every statement has one of them.
fn states_version_or_date(sentence: &str) -> bool {
    // Of words alone, so that no automaton is run.
    static WORDS: LazyLock<bytes::Regex> = byte_pattern!(
        "date|ersion of|ersion number |ersions of|ersion is |ersions are |eplace the |installs the following| build"
    );
    WORDS.is_match(sentence.as_bytes()) || names_version(sentence.as_bytes())
}

/// True for a text with a number after "version", or after a shorter word with its first letter.
fn names_version(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'v', b'V', text).any(|at| {
        let word = text[at..].iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'.').count();
        let blanks = text[at + word..].iter().take_while(|b| matches!(b, b' ' | b'(')).count();
        word <= "versions".len() && blanks <= 2 && text.get(at + word + blanks).is_some_and(u8::is_ascii_digit)
    })
}

/// Reads the sentences that state a corrected file, if no table or list of this article states it.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut stated: Vec<(Fix, bool)> = Vec::new();
    let candidate = |i: &usize| {
        let line = &lines[*i];
        line.may_name_file && line.text.len() < 400 && !found.is_used(*i) && names_file(&line.text)
    };
    for paragraph in paragraphs(lines, (0..lines.len()).filter(candidate)) {
        from_paragraph(&paragraph, document, &mut stated);
    }
    stated.extend(from_title(document).map(|fix| (fix, false)));
    if !stated.is_empty() && is_catalogue(lines) {
        return;
    }
    stated.retain(|(fix, _)| !older_remedy::is_older(document, fix));
    if !stated.is_empty() && is_foreign(lines) {
        stated.retain(|(_, own)| *own);
    }
    let fixes: Vec<Fix> = stated.into_iter().map(|(fix, _)| fix).collect();
    listed_versions::give(&mut found.fixes, &fixes, &document.title);
    // A file in a table or list needs no sentence. Sentences may state several versions of one file.
    let name = |f: &Fix| f.file.to_ascii_lowercase();
    let listed: HashSet<String> = found.fixes.iter().map(name).collect();
    let mut known: HashSet<(String, Option<Text>)> = HashSet::new();
    for fix in fixes {
        if !listed.contains(&name(&fix)) && known.insert((name(&fix), fix.version.clone())) {
            found.fixes.push(fix);
        }
    }
}

/// True for an article that lists many updates under separate headings (Q132059): each has its own article.
fn is_catalogue(lines: &[Line<'_>]) -> bool {
    let headings = lines.iter().filter(|l| l.may_name_file && l.text.ends_with("pdate") && TITLE.is_match(&l.text));
    headings.count() >= MIN_CATALOGUE
}

/// True for an article about another maker's files.
fn is_foreign(lines: &[Line<'_>]) -> bool {
    let says = |words: &str| lines.iter().any(|l| l.text.contains(words));
    (says("3rdparty") || says("third-party contact information")) && !says("Microsoft has released")
}

/// The file of a title such as `Mail MOVEUSER.EXE Version 3.2.8 Update`, if the text offers "a replacement for the
/// MOVEUSER.EXE file".
fn from_title(document: &Document<'_>) -> Option<Fix> {
    if let Some(offered) = prose_further::offered(&document.title) {
        // The text must offer the file, too.
        let offers = |l: &Line<'_>| {
            ["updated", "new version", "replacement", "download", "available"].iter().any(|word| l.text.contains(word))
        };
        let line = document.lines.iter().find(|l| !l.text.starts_with("TITLE") && offers(l))?;
        return Some(offered.fix(line.number));
    }
    if let Some(updated) = document.title.strip_prefix("Updated ") {
        let named = |c: &regex::Captures<'_>| updated.starts_with(&c[1]);
        let contains = |l: &Line<'_>| {
            let found = CONTAINS.captures(&l.text).filter(named)?;
            let (file, version) = (found.get(1)?.as_str(), found.get(2)?.as_str());
            Some(Stated { file, version: Some(version), date: None, size: None, at: 0 }.fix(l.number))
        };
        return document.lines.iter().filter(|l| l.may_name_file && l.text.contains(" contains ")).find_map(contains);
    }
    let title = TITLE.captures(&document.title)?;
    let (file, version) = (title.get(1)?.as_str(), title.get(2)?.as_str());
    let line = document.lines.iter().find(|l| l.may_name_file && l.text.contains(file))?;
    let offered = |l: &Line<'_>| {
        let text = l.text.to_ascii_lowercase();
        text.find("replacement").is_some_and(|at| text[at..].contains(&file.to_ascii_lowercase()))
    };
    let stated = Stated { file, version: Some(version), date: None, size: None, at: 0 };
    document.lines.iter().any(|l| l.may_name_file && offered(l)).then(|| stated.fix(line.number))
}

/// Adds the files that a paragraph states, and whether the sentence names them as Microsoft's own.
fn from_paragraph(paragraph: &Paragraph, document: &Document<'_>, fixes: &mut Vec<(Fix, bool)>) {
    if !may_state(&paragraph.text) {
        return;
    }
    if let Some(stated) = replaces_older(&paragraph.text) {
        let line = document.lines[paragraph.line_of(stated.at)].number;
        fixes.push((stated.fix(line), false));
    }
    if let Some(stated) = referred(&paragraph.text) {
        let line = document.lines[paragraph.line_of(stated.at)].number;
        fixes.push((stated.fix(line), false));
    }
    if let Some(stated) = stamped(&paragraph.text) {
        let line = document.lines[paragraph.line_of(stated.at)].number;
        fixes.push((stated.fix(line), false));
    }
    let is_own = !FOREIGN.is_match(paragraph.text.as_bytes());
    if is_own {
        for stated in prose_further::across(&paragraph.text) {
            let at = paragraph.line_of(stated.at);
            if !is_of_problem(context::part(document, at)) {
                fixes.push((stated.fix(document.lines[at].number), false));
            }
        }
    }
    fixes.extend(listed_names::all_others(paragraph, document).into_iter().map(|fix| (fix, false)));
    for range in paragraph.sentences() {
        let sentence = &paragraph.text[range.clone()];
        if !states_version_or_date(sentence) || !names_file(sentence) && !BARE_NAME.is_match(sentence) {
            continue;
        }
        let at = paragraph.line_of(range.start);
        let mut push = |stated: Stated<'_>, start: usize| {
            let line = document.lines[paragraph.line_of(start + stated.at)].number;
            fixes.push((stated.fix(line), OF_MICROSOFT.is_match(sentence.as_bytes())));
        };
        if let Some(stated) = later_around(sentence) {
            push(stated, range.start);
            continue;
        }
        let part = OnceCell::new();
        let part = || *part.get_or_init(|| context::part(document, at));
        released(sentence, part).into_iter().for_each(|stated| push(stated, range.start));
        if is_own && !is_of_problem(part()) {
            let further = prose_further::of_sentence(sentence);
            if !further.is_empty() {
                further.into_iter().for_each(|stated| push(stated, range.start));
                continue;
            }
        }
        let Some(start) = correction(sentence, paragraph, part()) else { continue };
        let rest = &sentence[start..];
        let others = replaced(sentence).into_iter().chain(fixed_in(sentence));
        for stated in stated(rest).into_iter().chain(others).chain(without_extension(sentence, &paragraph.text)) {
            push(stated, range.start + start);
        }
    }
}

/// True for a part of an article that describes the problem or how to avoid it.
fn is_of_problem(part: &str) -> bool {
    heading::is_problem(part) || part == "WORKAROUND"
}

/// The version of a file that no longer has the problem, according to a sentence.
fn later_around(sentence: &str) -> Option<Stated<'_>> {
    // "To …", "Newer …", "Later …" or "In version …"
    if !sentence.trim_start().starts_with(['T', 'N', 'L', 'I']) {
        return None;
    }
    let file_first = LATER_AROUND.captures(sentence).map(|found| (found, true));
    let (found, file_first) = file_first.or_else(|| LATER_OF_AROUND.captures(sentence).map(|found| (found, false)))?;
    let mut groups = found.iter().skip(1).flatten();
    let (first, second) = (groups.next()?, groups.next()?);
    if FOREIGN.is_match(sentence.as_bytes()) {
        return None;
    }
    let (file, version) = if file_first { (first, second) } else { (second, first) };
    Some(Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at: file.start() })
}

/// The files that were released in new versions, or that replace older ones, with their versions or dates in brackets.
fn released<'t, 'p>(sentence: &'t str, part: impl Fn() -> &'p str) -> Vec<Stated<'t>> {
    static WORDS: LazyLock<[Finder<'static>; 3]> =
        LazyLock::new(|| [" released ", "eplace the ", "(dated "].map(Finder::new));
    let mut all = Vec::new();
    // Few sentences have these words: only for those the part is found.
    let has_word = WORDS.iter().any(|word| word.find(sentence.as_bytes()).is_some());
    if !has_word || is_of_problem(part()) || FOREIGN.is_match(sentence.as_bytes()) {
        return all;
    }
    if let Some(words) = RELEASED.find(sentence)
        && (part() == "RESOLUTION" || !words.as_str().starts_with(['R', 'r']))
    {
        let mut from = words.end();
        while let Some(found) = FILE_IN_RELEASE.captures(&sentence[from..])
            && let (Some(whole), Some(file), Some(version)) = (found.get(0), found.get(1), found.get(2))
        {
            let at = from + file.start();
            all.push(Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at });
            from += whole.end();
        }
    }
    if part() == "RESOLUTION"
        && let Some(found) = NEWER_DATED.captures(sentence)
        && let (Some(date), Some(file)) = (found.get(1), found.get(2))
    {
        let (file, at) = (file.as_str(), file.start());
        all.push(Stated { file, version: None, date: Some(date.as_str()), size: None, at });
    }
    all
}

/// The version that a sentence states for the file named last before it.
fn referred(paragraph: &str) -> Option<Stated<'_>> {
    let found = REFERRED.captures(paragraph).filter(|_| !FOREIGN.is_match(paragraph.as_bytes()))?;
    let version = found.iter().skip(1).flatten().next()?;
    let file = FILE_NAME.find_iter(&paragraph[..version.start()]).last()?;
    let at = version.start();
    Some(Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at })
}

/// The file whose time stamp the next sentence of a paragraph asks for.
fn stamped(paragraph: &str) -> Option<Stated<'_>> {
    static STAMP: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| ["stamp should be ", "It should be dated "].map(Finder::new));
    STAMP.iter().find_map(|words| words.find(paragraph.as_bytes()))?;
    let found = STAMPED.captures(paragraph)?;
    let (file, date) = (found.get(1)?, found.get(2)?);
    Some(Stated { file: file.as_str(), version: None, date: Some(date.as_str()), size: None, at: file.start() })
}

/// The file of a driver whose version replaces an older one, according to a paragraph.
fn replaces_older(paragraph: &str) -> Option<Stated<'_>> {
    static REPLACES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" replaces "));
    REPLACES.find(paragraph.as_bytes())?;
    let newer = REPLACES_OLDER.captures(paragraph)?.get(1)?;
    DRIVER_VERSION.captures_iter(paragraph).find_map(|found| {
        let (file, version) = (found.get(1)?, found.get(2)?);
        let stated =
            Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at: file.start() };
        (version.as_str() == newer.as_str()).then_some(stated)
    })
}

/// The position in a sentence of the words that name what corrects the problem; `None` for any other sentence.
fn correction(sentence: &str, paragraph: &Paragraph, part: &str) -> Option<usize> {
    if sentence.contains("://") || heading::is_problem(part) && !INCORPORATES.is_match(sentence.as_bytes()) {
        return None;
    }
    // Few sentences correct anything: only those are checked for other makers.
    correcting(sentence, paragraph, part).filter(|_| !FOREIGN.is_match(sentence.as_bytes()))
}

/// The same, without the check for other makers.
fn correcting(sentence: &str, paragraph: &Paragraph, part: &str) -> Option<usize> {
    // "The problem was corrected in X" counts, whatever the words before it say.
    if let Some(verb) = corrected(sentence.as_bytes())
        && !CORRECTS_BEFORE.is_match(sentence.as_bytes())
    {
        // "This problem has not been fixed in X version N": that version has the problem.
        let is_denied = ["not ", "not yet ", "never "].iter().any(|word| sentence[..verb.start()].ends_with(word));
        let stands = !DENIES.is_match(&sentence.as_bytes()[verb.end()..]) || IN_BRACKETS.is_match(sentence.trim_end());
        return (stands && !is_denied).then_some(verb.start());
    }
    let sentence_begins = sentence.trim_start();
    let start = match (CORRECTS.find(sentence.as_bytes()), CORRECTS_BEFORE.is_match(sentence.as_bytes())) {
        (_, true) => 0,
        (Some(verb), false) if NAMES_OLD_FIRST.is_match(verb.as_bytes()) => verb.end(),
        (Some(verb), false) => verb.start(),
        (None, false) if part == "RESOLUTION" && IMPERATIVE.is_match(sentence_begins.as_bytes()) => 0,
        (None, false)
            if NEW_VERSION.is_match(sentence_begins.as_bytes()) && FIXES.is_match(paragraph.text.as_bytes()) =>
        {
            0
        }
        (None, false)
            if FIXED_VERSION_IS.is_match(sentence)
                || FIXED_IN.is_match(sentence)
                || REPLACED_DATED.is_match(sentence)
                || AFTER_UPDATE.is_match(sentence)
                || VERSION_CONTAINS.is_match(sentence)
                || OTHER_WORDS.is_match(sentence)
                || (part == "RESOLUTION"
                    || sentence.contains("resolve")
                    || paragraph.text.contains("f you have an ")
                        && EARLIER_OF_IT.is_match(paragraph.text.as_bytes()))
                    && REQUIRED.is_match(sentence) =>
        {
            0
        }
        (None, false) => return None,
    };
    // "Versions of X dated D or later incorporate the above workaround" (Q131865).
    let other = INCORPORATES.replace(sentence.as_bytes(), &b""[..]);
    let brings = [&PACK_UPGRADES, &OBTAIN_VERSION].iter().any(|words| words.is_match(sentence.as_bytes()));
    let is_fix = part != "WORKAROUND" || brings;
    (is_fix && !DENIES.is_match(&other)).then_some(start)
}
