//! A validated run: catalogue loaded, options checked, outputs opened; then nothing but work can fail.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::path::{Path, PathBuf};

use hotfixcheck::KbId;
use hotfixcheck::assess::{Assessment, Judge, KERNEL_FILES, Knowledge, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::{self, Catalog, FixIndex};
use hotfixcheck::inventory::{Inventory, PathFilter};
use hotfixcheck::knowledge::Languages;
use hotfixcheck::knowledge::Products;
use hotfixcheck::knowledge::Releases;
use hotfixcheck::report::{self, FleetView, Format, Host, Look, RenderError, RunInfo, View};
use rayon::prelude::*;

use super::CliError;
use super::args::{CatalogArgs, FailOn, OutputArgs, PolicyArgs, ReportFormat, SystemArgs, TreeArgs};
use super::config::{self, Config};
use super::inventories::{self, Source};
use super::policy;
use super::reports::Reports;
use super::system_folder::RunningWindows;

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
    assessment: Assessment,
    view: View,
}

/// What to judge, beyond the shared options.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Only these articles, if any are given.
    pub only: Vec<KbId>,
    /// What counts as a finding, if that was told.
    pub fail_on: Option<FailOn>,
    /// The list of required fixes, if one was given.
    pub require: Option<PathBuf>,
    /// Whether to judge nothing else.
    pub only_required: bool,
    /// The earlier report whose findings are known, if one was given.
    pub baseline: Option<PathBuf>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
    /// Whether the configuration file's reports and required fixes are meant, where the command line has none.
    pub configured: bool,
    /// Whether to show what is fixed, unknown or superseded too.
    pub all: bool,
    /// Whether to show the smallest set of articles to install.
    pub plan: bool,
    /// Whether to list copies that do not run.
    pub inactive: bool,
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
        let source = Source::new(tree, &config)?;
        let opened = reports(output, &config, question.configured)?;
        let knowledge = Knowledge {
            releases: Releases::embedded()?,
            languages: Languages::embedded()?,
            products: Products::embedded()?,
        };
        let (catalog, name) = load(catalog)?;
        if let Some(id) = question.only.iter().find(|&&id| catalog.article(id).is_none()) {
            return Err(unknown(&catalog, &name, *id, ""));
        }
        let required = policy::required(&question, &config)?;
        let baseline = policy::baseline(&question, &config)?;
        let narrowed = required.as_ref().filter(|required| required.only).map(|required| required.ids.as_slice());
        let asked = (!question.only.is_empty()).then_some(question.only.as_slice());
        let only: Option<BTreeSet<KbId>> = asked.or(narrowed).map(|ids| ids.iter().copied().collect());
        let (os, packs) = match &config.system {
            _ if !system.os.is_empty() => (system.os.clone(), system.service_pack.clone()),
            Some((os, pack)) => (vec![os.clone()], pack.iter().cloned().collect()),
            None => (Vec::new(), Vec::new()),
        };
        let (profile, profiles) = profiles(&os, &packs, &knowledge)?;
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
            filter: policy::filter(given, config.filter),
            run,
            progress: !output.no_progress && !output.quiet,
            reports: opened,
        })
    }

    /// Walks the trees and judges them: the view and the exit code.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub(super) fn judge(&self) -> Result<(View, u8), CliError> {
        let index = FixIndex::new(&self.catalog);
        let mut inventory = self.source.inventory(|name| is_wanted(&index, name), self.progress)?;
        if let Source::Trees { roots, .. } = &self.source {
            let own: u64 = roots.iter().map(|root| self.reports.counted_below(root)).sum();
            inventory.files_seen = inventory.files_seen.saturating_sub(own);
        }
        let judged = self.view(inventory);
        let (view, code) = (judged.view, judged.assessment.outcome.code());
        // The process ends soon: to give back each text by itself takes as long as to judge.
        std::mem::forget((index, judged.inventory, judged.assessment));
        Ok((view, code))
    }

    /// Judges the inventories of several hosts, each by itself; `None` where there are not several.
    ///
    /// # Errors
    /// A form of report that several hosts do not have.
    pub(super) fn judge_fleet(&self) -> Result<Option<FleetView>, CliError> {
        let Source::Fleet { hosts, reading } = &self.source else { return Ok(None) };
        if let Some(format) = self.reports.formats().find(|format| !report::is_fleet_format(*format)) {
            return Err(CliError::Usage(format!(
                "{} is no form of report for several inventories: table, json, csv and markdown are",
                format.name()
            )));
        }
        let index = FixIndex::new(&self.catalog);
        let judge = |(name, path): &(String, PathBuf)| {
            // The report names the file beside it.
            let bare = |error: CliError| error.source().map_or_else(|| error.to_string(), |source| source.to_string());
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
        render: impl Fn(Format, Look) -> Result<Vec<u8>, RenderError>,
    ) -> Result<(), CliError> {
        std::mem::take(&mut self.reports).write(render)
    }

    fn view(&self, mut inventory: Inventory) -> Judged {
        let excluded = inventory.retain(&self.filter);
        let run = RunInfo { filter: self.filter.clone(), excluded, ..self.run.clone() };
        let judge = Judge::new(&self.catalog, &inventory, &self.knowledge, &self.policy);
        let assessment = judge.assess();
        let view = View::new(&judge, &assessment, &run);
        Judged { inventory, assessment, view }
    }
}

