//! Headings: a line that a layout marks as one, or a line that names something and is not a sentence.

use std::sync::LazyLock;

use regex::bytes;

use super::announcement::announces;
use super::cells;
use super::document::Line;
use super::folder::folder_cell;
use super::heading_names::names_only;
use super::language::{is_english, language_of, names_language};
use super::vocabulary::{self, Kind, byte_pattern};
use hotfixcheck_types::Machine;

/// The longest line that introduces a table, in bytes.
const MAX_LEAD_IN: usize = 300;

/// A heading that names a product, component or release has one of these words.
pub(crate) static PRODUCT: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:windows|server|exchange|sna|sql|iis|internet|office|outlook|word|excel|access|powerpoint|version|service pack|sp ?\d|terminal|msmq|proxy|site|nt|visual|mdac|component|edition|client|workstation|professional|driver|explorer|winsock|studio|released?|ms-dos|os/2|macintosh|itanium|32-bit|64-bit|x86|x64|alpha|intel|ia-?64|bit)\b"
);

/// Headings of parts that state no fix: files there have the problem (Q247224), or are needed before the fix.
const NO_FIXES: [&str; 6] = ["SYMPTOMS", "SYMPTOM", "CAUSE", "CAUSES", "PREREQUISITES", "PREREQUISITE"];

/// True for the heading of a part that describes the problem, or the prerequisites of the fix.
pub(crate) fn is_problem(heading: &str) -> bool {
    NO_FIXES.iter().any(|name| heading.eq_ignore_ascii_case(name))
}

/// True for the heading of the prerequisites.
pub(crate) fn is_prerequisite(heading: &str) -> bool {
    NO_FIXES[4..].iter().any(|name| heading.eq_ignore_ascii_case(name))
}

/// `File information`, `Hotfix information`: a heading that states what is below it, not for which product.
pub(crate) fn is_generic(heading: &str) -> bool {
    let lower = vocabulary::lower(heading.trim_end_matches(':'));
    vocabulary::meaning(Kind::Files, &lower).is_some()
        || vocabulary::meaning(Kind::Part, &lower).is_some()
        || lower.ends_with("information")
        || lower.ends_with("details")
        || matches!(lower.as_str(), "resolution" | "summary")
}

/// True for a heading that says that an update's files are below it.
pub(crate) fn says_file_information(heading: &str) -> bool {
    let lower = heading.to_ascii_lowercase();
    ["file information", "file details", "file attributes"].iter().any(|words| lower.contains(words))
        || !heading.is_ascii() | heading.contains(' ')
            && vocabulary::find(Kind::Files, &vocabulary::lower(heading)).is_some()
        || vocabulary::meaning(Kind::Files, &lower).is_some()
        || lower.starts_with("additional files for ")
}

