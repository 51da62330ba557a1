//! `--add-catalog`: what an added catalogue completes, and what it replaces (issue 15).

use hotfixcheck::catalog::{self, Catalog};

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_articles::{Article, Build, ServicePack};

const HEAD: &str = "hotfixcheck-catalog\t1\n";

fn scan(world: &World, sample: &str, added: &str) -> (i32, String, String) {
    let tree = format!("{}/data/sample/{sample}", env!("CARGO_MANIFEST_DIR"));
    world.run(&["scan", &tree, "--add-catalog", added, "--all"])
}

/// An article that only named vulnerabilities removed the built-in rows and builds: the fix was no longer missing.
#[test]
fn what_states_no_fix_takes_none_away() {
    let world = World::new(Vec::new());
    let notes =
        "A\tKB958644\t2008-10-23\tmy note\nC\tCVE-2008-4250\tCVE-2099-0001\nA\tKB5032190\t\tNote\nC\tCVE-2023-36025\n";
    world.write("note.tsv", format!("{HEAD}{notes}").as_bytes());
    assert_eq!(world.run(&["catalog", "build", "note.tsv", "-o", "note.hfc"]).0, 0);
    for added in ["note.tsv", "note.hfc"] {
        let (code, out, err) = scan(&world, "winxp", added);
        assert_eq!(code, 1, "{out}{err}");
        assert!(out.contains("KB958644") && out.contains("CVE-2099-0001"), "{added}: {out}");
        assert!(!out.contains("catalogue-replaced"), "{added}: {out}");
        let (code, out, _) = scan(&world, "windows11", added);
        assert!(code == 1 && out.contains("KB5032190") && !out.contains("no-fix-stated"), "{added}: {out}");
        let (_, shown, _) = world.run(&["article", "KB958644", "--add-catalog", added]);
        assert!(shown.to_lowercase().contains("netapi32.dll") && shown.contains("CVE-2099-0001"), "{added}: {shown}");
    }
}

/// Given rows replace the built-in ones, and the report states how many are no longer used.
#[test]
fn rows_that_are_replaced_are_said() {
    let world = World::new(Vec::new());
    let row = "A\tKB958644\t2008-10-23\tMine\nF\t1\ttable\tother.dll\t5.1.2600.1\n";
    world.write("mine.tsv", format!("{HEAD}{row}").as_bytes());
    for format in ["table", "json", "html", "csv", "junit", "sarif", "markdown", "jsonl"] {
        let tree = format!("{}/data/sample/winxp", env!("CARGO_MANIFEST_DIR"));
        let (_, out, err) = world.run(&["scan", &tree, "--add-catalog", "mine.tsv", "--format", format]);
        assert!(out.contains("catalogue-replaced") && out.contains("KB958644: "), "{format}: {out}{err}");
    }
    // The same rows again replace nothing.
    let (_, text, _) = world.run(&["catalog", "build", "mine.tsv", "-o", "-"]);
    world.write("again.tsv", text.as_bytes());
    let both = ["article", "KB958644", "--catalog", "mine.tsv", "--add-catalog", "again.tsv"];
    assert_eq!(world.run(&both).0, 0);
    let read = |text: &str| catalog::read(text).unwrap();
    assert!(read(&text).replaced_by(&read(&text)).is_empty());
}

/// The builds or service packs of the added catalogue replace those of the same product; those of others are kept.
#[test]
fn builds_and_service_packs_are_completed_by_product() {
    let build = |product: &str, version: &str| Build {
        product: product.to_owned().into(),
        version: version.to_owned().into(),
        file: None,
    };
    let pack = |product: &str, sp: &str| ServicePack { product: product.to_owned().into(), sp: sp.to_owned().into() };
    let catalog = |article: Article| -> Catalog { [article].into_iter().collect() };
    let own = Article {
        builds: vec![build("Windows 10 22H2", "19045.1"), build("Windows 11 23H2", "22631.1")],
        service_packs: vec![pack("Windows NT 4.0", "4"), pack("SMS 1.2", "3")],
        ..article("Q100001", vec![row("a.dll", "1.2.3.4")])
    };
    let other = Article {
        builds: vec![build("Windows 10 22H2", "19045.2")],
        service_packs: vec![pack("SMS 1.2", "4")],
        ..article("Q100001", Vec::new())
    };
    let (own, other) = (catalog(own), catalog(other));
    let replaced = own.replaced_by(&other);
    assert_eq!(replaced[0].to_string(), "Q100001: 2 service packs or builds");
    let merged = own.with(other);
    let article = &merged.articles()[0];
    let builds: Vec<&str> = article.builds.iter().map(|build| &*build.version).collect();
    assert_eq!(builds, ["22631.1", "19045.2"]);
    let packs: Vec<&str> = article.service_packs.iter().map(|pack| &*pack.sp).collect();
    assert_eq!(packs, ["4", "4"]);
    assert_eq!(article.fixes.len(), 1);
}

