//! CSV (RFC 4180), host by host: a row for the host, one for each article that it lacks, and one for each file that is
//! too old.

use super::correction::CorrectionView;
use super::gather::{HostSummary, Lacking, TooOld};
use super::view::HostView;
use crate::report::RenderError;
use crate::report::csv::safe;

/// The columns. New ones are added at the end, because scripts may count them.
const HEADER: [&str; 33] = [
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
    "severity",
    "bulletins",
    "cves",
    "exploited",
    "packages",
    "article_link",
    "catalogue_link",
    "asked",
    "updates_not_judged",
];

type Cells = [String; HEADER.len()];

/// The header line.
///
/// # Errors
/// None that are known, except those of the CSV writer.
pub fn fleet_csv_header() -> Result<Vec<u8>, RenderError> {
    rows([HEADER.map(str::to_owned)])
}

impl HostSummary {
    /// The rows of a host: the host itself, each article that it lacks, and each file that is too old. The column
    /// `record` has the kind of row.
    ///
    /// # Errors
    /// None that are known, except those of the CSV writer.
    pub fn csv(&self) -> Result<Vec<u8>, RenderError> {
        let host = &self.view.host;
        let articles = self.articles.iter().map(|article| of_article(host, article));
        let findings = self
            .articles
            .iter()
            .flat_map(|article| article.findings.iter().map(move |finding| of_finding(host, article, finding)));
        rows([of_host(&self.view, self.only())].into_iter().chain(articles).chain(findings))
    }
}

fn rows(rows: impl IntoIterator<Item = Cells>) -> Result<Vec<u8>, RenderError> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    rows.into_iter().try_for_each(|row| writer.write_record(safe(row)))?;
    writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()).into())
}

fn of_article(host: &str, article: &Lacking) -> Cells {
    let mut cells: Cells = std::array::from_fn(|_| String::new());
    cells[..2].clone_from_slice(&["article", host].map(str::to_owned));
    cells[14..17].clone_from_slice(&[article.id.to_string(), article.title.clone(), article.status.name().to_owned()]);
    let CorrectionView { severity, bulletins, cves, exploited, install } = &article.correction;
    cells[24] = severity.map(|severity| severity.name().to_owned()).unwrap_or_default();
    cells[25] = bulletins.join(" ");
    cells[26] = cves.join(" ");
    cells[27] = exploited.join(" ");
    if let Some(install) = install {
        cells[28] = install.packages.join(" ");
        cells[29].clone_from(&install.article);
        cells[30].clone_from(&install.catalogue);
    }
    cells
}

fn of_finding(host: &str, article: &Lacking, finding: &TooOld) -> Cells {
    let mut cells = of_article(host, article);
    cells[0] = "finding".to_owned();
    cells[18].clone_from(&finding.file);
    cells[19] = finding.machine.map(|machine| machine.to_string()).unwrap_or_default();
    cells[20] = finding.found.as_ref().map(ToString::to_string).unwrap_or_default();
    cells[21] = finding.required.clone().unwrap_or_default();
    cells[22] = finding.verdict.name().to_owned();
    cells[23] = finding.reason.code().to_owned();
    cells
}

fn of_host(host: &HostView, only: Option<&str>) -> Cells {
    let mut cells: Cells = std::array::from_fn(|_| String::new());
    let head = ["host", &host.host, &host.inventory, host.outcome_name()].map(str::to_owned);
    cells[..4].clone_from_slice(&head);
    cells[5] = host.system();
    if let (Some(files), Some(s)) = (&host.files, &host.summary) {
        cells[4] = s.exit_code.to_string();
        let numbers =
            [files.known, files.binaries, s.missing, s.partial, s.likely_missing, s.unknown, s.likely_fixed, s.fixed];
        cells[6..14].clone_from_slice(&numbers.map(|n| n.to_string()));
        cells[32] = s.updates_not_judged.to_string();
    }
    cells[17] = host.error.clone().unwrap_or_default();
    cells[31] = only.unwrap_or_default().to_owned();
    cells
}