/// A heading about how an update is installed, verified or removed. Files in a table below it are fixes only if the
/// text says so.
pub(crate) fn is_aside(heading: &str) -> bool {
    let lower = vocabulary::lower(heading_text(heading.trim_matches(['*', ' '])).trim_end_matches('\u{ff1a}').trim());
    let whole_words = |start: usize, end: usize| {
        !lower[..start].ends_with(|c: char| c.is_ascii_alphanumeric())
            && !lower[end..].starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    heading.len() <= MAX_ASIDE
        && !says_file_information(&lower)
        && match vocabulary::find(Kind::Aside, &lower) {
            Some((place, "whole")) => place == (0..lower.len()),
            Some((place, _)) => whole_words(place.start, place.end),
            None => false,
        }
}

/// The longest heading of this kind, in bytes.
const MAX_ASIDE: usize = 200;

/// The one machine that a heading names: `x64` in `For all supported x64-based versions of Windows 7`.
pub(crate) fn machine_word(heading: &str) -> Option<&str> {
    // `x64-based`, `x64-basierten`, `x86-basate`.
    let bare = |w| match str::split_once(w, '-') {
        Some((machine, rest)) if rest.starts_with("bas") => machine,
        _ => w,
    };
    let words = heading.split([' ', '(', ')', ',', '/', ':']).map(bare);
    // `32-bit` and `64-bit` name several machines.
    let mut named = words.filter(|w| !w.ends_with("bit") && Machine::from_platform_word(w).is_some());
    let first = named.next()?;
    named.all(|w| Machine::from_platform_word(w) == Machine::from_platform_word(first)).then_some(first)
}

/// The service pack of the systems that a heading is for: `SP4` of `Version compatible with systems running Service Pack 4` (Q250466).
pub(crate) fn pack_of_systems(heading: &str) -> Option<String> {
    static PACK_OF_SYSTEMS: LazyLock<bytes::Regex> = byte_pattern!(
        r"(?i)\b(?:systems?|computers?|servers?) (?:that (?:are )?)?(?:running|run|with|have|using) (?:service pack |sp ?)([0-9]a?)(?: installed)?:?$"
    );
    let number = PACK_OF_SYSTEMS.captures(heading.trim_end().as_bytes())?.get(1)?;
    Some(format!("SP{}", heading.get(number.range())?))
}

/// True for a heading that limits the part before it to a machine.
pub(crate) fn narrows(heading: &str) -> bool {
    cells::is_platform(heading)
        || machine_word(heading).is_some()
        || heading.starts_with("For all ")
        || names_products_only(heading)
        || names_language(heading)
        || is_english(heading)
        || folder_cell(heading_text(heading)).is_some_and(|(branch, _)| branch.is_some())
        || names_only(heading)
}

/// True for a heading that consists only of products, packs and editions: `Windows XP Service Pack 1`, `Windows Server
/// 2003`.
pub(crate) fn names_products_only(heading: &str) -> bool {
    const PRODUCTS: [&str; 29] = [
        "windows",
        "server",
        "exchange",
        "sql",
        "internet",
        "explorer",
        "office",
        "outlook",
        "word",
        "excel",
        "access",
        "powerpoint",
        "visio",
        "project",
        "iis",
        "nt",
        "mdac",
        "directx",
        "isa",
        "sna",
        "sms",
        "msxml",
        "xml",
        "frontpage",
        "html",
        "visual",
        ".net",
        "media",
        "systems",
    ];
    const PARTS: [&str; 69] = [
        "microsoft",
        "service",
        "pack",
        "edition",
        "editions",
        "version",
        "versions",
        "and",
        "or",
        "of",
        "the",
        "for",
        "with",
        "on",
        "all",
        "supported",
        "based",
        "system",
        "home",
        "professional",
        "standard",
        "enterprise",
        "datacenter",
        "web",
        "center",
        "tablet",
        "pc",
        "advanced",
        "workstation",
        "terminal",
        "small",
        "business",
        "starter",
        "ultimate",
        "basic",
        "premium",
        "xp",
        "vista",
        "me",
        "millennium",
        "second",
        "gold",
        "rtm",
        "family",
        "und",
        "oder",
        "et",
        "ou",
        "e",
        "y",
        "alle",
        "mit",
        "tous",
        "con",
        // Words after the name of a component: `Outlook Express 6`, `Microsoft XML Core Services 4.0`.
        "player",
        "express",
        "management",
        "core",
        "services",
        "extensions",
        "help",
        "installer",
        "framework",
        "client",
        "studio",
        "components",
        "data",
        "jet",
        "engine",
    ];
    let word = |word: &str| {
        let lower = word.to_ascii_lowercase();
        let number = lower.trim_start_matches("sp").trim_start_matches('r');
        PRODUCTS.contains(&lower.as_str())
            || PARTS.contains(&lower.as_str())
            || !number.is_empty() && number.len() <= 5 && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    // A remark in brackets at the end states the editions: `Windows XP Service Pack 1 (alle Versionen)`.
    let remark =
        heading.trim_end().strip_suffix([')', '\u{ff09}']).and_then(|text| text.rsplit_once(['(', '\u{ff08}']));
    let heading = remark.map_or(heading, |(names, _)| names.trim_end());
    let words = || heading.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').filter(|w| !w.is_empty());
    heading.is_ascii()
        && words().count() <= 24
        && words().any(|w| PRODUCTS.iter().any(|product| w.eq_ignore_ascii_case(product)))
        && words().all(word)
}

/// True for a line right above a table that binds it although [`is_heading`] may refuse it. A list item or a line in
/// bold (`marked`) binds unless it ends or announces something; another line must also name a machine or product.
pub(crate) fn is_lead_in(text: &str, marked: bool) -> bool {
    let text = text.trim();
    (2..=MAX_LEAD_IN).contains(&text.len())
        && !text.ends_with(SENTENCE_ENDS)
        && begins_heading(text)
        && !has_fact(text)
        && !is_command(text)
        && !announces_abroad(text)
        && !["following", "below", "this table"].iter().any(|word| text.contains(word))
        && !announces(text)
        && (marked || PRODUCT.is_match(text.as_bytes()) && !SENTENCE.is_match(text.as_bytes()))
}

/// A heading over several lines that ends with a colon (Q185301), or that names only products and processors: copies of
/// pages in mails are wrapped after 70 to 80 characters.
pub(crate) fn is_wrapped_heading(lines: &[&str]) -> bool {
    let [first, .., last] = lines else { return false };
    let whole = lines.join(" ");
    let is_cut = || {
        !whole.ends_with(SENTENCE_ENDS)
            && lines[..lines.len() - 1].iter().all(|line| line.len() > 50)
            && (whole.starts_with("For all ") || names_products_only(&whole))
    };
    !is_step(first)
        && (lines.len() == 2 && last.ends_with(':') || is_cut())
        && first.len() > 50
        && whole.len() <= 240
        && (whole.len() <= 170 || is_cut())
        && !SENTENCE.is_match(whole.as_bytes())
        && PRODUCT.is_match(first.as_bytes())
        && !has_fact(&whole)
        && language_of(&whole).is_none()
        && !announces(&whole)
}

/// A heading without the mark before it and the colon after it.
pub(crate) fn heading_text(text: &str) -> &str {
    let text = text.trim().trim_end_matches(':').trim_end();
    let text = text.strip_prefix("- ").unwrap_or(text);
    let text = text.strip_prefix("Components").or_else(|| text.strip_prefix("Component")).unwrap_or(text);
    text.trim_start_matches(':').trim()
}

/// `RESOLUTION` over `==========`: the parts of an article. Nothing binds across them.
pub(crate) fn is_top_heading(lines: &[Line<'_>], at: usize) -> bool {
    let ruler = |i: usize| lines.get(i).is_some_and(|l| l.text.len() >= 4 && l.text.bytes().all(|b| b == b'='));
    ruler(at) || (ruler(at + 1) && !lines[at].is_blank())
}

/// Words that occur in sentences but not in headings.
static SENTENCE: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:should|following|is|are|was|were|has|have|contains?|includes?|see|click|available|please|download|apply|note|you|your|below|obtain|http|ftp|listed|release date)\b|https?:|ftp:|\bhow to\b"
);

/// Programs with which command lines begin, in lower case.
const PROGRAMS: [&str; 27] = [
    "wusa",
    "msiexec",
    "regsvr32",
    "regedit",
    "regedt32",
    "reg",
    "expand",
    "dism",
    "pkgmgr",
    "cmd",
    "rundll32",
    "cscript",
    "wscript",
    "powershell",
    "net",
    "sc",
    "copy",
    "xcopy",
    "ren",
    "md",
    "mkdir",
    "cd",
    "del",
    "attrib",
    "iisreset",
    "spuninst",
    "hotfix",
];

/// True for a command line: `WindowsServer2003-kb900111-x86-enu /norestart`, `msiexec /p …`, `wusa
/// Windows6.0-KB900111-x64.msu`.
pub(crate) fn is_command(text: &str) -> bool {
    let text = text.trim_matches(['`', '*', ' ']);
    let package = |word: &str| {
        let lower = word.to_ascii_lowercase();
        lower.split_once("-kb").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let switch = |word: &str| {
        word.len() > 1 && word.starts_with('/') && word[1..].starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let first = text.split(' ').next().unwrap_or_default();
    // `C:\>wusa …`, `%SystemRoot%\System32\wusa.exe …`
    let prompt = first.get(1..3).is_some_and(|drive| drive == ":\\") && first.contains('>');
    let program = first.rsplit(['\\', '>', '"']).find(|part| !part.is_empty()).unwrap_or(first);
    let bare = [".exe", ".com", ".EXE"].iter().find_map(|end| program.strip_suffix(end)).unwrap_or(program);
    // Commands are written in lower case, or with their extension: `Net` and `Copy` begin headings.
    let known = PROGRAMS.contains(&bare)
        || bare.len() < program.len() && PROGRAMS.contains(&bare.to_ascii_lowercase().as_str());
    package(first)
        || prompt
        || known && text.contains(' ')
        || text.split(' ').any(|word| switch(word) && !word.contains('.'))
}

/// A short line that names something and is not a sentence.
pub(crate) fn is_heading(text: &str) -> bool {
    // Not headings: references, the purpose of a procedure, what to type, remarks about the files below (Q141068).
    static NO_HEADING: LazyLock<bytes::Regex> = byte_pattern!(
        r"^(?:(?:ARTICLE-ID: *|KB *)?[QK]?B?\d{5,7}\b|To [A-Z]|To .*, (?:type|run|use|enter):?$|[Ff]ile (?:sizes?|dates?|details|attributes)\b)"
    );
    let text = text.trim();
    let bullet = text.strip_prefix("- ").filter(|t| t.starts_with("For ") && t.ends_with(':'));
    let text = bullet.unwrap_or(text);
    let words = text.split_whitespace().count();
    let length = if text.is_ascii() { text.len() } else { text.chars().count() };
    let is_long = FOR_ALL.iter().any(|begin| text.starts_with(begin));
    (2..=if is_long { 140 } else { 90 }).contains(&length)
        && words <= if is_long { 20 } else { 14 }
        && !text.ends_with(SENTENCE_ENDS)
        && !text.starts_with(['-', '|', '+', '\u{2191}'])
        && !is_step(text)
        && !is_command(text)
        && begins_heading(text)
        && !SENTENCE.is_match(text.as_bytes())
        && !NO_HEADING.is_match(text.as_bytes())
        && !has_fact(text)
        && !announces_abroad(text)
}

/// `For all supported x64-based versions of Windows 7 and of Windows Server 2008 R2` in languages that need more words.
const FOR_ALL: [&str; 6] =
    ["Para todas las ", "Para todas as ", "Pour toutes les ", "Per tutte le ", "F\u{fc}r alle ", "Todas as "];

/// True if a text begins like a heading. A product's name may begin with a dot.
fn begins_heading(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '(') || text.starts_with(".NET ")
}

/// The last characters of lines that are not headings, in any language.
const SENTENCE_ENDS: [char; 9] = ['.', ',', ';', '?', '!', '\u{3002}', '\u{ff61}', '\u{ff1f}', '\u{ff01}'];

/// True for a line that announces files in a language other than English.
fn announces_abroad(text: &str) -> bool {
    (!text.is_ascii() || text.ends_with(':')) && vocabulary::find(Kind::Announces, &vocabulary::lower(text)).is_some()
}

/// `2. Click Processes`: a step of a procedure.
fn is_step(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..3).contains(&digits) && text[digits..].starts_with(". ")
}

/// True if a line contains a word that only a row would contain: a file name or a date.
pub(crate) fn has_fact(text: &str) -> bool {
    text.split_whitespace().any(|w| {
        let w = w.trim_matches(['(', ')', ',', ':']);
        cells::is_file_name(w) || cells::date(w).is_some()
    })
}
