//! Which findings a report shows, and which articles must be installed: the same in every format.

use std::collections::HashMap;

use super::view::{ArticleView, FileView, FindingView, RequiredView, View};
use crate::KbId;
use crate::assess::{ArticleStatus, Verdict};

/// The findings of an article to show: those that are missing, or with `--all` all that apply; at least one, so that
/// the article appears.
pub(super) fn findings<'a>(view: &View, article: &'a ArticleView) -> Vec<&'a FindingView> {
    let to_do = |f: &&FindingView| matches!(f.verdict, Verdict::Missing | Verdict::LikelyMissing);
    let applies = |f: &&FindingView| f.verdict != Verdict::NotApplicable;
    let found: Vec<&FindingView> = if view.options.all {
        article.findings.iter().filter(applies).collect()
    } else {
        article.findings.iter().filter(to_do).collect()
    };
    if !found.is_empty() {
        return without_repeats(found);
    }
    let any = article.findings.iter().filter(applies).collect::<Vec<_>>();
    if any.is_empty() { article.findings.iter().collect() } else { without_repeats(any) }
}

/// Removes rows with the same statement about the same file: an article lists a file once for each package with it.
fn without_repeats(findings: Vec<&FindingView>) -> Vec<&FindingView> {
    let mut kept_alike: HashMap<(&FileView, &str), Vec<&FindingView>> = HashMap::new();
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        if let (Some(file), RequiredView::File(fix), Some(_)) = (&finding.file, &finding.required, &finding.compared) {
            let alike = kept_alike.entry((file, fix.version.as_deref().unwrap_or_default())).or_default();
            if alike.iter().any(|other| says_the_same(other, finding)) {
                continue;
            }
            alike.push(finding);
        }
        kept.push(finding);
    }
    kept
}

/// True if two findings state the same; both are about one file and require the same version of it.
fn says_the_same(one: &FindingView, other: &FindingView) -> bool {
    let of = |finding: &FindingView| (finding.verdict, finding.reason, finding.known);
    of(one) == of(other)
        && (&one.compared, &one.release, &one.waiver) == (&other.compared, &other.release, &other.waiver)
}

/// True for an article that must be installed on its system: missing there, not waived, and not contained in another
/// one.
pub(super) fn is_to_install(article: &ArticleView) -> bool {
    article.install.is_some()
}

/// True for an article that is missing, half-installed or likely missing.
pub(super) fn is_missing(article: &ArticleView) -> bool {
    matches!(article.status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing)
}

/// The article at the end of the chain that supersedes this one.
pub(super) fn superseded_by(view: &View, article: &ArticleView) -> Option<KbId> {
    let mut by = *article.superseded_by.first()?;
    // A report lists each article once: more steps than articles would mean a circle.
    for _ in 0..view.articles.len() {
        let same = |other: &&ArticleView| other.id == by && other.system == article.system;
        let next = view.articles.iter().find(same).and_then(|other| other.superseded_by.first());
        let Some(&next) = next else { break };
        by = next;
    }
    Some(by)
}
