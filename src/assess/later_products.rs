//! Warnings about products of which the catalogue has no row (`data/products-without-rows.tsv`), so that nothing of them is judged:
//! it knows names of their files from other products, or not even these.

use std::collections::BTreeMap;

use super::context::Context;
use super::known_builds::BUILD_FILES;
use super::listed_row::Row;
use crate::catalog::{FileRows, Listed};
use crate::knowledge::{is_of_line, product_of_file, product_of_line};

/// A warning for each of these products of which a system has files, while the catalogue has no row for these.
pub(super) fn without_rows(context: &Context) -> Vec<String> {
    // For each product the keys of its files, the path and version of one of them, and how many they are.
    let mut found: BTreeMap<&str, (Vec<&str>, String, usize)> = BTreeMap::new();
    let mut active: Vec<(&str, usize)> =
        context.copies.iter().flat_map(|(key, of)| of.active.iter().map(|entry| (key.as_str(), *entry))).collect();
    // The file of SQL Server shows its build: 16.0.4250.1 in a list is the version of the product, not of an Office 2016 (issue 15).
    active.retain(|(key, _)| !BUILD_FILES.contains(key));
    active.sort_unstable_by_key(|(_, entry)| *entry);
    for (key, entry) in active {
        let claims = &context.claims[entry];
        let by_line = || claims.iter().find_map(|claim| product_of_line(claim.release.line.name()));
        let Some(product) = product_of_file(key).or_else(by_line) else { continue };
        let (keys, _, count) = found.entry(product).or_insert_with(|| {
            let version = claims.first().map(|claim| format!(" {}", claim.version)).unwrap_or_default();
            (Vec::new(), format!("{}{version}", context.inventory.entries[entry].path), 0)
        });
        keys.push(key);
        *count += 1;
    }
    found.retain(|product, (keys, ..)| !has_rows(product, keys, context));
    let text = |(product, (_, first, count)): (&str, (_, String, usize))| {
        let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        format!("the catalogue has no fix for files of {product} ({first}{more}): missing updates of it are not known")
    };
    found.into_iter().map(text).collect()
}

/// True if a row for one of these files is for this product.
fn has_rows(product: &str, keys: &[&str], context: &Context) -> bool {
    let releases = &context.knowledge.releases;
    let is_for = |article: &Listed, key: &str, row: &Row| match product_of_file(key) {
        Some(_) => names_product(article, row, product),
        None => {
            let release = row.release(key, || context.windows.as_deref(), releases);
            release.is_some_and(|release| is_of_line(release.line.name(), product))
        }
    };
    context.catalog.articles().iter().filter(|article| article.has_rows()).any(|article| {
        let own = article.files().iter().filter(|file: &FileRows<'_>| keys.contains(&file.key));
        own.flat_map(|file| {
            Row::at(file.rows.iter().copied(), article, &context.headings).map(move |row| (file.key, row))
        })
        .any(|(key, row)| is_for(article, key, &row))
    })
}

/// True if the row's heading, or, without one, the article's product list names the product.
fn names_product(article: &Listed, row: &Row, product: &str) -> bool {
    let names = |name: &str| name.to_lowercase().contains(&product.to_lowercase());
    match row.section.is_empty() {
        true => article.products.iter().any(|name| names(name)),
        false => names(&row.section),
    }
}
