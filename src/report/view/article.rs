//! Articles, row by row, and the files that they were held against.

use jiff::civil::Date;
use serde::Serialize;

use super::file::FileView;
use super::named::name;
use super::policy::WaiverView;
use crate::assess::{ArticleStatus, Reason, Rule, Verdict, VersionSource};
use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::{FixKind, Restart, Severity};

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleView {
    /// Its id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The products it applies to.
    pub products: Vec<String>,
    /// The day of its last change.
    pub last_modified: Option<Date>,
    /// The security bulletins that name it: `MS05-040`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bulletins: Vec<String>,
    /// The vulnerabilities that it corrects: `CVE-2005-0058`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    /// Those of them that are known to be exploited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exploited: Vec<String>,
    /// The vendor's highest rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether the update needs a restart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart: Option<Restart>,
    /// The verdict.
    pub status: ArticleStatus,
    /// Whether it is a finding: at or above `fail_on`, not waived, not known from the baseline.
    pub fails: bool,
    /// Whether waivers leave nothing missing of it.
    pub waived: bool,
    /// Whether the baseline leaves nothing new of it; `null` without one.
    pub known: Option<bool>,
    /// The path of the system that it is about, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The place of that system among the report's systems: there may be tens of thousands.
    #[serde(skip)]
    pub(in crate::report) system_place: Option<usize>,
    /// The product under which the report shows it; of several systems after the system's path.
    pub group: String,
    /// The missing articles that bring all that this one asks for, newest first.
    pub superseded_by: Vec<KbId>,
    /// What to install; only of an article that is left to install.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<InstallView>,
    /// What it corrects together with the articles that it brings along; only of an article that is left to install and brings some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brings_along: Option<BroughtView>,
    /// Row by row.
    pub findings: Vec<FindingView>,
}

/// What an article corrects together with the missing ones that it brings along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BroughtView {
    /// The articles that it brings along, newest first.
    pub articles: Vec<KbId>,
    /// The vulnerabilities that it and they correct.
    pub cves: Vec<String>,
    /// Those of them that are known to be exploited.
    pub exploited: Vec<String>,
    /// The highest rating of it and them.
    pub severity: Option<Severity>,
}

impl ArticleView {
    /// The vulnerabilities that are corrected where it is installed: its own, and those of what it brings along.
    pub(in crate::report) fn all_cves(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.cves, |all| &all.cves)
    }

    /// Those of [`all_cves`](Self::all_cves) that are known to be exploited.
    pub(in crate::report) fn all_exploited(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.exploited, |all| &all.exploited)
    }

    /// The highest rating of it and of what it brings along.
    pub(in crate::report) fn top_severity(&self) -> Option<Severity> {
        self.brings_along.as_ref().map_or(self.severity, |all| all.severity)
    }
}

/// What brings an update, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstallView {
    /// The file names of its packages, those for the system and its processor first; empty where none is known.
    pub packages: Vec<String>,
    /// The vendor's page of the article.
    pub article: String,
    /// What the vendor's update catalogue finds for it.
    pub catalogue: String,
}

/// A row held against a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// What makes it the same finding in the next run, on another machine, in another folder.
    pub fingerprint: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason's stable code.
    #[serde(serialize_with = "name")]
    pub reason: Reason,
    /// The rule that decided.
    #[serde(serialize_with = "name")]
    pub rule: Rule,
    /// The reason in a sentence.
    pub description: &'static str,
    /// What was compared, in one line.
    pub evidence: String,
    /// The versions that were compared.
    pub compared: Option<Compared>,
    /// The release line, service pack and branch of the file.
    pub release: Option<String>,
    /// What the article demands.
    pub required: RequiredView,
    /// The file.
    pub file: Option<FileView>,
    /// The waiver that accepts it.
    pub waiver: Option<WaiverView>,
    /// Whether the baseline knows it; `null` without one, and for what is fixed or not applicable.
    pub known: Option<bool>,
}

/// Two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The file's.
    pub found: FileVersion,
    /// `fixed version` or `version string`.
    #[serde(serialize_with = "name")]
    pub source: VersionSource,
    /// The key of the string table, where the string speaks.
    pub table: Option<String>,
    /// The article's.
    pub required: FileVersion,
}

/// What an article demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum RequiredView {
    /// A file with these attributes or later: the row as the article states it.
    File(Box<FixView>),
    /// A service pack.
    ServicePack {
        /// The product.
        product: String,
        /// `4`, `6a`, `latest`.
        service_pack: String,
    },
    /// A build of a product.
    Build {
        /// The product: `Windows 10 22H2`.
        product: String,
        /// The build, or the version of the file: `19045.3930`.
        version: String,
        /// The file that tells it; `null` for the system itself.
        file: Option<String>,
    },
}

/// A row of an article: see [`hotfixcheck_articles::Fix`] for the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct FixView {
    pub kind: FixKind,
    pub line: u32,
    pub section: String,
    pub language: Option<String>,
    pub file: String,
    pub version: Option<String>,
    pub date: Option<Date>,
    pub time: Option<String>,
    pub utc: bool,
    pub size: Option<u64>,
    pub platform: Option<String>,
    pub machine: Option<Machine>,
    pub branch: Option<String>,
    pub service_pack: Option<String>,
    pub note: Option<String>,
}
