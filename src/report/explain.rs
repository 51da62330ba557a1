//! The explanation of verdicts: every row of the articles shown, with the file, the rule and the evidence.

use super::format::Look;
use super::text::{count, hanging, indented};
use super::view::{ArticleView, FileView, FindingView, FixView, RequiredView, View};
use super::{systems, visible, wording};
use crate::assess::{ArticleStatus, Reason};
use crate::knowledge::pack_title;

/// The reason of rows that are listed only briefly.
const ABSENT: Reason = Reason::FileAbsent;

/// The explanation as text, wrapped to the width.
pub fn render(view: &View, look: Look) -> Vec<u8> {
    let explained = |article| explain_article(view, article, look.width);
    let articles: Vec<String> = view.articles.iter().map(explained).collect();
    look.shown(articles.join("\n").into_bytes())
}

fn explain_article(view: &View, article: &ArticleView, width: u16) -> String {
    let mut out = hanging(&format!("{}  ", article.id), 4, visible(&article.title).split(' '), width);
    let mut line = |label: &str, text: &str| out.push_str(&indented(2, label, text, width));
    let changed = article.last_modified.map(|d| format!("last changed {d}"));
    let products = article.products.iter().map(|p| visible(p)).collect::<Vec<_>>().join("; ");
    for (label, text) in [("article", changed.unwrap_or_default()), ("products", products)] {
        if !text.is_empty() {
            line(label, &text);
        }
    }
    if let Some(system) = systems::system_of(view, article) {
        line("system", &visible(&system));
    }
    line("verdict", &wording::status(article.status));
    if article.status == ArticleStatus::NotApplicable {
        line("because", &visible(&wording::why(article)));
    }
    if !article.superseded_by.is_empty() {
        let ids: Vec<String> = article.superseded_by.iter().map(ToString::to_string).collect();
        line("superseded", &format!("by {}", ids.join(", ")));
    }
    if let Some(needed) = &article.needs_service_pack {
        line("first", &visible(&wording::needed_pack(needed)));
    }
    let findings = article.findings.all();
    if findings.is_empty() {
        out.push_str("  The article names neither a corrected file nor a service pack.\n");
    }
    let (absent, judged): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.reason == ABSENT);
    for finding in judged {
        out.push('\n');
        out.push_str(&explain_finding(view, finding, width));
    }
    if let Some(first) = absent.first() {
        // Cumulative articles may have hundreds of them (Q319733): one line each.
        let rows = count(absent.len() as u64, "row", "rows");
        let verdict = first.verdict.name().replace('-', " ");
        out.push_str(&format!("\n  {rows} of files that were not found: {verdict} ({})\n", ABSENT.code()));
        for finding in absent {
            if let RequiredView::File(fix) = &finding.required {
                let lead = format!("    line {} of the article: ", fix.line);
                out.push_str(&hanging(&lead, 6, demand(fix).split(' '), width));
            }
        }
    }
    out
}

fn explain_finding(view: &View, finding: &FindingView, width: u16) -> String {
    let required = match &finding.required {
        RequiredView::File(fix) => format!("line {} of the article: {}", fix.line, demand(fix)),
        RequiredView::Build { product, version, .. } => format!("{} {}", visible(product), visible(version)),
        RequiredView::ServicePack { product, service_pack } => {
            format!("{} {}", visible(product), visible(&pack_title(service_pack)))
        }
    };
    let mut out = hanging("  ", 4, required.split(' '), width);
    let mut line = |label: &str, text: &str| out.push_str(&indented(4, label, text, width));
    if let Some(file) = &finding.file {
        let tree = view.trees.get(file.tree).filter(|_| view.trees.len() > 1);
        let tree = tree.map(|tree| format!("{}: ", visible(&tree.path))).unwrap_or_default();
        line("file", &format!("{tree}{}", visible(&file.path.path)));
        line("", &attributes(file));
        line("versions", &versions(file));
    }
    if let Some(release) = &finding.release {
        line("product", &visible(&wording::release(release)));
    }
    line("verdict", &format!("{} ({})", finding.verdict.name().replace('-', " "), finding.reason.code()));
    if let Some(waiver) = &finding.waiver {
        line("waived", &visible(&wording::waiver(waiver)));
    }
    line("rule", &format!("{}: {}", finding.rule.name(), finding.description));
    if !finding.evidence.is_empty() {
        line("evidence", &visible(&finding.evidence));
    }
    out
}

/// The row as stated in the article.
fn demand(fix: &FixView) -> String {
    let mut facts = vec![visible(&fix.file)];
    facts.push(
        fix.version.as_deref().map_or_else(|| "no version stated".to_owned(), |v| format!("version {}", visible(v))),
    );
    if let Some(date) = fix.date {
        let time = fix.time.map(|t| format!(" {t}")).unwrap_or_default();
        facts.push(format!("{date}{time}{}", if fix.utc { " UTC" } else { "" }));
    }
    facts.extend(fix.size.map(|size| format!("{size} bytes")));
    facts.extend(fix.platform.as_deref().map(visible));
    facts.extend(fix.language.as_deref().map(visible));
    facts.extend(fix.branch.as_deref().map(|b| format!("branch {}", visible(b))));
    facts.extend(fix.service_pack.as_deref().map(|sp| format!("requires {}", visible(sp))));
    facts.extend(fix.note.as_deref().map(visible));
    if !fix.section.is_empty() {
        facts.push(format!("under '{}'", visible(&fix.section)));
    }
    facts.join(", ")
}

fn attributes(file: &FileView) -> String {
    let mut facts = Vec::new();
    facts.extend(file.machine.map(|m| m.to_string()));
    facts.extend(file.size.map(|size| format!("{size} bytes")));
    facts.extend(file.modified.as_deref().map(|t| format!("modified {t}")));
    facts.extend(file.built.as_deref().map(|t| format!("built {t}")));
    facts.join(", ")
}

fn versions(file: &FileView) -> String {
    if let Some(error) = &file.error {
        return visible(error);
    }
    let mut facts = Vec::new();
    facts.extend(file.fixed_version.map(|v| v.to_string()));
    facts.extend(file.version_strings.iter().map(|v| format!("string '{}'", visible(v))));
    if facts.is_empty() { "none".to_owned() } else { facts.join(", ") }
}
