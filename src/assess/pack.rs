//! Articles that name no file, only the service pack that corrects the problem.

use std::cmp::Reverse;

use super::context::Context;
use super::evidence::Evidence;
use super::finding::{Finding, Subject};
use super::profile::{Profile, ProfileSource};
use super::reason::Reason;
use crate::knowledge::Pack;
use crate::knowledge::pack_title;
use hotfixcheck_articles::{Article, ServicePack};

/// One finding for each product that the article names.
pub(super) fn judge<'a>(
    article: &'a Article,
    context: &'a Context,
    explain: bool,
) -> impl Iterator<Item = (Finding, Evidence)> {
    let packs = &article.service_packs;
    let used = move |place: usize| {
        packs.iter().enumerate().all(|(p, other)| p == place || !yields(packs, place, p, other, context))
    };
    let judged = (0..packs.len()).filter(move |&place| used(place));
    judged.map(move |place| {
        let lowest = lowest(packs, place, context);
        let reason = judge_one(&packs[place], lowest, context);
        // Thousands of articles name a service pack: texts are made only for `explain`.
        let detail = explain.then(|| detail(&packs[place], lowest, reason, context));
        (Finding::new(Subject::ServicePack(place), None, reason), Evidence { detail, ..Evidence::default() })
    })
}

/// How precise a line of the article is: a released service pack by its number, one that was never released, "the
/// latest".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Numbered,
    NotReleased,
    Latest,
}

fn kind(pack: &ServicePack, context: &Context) -> Kind {
    let products = &context.knowledge.products;
    match () {
        () if pack.sp.eq_ignore_ascii_case("latest") => Kind::Latest,
        () if products.unreleased(&pack.product, &pack.sp).is_some() => Kind::NotReleased,
        () => Kind::Numbered,
    }
}

fn level(pack: &ServicePack, context: &Context) -> Option<Pack> {
    let releases = &context.knowledge.releases;
    releases.line(&pack.product).and_then(|line| releases.pack(line, &pack.sp))
}

/// True if another line for the same product is used instead. "Obtain the latest service pack" is not used if the
/// article names a service pack with the correction; of several service packs the highest one is certain to have it.
fn yields(packs: &[ServicePack], place: usize, other_place: usize, other: &ServicePack, context: &Context) -> bool {
    let own = &packs[place];
    if !own.product.eq_ignore_ascii_case(&other.product) {
        return false;
    }
    let rank = |pack: &ServicePack| (kind(pack, context), Reverse(level(pack, context)));
    (rank(other), other_place) < (rank(own), place)
}

/// The lowest numbered service pack that the article names for the product of this line, if it names several.
fn lowest<'a>(packs: &'a [ServicePack], place: usize, context: &Context) -> Option<&'a ServicePack> {
    let own = &packs[place];
    let same =
        |pack: &&ServicePack| pack.product.eq_ignore_ascii_case(&own.product) && kind(pack, context) == Kind::Numbered;
    let lowest = packs.iter().filter(same).min_by_key(|pack| level(pack, context))?;
    (kind(own, context) == Kind::Numbered && lowest.sp != own.sp).then_some(lowest)
}

/// The number of the required service pack, if it is known.
fn wanted<'a>(pack: &'a ServicePack, context: &'a Context) -> Option<&'a str> {
    let latest = pack.sp.eq_ignore_ascii_case("latest");
    if latest { context.knowledge.products.last_pack(&pack.product) } else { Some(&*pack.sp) }
}

/// Judges one line: `pack` is the highest service pack that the article names for the product, `lowest` the lowest if
/// there are several.
fn judge_one(pack: &ServicePack, lowest: Option<&ServicePack>, context: &Context) -> Reason {
    let releases = &context.knowledge.releases;
    let Some(Profile { line, pack: installed, source, .. }) = &context.profile else {
        return Reason::NoProfile;
    };
    let Some(wanted_line) = releases.line(&pack.product) else {
        return Reason::ProductUnknown;
    };
    if wanted_line != line {
        return Reason::OtherProduct;
    }
    if kind(pack, context) == Kind::NotReleased {
        return Reason::PackNotReleased;
    }
    let Some(installed) = installed else {
        return Reason::PackUnknown;
    };
    let Some(wanted_pack) = wanted(pack, context).and_then(|number| releases.pack(wanted_line, number)) else {
        return Reason::ProductUnknown;
    };
    let between = lowest.and_then(|lowest| level(lowest, context)).is_some_and(|lowest| *installed >= lowest);
    if *installed < wanted_pack && between {
        return Reason::ServicePacksDiffer;
    }
    match (source, *installed >= wanted_pack) {
        (ProfileSource::Given | ProfileSource::Registry, true) => Reason::ServicePackInstalled,
        (ProfileSource::Given | ProfileSource::Registry, false) => Reason::ServicePackOlder,
        (ProfileSource::Kernel(_), true) => Reason::KernelOfServicePack,
        (ProfileSource::Kernel(_), false) => Reason::KernelOlder,
    }
}

/// The text for `explain`.
fn detail(pack: &ServicePack, lowest: Option<&ServicePack>, reason: Reason, context: &Context) -> String {
    let mut text = match (pack.sp.eq_ignore_ascii_case("latest"), wanted(pack, context)) {
        (true, Some(last)) => format!("latest service pack of {}: {last}", pack.product),
        (true, None) => format!("latest service pack of {}", pack.product),
        (false, _) => format!("{} {}", pack.product, pack_title(&pack.sp)),
    };
    if let Some(lowest) = lowest {
        text += &format!(" (the article also names {})", pack_title(&lowest.sp));
    }
    if let Some(unreleased) = context.knowledge.products.unreleased(&pack.product, &pack.sp) {
        text += &format!(", {}", unreleased.text());
    }
    let Some(Profile { line, pack: installed, source }) = &context.profile else { return text };
    let source = match source {
        ProfileSource::Given => "as given",
        ProfileSource::Registry => "from the registry",
        ProfileSource::Kernel(path) => &format!("from {path}"),
    };
    match (reason, installed) {
        (Reason::NoProfile | Reason::ProductUnknown | Reason::PackUnknown, _) => {}
        (Reason::OtherProduct, _) => {
            text += &format!("; the system is {} ({source})", line.name());
        }
        (_, Some(installed)) => text += &format!("; the system has {installed} ({source})"),
        (_, None) => {}
    }
    text
}