/// That a system is newer than the catalogue was said only on standard error: no page or file had it.
#[test]
fn a_system_that_the_catalogue_does_not_cover_is_said_in_every_format() {
    let world = World::new(Vec::new());
    let mut hive = hotfixcheck_testkit::registry::software("6.3", "22631", "");
    hive.key(hotfixcheck_testkit::registry::NT)
        .sz("ProductName", "Windows 10 Pro")
        .dword("CurrentMajorVersionNumber", 10)
        .dword("CurrentMinorVersionNumber", 0)
        .dword("UBR", 60_000);
    world.write("w/Windows/System32/config/SOFTWARE", &hive.build());
    world.write("w/Windows/System32/ntoskrnl.exe", &{
        let kernel = [10, 0, 22_621, 60_000];
        hotfixcheck_testkit::pe_builder::PeBuilder::new().fixed(kernel, kernel).build()
    });
    for format in ["table", "json", "html", "csv", "junit", "sarif", "markdown", "jsonl"] {
        let (code, out, err) = world.run(&["scan", "w", "--format", format]);
        assert_eq!(code, 0, "{format}: {err}");
        assert!(out.contains("system-doubtful") && out.contains("is newer than"), "{format}: {out}");
        assert_eq!(err.contains("is newer than"), format != "table", "{format}: {err}");
    }
}

/// The default report of Windows 10 and later named no vulnerability: those of the articles that the update brings
/// along are listed.
#[test]
fn what_is_brought_along_is_said_with_its_vulnerabilities() {
    let world = World::new(Vec::new());
    let tree = format!("{}/data/sample/windows11", env!("CARGO_MANIFEST_DIR"));
    for format in ["table", "json", "html", "csv", "junit", "sarif", "markdown", "jsonl"] {
        let (_, out, err) = world.run(&["scan", &tree, "--format", format]);
        let counted = out.split_whitespace().collect::<Vec<_>>().join(" ").contains("fixes that it replaces");
        assert!(out.contains("CVE-20") || counted, "{format}: {out}{err}");
    }
    let (_, out, _) = world.run(&["scan", &tree, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let brings = &report["articles"][0]["brings_along"];
    assert!(brings["articles"].as_array().unwrap().len() > 40, "{brings}");
    assert!(brings["cves"].as_array().unwrap().len() > 500 && brings["severity"] == "critical", "{brings}");
    assert!(brings["exploited"].as_array().unwrap().len() > 10, "{brings}");
    // The newest has no rating: it counts for the articles that it brings along.
    let (code, out, err) = world.run(&["scan", &tree, "--severity", "critical", "--format", "json"]);
    let rated: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &rated["articles"][0]["id"]), (1, &report["articles"][0]["id"]), "{err}");
    assert_eq!(rated["summary"]["to_install"], 1);
}

/// Text, compiled form and `catalog stats` state the same number of articles and the same days.
#[test]
fn every_form_tells_one_number_of_articles_and_one_range() {
    let world = World::new(Vec::new());
    let text = "A\tQ100001\t2001-11-03\tFile\nF\t1\ttable\ttapisrv.dll\t5.1.2600.9999\nA\tQ100002\t1999-01-01\tOnly Described\nC\tCVE-2002-0001\nA\tKB5000001\t2026-01-02\tBuild\nD\tWindows 10 22H2\t19045.3930\n";
    world.write("two.tsv", format!("{HEAD}{text}").as_bytes());
    world.run(&["catalog", "build", "two.tsv", "-o", "two.hfc"]);
    let tree = format!("{}/data/sample/winxp", env!("CARGO_MANIFEST_DIR"));
    let (_, out, _) = world.run(&["scan", &tree, "--format", "json"]);
    let alone: serde_json::Value = serde_json::from_str(&out).unwrap();
    for form in ["two.tsv", "two.hfc"] {
        let (_, out, _) = world.run(&["scan", &tree, "--catalog", form, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let expected = serde_json::json!({"name": form, "articles": 2, "from": "2001-11-03", "to": "2001-11-03", "builds_from": "2026-01-02", "builds_to": "2026-01-02", "without_fix": 1});
        assert_eq!(report["catalogue"], expected);
        let (_, out, _) = world.run(&["scan", &tree, "--add-catalog", form, "--format", "json"]);
        let both: serde_json::Value = serde_json::from_str(&out).unwrap();
        let articles = |report: &serde_json::Value| report["catalogue"]["articles"].as_u64().unwrap();
        assert_eq!(articles(&both), articles(&alone) + 2, "{form}");
        let without_fix = |report: &serde_json::Value| report["catalogue"]["without_fix"].as_u64().unwrap();
        assert_eq!(without_fix(&both), without_fix(&alone) + 1, "{form}");
    }
    let (_, out, _) = world.run(&["catalog", "stats", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(stats["stating_fix"], alone["catalogue"]["articles"]);
    assert_eq!(stats["builds_changed"][1], alone["catalogue"]["builds_to"]);
    assert_eq!(stats["articles_changed"][1], alone["catalogue"]["to"]);
}

/// The build that was found was only given in words.
#[test]
fn builds_that_were_found_are_versions_in_every_format() {
    let world = World::new(Vec::new());
    let tree = format!("{}/data/sample/windows11", env!("CARGO_MANIFEST_DIR"));
    let (_, out, _) = world.run(&["scan", &tree, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let compared = &report["articles"][0]["findings"][0]["compared"];
    assert_eq!((&compared["found"], &compared["source"]), (&"22631.2715".into(), &"build".into()));
    let (_, out, _) = world.run(&["scan", &tree, "--format", "csv"]);
    assert!(out.contains(",22631.2715,22631."), "{out}");
}
