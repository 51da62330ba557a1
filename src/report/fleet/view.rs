//! Many hosts in one report: the hosts, and what is missing on how many of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::found::Found;
use super::super::view::name_or_null;
use super::super::view::{ArticleView, CatalogueView, FilesView, ProfileView, SummaryView, ToolView, View};
use crate::KbId;
use crate::assess::{ArticleStatus, FailOn, Outcome};
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
    pub host: String,
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
}

/// What an article comes to on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// The host.
    pub host: String,
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

impl FleetView {
    /// The view of the hosts, in the order of their names.
    pub fn new(mut hosts: Vec<Host>) -> Self {
        hosts.sort_by(|a, b| (&a.name, &a.inventory).cmp(&(&b.name, &b.inventory)));
        let first = hosts.iter().find_map(|host| host.judged.as_ref().ok());
        let mut summary = FleetSummary { hosts: hosts.len(), ..FleetSummary::default() };
        for host in &hosts {
            match host.judged.as_ref().map(|view| view.summary.outcome) {
                Ok(Outcome::Findings) => summary.findings += 1,
                Ok(Outcome::Incomplete) => summary.incomplete += 1,
                Ok(Outcome::NothingRecognised) => summary.nothing_recognised += 1,
                Ok(Outcome::Clean) => summary.clean += 1,
                Err(_) => summary.unreadable += 1,
            }
        }
        summary.found = hosts.iter().filter_map(|host| host.judged.as_ref().ok().and_then(Found::of)).max();
        summary.exit_code = exit_code(&summary);
        Self {
            schema: FLEET_SCHEMA,
            tool: ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            catalogue: first.map(|view| view.catalogue.clone()),
            fail_on: first.map(|view| view.options.fail_on),
            severity: first.and_then(|view| view.options.severity),
            summary,
            articles: articles(&hosts),
            hosts: hosts.into_iter().map(HostView::of).collect(),
        }
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

fn articles(hosts: &[Host]) -> Vec<FleetArticle> {
    let to_do = |article: &&ArticleView| {
        let missing =
            matches!(article.status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing);
        missing && article.superseded_by.is_empty()
    };
    let mut by_id: BTreeMap<KbId, FleetArticle> = BTreeMap::new();
    for host in hosts {
        for article in host.judged.iter().flat_map(|view| &view.articles).filter(to_do) {
            let fleet = by_id.entry(article.id).or_insert_with(|| FleetArticle {
                id: article.id,
                title: article.title.clone(),
                hosts: Vec::new(),
            });
            let (host, status, fails) = (host.name.clone(), article.status, article.fails);
            fleet.hosts.push(HostStatus { host, status, fails });
        }
    }
    let mut articles: Vec<FleetArticle> = by_id.into_values().collect();
    articles.sort_by_key(|article| std::cmp::Reverse((article.hosts.len(), article.id)));
    articles
}

impl HostView {
    fn of(host: Host) -> Self {
        let Host { name, inventory, judged } = host;
        match judged {
            Ok(view) => Self {
                host: name,
                inventory,
                error: None,
                system: view.options.profile,
                files: Some(view.files),
                summary: Some(view.summary),
            },
            Err(error) => Self { host: name, inventory, error: Some(error), system: None, files: None, summary: None },
        }
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
