//! The tables of release lines as plain arrays. `build.rs` writes those of the program (it compiles this file, too), so
//! that no start reads a text; [`release_text`](super::release_text) makes them of a text.
//!
//! Entries name others by their places, and nothing points to anything: the system need not change the program's own
//! arrays when it loads them.

use std::borrow::Cow;

use super::release::{Branch, Order};

/// An array of the program, or one that was made of a text.
pub(super) type List<T> = Cow<'static, [T]>;

/// Release lines, and the ranges of versions that belong to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tables {
    /// All names, one after another.
    pub text: Cow<'static, str>,
    pub lines: List<LineEntry>,
    pub packs: List<PackEntry>,
    pub tags: List<TagEntry>,
    /// The places of lines by their names, as written and in lower case.
    pub line_names: Names,
    /// The ranges in the order in which they are tried: the first one that fits is used.
    pub ranges: List<Range>,
    pub components: List<Component>,
    pub patterns: List<Pattern>,
    /// Places of lines of Windows.
    pub on: List<u16>,
    /// Ranges for files of any name, by the first components of a version; sorted by these.
    pub starts: List<Start>,
    /// Ranges for files of certain names.
    pub file_names: Names,
    /// Places of ranges, each list of them in ascending order.
    pub places: List<u16>,
}

/// Entries that follow one another, or the bytes of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub at: u32,
    pub len: u16,
}

impl Span {
    /// These entries of a list.
    pub(super) fn of<T>(self, list: &[T]) -> &[T] {
        let at = self.at as usize;
        &list[at..at + usize::from(self.len)]
    }

    /// This part of the text.
    pub(super) fn in_text(self, text: &str) -> &str {
        let at = self.at as usize;
        &text[at..at + usize::from(self.len)]
    }
}

/// A release line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineEntry {
    pub name: Span,
    /// True for a line of Windows itself, false for one of a component.
    pub of_windows: bool,
    pub order: Order,
    /// Whether some of its service packs are those of Windows.
    pub has_packs_of_windows: bool,
    pub packs: Span,
    pub tags: Span,
}

/// A service pack of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackEntry {
    pub name: Span,
    pub kind: PackKind,
}

/// What a service pack belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackKind {
    /// The Windows that the line is for.
    Windows,
    /// The product itself.
    Product,
    /// Not a service pack, but an update that splits the rows of an article; users do not install it under this name.
    Baseline,
}

/// What a `FileVersion` string contains, lower case, and the branch it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TagEntry {
    pub part: Span,
    pub branch: Branch,
}

/// A range of versions of some files, on some Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The place of its line.
    pub line: u16,
    /// The service pack of these versions: its place among those of the line.
    pub pack: Option<u16>,
    /// The branch of these versions.
    pub branch: Option<Branch>,
    /// The first components.
    pub prefix: Span,
    /// The lowest number after them.
    pub from: u32,
    /// The highest number after them.
    pub to: u32,
    /// The Windows on which the range holds; empty for all.
    pub on: Span,
    /// Names of files that the range is for; empty for all.
    pub files: Span,
    /// The letters that these names can begin with.
    pub letters: Letters,
    /// The first single number after the start (see [`Start`]), and its place: the third of `*.*.2600`.
    pub after: Option<(u16, u32)>,
}

/// One component of a range's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// A file name in lower case, in which `*` stands for any characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The text before the first `*`, or the whole name.
    pub head: Span,
    /// The text after the first `*`.
    pub tail: Option<Span>,
}

/// The ranges for versions that begin with these numbers, up to the third, and those for versions that begin with fewer of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub key: StartKey,
    pub ranges: Span,
}

/// How many numbers a start has, and the numbers; zeros after them.
pub(super) type StartKey = (u8, [u32; 3]);

/// The key of at most three numbers.
pub(super) fn start_key(numbers: &[u32]) -> StartKey {
    let mut key = [0; 3];
    key[..numbers.len()].copy_from_slice(numbers);
    (numbers.len() as u8, key)
}

/// Some first letters of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters(pub u32);

impl Letters {
    pub(super) const ALL: Self = Self(u32::MAX);

    /// The first letter of a name; what is not a letter from a to z stands for all others.
    pub(super) fn of(name: &str) -> Self {
        let letter = name.bytes().next().and_then(|first| first.checked_sub(b'a')).filter(|letter| *letter < 26);
        Self(1 << letter.unwrap_or(26))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Names by their hash, and what each stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Where the names of each hash begin, and where the last ones end; a power of two of hashes.
    pub buckets: List<u32>,
    pub names: List<Name>,
}

/// A name, and the entries that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub text: Span,
    pub what: Span,
}

impl Names {
    /// What a name stands for.
    pub(super) fn find(&self, text: &str, name: &str) -> Option<Span> {
        let bucket = bucket(name, self.buckets.len().checked_sub(1).filter(|count| *count > 0)?);
        let (from, to) = (self.buckets[bucket], self.buckets[bucket + 1]);
        let names = &self.names[from as usize..to as usize];
        names.iter().find(|own| own.text.in_text(text) == name).map(|own| own.what)
    }
}

/// The bucket of a name, of so many (FNV-1a).
pub(super) fn bucket(name: &str, count: usize) -> usize {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 15) as usize & (count - 1)
}
