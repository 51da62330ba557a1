//! Fixes that need a later service pack first: every format says which (issue 15).

use crate::assess_builds::{update, with_system};
use crate::support::attack::{assert_valid, closed, schema};
use crate::support::kit::{article, file, inventory, knowledge, row};
use hotfixcheck::assess::{Judge, Policy, Profile, ProfileSource, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Inventory;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::Article;
use serde_json::{Value, json};

fn view(articles: Vec<Article>, inventory: &Inventory, policy: &Policy) -> View {
    let catalog: Catalog = articles.into_iter().collect();
    let relevant = Relevant::whole(&catalog);
    let run = RunInfo { plan: true, ..RunInfo::default() };
    View::new(&Judge::new(&relevant, inventory, knowledge(), policy), &run)
}

fn text(view: &View, format: ReportFormat) -> String {
    String::from_utf8(render(view, format, Look { width: 200, ..Look::PLAIN }).unwrap()).unwrap()
}

/// KB2479628 is for Windows XP SP3 alone, KB2508429 also for SP2.
fn articles() -> Vec<Article> {
    vec![
        article("KB2479628", vec![row("win32k.sys", "5.1.2600.6064")]),
        article("KB2508429", vec![row("srv.sys", "5.1.2600.3817"), row("srv.sys", "5.1.2600.6081")]),
    ]
}

fn files(win32k: &str) -> Inventory {
    inventory(vec![file("win32k.sys", win32k), file("srv.sys", "5.1.2600.2180")])
}

fn needed(view: &View) -> Vec<Option<(String, Option<String>)>> {
    let of = |article: &hotfixcheck::report::ArticleView| {
        article.needs_service_pack.as_ref().map(|needed| (needed.product.clone(), needed.service_pack.clone()))
    };
    view.articles.iter().map(of).collect()
}

#[test]
fn every_format_says_which_service_pack_comes_first() {
    let view = view(articles(), &files("5.1.2600.2180"), &Policy::default());
    let words = "needs Windows XP Service Pack 3 first";
    for (format, times) in [
        (ReportFormat::Table, 2),
        (ReportFormat::Markdown, 2),
        (ReportFormat::Junit, 2),
        (ReportFormat::Html, 3),
        (ReportFormat::Sarif, 1),
    ] {
        let text = text(&view, format);
        let unbroken = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = unbroken.matches(words).count();
        assert!(found >= times || (format == ReportFormat::Table && found >= 1), "{format:?} {found}: {text}");
    }
    let pack = json!({ "product": "Windows XP", "service_pack": "3" });
    let whole: Value = serde_json::from_str(&text(&view, ReportFormat::Json)).unwrap();
    assert_valid(&closed(schema("docs/report.schema.json")), &whole);
    let of = |list: &Value, id: &str| {
        let all = list.as_array().unwrap();
        all.iter().find(|one| one["id"] == id).unwrap()["needs_service_pack"].clone()
    };
    assert_eq!(of(&whole["articles"], "KB2479628"), pack);
    assert_eq!(of(&whole["articles"], "KB2508429"), Value::Null);
    assert_eq!(of(&whole["plan"]["articles"], "KB2479628"), pack);
    let lines = text(&view, ReportFormat::Jsonl);
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of_records = findings.filter(|line| line["needs_service_pack"] == pack).map(|line| line["record"].clone());
    assert_eq!(of_records.collect::<Vec<_>>(), ["finding", "planned"]);
    let csv = text(&view, ReportFormat::Csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let place = reader.headers().unwrap().iter().position(|name| name == "needs_service_pack").unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for record in &records {
        let wanted = if &record[1] == "KB2479628" { "Windows XP Service Pack 3" } else { "" };
        assert_eq!(&record[place], wanted, "{record:?}");
    }
    let sarif: Value = serde_json::from_str(&text(&view, ReportFormat::Sarif)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let own = results.iter().find(|result| result["ruleId"] == "KB2479628").unwrap();
    assert_eq!(own["properties"]["needs_service_pack"], pack);
}

/// What can be installed now comes first, whatever its number.
#[test]
fn ids_that_need_a_service_pack_are_last() {
    let articles = || {
        vec![
            article("KB2479628", vec![row("srv.sys", "5.1.2600.3817")]),
            article("KB2508429", vec![row("win32k.sys", "5.1.2600.6064")]),
        ]
    };
    let ids = |win32k: &str| text(&view(articles(), &files(win32k), &Policy::default()), ReportFormat::Ids);
    assert_eq!(ids("5.1.2600.2180"), "KB2479628\nKB2508429\n");
    assert_eq!(ids("5.1.2600.5512"), "KB2508429\nKB2479628\n");
}

/// Where the system has the service pack, one older file of it needs none.
#[test]
fn a_system_that_has_the_service_pack_needs_none() {
    let given = |pack: &str| {
        let releases = &knowledge().releases;
        let line = releases.line("Windows XP").unwrap().clone();
        let pack = releases.pack(&line, pack);
        let profile = Profile { line, pack, source: ProfileSource::Given };
        view(articles(), &files("5.1.2600.2180"), &Policy { profile: Some(profile), ..Policy::default() })
    };
    let sp3 = || Some(("Windows XP".to_owned(), Some("3".to_owned())));
    assert_eq!(needed(&given("2")), [None, sp3()]);
    assert_eq!(needed(&given("3")), [None, None]);
    // Internet Explorer 6 comes with the service packs of Windows (KB2483185).
    let given = |pack: &str| {
        let releases = &knowledge().releases;
        let line = releases.line("Windows XP").unwrap().clone();
        let pack = releases.pack(&line, pack);
        let profile = Profile { line, pack, source: ProfileSource::Given };
        let fix = article("KB2483185", vec![row("shell32.dll", "6.0.2900.6072")]);
        let explorer = vec![Article { products: vec!["Windows XP".to_owned().into()], ..fix }];
        let files = inventory(vec![file("shell32.dll", "6.0.2900.2180")]);
        needed(&view(explorer, &files, &Policy { profile: Some(profile), ..Policy::default() }))
    };
    assert_eq!(given("2"), [sp3()]);
    assert_eq!(given("3"), [None]);
}

/// Rollups are for the last service pack: setup of KB5022338 refuses Windows 7 without it.
#[test]
fn rollups_of_a_service_pack_need_it_first() {
    let of = |name: &str, build: u32, product: &str, rollup: &str| {
        let mut files = inventory(vec![file("tcpip.sys", "6.1.7600.16385")]);
        files = with_system(files, name, build, 1);
        needed(&view(vec![update("5022338", &[(product, rollup, None)])], &files, &Policy::default()))
    };
    let pack = |product: &str, pack: &str| vec![Some((product.to_owned(), Some(pack.to_owned())))];
    assert_eq!(of("Windows 7 Professional", 7600, "Windows 7 SP1", "7601.26321"), pack("Windows 7", "1"));
    assert_eq!(of("Windows 7 Professional", 7601, "Windows 7 SP1", "7601.26321"), [None]);
    let server = "Windows Server 2008 R2 Standard";
    assert_eq!(of(server, 7600, "Windows Server 2008 R2 SP1", "7601.26321"), pack("Windows Server 2008 R2", "1"));
    let server = "Windows Server (R) 2008 Standard";
    assert_eq!(of(server, 6001, "Windows Server 2008 SP2", "6003.22966"), pack("Windows Server 2008", "2"));
    assert_eq!(of(server, 6002, "Windows Server 2008 SP2", "6003.22966"), [None]);
}

/// Issue 15: KB2344893 is for Office 2003 SP3 alone; setup refuses it on the release. Its rows say nothing of a service pack.
#[test]
fn fixes_for_a_service_pack_of_office_need_it_first() {
    let of = |products: &[&str], found: &str| {
        let products = products.iter().map(|product| (*product).to_owned().into()).collect();
        let article = Article { products, ..article("KB2344893", vec![row("Excel.exe", "11.0.8328.0")]) };
        let needed = needed(&view(vec![article], &inventory(vec![file("excel.exe", found)]), &Policy::default()));
        needed.into_iter().flatten().next()
    };
    let pack = |number: &str| Some(("Office 2003".to_owned(), Some(number.to_owned())));
    assert_eq!(of(&["Office 2003 Service Pack 3"], "11.0.5612.0"), pack("3"));
    assert_eq!(of(&["Office 2003 Service Pack 3"], "11.0.8142.0"), pack("3"), "a fix for Service Pack 2");
    assert_eq!(of(&["Office 2003 Service Pack 3"], "11.0.8169.0"), None, "it has the pack");
    assert_eq!(of(&["Office 2003 Service Pack 2", "Office 2003 Service Pack 3"], "11.0.5612.0"), pack("2"));
    assert_eq!(of(&["Office 2003 Service Pack 2", "Office 2003 Service Pack 3"], "11.0.6560.0"), None);
    assert_eq!(of(&["Office 2003", "Office 2003 Service Pack 3"], "11.0.5612.0"), None, "also for the release");
    assert_eq!(of(&["Office XP Service Pack 3"], "11.0.5612.0"), None);
    assert_eq!(of(&[], "11.0.5612.0"), None);
}

/// Issue 15: fixes that can be installed without the pack stay to install beside one that needs it.
#[test]
fn a_fix_for_a_service_pack_of_office_replaces_none_that_can_be_installed() {
    let fix = |id: &str, pack: &str, version: &str| {
        let products = vec![format!("Office 2003 Service Pack {pack}").into()];
        Article { products, ..article(id, vec![row("Excel.exe", version)]) }
    };
    let articles = vec![fix("KB943985", "1", "11.0.8211.0"), fix("KB2344893", "3", "11.0.8328.0")];
    let view = view(articles, &inventory(vec![file("excel.exe", "11.0.6355.0")]), &Policy::default());
    let left: Vec<String> = view.articles.iter().map(|article| article.id.to_string()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(needed(&view).into_iter().flatten().count(), 1);
}
