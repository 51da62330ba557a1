//! Supersedence that the vendor states is used in addition to that of the rows (issue 15).

use crate::support::kit::*;
use hotfixcheck::assess::{self, ArticleStatus, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::Article;
use hotfixcheck_testkit::thorough::one_of;
use proptest::prelude::*;

fn fix(id: &str, rows: &[(&str, &str)], replaced: &[&str]) -> Article {
    Article {
        replaced_articles: replaced.iter().map(|id| id.parse().unwrap()).collect(),
        ..article(id, rows.iter().map(|(file, version)| row(file, version)).collect())
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

/// A file of Windows Vista, and rows of its branch and of the other one: neither contains the other.
fn vista() -> Vec<Entry> {
    vec![file(A, "6.0.6000.16386")]
}

const GDR: &str = "6.0.6000.16500";
const LDR: &str = "6.0.6000.20600";

#[test]
fn what_is_replaced_is_brought_along() {
    let two = |replaced: &[&str]| vec![fix("Q100001", &[(A, GDR)], &[]), fix("Q100002", &[(A, LDR)], replaced)];
    let missing = vec![ArticleStatus::Missing; 2];
    let (left, plan, status) = judged(two(&[]), vista());
    assert_eq!((left.len(), plan.len()), (2, 2));
    assert_eq!(status, missing);
    // Both are still missing: only the fixes to install differ.
    let (left, plan, status) = judged(two(&["Q100001"]), vista());
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
    let circle = |first: &[&str]| vec![fix("Q100001", &[(A, GDR)], first), fix("Q100002", &[(A, LDR)], &["Q100001"])];
    assert_eq!(judged(circle(&[]), vista()).0, ["Q100002"]);
    assert_eq!(judged(circle(&["Q100002"]), vista()).0, ["Q100002"]);
    assert_eq!(judged(circle(&["Q100001"]), vista()).0, ["Q100002"], "an article that replaces itself");
    // Through one that its rows bring along.
    let mixed = vec![
        fix("Q100001", &[(A, GDR)], &[]),
        fix("Q100002", &[(A, LDR)], &["Q100001"]),
        fix("Q100003", &[(A, "6.0.6000.20700")], &[]),
    ];
    assert_eq!(judged(mixed, vista()).0, ["Q100003"]);
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
        of(dated("Q100001", &[(A, GDR)]), "MS02-001", &[]),
        of(dated("Q100003", &[(A, LDR)]), "MS02-009", &["MS02-001", "MS02-002"]),
    ];
    assert_eq!(judged(articles, vista()).0, ["Q100003"]);
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
        prop_assert_eq!(before, after);
        prop_assert!(!left.is_empty() && !plan.is_empty());
        prop_assert!(left.iter().all(|id| plain.contains(id)), "{:?} {:?}", left, plain);
    }
}
