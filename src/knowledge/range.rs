//! One range of the tables of releases: which versions of which files, on which Windows.

use std::fmt::Write as _;

use super::builds::is_build;
use super::release::Line;
use super::release_table::{Component, Pattern, Range, Tables};

impl Component {
    fn fits(self, number: u32) -> bool {
        match self {
            Self::Is(own) => own == number,
            Self::Any => true,
            Self::From(least) => number >= least,
            Self::Build => is_build(number),
        }
    }
}

impl Pattern {
    fn fits(&self, text: &str, name: &str) -> bool {
        let head = self.head.in_text(text);
        match self.tail {
            None => head == name,
            Some(tail) => name.strip_prefix(head).is_some_and(|rest| ends_like(tail.in_text(text), rest)),
        }
    }
}

impl Range {
    /// True if the range contains this version, whatever the file.
    pub(super) fn fits(&self, tables: &Tables, components: &[u32]) -> bool {
        let prefix = self.prefix.of(&tables.components);
        components.len() >= prefix.len()
            && prefix.iter().zip(components).all(|(own, &number)| own.fits(number))
            && components.get(prefix.len()).is_none_or(|next| (self.from..=self.to).contains(next))
    }

    /// True if the range is for files of this name. Bulletins put a W before the names of the 32-bit files of a 64-bit
    /// package.
    pub(super) fn is_for(&self, tables: &Tables, file: &str) -> bool {
        let patterns = self.files.of(&tables.patterns);
        let fits = |name: &str| patterns.iter().any(|pattern| pattern.fits(&tables.text, name));
        patterns.is_empty() || fits(file) || file.strip_prefix('w').is_some_and(fits)
    }

    /// True if its key matches several values: each of them is a line.
    pub(super) fn is_open(&self, tables: &Tables) -> bool {
        self.prefix.of(&tables.components).iter().any(|own| !matches!(own, Component::Is(_)))
    }

    /// The line; the numbers that match `*` in the key are added to its name: each build of Windows 10 is a line.
    pub(super) fn line_of(&self, tables: &Tables, known: &Line, components: &[u32]) -> Line {
        if !self.is_open(tables) {
            return known.clone();
        }
        let prefix = self.prefix.of(&tables.components);
        let wild = prefix.iter().zip(components).filter(|(own, _)| !matches!(own, Component::Is(_)));
        let mut name = String::with_capacity(known.name().len() + 16);
        name.push_str(known.name());
        for (place, (_, number)) in wild.enumerate() {
            let _ = write!(name, "{}{number}", if place == 0 { ' ' } else { '.' });
        }
        Line::new(&name)
    }
}

/// True if some end of `rest` matches the part of a pattern after its `*`.
fn ends_like(tail: &str, rest: &str) -> bool {
    let Some((head, tail)) = tail.split_once('*') else { return rest.ends_with(tail) };
    rest.char_indices().any(|(at, _)| rest[at..].strip_prefix(head).is_some_and(|rest| ends_like(tail, rest)))
}
