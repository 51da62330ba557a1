//! Updates for clients and servers: a report lists only the vulnerabilities that the system's edition has, with its rating and
//! its name in the title (issue 15).

use std::collections::{BTreeMap, BTreeSet};

use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::{self, ArticleRef, Catalog, CompiledCatalog, OpenCatalog, Origins};
use hotfixcheck::inventory::Inventory;
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, render};
use hotfixcheck_articles::{Article, Edition, EditionFacts, Severity, Text};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::registry;
use serde_json::Value;

use crate::assess_builds::{update, with_system};
use crate::support::attack::{assert_valid, closed, sarif_schema, schema};
use crate::support::kit::*;
use crate::support::world::World;

const KB: &str = "KB4558998";
const BOTH: &str = "CVE-2020-1147";
const OF_SERVERS: &str = "CVE-2020-1350";
const OF_CLIENTS: &str = "CVE-2020-1422";

fn texts(texts: &[&str]) -> Vec<Text> {
    texts.iter().map(|text| (*text).to_owned().into()).collect()
}

/// The update of July 2020 for Windows 10 1809 and Server 2019: only servers have the fault in the DNS server.
fn july() -> Article {
    let builds = [("Windows 10 1809", "17763.1339", None), ("Windows Server 2019", "17763.1339", None)];
    let of = |edition, severity, cve| EditionFacts { edition, severity, cves: texts(&[cve]) };
    Article {
        title: "Update to Windows Server 2019 17763.1339".into(),
        cves: texts(&[BOTH, OF_SERVERS, OF_CLIENTS]),
        exploited: texts(&[OF_SERVERS]),
        severity: Some(Severity::Critical),
        editions: vec![
            of(Edition::Client, Some(Severity::Important), OF_CLIENTS),
            of(Edition::Server, None, OF_SERVERS),
        ],
        ..update(KB, &builds)
    }
}

/// A later one, which replaces it.
fn august() -> Article {
    let builds = [("Windows 10 1809", "17763.1397", None), ("Windows Server 2019", "17763.1397", None)];
    Article { title: "Update to Windows Server 2019 17763.1397".into(), ..update("KB4565349", &builds) }
}

fn client() -> Inventory {
    with_system(inventory(Vec::new()), "Windows 10 Pro", 17_763, 1)
}

fn server() -> Inventory {
    with_system(inventory(Vec::new()), "Windows Server 2019 Standard", 17_763, 1)
}

/// A kernel does not show which of the two it is.
fn kernel() -> Inventory {
    inventory(vec![file("Windows/System32/ntoskrnl.exe", "10.0.17763.1")])
}

fn view_of(articles: Vec<Article>, files: &Inventory, policy: &Policy) -> View {
    let catalog: Catalog = articles.into_iter().collect();
    let relevant = Relevant::whole(&catalog);
    let run = RunInfo { all: true, plan: true, ..RunInfo::default() };
    View::new(&Judge::new(&relevant, files, knowledge(), policy), &run)
}

fn view(files: &Inventory) -> View {
    view_of(vec![july()], files, &Policy::default())
}

fn text(view: &View, format: ReportFormat) -> String {
    // So wide that no line is wrapped.
    String::from_utf8(render(view, format, Look { width: 1_000, ..Look::PLAIN }).unwrap()).unwrap()
}

#[test]
fn a_client_has_no_vulnerability_of_servers() {
    for (files, own, other, severity, title) in [
        (client(), OF_CLIENTS, OF_SERVERS, Severity::Important, "Update to Windows 10 1809 17763.1339"),
        (server(), OF_SERVERS, OF_CLIENTS, Severity::Critical, "Update to Windows Server 2019 17763.1339"),
    ] {
        let view = view(&files);
        let article = &view.articles[0];
        assert_eq!((article.status.name(), &article.title[..]), ("missing", title));
        assert_eq!(article.cves, [BOTH, own]);
        assert!(article.cves_of_clients.is_empty() && article.cves_of_servers.is_empty());
        assert_eq!(article.exploited.is_empty(), own == OF_CLIENTS);
        assert_eq!(article.severity, Some(severity));
        assert_eq!(view.plan.as_ref().unwrap().articles[0].title, title);
        for format in ReportFormat::ALL {
            let text = text(&view, format);
            assert!(!text.contains(other), "{format:?}: {text}");
            assert!(!text.contains(" alone"), "{format:?}: {text}");
        }
        for format in
            [ReportFormat::Json, ReportFormat::Csv, ReportFormat::Sarif, ReportFormat::Html, ReportFormat::Junit]
        {
            let text = text(&view, format);
            assert!(text.contains(own) && text.contains(severity.name()) || format == ReportFormat::Sarif, "{text}");
        }
    }
}

