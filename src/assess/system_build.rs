//! Which build of Windows 10 or later the files come from, and which updates concern them.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::hotpatch;
use super::profile::KERNEL_FILES;
use super::reason::Reason;
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::inventory::system::{Fact, Facts, System, Territories, Territory};
use crate::knowledge::{Edition, edition_of_registry, has_kernel_of};
use crate::name::key_of;
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{FIRST_CUMULATIVE, HOTPATCH, is_release, windows_product};
use hotfixcheck_winfiles::binary::{VersionInfo, VersionOutcome};

/// Systems with the same kernel: the kernel's build, and the last of their builds. Their updates bring one revision to
/// all (19041.3803 is the kernel of 19045.3803). For 26100 only the first build is used, since the servers have no
/// other.
const ONE_KERNEL: [(u32, u32); 3] = [(18_362, 18_363), (19_041, 19_045), (22_621, 22_631)];

/// Nearly every update brings a new kernel: a kernel this many updates older than the registry does not belong to it.
const UPDATES_BEHIND: usize = 12;

/// Which build of Windows 10 or later the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SystemBuild {
    /// The product, where it is known.
    pub(super) product: Option<&'static str>,
    pub(super) build: u32,
    /// The first build of the same kernel, where only the kernel shows the build.
    pub(super) first: u32,
    pub(super) revision: u32,
    /// Where it comes from: a value of the registry, or a kernel file.
    source: String,
    is_certain: bool,
    /// The revisions of the monthly updates whose corrections a hotpatched system has in full or in part, without their
    /// builds.
    covered: Option<RangeInclusive<u32>>,
}

/// The last update of a system or product.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastUpdate {
    pub id: KbId,
    /// Its day, if that is known.
    pub day: Option<Date>,
    /// The day of the last one that has a day.
    pub dated: Date,
}

impl SystemBuild {
    /// The build on which the registries of a system agree or, if it has none, that of its kernel files. `own` are the
    /// inventory's entries that belong to it.
    pub(super) fn of(territory: &Territory, own: &[usize], inventory: &Inventory) -> Option<Self> {
        let kernel = || Self::of_kernel(own, inventory);
        let of = |&place: &usize| Self::of_registry(&inventory.systems[place], kernel);
        let mut systems = territory.systems.iter().map(of);
        let Some(first) = systems.next() else { return kernel() };
        let first = first?;
        let numbers = |of: &Self| (of.build, of.revision, of.product);
        systems.all(|other| other.is_some_and(|other| numbers(&other) == numbers(&first))).then_some(first)
    }

    /// Adds the only product whose update in the catalogue has exactly this revision, or the only one whose revisions
    /// reach so far: from 2026 on, the updates of Windows 11 24H2 and Server 2025, both 26100, have different revisions.
    /// 26100.1742 is an update of the first and the release of the second (issue 15).
    pub(super) fn told_by(mut self, catalog: &Catalog) -> Self {
        if self.product.is_none() {
            let own = |build: &&Build| self.numbers(build).is_some_and(|(_, revision)| revision == self.revision);
            let products = catalog.articles().iter().flat_map(|article| article.builds()).filter(own);
            let named: BTreeSet<&str> = products.map(|build| &*build.product).collect();
            let is_released =
                |product: &str| self.numbers_of_kernel().any(|own| is_release(product, own, self.revision));
            let is_named = |product: &&'static str| named.contains(product) || is_released(product);
            let mut own = self.products().filter(is_named);
            let exact = own.next().filter(|_| own.next().is_none());
            self.product = exact.or_else(|| self.told_by_series(catalog));
        }
        // A hotpatch does not replace the kernel file.
        let revision_of = |build: &Build| self.numbers(build).map(|(_, revision)| revision);
        let product = self.product.filter(|_| self.is_certain);
        self.covered = product.and_then(|product| hotpatch::covered(self.revision, product, revision_of, catalog));
        self
    }

    /// The last update of the catalogue for this system, and the last one that has a day.
    pub(super) fn last_update(&self, catalog: &Catalog) -> Option<(KbId, Option<(Date, KbId)>)> {
        let is_own = |build: &Build| {
            let product = build.product.strip_suffix(HOTPATCH).unwrap_or(&build.product);
            self.numbers(build).is_some() && self.product.is_none_or(|own| own == product)
        };
        let own = || catalog.articles().iter().filter(|article| article.builds().iter().any(is_own));
        let dated = own().filter_map(|article| Some((article.last_modified?, article.id))).max();
        Some((own().map(|article| article.id).max()?, dated))
    }

