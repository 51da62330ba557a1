//! Whether a system is a client or a server, and what follows for the vulnerabilities of an update that is for both.

use super::context::Context;
use super::profile::JudgedSystem;
use super::system_build::{SystemBuild, edition_in};
use crate::inventory::Inventory;
use crate::inventory::system::System;
use crate::knowledge::{Edition, edition_named};
use hotfixcheck_articles::Article;
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
pub(super) fn of_system(context: &Context, name: Option<String>) -> Option<Edition> {
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

/// Why an article that the user asks for by its vulnerabilities does not concern the system: only the other edition has them
/// (CVE-2020-1350 is of servers, and their update is also that of Windows 10; issue 15).
pub(super) fn has_none_of_asked(article: &Article, context: &Context) -> Option<String> {
    let policy = context.policy;
    let asked = policy.for_cves.get(&article.id).filter(|_| !policy.requires(article.id))?;
    let own = context.has_cves_of?;
    let others = |cve: &String| !article.is_cve_on(cve, Some(own));
    asked.iter().all(others).then(|| format!("{} is of {}s alone; this is a {own}", asked.join(", "), own.other()))
}
