//! Systems that take hotpatches: their builds lie between those of the monthly updates.
//!
//! A hotpatch has the corrections of its month, and of those since the last baseline, without their builds. The monthly update
//! itself is not there, so that it is neither installed nor missing.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::catalog::Catalog;
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::HOTPATCH;

/// Hotpatches begin anew with the updates of these months.
/// <https://learn.microsoft.com/windows-server/get-started/hotpatch>
const BASELINES: [i8; 4] = [1, 4, 7, 10];
/// Days of the month on which these updates are released: the second Tuesday.
const SECOND_TUESDAY: RangeInclusive<i8> = 8..=14;

/// The monthly updates, by revision, of which a hotpatched system has the corrections or a part of them; `None` for one that was
/// not hotpatched. `own` is its revision, `revision_of` that of a build of its number.
pub(super) fn covered(
    own: u32,
    product: &str,
    revision_of: impl Fn(&Build) -> Option<u32>,
    catalog: &Catalog,
) -> Option<RangeInclusive<u32>> {
    let hotpatch = format!("{product}{HOTPATCH}");
    let revision = |product: &str, article: &Article| {
        article.builds.iter().filter(|build| &*build.product == product).find_map(&revision_of)
    };
    let is_hotpatch = |article: &Article| revision(&hotpatch, article) == Some(own);
    if !catalog.articles().iter().any(|article| is_hotpatch(article)) {
        return None;
    }
    let of = |article: &Article| Some((revision(product, article)?, is_baseline(article)));
    let updates: BTreeSet<(u32, bool)> = catalog.articles().iter().filter_map(|article| of(article)).collect();
    let before = updates.iter().rev().find(|(revision, baseline)| *baseline && *revision <= own);
    let first = before.map_or(0, |(revision, _)| revision + 1);
    let last = updates.iter().map(|(revision, _)| *revision).find(|revision| *revision > own);
    Some(first..=last.unwrap_or(own))
}

/// True for a security update of a month with which hotpatches begin anew.
fn is_baseline(article: &Article) -> bool {
    let is_day = |day: jiff::civil::Date| BASELINES.contains(&day.month()) && SECOND_TUESDAY.contains(&day.day());
    !article.cves.is_empty() && article.last_modified.is_some_and(is_day)
}
