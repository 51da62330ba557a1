//! Articles that name no file, only the build of a product that has the fix: Windows 10 and later, SQL Server, Exchange.
//!
//! The build of a system is what its registry says, which is certain; else the highest revision of its kernel files, which is
//! likely. The build of SQL Server and Exchange is the version of their file.

use super::context::Context;
use super::evidence::Evidence;
use super::finding::{Finding, Subject};
use super::reason::Reason;
use super::system_build::{SystemBuild, version_of};
use crate::FileVersion;
use crate::inventory::Entry;
use crate::name::file_key;
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{SQL_FILE, sql_branch, sql_build};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// A finding for each build that the article names, and for each file that tells it.
pub(super) fn judge<'a>(
    article: &'a Article,
    context: &'a Context,
    explain: bool,
) -> impl Iterator<Item = (Finding, Evidence)> {
    article.builds.iter().enumerate().flat_map(move |(place, build)| {
        let subject = Subject::Build(place);
        let wanted: Option<FileVersion> = build.version.parse().ok();
        let answer = |entry: Option<usize>, reason: Reason, has: Option<String>| {
            let detail = explain.then(|| detail(build, has));
            (Finding::new(subject, entry, reason), Evidence { detail, ..Evidence::default() })
        };
        let (Some(wanted), file) = (wanted, build.file.as_deref()) else {
            return vec![answer(None, Reason::VersionNotUnderstood, None)];
        };
        let Some(file) = file else {
            let system = context.build.as_ref();
            let other = is_older(context);
            let reason = match system {
                Some(system) => system.judge(build, &wanted, article),
                None if other => Reason::OtherProduct,
                None => Reason::BuildNotKnown,
            };
            let has = system.map(SystemBuild::describe);
            return vec![answer(None, reason, has)];
        };
        let key = file_key(file);
        let active = context.copies.get(&key).map(|copies| copies.active.as_slice()).unwrap_or_default();
        if active.is_empty() {
            let held = context.inventory.coverage.holds(&key);
            return vec![answer(None, if held { Reason::FileAbsent } else { Reason::NotRecorded }, None)];
        }
        let one = |&entry: &usize| {
            let (reason, found) = of_file(&context.inventory.entries[entry], build, &wanted);
            answer(Some(entry), reason, found.map(|found| format!("the file is {found}")))
        };
        active.iter().map(one).collect()
    })
}

/// True where the system is known and is a Windows before 10, which has no such builds.
fn is_older(context: &Context) -> bool {
    context.profile.as_ref().is_some_and(|profile| !profile.line.name().starts_with("Windows 10"))
}

/// A file against the build that is told by its version.
fn of_file(entry: &Entry, build: &Build, wanted: &FileVersion) -> (Reason, Option<FileVersion>) {
    let Ok(binary) = &entry.binary else { return (Reason::Unreadable, None) };
    let info = match &binary.version {
        VersionOutcome::Found(info) => info,
        VersionOutcome::Corrupt { .. } => return (Reason::VersionCorrupt, None),
        _ => return (Reason::NoVersionInFile, None),
    };
    let Some(found) = version_of(info) else { return (Reason::NoVersionInFile, None) };
    // The required version may have fewer numbers: three tell the build.
    let shape = wanted.components().len();
    let Some(same_shape) = found.components().get(..shape).and_then(FileVersion::new) else {
        return (Reason::NotComparable, Some(found));
    };
    let is_sql = file_key(build.file.as_deref().unwrap_or_default()) == file_key(SQL_FILE);
    let same_line = if is_sql {
        sql_build(&found).and_then(|build| sql_branch(&build)).as_deref() == Some(&*build.product)
    } else {
        // Exchange: each cumulative update has updates of its own.
        shape > 3 && found.components()[..3] == wanted.components()[..3]
    };
    let reason = match same_shape >= *wanted {
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
