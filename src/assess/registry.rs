//! Contradictions between the registry and the files.

use std::collections::BTreeSet;

use super::assessment::Assessment;
use super::finding::ArticleVerdict;
use super::reason::Reason;
use super::verdict::ArticleStatus;
use crate::KbId;
use crate::inventory::Inventory;
use crate::inventory::system::{HotfixState, System};

/// A claim of the registry that the files contradict, or the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RegistryFinding {
    /// The update is listed as installed, but files of its article are too old: it was installed in part, rolled back
    /// or overwritten.
    ClaimsInstalled {
        /// The index in the assessment's articles.
        article: usize,
        /// The system: an index of the inventory's systems.
        system: usize,
        /// The index in the system's updates.
        hotfix: usize,
    },
    /// Files are exactly those of the article, but no list names it: they were copied by hand, or installed by a
    /// service pack or another update.
    DoesNotList {
        /// The index in the assessment's articles.
        article: usize,
    },
}

impl RegistryFinding {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ClaimsInstalled { .. } => "registry-claims-installed",
            Self::DoesNotList { .. } => "registry-does-not-list",
        }
    }

    /// The sentence of [`ClaimsInstalled`](Self::ClaimsInstalled) where the source is not a registry but a list that
    /// was given.
    pub const PRINTED: &'static str =
        "The list of updates has the fix as installed, but files are older than the fix requires.";

    /// A sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::ClaimsInstalled { .. } => {
                "The registry lists the fix as installed, but files are older than the fix requires."
            }
            Self::DoesNotList { .. } => {
                "The files are exactly those of the fix, but the registry does not list the fix."
            }
        }
    }
}

/// The contradictions between the registry and the files, by article; of several lists that name an update the first
/// counts. Systems whose files are mixed with those of another one are left out, because the files cannot be assigned.
pub fn registry_findings(assessment: &Assessment, inventory: &Inventory) -> Vec<RegistryFinding> {
    let listed = |system: &System| -> BTreeSet<KbId> {
        let named = system.hotfixes.iter().filter(|h| h.is_claimed() || h.state == HotfixState::Superseded);
        named.filter_map(|h| h.id).collect()
    };
    let registries: Vec<Option<(usize, BTreeSet<KbId>)>> = assessment
        .systems
        .iter()
        .map(|system| match system.territory.systems.as_slice() {
            &[place] => Some((place, listed(&inventory.systems[place]))),
            _ => None,
        })
        .collect();
    let finding = |(place, article): (usize, &ArticleVerdict)| {
        let (of, listed) = registries.get(article.system)?.as_ref()?;
        let system = &inventory.systems[*of];
        match article.status {
            ArticleStatus::Missing | ArticleStatus::Partial => {
                let claim = system.hotfixes.iter().position(|h| h.id == Some(article.id) && h.is_claimed());
                claim.map(|hotfix| RegistryFinding::ClaimsInstalled { article: place, system: *of, hotfix })
            }
            // Later files are not reported: later updates bring them, and the lists then name only these updates.
            ArticleStatus::Fixed if exact(article) && !listed.contains(&article.id) && reads_lists(system) => {
                Some(RegistryFinding::DoesNotList { article: place })
            }
            _ => None,
        }
    };
    assessment.articles.iter().enumerate().filter_map(finding).collect()
}

fn exact(article: &ArticleVerdict) -> bool {
    article.findings.iter().any(|finding| finding.reason == Reason::VersionEqual)
}

/// True if the registry was read completely: otherwise its unread part may list the update.
fn reads_lists(system: &System) -> bool {
    system.problems.is_empty() && system.facts.current_version.is_some()
}
