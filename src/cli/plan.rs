//! A validated run: catalogue loaded, options checked, outputs opened; then nothing but work can fail.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::assess::{self, BUILD_FILES, Judge, KERNEL_FILES, Policy, Profile, Relevant};
use hotfixcheck::catalog::OpenCatalog;
use hotfixcheck::inventory::{Inventory, PathFilter, Snapshot};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{Look, RenderError, ReportFormat, RunInfo, View};

use super::args::{CatalogArgs, OutputArgs, PolicyArgs, ReportFormatArg, SystemArgs, TreeArgs};
use super::config::{self, Config};
use super::error::CliError;
use super::inventories::{FleetHost, Reading, Source};
use super::output::Stream;
use super::question::Question;
use super::reports::Reports;
use super::warning::warn;
use super::{catalogs, given, policy, reference};

/// A run that judges trees.
#[derive(Debug)]
pub(super) struct Plan {
    source: Source,
    catalog: OpenCatalog,
    knowledge: Knowledge,
    policy: Policy,
    /// The configuration file that names the systems; empty where the command line does.
    systems_of: String,
    filter: PathFilter,
    run: RunInfo,
    progress: bool,
    /// Whether the catalogue is the program's own: it knows the builds of systems, so that one without updates is worth a word.
    built_in: bool,
    /// The reports' forms, and where they go.
    reports: Reports,
}

/// One host's files, judged.
pub(super) struct Judged {
    pub view: View,
    /// What else is to be said.
    pub warnings: Vec<String>,
    /// The paths of its systems.
    pub systems: Vec<String>,
    /// The paths that the user names a system for, and at which there is none.
    pub unmatched: Vec<String>,
}

impl Plan {
    /// Checks the options and opens the outputs.
    ///
    /// # Errors
    /// An option that names nothing known, a catalogue that cannot be read, an output that cannot be opened.
    pub(super) fn new(
        tree: TreeArgs,
        catalog: &CatalogArgs,
        system: &SystemArgs,
        given: PolicyArgs,
        output: &OutputArgs,
        question: Question,
    ) -> Result<Self, CliError> {
        let config = config::load(&given, &tree.paths)?.unwrap_or_default();
        let source = Source::new(tree, &config, question.command)?;
        let opened = reports(output, &config, question.configured)?;
        let knowledge = Knowledge::embedded()?;
        let built_in = catalog.catalog.is_none();
        let (catalog, name) = catalogs::open(catalog)?;
        let asked = reference::find_all(&question.only, &catalog, &name)?;
        let required = policy::required(&question, &config)?;
        let baseline = policy::baseline(&question, &config)?;
        let narrowed = required.as_ref().filter(|required| required.only).map(|required| required.ids.as_slice());
        let asked = (!asked.is_empty()).then_some(asked.as_slice());
        let only: Option<BTreeSet<KbId>> = asked.or(narrowed).map(|ids| ids.iter().copied().collect());
        let from_file = system.os.is_empty() && !config.systems.is_empty();
        let (os, packs) = match from_file {
            true => (&config.systems, &config.service_packs),
            false => (&system.os, &system.service_pack),
        };
        let (profile, profiles) = given::profiles(os, packs, &knowledge).map_err(|error| match error {
            CliError::Usage(what) if from_file => CliError::Usage(format!("{}: [system]: {what}", config.name)),
            other => other,
        })?;
        let run = RunInfo {
            catalogue: name,
            all: question.all,
            plan: question.plan,
            inactive: question.inactive,
            config: (!config.name.is_empty()).then(|| config.name.clone()),
            require: required.as_ref().map(|required| required.name.clone()),
            baseline: baseline.as_ref().map(|(name, _)| name.clone()),
            ..RunInfo::default()
        };
        let policy = Policy {
            only,
            severity: question.severity.map(Into::into),
            profile,
            profiles,
            fail_on: question.fail_on.or(config.fail_on).unwrap_or_default().into(),
            waivers: policy::waivers(&given, &question, &config),
            required: required.map(|required| required.ids),
            baseline: baseline.as_ref().map(|(_, report)| report.baseline()),
        };
        Ok(Self {
            source,
            catalog,
            knowledge,
            policy,
            built_in,
            systems_of: if from_file { config.name } else { String::new() },
            filter: policy::filter(given, config.filter),
            run,
            progress: !output.no_progress && !output.quiet,
            reports: opened,
        })
    }

