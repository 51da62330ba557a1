//! Finds the ranges of the release tables that can fit a version of a file: a few of about six hundred.

use super::release_table::{Letters, Range, Tables, start_key};

impl Tables {
    /// The places of all ranges that can fit a version of a file, and perhaps of some that cannot, in ascending order.
    /// `file` is the file's key. Bulletins put a W before the names of the 32-bit files of a 64-bit package.
    pub(super) fn places<'t>(&'t self, components: &'t [u32], file: &str) -> impl Iterator<Item = usize> + use<'t> {
        let of_start = |length: usize| {
            let key = start_key(&components[..length]);
            let found = self.starts.binary_search_by_key(&key, |start| start.key);
            found.ok().map(|place| self.starts[place].ranges.of(&self.places))
        };
        let unnamed = (0..=components.len().min(3)).rev().find_map(of_start).unwrap_or_default();
        let named = |name: &str| self.file_names.find(&self.text, name).map(|own| own.of(&self.places));
        let without_w = file.strip_prefix('w');
        let lists = [unnamed, named(file).unwrap_or_default(), without_w.and_then(named).unwrap_or_default()];
        let letters = without_w.map(Letters::of).map_or(Letters::of(file), |without| without.or(Letters::of(file)));
        Places { ranges: &self.ranges, lists, components, letters }
    }
}

/// See [`Tables::places`].
struct Places<'t> {
    ranges: &'t [Range],
    lists: [&'t [u16]; 3],
    components: &'t [u32],
    letters: Letters,
}

impl Places<'_> {
    fn may_fit(&self, place: u16) -> bool {
        let range = &self.ranges[usize::from(place)];
        range.letters.0 & self.letters.0 != 0
            && range.after.is_none_or(|(at, number)| self.components.get(usize::from(at)) == Some(&number))
            && self
                .components
                .get(usize::from(range.prefix.len))
                .is_none_or(|number| (range.from..=range.to).contains(number))
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        // Few files have ranges of their own.
        if let [list, [], []] = self.lists {
            let at = list.iter().position(|place| self.may_fit(*place))?;
            self.lists[0] = &list[at + 1..];
            return Some(usize::from(list[at]));
        }
        self.lists = self.lists.map(|list| {
            let at = list.iter().position(|place| self.may_fit(*place)).unwrap_or(list.len());
            &list[at..]
        });
        let next = self.lists.iter().filter_map(|list| list.first()).copied().min()?;
        for list in &mut self.lists {
            if let [first, rest @ ..] = *list
                && *first == next
            {
                *list = rest;
            }
        }
        Some(usize::from(next))
    }
}