#[test]
fn what_one_edition_alone_has_is_said_where_the_edition_is_not_known() {
    let view = view(&kernel());
    let article = &view.articles[0];
    assert_eq!(article.status.name(), "likely-missing");
    assert_eq!(article.cves, [BOTH, OF_SERVERS, OF_CLIENTS]);
    assert_eq!(
        (&article.cves_of_clients[..], &article.cves_of_servers[..]),
        (&[OF_CLIENTS.to_owned()][..], &[OF_SERVERS.to_owned()][..])
    );
    assert_eq!(article.severity, Some(Severity::Critical), "the highest");
    let line = format!(
        "would correct: critical, {BOTH}, {OF_CLIENTS} of clients alone, {OF_SERVERS} of servers alone; exploited"
    );
    assert!(text(&view, ReportFormat::Table).contains(&line), "{}", text(&view, ReportFormat::Table));
    let json: Value = serde_json::from_str(&text(&view, ReportFormat::Json)).unwrap();
    assert_valid(&closed(schema("docs/report.schema.json")), &json);
    assert_eq!(json["articles"][0]["cves_of_servers"], serde_json::json!([OF_SERVERS]));
    assert!(text(&view, ReportFormat::Html).contains("cves_of_servers"));
}

/// Exchange Server 2013 was told to install the "Update to Exchange Server 2019" (issue 15).
#[test]
fn the_title_names_the_product_of_the_file_that_was_compared() {
    let (of_2013, of_2019) = ("Exchange Server 2013 Cumulative Update 23", "Exchange Server 2019 Cumulative Update 12");
    let builds = [(of_2013, "15.0.1497.48", Some("ExSetup.exe")), (of_2019, "15.2.1118.26", Some("ExSetup.exe"))];
    let title = format!("Update to {of_2019} 15.2.1118.26");
    let article = Article { title: title.clone().into(), ..update("KB5024296", &builds) };
    for (installed, expected) in [("15.0.1497.2", format!("Update to {of_2013} 15.0.1497.48")), ("15.2.1118.7", title)]
    {
        let files = inventory(vec![file("bin/ExSetup.exe", installed)]);
        let view = view_of(vec![article.clone()], &files, &Policy::default());
        assert_eq!(view.articles[0].title, expected);
    }
}

/// `--os "Windows Server 2019"` says what the kernel does not.
#[test]
fn the_name_that_the_user_gives_says_the_edition() {
    for (name, own) in [("Windows Server 2019", OF_SERVERS), ("Windows 10", OF_CLIENTS)] {
        let policy = Policy {
            profile: Some(hotfixcheck::hosts::system_named(name, None, knowledge()).unwrap()),
            given_names: vec![(String::new(), name.to_owned())],
            ..Policy::default()
        };
        let view = view_of(vec![july()], &kernel(), &policy);
        assert_eq!(view.articles[0].cves, [BOTH, own], "{name}");
        assert!(view.articles[0].title.contains(name), "{}", view.articles[0].title);
    }
}

#[test]
fn a_rating_is_that_of_the_edition() {
    let listed = |files: &Inventory, severity| {
        let policy = Policy { severity: Some(severity), ..Policy::default() };
        view_of(vec![july()], files, &policy).articles.len()
    };
    assert_eq!(listed(&client(), Severity::Critical), 0);
    assert_eq!(listed(&client(), Severity::Important), 1);
    assert_eq!(listed(&server(), Severity::Critical), 1);
    assert_eq!(listed(&kernel(), Severity::Critical), 1, "it may be a server");
}

