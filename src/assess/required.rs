//! Required fixes: is each one installed?

use std::collections::HashSet;

use super::finding::{ArticleVerdict, range};
use super::policy::Policy;
use super::verdict::ArticleStatus;
use crate::KbId;

/// A fix that the policy requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredFix {
    /// The article.
    pub id: KbId,
    /// Its index in the assessment's articles; `None` where the catalogue does not have it.
    pub article: Option<usize>,
    /// Whether it is installed.
    pub state: RequiredState,
}

/// Whether a required fix is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequiredState {
    /// Fixed or likely fixed.
    In,
    /// Not installed, but waived.
    Waived,
    /// Not installed, as in the baseline.
    Known,
    /// Not installed: missing, unknown, not applicable, or not in the catalogue.
    NotIn,
}

impl RequiredState {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Waived => "waived",
            Self::Known => "known",
            Self::NotIn => "not-in",
        }
    }
}

/// The required fixes in the policy's order. With several systems, the one where the fix is furthest from being
/// installed decides.
pub(super) fn check(articles: &[ArticleVerdict], policy: &Policy) -> Vec<RequiredFix> {
    let waivers = &policy.waivers;
    let accepted = waivers.list.iter().filter(|waiver| waiver.path.is_none() && waiver.expires >= waivers.today);
    let accepted: HashSet<KbId> = accepted.map(|waiver| waiver.kb).collect();
    let check = |&id: &KbId| {
        let state = |article| state(id, article, accepted.contains(&id), policy);
        let states = range(articles, id).map(|place| (state(Some(&articles[place])), Some(place)));
        // Of equal states the one that shows most: missing on one system, unknown on another.
        let status = |place: Option<usize>| place.map(|place| articles[place].status);
        let worst = states.rev().max_by_key(|(state, place)| (*state, status(*place)));
        let (state, article) = worst.unwrap_or_else(|| (state(None), None));
        RequiredFix { id, article, state }
    };
    // A bulletin has articles for other systems, too.
    let applies = |id: &KbId| articles[range(articles, *id)].iter().any(|a| a.status != ArticleStatus::NotApplicable);
    let groups = policy.required_together.iter().filter(|group| group.iter().any(applies));
    let others: HashSet<KbId> = groups.flatten().copied().filter(|id| !applies(id)).collect();
    policy.required.iter().flatten().filter(|id| !others.contains(id)).map(check).collect()
}

fn state(id: KbId, article: Option<&ArticleVerdict>, waived: bool, policy: &Policy) -> RequiredState {
    if article.is_some_and(|a| matches!(a.status, ArticleStatus::Fixed | ArticleStatus::LikelyFixed)) {
        return RequiredState::In;
    }
    if waived || article.is_some_and(ArticleVerdict::is_waived) {
        return RequiredState::Waived;
    }
    let known = policy.baseline.as_ref().is_some_and(|b| b.required.contains(&id) || b.unlisted.contains(&id));
    if known || article.is_some_and(ArticleVerdict::is_known) { RequiredState::Known } else { RequiredState::NotIn }
}
