//! Rows without a version: judged by size, date, build time and other rows of the catalogue. The verdict is at most
//! *likely*.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};

use super::case::Case;
use super::claims::{Claim, answer};
use super::context::Context;
use super::evidence::Evidence;
use super::link_day::{BORLAND_STAMP, ZONE_HOURS, is_plausible, link_day, moment, seconds};
use super::listed_row::Row;
use super::neighbours::{Build, MARGIN_DAYS, days, place};
use super::reason::Reason;
use crate::FileVersion;
use crate::knowledge::{Line, Order, Release, is_executable_name};
use hotfixcheck_articles::ClockTime;

/// A file is linked at most this many days before the date that its article prints.
pub(super) const LINK_DAYS: i32 = 31;
/// Some builds got new dates later. A file that was linked this many days before a row's date is another build.
const OTHER_BUILD_DAYS: i32 = 180;
/// A file dated by its own article is linked at most this many days before.
const SAME_BUILD_DAYS: i32 = 3;
/// A shorter version does not show its release line.
const MIN_COMPONENTS: usize = 3;

/// The answer of the strongest check that gives one.
pub(super) fn judge(case: &Case, context: &Context) -> (Reason, Evidence) {
    let evidence = Evidence { machine: case.binary.and_then(|b| b.machine), ..Evidence::default() };
    let Some(date) = case.row.date else {
        return (Reason::NoVersionInArticle, evidence);
    };
    // The size and the day of one build are enough, even where dates say nothing about versions (asp.dll in Q192296).
    if let Some(detail) = same_size_and_date(case, date, context) {
        return (Reason::SameSizeAndDate, Evidence { detail: Some(detail), ..evidence });
    }
    // A product with several branches has older versions with later dates: dates say nothing about versions.
    let ordered = |claim: &Claim| {
        // `1493.2210` is the end of a version: its release line is not known.
        claim.version.components().len() >= MIN_COMPONENTS
            && case.article.products.iter().all(|product| context.neighbours.is_ordered(product, &claim.release))
    };
    if !case.claims.first().is_none_or(ordered) {
        return (Reason::NoVersionInArticle, evidence);
    }
    let answer = known_build(case, date, context).or_else(|| by_line(case, date, context));
    let answer = answer.or_else(|| by_written_date(case, date, context));
    match answer {
        Some((reason, more)) => (reason, Evidence { machine: evidence.machine, ..more }),
        None => (Reason::NoVersionInArticle, evidence),
    }
}

/// The file has the size and the date of the row.
fn same_size_and_date(case: &Case, date: Date, context: &Context) -> Option<String> {
    let size = case.row.size.filter(|size| case.entry.size == Some(*size))?;
    // A file that was linked long before the row's date is not that build, whatever its size and date.
    if built(case).is_some_and(|built| days(built, date) > LINK_DAYS) {
        return None;
    }
    // Some products were built every day: builds of the same size and almost the same day have different versions.
    let builds = context.neighbours.builds(case.key);
    let near = |b: &&Build| b.size == Some(size) && days(b.date, date).abs() <= MARGIN_DAYS;
    let other = |b: &Build| case.claims.iter().all(|claim| claim.version != b.version);
    if !case.claims.is_empty() && builds.iter().filter(near).any(other) {
        return None;
    }
    let modified = case.entry.modified.and_then(moment);
    let modified = modified.filter(|found| match moment_of(date, case.row.time) {
        Some(printed) => same_moment(printed, *found),
        None => days(date, found.date()).abs() < MARGIN_DAYS,
    });
    if let Some(modified) = modified {
        return Some(format!("{size} bytes, modified {}, article says {date}", modified.date()));
    }
    let built = built(case).filter(|built| (-1..=SAME_BUILD_DAYS).contains(&days(*built, date)))?;
    Some(format!("{size} bytes, built {built}, article says {date}"))
}

/// True if two times are one instant in two time zones: a multiple of half an hour apart. File systems and articles
/// drop seconds.
fn same_moment(printed: DateTime, found: DateTime) -> bool {
    let minutes = seconds(printed, found).div_euclid(60);
    minutes.abs() <= ZONE_HOURS * 60 && (minutes + 1).rem_euclid(30) <= 2
}

