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
    /// The bytes with which words begin.
    firsts: [bool; 256],
    /// The words of two to fifteen letters as numbers.
    packed: HashSet<u128, RandomState>,
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
        let mut firsts = [false; 256];
        for first in words.iter().flatten().filter_map(|word| word.bytes().next()) {
            firsts[usize::from(first)] = true;
            firsts[usize::from(first.to_ascii_uppercase())] = true;
        }
        let packed = words.iter().flatten().filter_map(|word| packed_word(word.as_bytes())).collect();
        Self { words, thirds, firsts, packed }
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
        // Nearly every word is a short one of letters.
        if let Some(head) = text.first_chunk()
            && let Some(length @ 2..) = first_blank_among(head)
            && let Some(word) = packed(head, length)
        {
            return self.packed.contains(&word);
        }
        // Rulers, marks and numbers of lists begin no title. Only words that are not ASCII are accepted without a lookup.
        let begins = text.first().is_some_and(|first| self.firsts[usize::from(*first)]);
        if !begins && text[..first_blank(text).unwrap_or(text.len())].is_ascii() {
            return false;
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

/// How many bytes at the beginning of a line are examined at once: nearly all first words are shorter.
const HEAD: usize = 16;

/// One byte, for each byte of the head of a line.
const fn each(byte: u8) -> u128 {
    u128::from_ne_bytes([byte; HEAD])
}

/// A word of letters at the beginning of a line, in lower case as a number, which is faster to look up than text.
#[inline]
fn packed(head: &[u8; HEAD], length: usize) -> Option<u128> {
    let own = u128::MAX >> (8 * (HEAD - length));
    let word = (u128::from_le_bytes(*head) | each(b' ')) & own;
    // A carry sets the highest bit of each byte that is at least `a`, and of each that is more than `z`.
    let low = word & each(0x7f);
    let letters = (low + each(0x80 - b'a')) & !(low + each(0x7f - b'z')) & !word & each(0x80);
    (letters == each(0x80) & own).then_some(word)
}

/// The same for a whole word.
fn packed_word(word: &[u8]) -> Option<u128> {
    let mut head = [b' '; HEAD];
    head.get_mut(..word.len()).filter(|_| (2..HEAD).contains(&word.len()))?.copy_from_slice(word);
    packed(&head, word.len())
}

/// The position of the first blank.
fn first_blank(bytes: &[u8]) -> Option<usize> {
    let Some(head) = bytes.first_chunk() else { return bytes.iter().position(|b| *b == b' ') };
    first_blank_among(head).or_else(|| memchr::memchr(b' ', &bytes[HEAD..]).map(|at| at + HEAD))
}

#[inline]
fn first_blank_among(head: &[u8; HEAD]) -> Option<usize> {
    // A byte is a blank if no bit differs: a carry moves any differing low bit to the highest.
    let bits = u128::from_le_bytes(*head) ^ each(b' ');
    let blanks = !(((bits & each(0x7f)) + each(0x7f)) | bits) & each(0x80);
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

#[cfg(test)]
mod tests {
    use super::Beginnings;

    #[test]
    fn words_of_any_length_and_marks_are_found() {
        let titles =
            ["file name", "file(s)", "date/time", "größe", "sp", "a very", "abcdefghijklmno", "abcdefghijklmnop x"];
        let beginnings = Beginnings::new(titles.into_iter());
        let begins = [
            "File name   Version",
            "FILE",
            "file(s)",
            "File(s):  Size",
            "Date/Time",
            "Größe",
            "SP",
            "abcdefghijklmno z",
        ];
        let others = [
            "",
            " ",
            "fil",
            "files",
            "file)s(",
            "date",
            "=====================",
            "- file",
            "1. file",
            "gross",
            "abcdefghijklmn o",
        ];
        assert!(
            begins.into_iter().chain(["abcdefghijklmnop", "file:* x", "-größe"]).all(|text| beginnings.may_begin(text))
        );
        assert_eq!(others.into_iter().find(|text| beginnings.may_begin(text)), None);
    }
}
