//! [`Assessment`](crate::assess::Assessment) -> [`View`] -> bytes. Every format shows the same view; none prints.

mod build;
mod codequality;
mod csv;
mod diff;
mod explain;
mod facts;
mod fleet;
mod found;
mod html;
mod identity;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod plan;
mod policy;
mod previous;
mod sarif;
mod table;
mod text;
mod view;
mod warnings;
mod wording;

pub use diff::{ChangeView, DIFF_SCHEMA, DiffFormat, DiffView, SideView};
pub use explain::render as explain;
pub use facts::{render as article, stats};
pub use fleet::{
    FLEET_SCHEMA, FleetArticle, FleetSummary, FleetView, Host, HostStatus, HostView, is_fleet_format, render_fleet,
};
pub use identity::{IDENTITY_SCHEMA, IdentitiesView, IdentityView, RowView, json as identity_json, render as identity};
pub use previous::{Previous, ReadError};
pub use text::{hexadecimal, visible};
pub use view::{
    ArticleView, CatalogueView, Compared, CopyView, FileView, FilesView, FindingView, FixView, OptionsView, PathView,
    PlanView, PlannedPackView, PlannedView, ProfileView, RequiredView, RequirementView, RequirementsView, RunInfo,
    SCHEMA, StatusesView, SummaryView, ToolView, UnreadableView, View, WaiverView, WarningView,
};

/// A form of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal.
    #[default]
    Table,
    /// For programs: the view, as `docs/report.schema.json` describes it.
    Json,
    /// For programs that read as they go: the run, then a finding a line.
    Jsonl,
    /// For spreadsheets: a finding a row, RFC 4180, no cell a formula.
    Csv,
    /// For the summary of a CI run: GitHub's Markdown.
    Markdown,
    /// For people, in a browser: one file that needs no other.
    Html,
    /// For test reports of CI servers: a test case an article.
    Junit,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For merge requests: GitLab's code quality JSON.
    Codequality,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Table,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Markdown,
        Self::Html,
        Self::Junit,
        Self::Sarif,
        Self::Codequality,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Codequality => "codequality",
        }
    }

    /// Who it is for, in a few words.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Table => "For people",
            Self::Json => "For programs",
            Self::Jsonl => "For programs, a finding a line",
            Self::Csv => "For spreadsheets, a finding a row",
            Self::Markdown => "For the summary of a CI run",
            Self::Html => "For people, in a browser",
            Self::Junit => "For the test reports of CI servers",
            Self::Sarif => "For code scanning: SARIF 2.1.0",
            Self::Codequality => "For merge requests: GitLab's code quality JSON",
        }
    }
}

/// How a report for people looks; formats for programs do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The width in columns.
    pub width: u16,
    /// Whether to colour.
    pub colour: bool,
}

impl Look {
    /// What a report has that goes to a file or pipe: the same everywhere.
    pub const PLAIN: Self = Self { width: 100, colour: false };
}

/// Why a report could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// As JSON, JSON lines or SARIF.
    #[error("the report could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As CSV.
    #[error("the report could not be written as CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// As HTML.
    #[error("the report could not be written as HTML: {0}")]
    Html(askama::Error),
    /// As XML.
    #[error("the report could not be written as XML: {0}")]
    Xml(std::io::Error),
}

/// The bytes of a report.
///
/// # Errors
/// Only if the view cannot be expressed in the format.
pub fn render(view: &View, format: Format, look: Look) -> Result<Vec<u8>, RenderError> {
    match format {
        Format::Table => Ok(table::render(view, look)),
        Format::Json => json::render(view),
        Format::Jsonl => jsonl::render(view),
        Format::Csv => csv::render(view),
        Format::Markdown => Ok(markdown::render(view)),
        Format::Html => html::render(view),
        Format::Junit => junit::render(view),
        Format::Sarif => sarif::render(view),
        Format::Codequality => codequality::render(view),
    }
}
