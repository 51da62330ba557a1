//! Cumulative updates of Exchange that have a correction only in the one that replaces them: KB5035606 brings 15.2.1544.4, Cumulative
//! Update 14, to Cumulative Updates 13 and 14 of Exchange 2019. What the later one lacks then is left to install, too.

use super::context::Context;
use super::finding::NeededPack;
use super::reason::Reason;
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::exchange_product;

/// The reason for an installed cumulative update, for which this build of another one is not.
pub(super) fn reason(found: &FileVersion, wanted: &FileVersion, article: &Article, context: &Context) -> Reason {
    let Some(own) = exchange_product(found).filter(|_| found.components().get(..2) == wanted.components().get(..2))
    else {
        return Reason::OtherProduct;
    };
    match brings(article, own, found) {
        true if found < wanted => Reason::LaterUpdateNeeded,
        true => Reason::NoRowForSystem,
        false if article.builds.iter().any(|build| is_of_one_update(build, found)) => Reason::OtherProduct,
        false if found < wanted && needed_for(found, wanted, context).is_some() => Reason::LaterUpdateNeeded,
        false => Reason::OtherProduct,
    }
}

/// True for an article that names the installed cumulative update, while no build is for it.
fn brings(article: &Article, own: &str, found: &FileVersion) -> bool {
    article.products.iter().any(|name| name.trim_start_matches("Microsoft ") == own)
        && !article.builds.iter().any(|build| is_of_one_update(build, found))
}

/// The article that brings the cumulative update of this build to the installed one.
fn needed_for(found: &FileVersion, wanted: &FileVersion, context: &Context) -> Option<KbId> {
    let own = exchange_product(found)?;
    let is_wanted = |build: &Build| build.file.is_some() && is_of_one_update(build, wanted);
    let articles = context.catalog.articles().iter();
    let mut of_wanted = articles.filter(|article| article.builds().iter().any(is_wanted));
    of_wanted.find(|article| brings(article, own, found)).map(|article| article.id)
}

fn is_of_one_update(build: &Build, version: &FileVersion) -> bool {
    let of_build: Option<FileVersion> = build.version.parse().ok();
    of_build.is_some_and(|of_build| of_build.components().get(..3) == version.components().get(..3))
}

/// The cumulative update that must be installed before an update for it; `None` for that one itself.
pub(super) fn needed(
    found: &FileVersion,
    wanted: &FileVersion,
    article: &Article,
    context: &Context,
) -> Option<NeededPack> {
    let by = needed_for(found, wanted, context).filter(|by| *by != article.id)?;
    let (product, number) = exchange_product(wanted)?.split_once(" Cumulative Update ")?;
    Some(NeededPack { product: product.to_owned(), pack: Some(format!("CU{number}")), by: Some(by) })
}

/// The product without its cumulative update.
pub(super) fn family(product: &str) -> &str {
    product.split(" Cumulative Update ").next().unwrap_or(product)
}
