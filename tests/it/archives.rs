//! Archives of collected files, and images in other ones, as PATH (issue 16, points 6 and 7): judged as the folder is.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::files::of_folder;
use hotfixcheck_testkit::media;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::tools::run;
use serde_json::Value;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample");

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

fn world() -> World {
    World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100"), row("b.dll", "4.0.1381.100")])])
}

#[track_caller]
fn python(folder: &Path, program: &str) -> bool {
    run("python3", "python3", &["-c", program], folder).is_some()
}

/// The exit code, the paths of the files in the findings, and what could not be read.
#[track_caller]
fn judged(world: &World, path: &str) -> (i32, Vec<String>, Vec<String>) {
    let (code, out, err) = world.scan(&["--all", "--format", "json", "--kb", "Q310626", path]);
    assert!(code != 2, "{path}: {err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let findings = report["articles"][0]["findings"].as_array().cloned().unwrap_or_default();
    let path = |finding: &Value| finding["file"]["path"].as_str().map(str::to_owned);
    let unread = report["unreadable"].as_array().unwrap();
    (code, findings.iter().filter_map(path).collect(), unread.iter().map(Value::to_string).collect())
}

/// A report without the name of the tree and the times of files, which archives keep otherwise.
fn bare(report: &str, tree: &str) -> String {
    let lines = report.lines().filter(|line| !line.trim_start().starts_with("\"modified\""));
    lines.collect::<Vec<_>>().join("\n").replace(&format!("{tree}:/"), "").replace(tree, "TREE")
}

#[test]
fn an_archive_of_a_tree_has_the_report_of_the_tree() {
    let world = World::builtin();
    let folder = world.path("");
    let program = format!(
        r#"
import shutil
for tree in "nt4", "win2000":
    for form in "zip", "tar", "gztar":
        shutil.make_archive(tree + "-" + form, form, {SAMPLES:?} + "/" + tree)
"#
    );
    if !python(folder.as_ref(), &program) {
        return;
    }
    for tree in ["nt4", "win2000"] {
        let plain = format!("{SAMPLES}/{tree}");
        let options = ["--all", "--include-inactive", "--format", "json"];
        let (code, expected, _) = world.scan(&[&options[..], &[plain.as_str()]].concat());
        for (form, extension) in [("zip", "zip"), ("tar", "tar"), ("gztar", "tar.gz")] {
            let name = format!("{tree}-{form}.{extension}");
            let path = world.path(&name);
            let place = format!("{path}:/");
            for (asked, root) in [(path.as_str(), name.as_str()), (place.as_str(), "")] {
                let (found_code, found, err) = world.scan(&[&options[..], &[asked]].concat());
                assert_eq!(found_code, code, "{asked}: {err}");
                if root.is_empty() {
                    assert_eq!(bare(&found, asked), bare(&expected, &plain), "{asked}");
                }
                let paths = |report: &str| -> Vec<String> {
                    let report: Value = serde_json::from_str(report).unwrap();
                    let files = report["files"].as_array().unwrap();
                    let bare = |file: &Value| file["path"].as_str().unwrap().replace(&format!("{name}:/"), "");
                    files.iter().map(bare).collect()
                };
                assert_eq!(paths(&found), paths(&expected), "{asked}");
            }
        }
    }
}

#[test]
fn a_collected_disk_in_an_archive_is_judged_with_it() {
    let world = world();
    let volume = |name: &str, revision| NtfsBuilder::new().file(name, &pe(revision), Stored::Plain).build();
    let disk =
        media::mbr(&[(7, 64, &volume("WINNT/System32/a.dll", 99)), (7, 4096, &volume("WINNT/System32/b.dll", 99))]);
    world.put("disk.raw", &disk);
    let program = r#"
import zipfile
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write("disk.raw", "C/disk.raw")
    archive.writestr("C/notes.img", "no image")
"#;
    if !python(world.path("").as_ref(), program) {
        return;
    }
    let case = world.path("case.zip");
    let (code, paths, unread) = judged(&world, &case);
    assert_eq!((code, unread), (1, vec![]));
    let inside = |volume: u8, name: &str| format!("case.zip:/C/disk.raw:p{volume}/WINNT/System32/{name}");
    assert_eq!(paths, [inside(1, "a.dll"), inside(2, "b.dll")]);
    // Patterns match inside as in folders.
    let (code, _, err) = world.scan(&["--exclude", "WINNT/System32/*.dll", &case]);
    assert_eq!(code, 4, "{err}");
    // One of its volumes, and a folder of that.
    assert_eq!(judged(&world, &format!("{case}:/C/disk.raw:p2")).1, ["WINNT/System32/b.dll"]);
    assert_eq!(judged(&world, &format!("{case}:/c/DISK.raw:p1/WINNT")).1, ["System32/a.dll"]);
    let (code, _, err) = world.scan(&[&format!("{case}:/C/disk.raw:/WINNT")]);
    assert!(code == 2 && err.contains("there are 2 volumes in it"), "{err}");
    let (code, _, err) = world.scan(&[&format!("{case}:/C/notes.img:/WINNT")]);
    assert!(code == 2 && err.contains("notes.img' is not a disk image"), "{err}");
}

#[test]
fn a_damaged_image_in_an_archive_is_named() {
    let world = world();
    world.put("disk.vhdx", &[b"vhdxfile".as_slice(), &[0; 4096]].concat());
    world.put("a.dll", &pe(100));
    world.put("b.dll", &pe(100));
    let program = r#"
import zipfile
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for name in "a.dll", "b.dll", "disk.vhdx": archive.write(name)
"#;
    if !python(world.path("").as_ref(), program) {
        return;
    }
    let (code, _, unread) = judged(&world, &world.path("case.zip"));
    assert_eq!(code, 3);
    assert!(unread.len() == 1 && unread[0].contains("case.zip:/disk.vhdx"), "{unread:?}");
}

#[test]
fn a_windows_image_on_a_medium_is_a_place() {
    let world = world();
    for (image, revision) in [("home", 99), ("server", 100)] {
        world.put(&format!("{image}/Windows/System32/a.dll"), &pe(revision));
    }
    fs::create_dir_all(world.path("medium/sources")).unwrap();
    let folder = world.path("");
    let capture = |command: &str, image: &str, title: &str| {
        let arguments = [command, image, "medium/sources/install.wim", title];
        run("wimlib-imagex", "wimtools", &arguments, folder.as_ref()).is_some()
    };
    if !capture("capture", "home", "Windows Home") || !capture("append", "server", "Windows Server") {
        return;
    }
    let make = ["-quiet", "-udf", "-o", "win.iso", "medium"];
    if run("genisoimage", "genisoimage", &make, folder.as_ref()).is_none() {
        return;
    }
    let iso = world.path("win.iso");
    for (place, code) in
        [("1/Windows", 1), ("2/Windows", 0), ("Windows Server", 0), ("windows home/windows/SYSTEM32", 1)]
    {
        let (found, paths, _) = judged(&world, &format!("{iso}:/sources/install.wim:{place}"));
        assert_eq!((found, paths.len()), (code, 1), "{place}");
    }
    let (code, _, err) = world.scan(&[&format!("{iso}:/sources/install.wim:3/Windows")]);
    assert!(code == 2 && err.contains("there are 2 volumes in it"), "{err}");
    let (code, _, err) = world.scan(&[&format!("{iso}:/sources/boot.wim:1/Windows")]);
    assert!(code == 2 && err.contains("boot.wim"), "{err}");
    assert_eq!(of_folder(Path::new(&world.path("home"))).len(), 1);
}
