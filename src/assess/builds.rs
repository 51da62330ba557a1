//! Articles that name no file, only the fixed build of a product: Windows, SQL Server, Exchange.
//!
//! The build of a system comes from its registry, which is certain, or else from the highest revision of its kernel
//! files, which is likely. The build of SQL Server and Exchange is the version of their file.

use super::context::Context;
use super::edition;
use super::evidence::Evidence;
use super::finding::{Finding, Subject};
use super::known_builds::{FileLine, months_without_updates};
use super::later_update;
use super::reason::Reason;
use super::system_build::{SystemBuild, version_of};
use super::verdict::Verdict;
use crate::inventory::Entry;
use crate::name::file_key;
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{SQL_FILE, is_sql_branch, sql_branch, sql_build};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// A finding for each build that the article names, and for each file whose version is such a build.
pub(super) fn judge<'a>(article: &'a Article, context: &'a Context, explain: bool) -> Vec<(Finding, Evidence)> {
    let mut findings: Vec<(Finding, Evidence)> = answers(article, context, explain).collect();
    between(&mut findings, article);
    // A build number alone is of another Windows 10 where a whole build is of the system's own (KB5022282: 21H1 19043.?).
    let is_alone = |finding: &Finding| finding.reason == Reason::NoRowForSystem;
    if findings.iter().any(|(one, _)| one.verdict() != Verdict::NotApplicable && !is_alone(one)) {
        for (finding, _) in findings.iter_mut().filter(|(finding, _)| is_alone(finding)) {
            finding.reason = Reason::OtherProduct;
        }
    }
    if edition::is_not_named(article, context) {
        let is_older = |reason| matches!(reason, Reason::BuildOlder | Reason::KernelOlderThanBuild);
        for (finding, _) in findings.iter_mut().filter(|(finding, _)| is_older(finding.reason)) {
            finding.reason = Reason::NoRowForSystem;
        }
    }
    let is_other = |(finding, _): &(Finding, Evidence)| finding.reason == Reason::OtherProduct;
    if context.policy.names(article.id)
        && findings.iter().all(is_other)
        && !edition::is_corrected_by_own(article, context)
    {
        for (finding, _) in &mut findings {
            if is_after_support(finding, article, context) {
                finding.reason = Reason::SupportEnded;
            }
        }
    }
    findings
}

/// Two sources may state different builds of one product (KB5026806: 16.0.4045 in the list of builds, 16.0.4053 in the
/// advisory). Which of them has the correction is not known: a system between the two is neither fixed nor missing it.
fn between(findings: &mut [(Finding, Evidence)], article: &Article) {
    let build = |finding: &Finding| match finding.subject() {
        Subject::Build(place) => Some(&article.builds[place]),
        _ => None,
    };
    let line = |build: &Build| match build.file {
        Some(_) => None,
        None => build.version.split('.').next().map(str::to_owned),
    };
    let key = |finding: &Finding| {
        let build = build(finding)?;
        Some((finding.entry(), build.product.clone(), build.file.clone(), line(build)))
    };
    if article.builds.len() < 2 {
        return;
    }
    let is_reached = |finding: &Finding| matches!(finding.reason, Reason::BuildReached | Reason::KernelOfBuild);
    let reached: Vec<_> = findings.iter().filter(|(one, _)| is_reached(one)).map(|(one, _)| key(one)).collect();
    for (finding, _) in findings {
        let is_older = matches!(finding.reason, Reason::BuildOlder | Reason::KernelOlderThanBuild);
        if is_older && reached.contains(&key(finding)) {
            finding.reason = Reason::RowsDiffer;
        }
    }
}

