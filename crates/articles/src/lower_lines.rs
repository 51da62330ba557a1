//! The lines of a page in lower case, as one text that is searched at once for the words of every line.

use std::cell::OnceCell;
use std::ops::Range;

use super::vocabulary::{self, Kind};

/// Lines in lower case, without the blanks around them.
#[derive(Debug, Default)]
pub(crate) struct LowerLines {
    /// The lines, each followed by a line end: no word crosses it.
    text: String,
    /// The end of each line in `text`.
    ends: Vec<usize>,
    /// The lines that announce corrected files, found on first use: the lines above every table are checked.
    announcing: OnceCell<Vec<usize>>,
}

impl LowerLines {
    /// The lower-case form of these lines.
    pub(crate) fn of<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut all = Self::default();
        for line in lines {
            vocabulary::push_lower(&mut all.text, line);
            all.ends.push(all.text.len());
            all.text.push('\n');
        }
        all
    }

    /// A line by its index.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        self.text.get(self.start(index)..end)
    }

    /// The lines in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|index| self.get(index))
    }

    /// The lines that contain words of a kind, by index: the position of the first such words, and their meaning.
    pub(crate) fn find(&self, kind: Kind) -> impl Iterator<Item = (usize, Range<usize>, &'static str)> {
        let mut line = 0;
        let mut last = None;
        vocabulary::find_each(kind, &self.text).filter_map(move |(place, meaning)| {
            while self.ends.get(line).is_some_and(|end| *end < place.end) {
                line += 1;
            }
            let start = self.start(line);
            (last.replace(line) != Some(line)).then(|| (line, place.start - start..place.end - start, meaning))
        })
    }

    /// True for a line that announces corrected files.
    pub(crate) fn announces(&self, index: usize) -> bool {
        let announcing = || self.find(Kind::Announces).map(|(line, ..)| line).collect();
        self.announcing.get_or_init(announcing).binary_search(&index).is_ok()
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).and_then(|above| self.ends.get(above)).map_or(0, |end| end + 1)
    }
}
