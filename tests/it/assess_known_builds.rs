//! Systems and products whose build is not known, not in the catalogue, or before Windows 10 (issue 15).

use std::collections::BTreeSet;

use hotfixcheck::assess::{self, Assessment, FailOn, Outcome, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::Inventory;
use hotfixcheck_articles::Article;

use crate::assess_builds::{W10, judged, texts, update, with_system};
use crate::support::kit::*;

fn codes_of(assessment: &Assessment) -> Vec<&'static str> {
    assessment.articles.iter().flat_map(codes).collect()
}

fn without_revision(mut inventory: Inventory) -> Inventory {
    inventory.systems[0].facts.revision = None;
    inventory
}

/// Issue 15: a registry without a revision and no kernel of its build: the updates are not judged, and the report says
/// so.
#[test]
fn a_build_without_a_revision_is_never_clean_in_silence() {
    let system = |files| without_revision(with_system(inventory(files), "Windows 11 Pro", 22_631, 0));
    let updates = || vec![update("5034123", &[("Windows 11 23H2", "22631.3007", None)])];
    for files in [Vec::new(), vec![file("Windows/System32/ntoskrnl.exe", "10.0.19041.1")]] {
        let assessment = judged(updates(), &system(files));
        assert_eq!(codes_of(&assessment), ["build-not-known"]);
        assert_eq!(assessment.lacking_profile, 1);
        let doubts = assessment.systems[0].doubts.join("; ");
        assert!(doubts.contains("the registry says build 22631, but neither it nor a kernel file"), "{doubts}");
    }
    // 25H2 has the kernel of 24H2, by an enablement package.
    let kernel = vec![file("Windows/System32/ntoskrnl.exe", "10.0.26100.6584")];
    let system = without_revision(with_system(inventory(kernel), "Windows 11 Pro", 26_200, 0));
    let builds = [("Windows 11 25H2", "26200.6899", None)];
    assert_eq!(codes_of(&judged(vec![update("5066835", &builds)], &system)), ["kernel-older-than-build"]);
}

/// Issue 15: two registries of one system with other revisions were said to have none.
#[test]
fn registries_that_contradict_each_other_are_said_to() {
    let mut system = with_system(inventory(Vec::new()), "Windows 11 Pro", 22_631, 2715);
    let mut other = system.systems[0].clone();
    other.facts.revision.as_mut().unwrap().value = 3007;
    system.systems.push(other);
    let assessment = judged(vec![update("5034123", &[("Windows 11 23H2", "22631.3007", None)])], &system);
    assert_eq!(codes_of(&assessment), ["build-not-known"]);
    let doubts = assessment.systems[0].doubts.join("; ");
    assert!(doubts.contains("state different builds or revisions"), "{doubts}");
}

/// Issue 15: files of Windows 10 and nothing that shows the release: reported and counted.
#[test]
fn files_without_a_system_are_never_clean_in_silence() {
    let files = inventory(vec![file("tcpip.sys", "10.0.19041.1")]);
    let assessment = judged(vec![update("5034122", &[(W10, "19045.3930", None)])], &files);
    assert_eq!((codes_of(&assessment), assessment.lacking_profile), (vec!["build-not-known"], 1));
    let doubts = assessment.systems[0].doubts.join("; ");
    assert!(doubts.contains("which build of Windows 10 or later this is"), "{doubts}");
    let other = judged(Vec::new(), &inventory(vec![file("tcpip.sys", "5.1.2600.2180")]));
    assert!(other.systems[0].doubts.is_empty(), "{:?}", other.systems[0].doubts);
}

/// Issue 15: lines of SQL Server and Exchange that are not in the catalogue, and builds that are newer than all of it.
#[test]
fn products_that_the_catalogue_does_not_have_are_said() {
    let exchange = |build: &'static str| {
        let product = "Exchange Server 2019 Cumulative Update 13";
        update("5032146", &[(product, build, Some("ExSetup.exe"))])
    };
    let sql = update("5023049", &[("SQL Server 2019 RTM CU", "2019.150.4298", Some("sqlservr.exe"))]);
    let of = |name: &str, version: &str| {
        let files = inventory(vec![file(name, version)]);
        let articles = vec![exchange("15.2.1258.28"), sql.clone()];
        let catalog: Catalog = articles.clone().into_iter().collect();
        let mut found = codes_of(&judged(articles, &files));
        found.retain(|code| *code != "file-absent");
        (found.join(" "), texts(&files, &catalog).join("; "))
    };
    assert_eq!(of("ExSetup.exe", "15.2.1258.28"), ("build-reached".to_owned(), String::new()));
    let (codes, said) = of("ExSetup.exe", "15.2.221.12");
    assert_eq!(codes, "build-not-known");
    assert!(said.contains("the catalogue has no update for ExSetup.exe 15.2.221.12"), "{said}");
    let (codes, said) = of("ExSetup.exe", "15.2.1258.99");
    assert_eq!(codes, "build-reached");
    assert!(said.contains("is newer than the newest update of the catalogue (15.2.1258.28)"), "{said}");
    let (codes, said) = of("sqlservr.exe", "2019.150.9999.1");
    assert_eq!(codes, "build-reached");
    assert!(said.contains("is newer than the newest"), "{said}");
    assert_eq!(of("sqlservr.exe", "2019.150.4298.1"), ("build-reached".to_owned(), String::new()));
    let (codes, said) = of("sqlservr.exe", "2019.150.2101.7");
    assert_eq!(codes, "build-not-known", "a branch without any update");
    assert!(said.contains("no update for sqlservr.exe"), "{said}");
    assert!(of("sqlservr.exe", "2016.999.1.1").1.contains("no update for sqlservr.exe 2016.999.1.1"));
}

