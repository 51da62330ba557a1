//! `--sniff`: files with any name, found by their contents; listed, never judged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck::inventory::{CopyKind, Wanted, walk};
use hotfixcheck_testkit::cab_builder::{CabBuilder, Method, cab};
use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::ne_builder::NeBuilder;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, szdd};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use serde_json::Value;

/// A file of Windows NT 4.0 with the original name A.DLL.
fn pe(revision: u16) -> Vec<u8> {
    called(&[("OriginalFilename", "A.DLL")], revision)
}

fn called(strings: &[(&str, &str)], revision: u16) -> Vec<u8> {
    let version = [4, 0, 1381, revision];
    PeBuilder::new().fixed(version, version).table("040904B0", strings).build()
}

fn old(name: &[u8]) -> Vec<u8> {
    let version = [4, 0, 1381, 7];
    OldVersion::new().fixed(version, version).table("040904E4", &[("OriginalFilename", name)]).build()
}

/// A catalogue that requires 4.0.1381.100 of a.dll.
fn world(files: &[(&str, &[u8])]) -> World {
    let world = World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100")])]);
    files.iter().for_each(|(path, bytes)| world.write(&format!("tree/{path}"), bytes));
    world
}

/// Exit code and JSON report of a scan.
fn scan(world: &World, args: &[&str]) -> (i32, Value) {
    let (code, out, err) = world.scan(&[args, &["--all", "--format", "json"]].concat());
    assert_eq!(err, "");
    (code, serde_json::from_str(&out).unwrap())
}

/// The listed copies: kind and own name by path.
fn listed(report: &Value) -> BTreeMap<String, (String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let copies = report["inactive"].as_array().unwrap().iter();
    let one = |copy: &Value| (text(&copy["file"]["path"]), (text(&copy["kind"]), text(&copy["file"]["original_name"])));
    copies.map(one).collect()
}

fn unreadable(report: &Value) -> Vec<&str> {
    report["unreadable"].as_array().unwrap().iter().map(|item| item["path"].as_str().unwrap()).collect()
}

#[test]
fn renamed_binaries_of_every_kind_are_listed_by_their_own_names() {
    let copies: [(&str, Vec<u8>); 12] = [
        ("a.dll.bak", pe(1)),
        ("foo.tmp", pe(2)),
        ("A.001", pe(3)),
        ("noextension", pe(4)),
        ("b.dll", called(&[("OriginalFilename", " a.dll ")], 5)),
        ("internal.bin", called(&[("InternalName", "a.dll")], 6)),
        ("ne.old", NeBuilder::new(old(b"A.DLL")).build()),
        ("le.old", LeBuilder::new(old(b"a.dll")).build()),
        ("szdd.sav", szdd(&pe(7), b'X')),
        ("kwaj.ex_", KwajBuilder::new(3, &pe(8)).stem(b"OTHER").extension(b"EXE").build()),
        ("cab.1", CabBuilder::new().folder(Method::Lzx, &[("x.bin", &pe(9))]).build()),
        // With the name of a packed file.
        ("a.dl_", pe(10)),
    ];
    let mut files: Vec<(&str, &[u8])> = copies.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    let (active, other, both) = (
        pe(100),
        called(&[("OriginalFilename", "other.dll")], 1),
        [("InternalName", "a.dll"), ("OriginalFilename", "other.dll")],
    );
    let (satellite, nameless, both) = (pe(1), called(&[], 1), called(&both, 1));
    let dos = [&b"MZ\x60\0\x01\0"[..], &[0; 58], b"a program of DOS has no version"].concat();
    files.extend([
        ("a.dll", active.as_slice()),
        ("other.bak", &other),
        ("both.bak", &both),
        ("nameless.bak", &nameless),
        ("a.dll.mui", &satellite),
        ("notes.txt", b"text"),
        ("empty.txt", b""),
        ("dos.com", &dos),
    ]);
    let world = world(&files);
    let (code, report) = scan(&world, &["--sniff", "tree"]);
    assert_eq!((code, report["articles"][0]["status"].as_str()), (0, Some("fixed")), "{report:#}");
    let found = listed(&report);
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), {
        let mut expected: Vec<&str> = copies.iter().map(|(path, _)| *path).collect();
        expected.sort_unstable();
        expected
    });
    for (path, (kind, name)) in &found {
        assert_eq!((kind.as_str(), name.to_lowercase().as_str()), ("renamed", "a.dll"), "{path}");
    }
    let files = &report["files"];
    assert_eq!((&files["sniffed"], &files["seen"], &files["inactive"]), (&true.into(), &20.into(), &12.into()));
    assert_eq!(unreadable(&report), [] as [&str; 0]);
    // By file names alone none of them is found.
    let (_, report) = scan(&world, &["tree", "--include-inactive"]);
    assert_eq!((listed(&report).len(), &report["files"]["known"]), (0, &1.into()));
    assert_eq!(report["files"]["sniffed"], Value::Null);
}

