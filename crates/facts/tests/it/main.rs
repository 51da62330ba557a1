//! Tests of sources, in one binary: one file for each source.

mod buildref;
mod cvrf;
mod hostile;
mod merging;
mod mssecure;
mod tables;
mod wesng;

use hotfixcheck_facts::{FactArticle, Facts, SkipReason};

/// The article of this number.
fn article<'f>(facts: &'f Facts, kb: &str) -> &'f FactArticle {
    facts.articles.get(&kb.parse().unwrap()).unwrap_or_else(|| panic!("no {kb} in {:?}", facts.articles.keys()))
}

/// The builds of an article, as text.
fn builds(article: &FactArticle) -> Vec<String> {
    article.builds.iter().map(|build| format!("{} {}", build.product, build.version.0)).collect()
}

/// The skipped parts, and how often.
fn skipped(facts: &Facts) -> Vec<(SkipReason, usize)> {
    facts.skipped.iter().map(|(reason, skipped)| (*reason, skipped.count)).collect()
}
