//! Collects the reports of hosts one after another, and keeps only what the common view needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::found::Found;
use super::super::view::{ArticleView, CatalogueView, FindingView, ToolView, View};
use super::super::{line, shown, wording};
use super::correction::CorrectionView;
use super::view::{FLEET_SCHEMA, FleetArticle, FleetOptions, FleetSummary, FleetView, HostStatus, HostView};
use crate::assess::{ArticleStatus, FailOn, Outcome, Reason, Verdict};
use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::Severity;

/// The exit code of a host that cannot be read.
const UNREADABLE: u8 = 2;

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

/// What all hosts share.
#[derive(Debug)]
struct Chosen {
    catalogue: CatalogueView,
    fail_on: FailOn,
    severity: Option<Severity>,
    options: FleetOptions,
}

/// The part of a host's report that the report of a fleet needs.
#[derive(Debug)]
pub struct HostSummary {
    pub(super) view: HostView,
    options: Option<Chosen>,
    found: Option<Found>,
    /// The articles to install.
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
    pub correction: CorrectionView,
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

impl HostSummary {
    /// What was asked for, in words.
    pub(super) fn only(&self) -> Option<&str> {
        self.options.as_ref()?.options.only.as_deref()
    }

    /// Takes the needed part of a host's report.
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
            correction: CorrectionView::of(article),
        };
        let articles = articles.map(lacking).collect();
        let found = judged.as_ref().ok().and_then(Found::of);
        let answer: Arc<str> = match &judged {
            Ok(view) => line::answer(view).into(),
            Err(error) => format!("{error} (exit code {UNREADABLE})").into(),
        };
        let (view, options) = match judged {
            Ok(View { catalogue, options, files, summary, .. }) => {
                let shared = FleetOptions::of(&options);
                let chosen =
                    Chosen { catalogue, fail_on: options.fail_on, severity: options.severity, options: shared };
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

/// Collects the hosts of a fleet one after another, and keeps only what the report needs.
#[derive(Debug, Default)]
pub struct Fleet {
    options: Option<Chosen>,
    summary: FleetSummary,
    hosts: Vec<HostView>,
    articles: BTreeMap<KbId, FleetArticle>,
    /// Only the numbers are needed.
    counts_only: bool,
}

impl Fleet {
    /// A fleet for which only the numbers are needed: nothing else of a host is kept.
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
        let open = view.updates_not_judged();
        summary.open_hosts += usize::from(open > 0);
        summary.most_open = summary.most_open.max(open);
        self.options = self.options.take().or(options);
        summary.to_install += articles.len();
        if self.counts_only {
            return;
        }
        for Lacking { id, title, status, fails, findings, correction } in articles {
            let new = || FleetArticle {
                id,
                title,
                hosts: Vec::new(),
                files: BTreeSet::new(),
                correction: CorrectionView::default(),
            };
            let article = self.articles.entry(id).or_insert_with(new);
            article.correction.add(correction);
            article.hosts.push(HostStatus { host: Arc::clone(&view.host), status, fails });
            article.files.extend(findings.into_iter().map(|finding| finding.file));
        }
        self.hosts.push(view);
    }

    /// The exit code so far: the worst one of any host.
    pub fn exit_code(&self) -> u8 {
        exit_code(&self.summary)
    }

    /// The view of the hosts, in the order in which they were added. With `top`, it lists at most this many hosts and
    /// articles: the hosts that lack the most, and the articles that most hosts lack. The summary covers all.
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
        let (catalogue, fail_on, severity, options) = match options {
            Some(Chosen { catalogue, fail_on, severity, options }) => {
                (Some(catalogue), Some(fail_on), severity, Some(options))
            }
            None => (None, None, None, None),
        };
        FleetView {
            schema: FLEET_SCHEMA,
            tool: ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            catalogue,
            fail_on,
            severity,
            options,
            summary,
            hosts,
            articles,
            all,
        }
    }
}

impl FleetView {
    /// The view of the hosts, in the order of their names.
    pub fn new(mut hosts: Vec<Host>) -> Self {
        hosts.sort_by(|a, b| (&a.name, &a.inventory).cmp(&(&b.name, &b.inventory)));
        let mut fleet = Fleet::default();
        hosts.into_iter().for_each(|host| fleet.add(HostSummary::new(host)));
        fleet.finish(None)
    }
}

/// Findings come first. An inventory that cannot be read makes the run incomplete, or is an error if no inventory could
/// be read.
fn exit_code(summary: &FleetSummary) -> u8 {
    match summary {
        _ if summary.findings > 0 => 1,
        _ if summary.unreadable == summary.hosts => 2,
        _ if summary.unreadable > 0 || summary.incomplete > 0 => 3,
        _ if summary.nothing_recognised > 0 => 4,
        _ => 0,
    }
}