    /// True if an article that does not name a build of this system is for systems of the same family: Windows 10 and
    /// 11, or servers.
    pub(super) fn is_of_family(&self, article: &Article) -> bool {
        let is_server = |product: &str| product.starts_with("Windows Server");
        let products = self.products().filter(|product| self.product.is_none_or(|own| own == *product));
        let own: BTreeSet<bool> = products.map(is_server).collect();
        let of = article.builds.iter().filter(|build| build.file.is_none());
        of.into_iter().any(|build| own.contains(&is_server(&build.product)))
    }

    /// The build of a Windows 10 or later in a registry. Where [`of`](Self::of) finds no build, its revision is not
    /// known, and its updates are not judged.
    pub(super) fn lacks_revision(territory: &Territory, inventory: &Inventory) -> Option<u32> {
        let of = |&place: &usize| inventory.systems[place].facts.build.as_ref().map(|build| build.value);
        territory.systems.iter().filter_map(of).find(|build| *build >= FIRST_CUMULATIVE)
    }

    /// True if the registries of a system state different builds or revisions of Windows 10 or later. Then
    /// [`of`](Self::of) finds no build.
    pub(super) fn is_contradicted(territory: &Territory, inventory: &Inventory) -> bool {
        let of = |&place: &usize| {
            let facts = &inventory.systems[place].facts;
            let build = facts.build.as_ref().filter(|build| build.value >= FIRST_CUMULATIVE)?;
            Some((build.value, facts.revision.as_ref()?.value))
        };
        let mut stated = territory.systems.iter().filter_map(of);
        stated.next().is_some_and(|first| stated.any(|other| other != first))
    }

    /// True if this may be the number of the system's build.
    pub(super) fn may_be(&self, build: &str) -> bool {
        build.parse().is_ok_and(|build: u32| (self.first..=self.build).contains(&build))
    }

    /// The builds that the system may have.
    pub(super) fn numbers_of_kernel(&self) -> RangeInclusive<u32> {
        self.first..=self.build
    }

    /// Whether it is a client or a server, if its product or its build alone shows that.
    pub(super) fn edition(&self) -> Option<Edition> {
        let mut products = self.products().filter(|product| self.product.is_none_or(|own| own == *product));
        let first = Edition::of_release(products.next()?);
        products.all(|other| Edition::of_release(other) == first).then_some(first)
    }

    /// True if this may be the product of this build number.
    pub(super) fn is_of(&self, number: u32, product: &str) -> bool {
        (self.first..=self.build).contains(&number) && self.product.is_none_or(|own| own == product)
    }

