//! Products that were built separately for a language (`data/language-builds.tsv`).

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use hotfixcheck_types::FileVersion;

const TABLE: &str = include_str!("../data/language-builds.tsv");

/// One record of the table.
struct Product {
    heading: &'static str,
    /// The numbers that are always of a language, and which one.
    own: Option<(RangeInclusive<FileVersion>, &'static str)>,
}

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let records = lines.filter_map(|line| {
        let [heading, language, from, to, _] = line.split('\t').collect::<Vec<_>>()[..] else { return None };
        let numbers = from.parse().ok().zip(to.parse().ok());
        Some(Product { heading, own: numbers.map(|(from, to)| (from..=to, language)) })
    });
    records.collect()
});

/// True for a heading of a product with separate builds.
pub(crate) fn is_built_separately(heading: &str) -> bool {
    PRODUCTS.iter().any(|product| heading.contains(product.heading))
}

/// The language whose builds always have such a number, below this heading: `Japanese` for 4.0.1381.39770 of Terminal Server
/// Edition.
pub(crate) fn language_of(heading: &str, version: &FileVersion) -> Option<&'static str> {
    let own = PRODUCTS
        .iter()
        .filter(|product| heading.contains(product.heading))
        .find_map(|product| product.own.as_ref().filter(|(numbers, _)| numbers.contains(version)));
    own.map(|(_, language)| *language)
}
