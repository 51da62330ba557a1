//! Combines several sources into one article each, whatever their order, and lists the contradictions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use hotfixcheck_types::{KbId, Severity};

use crate::model::{FactArticle, Facts, RequiredBuild, ShownBy, Source, SourceKind, Version};

/// The most days between two release days that are not a contradiction: time zones, and pages that are dated by hand.
const MOST_DAYS_APART: i32 = 31;

/// The articles of all sources, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The articles.
    pub articles: BTreeMap<KbId, FactArticle>,
    /// The sources that name each article.
    pub sources: BTreeMap<KbId, BTreeSet<Source>>,
    /// Contradictions between sources, by article.
    pub conflicts: Vec<Conflict>,
}

/// The statement of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// The source.
    pub source: Source,
    /// The value that it states.
    pub says: String,
}

/// A contradiction. The merged article has the value of the most trusted kind of source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Conflict {
    /// Several builds of one product; the highest build of the most trusted kind is used.
    Build {
        /// The article.
        id: KbId,
        /// The product.
        product: String,
        /// The statements.
        statements: BTreeSet<Statement>,
    },
    /// Release days that are more than a month apart.
    Released {
        /// The article.
        id: KbId,
        /// The statements.
        statements: BTreeSet<Statement>,
    },
    /// Different highest ratings; the higher one is used.
    Severity {
        /// The article.
        id: KbId,
        /// The statements.
        statements: BTreeSet<Statement>,
    },
    /// Updates that replace each other, or themselves. None of these edges is used: they would hide all of the updates.
    SupersedenceCycle {
        /// The articles.
        ids: Vec<KbId>,
    },
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, statements: &BTreeSet<Statement>| {
            for (at, statement) in statements.iter().enumerate() {
                let separator = if at == 0 { ": " } else { ", " };
                let Statement { source, says } = statement;
                write!(f, "{separator}{says} ({} '{}')", source.kind.name(), crate::ids::shown(&source.name))?;
            }
            Ok(())
        };
        match self {
            Self::Build { id, product, statements } => {
                write!(f, "{id}: several builds of {product}")?;
                list(f, statements)
            }
            Self::Released { id, statements } => {
                write!(f, "{id}: days of release that are more than {MOST_DAYS_APART} days apart")?;
                list(f, statements)
            }
            Self::Severity { id, statements } => {
                write!(f, "{id}: different ratings")?;
                list(f, statements)
            }
            Self::SupersedenceCycle { ids } => {
                let ids: Vec<String> = ids.iter().map(KbId::to_string).collect();
                write!(f, "{}: updates that replace each other", ids.join(", "))
            }
        }
    }
}

/// Merges sources. The order of `sources` makes no difference.
pub fn merge(sources: &[Facts]) -> Merged {
    let mut said: BTreeMap<KbId, Vec<(&Source, &FactArticle)>> = BTreeMap::new();
    for facts in sources {
        for (id, article) in &facts.articles {
            said.entry(*id).or_default().push((&facts.source, article));
        }
    }
    let mut merged = Merged::default();
    for (id, mut said) in said {
        said.sort_by_key(|(source, _)| *source);
        merged.articles.insert(id, one(id, &said, &mut merged.conflicts));
        merged.sources.insert(id, said.iter().map(|(source, _)| (*source).clone()).collect());
    }
    for ids in cycles(&merged.articles) {
        for id in &ids {
            if let Some(article) = merged.articles.get_mut(id) {
                article.supersedes.retain(|old| !ids.contains(old));
            }
        }
        merged.conflicts.push(Conflict::SupersedenceCycle { ids });
    }
    drop_earlier_days(&mut merged);
    merged.conflicts.sort();
    merged
}

