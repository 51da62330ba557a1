//! `catalog import`: external sources become a catalogue, or nothing is written (issue 15).

use hotfixcheck::catalog;

use crate::support::world::World;

const MONTH: &str = include_str!("../../crates/facts/tests/sources/month.xml");

#[test]
fn a_document_becomes_a_catalogue() {
    let world = World::new(Vec::new());
    world.write("month.xml", MONTH.as_bytes());
    let (code, out, err) =
        world.run(&["catalog", "import", "cvrf", "month.xml", "-o", "out.tsv", "--source", "Source: made up"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("not taken: 1 updates without an article's number; first: month.xml"), "{err}");
    let text = std::fs::read_to_string(world.path("out.tsv")).unwrap();
    assert!(
        text.starts_with("hotfixcheck-catalog\t1\n# Made by: hotfixcheck catalog import cvrf\n# Files: month.xml\n# Source: made up\nA\t"),
        "{text}"
    );
    let read = catalog::read(&text).unwrap();
    let article = read.article("5034122".parse().unwrap()).unwrap();
    assert_eq!(article.cves, ["CVE-2024-0001"]);
    assert_eq!(article.exploited, ["CVE-2024-0001"]);
    assert_eq!(article.builds.len(), 1);
    assert_eq!(article.products, ["Windows 10 22H2"]);
    // The same input, the same bytes.
    world.run(&["catalog", "import", "cvrf", "month.xml", "-o", "again.tsv", "--source", "Source: made up"]);
    assert_eq!(std::fs::read_to_string(world.path("again.tsv")).unwrap(), text);
}

#[test]
fn only_the_products_that_are_asked_for() {
    let world = World::new(Vec::new());
    world.write("months/month.xml", MONTH.as_bytes());
    let args = ["catalog", "import", "cvrf", "months", "-o", "sql.tsv", "--product", "sql server"];
    assert_eq!(world.run(&args).0, 0);
    let text = std::fs::read_to_string(world.path("sql.tsv")).unwrap();
    assert_eq!(catalog::read(&text).unwrap().articles().len(), 1);
    let none = ["catalog", "import", "cvrf", "months", "-o", "none.tsv", "--product", "abacus"];
    assert_eq!(world.run(&none).0, 4);
    assert!(!world.path("none.tsv").exists());
}

/// One broken file of several: an error that names it, and the old catalogue is kept.
#[test]
fn broken_input_writes_nothing() {
    let world = World::new(Vec::new());
    world.write("a.xml", MONTH.as_bytes());
    world.write("b.xml", &MONTH.as_bytes()[..2_000]);
    world.write("out.tsv", b"as before");
    let (code, _, err) = world.run(&["catalog", "import", "cvrf", "a.xml", "b.xml", "-o", "out.tsv"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read 'b.xml': byte "), "{err}");
    assert_eq!(std::fs::read(world.path("out.tsv")).unwrap(), b"as before");
    let (code, _, err) = world.run(&["catalog", "import", "cvrf", "missing.xml", "-o", "out.tsv"]);
    assert!(code == 2 && err.contains("missing.xml"), "{err}");
}

/// Issue 15: what Windows PowerShell writes is read; a packed file is named as such.
#[test]
fn files_as_programs_save_them() {
    let world = World::new(Vec::new());
    let text = r#"{"Data": [{"Version": "15.0.4298", "CU": "CU19", "KBList": "5023049"}]}"#;
    let units: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let read = |name: &str, bytes: &[u8]| {
        world.write(name, bytes);
        let (code, _, err) = world.run(&["catalog", "import", "buildref", name, "-o", "out.tsv"]);
        let text = std::fs::read_to_string(world.path("out.tsv"));
        let _ = std::fs::remove_file(world.path("out.tsv"));
        // The head names the file.
        (code, err, text.unwrap_or_default().replace(name, "FILE"))
    };
    let plain = read("plain.json", text.as_bytes());
    assert_eq!(plain.0, 0, "{}", plain.1);
    assert_eq!(read("marked.json", &[b"\xef\xbb\xbf", text.as_bytes()].concat()).2, plain.2);
    assert_eq!(read("utf16.json", &units).2, plain.2);
    let (code, err, written) = read("x.json.gz", b"\x1f\x8b\x08 packed");
    assert!(code == 2 && written.is_empty() && err.contains("found a gzip file; unpack it first"), "{err}");
}

/// Issue 15: `catalog import wesng /dev/zero` and `--catalog /dev/zero` took all memory.
#[cfg(target_os = "linux")]
#[test]
fn devices_and_endless_files_are_refused() {
    let world = World::new(Vec::new());
    for kind in ["cvrf", "buildref", "wesng", "mssecure", "windows-updates", "windows-builds", "bulletin-titles"] {
        let (code, _, err) = world.run(&["catalog", "import", kind, "/dev/zero", "-o", "out.tsv"]);
        assert!(code == 2 && err.contains("it is a device, not a file"), "{kind}: {err}");
    }
    for option in ["--catalog", "--add-catalog"] {
        let (code, _, err) = world.run(&["article", "KB5023049", option, "/dev/zero"]);
        assert!(code == 2 && err.contains("it is a device, not a file"), "{option}: {err}");
    }
    let zeros = std::fs::File::create(world.path("zeros")).unwrap();
    zeros.set_len(3 << 30).unwrap();
    let (code, _, err) = world.run(&["article", "KB5023049", "--catalog", "zeros"]);
    assert!(code == 2 && err.contains("it does not begin as a catalogue"), "{err}");
    let (code, _, err) = world.run(&["catalog", "import", "wesng", "zeros", "-o", "out.tsv"]);
    assert!(code == 2 && err.contains("an item of more than 16 MB"), "{err}");
}

/// Issue 15: catalogues that were joined, compiled or completed lost the comments of their heads, with sources and licences.
#[test]
fn heads_are_kept() {
    let world = World::new(Vec::new());
    world.write("month.xml", MONTH.as_bytes());
    let other = MONTH.replace("KB5029377", "KB5029378");
    (1..=13).for_each(|number| world.write(&format!("months/{number}.xml"), other.as_bytes()));
    let run = |args: &[&str]| {
        let (code, _, err) = world.run(&[&["catalog"][..], args].concat());
        assert_eq!(code, 0, "{err}");
    };
    run(&["import", "cvrf", "month.xml", "-o", "a.tsv", "--source", "Source: made up, MIT"]);
    run(&["import", "cvrf", "months", "-o", "b.tsv"]);
    run(&["build", "a.tsv", "b.tsv", "-o", "c.hfc"]);
    run(&["build", "c.hfc", "a.tsv", "-o", "d.tsv"]);
    let text = std::fs::read_to_string(world.path("d.tsv")).unwrap();
    let head: Vec<&str> = text.lines().skip(1).take_while(|line| line.starts_with('#')).collect();
    let made = "# Made by: hotfixcheck catalog import cvrf";
    assert_eq!(
        head,
        [made, "# Files: month.xml", "# Source: made up, MIT", made, "# Files: 13, 1.xml to 9.xml"],
        "each once"
    );
    assert!(catalog::read(&text).unwrap().article("5029378".parse().unwrap()).is_some());
}

/// Issue 15: nobody saw which source states the vulnerabilities of an article.
#[test]
fn an_article_says_the_sources_of_its_facts() {
    let world = World::new(Vec::new());
    world.write("month.xml", MONTH.as_bytes());
    let (code, _, err) = world.run(&["catalog", "import", "cvrf", "month.xml", "-o", "a.tsv"]);
    assert_eq!(code, 0, "{err}");
    let text = |args: &[&str]| world.run(&[&["article"][..], args].concat()).1;
    let facts = |text: &str| text.lines().find(|line| line.starts_with("Facts from")).map(str::to_owned);
    assert_eq!(
        facts(&text(&["KB3140745"])).as_deref(),
        Some("Facts from     CVEs: WES-NG; severity: WES-NG; builds: update history")
    );
    let added = facts(&text(&["KB5034122", "--add-catalog", "a.tsv"])).unwrap();
    assert!(added.contains("CVEs: advisories, WES-NG, added catalogue;"), "{added}");
    assert_eq!(facts(&text(&["KB5034122", "--catalog", "a.tsv"])), None, "its only source is named already");
    let json: serde_json::Value = serde_json::from_str(&text(&["KB835732", "-f", "json"])).unwrap();
    assert_eq!(json[0]["sources"]["files"], serde_json::json!(["bulletins"]));
}

/// Issue 15: the vendor's own document beside the built-in catalogue brought back a misprint that this leaves out: Windows Server,
/// version 2004, at its last build lacked an update of 2026.
#[test]
fn a_known_misprint_stays_one() {
    let build = |version: &str| {
        format!("hotfixcheck-catalog\t1\nA\tKB5094127\t2026-06-09\tUpdate\nD\tWindows Server 2004\t{version}\n")
    };
    let read = |version: &str| catalog::read(&build(version)).unwrap();
    let with = |own: &str, added: &str| {
        let lost = read(own).replaced_by(&read(added)).len();
        let both = read(own).with(read(added));
        let builds = both.iter().flat_map(|article| &article.builds).map(|build| build.version.to_string());
        (builds.collect::<Vec<_>>().join(" "), lost)
    };
    assert_eq!(with("19041.?", "19041.7417"), ("19041.?".to_owned(), 0));
    assert_eq!(with("19041.?", "19042.7417"), ("19042.7417".to_owned(), 1), "another number");
    assert_eq!(with("19041.7400", "19041.7417"), ("19041.7417".to_owned(), 1));
}
