//! Updates that are builds: Windows 10 and later, SQL Server, Exchange (issue 15).

use std::collections::BTreeSet;
use std::path::Path;

use hotfixcheck::assess::{self, ArticleStatus, FailOn, Outcome, Policy, Profile, ProfileSource, beyond, builds_of};
use hotfixcheck::catalog::{self, Catalog, CompiledCatalog, OpenCatalog, Wanted};
use hotfixcheck::inventory::system::{Fact, Facts, System};
use hotfixcheck::inventory::{Entry, Inventory};
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::registry;

use crate::support::kit::*;
use crate::support::world::World;

pub(crate) fn update(id: &str, builds: &[(&str, &str, Option<&str>)]) -> Article {
    let build = |(product, version, file): &(&str, &str, Option<&str>)| Build {
        product: (*product).to_owned().into(),
        version: (*version).to_owned().into(),
        file: file.map(|file| file.to_owned().into()),
    };
    Article { builds: builds.iter().map(build).collect(), ..article(id, Vec::new()) }
}

pub(crate) fn with_system(mut inventory: Inventory, name: &str, build: u32, revision: u32) -> Inventory {
    fn fact<T>(value: T) -> Option<Fact<T>> {
        Some(Fact { value, source: "SOFTWARE\\UBR".to_owned() })
    }
    let facts = Facts {
        product_name: fact(name.to_owned()),
        version_numbers: fact((10, 0)),
        build: fact(build),
        revision: fact(revision),
        ..Facts::default()
    };
    inventory.systems.push(System {
        root: 0,
        folder: "Windows/System32/config".into(),
        hives: Vec::new(),
        facts,
        hotfixes: Vec::new(),
        problems: Vec::new(),
    });
    inventory
}

pub(crate) fn judged(articles: Vec<Article>, inventory: &Inventory) -> assess::Assessment {
    let catalog: Catalog = articles.into_iter().collect();
    assess::assess(&catalog, inventory, knowledge(), &Policy::default())
}

pub(crate) const W10: &str = "Windows 10 22H2";

