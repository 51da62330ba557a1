//! Rows of a bulletin's page whose update another translation names: its package stands in only one of the pages.
//!
//! The Italian page of MS03-051 names no package for the files of SharePoint Team Services, so they are bound to the
//! headline's update; the Japanese page names that of KB812708 for the same files and versions.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Article, Fix, Text};
use super::row_identity::{Version, version};
use hotfixcheck_types::KbId;

/// Fewer rows may be the same by chance.
const MIN_ROWS: usize = 3;

/// The files of some rows with their versions.
type Files = BTreeSet<(String, Version)>;

fn files<'f>(rows: impl Iterator<Item = &'f Fix>) -> Files {
    rows.map(|fix| (fix.file.to_lowercase(), version(fix))).collect()
}

/// The statements, with such rows moved to the update that the other page names.
pub(crate) fn settle(mut statements: Vec<Article>) -> Vec<Article> {
    let mut named: BTreeMap<(Text, Files), BTreeSet<KbId>> = BTreeMap::new();
    let of_one = |article: &Article| article.is_of_bulletin() && article.bulletins.len() == 1;
    for article in statements.iter().filter(|article| of_one(article) && !article.packages.is_empty()) {
        let files = files(article.fixes.iter());
        if files.len() >= MIN_ROWS {
            named.entry((article.bulletins[0].clone(), files)).or_default().insert(article.id);
        }
    }
    let mut moved = Vec::new();
    for article in statements.iter_mut().filter(|article| of_one(article) && article.packages.is_empty()) {
        let sections: BTreeSet<Text> = article.fixes.iter().map(|fix| fix.section.clone()).collect();
        for section in sections {
            let key = (article.bulletins[0].clone(), files(article.fixes.iter().filter(|fix| fix.section == section)));
            let ids: Vec<KbId> = named.get(&key).into_iter().flatten().copied().collect();
            let [id] = ids[..] else { continue };
            if id == article.id {
                continue;
            }
            let fixes: Vec<Fix> = article.fixes.extract_if(.., |fix| fix.section == section).collect();
            let lines: BTreeSet<u32> = fixes.iter().map(|fix| fix.line).collect();
            let rejected = article.rejected.extract_if(.., |rejected| lines.contains(&rejected.line)).collect();
            moved.push(Article { id, products: Vec::new(), keywords: Vec::new(), fixes, rejected, ..article.clone() });
        }
    }
    statements.extend(moved);
    statements
}
