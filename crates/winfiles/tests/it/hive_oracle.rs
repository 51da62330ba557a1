//! Compares our reader with hivex, on hives of our builder and on any others: `HOTFIXCHECK_HIVES=FOLDER cargo test
//! --test hive_oracle -- --nocapture`. Without Python's hivex module (Debian: python3-hivex) the tests report that and
//! pass.

use std::fs;
use std::path::Path;
use std::process::Command;

use hotfixcheck_testkit::hive_builder::{HiveBuilder, Index};
use hotfixcheck_winfiles::hive::{Hive, Key};

/// The first Python that has hivex: distributions install it only for their own one.
fn python() -> Option<&'static str> {
    let has_hivex = |python: &&str| {
        let answer = Command::new(python).args(["-c", "import hivex"]).output();
        answer.is_ok_and(|output| output.status.success())
    };
    let found = ["python3", "/usr/bin/python3"].into_iter().find(has_hivex);
    if found.is_none() {
        hotfixcheck_testkit::tools::missing("the Python module hivex", "python3-hivex");
    }
    found
}

fn theirs(python: &str, hive: &Path) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/dump_hive.py");
    let output = Command::new(python).arg(script).arg(hive).output().unwrap();
    assert!(output.status.success(), "{}: {}", hive.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn ours(bytes: &[u8]) -> Vec<String> {
    let hive = Hive::open(bytes).unwrap();
    let mut lines = Vec::new();
    walk(&hive.root().unwrap(), "", &mut lines);
    lines.sort();
    lines
}

fn walk(key: &Key<'_, &[u8]>, path: &str, lines: &mut Vec<String>) {
    lines.push(format!("key\t{path}"));
    for value in key.values().unwrap() {
        let value = value.unwrap();
        let hex: String = value.bytes().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        lines.push(format!("value\t{path}\t{}\t{}\t{hex}", escape(value.name()), value.kind()));
    }
    for subkey in key.subkeys().unwrap() {
        let subkey = subkey.unwrap();
        walk(&subkey, &format!("{path}/{}", escape(subkey.name())), lines);
    }
}

fn escape(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' if c != '\\' => c.to_string(),
        _ => format!("\\u{{{:x}}}", u32::from(c)),
    };
    text.chars().map(escape).collect()
}

/// The number of keys and values that both readers agree on.
fn compare(python: &str, path: &Path) -> usize {
    let (ours, theirs) = (ours(&fs::read(path).unwrap()), theirs(python, path));
    let difference = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    assert_eq!(difference, None, "{}", path.display());
    assert_eq!(ours.len(), theirs.len(), "{}", path.display());
    ours.len()
}

/// A hive with everything that the builder supports.
fn full(minor: u32) -> HiveBuilder {
    let mut hive = HiveBuilder::new(minor);
    hive.key("").sz("", "at the root");
    hive.key(r"Microsoft\Windows NT\CurrentVersion")
        .sz("CurrentVersion", "4.0")
        .expand_sz("SystemRoot", "%SystemDrive%\\WINNT")
        .multi_sz("list", &["one", "", "two"])
        .dword("InstallDate", 0x3b00_0000)
        .qword("InstallTime", u64::MAX - 1)
        .raw("big-endian", 5, &[0, 0, 6, 0])
        .raw("no type", 0x7000_0000, b"seven b")
        .binary("nothing", &[])
        .binary("inline", &[1, 2, 3])
        .binary("small", &[9; 300])
        .binary("large", &(0..70_000).map(|at| (at % 253) as u8).collect::<Vec<_>>());
    hive.key("Größe").sz("Ünïcode", "latin");
    hive.key("Размер").sz("Имя", "кириллица");
    for (name, index) in [("lf", Index::Lf), ("lh", Index::Lh), ("li", Index::Li), ("ri", Index::Ri(100))] {
        hive.key(name).index(index);
        for number in 0..301 {
            hive.key(name).key(&format!("Q{number}")).dword("Installed", number);
        }
    }
    hive
}

#[test]
fn hivex_reads_built_hives_the_same() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    // hivex does not support the cells of 1.1.
    for minor in 2..=6 {
        let path = folder.path().join(format!("hive-{minor}"));
        fs::write(&path, full(minor).build()).unwrap();
        assert_eq!(compare(python, &path), 2432);
    }
}

#[test]
fn hivex_reads_other_hives_the_same() {
    let Some(folder) = std::env::var_os("HOTFIXCHECK_HIVES") else {
        return eprintln!("skipped: HOTFIXCHECK_HIVES names no folder");
    };
    let Some(python) = python() else { return };
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        println!("{}: {} keys and values", path.display(), compare(python, &path));
    }
}
