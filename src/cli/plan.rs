//! A validated run: catalogue loaded, options checked, outputs opened; then nothing but work can fail.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::assess::{self, BUILD_FILES, Judge, KERNEL_FILES, Policy, Profile, ProfileSource, Relevant};
use hotfixcheck::catalog::OpenCatalog;
use hotfixcheck::inventory::{Inventory, PathFilter, Snapshot};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, FleetView, Host, Look, RenderError, ReportFormat, RunInfo, View};
use rayon::prelude::*;

use super::args::{CatalogArgs, OutputArgs, PolicyArgs, ReportFormatArg, SystemArgs, TreeArgs};
use super::config::{self, Config};
use super::error::CliError;
use super::inventories::{self, Reading, Source};
use super::question::Question;
use super::reports::Reports;
use super::warning::{chain, warn};
use super::{catalogs, policy, reference};

/// A run that judges trees.
#[derive(Debug)]
pub(super) struct Plan {
    source: Source,
    catalog: OpenCatalog,
    knowledge: Knowledge,
    policy: Policy,
    filter: PathFilter,
    run: RunInfo,
    progress: bool,
    /// Whether the catalogue is the program's own: it knows the builds of systems, so that one without updates is worth a word.
    built_in: bool,
    /// The reports' forms, and where they go.
    reports: Reports,
}

