//! Security updates for a system of which the catalogue knows the vulnerabilities, but neither a corrected file nor a build: whether
//! they are installed is not judged, so that a report without findings does not mean that they are.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::context::Context;
use super::processor::Processor;
use super::unlisted::names_system;
use crate::catalog::Listed;
use crate::knowledge::{Processors, Products, Scope};
use crate::{KbId, Machine};
use hotfixcheck_articles::{Severity, Text};

/// A security update that is not judged, because the catalogue knows neither a file nor a build of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenUpdate {
    /// Its article.
    pub id: KbId,
    /// The index of the system in the assessment's systems.
    pub system: usize,
    /// Its day.
    pub day: Option<Date>,
    /// Its bulletins.
    pub bulletins: Vec<Text>,
    /// The vendor's highest rating on the system.
    pub severity: Option<Severity>,
}

impl OpenUpdate {
    /// The stable code of the warning.
    pub const NOT_JUDGED: &str = "updates-not-judged";
    /// The warning in a sentence.
    pub const NOT_JUDGED_DESCRIPTION: &str =
        "Security updates for the system of which the catalogue knows neither a file nor a build: not judged.";
}

/// True if a product of an update may be for one of these lines of Windows.
pub(super) fn may_be_for<'l>(product: &str, lines: impl IntoIterator<Item = &'l str>, products: &Products) -> bool {
    if !product.contains("Windows") {
        return false;
    }
    let named = products.scope_of_heading(product);
    named.is_some_and(|scope| lines.into_iter().any(|line| scope.lines.contains(line)))
}

/// The updates among these that are for a system, newest first.
pub(super) fn of_system<'u>(updates: &'u [Arc<Listed>], context: &Context) -> Vec<OpenUpdate> {
    let is_asked = |article: &Arc<Listed>| {
        let policy = context.policy;
        policy.asks_for(article.id) && policy.asks_for_rating(article.severity_on(&context.on))
    };
    let Some(line) = context.line() else { return Vec::new() };
    // Some hundred products stand in thousands of lists.
    let mut known: HashMap<&str, bool> = HashMap::new();
    let mut names = |product: &'u Text| *known.entry(product).or_insert_with(|| is_of_system(product, line, context));
    let is_named = |article: &&'u Arc<Listed>| article.products.iter().any(&mut names);
    let own = updates.iter().filter(is_named).filter(|article| names_system(article, context) && is_asked(article));
    let mut own: Vec<OpenUpdate> = own
        .map(|article| OpenUpdate {
            id: article.id,
            system: context.system,
            day: article.last_modified,
            bulletins: article.bulletins().to_vec(),
            severity: article.severity_on(&context.on),
        })
        .collect();
    own.sort_by_key(|update| Reverse((update.day, update.id)));
    own
}

/// True if a product of a list is for the system, with its service pack, build and processor.
fn is_of_system(product: &str, line: &str, context: &Context) -> bool {
    let pack = context.profile.as_ref().and_then(|profile| profile.pack.as_ref());
    // In the list another product may name the service pack: "Windows XP Professional Service Pack 2" that of x64.
    let has_pack = |scope: &Scope| match (scope.packs_of(line), pack) {
        (Some(packs), Some(pack)) => packs.contains(pack.name()),
        _ => true,
    };
    let scope = context.knowledge.products.scope_of_heading(product);
    scope.is_some_and(|scope| {
        scope.lines.contains(line)
            && has_pack(&scope)
            && context.is_of_builds(&scope)
            && context.is_of_edition(&scope)
            && has_builds_of_its_own(product, context)
            && is_of_processor(product, line, context)
    })
}

/// False for "Windows 10" without a release, which is the first one: the vendor's lists then had no other.
fn has_builds_of_its_own(product: &str, context: &Context) -> bool {
    const FIRST: [&str; 2] = ["10240", "10586"];
    let is_bare = product.ends_with("Windows 10");
    !is_bare || context.build.as_ref().is_none_or(|build| FIRST.iter().any(|first| build.may_be(first)))
}

/// False for a product that names another processor.
fn is_of_processor(product: &str, line: &str, context: &Context) -> bool {
    // WES-NG's "Windows XP Professional" is the x64 edition: the other one is "Windows XP" alone.
    if product.contains("Windows XP Professional") && line == "Windows XP" {
        return false;
    }
    let named = Processors::of_heading(product);
    match context.processor {
        Some(Processor::Bits32) => named.has(Machine::I386),
        Some(Processor::Bits64(Some(machine))) => named.has(machine),
        _ => true,
    }
}
