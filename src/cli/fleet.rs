//! Many inventories in one run: judged side by side, one host after another in the report.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::ops::ControlFlow;

use hotfixcheck::hosts::Judged;
use hotfixcheck::report::{self, Fleet, FleetView, Host, HostSummary, JudgedLine, RenderError, ReportFormat, View};

use super::error::CliError;
use super::inventories::{FleetHost, Reading};
use super::ordered::{self, Next};
use super::output::Stream;
use super::plan::Plan;
use super::warning::{chain, warn};
use super::{given, inventories};

/// A host on its way to the report.
struct Answer {
    host: HostSummary,
    /// Its line, where JSON lines are asked for.
    line: Result<Vec<u8>, RenderError>,
    warnings: Vec<String>,
    /// The paths of its systems, and those that the user names a system for and at which there is none; `None` where it could
    /// not be read.
    paths: Option<(Vec<String>, Vec<String>)>,
}

/// Judges the inventories of several hosts, each by itself; `None` where there are not several. `top`: list only so many of the
/// hosts and of the articles. Reports of JSON lines are written on the way, all others come from what is gathered.
///
/// # Errors
/// A form of report that several hosts do not have, or that is no list; a report that cannot be written, a path of a system that
/// no host has.
pub(super) fn judge(plan: &mut Plan, top: Option<usize>) -> Result<Option<FleetView>, CliError> {
    if plan.hosts().is_none() {
        return match top {
            Some(_) => Err(CliError::Usage("--top is only valid with several inventories".to_owned())),
            None => Ok(None),
        };
    }
    let formats = plan.formats();
    if let Some(format) = formats.iter().find(|format| !report::is_fleet_format(**format)) {
        let available = ReportFormat::ALL.into_iter().filter(|format| report::is_fleet_format(*format));
        return Err(CliError::Usage(format!(
            "format '{}' is about one machine, and not available for several inventories: scan each inventory by itself, or use one of: {}",
            format.name(),
            available.map(ReportFormat::name).collect::<Vec<_>>().join(", ")
        )));
    }
    if top.is_some() && formats.contains(&ReportFormat::Jsonl) {
        return Err(CliError::Usage(
            "--top is not available with format 'jsonl', which has a line for every host".to_owned(),
        ));
    }
    plan.hold_catalogue()?;
    let mut lines = plan.begin(ReportFormat::Jsonl)?;
    let Some((hosts, reading)) = plan.hosts() else { return Ok(None) };
    let view = gather(plan, hosts, reading, &formats, &mut lines, top)?;
    lines.into_iter().try_for_each(Stream::finish)?;
    Ok(Some(view))
}

fn gather(
    plan: &Plan,
    hosts: &[FleetHost],
    reading: &Reading,
    formats: &[ReportFormat],
    lines: &mut [Stream],
    top: Option<usize>,
) -> Result<FleetView, CliError> {
    let with_findings = formats.iter().any(|format| matches!(format, ReportFormat::Csv | ReportFormat::Html));
    let has_lines = !lines.is_empty();
    let judge = |(place, host): (usize, &FleetHost)| -> Answer {
        let FleetHost { name, path, problem } = host;
        let (judged, paths) = match problem {
            Some(problem) => (Err(problem.clone()), None),
            None => match judged(plan, host, reading) {
                Ok(Judged { view, warnings, systems, unmatched }) => (Ok((view, warnings)), Some((systems, unmatched))),
                Err(error) => (Err(error), None),
            },
        };
        let line = JudgedLine { line: place as u64 + 1, host: Some(name.clone()), judged };
        let rendered = if has_lines { line.render() } else { Ok(Vec::new()) };
        let (judged, warnings): (Result<View, String>, Vec<String>) = match line.judged {
            Ok((view, warnings)) => (Ok(view), warnings),
            Err(error) => (Err(error), Vec::new()),
        };
        let warnings = warnings.into_iter().map(|what| format!("{name}: {what}")).collect();
        let host = Host { name: name.clone(), inventory: path.to_string_lossy().into_owned(), judged };
        Answer { host: HostSummary::new(host, with_findings), line: rendered, warnings, paths }
    };
    let only_lines = has_lines && formats.iter().all(|format| *format == ReportFormat::Jsonl);
    let mut fleet = if only_lines { Fleet::counting() } else { Fleet::default() };
    let mut places = Places::new(plan.names_paths());
    ordered::judge(rayon::current_num_threads(), hosts.iter().enumerate(), judge, |next| {
        match next {
            Next::Idle => lines.iter_mut().try_for_each(Stream::flush)?,
            Next::Result(Answer { host, line, warnings, paths }) => {
                warnings.iter().for_each(|what| warn(what));
                places.see(paths);
                fleet.add(host);
                let line = line?;
                lines.iter_mut().try_for_each(|stream| stream.write(&line))?;
            }
        }
        // Nobody reads any more.
        let is_closed = only_lines && lines.iter().all(Stream::is_closed);
        Ok::<_, CliError>(if is_closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    places.check(plan.systems_of())?;
    Ok(fleet.finish(top))
}

fn judged(plan: &Plan, host: &FleetHost, reading: &Reading) -> Result<Judged, String> {
    // The report names the file beside it.
    let bare = |error: CliError| error.source().map_or_else(|| error.to_string(), chain);
    let wanted = |name: &str| plan.wants(name);
    let snapshot = inventories::read(&host.path, reading, &wanted).map_err(bare)?;
    plan.judge_one(snapshot.select(wanted)).map_err(bare)
}

/// The paths that the user names a system for: each is that of some host.
struct Places {
    /// A host that could not be read may be the one.
    is_certain: bool,
    unmatched: Option<Vec<String>>,
    systems: BTreeSet<String>,
}

impl Places {
    fn new(are_named: bool) -> Self {
        Self { is_certain: are_named, unmatched: None, systems: BTreeSet::new() }
    }

    fn see(&mut self, paths: Option<(Vec<String>, Vec<String>)>) {
        let Some((systems, unmatched)) = paths.filter(|_| self.is_certain) else {
            self.is_certain = false;
            return;
        };
        self.systems.extend(systems);
        match &mut self.unmatched {
            Some(nowhere) => nowhere.retain(|path| unmatched.contains(path)),
            None => self.unmatched = Some(unmatched),
        }
    }

    fn check(self, systems_of: &str) -> Result<(), CliError> {
        match self.unmatched.filter(|_| self.is_certain) {
            Some(unmatched) => given::all_matched(&unmatched, &Vec::from_iter(self.systems), systems_of),
            None => Ok(()),
        }
    }
}
