//! The details of the table's rows as JSON: the page shows them when a row is opened.

use std::collections::BTreeMap;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::escape;
use crate::Machine;
use crate::assess::{ArticleStatus, Verdict};
use crate::knowledge::pack_title;
use crate::report::view::{ArticleView, FileView, FindingView, FixView, InstallView, RequiredView, View};
use crate::report::{RenderError, view, wording};
use hotfixcheck_articles::{Edition, Restart, Severity};

#[derive(Serialize)]
struct Data<'a> {
    trees: Vec<&'a str>,
    /// Rule and sentence by reason code.
    reasons: BTreeMap<&'static str, (&'static str, &'static str)>,
    articles: Articles<'a>,
}

/// Written one by one: with all findings they are not held.
struct Articles<'a>(&'a [&'a ArticleView]);

impl Serialize for Articles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        view::whole(self.0).try_for_each(|article| list.serialize_element(&of_article(&article)))?;
        list.end()
    }
}

/// An article, in the table's order, with its worst findings first. Unknown values are left out.
#[derive(Serialize)]
struct Article<'a> {
    id: String,
    number: u32,
    status: ArticleStatus,
    group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    products: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    bulletins: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_clients: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_servers: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_releases: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exploited: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restart: Option<&'static str>,
    /// What to install.
    #[serde(skip_serializing_if = "Option::is_none")]
    install: Option<&'a InstallView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    superseded_by: Vec<String>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    verdict: Verdict,
    reason: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    evidence: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'a str>,
    /// The versions that were compared, with the source of the file's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<(String, &'static str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pack: Option<(&'a str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File<'a>>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    excuse: Option<String>,
}

#[derive(Serialize)]
struct Fix<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    /// Language, branch, service pack, section and note, which limit the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only: Vec<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    tree: usize,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_raw: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed_version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    version_strings: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    built: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<Machine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// The details of the articles, in their order, as JSON for a `script` element.
pub(super) fn json(report: &View, articles: &[&ArticleView]) -> Result<String, RenderError> {
    let mut reasons = BTreeMap::new();
    for article in view::whole(articles) {
        reasons.extend(article.findings.iter().map(|f| (f.reason.code(), (f.rule.name(), f.description))));
    }
    escape::json(&Data {
        trees: report.trees.iter().map(|tree| tree.path.as_str()).collect(),
        reasons,
        articles: Articles(articles),
    })
}

fn of_article(article: &ArticleView) -> Article<'_> {
    let mut findings: Vec<&FindingView> = article.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    Article {
        id: article.id.to_string(),
        number: article.id.number(),
        status: article.status,
        group: &article.group,
        system: article.system.as_deref(),
        products: &article.products,
        bulletins: &article.bulletins,
        cves: article.all_cves(),
        cves_of_clients: article.all_cves_of(Edition::Client),
        cves_of_servers: article.all_cves_of(Edition::Server),
        cves_of_releases: article.all_cves_of_releases(),
        exploited: article.all_exploited(),
        severity: article.top_severity(),
        restart: article.restart.map(Restart::name),
        install: article.install.as_ref(),
        superseded_by: article.superseded_by.iter().map(ToString::to_string).collect(),
        findings: findings.into_iter().map(of_finding).collect(),
    }
}

fn of_finding(finding: &FindingView) -> Finding<'_> {
    let (fix, pack) = match &finding.required {
        RequiredView::File(fix) => (Some(of_fix(fix)), None),
        RequiredView::ServicePack { product, service_pack } => {
            (None, Some((product.as_str(), pack_title(service_pack))))
        }
        RequiredView::Build { product, version, .. } => (None, Some((product.as_str(), version.clone()))),
    };
    Finding {
        verdict: finding.verdict,
        reason: finding.reason.code(),
        evidence: &finding.evidence,
        release: finding.release.as_deref(),
        compared: finding.compared.as_ref().map(|c| (c.found.to_string(), c.source.name(), c.required.to_string())),
        fix,
        pack,
        file: finding.file.as_ref().map(of_file),
        excuse: wording::excuse(finding),
    }
}

fn of_fix(fix: &FixView) -> Fix<'_> {
    let narrowing = [&fix.language, &fix.branch, &fix.service_pack, &fix.note];
    let mut only: Vec<&str> = narrowing.into_iter().flatten().map(String::as_str).collect();
    only.extend(Some(fix.section.as_str()).filter(|section| !section.is_empty()));
    let time = fix.time.map(|time| format!(" {time}")).unwrap_or_default();
    Fix {
        file: &fix.file,
        version: fix.version.as_deref(),
        date: fix.date.map(|date| format!("{date}{time}{}", if fix.utc { " UTC" } else { "" })),
        size: fix.size,
        platform: fix.platform.as_deref(),
        only,
    }
}

fn of_file(file: &FileView) -> File<'_> {
    File {
        tree: file.tree,
        path: &file.path.path,
        path_raw: file.path.path_raw.as_deref(),
        fixed_version: file.fixed_version.map(|version| version.to_string()),
        version_strings: file.version_strings.iter().map(String::as_str).collect(),
        modified: file.modified.as_deref(),
        built: file.built.as_deref(),
        size: file.size,
        machine: file.machine,
        error: file.error.as_deref(),
    }
}
