//! Builds of a file with both version *and* date: they limit the version of a row that has only a date.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;
use rayon::prelude::*;

use super::listed_row::Row;
use crate::catalog::{Catalog, FileRows, RowRef};
use crate::knowledge::{Headings, Knowledge, Line, Release};
use crate::{FileVersion, Machine};
use hotfixcheck_articles::{ClockTime, Text};

/// Dates at most this many days apart may be one day, printed in two time zones.
pub const MARGIN_DAYS: i32 = 2;

/// A row that states both a version and a date.
#[derive(Clone, Debug)]
pub struct Build {
    /// Its version.
    pub version: FileVersion,
    /// Its date.
    pub date: Date,
    /// Its time of day.
    pub time: Option<ClockTime>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Its machine; `None` where the row names none.
    pub machine: Option<Machine>,
    /// Its language; `None` for English.
    pub language: Option<Text>,
    /// The release line, service pack and branch of its version.
    pub release: Release,
    /// The row.
    pub source: RowRef,
}

/// Products and release lines in which versions are known not to follow the order of dates.
#[derive(Clone, Debug, Default)]
pub(super) struct Unordered {
    /// Sorted.
    pub pairs: Arc<[(String, String)]>,
    /// True if the list is complete: no other product of the catalogue is affected.
    pub is_complete: bool,
}

/// The builds of a catalogue by file.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    by_file: HashMap<String, Vec<Build>, RandomState>,
    /// Products, and the lines in which one of their files has a later build with an earlier version.
    unordered: HashMap<Text, HashSet<Line>>,
    /// The rows that show it.
    contradictions: Vec<RowRef>,
    /// More such products, each with a line, from a stored list; sorted.
    known: Arc<[(String, String)]>,
}

impl Neighbours {
    /// Collects the builds of all files, and decides whether each product's dates are in order.
    pub fn new(catalog: &Catalog, knowledge: &Knowledge) -> Self {
        let headings = Headings::of(catalog.iter(), &knowledge.products);
        let all = Self { by_file: by_file(catalog, knowledge, &headings, |_| true), ..Self::default() };
        all.with_contradictions(catalog)
    }

    /// Collects the builds of the files whose [`file_key`](crate::file_key) is wanted, in the catalogue's order. The
    /// products whose dates are not in order are either known, or found from the builds of all files.
    pub(super) fn of(
        catalog: &Catalog,
        knowledge: &Knowledge,
        headings: &Headings,
        unordered: &Unordered,
        wanted: &HashSet<&str, RandomState>,
    ) -> Self {
        let mut this = Self { known: Arc::clone(&unordered.pairs), ..Self::default() };
        if unordered.is_complete {
            if !wanted.is_empty() {
                this.by_file = by_file(catalog, knowledge, headings, |key| wanted.contains(key));
            }
        } else {
            this.by_file = by_file(catalog, knowledge, headings, |_| true);
            this = this.with_contradictions(catalog);
            this.by_file.retain(|key, _| wanted.contains(&**key));
        }
        this
    }

    /// Adds the products whose builds contradict each other.
    fn with_contradictions(self, catalog: &Catalog) -> Self {
        let Self { by_file, known, .. } = self;
        let mut unordered: HashMap<Text, HashSet<Line>> = HashMap::new();
        let mut contradictions = Vec::new();
        for build in by_file.values().flat_map(|builds| contradicted(builds)) {
            contradictions.push(build.source);
            for product in &catalog.articles()[build.source.article].products {
                unordered.entry(product.clone()).or_default().insert(build.release.line.clone());
            }
        }
        contradictions.sort_unstable();
        Self { by_file, unordered, contradictions, known }
    }

    /// Products, and release lines in which some file of the catalogue has a later build with an earlier version;
    /// sorted.
    pub fn unordered(&self) -> Vec<(String, String)> {
        let pairs = self
            .unordered
            .iter()
            .flat_map(|(product, lines)| lines.iter().map(|line| (product.to_string(), line.name().to_owned())));
        let mut pairs: Vec<(String, String)> = pairs.collect();
        pairs.sort();
        pairs
    }

    /// The rows of the catalogue that have an earlier version than an earlier build, or a later version than a later
    /// build, in order.
    pub fn contradictions(&self) -> &[RowRef] {
        &self.contradictions
    }

    /// False where some file of the product has a later build with an earlier version in this line (for a line that is
    /// not one of Windows: in any line). The product then has several branches, and dates say nothing about versions.
    pub fn is_ordered(&self, product: &str, release: &Release) -> bool {
        let of_product = &self.known[self.known.partition_point(|(known, _)| &**known < product)..];
        let mut of_product = of_product.iter().take_while(|(known, _)| known == product).peekable();
        let lines = self.unordered.get(product);
        if lines.is_none() && of_product.peek().is_none() {
            return true;
        }
        let has = |lines: &HashSet<Line>| lines.contains(&release.line);
        release.known && !lines.is_some_and(has) && !of_product.any(|(_, line)| line == release.line.name())
    }

