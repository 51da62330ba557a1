//! Files that a package contains as a release or service pack of Windows brought them. The fix does not change them, so that
//! they show neither that it is installed nor for which service packs it is.

use super::context::Context;
use super::listed_row::Row;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::catalog::Listed;
use crate::knowledge::is_of_release;

/// True for a row whose number is that of a release or service pack: 6.0.6001.18000.
pub(super) fn is_unchanged(row: &Row) -> bool {
    row.required().as_ref().is_some_and(is_of_release)
}

/// Sets aside what is fixed by such a row, if the article has rows that the fix changes: Inetres.dll of MS10-030 made it fixed
/// on a Vista without any update. `answers` are those of the article's rows, each with the row's place.
pub(super) fn set_aside<'f>(
    article: &Listed,
    answers: impl Iterator<Item = (usize, &'f mut Reason)>,
    context: &Context,
) {
    let rows = || Row::all(article, &context.headings).filter(|row| row.required().is_some());
    if rows().all(|row| !is_unchanged(&row)) || rows().all(|row| is_unchanged(&row)) {
        return;
    }
    for (place, reason) in answers {
        let is_fixed = matches!(reason.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
        if is_fixed && is_unchanged(&Row::of(article, place, &context.headings)) {
            *reason = Reason::UnchangedFile;
        }
    }
}
