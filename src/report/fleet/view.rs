//! The report on many hosts: the hosts, and the number of hosts that lack each fix.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::super::found::Found;
use super::super::selection;
use super::super::text::{count, grouped};
use super::super::view::{CatalogueView, FilesView, OptionsView, ProfileView, SummaryView, ToolView, name_or_null};
use super::correction::CorrectionView;
use crate::KbId;
use crate::assess::{ArticleStatus, FailOn, Outcome};
use hotfixcheck_articles::Severity;

/// The version of the report's format.
pub const FLEET_SCHEMA: &str = "hotfixcheck.fleet/1";

/// The report on several inventories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FleetView {
    /// [`FLEET_SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: ToolView,
    /// The catalogue; `null` if no inventory could be read.
    pub catalogue: Option<CatalogueView>,
    /// The lowest verdict on an article that counts as a finding; `null` if no inventory could be read.
    #[serde(serialize_with = "name_or_null")]
    pub fail_on: Option<FailOn>,
    /// The lowest rating that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What was judged; `null` if no inventory could be read.
    pub options: Option<FleetOptions>,
    /// The numbers and the result.
    pub summary: FleetSummary,
    /// The hosts, by name.
    pub hosts: Vec<HostView>,
    /// The articles to install on some host: first those that most hosts lack, then the newer ones.
    pub articles: Vec<FleetArticle>,
    /// How many hosts and articles there are, if only the first of them are listed.
    #[serde(skip)]
    pub(super) all: Option<(usize, usize)>,
}

/// What was judged on every host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FleetOptions {
    /// The articles that were asked for; `null` for all.
    pub kb: Option<Vec<KbId>>,
    /// The same as the user named them: ids, bulletins, vulnerabilities, files.
    pub asked: Vec<String>,
    /// The patterns of paths that were included; empty for all.
    pub include: Vec<String>,
    /// The patterns of paths that were excluded.
    pub exclude: Vec<String>,
    /// The file that lists the required fixes.
    pub require: Option<String>,
    /// The earlier report whose findings are known.
    pub baseline: Option<String>,
    /// The choice in words; `None` for everything.
    #[serde(skip)]
    pub(super) only: Option<String>,
}

impl FleetOptions {
    /// The part of a host's options that all hosts share.
    pub(super) fn of(options: &OptionsView) -> Self {
        Self {
            kb: options.kb.clone(),
            asked: options.asked.clone(),
            include: options.include.clone(),
            exclude: options.exclude.clone(),
            require: options.require.clone(),
            baseline: options.baseline.clone(),
            only: selection::only(options),
        }
    }
}

/// How many hosts have each outcome, and the overall result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names of the outcomes, as Outcome documents them.
pub struct FleetSummary {
    /// All hosts.
    pub hosts: usize,
    pub clean: usize,
    pub findings: usize,
    pub incomplete: usize,
    pub nothing_recognised: usize,
    /// Hosts whose inventory could not be read.
    pub unreadable: usize,
    /// Articles to install on some host, each counted once.
    pub articles: usize,
    /// The same, each counted once for each host that lacks it.
    pub to_install: usize,
    /// The exit code: the worst one of any host.
    pub exit_code: u8,
    /// Hosts with security updates for their system that are not judged, and the most of one host.
    #[serde(skip)]
    pub(super) open_hosts: usize,
    #[serde(skip)]
    pub(super) most_open: usize,
    /// The most severe kind of finding on any host.
    #[serde(skip)]
    pub(super) found: Option<Found>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostView {
    /// The name of its inventory.
    #[serde(serialize_with = "text")]
    pub host: Arc<str>,
    /// The inventory's file.
    pub inventory: String,
    /// Why the inventory could not be read; all other fields are then `null`.
    pub error: Option<String>,
    /// The system, if it is known.
    pub system: Option<ProfileView>,
    /// The number of files in the inventory.
    pub files: Option<FilesView>,
    /// How many articles have each status, and the result.
    pub summary: Option<SummaryView>,
    /// The answer in one line, as in a report on this host alone.
    #[serde(skip)]
    pub(super) answer: Arc<str>,
}

/// An article to install on some host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FleetArticle {
    /// Its id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The hosts that lack it, by name.
    pub hosts: Vec<HostStatus>,
    /// The files that are too old according to it, on any host.
    #[serde(skip)]
    pub(super) files: BTreeSet<String>,
    /// What it corrects, and what to install.
    #[serde(flatten)]
    pub correction: CorrectionView,
}

/// The status of an article on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// The host.
    #[serde(serialize_with = "text")]
    pub host: Arc<str>,
    /// `missing`, `partial`, `likely-missing`.
    pub status: ArticleStatus,
    /// Whether it is a finding: at or above `fail_on`, not waived, and not in the baseline.
    pub fails: bool,
}

