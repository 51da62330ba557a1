//! Makes a [`View`] of an [`Assessment`](crate::assess::Assessment), and writes it in any format. All formats show the
//! same view.

mod build;
mod codequality;
mod csv;
mod diff;
mod explain;
mod facts;
mod fleet;
mod format;
mod found;
mod gravity;
mod host;
mod html;
mod identity;
mod install;
mod json;
mod jsonl;
mod junit;
mod limits;
mod line;
mod lint;
mod markdown;
mod plan;
mod policy;
mod previous;
mod sarif;
mod selection;
mod shown;
mod systems;
mod table;
mod text;
mod view;
mod warnings;
mod wording;

use std::io::Write;

pub use diff::{ChangeView, DIFF_SCHEMA, DiffFormat, DiffView, SideView};
pub use explain::render as explain;
pub use facts::{list as article_list, render as article, stats};
pub use fleet::{
    CorrectionView, FLEET_SCHEMA, Fleet, FleetArticle, FleetOptions, FleetSummary, FleetView, Host, HostStatus,
    HostSummary, HostView, fleet_csv_header, is_fleet_format, render_fleet,
};
pub use format::{Look, RenderError, ReportFormat};
pub use host::{JUDGED_SCHEMA, JudgedLine};
pub use identity::{
    BuildView, BuildsView, IDENTITY_SCHEMA, IdentitiesView, IdentityView, RowView, json as identity_json,
    render as identity,
};
pub use limits::Limits;
pub use line::not_judged;
pub use lint::render as lint;
pub use previous::{Previous, ReadError};
pub use text::{hexadecimal, visible};
pub use view::{
    ArticleView, BroughtView, CatalogueView, Compared, CopyView, FileView, FilesView, FindingView, Findings, FixView,
    InstallView, NeededPackView, OptionsView, OtherPackage, PathView, PlanView, PlannedPackView, PlannedView,
    ProfileView, RequiredView, RequirementView, RequirementsView, RunInfo, RunNote, SCHEMA, StatusesView, SummaryView,
    ToolView, UnreadableView, View, WaiverView, WarningView,
};

/// Writes a report.
///
/// # Errors
/// Only if the view cannot be expressed in the format.
pub fn render(view: &View, format: ReportFormat, look: Look) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    write(view, format, look, &mut bytes)?;
    Ok(bytes)
}

/// Writes a report: formats with a record a finding as it is made, so that it may be larger than the memory.
///
/// # Errors
/// The view cannot be expressed in the format, or the bytes not be written.
pub fn write(view: &View, format: ReportFormat, look: Look, out: &mut dyn Write) -> Result<(), RenderError> {
    let bytes = match format {
        ReportFormat::Table => Ok(table::render(view, look)),
        ReportFormat::Summary => Ok(table::summary_only(view, look)),
        ReportFormat::OneLine => Ok(line::one(view)),
        ReportFormat::Ids => Ok(line::ids(view)),
        ReportFormat::Json => return json::write(view, out),
        ReportFormat::Jsonl => return jsonl::write(view, out),
        ReportFormat::Csv => return csv::write(view, out),
        ReportFormat::Markdown => Ok(markdown::render(view)),
        ReportFormat::Html => return html::write(view, out),
        ReportFormat::Junit => junit::render(view),
        ReportFormat::Sarif => sarif::render(view),
        ReportFormat::Codequality => codequality::render(view),
    }?;
    let bytes = if format.is_text() { look.shown(bytes) } else { bytes };
    out.write_all(&bytes).map_err(RenderError::Write)
}