/// The kernel tells what system this is, whether a fix names it or not.
fn is_wanted(index: &FixIndex, name: &str) -> bool {
    index.knows(name) || KERNEL_FILES.contains(&name)
}

/// The reports that the command line asks for, else those of the configuration file.
fn reports(output: &OutputArgs, config: &Config, configured: bool) -> Result<Reports, CliError> {
    if configured && output.format.is_empty() && output.output.is_empty() && !config.reports.is_empty() {
        let (formats, places): (Vec<ReportFormat>, Vec<PathBuf>) = config.reports.iter().cloned().unzip();
        return Reports::open(&formats, &places, output.quiet);
    }
    Reports::open(&output.format, &output.output, output.quiet)
}

/// The roots, each once; on Windows the running system's files where none is given.
///
/// # Errors
/// No path is given, and the running system is no Windows.
pub(super) fn roots(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, CliError> {
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !roots.contains(&path) {
            roots.push(path);
        }
    }
    let windows = RunningWindows::detect();
    if roots.is_empty() {
        roots.extend(windows.as_ref().map(RunningWindows::system_folder));
    }
    for warning in windows.iter().flat_map(|windows| roots.iter().find_map(|root| windows.warning(root))) {
        super::warn(&warning);
    }
    if roots.is_empty() {
        let what = format!("no PATH given, and no {} names one; see hotfixcheck help scan", config::NAME);
        return Err(CliError::Usage(what));
    }
    Ok(roots)
}

/// The error for an id that the catalogue does not have, with those that it may have been meant for.
pub(super) fn unknown(catalog: &Catalog, name: &str, id: KbId, what: &str) -> CliError {
    let near: Vec<String> = catalog.nearest(id).iter().map(ToString::to_string).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
    CliError::Usage(format!("the catalogue {name} has no article {id}{what}{hint}"))
}

/// What the built-in catalogue is called.
pub(super) const BUILT_IN: &str = "built-in";

/// What the catalogue that the options name is called in reports.
pub(super) fn name(args: &CatalogArgs) -> String {
    let first = args.catalog.as_ref().map_or_else(|| BUILT_IN.to_owned(), |path| path.display().to_string());
    args.add_catalog.iter().fold(first, |name, path| format!("{name} + {}", path.display()))
}

/// The catalogue that the options name, and its name for the report.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
pub(super) fn load(args: &CatalogArgs) -> Result<(Catalog, String), CliError> {
    let built_in = |source| CliError::Catalogue { name: BUILT_IN.to_owned(), source };
    let mut catalog = match &args.catalog {
        Some(path) => load_file(path)?,
        None => Catalog::embedded().map_err(built_in)?,
    };
    for path in &args.add_catalog {
        catalog = catalog.with(load_file(path)?);
    }
    Ok((catalog, name(args)))
}

/// A catalogue from a file.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
pub(super) fn load_file(path: &Path) -> Result<Catalog, CliError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| CliError::CatalogueFile { path: path.to_owned(), source })?;
    // A catalogue is needed as long as the program runs: its text is kept, and its fields are parts of that.
    catalog::read_static(text.leak()).map_err(|source| CliError::Catalogue { name: path.display().to_string(), source })
}

/// The systems that the options name: one for all, and those of single paths.
///
/// # Errors
/// A system or a service pack that is not known, a service pack without its system.
fn profiles(
    systems: &[String],
    packs: &[String],
    knowledge: &Knowledge,
) -> Result<(Option<Profile>, Vec<(String, Profile)>), CliError> {
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
        return Err(CliError::Usage(format!("unknown system '{os}'; known are: {known}")));
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
