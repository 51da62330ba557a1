//! Builds as catalogues state them: the vendor's spelling of numbers and names, builds that contradict each other, and
//! systems whose values contradict each other (issue 15, audit of builds).

use hotfixcheck::assess::{self, Assessment, Policy};
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck::inventory::Inventory;
use hotfixcheck::inventory::system::Fact;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::registry;

use std::collections::BTreeSet;

use hotfixcheck_articles::Article;

use crate::assess_builds::{judged, texts, update, with_system};
use crate::support::kit::*;
use crate::support::world::World;

fn codes_of(assessment: &Assessment) -> Vec<&'static str> {
    assessment.articles.iter().flat_map(codes).collect()
}

fn dated(id: &str, build: (&str, &str, Option<&str>), day: &str) -> Article {
    Article { last_modified: Some(day.parse().unwrap()), ..update(id, &[build]) }
}

fn asked(articles: &[Article], id: &str, files: &Inventory) -> String {
    let catalog: Catalog = articles.iter().cloned().collect();
    let policy = Policy { only: Some(BTreeSet::from([id.parse().unwrap()])), ..Policy::default() };
    codes_of(&assess::assess(&catalog, files, knowledge(), &policy)).join(" ")
}

/// A catalogue's text with these builds of one article.
fn stating(builds: &[&str]) -> Catalog {
    let lines: String = builds.iter().map(|build| format!("D\t{build}\n")).collect();
    catalog::read(&format!("hotfixcheck-catalog\t1\nA\tKB900001\t2024-06-11\tTest\n{lines}")).unwrap()
}

fn reasons(catalog: &Catalog, files: &Inventory) -> String {
    codes_of(&assess::assess(catalog, files, knowledge(), &Policy::default())).join(" ")
}

/// Issue 15: 15.0.2104 is the build 2019.150.2104 of the file. Compared as it is printed, every file was fixed.
#[test]
fn builds_of_sql_server_in_the_vendors_spelling() {
    let of = |build: &str, file_version: &str| {
        reasons(&stating(&[build]), &inventory(vec![file("Binn/sqlservr.exe", file_version)]))
    };
    for build in ["SQL Server 2019 RTM GDR\t15.0.2104.1\tsqlservr.exe", "SQL Server 2019\t15.0.2104\tSQLSERVR.EXE"] {
        assert_eq!(of(build, "2019.150.2080.9"), "build-older", "{build}");
        assert_eq!(of(build, "2019.150.2104.1"), "build-reached", "{build}");
        assert_eq!(of(build, "2022.160.1000.6"), "other-product", "{build}");
    }
    // A number of another series, and a branch that contradicts its number.
    for build in ["SQL Server 2019 RTM GDR\t3.1.2104", "SQL Server 2019 RTM GDR\t2019.150.4298"] {
        assert_eq!(of(&format!("{build}\tsqlservr.exe"), "2019.150.2080.9"), "version-not-understood", "{build}");
    }
    let exchange = |version: &str| {
        let build = format!("Exchange Server 2019\t{version}\tExSetup.exe");
        reasons(&stating(&[&build]), &inventory(vec![file("Bin/ExSetup.exe", "15.2.1544.9")]))
    };
    assert_eq!(exchange("15.02.1544.011"), "build-older");
    assert_eq!(exchange("15.2.1544"), "version-not-understood");
}

/// Issue 15: a build of Windows under any name but the program's own silently did not apply.
#[test]
fn builds_of_windows_under_other_names() {
    let host = |build, revision, name: &str| with_system(inventory(Vec::new()), name, build, revision);
    let ten = |build: &str| reasons(&stating(&[build]), &host(19_045, 3_000, "Windows 10 Pro"));
    for name in [
        "Windows 10, version 22H2",
        "Windows 10",
        "microsoft windows 10  22h2",
        "Windows 10 22H2 for x64-based Systems",
    ] {
        assert_eq!(ten(&format!("{name}\t10.0.19045.3930")), "build-older", "{name}");
        assert_eq!(ten(&format!("{name}\t19045.2965")), "build-reached", "{name}");
    }
    assert_eq!(ten("Windows 10 21H2\t19045.3930"), "version-not-understood", "a name of another number");
    assert_eq!(ten("Windows 10 21H2\t19044.3930"), "other-product");
    let server = |name: &str| reasons(&stating(&[name]), &host(26_100, 32_000, "Windows Server 2025 Standard"));
    assert_eq!(server("Microsoft server operating system, version 24H2\t26100.32995"), "build-older");
    assert_eq!(server("Windows 11\t26100.8655"), "other-product");
    assert_eq!(server("26100\t26100.32995"), "version-not-understood", "client or server?");
}

