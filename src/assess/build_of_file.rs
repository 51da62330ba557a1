//! Which updates have the build that a file shows, and which the one before and the one after it: kernel files of Windows, and the
//! files of SQL Server and Exchange whose version is the build.

use std::cmp::Ordering;

use super::known_builds::BUILD_FILES;
use super::older_build::build_of_rollups;
use super::profile::KERNEL_FILES;
use super::system_build::version_of;
use crate::FileVersion;
use crate::catalog::Catalog;
use crate::knowledge::has_kernel_of;
use crate::name::key_of;
use hotfixcheck_articles::Build;
use hotfixcheck_facts::builds::{FIRST_CUMULATIVE, sql_branch, sql_build};
use hotfixcheck_winfiles::binary::VersionInfo;

/// An article of the catalogue, and one of its builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildRef {
    /// The index of the article in the catalogue's articles.
    pub article: usize,
    /// The index of the build in the article's builds.
    pub build: usize,
}

/// The updates of a file's build, in the catalogue's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildsOfFile {
    /// Those with exactly this build.
    pub same: Vec<BuildRef>,
    /// Those with the latest build before it.
    pub older: Vec<BuildRef>,
    /// Those with the earliest build after it.
    pub newer: Vec<BuildRef>,
}

impl BuildsOfFile {
    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.same.is_empty() && self.older.is_empty() && self.newer.is_empty()
    }
}

/// True for a file, by its name, whose version shows a build.
pub fn shows_build(name: &str) -> bool {
    let key = key_of(name);
    KERNEL_FILES.contains(&&*key) || BUILD_FILES.contains(&&*key)
}

/// The updates of the build that a file of this name shows.
pub(super) fn builds_of_file(name: &str, info: &VersionInfo, catalog: &Catalog) -> BuildsOfFile {
    let key = key_of(name);
    let Some(found) = version_of(info).filter(|_| shows_build(name)) else { return BuildsOfFile::default() };
    let is_kernel = KERNEL_FILES.contains(&&*key);
    let (mut same, mut older, mut newer) = (Vec::new(), Vec::new(), Vec::new());
    for (article, listed) in catalog.articles().iter().enumerate() {
        for (build, stated) in listed.builds().iter().enumerate() {
            let place = BuildRef { article, build };
            let against = match &stated.file {
                None if is_kernel => against_system(stated, &found),
                Some(file) if !is_kernel && key_of(file) == key => against_file(stated, &found),
                _ => None,
            };
            match against {
                Some((Ordering::Equal, _)) => same.push(place),
                Some((Ordering::Less, wanted)) => older.push((wanted, place)),
                Some((Ordering::Greater, wanted)) => newer.push((wanted, place)),
                None => {}
            }
        }
    }
    let last = older.iter().map(|(wanted, _)| wanted.clone()).max();
    let first = newer.iter().map(|(wanted, _)| wanted.clone()).min();
    let of = |list: Vec<(Vec<u32>, BuildRef)>, wanted: Option<Vec<u32>>| {
        list.into_iter().filter(|(own, _)| Some(own) == wanted.as_ref()).map(|(_, place)| place).collect()
    };
    BuildsOfFile { same, older: of(older, last), newer: of(newer, first) }
}

/// How a build of Windows compares with a kernel file; `None` for that of another system. A kernel of 19041 is also that of
/// 19045.
fn against_system(build: &Build, found: &FileVersion) -> Option<(Ordering, Vec<u32>)> {
    let wanted: FileVersion = build.version.parse().ok()?;
    let (&[number, revision], &[_, _, own, own_revision]) = (wanted.components(), found.components()) else {
        return None;
    };
    let is_own = match own {
        FIRST_CUMULATIVE.. => number == own || has_kernel_of(&number.to_string(), &own.to_string()),
        _ => build_of_rollups(own) == Some(number),
    };
    let order = revision.cmp(&own_revision);
    is_own.then(|| (order, vec![revision]))
}

/// How a build of SQL Server or Exchange compares with the file; `None` for that of another branch or cumulative update.
fn against_file(build: &Build, found: &FileVersion) -> Option<(Ordering, Vec<u32>)> {
    let wanted: FileVersion = build.version.parse().ok()?;
    let is_own = match sql_build(found).and_then(|number| sql_branch(&number)) {
        Some(branch) => branch == *build.product,
        None => found.components().get(..3) == wanted.components().get(..3),
    };
    let shown = found.components().get(..wanted.components().len())?;
    is_own.then(|| (wanted.components().cmp(shown), wanted.components().to_vec()))
}
