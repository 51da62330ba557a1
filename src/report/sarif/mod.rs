//! SARIF 2.1.0: one run, with a rule for each article that has results, and a result for each finding that needs
//! attention.
//!
//! Results are findings that are missing, likely missing or unknown. Fixed ones are left out, because code scanning
//! shows every result as an alert.

mod fingerprint;
mod model;
mod parts;
mod required;
mod rules;

pub(super) use fingerprint::uri;
pub(super) use required::unreported;

use super::gravity::Gravity;
use super::limits;
use super::text::grouped;
use super::view::{
    ArticleView, FileView, FindingView, RequiredView, RequirementView, UnreadableView, View, WarningView,
};
use super::{RenderError, shown, visible, warnings, wording};
use crate::KbId;
use crate::assess::{Outcome, RequiredState};
use model::{
    BaseId, Driver, Invocation, Level, Location, Log, LogicalLocation, Notification, PhysicalLocation, ResultItem,
    ResultProperties, Run, RunProperties, Suppression, Tool,
};
use parts::{artifact, base, baseline_state, level, message};
use rules::Rules;

/// How many results of a run GitHub shows.
const MOST_SHOWN: usize = 5_000;
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Indented JSON with a final newline.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut bytes = serde_json::to_vec_pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run(view)] })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn run<'a>(view: &'a View) -> Run<'a> {
    let found = view.articles.iter().flat_map(|article| results(view, article));
    let required =
        required::unreported(view).into_iter().map(|fix| (fix.id, gravity(fix), required::result(view, fix)));
    let mut found: Vec<(KbId, Gravity, ResultItem)> = found.chain(required).collect();
    let total = found.len();
    // The most severe first: readers accept a limited number of results and leave out the rest.
    found.sort_by_key(|(_, gravity, _)| *gravity);
    found.truncate(view.limits.results);
    let mut rules = Rules::new(view);
    let place = |(id, _, result): (KbId, Gravity, ResultItem<'a>)| ResultItem { rule_index: rules.place(id), ..result };
    let results = found.into_iter().map(place).collect();
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
                rules: rules.listed(),
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

/// A required fix that is accepted or known does not come first.
fn gravity(fix: &RequirementView) -> Gravity {
    if fix.state == RequiredState::NotIn { Gravity::REQUIRED } else { Gravity::REQUIRED.aside() }
}

fn results<'a>(view: &'a View, article: &'a ArticleView) -> Vec<(KbId, Gravity, ResultItem<'a>)> {
    let mut results = Vec::new();
    for finding in shown::findings(view, article) {
        if let Some(level) = level(finding.verdict) {
            let result = ResultItem {
                rule_id: article.id.to_string(),
                rule_index: 0,
                // An accepted finding is only a note, for readers that ignore suppressions.
                level: if finding.waiver.is_some() { Level::Note } else { level },
                message: message(&with_update(article, with_notes(article, wording::sentence(article, finding)))),
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
                    system: article.system.as_deref(),
                    needs_service_pack: article.needs_service_pack.as_ref(),
                },
            };
            results.push((article.id, Gravity::of(article, finding), result));
        }
    }
    results
}

/// The sentence, then what supersedes the article, and what must be installed first.
fn with_notes(article: &ArticleView, sentence: String) -> String {
    let superseded = wording::superseded(article).map(|by| format!(" The article is {by}.")).unwrap_or_default();
    let needed = wording::needs_pack_first(article.needs_service_pack.as_ref());
    let needed = needed.map(|text| format!(" The article {text}.")).unwrap_or_default();
    format!("{sentence}{superseded}{needed}")
}

fn with_update(article: &ArticleView, sentence: String) -> String {
    wording::update(article).map_or(sentence.clone(), |update| format!("{sentence} ({update})"))
}

fn location(view: &View, finding: &FindingView) -> Location {
    let artifact = match &finding.file {
        Some(file) => artifact(view, file.tree, fingerprint::uri(&file.path)),
        // Viewers drop a result without a location; that of a service pack is the tree.
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
    if let Some(text) = limits::left_out(results, view.limits) {
        let text = format!("{text} GitHub shows the first {}.", grouped(MOST_SHOWN as u64));
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
