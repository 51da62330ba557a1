//! Products that are later than the catalogue's last file: it knows names of their files from earlier ones, but has no row for them, so
//! that nothing of them is judged.

use std::collections::BTreeMap;

use super::context::Context;
use super::known_builds::BUILD_FILES;
use super::listed_row::Row;
use crate::catalog::FileRows;

/// The lines of these products, which were released after the last bulletin with a file table (MS11-017).
const LINES: [&str; 13] = [
    "Internet Explorer 9",
    "Internet Explorer 10",
    "Internet Explorer 11",
    ".NET Framework 4.5",
    ".NET Framework 4.5.1 and 4.5.2",
    ".NET Framework 4.6 and 4.6.1",
    ".NET Framework 4.6.2",
    ".NET Framework 4.7 to 4.7.2",
    ".NET Framework 4.8",
    ".NET Framework 4.8.1",
    "Office 2013",
    // Each of its builds is a line.
    "Office 2016 and later, Click-to-Run",
    "Office 2016",
];

/// A warning for each of these products of which a system has files, while the catalogue has no row for these.
pub(super) fn without_rows(context: &Context) -> Vec<String> {
    // For each line the keys of its files, the path and version of one of them, and how many they are.
    let mut found: BTreeMap<&str, (Vec<&str>, String, usize)> = BTreeMap::new();
    let mut active: Vec<(&str, usize)> =
        context.copies.iter().flat_map(|(key, of)| of.active.iter().map(|entry| (key.as_str(), *entry))).collect();
    // The file of SQL Server shows its build: 16.0.4250.1 in a list is the version of the product, not of an Office 2016 (issue 15).
    active.retain(|(key, _)| !BUILD_FILES.contains(key));
    active.sort_unstable_by_key(|(_, entry)| *entry);
    for (key, entry) in active {
        let claims = &context.claims[entry];
        let line = |name: &&&str| claims.iter().any(|claim| is_of(claim.release.line.name(), name));
        let Some(line) = LINES.iter().find(line) else { continue };
        let (keys, _, count) = found.entry(line).or_insert_with(|| {
            let version = claims.first().map(|claim| format!(" {}", claim.version)).unwrap_or_default();
            (Vec::new(), format!("{}{version}", context.inventory.entries[entry].path), 0)
        });
        keys.push(key);
        *count += 1;
    }
    found.retain(|line, (keys, ..)| !has_rows(line, keys, context));
    let text = |(line, (_, first, count)): (&str, (_, String, usize))| {
        let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        format!("the catalogue has no fix for files of {line} ({first}{more}): missing updates of it are not known")
    };
    found.into_iter().map(text).collect()
}

/// True if a row for one of these files is of this line.
fn has_rows(line: &str, keys: &[&str], context: &Context) -> bool {
    let releases = &context.knowledge.releases;
    context.catalog.articles().iter().filter(|article| article.has_rows()).any(|article| {
        let own = article.files().iter().filter(|file: &FileRows<'_>| keys.contains(&file.key));
        own.flat_map(|file| {
            Row::at(file.rows.iter().copied(), article, &context.headings).map(move |row| (file.key, row))
        })
        .any(|(key, row)| {
            let release = row.release(key, || context.windows.as_deref(), releases);
            release.is_some_and(|release| is_of(release.line.name(), line))
        })
    })
}

/// True for a line, and for one of several that are made of it.
fn is_of(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
