//! The fixes to install, and the smallest set that brings everything.

use std::collections::BTreeSet;

use crate::support::kit::*;
use hotfixcheck::assess::{self, Assessment, FailOn, Outcome, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_testkit::thorough::one_of;
use proptest::prelude::*;

fn judged(articles: Vec<Article>, entries: Vec<Entry>, policy: &Policy) -> (Assessment, Vec<String>) {
    let catalog: Catalog = articles.into_iter().collect();
    let assessment = assess::assess(&catalog, &inventory(entries), knowledge(), policy);
    let plan = assess::plan(&assessment, &catalog, knowledge());
    let mut planned: Vec<String> = plan.articles.iter().map(|a| a.id.to_string()).collect();
    planned.extend(plan.service_packs.iter().map(|(product, pack)| format!("{product} {pack}")));
    (assessment, planned)
}

/// The articles that supersede each article, by id; and the plan.
fn superseded(articles: Vec<Article>, entries: Vec<Entry>) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let (assessment, plan) = judged(articles, entries, &Policy::default());
    let text = |ids: &[hotfixcheck::KbId]| ids.iter().map(ToString::to_string).collect();
    let gone = assessment.articles.iter().filter(|a| !a.superseded_by.is_empty());
    (gone.map(|a| (a.id.to_string(), text(&a.superseded_by))).collect(), plan)
}

fn by(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    pairs.iter().map(|(id, by)| ((*id).to_owned(), by.iter().map(|id| (*id).to_owned()).collect())).collect()
}

fn fix(id: &str, rows: &[(&str, &str)]) -> Article {
    article(id, rows.iter().map(|(file, version)| row(file, version)).collect())
}

#[test]
fn later_fixes_of_the_same_files_supersede() {
    let old = || vec![file("a.dll", "4.0.1381.10"), file("b.dll", "4.0.1381.10")];
    let (a, b) = ("a.dll", "b.dll");
    let newer = vec![fix("Q100001", &[(a, "4.0.1381.20")]), fix("Q100002", &[(a, "4.0.1381.30")])];
    assert_eq!(superseded(newer, old()), (by(&[("Q100001", &["Q100002"])]), vec!["Q100002".to_owned()]));
    // The version decides, not the article's number; of two equal ones the newer article is kept.
    let turned = vec![fix("Q100001", &[(a, "4.0.1381.30")]), fix("Q100002", &[(a, "4.0.1381.20")])];
    assert_eq!(superseded(turned, old()).0, by(&[("Q100002", &["Q100001"])]));
    let equal = vec![fix("Q100001", &[(a, "4.0.1381.30")]), fix("Q100002", &[(a, "4.0.1381.30")])];
    assert_eq!(superseded(equal, old()).0, by(&[("Q100001", &["Q100002"])]));
    // All rows must be brought, by one article or by several.
    let half = vec![fix("Q100001", &[(a, "4.0.1381.20"), (b, "4.0.1381.20")]), fix("Q100002", &[(a, "4.0.1381.30")])];
    assert_eq!(superseded(half, old()).0, by(&[]));
    let both = vec![
        fix("Q100001", &[(a, "4.0.1381.20"), (b, "4.0.1381.20")]),
        fix("Q100002", &[(a, "4.0.1381.30")]),
        fix("Q100003", &[(b, "4.0.1381.30")]),
    ];
    assert_eq!(superseded(both, old()).0, by(&[("Q100001", &["Q100003", "Q100002"])]));
    // The more complete of two equals is kept; a chain ends at an article to install.
    let complete =
        vec![fix("Q100001", &[(a, "4.0.1381.30"), (b, "4.0.1381.30")]), fix("Q100002", &[(a, "4.0.1381.30")])];
    assert_eq!(superseded(complete, old()).0, by(&[("Q100002", &["Q100001"])]));
    let chain = (1..=3).map(|n| fix(&format!("Q10000{n}"), &[(a, &format!("4.0.1381.{n}0"))])).collect();
    let young = vec![file(a, "4.0.1381.5")];
    assert_eq!(superseded(chain, young).0, by(&[("Q100001", &["Q100003"]), ("Q100002", &["Q100003"])]));
}

