//! Files that a package contains as a release or service pack of Windows, of Office or of a component brought them. The fix does not
//! change them, so that they show neither that it is installed nor for which service packs it is.

use super::context::Context;
use super::listed_row::Row;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::FileVersion;
use crate::catalog::Listed;
use crate::knowledge::{VersionOfPack, is_of_component_release, is_of_release, is_vista_or_later, lines_released_on};
use crate::name::key_of;

/// True for a row with the number (6.0.6001.18000, msxml4r.dll 4.10.9404.0) or the day of a release or service pack, or with a
/// number of a service pack of Office while the article has files of that Office from after it.
pub(super) fn is_unchanged(row: &Row, article: &Listed, context: &Context) -> bool {
    row.required().as_ref().is_some_and(|version| {
        // vgx.dll 7.0.6000.16386 is the correction of MS07-004 on Windows XP, not the file of Windows Vista.
        is_of_release(version) && context.line().is_none_or(is_vista_or_later)
            || is_of_component_release(&key_of(&row.file), version)
            || is_of_release_day(row, article, context)
            || is_of_office_pack(row, version, article, context)
    })
}

/// True for a row whose date is the day of a release or service pack of the only Windows that it is for: rrinstaller.exe
/// 11.0.6001.7000 of 2008-01-19 (MS09-047).
fn is_of_release_day(row: &Row, article: &Listed, context: &Context) -> bool {
    row.date.is_some_and(|day| {
        lines_released_on(day).any(|line| match row.section.is_empty() {
            true => context.scope_of(article).is_only(line),
            false => context.headings.scope(&row.section).is_some_and(|scope| scope.is_only(line)),
        })
    })
}

/// True for a file of a service pack of Office, if the article has others from after it: aec.dll 11.0.8161.0 (MS11-008). Where the pack's
/// number is the highest of the article, the pack has the correction (pptview.exe of MS08-051).
fn is_of_office_pack(row: &Row, version: &FileVersion, article: &Listed, context: &Context) -> bool {
    let Some(pack) = VersionOfPack::of(version) else { return false };
    let is_of_line = |row: &Row| {
        row.release(&key_of(&row.file), || context.windows.as_deref(), &context.knowledge.releases)
            .is_some_and(|of| of.line.name() == pack.line())
    };
    let is_after = |row: Row| row.required().is_some_and(|other| pack.is_before(&other)) && is_of_line(&row);
    is_of_line(row) && Row::all(article, &context.headings).any(is_after)
}

/// Sets aside what is fixed by such a row, if the article has rows that the fix changes: Inetres.dll of MS10-030 made it fixed
/// on a Vista without any update. `answers` are those of the article's rows, each with the row's place.
pub(super) fn set_aside<'f>(
    article: &Listed,
    answers: impl Iterator<Item = (usize, &'f mut Reason)>,
    context: &Context,
) {
    let is_fixed = |reason: &Reason| matches!(reason.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
    let mut fixed = answers.filter(|(_, reason)| is_fixed(reason)).peekable();
    let rows = || Row::all(article, &context.headings).filter(|row| row.required().is_some());
    let is_unchanged = |row: &Row| is_unchanged(row, article, context);
    if fixed.peek().is_none() || rows().all(|row| is_unchanged(&row)) {
        return;
    }
    for (place, reason) in fixed {
        if is_unchanged(&Row::of(article, place, &context.headings)) {
            *reason = Reason::UnchangedFile;
        }
    }
}
