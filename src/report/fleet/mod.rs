//! The report on many hosts: one row per host, and the number of hosts that lack each fix.

mod correction;
mod csv;
mod gather;
mod html;
mod markdown;
mod table;
mod view;

pub use correction::CorrectionView;
pub use csv::fleet_csv_header;
pub use gather::{Fleet, Host, HostSummary};
pub use view::{FLEET_SCHEMA, FleetArticle, FleetOptions, FleetSummary, FleetView, HostStatus, HostView};

use super::{Look, RenderError, ReportFormat};

/// True for the formats of a report on several hosts. JSON lines ([`JudgedLine`](super::JudgedLine)) and CSV
/// ([`HostSummary::csv`]) are written host by host; SARIF, JUnit and code quality are about the code or the machine of
/// one run.
pub fn is_fleet_format(format: ReportFormat) -> bool {
    use ReportFormat::{Csv, Html, Ids, Json, Jsonl, Markdown, OneLine, Summary, Table};
    matches!(format, Table | Summary | OneLine | Ids | Json | Jsonl | Csv | Markdown | Html)
}

/// Writes a report on several hosts in any [`is_fleet_format`] that lists them together; other formats are written as
/// JSON.
///
/// # Errors
/// Only if the view cannot be expressed in the format.
pub fn render_fleet(view: &FleetView, format: ReportFormat, look: Look) -> Result<Vec<u8>, RenderError> {
    let bytes = match format {
        ReportFormat::Table => Ok(table::render(view, look)),
        ReportFormat::Summary => Ok(table::summary_only(view, look)),
        ReportFormat::OneLine => Ok(table::lines(view)),
        ReportFormat::Ids => Ok(table::ids(view)),
        ReportFormat::Markdown => Ok(markdown::render(view)),
        ReportFormat::Html => html::render(view),
        _ => {
            let mut bytes = serde_json::to_vec_pretty(view)?;
            bytes.push(b'\n');
            Ok(bytes)
        }
    }?;
    Ok(if format.is_text() { look.shown(bytes) } else { bytes })
}
