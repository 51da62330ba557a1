//! Corrections that only a later cumulative update, or another branch, has. KB5035606 brings 15.2.1544.4, Cumulative Update 14, to
//! Cumulative Updates 13 and 14 of Exchange 2019: what the later one lacks then is left to install, too. KB4057114 brings SQL
//! Server 2008 SP4 from the branch GDR to QFE, which has later updates (KB5020863).

use super::context::Context;
use super::finding::NeededPack;
use super::known_builds::FileLine;
use super::reason::Reason;
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{exchange_product, sql_branch, sql_build};

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

/// The reason for an installed branch of SQL Server, for which this build of another one is not: the update is needed if those of
/// the own branch end in the other one, at a build before this (SQL Server 2008 SP4, 2008 R2 SP3; issue 15).
pub(super) fn reason_of_branch(
    found: &FileVersion,
    wanted: &FileVersion,
    build: &Build,
    article: &Article,
    context: &Context,
) -> Reason {
    let branch = |version: &FileVersion| sql_build(version).and_then(|build| sql_branch(&build));
    let own = branch(found);
    let has_own = || article.builds.iter().any(|build| Some(&*build.product) == own.as_deref());
    let ends_before = || {
        let last = context.lines.get(true, found).map(FileLine::newest);
        last.is_some_and(|last| branch(last).as_deref() == Some(&*build.product) && is_before(last, wanted))
    };
    let is_needed = own.as_deref() != Some(&*build.product) && is_before(found, wanted) && ends_before() && !has_own();
    if is_needed { Reason::LaterUpdateNeeded } else { Reason::OtherProduct }
}

/// True for a lower version; a file has four numbers, a build of SQL Server three.
fn is_before(version: &FileVersion, wanted: &FileVersion) -> bool {
    version.components() < wanted.components()
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

/// The product without its cumulative update or branch.
pub(super) fn family(product: &str) -> &str {
    match product.strip_suffix(" GDR").or_else(|| product.strip_suffix(" QFE")) {
        Some(family) => family,
        None => product.split(" Cumulative Update ").next().unwrap_or(product),
    }
}
