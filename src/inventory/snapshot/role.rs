//! A recorded file -> the entry that it is for a catalogue, if it is one.

use super::{FileRecord, Origin, name};
use crate::inventory::cabinet::EXTENSION;
use crate::inventory::{CopyKind, Entry, contents};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::packed::PackedError;

/// How the extension of language satellites reads.
const SATELLITE: &str = ".mui";

/// What a recorded file is, if it counts.
struct Role {
    packed_name: Option<String>,
    /// The wanted name that its version resource gives it.
    original_name: Option<String>,
    size: Option<u64>,
    /// Why it is no copy that runs, whatever folder it lies in; the folder's own reason is the better one for what is
    /// known.
    copy: Option<CopyKind>,
    /// It is called as a packed file that had another name.
    misnamed: bool,
}

impl FileRecord {
    /// True if the file counts: see [`Self::entry`].
    pub(in crate::inventory) fn counts(&self, wanted: impl Fn(&str) -> bool, sniffed: bool) -> bool {
        self.role(&wanted, sniffed).is_some()
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
            binary: if role.misnamed { Err(BinaryError::NotExecutable) } else { self.binary },
        })
    }

    fn role(&self, wanted: &impl Fn(&str) -> bool, sniffed: bool) -> Option<Role> {
        let by_name = self.path.file_name().and_then(|stored| self.role_by_name(stored, wanted));
        by_name.or_else(|| if sniffed { self.role_by_contents(wanted) } else { None })
    }

    fn role_by_name(&self, stored: &str, wanted: &impl Fn(&str) -> bool) -> Option<Role> {
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
                Err(BinaryError::Io(_)) => {
                    Some(role(Some(contents::wanted_names(&lower, wanted).into_iter().next()?), None))
                }
                _ => None,
            },
            (Origin::File, Some(packing)) => {
                let named = |names: &[String]| name::of_packed(stored, packing, names, binary.ok());
                let unpacked = || named(&contents::wanted_names(&lower, wanted));
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
        let in_cabinet = self.packing.is_some() && stored.ends_with(EXTENSION);
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
                // A satellite states the names of its program, but is no copy of it.
                let is_satellite =
                    |name: &str| stored.strip_suffix(SATELLITE).is_some_and(|program| program == name.to_lowercase());
                let original = info.own_names().find(|name| !is_satellite(name) && wanted(&name.to_lowercase()));
                // The name may be in the part that is damaged.
                let untold = info.damage.is_some() && info.own_names().next().is_none();
                (original.is_some() || untold).then(|| role(original.map(str::to_owned)))
            }
            Ok(Binary { version: VersionOutcome::Corrupt { .. }, .. }) => Some(role(None)),
            // Its members are records of their own.
            Err(BinaryError::Packed(PackedError::NotOneFile { .. })) => None,
            Err(
                BinaryError::Io(_) | BinaryError::Truncated { .. } | BinaryError::Corrupt(_) | BinaryError::Packed(_),
            ) => Some(role(None)),
            Ok(Binary { version: VersionOutcome::Absent, .. })
            | Err(BinaryError::Empty | BinaryError::NotExecutable | BinaryError::NotPe { .. } | BinaryError::NotTold) => {
                None
            }
        }
    }
}
