//! Articles that name no file, only the service pack that corrects the problem.

use std::cmp::Reverse;

use super::context::Context;
use super::evidence::Evidence;
use super::finding::{Finding, Subject};
use super::product_packs;
use super::profile::{Profile, ProfileSource};
use super::reason::Reason;
use super::verdict::Verdict;
use crate::catalog::Listed;
use crate::knowledge::{Line, Pack, PackLine, pack_title};
use hotfixcheck_articles::ServicePack;

/// One finding for each product that the article names.
pub(super) fn judge(article: &Listed, context: &Context, explain: bool) -> Vec<(Finding, Evidence)> {
    let packs = article.service_packs();
    let own;
    let used = match context.headings.of_article(article.id) {
        Some(known) => known.packs.get_or_init(|| used(packs, context)),
        None => {
            own = used(packs, context);
            &own
        }
    };
    let judged = used.iter().map(|line| {
        let (pack, lowest) = (&packs[line.place], line.lowest.map(|lowest| &packs[lowest]));
        let reason = judge_one(pack, line.line.as_ref(), lowest, context);
        // Thousands of articles name a service pack: texts are made only for `explain`.
        let detail = explain.then(|| detail(pack, lowest, reason, context));
        (Finding::new(Subject::ServicePack(line.place), None, reason), Evidence { detail, ..Evidence::default() })
    });
    let mut judged: Vec<(Finding, Evidence)> = judged.collect();
    // A line for "Windows NT" without its number, or for another product, does not take back what the system's own pack
    // corrects (Q142641, Q156715).
    if judged.iter().any(|(finding, _)| matches!(finding.verdict(), Verdict::Fixed | Verdict::LikelyFixed)) {
        judged.retain(|(finding, _)| finding.reason != Reason::ProductUnknown);
    }
    judged
}

/// The lines that are used: of those for one product that which says most. "Obtain the latest service pack" is not used if the
/// article names a service pack with the correction; of several service packs the highest has it for certain.
fn used(packs: &[ServicePack], context: &Context) -> Box<[PackLine]> {
    let line = |place: usize| line_of(&packs[place].product, context);
    // Most articles name one.
    if packs.len() == 1 {
        return [PackLine { place: 0, line: line(0), lowest: None }].into();
    }
    let ranks: Vec<(Kind, Option<Pack>)> =
        packs.iter().map(|pack| (kind(pack, context), level(pack, context))).collect();
    let of_product = |place: usize| {
        let product = &packs[place].product;
        (0..packs.len()).filter(move |&other| packs[other].product.eq_ignore_ascii_case(product))
    };
    let order = |place: usize| (ranks[place].0, Reverse(&ranks[place].1), place);
    let is_numbered = |place: usize| ranks[place].0 == Kind::Numbered;
    let lowest = |place: usize| {
        let lowest = of_product(place).filter(|&other| is_numbered(other)).min_by_key(|&other| &ranks[other].1)?;
        (is_numbered(place) && packs[lowest].sp != packs[place].sp).then_some(lowest)
    };
    let used = (0..packs.len()).filter(|&place| of_product(place).all(|other| order(place) <= order(other)));
    used.map(|place| PackLine { place, line: line(place), lowest: lowest(place) }).collect()
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
        () if is_after_last(pack, context) => Kind::NotReleased,
        () if pack.is_latest() => Kind::Latest,
        () if products.unreleased(&pack.product, &pack.sp).is_some() => Kind::NotReleased,
        () if products.last_pack(&pack.product).is_some_and(|last| number_of(&pack.sp) > number_of(last)) => {
            Kind::NotReleased
        }
        () => Kind::Numbered,
    }
}

/// True where the last service pack has the problem (Q301054 lists SP6a of Windows NT 4.0).
fn is_after_last(pack: &ServicePack, context: &Context) -> bool {
    let last = || context.knowledge.products.last_pack(&pack.product);
    pack.after().zip(last()).is_some_and(|(listed, last)| listed == last || number_of(listed) > number_of(last))
}

/// The number of a service pack: 6 of `6a`; `None` for a service release.
fn number_of(pack: &str) -> Option<u32> {
    pack.trim_end_matches('a').parse().ok()
}

fn level(pack: &ServicePack, context: &Context) -> Option<Pack> {
    let releases = &context.knowledge.releases;
    let line = line_of(&pack.product, context).or_else(|| releases.product_line(&pack.product).cloned());
    line.and_then(|line| releases.pack(&line, &pack.sp))
}

/// The line of a product, also where it is one of two products of a line: "Windows Vista".
fn line_of(product: &str, context: &Context) -> Option<Line> {
    let releases = &context.knowledge.releases;
    let of_windows = || releases.line(&context.knowledge.products.line_of_windows(product)?);
    releases.line(product).or_else(of_windows).cloned()
}

/// True if the product is the server of the system's kernel, which is a client, or the other way round: the service packs of
/// Windows Server 2008 R2 say nothing about Windows 7.
fn is_of_other_edition(pack: &ServicePack, context: &Context) -> bool {
    let scope = || context.knowledge.products.scope_of_heading(&pack.product);
    context.knowledge.releases.line(&pack.product).is_none()
        && scope().is_some_and(|scope| !context.is_of_edition(&scope))
}

