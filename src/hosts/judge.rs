//! The settings for all hosts, and the judgement of one host.

use std::hash::BuildHasher as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::assess::{self, BUILD_FILES, Baseline, Judge, KERNEL_FILES, Policy, Profile, Relevant};
use crate::catalog::{CatalogError, OpenCatalog};
use crate::inventory::import::ImportError;
use crate::inventory::{self, Inventory, InventoryError, PathFilter, RelativePath, Snapshot, Wanted};
use crate::knowledge::{Knowledge, is_main_file, product_of_file};
use crate::message_of;
use crate::report::{RunInfo, View};

/// Judges one host after another. Threads can share it.
#[derive(Clone, Debug)]
pub struct HostJudge {
    /// The catalogue: [held in memory](Self::hold_catalogue) if many hosts are judged.
    pub catalog: Arc<OpenCatalog>,
    /// The tables that do not come from articles.
    pub knowledge: Arc<Knowledge>,
    /// What to judge, and what counts as a finding.
    pub policy: Policy,
    /// Which files are included.
    pub filter: PathFilter,
    /// The settings of the run for reports.
    pub run: RunInfo,
    /// Whether the catalogue is the built-in one: it has the builds of systems, so that a system without an update in
    /// it deserves a warning.
    pub built_in: bool,
}

/// One host's files, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The report.
    pub view: View,
    /// The report's warnings about uncertain updates, for users who do not read the report.
    pub warnings: Vec<String>,
    /// The paths of its systems.
    pub systems: Vec<String>,
    /// The paths for which the user names a system, but where none was found.
    pub unmatched: Vec<String>,
}

/// Why a host could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A tree that cannot be walked.
    #[error(transparent)]
    Tree(#[from] InventoryError),
    /// The same, with a hint.
    #[error("{}; {hint}", message_of(error))]
    TreeWithHint {
        /// The error.
        error: InventoryError,
        /// The hint.
        hint: String,
    },
    /// An inventory that cannot be read.
    #[error("cannot read inventory '{}'", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file that was read, but is not an inventory.
    #[error("cannot read inventory '{}'", path.display())]
    Import {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        source: ImportError,
    },
    /// A catalogue that is damaged.
    #[error("cannot read catalogue '{name}'")]
    Catalogue {
        /// The file, or `built-in`.
        name: String,
        /// The problem and its position.
        source: CatalogError,
    },
}

