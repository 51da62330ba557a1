//! Shared by the headers of several layouts: lists of keywords, ids inside a text, YAML scalars.

use hotfixcheck_types::KbId;

/// Words separated by blanks, commas or semicolons, each once.
pub(super) fn keywords(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    add_keywords(&mut found, text);
    found
}

/// Adds the keywords of a further line.
pub(super) fn add_keywords(found: &mut Vec<String>, text: &str) {
    let line = found.len();
    for word in text.split([' ', ',', ';']).map(str::trim).filter(|w| !w.is_empty()) {
        if !found[line..].iter().any(|k| k == word) {
            found.push(word.to_owned());
        }
    }
}

/// The first article id in a text that is marked as one: `KB4524334`, `(Q265433)`, `KB 910009`.
pub(super) fn marked_id(text: &str) -> Option<KbId> {
    let mut before = "";
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).find_map(|word| {
        let marked = word.len() > 5 && (word.starts_with("KB") || word.starts_with('Q'));
        let apart = before.eq_ignore_ascii_case("kb") && (6..=7).contains(&word.len());
        before = word;
        if marked && word.ends_with(|c: char| c.is_ascii_digit()) || apart && word.bytes().all(|b| b.is_ascii_digit()) {
            word.parse().ok()
        } else {
            None
        }
    })
}

/// A one-line YAML scalar: quotes removed, `\"` and `\\` unescaped.
pub(super) fn yaml_scalar(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.trim_matches('\'').to_owned(),
    }
}

/// The bulletin of a page, from its title: `Security Bulletin MS05-040 - Important`.
pub(super) fn bulletin(title: &str) -> Option<String> {
    title.match_indices("MS").find_map(|(at, _)| {
        let id = title.get(at..at + "MS05-040".len())?;
        let digits = |range: std::ops::Range<usize>| id[range].bytes().all(|b| b.is_ascii_digit());
        let whole = !title[at + id.len()..].starts_with(|c: char| c.is_ascii_digit());
        (id.is_ascii() && digits(2..4) && id.as_bytes()[4] == b'-' && digits(5..8) && whole).then(|| id.to_owned())
    })
}
