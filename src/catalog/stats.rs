//! The size and contents of a catalogue in numbers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::articles::Catalog;
use hotfixcheck_articles::FixKind;

/// Counts over a catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// All articles.
    pub articles: usize,
    /// Those that state a fix: a file, a service pack or a build.
    pub stating_fix: usize,
    /// Articles that name a corrected file.
    pub with_files: usize,
    /// Articles that name a service pack.
    pub with_service_packs: usize,
    /// Articles that name a service pack and no file.
    pub service_packs_only: usize,
    /// Rows of fix tables.
    pub rows: usize,
    /// Rows that state a version.
    pub rows_with_version: usize,
    /// Rows from tables.
    pub rows_from_tables: usize,
    /// Rows from lists without a header.
    pub rows_from_lists: usize,
    /// Rows from sentences.
    pub rows_from_prose: usize,
    /// Rows from update packages.
    pub rows_from_packages: usize,
    /// Different file names.
    pub files: usize,
    /// The first and last change date of the articles that name a file or a service pack.
    pub articles_changed: Option<(Date, Date)>,
    /// The same for those that name neither, but a build.
    pub builds_changed: Option<(Date, Date)>,
    /// The first and last date of the rows.
    pub rows_dated: Option<(Date, Date)>,
    /// Articles that name a build of a product.
    pub with_builds: usize,
    /// Articles for which vulnerabilities are known.
    pub with_cves: usize,
    /// The products that articles with rows or builds are for, those with the most articles first; named without
    /// edition and service pack.
    pub products: Vec<ProductStats>,
}

/// The number of articles and builds for a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductStats {
    /// Its name.
    pub product: String,
    /// Articles that name a corrected file.
    pub with_files: usize,
    /// Builds of the product.
    pub builds: usize,
    /// The first and last year of the files' dates; for articles without dated files, of their last change.
    pub years: Option<(i16, i16)>,
}

impl ProductStats {
    fn new(product: String) -> Self {
        Self { product, with_files: 0, builds: 0, years: None }
    }
}

impl Stats {
    /// Counts a catalogue.
    pub fn new(catalog: &Catalog) -> Self {
        let articles = catalog.articles();
        let fixes = || articles.iter().flat_map(|a| &a.fixes);
        let of_kind = |kind| fixes().filter(|f| f.kind == kind).count();
        let mut names: Vec<String> = fixes().map(|f| f.file.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        let mut products: BTreeMap<String, ProductStats> = BTreeMap::new();
        for article in articles.iter().filter(|a| !a.fixes.is_empty() || !a.builds.is_empty()) {
            let named = article.products.iter().map(|product| family(product));
            let of_article: BTreeSet<String> = named.chain(article.builds.iter().map(|b| family(&b.product))).collect();
            let years: Vec<i16> = article.fixes.iter().filter_map(|fix| fix.date).map(|date| date.year()).collect();
            let stated = if years.is_empty() {
                article.last_modified.map(|date| date.year()).into_iter().collect()
            } else {
                years
            };
            for product in of_article {
                let builds = article.builds.iter().filter(|build| family(&build.product) == product).count();
                let of = products.entry(product.clone()).or_insert_with(|| ProductStats::new(product));
                of.with_files += usize::from(!article.fixes.is_empty());
                of.builds += builds;
                for &year in &stated {
                    of.years = Some(of.years.map_or((year, year), |(from, to)| (from.min(year), to.max(year))));
                }
            }
        }
        let mut products: Vec<ProductStats> = products.into_values().collect();
        products.sort_by_key(|of| std::cmp::Reverse(of.with_files + of.builds));
        Self {
            articles: articles.len(),
            stating_fix: catalog.stating_fix(),
            with_files: articles.iter().filter(|a| !a.fixes.is_empty()).count(),
            with_service_packs: articles.iter().filter(|a| !a.service_packs.is_empty()).count(),
            service_packs_only: articles.iter().filter(|a| a.fixes.is_empty() && !a.service_packs.is_empty()).count(),
            with_builds: articles.iter().filter(|a| !a.builds.is_empty()).count(),
            with_cves: articles.iter().filter(|a| !a.cves.is_empty()).count(),
            rows: fixes().count(),
            rows_with_version: fixes().filter(|f| f.version.is_some()).count(),
            rows_from_tables: of_kind(FixKind::Table),
            rows_from_lists: of_kind(FixKind::List),
            rows_from_prose: of_kind(FixKind::Prose),
            rows_from_packages: of_kind(FixKind::Package),
            files: names.len(),
            articles_changed: catalog.coverage().files,
            builds_changed: catalog.coverage().builds,
            rows_dated: fixes().filter_map(|f| f.date).min().zip(fixes().filter_map(|f| f.date).max()),
            products,
        }
    }
}

/// The product without edition and service pack: `Windows NT Server 4.0 SP3` -> `Windows NT 4.0`; `Windows Server 2019`
/// stays.
fn family(product: &str) -> String {
    const EDITIONS: [&str; 9] = [
        "Server",
        "Workstation",
        "Advanced",
        "Datacenter",
        "Professional",
        "Enterprise",
        "Edition",
        "Standard",
        "Developer",
    ];
    let windows = product.starts_with("Windows");
    let words: Vec<&str> = product.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    // "Server" is part of the name from Windows Server 2003 on, but an edition in Windows NT Server and Windows 2000
    // Server.
    let is_name = |place: usize| words.get(place + 1).is_some_and(|next| next.starts_with("20") && *next != "2000");
    let kept: Vec<&str> = words
        .iter()
        .enumerate()
        .take_while(|(_, w)| !(w.len() > 2 && w.starts_with("SP") && w.as_bytes()[2].is_ascii_digit()))
        .filter(|(place, w)| !(windows && EDITIONS.contains(w)) || (**w == "Server" && is_name(*place)))
        .map(|(_, w)| *w)
        .collect();
    kept.join(" ")
}
