//! Articles whose rows are all for other systems, although their text names the service pack that corrects the problem on
//! this one.

use super::context::Context;
use super::evidence::Evidence;
use super::finding::Finding;
use super::listed_row::Row;
use super::pack;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::catalog::Listed;
use crate::name::key_of;

/// The findings on the article's service packs for the system, if all its rows are for other systems: Q214488 has files of
/// Windows 2000 and "first corrected in Terminal Server Edition Service Pack 4". None if a row may be for the system.
pub(super) fn alone(article: &Listed, context: &Context, explain: bool) -> Vec<(Finding, Evidence)> {
    if article.service_packs().is_empty() || may_have_row(article, context) {
        return Vec::new();
    }
    let of_own = |(finding, _): &(Finding, Evidence)| {
        finding.verdict() != Verdict::NotApplicable && finding.reason != Reason::ProductUnknown
    };
    pack::judge(article, context, explain).into_iter().filter(of_own).collect()
}

/// True if a row names the system in its heading, or names none and has a number of no other Windows.
fn may_have_row(article: &Listed, context: &Context) -> bool {
    let Some((profile, own)) = context.profile.as_ref().zip(context.line()) else { return true };
    Row::all(article, &context.headings).any(|row| {
        let release = || row.release(&key_of(&row.file), || context.windows.as_deref(), &context.knowledge.releases);
        let is_own = |release: &crate::knowledge::Release| release.line == profile.line;
        match context.headings.scope(&row.section).filter(|scope| !scope.lines.is_empty() || scope.others) {
            Some(scope) => scope.lines.contains(own) || release().as_ref().is_some_and(is_own),
            None => release().is_none_or(|release| !release.known || is_own(&release)),
        }
    })
}
