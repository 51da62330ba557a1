//! The lines of a page in lower case, for the words that are looked for in each: one text, which is looked through at once.

use std::cell::OnceCell;
use std::ops::Range;

use super::vocabulary::{self, Kind};

/// Lines in lower case, without the blanks around them.
#[derive(Debug, Default)]
pub(crate) struct LowerLines {
    /// The lines, each with a line end after it: no word goes over one.
    text: String,
    /// Where each line ends in `text`.
    ends: Vec<usize>,
    /// The lines that announce corrected files, once they are asked for: those above each table are.
    announcing: OnceCell<Vec<usize>>,
}

impl LowerLines {
    /// Of these lines.
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

    /// The lines that hold words of a kind, by their index: where the first of them stand, and what they mean.
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
