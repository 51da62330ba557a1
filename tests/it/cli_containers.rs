//! `scan` of cabinets and images as a user runs it: which files are judged, which are listed separately, which are
//! damaged.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_testkit::cab_builder::{CabBuilder, Method, cab};
use hotfixcheck_testkit::files::of_folder;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::packed_builder::szdd;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use serde_json::Value;
use tempfile::TempDir;

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

/// A tree with these files, and a catalogue that requires 4.0.1381.100 of A.DLL.
fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join("tree").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let catalog: Catalog = [article("Q310626", vec![row("A.DLL", "4.0.1381.100")])].into_iter().collect();
    fs::write(folder.path().join("catalog.tsv"), catalog::write(&catalog)).unwrap();
    folder
}

/// The exit code and the report of a scan of a path in the folder.
fn scan(folder: &Path, path: &str) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["scan", "--all", "--include-inactive", "--format", "json", "--catalog"])
        .arg(folder.join("catalog.tsv"))
        .arg(folder.join(path))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_packed_file_of_later_media_is_judged_as_the_file_it_was() {
    for (name, method) in [("A.DL_", Method::Lzx), ("a.dl_", Method::Mszip), ("A.DLL", Method::Stored)] {
        let file = CabBuilder::new().folder(method, &[("a.dll", &pe(99))]).build();
        let world = tree(&[(name, &file)]);
        let (code, report) = scan(world.path(), "tree");
        assert_eq!(code, 1, "{name}");
        assert_eq!(report["articles"][0]["status"], "missing");
    }
    // Another file's name, or several files: not the file that the name promises.
    for members in [&[("b.dll", pe(99).as_slice())][..], &[("a.dll", &pe(99)), ("b.dll", &pe(99))]] {
        let world = tree(&[("A.DL_", &cab(members))]);
        let (code, _) = scan(world.path(), "tree");
        assert_eq!(code, if members.len() > 1 { 3 } else { 4 });
    }
}

#[test]
fn a_packed_file_beside_the_unpacked_one_is_no_copy_that_runs() {
    for packed in [cab(&[("a.dll", &pe(99))]), szdd(&pe(99), b'L')] {
        let world = tree(&[("a.dll", &pe(100)), ("A.DL_", &packed), ("other/b.dll", b"x")]);
        let (code, report) = scan(world.path(), "tree");
        assert_eq!((code, &report["articles"][0]["status"]), (0, &Value::from("fixed")), "{report:#}");
        // In another folder it may be the only one that runs.
        let world = tree(&[("one/a.dll", &pe(100)), ("two/A.DL_", &packed)]);
        let (code, report) = scan(world.path(), "tree");
        assert_eq!((code, &report["articles"][0]["status"]), (1, &Value::from("partial")));
    }
}

#[test]
fn members_of_cabinets_are_listed_apart_and_never_missing() {
    let old = cab(&[("readme.txt", b"text"), ("a.dll", &pe(99))]);
    let world = tree(&[("System32/a.dll", &pe(100)), ("Options/Driver.CAB", &old), ("data1.cab", b"ISc(other")]);
    let (code, report) = scan(world.path(), "tree");
    assert_eq!((code, &report["articles"][0]["status"]), (0, &Value::from("fixed")));
    assert!(report.to_string().contains("Options/Driver.CAB:/a.dll"), "{report:#}");
    // Without an active copy there is nothing to judge; if the cabinet itself is given, its members are judged.
    let world = tree(&[("Options/Driver.CAB", &old)]);
    assert_eq!(scan(world.path(), "tree").0, 4);
    let (code, report) = scan(world.path(), "tree/Options/Driver.CAB");
    assert_eq!((code, &report["articles"][0]["status"]), (1, &Value::from("missing")));
    assert!(report.to_string().contains("Driver.CAB:/a.dll"));
}

#[test]
fn a_damaged_cabinet_is_named() {
    let file = cab(&[("a.dll", &pe(99))]);
    let (cut, head) = (&file[..file.len() - 9], &file[..40]);
    for damaged in [cut, head] {
        let world = tree(&[("System32/a.dll", &pe(100)), ("x.cab", damaged)]);
        let (code, report) = scan(world.path(), "tree");
        assert!(report.to_string().contains("cabinet: truncated"), "{report:#}");
        assert_eq!(code, 0, "an installation source is named, but the answer does not depend on it");
        let (code, report) = scan(world.path(), "tree/x.cab");
        assert!(report.to_string().contains("cabinet: truncated"), "{report:#}");
        assert_eq!(code, 3, "who asks for the cabinet itself gets no answer");
    }
    let world = tree(&[("A.DL_", cut)]);
    let (code, report) = scan(world.path(), "tree");
    assert_eq!((code, &report["articles"][0]["status"]), (3, &Value::from("unknown")));
}

const WIN2000: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/win2000");

