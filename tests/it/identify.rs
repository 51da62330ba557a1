//! The articles that shipped a file: the library, its text, and the command.

use std::fs;

use crate::assess_builds::update;
use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::identify::{self, Identity};
use hotfixcheck::catalog::{self, Catalog, FixIndex, RowRef};
use hotfixcheck::inventory::Entry;
use hotfixcheck::report::{IdentitiesView, Look, identity, identity_json};
use hotfixcheck_articles::Fix;
use hotfixcheck_testkit::cab_builder::cab;
use hotfixcheck_testkit::packed_builder::szdd;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_winfiles::binary::VersionOutcome;
use serde_json::Value;
use tempfile::TempDir;

fn sized(size: u64, fix: Fix) -> Fix {
    Fix { size: Some(size), ..fix }
}

fn world() -> Catalog {
    [
        article("Q100001", vec![sized(10, row("a.dll", "4.0.1381.100"))]),
        article("Q100002", vec![sized(11, row("a.dll", "4.0.1381.200")), row("b.dll", "1.0.0.1")]),
        article("Q100003", vec![sized(12, row("a.dll", "4.0.1381.200"))]),
        article("Q100004", vec![row("a.dll", "4.0.1381.200")]),
        article("Q100005", vec![sized(11, row_for("a.dll", "4.0.1381.200", "Alpha"))]),
        article("Q100006", vec![sized(13, row("a.dll", "4.0.1381.300"))]),
        article("Q100007", vec![sized(14, row("a.dll", "4.0.1381.400"))]),
        article("Q100008", vec![sized(11, row("a.dll", ""))]),
        article("Q100009", vec![sized(11, row("a.dll", "5.0.2195.200"))]),
        article("Q100010", vec![sized(10, row("a.dll", "4.0.1381.100"))]),
    ]
    .into_iter()
    .collect()
}

fn look_up(entry: &Entry) -> Identity {
    let catalog = world();
    identify::identify(entry, &catalog, &FixIndex::new(&catalog), knowledge())
}

/// The articles of each list, in the order of the fields.
fn lists(identity: &Identity) -> [Vec<String>; 6] {
    let catalog = world();
    let id = |place: &RowRef| identify::row(&catalog, place).0.id.to_string();
    [
        &identity.exact,
        &identity.same_version,
        &identity.other_size,
        &identity.same_size,
        &identity.older,
        &identity.newer,
    ]
    .map(|list| list.iter().map(id).collect())
}

fn a_dll(version: &str, size: u64) -> Entry {
    Entry { size: Some(size), ..file("x/A.DLL", version) }
}

#[test]
fn rows_are_told_apart_by_version_machine_and_size() {
    let cases: &[(Entry, [&[&str]; 6])] = &[
        (
            a_dll("4.0.1381.200", 11),
            [&["Q100002"], &["Q100004"], &["Q100003"], &["Q100008"], &["Q100001", "Q100010"], &["Q100006"]],
        ),
        (a_dll("4.0.1381.250", 99), [&[], &[], &[], &[], &["Q100002", "Q100003", "Q100004"], &["Q100006"]]),
        (a_dll("4.0.1381.99", 99), [&[], &[], &[], &[], &[], &["Q100001", "Q100010"]]),
        (a_dll("4.0.1381.500", 99), [&[], &[], &[], &[], &["Q100007"], &[]]),
        (a_dll("5.0.2195.200", 11), [&["Q100009"], &[], &[], &["Q100008"], &[], &[]]),
        (a_dll("7.0.0.1", 99), [&[], &[], &[], &[], &[], &[]]),
    ];
    for (entry, expected) in cases {
        assert_eq!(
            lists(&look_up(entry)),
            expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>())
        );
    }
    let alpha = Entry { size: Some(11), ..entry("a.dll", Ok(binary(Machine::Alpha, "4.0.1381.200", &[]))) };
    assert_eq!(lists(&look_up(&alpha))[0], ["Q100002", "Q100005"], "a row without a platform speaks of Alpha, too");
    assert!(!look_up(&a_dll("7.0.0.1", 99)).is_known());
    assert_eq!(look_up(&file("strange.dll", "1.0.0.0")), Identity::default());
}

