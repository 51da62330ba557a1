//! Each PATH of a run is a system, and an option for a path is used or refused (issue 13, point 6).

use std::fs;
use std::process::Command;

use crate::support::kit::{article, pack_article, row};
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;
use tempfile::TempDir;

/// `one` is a Windows NT 4.0 that lacks Q300001; `two` has one file that no article lists; `bare` has none.
fn world() -> TempDir {
    let folder = TempDir::new().unwrap();
    let file = |path: &str, version: [u16; 4]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, PeBuilder::new().fixed(version, version).build()).unwrap();
    };
    // Of no service pack that its number shows.
    file("one/WINNT/System32/ntoskrnl.exe", [4, 0, 1381, 100]);
    file("one/WINNT/System32/a.dll", [4, 0, 1381, 4]);
    file("two/other.dll", [5, 0, 2195, 1]);
    fs::create_dir_all(folder.path().join("bare")).unwrap();
    let catalog: Catalog = [
        article("Q300001", vec![row("A.DLL", "4.0.1381.100")]),
        pack_article("Q300004", &[("Windows 2000", "4")]),
        pack_article("Q300005", &[("Windows NT 4.0", "6a")]),
    ]
    .into_iter()
    .collect();
    fs::write(folder.path().join("catalog.tsv"), catalog::write(&catalog)).unwrap();
    folder
}

