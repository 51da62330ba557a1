//! Which results a report keeps where there are more than it may contain.

use std::cmp::Reverse;

use super::view::{ArticleView, FindingView};
use crate::assess::{ArticleStatus, Verdict};
use hotfixcheck_articles::Severity;

/// Sorts by severity, the most severe first: missing or likely missing findings that are not accepted, then by known
/// exploits, the vendor's rating and the verdict. A format with a limit then loses the least severe results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gravity {
    /// Accepted, known, or not certain.
    is_aside: bool,
    is_not_exploited: bool,
    severity: Reverse<Option<Severity>>,
    verdict: Reverse<Verdict>,
}

impl Gravity {
    /// For a required fix that is not installed, which comes before everything else.
    pub(super) const REQUIRED: Self = Self {
        is_aside: false,
        is_not_exploited: false,
        severity: Reverse(Some(Severity::Critical)),
        verdict: Reverse(Verdict::Missing),
    };

    /// The same, if the fix is accepted or known.
    pub(super) fn aside(self) -> Self {
        Self { is_aside: true, ..self }
    }

    /// For a finding of an article.
    pub(super) fn of(article: &ArticleView, finding: &FindingView) -> Self {
        let is_missing = matches!(finding.verdict, Verdict::Missing | Verdict::LikelyMissing);
        let is_excused = finding.waiver.is_some() || finding.known == Some(true);
        Self::new(article, !is_missing || is_excused, finding.verdict)
    }

    /// For an article as a whole.
    pub(super) fn of_article(article: &ArticleView) -> Self {
        let verdict = match article.status {
            ArticleStatus::Missing | ArticleStatus::Partial => Verdict::Missing,
            ArticleStatus::LikelyMissing => Verdict::LikelyMissing,
            _ => Verdict::Unknown,
        };
        let is_excused = article.waived || article.known == Some(true);
        Self::new(article, verdict == Verdict::Unknown || is_excused, verdict)
    }

    fn new(article: &ArticleView, is_aside: bool, verdict: Verdict) -> Self {
        Self {
            is_aside,
            is_not_exploited: article.all_exploited().is_empty(),
            severity: Reverse(article.top_severity()),
            verdict: Reverse(verdict),
        }
    }
}