const W7: (&str, &str) = ("Windows 7 SP1", "Windows Server 2008 R2 SP1");

/// Issue 15: monthly rollups of Windows 7 to 8.1 are judged by the kernel, with "likely" at most; never "another
/// product".
#[test]
fn rollups_before_windows_10() {
    let both = [(W7.0, "7601.26321", None), (W7.1, "7601.26321", None)];
    let of = |kernel: &str, builds: &[(&str, &str, Option<&str>)]| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", kernel)]);
        codes_of(&judged(vec![update("5022338", builds)], &files)).join(" ")
    };
    let twice = |code: &str| format!("{code} {code}");
    assert_eq!(of("6.1.7601.17514", &both), twice("kernel-older-than-build"));
    assert_eq!(of("6.1.7600.16385", &both), twice("kernel-older-than-build"));
    assert_eq!(of("6.1.7601.26320", &both), twice("kernel-older-than-build"));
    assert_eq!(of("6.1.7601.26321", &both), twice("kernel-of-build"));
    // A security-only update has the later kernel as well.
    assert_eq!(of("6.1.7601.26366", &both), twice("later-kernel"));
    assert_eq!(of("6.3.9600.17031", &both), twice("other-product"));
    assert_eq!(of("5.1.2600.2180", &both), twice("other-product"));
    assert_eq!(of("10.0.19041.1", &both), twice("other-product"));
    // Only for servers: the system may be a client.
    assert_eq!(of("6.1.7601.17514", &both[1..]), "build-not-known");
    let of_vista = [("Windows Server 2008 SP2", "6003.22966", None)];
    assert_eq!(of("6.0.6002.18005", &of_vista), "build-not-known", "it may be Vista");
    assert_eq!(of("6.0.6003.20489", &of_vista), "kernel-older-than-build");
    // A registry shows client or server, and with a revision the exact build.
    let system = |name: &str, revision| {
        let mut system = with_system(inventory(Vec::new()), name, 7_601, revision);
        system.systems[0].facts.version_numbers =
            Some(hotfixcheck::inventory::system::Fact { value: (6, 1), source: "registry".to_owned() });
        codes_of(&judged(vec![update("5022338", &both)], &system)).join(" ")
    };
    assert_eq!(system("Windows 7 Professional", 26_320), "build-older other-product");
    assert_eq!(system("Windows Server 2008 R2 Standard", 26_321), "other-product build-reached");
}

/// Issue 15: a hotpatched system lacks neither the update of its month nor the corrections of the hotpatch.
#[test]
fn hotpatches_are_a_branch_of_their_own() {
    let product = "Windows Server 2022";
    let hotpatch = "Windows Server 2022 Hotpatch";
    let dated = |id: &str, of: &str, build: &str, day: &str| Article {
        last_modified: Some(day.parse().unwrap()),
        cves: vec!["CVE-2023-0001".into()],
        ..update(id, &[(of, build, None)])
    };
    let articles = || {
        vec![
            dated("5031364", product, "20348.2031", "2023-10-10"),
            dated("5032198", product, "20348.2113", "2023-11-14"),
            dated("5032304", hotpatch, "20348.2091", "2023-11-14"),
            dated("5033118", product, "20348.2159", "2023-12-12"),
            dated("5033464", hotpatch, "20348.2144", "2023-12-12"),
            dated("5034129", product, "20348.2227", "2024-01-09"),
        ]
    };
    let of = |revision| {
        let system = with_system(inventory(Vec::new()), "Windows Server 2022 Standard", 20_348, revision);
        codes_of(&judged(articles(), &system))
    };
    // By id: 5031364, 5032198, 5032304 (hotpatch), 5033118, 5033464 (hotpatch), 5034129.
    assert_eq!(
        of(2_091),
        ["build-reached", "hotpatched", "build-reached", "build-older", "other-product", "build-older"]
    );
    assert_eq!(
        of(2_144),
        ["build-reached", "hotpatched", "build-reached", "hotpatched", "build-reached", "build-older"]
    );
    assert_eq!(
        of(2_113),
        ["build-reached", "build-reached", "other-product", "build-older", "other-product", "build-older"]
    );
}

