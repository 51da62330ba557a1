//! Snapshots of the collectors for old machines (issue 17): they give the verdicts of a scan of the files.
//! `scripts/test_collectors.sh` builds and runs the collectors. The snapshots that they wrote of the samples are kept
//! in `collectors/`, so that a snapshot of a released collector stays readable.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use hotfixcheck::inventory::snapshot;
use hotfixcheck::report::ReportFormat;
use tempfile::TempDir;

/// The time of each file when the collectors ran.
const MODIFIED: Duration = Duration::from_secs(1_009_886_400);

fn collected(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/collectors").join(name)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let (path, target) = (item.as_ref().unwrap().path(), to.join(item.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::write(&target, fs::read(&path).unwrap()).unwrap();
            File::options().write(true).open(&target).unwrap().set_modified(SystemTime::UNIX_EPOCH + MODIFIED).unwrap();
        }
    }
}

/// Exit code and reports of a scan in this folder, in the order of [`ReportFormat::ALL`]: one run writes them all.
fn scan(folder: &Path, source: &[&str]) -> (Option<i32>, Vec<String>) {
    let files: Vec<PathBuf> = ReportFormat::ALL.iter().map(|format| folder.join(format.name())).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    command.arg("scan").args(source).current_dir(folder);
    command.args(["--no-config", "--no-progress", "--all", "--plan", "--include-inactive"]);
    for (format, file) in ReportFormat::ALL.iter().zip(&files) {
        command.args(["--format", format.name(), "-o"]).arg(file);
    }
    let status = command.status().unwrap();
    (status.code(), files.iter().map(|file| fs::read_to_string(file).unwrap()).collect())
}

#[test]
fn snapshots_of_the_collectors_have_the_verdicts_of_a_direct_scan_issue_17() {
    let folder = TempDir::new().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample"), &folder.path().join("sample"));
    for (name, tree) in
        [("nt4.exe.json", "sample/nt4"), ("win2000.exe.json", "sample/win2000"), ("nt4.vbs.json", "sample/nt4")]
    {
        let snapshot = collected(name).to_str().unwrap().to_owned();
        let (direct, judged) = (scan(folder.path(), &[tree]), scan(folder.path(), &["--inventory", &snapshot]));
        assert_eq!((direct.0, judged.0), (Some(1), Some(1)), "{tree} {name}");
        for (format, (direct, judged)) in ReportFormat::ALL.iter().zip(direct.1.iter().zip(&judged.1)) {
            assert!(direct == judged, "{name} {}", format.name());
        }
    }
}

#[test]
fn a_snapshot_of_hfcollect_is_the_one_of_hotfixcheck_but_for_its_tool_and_its_coverage_issue_17() {
    for name in ["nt4.exe.json", "win2000.exe.json"] {
        let bytes = fs::read(collected(name)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains("\"coverage\":null"), "{name}: every file is recorded");
        let written = String::from_utf8(snapshot::write(&snapshot::read(&bytes).unwrap()).unwrap()).unwrap();
        // The member for the tool is one line.
        let without_tool = |text: &str| {
            text.lines().filter(|line| !line.starts_with("\"tool\"")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(without_tool(&written), without_tool(&text), "{name}");
    }
}

#[test]
fn the_scripts_bear_the_version_of_the_program_issue_17() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("collectors");
    let version = env!("CARGO_PKG_VERSION");
    for (script, line) in [
        ("hfcollect.vbs", format!("Const VERSION = \"{version}\"")),
        ("hfcollect.ps1", format!("$Version = '{version}'")),
    ] {
        let text = fs::read_to_string(folder.join(script)).unwrap();
        assert!(text.lines().any(|own| own == line), "{script}: no line {line}");
        assert!(text.is_ascii(), "{script}: an old Windows reads it in its own code page");
    }
}
