//! The view: everything that any format shows, computed once (see `build`).

mod article;
mod file;
mod findings;
mod named;
mod policy;

pub use article::{ArticleView, BroughtView, InstallView, OtherPackage};
pub use file::{CopyView, FileView, PathView, UnreadableView};
pub use findings::{Compared, FindingView, Findings, FixView, RequiredView};
pub use policy::{RequirementView, RequirementsView, StatusesView, WaiverView};

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::KbId;
use crate::assess::{FailOn, Outcome, ProfileSource};
use crate::inventory::PathFilter;
pub(super) use article::whole;
use hotfixcheck_articles::Severity;
use named::name;
pub(super) use named::name_or_null;

/// The version of the report's form.
pub const SCHEMA: &str = "hotfixcheck.report/1";

/// What the run was, beyond its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunInfo {
    /// Where the catalogue comes from: `built-in` or a file's name.
    pub catalogue: String,
    /// Whether to show all articles that speak of the files, not only those that are left to install.
    pub all: bool,
    /// Whether to show the smallest set of articles that brings every file to its newest known row.
    pub plan: bool,
    /// Whether to list backups and installation sources.
    pub inactive: bool,
    /// The configuration file that was read.
    pub config: Option<String>,
    /// Where the required fixes are listed.
    pub require: Option<String>,
    /// The earlier report whose findings are known.
    pub baseline: Option<String>,
    /// Which paths counted, and how many known files did not.
    pub filter: PathFilter,
    /// How many files whose name the catalogue knows the filter left out.
    pub excluded: usize,
    /// What else a reader must know: warnings of the report.
    pub notes: Vec<RunNote>,
}

/// What a reader of a report must know of the catalogue: one of its warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunNote {
    /// A catalogue that was added replaces what another says of articles.
    Replaced(String),
}

impl RunNote {
    /// The stable code of the warning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Replaced(_) => "catalogue-replaced",
        }
    }

    /// The warning in a sentence.
    pub fn description(&self) -> &'static str {
        match self {
            Self::Replaced(_) => "An added catalogue replaces rows or builds of the first one: these are not judged.",
        }
    }

    /// What it is about.
    pub fn said(&self) -> &str {
        match self {
            Self::Replaced(said) => said,
        }
    }
}

/// A report. What is not known is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: ToolView,
    /// The catalogue.
    pub catalogue: CatalogueView,
    /// What was asked.
    pub options: OptionsView,
    /// The files and folders that were scanned, as given.
    pub trees: Vec<PathView>,
    /// The systems that were found there, where there are several or something about one is doubtful.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<SystemView>,
    /// What was found there.
    pub files: FilesView,
    /// How many articles have each status, and what it comes to.
    pub summary: SummaryView,
    /// The articles of each status, shown or not.
    pub statuses: StatusesView,
    /// The fixes that must be in; `None` where none was required.
    pub required: Option<RequirementsView>,
    /// The articles shown: by product and newest first; those asked for by id only newest first.
    #[serde(serialize_with = "article::in_turn")]
    pub articles: Vec<ArticleView>,
    /// What to install, if that was asked.
    pub plan: Option<PlanView>,
    /// What contradicts itself or would undo a fix.
    pub warnings: Vec<WarningView>,
    /// Backups and installation sources, by tree and path, if that was asked; else the renamed copies alone, if every
    /// file was looked into.
    pub inactive: Option<Vec<CopyView>>,
    /// What could not be read.
    pub unreadable: Vec<UnreadableView>,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToolView {
    /// `hotfixcheck`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// The catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogueView {
    /// Where it comes from.
    pub name: String,
    /// How many articles it has that state a fix: a file, a service pack or a build.
    pub articles: usize,
    /// The earliest day on which one of them that names a file or a service pack was last changed.
    pub from: Option<Date>,
    /// The latest.
    pub to: Option<Date>,
    /// The earliest day on which one that names neither, but a build, was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds_from: Option<Date>,
    /// The latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds_to: Option<Date>,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionsView {
    /// The lowest verdict on an article that counts as a finding.
    #[serde(serialize_with = "name")]
    pub fail_on: FailOn,
    /// Whether all articles that speak of the files are shown.
    pub all: bool,
    /// The articles that were asked for; `null` for all.
    pub kb: Option<Vec<KbId>>,
    /// The lowest rating that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The system, if it was given or the registry tells it.
    pub profile: Option<ProfileView>,
    /// The configuration file that was read.
    pub config: Option<String>,
    /// The patterns of paths that were included; empty for all.
    pub include: Vec<String>,
    /// The patterns of paths that were excluded.
    pub exclude: Vec<String>,
    /// The day that waivers were held against; `null` where there is none.
    pub today: Option<Date>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
    /// Where the required fixes are listed.
    pub require: Option<String>,
    /// The earlier report whose findings are known.
    pub baseline: Option<String>,
}

