//! Articles of Exchange that state no build, and whose product list names cumulative updates: KB5000871 of March 2021.
//!
//! A cumulative update that the list does not name is another product, as a Windows that a list does not name. Security
//! updates of one cumulative update are cumulative: one that is later than the article contains it.

use super::context::Context;
use super::known_builds::BUILD_FILES;
use super::reason::Reason;
use crate::FileVersion;
use crate::catalog::Listed;
use crate::inventory::Entry;
use hotfixcheck_articles::Build;
use hotfixcheck_facts::builds::exchange_product;
use hotfixcheck_winfiles::binary::VersionOutcome;

const PRODUCT: &str = "Exchange Server ";

/// The answer for the system's Exchange, with what shows it; `None` where the list or the installed one is not known.
pub(super) fn answer(article: &Listed, context: &Context) -> Option<(Reason, String)> {
    let named = || article.products.iter().map(|product| product.trim_start_matches("Microsoft "));
    if article.products.is_empty() || !named().all(|product| product.starts_with(PRODUCT)) {
        return None;
    }
    let files = context.copies.get(BUILD_FILES[1]).map(|copies| copies.active.as_slice()).unwrap_or_default();
    let of = |&entry: &usize| {
        let found = version_of(&context.inventory.entries[entry])?;
        let own = exchange_product(&found)?;
        Some((named().any(|product| product == own), own, found))
    };
    let known: Vec<(bool, &str, FileVersion)> = files.iter().map(of).collect::<Option<_>>()?;
    let (_, own, _) = known.first()?;
    if known.iter().all(|(is_named, ..)| !is_named) {
        return Some((Reason::OtherProduct, format!("the article's product list does not name {own}")));
    }
    let later = |(is_named, _, found): &(bool, &str, FileVersion)| {
        let of_build = |build: &Build| {
            let wanted: FileVersion = build.version.parse().ok()?;
            let is_own = build.file.is_some() && wanted.components().get(..3) == found.components().get(..3);
            (is_own && *found >= wanted).then_some(wanted)
        };
        let is_later = |other: &&std::sync::Arc<Listed>| {
            let days = other.last_modified.zip(article.last_modified);
            other.id > article.id && days.is_some_and(|(other, own)| other > own)
        };
        let mut updates = context.catalog.articles().iter().filter(is_later);
        let contained = updates.find_map(|other| Some((other.id, other.builds().iter().find_map(of_build)?)));
        if *is_named { contained } else { None }
    };
    let reached: Vec<_> = known.iter().filter(|(is_named, ..)| *is_named).map(later).collect::<Option<_>>()?;
    let (id, build) = reached.first()?;
    let (.., found) = known.iter().find(|(is_named, ..)| *is_named)?;
    Some((Reason::BuildReached, format!("the file is {found}, and {id}, a later update of {own}, is {build}")))
}

fn version_of(entry: &Entry) -> Option<FileVersion> {
    match &entry.binary.as_ref().ok()?.version {
        VersionOutcome::Found(info) => super::system_build::version_of(info),
        _ => None,
    }
}
