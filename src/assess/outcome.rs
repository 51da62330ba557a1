//! What an assessment comes to: counts, completeness, exit code.

use std::collections::BTreeSet;

use super::{
    ArticleStatus, ArticleVerdict, Assessment, Counts, Finding, Marks, Policy, Profile, RequiredState, Unreadable,
    WaiverState,
};
use crate::inventory::{CopyKind, Entry, Inventory};
use hotfixcheck_winfiles::binary::BinaryError;

/// From which verdict on an article is a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailOn {
    /// Never.
    Never,
    /// Missing and half-installed fixes.
    #[default]
    Missing,
    /// Also those that are probably missing.
    LikelyMissing,
    /// Also those that cannot be told.
    Unknown,
}

impl FailOn {
    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Missing => "missing",
            Self::LikelyMissing => "likely-missing",
            Self::Unknown => "unknown",
        }
    }

    /// True if an article is a finding, as far as it is neither waived nor known. One that only wants a system profile
    /// is none.
    pub fn fails(self, article: &ArticleVerdict) -> bool {
        match article.open {
            ArticleStatus::Missing | ArticleStatus::Partial => self >= Self::Missing,
            ArticleStatus::LikelyMissing => self >= Self::LikelyMissing,
            ArticleStatus::Unknown => self >= Self::Unknown && !article.lacks_profile(),
            _ => false,
        }
    }
}

/// What an assessment comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was judged and nothing was found.
    Clean,
    /// At least one article is a finding.
    Findings,
    /// No findings, but something could not be read.
    Incomplete,
    /// Nothing to judge: no Windows binary that the catalogue knows was found, or only copies that do not run.
    NothingRecognised,
}

impl Outcome {
    /// The exit code; 2 belongs to runs that end without an assessment.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Incomplete => 3,
            Self::NothingRecognised => 4,
        }
    }

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
            Self::NothingRecognised => "nothing-recognised",
        }
    }
}

/// Draws the conclusions from the articles' verdicts.
pub(super) fn conclude(
    mut articles: Vec<ArticleVerdict>,
    marks: Marks,
    profile: Option<Profile>,
    inventory: &Inventory,
    policy: &Policy,
) -> Assessment {
    for article in &mut articles {
        if article.findings.iter().any(|f| f.waiver.is_some() || f.known) {
            let open = article.findings.iter().filter(|f| f.waiver.is_none() && !f.known);
            article.open = ArticleStatus::of(open.map(Finding::verdict));
        }
    }
    let read = || inventory.entries.iter().filter(|e| e.binary.is_ok());
    // Backups, installation sources and renamed copies are never judged: a tree of nothing else is not in order.
    let nothing_judged = read().all(|e| e.copy.is_some());
    // Asked for some articles only, a file that none of them names does not matter.
    let findings = || articles.iter().flat_map(|a| &a.findings);
    let mut failed: Vec<usize> = findings()
        .filter(|f| f.reason.is_incomplete() && !f.reason.is_untold())
        .filter_map(|f| f.entry)
        .chain(broken_entries(inventory).filter(|_| policy.only.is_none()))
        .collect();
    failed.sort_unstable();
    failed.dedup();
    let untold: BTreeSet<usize> = findings().filter(|f| f.reason.is_untold()).filter_map(|f| f.entry).collect();
    let problems = (0..inventory.problems.len()).map(Unreadable::Problem);
    let of_system =
        |place: usize| (0..inventory.systems[place].problems.len()).map(move |p| Unreadable::Registry(place, p));
    let registry: Vec<Unreadable> = (0..inventory.systems.len()).flat_map(of_system).collect();
    // A broken backup copy is named, but the answer does not depend on it.
    let incomplete = !inventory.problems.is_empty()
        || !registry.is_empty()
        || !untold.is_empty()
        || failed.iter().any(|&place| inventory.entries[place].copy.is_none());
    let outcome = if fails(&articles, &marks, policy) {
        Outcome::Findings
    } else if incomplete {
        Outcome::Incomplete
    } else if nothing_judged {
        Outcome::NothingRecognised
    } else {
        Outcome::Clean
    };
    Assessment {
        counts: Counts::of(articles.iter().map(|a| a.status)),
        lacking_profile: articles.iter().filter(|a| a.lacks_profile()).count(),
        profile,
        waivers: marks.waivers,
        required: marks.required,
        binaries_read: read().count(),
        unreadable: problems.chain(registry).chain(failed.into_iter().map(Unreadable::Entry)).collect(),
        untold: untold.len(),
        incomplete,
        outcome,
        articles,
    }
}

/// True if there is something that the policy calls a finding; under `Never` there is none.
fn fails(articles: &[ArticleVerdict], marks: &Marks, policy: &Policy) -> bool {
    let stale = |state: &WaiverState| WaiverState::STALE.contains(state);
    policy.fail_on != FailOn::Never
        && (articles.iter().any(|a| policy.fail_on.fails(a))
            || marks.required.iter().any(|r| r.state == RequiredState::NotIn)
            || (policy.waivers.strict && marks.waivers.iter().any(stale)))
}

/// Files that are damaged or refused, whatever the articles expect of them; binaries that do not tell what they are.
fn broken_entries(inventory: &Inventory) -> impl Iterator<Item = usize> {
    let broken = |error: &BinaryError| {
        use BinaryError::{Corrupt, Io, Packed, Truncated};
        matches!(error, Truncated { .. } | Corrupt(_) | Packed(_) | Io(_))
    };
    let entries = inventory.entries.iter().enumerate();
    let unidentified = |e: &Entry| e.copy == Some(CopyKind::Unidentified);
    entries.filter(move |(_, e)| unidentified(e) || e.binary.as_ref().is_err_and(broken)).map(|(place, _)| place)
}
