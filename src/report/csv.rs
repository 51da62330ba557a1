//! CSV (RFC 4180): one row a finding, for spreadsheets.

use std::io::Write;

use super::view::{
    ArticleView, CopyView, FindingView, NeededPackView, PathView, PlannedPackView, PlannedView, RequiredView,
    RequirementView, UnreadableView, View, WarningView,
};
use super::{RenderError, selection, view, visible, warnings, wording};
use crate::assess::Outcome;
use crate::knowledge::pack_title;

/// The columns. New ones are added at the end, because scripts may count them.
const HEADER: [&str; 32] = [
    "record",
    "kb",
    "title",
    "status",
    "verdict",
    "reason",
    "tree",
    "path",
    "path_raw",
    "file",
    "machine",
    "found",
    "required",
    "date",
    "size",
    "platform",
    "language",
    "branch",
    "product",
    "evidence",
    "description",
    "waiver",
    "known",
    "fingerprint",
    "group",
    "superseded_by",
    "bulletins",
    "cves",
    "severity",
    "exploited",
    "system",
    "needs_service_pack",
];

type Cells = [String; HEADER.len()];

/// A header, a row a finding of the articles shown, then a row for each required fix, for each file and service pack of the
/// plan, for each warning, each inactive copy, and each thing that could not be read.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    writer.write_record(HEADER)?;
    for article in view::whole(&view.articles) {
        let article = &*article;
        // An article without rows still was asked for.
        if article.findings.is_empty() {
            writer.write_record(safe(of_article(article)))?;
        }
        for finding in &article.findings {
            writer.write_record(safe(of_finding(view, article, finding)))?;
        }
    }
    for fix in view.required.iter().flat_map(|required| &required.fixes) {
        writer.write_record(safe(of_required(fix)))?;
    }
    if let Some(plan) = &view.plan {
        let files = plan.articles.iter().flat_map(|article| article.files.iter().map(move |file| (article, file)));
        for (article, file) in files {
            writer.write_record(safe(of_planned(article, file)))?;
        }
        for pack in &plan.service_packs {
            writer.write_record(safe(of_planned_pack(pack)))?;
        }
    }
    for warning in warnings::shown(view) {
        writer.write_record(safe(of_warning(view, warning)))?;
    }
    for copy in view.inactive.iter().flatten() {
        writer.write_record(safe(of_inactive(view, copy)))?;
    }
    if view.summary.outcome == Outcome::NothingRecognised {
        // Without this row, the table would look like one without findings.
        writer.write_record(safe(of_run(view.summary.outcome.name(), wording::result(view))))?;
    }
    if let Some(text) = selection::unrated(&view.summary) {
        writer.write_record(safe(of_run(selection::UNRATED, text)))?;
    }
    if let Some(text) = wording::unjudged(view).filter(|_| !view.summary.not_judged.is_empty()) {
        writer.write_record(safe(of_run("not-judged", text)))?;
    }
    for item in &view.unreadable {
        writer.write_record(safe(of_unreadable(view, item)))?;
    }
    Ok(writer.flush().map_err(::csv::Error::from)?)
}

fn of_article(article: &ArticleView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "article".to_owned();
    cells[1] = article.id.to_string();
    cells[2].clone_from(&article.title);
    cells[3] = article.status.name().to_owned();
    cells[24].clone_from(&article.group);
    cells[25] = superseded_by(article);
    cells[26..30].clone_from_slice(&update(article));
    cells[30] = article.system.clone().unwrap_or_default();
    cells[31] = needed_pack(article.needs_service_pack.as_ref());
    cells
}

fn needed_pack(needed: Option<&NeededPackView>) -> String {
    needed.map(wording::needed_pack).unwrap_or_default()
}

