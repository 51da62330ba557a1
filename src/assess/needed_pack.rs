//! The service pack that must be installed before a missing fix: setup refuses a fix that is for a later service pack
//! than the system's (KB2479628 is for Windows XP SP3 alone, KB5022338 for Windows 7 SP1).

use std::collections::BTreeMap;

use super::builds::version_of_entry;
use super::context::Context;
use super::finding::{ArticleVerdict, Finding, NeededPack, Subject};
use super::later_update;
use super::reason::Reason;
use super::verdict::Verdict;
use crate::knowledge::{Line, Pack, is_before_office_pack, office_pack_of};
use hotfixcheck_articles::Article;

/// The service pack that the system or product lacks for a missing article: that of its rows or builds, if all missing ones
/// are for a later pack, and the system is not known to have it.
pub(super) fn of(verdict: &ArticleVerdict, article: &Article, context: &Context) -> Option<NeededPack> {
    let missing = |finding: &&Finding| matches!(finding.verdict(), Verdict::Missing | Verdict::LikelyMissing);
    let mut open = verdict.findings.iter().filter(missing).peekable();
    let mut of_files: BTreeMap<Option<usize>, (Line, Option<Pack>)> = BTreeMap::new();
    let mut of_system = None;
    open.peek()?;
    if let Some(needed) = of_office(open.clone(), article, context) {
        return Some(needed);
    }
    for finding in open {
        match finding.subject() {
            Subject::Build(place) if finding.reason == Reason::LaterUpdateNeeded => {
                let found = version_of_entry(&context.inventory.entries[finding.entry()?])?;
                let needed =
                    later_update::needed(&found, &article.builds[place].version.parse().ok()?, article, context);
                of_system.get_or_insert(needed?);
            }
            Subject::Build(place) => {
                let build = &article.builds[place];
                let pack = context.older.as_ref().filter(|_| build.file.is_none())?.lacks_pack()?;
                let product = build.product.split(" SP").next().unwrap_or_default().to_owned();
                of_system.get_or_insert(NeededPack { product, pack: Some(pack.to_owned()), by: None });
            }
            Subject::Row(_) if finding.reason == Reason::EarlierServicePack => {
                let release = &finding.demand.as_ref()?.release;
                let pack = release.service_pack.clone();
                // The lowest of the packs that the rows of a file are for is enough.
                let lowest = of_files.entry(finding.entry()).or_insert_with(|| (release.line.clone(), pack.clone()));
                if pack < lowest.1 {
                    lowest.1 = pack;
                }
            }
            _ => return None,
        }
    }
    let (line, pack) = of_files.into_values().max_by(|one, other| one.1.cmp(&other.1)).unzip();
    let Some(line) = line else { return of_system };
    let pack = pack.flatten();
    // "Internet Explorer 6 on Windows XP SP2 and later" comes with the service packs of Windows.
    let product = line.name().split_once(" on ").map_or(line.name(), |(_, windows)| windows);
    let product = product.split(" SP").next().unwrap_or(product);
    // A file may be older than the service pack of its system.
    let installed = context.profile.as_ref().filter(|profile| profile.line.name() == product);
    let installed = installed.and_then(|profile| profile.pack.as_ref()).and_then(number);
    let is_there = installed.zip(pack.as_ref().and_then(number)).is_some_and(|(installed, pack)| installed >= pack);
    (!is_there).then(|| NeededPack {
        product: product.to_owned(),
        pack: pack.map(|pack| pack.name().to_owned()),
        by: None,
    })
}

/// The service pack of Office that an article is for, if one of the missing programs comes from before it: setup says that it
/// did not find the expected version (KB2344893 is for Office 2003 SP3 alone). The rows say nothing of it.
fn of_office<'f>(
    mut open: impl Iterator<Item = &'f Finding>,
    article: &Article,
    context: &Context,
) -> Option<NeededPack> {
    open.find_map(|finding| {
        let line = &finding.demand.as_ref()?.release.line;
        let pack = office_pack_of(line.name(), &article.products)?;
        let (place, Subject::Row(row)) = (finding.entry()?, finding.subject()) else { return None };
        let name = &article.fixes[row].file;
        let is_before =
            context.claims[place].iter().any(|claim| is_before_office_pack(line.name(), pack, name, &claim.version));
        is_before.then(|| NeededPack { product: line.name().to_owned(), pack: Some(pack.to_string()), by: None })
    })
}

/// The number of a service pack, which is the same for a component of Windows: 6 of `6a`, 0 of the release.
fn number(pack: &Pack) -> Option<u32> {
    if pack.is_release() { Some(0) } else { pack.name().trim_end_matches('a').parse().ok() }
}
