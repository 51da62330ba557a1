//! The committed sample trees: made by the generator, and showing each case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::kit::{codes, embedded, knowledge};
use hotfixcheck::assess::{self, Policy};
use hotfixcheck::catalog::FixIndex;
use hotfixcheck::inventory::{Inventory, Wanted, record, walk};
use hotfixcheck_testkit::sample::{disk, files};
use hotfixcheck_testkit::tools;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample")
}

fn committed(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            committed(&path, found);
        } else {
            found.insert(path);
        }
    }
}

#[test]
fn the_committed_files_are_what_the_generator_makes() {
    let mut found = BTreeSet::new();
    committed(&folder(), &mut found);
    let expected: BTreeSet<PathBuf> = files().iter().map(|(path, _)| folder().join(path)).collect();
    assert_eq!(found, expected);
    for (path, bytes) in files() {
        let stale = fs::read(folder().join(path)).unwrap() != bytes;
        assert!(!stale, "{path} is stale: cargo run --example make_sample");
    }
}

/// Issue 18: the README scans it as a disk image.
#[test]
fn the_committed_disk_is_what_the_generator_makes() {
    let stale = fs::read(folder().with_file_name("sample-disk.img")).unwrap() != disk();
    assert!(!stale, "sample-disk.img is stale: cargo run --example make_sample");
}

#[test]
fn other_tools_find_no_fault_in_the_disk() {
    let scratch = tempfile::tempdir().unwrap();
    let volume = disk().split_off(63 * 512);
    fs::write(scratch.path().join("volume"), volume).unwrap();
    tools::run("fsck.fat", "dosfstools", &["-n", "volume"], scratch.path());
}

#[test]
fn the_disk_is_judged_as_the_windows_xp_tree() {
    assert_eq!(judged("../sample-disk.img"), judged("winxp"));
}

/// Issue 16, point 3: a whole Windows in a temporary folder is a system of its own, as in an archive of the same folder.
#[test]
fn a_whole_windows_below_a_temporary_folder_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("Temp");
    for (path, bytes) in files() {
        if let Some(path) = path.strip_prefix("win2000/") {
            fs::create_dir_all(target.join(path).parent().unwrap()).unwrap();
            fs::write(target.join(path), bytes).unwrap();
        }
    }
    let roots = [folder.path().to_owned()];
    let index = FixIndex::new(embedded());
    let walked = walk(&roots, &Wanted::named(|name| index.knows(name)), &|_| {}).unwrap();
    let recorded = record(&roots, &Wanted::named(|name| index.knows(name)), &|_| {}).unwrap();
    let copies = |inventory: &Inventory| inventory.entries.iter().filter(|entry| entry.copy.is_some()).count();
    // That of dllcache.
    assert_eq!(copies(&walked), 1);
    assert_eq!(recorded.select(|name| index.knows(name)), walked);
    // Without a hive it is a folder of files that are no longer needed.
    fs::remove_dir_all(target.join("WINNT/System32/config")).unwrap();
    let walked = walk(&roots, &Wanted::named(|name| index.knows(name)), &|_| {}).unwrap();
    assert_eq!(copies(&walked), walked.entries.len());
}

/// Status and reasons of the articles, judged with the catalogue that ships.
fn judged(tree: &str) -> BTreeMap<String, (&'static str, Vec<&'static str>)> {
    let catalog = embedded();
    let index = FixIndex::new(catalog);
    let inventory = walk(&[folder().join(tree)], &Wanted::named(|name| index.knows(name)), &|_| {}).unwrap();
    let assessment = assess::assess(catalog, &inventory, knowledge(), &Policy::default());
    assert!(!assessment.incomplete);
    assessment.articles.iter().map(|a| (a.id.to_string(), (a.status.name(), codes(a)))).collect()
}

#[track_caller]
fn expect(tree: &str, cases: &[(&str, &str, &[&str])]) {
    let judged = judged(tree);
    for (id, status, reasons) in cases {
        assert_eq!(judged[*id], (*status, reasons.to_vec()), "{id}");
    }
}

#[test]
fn the_windows_nt_tree_shows_each_case() {
    expect(
        "nt4",
        &[
            ("Q310626", "missing", &["version-older", "other-machine"]),
            ("Q240231", "fixed", &["version-newer", "other-machine"]),
            ("Q315015", "unknown", &["ambiguous-version"]),
            ("Q314730", "partial", &["version-newer", "version-older"]),
            ("Q237987", "missing", &["version-older", "other-machine"]),
            ("Q273600", "not-applicable", &["other-machine"]),
            ("Q283015", "not-applicable", &["other-release", "other-machine"]),
            ("Q314731", "not-applicable", &["other-release"]),
            ("Q300972", "unknown", &["other-release", "ambiguous-version", "ambiguous-version"]),
            ("Q275713", "likely-missing", &["neighbour-older", "file-absent", "other-machine", "file-absent"]),
            ("Q253273", "likely-fixed", &["other-machine", "built-later"]),
            ("Q262979", "not-applicable", &["file-absent"]),
        ],
    );
}

#[test]
fn the_windows_2000_tree_shows_each_case() {
    expect(
        "win2000",
        &[
            ("Q262979", "missing", &["version-older"]),
            ("Q276346", "fixed", &["version-newer"]),
            ("Q306887", "fixed", &["version-newer"]),
            ("Q268263", "partial", &["version-newer", "version-older"]),
            ("Q310626", "not-applicable", &["other-release", "other-machine"]),
            // The registry says Windows 2000 Service Pack 2.
            ("Q324232", "missing", &["service-pack-older"]),
        ],
    );
}

/// Issue 15: the bulletins judge XP and Server 2003 by the row of the system's own service pack.
#[test]
fn the_windows_xp_and_server_2003_trees_lack_what_their_bulletins_brought() {
    for (tree, expected) in [
        ("winxp", [("KB893756", "missing", "version-older"), ("KB958644", "missing", "version-older")]),
        ("server2003", [("KB893756", "missing", "version-older"), ("KB958644", "missing", "version-older")]),
    ] {
        let judged = judged(tree);
        for (id, status, reason) in expected {
            let (judged, reasons) = &judged[id];
            assert!(*judged == status && reasons.contains(&reason), "{tree} {id}: {judged} {reasons:?}");
        }
    }
}

#[test]
fn the_trees_of_later_systems_lack_their_updates() {
    assert_eq!(judged("windows7")["KB979683"].0, "missing");
    // A kernel of 22621 is also that of 22631: nothing about the system is doubtful.
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["scan", "--no-config", "--no-progress"])
        .arg(folder().join("windows11"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("found 22631.2715") && text.contains("Windows 11 23H2 22631.2715 (from the registry)"),
        "{text}"
    );
    assert!(!text.contains("system-doubtful"), "{text}");
}
