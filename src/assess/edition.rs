//! Whether a system is a client or a server, and what follows for the vulnerabilities of an update that is for both.

use std::collections::BTreeSet;

use super::context::Context;
use super::profile::JudgedSystem;
use super::system_build::{SystemBuild, edition_in};
use crate::KbId;
use crate::inventory::Inventory;
use crate::inventory::system::System;
use crate::knowledge::{Edition, edition_named};
use hotfixcheck_articles::{Article, OlderWindows, OnWindows};
use hotfixcheck_facts::edition_of_product;

/// The release line of clients alone. That of Server 2003 is also the line of Windows XP x64, and all others have both in
/// their name.
const CLIENT_LINE: &str = "Windows XP";

/// Whether a system is a client or a server, by its registry; `None` where the user names the system.
pub(super) fn of_registry(system: &JudgedSystem, inventory: &Inventory) -> Option<Edition> {
    let systems = system.territory.systems.iter().filter_map(|&place| inventory.systems.get(place));
    let told = systems.filter_map(|System { facts, .. }| edition_in(facts));
    let told: Vec<Edition> = told.collect();
    told.first().copied().filter(|first| !system.is_given() && told.iter().all(|other| other == first))
}

/// The same for what an update corrects: by the registry, or else by the user's name of the system, its build or its line.
fn of_system(context: &Context, name: Option<String>) -> Option<Edition> {
    let of_build = || {
        let SystemBuild { product, .. } = context.build.as_ref()?;
        let mut all = context.build.as_ref()?.products().filter(|own| product.is_none_or(|product| product == *own));
        let first = edition_of_product(all.next()?);
        first.filter(|_| all.all(|own| edition_of_product(own) == first))
    };
    let of_line = || {
        let line = &context.profile.as_ref()?.line;
        (line.name() == CLIENT_LINE).then_some(Edition::Client)
    };
    context.edition.or_else(|| edition_named(&name?)).or_else(of_build).or_else(of_line)
}

/// The lines of Windows before 8, and the names that bulletins have for their clients and servers.
const OLDER: [(&str, &[&str]); 7] = [
    ("Windows NT 4.0", &["Windows NT 4.0"]),
    ("Windows NT 4.0 Terminal Server Edition", &["Windows NT 4.0 Terminal Server Edition"]),
    ("Windows 2000", &["Windows 2000"]),
    ("Windows XP", &["Windows XP"]),
    ("Windows Server 2003", &["Windows XP x64", "Windows Server 2003"]),
    ("Windows Vista and Server 2008", &["Windows Vista", "Windows Server 2008"]),
    ("Windows 7 and Server 2008 R2", &["Windows 7", "Windows Server 2008 R2"]),
];

/// Which Windows a system is, for the vulnerabilities of an update that is for several.
pub(super) fn windows_of(context: &Context, name: Option<String>) -> OnWindows {
    let edition = of_system(context, name);
    let older = older_of(context, edition);
    let releases = if older.is_some() { Vec::new() } else { releases_of(context, edition) };
    OnWindows { edition, releases, older }
}

/// A Windows before 8, as the bulletins name it.
fn older_of(context: &Context, edition: Option<Edition>) -> Option<OlderWindows> {
    let profile = context.profile.as_ref()?;
    let (_, names) = OLDER.iter().find(|(line, _)| *line == profile.line.name())?;
    let is_own = |name: &&&str| names.len() == 1 || edition.is_none_or(|own| Edition::of_release(name) == own);
    let pack = profile.pack.as_ref().map(|pack| pack.name().to_owned());
    Some(OlderWindows { names: names.iter().filter(is_own).copied().collect(), pack })
}

/// The releases that a system is, or may be; none if that is not known.
fn releases_of(context: &Context, edition: Option<Edition>) -> Vec<&'static str> {
    let is_own = |release: &&'static str| edition.is_none_or(|own| Edition::of_release(release) == own);
    match (&context.build, &context.older) {
        (Some(SystemBuild { product: Some(product), .. }), _) => vec![product],
        (Some(build), _) => build.products().filter(is_own).collect(),
        (None, Some(older)) => older.products().filter(is_own).collect(),
        (None, None) => Vec::new(),
    }
}

/// The vulnerabilities for which alone the user asks for an article.
pub(super) fn asked<'c>(article: &Article, context: &Context<'c>) -> Option<&'c [String]> {
    let policy = context.policy;
    policy.for_cves.get(&article.id).filter(|_| !policy.requires(article.id)).map(Vec::as_slice)
}

/// Why an article that the user asks for by its vulnerabilities does not concern the system: only the other edition has them
/// (CVE-2020-1350 is of servers, and their update is also that of Windows 10), or another release (CVE-2021-34527 is of Windows
/// 10 21H2 in KB5008212, which is also the update of 2004; issue 15).
pub(super) fn has_none_of_asked(article: &Article, context: &Context) -> Option<String> {
    let (asked, on) = (asked(article, context)?, &context.on);
    if asked.iter().any(|cve| article.is_cve_on(cve, on)) {
        return None;
    }
    let names = asked.join(", ");
    match on.edition.filter(|own| asked.iter().all(|cve| article.alone_with(cve) == Some(own.other()))) {
        Some(own) => Some(format!("{names} is of {}s alone; this is a {own}", own.other())),
        None if leaves_out(article, context) => None,
        None => {
            let of =
                article.releases.iter().filter(|facts| facts.cves.iter().any(|cve| asked.contains(&cve.to_string())));
            let of: BTreeSet<&str> = of.flat_map(|facts| &facts.releases).map(|name| &**name).collect();
            let of = of.into_iter().collect::<Vec<_>>().join(", ");
            let edition = || on.edition.map(|own| format!("a {own}")).unwrap_or_default();
            let own = match &on.older {
                Some(older) => older.to_string(),
                None if on.releases.is_empty() => edition(),
                None => on.releases.join(" or "),
            };
            Some(format!("{names} is of {of} alone; this is {own}"))
        }
    }
}

/// True if a source names the releases of Windows that an article is for, and the system is none of them.
fn leaves_out(article: &Article, context: &Context) -> bool {
    let own = &context.on.releases;
    !own.is_empty() && own.iter().all(|release| article.leaves_out(release))
}

/// True for an article that is asked for by vulnerabilities alone, while the advisories name it for other releases than the
/// system's, though it is their update, too: whether it corrects them there is not known (KB5087544 on Windows 10 22H2).
pub(super) fn is_not_named(article: &Article, context: &Context) -> bool {
    asked(article, context).is_some() && leaves_out(article, context)
}

/// True if each of the vulnerabilities for which an article is asked for is corrected by another update that is the system's own: the
/// article is then for another Windows, although support of the system's has ended.
pub(super) fn is_corrected_by_own(article: &Article, context: &Context) -> bool {
    let Some((asked, system)) = asked(article, context).zip(context.build.as_ref()) else { return false };
    let is_own = |other: &Article| {
        let may_be = |product: &str| context.on.releases.contains(&product);
        other.builds.iter().any(|build| system.numbers(build).is_some() && may_be(&build.product))
    };
    let corrects = |other: &Article, cve: &str| {
        other.cves.iter().any(|own| own == cve)
            && (other.is_cve_on(cve, &context.on) || leaves_out(other, context))
            && is_own(other)
    };
    let of = |id: &KbId| context.catalog.article(*id).filter(|other| other.id != article.id);
    let others: Vec<&Article> = context.policy.for_cves.keys().filter_map(of).collect();
    asked.iter().all(|cve| others.iter().any(|other| corrects(other, cve)))
}
