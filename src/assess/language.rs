//! Which rows speak of a file's language.

use super::Context;
use hotfixcheck_articles::Fix;
use hotfixcheck_winfiles::binary::VersionInfo;

/// For each row, whether it speaks of a file with this version resource: a row of another language only for files of
/// that language; a row for English files also for those, as long as the article has none of their own, because
/// localised builds carry the English build's version.
pub(super) fn speak(rows: &[&Fix], version: Option<&VersionInfo>, context: &Context) -> Vec<bool> {
    let fits = |word: &str| version.is_some_and(|v| context.knowledge.languages.fits(word, v));
    let own = rows.iter().any(|row| row.language.as_deref().is_some_and(fits));
    rows.iter().map(|row| row.language.as_deref().map_or(!own, fits)).collect()
}
