//! The facts about an article's update (bulletins, vulnerabilities, rating) in every format, and the choice of articles by
//! vulnerability and rating (issue 15, point 3).

use crate::support::attack::{assert_valid, sarif_schema};
use crate::support::kit::{article, file, inventory, knowledge, row};
use crate::support::world::World;
use hotfixcheck::assess::{Judge, Policy, Relevant, Waiver, Waivers};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::{Article, Fix, Severity};
use serde_json::Value;

fn rated(id: &str, fix: Fix, severity: Severity, bulletin: &str, cves: &[&str]) -> Article {
    Article {
        severity: Some(severity),
        bulletins: vec![bulletin.to_owned().into()],
        cves: cves.iter().map(|cve| (*cve).to_owned().into()).collect(),
        ..article(id, vec![fix])
    }
}

/// One article of each state: missing, likely missing, unknown, fixed; and one that is missing and has no rating.
fn articles() -> Vec<Article> {
    let dated = Fix { date: Some(jiff::civil::date(2003, 1, 1)), size: Some(1), ..row("likely.dll", "") };
    let many = ["CVE-2005-0001", "CVE-2005-0002", "CVE-2005-0003", "CVE-2005-0004", "CVE-2005-0005"];
    let missing = rated("Q300001", row("missing.dll", "4.0.1381.7000"), Severity::Critical, "MS05-001", &many);
    vec![
        Article { exploited: vec!["CVE-2005-0002".into()], ..missing },
        rated("Q300002", dated, Severity::Important, "MS05-002", &["CVE-2005-0010"]),
        rated("Q300003", row("unknown.dll", ""), Severity::Moderate, "MS05-003", &["CVE-2005-0020"]),
        rated("Q300004", row("fixed.dll", "4.0.1381.1"), Severity::Low, "MS05-004", &["CVE-2005-0030"]),
        article("Q300005", vec![row("plain.dll", "4.0.1381.7000")]),
    ]
}

const FILES: [&str; 5] = ["missing.dll", "likely.dll", "unknown.dll", "fixed.dll", "plain.dll"];

pub(crate) fn view_of(articles: Vec<Article>, files: &[(&str, &str)], policy: &Policy) -> View {
    let catalog: Catalog = articles.into_iter().collect();
    let (inventory, knowledge) =
        (inventory(files.iter().map(|(name, version)| file(name, version)).collect()), knowledge());
    let relevant = Relevant::whole(&catalog);
    let run = RunInfo { all: true, plan: true, ..RunInfo::default() };
    View::new(&Judge::new(&relevant, &inventory, knowledge, policy), &run)
}

fn view() -> View {
    view_of(articles(), &FILES.map(|name| (name, "4.0.1381.4")), &Policy::default())
}

pub(crate) fn text(view: &View, format: ReportFormat) -> String {
    String::from_utf8(render(view, format, Look::PLAIN).unwrap()).unwrap()
}

pub(crate) fn json(view: &View, format: ReportFormat) -> Value {
    serde_json::from_str(&text(view, format)).unwrap()
}

/// The lines of the four rated articles. Only certain verdicts, missing or fixed, have no "would correct".
const LINES: [&str; 4] = [
    "critical, MS05-001, CVE-2005-0001, CVE-2005-0002, CVE-2005-0003, 2 more CVEs; exploited",
    "would correct: important, MS05-002, CVE-2005-0010",
    "would correct: moderate, MS05-003, CVE-2005-0020",
    "low, MS05-004, CVE-2005-0030",
];

#[test]
fn texts_say_what_an_article_corrects_and_claim_nothing_of_an_unknown_fix() {
    let view = view();
    let states: Vec<&str> = view.articles.iter().map(|article| article.status.name()).collect();
    assert_eq!(states, ["missing", "fixed", "unknown", "likely-missing", "missing"], "newest first");
    for width in [60, 100, 200] {
        let look = Look { width, ..Look::PLAIN };
        let table = String::from_utf8(render(&view, ReportFormat::Table, look).unwrap()).unwrap();
        // Cells wrap: the words of a line are between those of other columns.
        assert_eq!(table.matches("would correct:").count(), 2, "{table}");
        assert!(table.contains("MS05-001") && table.contains("exploited"), "{table}");
        assert!(!table.contains("CVE-2005-0004"), "a long list is cut: {table}");
    }
    let markdown = text(&view, ReportFormat::Markdown);
    for line in LINES {
        let escaped = line.replace('_', "\\_");
        assert!(markdown.contains(&format!("({escaped}) |")), "{line}: {markdown}");
    }
    let junit = text(&view, ReportFormat::Junit);
    // A test case that passes has no text.
    for line in &LINES[..3] {
        assert!(junit.contains(&format!("({line})\"")), "{line}: {junit}");
    }
    // An article without these facts has no line.
    let plain = junit.lines().find(|line| line.contains("plain.dll is ")).unwrap();
    assert!(!plain.contains("correct"), "{plain}");
    assert!(plain.contains("requires 4.0.1381.7000 or later.\""), "{plain}");
}

