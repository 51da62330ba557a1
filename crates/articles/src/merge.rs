//! Several statements of one article -> one: the translations of a bulletin, and bulletins that name the same update.
//!
//! Versions are the same in every language; sizes and dates are those of the build that a page lists. So a row is known by
//! file, version, processor, branch and what its heading names, and takes its size and date from the English build where a
//! page has that. Versions on which the pages differ are decided by the most pages, then by those of the English build;
//! what loses is listed among the rejected lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::model::{Article, Fix, Rejected};
use super::vocabulary::pattern;
use hotfixcheck_types::{FileVersion, Machine};

/// Why a row of one translation is left out.
pub const TRANSLATIONS_DIFFER: &str = "translations of the page differ in the version";

/// What a heading can name, in whatever language the words between are.
static NAMES: LazyLock<Regex> = pattern!(concat!(
    r"(?i)windows (?:nt [a-z ]*?4\.0|2000|xp|vista|7|8(?:\.1)?|me(?-u:\b)|98|95|server 2003(?: r2)?|server 2008(?: r2)?|server 2012(?: r2)?|media player [0-9]+|messenger [0-9.]+)",
    r"|(?:internet explorer|outlook express|mdac|directx|exchange server|excel viewer|word viewer|visio viewer|works suite|works|framework) [0-9][0-9.]*",
    r"|(?:office|word|excel|outlook|powerpoint|publisher|visio|project|frontpage)(?: xp| [0-9]{4})",
    r"|(?:service pack|sp) ?[0-9][a-z]?(?-u:\b)|itanium|ia-?64|64-bit edition|x64|x86|32-? ?bit",
    r"|[0-9]+(?:\.[0-9]+)+"
));

/// The facts that a heading names, each written one way.
fn names(heading: &str) -> BTreeSet<String> {
    NAMES
        .find_iter(heading)
        .map(|found| {
            let name = found.as_str().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            match name.strip_prefix("service pack").or_else(|| name.strip_prefix("sp")) {
                Some(pack) if pack.trim().starts_with(|c: char| c.is_ascii_digit()) => format!("sp{}", pack.trim()),
                _ => Machine::from_platform_word(&name).map_or(name, |machine| machine.name().to_owned()),
            }
        })
        .collect()
}

/// What a row is about, without its version.
type Subject = (String, Option<Machine>, Option<String>, bool, BTreeSet<String>);

fn subject(fix: &Fix) -> Subject {
    let branch = fix.branch.as_deref().map(str::to_uppercase);
    let mut named = names(&fix.section);
    // Languages write processors in their own ways ("32 位元" in MS07-045): the row's own is enough.
    if fix.machine.is_some() {
        named.retain(|name| !Machine::ALL.iter().any(|machine| machine.name() == name) && !name.contains("bit"));
    }
    (fix.file.to_lowercase(), fix.machine, branch, fix.wow, named)
}

/// A version: its numbers, or its text where it is not numbers.
type Version = Option<Result<Vec<u32>, String>>;

fn version(fix: &Fix) -> Version {
    let text = fix.version.as_deref()?;
    Some(text.parse::<FileVersion>().map(|version| version.components().to_vec()).map_err(|_| text.to_lowercase()))
}

/// How well a row's size and date speak for the English build: the lower, the better.
fn rank(fix: &Fix) -> u8 {
    match fix.build_language.as_deref() {
        Some("English") => 0,
        None => 1,
        Some(_) => 2,
    }
}

/// One article of several statements of it, all of one id. The first gives the title; nothing is given for none.
pub fn merge(statements: Vec<Article>) -> Option<Article> {
    let mut kept: BTreeMap<(Subject, Version), Fix> = BTreeMap::new();
    // The versions of each subject, and which statements have each.
    let mut said: BTreeMap<Subject, BTreeMap<Version, BTreeSet<usize>>> = BTreeMap::new();
    for (place, article) in statements.iter().enumerate() {
        for fix in &article.fixes {
            let (subject, version) = (subject(fix), version(fix));
            said.entry(subject.clone()).or_default().entry(version.clone()).or_default().insert(place);
            let known = kept.entry((subject, version)).or_insert_with(|| fix.clone());
            if rank(fix) < rank(known) {
                known.clone_from(fix);
            }
        }
    }
    let english = |place: &usize| statements[*place].fixes.iter().any(|fix| rank(fix) == 0);
    let mut lost: Vec<Rejected> = Vec::new();
    for (subject, versions) in said.iter().filter(|(_, versions)| versions.len() > 1) {
        let speakers: BTreeSet<usize> = versions.values().flatten().copied().collect();
        for (version, places) in versions.iter().filter(|(_, places)| places.len() < speakers.len()) {
            let silent: Vec<&usize> = speakers.difference(places).collect();
            let (for_it, against) = (places.len(), silent.len());
            let by_english = places.iter().filter(|place| english(place)).count();
            let against_english = silent.iter().filter(|place| english(place)).count();
            if (for_it, by_english) < (against, against_english)
                && let Some(fix) = kept.remove(&(subject.clone(), version.clone()))
            {
                let text = format!("{} {}", fix.file, fix.version.as_deref().unwrap_or("without a version"));
                lost.push(Rejected { line: fix.line, text, reason: TRANSLATIONS_DIFFER.to_owned() });
            }
        }
    }
    let mut statements = statements.into_iter();
    let mut article = statements.next()?;
    for other in statements {
        union(&mut article.products, other.products);
        union(&mut article.bulletins, other.bulletins);
        union(&mut article.cves, other.cves);
        union(&mut article.exploited, other.exploited);
        union(&mut article.replaced_bulletins, other.replaced_bulletins);
        union(&mut article.replaced_articles, other.replaced_articles);
        union(&mut article.service_packs, other.service_packs);
        union(&mut article.builds, other.builds);
        union(&mut article.rejected, other.rejected);
        for package in other.packages {
            if !article.packages.iter().any(|known| known.file.eq_ignore_ascii_case(&package.file)) {
                article.packages.push(package);
            }
        }
        article.severity = article.severity.max(other.severity);
        article.restart = article.restart.max(other.restart);
        article.last_modified = article.last_modified.max(other.last_modified);
    }
    article.cves.sort();
    article.exploited.sort();
    article.fixes = kept.into_values().collect();
    article.fixes.sort_by_key(|fix| fix.line);
    article.rejected.extend(lost);
    article.rejected.sort_by_key(|rejected| rejected.line);
    Some(article)
}

/// Adds what is not there yet.
fn union<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}
