//! Which Windows the files come from: as the user says, else the registry, else the kernel files.

use super::claims::claims;
use crate::inventory::system::{System, Territory, identify};
use crate::inventory::{Entry, Inventory};
use crate::knowledge::{Knowledge, Line, Pack, Release, Releases, has_kernel_of};
use crate::name::key_of;
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

    /// The path of the kernel file, if it is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Kernel(path) => Some(path),
            _ => None,
        }
    }
}

/// A system of an inventory: what is known of it, and what is doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedSystem {
    /// The part of the inventory that belongs to it.
    pub territory: Territory,
    /// The system, if it is known.
    pub profile: Option<Profile>,
    /// Why the system or its service pack is not known or not certain, in sentences.
    pub doubts: Vec<String>,
}

impl JudgedSystem {
    /// The stable code of the warning that something about a system is doubtful.
    pub const DOUBTFUL: &str = "system-doubtful";
    /// The warning in a sentence.
    pub const DOUBTFUL_DESCRIPTION: &str =
        "The system, its service pack or its build is not certain, or later than the catalogue.";
}

/// The system that these registries tell, perhaps without a service pack; `None` if none does, one leaves it open, or two
/// differ. The doubts are those of all.
fn of_registry(systems: &[&System], releases: &Releases) -> (Option<Profile>, Vec<String>) {
    let mut doubts = Vec::new();
    let mut profiles = Vec::new();
    for system in systems {
        let identity = identify(system, releases);
        doubts.extend(identity.doubts);
        let pack = identity.pack.map(|pack| pack.value);
        profiles.push(identity.line.map(|line| Profile { line: line.value, pack, source: ProfileSource::Registry }));
    }
    let first = profiles.first().cloned().flatten();
    let agree = profiles.iter().all(|profile| *profile == first);
    if !agree {
        doubts.push("several registries describe different systems".to_owned());
    }
    (first.filter(|_| agree), doubts)
}

/// The files whose version is that of the system, in lower case; those that are the kernel itself first.
pub const KERNEL_FILES: [&str; 5] = ["ntoskrnl.exe", "ntkrnlpa.exe", "ntkrnlmp.exe", "ntdll.dll", "kernel32.dll"];
/// How many of them are the kernel itself: only these are replaced by every service pack.
const KERNELS: usize = 3;

/// What the user says of a system, or else its registry, or else what its active kernel files agree on. `own` are
/// the inventory's entries that belong to it.
pub(super) fn of(
    territory: &Territory,
    own: &[usize],
    inventory: &Inventory,
    knowledge: &Knowledge,
    given: Option<&Profile>,
) -> JudgedSystem {
    let judged = |profile, doubts| JudgedSystem { territory: territory.clone(), profile, doubts };
    // "Windows 10" does not say which build: that is told by the files, as where nothing is given.
    let open = given.filter(|given| knowledge.releases.has_builds(&given.line));
    let found = of_files(territory, own, inventory, knowledge);
    if let Some(given) = given.filter(|_| open.is_none()) {
        let doubt = found.profile.as_ref().and_then(|own| contradiction(given, own));
        return judged(Some(given.clone()), doubt.into_iter().collect());
    }
    match (open, &found.profile) {
        (Some(given), Some(own)) if !own.line.is_build_of(&given.line) => {
            let doubt = format!("it is given as {}, but its files and registry are of {}", given.line, own.line);
            judged(Some(given.clone()), vec![doubt])
        }
        (Some(given), None) => {
            let doubt = format!(
                "neither the files nor a registry show which build of {} it is: its updates are not judged",
                given.line
            );
            judged(Some(given.clone()), vec![doubt])
        }
        _ => found,
    }
}

/// What the user says of a system is used, but where its own files say something else, that is said.
fn contradiction(given: &Profile, own: &Profile) -> Option<String> {
    let by = own.source.path().map_or_else(|| "its registry says".to_owned(), |path| format!("{path} is of"));
    if own.line != given.line {
        return Some(format!("it is given as {}, but {by} {}", given.line, own.line));
    }
    let (wanted, found) = given.pack.as_ref().zip(own.pack.as_ref())?;
    (wanted != found).then(|| format!("it is given as {} {wanted}, but {by} {found}", given.line))
}

