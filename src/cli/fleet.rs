//! Judges many inventories in one run, in parallel; the report lists one host after another.

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

/// The result of a host before it is in the report.
struct Answer {
    host: HostSummary,
    /// Its part of each report that is written host by host.
    pieces: Result<Vec<Vec<u8>>, RenderError>,
    warnings: Vec<String>,
    /// The paths of its systems, and the paths for which the user names a system but none was found; `None` if the host
    /// could not be read.
    paths: Option<(Vec<String>, Vec<String>)>,
}

/// Judges the inventories of several hosts, each by itself; `None` if there is only one. `top`: list at most this many
/// hosts and articles. JSON lines and CSV are written during the run, all other reports at its end.
///
/// # Errors
/// A report format that is not available for several hosts, or not with `top`; a report that cannot be written; a path
/// of a system that no host has.
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
    let by_host: Vec<ReportFormat> = HOST_BY_HOST.into_iter().filter(|format| formats.contains(format)).collect();
    if let Some(format) = by_host.first().filter(|_| top.is_some()) {
        return Err(CliError::Usage(format!(
            "--top is not available with format '{}', which lists every host",
            format.name()
        )));
    }
    plan.hold_catalogue()?;
    let mut streams = Streams::begin(&by_host, plan)?;
    let only_streams = formats.iter().all(|format| HOST_BY_HOST.contains(format));
    let Some((hosts, reading)) = plan.hosts() else { return Ok(None) };
    let fleet = if only_streams { Fleet::counting() } else { Fleet::default() };
    let view = gather(plan, hosts, reading, fleet, only_streams, &mut streams)?.finish(top);
    streams.finish()?;
    Ok(Some(view))
}

fn gather(
    plan: &Plan,
    hosts: &[FleetHost],
    reading: &Reading,
    mut fleet: Fleet,
    only_streams: bool,
    streams: &mut Streams,
) -> Result<Fleet, CliError> {
    let formats: Vec<ReportFormat> = streams.formats().collect();
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
        let line_of = |format: &ReportFormat| (*format == ReportFormat::Jsonl).then(|| line.render());
        let lines: Vec<Option<Result<Vec<u8>, RenderError>>> = formats.iter().map(line_of).collect();
        let (judged, warnings): (Result<View, String>, Vec<String>) = match line.judged {
            Ok((view, warnings)) => (Ok(view), warnings),
            Err(error) => (Err(error), Vec::new()),
        };
        let warnings = warnings.into_iter().map(|what| format!("{name}: {what}")).collect();
        let inventory = path.to_string_lossy().into_owned();
        let host = HostSummary::new(Host { name: name.clone(), inventory, judged });
        let pieces = lines.into_iter().map(|line| line.unwrap_or_else(|| host.csv())).collect();
        Answer { host, pieces, warnings, paths }
    };
    let mut places = Places::new(plan.names_paths());
    ordered::judge(rayon::current_num_threads(), hosts.iter().enumerate(), judge, |next| {
        match next {
            Next::Idle => streams.flush()?,
            Next::Result(Answer { host, pieces, warnings, paths }) => {
                warnings.iter().for_each(|what| warn(what));
                places.see(paths);
                fleet.add(host);
                streams.write(&pieces?)?;
            }
        }
        // Stop if the readers of all reports have closed them.
        let is_closed = only_streams && streams.are_closed();
        Ok::<_, CliError>(if is_closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    places.check(plan.systems_of())?;
    Ok(fleet)
}

/// The formats for which nothing is kept: each host is written as soon as it is judged.
const HOST_BY_HOST: [ReportFormat; 2] = [ReportFormat::Jsonl, ReportFormat::Csv];

/// The reports that are written host by host, with all outputs of each format.
struct Streams(Vec<(ReportFormat, Vec<Stream>)>);

impl Streams {
    fn begin(formats: &[ReportFormat], plan: &mut Plan) -> Result<Self, CliError> {
        let mut begun = Vec::with_capacity(formats.len());
        for &format in formats {
            let mut streams = plan.begin(format)?;
            if format == ReportFormat::Csv {
                let header = report::fleet_csv_header()?;
                streams.iter_mut().try_for_each(|stream| stream.write(&header))?;
            }
            begun.push((format, streams));
        }
        Ok(Self(begun))
    }

    fn formats(&self) -> impl Iterator<Item = ReportFormat> {
        self.0.iter().map(|(format, _)| *format)
    }

    fn each(&mut self) -> impl Iterator<Item = &mut Stream> {
        self.0.iter_mut().flat_map(|(_, streams)| streams)
    }

    /// Writes the part of a host in every format, in the order of the formats.
    fn write(&mut self, pieces: &[Vec<u8>]) -> Result<(), CliError> {
        let of_formats = self.0.iter_mut().zip(pieces);
        of_formats.flat_map(|((_, streams), piece)| streams.iter_mut().map(move |stream| stream.write(piece))).collect()
    }

    fn flush(&mut self) -> Result<(), CliError> {
        self.each().try_for_each(Stream::flush)
    }

    fn are_closed(&mut self) -> bool {
        self.each().all(|stream| stream.is_closed())
    }

    fn finish(self) -> Result<(), CliError> {
        self.0.into_iter().flat_map(|(_, streams)| streams).try_for_each(Stream::finish)
    }
}

fn judged(plan: &Plan, host: &FleetHost, reading: &Reading) -> Result<Judged, String> {
    // The report has the file name in another field.
    let bare = |error: CliError| error.source().map_or_else(|| error.to_string(), chain);
    let wanted = |name: &str| plan.wants(name);
    let apart = plan.apart();
    let snapshot = inventories::read(&host.path, reading, &wanted, Some(&apart)).map_err(bare)?;
    plan.judge_one(snapshot.select(wanted)).map_err(bare)
}

/// The paths for which the user names a system: each must be that of some host.
struct Places {
    /// False if a host could not be read, because it may have such a path.
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