/// Drops the day of an advisory that is before that of an update which its update replaces: KB5014701, the last update of
/// Windows 10 1909, was added to the advisories of a year before (issue 15).
fn drop_earlier_days(merged: &mut Merged) {
    let is_advised = |id: &KbId| merged.sources[id].iter().any(|source| source.kind == SourceKind::Cvrf);
    let is_earlier = |article: &FactArticle| {
        let days = article.supersedes.iter().filter_map(|old| merged.articles.get(old)?.advised);
        is_advised(&article.id) && article.advised.is_some_and(|own| days.max().is_some_and(|old| own < old))
    };
    let wrong: Vec<KbId> =
        merged.articles.values().filter(|article| is_earlier(article)).map(|article| article.id).collect();
    for id in wrong {
        if let Some(article) = merged.articles.get_mut(&id) {
            article.advised = None;
        }
    }
}

fn one(id: KbId, said: &[(&Source, &FactArticle)], conflicts: &mut Vec<Conflict>) -> FactArticle {
    let mut out = FactArticle::new(id);
    for (_, article) in said {
        out.bulletins.extend(&article.bulletins);
        article.cves.iter().for_each(|(cve, fact)| out.add_cve(*cve, *fact));
        out.products.extend(article.products.iter().cloned());
        for (edition, on) in &article.editions {
            let all = out.editions.entry(*edition).or_default();
            all.cves.extend(&on.cves);
            all.severity = all.severity.max(on.severity);
        }
        for (release, on) in &article.by_release {
            let all = out.by_release.entry(*release).or_default();
            all.cves.extend(&on.cves);
            all.severity = all.severity.max(on.severity);
        }
        out.severity = out.severity.max(article.severity);
        out.restart = out.restart.max(article.restart);
        out.supersedes.extend(&article.supersedes);
        out.supersedes_bulletins.extend(&article.supersedes_bulletins);
        out.packages.extend(article.packages.iter().cloned());
        out.hotpatch |= article.hotpatch;
    }
    // The advisory of its own month names an update for the most vulnerabilities. If several name equally many, the
    // latest is used, because advisories of earlier years name the update as well.
    let advised = said.iter().filter_map(|(_, article)| Some((article.cves.len(), article.advised?)));
    out.advised = advised.max().map(|(_, day)| day);
    out.title = most_trusted(said, |article| article.title.clone());
    out.released = most_trusted(said, |article| article.released);
    out.builds = builds(id, said, conflicts);
    released_conflict(id, said, conflicts);
    severity_conflict(id, said, conflicts);
    out
}

/// The smallest value of the most trusted kind of source that has one.
fn most_trusted<T: Ord>(said: &[(&Source, &FactArticle)], value: impl Fn(&FactArticle) -> Option<T>) -> Option<T> {
    said.iter().filter_map(|(source, article)| Some((source.kind, value(article)?))).min().map(|(_, value)| value)
}

fn builds(id: KbId, said: &[(&Source, &FactArticle)], conflicts: &mut Vec<Conflict>) -> BTreeSet<RequiredBuild> {
    let mut by_product: BTreeMap<(&str, &ShownBy), Vec<(&Source, Version)>> = BTreeMap::new();
    for (source, article) in said {
        for build in &article.builds {
            by_product.entry((&build.product, &build.shown_by)).or_default().push((source, build.version));
        }
    }
    let mut out = BTreeSet::new();
    for ((product, shown_by), stated) in by_product {
        let build = |version| RequiredBuild { product: product.to_owned(), shown_by: shown_by.clone(), version };
        // Builds without a known file or system cannot be combined: each part of a product has its own.
        if *shown_by == ShownBy::Nothing {
            out.extend(stated.iter().map(|(_, version)| build(*version)));
            continue;
        }
        let trusted = stated.iter().map(|(source, _)| source.kind).min();
        let own = stated.iter().filter(|(source, _)| Some(source.kind) == trusted).map(|(_, version)| *version);
        out.extend(own.max().map(build));
        if stated.iter().any(|(_, version)| *version != stated[0].1) {
            let statements = stated.iter().map(|(source, version)| statement(source, version.0)).collect();
            conflicts.push(Conflict::Build { id, product: product.to_owned(), statements });
        }
    }
    out
}

