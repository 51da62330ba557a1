//! A validated run: catalogue loaded, options checked, outputs opened. After that, only the work itself can fail.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hotfixcheck::KbId;
use hotfixcheck::assess::Policy;
use hotfixcheck::catalog;
use hotfixcheck::hosts::{Defaults, HostJudge, Judged};
use hotfixcheck::inventory::{Inventory, RelativePath};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{JudgedLine, Look, RenderError, ReportFormat, RunInfo, View};

use super::args::{CatalogArgs, OutputArgs, PolicyArgs, ReportFormatArg, SystemArgs, TreeArgs};
use super::config::{self, Config};
use super::error::CliError;
use super::inventories::{FleetHost, Reading, Source};
use super::output::Stream;
use super::question::Question;
use super::reports::Reports;
use super::warning::warn;
use super::{catalogs, given, policy};

/// A run that judges trees.
#[derive(Debug)]
pub(super) struct Plan {
    source: Source,
    judge: HostJudge,
    /// The configuration file with the systems; empty if they are on the command line.
    systems_of: String,
    progress: bool,
    quiet: bool,
    /// The formats of the reports, and their outputs.
    reports: Reports,
}

impl Plan {
    /// Checks the options and opens the outputs.
    ///
    /// # Errors
    /// An option with an unknown name, a catalogue that cannot be read, or an output that cannot be opened.
    pub(super) fn new(
        tree: TreeArgs,
        catalog: &CatalogArgs,
        system: &SystemArgs,
        given: PolicyArgs,
        output: &OutputArgs,
        mut question: Question,
    ) -> Result<Self, CliError> {
        let config = config::load(&given, &tree.paths)?.unwrap_or_default();
        let catalog = &catalogs::configured(catalog, &config);
        if question.configured {
            question.take_from(&config);
        }
        let opened = reports(output, &config, question.configured)?;
        let lists = tree.inventory.iter().chain(&tree.hotfixes).chain(&catalog.catalog).chain(&catalog.add_catalog);
        let inputs: Vec<&Path> = tree.paths.iter().chain(lists).chain(&given.config).map(PathBuf::as_path).collect();
        opened.refuse_inputs(&inputs)?;
        let source = Source::new(tree, &config, question.command)?;
        let knowledge = Knowledge::embedded()?;
        let built_in = catalog.catalog.is_none();
        let (catalog, name) = catalogs::open(catalog)?;
        let asked = catalog::find_all(&question.only, &catalog, &name)?;
        let required = policy::required(&question, &config, (&catalog, &name))?;
        let baseline = policy::baseline(&question, &config)?;
        let narrowed = required.as_ref().filter(|required| required.only).map(|required| required.list.ids.as_slice());
        let asked = (!asked.is_empty()).then_some(asked.as_slice());
        let only: Option<BTreeSet<KbId>> = asked.or(narrowed).map(|ids| ids.iter().copied().collect());
        let from_file = system.os.is_empty() && !config.systems.is_empty();
        let (os, packs) = match from_file {
            true => (&config.systems, &config.service_packs),
            false => (&system.os, &system.service_pack),
        };
        let (profile, profiles, given_names) = given::profiles(os, packs, &knowledge).map_err(|error| match error {
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
            asked: question.only.iter().map(|asked| asked.text().to_owned()).collect(),
            notes: catalogs::replaced(&catalog).into_iter().collect(),
            ..RunInfo::default()
        };
        let waivers = policy::waivers(&given, &question, &config, (&catalog, &run.catalogue))?;
        let list = required.map(|required| required.list);
        let (required, required_together) = list.map(|list| (list.ids, list.together)).unzip();
        let required_together = required_together.unwrap_or_default();
        let policy = Policy {
            only,
            for_cves: catalog::named_by_cves(&question.only, &catalog),
            severity: question.severity.map(Into::into),
            profile,
            profiles,
            given_names,
            fail_on: question.fail_on.or(config.fail_on).unwrap_or_default().into(),
            waivers,
            required,
            required_together,
            baseline: baseline.as_ref().map(|(_, report)| report.baseline()),
        };
        let filter = policy::filter(given, config.filter);
        let (catalog, knowledge) = (Arc::new(catalog), Arc::new(knowledge));
        Ok(Self {
            source,
            judge: HostJudge { catalog, knowledge, policy, filter, run, built_in },
            systems_of: if from_file { config.name } else { String::new() },
            progress: !output.no_progress && !output.quiet,
            quiet: output.quiet,
            reports: opened,
        })
    }

    /// Walks the trees and judges them.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub(super) fn judge(&self) -> Result<View, CliError> {
        let mut inventory = self.source.inventory(|name| self.wants(name), Some(&self.apart()), self.progress)?;
        if let Source::Trees { roots, .. } = &self.source {
            for (place, root) in roots.iter().enumerate() {
                for own in self.reports.below(root) {
                    inventory.files_seen = inventory.files_seen.saturating_sub(1);
                    inventory.entries.retain(|entry| entry.root != place || entry.path != own);
                }
            }
        }
        // The process ends after this.
        let judged = self.judge.judge_last(inventory)?;
        given::all_matched(&judged.unmatched, &judged.systems, &self.systems_of)?;
        // The table already contains these warnings.
        let is_said = self.formats().contains(&ReportFormat::Table);
        judged.warnings.iter().filter(|_| !is_said).for_each(|what| warn(what));
        Ok(judged.view)
    }

