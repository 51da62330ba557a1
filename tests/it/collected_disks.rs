//! Disks as collectors pack them, and images inside archives and media (issue 16, points 5 to 7).

use std::fs;

use crate::archives::{SAMPLES, bare, judged, paths, pe, python, world};
use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools::run;
use serde_json::Value;

/// Velociraptor reads hives with another accessor than files, and percent-encodes characters of names: all of it is one
/// volume, with the names that Windows has (issue 16, point 7).
#[test]
fn what_velociraptor_collected_in_two_ways_is_one_system() {
    let world = World::new(vec![]);
    let program = format!(
        r#"
import os, zipfile
from urllib.parse import quote
tree = {SAMPLES:?} + "/win2000"
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)
            own = os.path.relpath(path, tree).replace(os.sep, "/")
            way = "ntfs/%5C%5C.%5CC%3A/" if "/config/" in own else "auto/C%3A/"
            archive.write(path, "uploads/" + way + quote(own))
            if own.endswith("tapisrv.exe"):
                archive.write(path, "uploads/auto/C%3A/Other%20%28x86%29/" + name)
    archive.writestr("uploads.json", "{{}}")
"#
    );
    if !python(&world.path(""), &program) {
        return;
    }
    let plain = format!("{SAMPLES}/win2000");
    let scan = |arguments: &[&str]| {
        let all = [&["scan", "--all", "--include-inactive", "--format", "json"], arguments].concat();
        let (code, out, err) = world.run(&all);
        assert_eq!(err, "");
        (code, out)
    };
    let (code, expected) = scan(&[&plain]);
    let place = "case.zip:/uploads/C:/WINNT";
    let (found_code, found) = scan(&[place]);
    let winnt = format!("{plain}/WINNT");
    assert_eq!(bare(&found, place), bare(&scan(&[&winnt]).1, &winnt));
    let (whole_code, whole) = scan(&["--exclude", "**/Other (x86)/*", "case.zip"]);
    assert_eq!((found_code, whole_code), (code, code));
    let (whole, expected): (Value, Value) =
        (serde_json::from_str(&whole).unwrap(), serde_json::from_str(&expected).unwrap());
    assert_eq!(paths(&whole, "case.zip:/uploads/C:/"), paths(&expected, ""));
    assert!(whole["systems"].is_null(), "one system: {}", whole["systems"]);
    // Unpacked to a folder, it is the same system with the same paths (issue 16), also below its first folders.
    assert!(python(&world.path(""), "import zipfile\nzipfile.ZipFile('case.zip').extractall('case')"));
    for (root, place) in [("case", "uploads/C:/"), ("case/uploads", "C:/")] {
        let (folder_code, folder) = scan(&["--exclude", "**/Other (x86)/*", root]);
        let folder: Value = serde_json::from_str(&folder).unwrap();
        assert_eq!(folder_code, code, "{root}");
        assert_eq!(paths(&folder, place), paths(&expected, ""), "{root}");
        assert!(folder["systems"].is_null(), "{root}: one system: {}", folder["systems"]);
    }
    let volume = "case/uploads/auto/C%3A";
    let (_, folder) = scan(&["--include", "**/Other (x86)/*", volume]);
    assert!(folder.contains("Other (x86)/"), "{folder}");
}