#[test]
fn a_renamed_file_is_known_by_its_version_resource() {
    let mut renamed = Entry { size: Some(11), ..file("f0001234.bin", "4.0.1381.200") };
    if let Ok(binary) = &mut renamed.binary
        && let VersionOutcome::Found(info) = &mut binary.version
    {
        info.tables.push(hotfixcheck_winfiles::binary::StringTable {
            original_filename: Some("A.DLL".to_owned()),
            ..Default::default()
        });
    }
    let identity = look_up(&renamed);
    assert_eq!((identity.known_as.as_deref(), identity.exact.len()), (Some("a.dll"), 1));
}

#[test]
fn the_answer_as_text() {
    let entries = vec![
        a_dll("4.0.1381.200", 11),
        a_dll("4.0.1381.250", 99),
        a_dll("4.0.1381.500", 99),
        a_dll("7.0.0.1", 99),
        file("strange.dll", "1.0.0.0"),
    ];
    let answers: Vec<Identity> = entries.iter().map(look_up).collect();
    let view = IdentitiesView::new(&inventory(entries), &answers, &world());
    insta::assert_snapshot!(String::from_utf8(identity(&view, Look::PLAIN)).unwrap());
    let json: Value = serde_json::from_slice(&identity_json(&view).unwrap()).unwrap();
    assert_eq!(json["schema"], "hotfixcheck.identity/1");
    assert_eq!(json["files"][0]["exact"][0]["id"], "Q100002");
}

#[test]
fn the_command_and_its_exit_codes() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("catalog.tsv"), catalog::write(&world())).unwrap();
    fs::write(path("a.dll"), PeBuilder::new().fixed([4, 0, 1381, 250], [4, 0, 1381, 250]).build()).unwrap();
    fs::write(path("strange.dll"), PeBuilder::new().fixed([1, 0, 0, 1], [1, 0, 0, 1]).build()).unwrap();
    fs::write(path("b.dll"), b"MZ").unwrap();
    let run = |args: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let output = command.args([&["identify", "--catalog", &path("catalog.tsv")], args].concat()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = run(&[&path("a.dll")]);
    assert_eq!(code, 0);
    assert!(text.contains("newer than the version of Q100002, older than that of Q100006"), "{text}");
    assert_eq!(run(&[&path("a.dll"), &path("strange.dll")]).0, 0);
    assert_eq!(run(&[&path("strange.dll")]).0, 4);
    let (code, text) = run(&[&path("b.dll")]);
    assert_eq!(code, 3);
    assert!(text.contains("a file that cannot be read matches none of its rows"), "{text}");
    assert_eq!(run(&[&path("nowhere.dll")]).0, 2);
    assert_eq!(run(&[&path(""), "--format", "json"]).0, 3, "a folder is walked");
}

#[test]
fn packed_files_and_cabinets_answer_with_what_is_in_them() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("catalog.tsv"), catalog::write(&world())).unwrap();
    let dll = PeBuilder::new().fixed([4, 0, 1381, 200], [4, 0, 1381, 200]).build();
    for (name, bytes, answered) in [
        ("A.DL_", szdd(&dll, b'L'), "A.DL_"),
        // With mscompress's name, and without the letter in the header.
        ("a.dll_", szdd(&dll, 0), "a.dll_"),
        ("a.dl$", cab(&[("A.DLL", &dll)]), "a.dl$"),
        ("one.cab", cab(&[("a.dll", &dll)]), "one.cab:/a.dll"),
        ("two.cab", cab(&[("a.dll", &dll), ("readme.txt", b"text")]), "two.cab:/a.dll"),
    ] {
        fs::write(path(name), bytes).unwrap();
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let catalog = path("catalog.tsv");
        let args = ["identify", "--format", "json", "--catalog", catalog.as_str(), &path(name)];
        let output = command.args(args).output().unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), json["files"].as_array().unwrap().len()), (Some(0), 1), "{name}: {json:#}");
        let file = &json["files"][0];
        assert_eq!(file["file"]["path"], answered, "{file:#}");
        assert!(file["other_size"].to_string().contains("Q100002"), "{name}: {file:#}");
    }
}

