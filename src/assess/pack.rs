//! Articles that name no file, only the service pack that corrects the problem.

use super::{Context, Evidence, Finding, Profile, ProfileSource, Reason, Subject};
use hotfixcheck_articles::{Article, ServicePack};

/// One finding for each product that the article names.
pub(super) fn judge<'a>(
    article: &'a Article,
    context: &'a Context,
    explain: bool,
) -> impl Iterator<Item = (Finding, Evidence)> {
    let packs = &article.service_packs;
    let speaks = move |place: usize| {
        packs.iter().enumerate().all(|(p, other)| p == place || !yields(packs, place, p, other, context))
    };
    let judged = (0..packs.len()).filter(move |&place| speaks(place));
    judged.map(move |place| {
        let reason = judge_one(&packs[place], context);
        // Thousands of articles name a service pack.
        let detail = explain.then(|| detail(&packs[place], reason, context));
        (Finding::new(Subject::ServicePack(place), None, reason), Evidence { detail, ..Evidence::default() })
    })
}

/// True if another line for the same product speaks instead: "obtain the latest service pack" says nothing once the
/// article tells the first that has the correction, and of several the first is enough.
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

/// The number of the service pack that is wanted, if it is known.
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

/// What was compared, in words.
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
