//! What a package holds, and which article it says it belongs to.

use std::fmt::Display;

use super::inf::Information;
use crate::KbId;
use hotfixcheck_winfiles::binary::Binary;
use hotfixcheck_winfiles::cabinet::CabinetError;

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
    /// Files that are not executables: they are not read.
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
    /// The article that the package belongs to, if all places that tell it agree.
    ///
    /// # Errors
    /// What the places say, or that there are none.
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
