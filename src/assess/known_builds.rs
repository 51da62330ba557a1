//! Which builds the files need from the catalogue, and the warnings where the catalogue has none of them or the build
//! is not known. A system for which no update could be judged is never clean without a warning.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::link_day::link_day;
use super::older_build::build_of_rollups;
use super::profile::{JudgedSystem, KERNEL_FILES, ProfileSource};
use super::system_build::{LastUpdate, SystemBuild, version_of};
use crate::catalog::{BuildsOf, Catalog};
use crate::inventory::system::{Territories, Territory};
use crate::inventory::{Entry, Inventory};
use crate::knowledge::Knowledge;
use crate::name::{file_key, key_of};
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{EXCHANGE_FILE, FIRST_CUMULATIVE, SQL_FILE, sql_branch, sql_build};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// The files whose version is the build of a product, in lower case.
pub const BUILD_FILES: [&str; 2] = ["sqlservr.exe", "exsetup.exe"];

/// The active files whose version is the build of a product: the entry's index, which of [`BUILD_FILES`] it is, its
/// version.
fn build_files(inventory: &Inventory) -> impl Iterator<Item = (usize, usize, Option<FileVersion>)> {
    inventory.entries.iter().enumerate().filter(|(_, entry)| entry.copy.is_none()).filter_map(|(place, entry)| {
        let key = entry.name().map(key_of).unwrap_or_default();
        let which = BUILD_FILES.iter().position(|name| *name == key)?;
        Some((place, which, fixed_of(entry)))
    })
}

fn fixed_of(entry: &Entry) -> Option<FileVersion> {
    match &entry.binary.as_ref().ok()?.version {
        VersionOutcome::Found(info) => version_of(info),
        _ => None,
    }
}

