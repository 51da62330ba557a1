//! Many hosts in one report: the hosts, and what is missing on how many of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::super::found::Found;
use super::super::shown;
use super::super::text::{count, grouped};
use super::super::view::name_or_null;
use super::super::view::{
    ArticleView, CatalogueView, FilesView, FindingView, ProfileView, SummaryView, ToolView, View,
};
use super::super::wording;
use crate::assess::{ArticleStatus, FailOn, Outcome, Reason, Verdict};
use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::Severity;

/// The version of the report's form.
pub const FLEET_SCHEMA: &str = "hotfixcheck.fleet/1";

/// The report of several inventories.
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
    /// What it comes to.
    pub summary: FleetSummary,
    /// The hosts, by name.
    pub hosts: Vec<HostView>,
    /// The articles to install on some host: those that most hosts lack first, then the newer.
    pub articles: Vec<FleetArticle>,
    /// How many hosts and articles there are, where only the first of them are listed.
    #[serde(skip)]
    pub(super) all: Option<(usize, usize)>,
}

/// A file of a host that is too old.
#[derive(Debug)]
pub(super) struct TooOld {
    pub verdict: Verdict,
    pub reason: Reason,
    pub file: String,
    pub machine: Option<Machine>,
    pub found: Option<FileVersion>,
    pub required: Option<String>,
}

/// How many hosts have each outcome, and what it comes to.
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
    /// Articles to install on some host: each once.
    pub articles: usize,
    /// The same, each once for each host that lacks it.
    pub to_install: usize,
    /// The exit code: the worst of the hosts'.
    pub exit_code: u8,
    /// The gravest kind of finding on any host.
    #[serde(skip)]
    found: Option<Found>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostView {
    /// The name of its inventory.
    #[serde(serialize_with = "text")]
    pub host: Arc<str>,
    /// The inventory's file.
    pub inventory: String,
    /// Why the inventory could not be read; all else is then `null`.
    pub error: Option<String>,
    /// The system, as far as it is known.
    pub system: Option<ProfileView>,
    /// What the inventory holds.
    pub files: Option<FilesView>,
    /// How many articles have each status, and what it comes to.
    pub summary: Option<SummaryView>,
    /// The answer, as a report of this host alone gives it.
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
    /// The files that it finds too old, on any host.
    #[serde(skip)]
    pub(super) files: BTreeSet<String>,
    /// What is known of the vulnerabilities that it corrects.
    #[serde(skip)]
    pub(super) rating: Rating,
}

/// How grave the vulnerabilities of an article are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rating {
    /// The vendor's highest rating.
    pub severity: Option<Severity>,
    /// Whether one of them is known to be exploited.
    pub is_exploited: bool,
    /// Their names.
    pub cves: Vec<String>,
}

/// What an article comes to on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// The host.
    #[serde(serialize_with = "text")]
    pub host: Arc<str>,
    /// `missing`, `partial`, `likely-missing`.
    pub status: ArticleStatus,
    /// Whether it is a finding: at or above `fail_on`, not waived, not known from the baseline.
    pub fails: bool,
}

/// One host's inventory, judged or not.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// The inventory's file.
    pub inventory: String,
    /// Its report, or why its inventory could not be read.
    pub judged: Result<View, String>,
}

/// What a fleet's report keeps of a host.
#[derive(Debug)]
pub struct HostSummary {
    pub(super) view: HostView,
    options: Option<(CatalogueView, FailOn, Option<Severity>)>,
    found: Option<Found>,
    /// What is left to install.
    pub(super) articles: Vec<Lacking>,
}

/// An article that a host lacks.
#[derive(Debug)]
pub(super) struct Lacking {
    pub id: KbId,
    pub title: String,
    pub status: ArticleStatus,
    pub fails: bool,
    pub findings: Vec<TooOld>,
    pub rating: Rating,
}

impl HostSummary {
    /// What is kept of a host.
    pub fn new(host: Host) -> Self {
        let Host { name, inventory, judged } = host;
        let name: Arc<str> = name.into();
        let articles = judged.iter().flat_map(|view| &view.articles).filter(|article| shown::is_to_install(article));
        let lacking = |article: &ArticleView| Lacking {
            id: article.id,
            title: article.title.clone(),
            status: article.status,
            fails: article.fails,
            findings: too_old(article),
            rating: Rating {
                severity: article.severity,
                is_exploited: !article.exploited.is_empty(),
                cves: article.cves.clone(),
            },
        };
        let articles = articles.map(lacking).collect();
        let found = judged.as_ref().ok().and_then(Found::of);
        let answer: Arc<str> = match &judged {
            Ok(view) => wording::headline(view).into(),
            Err(error) => error.as_str().into(),
        };
        let (view, options) = match judged {
            Ok(View { catalogue, options, files, summary, .. }) => {
                let chosen = (catalogue, options.fail_on, options.severity);
                let system = options.profile;
                let (files, summary) = (Some(files), Some(summary));
                (HostView { host: name, inventory, error: None, system, files, summary, answer }, Some(chosen))
            }
            Err(error) => {
                let error = Some(error);
                (HostView { host: name, inventory, error, system: None, files: None, summary: None, answer }, None)
            }
        };
        Self { view, options, found, articles }
    }
}

fn too_old(article: &ArticleView) -> Vec<TooOld> {
    let tells = |finding: &&FindingView| matches!(finding.verdict, Verdict::Missing | Verdict::LikelyMissing);
    let finding = |finding: &FindingView| TooOld {
        verdict: finding.verdict,
        reason: finding.reason,
        file: wording::subject(finding).to_owned(),
        machine: finding.file.as_ref().and_then(|file| file.machine),
        found: finding.compared.as_ref().map(|compared| compared.found),
        required: wording::required(finding),
    };
    article.findings.iter().filter(tells).map(finding).collect()
}

