//! Snapshots: judging one gives the output of a scan of the tree byte for byte; written and read, they are the same.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck::inventory::snapshot::{self, SnapshotError};
use hotfixcheck::report::ReportFormat;
use hotfixcheck_testkit::cab_builder::{CabBuilder, Method, cab};
use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::ne_builder::NeBuilder;
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, szdd};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::registry;
use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hotfixcheck");

/// Exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, Vec<u8>, String) {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

fn sample(tree: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample").join(tree).to_str().unwrap().to_owned()
}

/// Every report of these trees, from a scan and from a snapshot; and the snapshot.
fn same_reports(trees: &[&str], more: &[&str]) -> Vec<u8> {
    same_reports_of(trees, &[], more)
}

/// As [`same_reports`], for trees that are walked with these options.
fn same_reports_of(trees: &[&str], walk: &[&str], more: &[&str]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let host = folder.path().join("host.json");
    let host = host.to_str().unwrap();
    let catalogues: Vec<&str> =
        more.iter().copied().skip_while(|option| !option.ends_with("catalog")).take(2).collect();
    let (made, out, _) = run(&[&["inventory"], trees, walk, &["-o", host], &catalogues].concat());
    assert!(matches!(made, 0 | 3) && out.is_empty(), "{made}");
    let shows = [&["--all", "--plan", "--include-inactive"][..], &[], &["--fail-on", "unknown", "--kb", "Q310626"]];
    for show in shows.into_iter().step_by(one_of(3)) {
        // One scan writes all reports.
        let reports = |source: &[&str], name: &str| {
            let formats = ReportFormat::ALL.map(ReportFormat::name);
            let files =
                formats.map(|format| folder.path().join(format!("{name}.{format}")).to_str().unwrap().to_owned());
            let outputs: Vec<&str> =
                formats.iter().zip(&files).flat_map(|(format, file)| ["--format", format, "-o", file]).collect();
            let (code, out, err) = run(&[&["scan"], source, more, show, &outputs].concat());
            assert!(out.is_empty() && code != 2, "{err}");
            (code, files.map(|file| fs::read_to_string(file).unwrap()))
        };
        let (direct, judged) = (reports(&[trees, walk].concat(), "direct"), reports(&["--inventory", host], "judged"));
        assert_eq!(direct.0, judged.0, "{show:?}");
        for (direct, judged) in direct.1.iter().zip(&judged.1) {
            assert_eq!(direct, judged, "{show:?}");
        }
    }
    fs::read(host).unwrap()
}

fn valid(bytes: &[u8]) -> Value {
    let read = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    let schema = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inventory.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&read(&schema)).unwrap();
    let snapshot = read(bytes);
    let errors: Vec<String> = validator.iter_errors(&snapshot).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    snapshot
}

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).table("040904B0", &[]).build()
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_snapshot_of_the_samples_is_judged_like_the_trees() {
    for tree in ["nt4", "win2000"] {
        let written = same_reports(&[&sample(tree)], &[]);
        valid(&written);
        assert_eq!(snapshot::write(&snapshot::read(&written).unwrap()).unwrap(), written);
    }
    same_reports(&[&sample("win2000"), &sample("nt4")], &["--os", "Windows NT 4.0", "--service-pack", "4"]);
}