/// Issue 15: between two builds that two sources state for one product, the correction is neither there nor missing
/// (KB5026806, KB3193494).
#[test]
fn builds_that_contradict_each_other_are_open() {
    let both = |build: &str, other: &str| {
        let of = stating(&[build]).completed_by(&stating(&[other]));
        assert_eq!(of.articles()[0].builds().len(), 2);
        of
    };
    let (listed, advised) =
        ("SQL Server 2022 RTM CU\t2022.160.4045\tsqlservr.exe", "SQL Server 2022 RTM CU\t16.0.4053.3\tsqlservr.exe");
    for catalog in [both(listed, advised), both(advised, listed)] {
        let of = |version: &str| {
            let mut codes: Vec<&str> = codes_of(&assess::assess(
                &catalog,
                &inventory(vec![file("sqlservr.exe", version)]),
                knowledge(),
                &Policy::default(),
            ));
            codes.sort_unstable();
            codes.join(" ")
        };
        assert_eq!(of("2022.160.4035.4"), "build-older build-older");
        assert_eq!(of("2022.160.4045.3"), "build-reached rows-differ");
        assert_eq!(of("2022.160.4053.3"), "build-reached build-reached");
    }
    let server = both("Windows Server 2016\t14393.187", "Windows Server 2016\t14393.189");
    let of = |revision| reasons(&server, &with_system(inventory(Vec::new()), "Windows Server 2016", 14_393, revision));
    assert_eq!(of(186), "build-older build-older");
    assert_eq!(of(188), "build-reached rows-differ");
    assert_eq!(of(189), "build-reached build-reached");
}

/// Issue 15: `ProductType` of Windows Enterprise multi-session is that of servers, but it is a client.
#[test]
fn the_name_of_windows_10_decides_whether_it_is_a_server() {
    let catalog = stating(&["Windows 11 24H2\t26100.8973", "Windows Server 2025\t26100.33158"]);
    let of = |name: &str, kind: &str| {
        let mut system = with_system(inventory(Vec::new()), name, 26_100, 8_000);
        system.systems[0].facts.product_type = Some(Fact { value: kind.to_owned(), source: "ProductType".to_owned() });
        if name.is_empty() {
            system.systems[0].facts.product_name = None;
        }
        reasons(&catalog, &system)
    };
    let (client, server) = ("build-older other-product", "other-product build-older");
    assert_eq!(of("Windows 10 Enterprise multi-session", "ServerNT"), client);
    assert_eq!(of("Windows 11 Enterprise for Virtual Desktops", "ServerNT"), client);
    assert_eq!(of("Windows Server 2025 Datacenter", "ServerNT"), server);
    assert_eq!(of("Windows Server 2025 Datacenter", "WinNT"), server);
    assert_eq!(of("Azure Stack HCI", "ServerNT"), server);
    assert_eq!(of("", "LanmanNT"), server);
    assert_eq!(of("", "WinNT"), client);
}

/// Issue 15: a kernel of Server 2025 without a registry was "likely fixed" by the updates of Windows 11, whose revisions
/// are of another series since January 2026.
#[test]
fn a_kernel_whose_series_is_that_of_one_product_alone() {
    let articles = || {
        vec![
            update("5072033", &[("Windows 11 24H2", "26100.7462", None), ("Windows Server 2025", "26100.7462", None)]),
            dated("5094125", ("Windows Server 2025", "26100.32995", None), "2026-06-09"),
            dated("5094126", ("Windows 11 24H2", "26100.8655", None), "2026-06-09"),
            dated("5099535", ("Windows 11 24H2", "26100.8973", None), "2026-07-14"),
            dated("5099536", ("Windows Server 2025", "26100.33158", None), "2026-07-14"),
        ]
    };
    let of = |revision: u32| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", &format!("10.0.26100.{revision}"))]);
        codes_of(&judged(articles(), &files)).join(" ")
    };
    let (reached, older, other, open) =
        ("kernel-of-build", "kernel-older-than-build", "other-product", "build-not-known");
    assert_eq!(of(32_900), format!("{other} {reached} {older} {other} {other} {older}"));
    // It may be either, also where the revision is above a client's update.
    assert_eq!(of(8_700), format!("{reached} {reached} {open} {open} {open} {open}"));
    assert_eq!(of(9_100), format!("{reached} {reached} {open} {open} {open} {open}"), "newer than the catalogue");
    assert_eq!(of(20_500), format!("{reached} {reached} {open} {open} {open} {open}"), "between the series");
    assert_eq!(of(40_000), format!("{other} {reached} {reached} {other} {other} {reached}"));
}

