//! Output files (issue 16, point 11): an interrupted run leaves no files, a replaced file keeps its mode, links are
//! kept, and a report inside PATH is not a file of the tree.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::thorough::one_of;
use hotfixcheck_testkit::tools;
use serde_json::Value;

fn world() -> World {
    let world = World::new(vec![article("Q310626", vec![row("a.dll", "4.0.1381.100")])]);
    world.pe("tree/WINNT/a.dll", 99);
    world
}

/// The names in a folder of the world.
fn names(world: &World, folder: &str) -> Vec<String> {
    let names =
        fs::read_dir(world.path(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The signal arrives while the report is being written to the disk, for as long as the test needs.
#[test]
fn an_interrupted_run_leaves_no_temporary_file_and_the_old_report() {
    if tools::run("strace", "strace", &["-V"], std::path::Path::new(".")).is_none() {
        return;
    }
    std::thread::scope(|scope| {
        for signal in ["INT", "TERM", "HUP"] {
            scope.spawn(move || interrupted(signal));
        }
    });
}

/// A run that this signal ends.
fn interrupted(signal: &str) {
    let world = world();
    world.write("out/report.json", b"old");
    let program = format!(
        "echo $$ > pid; exec {} scan tree --catalog catalog.tsv -o out/report.json",
        env!("CARGO_BIN_EXE_hotfixcheck")
    );
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "trace", "-e", "trace=fsync"]);
    // For longer in CI, whose machines can be busy.
    command.args(["-e", &format!("inject=fsync:delay_enter={}", 4_000_000 / one_of(2))]);
    // A parent may ignore signals (`nohup`); then the program would, too.
    command.args(["env", "--default-signal", "sh", "-c", &program]);
    let mut child = command.current_dir(world.path("")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while names(&world, "out").len() < 2 {
        assert!(begun.elapsed().as_secs() < 60, "no temporary file was seen");
        assert!(child.try_wait().unwrap().is_none(), "it ended before the report was written");
        sleep(Duration::from_millis(5));
    }
    // Until it waits for the disk.
    sleep(Duration::from_millis(100));
    let pid = fs::read_to_string(world.path("pid")).unwrap();
    assert!(Command::new("kill").args(["-s", signal, pid.trim()]).status().unwrap().success());
    child.wait().unwrap();
    assert_eq!(names(&world, "out"), ["report.json"], "{signal}");
    // If the signal had been ignored, the new report would exist.
    assert_eq!(fs::read(world.path("out/report.json")).unwrap(), b"old", "{signal}");
}

#[test]
fn a_report_that_is_replaced_keeps_its_mode() {
    let world = world();
    for mode in [0o600, 0o640, 0o666] {
        world.write("report.json", b"old");
        fs::set_permissions(world.path("report.json"), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(world.scan(&["-o", "report.json", "tree"]).0, 1);
        let now = fs::metadata(world.path("report.json")).unwrap();
        assert_eq!(now.permissions().mode() & 0o777, mode);
        assert!(now.len() > 100);
    }
}

#[test]
fn a_link_as_output_is_kept_and_what_it_leads_to_is_written() {
    let world = world();
    fs::create_dir(world.path("far")).unwrap();
    symlink("far/report.json", world.path("link.json")).unwrap();
    symlink("circle.json", world.path("circle.json")).unwrap();
    // Once without an existing file, once with one.
    for _ in 0..2 {
        assert_eq!(world.scan(&["-o", "link.json", "tree"]).0, 1);
        assert!(world.path("link.json").is_symlink());
        let report: Value = serde_json::from_slice(&fs::read(world.path("far/report.json")).unwrap()).unwrap();
        assert_eq!(report["summary"]["missing"], 1);
        assert_eq!(names(&world, "far"), ["report.json"]);
    }
    let (code, _, err) = world.scan(&["-o", "circle.json", "tree"]);
    assert!(code == 2 && err.contains("circle.json"), "{err}");
}

/// Issue 16, point 10: a `hotfixcheck.toml` that was found, not given, writes nothing outside its folder, wherever a
/// link leads.
#[test]
fn a_configuration_that_is_found_writes_through_no_link() {
    let world = world();
    world.write("work/hotfixcheck.toml", b"paths = ['../tree']\n[[report]]\nformat = 'json'\noutput = 'r.json'\n");
    fs::create_dir(world.path("far")).unwrap();
    world.write("far/old.json", b"precious");
    for target in ["../far/new.json", "../far/old.json", "../nowhere/new.json", "r.json"] {
        let link = world.path("work/r.json");
        let _ = fs::remove_file(&link);
        symlink(target, &link).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        let run =
            command.args(["scan", "--catalog", "../catalog.tsv"]).current_dir(world.path("work")).output().unwrap();
        let err = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && err.contains("outside its own folder"), "{target}: {err}");
    }
    assert_eq!(fs::read(world.path("far/old.json")).unwrap(), b"precious");
    assert_eq!(names(&world, "far"), ["old.json"]);
}

/// Issue 16: `-o *.img` replaced the image that was to be examined.
#[test]
fn what_is_examined_is_never_replaced() {
    let world = world();
    let old = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample-disk.img")).unwrap();
    world.write("disk.img", &old);
    world.pe("WINNT/System32/b.dll", 1);
    let list = b"path,version,machine\nC:\\WINNT\\System32\\a.dll,4.0.1381.1,i386\n";
    world.write("list.csv", list);
    for (args, said) in [
        (&["disk.img", "-o", "disk.img", "--json"][..], "is a disk image or an archive, not a report"),
        (&["WINNT", "-o", "disk.img", "--json"], "is a disk image or an archive, not a report"),
        (&["WINNT", "-o", "WINNT/System32/b.dll", "--json"], "is a program or library, not a report"),
        (&["--inventory", "list.csv", "-o", "list.csv"], "is a file that this run reads"),
    ] {
        let (code, _, err) = world.scan(args);
        assert!(code == 2 && err.contains(said), "{args:?}: {code} {err}");
    }
    assert_eq!(fs::read(world.path("disk.img")).unwrap(), old);
    assert_eq!(fs::read(world.path("list.csv")).unwrap(), list);
    // The other commands, too.
    world.write("a.md", b"# KB310626\n");
    for (args, input) in [
        (&["diff", "old.json", "old.json", "-o", "old.json"][..], "old.json"),
        (&["extract", "a.md", "-o", "./a.md"], "a.md"),
        (&["catalog", "import", "mssecure", "a.md", "-o", "a.md"], "a.md"),
    ] {
        world.write("old.json", b"{}");
        let before = fs::read(world.path(input)).unwrap();
        let output =
            Command::new(env!("CARGO_BIN_EXE_hotfixcheck")).current_dir(world.path("")).args(args).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && err.contains("is a file that this run reads"), "{args:?}: {err}");
        assert_eq!(fs::read(world.path(input)).unwrap(), before);
    }
    // A report of an earlier run is replaced.
    for _ in 0..2 {
        assert_ne!(world.scan(&["WINNT", "-o", "report.html"]).0, 2);
    }
}

#[test]
fn an_output_inside_path_is_no_file_of_the_tree() {
    let world = world();
    let seen = |output: &str| world.report(output, &["tree"])["files"]["seen"].clone();
    assert_eq!(seen("report.json"), 1);
    assert_eq!(seen("tree/report.json"), 1);
    assert_eq!(seen("tree/report.json"), 1, "where the last run's lies already");
    assert_eq!(seen("report.json"), 2, "another run's report is a file like any other");
    // Also a report with the name of a file that the catalogue lists, with the last run's report already there.
    for _ in 0..2 {
        assert_eq!(world.scan(&["-f", "json", "-o", "tree/a.dll", "tree"]).0, 1);
        let (code, _, err) = world.run(&["inventory", "tree", "-o", "tree/snapshot.dll", "--catalog", "catalog.tsv"]);
        assert_eq!(code, 3, "the report of the scan is a damaged DLL for the inventory: {err}");
        assert!(err.contains("a.dll") && !err.contains("snapshot.dll: "), "{err}");
        fs::remove_file(world.path("tree/snapshot.dll")).unwrap();
        world.write("tree/snapshot.dll", b"what the last run wrote");
    }
}

/// A message with the name of a file in it cannot move the cursor or colour the terminal.
#[test]
fn messages_show_control_characters_escaped() {
    let world = world();
    let (code, _, err) = world.scan(&["no\u{1b}[31m\u{7}\nsuch"]);
    assert_eq!(code, 2);
    assert!(!err.trim_end().contains(|c: char| c.is_control()), "{err:?}");
    assert!(err.contains("such"), "{err:?}");
}
