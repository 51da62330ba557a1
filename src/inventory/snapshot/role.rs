//! Makes the entries for a catalogue from recorded files.

use std::collections::HashSet;

use super::{FileRecord, Origin, Packing, Snapshot, side_by_side};
use crate::inventory::interest::{CABINET, is_loadable, wanted_names};
use crate::inventory::{CopyKind, Entry, Inventory, NotUnpacked, RelativePath, System, Unread, copy_kind};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::packed::original_names;

/// The extension of language satellites.
const SATELLITE: &str = ".mui";

impl Snapshot {
    /// The inventory of the files whose name `wanted` accepts. It is the same as that of a walk for these names, as far
    /// as the snapshot's `Coverage` reaches.
    ///
    /// `wanted` is called with bare file names in lower case, also with the possible original names of packed files.
    pub fn select(mut self, wanted: impl Fn(&str) -> bool) -> Inventory {
        let files = std::mem::take(&mut self.files);
        let entries = files.into_iter().filter_map(|file| file.entry(&wanted, self.sniffed)).collect();
        self.with_entries(entries)
    }

    /// The inventory of these entries, by root and path: all files that count.
    pub(in crate::inventory) fn with_entries(self, mut entries: Vec<Entry>) -> Inventory {
        rebase_systems(&self.systems, &mut entries);
        mark_packed_twins(&mut entries);
        side_by_side::activate_newest(&mut entries);
        Inventory {
            roots: self.roots,
            entries,
            files_seen: self.files_seen,
            problems: self.problems,
            warnings: self.warnings,
            systems: self.systems,
            collected: self.collected,
            coverage: self.coverage,
            sniffed: self.sniffed,
        }
    }
}

/// Sets again which copies the files of a Windows in a temporary folder are: with its own hives it is a system of its own,
/// as the same files in an archive are.
fn rebase_systems(systems: &[System], entries: &mut [Entry]) {
    for system in systems {
        let windows = system.folder.parent().parent();
        let is_whole = system.folder.components().count() > 2;
        let above = windows.parent();
        let inside = RelativePath::from(format!("{above}/file").as_str());
        if !is_whole || above.is_empty() || copy_kind(&inside) != Some(CopyKind::Temporary) {
            continue;
        }
        let components = above.components().count();
        let is_own = |entry: &&mut Entry| {
            entry.root == system.root && entry.copy == Some(CopyKind::Temporary) && entry.path.is_in(&above)
        };
        for entry in entries.iter_mut().filter(is_own) {
            entry.copy = copy_kind(&entry.path.below(components));
        }
    }
}

/// How a recorded file counts.
struct Role {
    packed_name: Option<String>,
    /// The wanted name in its version resource.
    original_name: Option<String>,
    size: Option<u64>,
    /// Why it is not the active copy, whatever its folder. If the file is identified, the reason of the folder comes
    /// first.
    copy: Option<CopyKind>,
    /// It has the name of a packed file, but had another name before.
    misnamed: bool,
}

impl FileRecord {
    /// True if the file counts: see [`Self::entry`].
    pub(in crate::inventory) fn counts(&self, wanted: impl Fn(&str) -> bool, sniffed: bool) -> bool {
        self.role(&wanted, sniffed).is_some()
    }

    /// False for a file of this name that cannot count for these names, whatever its version, size and folder. It has another name,
    /// was not packed under one of these names, and its contents do not matter.
    pub(super) fn may_count(
        name: Option<&str>,
        origin: Origin,
        is_packed: bool,
        error: Option<&Unread>,
        wanted: impl Fn(&str) -> bool,
    ) -> bool {
        let only_named = match origin {
            Origin::Cabinet => false,
            Origin::Member => true,
            Origin::File => !is_packed && !matches!(error, Some(Unread::Binary(BinaryError::Io(_)))),
        };
        !only_named || name.is_some_and(|stored| is_loadable(stored) && wanted(&lower_case(stored)))
    }

    /// The entry of the file, if `wanted` accepts its name, its name before it was packed, or, if the files were
    /// sniffed, the name in its version resource.
    pub(in crate::inventory) fn entry(self, wanted: impl Fn(&str) -> bool, sniffed: bool) -> Option<Entry> {
        let role = self.role(&wanted, sniffed)?;
        Some(Entry {
            root: self.root,
            path: self.path,
            packed_name: role.packed_name,
            original_name: role.original_name,
            size: role.size,
            modified: self.modified,
            copy: match role.copy {
                Some(CopyKind::Unidentified) => role.copy,
                other => self.copy.or(other),
            },
            unstated: self.unstated,
            more: self.more,
            binary: if role.misnamed { Err(BinaryError::NotExecutable.into()) } else { self.binary },
        })
    }

    fn role(&self, wanted: &impl Fn(&str) -> bool, sniffed: bool) -> Option<Role> {
        let by_name = self.path.file_name().and_then(|stored| self.role_by_name(stored, wanted));
        by_name.or_else(|| if sniffed { self.role_by_contents(wanted) } else { None })
    }

