//! One range of the tables of releases: which versions of which files, on which Windows.

use std::fmt::Write as _;

use super::builds::is_build;
use super::range_index::{Bounds, Letters, RangeKey};
use super::release::{Branch, Line, Pack};
use crate::name::lower_case;

/// A range of versions of some files, on some Windows.
#[derive(Clone, Debug)]
pub(super) struct Range {
    /// The index of its line in the table.
    pub line: usize,
    /// The first components.
    pub prefix: Vec<Component>,
    /// The lowest number after them.
    pub from: u32,
    /// The highest number after them.
    pub to: u32,
    /// The service pack of these versions.
    pub pack: Option<Pack>,
    /// The branch of these versions.
    pub branch: Option<Branch>,
    /// The Windows on which the range holds; empty for all.
    pub on: Vec<String>,
    /// Names of files that the range is for; empty for all.
    pub files: Vec<NamePattern>,
}

/// A file name in lower case, in which `*` stands for any characters.
#[derive(Clone, Debug)]
pub(super) enum NamePattern {
    /// A name without `*`.
    Is(String),
    /// The text before the first `*`, and the text after it.
    Like(String, String),
}

impl NamePattern {
    /// The pattern in a text of the table.
    pub(super) fn new(text: &str) -> Self {
        let text = lower_case(text);
        match text.split_once('*') {
            Some((head, tail)) => Self::Like(head.to_owned(), tail.to_owned()),
            None => Self::Is(text.into_owned()),
        }
    }

    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Is(own) => own == name,
            Self::Like(head, tail) => name.strip_prefix(head.as_str()).is_some_and(|rest| ends_like(tail, rest)),
        }
    }
}

/// One component of a range's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Component {
    /// This number.
    Is(u32),
    /// Any number.
    Any,
    /// Any number from this one on.
    From(u32),
    /// Any build of Windows 10 and later that was released.
    Build,
}

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

impl Range {
    /// The part of it that the index uses.
    pub(super) fn key(&self) -> RangeKey<'_> {
        fn name(pattern: &NamePattern) -> Option<&str> {
            match pattern {
                NamePattern::Is(name) => Some(name),
                NamePattern::Like(..) => None,
            }
        }
        // A pattern that begins with `*` fits any name.
        let letters = |pattern: &NamePattern| match pattern {
            NamePattern::Is(start) | NamePattern::Like(start, _) if !start.is_empty() => Letters::of(start),
            _ => Letters::ALL,
        };
        let names = self.files.iter().map(name).collect::<Option<Vec<&str>>>();
        let number = |own: &Component| match own {
            Component::Is(number) => Some(*number),
            _ => None,
        };
        let start: Vec<u32> = self.prefix.iter().take(3).map_while(number).collect();
        RangeKey {
            after: (start.len()..).zip(&self.prefix[start.len()..]).find_map(|(at, own)| Some((at, number(own)?))),
            start,
            names: names.filter(|names| !names.is_empty()),
            bounds: Bounds { component: self.prefix.len(), from: self.from, to: self.to },
            letters: self.files.iter().map(letters).reduce(Letters::or).unwrap_or(Letters::ALL),
        }
    }

    /// True if the range contains this version, whatever the file.
    pub(super) fn fits(&self, components: &[u32]) -> bool {
        components.len() >= self.prefix.len()
            && self.prefix.iter().zip(components).all(|(own, &number)| own.fits(number))
            && components.get(self.prefix.len()).is_none_or(|next| (self.from..=self.to).contains(next))
    }

    /// True if the range is for files of this name. Bulletins put a W before the names of the 32-bit files of a 64-bit
    /// package.
    pub(super) fn is_for(&self, file: &str) -> bool {
        let fits = |name: &str| self.files.iter().any(|pattern| pattern.fits(name));
        self.files.is_empty() || fits(file) || file.strip_prefix('w').is_some_and(fits)
    }

    /// True if its key matches several values: each of them is a line.
    pub(super) fn is_open(&self) -> bool {
        self.prefix.iter().any(|own| !matches!(own, Component::Is(_)))
    }

    /// The line; the numbers that match `*` in the key are added to its name: each build of Windows 10 is a line.
    pub(super) fn line_of(&self, known: &Line, components: &[u32]) -> Line {
        if !self.is_open() {
            return known.clone();
        }
        let wild = self.prefix.iter().zip(components).filter(|(own, _)| !matches!(own, Component::Is(_)));
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

/// A number of the table.
pub(super) fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("'{text}' is not a number"))
}

/// A component of a range's key: `5`, `6000+`, `build`, `*`.
pub(super) fn component(text: &str) -> Result<Component, String> {
    match text.strip_suffix('+') {
        _ if text == "*" => Ok(Component::Any),
        _ if text == "build" => Ok(Component::Build),
        Some(least) => number(least).map(Component::From),
        None => number(text).map(Component::Is),
    }
}
