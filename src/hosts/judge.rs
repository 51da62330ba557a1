//! What is asked of every host, and the judgement of one.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::assess::{self, BUILD_FILES, Judge, KERNEL_FILES, Policy, Profile, Relevant};
use crate::catalog::{CatalogError, OpenCatalog};
use crate::inventory::import::ImportError;
use crate::inventory::{self, Inventory, InventoryError, PathFilter, Snapshot, Wanted};
use crate::knowledge::Knowledge;
use crate::message_of;
use crate::report::{RunInfo, RunNote, View};

/// Judges one host after another. Shared by as many threads as there are.
#[derive(Clone, Debug)]
pub struct HostJudge {
    /// The catalogue: [held](Self::hold_catalogue) where many hosts are judged.
    pub catalog: Arc<OpenCatalog>,
    /// What is known apart from any article.
    pub knowledge: Arc<Knowledge>,
    /// What to judge, and what counts as a finding.
    pub policy: Policy,
    /// Which files count.
    pub filter: PathFilter,
    /// What reports say of the run.
    pub run: RunInfo,
    /// Whether the catalogue is the program's own: it knows the builds of systems, so that one without updates is worth a word.
    pub built_in: bool,
}

/// One host's files, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The report.
    pub view: View,
    /// What the report says of updates that are not certain, for whoever does not read it.
    pub warnings: Vec<String>,
    /// The paths of its systems.
    pub systems: Vec<String>,
    /// The paths that the user names a system for, and at which there is none.
    pub unmatched: Vec<String>,
}

/// Why a host could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A tree that cannot be walked.
    #[error(transparent)]
    Tree(#[from] InventoryError),
    /// The same, with what to do about it.
    #[error("{}; {hint}", message_of(error))]
    TreeWithHint {
        /// Why not.
        error: InventoryError,
        /// What to do.
        hint: String,
    },
    /// An inventory that cannot be read.
    #[error("cannot read inventory '{}'", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that was read, but holds no inventory.
    #[error("cannot read inventory '{}'", path.display())]
    Import {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: ImportError,
    },
    /// A catalogue that is damaged.
    #[error("cannot read catalogue '{name}'")]
    Catalogue {
        /// The file, or `built-in`.
        name: String,
        /// What is wrong, and where.
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

    /// True for the names of files that matter: those of the catalogue, the kernel, which tells what system this is whether a
    /// fix names it or not, and files that tell the build of their product.
    pub fn wants(&self, name: &str) -> bool {
        self.catalog.knows(name) || KERNEL_FILES.contains(&name) || BUILD_FILES.contains(&name)
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
        let wanted = Wanted::named(|name| self.wants(name));
        let walked = inventory::walk(&[root], &wanted, &|_progress| {}).map_err(|error| match error.hint() {
            Some(hint) => HostError::TreeWithHint { error, hint },
            None => error.into(),
        })?;
        self.judge(walked)
    }

    /// Judges the files of one host.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn judge(&self, inventory: Inventory) -> Result<Judged, HostError> {
        Ok(self.judge_held(inventory)?.0)
    }

    /// As [`judge`](Self::judge), for a process that ends with it: its memory is not given back piece by piece, which takes as
    /// long as to judge.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn judge_last(&self, inventory: Inventory) -> Result<Judged, HostError> {
        let (judged, held) = self.judge_held(inventory)?;
        std::mem::forget(held);
        Ok(judged)
    }

    fn judge_held(&self, mut inventory: Inventory) -> Result<(Judged, (Inventory, Relevant<'_>)), HostError> {
        let excluded = inventory.retain(&self.filter);
        let run = RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() };
        let relevant = Relevant::of(&self.catalog, &inventory, &self.knowledge, &self.policy)
            .map_err(|source| self.broken(source))?;
        let has_builds = |given: &Profile| self.knowledge.releases.has_builds(&given.line);
        let asks_for_builds = self.built_in && self.policy.profile.as_ref().is_none_or(has_builds);
        let warnings = if asks_for_builds { assess::beyond(&inventory, relevant.catalog()) } else { Vec::new() };
        let warnings: Vec<String> = warnings.into_iter().map(|(_, text)| text).collect();
        let notes = warnings.iter().cloned().map(RunNote::Updates);
        let run = RunInfo { notes: run.notes.iter().cloned().chain(notes).collect(), ..run };
        let judge = Judge::new(&relevant, &inventory, &self.knowledge, &self.policy);
        let systems = judge.system_paths().collect();
        let unmatched = judge.unmatched_paths().into_iter().map(str::to_owned).collect();
        let view = View::new(&judge, &run);
        Ok((Judged { view, warnings, systems, unmatched }, (inventory, relevant)))
    }

    fn broken(&self, source: CatalogError) -> HostError {
        HostError::Catalogue { name: self.run.catalogue.clone(), source }
    }
}
