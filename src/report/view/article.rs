//! Articles with their findings, and the files that they were compared with.

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
    /// Whether it is a finding: at or above `fail_on`, not waived, and not in the baseline.
    pub fails: bool,
    /// Whether all its findings are waived.
    pub waived: bool,
    /// Whether all its findings are in the baseline; `null` without a baseline.
    pub known: Option<bool>,
    /// The path of its system, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The index of that system in the report's systems, of which there may be tens of thousands.
    #[serde(skip)]
    pub(in crate::report) system_place: Option<usize>,
    /// The product under which the report lists it; with several systems, after the path of the system.
    pub group: String,
    /// The missing articles that contain everything that this one requires, newest first.
    pub superseded_by: Vec<KbId>,
    /// What to install; only for an article that must be installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<InstallView>,
    /// What it corrects together with the articles that it supersedes; only for an article that must be installed and
    /// supersedes some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brings_along: Option<BroughtView>,
    /// Its findings, one a row.
    pub findings: Vec<FindingView>,
}

/// What an article corrects together with the missing ones that it supersedes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BroughtView {
    /// The articles that it supersedes, newest first.
    pub articles: Vec<KbId>,
    /// The vulnerabilities that it and they correct.
    pub cves: Vec<String>,
    /// Those of them that are known to be exploited.
    pub exploited: Vec<String>,
    /// The highest rating of all of them.
    pub severity: Option<Severity>,
}

impl ArticleView {
    /// The vulnerabilities that its installation corrects: its own, and those of the articles that it supersedes.
    pub(in crate::report) fn all_cves(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.cves, |all| &all.cves)
    }

    /// Those of [`all_cves`](Self::all_cves) that are known to be exploited.
    pub(in crate::report) fn all_exploited(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.exploited, |all| &all.exploited)
    }

    /// The highest rating of it and of the articles that it supersedes.
    pub(in crate::report) fn top_severity(&self) -> Option<Severity> {
        self.brings_along.as_ref().map_or(self.severity, |all| all.severity)
    }
}

/// The packages of an update, and links to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstallView {
    /// The file names of its packages, those for the system and its processor first; empty if none is known.
    pub packages: Vec<String>,
    /// The packages for other languages, if none is for the language of the files; setup refuses them here. They show
    /// the name of the right package, except for the language.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_languages: Vec<OtherPackage>,
    /// The vendor's page of the article.
    pub article: String,
    /// The search of the vendor's update catalogue for it.
    pub catalogue: String,
}

/// A package for another language than that of the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherPackage {
    /// Its file name.
    pub file: String,
    /// Its language, as in its name: `JPN`.
    pub language: String,
}

/// A row compared with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// Identifies the same finding in the next run, on another machine and in another folder.
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
    /// The evidence in one line.
    pub evidence: String,
    /// The versions that were compared.
    pub compared: Option<Compared>,
    /// The release line, service pack and branch of the file.
    pub release: Option<String>,
    /// What the article requires.
    pub required: RequiredView,
    /// The file.
    pub file: Option<FileView>,
    /// The waiver that accepts it.
    pub waiver: Option<WaiverView>,
    /// Whether it is in the baseline; `null` without a baseline, and for a finding that is fixed or not applicable.
    pub known: Option<bool>,
}

/// Two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// That of the file.
    pub found: FileVersion,
    /// `fixed version` or `version string`.
    #[serde(serialize_with = "name")]
    pub source: VersionSource,
    /// The key of the string table, if a version string was compared.
    pub table: Option<String>,
    /// That of the article.
    pub required: FileVersion,
}

/// What an article requires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum RequiredView {
    /// A file with these attributes or later ones: the row as stated in the article.
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
        /// The file with this version; `null` for the system itself.
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