#[test]
fn a_tree_of_copies_alone_has_nothing_to_judge() {
    let source = world(&[("dllcache/a.dll", &pe(200))]);
    assert_eq!(scan(&source, &["tree"]).0, 4, "so it is without looking into files");
    assert_eq!(scan(&source, &["tree/dllcache"]).0, 0, "what is named outright is judged");
    let world = world(&[("a.dll.bak", &pe(200)), ("i386/a.dll", &pe(200)), ("notes.txt", b"text")]);
    let words = "othing to judge: the files that the catalogue lists are all backup copies";
    for (format, said) in [
        ("table", words.to_owned()),
        ("summary", words.to_owned()),
        ("one-line", words.to_owned()),
        ("json", r#""outcome": "nothing-recognised""#.to_owned()),
        ("jsonl", r#""outcome":"nothing-recognised""#.to_owned()),
        ("csv", words.to_owned()),
        ("markdown", words.to_owned()),
        ("html", words.to_owned()),
        ("junit", words.to_owned()),
        ("sarif", r#""executionSuccessful": false"#.to_owned()),
        ("codequality", words.to_owned()),
    ] {
        let (code, out, err) = world.scan(&["--sniff", "--format", format, "tree"]);
        assert_eq!((code, err.as_str()), (4, ""), "{format}");
        let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(&said.split_whitespace().collect::<Vec<_>>().join(" ")), "{format}: {out}");
        assert!(!flat.contains("No missing fixes found") && !flat.contains("no findings"), "{format}: {out}");
    }
    // A damaged copy changes nothing; a damaged active file does.
    world.write("tree/old.bin", &pe(1)[..700]);
    assert_eq!(scan(&world, &["--sniff", "tree"]).0, 4);
    world.write("tree/a.dll", &pe(1)[..700]);
    assert_eq!(scan(&world, &["--sniff", "tree"]).0, 3);
}

#[test]
fn a_renamed_copy_proves_nothing() {
    // Newer than required, alone; as the root itself; beside a packed file that is judged.
    for (files, root, verdicts) in [
        (vec![("a.dll.new", pe(200))], "tree", vec!["inactive-copies-only"]),
        (vec![("a.dll.new", pe(200))], "tree/a.dll.new", vec!["inactive-copies-only"]),
        (vec![("A.DL_", szdd(&pe(99), b'L')), ("A.SAV", pe(200))], "tree", vec!["version-older"]),
        (vec![("a.dll", pe(99)), ("A.SAV", pe(200))], "tree", vec!["version-older"]),
        (vec![("a.dll", pe(100)), ("A.SAV", pe(1))], "tree", vec!["version-equal"]),
    ] {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
        let world = world(&files);
        let (_, report) = scan(&world, &["--sniff", "--kb", "Q310626", root]);
        let findings = report["articles"][0]["findings"].as_array().unwrap();
        let codes: Vec<&str> = findings.iter().map(|finding| finding["reason"].as_str().unwrap()).collect();
        assert_eq!(codes, verdicts, "{root} {report:#}");
        if codes == ["inactive-copies-only"] {
            assert_eq!(findings[0]["evidence"], "a.dll.new");
            assert_eq!(report["summary"]["fixed"], 0);
        }
    }
}

#[test]
fn what_is_damaged_is_named_and_changes_no_answer() {
    let sound = pe(1);
    let packed = szdd(&sound, b'L');
    // The first letter of the original name.
    let name = sound.windows(10).rposition(|bytes| bytes == b"A\0.\0D\0L\0L\0").unwrap();
    let block = sound.windows(8).position(|bytes| bytes == b"V\0S\0_\0V\0").unwrap() + 40;
    let world = world(&[
        ("a.dll", &pe(100)),
        ("cut.bak", &sound[..0x90]),
        ("block.bak", &sound[..block]),
        ("name.bak", &sound[..name]),
        ("text.txt", b"MZ begins this text by chance: it points to no header, wherever it may lie in the file"),
        ("cut.sav", &packed[..200]),
        ("cut.cabinet", &cab(&[("x.dll", &sound)])[..300]),
        ("dllcache/cut.bak", &sound[..0x90]),
    ]);
    let (code, report) = scan(&world, &["--sniff", "tree"]);
    assert_eq!(
        unreadable(&report),
        ["block.bak", "cut.bak", "cut.cabinet", "cut.sav", "dllcache/cut.bak", "name.bak", "text.txt"]
    );
    assert_eq!((code, &report["summary"]["incomplete"]), (0, &false.into()));
    let errors = report["unreadable"].as_array().unwrap();
    assert!(errors.iter().all(|item| !item["error"].as_str().unwrap().is_empty()), "{errors:#?}");
    assert_eq!((&report["files"]["known"], listed(&report).len()), (&1.into(), 0));
    let (_, report) = scan(&world, &["--sniff", "--include-inactive", "tree"]);
    assert!(listed(&report).values().all(|(kind, name)| kind == "unidentified" && name.is_empty()), "{report:#}");
}

#[test]
fn cabinets_of_any_name_give_their_members() {
    let several = cab(&[("a.dll", &pe(99)), ("b.dll", &pe(99))]);
    let world = world(&[("a.dll", &pe(100)), ("driver.001", &several), ("b.dll", &several)]);
    let (code, report) = scan(&world, &["--sniff", "--include-inactive", "tree"]);
    let found = listed(&report);
    assert_eq!(code, 0);
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), ["b.dll:/a.dll", "driver.001:/a.dll"]);
    assert!(found.values().all(|(kind, _)| kind == "install-source"));
}

