//! Which build of Windows 10 or later the files come from, and which updates concern them.

use super::profile::KERNEL_FILES;
use super::reason::Reason;
use crate::FileVersion;
use crate::catalog::{BuildsOf, Catalog};
use crate::inventory::Inventory;
use crate::inventory::system::{Fact, System, Territories, Territory};
use crate::name::file_key;
use hotfixcheck_articles::Build;
use hotfixcheck_facts::builds::{EXCHANGE_FILE, SQL_FILE, windows_product};
use hotfixcheck_winfiles::binary::{VersionInfo, VersionOutcome};

/// The first build of Windows 10: from it on updates are cumulative, and a revision tells all of them.
const FIRST_BUILD: u32 = 10_240;

/// Systems of one kernel: the kernel's build, and the last of them. Their updates bring one revision to all (19041.3803 is
/// the kernel of 19045.3803). Of 26100 the first is taken, since the servers have no other.
const ONE_KERNEL: [(u32, u32); 3] = [(18_362, 18_363), (19_041, 19_045), (22_621, 22_631)];

/// Which build of Windows 10 or later the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SystemBuild {
    /// The product, where it is known.
    product: Option<&'static str>,
    build: u32,
    revision: u32,
    /// Who says so: a value of the registry, or a kernel file.
    source: String,
    is_certain: bool,
}

impl SystemBuild {
    /// What the registries of a system agree on; where it has none, what its kernel files say. `of_entry` tells which of the
    /// inventory's entries belong to it.
    pub(super) fn of(territory: &Territory, of_entry: impl Fn(usize) -> bool, inventory: &Inventory) -> Option<Self> {
        let mut systems = territory.systems.iter().map(|&place| Self::of_registry(&inventory.systems[place]));
        let Some(first) = systems.next() else { return Self::of_kernel(of_entry, inventory) };
        let own = first?;
        let same = |other: Self| (other.build, other.revision, other.product) == (own.build, own.revision, own.product);
        systems.all(|other| other.is_some_and(same)).then_some(own)
    }

    /// The builds of all systems of an inventory, those that are known.
    fn of_all(inventory: &Inventory) -> Vec<Self> {
        let Territories { list, of_entry } = Territories::of(inventory);
        let of = |(system, territory)| Self::of(territory, |entry| of_entry[entry] == system, inventory);
        list.iter().enumerate().filter_map(of).collect()
    }

    fn of_registry(system: &System) -> Option<Self> {
        let facts = &system.facts;
        let (build, revision) = (facts.build.as_ref()?, facts.revision.as_ref()?);
        let says = |text: &Option<Fact<String>>, word: &str| {
            text.as_ref().is_some_and(|fact| fact.value.to_ascii_lowercase().contains(word))
        };
        let server = says(&facts.product_name, "server")
            || says(&facts.product_type, "server")
            || says(&facts.product_type, "lanman");
        (build.value >= FIRST_BUILD).then(|| Self {
            product: windows_product(build.value, server),
            build: build.value,
            revision: revision.value,
            source: revision.source.clone(),
            is_certain: true,
        })
    }

    fn of_kernel(of_entry: impl Fn(usize) -> bool, inventory: &Inventory) -> Option<Self> {
        let mut found: Vec<(u32, u32, String)> = Vec::new();
        let active = inventory.entries.iter().enumerate().filter(|(place, e)| e.copy.is_none() && of_entry(*place));
        for (_, entry) in active {
            let key = entry.name().map(file_key).unwrap_or_default();
            let Ok(binary) = &entry.binary else { continue };
            let (true, VersionOutcome::Found(info)) = (KERNEL_FILES.contains(&key.as_str()), &binary.version) else {
                continue;
            };
            let version = version_of(info);
            if let Some(&[10, 0, build, revision]) = version.as_ref().map(FileVersion::components)
                && build >= FIRST_BUILD
            {
                found.push((build, revision, entry.path.to_string()));
            }
        }
        let (build, revision, source) = found.iter().max()?.clone();
        // Files of several systems lie side by side: each is another machine's.
        if found.iter().any(|(other, ..)| *other != build) {
            return None;
        }
        let build = ONE_KERNEL.iter().find(|(kernel, _)| *kernel == build).map_or(build, |(_, last)| *last);
        Some(Self { product: None, build, revision, source, is_certain: false })
    }

