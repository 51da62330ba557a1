//! The names of languages in articles: of a file, a row, a heading, and the one that a sentence gives to the fix.

use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::pattern;

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

/// True for a heading of nothing but a language: `Korean`, `Chinese (Taiwan)`, `Pan-Chinese`.
pub(crate) fn names_language(text: &str) -> bool {
    let plain = text.split(" (").next().unwrap_or(text);
    let last = plain.rsplit([' ', '-']).next().unwrap_or(plain);
    plain.split([' ', '-']).count() <= 2 && is_language(last)
}

/// The language that a sentence gives to the fix: `Some(None)` for English.
pub(crate) fn language_of(text: &str) -> Option<Option<String>> {
    let found = LANGUAGE_VERSION.captures_iter(text).find_map(|c| c.get(1).map(|m| m.as_str()))?;
    let lower = found.to_ascii_lowercase();
    if lower.contains("english") {
        return Some(None);
    }
    let name = found.strip_prefix("The ").unwrap_or(found);
    LANGUAGES.iter().any(|l| lower.contains(l)).then(|| Some(name.to_owned()))
}

/// `English`, `English (US)`, `EN`, `US`: the language that the model leaves out.
pub(crate) fn is_english(language: &str) -> bool {
    let lower = language.trim().to_ascii_lowercase();
    lower.starts_with("english") || matches!(lower.as_str(), "en" | "us" | "usa" | "enu" | "en-us" | "eng" | "u.s.")
}