/// The messages about a system or product that is later than the catalogue.
pub(crate) fn texts(inventory: &Inventory, catalog: &Catalog) -> Vec<String> {
    beyond(inventory, catalog).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn the_registry_is_certain() {
    let code = |revision| {
        let system = with_system(inventory(Vec::new()), "Windows 10 Pro", 19_045, revision);
        codes(&judged(vec![update("5034122", &[(W10, "19045.3930", None)])], &system).articles[0])
    };
    assert_eq!(code(3929), ["build-older"]);
    assert_eq!(code(3930), ["build-reached"]);
    assert_eq!(code(19_041), ["build-reached"], "revisions are numbers");
}

/// Rows that a package adds to an update (`catalog add`) do not hide its build: the file may be absent, or newer on a system that
/// is older (issue 15).
#[test]
fn rows_of_a_package_do_not_hide_the_build() {
    let of = |files: Vec<Entry>, revision| {
        let system = with_system(inventory(files), "Windows 10 Pro", 19_045, revision);
        let builds = update("5034122", &[(W10, "19045.3930", None)]).builds;
        let both = Article { builds, ..article("KB5034122", vec![row("lamp.sys", "10.0.19041.3930")]) };
        let one = judged(vec![both], &system).articles.remove(0);
        (one.status, codes(&one))
    };
    let lamp = |revision| vec![tagged("lamp.sys", &format!("10.0.19041.{revision}"), "10.0")];
    assert_eq!(of(Vec::new(), 3929), (ArticleStatus::Missing, vec!["build-older"]));
    assert_eq!(of(lamp(4000), 3929), (ArticleStatus::Missing, vec!["build-older"]));
    assert_eq!(of(lamp(3930), 3930), (ArticleStatus::Fixed, vec!["build-reached"]));
    // On a system for which it states no build, the rows decide.
    let other = with_system(inventory(lamp(3930)), "Windows 7 Professional", 7601, 24_000);
    let builds = update("5034122", &[(W10, "19045.3930", None)]).builds;
    let both = Article { builds, ..article("KB5034122", vec![row("lamp.sys", "10.0.19041.3930")]) };
    assert_ne!(codes(&judged(vec![both], &other).articles[0]), ["build-older"]);
}

/// `--os "Windows 10"` does not state the build: the files show it, as without the option (issue 13, point 7).
#[test]
fn a_name_that_stands_for_many_builds_leaves_the_build_to_the_files() {
    let line = knowledge().releases.line("Windows 10 and later").unwrap().clone();
    let given =
        Policy { profile: Some(Profile { line, pack: None, source: ProfileSource::Given }), ..Policy::default() };
    let judged = |inventory: &Inventory| {
        let catalog: Catalog = [
            update("5034122", &[(W10, "19045.3930", None)]),
            Article {
                products: vec!["Windows 10".into()],
                ..article("Q100001", vec![row("a.dll", "10.0.19041.17113")])
            },
        ]
        .into_iter()
        .collect();
        let assessment = assess::assess(&catalog, inventory, knowledge(), &given);
        let doubts = assessment.systems[0].doubts.join("; ");
        (assessment.articles.iter().flat_map(codes).collect::<Vec<_>>(), doubts)
    };
    let old = || inventory(vec![file("a.dll", "10.0.19041.16384")]);
    let system = with_system(old(), "Windows 10 Pro", 19_045, 3_929);
    assert_eq!(judged(&system), (vec!["version-older", "build-older"], String::new()));
    // Nothing shows the build; rows still have versions.
    let (codes, doubt) = judged(&old());
    assert_eq!(codes, ["version-older", "build-not-known"]);
    assert!(doubt.contains("which build of Windows 10 and later it is"), "{doubt}");
    let other = with_system(inventory(vec![file("ntoskrnl.exe", "6.1.7601.17514")]), "Windows 7", 7_601, 0);
    let (codes, doubt) = judged(&other);
    assert_eq!(codes, ["file-absent", "build-not-known"]);
    assert!(doubt.contains("are of Windows 7"), "{doubt}");
}

/// A requested article is unknown if nothing shows the build, never silently clean (issue 13).
#[test]
fn an_article_that_is_asked_for_counts_though_the_build_is_not_known() {
    let judge = |only: bool| {
        let update = update("5041580", &[(W10, "19045.4780", None)]);
        let only = only.then(|| BTreeSet::from([update.id]));
        let policy = Policy { only, fail_on: FailOn::Unknown, ..Policy::default() };
        let catalog: Catalog = [update].into_iter().collect();
        let files = inventory(vec![file("a.dll", "10.0.19041.1")]);
        let assessment = assess::assess(&catalog, &files, knowledge(), &policy);
        (assessment.lacking_profile, assessment.outcome)
    };
    assert_eq!(judge(true), (0, Outcome::Findings));
    assert_eq!(judge(false), (1, Outcome::Clean));
}

/// A registry without a revision: that of a kernel of its build is used, which is only likely.
#[test]
fn the_kernel_tells_the_revision_that_the_registry_does_not() {
    let code = |kernel: &str| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", kernel)]);
        let mut system = with_system(files, "Windows 10 Pro", 19_045, 0);
        system.systems[0].facts.revision = None;
        codes(&judged(vec![update("5034122", &[(W10, "19045.3930", None)])], &system).articles[0])
    };
    assert_eq!(code("10.0.19041.3929"), ["kernel-older-than-build"]);
    assert_eq!(code("10.0.19041.3930"), ["kernel-of-build"]);
    assert_eq!(code("10.0.22621.3930"), ["build-not-known"], "a kernel of another build");
}

/// KB5014699 is for 19042 to 19044, which share a kernel with 19045.
#[test]
fn the_updates_of_one_kernel_are_those_of_all_its_systems() {
    let of_three = || {
        let builds = ["19042", "19043", "19044"].map(|build| format!("{build}.1766"));
        update("5014699", &builds.each_ref().map(|build| ("Windows 10 21H2", build.as_str(), None)))
    };
    let files = |kernel: &str| inventory(vec![file("Windows/System32/ntoskrnl.exe", kernel)]);
    let code = |kernel: &str| codes(&judged(vec![of_three()], &files(kernel)).articles[0])[1];
    assert_eq!(code("10.0.19041.1"), "kernel-older-than-build");
    assert_eq!(code("10.0.19041.1766"), "kernel-of-build");
    assert_eq!(code("10.0.22621.1"), "other-product");
    let prefixes: Vec<String> = builds_of(&files("10.0.19041.1")).into_iter().map(|of| of.prefix).collect();
    assert_eq!(prefixes, ["19041.", "19042.", "19043.", "19044.", "19045."]);
    // The registry names one of them.
    let system = with_system(inventory(Vec::new()), "Windows 10 Pro", 19_045, 1);
    assert_eq!(codes(&judged(vec![of_three()], &system).articles[0])[1], "other-product");
}

