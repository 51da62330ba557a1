//! Service packs that an article names beside rows that decide nothing for the system (issue 13, points 2 and 5).

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck_articles::{Article, Fix};

const NT4: &str = "Windows NT 4.0";

/// The status and the reasons of an article with these rows and packs, on Windows NT 4.0 with a pack and one file.
fn judge(rows: Vec<Fix>, packs: &[(&str, &str)], installed: &str) -> (ArticleStatus, Vec<&'static str>) {
    let releases = &knowledge().releases;
    let line = releases.line(NT4).unwrap().clone();
    let pack = releases.pack(&line, installed);
    let policy = Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
    let article = Article { fixes: rows, ..pack_article("Q214488", packs) };
    let verdict = assess_with(vec![article], vec![file("winsrv.dll", "4.0.1381.100")], &policy).articles.remove(0);
    (verdict.status, codes(&verdict))
}

fn below(heading: &str, version: &str) -> Fix {
    row("winsrv.dll", version).with(|cells| cells.section = heading.to_owned().into())
}

#[test]
fn rows_for_other_systems_leave_the_pack_of_this_one() {
    for rows in [
        vec![below("Windows 2000", "5.0.2195.2097")],
        vec![below("", "5.0.2195.2097")],
        vec![below("Windows 2000", "5.0.2195.2097"), below("Windows NT 3.51", "3.51.1057.7")],
    ] {
        let packs = [(NT4, "5"), ("Windows 2000", "2")];
        assert_eq!(judge(rows.clone(), &packs, "4").0, ArticleStatus::Missing, "{rows:?}");
        assert_eq!(judge(rows.clone(), &packs, "5").0, ArticleStatus::Fixed, "{rows:?}");
        // An article that names no pack of the system says nothing about it.
        assert!(!matches!(judge(rows, &packs[1..], "5").0, ArticleStatus::Fixed | ArticleStatus::Missing));
    }
    // A row for the system decides, whatever the pack.
    for own in [below("Windows NT 4.0", "4.0.1381.200"), below("", "4.0.1381.200")] {
        let rows = vec![own, below("Windows 2000", "5.0.2195.2097")];
        assert_eq!(judge(rows, &[(NT4, "5")], "5").0, ArticleStatus::Missing);
    }
}
