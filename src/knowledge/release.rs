//! Release lines and branches: which release, service pack and branch a file version belongs to.
//!
//! Versions are compared only within one line. The figures are data (`data/releases.tsv`), each with its source.

use std::fmt;
use std::sync::Arc;

/// A release line: versions of one line can be compared, versions of two cannot.
///
/// Known lines have the product's name (`Windows NT 4.0`); all others are named by their first components (`4.2.x`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(Arc<str>);

impl Line {
    /// A line of this name.
    pub(crate) fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The Windows that the line belongs to, as articles name it. A build of Windows 10 and later is a line of its own,
    /// but product lists do not name it.
    pub fn windows(&self) -> &str {
        const FIRST_BUILD: u32 = 10_240;
        let parts = self.0.rsplit_once(' ');
        let plain = parts.filter(|(_, build)| build.parse::<u32>().is_ok_and(|build| build >= FIRST_BUILD));
        plain.map_or(&*self.0, |(plain, _)| plain)
    }

    /// True for a line that is one build of the other line: `Windows 10 and later 19045`.
    pub(crate) fn is_build_of(&self, other: &Self) -> bool {
        self.0.strip_prefix(&*other.0).is_some_and(|build| build.starts_with(' '))
    }

    /// The line's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A service pack of a line, ordered from the oldest; packs of two lines have no meaningful order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pack {
    /// Its index in the line; 0 is the release itself.
    index: usize,
    name: Arc<str>,
}

impl Pack {
    /// The pack of this name and index in its line.
    pub(super) fn new(index: usize, name: &str) -> Self {
        Self { index, name: name.into() }
    }

    /// True for the release itself, before any service pack.
    pub fn is_release(&self) -> bool {
        self.index == 0
    }

    /// `RTM`, `4`, `6a`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `RTM` and the `Update` of Windows 8.1 have no number.
        let is_number = self.name.starts_with(|first: char| first.is_ascii_digit());
        if is_number { write!(f, "SP{}", self.name) } else { f.write_str(&self.name) }
    }
}

/// A service branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Branch {
    /// General distribution: fixes sent to everyone.
    Gdr,
    /// Limited distribution, earlier called QFE: all fixes, also those only given on request.
    Ldr,
    /// The Japanese edition, where its builds have a series of numbers of their own (Terminal Server Edition).
    Japanese,
}

impl Branch {
    /// The branch that a column of an article names: `GDR`, `SP2GDR`, `LDR`, `SP2QFE`, `SP3QFE\\WOW`. `None` where it
    /// names neither or both.
    pub fn from_word(word: &str) -> Option<Self> {
        let (mut is_gdr, mut is_ldr) = (false, false);
        // Bytes will do: those of other characters are not letters.
        for part in word.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| part.len() <= 6) {
            let ends_with = |branch: &[u8]| part.last_chunk::<3>().is_some_and(|end| end.eq_ignore_ascii_case(branch));
            is_gdr |= ends_with(b"GDR");
            is_ldr |= ends_with(b"LDR") || ends_with(b"QFE");
        }
        match (is_gdr, is_ldr) {
            (true, false) => Some(Self::Gdr),
            (false, true) => Some(Self::Ldr),
            _ => None,
        }
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gdr => "GDR",
            Self::Ldr => "LDR",
            Self::Japanese => "Japanese",
        })
    }
}

/// How several rows of one file are distinguished inside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One branch: plain number order.
    Number,
    /// The row of the file's own service pack judges it.
    ServicePack,
    /// The updates raise the product from one version, the first two numbers, to a later one. A row of the file's own version
    /// judges it, else one of a later version. A file of a later version does not show the fix of an earlier one.
    Raised,
}

/// The release line, service pack and branch of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its line.
    pub line: Line,
    /// True for a line of Windows itself, false for one of a component or one made of the version's first components.
    pub known: bool,
    /// How rows are distinguished in this line.
    pub order: Order,
    /// The service pack that the revision shows.
    pub service_pack: Option<Pack>,
    /// The branch that the revision, or else the tag of the `FileVersion` string, shows.
    pub branch: Option<Branch>,
}

impl Release {
    /// The line, with the service pack and branch if these matter in it: `Windows XP SP2 GDR`, `4.2.x`.
    pub fn place(&self) -> String {
        let pack = self.service_pack.as_ref().filter(|_| self.order == Order::ServicePack);
        let pack = pack.map(|p| format!(" {p}")).unwrap_or_default();
        let branch = self.branch.map(|b| format!(" {b}")).unwrap_or_default();
        format!("{}{pack}{branch}", self.line)
    }
}