/// Windows 11 24H2 and Server 2025 are both 26100, and have separate updates: a kernel may belong to either.
#[test]
fn a_kernel_of_client_or_server_is_the_one_whose_update_has_its_revision() {
    let (client, server) = ("Windows 11 24H2", "Windows Server 2025");
    let articles = || {
        vec![
            update("5090001", &[(client, "26100.8973", None)]),
            update("5090002", &[(server, "26100.33158", None)]),
            update("5090003", &[(client, "26100.8990", None)]),
        ]
    };
    let judge = |revision: &str| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", &format!("10.0.26100.{revision}"))]);
        judged(articles(), &files).articles.iter().flat_map(codes).collect::<Vec<_>>()
    };
    assert_eq!(judge("8973"), ["kernel-of-build", "other-product", "kernel-older-than-build"]);
    assert_eq!(judge("33158"), ["other-product", "kernel-of-build", "other-product"]);
    assert_eq!(judge("8000"), ["build-not-known"; 3]);
    let both =
        update("5034127", &[("Windows 10 1809", "17763.5329", None), ("Windows Server 2019", "17763.5329", None)]);
    let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", "10.0.17763.1")]);
    assert_eq!(codes(&judged(vec![both], &files).articles[0]), ["kernel-older-than-build"; 2]);
}

/// A build of an Insider Preview: the catalogue has no update for it.
#[test]
fn a_build_that_was_never_released_is_not_known() {
    let system = with_system(inventory(Vec::new()), "Windows 11 Pro", 27_842, 1_000);
    assert_eq!(
        codes(&judged(vec![update("5034122", &[(W10, "19045.3930", None)])], &system).articles[0]),
        ["build-not-known"]
    );
}

/// The build in the registry is a dozen updates newer than the kernel: they are from different days.
#[test]
fn a_kernel_that_is_far_older_than_the_registry_is_told() {
    let updates: Vec<Article> = (1..=20)
        .map(|month| {
            let build = format!("19045.{}", 3_000 + month * 100);
            update(&format!("50341{month:02}"), &[(W10, &build, None)])
        })
        .collect();
    let said = |kernel: &str| {
        let files = inventory(vec![file("Windows/System32/ntoskrnl.exe", kernel)]);
        let catalog: Catalog = updates.iter().cloned().collect();
        texts(&with_system(files, "Windows 10 Pro", 19_045, 5_000), &catalog).join("; ")
    };
    assert!(said("10.0.19041.3800").contains("are 12 updates older"), "{}", said("10.0.19041.3800"));
    assert_eq!(said("10.0.19041.3900"), "");
}

#[test]
fn the_kernel_is_only_likely() {
    let verdict = |version| {
        let files = inventory(vec![file("ntdll.dll", version), file("ntoskrnl.exe", "10.0.19041.1")]);
        let mut assessment = judged(vec![update("5034122", &[(W10, "19045.3930", None)])], &files);
        let verdict = assessment.articles.remove(0);
        (codes(&verdict)[0], verdict.status)
    };
    assert_eq!(verdict("10.0.19041.3929"), ("kernel-older-than-build", ArticleStatus::LikelyMissing));
    assert_eq!(verdict("10.0.19041.3930"), ("kernel-of-build", ArticleStatus::LikelyFixed));
}

#[test]
fn what_is_not_known_is_not_claimed() {
    let article = update("5034122", &[(W10, "19045.3930", None), ("Exchange", "15.1.2507.57", Some("ExSetup.exe"))]);
    let code = |inventory: &Inventory| codes(&judged(vec![article.clone()], inventory).articles[0]);
    assert_eq!(code(&inventory(vec![file("user32.dll", "10.0.19041.1")])), ["build-not-known", "file-absent"]);
    let two = with_system(inventory(Vec::new()), "Windows 10 Pro", 19_045, 1);
    let two = with_system(two, "Windows 10 Pro", 19_045, 9_999);
    assert_eq!(code(&two)[0], "build-not-known", "two registries that differ");
    let side_by_side = vec![file("a/ntoskrnl.exe", "10.0.19041.1"), file("b/ntoskrnl.exe", "10.0.17763.1")];
    assert_eq!(code(&inventory(side_by_side))[0], "build-not-known");
}

/// A GDR of today is newer than a cumulative update of yesterday with a higher number.
#[test]
fn branches_of_sql_server_are_apart() {
    let gdr = update("5021125", &[("SQL Server 2019 RTM GDR", "2019.150.2101", Some("sqlservr.exe"))]);
    let cu = update("5023049", &[("SQL Server 2019 RTM CU", "2019.150.4298", Some("sqlservr.exe"))]);
    let of = |version: &str| {
        let files = inventory(vec![file("Binn/sqlservr.exe", version)]);
        let assessment = judged(vec![gdr.clone(), cu.clone()], &files);
        assessment.articles.iter().map(|verdict| codes(verdict)[0]).collect::<Vec<_>>()
    };
    assert_eq!(of("2019.150.2095.3"), ["build-older", "other-product"]);
    assert_eq!(of("2019.150.4298.1"), ["other-product", "build-reached"]);
    assert_eq!(of("2019.150.4223.1"), ["other-product", "build-older"]);
    assert_eq!(of("2022.160.4003.1"), ["other-product", "other-product"]);
}

