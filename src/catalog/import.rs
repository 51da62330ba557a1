//! Makes a catalogue's articles from the facts of other sources.

use std::collections::BTreeSet;

use super::articles::Catalog;
use hotfixcheck_articles::{Article, Build, Edition, EditionFacts, PackageFile, ReleaseFacts};
use hotfixcheck_facts::builds::{HOTPATCH, windows_products};
use hotfixcheck_facts::{FactArticle, Merged, OnReleases, ShownBy};

/// The articles of merged sources; only those for a product whose name contains one of `words` (none: all).
pub fn of_facts(merged: &Merged, words: &[String]) -> Catalog {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let is_for = |article: &&FactArticle| {
        let named = |product: &String| words.iter().any(|word| product.to_lowercase().contains(word));
        words.is_empty() || article.products.iter().any(named)
    };
    merged.articles.values().filter(is_for).map(article).collect()
}

fn article(facts: &FactArticle) -> Article {
    let products: BTreeSet<String> = facts.products.iter().map(|name| short(name)).collect();
    let mut builds: Vec<Build> = facts.builds.iter().filter_map(build).collect();
    builds.dedup();
    let title = facts.title.clone().unwrap_or_else(|| title(&products, &builds));
    let exploited = facts.cves.iter().filter(|(_, fact)| fact.exploited == Some(true));
    let package = |file: &String| PackageFile {
        file: file.clone().into(),
        kb: Some(facts.id),
        system: None,
        machine: None,
        language: None,
    };
    Article {
        last_modified: facts.released.or(facts.advised),
        products: products.into_iter().map(Into::into).collect(),
        bulletins: facts.bulletins.iter().map(|id| id.to_string().into()).collect(),
        cves: facts.cves.keys().map(|id| id.to_string().into()).collect(),
        exploited: exploited.map(|(id, _)| id.to_string().into()).collect(),
        severity: facts.severity,
        editions: Edition::ALL.into_iter().filter_map(|edition| on_edition(facts, edition)).collect(),
        releases: facts.on_releases().into_iter().map(on_releases).collect(),
        restart: facts.restart,
        replaced_bulletins: facts.supersedes_bulletins.iter().map(|id| id.to_string().into()).collect(),
        replaced_articles: facts.supersedes.iter().copied().collect(),
        packages: facts.packages.iter().map(package).collect(),
        builds,
        ..Article::new(facts.id, title)
    }
}

/// What the vendor states of one edition of Windows alone.
fn on_edition(facts: &FactArticle, edition: Edition) -> Option<EditionFacts> {
    let alone = facts.cves.keys().filter(|cve| facts.alone_with(**cve) == Some(edition));
    let cves = alone.map(|cve| cve.to_string().into()).collect();
    let own = EditionFacts { edition, severity: facts.lower_severity(edition), cves };
    (own.severity.is_some() || !own.cves.is_empty()).then_some(own)
}

/// What the vendor states of some releases of Windows alone.
fn on_releases(on: OnReleases) -> ReleaseFacts {
    ReleaseFacts {
        releases: on.releases.into_iter().map(Into::into).collect(),
        severity: on.severity,
        cves: on.cves.iter().map(|cve| cve.to_string().into()).collect(),
    }
}

/// Makes a build that is compared with a system or a file. Builds of components that cannot be identified are left out.
fn build(build: &hotfixcheck_facts::RequiredBuild) -> Option<Build> {
    let file = match build.shown_by {
        ShownBy::System => None,
        ShownBy::File(file) => Some(file.into()),
        _ => return None,
    };
    Some(Build { product: build.product.clone().into(), version: build.version.0.to_string().into(), file })
}

/// A title where the source has none: what the update is for.
fn title(products: &BTreeSet<String>, builds: &[Build]) -> String {
    match (builds.last(), products.first()) {
        (Some(build), _) => title_of_build(build),
        (None, Some(product)) if products.len() == 1 => format!("Update for {product}"),
        (None, Some(product)) => format!("Update for {product} and others"),
        (None, None) => String::new(),
    }
}

/// The title of an update that is known by its build alone.
pub(crate) fn title_of_build(build: &Build) -> String {
    format!("Update to {} {}", build.product, build.version)
}

/// True for the title of an update of Windows that is known by its build alone, perhaps of another product than those of the
/// article's builds: of these, only the ones of a system may have been read.
pub(crate) fn is_title_of_build(title: &str) -> bool {
    let product = title.strip_prefix("Update to ").and_then(|rest| rest.rsplit_once(' ')).map(|(product, _)| product);
    product.is_some_and(|product| {
        let product = product.strip_suffix(HOTPATCH).unwrap_or(product);
        windows_products().any(|(_, name)| name == product)
    })
}

/// A product's name without the processors and editions that the vendor lists separately: "Windows 10 Version 22H2 for
/// x64-based Systems" becomes "Windows 10 22H2".
fn short(product: &str) -> String {
    const DROPPED: [&str; 12] = [
        " (Server Core installation)",
        " for x64-based Systems",
        " for 32-bit Systems",
        " for ARM64-based Systems",
        " for Itanium-Based Systems",
        " for x64-based systems",
        " for 32-bit systems",
        " for ARM64-based systems",
        " (32-bit editions)",
        " (64-bit editions)",
        " (32-bit edition)",
        " (64-bit edition)",
    ];
    let mut plain = DROPPED.iter().fold(product.to_owned(), |name, dropped| name.replace(dropped, ""));
    // Windows XP x64 Edition is another Windows, with the service packs of Server 2003.
    if !plain.contains("Windows XP") {
        plain = plain.replace(" x64 Edition", "");
    }
    plain.replace(" Version ", " ").replace(" version ", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::short;

    /// Issue 15: 226 updates for Windows XP x64 Edition were for Windows XP SP2 of 32 bits.
    #[test]
    fn processors_are_left_out_of_names_but_not_editions_that_are_another_windows() {
        for (product, expected) in [
            ("Windows 10 Version 22H2 for x64-based Systems", "Windows 10 22H2"),
            (
                "Microsoft Windows Server 2003 x64 Edition Service Pack 2",
                "Microsoft Windows Server 2003 Service Pack 2",
            ),
            (
                "Microsoft Windows XP Professional x64 Edition Service Pack 2",
                "Microsoft Windows XP Professional x64 Edition Service Pack 2",
            ),
        ] {
            assert_eq!(short(product), expected);
        }
    }
}