/// Issue 15: files whose version is a build were "not for this processor and release line", though a scan judges them by it.
#[test]
fn files_that_show_a_build_have_the_updates_around_it() {
    let catalog: Catalog = [
        update("5030310", &[("Windows 11 22H2", "22621.2361", None)]),
        update("5032190", &[("Windows 11 22H2", "22621.2715", None), ("Windows 11 23H2", "22631.2715", None)]),
        update("5033375", &[("Windows 11 22H2", "22621.2861", None)]),
        update("5034122", &[("Windows 10 22H2", "19045.2715", None)]),
        update("5094140", &[("Exchange Server 2019 Cumulative Update 15", "15.2.1748.46", Some("ExSetup.exe"))]),
        update("5094142", &[("Exchange Server 2019 Cumulative Update 14", "15.2.1544.41", Some("ExSetup.exe"))]),
        update("5021125", &[("SQL Server 2019 RTM GDR", "2019.150.2101", Some("sqlservr.exe"))]),
        update("5023049", &[("SQL Server 2019 RTM CU", "2019.150.4298", Some("sqlservr.exe"))]),
        article("Q100001", vec![row("ntoskrnl.exe", "5.0.2195.100")]),
    ]
    .into_iter()
    .collect();
    let index = FixIndex::new(&catalog);
    let of = |entry: Entry| {
        let identity = identify::identify(&entry, &catalog, &index, knowledge());
        let id = |place: &identify::BuildRef| identify::build(&catalog, place).0.id.to_string();
        let builds = &identity.builds;
        let ids =
            [&builds.same, &builds.older, &builds.newer].map(|list| list.iter().map(id).collect::<Vec<_>>().join(" "));
        let said = String::from_utf8(identity_of(&catalog, entry, identity)).unwrap();
        (ids, said)
    };
    let (ids, said) = of(file("ntoskrnl.exe", "10.0.22621.2715"));
    assert_eq!(ids, ["KB5032190 KB5032190", "KB5030310", "KB5033375"], "one kernel, two releases");
    assert!(said.contains("exactly this build:\n    KB5032190 Windows 11 22H2 22621.2715"), "{said}");
    assert!(said.contains("build before it:") && said.contains("build after it:"), "{said}");
    assert!(!said.contains("not for this processor"), "{said}");
    assert_eq!(of(file("ntoskrnl.exe", "10.0.22621.2500")).0, ["", "KB5030310", "KB5032190 KB5032190"]);
    assert_eq!(of(file("Bin/ExSetup.exe", "15.2.1748.46")).0, ["KB5094140", "", ""]);
    assert_eq!(of(file("Bin/ExSetup.exe", "15.2.1748.10")).0, ["", "", "KB5094140"]);
    assert_eq!(of(file("Binn/sqlservr.exe", "2019.150.2101.7")).0, ["KB5021125", "", ""]);
    assert_eq!(of(file("Binn/sqlservr.exe", "2019.150.4298.1")).0, ["KB5023049", "", ""]);
    assert_eq!(of(file("Bin/ExSetup.exe", "15.2.1118.7")).0, ["", "", ""]);
}

fn identity_of(catalog: &Catalog, entry: Entry, found: Identity) -> Vec<u8> {
    identity(&IdentitiesView::new(&inventory(vec![entry]), &[found], catalog), Look::PLAIN)
}