impl HostJudge {
    /// Reads the whole catalogue, which many hosts then share.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn hold_catalogue(&mut self) -> Result<(), HostError> {
        let held = Arc::make_mut(&mut self.catalog).hold(&self.knowledge.products);
        held.map_err(|source| self.broken(source))
    }

    /// True for the names of wanted files. These are those in the catalogue, files whose version is the build of a
    /// product or shows its service pack, and the kernel files, which identify the system even if no fix names them.
    pub fn wants(&self, name: &str) -> bool {
        self.catalog.knows(name)
            || KERNEL_FILES.contains(&name)
            || BUILD_FILES.contains(&name)
            || is_main_file(name)
            || product_of_file(name).is_some()
    }

    /// What of a path tells files apart that are the same otherwise. Each file that a baseline knows is one of its own.
    pub fn apart(&self) -> impl Fn(&RelativePath) -> u64 {
        let filter = |path: &RelativePath| -> Vec<bool> {
            let globs = self.filter.include.iter().chain(&self.filter.exclude);
            globs.map(|glob| glob.matches_file(path, path)).collect()
        };
        let hasher = std::hash::RandomState::new();
        let known = self.policy.baseline.as_ref().map(Baseline::paths);
        move |path: &RelativePath| {
            let known = known
                .as_ref()
                .and_then(|known| Some(Baseline::spelt(path)).filter(|path| known.contains(path.as_str())));
            hasher.hash_one((assess::tells_apart(path, &self.policy), filter(path), known))
        }
    }

    /// Judges what an inventory lists.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn judge_snapshot(&self, snapshot: Snapshot) -> Result<Judged, HostError> {
        self.judge(snapshot.select(|name| self.wants(name)))
    }

    /// Judges the files of a tree or an image.
    ///
    /// # Errors
    /// A root that cannot be walked, a compiled catalogue that is damaged.
    pub fn judge_tree(&self, root: PathBuf) -> Result<Judged, HostError> {
        self.judge(self.walked(root)?)
    }

    /// The files of a tree or an image.
    fn walked(&self, root: PathBuf) -> Result<Inventory, HostError> {
        let wanted = Wanted::named(|name| self.wants(name));
        inventory::walk(&[root], &wanted, &|_progress| {}).map_err(|error| match error.hint() {
            Some(hint) => HostError::TreeWithHint { error, hint },
            None => error.into(),
        })
    }

    /// As [`judge_snapshot`](Self::judge_snapshot), for a line: see [`View::applying`].
    pub(super) fn snapshot_for_line(&self, snapshot: Snapshot) -> Result<Judged, HostError> {
        self.for_line(snapshot.select(|name| self.wants(name)))
    }

    /// As [`judge_tree`](Self::judge_tree), for a line.
    pub(super) fn tree_for_line(&self, root: PathBuf) -> Result<Judged, HostError> {
        self.for_line(self.walked(root)?)
    }

    /// Judges the files of one host.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn judge(&self, mut inventory: Inventory) -> Result<Judged, HostError> {
        let run = self.narrowed(&mut inventory);
        let relevant = self.relevant(&inventory)?;
        self.judged(&relevant, &inventory, |judge| View::new(&judge, &run))
    }

    fn for_line(&self, mut inventory: Inventory) -> Result<Judged, HostError> {
        let run = self.narrowed(&mut inventory);
        let relevant = self.relevant(&inventory)?;
        self.judged(&relevant, &inventory, |judge| View::applying(&judge, &run))
    }

    /// As [`judge`](Self::judge), for a process that ends with it: its memory is not given back piece by piece, which takes as
    /// long as to judge, and the report makes from it what it need not hold.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn judge_last(&self, mut inventory: Inventory) -> Result<Judged, HostError> {
        let own: &'static Self = Box::leak(Box::new(self.clone()));
        let run = own.narrowed(&mut inventory);
        let inventory: &'static Inventory = Box::leak(Box::new(inventory));
        let relevant: &'static Relevant<'static> = Box::leak(Box::new(own.relevant(inventory)?));
        own.judged(relevant, inventory, |judge| View::last(judge, &run))
    }

    /// Leaves the files that count: what the report says of the run.
    fn narrowed(&self, inventory: &mut Inventory) -> RunInfo {
        let excluded = inventory.retain(&self.filter);
        RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() }
    }

    fn relevant(&self, inventory: &Inventory) -> Result<Relevant<'_>, HostError> {
        let relevant = Relevant::of(&self.catalog, inventory, &self.knowledge, &self.policy);
        relevant.map_err(|source| self.broken(source))
    }

    fn judged<'j>(
        &'j self,
        relevant: &'j Relevant<'_>,
        inventory: &'j Inventory,
        view: impl FnOnce(Judge<'j>) -> View,
    ) -> Result<Judged, HostError> {
        let has_builds = |given: &Profile| self.knowledge.releases.has_builds(&given.line);
        let asks_for_builds = self.built_in && self.policy.profile.as_ref().is_none_or(has_builds);
        let coverage = self.catalog.coverage();
        let last_file = coverage.files.map(|(_, last)| last).filter(|_| self.built_in);
        let mut judge = Judge::new(relevant, inventory, &self.knowledge, &self.policy);
        let mut beyond = judge.not_known(last_file);
        if asks_for_builds {
            let newest = coverage.builds.map(|(_, newest)| newest);
            beyond.extend(assess::beyond(inventory, relevant.catalog()));
            beyond.extend(assess::ended(inventory, relevant.catalog(), newest));
        }
        if self.built_in {
            beyond.extend(judge.later_products());
        }
        let warnings = beyond.iter().map(|(_, text)| text.clone()).collect();
        judge.add_doubts(beyond);
        let systems = judge.system_paths().collect();
        let unmatched = judge.unmatched_paths().into_iter().map(str::to_owned).collect();
        let view = view(judge);
        // Some articles are read only now, for the report.
        match self.catalog.damage() {
            Some(damage) => Err(self.broken(damage.clone())),
            None => Ok(Judged { view, warnings, systems, unmatched }),
        }
    }

    fn broken(&self, source: CatalogError) -> HostError {
        HostError::Catalogue { name: self.run.catalogue.clone(), source }
    }
}
