//! Tables of Windows updates by build and revision.
//!
//! `windows-updates.tsv`: product, release, kind, order, revision, article, with a header line. Rollups of Windows 7 to
//! 8.1 have only an order, no revision. `windows-builds.tsv`: release with its build, day, build and revision, article.

use std::collections::BTreeSet;
use std::io::BufRead;

use crate::bounded::Bounded;
use crate::builds;
use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::model::{Facts, RequiredBuild, SkipReason, SourceKind};
use crate::tables::NOT_FOR;
use crate::text;
use crate::words;

/// The first line of `windows-updates.tsv`.
pub const UPDATES_HEADER: [&str; 6] = ["product", "release", "kind", "order", "revision", "kb"];

/// Reads lines of fields; the last field of a line may be missing.
pub(crate) fn table<R: BufRead>(
    name: &str,
    input: R,
    columns: usize,
    mut each: impl FnMut(&[&str], &Place) -> Result<(), FactsError>,
) -> Result<(), FactsError> {
    let (mut input, progress) = Bounded::new(input);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        progress.item_done();
        let place = Place::Line(number);
        let read = input.read_until(b'\n', &mut line);
        let fail = |expected: String, found: String| Err(FactsError::new(name, place.clone(), expected, found));
        match read {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return fail("a line that can be read".to_owned(), error.to_string()),
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            return fail("UTF-8".to_owned(), "other bytes".to_owned());
        };
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = text.split('\t').collect();
        if fields.len() != columns {
            return fail(format!("{columns} fields between tabs"), fields.len().to_string());
        }
        each(&fields, &place)?;
    }
    Ok(())
}

/// Reads `windows-updates.tsv`.
///
/// # Errors
/// The header or a line is not in this format.
pub fn read_updates(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut facts = Facts::new(SourceKind::WindowsUpdates, name);
    let mut headed = false;
    let mut rollups: Vec<(String, u32, hotfixcheck_types::KbId)> = Vec::new();
    table(name, text::open(name, input)?, UPDATES_HEADER.len(), |fields, place| {
        let wrong = |expected: &str, found: &str| FactsError::new(name, place.clone(), expected, quoted(found));
        if !headed {
            headed = true;
            if fields != UPDATES_HEADER {
                return Err(wrong("the header 'product release kind order revision kb'", fields[0]).advise(OTHER_FORM));
            }
            return Ok(());
        }
        let &[product, release, kind, order, revision, kb] = fields else { return Ok(()) };
        if kind != "rollup" {
            return Err(wrong("the kind 'rollup'", kind));
        }
        let order: u32 = order.parse().map_err(|_| wrong("an order, as in 12", order))?;
        if kb.is_empty() {
            facts.skip(SkipReason::NoArticle, place, &format!("{product} {release} {revision}"));
            return Ok(());
        }
        let id = words::article_id(kb).ok_or_else(|| wrong("an article, as in 5034122", kb))?;
        let server = product.contains("Server");
        if revision.is_empty() {
            let product = if release.is_empty() { product.to_owned() } else { format!("{product} {release}") };
            facts.article(id).products.insert(product.clone());
            rollups.push((product, order, id));
            return Ok(());
        }
        let build: u32 = release.parse().map_err(|_| wrong("a build, as in 19045", release))?;
        let revision: u32 = revision.parse().map_err(|_| wrong("a revision, as in 3930", revision))?;
        let known = builds::windows_product(build, server);
        let Some((product, build)) = known.and_then(|p| Some((p, builds::windows(p, build, revision)?))) else {
            facts.skip(SkipReason::OtherBuild, place, &format!("{product} {build}.{revision}"));
            return Ok(());
        };
        if NOT_FOR.contains(&(id, product)) {
            return Ok(());
        }
        let article = facts.article(id);
        article.products.insert(product.to_owned());
        article.builds.insert(build);
        Ok(())
    })?;
    if !headed {
        return Err(FactsError::new(name, Place::Whole, "a table of updates", "an empty file").advise(OTHER_FORM));
    }
    servers_of_clients(&mut facts);
    // Rollups are cumulative: each replaces the one before it.
    rollups.sort();
    for pair in rollups.windows(2) {
        let [(product, _, old), (next, _, new)] = pair else { continue };
        if product == next && old != new {
            facts.article(*new).supersedes.insert(*old);
        }
    }
    Ok(facts)
}

/// Gives servers for which the table lists no update those of the client of the same build: one page is the history of
/// both (Windows 10 and Windows Server 1803).
fn servers_of_clients(facts: &mut Facts) {
    let listed: BTreeSet<&str> =
        facts.articles.values().flat_map(|article| &article.builds).map(|build| build.product.as_str()).collect();
    let of = |(number, server): (u32, &'static str)| {
        let client = builds::windows_product(number, false).filter(|client| listed.contains(client))?;
        (number >= builds::FIRST_CUMULATIVE && client != server && !listed.contains(server)).then_some((client, server))
    };
    let pairs: Vec<(&str, &str)> = builds::windows_products().filter_map(of).collect();
    for article in facts.articles.values_mut() {
        for &(client, server) in &pairs {
            let own = article.builds.iter().filter(|build| build.product == client);
            let own: Vec<RequiredBuild> =
                own.map(|build| RequiredBuild { product: server.to_owned(), ..build.clone() }).collect();
            if !own.is_empty() {
                article.products.insert(server.to_owned());
                article.builds.extend(own);
            }
        }
    }
}

/// Reads `windows-builds.tsv`.
///
/// # Errors
/// A line is not in this format.
pub fn read_builds(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut facts = Facts::new(SourceKind::WindowsBuilds, name);
    table(name, text::open(name, input)?, 4, |fields, place| {
        let wrong = |expected: &str, found: &str| FactsError::new(name, place.clone(), expected, quoted(found));
        let &[release, day, version, kb] = fields else { return Ok(()) };
        let released = words::day(day).ok_or_else(|| wrong("a day, as in 2025-10-14", day))?;
        let Some(id) = words::article_id(kb) else {
            facts.skip(SkipReason::NoArticle, place, kb);
            return Ok(());
        };
        let numbers = version
            .split_once('.')
            .and_then(|(build, revision)| Some((build.parse::<u32>().ok()?, revision.parse::<u32>().ok()?)));
        let (build, revision) = numbers.ok_or_else(|| wrong("build and revision, as in 26100.6899", version))?;
        let Some(product) = builds::windows_product(build, release.contains("Server")) else {
            facts.skip(SkipReason::OtherBuild, place, &format!("{release} {version}"));
            return Ok(());
        };
        let required = builds::windows(product, build, revision);
        let article = facts.article(id);
        article.products.insert(product.to_owned());
        article.builds.extend(required);
        article.released = Some(article.released.map_or(released, |known| known.min(released)));
        Ok(())
    })?;
    if facts.articles.is_empty() && facts.skipped.is_empty() {
        return Err(FactsError::new(name, Place::Whole, "a table of builds", "an empty file").advise(OTHER_FORM));
    }
    Ok(facts)
}