/// What the registry of a system says, or else what its active kernel files agree on.
fn of_files(territory: &Territory, own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> JudgedSystem {
    let judged = |profile, doubts| JudgedSystem { territory: territory.clone(), profile, doubts };
    let systems = territory.systems.iter().map(|&place| &inventory.systems[place]);
    // A list of updates beside an inventory does not say what they are installed on.
    let systems: Vec<&System> = systems.filter(|system| !system.is_list_only()).collect();
    let (registry, mut doubts) = of_registry(&systems, &knowledge.releases);
    let (kernel, more) = of_kernel(own, inventory, knowledge);
    match registry {
        Some(mut registry) => {
            if let Some(doubt) = pack_doubt(&registry, own, inventory, knowledge) {
                registry.pack = None;
                doubts.push(doubt);
            }
            // A kernel of another release than the registry's belongs to another system, or one of the two is not current.
            let build = |profile: &Profile| profile.line.name().rsplit(' ').next().unwrap_or_default().to_owned();
            let is_other =
                |kernel: &Profile| kernel.line != registry.line && !has_kernel_of(&build(&registry), &build(kernel));
            if let Some(kernel) = kernel.filter(is_other) {
                doubts.push(format!(
                    "the registry says {}, but {} is of {}",
                    registry.line,
                    kernel.source.path().unwrap_or_default(),
                    kernel.line
                ));
            }
            judged(Some(registry), doubts)
        }
        None => {
            doubts.extend(more);
            judged(kernel, doubts)
        }
    }
}

/// Why the registry's service pack is not that of the kernel files: all of them, and one at least that every service pack replaces, are of
/// others. A service pack that is half installed, or a registry of another day, is believed by neither side.
fn pack_doubt(registry: &Profile, own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> Option<String> {
    let releases = &knowledge.releases;
    let pack = registry.pack.as_ref().filter(|_| releases.tells_pack(&registry.line))?;
    let found = kernel_files(own, inventory, knowledge);
    let is_other = |release: &Release| {
        let of = release.service_pack.as_ref();
        // Where all service packs share a series, a fix of later days is numbered as of a later one (MS04-011 on Windows 2000 SP2).
        release.line == registry.line
            && of.is_some_and(|of| of < pack || of > pack && releases.is_told_by_pack(&registry.line))
    };
    let (_, entry, release) = found.first().filter(|(place, ..)| *place < KERNELS)?;
    let of = release.service_pack.as_ref()?;
    found.iter().all(|(_, _, release)| is_other(release)).then(|| {
        format!(
            "the registry says {} {pack}, but {} is of {of}: the service pack that is installed is not certain",
            registry.line, entry.path
        )
    })
}

/// The active kernel files with a known release, the kernels themselves first.
fn kernel_files<'i>(
    own: &[usize],
    inventory: &'i Inventory,
    knowledge: &Knowledge,
) -> Vec<(usize, &'i Entry, Release)> {
    let mut found: Vec<(usize, &Entry, Release)> = Vec::new();
    for entry in own.iter().map(|&place| &inventory.entries[place]).filter(|entry| entry.copy.is_none()) {
        let key = entry.name().map(key_of).unwrap_or_default();
        let Some(place) = KERNEL_FILES.iter().position(|name| *name == key) else { continue };
        let Ok(binary) = &entry.binary else { continue };
        let VersionOutcome::Found(info) = &binary.version else { continue };
        let known = claims(info, &key, &None, &knowledge.releases).into_iter().find(|claim| claim.release.known);
        found.extend(known.map(|claim| (place, entry, claim.release)));
    }
    found.sort_by_key(|(place, entry, _)| (*place, entry.root, entry.path.clone()));
    found
}

fn of_kernel(own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> (Option<Profile>, Option<String>) {
    let found = kernel_files(own, inventory, knowledge);
    let Some((_, entry, release)) = found.first() else { return (None, None) };
    // Files of several systems lie side by side: each is another machine's.
    if let Some((_, other, of)) = found.iter().find(|(_, _, other)| other.line != release.line) {
        let text = format!("{} is of {}, {} of {}", entry.path, release.line, other.path, of.line);
        return (None, Some(text));
    }
    let mut packs = found.iter().filter(|(place, ..)| *place < KERNELS).map(|(_, _, r)| r.service_pack.as_ref());
    let first = packs.next().flatten().filter(|_| knowledge.releases.tells_pack(&release.line));
    let pack = first.filter(|pack| packs.all(|other| other == Some(pack))).cloned();
    let profile = Profile { line: release.line.clone(), pack, source: ProfileSource::Kernel(entry.path.to_string()) };
    (Some(profile), None)
}