    /// Walks the trees and judges them.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub(super) fn judge(&self) -> Result<View, CliError> {
        let mut inventory = self.source.inventory(|name| is_wanted(&self.catalog, name), self.progress)?;
        if let Source::Trees { roots, .. } = &self.source {
            let own: u64 = roots.iter().map(|root| self.reports.counted_below(root)).sum();
            inventory.files_seen = inventory.files_seen.saturating_sub(own);
        }
        let (judged, held) = self.view(inventory)?;
        given::all_matched(&judged.unmatched, &judged.systems, &self.systems_of)?;
        judged.warnings.iter().for_each(|what| warn(what));
        let view = judged.view;
        // The process ends soon: to give back each text by itself takes as long as to judge.
        std::mem::forget(held);
        Ok(view)
    }

    /// Reads the whole catalogue, which many inventories then share.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn hold_catalogue(&mut self) -> Result<(), CliError> {
        let held = self.catalog.hold(&self.knowledge.products);
        held.map_err(|source| CliError::Catalogue { name: self.run.catalogue.clone(), source })
    }

    /// Judges what one host's inventory lists; what else is to be said of it comes with the view.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn judge_snapshot(&self, snapshot: Snapshot) -> Result<(View, Vec<String>), CliError> {
        let judged = self.judge_one(snapshot.select(|name| is_wanted(&self.catalog, name)))?;
        Ok((judged.view, judged.warnings))
    }

    /// Judges the files of one host: a tree, an image, or an inventory of another form than its contents tell.
    ///
    /// # Errors
    /// A root that cannot be walked, a compiled catalogue that is damaged.
    pub(super) fn judge_tree(&self, root: PathBuf) -> Result<(View, Vec<String>), CliError> {
        let source = Source::Trees { roots: vec![root], sniff: false };
        let judged = self.judge_one(source.inventory(|name| is_wanted(&self.catalog, name), false)?)?;
        Ok((judged.view, judged.warnings))
    }

    /// Judges the files of one host of several.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn judge_one(&self, inventory: Inventory) -> Result<Judged, CliError> {
        Ok(self.view(inventory)?.0)
    }

    /// The configuration file that names the systems; empty where the command line does.
    pub(super) fn systems_of(&self) -> &str {
        &self.systems_of
    }

    /// True for the names of files that the catalogue asks for.
    pub(super) fn wants(&self, name: &str) -> bool {
        is_wanted(&self.catalog, name)
    }

    /// True if the user names systems of single paths.
    pub(super) fn names_paths(&self) -> bool {
        !self.policy.profiles.is_empty()
    }

    /// How inventories are read.
    pub(super) fn reading(&self) -> Reading {
        match &self.source {
            Source::Inventory { reading, .. } | Source::Fleet { reading, .. } => reading.clone(),
            Source::Trees { .. } => Reading { format: None, root: None, machine: None, hotfixes: None },
        }
    }

    /// The hosts, where there are several, and how their inventories are read.
    pub(super) fn hosts(&self) -> Option<(&[FleetHost], &Reading)> {
        match &self.source {
            Source::Fleet { hosts, reading } => Some((hosts, reading)),
            Source::Trees { .. } | Source::Inventory { .. } => None,
        }
    }

    /// The files that the reports are written to, for a word about them: none where somebody sees a report anyway.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        if self.progress && io::stderr().is_terminal() { self.reports.files() } else { Vec::new() }
    }

    /// The formats of the reports.
    pub(super) fn formats(&self) -> Vec<ReportFormat> {
        self.reports.formats().collect()
    }

    /// Begins the reports of a format that is written as a stream: [`Self::write`] leaves them out.
    ///
    /// # Errors
    /// A file that cannot be made.
    pub(super) fn begin(&mut self, format: ReportFormat) -> Result<Vec<Stream>, CliError> {
        self.reports.begin(format)
    }

    /// Renders and writes the reports; once.
    ///
    /// # Errors
    /// The first report that cannot be rendered or written.
    pub(super) fn write(
        &mut self,
        render: impl Fn(ReportFormat, Look) -> Result<Vec<u8>, RenderError>,
    ) -> Result<(), CliError> {
        std::mem::take(&mut self.reports).write(render)
    }

    /// The judgement, and what is worth forgetting where the process ends with it.
    fn view(&self, mut inventory: Inventory) -> Result<(Judged, (Inventory, Relevant<'_>)), CliError> {
        let excluded = inventory.retain(&self.filter);
        let run = RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() };
        let relevant = Relevant::of(&self.catalog, &inventory, &self.knowledge, &self.policy)
            .map_err(|source| CliError::Catalogue { name: self.run.catalogue.clone(), source })?;
        let has_builds = |given: &Profile| self.knowledge.releases.has_builds(&given.line);
        let asks_for_builds = self.built_in && self.policy.profile.as_ref().is_none_or(has_builds);
        let warnings = if asks_for_builds { assess::beyond(&inventory, relevant.catalog()) } else { Vec::new() };
        let judge = Judge::new(&relevant, &inventory, &self.knowledge, &self.policy);
        let systems = judge.system_paths().collect();
        let unmatched = judge.unmatched_paths().into_iter().map(str::to_owned).collect();
        let view = View::new(&judge, &run);
        Ok((Judged { view, warnings, systems, unmatched }, (inventory, relevant)))
    }
}

/// The kernel tells what system this is, whether a fix names it or not; some files tell the build of their product.
fn is_wanted(catalog: &OpenCatalog, name: &str) -> bool {
    catalog.knows(name) || KERNEL_FILES.contains(&name) || BUILD_FILES.contains(&name)
}

/// The reports that the command line asks for, else those of the configuration file.
fn reports(output: &OutputArgs, config: &Config, configured: bool) -> Result<Reports, CliError> {
    let formats = output.formats();
    if configured && formats.is_empty() && output.output.is_empty() && !config.reports.is_empty() {
        let (formats, places): (Vec<ReportFormatArg>, Vec<PathBuf>) = config.reports.iter().cloned().unzip();
        return Reports::open(&formats, &places, output.quiet);
    }
    Reports::open(&formats, &output.output, output.quiet)
}
