//! Security updates without a file or build, and the vulnerabilities of a bulletin by Windows (issue 15).

use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::{Catalog, CompiledCatalog, OpenCatalog, write};
use hotfixcheck::inventory::Inventory;
use hotfixcheck::report::{
    FleetView, Host, HostSummary, Look, ReportFormat, RunInfo, View, fleet_csv_header, render, render_fleet,
};
use hotfixcheck_articles::{Article, OlderWindows, OnWindows, ReleaseFacts, Severity, Text};

use crate::support::attack::{assert_valid, closed, schema};
use crate::support::kit::*;

const CODE: &str = "updates-not-judged";

/// An update of which only day, bulletin, vulnerability and products are known.
fn update(id: &str, day: &str, products: &[&'static str]) -> Article {
    Article {
        last_modified: day.parse().ok(),
        products: products.iter().map(|product| (*product).into()).collect(),
        bulletins: vec!["MS11-903".into()],
        cves: vec!["CVE-2011-9003".into()],
        severity: Some(Severity::Critical),
        ..article(id, Vec::new())
    }
}

fn updates() -> Vec<Article> {
    let fixed =
        Article { bulletins: vec!["MS10-901".into()], ..article("KB2400001", vec![row("lamp.dll", "5.1.2600.6000")]) };
    vec![
        update("KB2500003", "2011-02-08", &["Windows XP Service Pack 3", "Windows XP x64 Service Pack 2"]),
        update("KB2500004", "2010-10-12", &["Microsoft .NET Framework 3.5 on Windows XP Service Pack 3", "Windows 7"]),
        update("KB2500005", "2011-03-08", &["Windows XP Service Pack 2"]),
        update("KB2500006", "2011-03-08", &["Windows Vista Service Pack 2"]),
        // Without a day it is no update: the article of a bulletin that has other updates.
        Article { last_modified: None, ..update("KB2500007", "2011-03-08", &["Windows XP Service Pack 3"]) },
        fixed,
    ]
}

fn files() -> Inventory {
    inventory(vec![file("lamp.dll", "5.1.2600.6000")])
}

fn view(open: &OpenCatalog, files: &Inventory, policy: &Policy, all: bool) -> View {
    let relevant = Relevant::of(open, files, knowledge(), policy).unwrap();
    View::new(&Judge::new(&relevant, files, knowledge(), policy), &RunInfo { all, ..RunInfo::default() })
}

fn said(view: &View) -> Vec<String> {
    let own = view.warnings.iter().filter(|warning| warning.code == CODE);
    own.filter_map(|warning| warning.registry.clone()).collect()
}

/// The audit of 30 November, fault 28: "No missing fixes found", and not a word of the 39 updates of Windows XP SP3 without a file.
#[test]
fn updates_for_the_system_without_a_file_are_counted_in_every_format() {
    let text = write(&updates().into_iter().collect());
    let compiled = CompiledCatalog::open(CompiledCatalog::compile("x", &text, &[]).unwrap()).unwrap();
    let read: Catalog = updates().into_iter().collect();
    for open in [OpenCatalog::of_compiled(compiled), OpenCatalog::of_text(read)] {
        let policy = on("Windows XP", "3");
        let view = |all| view(&open, &files(), &policy, all);
        assert_eq!(
            said(&view(false)),
            ["2 updates, 2 of them critical; the newest is KB2500003 (MS11-903) of 2011-02-08"]
        );
        assert!(
            said(&view(true))[0].ends_with(": KB2500003 (MS11-903), KB2500004 (MS11-903)"),
            "{:?}",
            said(&view(true))
        );
        assert_eq!((view(false).summary.updates_not_judged, view(false).summary.exit_code), (2, 0));
        for format in ReportFormat::ALL {
            let text =
                String::from_utf8(render(&view(false), format, Look { width: 1_000, ..Look::PLAIN }).unwrap()).unwrap();
            let is_list = matches!(format, ReportFormat::Ids | ReportFormat::OneLine | ReportFormat::Codequality);
            let is_said = ["2 updates, 2 of them critical", "2 of them security updates for this system"];
            assert!(is_list || is_said.iter().any(|said| text.contains(said)), "{format:?}: {text}");
            if format == ReportFormat::Json {
                assert_valid(&closed(schema("docs/report.schema.json")), &serde_json::from_str(&text).unwrap());
            }
        }
    }
}

#[test]
fn updates_of_others_and_those_that_were_asked_for_are_not_counted() {
    let open = OpenCatalog::of_text(updates().into_iter().collect());
    let count = |policy: &Policy| said(&view(&open, &files(), policy, false)).len();
    for (line, pack, counted) in [("Windows XP", "2", 1), ("Windows XP", "1", 0), ("Windows 2000", "4", 0)] {
        assert_eq!(count(&on(line, pack)), counted, "{line} {pack}");
    }
    let asked = Policy { only: Some(["KB2500003".parse().unwrap()].into()), ..on("Windows XP", "3") };
    assert_eq!(count(&asked), 0);
    let low = Policy { severity: Some(Severity::Low), ..on("Windows XP", "3") };
    assert_eq!(count(&low), 1);
    assert_eq!(count(&Policy::default()), 0, "the system is not known");
}

/// The same, fault 14: MS10-047 claimed CVE-2010-1888 and CVE-2010-1889 on Windows 7.
#[test]
fn a_bulletins_vulnerability_of_another_windows_is_not_claimed() {
    let texts = |texts: &[&'static str]| texts.iter().map(|text| (*text).into()).collect::<Vec<Text>>();
    let of = |releases: &[&'static str], severity, cves: &[&'static str]| ReleaseFacts {
        releases: texts(releases),
        severity,
        cves: texts(cves),
    };
    let (of_xp, of_seven) = ("CVE-2010-9188", "CVE-2010-9190");
    let article = Article {
        bulletins: texts(&["MS10-947"]),
        cves: texts(&[of_xp, of_seven]),
        severity: Some(Severity::Important),
        releases: vec![
            of(&["Windows 7", "Windows XP SP3"], None, &[]),
            of(&["Windows 7"], Some(Severity::Moderate), &[of_seven]),
            of(&["Windows XP SP3"], None, &[of_xp]),
        ],
        ..article("KB981952", vec![row("lamp.dll", "5.1.2600.6001"), row("lamp.dll", "6.1.7600.16617")])
    };
    let open = OpenCatalog::of_text([article].into_iter().collect());
    let judged = |line: &str, pack: &str, version: &str, asked: Option<&str>| {
        let mut policy = on(line, pack);
        if let Some(cve) = asked {
            let id = "KB981952".parse().unwrap();
            policy.only = Some([id].into());
            policy.for_cves = [(id, vec![cve.to_owned()])].into();
        }
        let view = view(&open, &inventory(vec![file("lamp.dll", version)]), &policy, true);
        let article = &view.articles[0];
        (article.status.name(), article.cves.join(" "), article.severity)
    };
    let (important, moderate) = (Some(Severity::Important), Some(Severity::Moderate));
    let seven = |asked| judged("Windows 7 and Server 2008 R2", "RTM", "6.1.7600.16385", asked);
    assert_eq!(seven(None), ("missing", of_seven.to_owned(), moderate));
    assert_eq!(seven(Some(of_seven)).0, "missing");
    assert_eq!(seven(Some(of_xp)).0, "not-applicable");
    assert_eq!(judged("Windows XP", "3", "5.1.2600.5512", None), ("missing", of_xp.to_owned(), important));
    // A service pack that the page does not rate may have both.
    assert_eq!(judged("Windows XP", "2", "5.1.2600.2180", None).1, format!("{of_xp} {of_seven}"));
}

/// The built-in catalogue, as the pages of the bulletins have it.
#[test]
fn the_bulletins_of_the_catalogue_know_the_windows_of_their_vulnerabilities() {
    let catalog = CompiledCatalog::built_in().unwrap();
    for (id, name, pack, cves, severity) in [
        ("KB981852", "Windows 7", "RTM", "CVE-2010-1890", Severity::Moderate),
        ("KB981852", "Windows Vista", "2", "CVE-2010-1889 CVE-2010-1890", Severity::Important),
        ("KB981852", "Windows XP", "3", "CVE-2010-1888", Severity::Important),
        ("KB958644", "Windows Vista", "1", "CVE-2008-4250", Severity::Important),
        ("KB958644", "Windows XP", "3", "CVE-2008-4250", Severity::Critical),
        ("KB958687", "Windows Server 2008", "1", "CVE-2008-4114 CVE-2008-4835", Severity::Moderate),
        ("KB982214", "Windows Server 2003", "2", "CVE-2010-2550", Severity::Important),
    ] {
        let article = catalog.article(id.parse().unwrap()).unwrap().unwrap();
        let older = OlderWindows { names: vec![name], pack: Some(pack.to_owned()) };
        let on = OnWindows { older: Some(older), ..OnWindows::default() };
        let own: Vec<&str> = article.cves.iter().map(|cve| &**cve).filter(|cve| article.is_cve_on(cve, &on)).collect();
        assert_eq!((own.join(" "), article.severity_on(&on)), (cves.to_owned(), Some(severity)), "{id} {name}");
    }
}

/// The same, fault 23: Office 2016 was clean without a word, because every row is of an earlier one.
#[test]
fn a_product_that_is_later_than_every_row_is_said_once() {
    let files = inventory(vec![file("excel.exe", "16.0.4266.1001"), file("winword.exe", "16.0.4266.1003")]);
    let said = |version| {
        let rows = vec![row("excel.exe", "12.0.6550.5004"), row("winword.exe", version)];
        let catalog: Catalog = [article("KB2345035", rows)].into_iter().collect();
        let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
        Judge::new(&relevant, &files, knowledge(), &policy).later_products()
    };
    let office = said("12.0.6545.5000");
    assert_eq!(office.len(), 1, "{office:?}");
    assert!(office[0].1.starts_with("the catalogue has no fix for files of Office 2016 ("), "{office:?}");
    assert!(office[0].1.contains("excel.exe 16.0.4266.1001 and 1 more)"), "{office:?}");
    assert!(said("16.0.4300.1000").is_empty(), "it has a row for one");
}

/// Issue 13: run-time libraries of Visual C++ 2005 to 2010 and Silverlight were clean without a word. A row of another product says
/// nothing of them.
#[test]
fn products_without_a_row_are_told_by_the_names_of_their_files() {
    let files = inventory(vec![file("system32/mfc90.dll", "9.0.30729.1"), file("system32/atl90.dll", "9.0.30729.1")]);
    let said = |heading: &str, file: &str| {
        let catalog: Catalog =
            [article("KB999001", vec![under(heading, row(file, "9.0.30729.4148"))])].into_iter().collect();
        let (relevant, policy) = (Relevant::whole(&catalog), Policy::default());
        Judge::new(&relevant, &files, knowledge(), &policy).later_products()
    };
    let other = said("SharePoint Server 2007", "atl90.dll");
    assert_eq!(other.len(), 1, "{other:?}");
    assert!(other[0].1.contains("files of Visual C++ 2008 (system32/mfc90.dll 9.0.30729.1 and 1 more)"), "{other:?}");
    assert!(said("Visual C++ 2008 Redistributable Package", "atl90.dll").is_empty(), "it has a row");
}

/// Issue 15: the report of a fleet says what that of one of its hosts says.
#[test]
fn the_report_of_a_fleet_says_that_updates_are_not_judged_in_every_format() {
    let open = OpenCatalog::of_text(updates().into_iter().collect());
    let host = |name: &str, pack: &str| {
        let view = view(&open, &files(), &on("Windows XP", pack), false);
        Host { name: name.to_owned(), inventory: format!("{name}.csv"), judged: Ok(view) }
    };
    let text = |hosts: Vec<Host>, format: ReportFormat| {
        let look = Look { width: 1_000, ..Look::PLAIN };
        String::from_utf8(render_fleet(&FleetView::new(hosts), format, look).unwrap()).unwrap()
    };
    use ReportFormat::{Html, Json, Markdown, OneLine, Summary, Table};
    for format in [Table, Summary, Markdown, Html] {
        let said = text(vec![host("lathe", "3"), host("press", "2")], format);
        assert!(said.contains("security updates for the systems of 2 hosts, up to 2 on one"), "{format:?}: {said}");
        // Nothing is said of Windows XP SP1, for which the catalogue has none.
        assert!(
            !text(vec![host("saw", "1"), host("drill", "1")], format).contains("security updates for"),
            "{format:?}"
        );
    }
    let lines = text(vec![host("lathe", "3"), host("saw", "1")], OneLine);
    let (lathe, saw) = lines.split_once('\n').unwrap();
    assert!(lathe.contains("2 security updates for this system are not judged (exit code 0"), "{lathe}");
    assert!(!saw.contains("security updates"), "{saw}");
    assert!(text(vec![host("lathe", "3")], Json).contains("\"updates_not_judged\": 2"));
    let csv = |host: Host| String::from_utf8(HostSummary::new(host).csv().unwrap()).unwrap();
    assert!(csv(host("lathe", "3")).lines().next().unwrap().ends_with(",2"), "{}", csv(host("lathe", "3")));
    let header = String::from_utf8(fleet_csv_header().unwrap()).unwrap();
    assert!(header.trim_end().ends_with(",updates_not_judged"));
}
