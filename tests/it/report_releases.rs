//! Updates for several releases of Windows: a report lists only what the advisories state for the system's own, and rollups contain
//! those before them (issue 15).

use std::collections::{BTreeMap, BTreeSet};

use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::{ArticleRef, Catalog, CompiledCatalog, OpenCatalog};
use hotfixcheck::inventory::Inventory;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::{Article, ReleaseFacts, Severity, Text};
use serde_json::Value;

use crate::assess_builds::{update, with_system};
use crate::support::attack::{assert_valid, closed, schema};
use crate::support::kit::*;
use crate::support::world::World;

const KB: &str = "KB5008212";
const OF_ALL: &str = "CVE-2021-43217";
const OF_21H2: &str = "CVE-2021-34527";

/// The update of December 2021: Windows 10 21H2 alone has the older fault; 22H2 is not named at all.
fn december() -> Article {
    let texts = |texts: &[&'static str]| texts.iter().map(|text| (*text).into()).collect::<Vec<Text>>();
    let of = |releases: &[&'static str], severity, cves: &[&'static str]| ReleaseFacts {
        releases: texts(releases),
        severity,
        cves: texts(cves),
    };
    let builds = [
        ("Windows 10 2004", "19041.1415", None),
        ("Windows 10 21H2", "19044.1415", None),
        ("Windows 10 22H2", "19045.1415", None),
    ];
    Article {
        cves: texts(&[OF_21H2, OF_ALL]),
        exploited: texts(&[OF_21H2]),
        severity: Some(Severity::Critical),
        releases: vec![
            of(&["Windows 10 2004", "Windows 10 21H2"], None, &[]),
            of(&["Windows 10 2004"], Some(Severity::Important), &[]),
            of(&["Windows 10 21H2"], None, &[OF_21H2]),
        ],
        ..update(KB, &builds)
    }
}

fn system(build: u32) -> Inventory {
    with_system(inventory(Vec::new()), "Windows 10 Pro", build, 1_110)
}

fn view(articles: Vec<Article>, files: &Inventory, policy: &Policy) -> View {
    let catalog: Catalog = articles.into_iter().collect();
    let run = RunInfo { all: true, plan: true, ..RunInfo::default() };
    View::new(&Judge::new(&Relevant::whole(&catalog), files, knowledge(), policy), &run)
}

fn text(view: &View, format: ReportFormat) -> String {
    String::from_utf8(render(view, format, Look { width: 1_000, ..Look::PLAIN }).unwrap()).unwrap()
}

#[test]
fn a_vulnerability_of_another_release_is_not_claimed() {
    for (build, cves, severity) in [
        (19_041, &[OF_ALL][..], Some(Severity::Important)),
        (19_044, &[OF_21H2, OF_ALL], Some(Severity::Critical)),
        (19_045, &[], None),
    ] {
        let view = view(vec![december()], &system(build), &Policy::default());
        let article = &view.articles[0];
        assert_eq!(article.status.name(), "missing", "{build}");
        assert_eq!(
            (&article.cves[..], article.severity),
            (&cves.iter().map(|cve| (*cve).to_owned()).collect::<Vec<_>>()[..], severity)
        );
        assert_eq!(article.exploited.is_empty(), build != 19_044);
        for format in ReportFormat::ALL {
            let text = text(&view, format);
            assert!(build == 19_044 || !text.contains(OF_21H2), "{format:?}: {text}");
        }
    }
}

/// Without a rating it may be as severe as what was asked for.
#[test]
fn an_update_without_a_rating_here_is_counted() {
    let policy = Policy { severity: Some(Severity::Critical), ..Policy::default() };
    let unrated = |build| text(&view(vec![december()], &system(build), &policy), ReportFormat::Json);
    let json: Value = serde_json::from_str(&unrated(19_045)).unwrap();
    assert_eq!(json["summary"]["unrated"], 1, "{json}");
    let json: Value = serde_json::from_str(&unrated(19_041)).unwrap();
    assert!(json["summary"]["unrated"].is_null(), "important");
}

#[test]
fn where_the_release_is_not_known_it_is_said() {
    // The kernel of 2004 is that of all until 22H2.
    let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", "10.0.19041.1110")]);
    let view = view(vec![december()], &files, &Policy::default());
    let article = &view.articles[0];
    assert_eq!(article.cves, [OF_21H2, OF_ALL]);
    assert_eq!(article.cves_of_releases, [OF_21H2]);
    assert_eq!(article.severity, Some(Severity::Critical));
    let table = text(&view, ReportFormat::Table);
    assert!(table.contains("CVE-2021-34527 of some releases alone"), "{table}");
    let json: Value = serde_json::from_str(&text(&view, ReportFormat::Json)).unwrap();
    assert_valid(&closed(schema("docs/report.schema.json")), &json);
    assert_eq!(json["articles"][0]["cves_of_releases"], serde_json::json!([OF_21H2]));
}

#[test]
fn asked_by_a_vulnerability() {
    let asked = |build, cve: &str| {
        let id = KB.parse().unwrap();
        let for_cves = BTreeMap::from([(id, vec![cve.to_owned()])]);
        let policy = Policy { only: Some(BTreeSet::from([id])), for_cves, ..Policy::default() };
        let view = view(vec![december()], &system(build), &policy);
        (view.articles[0].status.name(), text(&view, ReportFormat::Json))
    };
    let (status, why) = asked(19_041, OF_21H2);
    assert_eq!(status, "not-applicable");
    assert!(why.contains("CVE-2021-34527 is of Windows 10 21H2 alone; this is Windows 10 2004"), "{why}");
    assert_eq!(asked(19_041, OF_ALL).0, "missing");
    assert_eq!(asked(19_044, OF_21H2).0, "missing");
    let (status, why) = asked(19_045, OF_ALL);
    assert!(status == "unknown" && why.contains("no-row-for-system"), "{why}");
}

fn built_in(files: &Inventory, ids: &[&str], cves: &[&str]) -> BTreeMap<String, (String, Vec<String>)> {
    let open = OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap());
    let references: Vec<ArticleRef> = ids.iter().chain(cves).map(|text| text.parse().unwrap()).collect();
    let only = hotfixcheck::catalog::find_all(&references, &open, "built-in").unwrap();
    let for_cves = hotfixcheck::catalog::named_by_cves(&references, &open);
    let policy = Policy { only: Some(only.into_iter().collect()), for_cves, ..Policy::default() };
    let relevant = Relevant::of(&open, files, knowledge(), &policy).unwrap();
    let run = RunInfo { all: true, ..RunInfo::default() };
    let view = View::new(&Judge::new(&relevant, files, knowledge(), &policy), &run);
    let of = |article: &hotfixcheck::report::ArticleView| {
        (article.id.to_string(), (article.status.name().to_owned(), article.cves.clone()))
    };
    view.articles.iter().map(of).collect()
}

