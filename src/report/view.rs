//! The view: everything that any format shows, computed once (see `build`).

mod article;
mod file;
mod findings;
mod named;
mod policy;

pub use article::{ArticleView, BroughtView, InstallView, NeededPackView, OtherPackage};
pub use file::{CopyView, FileView, PathView, UnreadableView};
pub use findings::{Compared, FindingView, Findings, FixView, RequiredView};
pub use policy::{RequirementView, RequirementsView, StatusesView, WaiverView};

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::limits::Limits;
use crate::KbId;
use crate::assess::{FailOn, Outcome, ProfileSource};
use crate::inventory::PathFilter;
pub(super) use article::{InTurn, whole};
use hotfixcheck_articles::Severity;
use named::name;
pub(super) use named::name_or_null;

/// The version of the report's format.
pub const SCHEMA: &str = "hotfixcheck.report/1";

/// The settings of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunInfo {
    /// Where the catalogue comes from: `built-in` or a file's name.
    pub catalogue: String,
    /// Whether to show all articles about the files, not only those to install.
    pub all: bool,
    /// Whether to show the smallest set of articles that brings every file to its newest known row.
    pub plan: bool,
    /// Whether to list backups and installation sources.
    pub inactive: bool,
    /// The configuration file that was read.
    pub config: Option<String>,
    /// The file that lists the required fixes.
    pub require: Option<String>,
    /// The earlier report whose findings are known.
    pub baseline: Option<String>,
    /// The articles that were asked for, as the user named them.
    pub asked: Vec<String>,
    /// The paths that were included.
    pub filter: PathFilter,
    /// How many files known to the catalogue the filter left out.
    pub excluded: usize,
    /// Further warnings of the report.
    pub notes: Vec<RunNote>,
    /// How much the report contains at most.
    pub limits: Limits,
}

/// A warning about the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunNote {
    /// An added catalogue replaces facts of articles.
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

    /// The text of the warning.
    pub fn said(&self) -> &str {
        match self {
            Self::Replaced(said) => said,
        }
    }
}

/// A report. Unknown values are `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: ToolView,
    /// The catalogue.
    pub catalogue: CatalogueView,
    /// The options of the run.
    pub options: OptionsView,
    /// The files and folders that were scanned, as given.
    pub trees: Vec<PathView>,
    /// The systems that were found there, if there are several or one has doubts.
    pub systems: Vec<SystemView>,
    /// The files that were found there.
    pub files: FilesView,
    /// How many articles have each status, and the result.
    pub summary: SummaryView,
    /// The articles of each status, shown or not.
    pub statuses: StatusesView,
    /// The fixes that must be installed; `None` if none was required.
    pub required: Option<RequirementsView>,
    /// The articles shown: by product and newest first; those asked for by id only newest first.
    pub articles: Vec<ArticleView>,
    /// What to install, if that was requested.
    pub plan: Option<PlanView>,
    /// Contradictions, and copies that would undo a fix.
    pub warnings: Vec<WarningView>,
    /// Backups and installation sources, by tree and path, if that was requested; otherwise only the renamed copies, if
    /// every file was examined.
    pub inactive: Option<Vec<CopyView>>,
    /// The parts that could not be read.
    pub unreadable: Vec<UnreadableView>,
    /// How much a report contains at most; no part of it.
    pub limits: Limits,
}

impl Serialize for View {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_with(serializer, &InTurn(&self.articles))
    }
}

impl View {
    /// Serializes the report, with this in the place of its articles.
    pub(super) fn serialize_with<S: Serializer>(
        &self,
        serializer: S,
        of_articles: &impl Serialize,
    ) -> Result<S::Ok, S::Error> {
        let Self {
            schema,
            tool,
            catalogue,
            options,
            trees,
            systems,
            files,
            summary,
            statuses,
            required,
            articles: _,
            limits: _,
            plan,
            warnings,
            inactive,
            unreadable,
        } = self;
        let mut fields = serializer.serialize_struct("View", 15)?;
        fields.serialize_field("schema", schema)?;
        fields.serialize_field("tool", tool)?;
        fields.serialize_field("catalogue", catalogue)?;
        fields.serialize_field("options", options)?;
        fields.serialize_field("trees", trees)?;
        match systems.is_empty() {
            true => fields.skip_field("systems")?,
            false => fields.serialize_field("systems", systems)?,
        }
        fields.serialize_field("files", files)?;
        fields.serialize_field("summary", summary)?;
        fields.serialize_field("statuses", statuses)?;
        fields.serialize_field("required", required)?;
        fields.serialize_field("articles", of_articles)?;
        fields.serialize_field("plan", plan)?;
        fields.serialize_field("warnings", warnings)?;
        fields.serialize_field("inactive", inactive)?;
        fields.serialize_field("unreadable", unreadable)?;
        fields.end()
    }
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
    /// How many of its articles state a fix: a file, a service pack or a build.
    pub articles: usize,
    /// How many state none: only the policy's ids make them be judged.
    pub without_fix: usize,
    /// The earliest change date of those that name a file or a service pack.
    pub from: Option<Date>,
    /// The latest such date.
    pub to: Option<Date>,
    /// The earliest change date of those that name neither, but a build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds_from: Option<Date>,
    /// The latest such date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds_to: Option<Date>,
}

