//! Rows without a version on a system that has the service pack which corrects the problem (issue 13).

use super::context::Context;
use super::pack;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::catalog::Listed;

/// Rows that nothing decides, because the article prints no version for them, are answered by the article's service pack:
/// Q196616 lists files of IIS 4.0 with size and date alone, and was "first corrected in Windows NT 4.0 Service Pack 5".
pub(super) fn settle<'a>(article: &Listed, answers: impl Iterator<Item = &'a mut Reason>, context: &Context) {
    if article.service_packs().is_empty() {
        return;
    }
    let mut has_pack = None;
    for reason in answers.filter(|reason| **reason == Reason::NoVersionInArticle) {
        if *has_pack.get_or_insert_with(|| is_installed(article, context)) {
            *reason = Reason::FileOfServicePack;
        }
    }
}

/// True if the system has a service pack that corrects the problem, and lacks none.
fn is_installed(article: &Listed, context: &Context) -> bool {
    let packs = pack::judge(article, context, false);
    let mut verdicts = packs.iter().map(|(finding, _)| finding.verdict()).filter(|v| *v != Verdict::NotApplicable);
    let is_fixed = |verdict| matches!(verdict, Verdict::Fixed | Verdict::LikelyFixed);
    verdicts.next().is_some_and(is_fixed) && verdicts.all(is_fixed)
}
