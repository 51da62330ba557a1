//! The part of SARIF's object model that a report uses, with the field names of the model. The crate with the whole
//! model generates it from the schema at every build.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::view::{
    CatalogueView, CopyView, FilesView, NeededPackView, OptionsView, PlanView, RequirementsView, SummaryView,
};
use crate::KbId;
use crate::assess::Verdict;

#[derive(Serialize)]
pub(super) struct Log<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a> {
    pub tool: Tool,
    pub invocations: [Invocation; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_uri_base_ids: Option<BTreeMap<String, BaseId>>,
    pub results: Vec<ResultItem<'a>>,
    pub properties: RunProperties<'a>,
}

#[derive(Serialize)]
pub(super) struct RunProperties<'a> {
    pub catalogue: &'a CatalogueView,
    pub options: &'a OptionsView,
    pub files: &'a FilesView,
    pub summary: &'a SummaryView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<&'a RequirementsView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<&'a PlanView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactive: Option<&'a [CopyView]>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver {
    pub name: &'static str,
    pub version: &'static str,
    pub semantic_version: &'static str,
    pub rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub id: String,
    pub short_description: Message,
    pub full_description: Message,
    pub help: Multiformat,
    pub help_uri: String,
    pub default_configuration: Configuration,
    pub properties: RuleProperties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleProperties {
    pub tags: Vec<String>,
    /// The score by which GitHub sorts alerts: over 9.0 is critical, from 7.0 high, from 4.0 medium, below low.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<&'static str>,
    pub products: Vec<String>,
    /// All vulnerabilities, since only a few can be tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exploited: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub superseded_by: Vec<KbId>,
}

#[derive(Serialize)]
pub(super) struct Configuration {
    pub level: Level,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Error,
    Warning,
    Note,
}

#[derive(Serialize)]
pub(super) struct Message {
    pub text: String,
}

#[derive(Serialize)]
pub(super) struct Multiformat {
    pub text: String,
    pub markdown: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub execution_successful: bool,
    pub exit_code: u8,
    pub exit_code_description: String,
    pub tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
pub(super) struct Notification {
    pub level: Level,
    pub message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locations: Option<[Location; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultItem<'a> {
    pub rule_id: String,
    pub rule_index: usize,
    pub level: Level,
    pub message: Message,
    pub locations: [Location; 1],
    pub partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressions: Option<Vec<Suppression>>,
    pub properties: ResultProperties<'a>,
}

/// The result is accepted outside of the scanned files.
#[derive(Serialize)]
pub(super) struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

impl Suppression {
    pub(super) fn accepted(justification: String) -> Self {
        Self { kind: "external", status: "accepted", justification }
    }
}

#[derive(Serialize)]
pub(super) struct ResultProperties<'a> {
    pub verdict: Verdict,
    pub reason: &'static str,
    pub evidence: &'a str,
    /// The system of the finding, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<&'a str>,
    /// The service pack that must be installed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_service_pack: Option<&'a NeededPackView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logical_locations: Option<[LogicalLocation; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub artifact_location: ArtifactLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_base_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogicalLocation {
    pub fully_qualified_name: String,
}

/// A tree to which relative URIs refer. Its path is given as text, not as a link.
#[derive(Serialize)]
pub(super) struct BaseId {
    description: Message,
}

impl BaseId {
    pub(super) fn new(description: Message) -> Self {
        Self { description }
    }
}
