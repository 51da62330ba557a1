//! Builds of a file that the catalogue knows by version *and* date: they bound the version of a row that has only a date.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::{Catalog, RowRef, file_key};
use crate::release::{Line, Release, Releases};
use crate::{FileVersion, Machine};

/// Dates no further apart may be one day, printed in two time zones.
pub const MARGIN_DAYS: i32 = 2;

/// A row that states both a version and a date.
#[derive(Clone, Debug)]
pub struct Build {
    /// Its version.
    pub version: FileVersion,
    /// Its date.
    pub date: Date,
    /// Its time of day, 24-hour `HH:MM`.
    pub time: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Its machine; `None` where the row names none.
    pub machine: Option<Machine>,
    /// Its language; `None` for English.
    pub language: Option<String>,
    /// Where its version belongs.
    pub release: Release,
    /// The row.
    pub source: RowRef,
}

/// The builds of a catalogue by file.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    by_file: HashMap<String, Vec<Build>>,
    /// Products and lines in which some file has a later build of an earlier version.
    unordered: HashSet<(String, Line)>,
    /// The rows that say so.
    contradictions: Vec<RowRef>,
}

impl Neighbours {
    /// Collects the builds of the files whose [`file_key`] is wanted, in the catalogue's order. What is told of whole
    /// products is told by the builds of all files.
    pub fn new(catalog: &Catalog, releases: &Releases, wanted: impl Fn(&str) -> bool) -> Self {
        let mut by_file: HashMap<String, Vec<Build>> = HashMap::new();
        for (article, facts) in catalog.articles().iter().enumerate() {
            for (row, fix) in facts.fixes.iter().enumerate() {
                let (Some(printed), Some(date)) = (&fix.version, fix.date) else { continue };
                let Some(version) = FileVersion::from_resource_string(printed) else { continue };
                by_file.entry(file_key(&fix.file)).or_default().push(Build {
                    version,
                    date,
                    time: fix.time.clone(),
                    size: fix.size,
                    machine: fix.machine,
                    language: fix.language.clone(),
                    release: releases.of(&version, Some(printed)),
                    source: RowRef { article, row },
                });
            }
        }
        let mut unordered = HashSet::new();
        let mut contradictions = Vec::new();
        for build in by_file.values().flat_map(|builds| contradicted(builds)) {
            contradictions.push(build.source);
            for product in &catalog.articles()[build.source.article].products {
                unordered.insert((product.clone(), build.release.line.clone()));
            }
        }
        by_file.retain(|key, _| wanted(key));
        contradictions.sort_unstable();
        Self { by_file, unordered, contradictions }
    }

    /// The rows of the catalogue that have an earlier version than an earlier build, or are followed by such, in order.
    pub fn contradictions(&self) -> &[RowRef] {
        &self.contradictions
    }

    /// False where some file of the product has a later build of an earlier version, in this line; for a line that is not
    /// one of Windows, in any: several branches go on side by side there, and dates tell nothing of versions.
    pub fn is_ordered(&self, product: &str, release: &Release) -> bool {
        let of_product = |(name, line): &(String, Line)| name == product && (!release.known || *line == release.line);
        !self.unordered.iter().any(of_product)
    }

    /// The builds of a file by its [`file_key`].
    pub fn builds(&self, key: &str) -> &[Build] {
        self.by_file.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The builds next to a date; see [`place`].
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The latest version that is dated before.
    pub before: Option<&'a Build>,
    /// The earliest version that is dated after.
    pub after: Option<&'a Build>,
}

/// The builds that have an earlier version than an earlier one, or are followed by such.
fn contradicted(builds: &[Build]) -> Vec<&Build> {
    let alike =
        |a: &Build, b: &Build| a.release.line == b.release.line && a.language == b.language && a.machine == b.machine;
    let turned = |early: &Build, late: &Build| {
        days(early.date, late.date) > MARGIN_DAYS && early.version > late.version && alike(early, late)
    };
    builds.iter().filter(|a| builds.iter().any(|b| turned(a, b) || turned(b, a))).collect()
}

/// The builds around a date, more than [`MARGIN_DAYS`] apart from it.
///
/// The builds must be comparable: of one file, machine, language and line, with as many numbers.
pub fn place<'a>(builds: &[&'a Build], date: Date) -> Place<'a> {
    let order = |a: &&'a Build, b: &&'a Build| a.version.partial_cmp(&b.version).unwrap_or(std::cmp::Ordering::Equal);
    let builds = || builds.iter().copied();
    Place {
        before: builds().filter(|b| days(b.date, date) > MARGIN_DAYS).max_by(order),
        after: builds().filter(|b| days(date, b.date) > MARGIN_DAYS).min_by(order),
    }
}

/// Days from one date to another; negative when the other is earlier.
pub fn days(from: Date, to: Date) -> i32 {
    // Two civil dates are at most some million days apart.
    from.until(to).map_or(0, |span| span.get_days())
}
