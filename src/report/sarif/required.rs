//! Required fixes that are not installed, and that no other result reports.

use super::super::view::{RequirementView, View};
use super::super::wording;
use super::fingerprint;
use super::model::{
    Configuration, Descriptor, Level, Location, Multiformat, PhysicalLocation, ResultItem, ResultProperties,
    RuleProperties, Suppression,
};
use super::parts::{artifact, baseline_state, help_uri, level, message, rich};
use crate::assess::{ArticleStatus, RequiredState, Verdict};

/// The required fixes that need their own result: not installed, and their article has no result above a note.
pub(in crate::report) fn unreported(view: &View) -> Vec<&RequirementView> {
    let is_reported = |fix: &RequirementView| {
        let articles = view.articles.iter().filter(|article| article.id == fix.id);
        let mut verdicts = articles.flat_map(|article| &article.findings).map(|f| f.verdict);
        verdicts.any(|verdict| matches!(level(verdict), Some(Level::Error | Level::Warning)))
    };
    let required = view.required.iter().flat_map(|required| &required.fixes);
    required.filter(|fix| fix.state != RequiredState::In && !is_reported(fix)).collect()
}

/// A rule for a fix whose article the report does not list.
pub(super) fn rule(fix: &RequirementView) -> Descriptor {
    let title = fix.title.as_deref().filter(|title| !title.is_empty());
    let title = title.map_or_else(|| format!("Article {}", fix.id), str::to_owned);
    let text = format!("{}: {title}. The policy requires this fix.", fix.id);
    Descriptor {
        id: fix.id.to_string(),
        short_description: message(&title),
        full_description: message(&text),
        help: Multiformat { text: message(&text).text, markdown: rich(&text) },
        help_uri: help_uri(fix.id),
        default_configuration: Configuration { level: Level::Error },
        properties: RuleProperties {
            tags: vec!["hotfix".to_owned()],
            security_severity: None,
            products: Vec::new(),
            cves: Vec::new(),
            exploited: Vec::new(),
            group: String::new(),
            superseded_by: Vec::new(),
        },
    }
}

fn verdict(status: ArticleStatus) -> Verdict {
    match status {
        ArticleStatus::Missing | ArticleStatus::Partial => Verdict::Missing,
        ArticleStatus::LikelyMissing => Verdict::LikelyMissing,
        ArticleStatus::Unknown => Verdict::Unknown,
        ArticleStatus::LikelyFixed => Verdict::LikelyFixed,
        ArticleStatus::Fixed => Verdict::Fixed,
        ArticleStatus::NotApplicable => Verdict::NotApplicable,
    }
}

/// The result.
pub(super) fn result<'a>(view: &View, fix: &'a RequirementView) -> ResultItem<'a> {
    let text = format!("The required fix {} is not in ({}). {}", fix.id, wording::requirement(fix), fix.reason);
    ResultItem {
        rule_id: fix.id.to_string(),
        rule_index: 0,
        level: if fix.state == RequiredState::Waived { Level::Note } else { Level::Error },
        message: message(&text),
        locations: [Location {
            physical_location: PhysicalLocation { artifact_location: artifact(view, 0, ".".to_owned()) },
            logical_locations: None,
        }],
        partial_fingerprints: fingerprint::named(&format!("{}|!required|", fix.id)),
        baseline_state: baseline_state(view.options.baseline.as_ref().map(|_| fix.state == RequiredState::Known)),
        suppressions: (fix.state == RequiredState::Waived)
            .then(|| vec![Suppression::accepted("The policy waives it.".to_owned())]),
        properties: ResultProperties {
            verdict: fix.status.map_or(Verdict::Unknown, verdict),
            reason: "required",
            evidence: &fix.reason,
            needs_service_pack: None,
            system: None,
        },
    }
}