/// True for a build of another product, if the catalogue's last update for the installed one is older than the article
/// and, by their days, its updates have ended. Its support has then ended, and no source says whether it needs the
/// correction (KB5008212 is the last of Windows 10 2004). For SQL Server and Exchange the other product may be a later version:
/// CVE-2024-49021 is of 2016 to 2022, and 2012 had no more updates by then (issue 15).
fn is_after_support(finding: &Finding, article: &Article, context: &Context) -> bool {
    let Subject::Build(place) = finding.subject() else { return false };
    let build = &article.builds[place];
    let last = match finding.entry() {
        Some(entry) => {
            let Some(found) = version_of_entry(&context.inventory.entries[entry]) else { return false };
            let wanted: Option<FileVersion> = build.version.parse().ok();
            let same = wanted.is_some_and(|wanted| of_one_product(is_sql(build), &found, &wanted));
            // The updates of one day are for all versions.
            let is_later = |line: &FileLine| {
                let days = line.dated.map(|(day, _)| day).zip(article.last_modified);
                days.is_none_or(|(own, day)| own < day) && !is_corrected_in(line, is_sql(build), article, context)
            };
            let line = context.lines.end(is_sql(build), &found).filter(|line| same || is_later(line));
            line.map(|line| (line.last, line.dated))
        }
        None => {
            let system = context.build.as_ref().filter(|system| build.file.is_none() && system.is_of_family(article));
            system.and_then(|system| system.last_update(context.catalog))
        }
    };
    last.is_some_and(|(last, dated)| {
        // Updates of one day have different numbers, and a preview is later than the month's last update.
        let ended = dated
            .zip(context.newest)
            .is_none_or(|((day, _), newest)| months_without_updates(day, newest, finding.entry().is_some()).is_some());
        last < article.id && ended
    })
}

/// True if each vulnerability for which an article is asked for is corrected by an update of this line.
fn is_corrected_in(line: &FileLine, is_sql: bool, article: &Article, context: &Context) -> bool {
    let Some(asked) = edition::asked(article, context) else { return false };
    let of = |id: &KbId| context.catalog.article(*id).filter(|other| line.has(is_sql, other));
    let own: Vec<&Article> = context.policy.for_cves.keys().filter_map(of).collect();
    asked.iter().all(|cve| own.iter().any(|other| other.cves.iter().any(|of| of == cve)))
}

fn answers<'a>(article: &'a Article, context: &'a Context, explain: bool) -> impl Iterator<Item = (Finding, Evidence)> {
    article.builds.iter().enumerate().flat_map(move |(place, build)| {
        let subject = Subject::Build(place);
        let wanted: Option<FileVersion> = build.version.parse().ok();
        let answer = |entry: Option<usize>, reason: Reason, has: Option<String>| {
            let detail = explain.then(|| detail(build, has));
            (Finding::new(subject, entry, reason), Evidence { detail, ..Evidence::default() })
        };
        if let Some(number) = number_alone(build) {
            let reason = reason_of_number(number, build, article, context);
            return vec![answer(None, reason, context.build.as_ref().map(SystemBuild::describe))];
        }
        let (Some(wanted), file) = (wanted, build.file.as_deref()) else {
            return vec![answer(None, Reason::VersionNotUnderstood, None)];
        };
        let Some(file) = file else {
            let (reason, has) = match (&context.build, &context.older) {
                (Some(system), _) => (system.judge(build, &wanted, article, context.catalog), Some(system.describe())),
                (None, Some(system)) => {
                    (system.judge(build, &wanted, article), Some(system.describe_for(&build.product)))
                }
                (None, None) if is_of_another(&wanted, context) => (Reason::OtherProduct, None),
                (None, None) => (Reason::BuildNotKnown, None),
            };
            return vec![answer(None, reason, has)];
        };
        let key = file_key(file);
        let active = context.copies.get(&key).map(|copies| copies.active.as_slice()).unwrap_or_default();
        if active.is_empty() {
            let held = context.recorded.holds(&key);
            return vec![answer(None, if held { Reason::FileAbsent } else { Reason::NotRecorded }, None)];
        }
        let one = |&entry: &usize| {
            let (reason, found) = of_file(&context.inventory.entries[entry], build, &wanted, context);
            let reason = match found.filter(|_| reason == Reason::OtherProduct) {
                Some(found) if is_sql(build) => {
                    later_update::reason_of_branch(&found, &wanted, build, article, context)
                }
                Some(found) => later_update::reason(&found, &wanted, article, context),
                None => reason,
            };
            answer(Some(entry), reason, found.map(|found| format!("the file is {found}")))
        };
        active.iter().map(one).collect()
    })
}

/// The build number of a product for which a correction exists whose revision is not known: `26100.?`. `build.rs` makes
/// them of misprints.
fn number_alone(build: &Build) -> Option<u32> {
    build.version.strip_suffix(".?")?.parse().ok().filter(|_| build.file.is_none())
}

