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
        text.starts_with("hotfixcheck-catalog\t1\n# Made by: hotfixcheck catalog import cvrf\n# Source: made up\nA\t"),
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
        (code, err, text.unwrap_or_default())
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