/// The builds whose updates concern these files: those of Windows, SQL Server and Exchange.
pub fn builds_of(inventory: &Inventory) -> Vec<BuildsOf> {
    let registry = inventory.systems.iter().filter_map(|system| Some(system.facts.build.as_ref()?.value));
    let registry =
        registry.filter_map(|build| if build >= FIRST_CUMULATIVE { Some(build) } else { build_of_rollups(build) });
    let of_system = |build: u32| BuildsOf { file: None, prefix: format!("{build}.") };
    let numbers = SystemBuild::numbers_of_all(inventory).chain(registry).chain(rollups_of_kernels(inventory));
    let mut wanted: Vec<BuildsOf> = numbers.map(of_system).collect();
    for (_, which, version) in build_files(inventory) {
        // SQL Server's first number stands for the year of the product, Exchange's second one for its edition.
        let numbers = version.as_ref().map(FileVersion::components).unwrap_or_default();
        let prefix = match (which, numbers) {
            (0, [year, ..]) => format!("{year}."),
            (_, [major, minor, ..]) => format!("{major}.{minor}."),
            _ => continue,
        };
        wanted.push(BuildsOf { file: Some([SQL_FILE, EXCHANGE_FILE][which].to_owned()), prefix });
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// The builds of the rollups for the systems before Windows 10 whose kernel files are in the inventory.
fn rollups_of_kernels(inventory: &Inventory) -> impl Iterator<Item = u32> {
    inventory.entries.iter().filter(|entry| entry.copy.is_none()).filter_map(|entry| {
        let key = entry.name().map(key_of).unwrap_or_default();
        let version = KERNEL_FILES.contains(&&*key).then(|| fixed_of(entry)).flatten()?;
        match version.components() {
            &[6, _, build, _] => build_of_rollups(build),
            _ => None,
        }
    })
}

/// Why no update of Windows 10 or later can be judged on a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The registry has this build, but no revision.
    Revision(u32),
    /// Its registries state different builds or revisions.
    Contradiction,
    /// There are files of Windows 10 or later, but its build is not known.
    Build,
}

impl Gap {
    /// The gap of a system, if there is one.
    pub(super) fn of(
        system: &JudgedSystem,
        territory: &Territory,
        own: &[usize],
        inventory: &Inventory,
        knowledge: &Knowledge,
    ) -> Option<Self> {
        let is_given = |system: &JudgedSystem| {
            let given = system.profile.as_ref().filter(|profile| profile.source == ProfileSource::Given);
            given.is_some_and(|given| !knowledge.releases.has_builds(&given.line))
        };
        if is_given(system) || SystemBuild::of(territory, own, inventory).is_some() {
            return None;
        }
        if SystemBuild::is_contradicted(territory, inventory) {
            return Some(Self::Contradiction);
        }
        if let Some(build) = SystemBuild::lacks_revision(territory, inventory) {
            return Some(Self::Revision(build));
        }
        let is_another = system.profile.as_ref().is_some_and(|profile| {
            profile.line.windows() == profile.line.name() && !knowledge.releases.has_builds(&profile.line)
        });
        let is_of_ten = |entry: &Entry| {
            let version = fixed_of(entry);
            matches!(version.as_ref().map(FileVersion::components), Some(&[10, 0, build, _]) if build >= FIRST_CUMULATIVE)
        };
        let mut own = own.iter().map(|&place| &inventory.entries[place]).filter(|entry| entry.copy.is_none());
        (!is_another && own.any(is_of_ten)).then_some(Self::Build)
    }

    /// The warning.
    pub(super) fn text(self) -> String {
        match self {
            Self::Revision(build) => format!(
                "the registry says build {build}, but neither it nor a kernel file of this build has the revision: the updates \
                 of this build are not judged"
            ),
            Self::Contradiction => {
                "the registries of this system state different builds or revisions: the updates of Windows 10 and later are not \
                 judged"
                    .to_owned()
            }
            Self::Build => {
                "neither a registry nor a kernel file shows which build of Windows 10 or later this is: its updates are not judged"
                    .to_owned()
            }
        }
    }
}

/// The lines of SQL Server and Exchange that the catalogue has updates for.
#[derive(Clone, Debug, Default)]
pub(super) struct FileLines {
    lines: BTreeMap<String, FileLine>,
    /// The last day of an update of each version of SQL Server, by the first number of its file.
    versions: BTreeMap<u32, Date>,
}

/// The updates of one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileLine {
    /// The last article.
    pub last: KbId,
    /// The last one that has a day.
    pub dated: Option<(Date, KbId)>,
    newest: FileVersion,
    /// The article of the newest version, and its day.
    newest_of: (KbId, Option<Date>),
}

impl FileLines {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut lines: BTreeMap<String, FileLine> = BTreeMap::new();
        let mut versions: BTreeMap<u32, Date> = BTreeMap::new();
        for article in catalog.articles() {
            for (line, version) in article.builds().iter().filter_map(line_of_build) {
                if let (Some(&first), Some(day)) = (version.components().first(), article.last_modified) {
                    let last = versions.entry(first).or_insert(day);
                    *last = day.max(*last);
                }
                let of = (article.id, article.last_modified);
                let first = FileLine { last: article.id, dated: None, newest: version, newest_of: of };
                let known = lines.entry(line).or_insert(first);
                known.last = article.id.max(known.last);
                known.dated = known.dated.max(article.last_modified.map(|day| (day, article.id)));
                if version.components() > known.newest.components() {
                    (known.newest, known.newest_of) = (version, of);
                }
            }
        }
        Self { lines, versions }
    }

    /// The last day of an update of this version of SQL Server, whatever its service pack and branch.
    fn last_of_version(&self, found: &FileVersion) -> Option<Date> {
        self.versions.get(found.components().first()?).copied()
    }

    /// The line of a file; `None` where the catalogue has no update for it.
    pub(super) fn get(&self, is_sql: bool, found: &FileVersion) -> Option<&FileLine> {
        self.lines.get(&line_of(is_sql, found)?)
    }

    /// The line in which the updates of a file's line end: the last one of SQL Server 2008 SP4 GDR brings QFE.
    pub(super) fn end(&self, is_sql: bool, found: &FileVersion) -> Option<&FileLine> {
        let own = self.get(is_sql, found)?;
        self.get(is_sql, &own.newest).or(Some(own))
    }
}

