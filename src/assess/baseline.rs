//! What an earlier report knew: only what is new is a finding.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use super::{ArticleStatus, ArticleVerdict, Finding, Verdict, fingerprints, waiver};
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::Inventory;

/// The findings of an earlier report, as far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The trees that the report is about, as it spells them.
    pub trees: Vec<String>,
    /// What was missing, likely missing or unknown, by [fingerprint](super::fingerprints); nothing that was waived.
    pub findings: HashMap<String, Verdict>,
    /// The articles that were missing without being listed, because others bring what they ask for.
    pub unlisted: BTreeSet<KbId>,
    /// The required fixes that were not in.
    pub required: BTreeSet<KbId>,
}

impl Baseline {
    /// The stable code of the warning that the baseline is another tree's.
    pub const OTHER_TREE: &str = "baseline-other-tree";
    /// The warning in a sentence.
    pub const OTHER_TREE_DESCRIPTION: &str =
        "The baseline is a report of another tree: files are compared by their paths below.";

    /// True if the report is about these trees, as far as spelling tells.
    pub fn is_of(&self, roots: &[PathBuf]) -> bool {
        let same = |(tree, root): (&String, &PathBuf)| same_tree(tree, &root.to_string_lossy());
        self.trees.len() == roots.len() && self.trees.iter().zip(roots).all(same)
    }

    /// True if the finding was there, and no better than it is.
    pub fn knows(&self, article: KbId, fingerprint: &str, verdict: Verdict) -> bool {
        self.unlisted.contains(&article) || self.findings.get(fingerprint).is_some_and(|was| *was >= verdict)
    }
}

/// True if two spellings name one folder, as far as spelling tells: `\\` is `/`, and on a drive case says nothing.
pub(crate) fn same_tree(one: &str, other: &str) -> bool {
    let plain = |path: &str| {
        let path = path.replace('\\', "/");
        let path = path.trim_start_matches("./").trim_end_matches('/');
        if path.as_bytes().get(1) == Some(&b':') { path.to_lowercase() } else { path.to_owned() }
    };
    plain(one) == plain(other)
}

/// Marks the findings that the baseline knows.
pub(super) fn apply(articles: &mut [ArticleVerdict], catalog: &Catalog, inventory: &Inventory, baseline: &Baseline) {
    for verdict in articles {
        if !verdict.findings.iter().any(|f| waiver::is_open(f.verdict())) {
            continue;
        }
        let prints = fingerprints(verdict, &catalog.articles()[verdict.article], inventory);
        for (finding, print) in verdict.findings.iter_mut().zip(prints) {
            let open = waiver::is_open(finding.verdict());
            finding.known = open && baseline.knows(verdict.id, &print, finding.verdict());
        }
    }
}

impl ArticleVerdict {
    /// True if the baseline leaves nothing of it that is newly missing or likely missing, or that newly cannot be told
    /// where that was all.
    pub fn is_known(&self) -> bool {
        let rest = ArticleStatus::of(self.findings.iter().filter(|f| !f.known).map(Finding::verdict));
        rest != self.status && rest < ArticleStatus::LikelyMissing
    }
}
