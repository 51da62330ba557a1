//! Archives of collected files, and images inside other images, as PATH (issue 16, points 6 and 7): judged as the
//! folder is.

use std::path::Path;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::tools::run;
use serde_json::Value;

pub(crate) const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample");

pub(crate) fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

pub(crate) fn world() -> World {
    World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100"), row("b.dll", "4.0.1381.100")])])
}

#[track_caller]
pub(crate) fn python(folder: &Path, program: &str) -> bool {
    run("python3", "python3", &["-c", program], folder).is_some()
}

/// The exit code, the paths of the files in the findings, and the unreadable files.
#[track_caller]
pub(crate) fn judged(world: &World, path: &str) -> (i32, Vec<String>, Vec<String>) {
    let (code, out, err) = world.scan(&["--all", "--format", "json", "--kb", "Q310626", path]);
    assert!(code != 2, "{path}: {err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let unread = report["unreadable"].as_array().unwrap();
    (code, paths(&report, ""), unread.iter().map(Value::to_string).collect())
}

/// The paths of the files in the findings, without the given prefix.
pub(crate) fn paths(report: &Value, before: &str) -> Vec<String> {
    let findings = |article: &Value| article["findings"].as_array().cloned().unwrap_or_default();
    let all = report["articles"].as_array().unwrap().iter().flat_map(findings);
    all.filter_map(|finding| finding["file"]["path"].as_str().map(|path| path.replacen(before, "", 1))).collect()
}

/// A report without the name of the tree and the times of files, which archives store differently.
pub(crate) fn bare(report: &str, tree: &str) -> String {
    let lines = report.lines().filter(|line| !line.trim_start().starts_with("\"modified\""));
    lines.collect::<Vec<_>>().join("\n").replace(tree, "TREE")
}

#[test]
fn an_archive_of_a_tree_has_the_report_of_the_tree() {
    let world = World::new(vec![]);
    let program = format!(
        r#"
import shutil
for tree in "nt4", "win2000":
    for form in "zip", "tar", "gztar":
        shutil.make_archive(tree + "-" + form, form, {SAMPLES:?} + "/" + tree)
"#
    );
    if !python(&world.path(""), &program) {
        return;
    }
    for tree in ["nt4", "win2000"] {
        let scan = |path: &str| {
            let (code, out, err) = world.run(&["scan", "--all", "--include-inactive", "--format", "json", path]);
            assert_eq!(err, "");
            (code, out)
        };
        let plain = format!("{SAMPLES}/{tree}");
        let (code, expected) = scan(&plain);
        for extension in ["zip.zip", "tar.tar", "gztar.tar.gz"] {
            let name = format!("{tree}-{extension}");
            let place = format!("{name}:/");
            let (found_code, found) = scan(&place);
            assert_eq!(bare(&found, &place), bare(&expected, &plain), "{place}");
            assert_eq!(found_code, code, "{place}");
            // As a whole, with the archive's name before each path.
            let (found_code, found) = scan(&name);
            assert_eq!(found_code, code, "{name}");
            let found: Value = serde_json::from_str(&found).unwrap();
            let expected: Value = serde_json::from_str(&expected).unwrap();
            assert_eq!(paths(&found, &place), paths(&expected, &place), "{name}");
        }
    }
}

/// Issue 16, point 7: an archive inside an archive is reported if it is not opened, and the scan is incomplete.
#[test]
fn archives_in_an_archive_are_named_and_can_be_scanned_by_their_place() {
    let world = world();
    world.write("a.dll", &pe(100));
    let program = r#"
import gzip, io, tarfile, zipfile
def packed(names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names: archive.write("a.dll", name)
    return out.getvalue()
inner = packed(["WINNT/System32/b.dll"])
with zipfile.ZipFile("case.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write("a.dll", "C/WINNT/System32/a.dll")
    archive.writestr("C/Users/x/more.zip", inner)
    archive.writestr("C/Users/x/log.gz", gzip.compress(b"x"))
    archive.writestr("C/Users/x/text.zip", "no archive")
    archive.writestr("C/Users/x/disk.aff", b"AFF10\r\n\0" + bytes(1000))
with tarfile.open("case.tar", "w") as archive:
    archive.add("a.dll", "C/WINNT/System32/a.dll")
    info = tarfile.TarInfo("more.zip")
    info.size = len(inner)
    archive.addfile(info, io.BytesIO(inner))
with zipfile.ZipFile("only.zip", "w") as archive: archive.writestr("more.zip", inner)
out = io.BytesIO()
with zipfile.ZipFile(out, "w") as archive:
    archive.write("a.dll", "WINNT/System32/a.dll")
    archive.writestr("disk.aff", b"AFF10\r\n\0" + bytes(1000))
for deep in range(4):
    with zipfile.ZipFile(f"deep{deep}.zip", "w") as archive: archive.writestr("deep.zip", out.getvalue())
    out = io.BytesIO(open(f"deep{deep}.zip", "rb").read())
"#;
    if !python(&world.path(""), program) {
        return;
    }
    let (code, paths, unread) = judged(&world, "case.zip");
    assert_eq!((code, paths), (3, vec!["case.zip:/C/WINNT/System32/a.dll".to_owned()]));
    let said = unread.join("\n");
    assert_eq!(unread.len(), 3, "{said}");
    assert!(said.contains("case.zip:/C/Users/x/more.zip:/"), "{said}");
    assert!(said.contains("log.gz") && said.contains("AFF image"), "{said}");
    assert_eq!(judged(&world, "case.zip:/C/Users/x/more.zip:/").1, ["WINNT/System32/b.dll"]);
    let (code, paths, unread) = judged(&world, "case.tar");
    assert_eq!((code, paths.len(), unread.len()), (3, 1, 1), "{unread:?}");
    // An archive that contains nothing else is opened.
    let (code, paths, unread) = judged(&world, "only.zip");
    assert_eq!((code, unread), (0, vec![]));
    assert_eq!(paths, ["only.zip:/more.zip:/WINNT/System32/b.dll"]);
    // Images in it are opened, too; archives below the depth limit are reported.
    let (code, paths, unread) = judged(&world, "deep0.zip");
    assert_eq!((code, paths.len()), (3, 1));
    assert!(unread[0].contains("deep0.zip:/deep.zip:/disk.aff") && unread[0].contains("AFF image"), "{unread:?}");
    let (code, paths, unread) = judged(&world, "deep3.zip");
    assert_eq!((code, paths.len(), unread.len()), (3, 0, 1));
    assert!(unread[0].contains("1 images in the archive are not read"), "{unread:?}");
}

/// Issue 16, point 4: files collected below a folder with a name for backups are not backup copies.
#[test]
fn the_folder_that_an_archive_was_packed_from_does_not_make_copies() {
    let world = world();
    world.write("a.dll", &pe(99));
    let program = r#"
import zipfile
with zipfile.ZipFile("temp.zip", "w") as archive: archive.write("a.dll", "Temp/case/C/WINNT/System32/a.dll")
with zipfile.ZipFile("cache.zip", "w") as archive: archive.write("a.dll", "Temp/case/C/WINNT/System32/dllcache/a.dll")
with zipfile.ZipFile("other.zip", "w") as archive:
    archive.write("a.dll", "Temp/a.dll")
    archive.writestr("WINNT/System32/x.txt", "")
"#;
    if !python(&world.path(""), program) {
        return;
    }
    assert_eq!(judged(&world, "temp.zip").0, 1);
    assert_eq!(judged(&world, "cache.zip").0, 4);
    assert_eq!(judged(&world, "other.zip").0, 4);
}

/// Issue 16, point 4: unpacked archives leave folders whose name is a path; they are read like the same tree in a tar.
#[cfg(target_os = "linux")]
#[test]
fn folders_whose_name_has_a_backslash_are_read() {
    let world = world();
    world.pe("tree/WINNT\\System32/a.dll", 99);
    world.pe("tree/WINNT\\System32\\dllcache/a.dll", 100);
    let (code, paths, unread) = judged(&world, "tree");
    assert_eq!((code, paths, unread.len()), (1, vec!["WINNT/System32/a.dll".to_owned()], 0));
}

/// Issue 16, point 4: no path of Windows reaches a folder whose name ends in a blank or a dot.
#[cfg(unix)]
#[test]
fn folders_that_windows_cannot_name_hold_no_active_files() {
    for folder in ["System32 ", "System32.", "System32:x"] {
        let world = world();
        world.pe(&format!("tree/WINNT/{folder}/a.dll"), 100);
        let (_, paths, _) = judged(&world, "tree");
        assert_eq!(paths, [""; 0], "{folder}");
        let (_, out, _) = world.scan(&["--include-inactive", "--format", "json", "tree"]);
        assert!(out.contains(r#""kind": "unreachable""#), "{out}");
    }
}

/// Issue 16: Windows does not run old copies in the uninstall folders of other products.
#[test]
fn copies_in_uninstall_folders_of_every_product_are_not_judged() {
    for folder in ["$ExchUninstallKB912442$", "$SQLUninstallMDAC28-KB911562-x86-ENU$"] {
        let world = world();
        world.pe("tree/WINNT/System32/a.dll", 100);
        world.pe(&format!("tree/WINNT/{folder}/a.dll"), 99);
        let (code, paths, _) = judged(&world, "tree");
        assert_eq!((code, paths), (0, vec!["WINNT/System32/a.dll".to_owned()]), "{folder}");
    }
}

/// Issue 16: warnings about a volume or list are in every report, also if a snapshot recorded them.
#[test]
fn warnings_of_volumes_lists_and_snapshots_are_in_the_reports() {
    let world = world();
    world.pe("a.dll", 100);
    let list = "path,size,version,machine\nE:\\17\\WINNT\\System32\\a.dll,2048,4.0.1381.100,i386\nE:\\b.dll,2048,4.0.1381.7,i386\n";
    world.write("list.csv", list.as_bytes());
    let program = r#"
import tarfile
with tarfile.open("case.tar", "w") as archive:
    for _ in range(2): archive.add("a.dll", "WINNT/System32/a.dll")
"#;
    if !python(&world.path(""), program) {
        return;
    }
    let (code, _, err) = world.run(&["inventory", "case.tar", "--catalog", "catalog.tsv", "-o", "case.json"]);
    assert_eq!(code, 0, "{err}");
    let several = "several members have this name";
    for (source, said) in [
        (&["case.tar"][..], several),
        (&["--inventory", "case.json"], several),
        (&["--inventory", "list.csv", "--root", r"E:\17"], "do not lie below --root"),
    ] {
        for format in ["table", "json", "jsonl", "csv", "sarif", "html", "junit", "markdown"] {
            let (_, out, err) = world.scan(&[source, &["--format", format]].concat());
            assert!(out.contains(said) && out.contains("source-doubtful"), "{source:?} {format}: {out}");
            assert!(err.contains(said), "{source:?} {format}: {err}");
        }
    }
}

/// Issues 16 and 18: the report warns once of an image among the files of a folder; further parts of a VMDK image are
/// not separate images.
#[test]
fn images_in_a_folder_are_warned_of() {
    let world = world();
    world.pe("case/a.dll", 100);
    let images = ["old.vmdk", "golden.VHDX", "disk.E01", "setup.iso", "install.esd"];
    let others = ["old-flat.vmdk", "old-s001.vmdk", "winre.wim", "notes.txt", "vmdk"];
    for name in images.iter().chain(&others) {
        world.write(&format!("case/{name}"), b"");
    }
    let (code, _, err) = world.scan(&["case"]);
    assert_eq!(code, 0, "{err}");
    for name in images {
        assert!(err.contains(&format!("case/{name}: an image, which is not opened")), "{name}: {err}");
    }
    assert_eq!(err.matches("an image, which is not opened").count(), images.len(), "{err}");
}
