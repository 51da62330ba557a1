//! Articles that name no file, only the service pack that corrects the problem.

use super::{Context, Evidence, Finding, Profile, ProfileSource, Reason, Subject};
use crate::article::{Article, ServicePack};

/// One finding for each product that the article names.
pub(super) fn judge(article: &Article, context: &Context) -> Vec<Finding> {
    let packs = &article.service_packs;
    let speaks = |place: usize| {
        packs.iter().enumerate().all(|(p, other)| p == place || !yields(packs, place, p, other, context))
    };
    let judged = (0..packs.len()).filter(|&place| speaks(place));
    // Findings are large: room for no more than there are.
    let mut findings = Vec::with_capacity(packs.len());
    findings.extend(judged.map(|place| {
        let (reason, detail) = judge_one(&packs[place], context);
        let evidence = Evidence { detail: Some(detail), ..Evidence::default() };
        Finding::new(Subject::ServicePack(place), None, reason, evidence)
    }));
    findings
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

fn judge_one(pack: &ServicePack, context: &Context) -> (Reason, String) {
    let releases = &context.knowledge.releases;
    // Thousands of articles name a service pack.
    let mut wanted = [&*pack.product, " Service Pack ", &*pack.sp].concat();
    let mut number = Some(&*pack.sp);
    if pack.sp.eq_ignore_ascii_case("latest") {
        number = context.knowledge.products.last_pack(&pack.product);
        wanted = match number {
            Some(last) => format!("latest service pack of {}: {last}", pack.product),
            None => format!("latest service pack of {}", pack.product),
        };
    }
    let Some(Profile { line, pack: installed, source }) = &context.profile else {
        return (Reason::NoProfile, wanted);
    };
    let Some(wanted_line) = releases.line(&pack.product) else {
        return (Reason::ProductUnknown, wanted);
    };
    if wanted_line != line {
        wanted.push_str("; the system is ");
        wanted.push_str(line.name());
        return (Reason::OtherProduct, wanted);
    }
    let Some(installed) = installed else {
        return (Reason::NoProfile, wanted);
    };
    let Some(wanted_pack) = number.and_then(|number| releases.pack(wanted_line, number)) else {
        return (Reason::ProductUnknown, wanted);
    };
    let reason = match (source, *installed >= wanted_pack) {
        (ProfileSource::Given | ProfileSource::Registry, true) => Reason::ServicePackInstalled,
        (ProfileSource::Given | ProfileSource::Registry, false) => Reason::ServicePackOlder,
        (ProfileSource::Kernel(_), true) => Reason::KernelOfServicePack,
        (ProfileSource::Kernel(_), false) => Reason::KernelOlder,
    };
    (reason, format!("{wanted}; the system has {installed}"))
}
