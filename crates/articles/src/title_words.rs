//! A cheap look at the beginning of a line, before it is asked for the title of a column.

/// The first words of titles.
pub(crate) struct Beginnings {
    /// Those in ASCII by their first letter; all others in the last place.
    words: [Vec<&'static str>; LETTERS + 1],
    /// For each two letters what may come third, as bits; of what does not begin with two letters in the last place.
    thirds: [u32; OTHERS + 1],
}

impl Beginnings {
    /// Of these titles, in lower case.
    pub(crate) fn new(titles: impl Iterator<Item = &'static str>) -> Self {
        let mut words: [Vec<&str>; LETTERS + 1] = Default::default();
        let mut thirds = [0; OTHERS + 1];
        // A word of a text that does not begin with two letters may be of any language.
        thirds[OTHERS] = u32::MAX;
        for word in titles.filter_map(|title| title.split(' ').next()) {
            let place = place(word.as_bytes());
            thirds[place] |= third(word.as_bytes());
            let known = &mut words[place / LETTERS];
            if word.is_ascii() && !known.contains(&word) {
                known.push(word);
            }
        }
        Self { words, thirds }
    }

    /// True for a line, without the blanks before it, that may be a header or stand in a box: a header begins with the word
    /// of a title (marks may stand around the only title of a table of names), or with any words and a wide gap after the
    /// first one. Nothing else begins a table, and one line in some fifteen is like that.
    pub(crate) fn may_begin_table(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let Some(first) = bytes.first() else { return false };
        let gap = bytes.iter().position(|b| *b == b' ').and_then(|end| bytes.get(end + 1));
        gap == Some(&b' ') || matches!(first, b'|' | b'*' | b':') || self.may_begin(text)
    }

    /// True for a text whose first word begins a title, or begins like one and is not ASCII: such words are not looked at.
    #[inline]
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        self.thirds[place(bytes)] & third(bytes) != 0 && self.has_first_word(bytes)
    }

    fn has_first_word(&self, text: &[u8]) -> bool {
        // A blank of whatever kind ends a word.
        let ends = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
        let word = &text[..text.iter().position(ends).unwrap_or(text.len())];
        // Marks may follow it.
        let bare = &word[..word.iter().rposition(|b| !matches!(b, b':' | b'*')).map_or(0, |last| last + 1)];
        !word.is_ascii()
            || self.words[place(text) / LETTERS].iter().any(|known| known.as_bytes().eq_ignore_ascii_case(bare))
    }
}

const LETTERS: usize = 26;

/// The place of words that do not begin with two letters.
const OTHERS: usize = LETTERS * LETTERS;

/// The place of the two letters that a text begins with.
#[inline]
fn place(text: &[u8]) -> usize {
    match text {
        [first, second, ..] if letter(*first) < LETTERS && letter(*second) < LETTERS => {
            letter(*first) * LETTERS + letter(*second)
        }
        _ => OTHERS,
    }
}

/// The bit of what comes third in a text; all bits where it is not ASCII.
#[inline]
fn third(text: &[u8]) -> u32 {
    match text.get(2) {
        Some(b) if !b.is_ascii() => u32::MAX,
        Some(b) => 1 << letter(*b).min(LETTERS),
        None => 1 << LETTERS,
    }
}

/// The place of a letter in the alphabet; that of another character is larger.
#[inline]
fn letter(b: u8) -> usize {
    usize::from((b | 32).wrapping_sub(b'a'))
}
