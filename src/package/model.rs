//! The contents of a package, and the article that it names.

use std::fmt::Display;

use super::inf::Information;
use crate::KbId;
use hotfixcheck_winfiles::binary::Binary;
use hotfixcheck_winfiles::cabinet::CabinetError;

/// How deep cabinets in cabinets, and packed files in them, are opened.
pub const MAX_DEPTH: usize = 4;
/// The most files that are read in one package. The largest service packs have about 5,000.
pub const MAX_FILES: usize = 1 << 16;
/// The most bytes that are unpacked from one package, including the cabinets in its cabinets. The largest service packs
/// have about 2 GB.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 30;
/// The most problems that are listed one by one.
pub const MAX_PROBLEMS: usize = 1 << 10;

/// The contents of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its file name.
    pub name: String,
    /// The executables, by path.
    pub files: Vec<PackagedFile>,
    /// The facts in its setup information; empty if it has none.
    pub information: Information,
    /// The ids in its name, its setup information and its XML, each with its source.
    pub ids: Vec<(String, KbId)>,
    /// The parts that could not be read.
    pub problems: Vec<String>,
    /// The number of files that are not executables, which are not read.
    pub others: usize,
}

/// A file that the package brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagedFile {
    /// Its path in the package, with the names of cabinets within: `SP2QFE/tapisrv.exe`.
    pub path: String,
    /// Its name before it was packed.
    pub name: String,
    /// Its size in bytes, unpacked.
    pub size: u64,
    /// Its date, seconds since 1970, as if its local time were UTC.
    pub modified: Option<i64>,
    /// Its contents.
    pub binary: Binary,
}

/// Why a package cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
    /// An executable without a cabinet.
    #[error("not an update package: no cabinet in it, expected a self-extracting hotfix or service pack")]
    NoCabinet,
    /// Neither an executable nor a cabinet.
    #[error("not an update package: expected a self-extracting executable, a cabinet or an MSU file")]
    NotAPackage,
    /// A cabinet that cannot be read.
    #[error(transparent)]
    Cabinet(#[from] CabinetError),
}

impl Package {
    /// The article that the package belongs to, if all sources agree.
    ///
    /// # Errors
    /// The different ids with their sources, or that there is none.
    pub fn id(&self) -> Result<KbId, String> {
        let Some((_, first)) = self.ids.first() else {
            return Err("the article that it belongs to is not known: give its id".to_owned());
        };
        if self.ids.iter().all(|(_, id)| id == first) {
            return Ok(*first);
        }
        let said: Vec<String> = self.ids.iter().map(|(place, id)| format!("{place} says {id}")).collect();
        Err(format!("it is not clear which article it belongs to ({}): give its id", said.join(", ")))
    }

    pub(super) fn failed(&mut self, path: &str, error: &dyn Display) {
        self.problem(|| format!("{path}: {error}"));
    }

    pub(super) fn problem(&mut self, what: impl FnOnce() -> String) {
        match self.problems.len() {
            count if count < MAX_PROBLEMS => self.problems.push(what()),
            MAX_PROBLEMS => self.problems.push(format!("more than {MAX_PROBLEMS} problems, which are not named")),
            _ => {}
        }
    }
}
