//! Which build of a Windows before 10 the files come from, for the monthly rollups of which the advisories state the
//! build.
//!
//! Rollups are cumulative. Security-only updates bring only their own corrections, but the same kernel: a later kernel
//! does not show that a rollup or its corrections are installed.

use std::collections::BTreeSet;

use super::reason::Reason;
use super::system_build::kernels_of;
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::inventory::system::{System, Territory};
use crate::knowledge::{Edition, Line, Releases};
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::windows_product;

/// Builds of one system with all its service packs: the first numbers of its versions, its builds, and the build for
/// which rollups are stated. Server 2008 SP2 has build 6003 since 2019.
const SYSTEMS: [([u32; 2], std::ops::RangeInclusive<u32>, u32); 4] = [
    ([6, 0], 6000..=SERVER_2008, SERVER_2008),
    ([6, 1], 7600..=7601, 7601),
    ([6, 2], 9200..=9200, 9200),
    ([6, 3], 9600..=9600, 9600),
];

/// The first builds of the service packs that the rollups of a build need: Windows 7 SP1, Server 2008 SP2.
const PACKS: [(u32, u32, &str); 2] = [(7601, 7601, "1"), (SERVER_2008, 6002, "2")];

/// Windows 8: released after the catalogue's last day for files.
const FIRST_WITHOUT_FILES: u32 = 9200;

/// The build of Server 2008 SP2 since 2019. Vista had no more updates by then.
const SERVER_2008: u32 = 6003;

/// The build whose rollups apply to the system with this build.
pub(super) fn build_of_rollups(build: u32) -> Option<u32> {
    SYSTEMS.iter().find(|(_, builds, _)| builds.contains(&build)).map(|(_, _, rollups)| *rollups)
}

/// The build of a Windows before 10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OlderBuild {
    build: u32,
    revision: u32,
    /// Where it comes from: a value of the registry, or a kernel file.
    source: String,
    is_certain: bool,
    edition: Option<Edition>,
    /// The rollups with exactly this build: their products and articles.
    rollups_of: Vec<(String, KbId)>,
}

impl OlderBuild {
    /// The build from the only registry of a system or, where that has no revision, from its kernel files. `own` are
    /// the inventory's entries that belong to the system.
    pub(super) fn of(
        territory: &Territory,
        own: &[usize],
        inventory: &Inventory,
        edition: Option<Edition>,
    ) -> Option<Self> {
        let told: Vec<&System> = territory.systems.iter().map(|&place| &inventory.systems[place]).collect();
        let told: Vec<&System> = told.into_iter().filter(|system| !system.is_list_only()).collect();
        let registry = match told.as_slice() {
            [] => None,
            [only] => Some(only.facts.build.as_ref()?),
            _ => return None,
        };
        let revision = told.first().and_then(|system| system.facts.revision.as_ref());
        if let (Some(build), Some(revision)) = (registry, revision) {
            build_of_rollups(build.value)?;
            let (build, revision, source) = (build.value, revision.value, revision.source.clone());
            return Some(Self { build, revision, source, is_certain: true, edition, rollups_of: Vec::new() });
        }
        let is_older = |first: [u32; 2], build: u32| {
            SYSTEMS.iter().any(|(numbers, builds, _)| *numbers == first && builds.contains(&build))
        };
        let kernels = kernels_of(own, inventory);
        let kernels: Vec<(u32, u32, String)> =
            kernels.filter(|kernel| is_older(kernel.0, kernel.1)).map(|(_, b, r, path)| (b, r, path)).collect();
        let (build, revision, source) = kernels.iter().max()?.clone();
        let of = build_of_rollups(build);
        // Files of several systems are mixed, or the registry is of another system.
        let is_other = kernels.iter().any(|(other, ..)| build_of_rollups(*other) != of)
            || registry.is_some_and(|registry| build_of_rollups(registry.value) != of);
        (!is_other).then_some(Self { build, revision, source, is_certain: false, edition, rollups_of: Vec::new() })
    }

    /// Adds the rollups of the catalogue with exactly this build. Only rollups have builds: those of security-only updates are not
    /// required.
    pub(super) fn told_by(mut self, catalog: &Catalog) -> Self {
        let own = format!("{}.{}", self.build, self.revision);
        let is_own = |build: &&Build| build.file.is_none() && build.version == own;
        let of = |article: &Article, builds: &[Build]| {
            builds.iter().filter(is_own).map(|build| (build.product.to_string(), article.id)).collect::<Vec<_>>()
        };
        self.rollups_of = catalog.articles().iter().flat_map(|article| of(article, article.builds())).collect();
        self
    }

    /// The rollup of a product with exactly this build, if the system has it.
    fn rollup_of(&self, product: &str) -> Option<KbId> {
        self.rollups_of.iter().filter(|(of, _)| of == product).map(|(_, id)| *id).max()
    }

