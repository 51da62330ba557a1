//! The baseline: an earlier report, whose findings are not new.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use super::finding::ArticleVerdict;
use super::fingerprint::{fingerprints_in, uri};
use super::profile::JudgedSystem;
use super::verdict::{ArticleStatus, Verdict};
use super::waiver;
use crate::KbId;
use crate::catalog::Catalog;
use crate::inventory::{Inventory, RelativePath};

/// The findings of an earlier report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The trees that the report is about, as it spells them.
    pub trees: Vec<String>,
    /// What was missing, likely missing or unknown, by [fingerprint](super::fingerprints); nothing that was waived.
    pub findings: HashMap<String, Verdict>,
    /// The articles that were missing but not listed, because others contain them.
    pub unlisted: BTreeSet<KbId>,
    /// The required fixes that were not installed.
    pub required: BTreeSet<KbId>,
}

impl Baseline {
    /// The stable code of the warning that the baseline is of another tree.
    pub const OTHER_TREE: &str = "baseline-other-tree";
    /// The warning in a sentence.
    pub const OTHER_TREE_DESCRIPTION: &str =
        "The baseline is a report of another tree. Files are compared by their paths below the tree.";

    /// True if the report is about these trees, by their spelling.
    pub fn is_of(&self, roots: &[PathBuf]) -> bool {
        let same = |(tree, root): (&String, &PathBuf)| same_tree(tree, &root.to_string_lossy());
        self.trees.len() == roots.len() && self.trees.iter().zip(roots).all(same)
    }

    /// For each tree its index in the report. Trees are matched by path, in any order; the remaining ones are paired in
    /// their order, because an image may have been moved. A tree that is left over gets an index that no report uses.
    fn places(&self, roots: &[PathBuf]) -> Vec<usize> {
        let of = |root: &PathBuf| self.trees.iter().position(|tree| same_tree(tree, &root.to_string_lossy()));
        let named: Vec<Option<usize>> = roots.iter().map(of).collect();
        let mut left = (0..self.trees.len()).filter(|place| !named.contains(&Some(*place)));
        named.iter().map(|place| place.or_else(|| left.next()).unwrap_or(self.trees.len())).collect()
    }

    /// The paths of files in its findings, as [`Self::spelt`] writes them.
    pub(crate) fn paths(&self) -> HashSet<&str> {
        // A fingerprint has the path after the article, and before it the number of its tree if that is not the first.
        let subjects = self.findings.keys().filter_map(|print| print.split('|').nth(1));
        subjects.map(|subject| subject.split_once(':').map_or(subject, |(_, path)| path)).collect()
    }

    /// A path as in fingerprints.
    pub(crate) fn spelt(path: &RelativePath) -> String {
        let bytes: Vec<u8> = path.as_bytes().iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
        uri(&bytes).to_lowercase()
    }

    /// True if the baseline has the finding, with the same or a worse verdict.
    pub fn knows(&self, article: KbId, fingerprint: &str, verdict: Verdict) -> bool {
        self.unlisted.contains(&article) || self.findings.get(fingerprint).is_some_and(|was| *was >= verdict)
    }
}

/// True if two spellings name one folder: `\\` is `/`, and on a drive case does not matter.
pub(crate) fn same_tree(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// The path with `/` between folders; of one on a drive in lower case.
pub(super) fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.as_bytes().get(1) == Some(&b':') { path.to_lowercase() } else { path.to_owned() }
}

/// Marks the findings that are in the baseline.
pub(super) fn apply(
    articles: &mut [ArticleVerdict],
    systems: &[JudgedSystem],
    catalog: &Catalog,
    inventory: &Inventory,
    baseline: &Baseline,
) {
    let places = baseline.places(&inventory.roots);
    let place_of = |root: usize| places.get(root).copied().unwrap_or(root);
    for verdict in articles {
        if !verdict.findings.iter().any(|f| waiver::is_open(f.verdict())) {
            continue;
        }
        let prints = fingerprints_in(verdict, &catalog.articles()[verdict.article], inventory, systems, &place_of);
        for (finding, print) in verdict.findings.iter_mut().zip(prints) {
            let open = waiver::is_open(finding.verdict());
            finding.known = open && baseline.knows(verdict.id, &print, finding.verdict());
        }
    }
}

impl ArticleVerdict {
    /// True if nothing missing, likely missing or (where that was all) unknown is new.
    pub fn is_known(&self) -> bool {
        let rest = ArticleStatus::of_findings(self.findings.iter().filter(|f| !f.known));
        rest != self.status && rest < ArticleStatus::LikelyMissing
    }
}
