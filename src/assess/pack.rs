//! Articles that name no file, only the service pack that corrects the problem.

use super::context::Context;
use super::evidence::Evidence;
use super::finding::{Finding, Subject};
use super::profile::{Profile, ProfileSource};
use super::reason::Reason;
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
        let reason = judge_one(&packs[place], context);
        // Thousands of articles name a service pack: texts are made only for `explain`.
        let detail = explain.then(|| detail(&packs[place], reason, context));
        (Finding::new(Subject::ServicePack(place), None, reason), Evidence { detail, ..Evidence::default() })
    })
}

/// True if another line for the same product is used instead. "Obtain the latest service pack" is not used if the article
/// names the first service pack with the correction; of several service packs the first is enough.
fn yields(packs: &[ServicePack], place: usize, other_place: usize, other: &ServicePack, context: &Context) -> bool {
    let own = &packs[place];
    if !own.product.eq_ignore_ascii_case(&other.product) {
        return false;
    }
    let line = context.knowledge.releases.line(&own.product);
    let rank = |pack: &ServicePack| {
        let latest = pack.sp.eq_ignore_ascii_case("latest");
        (latest, line.and_then(|line| context.knowledge.releases.pack(line, &pack.sp)))
    };
    (rank(other), other_place) < (rank(own), place)
}

/// The number of the required service pack, if it is known.
fn wanted<'a>(pack: &'a ServicePack, context: &'a Context) -> Option<&'a str> {
    let latest = pack.sp.eq_ignore_ascii_case("latest");
    if latest { context.knowledge.products.last_pack(&pack.product) } else { Some(&*pack.sp) }
}

fn judge_one(pack: &ServicePack, context: &Context) -> Reason {
    let releases = &context.knowledge.releases;
    let Some(Profile { line, pack: installed, source }) = &context.profile else {
        return Reason::NoProfile;
    };
    let Some(wanted_line) = releases.line(&pack.product) else {
        return Reason::ProductUnknown;
    };
    if wanted_line != line {
        return Reason::OtherProduct;
    }
    let Some(installed) = installed else {
        return Reason::NoProfile;
    };
    let Some(wanted_pack) = wanted(pack, context).and_then(|number| releases.pack(wanted_line, number)) else {
        return Reason::ProductUnknown;
    };
    match (source, *installed >= wanted_pack) {
        (ProfileSource::Given | ProfileSource::Registry, true) => Reason::ServicePackInstalled,
        (ProfileSource::Given | ProfileSource::Registry, false) => Reason::ServicePackOlder,
        (ProfileSource::Kernel(_), true) => Reason::KernelOfServicePack,
        (ProfileSource::Kernel(_), false) => Reason::KernelOlder,
    }
}

/// The text for `explain`.
fn detail(pack: &ServicePack, reason: Reason, context: &Context) -> String {
    let mut text = match (pack.sp.eq_ignore_ascii_case("latest"), wanted(pack, context)) {
        (true, Some(last)) => format!("latest service pack of {}: {last}", pack.product),
        (true, None) => format!("latest service pack of {}", pack.product),
        (false, _) => format!("{} Service Pack {}", pack.product, pack.sp),
    };
    let Some(Profile { line, pack: installed, .. }) = &context.profile else { return text };
    match (reason, installed) {
        (Reason::NoProfile | Reason::ProductUnknown, _) => {}
        (Reason::OtherProduct, _) => {
            text.push_str("; the system is ");
            text.push_str(line.name());
        }
        (_, Some(installed)) => text += &format!("; the system has {installed}"),
        (_, None) => {}
    }
    text
}