    /// True if this is a build of a line of Windows.
    pub(super) fn is_of(&self, line: &Line, releases: &Releases) -> bool {
        let numbers = SYSTEMS.iter().find(|(_, builds, _)| builds.contains(&self.build)).map(|(numbers, ..)| numbers);
        let version = numbers.and_then(|[major, minor]| format!("{major}.{minor}.{}.0", self.build).parse().ok());
        let release = version
            .map(|version: FileVersion| releases.of(&version, None, "ntoskrnl.exe", || None::<BTreeSet<String>>));
        release.is_some_and(|release| release.line == *line)
    }

    /// True if an article's build may be one of this system.
    pub(super) fn may_be_of(&self, build: &Build) -> bool {
        let wanted = build.version.parse::<FileVersion>().ok();
        let number = wanted.as_ref().and_then(|wanted| wanted.components().first().copied());
        let is_for = |server| number.is_some_and(|number| windows_product(number, server) == Some(&*build.product));
        number == self.rollups()
            && self.edition.map_or_else(|| is_for(false) || is_for(true), |edition| is_for(edition.is_server()))
    }

    /// Why the updates of a system are not known for which the catalogue has no rollup: a Windows 8 that is a client. The
    /// catalogue's facts about files end before such a system was released.
    pub(super) fn not_known(&self) -> Option<String> {
        let edition = self.edition.map_or_else(|| "system".to_owned(), |edition| edition.to_string());
        let text = || {
            format!(
                "{}, and the catalogue has no update for a {edition} of this build: missing updates are not known",
                self.describe()
            )
        };
        (self.build >= FIRST_WITHOUT_FILES).then(text)
    }

    /// The build and its revision.
    pub(super) fn build_and_revision(&self) -> (u32, u32) {
        (self.build, self.revision)
    }

    /// True if nothing shows whether it is the client or the server of its build.
    pub(super) fn is_of_either(&self) -> bool {
        self.edition.is_none()
    }

    /// The first number of the builds of the updates for this system: `7601`.
    pub(super) fn rollups(&self) -> Option<u32> {
        build_of_rollups(self.build)
    }

    /// The client and the server of this build.
    pub(super) fn products(&self) -> impl Iterator<Item = &'static str> + use<> {
        let number = self.rollups();
        [false, true].into_iter().filter_map(move |server| windows_product(number?, server))
    }

    /// The service pack that the system lacks for its rollups.
    pub(super) fn lacks_pack(&self) -> Option<&'static str> {
        let rollups = self.rollups()?;
        PACKS.iter().find(|(of, first, _)| *of == rollups && self.build < *first).map(|(.., pack)| *pack)
    }

    /// Whether the system has this build, which is one of those that an article names.
    pub(super) fn judge(&self, build: &Build, wanted: &FileVersion, article: &Article) -> Reason {
        let &[number, revision] = wanted.components() else { return Reason::VersionNotUnderstood };
        if self.rollups() != Some(number) {
            return Reason::OtherProduct;
        }
        let of = |server| windows_product(number, server);
        let is_for = |server| of(server) == Some(&*build.product);
        if !is_for(false) && !is_for(true) {
            return Reason::VersionNotUnderstood;
        }
        match self.edition {
            Some(edition) if !is_for(edition.is_server()) => return Reason::OtherProduct,
            // A kernel of Vista may be that of Server 2008, which is the only one with builds from 6003 on.
            None if number == SERVER_2008 && self.build < number => return Reason::BuildNotKnown,
            // An update for servers alone cannot be judged on a system that may be a client.
            None if of(false).is_some() && of(true).is_some() => {
                let is_other = |other: &Build| {
                    other.product != build.product && [of(false), of(true)].contains(&Some(&*other.product))
                };
                if !article.builds.iter().any(is_other) {
                    return Reason::BuildNotKnown;
                }
            }
            _ => {}
        }
        match ((self.build, self.revision).cmp(&(number, revision)), self.is_certain) {
            (std::cmp::Ordering::Less, true) => Reason::BuildOlder,
            (std::cmp::Ordering::Less, false) => Reason::KernelOlderThanBuild,
            (std::cmp::Ordering::Equal, true) => Reason::BuildReached,
            (std::cmp::Ordering::Equal, false) => Reason::KernelOfBuild,
            (std::cmp::Ordering::Greater, _) if self.rollup_of(&build.product).is_some() => Reason::LaterRollup,
            (std::cmp::Ordering::Greater, _) => Reason::LaterKernel,
        }
    }

    /// Build and revision, their source, and the rollup of a product that has them.
    pub(super) fn describe_for(&self, product: &str) -> String {
        let rollup = self.rollup_of(product).map(|id| format!(", the build of {id}")).unwrap_or_default();
        format!("{}{rollup}", self.describe())
    }

    /// Build and revision.
    pub(super) fn number(&self) -> String {
        format!("{}.{}", self.build, self.revision)
    }

    /// Build and revision, and their source.
    pub(super) fn describe(&self) -> String {
        format!("the system is {}.{} ({})", self.build, self.revision, self.source)
    }
}