impl FileLine {
    /// True for an article with an update of this line.
    pub(super) fn has(&self, is_sql: bool, article: &Article) -> bool {
        let own = line_of(is_sql, &self.newest);
        article.builds.iter().filter_map(line_of_build).any(|(line, _)| Some(line) == own)
    }

    /// The version that the last update brings.
    pub(super) fn newest(&self) -> &FileVersion {
        &self.newest
    }
}

/// The line of a build that a file has, and its version.
fn line_of_build(build: &Build) -> Option<(String, FileVersion)> {
    let version: FileVersion = build.version.parse().ok()?;
    let is_sql = file_key(build.file.as_deref()?) == BUILD_FILES[0];
    let line = if is_sql { Some(build.product.to_string()) } else { exchange_line(&version) };
    Some((line?, version))
}

/// The branch of SQL Server, or the cumulative update of Exchange, that a file belongs to.
fn line_of(is_sql: bool, found: &FileVersion) -> Option<String> {
    if is_sql { sql_build(found).and_then(|build| sql_branch(&build)) } else { exchange_line(found) }
}

fn exchange_line(version: &FileVersion) -> Option<String> {
    match version.components() {
        &[major, minor, build, _] => Some(format!("{major}.{minor}.{build}")),
        _ => None,
    }
}

/// Warnings, by system, that the catalogue is older than a system or product: later updates may be missing.
pub fn beyond(inventory: &Inventory, catalog: &Catalog) -> Vec<(usize, String)> {
    let mut said = SystemBuild::beyond(inventory, catalog);
    let mut files = build_files(inventory).peekable();
    if files.peek().is_none() {
        return said;
    }
    let Territories { of_entry, .. } = Territories::of(inventory);
    let lines = FileLines::of(catalog);
    said.extend(files.filter_map(|(place, which, version)| {
        let path = &inventory.entries[place].path;
        let Some(version) = version else {
            return Some((of_entry[place], format!("{path} has no version: its updates are not judged")));
        };
        let text = match lines.get(which == 0, &version) {
            None => format!("the catalogue has no update for {path} {version}: missing updates are not known"),
            Some(FileLine { newest, .. }) if version.components() > newest.components() && !starts(&version, newest) => format!(
                "{path} ({version}) is newer than the newest update of the catalogue ({newest}): later updates may be missing"
            ),
            Some(_) => return None,
        };
        Some((of_entry[place], text))
    }));
    said
}

/// More days than a product with support has between two updates: Windows has one a month, Exchange and SQL Server have one
/// in five months at least.
const DAYS_WITHOUT_UPDATES: (i32, i32) = (92, 183);
const DAYS_OF_MONTH: f64 = 365.25 / 12.0;

/// The months from the last update of a product to the newest of the catalogue, if there are so many that its updates have
/// ended.
pub(super) fn months_without_updates(last: Date, newest: Date, is_file: bool) -> Option<i32> {
    let days = last.until(newest).ok()?.get_days();
    let most = if is_file { DAYS_WITHOUT_UPDATES.1 } else { DAYS_WITHOUT_UPDATES.0 };
    (days > most).then(|| (f64::from(days) / DAYS_OF_MONTH).round() as i32)
}

