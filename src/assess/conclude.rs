//! The overall result of all verdicts: counts, completeness, exit code.

use std::collections::BTreeSet;

use super::assessment::{Assessment, Counts, Outcome, Unreadable};
use super::finding::ArticleVerdict;
use super::many::ManyCopies;
use super::open_updates::OpenUpdate;
use super::policy::{FailOn, Policy};
use super::profile::JudgedSystem;
use super::reason::Reason;
use super::relevant::Rest;
use super::required::{RequiredFix, RequiredState};
use super::verdict::ArticleStatus;
use super::waiver::WaiverState;
use crate::inventory::{CopyKind, Entry, Inventory, Unread};

/// The results of the policy that do not belong to a single finding.
pub(super) struct Marks {
    pub waivers: Vec<WaiverState>,
    pub required: Vec<RequiredFix>,
    /// The verdicts on articles without a rating, where ratings were asked for.
    pub unrated: Vec<ArticleVerdict>,
    /// The updates that are not judged.
    pub open_updates: Vec<OpenUpdate>,
    /// The files of which not every copy is judged.
    pub many: Vec<ManyCopies>,
}

/// Counts, completeness and exit code of the verdicts.
pub(super) fn conclude(
    mut articles: Vec<ArticleVerdict>,
    mut marks: Marks,
    systems: Vec<JudgedSystem>,
    rest: &Rest,
    inventory: &Inventory,
    policy: &Policy,
) -> Assessment {
    for article in articles.iter_mut().chain(&mut marks.unrated) {
        if article.findings.iter().any(|f| f.waiver().is_some() || f.known) {
            let open = article.findings.iter().filter(|f| f.waiver().is_none() && !f.known);
            article.open = ArticleStatus::of_findings(open);
        }
    }
    let read = || inventory.entries.iter().filter(|e| e.binary.is_ok());
    // Backups, installation sources and renamed copies are not judged: a tree that contains nothing else is not clean.
    let nothing_judged = read().all(|e| e.copy.is_some());
    // If only some articles were asked for, a file that none of them names does not matter.
    let findings = || articles.iter().flat_map(|a| &a.findings);
    let mut failed: Vec<usize> = findings()
        .filter(|f| f.reason.is_incomplete() && !f.reason.is_unstated())
        .filter_map(|f| f.entry())
        .chain(broken_entries(inventory).filter(|_| policy.only.is_none()))
        .collect();
    failed.sort_unstable();
    failed.dedup();
    let unstated: BTreeSet<usize> = findings().filter(|f| f.reason.is_unstated()).filter_map(|f| f.entry()).collect();
    let same_as = marks.many.iter().flat_map(|many| &many.same_as);
    let unstated_copies: usize = same_as.filter(|(entry, _)| unstated.contains(entry)).map(|(_, same)| same).sum();
    let problems = (0..inventory.problems.len()).map(Unreadable::Problem);
    let of_system =
        |place: usize| (0..inventory.systems[place].problems.len()).map(move |p| Unreadable::Registry(place, p));
    let registry: Vec<Unreadable> = (0..inventory.systems.len()).flat_map(of_system).collect();
    // A damaged backup copy is listed, but no answer depends on it.
    let incomplete = !inventory.problems.is_empty()
        || !registry.is_empty()
        || !unstated.is_empty()
        || marks.many.iter().any(|many| many.others.is_some())
        || failed.iter().any(|&place| inventory.entries[place].copy.is_none());
    let unrated = marks.unrated.iter().filter(|article| policy.fail_on.max(FailOn::Missing).fails(article)).count();
    let outcome = if fails(&articles, &marks, policy) {
        Outcome::Findings
    } else if incomplete || (unrated > 0 && policy.fail_on != FailOn::Never) {
        Outcome::Incomplete
    } else if nothing_judged {
        Outcome::NothingRecognised
    } else {
        Outcome::Clean
    };
    let copies = marks.many.iter().filter_map(|many| many.others.map(|(entry, count)| (entry, count, many.judged)));
    let copies = copies.map(|(entry, count, judged)| Unreadable::Copies { entry, count, judged });
    let mut counts = Counts::of(articles.iter().map(|a| a.status));
    counts.add(ArticleStatus::NotApplicable, rest.not_applicable);
    counts.add(ArticleStatus::Unknown, rest.not_judged.values().sum());
    let not_judged = packs_not_judged(&articles, rest);
    Assessment {
        counts,
        lacking_profile: not_judged.iter().map(|(_, count)| count).sum(),
        profile: if let [only] = systems.as_slice() { only.profile.clone() } else { None },
        not_judged,
        open_updates: marks.open_updates,
        systems,
        waivers: marks.waivers,
        required: marks.required,
        binaries_read: read().map(Entry::count).sum(),
        unreadable: problems.chain(registry).chain(failed.into_iter().map(Unreadable::Entry)).chain(copies).collect(),
        unstated: unstated.len() + unstated_copies,
        incomplete,
        unrated,
        outcome,
        articles,
        many_copies: marks.many,
    }
}

/// How many articles name only a service pack and could not be judged, by reason, in the order of the reasons.
fn packs_not_judged(articles: &[ArticleVerdict], rest: &Rest) -> Vec<(Reason, usize)> {
    let mut counts = rest.not_judged.clone();
    for article in articles.iter().filter(|article| article.lacks_profile()) {
        let reason = article.findings.iter().map(|finding| finding.reason).find(|reason| reason.lacks_profile());
        *counts.entry(reason.unwrap_or(Reason::NoProfile)).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// True if a finding counts for the exit code; with `Never` none does.
fn fails(articles: &[ArticleVerdict], marks: &Marks, policy: &Policy) -> bool {
    let stale = |state: &WaiverState| WaiverState::STALE.contains(state);
    policy.fail_on != FailOn::Never
        && (articles.iter().any(|a| policy.fail_on.fails(a))
            || marks.required.iter().any(|r| r.state == RequiredState::NotIn)
            || (policy.waivers.strict && marks.waivers.iter().any(stale)))
}

/// Files that are damaged or refused, whatever the articles state about them, and binaries whose own name is not known.
fn broken_entries(inventory: &Inventory) -> impl Iterator<Item = usize> {
    let entries = inventory.entries.iter().enumerate();
    let unidentified = |e: &Entry| e.copy == Some(CopyKind::Unidentified);
    entries
        .filter(move |(_, e)| unidentified(e) || e.binary.as_ref().is_err_and(Unread::is_damage))
        .map(|(place, _)| place)
}
