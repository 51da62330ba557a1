//! Very many copies of one file (issue 16, point 9): a few are judged for all identical ones, and nothing is lost
//! silently.

use hotfixcheck::assess::{ArticleStatus, Outcome, Policy, Unreadable, Waiver, Waivers};
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_testkit::thorough::one_of;
use jiff::civil::date;

use crate::support::kit::{article, assess_with, file, row};
use crate::support::world::World;

/// How many copies of a file with as many rows as [`articles`] has are judged.
const JUDGED: usize = 64;

/// Articles with 1,001 rows for a file.
fn articles() -> Vec<Article> {
    let rows = |first: usize| -> Vec<Fix> {
        (0..250).map(|row_number| row("a.dll", &format!("4.0.1381.{}", first + row_number))).collect()
    };
    let mut articles: Vec<Article> =
        (1..4).map(|number| article(&format!("Q30000{number}"), rows(number * 1000))).collect();
    articles.push(article("Q310626", vec![row("a.dll", "4.0.1381.7000")]));
    articles.push(article("Q310627", rows(4000)));
    articles
}

fn path(number: usize) -> String {
    format!("D{number:04}/a.dll")
}

#[test]
fn copies_that_are_the_same_have_one_judgement() {
    let entries = |count| (0..count).map(|number| file(&path(number), "4.0.1381.99")).collect();
    let few = assess_with(articles(), entries(JUDGED), &Policy::default());
    assert!(few.many_copies.is_empty());
    let many = assess_with(articles(), entries(300), &Policy::default());
    assert_eq!((many.outcome, many.incomplete, &many.unreadable), (Outcome::Findings, false, &Vec::new()));
    let of = &many.many_copies[0];
    assert_eq!((of.name.as_str(), of.judged, of.same, of.others), ("a.dll", JUDGED, 300 - JUDGED, None));
    assert_eq!(many.articles, few.articles, "what is judged is judged as without the others");
}

#[test]
fn different_copies_are_judged_first_and_what_is_left_is_named() {
    // Every third copy is another build: 64 builds among the first 190 copies.
    let entry =
        |number: usize| file(&path(number), &format!("4.0.1381.{}", if number.is_multiple_of(3) { number } else { 0 }));
    let some = assess_with(articles(), (0..180).map(entry).collect(), &Policy::default());
    assert_eq!((some.many_copies[0].same, some.many_copies[0].others), (180 - JUDGED, None));
    assert!(!some.incomplete);
    let more = assess_with(articles(), (0..240).map(entry).collect(), &Policy::default());
    // The builds are number 0, and the multiples of 3 from 3 on: 80 of them; the first is that of the other copies.
    assert_eq!((more.many_copies[0].same, more.many_copies[0].others), (160, Some((192, 16))));
    assert!(more.incomplete);
    assert_eq!(more.unreadable, [Unreadable::Copies { entry: 192, count: 16, judged: JUDGED }]);
}

#[test]
fn a_waiver_for_some_of_the_copies_is_none_for_the_others() {
    let waiver = Waiver {
        kb: "Q310626".parse().unwrap(),
        path: Some("D00*/a.dll".parse().unwrap()),
        reason: "x".to_owned(),
        expires: date(2027, 1, 1),
        source: "policy:1".to_owned(),
    };
    let waivers = Waivers { list: vec![waiver], today: date(2026, 1, 1), strict: false, ..Waivers::default() };
    let policy = Policy { waivers, only: Some(["Q310626".parse().unwrap()].into()), ..Policy::default() };
    // The first hundred are waived, those that would be left out are not.
    let entries = |count| (0..count).map(|number| file(&path(number), "4.0.1381.99")).collect();
    let judged = |count| assess_with(articles(), entries(count), &policy).articles.remove(0);
    assert_eq!((judged(100).is_waived(), judged(101).is_waived()), (true, false));
    assert_eq!(judged(101).status, ArticleStatus::Missing);
}

#[test]
fn a_list_of_very_many_copies_says_how_many_it_does_not_list() {
    let world = World::new(articles());
    let list = |first: usize, versions: usize| -> String {
        let row = |number: usize| format!("C:\\D{number}\\a.dll,1000,4.0.1381.{},i386\n", first + number % versions);
        "path,size,version,machine\n".to_owned() + &(0..2000).map(row).collect::<String>()
    };
    for (versions, code, others) in [(1, 1, 0), (100, 1, 36)] {
        world.write("list.csv", list(0, versions).as_bytes());
        for format in ["table", "json", "html", "sarif"].into_iter().step_by(one_of(2)) {
            let asked = ["--inventory", "list.csv", "--kb", "Q310626", "--format", format];
            let (found, out, err) = world.scan(&asked);
            assert_eq!(found, code, "{format}: {err}");
            assert!(out.contains("copies-not-listed"), "{versions} versions, {format}");
            let is_named = out.contains("files of this name: too many different");
            assert_eq!(is_named, others > 0, "{versions} versions, {format}");
        }
    }
    // If the judged copies have no findings, the answer is still incomplete.
    world.write("list.csv", list(7000, 100).as_bytes());
    assert_eq!(world.scan(&["--inventory", "list.csv", "--kb", "Q310626"]).0, 3);
}
