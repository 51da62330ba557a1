//! Security-only updates of Windows before 10, which the rollup of their day contains (issue 15).

use std::collections::BTreeSet;

use hotfixcheck::assess::{self, ArticleStatus, Assessment, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck_articles::Article;

use crate::assess_builds::{update, with_system};
use crate::support::kit::*;

const R2: &str = "Windows Server 2012 R2";

fn dated(id: &str, builds: &[(&str, &str, Option<&str>)], day: &str, product: &str, cves: &[&str]) -> Article {
    Article {
        last_modified: Some(day.parse().unwrap()),
        products: vec![product.to_owned().into()],
        cves: cves.iter().map(|cve| (*cve).to_owned().into()).collect(),
        ..update(id, builds)
    }
}

/// The rollups of October and November, and the security-only update `of`.
fn asked(of: Article, revision: u32) -> Assessment {
    let october =
        dated("5031419", &[(R2, "9600.21620", None)], "2023-10-10", R2, &["CVE-2023-35349", "CVE-2023-36563"]);
    let november = dated("5032249", &[(R2, "9600.21668", None)], "2023-11-14", R2, &["CVE-2023-36017"]);
    let catalog: Catalog = [october, november, of].into_iter().collect();
    let only = ["KB5031419", "KB5032249", "KB5031407"].map(|id| id.parse().unwrap());
    let policy = Policy { only: Some(BTreeSet::from(only)), ..Policy::default() };
    let files = with_system(inventory(Vec::new()), "Windows Server 2012 R2 Standard", 9600, revision);
    assess::assess(&catalog, &files, knowledge(), &policy)
}

/// The answer about the update, and whether it is left to install.
fn answer(of: Article, revision: u32) -> (&'static str, ArticleStatus, bool) {
    let assessment = asked(of, revision);
    let place = assessment.articles.iter().position(|article| article.id.to_string() == "KB5031407").unwrap();
    let verdict = &assessment.articles[place];
    (codes(verdict)[0], verdict.status, assess::to_install(&assessment).contains(&place))
}

#[test]
fn the_rollup_of_the_day_decides() {
    let only = || dated("5031407", &[], "2023-10-10", R2, &["CVE-2023-35349"]);
    let fixed = ("in-rollup", ArticleStatus::LikelyFixed, false);
    assert_eq!(answer(only(), 21_620), fixed);
    assert_eq!(answer(only(), 21_668), fixed, "a later rollup");
    assert_eq!(answer(only(), 21_500), ("rollup-missing", ArticleStatus::LikelyMissing, false), "the rollup is enough");
    assert_eq!(answer(only(), 21_640).1, ArticleStatus::Unknown, "a later kernel alone");
    let explorer =
        dated("5031407", &[], "2023-10-10", "Internet Explorer 11 on Windows Server 2012 R2", &["CVE-2023-35349"]);
    assert_eq!(answer(explorer, 21_620), fixed);
}

#[test]
fn other_updates_are_not_contained() {
    let unknown = |of: Article| assert_eq!(answer(of, 21_620).1, ArticleStatus::Unknown);
    unknown(dated("5031407", &[], "2023-10-10", R2, &["CVE-2023-35349", "CVE-2023-1"]));
    unknown(dated("5031407", &[], "2023-10-11", R2, &["CVE-2023-35349"]));
    unknown(dated("5031407", &[], "2023-10-10", R2, &[]));
    unknown(dated("5031407", &[], "2023-10-10", ".NET Framework 4.8 on Windows Server 2012 R2", &["CVE-2023-35349"]));
}

/// Alone, the security-only update is what to install.
#[test]
fn without_the_rollup_it_is_left_to_install() {
    let only = dated("5031407", &[], "2023-10-10", R2, &["CVE-2023-35349"]);
    let rollup = dated("5031419", &[(R2, "9600.21620", None)], "2023-10-10", R2, &["CVE-2023-35349"]);
    let catalog: Catalog = [rollup, only].into_iter().collect();
    let policy = Policy { only: Some(BTreeSet::from(["KB5031407".parse().unwrap()])), ..Policy::default() };
    let files = with_system(inventory(Vec::new()), "Windows Server 2012 R2 Standard", 9600, 21_500);
    let assessment = assess::assess(&catalog, &files, knowledge(), &policy);
    assert_eq!(assess::to_install(&assessment).len(), 1);
}