/// `--cve` of a vulnerability that the system's edition does not have: its update is not asked for.
#[test]
fn a_vulnerability_of_the_other_edition_does_not_ask_for_its_update() {
    let asked = |files: &Inventory, cves: &[&str]| {
        let id = KB.parse().unwrap();
        let for_cves = BTreeMap::from([(id, cves.iter().map(|cve| (*cve).to_owned()).collect())]);
        let policy = Policy { only: Some(BTreeSet::from([id])), for_cves, ..Policy::default() };
        let view = view_of(vec![july()], files, &policy);
        let why = text(&view, ReportFormat::Json);
        (view.articles[0].status.name(), why)
    };
    let (status, why) = asked(&client(), &[OF_SERVERS]);
    assert_eq!(status, "not-applicable");
    assert!(why.contains("CVE-2020-1350 is of servers alone; this is a client"), "{why}");
    assert_eq!(asked(&client(), &[OF_SERVERS, BOTH]).0, "missing");
    assert_eq!(asked(&server(), &[OF_SERVERS]).0, "missing");
    assert_eq!(asked(&kernel(), &[OF_SERVERS]).0, "likely-missing");
}

#[test]
fn articles_that_only_a_vulnerability_names() {
    let open = OpenCatalog::of_text([july(), august()].into_iter().collect());
    let named = |references: &[&str]| {
        let references: Vec<ArticleRef> = references.iter().map(|text| text.parse().unwrap()).collect();
        catalog::named_by_cves(&references, &open)
    };
    let id = KB.parse().unwrap();
    assert_eq!(named(&["cve-2020-1350"]), BTreeMap::from([(id, vec![OF_SERVERS.to_owned()])]));
    assert!(named(&["cve-2020-1350", KB]).is_empty(), "it is also asked for by its id");
    assert!(named(&["KB4565349"]).is_empty());
}

/// From the hive in a tree to the exit code, with the built-in catalogue.
#[test]
fn a_tree_of_a_client_does_not_lack_the_fix_of_a_servers_vulnerability() {
    let world = World::new(Vec::new());
    let scan = |name: &str, cve: &str| {
        let mut hive = registry::software("6.3", "17763", "");
        hive.key(registry::NT)
            .sz("ProductName", name)
            .dword("CurrentMajorVersionNumber", 10)
            .dword("CurrentMinorVersionNumber", 0)
            .dword("UBR", 1_000);
        world.write("w/Windows/System32/config/SOFTWARE", &hive.build());
        let kernel = [10, 0, 17_763, 1_000];
        world.write("w/Windows/System32/ntoskrnl.exe", &PeBuilder::new().fixed(kernel, kernel).build());
        let (code, out, err) = world.run(&["scan", "w", "--cve", cve, "--format", "csv"]);
        assert!(err.is_empty(), "{err}");
        (code, out)
    };
    let (code, out) = scan("Windows 10 Enterprise", OF_SERVERS);
    assert_eq!(code, 0, "{out}");
    let (code, out) = scan("Windows Server 2019 Standard", OF_SERVERS);
    assert!(code == 1 && out.contains("Update to Windows Server 2019 17763.1339") && out.contains(KB), "{out}");
    let (code, out) = scan("Windows 10 Enterprise", "CVE-2020-1085");
    assert!(code == 1 && out.contains("Update to Windows 10 1809 17763.1339") && out.contains(KB), "{out}");
}

/// What an update corrects together with those that it replaces is that of the edition, too.
#[test]
fn replaced_updates_bring_along_what_the_edition_has() {
    let of = |files: &Inventory| {
        let view = view_of(vec![july(), august()], files, &Policy::default());
        let article = view.articles.iter().find(|article| article.id == "KB4565349".parse().unwrap()).unwrap();
        (article.brings_along.clone().unwrap(), text(&view, ReportFormat::Table))
    };
    let (brought, _) = of(&client());
    assert_eq!(
        (&brought.cves[..], brought.severity),
        (&[BOTH.to_owned(), OF_CLIENTS.to_owned()][..], Some(Severity::Important))
    );
    assert!(brought.exploited.is_empty());
    let (brought, _) = of(&server());
    assert_eq!((brought.cves.len(), brought.exploited.len(), brought.severity), (2, 1, Some(Severity::Critical)));
    let (brought, text) = of(&kernel());
    assert_eq!((brought.cves.len(), brought.cves_of_servers.len()), (3, 1));
    assert!(text.contains("3 CVEs (1 exploited, 1 of clients alone, 1 of servers alone), up to critical"), "{text}");
}