fn moment_of(date: Date, time: Option<ClockTime>) -> Option<DateTime> {
    Some(date.to_datetime(time?.into()))
}

/// Finds another row of the same file, size and date that states the version.
fn known_build(case: &Case, date: Date, context: &Context) -> Option<(Reason, Evidence)> {
    let size = case.row.size?;
    let builds = context.neighbours.builds(case.key);
    let printed = moment_of(date, case.row.time);
    let same_time = |b: &Build| match (printed, moment_of(b.date, b.time)) {
        (Some(one), Some(other)) => same_moment(one, other),
        _ => days(b.date, date).abs() < MARGIN_DAYS,
    };
    let mut twins = builds.iter().filter(|b| {
        b.size == Some(size)
            && same_time(b)
            && b.language == case.row.language
            && (b.machine == case.row.machine || b.machine.is_none() || case.row.machine.is_none())
    });
    let twin = twins.next().filter(|twin| twin.version.components().len() >= MIN_COMPONENTS)?;
    if twins.any(|other| other.version != twin.version) || twin.release.order == Order::ServicePack {
        return None;
    }
    let (comparison, found) = answer(case.claims, twin.version, &twin.release).ok()?;
    let reason = match comparison.ordering()? {
        Ordering::Less => Reason::KnownBuildOlder,
        // The version of that row, but not its build.
        Ordering::Equal if case.entry.size.is_some_and(|s| s != size) => Reason::AmbiguousVersion,
        Ordering::Equal | Ordering::Greater => Reason::KnownBuildNewer,
    };
    let detail = case.said(|| format!("version from {}", context.id(twin)));
    let evidence = Evidence {
        comparison: Some(comparison),
        found_release: Some(found),
        required_release: Some(twin.release.clone()),
        detail,
        ..Evidence::default()
    };
    Some((reason, evidence))
}

/// Compares with neighbouring builds and build times. Both require that the row is of the file's release line.
fn by_line(case: &Case, date: Date, context: &Context) -> Option<(Reason, Evidence)> {
    let claim = case.claims.iter().find(|c| c.release.known).or(case.claims.first())?;
    // Where several service packs are updated at the same time, a date does not show which one a row is for.
    if claim.release.order == Order::ServicePack {
        return None;
    }
    let line = &claim.release.line;
    if has_row_of_line(case, line, context) {
        return None;
    }
    let machine = case.binary.and_then(|b| b.machine);
    let builds: Vec<&Build> = context
        .neighbours
        .builds(case.key)
        .iter()
        .filter(|b| b.language == case.row.language && (b.machine.is_none() || b.machine == machine))
        .collect();
    if !belongs(case, line, &builds, context) {
        return None;
    }
    let of_line: Vec<&Build> = builds
        .into_iter()
        .filter(|b| b.release.line == *line && b.version.partial_cmp(&claim.version).is_some())
        .collect();
    let around = place(&of_line, date);
    let neighbour = |reason: Reason, b: &Build, order: &str| {
        let detail = case.said(|| {
            let (id, sign) = (context.id(b), sign(&claim.version, &b.version));
            format!("{} {sign} {} of {}; {id} dates it {order} this row ({date})", claim.version, b.version, b.date)
        });
        Some((reason, Evidence { found_release: Some(claim.release.clone()), detail, ..Evidence::default() }))
    };
    // A row with a date before all builds of the line may belong to an earlier line.
    let within = claim.release.known || around.before.is_some();
    if let Some(after) = around.after.filter(|b| within && claim.version >= b.version) {
        return neighbour(Reason::NeighbourNewer, after, "after");
    }
    if let Some(before) = around.before.filter(|b| claim.version < b.version) {
        return neighbour(Reason::NeighbourOlder, before, "before");
    }
    by_build_time(case, date, &claim.release)
}

