//! CSV (RFC 4180): a row a host, then a row for each article that a host lacks, then one for each file that is too old.

use std::collections::BTreeMap;

use super::view::{FleetView, HostView};
use crate::KbId;
use crate::report::RenderError;
use crate::report::csv::safe;

/// The columns. New ones are added at the end: scripts may count.
const HEADER: [&str; 24] = [
    "record",
    "host",
    "inventory",
    "outcome",
    "exit_code",
    "system",
    "files_known",
    "binaries",
    "missing",
    "partial",
    "likely_missing",
    "unknown",
    "likely_fixed",
    "fixed",
    "kb",
    "title",
    "status",
    "error",
    "file",
    "machine",
    "found",
    "required",
    "verdict",
    "reason",
];

type Cells = [String; HEADER.len()];

/// The report; the column `record` says whether a row is a `host`, an `article` or a `finding`.
pub(super) fn render(view: &FleetView) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(HEADER)?;
    for host in &view.hosts {
        writer.write_record(safe(of_host(host)))?;
    }
    for article in &view.articles {
        for host in &article.hosts {
            let mut cells = Cells::default();
            cells[0] = "article".to_owned();
            cells[1] = host.host.to_string();
            cells[14] = article.id.to_string();
            cells[15].clone_from(&article.title);
            cells[16] = host.status.name().to_owned();
            writer.write_record(safe(cells))?;
        }
    }
    let titles: BTreeMap<KbId, &str> =
        view.articles.iter().map(|article| (article.id, article.title.as_str())).collect();
    for finding in &view.findings {
        let mut cells = Cells::default();
        cells[0] = "finding".to_owned();
        cells[1] = finding.host.to_string();
        cells[14] = finding.id.to_string();
        cells[15] = titles.get(&finding.id).copied().unwrap_or_default().to_owned();
        cells[16] = finding.status.name().to_owned();
        cells[18] = finding.file.to_string();
        cells[19] = finding.machine.map(|machine| machine.to_string()).unwrap_or_default();
        cells[20] = finding.found.as_ref().map(ToString::to_string).unwrap_or_default();
        cells[21] = finding.required.as_deref().unwrap_or_default().to_owned();
        cells[22] = finding.verdict.name().to_owned();
        cells[23] = finding.reason.code().to_owned();
        writer.write_record(safe(cells))?;
    }
    writer.flush().map_err(::csv::Error::from)?;
    drop(writer);
    Ok(bytes)
}

fn of_host(host: &HostView) -> Cells {
    let mut cells = Cells::default();
    let head = ["host", &host.host, &host.inventory, host.outcome_name()].map(str::to_owned);
    cells[..4].clone_from_slice(&head);
    cells[5] = host.system();
    if let (Some(files), Some(s)) = (&host.files, &host.summary) {
        cells[4] = s.exit_code.to_string();
        let numbers =
            [files.known, files.binaries, s.missing, s.partial, s.likely_missing, s.unknown, s.likely_fixed, s.fixed];
        cells[6..14].clone_from_slice(&numbers.map(|n| n.to_string()));
    }
    cells[17] = host.error.clone().unwrap_or_default();
    cells
}