/// The options of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionsView {
    /// The lowest verdict on an article that counts as a finding.
    #[serde(serialize_with = "name")]
    pub fail_on: FailOn,
    /// Whether all articles about the files are shown.
    pub all: bool,
    /// The articles that were asked for; `null` for all.
    pub kb: Option<Vec<KbId>>,
    /// The same as the user named them: ids, bulletins, vulnerabilities, files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// The lowest rating that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The system, if it was given or read from the registry.
    pub profile: Option<ProfileView>,
    /// The configuration file that was read.
    pub config: Option<String>,
    /// The patterns of paths that were included; empty for all.
    pub include: Vec<String>,
    /// The patterns of paths that were excluded.
    pub exclude: Vec<String>,
    /// The date that waivers were compared with; `null` without waivers.
    pub today: Option<Date>,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict_waivers: bool,
    /// The file that lists the required fixes.
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
    /// The source: `given`, `registry`, `kernel`.
    #[serde(serialize_with = "name")]
    pub source: ProfileSource,
    /// The path of the kernel file, if that is the source.
    pub kernel: Option<String>,
    /// The release, where updates are builds and it is known: `Windows 10 22H2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Build and revision: `19045.3930`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
}

/// One of several systems, or a doubtful one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemView {
    /// Its tree and its folder in it.
    pub path: String,
    /// Which system it is, if that is known.
    pub profile: Option<ProfileView>,
    /// Why the system or its service pack is unknown or uncertain.
    pub doubts: Vec<String>,
}

/// The files below the trees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilesView {
    /// Regular files.
    pub seen: u64,
    /// Whether each of them was examined, so that files also count by their contents.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sniffed: bool,
    /// Those whose name the catalogue has.
    pub known: usize,
    /// Those of the known ones that are Windows binaries.
    pub binaries: usize,
    /// Those of the known ones that are backups or installation sources, which are not judged.
    pub inactive: usize,
    /// Files whose name the catalogue has, but which the patterns of paths leave out: not part of `known`.
    pub excluded: usize,
    /// Those of the known ones for which an inventory does not record a version or machine that a row needs.
    #[serde(rename = "untold", skip_serializing_if = "is_none")]
    pub unstated: usize,
}

/// The counts and the result.
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
    /// Articles that name only a service pack, and were not judged because that of the system or product is not known;
    /// not part of `unknown`.
    pub lacking_profile: usize,
    /// The same by reason code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_judged: BTreeMap<&'static str, usize>,
    /// Security updates for the systems of which the catalogue knows neither a file nor a build, each once: not judged, and in no
    /// other count.
    #[serde(skip_serializing_if = "is_none")]
    pub updates_not_judged: usize,
    /// Missing articles that other missing ones contain; part of the counts above.
    pub superseded: usize,
    /// Articles to install: those that are missing, half-installed or likely missing and neither waived nor superseded;
    /// with several systems, each article counts once for each.
    pub to_install: usize,
    /// Articles that those to install supersede. Together with those and the waived ones, they are all that is missing,
    /// half-installed or likely missing.
    pub brought_along: usize,
    /// Articles whose findings are waived; part of the counts above.
    pub waived: usize,
    /// Articles whose findings are in the baseline; part of the counts above; `null` without a baseline.
    pub known: Option<usize>,
    /// Articles without a rating that would be findings, if ratings were asked for; not part of the counts above.
    #[serde(skip_serializing_if = "is_none")]
    pub unrated: usize,
    /// Some parts could not be read.
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
    /// The service packs that articles without files require.
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
    /// The service pack that must be installed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_service_pack: Option<NeededPackView>,
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

/// A contradiction, or a copy that would undo a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WarningView {
    /// Its stable code: see `docs/verdicts.md`.
    pub code: &'static str,
    /// The warning in a sentence.
    pub description: &'static str,
    /// The article, if the warning is about one.
    pub article: Option<KbId>,
    /// The path of the registry value or key.
    pub registry: Option<String>,
    /// The file, if the warning is about one.
    pub file: Option<FileView>,
    /// The copy that would replace it.
    pub copy: Option<FileView>,
    /// The waiver, if the warning is about one.
    pub waiver: Option<WaiverView>,
}

impl WarningView {
    /// True if it says that something about the system or the source is not certain.
    pub(super) fn is_doubt(&self) -> bool {
        self.code.ends_with("-doubtful")
    }
}

fn is_none(count: &usize) -> bool {
    *count == 0
}
