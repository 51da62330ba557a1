//! One host as one line of JSON, for programs that judge hosts one by one.

use serde::Serialize;

use super::RenderError;
use super::selection;
use super::view::{
    ArticleView, BroughtView, FindingView, InstallView, NeededPackView, ProfileView, SummaryView, SystemView, View,
    WarningView,
};
use super::warnings;
use super::wording;
use crate::assess::{ArticleStatus, Reason, Verdict};
use crate::inventory::Inventory;
use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::Severity;

/// The version of the line's format.
pub const JUDGED_SCHEMA: &str = "hotfixcheck.judged/1";

/// The result for an input line that named a host.
#[derive(Clone, Debug)]
pub struct JudgedLine {
    /// The line's number, from 1.
    pub line: u64,
    /// The host, if the line names it.
    pub host: Option<String>,
    /// Its report and further messages, or why it could not be judged.
    pub judged: Result<(View, Vec<String>), String>,
}

/// The line's format. Unknown values are `null`.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    line: u64,
    host: Option<&'a str>,
    error: Option<&'a str>,
    outcome: &'static str,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<String>,
    system: Option<&'a ProfileView>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    systems: &'a [SystemView],
    files: Option<Files>,
    summary: Option<&'a SummaryView>,
    articles: Vec<Article<'a>>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Files {
    seen: u64,
    known: usize,
    binaries: usize,
    unreadable: usize,
}

#[derive(Serialize)]
struct Article<'a> {
    kb: KbId,
    title: &'a str,
    status: ArticleStatus,
    fails: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_service_pack: Option<&'a NeededPackView>,
    superseded_by: &'a [KbId],
    severity: Option<Severity>,
    bulletins: &'a [String],
    cves: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_clients: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_servers: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_releases: &'a [String],
    exploited: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    brings_along: Option<&'a BroughtView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    install: Option<&'a InstallView>,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    verdict: Verdict,
    reason: &'static str,
    file: &'a str,
    machine: Option<Machine>,
    found: Option<FileVersion>,
    required: Option<String>,
}

impl JudgedLine {
    /// The exit code for this host alone; 2 if it could not be judged.
    pub fn exit_code(&self) -> u8 {
        self.judged.as_ref().map_or(2, |(view, _)| view.summary.exit_code)
    }

    /// The line, with its end.
    ///
    /// # Errors
    /// Only if the view cannot be expressed as JSON.
    pub fn render(&self) -> Result<Vec<u8>, RenderError> {
        let head = Line {
            schema: JUDGED_SCHEMA,
            line: self.line,
            host: self.host.as_deref(),
            error: None,
            outcome: "unreadable",
            exit_code: self.exit_code(),
            only: None,
            system: None,
            systems: &[],
            files: None,
            summary: None,
            articles: Vec::new(),
            warnings: Vec::new(),
        };
        let line = match &self.judged {
            Err(error) => Line { error: Some(error), ..head },
            Ok((view, _)) => Line {
                only: selection::only(&view.options),
                outcome: view.summary.outcome.name(),
                system: view.options.profile.as_ref(),
                systems: &view.systems,
                files: Some(Files {
                    seen: view.files.seen,
                    known: view.files.known,
                    binaries: view.files.binaries,
                    unreadable: view.unreadable.len(),
                }),
                summary: Some(&view.summary),
                articles: view.articles.iter().map(article).collect(),
                warnings: warnings::shown(view).map(warning).collect(),
                ..head
            },
        };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// `KB893756: the registry lists it as installed (registry-claims-installed)`; for a volume, a list or the run, the
/// message about it.
fn warning(warning: &WarningView) -> String {
    let is_said = [Inventory::DOUBTFUL, "catalogue-replaced"].contains(&warning.code);
    if let Some(said) = warning.registry.as_ref().filter(|_| is_said) {
        return format!("{said} ({})", warning.code);
    }
    let article = warning.article.map(|id| format!("{id}: ")).unwrap_or_default();
    format!("{article}{} ({})", warning.description, warning.code)
}

fn article(article: &ArticleView) -> Article<'_> {
    Article {
        kb: article.id,
        title: &article.title,
        status: article.status,
        fails: article.fails,
        system: article.system.as_deref(),
        needs_service_pack: article.needs_service_pack.as_ref(),
        superseded_by: &article.superseded_by,
        severity: article.severity,
        bulletins: &article.bulletins,
        cves: &article.cves,
        cves_of_clients: &article.cves_of_clients,
        cves_of_servers: &article.cves_of_servers,
        cves_of_releases: &article.cves_of_releases,
        exploited: &article.exploited,
        brings_along: article.brings_along.as_ref(),
        install: article.install.as_ref(),
        findings: article
            .findings
            .iter()
            .filter(|found| found.verdict != Verdict::NotApplicable)
            .map(finding)
            .collect(),
    }
}

fn finding(finding: &FindingView) -> Found<'_> {
    Found {
        verdict: finding.verdict,
        reason: Reason::code(finding.reason),
        file: wording::subject(finding),
        machine: finding.file.as_ref().and_then(|file| file.machine),
        found: finding.compared.as_ref().map(|compared| compared.found),
        required: wording::required(finding),
    }
}
