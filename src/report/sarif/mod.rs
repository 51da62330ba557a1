//! SARIF 2.1.0: one run, a rule an article, a result a finding that is to be looked at.
//!
//! Results are what is missing, probably missing or unknown; what is fixed is no result, since code scanning takes every
//! result for an alert.

mod fingerprint;
mod model;

use super::table::rows;
use super::view::{ArticleView, FindingView, RequiredView, UnreadableView, View};
use super::{RenderError, markdown, visible, wording};
use crate::assess::{ArticleStatus, Verdict};
use fingerprint::Fingerprints;
use model::{
    ArtifactLocation, BaseId, Configuration, Descriptor, Driver, Invocation, Level, Location, Log, LogicalLocation,
    Message, Multiformat, Notification, PhysicalLocation, ResultItem, ResultProperties, RuleProperties, Run,
    RunProperties, Tool,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Indented JSON with a final newline.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run(view)] })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn run(view: &View) -> Run<'_> {
    let results = view.articles.iter().enumerate().flat_map(|(rule, article)| results(view, rule, article)).collect();
    let bases = match view.trees.len() {
        0 | 1 => None,
        _ => Some(view.trees.iter().enumerate().map(|(i, tree)| (base(i), BaseId::new(message(&tree.path)))).collect()),
    };
    Run {
        tool: Tool {
            driver: Driver {
                name: view.tool.name,
                version: view.tool.version,
                semantic_version: view.tool.version,
                rules: view.articles.iter().map(rule).collect(),
            },
        },
        invocations: [Invocation {
            execution_successful: !view.summary.incomplete && view.summary.exit_code != 4,
            exit_code: view.summary.exit_code,
            exit_code_description: wording::result(view),
            tool_execution_notifications: notifications(view),
        }],
        original_uri_base_ids: bases,
        results,
        properties: RunProperties {
            catalogue: &view.catalogue,
            options: &view.options,
            files: &view.files,
            summary: &view.summary,
        },
    }
}

fn rule(article: &ArticleView) -> Descriptor {
    let id = article.id;
    let title = if article.title.is_empty() { format!("Article {id}") } else { article.title.clone() };
    let products =
        if article.products.is_empty() { "unnamed products".to_owned() } else { article.products.join(", ") };
    let changed = article.last_modified.map(|d| format!(" It was last changed on {d}.")).unwrap_or_default();
    let advice = "Install the hotfix, or the service pack that contains it. To see every row and file that was \
                  compared, run";
    let command = format!("hotfixcheck explain {id} PATH");
    let help = |escape: fn(&str) -> String| (escape(&title), escape(&products));
    let (plain_title, plain_products) = help(|text| message(text).text);
    let (rich_title, rich_products) = help(|text| placeholders(&markdown::escape(text)));
    Descriptor {
        id: id.to_string(),
        short_description: message(&title),
        full_description: message(&format!("{id}: {title}. Applies to: {products}.")),
        help: Multiformat {
            text: format!("{id}: {plain_title}. Applies to: {plain_products}.{changed} {advice}: {command}"),
            markdown: format!(
                "**{id}**: {rich_title}\n\nApplies to: {rich_products}.{changed}\n\n{advice}\n\n    {command}\n"
            ),
        },
        help_uri: format!("https://support.microsoft.com/help/{}", id.number()),
        default_configuration: Configuration { level: level_of_article(article.status) },
        properties: RuleProperties { tags: ["hotfix"], products: article.products.clone() },
    }
}

fn results<'a>(view: &'a View, rule: usize, article: &'a ArticleView) -> Vec<ResultItem<'a>> {
    let mut fingerprints = Fingerprints::of(article);
    let shown = rows(view, article);
    let shown = |finding: &FindingView| shown.iter().any(|f| std::ptr::eq(*f, finding));
    let mut results = Vec::new();
    for finding in &article.findings {
        // Every finding takes its fingerprint, so that none changes when another is fixed.
        let fingerprint = fingerprints.next(finding);
        if let (Some(level), true) = (level(finding.verdict), shown(finding)) {
            results.push(ResultItem {
                rule_id: article.id.to_string(),
                rule_index: rule,
                level,
                message: message(&wording::sentence(article, finding)),
                locations: [location(view, finding)],
                partial_fingerprints: fingerprint,
                properties: ResultProperties {
                    verdict: finding.verdict,
                    reason: finding.reason,
                    evidence: &finding.evidence,
                },
            });
        }
    }
    results
}

fn level(verdict: Verdict) -> Option<Level> {
    match verdict {
        Verdict::Missing => Some(Level::Error),
        Verdict::LikelyMissing => Some(Level::Warning),
        Verdict::Unknown => Some(Level::Note),
        Verdict::LikelyFixed | Verdict::Fixed | Verdict::NotApplicable => None,
    }
}

fn level_of_article(status: ArticleStatus) -> Level {
    match status {
        ArticleStatus::Missing | ArticleStatus::Partial => Level::Error,
        ArticleStatus::LikelyMissing => Level::Warning,
        _ => Level::Note,
    }
}

fn location(view: &View, finding: &FindingView) -> Location {
    let artifact = match &finding.file {
        Some(file) => artifact(view, file.tree, fingerprint::uri(&file.path)),
        // Viewers drop a result without a place; a service pack's place is the tree.
        None => artifact(view, 0, ".".to_owned()),
    };
    let logical = match (&finding.file, &finding.required) {
        (None, RequiredView::ServicePack { product, .. }) => Some(visible(product)),
        _ => None,
    };
    Location {
        physical_location: PhysicalLocation { artifact_location: artifact },
        logical_locations: logical.map(|name| [LogicalLocation { fully_qualified_name: name }]),
    }
}

fn artifact(view: &View, tree: usize, uri: String) -> ArtifactLocation {
    ArtifactLocation { uri, uri_base_id: (view.trees.len() > 1).then(|| base(tree)) }
}

/// The name that stands for a tree, from 1.
fn base(tree: usize) -> String {
    format!("TREE{}", tree + 1)
}

fn notifications(view: &View) -> Vec<Notification> {
    let mut out: Vec<Notification> = view.unreadable.iter().map(|item| unreadable(view, item)).collect();
    if view.summary.exit_code == 4 {
        out.push(Notification { level: Level::Error, message: message(wording::result(view)), locations: None });
    }
    out
}

fn unreadable(view: &View, item: &UnreadableView) -> Notification {
    let uri = if item.path.path.is_empty() { ".".to_owned() } else { fingerprint::uri(&item.path) };
    let place = PhysicalLocation { artifact_location: artifact(view, item.tree, uri) };
    let text = format!("{} could not be read: {}", wording::unreadable_place(view, item), item.error);
    let location = Location { physical_location: place, logical_locations: None };
    Notification { level: Level::Warning, message: message(&text), locations: Some([location]) }
}

/// A plain text message. SARIF gives braces and `[text](target)` a meaning in it, which a file's name must not have.
fn message(text: &str) -> Message {
    Message { text: placeholders(&visible(text)).replace("](", "] (") }
}

fn placeholders(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
