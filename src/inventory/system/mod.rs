//! Facts about the system of a Windows tree, read from the registry hives in the tree.
//!
//! - `model`: the facts as data; `find`: which files of a tree are hives, and of which system;
//! - `hives`: the hives of a system, read through `registry`, which is a hive in a file or the registry of the running
//!   Windows;
//! - `export`: the text of `reg export`;
//! - `facts`: product, version, service pack, architecture, pending renames;
//! - `hotfixes`: the lists of installed updates;
//! - `identify`: the release line and service pack that follow;
//! - `territory`: which files belong to which system;
//! - `running`: the registry of the running Windows, whose hives are locked (Windows only).
//!
//! Everything here is a claim of the registry, with the path of its key or value. Whether the files agree is checked
//! elsewhere: Microsoft itself calls the registry's file details "frequently out of date" (KB888535).

mod export;
mod facts;
mod find;
mod hives;
mod hotfixes;
mod identify;
mod model;
mod registry;
#[cfg(windows)]
mod running;
mod territory;

pub(super) use export::{exported, is_export};
pub use find::HiveFiles;
pub use identify::{Identity, identify, unconfirmed_pack, with_edition_of};
pub use model::{
    Fact, Facts, HiveKind, Hotfix, HotfixFile, HotfixList, HotfixState, MAX_HOTFIX_FILES, MAX_HOTFIXES,
    MAX_PENDING_RENAMES, MAX_PROBLEMS, PendingRename, RegistryProblem, System,
};
pub use territory::{Territories, Territory};
