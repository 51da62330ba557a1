//! Finds the articles that shipped exactly this file, or the build just before or after it.

use std::cmp::Ordering;
use std::sync::Arc;

use super::applies;
use super::build_of_file::builds_of_file;
pub use super::build_of_file::{BuildRef, BuildsOfFile, shows_build};
use super::claims::{answer, claims};
use crate::FileVersion;
use crate::catalog::{Catalog, FixIndex, RowRef};
use crate::inventory::Entry;
use crate::knowledge::{Headings, Knowledge, version_of_row};
use crate::name::file_key;
use hotfixcheck_articles::{Article, Build, Fix};
use hotfixcheck_winfiles::binary::{VersionInfo, VersionOutcome};

/// The rows of the catalogue for a file, in the catalogue's order. Each row is in one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name under which the catalogue has rows: the file's own, or else that of its version resource; `None` for
    /// a file that the catalogue does not know.
    pub known_as: Option<String>,
    /// Rows of this version, machine and size.
    pub exact: Vec<RowRef>,
    /// Rows of this version and machine that state no size.
    pub same_version: Vec<RowRef>,
    /// Rows of this version and machine with another size: another build of the version.
    pub other_size: Vec<RowRef>,
    /// Rows of this machine and size that state no version.
    pub same_size: Vec<RowRef>,
    /// The rows of the latest version before the file's, in its release line.
    pub older: Vec<RowRef>,
    /// The rows of the earliest version after the file's, in its release line.
    pub newer: Vec<RowRef>,
    /// The updates of the build that the file's version is.
    pub builds: BuildsOfFile,
}

impl Identity {
    /// True if some row is about this file or its release line.
    pub fn is_known(&self) -> bool {
        let lists = [&self.exact, &self.same_version, &self.other_size, &self.same_size, &self.older, &self.newer];
        lists.iter().any(|list| !list.is_empty()) || !self.builds.is_empty()
    }
}

/// Looks a file up. A file that could not be read as a binary is compared by its size alone.
pub fn identify(entry: &Entry, catalog: &Catalog, index: &FixIndex, knowledge: &Knowledge) -> Identity {
    let binary = entry.binary.as_ref().ok();
    let info = binary.and_then(|b| match &b.version {
        VersionOutcome::Found(info) => Some(info),
        _ => None,
    });
    let names = || entry.name().into_iter().chain(original_names(info));
    let builds = |name: &str| info.map(|info| builds_of_file(name, info, catalog)).unwrap_or_default();
    let Some(name) = names().find(|name| index.knows(name)) else {
        let of_build = names().map(|name| (name, builds(name))).find(|(_, builds)| !builds.is_empty());
        let Some((name, builds)) = of_build else { return Identity::default() };
        return Identity { known_as: Some(file_key(name)), builds, ..Identity::default() };
    };
    let key = file_key(name);
    // One file has few rows: each heading is parsed when its row is compared.
    let headings = Headings::default();
    let mut found = Identity { known_as: Some(key.clone()), builds: builds(name), ..Identity::default() };
    let (mut older, mut newer) = (Vec::new(), Vec::new());
    for &row in index.rows(name) {
        let article = &catalog.articles()[row.article];
        let fix = &article.fixes[row.row];
        if binary.is_some_and(|binary| !applies::to_machine(fix, article, binary.machine, &headings)) {
            continue;
        }
        let same_size = fix.size.is_some() && fix.size == entry.size;
        match compared(fix, info, &key, knowledge) {
            None if fix.version.is_none() && same_size => found.same_size.push(row),
            None => {}
            Some((Ordering::Less, version)) => newer.push((version, row)),
            Some((Ordering::Greater, version)) => older.push((version, row)),
            Some((Ordering::Equal, _)) if fix.size.is_none() => found.same_version.push(row),
            Some((Ordering::Equal, _)) if same_size => found.exact.push(row),
            Some((Ordering::Equal, _)) => found.other_size.push(row),
        }
    }
    found.older = nearest(older, Ordering::Greater);
    found.newer = nearest(newer, Ordering::Less);
    found
}

/// The article and build of a reference.
pub fn build<'a>(catalog: &'a Catalog, place: &BuildRef) -> (&'a Article, &'a Build) {
    let article = &catalog.articles()[place.article];
    (article, &article.builds[place.build])
}

/// The article and row of a reference.
pub fn row<'a>(catalog: &'a Catalog, place: &RowRef) -> (&'a Article, &'a Fix) {
    let article = &catalog.articles()[place.article];
    (article, &article.fixes[place.row])
}

fn original_names(info: Option<&VersionInfo>) -> impl Iterator<Item = &str> {
    info.into_iter().flat_map(|info| &info.tables).filter_map(|table| table.original_filename.as_deref())
}

/// Compares the file's version with the row's, on the Windows that the row is for; `None` where they cannot be
/// compared.
fn compared(
    fix: &Fix,
    info: Option<&VersionInfo>,
    file: &str,
    knowledge: &Knowledge,
) -> Option<(Ordering, FileVersion)> {
    let required = version_of_row(fix.version.as_deref()?, &fix.file)?;
    let windows = knowledge.products.scope_of_heading(&fix.section).map(|scope| Arc::new(scope.lines));
    let claims = claims(info?, file, &windows.filter(|lines| !lines.is_empty()), &knowledge.releases);
    let (comparison, _) = answer(&claims, required, &knowledge.release_of_row(&required, fix, file)).ok()?;
    Some((comparison.ordering()?, required))
}

/// The rows with the furthest version in this direction.
fn nearest(rows: Vec<(FileVersion, RowRef)>, direction: Ordering) -> Vec<RowRef> {
    let beyond = |a: &FileVersion, b: &FileVersion| a.partial_cmp(b) == Some(direction);
    let is_nearest = |version: &FileVersion| !rows.iter().any(|(other, _)| beyond(other, version));
    rows.iter().filter(|(version, _)| is_nearest(version)).map(|(_, row)| *row).collect()
}
