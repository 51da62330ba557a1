//! What an earlier report knew: only what is new is a finding.

use std::collections::{BTreeSet, HashMap};

use super::{ArticleStatus, ArticleVerdict, Finding, Verdict, fingerprints, waiver};
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::Inventory;

/// The findings of an earlier report, as far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// What was missing, likely missing or unknown, by [fingerprint](super::fingerprints); nothing that was waived.
    pub findings: HashMap<String, Verdict>,
    /// The articles that were missing without being listed, because others bring what they ask for.
    pub unlisted: BTreeSet<KbId>,
    /// The required fixes that were not in.
    pub required: BTreeSet<KbId>,
}

impl Baseline {
    /// True if the finding was there, and no better than it is.
    pub fn knows(&self, article: KbId, fingerprint: &str, verdict: Verdict) -> bool {
        self.unlisted.contains(&article) || self.findings.get(fingerprint).is_some_and(|was| *was >= verdict)
    }
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
