//! Which Windows the files come from: as the user says, else the registry, else the kernel files.

use super::claims::claims;
use crate::inventory::system::{System, identify};
use crate::inventory::{Entry, Inventory};
use crate::knowledge::{Knowledge, Line, Pack, Release, Releases};
use crate::name::file_key;
use hotfixcheck_winfiles::binary::VersionOutcome;

/// The system that the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its release line.
    pub line: Line,
    /// Its service pack; `None` where it is not known.
    pub pack: Option<Pack>,
    /// Who says so.
    pub source: ProfileSource,
}

/// Where a system profile comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileSource {
    /// The user: taken as certain.
    Given,
    /// The registry of the scanned trees: as certain.
    Registry,
    /// The version of a kernel file, by its path: its service pack is only likely the system's.
    Kernel(String),
}

impl ProfileSource {
    /// The name used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Registry => "registry",
            Self::Kernel(_) => "kernel",
        }
    }
}

impl Profile {
    /// The system that the registry of the scanned trees tells, perhaps without a service pack; `None` if none does, one
    /// leaves it open, or two differ.
    pub fn of_registry(systems: &[System], releases: &Releases) -> Option<Self> {
        let mut profiles = systems.iter().map(|system| {
            let identity = identify(system, releases);
            let pack = identity.pack.map(|pack| pack.value);
            Some(Self { line: identity.line?.value, pack, source: ProfileSource::Registry })
        });
        let first = profiles.next()??;
        profiles.all(|profile| profile.as_ref() == Some(&first)).then_some(first)
    }
}

/// The files whose version is that of the system, in lower case; those that are the kernel itself first.
pub const KERNEL_FILES: [&str; 5] = ["ntoskrnl.exe", "ntkrnlpa.exe", "ntkrnlmp.exe", "ntdll.dll", "kernel32.dll"];
/// How many of them are the kernel itself: only these are replaced by every service pack.
const KERNELS: usize = 3;

/// What the policy says, or else the registry, or else what the active kernel files of the inventory agree on.
pub(super) fn of(inventory: &Inventory, knowledge: &Knowledge, given: Option<&Profile>) -> Option<Profile> {
    let registry = || Profile::of_registry(&inventory.systems, &knowledge.releases);
    given.cloned().or_else(registry).or_else(|| of_kernel(inventory, knowledge))
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
