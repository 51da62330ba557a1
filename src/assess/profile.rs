//! Which Windows the files come from: as given by the user, or else by the registry, or else by the kernel files.

use super::claims::{Claim, claims};
use crate::FileVersion;
use crate::inventory::system::{Fact, System, Territory, identify, unconfirmed_pack, with_edition_of};
use crate::inventory::{Entry, Inventory};
use crate::knowledge::{Knowledge, Line, Pack, PackBounds, Release, Releases, has_kernel_of, packs_of_kernel};
use crate::name::key_of;
use hotfixcheck_articles::OnWindows;
use hotfixcheck_winfiles::binary::VersionOutcome;

/// The system that the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its release line.
    pub line: Line,
    /// Its service pack; `None` where it is not known.
    pub pack: Option<Pack>,
    /// Where this comes from.
    pub source: ProfileSource,
}

/// Where a system profile comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileSource {
    /// The user: taken as certain.
    Given,
    /// The registry of the scanned trees: taken as certain, too.
    Registry,
    /// The version of a kernel file, by its path: the service pack is only likely that of the system.
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

/// A system of an inventory, with the doubts about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedSystem {
    /// The part of the inventory that belongs to it.
    pub territory: Territory,
    /// The system, if it is known.
    pub profile: Option<Profile>,
    /// Its release and build, where updates are builds: `Windows 10 22H2`, `19045.3930`.
    pub build: Option<(Option<String>, String)>,
    /// Which Windows it is or may be, for the vulnerabilities of updates that are for several.
    pub on: OnWindows,
    /// Why the system or its service pack is unknown or uncertain, in sentences.
    pub doubts: Vec<String>,
}

impl JudgedSystem {
    /// A system of which the build and the Windows for vulnerabilities are not known yet.
    fn new(territory: &Territory, profile: Option<Profile>, doubts: Vec<String>) -> Self {
        Self { territory: territory.clone(), profile, build: None, on: OnWindows::default(), doubts }
    }

    /// The stable code of the warning that something about a system is doubtful.
    pub const DOUBTFUL: &str = "system-doubtful";
    /// The warning in a sentence.
    pub const DOUBTFUL_DESCRIPTION: &str =
        "The system, its service pack or its build is not certain, or later than the catalogue.";

    /// True where the user names the system: its registry and its kernel are then not used.
    pub(super) fn is_given(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.source == ProfileSource::Given)
    }
}

/// The system according to these registries, perhaps without a service pack; `None` if one of them does not show it, or
/// two differ. The doubts of all registries are returned.
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

/// The files whose version is that of the system, in lower case; the kernel itself comes first.
pub const KERNEL_FILES: [&str; 5] = ["ntoskrnl.exe", "ntkrnlpa.exe", "ntkrnlmp.exe", "ntdll.dll", "kernel32.dll"];
/// How many of them are the kernel itself: every service pack replaces these, but not the others.
pub(super) const KERNELS: usize = 3;

/// The first number of the kernel of Windows 2000.
const FIRST_OF_2000: u32 = 5;

/// The first build of Windows 10.
const FIRST_OF_10: u32 = 10240;

