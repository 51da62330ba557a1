//! `docs/verdicts.md` and the reason codes agree.

use std::collections::BTreeSet;

use hotfixcheck::assess::{
    ArticleStatus, Baseline, CopyWarning, JudgedSystem, ManyCopies, OpenUpdate, Reason, RegistryFinding, WaiverState,
};
use hotfixcheck::inventory::Inventory;
use hotfixcheck::report::RunNote;

const DOCS: &str = include_str!("../../docs/verdicts.md");

/// The cells of the table below a heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let section = DOCS.split("\n## ").find(|s| s.starts_with(heading)).unwrap();
    let rows = section
        .lines()
        .filter(|l| l.starts_with("| ") && !["| code", "| status", "| warning"].iter().any(|head| l.starts_with(head)));
    rows.map(|l| l.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_reason_is_documented_as_it_is() {
    let documented: Vec<Vec<&str>> = table("Reason codes");
    let expected: Vec<Vec<String>> = Reason::ALL
        .iter()
        .map(|r| {
            let mark = if r.is_incomplete() { "*" } else { "" };
            let code = format!("`{}`{mark}", r.code());
            [&code, r.verdict().name(), r.rule().name(), r.description()].map(str::to_owned).to_vec()
        })
        .collect();
    assert_eq!(documented, expected);
}

#[test]
fn every_status_is_documented() {
    let documented: Vec<&str> = table("Articles").iter().map(|r| r[0].trim_matches('`')).collect();
    let expected: Vec<&str> = ArticleStatus::ALL.iter().map(|s| s.name()).collect();
    assert_eq!(documented, expected);
}

#[test]
fn every_warning_is_documented_as_it_is() {
    let registry = [
        RegistryFinding::ClaimsInstalled { article: 0, system: 0, hotfix: 0 },
        RegistryFinding::DoesNotList { article: 0 },
    ];
    let copies = [
        CopyWarning::CacheOlder { active: 0, copy: 0 },
        CopyWarning::RenameOlder { active: 0, copy: 0 },
        CopyWarning::DeletePending { active: 0 },
    ];
    let expected = registry.map(|f| (f.code(), f.description())).into_iter();
    let doubts = [
        (JudgedSystem::DOUBTFUL, JudgedSystem::DOUBTFUL_DESCRIPTION),
        (Inventory::DOUBTFUL, Inventory::DOUBTFUL_DESCRIPTION),
        (ManyCopies::NOT_LISTED, ManyCopies::NOT_LISTED_DESCRIPTION),
        (OpenUpdate::NOT_JUDGED, OpenUpdate::NOT_JUDGED_DESCRIPTION),
    ];
    let notes = [RunNote::Replaced(String::new())];
    let notes = notes.iter().map(|note| (note.code(), note.description()));
    let expected = expected.chain(doubts).chain(notes).chain(copies.map(|c| (c.code(), c.description())));
    let waivers = WaiverState::STALE.map(|state| (state.code().unwrap(), state.description()));
    let baseline = [(Baseline::OTHER_TREE, Baseline::OTHER_TREE_DESCRIPTION)];
    let expected: Vec<_> = expected.chain(waivers).chain(baseline).collect();
    let documented: Vec<_> = table("Warnings").iter().map(|r| (r[0].trim_matches('`'), r[1])).collect();
    assert_eq!(documented, expected);
}

#[test]
fn codes_are_distinct_and_in_kebab_case() {
    let codes: BTreeSet<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
}
