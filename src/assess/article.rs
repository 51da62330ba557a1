//! One article against the inventory.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::{ArticleStatus, ArticleVerdict, Context, Evidence, Finding, Reason, Subject, pack, row};
use crate::article::{Article, Fix};
use crate::catalog::file_key;

/// Judges every row against every active copy of its file.
pub(super) fn judge(place: usize, article: &Article, context: &Context) -> ArticleVerdict {
    let mut by_file: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, fix) in article.fixes.iter().enumerate() {
        by_file.entry(file_key(&fix.file)).or_default().push(row);
    }
    let scope = OnceCell::new();
    let mut findings = Vec::with_capacity(article.fixes.len());
    for (name, rows) in &by_file {
        let active = context.copies.get(name).map(|c| c.active.as_slice()).unwrap_or_default();
        let fixes: Vec<&Fix> = rows.iter().map(|&row| &article.fixes[row]).collect();
        for &entry in active {
            let answers = row::judge(entry, article, &scope, &fixes, context);
            let rows = rows.iter().zip(answers);
            findings.extend(
                rows.map(|(&row, (reason, evidence))| Finding::new(Subject::Row(row), Some(entry), reason, evidence)),
            );
        }
        if active.is_empty() {
            findings.extend(rows.iter().map(|&row| absent(row, name, context)));
        }
    }
    if article.fixes.is_empty() {
        findings = pack::judge(article, context);
    }
    let order = |finding: &Finding| (finding.subject, finding.entry);
    if !findings.is_sorted_by_key(order) {
        findings.sort_by_key(order);
    }
    let status = ArticleStatus::of(findings.iter().map(Finding::verdict));
    ArticleVerdict { id: article.id, article: place, status, open: status, findings, superseded_by: Vec::new() }
}

fn absent(row: usize, name: &str, context: &Context) -> Finding {
    let inactive = context.copies.get(name).map(|c| c.inactive.as_slice()).unwrap_or_default();
    let detail = (!inactive.is_empty()).then(|| {
        let paths = inactive.iter().map(|&place| context.inventory.entries[place].path.to_string());
        paths.collect::<Vec<_>>().join(", ")
    });
    let reason = match () {
        () if !inactive.is_empty() => Reason::InactiveCopiesOnly,
        () if !context.inventory.coverage.holds(name) => Reason::NotRecorded,
        () => Reason::FileAbsent,
    };
    Finding::new(Subject::Row(row), None, reason, Evidence { detail, ..Evidence::default() })
}
