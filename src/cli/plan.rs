//! A validated run: catalogue loaded, options checked, outputs opened; then nothing but work can fail.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::assess::{Judge, KERNEL_FILES, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::{Catalog, FixIndex};
use hotfixcheck::inventory::{Inventory, PathFilter};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, FleetView, Host, Look, RenderError, ReportFormat, RunInfo, View};
use rayon::prelude::*;

use super::args::{CatalogArgs, OutputArgs, PolicyArgs, ReportFormatArg, SystemArgs, TreeArgs};
use super::config::{self, Config};
use super::error::CliError;
use super::inventories::{self, Source};
use super::question::Question;
use super::reports::Reports;
use super::warning::chain;
use super::{catalogs, policy, reference};

/// A run that judges trees.
#[derive(Debug)]
pub(super) struct Plan {
    source: Source,
    catalog: Catalog,
    knowledge: Knowledge,
    policy: Policy,
    filter: PathFilter,
    run: RunInfo,
    progress: bool,
    /// The reports' forms, and where they go.
    reports: Reports,
}

/// One host's files, judged.
struct Judged {
    inventory: Inventory,
    view: View,
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
        let (catalog, name) = catalogs::load(catalog)?;
        let asked = reference::find_all(&question.only, &catalog, &name)?;
        let required = policy::required(&question, &config)?;
        let baseline = policy::baseline(&question, &config)?;
        let narrowed = required.as_ref().filter(|required| required.only).map(|required| required.ids.as_slice());
        let asked = (!asked.is_empty()).then_some(asked.as_slice());
        let only: Option<BTreeSet<KbId>> = asked.or(narrowed).map(|ids| ids.iter().copied().collect());
        let (os, pack) = match &config.system {
            _ if system.os.is_some() => (system.os.as_deref(), system.service_pack.as_deref()),
            Some((os, pack)) => (Some(os.as_str()), Some(pack.as_str())),
            None => (None, None),
        };
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
            profile: profile(os, pack, &knowledge)?,
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
        let index = FixIndex::new(&self.catalog);
        let mut inventory = self.source.inventory(|name| is_wanted(&index, name), self.progress)?;
        if let Source::Trees { roots, .. } = &self.source {
            let own: u64 = roots.iter().map(|root| self.reports.counted_below(root)).sum();
            inventory.files_seen = inventory.files_seen.saturating_sub(own);
        }
        let judged = self.view(inventory);
        let view = judged.view;
        // The process ends soon: to give back each text by itself takes as long as to judge.
        std::mem::forget((index, judged.inventory));
        Ok(view)
    }

    /// Judges the inventories of several hosts, each by itself; `None` where there are not several.
    ///
    /// # Errors
    /// A form of report that several hosts do not have.
    pub(super) fn judge_fleet(&self) -> Result<Option<FleetView>, CliError> {
        let Source::Fleet { hosts, reading } = &self.source else { return Ok(None) };
        if let Some(format) = self.reports.formats().find(|format| !report::is_fleet_format(*format)) {
            return Err(CliError::Usage(format!(
                "format '{}' is not available for several inventories; use one of: {}",
                format.name(),
                ReportFormat::ALL
                    .into_iter()
                    .filter(|format| report::is_fleet_format(*format))
                    .map(ReportFormat::name)
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
        let index = FixIndex::new(&self.catalog);
        let judge = |(name, path): &(String, PathBuf)| {
            // The report names the file beside it.
            let bare = |error: CliError| error.source().map_or_else(|| error.to_string(), chain);
            let read = inventories::read(path, reading).map_err(bare);
            let judged = read.map(|snapshot| self.view(snapshot.select(|name| is_wanted(&index, name))).view);
            Host { name: name.clone(), inventory: path.to_string_lossy().into_owned(), judged }
        };
        Ok(Some(FleetView::new(hosts.par_iter().map(judge).collect())))
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

    fn view(&self, mut inventory: Inventory) -> Judged {
        let excluded = inventory.retain(&self.filter);
        let run = RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() };
        let view = View::new(&Judge::new(&self.catalog, &inventory, &self.knowledge, &self.policy), &run);
        Judged { inventory, view }
    }
}

/// The kernel tells what system this is, whether a fix names it or not.
fn is_wanted(index: &FixIndex, name: &str) -> bool {
    index.knows(name) || KERNEL_FILES.contains(&name)
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

fn profile(
    os: Option<&str>,
    pack: Option<&str>,
    Knowledge { releases, products, .. }: &Knowledge,
) -> Result<Option<Profile>, CliError> {
    let (Some(os), Some(pack)) = (os, pack) else {
        return Ok(None);
    };
    let Some(line) = releases.line(os) else {
        let known = releases.line_names().collect::<Vec<_>>().join(", ");
        return Err(CliError::Usage(format!("unknown system '{os}'; use one of: {known}")));
    };
    let last = if pack.eq_ignore_ascii_case("latest") { products.last_pack(line.name()) } else { None };
    let Some(pack) = releases.pack(line, last.unwrap_or(pack)) else {
        let known = releases.pack_names(line).collect::<Vec<_>>().join(", ");
        return Err(CliError::Usage(format!("{line} has no service pack '{pack}'; use one of: {known}")));
    };
    Ok(Some(Profile { line: line.clone(), pack: Some(pack), source: ProfileSource::Given }))
}
