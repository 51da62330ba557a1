//! Every format over the sample trees, as the program prints it: reviewed snapshots.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use hotfixcheck::report::ReportFormat;
use tempfile::TempDir;

/// Copies a tree and gives all files the same time, because the files of a clone have the time of the clone.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let (path, target) = (item.as_ref().unwrap().path(), to.join(item.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::write(&target, fs::read(&path).unwrap()).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_003_261_696);
            File::options().write(true).open(&target).unwrap().set_modified(time).unwrap();
        }
    }
}

#[test]
fn every_format_over_the_sample_trees() {
    let folder = TempDir::new().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    for sample in ["nt4", "win2000"] {
        copy(&samples.join(sample), &folder.path().join(sample));
        for format in ReportFormat::ALL.map(ReportFormat::name) {
            let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
                .args(["scan", sample, "--no-config", "--no-progress", "--plan", "--format", format])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(1), "{sample} {format}");
            let text = String::from_utf8(output.stdout).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION");
            let text = match (text.find("<body>"), text.rfind("<script>")) {
                // Style and script are separate files.
                (Some(start), Some(end)) if format == "html" => text[start..end].to_owned(),
                _ => text,
            };
            insta::assert_snapshot!(format!("{sample}_{format}"), text);
        }
    }
}

/// Issue 15: fixed articles stood under the first product of their list: KB835732 on Windows XP under "Windows Server 2003", KB977165
/// on Windows 7 under "Windows 2000 Service Pack 4".
#[test]
fn fixed_articles_are_under_their_own_windows() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    for (sample, own, id) in [("winxp", "Windows XP", "KB835732"), ("windows7", "Windows 7", "KB977165")] {
        let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
            .args(["scan", sample, "--no-config", "--no-progress", "--all", "--json"])
            .current_dir(&samples)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut seen = false;
        for article in report["articles"].as_array().unwrap() {
            let group = article["group"].as_str().unwrap();
            let is_other = group.contains("Windows") && !group.contains(own);
            assert!(!is_other, "{sample}: {} is under {group}", article["id"]);
            seen |= article["id"] == id;
        }
        assert!(seen, "{sample}: {id}");
    }
}
