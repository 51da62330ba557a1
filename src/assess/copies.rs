//! Warnings about copies that would replace the active file by an older one.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::claims::{Claim, claims};
use crate::inventory::{CopyKind, Entry, Inventory};
use crate::knowledge::Knowledge;
use crate::name::{file_key, key_of};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// Something that would undo a fix. Numbers are indices of the inventory's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CopyWarning {
    /// Windows File Protection keeps an older copy in `dllcache`. It restores that copy when the active one is damaged
    /// or lost.
    CacheOlder {
        /// The active copy.
        active: usize,
        /// The copy in the cache.
        copy: usize,
    },
    /// The next start of Windows replaces it by an older file.
    RenameOlder {
        /// The active copy.
        active: usize,
        /// The file that replaces it.
        copy: usize,
    },
    /// The next start of Windows deletes it.
    DeletePending {
        /// The active copy.
        active: usize,
    },
}

impl CopyWarning {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::CacheOlder { .. } => "dllcache-older",
            Self::RenameOlder { .. } => "pending-rename-older",
            Self::DeletePending { .. } => "pending-delete",
        }
    }

    /// A sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::CacheOlder { .. } => "If Windows File Protection restores this file, it installs an older version.",
            Self::RenameOlder { .. } => "The next start of Windows replaces this file by an older one.",
            Self::DeletePending { .. } => "The next start of Windows deletes this file.",
        }
    }

    /// The active copy, and the other one.
    pub fn entries(self) -> (usize, Option<usize>) {
        match self {
            Self::CacheOlder { active, copy } | Self::RenameOlder { active, copy } => (active, Some(copy)),
            Self::DeletePending { active } => (active, None),
        }
    }
}

/// The warnings for an inventory, in the order of its entries.
pub fn copy_warnings(inventory: &Inventory, knowledge: &Knowledge) -> Vec<CopyWarning> {
    let entries = || inventory.entries.iter().enumerate();
    let cached: Vec<(usize, &Entry)> = entries().filter(|(_, e)| e.copy == Some(CopyKind::DllCache)).collect();
    let key = |e: &Entry| Some((e.root, file_key(e.name()?)));
    // A cache has thousands of files, and a list thousands of systems: only files of one name below one folder are
    // compared.
    let mut active: HashMap<_, Vec<(String, usize)>, RandomState> = HashMap::default();
    for (place, entry) in entries().filter(|(_, e)| e.copy.is_none() && !cached.is_empty()) {
        if let Some(key) = key(entry) {
            active.entry(key).or_default().push((lower(entry), place));
        }
    }
    active.values_mut().for_each(|of_name| of_name.sort_unstable());
    let mut warnings = Vec::new();
    for (copy, cached) in cached {
        let Some(of_name) = key(cached).and_then(|key| active.get(&key)) else { continue };
        let folder = restored_to(cached);
        let below = of_name[of_name.partition_point(|(path, _)| *path < folder)..].iter();
        let below = below.take_while(|(path, _)| path.starts_with(&folder)).map(|(_, active)| *active);
        let is_restored = |&active: &usize| {
            let entry = &inventory.entries[active];
            is_cached(entry, cached) && is_older(cached, entry, knowledge)
        };
        warnings.extend(below.filter(is_restored).map(|active| CopyWarning::CacheOlder { active, copy }));
    }
    for system in &inventory.systems {
        let at = |path: &str| entries().find(|(_, e)| e.root == system.root && is_at(e, path));
        for rename in system.facts.pending_renames.iter().flat_map(|fact| &fact.value) {
            match &rename.to {
                None => {
                    let active = at(&rename.from).filter(|(_, e)| e.copy.is_none());
                    warnings.extend(active.map(|(active, _)| CopyWarning::DeletePending { active }));
                }
                Some(to) => {
                    if let (Some((copy, from)), Some((active, target))) = (at(&rename.from), at(to))
                        && rename.replace
                        && target.copy.is_none()
                        && is_older(from, target, knowledge)
                    {
                        warnings.push(CopyWarning::RenameOlder { active, copy });
                    }
                }
            }
        }
    }
    warnings.sort_unstable_by_key(|warning| (warning.entries(), *warning));
    warnings.dedup();
    warnings
}

fn lower(entry: &Entry) -> String {
    entry.path.to_string().to_lowercase()
}

/// The folder in or below which File Protection restores a cached file: the one that contains the cache (`System32` for
/// `System32\dllcache`).
fn restored_to(cached: &Entry) -> String {
    lower(cached).rsplit_once("dllcache/").map(|(folder, _)| folder.to_owned()).unwrap_or_default()
}

/// True if File Protection restores the active file of the same name from this cached one: they have the same machine.
/// It does not restore a file of another name.
fn is_cached(active: &Entry, cached: &Entry) -> bool {
    let machine = |e: &Entry| e.binary.as_ref().ok().and_then(|b| b.machine);
    cached.original_name.is_none() && machine(active) == machine(cached)
}

/// True if one file's version is earlier than the other's, inside one release line.
fn is_older(one: &Entry, other: &Entry, knowledge: &Knowledge) -> bool {
    let of = |entry: &Entry| -> Vec<Claim> {
        match entry.binary.as_ref().map(|b| &b.version) {
            Ok(VersionOutcome::Found(info)) => {
                claims(info, &entry.name().map(key_of).unwrap_or_default(), &None, &knowledge.releases)
            }
            _ => Vec::new(),
        }
    };
    match (of(one).first(), of(other).first()) {
        (Some(one), Some(other)) => one.release.line == other.release.line && one.version < other.version,
        _ => false,
    }
}

/// True if a Windows path names this entry. The drive is not known, and the tree may begin anywhere in the path.
fn is_at(entry: &Entry, path: &str) -> bool {
    let path = path.replace('\\', "/").to_lowercase();
    let own = entry.path.in_volume().to_string().to_lowercase();
    path == own || path.strip_suffix(&own).is_some_and(|rest| rest.ends_with('/'))
}
