//! Checks what articles state about each other and about bulletins, vulnerabilities and builds.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Code, Finding};
use crate::name::file_key;
use crate::{FileVersion, KbId};
use hotfixcheck_articles::{Article, Build, Fix};
use hotfixcheck_facts::builds::{HOTPATCH, SQL_FILE, is_sql_branch, sql_branch, sql_build, windows_product};

/// Checks the ids and builds of an article.
pub(super) fn ids(article: &Article) -> Vec<Finding> {
    let of = |code, detail| Finding { code, id: article.id, line: 0, detail };
    let newest = article.bulletins.iter().filter_map(|id| year_of_bulletin(id)).max();
    let cves = article.cves.iter().filter_map(|id| Some(of(Code::OddCve, odd_cve(id, newest)?)));
    let builds = article.builds.iter().filter(|build| build.file.is_none()).filter_map(|build| {
        let number = build.version.split('.').next()?.parse().ok()?;
        let names: Vec<&str> = [false, true].into_iter().filter_map(|server| windows_product(number, server)).collect();
        let expected = if names.is_empty() { String::new() } else { format!(": expected {}", names.join(" or ")) };
        // Hotpatches have builds of their own.
        let product = build.product.strip_suffix(HOTPATCH).unwrap_or(&build.product);
        let is_odd = !names.contains(&product);
        is_odd.then(|| {
            of(Code::OddBuild, format!("'{}' is not the product of {}{expected}", build.product, build.version))
        })
    });
    let odd_sql = article.builds.iter().filter_map(odd_sql).map(|detail| of(Code::OddBuild, detail));
    cves.chain(builds).chain(odd_sql).collect()
}

/// Why a version is not one of the branch of SQL Server that it is stated for.
fn odd_sql(build: &Build) -> Option<String> {
    build.file.as_ref().filter(|file| file.eq_ignore_ascii_case(SQL_FILE))?;
    let number = build.version.parse().ok().and_then(|version| sql_build(&version));
    if number.as_ref().is_some_and(|number| is_sql_branch(&build.product, number)) {
        return None;
    }
    let expected = number.and_then(|number| sql_branch(&number)).map(|branch| format!(": expected {branch}"));
    let expected = expected.unwrap_or_default();
    Some(format!("'{}' is not the branch of {SQL_FILE} {}{expected}", build.product, build.version))
}

/// The first year whose numbers may have more than four digits.
const LONGER_FROM: u16 = 2014;

/// Why a vulnerability of this id cannot exist; `newest` is the year of the article's newest bulletin.
fn odd_cve(id: &str, newest: Option<u16>) -> Option<String> {
    let numbers = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    let Some((year, number)) = numbers.and_then(|(year, number)| Some((year.parse::<u16>().ok()?, number))) else {
        return Some(format!("'{id}' is not of the form CVE-YEAR-NUMBER"));
    };
    let longer = number.len() > 4 && (year < LONGER_FROM || number.starts_with('0'));
    match newest {
        _ if longer => Some(format!("{id}: a number of {} digits", number.len())),
        _ if number.len() < 4 => Some(format!("{id}: fewer than four digits")),
        Some(newest) if year > newest => Some(format!("{id} is later than the bulletin of {newest}")),
        _ => None,
    }
}

/// The year of a bulletin: `MS05-040` -> 2005.
fn year_of_bulletin(id: &str) -> Option<u16> {
    let (year, _) = id.strip_prefix("MS")?.split_once('-').filter(|(year, _)| year.len() == 2)?;
    let year: u16 = year.parse().ok()?;
    Some(if year >= 90 { 1900 + year } else { 2000 + year })
}

/// Checks the articles and bulletins that articles state they replace.
pub(super) fn replacements(articles: &[&Article]) -> Vec<Finding> {
    let by_id: BTreeMap<KbId, &Article> = articles.iter().map(|article| (article.id, *article)).collect();
    let mut found = circles(&by_id);
    for article in articles {
        let mut say = |detail| {
            found.push(Finding { code: Code::ReplacesNewer, id: article.id, line: 0, detail });
        };
        for other in article.replaced_articles.iter().filter_map(|id| by_id.get(id)) {
            if let Some(file) = newer_file(article, other) {
                say(format!("it replaces {}, which has {file}", other.id));
            }
        }
        let own = article.bulletins.iter().max_by_key(|id| bulletin_key(id));
        for other in &article.replaced_bulletins {
            if let Some(own) = own.filter(|own| bulletin_key(other) >= bulletin_key(own)) {
                say(format!("{own} replaces {other}"));
            }
        }
    }
    found
}