/// Compares the day on which the file was linked, or else last written, with the row's date.
fn by_build_time(case: &Case, date: Date, release: &Release) -> Option<(Reason, Evidence)> {
    // In other lines, one version may have many dates.
    if !release.known {
        return None;
    }
    let (reason, what, day) = match built(case) {
        Some(built) if days(date, built) > MARGIN_DAYS => (Reason::BuiltLater, "built", built),
        // The same size is probably the same build with a later date.
        _ if case.row.size.is_none() || case.row.size == case.entry.size => return None,
        Some(built) if days(built, date) > OTHER_BUILD_DAYS => (Reason::BuiltEarlier, "built", built),
        Some(_) => return None,
        // If the link date cannot be true, the other dates are not trusted either.
        None if case.binary.and_then(|b| b.time_stamp).is_some_and(|stamp| stamp != BORLAND_STAMP) => return None,
        None => {
            let modified = case.entry.modified.and_then(moment).map(DateTime::date);
            let modified = modified.filter(|m| is_plausible(*m) && days(*m, date) > OTHER_BUILD_DAYS)?;
            (Reason::DatedEarlier, "modified", modified)
        }
    };
    let detail = case.said(|| format!("{what} {day}, article says {date}"));
    Some((reason, Evidence { found_release: Some(release.clone()), detail, ..Evidence::default() }))
}

/// A text or help file of the Windows folder that was last written long before the row's date, with another size: it has neither
/// version nor linker's stamp. The row must be for this Windows alone, and service packs must not be updated side by side.
fn by_written_date(case: &Case, date: Date, context: &Context) -> Option<(Reason, Evidence)> {
    const FOLDERS: [&str; 4] = ["windows", "winnt", "system32", "winnt35"];
    // A list may say of a text file that it has no version.
    let is_stamped = case.binary.is_some_and(|binary| binary.time_stamp.is_some() || binary.machine.is_some());
    if is_stamped || built(case).is_some() || !case.claims.is_empty() || is_executable_name(case.key) {
        return None;
    }
    let line = &context.profile.as_ref()?.line;
    let releases = &context.knowledge.releases;
    let scope = case.scope(context);
    let is_of_line = scope.only_windows && scope.is_only(line.name());
    if !is_of_line || releases.is_told_by_pack(line) || releases.has_builds(line) {
        return None;
    }
    let path = case.entry.path.to_string();
    let is_system = path.split(['/', '\\']).any(|part| FOLDERS.iter().any(|known| part.eq_ignore_ascii_case(known)));
    let other_size = case.row.size.zip(case.entry.size).is_some_and(|(wanted, found)| wanted != found);
    let modified = case.entry.modified.and_then(moment).map(DateTime::date);
    let modified = modified.filter(|m| is_plausible(*m) && days(*m, date) > OTHER_BUILD_DAYS)?;
    let detail = || case.said(|| format!("modified {modified}, article says {date}"));
    (is_system && other_size).then(|| (Reason::DatedEarlier, Evidence { detail: detail(), ..Evidence::default() }))
}

fn sign(found: &FileVersion, other: &FileVersion) -> &'static str {
    match found.partial_cmp(other) {
        Some(Ordering::Less) => "<",
        Some(Ordering::Greater) => ">",
        _ => "=",
    }
}

/// True if the article has a row with a version for the file in this line: the row without a version is for another
/// line.
fn has_row_of_line(case: &Case, line: &Line, context: &Context) -> bool {
    let of_line = |row: Row| {
        row.release_under_heading(case.key, &context.knowledge.releases, &context.headings)
            .is_some_and(|release| release.line == *line)
    };
    let places = case.article.files().rows(case.key).iter().copied();
    let rows = Row::at(places, case.article, &context.headings);
    rows.filter(|row| row.machine == case.row.machine || row.machine.is_none()).any(of_line)
}

/// True if the row can only belong to this line. A line of Windows must be the only one that the heading or the product
/// list names. For other lines, all versions of the file in the catalogue must be in it, one of them for the product.
fn belongs(case: &Case, line: &Line, builds: &[&Build], context: &Context) -> bool {
    if context.knowledge.releases.line(line.name()).is_some() {
        if context.headings.is_of_other_product(&case.row.section) {
            return false;
        }
        let scope = case.scope(context);
        return scope.only_windows && scope.is_only(line.name());
    }
    let related = |b: &&Build| {
        let products = &context.catalog.articles()[b.source.article].products;
        products.iter().any(|p| case.article.products.contains(p))
    };
    builds.iter().copied().any(|b| related(&b)) && builds.iter().all(|b| b.release.line == *line)
}

fn built(case: &Case) -> Option<Date> {
    link_day(case.binary?, case.entry)
}