    /// The products of this build.
    pub(super) fn products(&self) -> impl Iterator<Item = &'static str> + use<> {
        let of = |build| [false, true].into_iter().filter_map(move |server| windows_product(build, server));
        (self.first..=self.build).flat_map(of)
    }

    /// Build and revision of an update of this system's build.
    pub(super) fn numbers(&self, build: &Build) -> Option<(u32, u32)> {
        let version: FileVersion = build.version.parse().ok().filter(|_| build.file.is_none())?;
        let &[number, revision] = version.components() else { return None };
        (self.first..=self.build).contains(&number).then_some((number, revision))
    }

    /// The builds of the systems of an inventory where they are known: the system's index, its build, and the build of
    /// its kernel files.
    fn of_all(inventory: &Inventory) -> Vec<(usize, Self, Option<Self>)> {
        let territories = Territories::of(inventory);
        let entries = territories.entries();
        let of = |(system, (territory, own)): (usize, (&Territory, &Vec<usize>))| {
            Some((system, Self::of(territory, own, inventory)?, Self::of_kernel(own, inventory)))
        };
        territories.list.iter().zip(&entries).enumerate().filter_map(of).collect()
    }

    /// The builds of all systems that updates may be for.
    pub(super) fn numbers_of_all(inventory: &Inventory) -> impl Iterator<Item = u32> {
        Self::of_all(inventory).into_iter().flat_map(|(_, system, _)| system.first..=system.build)
    }

    /// Warnings, by system. A system may be newer than every update of the catalogue: later updates may then be
    /// missing. Or the registry is far newer than the kernel files, which may be from another day.
    pub(super) fn beyond(inventory: &Inventory, catalog: &Catalog) -> Vec<(usize, String)> {
        let of = |(place, system, kernel): (usize, Self, Option<Self>)| {
            let behind = kernel.and_then(|kernel| kernel.is_of_another_day(&system, catalog));
            system.is_beyond(catalog).into_iter().chain(behind).map(move |text| (place, text))
        };
        Self::of_all(inventory).into_iter().flat_map(of).collect()
    }

    /// The same build of one product.
    pub(super) fn of_product(&self, product: &'static str) -> Self {
        Self { product: Some(product), ..self.clone() }
    }

    /// The revisions of the updates of the catalogue for the system.
    pub(super) fn revisions(&self, catalog: &Catalog) -> BTreeSet<u32> {
        let builds = catalog.articles().iter().flat_map(|article| article.builds());
        let own = builds.filter(|build| self.product.is_none_or(|product| product == &*build.product));
        own.filter_map(|build| self.numbers(build)).map(|(_, revision)| revision).collect()
    }

    /// The builds of the systems, each with the last update of the catalogue for it, by its revision, with its day, and the
    /// day of the last one that has a day: the system's index, the build's number, the update, the days.
    pub(super) fn last_updates(inventory: &Inventory, catalog: &Catalog) -> Vec<(usize, u32, LastUpdate)> {
        let of = |(place, system, _): (usize, Self, Option<Self>)| {
            let system = system.told_by(catalog);
            let (_, (dated, _)) = system.last_update(catalog).and_then(|(last, dated)| Some((last, dated?)))?;
            let revision = |build: &Build| {
                let is_own = system.product.is_none_or(|own| own == &*build.product);
                system.numbers(build).filter(|_| is_own).map(|(_, revision)| revision)
            };
            let articles = catalog.articles().iter();
            let own = articles.filter_map(|one| Some((one.builds().iter().filter_map(revision).max()?, one)));
            let (_, last) = own.max_by_key(|(revision, one)| (*revision, one.last_modified, one.id))?;
            Some((place, system.build, LastUpdate { id: last.id, day: last.last_modified, dated }))
        };
        Self::of_all(inventory).into_iter().filter_map(of).collect()
    }

    fn is_beyond(&self, catalog: &Catalog) -> Option<String> {
        let own = format!("{}.{}", self.build, self.revision);
        match self.revisions(catalog).last() {
            None => {
                Some(format!("the catalogue has no update for the system's build {own}: missing updates are not known"))
            }
            Some(newest) if *newest < self.revision => Some(format!(
                "the system ({own}) is newer than the newest update of the catalogue ({}.{newest}): later updates may be missing",
                self.build
            )),
            Some(_) => None,
        }
    }

    /// A warning where the kernel files do not belong to the registry: they are far older, or newer by any update, which
    /// is so only until a restart.
    fn is_of_another_day(&self, system: &Self, catalog: &Catalog) -> Option<String> {
        let is_same = system.is_certain && self.is_kernel_of(system.build);
        if !is_same || self.revision == system.revision {
            return None;
        }
        let (first, last) = (self.revision.min(system.revision) + 1, self.revision.max(system.revision));
        let (apart, is_newer) =
            (system.revisions(catalog).range(first..=last).count(), self.revision > system.revision);
        let updates = if apart == 1 { "1 update".to_owned() } else { format!("{apart} updates") };
        let reason = match is_newer {
            true if apart > 0 => "newer: a restart is pending, or files and registry are of different days",
            false if apart >= UPDATES_BEHIND => "older: files and registry may be of different days",
            _ => return None,
        };
        let (build, revision, source) = (system.build, system.revision, &self.source);
        Some(format!("the registry says build {build}.{revision}, the kernel files ({source}) are {updates} {reason}"))
    }

    /// The build from a registry; if that has no revision, the revision of the kernel files, provided they are of its
    /// build.
    fn of_registry(system: &System, kernel: impl Fn() -> Option<Self>) -> Option<Self> {
        let facts = &system.facts;
        let build = facts.build.as_ref()?;
        if build.value < FIRST_CUMULATIVE {
            return None;
        }
        let server = edition_in(facts).is_some_and(Edition::is_server);
        let (product, build) = (windows_product(build.value, server), build.value);
        let Some(revision) = &facts.revision else {
            let kernel = kernel().filter(|kernel| kernel.is_kernel_of(build))?;
            return Some(Self { product, build, first: build, ..kernel });
        };
        let (revision, source) = (revision.value, revision.source.clone());
        Some(Self { product, build, first: build, revision, source, is_certain: true, covered: None })
    }

    fn of_kernel(own: &[usize], inventory: &Inventory) -> Option<Self> {
        let of_ten = |(first, build, revision, path): ([u32; 2], u32, u32, String)| {
            (first == [10, 0] && build >= FIRST_CUMULATIVE).then_some((build, revision, path))
        };
        let found: Vec<(u32, u32, String)> = kernels_of(own, inventory).filter_map(of_ten).collect();
        let (build, revision, source) = found.iter().max()?.clone();
        // Files of several systems are mixed: each may be from another machine.
        if found.iter().any(|(other, ..)| *other != build) {
            return None;
        }
        let last = ONE_KERNEL.iter().find(|(kernel, _)| *kernel == build).map_or(build, |(_, last)| *last);
        Some(Self { product: None, build: last, first: build, revision, source, is_certain: false, covered: None })
    }

    /// True if a system of this build has this kernel: 26200 has that of 26100, because it is installed as an
    /// enablement package.
    fn is_kernel_of(&self, build: u32) -> bool {
        (self.first..=self.build).contains(&build) || has_kernel_of(&build.to_string(), &self.first.to_string())
    }

    /// Whether the system has this build, which is one of those that an article names.
    pub(super) fn judge(&self, build: &Build, wanted: &FileVersion, article: &Article, catalog: &Catalog) -> Reason {
        let &[number, revision] = wanted.components() else { return Reason::VersionNotUnderstood };
        // The build was never released (an Insider Preview), or is not known yet.
        if self.products().next().is_none() {
            return Reason::BuildNotKnown;
        }
        let is_own = (self.first..=self.build).contains(&number);
        if let Some(product) = build.product.strip_suffix(HOTPATCH) {
            // Later hotpatches are not required: the monthly updates, which have the same corrections, are.
            let has = is_own && self.covered.is_some() && self.product == Some(product) && self.revision >= revision;
            return if has { Reason::BuildReached } else { Reason::OtherProduct };
        }
        if !is_own {
            return Reason::OtherProduct;
        }
        // A name of another build number, or one that does not say which of two products it is.
        let of_number = |server| windows_product(number, server);
        let mut of_system = self.products().chain([of_number(false), of_number(true)].into_iter().flatten());
        if !of_system.any(|product| product == build.product) {
            return Reason::VersionNotUnderstood;
        }
        if self.product.is_some_and(|product| product != build.product) {
            return Reason::OtherProduct;
        }
        // An update for clients alone cannot be judged on a system that may be a server, in neither direction: the two may
        // have revisions of different series.
        if self.product.is_none() && of_number(false).and(of_number(true)).is_some() {
            let is_other = |other: &Build| self.numbers(other).is_some() && other.product != build.product;
            if !article.builds.iter().any(is_other) {
                return Reason::BuildNotKnown;
            }
        }
        if self.covered.as_ref().is_some_and(|covered| covered.contains(&revision)) {
            return Reason::Hotpatched;
        }
        if self.is_of_earlier_series(build, revision, article, catalog) {
            return Reason::VersionNotUnderstood;
        }
        match (self.revision >= revision, self.is_certain) {
            (true, true) => Reason::BuildReached,
            (true, false) => Reason::KernelOfBuild,
            (false, true) => Reason::BuildOlder,
            (false, false) => Reason::KernelOlderThanBuild,
        }
    }

    /// The product, if it is known, with build and revision.
    pub(super) fn release(&self) -> (Option<String>, String) {
        (self.product.map(str::to_owned), format!("{}.{}", self.build, self.revision))
    }

    /// Build and revision, and their source.
    pub(super) fn describe(&self) -> String {
        format!("the system is {}.{} ({})", self.build, self.revision, self.source)
    }
}

