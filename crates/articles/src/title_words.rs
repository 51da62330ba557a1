//! A quick check of the beginning of a line, before the line is searched for titles of columns.

use std::collections::HashSet;

use foldhash::fast::RandomState;

/// The first words of titles.
pub(crate) struct Beginnings {
    /// ASCII words by their first letter; all others in the last element.
    words: [Vec<&'static str>; LETTERS + 1],
    /// For each two letters the possible third letters, as bits. The last element is for words that do not begin with
    /// two letters.
    thirds: [u32; OTHERS + 1],
    /// The words of two to seven letters as numbers.
    short: HashSet<u64, RandomState>,
}

impl Beginnings {
    /// The first words of these titles, in lower case.
    pub(crate) fn new(titles: impl Iterator<Item = &'static str>) -> Self {
        let mut words: [Vec<&str>; LETTERS + 1] = Default::default();
        let mut thirds = [0; OTHERS + 1];
        // A word that does not begin with two letters may be of any language.
        thirds[OTHERS] = u32::MAX;
        for word in titles.filter_map(|title| title.split(' ').next()) {
            let place = place(word.as_bytes());
            thirds[place] |= third(word.as_bytes());
            let known = &mut words[place / LETTERS];
            if word.is_ascii() && !known.contains(&word) {
                known.push(word);
            }
        }
        let short = words.iter().flatten().filter_map(|word| packed(word.as_bytes())).collect();
        Self { words, thirds, short }
    }

    /// True for a line, without leading blanks, that may be a header or be inside a box. A header begins with the word
    /// of a title (marks may surround the only title of a table of names), or with any word before a wide gap. Nothing
    /// else begins a table; about one line in fifteen passes.
    pub(crate) fn may_begin_table(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let Some(first) = bytes.first() else { return false };
        matches!(first, b'|' | b'*' | b':')
            || first_blank(bytes).and_then(|end| bytes.get(end + 1)) == Some(&b' ')
            || self.may_begin(text)
    }

    /// True for a text whose first word begins a title. A word that has the beginning of a title and is not ASCII is
    /// accepted without a lookup.
    #[inline]
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        self.thirds[place(bytes)] & third(bytes) != 0 && self.has_first_word(bytes)
    }

    fn has_first_word(&self, text: &[u8]) -> bool {
        // Nearly every word is short, and a blank follows it.
        if let Some(eight) = text.first_chunk::<8>()
            && let Some(length) = first_blank_among(*eight)
            && let Some(word) = packed(&eight[..length])
        {
            return self.short.contains(&word);
        }
        // Any kind of blank ends a word.
        let ends = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
        let word = &text[..text.iter().position(ends).unwrap_or(text.len())];
        // Marks may follow the word.
        let bare = &word[..word.iter().rposition(|b| !matches!(b, b':' | b'*')).map_or(0, |last| last + 1)];
        !word.is_ascii()
            || self.words[place(text) / LETTERS].iter().any(|known| known.as_bytes().eq_ignore_ascii_case(bare))
    }
}

/// A word of two to seven letters in lower case as a number, which is faster to compare.
fn packed(word: &[u8]) -> Option<u64> {
    let letters = (2..8).contains(&word.len()) && word.iter().all(u8::is_ascii_alphabetic);
    letters.then(|| word.iter().fold(0, |packed, b| packed << 8 | u64::from(b | 32)))
}

/// The position of the first blank. Most first words are short: eight bytes are examined at once.
fn first_blank(bytes: &[u8]) -> Option<usize> {
    let Some(eight) = bytes.first_chunk() else { return bytes.iter().position(|b| *b == b' ') };
    first_blank_among(*eight).or_else(|| bytes[8..].iter().position(|b| *b == b' ').map(|at| at + 8))
}

#[inline]
fn first_blank_among(eight: [u8; 8]) -> Option<usize> {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    // A byte is a blank if no bit differs: a carry moves any differing low bit to the highest.
    let bits = u64::from_le_bytes(eight) ^ u64::from_ne_bytes([b' '; 8]);
    let blanks = !(((bits & LOW) + LOW) | bits | LOW);
    (blanks != 0).then(|| blanks.trailing_zeros() as usize / 8)
}

const LETTERS: usize = 26;

/// The index for words that do not begin with two letters.
const OTHERS: usize = LETTERS * LETTERS;

/// The index of the two letters with which a text begins.
#[inline]
fn place(text: &[u8]) -> usize {
    match text {
        [first, second, ..] if letter(*first) < LETTERS && letter(*second) < LETTERS => {
            letter(*first) * LETTERS + letter(*second)
        }
        _ => OTHERS,
    }
}

/// The bit of the third character of a text; all bits if it is not ASCII.
#[inline]
fn third(text: &[u8]) -> u32 {
    match text.get(2) {
        Some(b) if !b.is_ascii() => u32::MAX,
        Some(b) => 1 << letter(*b).min(LETTERS),
        None => 1 << LETTERS,
    }
}

/// The position of a letter in the alphabet; other characters give a larger number.
#[inline]
fn letter(b: u8) -> usize {
    usize::from((b | 32).wrapping_sub(b'a'))
}
