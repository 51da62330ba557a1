//! What the findings of a run come to.

use super::view::{ArticleView, FindingView, View};
use crate::assess::Verdict;

/// The kinds of findings, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// Waivers have expired or match nothing.
    Waivers,
    /// Fixes that cannot be told to be in.
    Unknown,
    /// Fixes that are probably missing.
    LikelyMissing,
    /// Required fixes that are not in, for whatever reason.
    Required,
    /// Fixes that are missing.
    Missing,
}

impl Found {
    /// The gravest kind in a report whose exit code says that there are findings; `None` for any other.
    pub(super) fn of(view: &View) -> Option<Self> {
        if view.summary.outcome != "findings" {
            return None;
        }
        let articles = view.articles.iter().filter(|article| article.fails).map(Self::of_article);
        let required = || view.required.iter().flat_map(|required| &required.fixes).any(|fix| fix.state == "not-in");
        let required = required().then_some(Self::Required);
        Some(articles.chain(required).max().unwrap_or(Self::Waivers))
    }

    /// What counts of an article: neither waived nor known.
    fn of_article(article: &ArticleView) -> Self {
        let counts = |finding: &&FindingView| finding.waiver.is_none() && finding.known != Some(true);
        let kinds = article.findings.iter().filter(counts).map(|finding| match finding.verdict {
            Verdict::Missing => Self::Missing,
            Verdict::LikelyMissing => Self::LikelyMissing,
            _ => Self::Unknown,
        });
        kinds.max().unwrap_or(Self::Unknown)
    }

    /// In a few words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Waivers => "waivers have expired or match nothing",
            Self::Unknown => "it cannot be told whether all fixes are in",
            Self::LikelyMissing => "fixes are probably missing",
            Self::Required => "required fixes are not in",
            Self::Missing => "fixes are missing",
        }
    }
}