    /// Whether the system has this build.
    pub(super) fn judge(&self, build: &Build, wanted: &FileVersion) -> Reason {
        let &[number, revision] = wanted.components() else { return Reason::VersionNotUnderstood };
        if number != self.build || self.product.is_some_and(|product| product != build.product) {
            return Reason::OtherProduct;
        }
        match (self.revision >= revision, self.is_certain) {
            (true, true) => Reason::BuildReached,
            (true, false) => Reason::KernelOfBuild,
            (false, true) => Reason::BuildOlder,
            (false, false) => Reason::KernelOlderThanBuild,
        }
    }

    /// Build and revision, and who says so.
    pub(super) fn describe(&self) -> String {
        format!("the system is {}.{} ({})", self.build, self.revision, self.source)
    }
}

/// The fixed version; lists that were made elsewhere may have the string alone, which has the same numbers in these files.
pub(super) fn version_of(info: &VersionInfo) -> Option<FileVersion> {
    let text = || info.tables.iter().find_map(|table| table.file_version.as_deref());
    info.fixed_file.or_else(|| text().and_then(FileVersion::from_resource_string))
}

/// The files whose version is the build of a product, in lower case.
pub const BUILD_FILES: [&str; 2] = ["sqlservr.exe", "exsetup.exe"];

/// The builds whose updates concern these files: those of the system, of SQL Server, of Exchange.
pub fn builds_of(inventory: &Inventory) -> Vec<BuildsOf> {
    let systems = SystemBuild::of_all(inventory);
    let mut wanted: Vec<BuildsOf> =
        systems.iter().map(|system| BuildsOf { file: None, prefix: format!("{}.", system.build) }).collect();
    for entry in inventory.entries.iter().filter(|entry| entry.copy.is_none()) {
        let key = entry.name().map(file_key).unwrap_or_default();
        let Some(place) = BUILD_FILES.iter().position(|name| *name == key) else { continue };
        let Some(VersionOutcome::Found(info)) = entry.binary.as_ref().ok().map(|binary| &binary.version) else {
            continue;
        };
        // SQL Server's first number is the year of the product, Exchange's second its edition.
        let version = version_of(info);
        let numbers = version.as_ref().map(FileVersion::components).unwrap_or_default();
        let prefix = match (place, numbers) {
            (0, [year, ..]) => format!("{year}."),
            (_, [major, minor, ..]) => format!("{major}.{minor}."),
            _ => continue,
        };
        wanted.push(BuildsOf { file: Some([SQL_FILE, EXCHANGE_FILE][place].to_owned()), prefix });
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// What a user must know where the system is newer than every update of the catalogue: later ones may be missing.
pub fn beyond(inventory: &Inventory, catalog: &Catalog) -> Vec<String> {
    SystemBuild::of_all(inventory).iter().filter_map(|system| beyond_of(system, catalog)).collect()
}

fn beyond_of(system: &SystemBuild, catalog: &Catalog) -> Option<String> {
    let revisions = catalog.articles().iter().flat_map(|article| &article.builds).filter_map(|build| {
        let version: FileVersion = build.version.parse().ok().filter(|_| build.file.is_none())?;
        let &[number, revision] = version.components() else { return None };
        (number == system.build && system.product.is_none_or(|product| product == build.product)).then_some(revision)
    });
    let own = format!("{}.{}", system.build, system.revision);
    match revisions.max() {
        None => {
            Some(format!("the catalogue has no update for the system's build {own}: missing updates are not known"))
        }
        Some(newest) if newest < system.revision => Some(format!(
            "the system ({own}) is newer than the newest update of the catalogue ({}.{newest}): later updates may be missing",
            system.build
        )),
        Some(_) => None,
    }
}