/// Issue 15: a requested article that is later than the last update for the system's own release.
#[test]
fn a_release_whose_support_ended_is_not_said_to_be_clean() {
    let dated = |id: &str, product: &str, build: &str, day: &str| Article {
        last_modified: Some(day.parse().unwrap()),
        ..update(id, &[(product, build, None)])
    };
    let articles = vec![
        dated("5008212", "Windows 10 2004", "19041.1415", "2021-12-14"),
        dated("5025221", W10, "19045.2846", "2023-04-11"),
        dated("5025239", "Windows Server 2022", "20348.1668", "2023-04-11"),
    ];
    let system = with_system(inventory(Vec::new()), "Windows 10 Pro", 19_041, 1_415);
    let catalog: Catalog = articles.clone().into_iter().collect();
    let only = BTreeSet::from(["KB5025221".parse().unwrap(), "KB5025239".parse().unwrap()]);
    let policy = Policy { only: Some(only), fail_on: FailOn::Unknown, ..Policy::default() };
    let assessment = assess::assess(&catalog, &system, knowledge(), &policy);
    assert_eq!(codes_of(&assessment), ["support-ended", "other-product"]);
    assert_eq!(assessment.outcome, Outcome::Findings);
    assert_eq!(codes_of(&judged(articles, &system)), ["build-reached", "other-product", "other-product"]);
}

/// Issue 15: the product list names Windows 7, but the tables are only for XP and 2003 (KB2393802, MS11-011).
#[test]
fn an_article_without_a_row_for_a_system_that_it_names_is_unknown() {
    let rows = || {
        vec![
            under("Windows XP", row("ntoskrnl.exe", "5.1.2600.6055")),
            under("Windows Server 2003", row("ntoskrnl.exe", "5.2.3790.4789")),
        ]
    };
    let listed = |products: &[&str]| Article {
        products: products.iter().map(|product| (*product).to_owned().into()).collect(),
        ..article("KB2393802", rows())
    };
    let of = |article: Article| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", "6.1.7600.16385")]);
        codes_of(&judged(vec![article], &files)).join(" ")
    };
    assert_eq!(of(listed(&["Windows XP", "Windows 7"])), "other-product other-product no-row-for-system");
    assert_eq!(of(listed(&["Windows XP", "Windows Server 2003"])), "other-product other-product");
}

/// KB5000871 (CVE-2021-26855) states no build. Its list of cumulative updates binds, and a later security update of one of them
/// contains it (issue 15).
#[test]
fn lists_of_cumulative_updates_of_exchange_bind() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned().into()).collect();
    let of = |version: &str, products: &[&str]| {
        let day = |text: &str| Some(text.parse().unwrap());
        let asked =
            Article { products: named(products), last_modified: day("2021-03-09"), ..article("KB5000871", Vec::new()) };
        let builds = [("Exchange Server 2013 Cumulative Update 23", "15.0.1497.15", Some("ExSetup.exe"))];
        let later = Article { last_modified: day("2021-04-13"), ..update("KB5001779", &builds) };
        let policy = Policy { only: Some([asked.id].into()), ..Policy::default() };
        let catalog: Catalog = [asked, later].into_iter().collect();
        let assessment = assess::assess(&catalog, &inventory(vec![file("ExSetup.exe", version)]), knowledge(), &policy);
        codes_of(&assessment).join(" ")
    };
    let list =
        ["Microsoft Exchange Server 2013 Cumulative Update 23", "Microsoft Exchange Server 2016 Cumulative Update 19"];
    assert_eq!(of("15.0.1497.48", &list), "build-reached");
    assert_eq!(of("15.0.1497.2", &list), "no-fix-stated", "older than the later update");
    assert_eq!(of("15.2.2562.43", &list), "other-product", "Subscription Edition");
    assert_eq!(of("15.1.2507.6", &list), "other-product", "Cumulative Update 23 of 2016");
    assert_eq!(of("15.1.2176.2", &list), "no-fix-stated", "no later update of it is known");
    // A cumulative update whose name is not known, and a list of other products too.
    assert_eq!(of("15.0.1395.4", &list), "no-fix-stated");
    assert_eq!(
        of("15.2.2562.43", &["Microsoft Exchange Server 2013 Cumulative Update 23", "Another product"]),
        "no-fix-stated"
    );
}
