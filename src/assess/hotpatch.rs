//! Systems that receive hotpatches: their builds lie between those of the monthly updates.
//!
//! A hotpatch has the corrections of its month and of the months since the last baseline, without their builds. The
//! monthly update itself is then neither installed nor missing.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::catalog::{Catalog, Listed};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::HOTPATCH;

/// Months whose updates start a new hotpatch baseline.
/// <https://learn.microsoft.com/windows-server/get-started/hotpatch>
const BASELINES: [i8; 4] = [1, 4, 7, 10];
/// Days of the month on which these updates can be released: the second Tuesday.
const SECOND_TUESDAY: RangeInclusive<i8> = 8..=14;

/// The revisions whose monthly updates a hotpatched system has in full or in part; `None` for a system that was not
/// hotpatched. `own` is its revision; `revision_of` gives the revision of a build with the same number.
pub(super) fn covered(
    own: u32,
    product: &str,
    revision_of: impl Fn(&Build) -> Option<u32>,
    catalog: &Catalog,
) -> Option<RangeInclusive<u32>> {
    let hotpatch = format!("{product}{HOTPATCH}");
    let revision = |product: &str, article: &Listed| {
        article.builds().iter().filter(|build| &*build.product == product).find_map(&revision_of)
    };
    let is_hotpatch = |article: &Listed| revision(&hotpatch, article) == Some(own);
    if !catalog.articles().iter().any(|article| is_hotpatch(article)) {
        return None;
    }
    let of = |article: &Listed| Some((revision(product, article)?, is_baseline(article)));
    let updates: BTreeSet<(u32, bool)> = catalog.articles().iter().filter_map(|article| of(article)).collect();
    let before = updates.iter().rev().find(|(revision, baseline)| *baseline && *revision <= own);
    let first = before.map_or(0, |(revision, _)| revision + 1);
    let last = updates.iter().map(|(revision, _)| *revision).find(|revision| *revision > own);
    Some(first..=last.unwrap_or(own))
}

/// True for a security update that starts a new hotpatch baseline.
fn is_baseline(article: &Article) -> bool {
    let is_day = |day: jiff::civil::Date| BASELINES.contains(&day.month()) && SECOND_TUESDAY.contains(&day.day());
    !article.cves.is_empty() && article.last_modified.is_some_and(is_day)
}
