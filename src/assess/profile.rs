//! The system that the files come from: as told, or else as its kernel tells.

use super::speaks::claims;
use super::{Knowledge, Policy, Profile, ProfileSource};
use crate::inventory::{Entry, Inventory};
use crate::knowledge::Release;
use crate::name::file_key;
use hotfixcheck_winfiles::binary::VersionOutcome;

/// The files whose version is that of the system, in lower case; those that are the kernel itself first.
pub const KERNEL_FILES: [&str; 5] = ["ntoskrnl.exe", "ntkrnlpa.exe", "ntkrnlmp.exe", "ntdll.dll", "kernel32.dll"];
/// How many of them are the kernel itself: only these are replaced by every service pack.
const KERNELS: usize = 3;

/// What the policy says, or else the registry, or else what the active kernel files of the inventory agree on.
pub(super) fn of(inventory: &Inventory, knowledge: &Knowledge, policy: &Policy) -> Option<Profile> {
    let registry = || Profile::of_registry(&inventory.systems, &knowledge.releases);
    policy.profile.clone().or_else(registry).or_else(|| of_kernel(inventory, knowledge))
}

fn of_kernel(inventory: &Inventory, knowledge: &Knowledge) -> Option<Profile> {
    let mut found: Vec<(usize, &Entry, Release)> = Vec::new();
    for entry in inventory.entries.iter().filter(|e| e.copy.is_none()) {
        let key = entry.name().map(file_key).unwrap_or_default();
        let Some(place) = KERNEL_FILES.iter().position(|name| *name == key) else { continue };
        let Ok(binary) = &entry.binary else { continue };
        let VersionOutcome::Found(info) = &binary.version else { continue };
        let known = claims(info, &knowledge.releases).into_iter().find(|claim| claim.release.known);
        found.extend(known.map(|claim| (place, entry, claim.release)));
    }
    found.sort_by_key(|(place, entry, _)| (*place, entry.root, entry.path.clone()));
    let (_, entry, release) = found.first()?;
    // Files of several systems lie side by side: each is another machine's.
    if found.iter().any(|(_, _, other)| other.line != release.line) {
        return None;
    }
    let mut packs = found.iter().filter(|(place, ..)| *place < KERNELS).map(|(_, _, r)| r.service_pack.as_ref());
    let first = packs.next().flatten().filter(|_| knowledge.releases.tells_pack(&release.line));
    let pack = first.filter(|pack| packs.all(|other| other == Some(pack))).cloned();
    Some(Profile { line: release.line.clone(), pack, source: ProfileSource::Kernel(entry.path.to_string()) })
}