/// One host's files, judged.
struct Judged<'c> {
    inventory: Inventory,
    relevant: Relevant<'c>,
    view: View,
    /// What else is to be said.
    warnings: Vec<String>,
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
        let (os, packs) = match &config.system {
            _ if !system.os.is_empty() => (system.os.clone(), system.service_pack.clone()),
            Some((os, pack)) => (vec![os.clone()], pack.iter().cloned().collect()),
            None => (Vec::new(), Vec::new()),
        };
        let from_file = system.os.is_empty() && config.system.is_some();
        let (profile, profiles) = profiles(&os, &packs, &knowledge).map_err(|error| match error {
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
        let judged = self.view(inventory)?;
        judged.warnings.iter().for_each(|what| warn(what));
        let view = judged.view;
        // The process ends soon: to give back each text by itself takes as long as to judge.
        std::mem::forget((judged.inventory, judged.relevant));
        Ok(view)
    }

    /// Judges what one host's inventory lists; what else is to be said of it comes with the view.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub(super) fn judge_snapshot(&self, snapshot: Snapshot) -> Result<(View, Vec<String>), CliError> {
        let judged = self.view(snapshot.select(|name| is_wanted(&self.catalog, name)))?;
        Ok((judged.view, judged.warnings))
    }

    /// Judges the files of one host: a tree, an image, or an inventory of another form than its contents tell.
    ///
    /// # Errors
    /// A root that cannot be walked, a compiled catalogue that is damaged.
    pub(super) fn judge_tree(&self, root: PathBuf) -> Result<(View, Vec<String>), CliError> {
        let source = Source::Trees { roots: vec![root], sniff: false };
        let judged = self.view(source.inventory(|name| is_wanted(&self.catalog, name), false)?)?;
        Ok((judged.view, judged.warnings))
    }

    /// How inventories are read.
    pub(super) fn reading(&self) -> Reading {
        match &self.source {
            Source::Inventory { reading, .. } | Source::Fleet { reading, .. } => *reading,
            Source::Trees { .. } => Reading { format: None, machine: None },
        }
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
        let judge = |(name, path): &(String, PathBuf)| {
            // The report names the file beside it.
            let bare = |error: CliError| error.source().map_or_else(|| error.to_string(), chain);
            let read = inventories::read(path, reading).map_err(bare);
            let judged = read.and_then(|snapshot| {
                let (view, warnings) = self.judge_snapshot(snapshot).map_err(bare)?;
                warnings.iter().for_each(|what| warn(&format!("{name}: {what}")));
                Ok(view)
            });
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

    fn view(&self, mut inventory: Inventory) -> Result<Judged<'_>, CliError> {
        let excluded = inventory.retain(&self.filter);
        let run = RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() };
        let relevant = Relevant::of(&self.catalog, &inventory, &self.knowledge, &self.policy)
            .map_err(|source| CliError::Catalogue { name: self.run.catalogue.clone(), source })?;
        let asks_for_builds = self.built_in && self.policy.profile.is_none();
        let warnings = if asks_for_builds { assess::beyond(&inventory, relevant.catalog()) } else { Vec::new() };
        let view = View::new(&Judge::new(&relevant, &inventory, &self.knowledge, &self.policy), &run);
        Ok(Judged { inventory, relevant, view, warnings })
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

/// The system for all trees, and those of single paths.
type Profiles = (Option<Profile>, Vec<(String, Profile)>);

/// The systems that the options name: one for all, and those of single paths.
///
/// # Errors
/// A system or a service pack that is not known, a service pack without its system.
fn profiles(systems: &[String], packs: &[String], knowledge: &Knowledge) -> Result<Profiles, CliError> {
    let packs: Vec<(Option<&str>, &str)> = packs.iter().map(|given| of_path(given)).collect();
    let systems: Vec<(Option<&str>, &str)> = systems.iter().map(|given| of_path(given)).collect();
    if let Some((path, pack)) = packs.iter().find(|(path, _)| !systems.iter().any(|(of, _)| of == path)) {
        let path = path.map(|path| format!("{path}=")).unwrap_or_default();
        return Err(CliError::Usage(format!("--service-pack {path}{pack} needs --os {path}NAME")));
    }
    let (mut all, mut single) = (None, Vec::new());
    for (path, os) in systems {
        let pack = packs.iter().find(|(of, _)| *of == path).map(|(_, pack)| *pack);
        let profile = profile(os, pack, knowledge)?;
        match path {
            None => all = Some(profile),
            Some(path) => single.push((path.to_owned(), profile)),
        }
    }
    Ok((all, single))
}

/// `PATH=NAME` -> the path and the name; a name alone is for all paths.
fn of_path(given: &str) -> (Option<&str>, &str) {
    match given.rsplit_once('=') {
        Some((path, name)) => (Some(path), name),
        None => (None, given),
    }
}

/// The system of this name and service pack.
///
/// # Errors
/// A name that is not known, a service pack that the system does not have, none where it has several.
fn profile(
    os: &str,
    pack: Option<&str>,
    Knowledge { releases, products, .. }: &Knowledge,
) -> Result<Profile, CliError> {
    let Some(line) = releases.line(os).or_else(|| products.line_named(os).and_then(|name| releases.line(name))) else {
        let known = releases.line_names().collect::<Vec<_>>().join(", ");
        return Err(CliError::Usage(format!("unknown system '{os}'; use one of: {known}")));
    };
    let names: Vec<&str> = releases.pack_names(line).collect();
    let known = names.join(", ");
    let given = Profile { line: line.clone(), pack: None, source: ProfileSource::Given };
    let Some(pack) = pack else {
        return match names.as_slice() {
            // Nothing else can be installed.
            [] => Ok(given),
            [only] => Ok(Profile { pack: releases.pack(line, only), ..given }),
            _ => Err(CliError::Usage(format!("--os '{os}' needs --service-pack; {line} has: {known}"))),
        };
    };
    let pack = plain_pack(pack);
    if names.is_empty() && matches!(pack.to_ascii_lowercase().as_str(), "rtm" | "none" | "latest") {
        return Ok(given);
    }
    let last = if pack.eq_ignore_ascii_case("latest") { products.last_pack(line.name()) } else { None };
    let pack = if matches!(pack, "0") || pack.eq_ignore_ascii_case("none") { "RTM" } else { pack };
    let Some(found) = releases.pack(line, last.unwrap_or(pack)).filter(|pack| names.contains(&pack.name())) else {
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("known are: {known}") };
        return Err(CliError::Usage(format!("{line} has no service pack '{pack}'; {known}")));
    };
    Ok(Profile { pack: Some(found), ..given })
}

/// `SP6a`, `Service Pack 6a`, `sp 3` -> `6a`, `3`.
fn plain_pack(text: &str) -> &str {
    let text = text.trim();
    let without = ["service pack", "sp"].iter().find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| rest.trim())
    });
    without.unwrap_or(text)
}
