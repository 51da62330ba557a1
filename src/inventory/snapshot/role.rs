//! Recorded files -> the entries that they are for a catalogue.

use std::collections::HashSet;

use super::{FileRecord, Origin, Packing, Snapshot};
use crate::inventory::interest::{CABINET, is_loadable, wanted_names};
use crate::inventory::{CopyKind, Entry, Inventory, NotUnpacked, RelativePath, Unread};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::packed::original_names;

/// How the extension of language satellites reads.
const SATELLITE: &str = ".mui";

impl Snapshot {
    /// The inventory of the files whose name `wanted` accepts: the same that a walk for these names yields, as far as the
    /// snapshot's `Coverage` reaches.
    ///
    /// `wanted` gets bare file names in lower case, those that a packed file can have had among them.
    pub fn select(mut self, wanted: impl Fn(&str) -> bool) -> Inventory {
        let files = std::mem::take(&mut self.files);
        let entries = files.into_iter().filter_map(|file| file.entry(&wanted, self.sniffed)).collect();
        self.with_entries(entries)
    }

    /// The inventory of these entries, by root and path, which are what counts of the files.
    pub(in crate::inventory) fn with_entries(self, mut entries: Vec<Entry>) -> Inventory {
        mark_packed_twins(&mut entries);
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

/// What a recorded file is, if it counts.
struct Role {
    packed_name: Option<String>,
    /// The wanted name that its version resource gives it.
    original_name: Option<String>,
    size: Option<u64>,
    /// Why it is not the active copy, whatever its folder; where the file is identified, the folder's own reason is used
    /// first.
    copy: Option<CopyKind>,
    /// It is called as a packed file that had another name.
    misnamed: bool,
}

impl FileRecord {
    /// True if the file counts: see [`Self::entry`].
    pub(in crate::inventory) fn counts(&self, wanted: impl Fn(&str) -> bool, sniffed: bool) -> bool {
        self.role(&wanted, sniffed).is_some()
    }

    /// False for a file that does not count for these names, whatever its version, its size and its folder: it is of another
    /// name, nothing says that it had one of these before it was packed, and its contents are no matter.
    pub(super) fn may_count(
        path: &RelativePath,
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
        !only_named || path.file_name().is_some_and(|stored| is_loadable(stored) && wanted(&lower_case(stored)))
    }

    /// The entry that it is where `wanted` accepts its name, one that it had before it was packed, or, where the files
    /// were sniffed, the one that its version resource gives it.
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
            untold: self.untold,
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
            // A file that cannot be opened may be a packed one, of any size.
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

    /// A file of no wanted name counts by the one that its version resource gives it; or because it is damaged and could
    /// have any.
    fn role_by_contents(&self, wanted: &impl Fn(&str) -> bool) -> Option<Role> {
        let stored = self.path.file_name().unwrap_or_default().to_lowercase();
        // What is packed in a cabinet of this name is its member, a record of its own.
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
                // A language satellite states the names of its program, but is not a copy of it.
                let is_satellite =
                    |name: &str| stored.strip_suffix(SATELLITE).is_some_and(|program| program == name.to_lowercase());
                let original = info.own_names().find(|name| !is_satellite(name) && wanted(&name.to_lowercase()));
                // The name may be in the part that is damaged.
                let untold = info.damage.is_some() && info.own_names().next().is_none();
                (original.is_some() || untold).then(|| role(original.map(str::to_owned)))
            }
            Ok(Binary { version: VersionOutcome::Corrupt { .. }, .. }) => Some(role(None)),
            // Its members are records of their own.
            Err(Unread::Packed(NotUnpacked::NotOneFile { .. })) => None,
            Err(why) if why.is_damage() => Some(role(None)),
            Ok(Binary { version: VersionOutcome::Absent, .. }) | Err(_) => None,
        }
    }
}

/// The name that the file had, if it is one of `names` (in lower case, the likeliest first). Where the header leaves it
/// open the version resource tells, else the likeliest name is taken; so it is for a file that could not be unpacked.
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

/// A packed file beside the file that it unpacks to is not an active copy.
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
