//! Articles with rows that decide nothing for the system, although their text names the service pack that corrects the
//! problem there.

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
    of_system(article, context, explain).collect()
}

/// The finding that answers for rows without a version, if the system has the service pack that corrects the problem. It is
/// only likely, for the files may have been replaced since.
pub(super) fn instead_of_versions(article: &Listed, context: &Context, explain: bool) -> Option<(Finding, Evidence)> {
    if article.service_packs().is_empty() {
        return None;
    }
    let mut of_system = of_system(article, context, explain).peekable();
    of_system.peek()?;
    let mut all: Vec<(Finding, Evidence)> = of_system.collect();
    let has_it = |(finding, _): &(Finding, Evidence)| {
        matches!(finding.reason, Reason::ServicePackInstalled | Reason::KernelOfServicePack)
    };
    if !all.iter().all(has_it) {
        return None;
    }
    let (mut finding, evidence) = all.swap_remove(0);
    finding.reason = Reason::ServicePackHasFix;
    Some((finding, evidence))
}

/// The findings on the service packs of the system's own product.
fn of_system<'a>(
    article: &'a Listed,
    context: &'a Context,
    explain: bool,
) -> impl Iterator<Item = (Finding, Evidence)> + 'a {
    let of_own = |(finding, _): &(Finding, Evidence)| {
        finding.verdict() != Verdict::NotApplicable && finding.reason != Reason::ProductUnknown
    };
    pack::judge(article, context, explain).into_iter().filter(of_own)
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