    /// The builds of a file by its [`file_key`](crate::file_key).
    pub fn builds(&self, key: &str) -> &[Build] {
        self.by_file.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The builds of the wanted files, in the catalogue's order.
fn by_file(
    catalog: &Catalog,
    knowledge: &Knowledge,
    headings: &Headings,
    wanted: impl Fn(&str) -> bool + Sync,
) -> HashMap<String, Vec<Build>, RandomState> {
    let of_article = |place| of_article(catalog, place, knowledge, headings, &wanted);
    let builds: Vec<(&str, Build)> = (0..catalog.articles().len()).into_par_iter().flat_map_iter(of_article).collect();
    let mut by_file: HashMap<String, Vec<Build>, RandomState> = HashMap::default();
    for (key, build) in builds {
        // Most files have many.
        match by_file.get_mut(key) {
            Some(builds) => builds.push(build),
            None => drop(by_file.insert(key.to_owned(), vec![build])),
        }
    }
    by_file
}

/// The builds next to a date; see [`place`].
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The latest version that is dated before.
    pub before: Option<&'a Build>,
    /// The earliest version that is dated after.
    pub after: Option<&'a Build>,
}

/// The builds of an article's rows, with the keys of their files. Builds of other languages are left out, because their
/// dates do not apply to the others (KB828035: files of the Japanese NEC PC-9800 are months later, with earlier
/// numbers). So are versions under the heading of another Windows (KB873339: Hypertrm.dll 4.0.1381.842 of Terminal
/// Server Edition).
fn of_article<'a>(
    catalog: &'a Catalog,
    article: usize,
    knowledge: &'a Knowledge,
    headings: &'a Headings,
    wanted: &'a (impl Fn(&str) -> bool + Sync),
) -> impl Iterator<Item = (&'a str, Build)> + 'a {
    let facts = &catalog.articles()[article];
    let files = facts.files().iter().filter(|file| wanted(file.key));
    let rows = files.flat_map(|FileRows { key, rows, .. }| rows.iter().map(move |&row| (key, row)));
    rows.filter_map(move |(key, row)| {
        let fix = Row::of(facts, row, headings);
        let date = fix.date?;
        if fix.build_language.as_deref().is_some_and(|language| language != "English") {
            return None;
        }
        let version = fix.text().version?;
        let release = fix.release_under_heading(key, &knowledge.releases, headings)?;
        let scope = headings.scope(&fix.section);
        let line = release.line.name();
        if scope.is_some_and(|scope| scope.excludes(line)) && knowledge.products.lines().any(|windows| windows == line)
        {
            return None;
        }
        let build = Build {
            version,
            date,
            time: fix.time,
            size: fix.size,
            machine: fix.machine,
            language: fix.language.clone(),
            release,
            source: RowRef { article, row },
        };
        Some((key, build))
    })
}

/// The builds that have an earlier version than an earlier build, or a later version than a later build, in no
/// particular order. Builds are compared within one line, language and machine, and with as many numbers.
fn contradicted(builds: &[Build]) -> Vec<&Build> {
    let kind = |b: &&Build| (b.version.components().len(), b.machine, b.language.clone(), b.release.line.clone());
    let mut sorted: Vec<&Build> = builds.iter().collect();
    if sorted.len() < 2 {
        return Vec::new();
    }
    sorted.sort_by_cached_key(|build| (kind(build), build.date));
    let alike = |a: &&Build, b: &&Build| kind(a) == kind(b);
    sorted.chunk_by(alike).flat_map(of_one_kind).collect()
}

/// Such builds of one kind, in the order of their dates.
fn of_one_kind<'a>(builds: &[&'a Build]) -> Vec<&'a Build> {
    let apart = |early: &Build, late: &Build| days(early.date, late.date) > MARGIN_DAYS;
    let mut turned = vec![false; builds.len()];
    // First the latest version of the builds long before each one, then the earliest of those long after it.
    let (mut next, mut latest) = (0, None);
    for (place, build) in builds.iter().enumerate() {
        while apart(builds[next], build) {
            latest = later(latest, builds[next].version);
            next += 1;
        }
        turned[place] = latest.is_some_and(|latest| latest > build.version);
    }
    let (mut next, mut earliest) = (builds.len(), None);
    for (place, build) in builds.iter().enumerate().rev() {
        while apart(build, builds[next - 1]) {
            next -= 1;
            earliest = earlier(earliest, builds[next].version);
        }
        turned[place] |= earliest.is_some_and(|earliest| earliest < build.version);
    }
    builds.iter().zip(turned).filter(|(_, turned)| *turned).map(|(build, _)| *build).collect()
}

fn later(one: Option<FileVersion>, other: FileVersion) -> Option<FileVersion> {
    one.filter(|one| *one > other).or(Some(other))
}

fn earlier(one: Option<FileVersion>, other: FileVersion) -> Option<FileVersion> {
    one.filter(|one| *one < other).or(Some(other))
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
    // Two civil dates are at most a few million days apart.
    from.until(to).map_or(0, |span| span.get_days())
}