fn windows(name: &str, build: u32, revision: u32) -> Inventory {
    with_system(inventory(Vec::new()), name, build, revision)
}

/// With the facts of the program.
#[test]
fn real_updates_of_several_releases() {
    for (build, id) in [(19_043, "KB5003173"), (19_045, "KB5087544"), (18_363, "KB4524570")] {
        let own = &built_in(&windows("Windows 10 Pro", build, 1), &[id], &[])[id];
        assert_eq!((own.0.as_str(), own.1.len()), ("missing", 0), "{id}");
    }
    assert!(built_in(&windows("Windows 10 Pro", 19_042, 1), &["KB5003173"], &[])["KB5003173"].1.len() > 20);
    let of_2004 = built_in(&windows("Windows 10 Pro", 19_041, 1_110), &[], &[OF_21H2]);
    assert_eq!(of_2004["KB5004945"].0, "fixed");
    for id in [KB, "KB5018427", "KB5019959"] {
        assert_eq!(of_2004[id].0, "not-applicable", "{id}");
    }
    // Of servers alone, on the page of both.
    for (name, build, id) in [
        ("Windows 11 Pro", 26_100, "KB5070881"),
        ("Windows 10 Pro", 14_393, "KB5070882"),
        ("Windows 10 Pro", 17_763, "KB5070883"),
    ] {
        assert_eq!(built_in(&windows(name, build, 1), &[id], &[])[id].0, "not-applicable", "{id}");
    }
    assert_eq!(
        built_in(&windows("Windows Server 2025 Standard", 26_100, 1), &["KB5070881"], &[])["KB5070881"].0,
        "missing"
    );
}

/// A standalone update with the build of a cumulative one.
#[test]
fn standalone_updates_are_judged_by_their_build() {
    for (revision, expected) in [(4_294, "missing"), (4_297, "fixed"), (5_000, "fixed")] {
        let server = windows("Windows Server 2022 Standard", 20_348, revision);
        assert_eq!(built_in(&server, &["KB5070892"], &[])["KB5070892"].0, expected, "{revision}");
    }
    // The number is that of the recovery environment.
    let server = windows("Windows Server 2022 Standard", 20_348, 5_000);
    assert_eq!(built_in(&server, &["KB5046399"], &[])["KB5046399"].0, "unknown");
}

/// Issue 15: the update history ends before the last update of Windows 10 1909, which no later one replaces.
#[test]
fn an_update_after_those_of_the_history_is_judged_by_its_build() {
    for (revision, expected) in [(2_274, "missing"), (2_344, "fixed")] {
        let client = windows("Windows 10 Pro", 18_363, revision);
        assert_eq!(built_in(&client, &["KB5014701"], &[])["KB5014701"].0, expected, "{revision}");
    }
}