fn statement(source: &Source, says: impl ToString) -> Statement {
    Statement { source: source.clone(), says: says.to_string() }
}

fn released_conflict(id: KbId, said: &[(&Source, &FactArticle)], conflicts: &mut Vec<Conflict>) {
    let stated: Vec<(&Source, Date)> = said.iter().filter_map(|(s, a)| Some((*s, a.released?))).collect();
    let days = stated.iter().map(|(_, day)| *day);
    if let (Some(first), Some(last)) = (days.clone().min(), days.max())
        && first.until(last).is_ok_and(|span| span.get_days() > MOST_DAYS_APART)
    {
        let statements = stated.iter().map(|(source, day)| statement(source, day)).collect();
        conflicts.push(Conflict::Released { id, statements });
    }
}

/// Sources of one kind, such as the months of an advisory, are parts of a whole: the highest rating counts for the
/// kind.
fn severity_conflict(id: KbId, said: &[(&Source, &FactArticle)], conflicts: &mut Vec<Conflict>) {
    let mut kinds: BTreeMap<SourceKind, (Severity, &Source)> = BTreeMap::new();
    for (source, article) in said {
        let Some(severity) = article.severity else { continue };
        let known = kinds.entry(source.kind).or_insert((severity, *source));
        if severity > known.0 {
            *known = (severity, *source);
        }
    }
    let different: BTreeSet<Severity> = kinds.values().map(|(severity, _)| *severity).collect();
    if different.len() > 1 {
        let statements = kinds.values().map(|(severity, source)| statement(source, severity)).collect();
        conflicts.push(Conflict::Severity { id, statements });
    }
}

/// Articles that replace each other, directly or through others: the strongly connected components of the graph, by
/// Tarjan's algorithm. It is not recursive, because chains of monthly updates are long.
fn cycles(articles: &BTreeMap<KbId, FactArticle>) -> Vec<Vec<KbId>> {
    let index: BTreeMap<KbId, usize> = articles.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let ids: Vec<KbId> = articles.keys().copied().collect();
    let next: Vec<Vec<usize>> = articles
        .values()
        .map(|article| article.supersedes.iter().filter_map(|old| index.get(old).copied()).collect())
        .collect();
    const UNSEEN: usize = usize::MAX;
    let (mut order, mut low) = (vec![UNSEEN; ids.len()], vec![0; ids.len()]);
    let (mut open, mut is_open, mut count) = (Vec::new(), vec![false; ids.len()], 0);
    let mut out = Vec::new();
    for start in 0..ids.len() {
        if order[start] != UNSEEN {
            continue;
        }
        // Each step: a node, and how many of its edges have been followed.
        let mut steps = vec![(start, 0)];
        while let Some((node, followed)) = steps.pop() {
            if followed == 0 {
                (order[node], low[node]) = (count, count);
                count += 1;
                open.push(node);
                is_open[node] = true;
            }
            match next[node].get(followed) {
                Some(&to) => {
                    steps.push((node, followed + 1));
                    if order[to] == UNSEEN {
                        steps.push((to, 0));
                    } else if is_open[to] {
                        low[node] = low[node].min(order[to]);
                    }
                }
                None => {
                    if let Some((parent, _)) = steps.last() {
                        low[*parent] = low[*parent].min(low[node]);
                    }
                    if low[node] == order[node] {
                        let from = open.iter().rposition(|other| *other == node).unwrap_or_default();
                        let part = open.split_off(from);
                        part.iter().for_each(|member| is_open[*member] = false);
                        if part.len() > 1 || next[node].contains(&node) {
                            let mut part: Vec<KbId> = part.into_iter().map(|member| ids[member]).collect();
                            part.sort();
                            out.push(part);
                        }
                    }
                }
            }
        }
    }
    out
}
