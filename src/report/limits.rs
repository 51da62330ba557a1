//! The limits of the readers of a format, and which results are kept where there are more.

use std::cmp::Reverse;

use super::text::grouped;
use super::view::{ArticleView, FindingView};
use crate::assess::{ArticleStatus, Verdict};
use hotfixcheck_articles::Severity;

/// GitHub accepts 25,000 results of a SARIF run, <https://docs.github.com/en/code-security/code-scanning>; GitLab and
/// CI servers have similar limits for the whole file.
pub(super) const MOST_RESULTS: usize = 25_000;

/// The message where there are more results than are written; `None` where all are.
pub(super) fn left_out(results: usize) -> Option<String> {
    let left = results.checked_sub(MOST_RESULTS).filter(|&left| left > 0)?;
    Some(format!(
        "{} of {} results are left out: this format takes {}, the gravest are listed.",
        grouped(left as u64),
        grouped(results as u64),
        grouped(MOST_RESULTS as u64)
    ))
}

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
