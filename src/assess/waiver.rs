//! Waivers: findings that are accepted until a day.

use std::ops::Range;

use jiff::civil::Date;

use super::finding::{ArticleVerdict, range};
use super::verdict::{ArticleStatus, Verdict};
use crate::KbId;
use crate::inventory::{Entry, Inventory, PathGlob};

/// A fix that may be missing until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The article.
    pub kb: KbId,
    /// Only findings about files of these paths; all findings of the article where `None`.
    pub path: Option<PathGlob>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is accepted.
    pub expires: Date,
    /// Where it is defined: `hotfixcheck.toml:12`.
    pub source: String,
}

/// The waivers of a policy, and the day on which they are checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waivers {
    /// The waivers; of several that match a finding, the first that has not expired counts.
    pub list: Vec<Waiver>,
    /// The day of the assessment.
    pub today: Date,
    /// Whether a waiver that has expired or matches nothing is a finding.
    pub strict: bool,
    /// Waivers of the list that are one in the configuration, for the articles of a bulletin or vulnerability: if one of them
    /// matches a finding, the others need not.
    pub together: Vec<Range<usize>>,
}

/// The result of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaiverState {
    /// It matches at least one finding.
    Used,
    /// Its article was not asked for.
    NotAsked,
    /// It has expired and is ignored.
    Expired,
    /// It matches no finding.
    Unmatched,
}

impl WaiverState {
    /// The states for which there is a warning, and which are findings where the policy is strict.
    pub const STALE: [Self; 2] = [Self::Expired, Self::Unmatched];

    /// The stable code of the warning; `None` where there is no warning.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Used | Self::NotAsked => None,
            Self::Expired => Some("waiver-expired"),
            Self::Unmatched => Some("waiver-unmatched"),
        }
    }

    /// A sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::Used => "The waiver is used.",
            Self::NotAsked => "The waiver's article was not asked for.",
            Self::Expired => "The waiver has expired and is ignored.",
            Self::Unmatched => {
                "The waiver matches nothing. The fix is installed or does not apply, or the id or path is wrong."
            }
        }
    }
}

/// True for the verdicts that a waiver can accept.
pub(super) fn is_open(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Missing | Verdict::LikelyMissing | Verdict::Unknown)
}

/// Marks the findings that are waived; returns the result of each waiver.
pub(super) fn apply(
    articles: &mut [ArticleVerdict],
    inventory: &Inventory,
    waivers: &Waivers,
    asks_for: impl Fn(KbId) -> bool,
) -> Vec<WaiverState> {
    let state = |(place, waiver): (usize, &Waiver)| {
        if !asks_for(waiver.kb) {
            return WaiverState::NotAsked;
        }
        if waiver.expires < waivers.today {
            return WaiverState::Expired;
        }
        let own = range(articles, waiver.kb);
        let mut state = WaiverState::Unmatched;
        for finding in articles[own].iter_mut().flat_map(|a| &mut a.findings).filter(|f| is_open(f.verdict())) {
            let entry = finding.entry().map(|entry| &inventory.entries[entry]);
            let is_at = |glob: &PathGlob, entry: &Entry| {
                glob.matches_file(&entry.path, &inventory.lasting_path(entry.root, &entry.path))
            };
            let matches = waiver.path.as_ref().is_none_or(|glob| entry.is_some_and(|entry| is_at(glob, entry)));
            if matches {
                state = WaiverState::Used;
                finding.waive(place);
            }
        }
        state
    };
    let mut states: Vec<WaiverState> = waivers.list.iter().enumerate().map(state).collect();
    for places in &waivers.together {
        let Some(of_one) = states.get_mut(places.clone()) else { continue };
        let is_used = of_one.contains(&WaiverState::Used);
        let kept = of_one.iter().position(|state| *state != WaiverState::NotAsked).unwrap_or_default();
        // One warning is enough if none of them matches.
        for (place, state) in of_one.iter_mut().enumerate() {
            if *state != WaiverState::Used && (is_used || place != kept) {
                *state = WaiverState::NotAsked;
            }
        }
    }
    states
}

impl ArticleVerdict {
    /// True if nothing missing, likely missing or (where that was all) unknown is left without a waiver.
    pub fn is_waived(&self) -> bool {
        let rest = ArticleStatus::of_findings(self.findings.iter().filter(|f| f.waiver().is_none()));
        rest != self.status && rest < ArticleStatus::LikelyMissing
    }
}