/// What the user says of a system, or else its registry, or else what its active kernel files agree on. `own` are
/// the inventory's entries that belong to it.
pub(super) fn of(
    territory: &Territory,
    own: &[usize],
    inventory: &Inventory,
    knowledge: &Knowledge,
    given: Option<&Profile>,
) -> JudgedSystem {
    let judged = |profile, doubts| JudgedSystem::new(territory, profile, doubts);
    // "Windows 10" does not name a build: the build comes from the files, as when nothing is given.
    let open = given.filter(|given| knowledge.releases.has_builds(&given.line));
    let found = of_files(territory, own, inventory, knowledge);
    if let Some(given) = given.filter(|_| open.is_none()) {
        // Where the registry agrees with what is given, the kernel files may still be of another service pack.
        let doubt = found.profile.as_ref().and_then(|own| contradiction(given, own));
        let doubt = doubt.or_else(|| pack_doubt(given, "it is given as", own, inventory, knowledge));
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

/// The user's setting is used, but a warning says so if the system's own files contradict it.
fn contradiction(given: &Profile, own: &Profile) -> Option<String> {
    let by = own.source.path().map_or_else(|| "its registry says".to_owned(), |path| format!("{path} is of"));
    if own.line != given.line {
        return Some(format!("it is given as {}, but {by} {}", given.line, own.line));
    }
    let (wanted, found) = given.pack.as_ref().zip(own.pack.as_ref())?;
    (wanted != found).then(|| format!("it is given as {} {wanted}, but {by} {found}", given.line))
}

/// The system by its registry, or else as its active kernel files agree.
fn of_files(territory: &Territory, own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> JudgedSystem {
    let judged = |profile, doubts| JudgedSystem::new(territory, profile, doubts);
    let systems = territory.systems.iter().map(|&place| &inventory.systems[place]);
    // A list of updates that comes with an inventory does not say which system they are installed on.
    let systems: Vec<&System> = systems.filter(|system| !system.is_list_only()).collect();
    let (mut registry, mut doubts) = of_registry(&systems, &knowledge.releases);
    let (kernel, more) = of_kernel(own, inventory, knowledge);
    if let (None, Some(kernel)) = (&registry, &kernel) {
        let source = kernel.source.path().unwrap_or_default().to_owned();
        let line = Fact { value: kernel.line.clone(), source };
        let told: Vec<System> = systems.iter().map(|system| with_edition_of(&line, system)).collect();
        let again = of_registry(&told.iter().collect::<Vec<_>>(), &knowledge.releases);
        if again.0.is_some() {
            (registry, doubts) = again;
        }
    }
    match registry {
        Some(mut registry) => {
            doubts.extend(systems.iter().filter_map(|system| name_doubt(system, &registry, knowledge)));
            // A name in another language counts if the kernel is of the same service pack: nothing else can confirm it.
            let confirmed = kernel.as_ref().filter(|kernel| kernel.line == registry.line).and_then(|kernel| {
                let pack = kernel.pack.clone()?;
                let is_same =
                    |system: &&System| unconfirmed_pack(system).is_some_and(|number| pack.name() == number.to_string());
                systems.iter().any(is_same).then_some(pack)
            });
            if registry.pack.is_none() {
                registry.pack = confirmed;
            }
            if let Some(doubt) = pack_doubt(&registry, "the registry says", own, inventory, knowledge) {
                registry.pack = None;
                doubts.push(doubt);
            }
            // A kernel of another release than the registry's belongs to another system, or one of the two is not
            // current.
            let build = |profile: &Profile| profile.line.name().rsplit(' ').next().unwrap_or_default().to_owned();
            let is_other =
                |kernel: &Profile| kernel.line != registry.line && !has_kernel_of(&build(&registry), &build(kernel));
            if let Some(kernel) = kernel.filter(is_other) {
                registry.pack = None;
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

/// Why the name in a registry contradicts its version: `Microsoft Windows XP` with 5.0 and 2195 is a registry that was edited or put
/// together. Windows XP x64 calls itself Windows XP with the version of Server 2003, Windows 11 calls itself Windows 10.
fn name_doubt(system: &System, registry: &Profile, knowledge: &Knowledge) -> Option<String> {
    const NT4: &str = "Windows NT 4.0";
    let name = &system.facts.product_name.as_ref()?.value;
    let is_later = system.facts.build.as_ref().is_some_and(|build| build.value >= FIRST_OF_10);
    let named = knowledge.products.scope_of_heading(name).filter(|_| !is_later)?.lines;
    let of = registry.line.name();
    let is_alike = named.is_empty()
        || named.contains(of)
        || of.starts_with(NT4) && named.iter().any(|line| line.starts_with(NT4))
        || of == "Windows Server 2003" && named.contains("Windows XP");
    (!is_alike).then(|| format!("the registry calls itself '{}', but its version is of {of}", name.trim()))
}

/// Why the service pack that the registry or the user names (`said`) is not that of the kernel files: all of them are of others, and
/// one at least is one that every service pack replaces, or comes from a later one. A service pack that is half installed, or a registry of another day, is believed by neither
/// side.
fn pack_doubt(
    registry: &Profile,
    said: &str,
    own: &[usize],
    inventory: &Inventory,
    knowledge: &Knowledge,
) -> Option<String> {
    let releases = &knowledge.releases;
    let pack = registry.pack.as_ref()?;
    let found = kernel_files(own, inventory, knowledge, |release, _| release.known);
    if !releases.tells_pack(&registry.line) {
        return bounds_doubt(registry, said, &found, releases);
    }
    let is_other = |Claim { release, .. }: &Claim| {
        let of = release.service_pack.as_ref();
        // Where all service packs share a series of versions, a fix after a service pack may have a number of a later
        // one (MS04-011 on Windows 2000 SP2).
        release.line == registry.line
            && of.is_some_and(|of| of < pack || of > pack && releases.is_told_by_pack(&registry.line))
    };
    let (place, entry, claim) = found.first()?;
    let of = claim.release.service_pack.as_ref()?;
    // A service pack may leave ntdll.dll as it is, but no system before it has that of a later one.
    if *place >= KERNELS && of < pack {
        return None;
    }
    found.iter().all(|(_, _, claim)| is_other(claim)).then(|| {
        format!(
            "{said} {} {pack}, but {} is of {of}: the service pack that is installed is not certain",
            registry.line, entry.path
        )
    })
}

/// The same where kernel files show only bounds of the service pack: Windows NT 4.0.
fn bounds_doubt(
    registry: &Profile,
    said: &str,
    found: &[(usize, &Entry, Claim)],
    releases: &Releases,
) -> Option<String> {
    let pack = registry.pack.as_ref()?;
    let bounds = |claim: &Claim| {
        let is_own = claim.release.line == registry.line;
        packs_of_kernel(&registry.line, *claim.version.components().last()?, releases).filter(|_| is_own)
    };
    let bounds: Vec<(usize, &Entry, PackBounds)> =
        found.iter().filter_map(|(place, entry, claim)| Some((*place, *entry, bounds(claim)?))).collect();
    let (place, entry, of) = bounds.first()?;
    // As above: a service pack may leave ntdll.dll as it is.
    let is_later = of.least.as_ref().is_some_and(|least| least > pack);
    ((*place < KERNELS || is_later) && bounds.iter().all(|(_, _, of)| of.excludes(pack))).then(|| {
        format!(
            "{said} {} {pack}, but {} is of {of}: the service pack that is installed is not certain",
            registry.line, entry.path
        )
    })
}

/// The system of a kernel from before Windows 2000 whose number is of no known Windows (a beta, 4.10.1900): its articles are
/// not those of another Windows.
fn of_old_kernel(own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> (Option<Profile>, Option<String>) {
    let is_old = |_: &Release, version: &FileVersion| matches!(version.components(), [first, _, _, ..] if (3..FIRST_OF_2000).contains(first));
    let found = kernel_files(own, inventory, knowledge, is_old);
    let Some((_, entry, Claim { release, .. })) = found.first() else { return (None, None) };
    if found.iter().any(|(_, _, other)| other.release.line != release.line) {
        return (None, None);
    }
    let doubt = format!("{} is of no known Windows ({}): articles for others are not for it", entry.path, release.line);
    let source = ProfileSource::Kernel(entry.path.to_string());
    (Some(Profile { line: release.line.clone(), pack: None, source }), Some(doubt))
}

/// The active kernel files of a release and version that count, the kernels themselves first.
fn kernel_files<'i>(
    own: &[usize],
    inventory: &'i Inventory,
    knowledge: &Knowledge,
    counts: impl Fn(&Release, &FileVersion) -> bool,
) -> Vec<(usize, &'i Entry, Claim)> {
    let mut found: Vec<(usize, &Entry, Claim)> = Vec::new();
    for entry in own.iter().map(|&place| &inventory.entries[place]).filter(|entry| entry.copy.is_none()) {
        let key = entry.name().map(key_of).unwrap_or_default();
        let Some(place) = KERNEL_FILES.iter().position(|name| *name == key) else { continue };
        let Ok(binary) = &entry.binary else { continue };
        let VersionOutcome::Found(info) = &binary.version else { continue };
        let claims = claims(info, &key, &None, &knowledge.releases);
        let known = claims.into_iter().find(|claim| counts(&claim.release, &claim.version));
        found.extend(known.map(|claim| (place, entry, claim)));
    }
    found.sort_by_key(|(place, entry, _)| (*place, entry.root, entry.path.clone()));
    found
}

fn of_kernel(own: &[usize], inventory: &Inventory, knowledge: &Knowledge) -> (Option<Profile>, Option<String>) {
    let found = kernel_files(own, inventory, knowledge, |release, _| release.known);
    let Some((_, entry, Claim { release, .. })) = found.first() else {
        return of_old_kernel(own, inventory, knowledge);
    };
    // Files of several systems are mixed: each may be from another machine.
    if let Some((_, other, Claim { release: of, .. })) =
        found.iter().find(|(.., other)| other.release.line != release.line)
    {
        let text = format!("{} is of {}, {} of {}", entry.path, release.line, other.path, of.line);
        return (None, Some(text));
    }
    let releases = &knowledge.releases;
    let mut packs =
        found.iter().filter(|(place, ..)| *place < KERNELS).map(|(.., of)| of.release.service_pack.as_ref());
    let first = packs.next().flatten().filter(|_| releases.tells_pack(&release.line));
    let pack = first.filter(|pack| packs.all(|other| other == Some(pack))).cloned();
    let is_half = |of: &Claim| {
        // Where each service pack has its own numbers, it brings all of these files.
        pack.as_ref()
            .zip(of.release.service_pack.as_ref())
            .is_some_and(|(pack, of)| of != pack && releases.is_told_by_pack(&release.line))
    };
    let other = found.iter().find(|(.., of)| is_half(of));
    let doubt = other.and_then(|(_, other, Claim { release: of, .. })| {
        Some(format!(
            "{} is of {}, {} of {}: the service pack that is installed is not certain",
            entry.path,
            pack.as_ref()?,
            other.path,
            of.service_pack.as_ref()?
        ))
    });
    let pack = pack.filter(|_| doubt.is_none());
    let profile = Profile { line: release.line.clone(), pack, source: ProfileSource::Kernel(entry.path.to_string()) };
    (Some(profile), doubt)
}