/// Whether a registry is of a client or a server.
pub(super) fn edition_in(facts: &Facts) -> Option<Edition> {
    fn text(fact: &Option<Fact<String>>) -> Option<&str> {
        fact.as_ref().map(|fact| fact.value.as_str())
    }
    let is_10 = facts.build.as_ref().is_some_and(|build| build.value >= FIRST_CUMULATIVE);
    edition_of_registry(text(&facts.product_name), text(&facts.product_type), is_10)
}

/// The active kernel files of a system: the first two numbers of their versions, build, revision and path. `own` are
/// the inventory's entries that belong to it.
pub(super) fn kernels_of(own: &[usize], inventory: &Inventory) -> impl Iterator<Item = ([u32; 2], u32, u32, String)> {
    let active = own.iter().map(|&place| &inventory.entries[place]).filter(|entry| entry.copy.is_none());
    active.filter_map(|entry| {
        let key = entry.name().map(key_of).unwrap_or_default();
        let binary = entry.binary.as_ref().ok().filter(|_| KERNEL_FILES.contains(&&*key))?;
        let VersionOutcome::Found(info) = &binary.version else { return None };
        let version = version_of(info)?;
        let &[major, minor, build, revision] = version.components() else { return None };
        Some(([major, minor], build, revision, entry.path.to_string()))
    })
}

/// The fixed version; lists of other tools may have only the string, which has the same numbers in these files.
pub(super) fn version_of(info: &VersionInfo) -> Option<FileVersion> {
    let text = || info.tables.iter().find_map(|table| table.file_version.as_deref());
    info.fixed_file.or_else(|| text().and_then(FileVersion::from_resource_string))
}
