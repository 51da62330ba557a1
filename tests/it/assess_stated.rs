//! Supersedence that the vendor states is used in addition to that of the rows (issue 15).

use crate::support::kit::*;
use hotfixcheck::assess::{self, ArticleStatus, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_testkit::thorough::one_of;
use proptest::prelude::*;

fn fix(id: &str, rows: &[(&str, &str)], replaced: &[&str]) -> Article {
    Article {
        replaced_articles: replaced.iter().map(|id| id.parse().unwrap()).collect(),
        ..article(id, rows.iter().map(|(file, version)| row_of(file, version)).collect())
    }
}

/// A row with this version, or with a date alone.
fn row_of(file: &str, version: &str) -> Fix {
    match version {
        DATED => Fix { date: Some("2001-01-01".parse().unwrap()), size: Some(1), ..row(file, "") },
        version => row(file, version),
    }
}

/// The fixes to install, the plan, and the statuses, by id.
fn judged(articles: Vec<Article>, entries: Vec<Entry>) -> (Vec<String>, Vec<String>, Vec<ArticleStatus>) {
    let catalog: Catalog = articles.into_iter().collect();
    let assessment = assess::assess(&catalog, &inventory(entries), knowledge(), &Policy::default());
    let left = assess::to_install(&assessment).into_iter().map(|place| assessment.articles[place].id.to_string());
    let plan = assess::plan(&assessment, &catalog, knowledge()).articles;
    let planned = plan.iter().rev().map(|article| article.id.to_string());
    (left.collect(), planned.collect(), assessment.articles.iter().map(|article| article.status).collect())
}

const A: &str = "a.dll";
const B: &str = "b.dll";

fn old() -> Vec<Entry> {
    vec![file(A, "4.0.1381.10"), file(B, "4.0.1381.10")]
}

/// A file of 1998 that a row with a date and one with a version ask for: neither contains the other.
fn early() -> Vec<Entry> {
    vec![Entry { modified: Some(900_000_000), ..file(A, "4.0.1381.10") }]
}

const DATED: &str = "";
const VERSION: &str = "4.0.1381.20";

/// KB937143 replaces KB931768, and brings its spru0411.dll to the other branch alone: it was left old in the list of fixes to
/// install, and the plan named KB931768 all the same (issue 15).
#[test]
fn a_row_of_another_branch_brings_no_file() {
    let (gdr, ldr) = ("6.0.6000.16500", "6.0.6000.20600");
    let articles = vec![fix("Q100001", &[(A, gdr)], &[]), fix("Q100002", &[(A, ldr)], &["Q100001"])];
    let (left, plan, _) = judged(articles, vec![file(A, "6.0.6000.16386")]);
    let both = vec!["Q100001".to_owned(), "Q100002".to_owned()];
    assert_eq!((left, plan), (both.clone(), both));
}

/// The list and the plan are one set: of two articles with the same files, both named another one (KB957097 and KB960859 on Windows
/// 2000, issue 15).
#[test]
fn what_is_to_install_is_the_plan() {
    let c = "c.dll";
    let articles = vec![
        fix("Q100001", &[(A, "4.0.1381.20"), (B, "4.0.1381.20"), (c, "4.0.1381.9")], &[]),
        fix("Q100002", &[(A, "4.0.1381.20"), (B, "4.0.1381.20")], &[]),
        fix("Q100003", &[(c, "4.0.1381.30")], &[]),
    ];
    let files = [old(), vec![file(c, "4.0.1381.10")]].concat();
    let (left, plan, _) = judged(articles, files);
    assert_eq!(left, ["Q100002", "Q100003"]);
    assert_eq!(plan, left);
}

#[test]
fn what_is_replaced_is_brought_along() {
    let two = |replaced: &[&str]| vec![fix("Q100001", &[(A, DATED)], &[]), fix("Q100002", &[(A, VERSION)], replaced)];
    let missing = vec![ArticleStatus::LikelyMissing, ArticleStatus::Missing];
    let (left, plan, status) = judged(two(&[]), early());
    assert_eq!((left.len(), plan.len()), (2, 2));
    assert_eq!(status, missing);
    // Both are still missing: only the fixes to install differ.
    let (left, plan, status) = judged(two(&["Q100001"]), early());
    assert_eq!((left, plan), (vec!["Q100002".to_owned()], vec!["Q100002".to_owned()]));
    assert_eq!(status, missing);
}

/// MS10-020 replaces MS08-068 and has none of its files netlogon.dll and msv1_0.dll: after it was installed they were still old,
/// and the plan had not named what brings them (issue 15).
#[test]
fn a_replacement_brings_no_file_that_it_does_not_list() {
    let two =
        |rows: &[(&str, &str)]| vec![fix("Q100001", &[(A, "4.0.1381.20")], &[]), fix("Q100002", rows, &["Q100001"])];
    let both = vec!["Q100001".to_owned(), "Q100002".to_owned()];
    let (left, plan, _) = judged(two(&[(B, "4.0.1381.20")]), old());
    assert_eq!((left, plan), (both.clone(), both));
    assert_eq!(judged(two(&[(A, "4.0.1381.20"), (B, "4.0.1381.20")]), old()).0, ["Q100002"]);
    // An installed one replaces nothing: the other is still to install, and never becomes fixed.
    let entries = vec![file(A, "4.0.1381.10"), file(B, "4.0.1381.30")];
    let (left, _, status) = judged(two(&[(B, "4.0.1381.20")]), entries);
    assert_eq!(left, ["Q100001"]);
    assert_eq!(status, [ArticleStatus::Missing, ArticleStatus::Fixed]);
}

#[test]
fn circles_leave_one() {
    let circle =
        |first: &[&str]| vec![fix("Q100001", &[(A, DATED)], first), fix("Q100002", &[(A, VERSION)], &["Q100001"])];
    assert_eq!(judged(circle(&[]), early()).0, ["Q100002"]);
    assert_eq!(judged(circle(&["Q100002"]), early()).0, ["Q100002"]);
    assert_eq!(judged(circle(&["Q100001"]), early()).0, ["Q100002"], "an article that replaces itself");
    // Through one that its rows bring along.
    let mixed = vec![
        fix("Q100001", &[(A, DATED)], &[]),
        fix("Q100002", &[(A, VERSION)], &["Q100001"]),
        fix("Q100003", &[(A, "4.0.1381.30")], &[]),
    ];
    assert_eq!(judged(mixed, early()).0, ["Q100003"]);
}

/// The files are more reliable than the statement: an article that requires more than the one that replaces it is kept.
#[test]
fn a_replacement_that_the_files_contradict_does_not_count() {
    let articles = vec![
        fix("Q100001", &[(A, "4.0.1381.30"), (B, "4.0.1381.30")], &[]),
        fix("Q100002", &[(A, "4.0.1381.20")], &["Q100001"]),
    ];
    assert_eq!(judged(articles, old()).0, ["Q100001"]);
}

/// A bulletin has updates for several products: it replaces only those that share a file with its own.
#[test]
fn bulletins_replace_updates_of_the_same_files() {
    let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned().into()).collect();
    let of = |article: Article, bulletin: &str, replaced: &[&str]| Article {
        bulletins: text(&[bulletin]),
        replaced_bulletins: text(replaced),
        ..article
    };
    let dated = |id: &str, rows: &[(&str, &str)]| fix(id, rows, &[]);
    let articles = vec![
        of(dated("Q100001", &[(A, DATED)]), "MS02-001", &[]),
        of(dated("Q100003", &[(A, VERSION)]), "MS02-009", &["MS02-001", "MS02-002"]),
    ];
    assert_eq!(judged(articles, early()).0, ["Q100003"]);
    let other = vec![
        of(dated("Q100002", &[(B, "4.0.1381.12")]), "MS02-002", &[]),
        of(dated("Q100003", &[(A, "4.0.1381.30")]), "MS02-009", &["MS02-002"]),
    ];
    assert_eq!(judged(other, old()).0, ["Q100002", "Q100003"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256 / one_of(4) as u32))]

    /// Whatever is stated, a fix to install remains for every missing article, and no status changes.
    #[test]
    fn something_is_always_left(edges in prop::collection::vec((0..6_usize, 0..6_usize), 0..14), levels in prop::collection::vec((0..3_usize, 20..25_u32), 6)) {
        let id = |number: usize| format!("Q10000{number}");
        let articles = |stated: bool| -> Vec<Article> {
            levels.iter().enumerate().map(|(number, (of, level))| {
                let of = ["a.dll", "b.dll", "c.dll"][*of];
                let replaced: Vec<String> = edges.iter().filter(|(by, _)| stated && *by == number).map(|(_, of)| id(*of)).collect();
                let replaced: Vec<&str> = replaced.iter().map(String::as_str).collect();
                fix(&id(number), &[(of, &format!("4.0.1381.{level}"))], &replaced)
            }).collect()
        };
        let entries = || [old(), vec![file("c.dll", "4.0.1381.10")]].concat();
        let (plain, _, before) = judged(articles(false), entries());
        let (left, plan, after) = judged(articles(true), entries());
        prop_assert_eq!(&left, &plan);
        prop_assert_eq!(before, after);
        prop_assert!(!left.is_empty() && !plan.is_empty());
        prop_assert!(left.iter().all(|id| plain.contains(id)), "{:?} {:?}", left, plain);
    }
}
