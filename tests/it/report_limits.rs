//! Input that readers of SARIF, JUnit and code quality refuse or leave out (issue 18: "limits of consumers").

use std::fs;

use serde_json::Value;

use crate::support::kit::{article, file, inventory, knowledge, row};
use crate::support::world::World;
use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::{Article, Severity};

/// Q310626 has no rating; KB958644 is critical, with 30 vulnerabilities, two of which are known to be exploited.
fn articles() -> Vec<Article> {
    let cve = |number: u16| format!("CVE-2008-{number}").into();
    let grave = Article {
        severity: Some(Severity::Critical),
        cves: (4001..4031).map(cve).collect(),
        exploited: vec![cve(4020), cve(4030)],
        ..article("KB958644", vec![row("b.dll", "4.0.1381.100")])
    };
    vec![
        article("Q310626", vec![row("a.dll", "4.0.1381.100")]),
        grave,
        article("Q311111", vec![row("c.dll", "4.0.1381.1")]),
    ]
}

/// A list of this many folders with a.dll, and c.dll that is fixed; after them one with b.dll.
fn list(systems: usize) -> String {
    let mut out = String::from("path,version,machine\n");
    for number in 0..systems {
        out += &format!(
            "C:\\SYS{number}\\System32\\a.dll,4.0.1381.1,i386\nC:\\SYS{number}\\System32\\c.dll,4.0.1381.9,i386\n"
        );
    }
    out + "C:\\ZZZ\\System32\\b.dll,4.0.1381.1,i386\n"
}

fn report(list: &str, format: &str, more: &[&str]) -> String {
    let world = World::new(articles());
    world.write("list.csv", list.as_bytes());
    let (code, _, err) = world.scan(&[&["--inventory", "list.csv", "--format", format, "-o", "report"], more].concat());
    assert_eq!(code, 1, "{err}");
    fs::read_to_string(world.path("report")).unwrap()
}

fn run(list: &str, more: &[&str]) -> Value {
    let sarif: Value = serde_json::from_str(&report(list, "sarif", more)).unwrap();
    sarif["runs"][0].clone()
}

/// GitHub refuses a file that has a rule with more than 20 tags: each vulnerability was one (issue 18).
#[test]
fn a_rule_has_few_tags_and_the_exploited_vulnerabilities_first() {
    let run = run(&list(1), &[]);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let grave = rules.iter().find(|rule| rule["id"] == "KB958644").unwrap();
    let tags: Vec<&str> =
        grave["properties"]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
    assert_eq!(tags.len(), 10, "{tags:?}");
    assert_eq!(
        tags[..5],
        [
            "hotfix",
            "security",
            "external/cve/CVE-2008-4020",
            "external/cve/CVE-2008-4030",
            "external/cve/CVE-2008-4001"
        ]
    );
    assert_eq!(grave["properties"]["cves"].as_array().unwrap().len(), 30, "none is lost");
    assert_eq!(grave["properties"]["exploited"].as_array().unwrap().len(), 2);
}

/// 30,000 rules of five articles were refused: one rule per id, and only for articles with a result (issue 18).
#[test]
fn there_is_a_rule_for_each_article_with_results() {
    let run = run(&list(40), &["--all"]);
    let ids = |items: &Value, name: &str| -> Vec<String> {
        items.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&run["tool"]["driver"]["rules"], "id"), ["KB958644", "Q310626"]);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 41);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    // Each result states its system; the rule has what all systems share.
    assert!(results.iter().all(|result| result["properties"]["system"].is_string()), "{results:#?}");
    assert!(run["tool"]["driver"]["rules"][1]["properties"].get("group").is_none());
}