/// The articles of MS08-017 bring one file to several products: for a file of Office 2000 BizTalk Server's was to install.
#[test]
fn of_equal_articles_the_one_for_the_files_product_is_kept() {
    let of = |id: &str, product: &str| {
        article(id, vec![row("msowc.dll", "9.0.0.8966").with(|cells| cells.section = product.to_owned().into())])
    };
    let articles = vec![
        of("KB931660", "Office 2000"),
        of("KB939714", "BizTalk Server 2002"),
        of("KB941305", "Commerce Server 2000"),
    ];
    let files = vec![file("msowc.dll", "9.0.0.4000")];
    let gone = by(&[("KB939714", &["KB931660"]), ("KB941305", &["KB931660"])]);
    assert_eq!(superseded(articles, files), (gone, vec!["KB931660".to_owned()]));
}

/// KB2479628 (MS11-012) is for Windows XP SP3 alone. On SP2 it took the place of fixes that can be installed there (issue 13).
#[test]
fn a_fix_for_a_later_service_pack_supersedes_none_for_the_own() {
    let of = |id: &str, rows: &[(&str, &str)], replaced: &[&str]| Article {
        replaced_articles: replaced.iter().map(|id| id.parse().unwrap()).collect(),
        ..fix(id, rows)
    };
    let judge = |own: &str, file: Entry| {
        let articles = vec![
            of("KB979559", &[("win32k.sys", own)], &[]),
            of("KB2479628", &[("win32k.sys", "5.1.2600.6064")], &["KB979559"]),
        ];
        superseded(articles, vec![file]).0
    };
    assert_eq!(judge("5.1.2600.3706", file("win32k.sys", "5.1.2600.2180")), by(&[]));
    let sp3 = by(&[("KB979559", &["KB2479628"])]);
    assert_eq!(judge("5.1.2600.5976", file("win32k.sys", "5.1.2600.5512")), sp3);
    // Both need it.
    assert_eq!(judge("5.1.2600.5976", file("win32k.sys", "5.1.2600.2180")), sp3);
}

#[test]
fn what_cannot_be_compared_supersedes_nothing() {
    // Two copies of one name are two files; an installed fix supersedes nothing.
    let rows = || vec![fix("Q100001", &[("a.dll", "4.0.1381.20")]), fix("Q100002", &[("a.dll", "4.0.1381.30")])];
    let copies = vec![file("x/a.dll", "4.0.1381.25"), file("y/a.dll", "4.0.1381.10")];
    assert_eq!(superseded(rows(), copies).0, by(&[("Q100001", &["Q100002"])]));
    assert_eq!(superseded(rows(), vec![file("a.dll", "4.0.1381.25")]).0, by(&[]));
    // Branches and service packs.
    let branches = vec![fix("Q100001", &[("a.dll", "6.0.6001.18100")]), fix("Q100002", &[("a.dll", "6.0.6001.22500")])];
    let gdr = vec![file("a.dll", "6.0.6001.18000")];
    assert_eq!(superseded(branches, gdr).0, by(&[]));
    let packs = vec![fix("Q100001", &[("a.dll", "5.1.2600.2622")]), fix("Q100002", &[("a.dll", "5.1.2600.5600")])];
    assert_eq!(superseded(packs, vec![file("a.dll", "5.1.2600.1106")]).0, by(&[]));
}

#[test]
fn rows_without_a_version_supersede_by_date_only_each_other() {
    let dated = |id: &str, version: &str, date: &str| {
        article(id, vec![Fix { date: Some(date.parse().unwrap()), size: Some(1), ..row("a.dll", version) }])
    };
    let early = || Entry { modified: Some(900_000_000), ..file("a.dll", "4.0.1381.10") };
    let two = vec![dated("Q100001", "", "2001-01-01"), dated("Q100002", "", "2001-06-01")];
    assert_eq!(superseded(two, vec![early()]), (by(&[("Q100001", &["Q100002"])]), vec!["Q100002".to_owned()]));
    let later = vec![dated("Q100001", "", "2001-01-01"), dated("Q100002", "4.0.1381.30", "2001-06-01")];
    assert_eq!(superseded(later, vec![early()]).0, by(&[("Q100001", &["Q100002"])]));
    let earlier = vec![dated("Q100001", "4.0.1381.30", "2001-01-01"), dated("Q100002", "", "2001-06-01")];
    assert_eq!(superseded(earlier, vec![early()]).0, by(&[]));
}

