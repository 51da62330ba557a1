//! Features that only Windows has: the system folder as default, devices in every folder, case-insensitive paths.
#![cfg(windows)]

use std::path::{MAIN_SEPARATOR_STR, Path};

use crate::support::kit::{article, row};
use crate::support::world::World;
use serde_json::Value;

/// A world whose `windows` has System32 with an old file, and `SysWOW64` with a new one.
fn world() -> World {
    let world = World::new(vec![article("Q310626", vec![row("A.DLL", "4.0.1381.100")])]);
    world.pe("windows/System32/a.dll", 99);
    world.pe("windows/SysWOW64/a.dll", 100);
    world
}

#[test]
fn without_a_path_the_system_folder_is_scanned() {
    let world = world();
    let (code, out, err) = world.scan(&["--no-config", "--format", "json"]);
    assert!(code != 2 && err.is_empty(), "{code}: {err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let folder = Path::new(&std::env::var_os("SystemRoot").unwrap()).join("System32");
    assert_eq!(report["trees"][0]["path"], folder.to_str().unwrap());
    assert!(report["files"]["seen"].as_u64().unwrap() > 100, "{report:#}");
}

#[test]
fn separators_and_case_are_those_of_windows_and_paths_below_those_of_reports() {
    let world = world();
    let (code, report) = (world.scan(&["windows"]).0, world.report("report.json", &[r"WINDOWS\system32\", "--all"]));
    assert_eq!((code, &report["trees"][0]["path"]), (1, &Value::from(r"WINDOWS\system32\")));
    let report = world.report("report.json", &["windows"]);
    let findings = report["articles"][0]["findings"].as_array().unwrap();
    let paths: Vec<&str> = findings.iter().map(|f| f["file"]["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["SysWOW64/a.dll", "System32/a.dll"]);
    for (pattern, code) in [(r"windows\system32", 0), (r"*\SYSTEM32\*.DLL", 0), ("System32", 0), (r"system32\*.dll", 1)]
    {
        assert_eq!(world.scan(&[".", "--exclude", pattern]).0, code, "{pattern}");
    }
}

#[test]
fn nul_takes_a_report_and_two_spellings_of_a_file_are_one() {
    let world = world();
    for device in ["NUL", "nul"] {
        assert_eq!(world.scan(&["windows", "-o", device]), (1, String::new(), String::new()));
        assert!(!world.path(".").read_dir().unwrap().any(|item| item.unwrap().file_name() == device), "{device}");
    }
    assert_eq!(world.scan(&["windows", "--format", "json", "-o", "NUL", "--format", "csv", "-o", "NUL"]).0, 1);
    let (code, _, err) = world.scan(&["windows", "--format", "json", "-o", "out", "--format", "csv", "-o", "OUT"]);
    assert!(code == 2 && err.contains("'OUT' is given for two reports"), "{err}");
    // An existing report is replaced, whatever the case of its name.
    assert_eq!((world.scan(&["windows", "-o", "one.txt"]).0, world.scan(&["windows", "-o", "ONE.TXT"]).0), (1, 1));
    let (code, _, err) = world.scan(&["windows", "-o", r"no\such\folder\out.txt"]);
    assert!(code == 2 && err.contains(r"cannot write no\such\folder\out.txt"), "{err}");
}

#[test]
fn paths_longer_than_260_characters_are_read_and_written() {
    let world = world();
    let long = ["a folder with a name of forty characters"; 12].join(MAIN_SEPARATOR_STR);
    // The path of the working folder is short; the tree's paths are not.
    world.pe(&Path::new(&long).join("a.dll").to_string_lossy(), 99);
    let name = format!(r"{long}\report.json");
    let report = world.report(&name, &[&long]);
    assert_eq!((&report["files"]["known"], &report["articles"][0]["status"]), (&1.into(), &"missing".into()));
}
