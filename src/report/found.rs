//! The most severe kind of finding of a run.

use super::view::{ArticleView, FindingView, View};
use crate::assess::{Outcome, RequiredState, Verdict};

/// The kinds of findings, the most severe last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// Waivers have expired or match nothing.
    Waivers,
    /// Fixes for which it is unknown whether they are installed.
    Unknown,
    /// Fixes that are likely missing.
    LikelyMissing,
    /// Required fixes that are not installed, for whatever reason.
    Required,
    /// Fixes that are missing.
    Missing,
}

impl Found {
    /// The most severe kind in a report whose outcome is findings; `None` for any other outcome.
    pub(super) fn of(view: &View) -> Option<Self> {
        if view.summary.outcome != Outcome::Findings {
            return None;
        }
        let articles = view.articles.iter().filter(|article| article.fails).map(Self::of_article);
        let required =
            || view.required.iter().flat_map(|required| &required.fixes).any(|fix| fix.state == RequiredState::NotIn);
        let required = required().then_some(Self::Required);
        Some(articles.chain(required).max().unwrap_or(Self::Waivers))
    }

    /// The most severe kind of an article's findings that are neither waived nor known.
    fn of_article(article: &ArticleView) -> Self {
        let counts = |finding: &&FindingView| finding.waiver.is_none() && finding.known != Some(true);
        let kinds = article.findings.iter().filter(counts).map(|finding| match finding.verdict {
            Verdict::Missing => Self::Missing,
            Verdict::LikelyMissing => Self::LikelyMissing,
            _ => Self::Unknown,
        });
        kinds.max().unwrap_or(Self::Unknown)
    }

    /// The kind in a few words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Waivers => "waivers have expired or match nothing",
            Self::Unknown => "for some fixes it is unknown whether they are installed",
            Self::LikelyMissing => "fixes are likely missing",
            Self::Required => "required fixes are not installed",
            Self::Missing => "fixes are missing",
        }
    }
}