/// The exit code and the report of a scan with the built-in catalogue; times of files are left out.
fn scan_sample(path: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["scan", "--all", "--include-inactive", "--format", "json"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("\"modified\""));
    let lines: Vec<&str> = lines.collect();
    (output.status.code().unwrap(), lines.join("\n"))
}

#[test]
fn an_image_has_the_verdicts_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let mut volume = NtfsBuilder::new();
    for (number, (path, bytes)) in of_folder(Path::new(WIN2000)).into_iter().enumerate() {
        let stored = [Stored::Plain, Stored::Compressed, Stored::Extended][number % 3];
        volume = volume.file(&path, &bytes.unwrap(), stored);
    }
    fs::write(folder.path().join("disk.dat"), volume.build()).unwrap();
    let (code, of_image) = scan_sample(&folder.path().join("disk.dat"));
    let (expected, of_folder) = scan_sample(Path::new(WIN2000));
    assert!(of_image.contains("disk.dat:/WINNT/System32/rsaenh.dll"), "{of_image}");
    // The trees have other paths, and those of the files begin with the image; the rest is the same byte for byte.
    let tree = |path: &Path| Value::from(path.to_str().unwrap()).to_string();
    let of_image = of_image
        .replace("disk.dat:/", "")
        .replace("disk.dat%3a/", "")
        .replace(&tree(&folder.path().join("disk.dat")), &tree(Path::new(WIN2000)));
    assert_eq!((code, of_image), (expected, of_folder));
}

#[test]
fn an_image_that_cannot_be_read_could_not_be_scanned() {
    let world = tree(&[("v.vhdx", b"vhdxfile"), ("q.img", b"QFI\xfb\0\0\0\x03"), ("c.vhd", &b"conectix".repeat(64))]);
    for (name, said) in [
        ("v.vhdx", "damaged VHDX image: neither of its headers is whole"),
        ("q.img", "damaged qcow2 image: 0 tables, clusters of 2^0 bytes"),
        ("c.vhd", "damaged VHD image: a disk of type"),
    ] {
        let path = world.path().join("tree").join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck")).arg("scan").arg(&path).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said) && error.contains(name), "{error}");
    }
    // In a folder they are ordinary files, but if nothing else was judged they are reported (issue 18).
    let output =
        Command::new(env!("CARGO_BIN_EXE_hotfixcheck")).arg("scan").arg(world.path().join("tree")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(4) && error.contains("which is not opened inside a folder"), "{error}");
}

#[test]
fn a_damaged_volume_makes_the_scan_incomplete() {
    let volume = || NtfsBuilder::new().file("System32/a.dll", &pe(100), Stored::Plain);
    let mut image = volume().file("System32/b.dll", &pe(100), Stored::Plain).build();
    let world = tree(&[("disk.img", &image)]);
    assert_eq!(scan(world.path(), "tree/disk.img").0, 0);
    // The write of record 26, that of b.dll, was not finished.
    image[4 * 512 + 26 * 1024 + 1022] ^= 0xff;
    let world = tree(&[("disk.img", &image)]);
    let (code, report) = scan(world.path(), "tree/disk.img");
    assert_eq!(code, 3);
    assert!(report.to_string().contains("file record 26 was not written to its end"), "{report:#}");
}

/// Issue 16: zeros or random bytes with the name of an image were a tree with nothing to judge.
#[test]
fn a_file_that_is_called_like_an_image_and_is_none_is_refused() {
    let folder =
        tree(&[("zero.img", &[0; 70_000]), ("noise.vmdk", &[0xa7; 70_000]), ("empty.zip", b""), ("a.bin", &pe(4))]);
    let run = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let command = command.arg("scan").arg("--catalog").arg(folder.path().join("catalog.tsv"));
        let output = command.arg(folder.path().join("tree").join(name)).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for name in ["zero.img", "noise.vmdk", "empty.zip"] {
        let (code, err) = run(name);
        assert!(code == 2 && err.contains(name) && err.contains("is called like an image"), "{name}: {err}");
    }
    assert_ne!(run("a.bin").0, 2, "a program of another name");
    // Among other files it is an ordinary file.
    assert_ne!(run(".").0, 2);
}

/// Advice for a file with the name of an image that is not one (issue 18).
#[test]
fn a_file_that_is_no_image_is_refused_with_a_next_step() {
    let zip = [b"PK\x03\x04".as_slice(), &[0; 600]].concat();
    for (name, bytes, expected) in [
        ("a.img", &b""[..], "'tree/a.img' is called like an image or an archive, but is empty; copy it again"),
        ("a.vmdk", &[0; 4096][..], "but begins with zeros only; it may be encrypted"),
        ("a.wim", &[0xa7; 4096][..], "but begins like none that this program knows; it may be encrypted"),
        ("a.zip", &zip[..], "damaged zip archive: it has no directory at its end: it is cut; copy it again"),
    ] {
        let world = tree(&[(name, bytes)]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let output = command.current_dir(world.path()).args(["scan", &format!("tree/{name}")]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && err.contains(expected), "{name}: {err}");
    }
}