/// Issue 15: kernel files that are newer than the registry were judged by it without a word.
#[test]
fn a_registry_that_is_older_than_the_kernel_is_said() {
    let catalog = stating(&["Windows 10 22H2\t19045.3930"]);
    let said = |kernel: &str| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", kernel)]);
        texts(&with_system(files, "Windows 10 Pro", 19_045, 3_000), &catalog).join("; ")
    };
    assert!(said("10.0.19041.3930").contains("1 update newer: a restart is pending"), "{}", said("10.0.19041.3930"));
    assert_eq!(said("10.0.19041.3001"), "");
    assert_eq!(said("10.0.22621.3930"), "");
}

/// Issue 15: products whose updates ended years before the catalogue's newest were clean without a word.
#[test]
fn products_whose_updates_ended_are_said() {
    let exchange = "Exchange Server 2019 Cumulative Update 12";
    let catalog: Catalog = [
        dated("5008212", ("Windows 10 2004", "19041.1415", None), "2021-12-14"),
        dated("5032146", (exchange, "15.2.1118.40", Some("ExSetup.exe")), "2023-11-14"),
        dated("5014365", ("SQL Server 2016 SP2 GDR", "2015.131.5108", Some("sqlservr.exe")), "2022-06-14"),
        dated("5095051", ("Windows 11 24H2", "26100.8973", None), "2026-06-09"),
        dated("4520010", ("Windows 10 1703", "15063.2106", None), "2019-10-08"),
        Article { last_modified: None, ..update("5000812", &[("Windows 10 1703", "15063.2679", None)]) },
    ]
    .into_iter()
    .collect();
    let newest = Some("2026-07-16".parse().unwrap());
    let said = |inventory: &Inventory| {
        let said = assess::ended(inventory, &catalog, newest);
        said.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("; ")
    };
    let host = |build, revision| with_system(inventory(Vec::new()), "Windows 10 Pro", build, revision);
    let text = said(&host(19_041, 1_415));
    assert!(text.contains("last update for the system's build 19041 (KB5008212 of 2021-12-14) is 55 months"), "{text}");
    // The last one is that of the highest revision, which may have no day.
    let text = said(&host(15_063, 500));
    let expected = "last update for the system's build 15063 (KB5000812 of a day not known) is up to 81 months older";
    assert!(text.contains(expected), "{text}");
    assert_eq!(said(&host(26_100, 8_973)), "");
    let files = |name: &str, version: &str| inventory(vec![file(name, version)]);
    assert!(said(&files("ExSetup.exe", "15.2.1118.40")).contains("ExSetup.exe 15.2.1118.40 (KB5032146 of 2023-11-14)"));
    assert!(said(&files("sqlservr.exe", "2015.131.5108.50")).contains("49 months"));
    assert_eq!(said(&files("sqlservr.exe", "2019.150.2104.1")), "", "no update at all: another warning says so");
}