/// The number of the required service pack, if it is known.
fn wanted<'a>(pack: &'a ServicePack, context: &'a Context) -> Option<&'a str> {
    if pack.is_latest() { context.knowledge.products.last_pack(&pack.product) } else { Some(&*pack.sp) }
}

/// `pack` is the highest service pack that the article names for the product, `wanted_line` the line of that, `lowest` the lowest
/// service pack if there are several.
fn judge_one(
    pack: &ServicePack,
    wanted_line: Option<&Line>,
    lowest: Option<&ServicePack>,
    context: &Context,
) -> Reason {
    let releases = &context.knowledge.releases;
    let lowest = lowest.and_then(|lowest| level(lowest, context));
    if let Some(product) = product_packs::installed(&pack.product, context) {
        let number = |name| releases.pack(&product.line, name);
        return match wanted(pack, context).and_then(number) {
            _ if kind(pack, context) == Kind::NotReleased => Reason::PackNotReleased,
            None => Reason::ProductUnknown,
            Some(wanted) => {
                let listed = pack.after().and_then(number);
                let reasons = [Reason::ProductOfServicePack, Reason::ProductOlder];
                compare(pack, &product.pack, [Some(&wanted), listed.as_ref(), lowest.as_ref()], reasons)
            }
        };
    }
    let Some(Profile { line, pack: installed, source, .. }) = &context.profile else {
        return Reason::NoProfile;
    };
    let Some(wanted_line) = wanted_line else {
        return Reason::ProductUnknown;
    };
    if wanted_line != line || is_of_other_edition(pack, context) {
        return Reason::OtherProduct;
    }
    if kind(pack, context) == Kind::NotReleased {
        return Reason::PackNotReleased;
    }
    let number = |name| releases.pack(wanted_line, name);
    let wanted_pack = wanted(pack, context).and_then(number);
    let listed = pack.after().and_then(number);
    let Some(installed) = installed else {
        let by_kernel = context
            .kernel_packs
            .as_ref()
            .zip(wanted_pack.as_ref())
            .and_then(|(packs, wanted)| packs.reason(wanted, lowest.as_ref(), pack.is_latest(), listed.as_ref()));
        return by_kernel.unwrap_or(Reason::PackUnknown);
    };
    let reasons = match source {
        ProfileSource::Given | ProfileSource::Registry => [Reason::ServicePackInstalled, Reason::ServicePackOlder],
        ProfileSource::Kernel(_) => [Reason::KernelOfServicePack, Reason::KernelOlder],
    };
    compare(pack, installed, [wanted_pack.as_ref(), listed.as_ref(), lowest.as_ref()], reasons)
}

/// The answer for the installed service pack: `reasons` where it has the correction, and where it has not. `wanted` has it, `listed` is
/// the highest that has the problem, `lowest` the lowest of several that the article names.
fn compare(
    pack: &ServicePack,
    installed: &Pack,
    [wanted, listed, lowest]: [Option<&Pack>; 3],
    [reached, older]: [Reason; 2],
) -> Reason {
    let Some(wanted) = wanted else {
        return Reason::ProductUnknown;
    };
    if installed >= wanted {
        return reached;
    }
    // "The latest" of an old text may be any service pack: of 378 such articles about Windows NT 4.0, Q224792 lists 278 for SP1 to SP3.
    let is_of_its_time = pack.is_latest() && installed.name() != "RTM";
    if is_of_its_time && listed.is_none_or(|listed| installed > listed) {
        return Reason::PackNotNumbered;
    }
    if lowest.is_some_and(|lowest| installed >= lowest) {
        return Reason::ServicePacksDiffer;
    }
    older
}

/// The text for `explain`.
fn detail(pack: &ServicePack, lowest: Option<&ServicePack>, reason: Reason, context: &Context) -> String {
    let mut text = match (pack.is_latest(), wanted(pack, context)) {
        (true, last) if pack.after().is_some() => {
            let listed = pack_title(pack.after().unwrap_or_default());
            let last = last.map(|last| format!(": {last}")).unwrap_or_default();
            format!("latest service pack of {}{last}; {listed} has the problem", pack.product)
        }
        (true, Some(last)) => format!("latest service pack of {}: {last}", pack.product),
        (true, None) => format!("latest service pack of {}", pack.product),
        (false, _) => format!("{} {}", pack.product, pack_title(&pack.sp)),
    };
    if let Some(lowest) = lowest {
        text += &format!(" (the article also names {})", pack_title(&lowest.sp));
    }
    if let Some(unreleased) = context.knowledge.products.unreleased(&pack.product, &pack.sp) {
        text += &format!(", {}", unreleased.text());
    } else if kind(pack, context) == Kind::NotReleased
        && let Some(last) = context.knowledge.products.last_pack(&pack.product)
    {
        text += &format!(", not released; the last one is {}", pack_title(last));
    }
    if let (Reason::ProductOfServicePack | Reason::ProductOlder, Some(product)) =
        (reason, product_packs::installed(&pack.product, context))
    {
        let path = &context.inventory.entries[product.entry].path;
        return text + &format!("; the product has {} (from {path})", product.pack);
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
        (Reason::KernelOfServicePack | Reason::KernelOlder, None) => {
            let of = context.kernel_packs.as_ref().map(ToString::to_string).unwrap_or_default();
            text += &format!("; the kernel is of {of} ({source})");
        }
        (_, None) => {}
    }
    text
}