    /// Reads the whole catalogue, which many inventories then share.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn hold_catalogue(&mut self) -> Result<(), CliError> {
        Ok(self.judge.hold_catalogue()?)
    }

    /// Judges the line of a host; an error is in the answer.
    pub(super) fn judge_line(&self, line: u64, bytes: &[u8]) -> JudgedLine {
        let Reading { format, machine, .. } = self.reading();
        self.judge.judge_line(Defaults { format, machine }, line, bytes)
    }

    /// Judges the files of one host of several.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn judge_one(&self, inventory: Inventory) -> Result<Judged, CliError> {
        Ok(self.judge.judge(inventory)?)
    }

    /// The configuration file with the systems; empty if they are on the command line.
    pub(super) fn systems_of(&self) -> &str {
        &self.systems_of
    }

    /// True for the names of files that the catalogue needs.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.judge.wants(name)
    }

    /// What of a path tells files apart that are the same otherwise.
    pub(super) fn apart(&self) -> impl Fn(&RelativePath) -> u64 {
        self.judge.apart()
    }

    /// True if the user names systems of single paths.
    pub(super) fn names_paths(&self) -> bool {
        !self.judge.policy.profiles.is_empty()
    }

    /// How to read inventories.
    fn reading(&self) -> Reading {
        match &self.source {
            Source::Inventory { reading, .. } | Source::Fleet { reading, .. } => reading.clone(),
            Source::Trees { .. } => Reading { format: None, root: None, machine: None, hotfixes: None },
        }
    }

    /// The hosts, if there are several, and how to read their inventories.
    pub(super) fn hosts(&self) -> Option<(&[FleetHost], &Reading)> {
        match &self.source {
            Source::Fleet { hosts, reading } => Some((hosts, reading)),
            Source::Trees { .. } | Source::Inventory { .. } => None,
        }
    }

    /// The report files, for a message about them; empty if a report is also shown elsewhere.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        if self.quiet { Vec::new() } else { self.reports.files() }
    }

    /// The formats of the reports.
    pub(super) fn formats(&self) -> Vec<ReportFormat> {
        self.reports.formats().collect()
    }

    /// Begins the reports of a format that is written as a stream; [`Self::write`] then leaves them out.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(super) fn begin(&mut self, format: ReportFormat) -> Result<Vec<Stream>, CliError> {
        self.reports.begin(format)
    }

    /// Renders and writes the reports; may be called once.
    ///
    /// # Errors
    /// The first report that cannot be rendered or written.
    pub(super) fn write(
        &mut self,
        render: impl Fn(ReportFormat, Look, &mut dyn Write) -> Result<(), RenderError>,
    ) -> Result<(), CliError> {
        std::mem::take(&mut self.reports).write(render)
    }
}

/// The reports on the command line, or else those of the configuration file.
fn reports(output: &OutputArgs, config: &Config, configured: bool) -> Result<Reports, CliError> {
    let formats = output.formats();
    if configured && formats.is_empty() && output.output.is_empty() && !config.reports.is_empty() {
        let (formats, places): (Vec<ReportFormatArg>, Vec<PathBuf>) = config.reports.iter().cloned().unzip();
        return Reports::open(&formats, &places, output.quiet);
    }
    Reports::open(&formats, &output.output, output.quiet)
}