/// Several accessors can have read one file: one of them counts, the same in every run, and a message names the file (issue 16).
#[test]
fn a_file_that_two_accessors_of_a_collector_read_is_one_file() {
    let world = world();
    for (way, revision) in [("auto/C%3A", 50), ("ntfs/%5C%5C.%5CC%3A", 100), ("mft/%5C%5C.%5CC%3A", 60)] {
        world.write(&format!("case/uploads/{way}/WINNT/System32/a.dll"), &pe(revision));
        world.write(&format!("case/uploads/{way}/WINNT/%24hf_mig%24/b.dll"), &pe(50));
    }
    world.write("case/uploads/ntfs_vss/%5C%5C.%5CC%3A/WINNT/System32/a.dll", &pe(10));
    let (code, out, err) = world.scan(&["--all", "--format", "json", "--kb", "Q310626", "case/uploads"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let said =
        "C:/WINNT/System32/a.dll: several accessors of the collector read this file: the last one by name is used";
    assert_eq!(err.matches(said).count(), 1, "{err}");
    assert_eq!(code, 1, "the shadow copy is another system: {out}");
    let systems = report["systems"].as_array().unwrap();
    assert_eq!(systems.len(), 2, "{systems:?}");
    let files: Vec<String> = report["articles"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|article| article["findings"].as_array().unwrap())
        .filter_map(|finding| Some(format!("{} {}", finding["file"]["path"].as_str()?, finding["verdict"].as_str()?)))
        .collect();
    assert!(files.contains(&"C:/WINNT/System32/a.dll fixed".to_owned()), "{files:?}");
    assert!(files.contains(&"ntfs_vss/C:/WINNT/System32/a.dll missing".to_owned()), "{files:?}");
    // The copy of an update's own folder does not run.
    assert!(!files.iter().any(|file| file.contains("b.dll missing")), "{files:?}");
}

#[test]
fn a_collected_disk_in_an_archive_is_judged_with_it() {
    let world = world();
    let volume = |name: &str, revision| NtfsBuilder::new().file(name, &pe(revision), Stored::Plain).build();
    let disk =
        media::mbr(&[(7, 64, &volume("WINNT/System32/a.dll", 99)), (7, 4096, &volume("WINNT/System32/b.dll", 99))]);
    world.write("disk.raw", &disk);
    let program = r#"
import zipfile
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write("disk.raw", "C/disk.raw")
    archive.writestr("C/notes.img", "no image")
"#;
    if !python(&world.path(""), program) {
        return;
    }
    let case = "case.zip";
    let (code, paths, unread) = judged(&world, case);
    assert_eq!((code, unread), (1, vec![]));
    let inside = |volume: u8, name: &str| format!("case.zip:/C/disk.raw:p{volume}/WINNT/System32/{name}");
    assert_eq!(paths, [inside(1, "a.dll"), inside(2, "b.dll")]);
    // Patterns match inside an archive as in folders.
    let (code, _, err) = world.scan(&["--exclude", "WINNT/System32/*.dll", case]);
    assert_eq!(code, 4, "{err}");
    // One of its volumes, and a folder of that volume.
    assert_eq!(judged(&world, &format!("{case}:/C/disk.raw:p2")).1, ["WINNT/System32/b.dll"]);
    assert_eq!(judged(&world, &format!("{case}:/c/DISK.raw:p1/WINNT")).1, ["System32/a.dll"]);
    let (code, _, err) = world.scan(&[&format!("{case}:/C/disk.raw:/WINNT")]);
    assert!(code == 2 && err.contains("there are 2 volumes in it"), "{err}");
    let (code, _, err) = world.scan(&[&format!("{case}:/C/notes.img:/WINNT")]);
    assert!(code == 2 && err.contains("notes.img' is not a disk image"), "{err}");
}

/// Issue 16, point 5: collectors name images and folders by host and time. The same disk, collected again in any way,
/// has the same findings in every format, baseline and comparison, and patterns match its files as in a folder.
#[test]
fn how_a_disk_was_collected_is_no_part_of_a_finding() {
    let world = World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100")])]);
    let volume = NtfsBuilder::new().file("WINNT/System32/a.dll", &pe(99), Stored::Plain).build();
    world.write("disk.img", &volume);
    world.pe("WINNT/System32/a.dll", 99);
    let program = r#"
import shutil, tarfile, zipfile
def pack(name, path, source):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(source, path)
        archive.writestr("2026.log", "when it was made")
pack("first.zip", "2026-10-01T010101_HOST.img", "disk.img")
pack("second.zip", "case 18/2026-11-01T020202_HOST.img", "disk.img")
def folder(name, folder):
    with tarfile.open(name, "w") as archive:
        archive.add("WINNT", folder + "/WINNT")
folder("third.tar", "case17")
folder("fourth.tar", "case18")
shutil.copyfile("third.tar", "case.tar")
with zipfile.ZipFile("fifth.zip", "w") as archive: archive.write("fourth.tar", "2026/fourth.tar")
def both(name, day):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for disk in "CD": archive.write("disk.img", f"{day}/{day}T101112_HOST_{disk}.img")
both("sixth.zip", "2026-10-01")
both("seventh.zip", "2026-11-01")
"#;
    if !python(&world.path(""), program) {
        return;
    }
    let prints = |path: &str, snapshot: bool| {
        let source: &[&str] = if snapshot { &["--inventory", "host.json"] } else { &[path] };
        let report = world.report("report.json", source);
        let of = |article: &Value| article["findings"].as_array().cloned().unwrap();
        let findings = report["articles"].as_array().unwrap().iter().flat_map(of);
        findings.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let one = ["Q310626|winnt/system32/a.dll|i386"];
    let names = ["disk.img", "first.zip", "second.zip", "third.tar", "fourth.tar", "fifth.zip"];
    for name in names.into_iter().step_by(one_of(2)) {
        assert_eq!(prints(name, false), one, "{name}");
        let (code, _, err) = world.run(&["inventory", name, "-o", "host.json"]);
        assert_eq!(code, 0, "{name}: {err}");
        assert_eq!(prints(name, true), one, "the snapshot of {name}");
        for format in ["sarif", "codequality", "json"] {
            let (_, out, _) = world.scan(&["--format", format, name]);
            assert!(out.contains(one[0]), "{name}: {format}");
        }
        // The first collection makes all findings of a second one known, in any format.
        world.report("before.json", &["first.zip"]);
        let (code, _, err) = world.scan(&["--baseline", "before.json", name]);
        assert_eq!(code, 0, "{name}: {err}");
        world.report("after.json", &[name]);
        let (code, out, _) = world.run(&["diff", "before.json", "after.json"]);
        assert!(code == 0 && !out.contains("a.dll"), "{name}: {out}");
        // Policies as in a folder.
        assert_eq!(world.scan(&["--exclude", "WINNT/System32/*.dll", name]).0, 4, "{name}");
        assert_eq!(world.scan(&["--include", "winnt/system32/a.dll", name]).0, 1, "{name}");
        let waiver =
            "[[waiver]]\nkb = \"Q310626\"\npath = \"WINNT/System32/a.dll\"\nreason = \"x\"\nexpires = 2027-01-01\n";
        world.write("waivers.toml", waiver.as_bytes());
        assert_eq!(world.scan(&["--config", "waivers.toml", name]).0, 0, "{name}");
    }
    // Two images keep the names that distinguish them.
    let two = ["Q310626|_host_c.img%3a/winnt/system32/a.dll|i386", "Q310626|_host_d.img%3a/winnt/system32/a.dll|i386"];
    for name in ["sixth.zip", "seventh.zip"] {
        let mut found = prints(name, false);
        found.sort();
        assert_eq!(found, two, "{name}");
    }
}

#[test]
fn a_damaged_image_in_an_archive_is_named() {
    let world = world();
    world.write("disk.vhdx", &[b"vhdxfile".as_slice(), &[0; 4096]].concat());
    world.pe("a.dll", 100);
    world.pe("b.dll", 100);
    let program = r#"
import zipfile
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for name in "a.dll", "b.dll", "disk.vhdx": archive.write(name)
"#;
    if !python(&world.path(""), program) {
        return;
    }
    let (code, _, unread) = judged(&world, "case.zip");
    assert_eq!(code, 3);
    assert!(unread.len() == 1 && unread[0].contains("case.zip:/disk.vhdx"), "{unread:?}");
}

#[test]
fn a_windows_image_on_a_medium_is_a_place() {
    let world = world();
    for (image, revision) in [("home", 99), ("server", 100)] {
        world.pe(&format!("{image}/Windows/System32/a.dll"), revision);
    }
    fs::create_dir_all(world.path("medium/sources")).unwrap();
    let folder = world.path("");
    let capture = |command: &str, image: &str, title: &str| {
        let arguments = [command, image, "medium/sources/install.wim", title];
        run("wimlib-imagex", "wimtools", &arguments, &folder).is_some()
    };
    if !capture("capture", "home", "Windows Home") || !capture("append", "server", "Windows Server") {
        return;
    }
    let make = ["-quiet", "-udf", "-o", "win.iso", "medium"];
    if run("genisoimage", "genisoimage", &make, &folder).is_none() {
        return;
    }
    let iso = "win.iso";
    for (place, code) in
        [("1/Windows", 1), ("2/Windows", 0), ("Windows Server", 0), ("windows home/windows/SYSTEM32", 1)]
    {
        let (found, paths, _) = judged(&world, &format!("{iso}:/sources/install.wim:{place}"));
        assert_eq!((found, paths.len()), (code, 1), "{place}");
    }
    // For the medium itself, its folder, and the image without a number, the message says what to give as PATH (issue
    // 16).
    for place in [iso, "win.iso:/sources", "medium"] {
        let (code, _, err) = world.scan(&[place]);
        assert!(code == 4 && err.contains("install.wim: an image, which is not opened"), "{place}: {err}");
    }
    let (code, _, err) = world.scan(&["win.iso:/sources/install.wim"]);
    assert!(code == 2 && err.contains("there are 2 volumes in it"), "{err}");
    // A number is that of an image, also where another one has it as its name.
    assert!(capture("append", "home", "2"));
    let (found, paths, _) = judged(&world, "medium/sources/install.wim:2/Windows");
    assert_eq!((found, paths.len()), (0, 1));
    // Images in ESD files have names, too.
    fs::rename(world.path("medium/sources/install.wim"), world.path("install.esd")).unwrap();
    let (found, paths, _) = judged(&world, "install.esd:windows server/Windows");
    assert_eq!((found, paths.len()), (0, 1));
    let (code, _, err) = world.scan(&[&format!("{iso}:/sources/install.wim:3/Windows")]);
    assert!(code == 2 && err.contains("there are 2 volumes in it"), "{err}");
    let (code, _, err) = world.scan(&[&format!("{iso}:/sources/boot.wim:1/Windows")]);
    assert!(code == 2 && err.contains("boot.wim"), "{err}");
}
