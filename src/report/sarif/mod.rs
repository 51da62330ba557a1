//! SARIF 2.1.0: one run, a rule an article, a result a finding that is to be looked at.
//!
//! Results are what is missing, probably missing or unknown; what is fixed is no result, since code scanning takes every
//! result for an alert.

mod fingerprint;
mod model;
mod parts;
mod required;

pub(super) use fingerprint::uri;
pub(super) use required::untold;

use super::limits::{self, MOST_RESULTS};
use super::text::grouped;
use super::view::{ArticleView, FileView, FindingView, RequiredView, UnreadableView, View, WarningView};
use super::{RenderError, shown, visible, warnings, wording};
use crate::assess::{ArticleStatus, Outcome};
use hotfixcheck_articles::Severity;
use model::{
    BaseId, Configuration, Descriptor, Driver, Invocation, Level, Location, Log, LogicalLocation, Multiformat,
    Notification, PhysicalLocation, ResultItem, ResultProperties, RuleProperties, Run, RunProperties, Suppression,
    Tool,
};

use parts::{artifact, base, baseline_state, help_uri, level, message, rich};

/// GitHub shows so many results of a run.
const MOST_SHOWN: usize = 5_000;
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Indented JSON with a final newline.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run(view)] })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn run(view: &View) -> Run<'_> {
    let mut results: Vec<ResultItem> =
        view.articles.iter().enumerate().flat_map(|(rule, article)| results(view, rule, article)).collect();
    let mut rules: Vec<Descriptor> = view.articles.iter().map(rule).collect();
    for fix in required::untold(view) {
        let listed = view.articles.iter().position(|article| article.id == fix.id);
        let place = listed.unwrap_or(rules.len());
        if listed.is_none() {
            rules.push(required::rule(fix));
        }
        results.push(required::result(view, place, fix));
    }
    let total = results.len();
    // The gravest first: readers take so many results and leave out the rest.
    results.sort_by_key(|result| result.level);
    results.truncate(MOST_RESULTS);
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
                rules,
            },
        },
        invocations: [Invocation {
            execution_successful: !view.summary.incomplete && view.summary.outcome != Outcome::NothingRecognised,
            exit_code: view.summary.exit_code,
            exit_code_description: wording::result(view),
            tool_execution_notifications: notifications(view, total),
        }],
        original_uri_base_ids: bases,
        results,
        properties: RunProperties {
            catalogue: &view.catalogue,
            options: &view.options,
            files: &view.files,
            summary: &view.summary,
            required: view.required.as_ref(),
            plan: view.plan.as_ref(),
            inactive: view.inactive.as_deref(),
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
    let (rich_title, rich_products) = help(rich);
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
        help_uri: help_uri(id),
        default_configuration: Configuration { level: level_of_article(article.status) },
        properties: RuleProperties {
            tags: tags(article),
            security_severity: article.severity.map(score),
            products: article.products.clone(),
            group: article.group.clone(),
            superseded_by: article.superseded_by.clone(),
        },
    }
}

/// `security` makes GitHub show the score; readers know `external/cve/CVE-…` from other tools.
fn tags(article: &ArticleView) -> Vec<String> {
    let mut tags = vec!["hotfix".to_owned()];
    if article.severity.is_some() || !article.cves.is_empty() || !article.bulletins.is_empty() {
        tags.push("security".to_owned());
    }
    tags.extend(article.cves.iter().map(|cve| format!("external/cve/{}", visible(cve))));
    tags
}

/// A score in the middle of the band that the vendor's rating means to GitHub.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::Important => "8.0",
        Severity::Moderate => "5.5",
        Severity::Low => "2.5",
    }
}

fn results<'a>(view: &'a View, rule: usize, article: &'a ArticleView) -> Vec<ResultItem<'a>> {
    let mut results = Vec::new();
    for finding in shown::findings(view, article) {
        if let Some(level) = level(finding.verdict) {
            results.push(ResultItem {
                rule_id: article.id.to_string(),
                rule_index: rule,
                // Readers that ignore suppressions should not count an accepted finding as an error.
                level: if finding.waiver.is_some() { Level::Note } else { level },
                message: message(&with_update(article, superseded(article, wording::sentence(article, finding)))),
                locations: [location(view, finding)],
                partial_fingerprints: fingerprint::named(&finding.fingerprint),
                baseline_state: baseline_state(finding.known),
                suppressions: finding
                    .waiver
                    .as_ref()
                    .map(|waiver| vec![Suppression::accepted(message(&wording::waiver(waiver)).text)]),
                properties: ResultProperties {
                    verdict: finding.verdict,
                    reason: finding.reason.code(),
                    evidence: &finding.evidence,
                },
            });
        }
    }
    results
}

fn superseded(article: &ArticleView, sentence: String) -> String {
    wording::superseded(article).map_or(sentence.clone(), |by| format!("{sentence} The article is {by}."))
}

fn with_update(article: &ArticleView, sentence: String) -> String {
    wording::update(article).map_or(sentence.clone(), |update| format!("{sentence} ({update})"))
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
        (None, RequiredView::ServicePack { product, .. } | RequiredView::Build { product, .. }) => {
            Some(visible(product))
        }
        _ => None,
    };
    Location {
        physical_location: PhysicalLocation { artifact_location: artifact },
        logical_locations: logical.map(|name| [LogicalLocation { fully_qualified_name: name }]),
    }
}

fn notifications(view: &View, results: usize) -> Vec<Notification> {
    let mut out: Vec<Notification> = view.unreadable.iter().map(|item| unreadable(view, item)).collect();
    out.extend(warnings::shown(view).map(|item| warning(view, item)));
    if let Some(text) = limits::left_out(results) {
        out.push(Notification { level: Level::Warning, message: message(&text), locations: None });
    } else if results > MOST_SHOWN {
        let text = format!(
            "There are {} results, the gravest first; GitHub shows the first {}.",
            grouped(results as u64),
            grouped(MOST_SHOWN as u64)
        );
        out.push(Notification { level: Level::Note, message: message(&text), locations: None });
    }
    if view.summary.outcome == Outcome::NothingRecognised {
        out.push(Notification { level: Level::Error, message: message(&wording::result(view)), locations: None });
    }
    out
}

fn warning(view: &View, item: &WarningView) -> Notification {
    let about = item.article.map(|id| format!("{id}: ")).unwrap_or_default();
    let text = format!("{}: {about}{} {}", item.code, item.description, warnings::places(view, item).join("; "));
    let place = |file: &FileView| Location {
        physical_location: PhysicalLocation {
            artifact_location: artifact(view, file.tree, fingerprint::uri(&file.path)),
        },
        logical_locations: None,
    };
    let locations = item.file.as_ref().map(|file| [place(file)]);
    Notification { level: Level::Warning, message: message(text.trim_end()), locations }
}

fn unreadable(view: &View, item: &UnreadableView) -> Notification {
    let uri = if item.path.path.is_empty() { ".".to_owned() } else { fingerprint::uri(&item.path) };
    let place = PhysicalLocation { artifact_location: artifact(view, item.tree, uri) };
    let text = format!("{} could not be read: {}", wording::unreadable_place(view, item), item.error);
    let location = Location { physical_location: place, logical_locations: None };
    Notification { level: Level::Warning, message: message(&text), locations: Some([location]) }
}