/// Only an article that is asked for is unknown on such a product: the product's own updates are in the catalogue.
fn reason_of_number(number: u32, build: &Build, article: &Article, context: &Context) -> Reason {
    match &context.build {
        None if context.older.is_none() => Reason::BuildNotKnown,
        Some(system) if system.is_of(number, &build.product) && context.policy.names(article.id) => {
            Reason::NoRowForSystem
        }
        _ => Reason::OtherProduct,
    }
}

/// The lines of Windows before 10 that have builds, by the build number.
const LINES_BEFORE_10: [(u32, &str); 4] = [
    (6003, "Windows Vista and Server 2008"),
    (7601, "Windows 7 and Server 2008 R2"),
    (9200, "Windows 8 and Server 2012"),
    (9600, "Windows 8.1 and Server 2012 R2"),
];

/// True where the system is known and the build belongs to another Windows.
fn is_of_another(wanted: &FileVersion, context: &Context) -> bool {
    let Some(profile) = &context.profile else { return false };
    let number = wanted.components().first().copied().unwrap_or_default();
    let before = LINES_BEFORE_10.iter().find(|(build, _)| *build == number);
    match before {
        Some((_, line)) => profile.line.windows() != *line,
        None => !profile.line.name().starts_with("Windows 10"),
    }
}

fn is_sql(build: &Build) -> bool {
    build.file.as_deref().is_some_and(|file| file_key(file) == file_key(SQL_FILE))
}

/// True for versions of one product, whatever the branch or cumulative update.
fn of_one_product(is_sql: bool, found: &FileVersion, wanted: &FileVersion) -> bool {
    let numbers = if is_sql { 1 } else { 2 };
    found.components().get(..numbers).is_some_and(|first| wanted.components().starts_with(first))
}

pub(super) fn version_of_entry(entry: &Entry) -> Option<FileVersion> {
    match &entry.binary.as_ref().ok()?.version {
        VersionOutcome::Found(info) => version_of(info),
        _ => None,
    }
}

/// Compares a file whose version is the product's build with the build that the article requires.
fn of_file(entry: &Entry, build: &Build, wanted: &FileVersion, context: &Context) -> (Reason, Option<FileVersion>) {
    let Ok(binary) = &entry.binary else { return (Reason::Unreadable, None) };
    let info = match &binary.version {
        VersionOutcome::Found(info) => info,
        VersionOutcome::Corrupt { .. } => return (Reason::VersionCorrupt, None),
        _ => return (Reason::NoVersionInFile, None),
    };
    let Some(found) = version_of(info) else { return (Reason::NoVersionInFile, None) };
    let is_sql = is_sql(build);
    // A number that the file never has (15.0.2104 is 2019.150.2104), or a branch that contradicts it. Exchange needs all
    // four numbers.
    let branch = |version: &FileVersion| sql_build(version).and_then(|build| sql_branch(&build));
    let is_understood = match is_sql {
        true => sql_build(wanted).is_some_and(|number| is_sql_branch(&build.product, &number)),
        false => wanted.components().len() == 4,
    };
    if !is_understood {
        return (Reason::VersionNotUnderstood, Some(found));
    }
    // The required version may have fewer numbers: three are enough for a build of SQL Server.
    let shape = wanted.components().len();
    let Some(same_shape) = found.components().get(..shape).and_then(FileVersion::new) else {
        return (Reason::NotComparable, Some(found));
    };
    let same_line = if is_sql {
        branch(&found).as_deref() == Some(&*build.product)
    } else {
        // In Exchange, each cumulative update has its own updates.
        found.components()[..3] == wanted.components()[..3]
    };
    let reason = match same_shape >= *wanted {
        // The catalogue has no update at all for this cumulative update or branch, which may need one.
        _ if !same_line && of_one_product(is_sql, &found, wanted) && context.lines.get(is_sql, &found).is_none() => {
            Reason::BuildNotKnown
        }
        _ if !same_line => Reason::OtherProduct,
        true => Reason::BuildReached,
        false => Reason::BuildOlder,
    };
    (reason, Some(found))
}

/// The text for `explain`.
fn detail(build: &Build, has: Option<String>) -> String {
    let wanted = match &build.file {
        Some(file) => format!("{}: {file} {}", build.product, build.version),
        None => format!("{} {}", build.product, build.version),
    };
    has.map_or(wanted.clone(), |has| format!("{wanted}; {has}"))
}