/// Issue 15: a later vulnerability of other versions of SQL Server and Exchange "did not apply" to a version whose support ended
/// before.
#[test]
fn a_product_whose_support_ended_is_not_said_to_be_clean() {
    let of = |name: &str, version: &str, cve: &str| {
        let files = inventory(vec![file(name, version)]);
        let statuses: BTreeSet<String> =
            built_in(&files, &[], &[cve]).into_values().map(|(status, _)| status).collect();
        statuses.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("sqlservr.exe", "2011.110.7512.11", "CVE-2024-49021"), "unknown");
    assert_eq!(of("ExSetup.exe", "15.0.1497.48", "CVE-2024-21410"), "unknown");
    // The last update of 2012 corrects this one; those of other versions are of the same day.
    assert_eq!(of("sqlservr.exe", "2011.110.7512.11", "CVE-2023-21528"), "fixed not-applicable");
    assert_eq!(of("sqlservr.exe", "2011.110.7507.2", "CVE-2023-21528"), "missing not-applicable");
    // A version with updates of that time.
    assert_eq!(of("sqlservr.exe", "2019.150.4415.2", "CVE-2024-49021"), "fixed not-applicable");
}

/// Issue 15: 26100.1742 is an update of Windows 11 24H2 (KB5043080), but also the release of Server 2025.
#[test]
fn a_revision_that_another_windows_has_as_released_shows_neither() {
    let kernel = |revision| inventory(vec![file("Windows/System32/ntoskrnl.exe", &format!("10.0.26100.{revision}"))]);
    let client = |files: &Inventory| built_in(files, &["KB5101684"], &[])["KB5101684"].0.clone();
    assert_eq!(client(&kernel(1_742)), "unknown");
    assert_eq!(client(&kernel(8_894)), "likely-missing");
    assert_eq!(client(&windows("Windows 11 Pro", 26_100, 1_742)), "missing");
}

/// Issue 15: a title named the number of a component that is not used as a build.
#[test]
fn titles_have_no_build_that_is_left_out() {
    let shown = World::new(Vec::new()).run(&["article", "KB5042320", "KB5046399", "KB5014701"]).1;
    for title in [
        "Update for Windows 10 21H2 and others",
        "Update for Windows Server 2022 and others",
        "Update to Windows 10 1909 18363.2344",
    ] {
        assert!(shown.lines().any(|line| line.ends_with(title)), "{title}: {shown}");
    }
}

/// A rollup contains those before it; a kernel of no rollup shows nothing.
#[test]
fn a_rollup_contains_those_before_it() {
    let rollups = || {
        let of = |id, version| update(id, &[("Windows Server 2012", version, None)]);
        vec![of("KB5087470", "9200.26026"), of("KB5094042", "9200.26132")]
    };
    let statuses = |revision: u32| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", &format!("6.2.9200.{revision}"))]);
        let named = vec![(String::new(), "Windows Server 2012".to_owned())];
        let policy = Policy { given_names: named, ..Policy::default() };
        let view = view(rollups(), &files, &policy);
        let table = text(&view, ReportFormat::Json);
        (
            view.articles
                .iter()
                .map(|article| (article.id.to_string(), article.status.name()))
                .collect::<BTreeMap<_, _>>(),
            table,
        )
    };
    let (newest, why) = statuses(26_132);
    assert_eq!((newest["KB5094042"], newest["KB5087470"]), ("likely-fixed", "likely-fixed"));
    assert!(why.contains("later-rollup") && why.contains("the build of KB5094042"), "{why}");
    assert_eq!(statuses(26_100).0["KB5087470"], "unknown");
    assert_eq!(statuses(26_000).0["KB5087470"], "likely-missing");
}

/// The packages of a bulletin by its number; the article that only describes it is not judged beside them.
#[test]
fn packages_of_a_bulletin() {
    let found = built_in(&windows("Windows 10 Enterprise", 10_240, 17_000), &["MS17-010"], &[]);
    assert_eq!(found["KB4012606"].0, "missing");
    assert!(!found.contains_key("KB4013389"));
}

/// CVE-2016-0162 is exploited by the advisories, which do not name the updates that correct it.
#[test]
fn exploited_is_a_fact_of_the_vulnerability() {
    let open = OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap());
    for id in ["KB3147458", "KB3147461", "KB3148198"] {
        let article = open.article(id.parse().unwrap()).unwrap().unwrap();
        assert!(article.exploited.iter().any(|cve| cve == "CVE-2016-0162"), "{id}");
    }
}
