//! The names of languages in articles: of a file, a row, a heading, and the language that a sentence states for the
//! fix.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::{self, Kind, pattern};

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

/// True for the name of a language.
pub(crate) fn is_language(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split(' ').any(|word| LANGUAGES.contains(&word))
}

/// True for a heading that is only a language: `Korean`, `Chinese (Taiwan)`, `Pan-Chinese`.
pub(crate) fn names_language(text: &str) -> bool {
    let plain = text.split(" (").next().unwrap_or(text);
    let last = plain.rsplit([' ', '-']).next().unwrap_or(plain);
    plain.split([' ', '-']).count() <= 2 && is_language(last)
}

/// The language that a sentence states for the fix: `Some(None)` for English.
pub(crate) fn language_of(text: &str) -> Option<Option<String>> {
    if let Some(found) = LANGUAGE_VERSION.captures_iter(text).find_map(|c| c.get(1).map(|m| m.as_str())) {
        let lower = found.to_ascii_lowercase();
        if lower.contains("english") {
            return Some(None);
        }
        let name = found.strip_prefix("The ").unwrap_or(found);
        if LANGUAGES.iter().any(|l| lower.contains(l)) {
            return Some(Some(with_language_before(text, name)));
        }
    }
    // "The German post-SMS 2.0 Service Pack 3 version of this fix" (Q316021)
    let words = version_words(text)?;
    // The pack of clients in many languages represents the language (Q307434).
    if let Some((_, pack)) = words.split_once("International Client Pack ") {
        let number = pack.split([' ', '(']).next().unwrap_or_default();
        return Some(Some(format!("International Client Pack {number}")));
    }
    let pack = words.split([' ', '(', ')', ',']).find_map(|word| word.strip_prefix("ICP"));
    if let Some(number) = pack.filter(|number| number.len() == 1) {
        return Some(Some(format!("International Client Pack {number}")));
    }
    let mut named = words.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| {
        word.eq_ignore_ascii_case("english") || LANGUAGES.iter().any(|language| word.eq_ignore_ascii_case(language))
    });
    let first = named.next()?;
    Some((!first.eq_ignore_ascii_case("english")).then(|| first.to_owned()))
}

/// A language with those that are named right before it: `Simplified Chinese and Traditional Chinese`.
fn with_language_before(text: &str, name: &str) -> String {
    let whole = text.find(name).and_then(|at| text[..at].strip_suffix(" and ")).and_then(|before| {
        let start = before.rfind("The ").map(|at| at + "The ".len()).filter(|start| before.len() - start <= 60)?;
        Some(&before[start..]).filter(|first| is_language(first)).map(|first| format!("{first} and {name}"))
    });
    whole.unwrap_or_else(|| name.to_owned())
}

/// The same for a sentence in another language than English: it announces the files, and names the build.
pub(crate) fn foreign_language_of(text: &str) -> Option<Option<String>> {
    // Most sentences are English: nearly all others have a letter that is not.
    if text.is_ascii() && !BUILD_WORDS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let lower = vocabulary::lower(text);
    vocabulary::find(Kind::Announces, &lower)?;
    let (_, language) = vocabulary::find(Kind::Build, &lower)?;
    Some(Some(language.to_owned()).filter(|language| language != "English"))
}

/// Words of sentences without another letter than those of English: German, Italian.
const BUILD_WORDS: [&str; 3] = ["ische", "eutsche", "ersione "];

/// The words that state which version of the fix a sentence is about: those from "The" to "version of this fix".
pub(crate) fn version_words(text: &str) -> Option<&str> {
    const ENDS: [&str; 2] = [" version of this ", " versions of this "];
    const OF_THE: &str = " version of the ";
    const THINGS: [&str; 6] = ["fix", "hotfix", "hot fix", "update", "patch", "file"];
    /// The most bytes of these words.
    const MOST: usize = 120;
    let is_of_fix = |end: usize| THINGS.iter().any(|thing| text[end..].starts_with(thing));
    // "version of the post SP2 fix" (Q246842)
    let is_of_post_fix = |end: usize| {
        let rest = text[end..].strip_prefix("post").map(|rest| rest.split(' ').take(4));
        rest.is_some_and(|mut words| words.any(|word| THINGS.contains(&word)))
    };
    let of_the = text.find(OF_THE).filter(|at| is_of_post_fix(at + OF_THE.len()));
    let of_this = ENDS.iter().find_map(|words| text.find(words).filter(|at| is_of_fix(at + words.len())));
    let end = of_this.or(of_the)?;
    let before = &text[..end];
    let start = before.rfind("The ").filter(|start| end - start <= MOST)?;
    Some(&before[start + "The ".len()..])
}

/// Text that may follow the language of an edition in a heading: `version`, `(32-bit)`, "about" in Japanese (MS03-043).
static AFTER_EDITION: LazyLock<Regex> = pattern!(
    r"^(?:[- ]language)?(?: (?:versions?|versionen|editions?|files?|builds?|only))*[)\x{ff09}]?(?: of (?:this|the|microsoft|windows) .*)?(?: ?[(\x{ff08}][^()\x{ff08}\x{ff09}]*[)\x{ff09}])?(?: *\x{306b}\x{3064}\x{3044}\x{3066})?[: \x{ff1a}]*$"
);

/// The language of the edition that a heading names, in English, and the position of its name: `Japanese version`,
/// `Windows 2000 (German)`, `Virtual Server 2005 Standard Edition (\u{65e5}\u{6587})`. `None` if it names several
/// languages.
pub(crate) fn edition(heading: &str) -> Option<(&'static str, Range<usize>)> {
    let lower = vocabulary::lower(heading);
    let mut named = None;
    let mut from = 0;
    while let Some((place, language)) = vocabulary::find(Kind::Language, &lower[from..]) {
        let place = from + place.start..from + place.end;
        from = place.end;
        let is_letter = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
        let is_whole = !lower[..place.start].ends_with(is_letter) && !lower[place.end..].starts_with(is_letter);
        // Japanese and Chinese do not put blanks around words.
        if is_whole || !lower.as_bytes()[place.start].is_ascii() {
            if named.as_ref().is_some_and(|(known, _)| *known != language) {
                return None;
            }
            named = Some((language, place));
        }
    }
    named.filter(|(_, place)| lower.len() == heading.len() && AFTER_EDITION.is_match(&lower[place.end..]))
}

/// Text that may follow the name of a language alone: `English version`, `English US`.
fn is_word_of_edition(rest: &str) -> bool {
    matches!(
        rest,
        "version" | "versions" | "edition" | "language" | "only" | "us" | "uk" | "u.s." | "(us)" | "build" | "files"
    )
}

/// `English`, `English (US)`, `EN`, `US`: the language that the model leaves out.
pub(crate) fn is_english(language: &str) -> bool {
    let lower = language.trim().to_ascii_lowercase();
    // `English (United Kingdom)` counts; `English, French` and `English and all others` name more.
    let rest = lower.strip_prefix("english").map(str::trim);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['(', '-']) || is_word_of_edition(rest))
        || matches!(lower.as_str(), "en" | "us" | "usa" | "enu" | "en-us" | "eng" | "u.s.")
}