#[test]
fn folders_still_say_why_a_copy_does_not_run() {
    let world = world(&[
        ("System32/a.dll", &pe(100)),
        ("System32/dllcache/old.bin", &pe(1)),
        ("$NtUninstallQ1$/reg0001", &pe(2)),
    ]);
    let (_, report) = scan(&world, &["--sniff", "tree"]);
    let kinds: Vec<String> = listed(&report).into_values().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["uninstall-backup", "dll-cache"]);
    // A file with another name is not restored.
    assert_eq!(report["warnings"], Value::Array(Vec::new()));
}

#[test]
fn a_file_that_takes_another_s_place_at_the_next_start_is_known() {
    use hotfixcheck_testkit::registry;
    let mut hive = registry::system("ServerNT", &[], 0x600);
    let renames = [r"\??\C:\WINNT\System32\SET12.tmp", r"!\??\C:\WINNT\System32\a.dll"];
    hive.key(r"ControlSet001\Control\Session Manager").multi_sz("PendingFileRenameOperations", &renames);
    let world = world(&[
        ("WINNT/System32/a.dll", &pe(100)),
        ("WINNT/System32/SET12.tmp", &pe(1)),
        ("WINNT/System32/config/system", &hive.build()),
    ]);
    let (_, report) = scan(&world, &["--sniff", "tree"]);
    // A SYSTEM hive without a SOFTWARE hive does not show which Windows this is: that doubt is reported, too.
    let codes = |report: &Value| {
        let warnings = report["warnings"].as_array().unwrap();
        warnings.iter().map(|warning| warning["code"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let set = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(codes(&report), set(&["pending-rename-older", "system-doubtful"]), "{report:#}");
    let (_, report) = scan(&world, &["tree"]);
    assert_eq!(codes(&report), set(&["system-doubtful"]));
}

#[test]
fn images_are_looked_into_like_folders() {
    let files = [("WINNT/a.dll", pe(100)), ("WINNT/a.dll.bak", pe(1)), ("WINNT/x.txt", b"text".to_vec())];
    let mut volume = NtfsBuilder::new();
    for (path, bytes) in &files {
        volume = volume.file(path, bytes, Stored::Compressed);
    }
    let world = world(&[("disk.img", &volume.build())]);
    let (code, report) = scan(&world, &["--sniff", "tree/disk.img"]);
    assert_eq!((code, listed(&report).len()), (0, 1));
    assert_eq!(listed(&report)["disk.img:/WINNT/a.dll.bak"], ("renamed".to_owned(), "A.DLL".to_owned()));
}

#[test]
fn the_configuration_asks_for_it_and_inventories_have_been_asked() {
    let world = world(&[("a.dll", &pe(100)), ("a.dll.bak", &pe(1))]);
    world.write("hotfixcheck.toml", b"sniff = true\npaths = [\"tree\"]\n");
    let (_, report) = scan(&world, &[]);
    assert_eq!(listed(&report).len(), 1);
    let (code, _, err) = world.scan(&["--sniff", "--inventory", "x.json"]);
    assert!(code == 2 && err.contains("cannot be used with"), "{err}");
    // identify knows renamed files by their own names.
    let (code, out, _) = world.run(&["identify", "--catalog", "catalog.tsv", "--sniff", "tree"]);
    assert!(code == 0 && out.contains("a.dll.bak"), "{out}");
}

#[test]
fn only_the_first_bytes_of_other_files_are_read() {
    let tree = tempfile::TempDir::new().unwrap();
    let large = |name: &str, bytes: &[u8]| {
        let mut file = File::create(tree.path().join(name)).unwrap();
        file.write_all(bytes).unwrap();
        file.set_len(1 << 40).is_ok()
    };
    if !(large("zeros.bin", b"") && large("a.bin", &pe(1)) && large("mz.bin", b"MZ")) {
        eprintln!("skipped: this file system makes no file of a terabyte");
        return;
    }
    // More than are looked into at once, in many folders.
    for n in 0..4200 {
        let folder = tree.path().join(format!("d{}", n % 7));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{n}.txt")), b"some text").unwrap();
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let wanted = Wanted::named(|name| name == "a.dll").sniffing(true);
        pool.install(|| walk(&[tree.path().to_owned()], &wanted, &|_| {}).unwrap())
    };
    let inventory = with(1);
    assert_eq!(inventory, with(4));
    // `MZ` and a terabyte of zeros is a damaged executable: it could be any file, so it is reported, and the scan is
    // incomplete.
    let names: Vec<(String, bool)> =
        inventory.entries.iter().map(|entry| (entry.path.to_string(), entry.binary.is_ok())).collect();
    assert_eq!((inventory.files_seen, names), (4203, vec![("a.bin".to_owned(), true), ("mz.bin".to_owned(), false)]));
    let entry = inventory.entries.iter().find(|entry| entry.name() == Some("A.DLL")).unwrap();
    assert_eq!((entry.name(), entry.copy, entry.size), (Some("A.DLL"), Some(CopyKind::Renamed), Some(1 << 40)));
    assert!(entry.modified.is_some());
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_and_files_that_are_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let world = world(&[("a.dll", &pe(100)), ("locked.bin", &pe(1))]);
    let raw = world.path("tree").join(std::ffi::OsStr::from_bytes(b"caf\xe9.bak"));
    if fs::write(&raw, pe(1)).is_ok() {
        let (_, report) = scan(&world, &["--sniff", "tree"]);
        assert_eq!(report["inactive"][0]["file"]["path_raw"], "636166e92e62616b");
        assert_eq!(report["inactive"][0]["file"]["original_name"], "A.DLL");
    }
    let locked = world.path("tree/locked.bin");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&locked).is_ok() {
        eprintln!("skipped: this user reads every file");
        return;
    }
    let (code, report) = scan(&world, &["--sniff", "tree"]);
    assert_eq!((code, unreadable(&report)), (0, vec!["locked.bin"]));
}

/// Whatever part of a binary is left, and whatever bit of it is wrong: a copy under another name is never judged.
#[test]
fn no_part_of_a_binary_and_no_damaged_one_is_a_copy_that_runs() {
    let tree = tempfile::TempDir::new().unwrap();
    let (bare, packed) = (pe(1), szdd(&pe(1), b'L'));
    for (name, bytes) in [("pe", &bare), ("szdd", &packed), ("cab", &cab(&[("x.bin", &bare)]))] {
        for (place, size) in (0..bytes.len()).step_by(7).enumerate() {
            fs::write(tree.path().join(format!("{name}{size}.cut")), &bytes[..size]).unwrap();
            let mut damaged = bytes.clone();
            damaged[size] ^= 1 << (place % 8);
            fs::write(tree.path().join(format!("{name}{size}.bit")), damaged).unwrap();
        }
    }
    let wanted = |sniffs| Wanted::named(|name: &str| name == "a.dll").sniffing(sniffs);
    let inventory = walk(&[tree.path().to_owned()], &wanted(true), &|_| {}).unwrap();
    for entry in &inventory.entries {
        let identified = entry.original_name.is_some();
        let expected = if identified { CopyKind::Renamed } else { CopyKind::Unidentified };
        assert_eq!(entry.copy, Some(expected), "{}", entry.path);
        assert!(!identified || entry.binary.is_ok(), "{}", entry.path);
    }
    let renamed = inventory.entries.iter().filter(|e| e.copy == Some(CopyKind::Renamed)).count();
    assert!(renamed > 100 && inventory.entries.len() - renamed > 100, "{renamed} of {}", inventory.entries.len());
    assert_eq!(walk(&[tree.path().to_owned()], &wanted(false), &|_| {}).unwrap().entries, []);
}