fn bulletin_key(id: &str) -> (Option<u16>, &str) {
    (year_of_bulletin(id), id)
}

/// A later version or build in the replaced article, of a file or product that both have under one heading.
fn newer_file(replacing: &Article, replaced: &Article) -> Option<String> {
    let is_same = |one: &Fix, other: &Fix| {
        file_key(&one.file) == file_key(&other.file)
            && (one.machine, &one.language, &one.branch) == (other.machine, &other.language, &other.branch)
            && one.section.eq_ignore_ascii_case(&other.section)
    };
    let of_file = || {
        let found = replaced.fixes.iter().find(|own| {
            let others = || replacing.fixes.iter().filter(|other| is_same(own, other));
            let is_later = |other: &Fix| line_and_version(own).zip(line_and_version(other)).is_some_and(is_newer);
            others().next().is_some() && others().all(is_later)
        });
        found.map(|own| format!("{} {}", own.file, own.version.as_deref().unwrap_or_default()))
    };
    let of_build = || {
        let found = replaced.builds.iter().find(|own| {
            let same = |other: &&Build| (&other.product, &other.file) == (&own.product, &own.file);
            let parsed = |text: &str| text.parse::<FileVersion>().ok();
            replacing.builds.iter().find(same).is_some_and(|other| parsed(&own.version) > parsed(&other.version))
        });
        found.map(|own| format!("{} {}", own.product, own.version))
    };
    of_file().or_else(of_build)
}

/// The first three numbers of a version, and the version.
fn line_and_version(fix: &Fix) -> Option<(Vec<u32>, FileVersion)> {
    let version: FileVersion = fix.version.as_deref()?.parse().ok()?;
    Some((version.components().iter().take(3).copied().collect(), version))
}

fn is_newer(((line, own), (other_line, other)): ((Vec<u32>, FileVersion), (Vec<u32>, FileVersion))) -> bool {
    line == other_line && own > other
}

/// Articles that replace each other in a circle. Articles that replace none of the others, or that none of the others
/// replaces, are removed until no more can be removed.
fn circles(by_id: &BTreeMap<KbId, &Article>) -> Vec<Finding> {
    let mut left: BTreeMap<KbId, BTreeSet<KbId>> = by_id
        .iter()
        .map(|(id, article)| {
            (*id, article.replaced_articles.iter().copied().filter(|o| by_id.contains_key(o)).collect())
        })
        .collect();
    loop {
        let replaced: BTreeSet<KbId> = left.values().flatten().copied().collect();
        let before = left.len();
        left.retain(|id, others| !others.is_empty() && replaced.contains(id));
        if left.len() == before {
            break;
        }
        let ids: BTreeSet<KbId> = left.keys().copied().collect();
        left.values_mut().for_each(|others| others.retain(|other| ids.contains(other)));
    }
    // What is left are circles, and the articles on a way from one circle to another, which are part of none.
    let reaches = |from: KbId, to: KbId| {
        let (mut next, mut seen) = (vec![from], BTreeSet::new());
        while let Some(id) = next.pop() {
            let new = left.get(&id).into_iter().flatten().filter(|other| seen.insert(**other));
            next.extend(new.collect::<Vec<_>>());
        }
        seen.contains(&to)
    };
    let finding = |(&id, others): (&KbId, &BTreeSet<KbId>)| {
        let named: Vec<String> = others.iter().filter(|o| reaches(**o, id)).map(ToString::to_string).collect();
        let detail = format!("it replaces {}, which in the end replaces it", named.join(", "));
        Finding { code: Code::ReplacesInCircle, id, line: 0, detail }
    };
    left.iter().filter(|(id, _)| reaches(**id, **id)).map(finding).collect()
}
