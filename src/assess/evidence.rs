//! Evidence: the facts of a finding, and how they are written.

use std::cmp::Ordering;
use std::fmt;

use super::finding::{Demand, Finding};
use super::verdict::Verdict;
use crate::knowledge::Release;
use crate::{FileVersion, Machine};

/// Which of a file's versions was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// The numbers of `VS_FIXEDFILEINFO`.
    Fixed,
    /// The `FileVersion` string of the table with this key (`040904B0`).
    Text {
        /// The table's key.
        table: String,
    },
    /// The build of a system, which is not the version of a file.
    Build,
}

impl VersionSource {
    /// The name used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fixed => "fixed version",
            Self::Text { .. } => "version string",
            Self::Build => "build",
        }
    }
}

/// Two versions of the same shape and line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The file's.
    pub found: FileVersion,
    /// Which of the file's versions it is.
    pub source: VersionSource,
    /// The article's.
    pub required: FileVersion,
}

impl Comparison {
    /// The found version against the required one; `None` for different shapes, unless the build in the third number
    /// decides.
    pub fn ordering(&self) -> Option<Ordering> {
        self.found.partial_cmp(&self.required).or_else(|| by_build(&self.found, &self.required))
    }
}

/// Compares a version of three numbers with one of four by their third numbers, if both are builds: 5.5.1960.3 is older
/// than 5.5.2584 (Q223391). Below 1,000 the third number may be something else: `4.10.1998` is 4.10.0.1998.
pub(super) fn by_build(one: &FileVersion, other: &FileVersion) -> Option<Ordering> {
    const FIRST_BUILD: u32 = 1_000;
    match (one.components(), other.components()) {
        ([a, b, one, _], [c, d, other]) | ([a, b, one], [c, d, other, _])
            if (a, b) == (c, d) && one != other && *one.min(other) >= FIRST_BUILD =>
        {
            Some(one.cmp(other))
        }
        _ => None,
    }
}

/// The facts of a finding; a fact that was not compared is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The versions that were compared.
    pub comparison: Option<Comparison>,
    /// The file's machine.
    pub machine: Option<Machine>,
    /// The release line, service pack and branch of the file's version.
    pub found_release: Option<Release>,
    /// The release line, service pack and branch of the row's version.
    pub required_release: Option<Release>,
    /// Further facts: the error of an unreadable file, the language of the row.
    pub detail: Option<String>,
}

impl Evidence {
    /// Adds a further fact after the existing ones.
    pub(super) fn add(&mut self, fact: Option<String>) {
        self.detail = match (self.detail.take(), fact) {
            (Some(known), Some(fact)) => Some(format!("{known}, {fact}")),
            (known, fact) => known.or(fact),
        };
    }

    /// The required version, if the finding is missing.
    pub(super) fn demand(&self, finding: &Finding) -> Option<Box<Demand>> {
        if !matches!(finding.verdict(), Verdict::Missing | Verdict::LikelyMissing) {
            return None;
        }
        let (version, release) = (self.comparison.as_ref()?.required, self.required_release.clone()?);
        Some(Box::new(Demand { version, release }))
    }
}

impl fmt::Display for Evidence {
    /// `4.0.1381.7086 < 4.0.1381.7097 (fixed version, i386, Windows NT 4.0)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut notes = Vec::new();
        let mut head = String::new();
        if let Some(comparison) = &self.comparison {
            let sign = match comparison.ordering() {
                Some(Ordering::Less) => "<",
                Some(Ordering::Equal) => "=",
                Some(Ordering::Greater) => ">",
                None => "?",
            };
            head = format!("{} {sign} {}", comparison.found, comparison.required);
            notes.push(comparison.source.name().to_owned());
        }
        // Beside the versions or the product of the file it is clear whose processor this is.
        let is_bare = self.comparison.is_some() || self.found_release.is_some() || self.detail.is_none();
        notes.extend(self.machine.map(|m| if is_bare { m.to_string() } else { format!("file for {m}") }));
        match (&self.found_release, &self.required_release) {
            (Some(found), Some(required)) if found.place() != required.place() => {
                notes.push(format!("file belongs to {}, row to {}", found.place(), required.place()));
            }
            (Some(release), _) | (None, Some(release)) => notes.push(release.place()),
            (None, None) => {}
        }
        if head.is_empty() {
            head = self.detail.clone().unwrap_or_default();
        } else {
            notes.extend(self.detail.clone());
        }
        match (head.is_empty(), notes.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => write!(f, "file for {}", notes.join(", ")),
            (false, true) => f.write_str(&head),
            (false, false) => write!(f, "{head} ({})", notes.join(", ")),
        }
    }
}