/// One rule of SARIF is of a client and a server.
#[test]
fn a_rule_of_both_has_all() {
    let mut both = client();
    both.roots.push("server".into());
    let mut other = server().systems.remove(0);
    other.root = 1;
    both.systems.push(other);
    let view = view(&both);
    assert_eq!(view.articles.len(), 2);
    let sarif: Value = serde_json::from_str(&text(&view, ReportFormat::Sarif)).unwrap();
    assert_valid(&sarif_schema(), &sarif);
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0]["properties"];
    let mut cves: Vec<&str> = rule["cves"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    cves.sort_unstable();
    assert_eq!(cves, [BOTH, OF_SERVERS, OF_CLIENTS]);
    assert_eq!(rule["security-severity"], "9.5");
}

/// Another source that names no products says nothing against what an advisory says of one edition.
#[test]
fn sources_are_merged_by_edition() {
    let catalog = |article: Article| -> Catalog { [article].into_iter().collect() };
    let merged = |one: Article, other: Article| {
        let merged = catalog(one).completed_by(&catalog(other));
        merged.articles()[0].editions.clone()
    };
    let bulletin = |severity| Article { cves: texts(&[OF_SERVERS]), severity, ..article(KB, Vec::new()) };
    let plain = bulletin(Some(Severity::Critical));
    assert_eq!(merged(july(), plain.clone()), july().editions);
    assert_eq!(merged(plain, july()), july().editions);
    // A contradiction, and a higher rating for all.
    let swapped = vec![EditionFacts { edition: Edition::Client, severity: None, cves: texts(&[OF_SERVERS]) }];
    let low = Article { severity: Some(Severity::Important), ..july() };
    let low =
        Article { editions: vec![EditionFacts { severity: Some(Severity::Low), ..july().editions[0].clone() }], ..low };
    let merged = merged(low, Article { editions: swapped, ..bulletin(Some(Severity::Critical)) });
    assert_eq!(
        merged.iter().map(|facts| (facts.edition, facts.severity)).collect::<Vec<_>>(),
        [(Edition::Client, None)]
    );
    assert_eq!(merged[0].cves, [OF_SERVERS, OF_CLIENTS]);
}

/// `hotfixcheck article` is of no system: it says whose each is.
#[test]
fn an_article_says_whose_its_vulnerabilities_are() {
    let text = hotfixcheck::report::article(&july(), "test", &Origins::default(), &knowledge().products, Look::PLAIN);
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("Clients alone  CVE-2020-1422\nServers alone  CVE-2020-1350\n"), "{text}");
    assert!(text.contains("Severity       critical; important on clients\n"), "{text}");
}

/// The compiled form keeps what is of one edition, and finds the articles by their vulnerabilities.
#[test]
fn the_compiled_form_keeps_the_edition() {
    let catalog: Catalog = [july()].into_iter().collect();
    let compiled = CompiledCatalog::compile("test", &catalog::write(&catalog), &[]).unwrap();
    let open = OpenCatalog::of_compiled(CompiledCatalog::open(compiled).unwrap());
    let id = open.naming(OF_SERVERS)[0];
    assert_eq!(open.article(id).unwrap().unwrap().editions, july().editions);
    assert_eq!(open.naming(OF_CLIENTS), [id]);
}

/// The advisories' own: the update of Windows 10 1809 and Server 2019 that corrects the fault in the DNS server.
#[test]
fn the_built_in_catalogue_says_whose_vulnerabilities_they_are() {
    let open = OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap());
    let article = open.article(KB.parse().unwrap()).unwrap().unwrap();
    assert_eq!(article.alone_with(OF_SERVERS), Some(Edition::Server));
    assert!(article.is_cve_on("CVE-2020-1085", &Some(Edition::Client).into()) && article.cves.len() > 50);
}