fn scan(folder: &TempDir, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    command.args(["scan", "--catalog", "catalog.tsv"]).args(args);
    let output = command.current_dir(folder.path()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(folder: &TempDir, args: &[&str]) -> Value {
    let (_, out, err) = scan(folder, &[args, &["--all", "--format", "json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"))
}

/// Article, system (if the report names one) and status, sorted.
fn articles(report: &Value) -> Vec<(String, Option<String>, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let one = |a: &Value| (text(&a["id"]).unwrap(), text(&a["system"]), text(&a["status"]).unwrap());
    let mut all: Vec<_> = report["articles"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

#[test]
fn a_path_without_a_file_of_the_catalogue_is_a_system_that_the_report_names() {
    let folder = world();
    for path in ["two", "bare"] {
        let report = json(&folder, &["one", path]);
        let systems: Vec<_> = report["systems"].as_array().unwrap().iter().map(|s| s["path"].clone()).collect();
        assert_eq!(systems, ["one", path]);
        assert_eq!(report["systems"][1]["profile"], Value::Null);
        let (_, table, _) = scan(&folder, &["one", path]);
        let named = format!("{path}: no file here is one that the catalogue lists: no file was judged");
        assert!(table.contains(&named), "{table}");
        // It changes nothing for the other system: one finding, as in a separate scan.
        assert_eq!(articles(&report), [("Q300001".to_owned(), Some("one".to_owned()), "missing".to_owned())]);
    }
}

#[test]
fn two_paths_are_the_union_also_where_one_has_no_file_to_judge() {
    let folder = world();
    let one = ["--os", "one=nt4", "--service-pack", "one=RTM"];
    for path in ["two", "bare"] {
        let (os, pack) = (format!("{path}=win2k"), format!("{path}=3"));
        let other = ["--os", &os, "--service-pack", &pack];
        let alone = |path: &str, args: &[&str]| {
            let found = articles(&json(&folder, &[&[path], args].concat()));
            found.into_iter().map(|(id, _, status)| (id, Some(path.to_owned()), status)).collect::<Vec<_>>()
        };
        let mut union = [alone("one", &one), alone(path, &other)].concat();
        union.sort();
        assert_eq!(articles(&json(&folder, &[&["one", path][..], &one, &other].concat())), union);
        // The pack of the tree without files was really judged.
        assert!(union.contains(&("Q300004".to_owned(), Some(path.to_owned()), "missing".to_owned())), "{union:?}");
        assert!(union.contains(&("Q300005".to_owned(), Some("one".to_owned()), "missing".to_owned())), "{union:?}");
    }
}

#[test]
fn a_system_named_for_a_path_that_is_not_there_is_refused_with_the_paths_that_are() {
    let folder = world();
    for (args, paths) in [(&["one", "two"][..], "'one', 'two'"), (&["one"], "'one'"), (&["two"], "'two'")] {
        let (code, out, err) =
            scan(&folder, &[args, &["--os", "nowhere=win2k", "--service-pack", "nowhere=4"]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("no system at 'nowhere'") && err.contains(&format!("there are: {paths}")), "{err}");
    }
    // The option's name is only the beginning of the folder's name.
    let (code, _, err) = scan(&folder, &["one", "--os", "on=win2k", "--service-pack", "on=4"]);
    assert!(code == 2 && err.contains("no system at 'on'"), "{err}");
    let (code, _, err) = scan(&folder, &["one", "--os", "=win2k", "--service-pack", "=4"]);
    assert!(code == 2 && err.contains("--os '=win2k' names no path"), "{err}");
    // The Windows folder of the only system.
    let of_folder = ["one", "--os", "one/WINNT=win2k", "--service-pack", "one/WINNT=4"];
    let out = scan(&folder, &of_folder).1;
    assert!(out.contains("Windows 2000 Service Pack 4 (given)"), "{out}");
    let twice = ["one", "--os", "one=win2k", "--os", "one=nt4", "--service-pack", "one=4"];
    let (code, _, err) = scan(&folder, &twice);
    assert!(code == 2 && err.contains("--os is given twice for 'one'"), "{err}");
    let (code, _, err) = scan(&folder, &["one", "--os", "xp", "--os", "nt4", "--service-pack", "3"]);
    assert!(code == 2 && err.contains("--os is given twice for all paths"), "{err}");
}

#[test]
fn the_configuration_file_names_a_system_for_each_of_several_paths() {
    let folder = world();
    let two = "paths = ['one', 'two']\n[[system]]\npath = 'one'\nos = 'nt4'\nservice-pack = 6\n\
               [[system]]\npath = 'two'\nos = 'win2k'\nservice-pack = 'SP3'\n";
    fs::write(folder.path().join("hotfixcheck.toml"), two).unwrap();
    let report = json(&folder, &[]);
    let systems: Vec<_> = report["systems"].as_array().unwrap().iter().map(|s| &s["profile"]["os"]).collect();
    assert_eq!(systems, ["Windows NT 4.0", "Windows 2000"]);
    // Paths in the file are relative to its folder, whatever the working folder is.
    let below = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["scan", "--catalog", "../catalog.tsv", "--all", "--format", "json"])
        .current_dir(folder.path().join("bare"))
        .output()
        .unwrap();
    let below: Value = serde_json::from_slice(&below.stdout).expect("a report");
    let plain = |report: &Value| {
        let of =
            |(id, system, status): (String, Option<String>, String)| (id, system.map(|s| s.replace("../", "")), status);
        articles(report).into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(plain(&below), plain(&report));

    let wrong = "paths = ['one']\n[system]\npath = 'tow'\nos = 'nt4'\nservice-pack = '6a'\n";
    fs::write(folder.path().join("hotfixcheck.toml"), wrong).unwrap();
    let (code, _, err) = scan(&folder, &[]);
    assert_eq!(code, 2);
    assert!(
        err.contains("hotfixcheck.toml: [system]: ") && err.contains("no system at 'tow'; there are: 'one'"),
        "{err}"
    );
}

#[test]
fn of_several_inventories_one_has_to_have_the_path() {
    let folder = world();
    fs::create_dir_all(folder.path().join("hosts")).unwrap();
    for path in ["one", "two"] {
        let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
            .args(["inventory", path, "-o", &format!("hosts/{path}.json")])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let hosts = ["--inventory", "hosts", "--format", "json"];
    let (code, _, err) = scan(&folder, &[&hosts[..], &["--os", "two=win2k", "--service-pack", "two=3"]].concat());
    assert_eq!(code, 1, "{err}");
    let (code, _, err) = scan(&folder, &[&hosts[..], &["--os", "three=win2k", "--service-pack", "three=3"]].concat());
    assert!(code == 2 && err.contains("no system at 'three'; there are: 'one', 'two'"), "{err}");
}

/// Articles that name only a service pack: one that is not judged is counted once, and is not hidden by a system that
/// is known.
#[test]
fn what_is_not_judged_of_one_system_is_said_beside_another() {
    let sample = |name: &str| format!("{}/data/sample/{name}", env!("CARGO_MANIFEST_DIR"));
    let summary = |trees: &[&str]| {
        let paths: Vec<String> = trees.iter().map(|name| sample(name)).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let output = command.args(["scan", "--json"]).args(paths).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["summary"]["not_judged"].clone()
    };
    let (nt4, both) = (summary(&["nt4"]), summary(&["nt4", "win2000"]));
    let unknown = |summary: &Value| summary["no-profile"].as_u64().unwrap();
    // Those of Windows 2000 are judged for the known system, but not for the other one.
    assert_eq!(unknown(&both), unknown(&nt4), "{nt4} {both}");
    assert_eq!(summary(&["winxp", "server2003"]), summary(&["winxp"]), "the same articles, counted once");
}

/// Time that grew quadratically with the number of systems made a list of 25,000 of them take many minutes (issue 18).
#[test]
fn a_list_of_thousands_of_systems_is_judged_system_by_system() {
    let count = 6_000 / one_of(4);
    let folder = world();
    let row = |place: usize| {
        let windows = if place.is_multiple_of(3) { "WINNT" } else { "winnt" };
        let version = ["4.0.1381.4", "4.0.1381.100"][place % 2];
        // Some have a Windows in a separate folder, others are next to another one; one is inside another.
        let path = match place % 4 {
            0 => format!("C:\\VM{place}\\{windows}"),
            _ => format!("C:\\{windows}{place}"),
        };
        format!("{path}\\System32\\a.dll,{version},i386\n{path}\\System32\\ntoskrnl.exe,4.0.1381.100,i386\n")
    };
    let rows: String = (0..count).map(row).collect();
    fs::write(folder.path().join("list.csv"), format!("path,version,machine\n{rows}")).unwrap();
    let report = json(&folder, &["--inventory", "list.csv"]);
    assert_eq!(report["systems"].as_array().unwrap().len(), count);
    let lacks = |id: &str| {
        let articles = report["articles"].as_array().unwrap().iter();
        articles.filter(|a| a["id"] == id && a["status"] == "missing").count()
    };
    assert_eq!((lacks("Q300001"), report["summary"]["to_install"].as_u64()), (count / 2, Some(count as u64 / 2)));
    let of = |path: &str| {
        let systems = report["systems"].as_array().unwrap().iter();
        systems.filter(|system| system["path"].as_str().unwrap().ends_with(path)).count()
    };
    let (last, other) = (format!("winnt{}", count - 1), format!("winnt{}", count - 3));
    assert_eq!((of("VM4"), of(&last), of(&other)), (1, 1, 0), "each as it is spelt");
}

/// A PATH below another one is read once: its fixes counted twice (issue 13, point 6).
#[test]
fn a_path_below_another_is_read_once() {
    let folder = world();
    let (_, alone, _) = scan(&folder, &["one", "--one-line"]);
    let (code, both, err) = scan(&folder, &["one", "one/WINNT", "--one-line"]);
    assert_eq!((code, both.as_str()), (1, alone.as_str()), "{err}");
    assert!(err.contains("is below one"), "{err}");
}