/// Issue 15: a product whose build in the advisory is a misprint (KB5094126 on Server 2025) "did not apply", and the first
/// update of Windows 11 24H2, which the history lacks (KB5043080), was not judged.
#[test]
fn advisories_complete_the_update_history() {
    let world = World::new(Vec::new());
    let scan = |name: &str, revision, args: &[&str]| {
        let mut hive = registry::software("6.3", "26100", "");
        hive.key(registry::NT)
            .sz("ProductName", name)
            .dword("CurrentMajorVersionNumber", 10)
            .dword("CurrentMinorVersionNumber", 0)
            .dword("UBR", revision);
        world.write("w/Windows/System32/config/SOFTWARE", &hive.build());
        world.write(
            "w/Windows/System32/ntoskrnl.exe",
            &PeBuilder::new().fixed([10, 0, 26_100, 1], [10, 0, 26_100, 1]).build(),
        );
        world.run(&[&["scan", "w", "--all", "--fail-on", "unknown"][..], args].concat())
    };
    let server = "Windows Server 2025 Datacenter";
    assert_eq!(scan(server, 33_158, &["--cve", "CVE-2026-50507"]).0, 1);
    assert!(!scan(server, 33_158, &[]).1.contains("KB5094126"), "only where it is asked for");
    assert_eq!(scan("Windows 11 Pro", 8_973, &["--cve", "CVE-2026-50507"]).0, 0);
    assert_eq!(scan("Windows 11 Pro", 1_457, &["--kb", "KB5043080"]).0, 1);
    assert_eq!(scan("Windows 11 Pro", 1_742, &["--kb", "KB5043080"]).0, 0);
}

/// Issue 15: the advisories have the builds of KB5021037 (GDR) and KB5021045 (CU 4) of SQL Server 2014 swapped.
#[test]
fn an_advisory_that_has_two_branches_swapped() {
    let catalog = embedded();
    let of = |version: &str| {
        let files = inventory(vec![file("sqlservr.exe", version)]);
        let missing = |id: &str| {
            let only = BTreeSet::from([id.parse().unwrap()]);
            let policy = Policy { only: Some(only), ..Policy::default() };
            codes_of(&assess::assess(catalog, &files, knowledge(), &policy)).join(" ")
        };
        (missing("KB5021037"), missing("KB5021045"))
    };
    let (older, other) = ("build-older".to_owned(), "other-product".to_owned());
    assert_eq!(of("2014.120.6439.10"), (other.clone(), older.clone()));
    assert_eq!(of("2014.120.6169.19"), (older, other));
}

/// Issue 15: an advisory that gives Server 2025 the build of Windows 11's update made every server fixed.
#[test]
fn a_build_of_the_series_before_is_not_believed() {
    let server = "Windows Server 2025";
    let articles = || {
        vec![
            dated("5072033", (server, "26100.7462", None), "2025-12-09"),
            dated("5073379", (server, "26100.32230", None), "2026-01-13"),
            dated("5194125", (server, "26100.33300", None), "2026-08-11"),
            dated("5194126", (server, "26100.9100", None), "2026-08-11"),
        ]
    };
    let of = |revision| {
        let system = with_system(inventory(Vec::new()), "Windows Server 2025 Standard", 26_100, revision);
        codes_of(&judged(articles(), &system)).join(" ")
    };
    assert_eq!(of(33_158), "build-reached build-reached build-older version-not-understood");
    assert_eq!(of(7_462), "build-reached build-older build-older build-older");
}

/// Issue 15: updates of the newest month have different numbers: a later number does not end the support of a system.
#[test]
fn support_ends_by_days_not_by_numbers() {
    let of = |build: &'static str, last: &'static str, number, revision| {
        let articles = [
            dated("5099539", ("Windows 10 22H2", build, None), last),
            dated("5101650", ("Windows 11 24H2", "26100.8973", None), "2026-07-14"),
        ];
        asked(&articles, "KB5101650", &with_system(inventory(Vec::new()), "Windows 10 Pro", number, revision))
    };
    assert_eq!(of("19045.7548", "2026-07-14", 19_045, 7_548), "other-product");
    assert_eq!(of("19045.7548", "2026-06-09", 19_045, 7_548), "other-product", "the month before");
    assert_eq!(of("19045.7548", "2025-10-14", 19_045, 7_548), "support-ended");
}

