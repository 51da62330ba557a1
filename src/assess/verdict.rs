//! The answers: for one row and one file, and for a whole article.

use serde::{Deserialize, Serialize};

/// The answer for one row of an article and one file, ordered from "not applicable" to "missing".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The row does not apply to this file or system.
    NotApplicable,
    /// The file has what the row requires.
    Fixed,
    /// The file probably has it.
    LikelyFixed,
    /// It cannot be decided.
    Unknown,
    /// The file probably lacks it.
    LikelyMissing,
    /// The file lacks it.
    Missing,
}

/// The answer for a whole article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArticleStatus {
    /// No row applies to a file that is there.
    NotApplicable,
    /// At least one row is fixed, none is missing or unknown.
    Fixed,
    /// As fixed, with at least one row that is only likely.
    LikelyFixed,
    /// It cannot be decided.
    Unknown,
    /// No row is missing, at least one probably is.
    LikelyMissing,
    /// Some rows are fixed, not only by a later service pack, and some missing: half-installed.
    Partial,
    /// At least one row is missing, none is fixed but by a later service pack.
    Missing,
}

impl Verdict {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Fixed => "fixed",
            Self::LikelyFixed => "likely-fixed",
            Self::Unknown => "unknown",
            Self::LikelyMissing => "likely-missing",
            Self::Missing => "missing",
        }
    }
}

impl ArticleStatus {
    /// Every status, worst first.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Partial,
        Self::LikelyMissing,
        Self::Unknown,
        Self::LikelyFixed,
        Self::Fixed,
        Self::NotApplicable,
    ];

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Fixed => "fixed",
            Self::LikelyFixed => "likely-fixed",
            Self::Unknown => "unknown",
            Self::LikelyMissing => "likely-missing",
            Self::Partial => "partial",
            Self::Missing => "missing",
        }
    }

    /// The status of an article from the verdicts of its rows.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        // Most of thousands of verdicts do not apply.
        let seen = verdicts.into_iter().fold(0u8, |seen, verdict| seen | (1 << verdict as u8));
        let has = |verdict: Verdict| seen & (1 << verdict as u8) != 0;
        let (missing, fixed) = (has(Verdict::Missing), has(Verdict::Fixed));
        match () {
            () if missing && fixed => Self::Partial,
            () if missing => Self::Missing,
            () if has(Verdict::LikelyMissing) => Self::LikelyMissing,
            () if has(Verdict::Unknown) => Self::Unknown,
            () if has(Verdict::LikelyFixed) => Self::LikelyFixed,
            () if fixed => Self::Fixed,
            () => Self::NotApplicable,
        }
    }
}
