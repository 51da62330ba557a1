//! Waivers and required fixes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::named::name;
use crate::KbId;
use crate::assess::{ArticleStatus, RequiredState};

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverView {
    /// Why the finding is accepted.
    pub reason: String,
    /// The last day on which it is accepted.
    pub expires: Date,
    /// The pattern of paths that it is limited to.
    pub path: Option<String>,
    /// Where it is defined.
    pub source: String,
}

/// The fixes that must be installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementsView {
    /// How many there are.
    pub total: usize,
    /// How many of them are installed.
    pub met: usize,
    /// The fixes, in the order of the list.
    pub fixes: Vec<RequirementView>,
}

/// A fix that must be installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementView {
    /// The article.
    pub id: KbId,
    /// Its title; `None` where the catalogue does not have it.
    pub title: Option<String>,
    /// `in`, `not-in`, `waived`, `known` (in the baseline).
    #[serde(serialize_with = "name")]
    pub state: RequiredState,
    /// The article's status; `None` where the catalogue does not have it.
    pub status: Option<ArticleStatus>,
    /// The reason, in a sentence.
    pub reason: String,
}

/// The articles of each status, listed or not, each list sorted by id. Articles that are not applicable are left out,
/// and so are those that were not judged because the system's service pack is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // The names of the statuses, as ArticleStatus documents them.
pub struct StatusesView {
    pub missing: Vec<KbId>,
    pub partial: Vec<KbId>,
    pub likely_missing: Vec<KbId>,
    pub unknown: Vec<KbId>,
    pub likely_fixed: Vec<KbId>,
    pub fixed: Vec<KbId>,
}

impl StatusesView {
    /// The articles with a status; empty for "not applicable", which is not listed.
    pub fn of(&self, status: ArticleStatus) -> &[KbId] {
        match status {
            ArticleStatus::Missing => &self.missing,
            ArticleStatus::Partial => &self.partial,
            ArticleStatus::LikelyMissing => &self.likely_missing,
            ArticleStatus::Unknown => &self.unknown,
            ArticleStatus::LikelyFixed => &self.likely_fixed,
            ArticleStatus::Fixed => &self.fixed,
            ArticleStatus::NotApplicable => &[],
        }
    }
}