/// Issue 15: the advisory of CVE-2024-21410 names Cumulative Updates 13 and 14 of Exchange 2019 with one build, that of 14.
#[test]
fn a_cumulative_update_that_is_corrected_by_the_next_one() {
    let product = |number| format!("Exchange Server 2019 Cumulative Update {number}");
    let article = |named: &[u32]| Article {
        products: named.iter().map(|number| format!("Microsoft {}", product(*number)).into()).collect(),
        ..update("5035606", &[(&product(14), "15.2.1544.4", Some("ExSetup.exe"))])
    };
    let later = || update("5036386", &[(&product(13), "15.2.1258.32", Some("ExSetup.exe"))]);
    let of = |named: &[u32], version: &str| {
        let files = inventory(vec![file("Bin/ExSetup.exe", version)]);
        asked(&[article(named), later()], "KB5035606", &files)
    };
    assert_eq!(of(&[13, 14], "15.2.1258.28"), "later-update-needed");
    assert_eq!(of(&[13, 14], "15.2.1544.4"), "build-reached");
    assert_eq!(of(&[14], "15.2.1258.28"), "other-product");
    assert_eq!(of(&[13, 14], "15.1.2507.6"), "other-product");
}

/// Issue 15: Cumulative Update 13 was told to install its own last update and Cumulative Update 14, but none of the updates of 14:
/// after both it was as old as 14 was at first. The list and the plan name 14 and its newest update.
#[test]
fn a_cumulative_update_is_followed_by_its_newest_update() {
    let product = |number| format!("Exchange Server 2019 Cumulative Update {number}");
    let of = |id: &str, number: u32, version: &str| Article {
        products: vec![product(number).into()],
        ..update(id, &[(&product(number), version, Some("ExSetup.exe"))])
    };
    let both =
        Article { products: [13, 14].map(|number| product(number).into()).into(), ..of("5035606", 14, "15.2.1544.4") };
    let articles = [
        of("5032146", 13, "15.2.1258.28"),
        both,
        of("5049233", 13, "15.2.1258.39"),
        of("5063222", 14, "15.2.1544.33"),
        of("5094142", 14, "15.2.1544.41"),
        of("5094140", 15, "15.2.1748.46"),
    ];
    let left = |version: &str| {
        let catalog: Catalog = articles.iter().cloned().collect();
        let files = inventory(vec![file("Bin/ExSetup.exe", version)]);
        let assessment = assess::assess(&catalog, &files, knowledge(), &Policy::default());
        let plan = assess::plan(&assessment, &catalog, knowledge());
        let planned: BTreeSet<String> = plan.articles.iter().map(|one| one.id.to_string()).collect();
        let listed: BTreeSet<String> =
            assess::to_install(&assessment).iter().map(|place| assessment.articles[*place].id.to_string()).collect();
        assert_eq!(planned, listed, "one computation");
        let needed = assessment.articles.iter().filter_map(|one| one.needs_pack.as_ref()?.pack.clone());
        (Vec::from_iter(listed).join(" "), BTreeSet::from_iter(needed))
    };
    let of_14 = BTreeSet::from(["CU14".to_owned()]);
    assert_eq!(left("15.2.1258.12"), ("KB5035606 KB5094142".to_owned(), of_14.clone()));
    assert_eq!(left("15.2.1258.39"), ("KB5035606 KB5094142".to_owned(), of_14));
    assert_eq!(left("15.2.1544.4"), ("KB5094142".to_owned(), BTreeSet::new()));
    assert_eq!(left("15.2.1118.7"), (String::new(), BTreeSet::new()), "no article brings 14 to 12");
    assert_eq!(left("15.2.1748.10"), ("KB5094140".to_owned(), BTreeSet::new()));
}