fn text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl FleetView {
    /// What was asked for, in words; `None` for everything.
    pub(super) fn only(&self) -> Option<&str> {
        self.options.as_ref()?.only.as_deref()
    }

    /// The answer in one line: `6 hosts: fixes are missing; 2 different fixes to install; … (exit code 1)`.
    pub fn headline(&self) -> String {
        let s = &self.summary;
        let fixes = to_install(s).map(|fixes| format!("; {fixes}")).unwrap_or_default();
        let open = self.not_judged().map(|_| format!("; {}", open_on(s))).unwrap_or_default();
        format!("{}: {}{fixes}{open} (exit code {})", count(s.hosts as u64, "host", "hosts"), result(s), s.exit_code)
    }

    /// `security updates for the systems of 2 hosts, up to 264 on one: …`; `None` if there are none.
    pub(super) fn not_judged(&self) -> Option<String> {
        let FleetSummary { open_hosts, most_open, .. } = self.summary;
        let (hosts, most) = (count(open_hosts as u64, "host", "hosts"), grouped(most_open as u64));
        let why = "the catalogue knows neither a file nor a build of them (updates-not-judged)";
        (open_hosts > 0).then(|| format!("security updates for the systems of {hosts}, up to {most} on one: {why}"))
    }

    /// A sentence about what is listed, if that is not everything.
    pub(super) fn shown(&self) -> Option<String> {
        let (hosts, articles) = self.all?;
        let number = |number: usize| grouped(number as u64);
        let (shown, lacked) = (number(self.hosts.len()), number(self.articles.len()));
        let (hosts, articles) = (number(hosts), number(articles));
        Some(format!(
            "the {shown} of {hosts} hosts that lack most, and the {lacked} of {articles} fixes that most hosts lack"
        ))
    }
}

impl HostView {
    /// How many fixes it lacks, without those that others contain.
    pub(super) fn lacks(&self) -> usize {
        self.summary.as_ref().map_or(0, |s| s.to_install)
    }

    /// How many security updates for its system are not judged.
    pub(super) fn updates_not_judged(&self) -> usize {
        self.summary.as_ref().map_or(0, |s| s.updates_not_judged)
    }

    /// `None` where the inventory could not be read.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.summary.as_ref().map(|summary| summary.outcome)
    }

    /// `clean`, `findings`, `incomplete`, `nothing-recognised`, or `unreadable`.
    pub(super) fn outcome_name(&self) -> &'static str {
        self.outcome().map_or("unreadable", Outcome::name)
    }

    /// The outcome in words.
    pub(super) fn result(&self) -> &'static str {
        let Some(s) = &self.summary else { return "unreadable" };
        match s.outcome {
            Outcome::Findings => "findings",
            Outcome::Incomplete if !s.incomplete => "unrated missing",
            Outcome::Incomplete => "incomplete",
            Outcome::NothingRecognised => "nothing to judge",
            Outcome::Clean if s.known.is_some_and(|known| known > 0) => "no new findings",
            Outcome::Clean if s.waived > 0 => "findings waived",
            Outcome::Clean if s.missing + s.partial + s.likely_missing > 0 => "not counted",
            Outcome::Clean => "no findings",
        }
    }

    /// The system in words.
    pub(super) fn system_in_words(&self) -> String {
        match self.system() {
            system if system.is_empty() => "not known".to_owned(),
            system => system,
        }
    }

    /// `Windows NT 4.0 SP 6a`, `Windows XP RTM`.
    pub(super) fn system(&self) -> String {
        let Some(system) = &self.system else { return String::new() };
        if let Some(release) = &system.release {
            return release.clone();
        }
        let pack = system
            .service_pack
            .as_deref()
            .map(|pack| if pack == "RTM" { " RTM".to_owned() } else { format!(" SP {pack}") });
        let pack = pack.unwrap_or_default();
        format!("{}{pack}", system.os)
    }
}

/// `5 different fixes to install; 90 installations on all hosts together`; `None` if there are none.
pub(super) fn to_install(summary: &FleetSummary) -> Option<String> {
    let fixes = count(summary.articles as u64, "fix", "different fixes");
    let installations = count(summary.to_install as u64, "installation", "installations");
    (summary.articles > 0).then(|| format!("{fixes} to install; {installations} on all hosts together"))
}

/// `security updates not judged on 2 hosts`.
fn open_on(summary: &FleetSummary) -> String {
    format!("security updates not judged on {}", count(summary.open_hosts as u64, "host", "hosts"))
}

/// The result of the run in a few words.
pub(super) fn result(summary: &FleetSummary) -> &'static str {
    match summary.exit_code {
        1 => summary.found.map_or("findings", Found::words),
        2 => "no inventory could be read",
        3 => "incomplete: not everything could be read or judged",
        4 => {
            "at least one host has nothing to judge: no Windows binary that the catalogue lists, or only backup copies"
        }
        _ => "no findings",
    }
}