fn superseded_by(article: &ArticleView) -> String {
    article.superseded_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Bulletins, vulnerabilities, rating and exploited vulnerabilities, including those of the articles that it
/// supersedes.
fn update(article: &ArticleView) -> [String; 4] {
    let severity = article.top_severity().map(|severity| severity.name().to_owned()).unwrap_or_default();
    [article.bulletins.join(" "), article.all_cves().join(" "), severity, article.all_exploited().join(" ")]
}

fn of_finding(view: &View, article: &ArticleView, finding: &FindingView) -> Cells {
    let file = finding.file.as_ref();
    let fix = match &finding.required {
        RequiredView::File(fix) => Some(fix),
        RequiredView::ServicePack { .. } | RequiredView::Build { .. } => None,
    };
    let product = match &finding.required {
        RequiredView::ServicePack { product, .. } | RequiredView::Build { product, .. } => product.clone(),
        RequiredView::File(_) => article.products.join("; "),
    };
    let text = |field: Option<&String>| field.cloned().unwrap_or_default();
    let [bulletins, cves, severity, exploited] = update(article);
    let machine = file.and_then(|f| f.machine).or(fix.and_then(|f| f.machine));
    [
        "finding".to_owned(),
        article.id.to_string(),
        article.title.clone(),
        article.status.name().to_owned(),
        finding.verdict.name().to_owned(),
        finding.reason.code().to_owned(),
        text(file.and_then(|f| view.trees.get(f.tree)).map(|tree| &tree.path)),
        text(file.map(|f| &f.path.path)),
        text(file.and_then(|f| f.path.path_raw.as_ref())),
        text(fix.map(|f| &f.file)),
        machine.map(|m| m.to_string()).unwrap_or_default(),
        wording::found(finding).unwrap_or_default(),
        wording::required(finding).unwrap_or_default(),
        fix.and_then(|f| f.date).map(|d| d.to_string()).unwrap_or_default(),
        fix.and_then(|f| f.size).map(|s| s.to_string()).unwrap_or_default(),
        text(fix.and_then(|f| f.platform.as_ref())),
        text(fix.and_then(|f| f.language.as_ref())),
        text(fix.and_then(|f| f.branch.as_ref())),
        product,
        finding.evidence.clone(),
        finding.description.to_owned(),
        finding.waiver.as_ref().map(wording::waiver).unwrap_or_default(),
        finding.known.map(|known| known.to_string()).unwrap_or_default(),
        finding.fingerprint.clone(),
        article.group.clone(),
        superseded_by(article),
        bulletins,
        cves,
        severity,
        exploited,
        text(article.system.as_ref()),
        needed_pack(article.needs_service_pack.as_ref()),
    ]
}

fn of_required(fix: &RequirementView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "required".to_owned();
    cells[1] = fix.id.to_string();
    cells[2] = fix.title.clone().unwrap_or_default();
    cells[3] = fix.status.map(|status| status.name().to_owned()).unwrap_or_default();
    cells[5] = fix.state.name().to_owned();
    cells[20].clone_from(&fix.reason);
    cells
}

fn of_planned(article: &PlannedView, file: &PathView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "planned".to_owned();
    cells[1] = article.id.to_string();
    cells[2].clone_from(&article.title);
    cells[7].clone_from(&file.path);
    cells[8] = file.path_raw.clone().unwrap_or_default();
    cells[31] = needed_pack(article.needs_service_pack.as_ref());
    cells
}

fn of_planned_pack(pack: &PlannedPackView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "planned".to_owned();
    cells[12] = pack_title(&pack.service_pack);
    cells[18].clone_from(&pack.product);
    cells
}

fn of_inactive(view: &View, copy: &CopyView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "inactive".to_owned();
    cells[5] = copy.kind.name().to_owned();
    cells[6] = view.trees.get(copy.file.tree).map(|tree| tree.path.clone()).unwrap_or_default();
    cells[7].clone_from(&copy.file.path.path);
    cells[8] = copy.file.path.path_raw.clone().unwrap_or_default();
    cells[9] = copy.file.original_name.clone().unwrap_or_default();
    cells[10] = copy.file.machine.map(|m| m.to_string()).unwrap_or_default();
    cells[11] = copy.file.fixed_version.map(|v| v.to_string()).unwrap_or_default();
    cells[14] = copy.file.size.map(|s| s.to_string()).unwrap_or_default();
    cells
}

fn of_warning(view: &View, warning: &WarningView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "warning".to_owned();
    cells[1] = warning.article.map(|id| id.to_string()).unwrap_or_default();
    cells[5] = warning.code.to_owned();
    if let Some(file) = &warning.file {
        cells[6] = view.trees.get(file.tree).map(|tree| tree.path.clone()).unwrap_or_default();
        cells[7].clone_from(&file.path.path);
        cells[8] = file.path.path_raw.clone().unwrap_or_default();
    }
    cells[19] = warnings::places(view, warning).join("; ");
    cells[20] = warning.description.to_owned();
    cells[21] = warning.waiver.as_ref().map(wording::waiver).unwrap_or_default();
    cells
}

/// A row about the whole run: that it had nothing to judge, that it does not list some missing fixes, or what was not judged.
fn of_run(reason: &str, description: String) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "run".to_owned();
    cells[5] = reason.to_owned();
    cells[20] = description;
    cells
}

fn of_unreadable(view: &View, item: &UnreadableView) -> Cells {
    let mut cells = Cells::default();
    cells[0] = "unreadable".to_owned();
    cells[6] = view.trees.get(item.tree).map(|tree| tree.path.clone()).unwrap_or_default();
    cells[7].clone_from(&item.path.path);
    cells[8] = item.path.path_raw.clone().unwrap_or_default();
    cells[20].clone_from(&item.error);
    cells
}

pub(super) fn safe<const N: usize>(cells: [String; N]) -> [String; N] {
    cells.map(|cell| neutral(&cell))
}

/// A cell that spreadsheets do not read as a formula. The full-width signs begin formulas in some East Asian editions.
fn neutral(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    format!("{}{}", if formula { "'" } else { "" }, visible(text))
}