    fn role_by_name(&self, stored: &str, wanted: &impl Fn(&str) -> bool) -> Option<Role> {
        if !is_loadable(stored) {
            return None;
        }
        let lower = lower_case(stored);
        let own = wanted(&lower);
        let role = |packed_name, size| Role { packed_name, original_name: None, size, copy: None, misnamed: false };
        let binary = self.binary.as_ref();
        match (self.origin, &self.packing) {
            (Origin::Cabinet, _) => (!own).then(|| role(None, self.size)),
            (Origin::Member, _) | (Origin::File, None) if own => Some(role(None, self.size)),
            (Origin::Member, _) => None,
            // A file that cannot be opened may be packed, so its unpacked size is not known.
            (Origin::File, None) => match binary {
                Err(Unread::Binary(BinaryError::Io(_))) => {
                    Some(role(Some(wanted_names(&lower, wanted).into_iter().next()?), None))
                }
                _ => None,
            },
            (Origin::File, Some(packing)) => {
                let named = |names: &[String]| name_of_packed(stored, packing, names, binary.ok());
                let unpacked = || named(&wanted_names(&lower, wanted));
                match if own { named(&[lower.to_string()]).or_else(unpacked) } else { unpacked() } {
                    Some(name) => Some(role(Some(name), packing.unpacked_size)),
                    None if own => Some(Role { misnamed: true, ..role(None, self.size) }),
                    None => None,
                }
            }
        }
    }

    /// A file without a wanted name counts if its version resource has one, or if it is damaged and its original name
    /// is not known.
    fn role_by_contents(&self, wanted: &impl Fn(&str) -> bool) -> Option<Role> {
        let stored = self.path.file_name().unwrap_or_default().to_lowercase();
        // The packed contents of a cabinet with this name are its member, which has its own record.
        let in_cabinet = self.packing.is_some() && stored.ends_with(CABINET);
        if self.origin != Origin::File || in_cabinet {
            return None;
        }
        let size = self.packing.as_ref().map_or(self.size, |packing| packing.unpacked_size);
        let role = |original_name: Option<String>| {
            let copy = if original_name.is_some() { CopyKind::Renamed } else { CopyKind::Unidentified };
            Role { packed_name: None, original_name, size, copy: Some(copy), misnamed: false }
        };
        match &self.binary {
            Ok(Binary { version: VersionOutcome::Found(info), .. }) => {
                // A language satellite has the names of its program in its resource, but is not a copy of it.
                let is_satellite =
                    |name: &str| stored.strip_suffix(SATELLITE).is_some_and(|program| program == name.to_lowercase());
                let original = info.own_names().find(|name| !is_satellite(name) && wanted(&name.to_lowercase()));
                // The name may be in the damaged part.
                let unstated = info.damage.is_some() && info.own_names().next().is_none();
                (original.is_some() || unstated).then(|| role(original.map(str::to_owned)))
            }
            Ok(Binary { version: VersionOutcome::Corrupt { .. }, .. }) => Some(role(None)),
            // Its members have their own records.
            Err(Unread::Packed(NotUnpacked::NotOneFile { .. })) => None,
            Err(why) if why.is_damage() => Some(role(None)),
            Ok(Binary { version: VersionOutcome::Absent, .. }) | Err(_) => None,
        }
    }
}

/// The original name of the file, if it is one of `names` (in lower case, the likeliest first). If the header does not
/// show it, the version resource does, or else the likeliest name is used, as for a file that could not be unpacked.
fn name_of_packed(stored: &str, packing: &Packing, names: &[String], binary: Option<&Binary>) -> Option<String> {
    let Some(hint) = &packing.hint else { return names.first().cloned() };
    let mut possible = original_names(stored, hint);
    possible.retain(|name| names.contains(&name.to_lowercase()));
    let info = binary.and_then(Binary::version_info);
    let said = info.into_iter().flat_map(|info| &info.tables).filter_map(|table| table.original_filename.as_deref());
    let said = said.map(str::trim).find_map(|said| possible.iter().position(|name| name.eq_ignore_ascii_case(said)));
    let place = said.unwrap_or(0);
    (place < possible.len()).then(|| possible.swap_remove(place))
}

/// A packed file next to its unpacked file is not an active copy.
fn mark_packed_twins(entries: &mut [Entry]) {
    fn key(entry: &Entry) -> Option<(usize, String, String)> {
        let path = entry.path.as_str()?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some((entry.root, folder.to_lowercase(), entry.name()?.to_lowercase()))
    }
    let packed = |entry: &Entry| entry.packed_name.is_some() && entry.copy.is_none();
    if !entries.iter().any(packed) {
        return;
    }
    let unpacked: HashSet<_> =
        entries.iter().filter(|e| e.packed_name.is_none() && e.original_name.is_none()).filter_map(key).collect();
    for entry in entries.iter_mut().filter(|entry| packed(entry)) {
        if key(entry).is_some_and(|key| unpacked.contains(&key)) {
            entry.copy = Some(CopyKind::InstallSource);
        }
    }
}
