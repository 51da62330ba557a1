//! Writes a [`Catalog`] in the format that [`text`](super::text) describes.

use std::fmt::Write as _;

use super::articles::{Catalog, lost_rows};
use super::line::RELEASES;
use super::text::HEADER;
use crate::{KbId, Machine};
use hotfixcheck_articles::{Article, EditionFacts, Fix, FixKind, ReleaseFacts, Restart, Severity, Text};

/// Writes the articles that state a fix or describe an update.
pub fn write(catalog: &Catalog) -> String {
    let mut out = String::new();
    out.push_str(HEADER);
    out.push('\n');
    for article in catalog.articles().iter().filter(|a| a.states_fix() || a.describes_update()) {
        let date = article.last_modified.map(|d| d.to_string()).unwrap_or_default();
        line(&mut out, &["A", &article.id.to_string(), &date, &article.title]);
        if !article.products.is_empty() {
            let fields: Vec<&str> = std::iter::once("P").chain(article.products.iter().map(AsRef::as_ref)).collect();
            line(&mut out, &fields);
        }
        write_update(&mut out, article);
        for pack in &article.service_packs {
            line(&mut out, &["S", &pack.product, &pack.sp]);
        }
        for fix in &article.fixes {
            write_fix(&mut out, fix);
        }
        for lost in lost_rows(article) {
            line(&mut out, &["L", &lost.line.to_string(), &lost.reason]);
        }
    }
    out
}

/// Writes the facts about an article's update, if there are any.
fn write_update(out: &mut String, article: &Article) {
    let lists = [("B", &article.bulletins), ("C", &article.cves), ("X", &article.exploited)];
    for (kind, texts) in lists.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        line(out, &std::iter::once(kind).chain(texts.iter().map(AsRef::as_ref)).collect::<Vec<_>>());
    }
    if article.severity.is_some() || article.restart.is_some() {
        let severity = article.severity.map_or("", Severity::name);
        line(out, &["V", severity, article.restart.map_or("", Restart::name)]);
    }
    for EditionFacts { edition, severity, cves } in &article.editions {
        let lead = ["E", edition.name(), severity.map_or("", Severity::name)];
        line(out, &lead.into_iter().chain(cves.iter().map(AsRef::as_ref)).collect::<Vec<_>>());
    }
    for ReleaseFacts { releases, severity, cves } in &article.releases {
        let lead = ["E", &releases.join(RELEASES), severity.map_or("", Severity::name)];
        line(out, &lead.into_iter().chain(cves.iter().map(AsRef::as_ref)).collect::<Vec<_>>());
    }
    if !article.replaced_bulletins.is_empty() {
        let bulletins = article.replaced_bulletins.iter().map(AsRef::as_ref);
        line(out, &std::iter::once("R").chain(bulletins).collect::<Vec<_>>());
    }
    if !article.replaced_articles.is_empty() {
        let ids: Vec<String> = article.replaced_articles.iter().map(KbId::to_string).collect();
        line(out, &std::iter::once("U").chain(ids.iter().map(String::as_str)).collect::<Vec<_>>());
    }
    for package in &article.packages {
        let kb = package.kb.map(|id| id.to_string()).unwrap_or_default();
        let machine = package.machine.map_or("", Machine::name);
        line(out, &["K", &package.file, &kb, text(&package.system), machine, text(&package.language)]);
    }
    for build in &article.builds {
        line(out, &["D", &build.product, &build.version, text(&build.file)]);
    }
}

fn text(field: &Option<Text>) -> &str {
    field.as_deref().unwrap_or_default()
}

fn write_fix(out: &mut String, fix: &Fix) {
    let date = fix.date.map(|d| d.to_string()).unwrap_or_default();
    let time = fix.time.map(|t| t.to_string()).unwrap_or_default();
    let size = fix.size.map(|s| s.to_string()).unwrap_or_default();
    let fields = [
        "F",
        &fix.line.to_string(),
        kind_name(fix.kind),
        &fix.file,
        text(&fix.version),
        &date,
        &time,
        &size,
        text(&fix.platform),
        &fix.section,
        text(&fix.language),
        text(&fix.branch),
        text(&fix.sp_requirement),
        if fix.utc { "utc" } else { "" },
        text(&fix.note),
        text(&fix.build_language),
        if fix.wow { "wow" } else { "" },
    ];
    line(out, &fields);
}

fn line(out: &mut String, fields: &[&str]) {
    let used = fields.iter().rposition(|f| !f.is_empty()).map_or(0, |last| last + 1);
    for (i, field) in fields[..used].iter().enumerate() {
        if i > 0 {
            out.push('\t');
        }
        if field.contains(['\t', '\n', '\r']) {
            let _ = write!(out, "{}", field.replace(['\t', '\n', '\r'], " "));
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

fn kind_name(kind: FixKind) -> &'static str {
    match kind {
        FixKind::Table => "table",
        FixKind::List => "list",
        FixKind::Prose => "prose",
        FixKind::Package => "package",
    }
}
