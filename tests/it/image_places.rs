//! Folders in images as PATH: `cd.iso:/I386` is judged as the folder is.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::cab_builder::cab;
use hotfixcheck_testkit::files::of_folder;
use hotfixcheck_testkit::ntfs_builder::{NtfsBuilder, Stored};
use hotfixcheck_testkit::packed_builder::szdd;
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::tools;
use serde_json::Value;

const WIN2000: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/win2000");

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

fn world() -> World {
    World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100"), row("b.dll", "4.0.1381.100")])])
}

fn volume(files: &[(&str, &[u8])]) -> Vec<u8> {
    files.iter().fold(NtfsBuilder::new(), |volume, (path, bytes)| volume.file(path, bytes, Stored::Plain)).build()
}

/// A disk with an MBR and these volumes.
fn disk(volumes: &[Vec<u8>]) -> Vec<u8> {
    let mut disk = vec![0; 512];
    disk[510..].copy_from_slice(&[0x55, 0xaa]);
    for (number, volume) in volumes.iter().enumerate() {
        let (start, sectors) = (disk.len() as u32 / 512, volume.len() as u32 / 512);
        let entry = &mut disk[446 + number * 16..][..16];
        entry[4] = 7;
        entry[8..12].copy_from_slice(&start.to_le_bytes());
        entry[12..].copy_from_slice(&sectors.to_le_bytes());
        disk.extend_from_slice(volume);
    }
    disk
}

/// A report without the name of the tree and the times of files, which images store differently.
fn bare(report: &str, tree: &str) -> String {
    let lines = report.lines().filter(|line| !line.trim_start().starts_with("\"modified\""));
    lines.collect::<Vec<_>>().join("\n").replace(tree, "TREE")
}