/// A system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfileView {
    /// `Windows NT 4.0`.
    pub os: String,
    /// `RTM`, `4`, `6a`; `null` where it is not known.
    pub service_pack: Option<String>,
    /// Where this is known from: `given`, `registry`, `kernel`.
    #[serde(serialize_with = "name")]
    pub source: ProfileSource,
    /// The kernel file that tells, by its path.
    pub kernel: Option<String>,
}

/// A system of several, or a doubtful one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemView {
    /// Its tree, and the folder below that.
    pub path: String,
    /// Which system it is, if that is known.
    pub profile: Option<ProfileView>,
    /// Why the system or its service pack is not known or not certain.
    pub doubts: Vec<String>,
}

/// The files below the trees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilesView {
    /// Regular files.
    pub seen: u64,
    /// Whether every one was looked into: files count by their contents, too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sniffed: bool,
    /// Those whose name the catalogue knows.
    pub known: usize,
    /// Those of them that are Windows binaries.
    pub binaries: usize,
    /// Those of the known ones that are backups or installation sources: not judged.
    pub inactive: usize,
    /// Files whose name the catalogue knows, but which the patterns of paths leave out: not part of `known`.
    pub excluded: usize,
    /// Those of the known ones of which an inventory tells no version or machine where a row asks for it.
    #[serde(skip_serializing_if = "is_none")]
    pub untold: usize,
}

/// Counts and conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names of the statuses, as ArticleStatus documents them.
pub struct SummaryView {
    pub missing: usize,
    pub partial: usize,
    pub likely_missing: usize,
    pub unknown: usize,
    pub likely_fixed: usize,
    pub fixed: usize,
    pub not_applicable: usize,
    /// Articles that name only a service pack, not judged because the system's or the product's is not known; not part of
    /// `unknown`.
    pub lacking_profile: usize,
    /// The same by reason code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_judged: BTreeMap<&'static str, usize>,
    /// Missing articles that other missing ones bring along; part of the counts above.
    pub superseded: usize,
    /// Articles to install: those that are missing, half-installed or likely missing and neither waived nor brought along by
    /// others; on several systems, each counts once for each.
    pub to_install: usize,
    /// Articles that those to install bring along. With these and the waived ones they are all that is missing, half-installed
    /// or likely missing.
    pub brought_along: usize,
    /// Articles whose findings are waived; part of the counts above.
    pub waived: usize,
    /// Articles whose findings the baseline knows; part of the counts above; `null` without one.
    pub known: Option<usize>,
    /// Articles without a rating that would be findings, where ratings were asked for; not part of the counts above.
    #[serde(skip_serializing_if = "is_none")]
    pub unrated: usize,
    /// Something could not be read.
    pub incomplete: bool,
    /// `clean`, `findings`, `incomplete`, `nothing-recognised`.
    #[serde(serialize_with = "name")]
    pub outcome: Outcome,
    /// The exit code.
    pub exit_code: u8,
}

/// The smallest set of articles that brings every file to its newest known row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanView {
    /// The articles, newest first.
    pub articles: Vec<PlannedView>,
    /// The service packs that articles without files ask for.
    pub service_packs: Vec<PlannedPackView>,
}

/// An article of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedView {
    /// Its id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The files that it brings to their newest row.
    pub files: Vec<PathView>,
    /// What to install.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<InstallView>,
}

/// A service pack of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedPackView {
    /// The product.
    pub product: String,
    /// `4`, `6a`.
    pub service_pack: String,
}

/// Something that contradicts itself or would undo a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WarningView {
    /// Its stable code: see `docs/verdicts.md`.
    pub code: &'static str,
    /// In a sentence.
    pub description: &'static str,
    /// The article, where it is about one.
    pub article: Option<KbId>,
    /// Where the registry says so.
    pub registry: Option<String>,
    /// The file, where it is about one.
    pub file: Option<FileView>,
    /// The copy that would take its place.
    pub copy: Option<FileView>,
    /// The waiver, where it is about one.
    pub waiver: Option<WaiverView>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}
