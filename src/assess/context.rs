//! The data that every step of the judgement uses.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::claims::{Claim, Windows};
use super::finding::Finding;
use super::kernel_packs::KernelPacks;
use super::known_builds::FileLines;
use super::neighbours::{Build, Neighbours};
use super::older_build::OlderBuild;
use super::policy::Policy;
use super::processor::Processor;
use super::profile::{JudgedSystem, Profile};
use super::system_build::SystemBuild;
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::inventory::snapshot::Recorded;
use crate::knowledge::{Edition, Headings, Knowledge, Scope, builds_of_system, edition_named};
use hotfixcheck_articles::{Article, OnWindows};

/// The entries of an inventory by file name, as indices of [`Inventory::entries`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies {
    pub active: Vec<usize>,
    pub inactive: Vec<usize>,
}

/// The files of a system by their key.
pub(crate) type CopiesByName = HashMap<String, Copies, RandomState>;

/// The data that every step of the judgement uses.
pub(crate) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub neighbours: Arc<Neighbours>,
    /// What the headings and product lists of the catalogue name.
    pub headings: Arc<Headings>,
    pub knowledge: &'a Knowledge,
    pub policy: &'a Policy,
    pub profile: Option<Profile>,
    /// The service packs that its kernel files stand for, where these alone show the system, and not which one it has.
    pub kernel_packs: Option<KernelPacks>,
    /// Which build of Windows 10 or later this is.
    pub build: Option<SystemBuild>,
    /// Which build of a Windows before 10 this is.
    pub older: Option<OlderBuild>,
    /// The lines of SQL Server and Exchange that the catalogue has updates for.
    pub lines: Arc<FileLines>,
    /// The day of the catalogue's newest update that is a build.
    pub newest: Option<Date>,
    /// Whether it is a client or a server, if its registry says so.
    pub edition: Option<Edition>,
    /// The Windows whose vulnerabilities it has: also by the user's name of the system or its build.
    pub on: OnWindows,
    /// The builds and the edition that the user names, where the user alone says which Windows 10 or later it is.
    pub given: Option<(BTreeSet<u32>, Option<Edition>)>,
    /// Its processor, if that is known.
    pub processor: Option<Processor>,
    /// The line of the profile, in the form that the line tables use.
    pub windows: Windows,
    pub inventory: &'a Inventory,
    /// The index of the system in the assessment's systems.
    pub system: usize,
    /// The system's files by name.
    pub copies: CopiesByName,
    /// The names that the inventory records.
    pub recorded: Arc<Recorded<'a>>,
    /// The versions of each entry, by index; none for copies that do not run.
    pub claims: Arc<Vec<Vec<Claim>>>,
    /// The findings of articles that state only service packs, by their group in the catalogue.
    pub of_groups: Box<[OnceLock<Vec<Finding>>]>,
}

/// The builds that the user's name of a system stands for, with client or server; `None` where the user names none.
pub(super) fn given_builds(
    system: &JudgedSystem,
    name: Option<String>,
    knowledge: &Knowledge,
) -> Option<(BTreeSet<u32>, Option<Edition>)> {
    let line = &system.profile.as_ref().filter(|_| system.is_given())?.line;
    let name = name.filter(|_| knowledge.releases.has_builds(line))?;
    let builds = builds_of_system(&name);
    (!builds.is_empty()).then(|| (builds, edition_named(&name)))
}

impl Context<'_> {
    /// The system's line of Windows, as articles name it.
    pub(super) fn line(&self) -> Option<&str> {
        self.windows.as_deref()?.first().map(String::as_str)
    }

    /// False where a heading or product list names releases of Windows 10 and later, and the system's, by its files or its given name, is another:
    /// another build, or the server of this build.
    pub(super) fn is_of_builds(&self, scope: &Scope) -> bool {
        let Some(line) = self.line().filter(|line| scope.builds_of(line).is_some()) else { return true };
        match (&self.build, &self.given) {
            (Some(own), _) => {
                let edition = self.edition.or_else(|| own.edition());
                own.numbers_of_kernel().any(|build| scope.names_build(line, build, edition))
            }
            (None, Some((builds, edition))) => builds.iter().any(|build| scope.names_build(line, *build, *edition)),
            (None, None) => true,
        }
    }

    /// Whether the system is a client or a server, by its registry or the user's name of it.
    pub(super) fn known_edition(&self) -> Option<Edition> {
        self.edition.or(self.on.edition)
    }

    /// False where a heading names the server with the system's kernel while the system is a client, or the other way
    /// round.
    pub(super) fn is_of_edition(&self, scope: &Scope) -> bool {
        let Some((own, line)) = self.edition.zip(self.line()) else { return true };
        scope.editions_of(line).has(own)
    }

    /// The systems that an article's product list names.
    pub(super) fn scope_of(&self, article: &Article) -> Arc<Scope> {
        self.headings.scope_of(article, &self.knowledge.products)
    }

    /// The article that a build comes from.
    pub(crate) fn id(&self, build: &Build) -> KbId {
        self.catalog.articles()[build.source.article].id
    }
}