/// A tree with every kind of file and error, and a catalogue that lists them.
fn hostile() -> (TempDir, String, String) {
    let folder = TempDir::new().unwrap();
    let tree = folder.path().join("tree");
    let sound = pe(99);
    let called_a = PeBuilder::new()
        .fixed([4, 0, 1381, 55], [4, 0, 1381, 55])
        .table("040904B0", &[("OriginalFilename", "A.DLL")])
        .build();
    for (path, bytes) in [
        ("System32/A.DLL", &pe(100)[..]),
        // If case does not matter, the same file again.
        ("System32/a.dll", &sound),
        ("System32/dllcache/a.dll", &pe(98)),
        ("b.dll", b""),
        ("c.dll", b"just text"),
        ("d.dll", &sound[..0x90]),
        ("e.dll", &sound[..sound.len() - 200]),
        ("f.exe", &PeBuilder::new().machine(0x184).fixed([4, 0, 1381, 5], [4, 0, 1381, 5]).build()),
        ("g.exe", &PeBuilder::new().machine(0x1234).time_stamp(0x3600_0000).checksum(77).build()),
        ("h.exe", &PeBuilder::new().without_version().build()),
        ("i/TAPI.DL_", &szdd(&sound, b'L')),
        ("j/tapi.dl_", &szdd(&sound, 0)),
        ("k/tapi.dl_", &szdd(&sound, b'L')[..200]),
        ("l/OTHER.EX_", &KwajBuilder::new(3, &sound).stem(b"F").extension(b"EXE").build()),
        ("l/readme.tx_", &szdd(b"text", b'T')),
        ("m/TAPI.DLL", &szdd(&sound, b'L')),
        ("n.exe", &NeBuilder::new(OldVersion::new().fixed([3, 10, 0, 103], [3, 10, 0, 103]).build()).build()),
        ("o.vxd", &LeBuilder::new(OldVersion::new().fixed([4, 0, 0, 950], [4, 0, 0, 950]).build()).build()),
        ("p.exe", b"MZ only a DOS program, of which nothing more is known than that it begins like this........"),
        ("notes.txt", b"no binary, but the catalogue asks for it"),
        ("other.txt", b"nobody asks for it"),
        (
            "q.dll",
            &PeBuilder::new()
                .table("040904B0", &[("OriginalFilename", "A.DLL"), ("FileVersion", "4.00")])
                .table("040704B0", &[("OriginalFilename", "Q.DLL")])
                .build(),
        ),
        (
            "r/driver.cab",
            &CabBuilder::new().folder(Method::Mszip, &[("A.DLL", &sound), ("x/tapi.dll", &pe(7))]).build(),
        ),
        ("r/known.cab", &cab(&[("a.dll", &sound)])),
        ("r/cut.cab", &cab(&[("a.dll", &sound)])[..300]),
        ("r/head.cab", &cab(&[("a.dll", &sound)])[..30]),
        ("r/quantum.cab", &CabBuilder::new().folder(Method::Quantum, &[("a.dll", &sound)]).build()),
        ("r/text.cab", b"no cabinet"),
        ("s/TAPI.DL_", &cab(&[("tapi.dll", &sound)])),
        ("s/A.DL_", &szdd(&sound, b'L')),
        ("s/a.dll", &sound),
        ("t/tapi.dll", &cab(&[("other.dll", &sound)])),
        ("u/a.dll.bak", &called_a),
        ("u/unknown.dll", &called_a),
        ("u/dllcache/x.001", &called_a),
        ("u/packed.sav", &szdd(&called_a, b'X')),
        ("u/tapi.dl_", &called_a),
        ("u/known.dl_", &szdd(&called_a, b'L')),
        ("u/several.dll", &cab(&[("a.dll", &sound), ("tapi.dll", &sound)])),
        ("u/several.001", &cab(&[("a.dll", &sound), ("tapi.dll", &sound)])),
        ("u/one.dll", &cab(&[("x.dll", &called_a)])),
        ("u/one.001", &cab(&[("x.dll", &called_a)])),
        ("u/cut.001", &sound[..0x90]),
        ("u/cut.dll", &sound[..0x90]),
        ("u/cut-cabinet.dll", &cab(&[("a.dll", &sound)])[..30]),
        ("u/cut-cabinet.001", &cab(&[("a.dll", &sound)])[..30]),
        ("u/cut-packed.001", &szdd(&sound, b'L')[..200]),
        ("u/internal.bin", &PeBuilder::new().table("040904B0", &[("InternalName", "a.dll")]).build()),
        ("u/renamed.cab", &called_a),
        ("u/empty.dll", b""),
        ("WINNT/System32/config/software", &registry::software("4.0", "1381", "Service Pack 6").build()),
        ("WINNT/System32/config/SYSTEM", &registry::system("ServerNT", &["Terminal Server"], 0x600).build()[..5000]),
    ] {
        put(&tree, path, bytes);
    }
    let mut hive = registry::software("4.0", "1381", "Service Pack 6");
    registry::hotfix(&mut hive, "Q310626");
    put(&tree, "other/System32/config/software", &hive.build());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let raw = tree.join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
        // Some file systems refuse such names.
        if fs::create_dir(&raw).is_ok() {
            fs::write(raw.join("a.dll"), &sound).unwrap();
        }
    }
    let names = ["a.dll", "b.dll", "c.dll", "d.dll", "e.dll", "f.exe", "g.exe", "h.exe", "tapi.dll", "n.exe", "o.vxd"];
    let rows = names
        .iter()
        .chain(&["p.exe", "q.dll", "notes.txt", "tapi.dlx", "known.cab", "head.cab"])
        .map(|name| row(name, "4.0.1381.100"));
    let mut rows: Vec<_> = rows.collect();
    rows.push(row("notes.txt", ""));
    let catalog: Catalog = [article("Q310626", rows)].into_iter().collect();
    let file = folder.path().join("catalog.tsv");
    fs::write(&file, catalog::write(&catalog)).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    (folder, text(&tree), text(&file))
}