/// Warnings, by system, about systems and products whose updates ended long before the newest update of the catalogue:
/// the corrections of the time since are not known for them. `newest` is the last day of the whole catalogue's builds.
pub fn ended(inventory: &Inventory, catalog: &Catalog, newest: Option<Date>) -> Vec<(usize, String)> {
    let Some(newest) = newest else { return Vec::new() };
    let of_system = |(system, build, last): (usize, u32, LastUpdate)| {
        Some((system, said_of_end(&format!("the system's build {build}"), last, newest, false)?))
    };
    let mut said: Vec<(usize, String)> =
        SystemBuild::last_updates(inventory, catalog).into_iter().filter_map(of_system).collect();
    let mut files = build_files(inventory).peekable();
    if files.peek().is_none() {
        return said;
    }
    let lines = FileLines::of(catalog);
    let Territories { of_entry, .. } = Territories::of(inventory);
    said.extend(files.filter_map(|(place, which, version)| {
        let version = version?;
        let line = lines.end(which == 0, &version)?;
        let (id, day) = line.newest_of;
        let what = format!("{} {version}", inventory.entries[place].path);
        let text = match line.dated {
            Some((dated, _)) => said_of_end(&what, LastUpdate { id, day, dated }, newest, true),
            None => said_of_undated_end(&what, id, lines.last_of_version(&version).filter(|_| which == 0)?, newest),
        };
        Some((of_entry[place], text?))
    }));
    said
}

/// The warning for a branch of SQL Server none of whose updates has a day (2005 without a service pack): its last one is not later
/// than the last one of its version.
fn said_of_undated_end(what: &str, id: KbId, last: Date, newest: Date) -> Option<String> {
    months_without_updates(last, newest, true).map(|months| {
        format!(
            "the catalogue's last update for {what} ({id} of a day not known) is at least {months} months older than its \
             newest update ({newest}): later corrections are not known, and support may have ended"
        )
    })
}

/// The warning that the updates of a product have ended, if its last one is so much older than the catalogue's newest.
pub(super) fn said_of_end(what: &str, last: LastUpdate, newest: Date, is_file: bool) -> Option<String> {
    // Without its day, the last one that has a day shows how much older it can be at most.
    let (of, most) =
        last.day.map_or_else(|| (" of a day not known".to_owned(), "up to "), |day| (format!(" of {day}"), ""));
    months_without_updates(last.day.unwrap_or(last.dated), newest, is_file).map(|months| {
        format!(
            "the catalogue's last update for {what} ({}{of}) is {most}{months} months older than its newest update \
             ({newest}): later corrections are not known, and support may have ended",
            last.id
        )
    })
}

/// Warnings, by system, about a Windows before 7 with a kernel built after `last`, the catalogue's last day for files: it has
/// updates that the catalogue does not know. `is_without` tells the systems without rollups in the catalogue.
pub(super) fn later_than_files(
    inventory: &Inventory,
    last: Option<Date>,
    is_without: impl Fn(usize) -> bool,
) -> Vec<(usize, String)> {
    let Some(last) = last else { return Vec::new() };
    let built = |entry: &Entry| {
        let key = entry.name().map(key_of).unwrap_or_default();
        let is_kernel = entry.copy.is_none() && KERNEL_FILES.contains(&&*key);
        let version = is_kernel.then(|| fixed_of(entry)).flatten()?;
        let day = link_day(entry.binary.as_ref().ok()?, entry)?;
        (matches!(version.components(), [4 | 5, ..] | [6, 0, ..]) && day > last).then_some(day)
    };
    let mut later =
        inventory.entries.iter().enumerate().filter_map(|(place, entry)| Some((place, built(entry)?))).peekable();
    if later.peek().is_none() {
        return Vec::new();
    }
    let Territories { of_entry, .. } = Territories::of(inventory);
    let mut newest: BTreeMap<usize, (Date, usize)> = BTreeMap::new();
    for (place, day) in later.filter(|(place, _)| is_without(of_entry[*place])) {
        let newest = newest.entry(of_entry[place]).or_insert((day, place));
        // Of two of one day the first.
        if day > newest.0 {
            *newest = (day, place);
        }
    }
    let text = |(system, (day, place)): (usize, (Date, usize))| {
        let path = &inventory.entries[place].path;
        let text = format!(
            "{path} was built on {day}, after the catalogue's last day for files ({last}): later fixes are not known"
        );
        (system, text)
    };
    newest.into_iter().map(text).collect()
}

/// True if a version begins with all numbers of another one: 2019.150.4298.1 begins with 2019.150.4298.
fn starts(version: &FileVersion, other: &FileVersion) -> bool {
    version.components().starts_with(other.components())
}
