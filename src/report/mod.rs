//! [`Assessment`](crate::assess::Assessment) -> [`View`] -> bytes. Every format shows the same view; none prints.

mod build;
mod explain;
mod facts;
mod identity;
mod json;
mod plan;
mod table;
mod text;
mod view;
mod warnings;

pub use explain::render as explain;
pub use facts::{render as article, stats};
pub use identity::{IDENTITY_SCHEMA, IdentitiesView, IdentityView, RowView, render as identity};
pub use text::{hexadecimal, visible};
pub use view::{
    ArticleView, CatalogueView, Compared, CopyView, FileView, FilesView, FindingView, FixView, OptionsView, PathView,
    PlanView, PlannedPackView, PlannedView, ProfileView, RequiredView, RunInfo, SCHEMA, SummaryView, ToolView,
    UnreadableView, View,
};

/// A form of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, at a terminal.
    #[default]
    Table,
    /// For programs: the view, as `docs/` describes it.
    Json,
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
#[error("the report could not be written as JSON: {0}")]
pub struct RenderError(#[from] serde_json::Error);

/// The bytes of a report.
///
/// # Errors
/// Only if the view cannot be expressed in the format.
pub fn render(view: &View, format: Format, look: Look) -> Result<Vec<u8>, RenderError> {
    match format {
        Format::Table => Ok(table::render(view, look)),
        Format::Json => json::render(view),
    }
}