/// Gathers the hosts of a fleet, one after another: of each as little as the report needs.
#[derive(Debug, Default)]
pub struct Fleet {
    options: Option<(CatalogueView, FailOn, Option<Severity>)>,
    summary: FleetSummary,
    hosts: Vec<HostView>,
    articles: BTreeMap<KbId, FleetArticle>,
    /// Only the numbers are asked for.
    counts_only: bool,
}

impl Fleet {
    /// A fleet of which only the numbers are asked for: nothing is held of a host.
    pub fn counting() -> Self {
        Self { counts_only: true, ..Self::default() }
    }

    /// Adds a host.
    pub fn add(&mut self, host: HostSummary) {
        let HostSummary { view, options, found, articles } = host;
        let summary = &mut self.summary;
        summary.hosts += 1;
        match view.outcome() {
            Some(Outcome::Findings) => summary.findings += 1,
            Some(Outcome::Incomplete) => summary.incomplete += 1,
            Some(Outcome::NothingRecognised) => summary.nothing_recognised += 1,
            Some(Outcome::Clean) => summary.clean += 1,
            None => summary.unreadable += 1,
        }
        summary.found = summary.found.max(found);
        self.options = self.options.take().or(options);
        summary.to_install += articles.len();
        if self.counts_only {
            return;
        }
        for Lacking { id, title, status, fails, findings, rating } in articles {
            let new = || FleetArticle { id, title, hosts: Vec::new(), files: BTreeSet::new(), rating };
            let article = self.articles.entry(id).or_insert_with(new);
            article.hosts.push(HostStatus { host: Arc::clone(&view.host), status, fails });
            article.files.extend(findings.into_iter().map(|finding| finding.file));
        }
        self.hosts.push(view);
    }

    /// The exit code so far: the worst of the hosts'.
    pub fn exit_code(&self) -> u8 {
        exit_code(&self.summary)
    }

    /// The view of the hosts, in the order in which they were added; with `top` only so many of the hosts that lack most, and of
    /// the articles that most hosts lack. The summary is that of all.
    pub fn finish(self, top: Option<usize>) -> FleetView {
        let Self { options, mut summary, mut hosts, articles, .. } = self;
        summary.exit_code = exit_code(&summary);
        let mut articles: Vec<FleetArticle> = articles.into_values().collect();
        summary.articles = articles.len();
        articles.sort_by_key(|article| std::cmp::Reverse((article.hosts.len(), article.id)));
        let all = top.map(|_| (hosts.len(), articles.len()));
        if let Some(top) = top {
            hosts.sort_by_key(|host| std::cmp::Reverse(host.lacks()));
            hosts.truncate(top);
            articles.truncate(top);
        }
        let (catalogue, fail_on, severity) = match options {
            Some((catalogue, fail_on, severity)) => (Some(catalogue), Some(fail_on), severity),
            None => (None, None, None),
        };
        FleetView {
            schema: FLEET_SCHEMA,
            tool: ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            catalogue,
            fail_on,
            severity,
            summary,
            hosts,
            articles,
            all,
        }
    }
}

fn text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl FleetView {
    /// The view of the hosts, in the order of their names.
    pub fn new(mut hosts: Vec<Host>) -> Self {
        hosts.sort_by(|a, b| (&a.name, &a.inventory).cmp(&(&b.name, &b.inventory)));
        let mut fleet = Fleet::default();
        hosts.into_iter().for_each(|host| fleet.add(HostSummary::new(host)));
        fleet.finish(None)
    }

    /// What is listed, where that is not all.
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

/// Findings first; an inventory that cannot be read is something that could not be read, unless that is all there is.
fn exit_code(summary: &FleetSummary) -> u8 {
    match summary {
        _ if summary.findings > 0 => 1,
        _ if summary.unreadable == summary.hosts => 2,
        _ if summary.unreadable > 0 || summary.incomplete > 0 => 3,
        _ if summary.nothing_recognised > 0 => 4,
        _ => 0,
    }
}

impl HostView {
    /// How many fixes it lacks, without those that others bring along.
    pub(super) fn lacks(&self) -> usize {
        self.summary.as_ref().map_or(0, |s| s.to_install)
    }

    /// `None` where the inventory could not be read.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.summary.as_ref().map(|summary| summary.outcome)
    }

    /// `clean`, `findings`, `incomplete`, `nothing-recognised`, or `unreadable`.
    pub(super) fn outcome_name(&self) -> &'static str {
        self.outcome().map_or("unreadable", Outcome::name)
    }

    /// The outcome for people.
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

    /// The system for people.
    pub(super) fn system_in_words(&self) -> String {
        match self.system() {
            system if system.is_empty() => "not known".to_owned(),
            system => system,
        }
    }

    /// `Windows NT 4.0 SP 6a`.
    pub(super) fn system(&self) -> String {
        let Some(system) = &self.system else { return String::new() };
        let pack = system.service_pack.as_deref().map(|pack| format!(" SP {pack}")).unwrap_or_default();
        format!("{}{pack}", system.os)
    }
}

/// `5 fixes to install on some host, in all 90 installations`; `None` where there is none.
pub(super) fn to_install(summary: &FleetSummary) -> Option<String> {
    let fixes = count(summary.articles as u64, "fix", "fixes");
    let installations = count(summary.to_install as u64, "installation", "installations");
    (summary.articles > 0).then(|| format!("{fixes} to install on some host, in all {installations}"))
}

/// What the run comes to, in a few words.
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
