//! Systems whose updates the built-in catalogue does not know are not clean without a word (issues 13 and 15).

use std::fs;
use std::process::Command;

use hotfixcheck_testkit::pe_builder::PeBuilder;
use serde_json::Value;
use tempfile::TempDir;

/// The report on a tree with this kernel, built at this second of 1970 UTC.
fn report(version: [u16; 4], built: u32, args: &[&str]) -> Value {
    let folder = TempDir::new().unwrap();
    let kernel = folder.path().join("Windows/System32/ntoskrnl.exe");
    fs::create_dir_all(kernel.parent().unwrap()).unwrap();
    fs::write(kernel, PeBuilder::new().fixed(version, version).time_stamp(built).build()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["scan", ".", "--no-config", "--all", "--json"])
        .args(args)
        .current_dir(folder.path())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn warnings(report: &Value) -> String {
    let all = report["warnings"].as_array().unwrap().iter();
    all.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const OF_2009: u32 = 1_239_000_000;
const OF_2014: u32 = 1_394_600_000;

/// A Windows XP of 2014 was clean without a word: the catalogue's facts about files end in 2011.
#[test]
fn a_kernel_later_than_the_catalogues_files_is_said() {
    let of = |version, built, args: &[&str]| warnings(&report(version, built, args));
    let said = "Windows/System32/ntoskrnl.exe was built on 2014-03-12, after the catalogue's last day for files (2011-03-08): \
                later fixes are not known";
    assert!(of([5, 1, 2600, 6532], OF_2014, &[]).contains(said));
    assert!(!of([5, 1, 2600, 5781], OF_2009, &[]).contains("are not known"));
    // The rollups of Windows 7 and of Server 2008 are stated as builds.
    assert!(!of([6, 1, 7601, 18409], OF_2014, &[]).contains("last day for files"));
    assert!(!of([6, 0, 6002, 19034], OF_2014, &["--os", "Windows Server 2008 SP2"]).contains("last day for files"));
    assert!(of([6, 0, 6002, 19034], OF_2014, &["--os", "Windows Vista SP2"]).contains(said));
}

/// Windows 8 has neither files nor rollups in the catalogue: "no missing fixes found".
#[test]
fn a_system_without_any_update_in_the_catalogue_is_said() {
    let of = |name: &str| warnings(&report([6, 2, 9200, 16384], OF_2014, &["--os", name]));
    let text = of("Windows 8");
    assert!(text.contains("the system is 9200.16384"), "{text}");
    assert!(
        text.contains("the catalogue has no update for a client of this build: missing updates are not known"),
        "{text}"
    );
    assert!(!of("Windows Server 2012").contains("has no update"));
}

/// `--os` threw the kernel's build away: no rollup was judged, and the report was clean.
#[test]
fn a_name_of_the_system_leaves_the_build_to_its_kernel() {
    let likely = |name: &[&str], version| report(version, OF_2014, name)["summary"]["likely_missing"].as_u64().unwrap();
    let kernel = [6, 3, 9600, 20000];
    assert!(likely(&["--os", "Windows Server 2012 R2"], kernel) >= likely(&[], kernel));
    assert!(likely(&[], kernel) > 10);
    assert!(likely(&["--os", "Windows 7 SP1"], [6, 1, 7601, 24545]) > 10);
    // The kernel of another Windows says nothing of the given one.
    assert_eq!(likely(&["--os", "Windows 7 SP1"], kernel), 0);
}