#[test]
fn of_service_packs_the_last_one_is_left() {
    let releases = &knowledge().releases;
    let line = releases.line("Windows NT 4.0").unwrap().clone();
    let pack = releases.pack(&line, "3");
    let policy = Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
    let nt4 = "Windows NT 4.0";
    let articles = vec![
        pack_article("Q100001", &[(nt4, "4")]),
        pack_article("Q100002", &[(nt4, "latest")]),
        pack_article("Q100003", &[(nt4, "6a")]),
        pack_article("Q100004", &[(nt4, "2")]),
    ];
    let (assessment, plan) = judged(articles, Vec::new(), &policy);
    let left: Vec<String> = assessment
        .articles
        .iter()
        .filter(|a| a.superseded_by.is_empty() && FailOn::Missing.fails(a))
        .map(|a| a.id.to_string())
        .collect();
    assert_eq!((left, plan), (vec!["Q100003".to_owned()], vec!["Windows NT 4.0 SP6a".to_owned()]));
    assert_eq!(assessment.outcome, Outcome::Findings);
}

#[test]
fn a_plan_is_the_smallest_set() {
    let files: Vec<Entry> = "abcdef".chars().map(|c| file(&format!("{c}.dll"), "4.0.1381.1")).collect();
    let brings =
        |id: &str, names: &str| article(id, names.chars().map(|c| row(&format!("{c}.dll"), "4.0.1381.9")).collect());
    // The greedy choice, four files at once, would need three articles.
    let articles = vec![brings("Q100001", "abc"), brings("Q100002", "def"), brings("Q100003", "abde")];
    let (_, plan) = judged(articles, files, &Policy::default());
    assert_eq!(plan, ["Q100002", "Q100001"]);
    let (_, nothing) = judged(vec![brings("Q100001", "a")], vec![file("a.dll", "4.0.1381.9")], &Policy::default());
    assert!(nothing.is_empty());
}

prop_compose! {
    /// Articles of up to three rows on four files.
    fn world()(articles in prop::collection::vec(prop::collection::btree_map(0..4usize, 2..9u32, 1..4), 1..9)) -> Vec<Article> {
        let article = |(place, rows): (usize, std::collections::BTreeMap<usize, u32>)| {
            let rows = rows.into_iter().map(|(file, version)| row(&format!("f{file}.dll"), &format!("4.0.1381.{version}")));
            article(&format!("Q{}", 100_000 + place), rows.collect())
        };
        articles.into_iter().enumerate().map(article).collect()
    }
}

/// The files that these articles bring to their newest row.
fn brought(articles: &[Article], of: &BTreeSet<String>) -> BTreeSet<usize> {
    let version = |fix: &Fix| version(fix.version.as_deref().unwrap()).components()[3];
    let newest = |file: &str, all: bool| {
        let of = articles.iter().filter(|a| all || of.contains(&a.id.to_string()));
        of.flat_map(|a| &a.fixes).filter(|f| f.file == file).map(version).max()
    };
    (0..4).filter(|n| newest(&format!("f{n}.dll"), true) == newest(&format!("f{n}.dll"), false)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256 / one_of(4) as u32))]

    #[test]
    fn what_is_left_and_what_is_planned_brings_every_file_to_its_newest_row(articles in world()) {
        let files = || (0..4).map(|n| file(&format!("f{n}.dll"), "4.0.1381.1")).collect();
        let (assessment, plan) = judged(articles.clone(), files(), &Policy::default());
        let left = assessment.articles.iter().filter(|a| a.superseded_by.is_empty()).map(|a| a.id.to_string()).collect();
        prop_assert_eq!(brought(&articles, &left).len(), 4);
        let planned: BTreeSet<String> = plan.into_iter().collect();
        prop_assert_eq!(brought(&articles, &planned).len(), 4);
        // Every superseded article names ones that are to install.
        for gone in assessment.articles.iter().filter(|a| !a.superseded_by.is_empty()) {
            prop_assert!(gone.superseded_by.iter().all(|id| left.contains(&id.to_string())));
        }
        // No smaller set of articles has the same effect.
        let ids: Vec<String> = articles.iter().map(|a| a.id.to_string()).collect();
        for mask in 0..1u32 << ids.len() {
            let some: BTreeSet<String> =
                ids.iter().enumerate().filter(|(n, _)| mask & (1 << n) != 0).map(|(_, id)| id.clone()).collect();
            prop_assert!(some.len() >= planned.len() || brought(&articles, &some).len() < 4);
        }
    }
}
