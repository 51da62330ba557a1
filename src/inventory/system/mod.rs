//! What the registry of a Windows tree says of its system, read from the hives that lie in the tree.
//!
//! - `find`: which files of a tree are hives, and of which system;
//! - `facts`: product, version, service pack, architecture, pending renames;
//! - `hotfixes`: the lists of installed updates;
//! - `identify`: the release line and service pack that follow;
//! - `running`: the registry of the running Windows, whose hives are locked (Windows only).
//!
//! Everything here is a claim of the registry, with the place where it stands. Whether the files agree is another
//! question: Microsoft itself calls the registry's file details "frequently out of date" (KB888535).

mod facts;
mod find;
mod hotfixes;
mod identify;
mod registry;
#[cfg(windows)]
mod running;

pub use facts::{Fact, Facts, PendingRename};
pub use find::HiveFiles;
pub use hotfixes::{Hotfix, HotfixFile, HotfixList, HotfixState};
pub use identify::{Identity, identify};

use serde::{Deserialize, Serialize};

use registry::RegistryKey;

use super::RelativePath;
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Condition, Hive, HiveError, Key};

/// The most updates that are listed for one system.
pub const MAX_HOTFIXES: usize = 1 << 16;
/// The most files that are listed for one update.
pub const MAX_HOTFIX_FILES: usize = 1 << 12;
/// The most pending renames that are listed.
pub const MAX_PENDING_RENAMES: usize = 1 << 14;
/// The most problems that are kept for one system.
pub const MAX_PROBLEMS: usize = 1 << 10;

/// One of the two hives that tell of the system; the name is that of the registry key below `HKEY_LOCAL_MACHINE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiveKind {
    /// `SOFTWARE`.
    Software,
    /// `SYSTEM`.
    System,
}

impl HiveKind {
    /// The key below `HKEY_LOCAL_MACHINE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Software => "SOFTWARE",
            Self::System => "SYSTEM",
        }
    }
}

/// A Windows system as its registry describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// The place of its root in the inventory's roots.
    pub root: usize,
    /// The folder of the hives, below the root.
    pub folder: RelativePath,
    /// The hives that could be opened, with the state they were left in.
    pub hives: Vec<(HiveKind, Condition)>,
    /// What they say of the system.
    pub facts: Facts,
    /// The updates that they list: by list, in the registry's order.
    pub hotfixes: Vec<Hotfix>,
    /// What could not be read of the hives.
    pub problems: Vec<RegistryProblem>,
}

/// The root of a hive with the state that it was left in; `None` if there is none.
type Opened<K> = Option<Result<(K, Condition), HiveError>>;

fn root_of<S: ReadAt>(hive: Option<&Result<Hive<S>, HiveError>>) -> Opened<Key<'_, S>> {
    Some(match hive? {
        Ok(hive) => hive.root().map(|root| (root, hive.condition())),
        Err(error) => Err(error.clone()),
    })
}

/// A part of the registry that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryProblem {
    /// The hive, key or value: `SOFTWARE\Microsoft\Updates`.
    pub source: String,
    /// Why.
    pub what: String,
}

impl System {
    /// Reads what the hives say; `None` for a hive that is not there. What cannot be read is a problem, never a panic
    /// and never a fact.
    pub fn from_hives<S: ReadAt>(software: Option<S>, system: Option<S>) -> Self {
        let software = software.map(Hive::open);
        let system = system.map(Hive::open);
        Self::from_registry(root_of(software.as_ref()), root_of(system.as_ref()))
    }

    /// What the roots of the two hives say, each with the state that it was left in.
    fn from_registry<K: RegistryKey>(software: Opened<K>, system: Opened<K>) -> Self {
        let mut read = Self::default();
        if let Some(root) = read.take(HiveKind::Software, software) {
            facts::software(&root, &mut read);
            hotfixes::software(&root, &mut read);
        }
        if let Some(root) = read.take(HiveKind::System, system) {
            facts::system(&root, &mut read);
        }
        read
    }

    fn take<K>(&mut self, kind: HiveKind, opened: Opened<K>) -> Option<K> {
        match opened? {
            Ok((root, condition)) => {
                self.hives.push((kind, condition));
                Some(root)
            }
            Err(error) => {
                self.problem(kind.name(), error);
                None
            }
        }
    }

    fn problem(&mut self, source: &str, what: impl ToString) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(RegistryProblem { source: source.to_owned(), what: what.to_string() });
        }
    }

    /// The result, or its error as a problem of this place.
    fn tried<T>(&mut self, source: &str, result: Result<T, HiveError>) -> Option<T> {
        result.map_err(|error| self.problem(source, error)).ok()
    }
}
