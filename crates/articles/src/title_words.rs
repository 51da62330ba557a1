//! A cheap look at the beginning of a line, before it is asked for the title of a column.

/// The first words of titles.
pub(crate) struct Beginnings {
    words: Vec<&'static str>,
    /// For each first letter the letters that may come second.
    second: [u32; 26],
}

impl Beginnings {
    /// Of these titles, in lower case.
    pub(crate) fn new(titles: impl Iterator<Item = &'static str>) -> Self {
        let mut words: Vec<&str> = titles.filter_map(|title| title.split(' ').next()).collect();
        words.sort_unstable();
        words.dedup();
        let mut second = [0; 26];
        for word in &words {
            if let [a @ b'a'..=b'z', b @ b'a'..=b'z', ..] = word.as_bytes() {
                second[usize::from(a - b'a')] |= 1 << (b - b'a');
            }
        }
        Self { words, second }
    }

    /// True for a text whose first word begins a title, or is not ASCII: such words are not looked at.
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        if let [first, second, ..] = bytes
            && let [first @ b'a'..=b'z', second @ b'a'..=b'z'] = [first | 32, second | 32]
            && self.second[usize::from(first - b'a')] & 1 << (second - b'a') == 0
        {
            return false;
        }
        let word = &bytes[..bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len())];
        if !word.is_ascii() {
            return true;
        }
        let mut lower = [0; 24];
        let Some(lower) = lower.get_mut(..word.len()) else { return false };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        let end = lower.iter().rposition(|b| !matches!(b, b':' | b'*')).map_or(0, |last| last + 1);
        self.words.binary_search_by(|known| known.as_bytes().cmp(&lower[..end])).is_ok()
    }
}