/// Updates are cumulative: only one is left to install.
#[test]
fn older_updates_are_superseded() {
    let updates = ["19045.3803", "19045.3930", "19045.3996"]
        .iter()
        .zip(["5033372", "5034122", "5034203"])
        .map(|(version, id)| update(id, &[(W10, version, None)]))
        .collect();
    let system = with_system(inventory(Vec::new()), "Windows 10 Pro", 19_045, 3_803);
    let assessment = judged(updates, &system);
    let shown: Vec<_> = assessment.articles.iter().map(|a| (a.status, a.superseded_by.len())).collect();
    assert_eq!(shown, [(ArticleStatus::Fixed, 0), (ArticleStatus::Missing, 1), (ArticleStatus::Missing, 0)]);
}

#[test]
fn a_system_newer_than_the_catalogue_is_said() {
    let system = |revision| with_system(inventory(Vec::new()), "Windows 10 Pro", 19_045, revision);
    let catalog: Catalog = [update("5034122", &[(W10, "19045.3930", None)])].into_iter().collect();
    assert!(beyond(&system(3_930), &catalog).is_empty());
    let said = texts(&system(3_931), &catalog).remove(0);
    assert!(said.contains("(19045.3931) is newer than the newest update of the catalogue (19045.3930)"), "{said}");
    assert!(texts(&with_system(inventory(Vec::new()), "x", 99_999, 1), &catalog)[0].contains("no update for"));
}

/// None of the program's updates are read if no such product is found.
#[test]
fn other_trees_ask_for_no_updates() {
    assert!(builds_of(&inventory(vec![file("ntoskrnl.exe", "5.1.2600.2180")])).is_empty());
    let sql = builds_of(&inventory(vec![file("sqlservr.exe", "2019.150.2101.7")]));
    assert_eq!(sql.iter().map(|of| of.prefix.as_str()).collect::<Vec<_>>(), ["2019."]);
    let open = OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap());
    let wanted = Wanted { files: BTreeSet::new(), ids: BTreeSet::new(), builds: sql, packs: &mut |_, _| false };
    let updates = open.select(wanted).unwrap();
    assert!(updates.articles().len() > 40, "{}", updates.articles().len());
    assert!(updates.articles().iter().all(|a| a.builds.iter().all(|b| b.version.starts_with("2019."))));
}

/// The texts of updates, which come with the catalogue of articles.
const UPDATES: [&str; 6] = [
    "updates-windows.tsv",
    "updates-windows-dates.tsv",
    "updates-sql.tsv",
    "bulletins-titles.tsv",
    "cves.tsv",
    "cves-wesng.tsv",
];

/// Every file of updates is read completely, is sorted, and states its source.
#[test]
fn the_files_of_updates_are_sound() {
    for name in UPDATES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        let text = &std::fs::read_to_string(path).unwrap();
        let read = catalog::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let least = if name == "updates-windows-dates.tsv" { 400 } else { 1_000 };
        assert!(read.articles().len() > least, "{name}");
        let ids: Vec<_> = read.articles().iter().map(|article| article.id).collect();
        assert!(ids.is_sorted(), "{name}");
        assert!(text.lines().any(|line| line.starts_with("# Source: ")), "{name}");
        let lines =
            |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lines(&catalog::write(&read)), lines(text), "{name}: as the program writes it");
    }
}

/// From the hive in a tree to the report: one update is left, with the CVEs that it corrects.
#[test]
fn a_tree_of_windows_11_says_what_it_lacks() {
    let world = World::new(Vec::new());
    let hive = |revision| {
        let mut hive = registry::software("6.3", "22631", "");
        hive.key(registry::NT)
            .sz("ProductName", "Windows 10 Pro")
            .dword("CurrentMajorVersionNumber", 10)
            .dword("CurrentMinorVersionNumber", 0)
            .dword("UBR", revision);
        hive.build()
    };
    world.write("w/Windows/System32/config/SOFTWARE", &hive(3_007));
    let kernel = [10, 0, 22_621, 3_007];
    world.write("w/Windows/System32/ntoskrnl.exe", &PeBuilder::new().fixed(kernel, kernel).build());
    let (code, out, err) = world.run(&["scan", "w"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("22631."), "{out}");
    let missing = out.lines().filter(|line| line.contains("KB50")).count();
    assert!((1..=4).contains(&missing), "{out}");

    world.write("w/Windows/System32/config/SOFTWARE", &hive(60_000));
    let (code, out, err) = world.run(&["scan", "w"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("(22631.60000) is newer than the newest update of"), "{out}");
}
