//! Update packages -> the files that they bring: self-extracting hotfixes and service packs, cabinets, MSU files.
//!
//! A package says of itself which article it belongs to, in its name, its `update.inf` or `hotfix.inf`, or the XML of an
//! MSU; its files say their versions. What no article ever listed can be known from it.
//!
//! - `sfx`: the cabinets in an executable; `contents`: files, packed or in cabinets within cabinets;
//! - `inf`: what the setup information says; `name`: article ids in names.

mod contents;
mod inf;
mod name;
mod rows;
mod sfx;

use std::path::Path;

use crate::KbId;
use hotfixcheck_winfiles::binary::{Binary, BinaryError};
use hotfixcheck_winfiles::cabinet::CabinetError;
use hotfixcheck_winfiles::isolate;

pub use inf::Information;
pub use rows::of_package;

/// Cabinets in cabinets, and packed files in them, are opened so deep.
pub const MAX_DEPTH: usize = 4;
/// The most files that are looked at in one package. The largest service packs have some 5,000.
pub const MAX_FILES: usize = 1 << 16;
/// The most that is unpacked of one package, in bytes, with the cabinets in its cabinets. The largest service packs come to
/// some 2 GB.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 30;
/// The most problems that are named one by one.
pub const MAX_PROBLEMS: usize = 1 << 10;

/// What a package holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its file name.
    pub name: String,
    /// The executables, by path.
    pub files: Vec<PackagedFile>,
    /// What its setup information says; empty where it has none.
    pub information: Information,
    /// The ids that its name, its setup information and its XML tell: the places, and what each says.
    pub ids: Vec<(String, KbId)>,
    /// What could not be read.
    pub problems: Vec<String>,
    /// Files that are no executables: not looked into.
    pub others: usize,
}

/// A file that the package brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagedFile {
    /// Its path in the package, with the names of cabinets within: `SP2QFE/tapisrv.exe`.
    pub path: String,
    /// Its own name, before it was packed.
    pub name: String,
    /// Its size in bytes, unpacked.
    pub size: u64,
    /// Its date, seconds since 1970, as if its local time were UTC.
    pub modified: Option<i64>,
    /// What it says of itself.
    pub binary: Binary,
}

/// Why a package cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
    /// An executable without a cabinet.
    #[error("not an update package: there is no cabinet in it; expected a self-extracting hotfix or service pack")]
    NoCabinet,
    /// Neither an executable nor a cabinet.
    #[error("not an update package: expected a self-extracting executable, a cabinet or an MSU file")]
    NotAPackage,
    /// A cabinet that cannot be read.
    #[error(transparent)]
    Cabinet(#[from] CabinetError),
}

/// Why the article of a package is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageIdError {
    /// Nothing in the package names it.
    #[error("the package does not contain its article id")]
    None,
    /// Places in the package name different ones.
    #[error("the package contains different article ids ({0})")]
    Several(String),
}

impl Package {
    /// True for a file that begins as a package does and holds a cabinet; false for one that cannot be read.
    pub fn is_at(path: &Path) -> bool {
        contents::is_package(path).unwrap_or(false)
    }

    /// Reads a package. What cannot be read in it is among its problems.
    ///
    /// # Errors
    /// A file that is no package, or cannot be read from its start.
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        isolate(|| contents::read(path)).unwrap_or_else(|what| Err(CabinetError::Corrupt(what).into()))
    }

    /// The article that the package belongs to, if all places that tell it agree.
    ///
    /// # Errors
    /// What the places say, or that there are none.
    pub fn id(&self) -> Result<KbId, PackageIdError> {
        let Some((_, first)) = self.ids.first() else { return Err(PackageIdError::None) };
        if self.ids.iter().all(|(_, id)| id == first) {
            return Ok(*first);
        }
        let said: Vec<String> = self.ids.iter().map(|(place, id)| format!("{place}: {id}")).collect();
        Err(PackageIdError::Several(said.join(", ")))
    }

    fn failed(&mut self, path: &str, error: &BinaryError) {
        self.problem(|| format!("{path}: {error}"));
    }

    fn problem(&mut self, what: impl FnOnce() -> String) {
        match self.problems.len() {
            count if count < MAX_PROBLEMS => self.problems.push(what()),
            MAX_PROBLEMS => self.problems.push(format!("more than {MAX_PROBLEMS} problems, which are not named")),
            _ => {}
        }
    }
}
