//! Input that readers of SARIF, JUnit and code quality refuse or leave out (issue 18: "limits of consumers").

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::kit::{article, file, inventory, knowledge, row};
use crate::support::world::World;
use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Entry;
use hotfixcheck::report::{Limits, Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::{Article, Severity};
use hotfixcheck_testkit::thorough::one_of;

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

/// Limits that a small report exceeds; in CI also those of the program.
fn limits() -> impl Iterator<Item = Limits> {
    let small = Limits { results: 250, articles: 100, rows: 1000, ..Limits::default() };
    [small, Limits::default()].into_iter().step_by(one_of(2))
}

fn view(articles: impl IntoIterator<Item = Article>, files: impl IntoIterator<Item = Entry>, run: &RunInfo) -> View {
    let catalog: Catalog = articles.into_iter().collect();
    let inventory = inventory(files.into_iter().collect());
    let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
    View::new(&Judge::new(&relevant, &inventory, knowledge(), &policy), run)
}

fn text(view: &View, format: ReportFormat) -> String {
    String::from_utf8(render(view, format, Look::PLAIN).unwrap()).unwrap()
}

/// The limits that docs/reports.md states.
#[test]
fn the_limits_are_those_of_the_docs() {
    let shipped = Limits { results: 25_000, articles: 10_000, rows: 100_000, held: 100_000 };
    assert_eq!(Limits::default(), shipped);
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reports.md")).unwrap();
    let docs = docs.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["at most 10,000 articles with 100,000 rows of files", "At most 25,000 are written"] {
        assert!(docs.contains(said), "{said}");
    }
}

/// GitHub takes 25,000 results of a run and 10 MB gzipped, and shows 5,000: the gravest come first, and what is left out is said. A
/// critical fix of an exploited vulnerability was cut for the sake of unrated ones (issue 18).
#[test]
fn what_is_cut_is_the_least_grave() {
    for limits in limits() {
        let most = limits.results;
        let total = most + most / 50;
        let copies = (0..total).map(|number| file(&format!("WINNT/{number:080}/a.dll"), "4.0.1381.1"));
        let run = RunInfo { limits, ..RunInfo::default() };
        let view = view(articles(), copies.chain([file("WINNT/zzz/b.dll", "4.0.1381.1")]), &run);

        let sarif = text(&view, ReportFormat::Sarif);
        let gzipped = miniz_oxide::deflate::compress_to_vec(sarif.as_bytes(), 6).len();
        assert!(gzipped < 10_000_000, "{} bytes, {gzipped} packed", sarif.len());
        let sarif: Value = serde_json::from_str(&sarif).unwrap();
        let run = &sarif["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!((results.len(), &results[0]["ruleId"]), (most, &"KB958644".into()));
        let rank =
            |result: &Value| ["error", "warning", "note"].iter().position(|level| result["level"] == *level).unwrap();
        assert!(results.is_sorted_by_key(rank));
        let notifications = run["invocations"][0]["toolExecutionNotifications"].to_string();
        let said = match most {
            250 => "6 of 256 results are left out: this format takes 250",
            _ => "501 of 25,501 results are left out: this format takes 25,000",
        };
        assert!(notifications.contains(said), "{notifications}");
        assert!(notifications.contains("GitHub shows the first 5,000"), "{notifications}");

        let issues: Value = serde_json::from_str(&text(&view, ReportFormat::Codequality)).unwrap();
        let issues = issues.as_array().unwrap();
        assert!(issues.iter().any(|issue| issue["check_name"] == "left-out"));
        assert!(issues.iter().any(|issue| issue["check_name"] == "KB958644"));
        let found = |issue: &&Value| ["blocker", "critical"].contains(&issue["severity"].as_str().unwrap());
        assert_eq!(issues.iter().filter(found).count(), most);
    }
}

/// JUnit is cut as SARIF is (issue 18).
#[test]
fn junit_leaves_out_the_least_grave() {
    for limits in limits() {
        let most = limits.results;
        let many = 10_000..10_000 + most + 10;
        let rows = many.clone().map(|n| article(&format!("Q{n}"), vec![row(&format!("{n}.dll"), "4.0.1381.9")]));
        let files = many.map(|n| file(&format!("{n}.dll"), "4.0.1381.1")).chain([file("b.dll", "4.0.1381.1")]);
        let run = RunInfo { limits, ..RunInfo::default() };
        let junit = text(&view(rows.chain(articles()), files, &run), ReportFormat::Junit);
        let cases: Vec<&str> = junit.lines().filter(|line| line.contains("<testcase ")).collect();
        // One more test case reports the others.
        assert_eq!(cases.len(), most + 1);
        assert!(cases[0].contains("KB958644"), "{}", cases[0]);
        assert!(cases[most].contains("left out"), "{}", cases[most]);
        let said = match most {
            250 => "11 of 261 results are left out: this format takes 250, the gravest are listed.",
            _ => "11 of 25,011 results are left out: this format takes 25,000, the gravest are listed.",
        };
        assert!(junit.contains(said), "{}", cases[most]);
        let counted = format!("tests=\"{}\" failures=\"{most}\"", most + 1);
        assert!(junit.contains(&counted), "{}", &junit[..300]);
    }
}

/// The page of 6,000 systems had 128 MB (issue 18).
#[test]
fn a_page_has_so_many_articles_and_says_what_is_left_out() {
    for limits in limits() {
        let many = 10_000..10_000 + limits.articles + 50;
        let rows = many.clone().map(|n| article(&format!("Q{n}"), vec![row(&format!("{n}.dll"), "4.0.1381.9")]));
        let files = many.map(|n| file(&format!("{n}.dll"), "4.0.1381.1"));
        let run = RunInfo { limits, ..RunInfo::default() };
        let html = text(&view(rows, files, &run), ReportFormat::Html);
        assert_eq!(html.matches("class=\"article\"").count(), limits.articles);
        let said = if limits.articles == 100 { "150 fixes to install" } else { "10,050 fixes to install" };
        assert!(html.contains(said) && html.contains("50 more articles are left out"));
    }
}

/// Articles with many rows make a page too large sooner; the most severe are kept (issue 18).
#[test]
fn a_page_has_so_many_rows_of_files_and_keeps_the_gravest() {
    for limits in limits() {
        // A hundred articles have as many rows as a page.
        let limits = Limits { articles: 10_000, ..limits };
        let each = limits.rows / 100;
        let rows = || (0..each).map(|n| row(&format!("{n}.dll"), "4.0.1381.9")).collect();
        let one = |n: u32| article(&format!("Q{n}"), rows());
        let grave = Article { severity: Some(Severity::Critical), ..one(100_000) };
        let files = (0..each).map(|n| file(&format!("{n}.dll"), "4.0.1381.1"));
        let run = RunInfo { all: true, limits, ..RunInfo::default() };
        let html = text(&view((100_001..100_110).map(one).chain([grave]), files, &run), ReportFormat::Html);
        assert_eq!(html.matches("class=\"article\"").count(), 100);
        assert!(html.contains("10 more articles are left out"));
        assert!(html.contains("Q100000"), "the oldest, but the gravest");
    }
}