/// The exit code and paths of the files in the findings.
fn judged(world: &World, path: &str) -> (i32, Vec<String>) {
    let (code, out, err) = world.scan(&["--all", "--format", "json", "--kb", "Q310626", path]);
    assert!(code != 2, "{path}: {err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let findings = report["articles"][0]["findings"].as_array().unwrap();
    let path = |finding: &Value| finding["file"]["path"].as_str().map(str::to_owned);
    (code, findings.iter().filter_map(path).collect())
}

/// The error of a scan that could not run.
fn error(world: &World, path: &str) -> String {
    let (code, out, err) = world.scan(&[path]);
    assert_eq!((code, out.as_str()), (2, ""), "{path}: {err}");
    err.strip_prefix("hotfixcheck: ").unwrap().trim_end().to_owned()
}

#[test]
fn a_place_in_an_image_has_the_report_of_the_folder() {
    let world = world();
    let mut image = NtfsBuilder::new();
    for (path, bytes) in of_folder(Path::new(WIN2000)) {
        image = image.file(&path, &bytes.unwrap(), Stored::Compressed);
    }
    world.write("disk.img", &image.build());
    let scan = |path: &str| {
        let (code, out, err) = world.run(&["scan", "--all", "--include-inactive", "--format", "json", path]);
        assert_eq!(err, "");
        (code, bare(&out, path))
    };
    // System32 alone, and its registry alone, still show the system; a cache that is given as PATH is judged.
    for (place, code) in [
        ("", 1),
        ("/WINNT", 1),
        ("/WINNT/System32", 1),
        ("/WINNT/System32/", 1),
        ("/WINNT/System32/config", 1),
        ("/WINNT/System32/dllcache", 1),
        ("/WINNT/System32/rsaenh.dll", 1),
    ] {
        let (in_image, in_folder) = (scan(&format!("disk.img:{place}")), scan(&format!("{WIN2000}{place}")));
        assert_eq!(in_image, in_folder, "{place}");
        assert_eq!(in_image.0, code, "{place}");
    }
    // Windows ignores case; the report is the same except for the name.
    assert_eq!(scan("disk.img:/winnt/SYSTEM32"), scan("disk.img:/WINNT/System32"));
    // The same holds for a snapshot of the folder.
    let (code, _, _) = world.run(&["inventory", "disk.img:/WINNT", "-o", "host.json"]);
    assert_eq!(code, 0);
    let (_, out, _) =
        world.run(&["scan", "--all", "--include-inactive", "--format", "json", "--inventory", "host.json"]);
    assert_eq!(bare(&out, "disk.img:/WINNT"), scan("disk.img:/WINNT").1);
    let (code, out, _) = world.run(&["explain", "Q268263", "disk.img:/WINNT/System32"]);
    assert!(code == 1 && out.contains("file      rsaenh.dll"), "{out}");
}

#[test]
fn the_files_of_a_medium_are_judged_where_their_folder_is_named() {
    let world = world();
    for (path, bytes) in [
        ("cd/I386/A.DL_", szdd(&pe(99), b'L')),
        ("cd/I386/B.DL_", cab(&[("b.dll", &pe(100))])),
        ("cd/I386/DRIVER.CAB", cab(&[("a.dll", &pe(7))])),
        ("cd/I386/SYSTEM32/A.DLL", pe(100)),
        ("cd/README.TXT", b"text".to_vec()),
    ] {
        world.write(path, &bytes);
    }
    let folder = judged(&world, "cd/I386");
    assert_eq!(folder, (1, vec!["A.DL_".to_owned(), "SYSTEM32/A.DLL".to_owned(), "B.DL_".to_owned()]));
    for names in [&["-J", "-R"][..], &["-J"], &[]] {
        let arguments = [&["-quiet", "-o", "cd.iso"], names, &["cd"]].concat();
        let Some(_) = tools::run("genisoimage", "genisoimage", &arguments, &world.path("")) else { return };
        assert_eq!(judged(&world, "cd.iso"), (4, vec![]), "a medium as a whole is an installation source");
        for place in ["cd.iso:/I386", "cd.iso:/i386/", "./cd.iso:/I386"] {
            assert_eq!(judged(&world, place), folder, "{place}");
        }
        assert_eq!(judged(&world, "cd.iso:/I386/A.DL_"), (1, vec!["A.DL_".to_owned()]));
        // A cabinet that is given as PATH is judged.
        assert_eq!(judged(&world, "cd.iso:/I386/DRIVER.CAB"), (1, vec!["DRIVER.CAB:/a.dll".to_owned()]));
        let report = |tree: &str| {
            let (code, out, _) = world.scan(&["--all", "--include-inactive", "--format", "json", tree]);
            (code, bare(&out, tree))
        };
        assert_eq!(report("cd.iso:/I386"), report("cd/I386"));
    }
}

#[test]
fn volumes_are_named_as_in_reports() {
    let world = world();
    let one = volume(&[("WINNT/a.dll", &pe(99))]);
    let two = volume(&[("WINNT/b.dll", &pe(100)), ("Temp/a.dll", &pe(99))]);
    world.write("disk.img", &disk(&[one.clone(), two]));
    assert_eq!(judged(&world, "disk.img:p1/WINNT"), (1, vec!["a.dll".to_owned()]));
    assert_eq!(judged(&world, "disk.img:p2/WINNT"), (0, vec!["b.dll".to_owned()]));
    // A folder that is given as PATH is judged, wherever it is.
    assert_eq!(judged(&world, "disk.img:p2"), (0, vec!["WINNT/b.dll".to_owned()]));
    assert_eq!(judged(&world, "disk.img:p2/Temp"), (1, vec!["a.dll".to_owned()]));
    let several = "there are 2 volumes in it: disk.img:p1/WINNT, disk.img:p2/WINNT";
    assert_eq!(error(&world, "disk.img:/WINNT"), format!("disk.img:/WINNT: {several}"));
    assert_eq!(error(&world, "disk.img:p3/WINNT"), format!("disk.img:p3/WINNT: {several}"));
    world.write("one.img", &disk(&[one]));
    assert_eq!(judged(&world, "one.img:/WINNT"), (1, vec!["a.dll".to_owned()]));
    assert_eq!(error(&world, "one.img:p2/WINNT"), "one.img:p2/WINNT: there is one volume in it: one.img:/WINNT");
}

#[test]
fn a_place_that_is_not_there_could_not_be_scanned() {
    let world = world();
    world.write("cd.img", &volume(&[("I386/a.dll", &pe(99)), ("SUPPORT/TOOLS/b.dll", &pe(99))]));
    world.write("text.txt", b"no image");
    world.write("x.cab", &cab(&[("a.dll", &pe(99))]));
    for (path, expected) in [
        ("cd.img:/I368", "cd.img:/I368: there is no 'I368' with files in it; did you mean cd.img:/I386?"),
        (
            "cd.img:/Support/Tolls/b.dll",
            "cd.img:/Support/Tolls/b.dll: there is no 'Tolls' with files in it; did you mean cd.img:/Support/TOOLS?",
        ),
        ("cd.img:/WINNT", "cd.img:/WINNT: there is no 'WINNT' with files in it; there are: I386, SUPPORT"),
        ("cd.img:/I386/a.dll/x", "cd.img:/I386/a.dll/x: there is no 'x' with files in it"),
        ("cd.img:/I386/../SUPPORT", "cannot read 'cd.img:/I386/../SUPPORT': file not found"),
        ("cd.img:x/I386", "cannot read 'cd.img:x/I386': file not found"),
        ("cd.img:/I386/a", "cd.img:/I386/a: there is no 'a' with files in it; there are: a.dll"),
        ("cd.img/I386", "'cd.img/I386' is below a file; a folder inside an image is written 'cd.img:/I386'"),
        ("text.txt:/I386", "'text.txt' is not a disk image or an ISO image: there is no folder inside it"),
        ("x.cab:/a.dll", "'x.cab' is not a disk image or an ISO image: there is no folder inside it"),
        ("none.iso:/I386", "cannot read 'none.iso:/I386': file not found"),
    ] {
        assert_eq!(error(&world, path), expected);
    }
}

#[cfg(unix)]
#[test]
fn what_lies_in_the_file_system_and_drives_come_first() {
    let world = world();
    let image = volume(&[("WINNT/a.dll", &pe(99))]);
    // A folder with the name of a path in an image, and an image with the name of a drive.
    world.write("cd.img", &image);
    world.write("cd.img:/WINNT/b.dll", &pe(100));
    world.write("c", &image);
    assert_eq!(judged(&world, "cd.img:/WINNT"), (0, vec!["b.dll".to_owned()]));
    assert!(error(&world, "c:/WINNT").starts_with("cannot read 'c:/WINNT': file not found; this is a path of Windows"));
    assert!(error(&world, r"C:\x.iso").contains("file not found"));
}

#[test]
fn names_that_differ_in_case_and_damage_elsewhere() {
    let world = world();
    world.write("case.img", &volume(&[("I386/a.dll", &pe(99)), ("i386/b.dll", &pe(100))]));
    assert_eq!(judged(&world, "case.img:/I386"), (1, vec!["a.dll".to_owned()]));
    assert_eq!(judged(&world, "case.img:/i386"), (0, vec!["b.dll".to_owned()]));
    // Written with a third spelling: Windows would find both.
    fs::remove_file(world.path("case.img")).unwrap();
    world.write("case.img", &volume(&[("Sys/a.dll", &pe(99)), ("sYs/b.dll", &pe(100))]));
    assert_eq!(judged(&world, "case.img:/sys"), (1, vec!["a.dll".to_owned(), "b.dll".to_owned()]));
    // A record that cannot be read could belong to any folder.
    let mut image = volume(&[("I386/a.dll", &pe(100)), ("x/b.dll", &pe(100))]);
    assert_eq!(image[4 * 512 + 27 * 1024..][..4], *b"FILE");
    image[4 * 512 + 27 * 1024 + 1022] ^= 0xff;
    world.write("damaged.img", &image);
    let (code, out, _) = world.scan(&["--kb", "Q310626", "damaged.img:/I386"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("was not written to its end"), "{out}");
}