/// Issue 15: `--os "Windows Server 2025"` was accepted and not used, though a kernel does not show which of two it is.
#[test]
fn the_name_that_is_given_says_which_product_it_is() {
    let catalog: Catalog = stating(&["Windows 11 24H2\t26100.8973", "Windows Server 2025\t26100.33158"]);
    let judged = |name: &str, registry: Option<&str>, build: u32, revision: u32| {
        let kernel = format!("10.0.{build}.{revision}");
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", &kernel)]);
        let files = match registry {
            Some(registry) => with_system(files, registry, 26_100, 7_000),
            None => files,
        };
        let policy = Policy {
            profile: Some(hotfixcheck::hosts::system_named(name, None, knowledge()).unwrap()),
            given_names: vec![(String::new(), name.to_owned())],
            ..Policy::default()
        };
        let assessment = assess::assess(&catalog, &files, knowledge(), &policy);
        (codes_of(&assessment).join(" "), assessment.systems[0].doubts.join("; "))
    };
    let of = |name: &str, registry: Option<&str>, revision: u32| judged(name, registry, 26_100, revision);
    let of_build = |name: &str, build: u32| judged(name, None, build, 1_000);
    let (older, other) = ("kernel-older-than-build", "other-product");
    assert_eq!(of("Windows Server 2025", None, 7_000), (format!("{other} {older}"), String::new()));
    assert_eq!(of("Windows 11", None, 7_000), (format!("{older} {other}"), String::new()));
    assert_eq!(of("Windows 10 and later", None, 7_000), (format!("{older} {older}"), String::new()));
    let (codes, doubt) = of("Windows Server 2022", None, 7_000);
    assert_eq!(codes, format!("{older} {older}"));
    assert_eq!(
        doubt,
        "it is given as Windows Server 2022, but its build 26100 is of Windows 11 24H2 or Windows Server 2025"
    );
    // Windows 11 calls itself Windows 10, but Windows 10 does not call itself Windows 11.
    let (_, doubt) = of_build("Windows 11", 19_041);
    assert!(doubt.starts_with("it is given as Windows 11, but its build 19045 is of Windows 10 2004 or "), "{doubt}");
    assert_eq!(of_build("Windows 10", 26_100).1, "");
    // The revision is of the series of Server 2025.
    let (codes, doubt) = of("Windows 11", None, 33_000);
    assert_eq!(codes, format!("{other} {older}"));
    assert!(doubt.contains("its build 26100 is of Windows Server 2025"), "{doubt}");
    let (_, doubt) = of("Windows Server 2025", Some("Windows 10 Pro"), 7_000);
    assert!(doubt.contains("its build 26100 is of Windows 11 24H2"), "{doubt}");
}

/// Issue 15: on SQL Server 2008 SP4 and 2008 R2 SP3 as released, the updates of February 2023 were not missing: those of 2018 bring
/// GDR into the branch QFE.
#[test]
fn updates_of_the_branch_into_which_the_own_one_ends() {
    let catalog = embedded();
    let of = |version: &str| {
        let files = inventory(vec![file("Binn/sqlservr.exe", version)]);
        let assessment = assess::assess(catalog, &files, knowledge(), &Policy::default());
        let left: Vec<String> =
            assess::to_install(&assessment).iter().map(|at| assessment.articles[*at].id.to_string()).collect();
        let newest = Some("2026-07-16".parse().unwrap());
        let said: Vec<String> = assess::ended(&files, catalog, newest).into_iter().map(|(_, text)| text).collect();
        (left.join(" "), codes_of(&assessment).contains(&"later-update-needed"), said.join("; "))
    };
    for (version, id, needed) in [
        ("2007.100.6000.34", "KB5020863", true),
        ("2007.100.6556.0", "KB5020863", false),
        ("2009.100.6000.34", "KB5021112", true),
        ("2009.100.6560.0", "KB5021112", false),
    ] {
        let (left, is_needed, said) = of(version);
        assert_eq!((left.as_str(), is_needed), (id, needed), "{version}");
        assert!(said.contains(&format!("({id} of 2023-02-14)")), "{said}");
    }
    assert_eq!(of("2007.100.6814.4").0, "");
}

/// Issue 15: SQL Server 2000 and 2005 without a service pack: no update of these branches has a day, and nothing was said of their
/// end. A sqlservr.exe that a list names with the version of the product was a file of Office 2016.
#[test]
fn branches_without_a_day_have_ended_too() {
    let newest = Some("2026-07-16".parse().unwrap());
    for (version, id) in [("2005.90.1399.0", "KB932557"), ("2000.80.194.0", "Q299717")] {
        let files = inventory(vec![file("Binn/sqlservr.exe", version)]);
        let said: Vec<String> = assess::ended(&files, embedded(), newest).into_iter().map(|(_, text)| text).collect();
        assert!(said.join("; ").contains(&format!("({id} of a day not known) is at least 1")), "{said:?}");
    }
    let files = inventory(vec![file("Binn/sqlservr.exe", "16.0.4250.1")]);
    let assessment = assess::assess(embedded(), &files, knowledge(), &Policy::default());
    let doubts = assessment.systems.iter().flat_map(|system| &system.doubts).cloned().collect::<Vec<_>>().join("; ");
    assert!(!doubts.contains("Office"), "{doubts}");
}