/// GitHub takes 25,000 results of a run and 10 MB gzipped, and shows 5,000: the gravest come first, and what is left out is said. A
/// critical fix of an exploited vulnerability was cut for the sake of unrated ones (issue 18).
#[test]
fn what_is_cut_is_the_least_grave() {
    let world = World::new(articles());
    let copies = (0..25_500).map(|number| format!("C:\\WINNT\\{number:080}\\a.dll,4.0.1381.1,i386\n"));
    let list = format!("path,version,machine\n{}C:\\WINNT\\zzz\\b.dll,4.0.1381.1,i386\n", copies.collect::<String>());
    world.write("list.csv", list.as_bytes());
    let formats = ["--format", "sarif", "-o", "sarif", "--format", "codequality", "-o", "issues"];
    let (code, _, err) = world.scan(&[&["--inventory", "list.csv"], &formats[..]].concat());
    assert_eq!(code, 1, "{err}");

    let sarif = fs::read(world.path("sarif")).unwrap();
    let gzipped = miniz_oxide::deflate::compress_to_vec(&sarif, 6).len();
    assert!(gzipped < 10_000_000, "{} bytes, {gzipped} packed", sarif.len());
    let sarif: Value = serde_json::from_slice(&sarif).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["ruleId"]), (25_000, &"KB958644".into()));
    let rank =
        |result: &Value| ["error", "warning", "note"].iter().position(|level| result["level"] == *level).unwrap();
    assert!(results.is_sorted_by_key(rank));
    let notifications = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notifications.contains("501 of 25,501 results are left out: this format takes 25,000"), "{notifications}");
    assert!(notifications.contains("GitHub shows the first 5,000"), "{notifications}");

    let issues: Value = serde_json::from_slice(&fs::read(world.path("issues")).unwrap()).unwrap();
    let issues = issues.as_array().unwrap();
    assert!(issues.iter().any(|issue| issue["check_name"] == "left-out"));
    assert!(issues.iter().any(|issue| issue["check_name"] == "KB958644"));
    let found = |issue: &&Value| ["blocker", "critical"].contains(&issue["severity"].as_str().unwrap());
    assert_eq!(issues.iter().filter(found).count(), 25_000);
}

/// JUnit is cut as SARIF is (issue 18).
#[test]
fn junit_leaves_out_the_least_grave() {
    let many = 10_000..35_010;
    let rows = many.clone().map(|n| article(&format!("Q{n}"), vec![row(&format!("{n}.dll"), "4.0.1381.9")]));
    let catalog: Catalog = rows.chain(articles()).collect();
    let files = many.map(|n| file(&format!("{n}.dll"), "4.0.1381.1")).chain([file("b.dll", "4.0.1381.1")]);
    let inventory = inventory(files.collect());
    let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
    let view = View::new(&Judge::new(&relevant, &inventory, knowledge(), &policy), &RunInfo::default());
    let junit = String::from_utf8(render(&view, ReportFormat::Junit, Look::PLAIN).unwrap()).unwrap();
    let cases: Vec<&str> = junit.lines().filter(|line| line.contains("<testcase ")).collect();
    // One more test case reports the others.
    assert_eq!(cases.len(), 25_001);
    assert!(cases[0].contains("KB958644"), "{}", cases[0]);
    assert!(cases[25_000].contains("left out"), "{}", cases[25_000]);
    assert!(junit.contains("11 of 25,011 results are left out: this format takes 25,000, the gravest are listed."));
    assert!(junit.contains("tests=\"25001\" failures=\"25000\""), "{}", &junit[..300]);
}

/// The page of 6,000 systems had 128 MB (issue 18).
#[test]
fn a_page_has_so_many_articles_and_says_what_is_left_out() {
    let many = 10_000..20_050;
    let catalog: Catalog =
        many.clone().map(|n| article(&format!("Q{n}"), vec![row(&format!("{n}.dll"), "4.0.1381.9")])).collect();
    let inventory = inventory(many.map(|n| file(&format!("{n}.dll"), "4.0.1381.1")).collect());
    let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
    let view = View::new(&Judge::new(&relevant, &inventory, knowledge(), &policy), &RunInfo::default());
    let html = String::from_utf8(render(&view, ReportFormat::Html, Look::PLAIN).unwrap()).unwrap();
    assert_eq!(html.matches("class=\"article\"").count(), 10_000);
    assert!(html.contains("10,050 fixes to install") && html.contains("50 more articles are left out"));
}

/// Articles with many rows make a page too large sooner; the most severe are kept (issue 18).
#[test]
fn a_page_has_so_many_rows_of_files_and_keeps_the_gravest() {
    let rows = || (0..1000).map(|n| row(&format!("{n}.dll"), "4.0.1381.9")).collect();
    let one = |n: u32| article(&format!("Q{n}"), rows());
    let grave = Article { severity: Some(Severity::Critical), ..one(100_000) };
    let catalog: Catalog = (100_001..100_110).map(one).chain([grave]).collect();
    let inventory = inventory((0..1000).map(|n| file(&format!("{n}.dll"), "4.0.1381.1")).collect());
    let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
    let run = RunInfo { all: true, ..RunInfo::default() };
    let view = View::new(&Judge::new(&relevant, &inventory, knowledge(), &policy), &run);
    let html = String::from_utf8(render(&view, ReportFormat::Html, Look::PLAIN).unwrap()).unwrap();
    assert_eq!(html.matches("class=\"article\"").count(), 100);
    assert!(html.contains("10 more articles are left out"));
    assert!(html.contains("Q100000"), "the oldest, but the gravest");
}