#[test]
fn a_snapshot_of_trouble_is_judged_like_the_tree() {
    let (_folder, tree, catalog) = hostile();
    let written = same_reports(&[&tree], &["--catalog", &catalog]);
    let json = valid(&written);
    let paths: Vec<&str> = json["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"notes.txt") && !paths.contains(&"other.txt") && !paths.contains(&"l/readme.tx_"));
    let back = snapshot::read(&written).unwrap();
    assert_eq!(snapshot::write(&back).unwrap(), written);
    // The default catalogue lists only the kernels by name: judged by it, nothing is lost either.
    same_reports(&[&tree], &[]);
}

#[test]
fn a_sniffed_snapshot_is_judged_like_the_sniffed_tree() {
    let (_folder, tree, catalog) = hostile();
    let written = same_reports_of(&[&tree], &["--sniff"], &["--catalog", &catalog]);
    let json = valid(&written);
    assert_eq!(json["sniffed"], true);
    assert_eq!(snapshot::write(&snapshot::read(&written).unwrap()).unwrap(), written);
    let paths: Vec<&str> = json["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"u/a.dll.bak") && paths.contains(&"u/internal.bin") && !paths.contains(&"other.txt"));
    // Recorded for any catalogue: judged by another catalogue than the one used for the snapshot.
    same_reports_of(&[&tree], &["--sniff"], &[]);
    same_reports_of(&[&sample("nt4"), &sample("win2000")], &["--sniff"], &[]);
}

#[cfg(unix)]
#[test]
fn refused_files_and_folders_are_judged_like_the_tree() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, tree, catalog) = hostile();
    let modes = |mode| {
        for path in ["b.dll", "i/TAPI.DL_", "m"] {
            fs::set_permissions(Path::new(&tree).join(path), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    modes(0o000);
    let refused = fs::File::open(Path::new(&tree).join("b.dll")).is_err();
    if refused {
        same_reports(&[&tree], &["--catalog", &catalog]);
        same_reports_of(&[&tree], &["--sniff"], &["--catalog", &catalog]);
    }
    modes(0o755);
    if !refused {
        eprintln!("skipped: this user reads every file");
    }
}

#[test]
fn version_blocks_of_one_build_stand_once() {
    let tree = TempDir::new().unwrap();
    for n in 0..50 {
        let strings =
            [("FileVersion", "4.00"), ("CompanyName", "Example"), ("OriginalFilename", &*format!("FILE{n}.DLL"))];
        let file = PeBuilder::new().fixed([4, 0, 1381, 1], [4, 0, 1381, 1]).table("040904B0", &strings).build();
        put(tree.path(), &format!("file{n}.dll"), &file);
    }
    let (code, out, _) = run(&["inventory", tree.path().to_str().unwrap()]);
    let json = valid(&out);
    assert_eq!((code, json["versions"].as_array().unwrap().len()), (0, 1));
    assert_eq!(json["files"][7]["original"], "FILE15.DLL");
    let line = out.split(|&b| b == b'\n').find(|line| line.starts_with(br#"{"path":"file7.dll""#)).unwrap();
    assert!(line.len() < 150, "{}", String::from_utf8_lossy(line));
}

#[test]
fn exit_codes_of_inventory() {
    let tree = TempDir::new().unwrap();
    let path = tree.path().to_str().unwrap();
    assert_eq!(run(&["inventory", path]).0, 4);
    put(tree.path(), "a.dll", &pe(1));
    assert_eq!(run(&["inventory", path]).0, 0);
    assert_eq!(run(&["inventory", "/nowhere/at/all"]).0, 2);
    assert_eq!(run(&["inventory", path, "-o", "/nowhere/at/all.json"]).0, 2);
}

#[test]
fn broken_snapshots_are_named_with_their_place() {
    let (_folder, tree, catalog) = hostile();
    let (_, written, _) = run(&["inventory", &tree, "--catalog", &catalog]);
    let text = String::from_utf8(written).unwrap();
    let part = |from: &str, to: &str| match snapshot::read(text.replacen(from, to, 1).as_bytes()) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("{from} -> {to}"),
    };
    assert!(text.contains(r#""version":0"#) && text.contains(r#""originals":["#), "{text}");
    assert!(part("inventory/1", "inventory/2").contains("expected 'hotfixcheck.inventory/1'"));
    let place = part(r#""version":0"#, r#""version":99"#);
    assert!(place.starts_with("files[0] (System32/A.DLL): version 99: there are "), "{place}");
    assert!(part(r#""originals":["#, r#""originals":[null,"#).contains("originals"));
    assert!(part(r#""size":"#, r#""size":-"#).contains("line "));
    assert!(part(r#""files_seen""#, r#""files""#).contains("line "));
    let file = TempDir::new().unwrap();
    let path = file.path().join("x.json");
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let (code, out, err) = run(&["scan", "--inventory", path.to_str().unwrap()]);
    assert_eq!((code, out.len()), (2, 0));
    assert!(err.contains("x.json': EOF while parsing") && err.contains("line"), "{err}");
}

#[test]
fn no_part_of_a_snapshot_is_read_as_a_whole_one_and_no_flipped_bit_panics() {
    let (_folder, tree, catalog) = hostile();
    let (_, written, _) = run(&["inventory", &tree, "--catalog", &catalog]);
    let end = written.iter().rposition(|&byte| byte == b'}').unwrap();
    // A sample of all sizes: each needs a complete read.
    for size in (0..end).step_by(5 * one_of(3)).chain(end.saturating_sub(500)..end) {
        assert!(snapshot::read(&written[..size]).is_err(), "{size}");
    }
    let mut damaged = written.clone();
    for at in (0..written.len()).step_by(3 * one_of(3)) {
        let bit = 1 << (at % 8);
        damaged[at] ^= bit;
        match snapshot::read(&damaged) {
            Err(SnapshotError::Json(_) | SnapshotError::Schema { .. } | SnapshotError::Part { .. }) => {}
            Ok(read) => drop(read.select(|name| name.len() % 2 == 0)),
            Err(other) => panic!("{other}"),
        }
        damaged[at] ^= bit;
    }
}

/// Issue 16, point 9: a snapshot is read as a stream; its answers are those of one that is read at once.
#[test]
fn a_large_snapshot_keeps_what_is_asked_for() {
    use hotfixcheck::inventory::Document;
    use hotfixcheck::inventory::import::{self, Reading};
    use std::io::{Cursor, Read};
    // Every version block is used once, in another order; every thousandth file is asked for.
    let written = |blocks: usize| {
        let mut text = format!(
            r#"{{"schema":"hotfixcheck.inventory/1","trees":[{{"path":"C:"}}],"coverage":null,"files_seen":{},"versions":["#,
            blocks + 1
        );
        let block = |n: usize| format!(r#"{{"fixed_file":"4.0.1381.{}","tables":[{{"key":"{n:08X}"}}]}}"#, n % 60_000);
        text.push_str(&(0..blocks).map(block).collect::<Vec<_>>().join(",\n"));
        text.push_str("],\n\"files\":[");
        let file = |n: usize| {
            let name = if n % 1000 == 999 { "A.DLL".to_owned() } else { format!("x{n}.dll") };
            format!(
                r#"{{"path":"d{n}/{name}","size":{n},"machine":"i386","version":{},"original":"{name}"}}"#,
                blocks - 1 - n
            )
        };
        text.push_str(&(0..blocks).map(file).collect::<Vec<_>>().join(",\n"));
        text.push_str(r#"],"problems":[{"path":"q","what":"refused"}],"systems":[]}"#);
        text
    };
    // More version blocks than are held.
    let blocks = 70_000;
    let text = written(blocks);
    let whole = snapshot::read(text.as_bytes()).unwrap();
    assert_eq!((whole.files.len(), whole.problems.len()), (blocks, 1));
    let wanted = |name: &str| name == "a.dll";
    let expected = whole.select(wanted);
    assert_eq!(expected.entries.len(), blocks / 1000);
    let open = || -> std::io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(text.clone().into_bytes()))) };
    for document in [Document::Stream(&open), Document::Bytes(text.as_bytes())] {
        let reading = Reading { wanted: Some(&wanted), ..Reading::default() };
        let read = import::read_document(document, reading).unwrap();
        assert_eq!(read.files.len(), blocks / 1000, "others are not held");
        assert_eq!(read.select(wanted), expected);
    }
    // What points nowhere is named, also of a file that nobody asks for.
    let small = written(1000);
    let nowhere = small.replacen(r#""version":998,"#, r#""version":1000,"#, 1);
    let reading = Reading { wanted: Some(&wanted), ..Reading::default() };
    let error = import::read_document(Document::Bytes(nowhere.as_bytes()), reading).unwrap_err().to_string();
    assert_eq!(error, "files[1] (d1/x1.dll): version 1000: there are 1000");
    // A stream that is not UTF-8 is of Windows-1252, as one that is read at once.
    let latin = small.replacen("d999/", "d\u{fc}/", 1);
    let bytes: Vec<u8> = latin.chars().map(|c| c as u32 as u8).collect();
    let open = || -> std::io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(bytes.clone()))) };
    let reading = Reading { wanted: Some(&wanted), ..Reading::default() };
    let read = import::read_document(Document::Stream(&open), reading).unwrap();
    assert_eq!(read.files[0].path.to_string(), "d\u{fc}/A.DLL");
}
