//! A row's words, with those joined that make one date, time, size or version.

use super::cells;

/// The most words of a row; a longer line is a sentence.
pub(crate) const MAX_WORDS: usize = 40;

/// What a word, or a few words that belong together, can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

/// The words of a line; parts of one date, time or size are joined (`7:54 pm`, `Oct 16, 2001`, `39, 424 bytes`).
pub(crate) fn words(line: &str) -> Vec<Word<'_>> {
    let mut plain: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(skip) = line[at..].find(|c: char| c != ' ' && c != '\u{a0}') {
        let start = at + skip;
        let end = line[start..].find([' ', '\u{a0}']).map_or(line.len(), |n| start + n);
        plain.push(Word { text: &line[start..end], start, end });
        at = end;
        if plain.len() > MAX_WORDS {
            break;
        }
    }
    let mut joined: Vec<Word<'_>> = Vec::with_capacity(plain.len());
    let mut i = 0;
    while i < plain.len() {
        let span = |n: usize| -> Option<Word<'_>> {
            let last = plain.get(i + n - 1)?;
            Some(Word { text: &line[plain[i].start..last.end], start: plain[i].start, end: last.end })
        };
        let word = plain[i];
        let next = plain.get(i + 1).map_or("", |w| w.text);
        let lower = next.to_ascii_lowercase();
        let take = if (cells::month(word.text).is_some() || cells::month(next).is_some())
            && span(3).is_some_and(|s| cells::date(s.text).is_some())
        {
            3
        } else if is_half_day(&word, &lower) || is_unit(&word, &lower) || is_version_tail(&word, &lower) {
            2
        } else if word.text.ends_with(',')
            && word.text.len() <= 4
            && next.len() >= 3
            && next.bytes().take(3).all(|b| b.is_ascii_digit())
            && word.text[..word.text.len() - 1].bytes().all(|b| b.is_ascii_digit())
        {
            // `39, 424 bytes` (Q131304).
            let unit = plain.get(i + 2).is_some_and(|w| w.text.to_ascii_lowercase().starts_with("byte"));
            if unit { 3 } else { 2 }
        } else {
            1
        };
        joined.push(span(take).unwrap_or(word));
        i += take;
    }
    joined
}

/// `7:54` before `pm`, `12:00` before `midnight` (Q313688).
fn is_half_day(word: &Word<'_>, next: &str) -> bool {
    word.text.contains(':')
        && matches!(next, "a" | "p" | "am" | "pm" | "a.m." | "p.m." | "a.m" | "p.m" | "midnight" | "noon")
}

/// `1.2(build` before `786)` (Q230242), `5.0.2195.4555` before `shp` (Q309562).
fn is_version_tail(word: &Word<'_>, next: &str) -> bool {
    word.text.to_ascii_lowercase().ends_with("(build") && next.ends_with(')')
        || next == "shp" && cells::is_version(word.text)
}

/// `106,768` before `bytes`, `249` before `KB`.
fn is_unit(word: &Word<'_>, next: &str) -> bool {
    matches!(next.trim_end_matches([',', ')']), "bytes" | "byte" | "kb" | "k" | "mb")
        && word.text.starts_with(|c: char| c.is_ascii_digit())
        && !word.text.contains(['/', ':'])
}