#[test]
fn csv_has_them_in_the_last_columns() {
    let bytes = text(&view(), ReportFormat::Csv);
    let mut reader = csv::Reader::from_reader(bytes.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let names = ["superseded_by", "bulletins", "cves", "severity", "exploited", "system", "needs_service_pack"];
    assert_eq!(header[25..], names);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |id: &str| rows.iter().find(|row| &row[0] == "finding" && &row[1] == id).unwrap();
    let last = |id: &str| of(id).iter().skip(26).take(4).map(str::to_owned).collect::<Vec<_>>();
    let five = "CVE-2005-0001 CVE-2005-0002 CVE-2005-0003 CVE-2005-0004 CVE-2005-0005";
    assert_eq!(last("Q300001"), ["MS05-001", five, "critical", "CVE-2005-0002"]);
    assert_eq!(last("Q300005"), ["", "", "", ""]);
}

/// GitHub: a rule with the tag `security` and a `security-severity` from 0.0 to 10.0, as text, is a security alert.
#[test]
fn sarif_rules_have_the_score_and_the_tags_of_security_alerts() {
    let sarif = json(&view(), ReportFormat::Sarif);
    assert_valid(&sarif_schema(), &sarif);
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let of = |id: &str| &rules.iter().find(|rule| rule["id"] == id).unwrap()["properties"];
    for (id, score) in [("Q300001", "9.5"), ("Q300002", "8.0"), ("Q300003", "5.5")] {
        assert_eq!(of(id)["security-severity"], score, "{id}");
    }
    // A fixed article has no result, so it needs no rule (issue 18).
    assert!(rules.iter().all(|rule| rule["id"] != "Q300004"));
    assert_eq!(of("Q300002")["tags"], serde_json::json!(["hotfix", "security", "external/cve/CVE-2005-0010"]));
    assert_eq!(
        (&of("Q300005")["tags"], of("Q300005").get("security-severity")),
        (&serde_json::json!(["hotfix"]), None)
    );
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let unknown = results.iter().find(|result| result["ruleId"] == "Q300003").unwrap();
    assert!(unknown["message"]["text"].as_str().unwrap().ends_with(&format!("({})", LINES[2])), "{unknown}");
}

#[test]
fn code_quality_has_its_highest_severity_for_a_critical_fix() {
    let issues = json(&view(), ReportFormat::Codequality);
    let of = |id: &str| issues.as_array().unwrap().iter().find(|issue| issue["check_name"] == id).unwrap().clone();
    assert_eq!(of("Q300001")["severity"], "blocker");
    assert_eq!(of("Q300005")["severity"], "critical", "missing, without a rating");
    assert_eq!(of("Q300002")["severity"], "major", "likely missing");
    assert!(of("Q300001")["description"].as_str().unwrap().ends_with(&format!("({})", LINES[0])));
}

#[test]
fn json_lines_have_them_with_each_finding() {
    let lines: Vec<Value> =
        text(&view(), ReportFormat::Jsonl).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let finding = lines.iter().find(|line| line["record"] == "finding" && line["kb"] == "Q300001").unwrap();
    assert_eq!((&finding["severity"], &finding["bulletins"][0]), (&"critical".into(), &"MS05-001".into()));
    assert_eq!((finding["cves"].as_array().unwrap().len(), &finding["exploited"][0]), (5, &"CVE-2005-0002".into()));
    assert_eq!(finding["install"]["article"], "https://support.microsoft.com/kb/300001");
}

#[test]
fn what_is_not_left_to_install_has_none() {
    for article in view().articles {
        let left = matches!(article.status.name(), "missing" | "likely-missing");
        assert_eq!(article.install.is_some(), left, "{}", article.id);
    }
}

fn world() -> World {
    let world = World::new(articles());
    // The files of the world have versions 4.0.1381.N.
    for (name, build) in [("missing", 50), ("fixed", 200), ("plain", 50)] {
        world.pe(&format!("tree/{name}.dll"), build);
    }
    world
}

#[test]
fn a_vulnerability_chooses_the_articles_that_correct_it() {
    let world = world();
    let ids = |arguments: &[&str]| world.scan(&[&["tree", "--format", "ids"], arguments].concat());
    assert_eq!(ids(&["--cve", "cve-2005-0004"]), (1, "Q300001\n".to_owned(), String::new()));
    assert_eq!(ids(&["--cve", "CVE-2005-0004"]), ids(&["--kb", "CVE-2005-0004"]));
    assert_eq!(ids(&["--cve", "CVE-2005-0030"]), (0, String::new(), String::new()), "fixed");
    assert_eq!(ids(&["--cve", "CVE-2005-0030,CVE-2005-0001"]).1, "Q300001\n");
    assert_eq!(ids(&["--cve", "CVE-2005-0030", "--kb", "Q300005"]).1, "Q300005\n", "with --kb those of both");
    let (code, _, err) = ids(&["--cve", "CVE-1999-0001"]);
    assert!(code == 2 && err.contains("no article of 'CVE-1999-0001'"), "{err}");
    let (code, _, err) = ids(&["--cve", "MS05-001"]);
    assert!(code == 2 && err.contains("'MS05-001' is not a vulnerability: expected CVE-YEAR-NUMBER"), "{err}");
}

#[test]
fn a_rating_chooses_the_articles_of_it_and_of_higher_ones() {
    let world = world();
    let ids = |arguments: &[&str]| world.scan(&[&["tree", "--format", "ids"], arguments].concat());
    assert_eq!(ids(&[]).1, "Q300005\nQ300001\n");
    for level in ["low", "moderate", "important", "critical"] {
        assert_eq!(ids(&["--severity", level]), (1, "Q300001\n".to_owned(), String::new()), "{level}");
    }
    let table = world.scan(&["tree", "--severity", "important"]).1;
    assert!(
        table.contains("articles rated important or higher; missing fixes without a rating are counted"),
        "{table}"
    );
    let (code, _, err) = ids(&["--severity", "high"]);
    assert!(code == 2 && err.contains("moderate"), "{err}");
    // The exit code depends on the requested articles.
    assert_eq!(ids(&["--severity", "critical", "--cve", "CVE-2005-0030"]), (0, String::new(), String::new()));
}

/// Issue 15: an answer about some articles said "No missing fixes found" although fixes without a rating were missing.
#[test]
fn a_rating_never_hides_that_fixes_without_one_are_missing() {
    let world = world();
    let line = |arguments: &[&str]| {
        let (code, out, _) = world.scan(&[&["tree", "--format", "one-line"], arguments].concat());
        (code, out.trim_end().to_owned())
    };
    let rated = "tree: 1 fix rated critical to install; 1 missing fix has no rating: not listed (exit code 1)";
    assert_eq!(line(&["--severity", "critical"]), (1, rated.to_owned()));
    // Q300005 alone is missing.
    world.pe("tree/missing.dll", 7000);
    let unrated =
        "tree: No missing fixes rated low or higher found; 1 missing fix has no rating: not listed (exit code 3)";
    assert_eq!(line(&["--severity", "low"]), (3, unrated.to_owned()));
    assert_eq!(line(&["--severity", "low", "--kb", "Q300005"]).0, 3, "asked for by its id");
    assert_eq!(line(&["--severity", "low", "--fail-on", "never"]).0, 0);
    let table = world.scan(&["tree", "--severity", "low"]).1;
    assert!(table.contains("incomplete: 1 missing fix has no rating"), "{table}");
    assert_eq!(world.scan(&["tree", "--severity", "low", "--format", "ids"]), (3, String::new(), String::new()));
    // A reader of only one of these formats must not take the run for complete.
    for format in ["junit", "csv", "codequality", "sarif", "markdown", "html", "jsonl"] {
        let (code, text, _) = world.scan(&["tree", "--severity", "low", "--format", format]);
        let said = text.contains("1 missing fix has no rating") || text.contains("\"unrated\":1");
        assert!(code == 3 && said, "{format}: {text}");
    }
    let junit = |on: &str| world.scan(&["tree", "--severity", "low", "--format", "junit", "--fail-on", on]).1;
    assert!(junit("missing").contains(r#"errors="1""#) && junit("never").contains(r#"errors="0""#));
    // Accepted findings do not count, whatever their rating.
    world.write("waive.toml", b"[[waiver]]\nkb = \"Q300005\"\nreason = \"accepted\"\nexpires = \"2030-01-01\"\n");
    let waived = line(&["--severity", "low", "--config", "waive.toml"]);
    assert_eq!(waived, (0, "tree: No missing fixes rated low or higher found (exit code 0)".to_owned()));
    world.pe("tree/plain.dll", 7000);
    assert_eq!(
        line(&["--severity", "low"]),
        (0, "tree: No missing fixes rated low or higher found (exit code 0)".to_owned())
    );
}

/// Issue 15: the first line named the fixes to install, but not that a file could not be read.
#[test]
fn what_is_to_install_does_not_hide_that_a_file_could_not_be_read() {
    let world = world();
    world.pe("tree/missing.dll", 7000);
    world.write("tree/fixed.dll", b"MZ\0\0");
    let (code, line, _) = world.scan(&["tree", "--one-line"]);
    assert!(code == 1 && line.contains("to install; not everything could be read (exit code 1)"), "{line}");
}

#[test]
fn an_answer_about_some_articles_says_so() {
    let world = world();
    let line = |ids: &str| world.scan(&["tree", "--one-line", "--kb", ids]).1;
    assert_eq!(line("Q300004"), "tree: No missing fixes found for the article asked for (exit code 0)\n");
    assert!(line("Q300003,Q300004").contains("found among the 2 articles asked for"), "{}", line("Q300003,Q300004"));
}

/// Issue 15: a fleet's report states the rating, and a host that lacks fixes without one is not clean.
#[test]
fn a_fleet_says_that_only_some_ratings_count() {
    let world = world();
    world.pe("tree/missing.dll", 7000);
    let inventory = world.run(&["inventory", "tree", "--catalog", "catalog.tsv"]).1;
    world.write("hosts/one.json", inventory.as_bytes());
    let fleet = |format: &str| world.scan(&["--inventory", "hosts", "--severity", "low", "--format", format]);
    let (code, table, _) = fleet("table");
    assert!(code == 3 && table.contains("unrated missing") && table.contains("rated low or higher"), "{table}");
    assert!(fleet("markdown").1.contains("Only articles rated low or higher"));
    assert!(fleet("json").1.contains(r#""severity": "low""#));
}

#[test]
fn a_rating_leaves_out_lower_ones_but_not_what_is_required() {
    let judged = |policy: Policy| {
        let view = view_of(articles(), &FILES.map(|name| (name, "4.0.1381.4")), &policy);
        let mut ids: Vec<String> = view.articles.iter().map(|article| article.id.to_string()).collect();
        ids.sort();
        (ids.join(" "), view)
    };
    let from = |severity| Policy { severity: Some(severity), ..Policy::default() };
    assert_eq!(judged(from(Severity::Low)).0, "Q300001 Q300002 Q300003 Q300004");
    assert_eq!(judged(from(Severity::Moderate)).0, "Q300001 Q300002 Q300003");
    assert_eq!(judged(from(Severity::Important)).0, "Q300001 Q300002");
    let (ids, view) = judged(from(Severity::Critical));
    assert_eq!((ids.as_str(), view.summary.missing, view.summary.not_applicable), ("Q300001", 1, 0));

    let required = Some(vec!["Q300004".parse().unwrap()]);
    let (_, view) = judged(Policy { required, ..from(Severity::Critical) });
    assert_eq!(view.required.unwrap().met, 1, "fixed, whatever its rating");

    // A waiver of an article that was not requested is not stale.
    let waiver = Waiver {
        kb: "Q300005".parse().unwrap(),
        path: None,
        reason: "accepted".to_owned(),
        expires: jiff::civil::date(2030, 1, 1),
        source: "x.toml:1".to_owned(),
    };
    let waivers =
        Waivers { list: vec![waiver], today: jiff::civil::date(2026, 1, 1), strict: true, ..Waivers::default() };
    let (_, view) = judged(Policy { waivers, ..from(Severity::Low) });
    assert!(view.warnings.iter().all(|warning| warning.waiver.is_none()), "{:?}", view.warnings);
}
