//! Articles whose product list names the system, while none of their rows is for it: their page has no table for this
//! system, or only links to one. Whether the correction is installed is not known.

use super::context::Context;
use super::listed_row::Row;
use crate::catalog::Listed;
use crate::name::key_of;

/// True if the product list names the system, no row is for it, and no other article of the bulletin that was read has
/// a row for it. If another one has, the product list is that of the bulletin, and the other is the system's article.
pub(super) fn has_no_row_for_system(article: &Listed, context: &Context) -> bool {
    if !names_system(article, context) || has_row_for_system(article, context) {
        return false;
    }
    let is_sibling = |other: &Listed| {
        other.id != article.id && other.bulletins().iter().any(|bulletin| article.bulletins().contains(bulletin))
    };
    if article.bulletins().is_empty() {
        return true;
    }
    let mut siblings = context.catalog.articles().iter().filter(|other| is_sibling(other));
    !siblings.any(|other| has_row_for_system(other, context))
}

/// True if the product list names the system, including its service pack or build where the list names any.
pub(super) fn names_system(article: &Listed, context: &Context) -> bool {
    let Some((profile, own)) = context.profile.as_ref().zip(context.line()) else { return false };
    let scope = context.scope_of(article);
    let has_pack = match (scope.packs_of(own), &profile.pack) {
        (Some(packs), Some(pack)) => packs.contains(pack.name()),
        _ => true,
    };
    scope.lines.contains(own) && has_pack && context.is_of_builds(&scope) && context.is_of_edition(&scope)
}

/// True if a row has no heading for particular systems, its heading names the system, or its version is of the system's
/// own line.
fn has_row_for_system(article: &Listed, context: &Context) -> bool {
    let Some((profile, own)) = context.profile.as_ref().zip(context.line()) else { return false };
    Row::all(article, &context.headings).any(|row| {
        let heading = context.headings.scope(&row.section);
        let Some(heading) = heading.filter(|scope| !scope.lines.is_empty() || scope.others) else { return true };
        let release = || row.release(&key_of(&row.file), || context.windows.as_deref(), &context.knowledge.releases);
        heading.lines.contains(own) || release().is_some_and(|release| release.line == profile.line)
    })
}
