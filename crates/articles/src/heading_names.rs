//! Headings that consist of the names of products, packs, processors and branches, in any language: `Windows XP,
//! x86-Versionen`, `Pour toutes les versions 64 bits prises en charge de Windows 7`. The part of an article before such a
//! heading goes on below it. Words go in; whether any of them says something else comes out.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::folder::folder_cell;
use super::names::pack_at;
use super::spelling::{self, Kind as Name, plain};
use super::vocabulary::{self, Kind};

/// The longest such heading, in bytes.
const MAX_HEADING: usize = 200;

/// The words that may be between names, by their first character, the longest first.
static BETWEEN: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let mut words: HashMap<char, Vec<&str>> = HashMap::new();
    for word in vocabulary::words(Kind::Between) {
        if let Some(first) = word.chars().next() {
            words.entry(first).or_default().push(word);
        }
    }
    words.values_mut().for_each(|words| words.sort_by_key(|word| std::cmp::Reverse(word.len())));
    words
});

/// True for a heading that names a product or a processor and says nothing else.
pub(crate) fn names_only(heading: &str) -> bool {
    if heading.len() > MAX_HEADING {
        return false;
    }
    let text = plain(heading);
    let mut named = false;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if !first.is_alphanumeric() {
            // A dot begins a name (".NET Framework") or is part of a number; other dots end sentences.
            let length = spelling::at_start(rest).map(|(spelling, ..)| spelling.len());
            let mark =
                matches!(first, ' ' | ',' | '/' | '(' | ')' | ':' | '-' | '&' | '+' | '\u{3001}' | '\'' | '\u{2019}');
            if !mark && length.is_none() {
                return false;
            }
            named |= length.is_some() && !mark;
            at += if mark { first.len_utf8() } else { length.unwrap_or(1) };
            continue;
        }
        let name = spelling::at_start(rest);
        let between = between_at(rest);
        at += if let Some((length, _)) = pack_at(rest) {
            length
        } else if let Some((spelling, kind, _)) =
            name.filter(|(spelling, ..)| spelling.len() >= between.unwrap_or_default())
        {
            match kind {
                Name::System | Name::Component | Name::Machine => named = true,
                Name::End => return false,
                Name::Part | Name::Edition | Name::And | Name::Version | Name::Every => {}
            }
            spelling.len()
        } else if let Some(length) = between {
            length
        } else {
            match word_at(rest) {
                Some(word) if is_number(word) || word == "r2" || is_branch(word) => word.len(),
                _ => return false,
            }
        };
    }
    named
}

/// The length of the words at the start of a text that may be between names.
fn between_at(text: &str) -> Option<usize> {
    let ends_word = |word: &str| {
        let latin = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
        !(word.ends_with(latin) && text[word.len()..].starts_with(latin))
    };
    let words = BETWEEN.get(&text.chars().next()?)?;
    words.iter().find(|word| text.starts_with(**word) && ends_word(word)).map(|word| word.len())
}

/// The word of ASCII letters, digits and dots at the start of a text.
fn word_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(text.len());
    Some(text[..end].trim_end_matches('.')).filter(|word| !word.is_empty())
}

/// `2009`, `4.0`, `6a`, `22h2`: a number of a product, not of a file.
fn is_number(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.len() <= 6 && letters <= 1 && word.starts_with(|c: char| c.is_ascii_digit()) && word.split('.').count() <= 3
}

fn is_branch(word: &str) -> bool {
    folder_cell(word).is_some_and(|(branch, _)| branch.is_some())
}
