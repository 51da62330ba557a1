//! Which service packs a kernel file stands for where it shows only bounds: data/kernel-packs.tsv.

use std::fmt;

use super::release::{Line, Pack};
use super::releases::Releases;

/// The table that ships with the program.
const TABLE: &str = include_str!("../../data/kernel-packs.tsv");

/// The least and the most service pack, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PackBounds {
    /// The system has at least this one.
    pub least: Option<Pack>,
    /// And at most this one.
    pub most: Option<Pack>,
}

impl PackBounds {
    /// True if a system with this service pack has no such file.
    pub(crate) fn excludes(&self, pack: &Pack) -> bool {
        self.least.as_ref().is_some_and(|least| pack < least) || self.most.as_ref().is_some_and(|most| pack > most)
    }
}

impl fmt::Display for PackBounds {
    /// `SP5 or later`, `SP4 or earlier`, `SP6a`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.least, &self.most) {
            (Some(least), Some(most)) if least == most => write!(f, "{least}"),
            (Some(least), Some(most)) => write!(f, "{least} to {most}"),
            (Some(least), None) => write!(f, "{least} or later"),
            (None, Some(most)) => write!(f, "{most} or earlier"),
            (None, None) => f.write_str("a service pack that is not known"),
        }
    }
}

/// The bounds for a kernel file of this line and revision, which is its version's last number; `None` if nothing is known.
pub(crate) fn packs_of_kernel(line: &Line, revision: u32, releases: &Releases) -> Option<PackBounds> {
    let mut records = TABLE.lines().filter(|record| !record.starts_with('#'));
    records.find_map(|record| {
        let mut columns = record.split('\t');
        let mut next = || columns.next();
        let is_of_line = next()? == line.name();
        let (from, to): (u32, u32) = (next()?.parse().ok()?, next()?.parse().ok()?);
        let (least, most) = (next()?, next()?);
        let bounds = || PackBounds { least: releases.pack(line, least), most: releases.pack(line, most) };
        (is_of_line && (from..=to).contains(&revision)).then(bounds)
    })
}
