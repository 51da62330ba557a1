//! `scan` and `explain` as a user runs them: one test per exit code, and checks along the way.

use std::fs;
use std::process::Stdio;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_articles::Fix;
use hotfixcheck_testkit::le_builder::LeBuilder;
use hotfixcheck_testkit::ne_builder::NeBuilder;
use hotfixcheck_testkit::old_version::OldVersion;
use hotfixcheck_testkit::packed_builder::{KwajBuilder, szdd};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hotfixcheck");
const NT4: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/nt4");

fn hotfixcheck(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args);
    command
}

/// Exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = hotfixcheck(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A tree with these files, and a catalogue that requires 4.0.1381.100 of A.DLL.
struct World {
    folder: TempDir,
}

impl World {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("tree")).unwrap();
        for (path, bytes) in files {
            let path = folder.path().join("tree").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let catalog: Catalog = [article("Q310626", vec![row("A.DLL", "4.0.1381.100")])].into_iter().collect();
        fs::write(folder.path().join("catalog.tsv"), catalog::write(&catalog)).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn scan(&self, more: &[&str]) -> (i32, String, String) {
        let (tree, catalog) = (self.path("tree"), self.path("catalog.tsv"));
        run(&[&["scan", &tree, "--catalog", &catalog], more].concat())
    }
}

fn pe(revision: u16) -> Vec<u8> {
    PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build()
}

#[test]
fn exit_0_everything_is_in() {
    let (code, out, err) = World::new(&[("a.dll", &pe(100))]).scan(&[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("No missing fixes found\n") && out.contains("1 fixed"), "{out}");
}

#[test]
fn exit_1_a_fix_is_missing() {
    let (code, out, err) = World::new(&[("System32/A.dll", &pe(99))]).scan(&[]);
    assert_eq!((code, err.as_str()), (1, ""));
    for word in ["Q310626", "A.dll", "4.0.1381.99", "4.0.1381.100", "Windows NT 4.0", "1 missing"] {
        assert!(out.contains(word), "{word}: {out}");
    }
}

#[test]
fn exit_2_could_not_run() {
    let world = World::new(&[("a.dll", &pe(99))]);
    let (tree, broken, nowhere) = (world.path("tree"), world.path("broken.tsv"), world.path("nowhere"));
    let deep = format!("{nowhere}/report.json");
    fs::write(&broken, "this is no catalogue\n").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["scan", &nowhere], "file not found"),
        (&["scan", &tree, "--catalog", &broken], "line 1"),
        (&["scan", &tree, "--catalog", &nowhere], "nowhere"),
        (&["scan", &tree, "--catalog", &tree], "catalogue"),
        (&["scan", &tree, "--add-catalog", &broken], "line 1"),
        (&["scan", &tree, "-o", &deep], "cannot write"),
        (&["scan", &tree, "-o", &tree], "cannot write"),
        (&["scan", &tree, "--kb", "Q1"], "Q1"),
        (&["scan", &tree, "--kb", "Q99999999"], "article 'Q99999999' is not in the built-in catalogue"),
        (&["scan", &tree, "--format", "yaml"], "yaml"),
        (&["scan", &tree, "--os", "Windows NT 4.0"], "--service-pack"),
        (&["scan", &tree, "--os", "Windows NT 5", "--service-pack", "1"], "Windows NT 4.0"),
        (&["scan", &tree, "--os", "Windows NT 4.0", "--service-pack", "7"], "6a"),
        (&["explain", "Q99999999", &tree], "article 'Q99999999' is not in"),
        (&["explain", "Q310626", &nowhere], "file not found"),
        (&["scna"], "scna"),
    ];
    for (args, word) in cases {
        let (code, out, err) = run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(word) && !err.contains("panicked"), "{args:?}: {err}");
    }
}

#[test]
fn exit_3_something_could_not_be_read() {
    let text: &[u8] = b"only text";
    for (bytes, word) in [(&pe(100)[..0x90], "truncated"), (text, "not an executable"), (b"", "empty file")] {
        let (code, out, _) = World::new(&[("a.dll", bytes)]).scan(&[]);
        assert_eq!(code, 3, "{out}");
        assert!(out.contains("Could not be read:\n  a.dll: ") && out.contains(word), "{out}");
        assert!(out.contains("incomplete") && !out.contains("No missing fixes"), "{out}");
    }
}

#[cfg(unix)]
#[test]
fn exit_3_the_system_refuses_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new(&[("a.dll", &pe(100))]);
    let file = world.path("tree/a.dll");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&file).is_ok() {
        eprintln!("skipped: this user reads every file");
        return;
    }
    let (code, out, _) = world.scan(&[]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("a.dll: unreadable"), "{out}");
}

/// A file that should be an executable and is not one is unreadable, whatever its size and date (issue 13, point 8).
#[test]
fn exit_3_damaged_executables_of_the_stated_size_and_date() {
    let damaged = [[b"MZ", &[0; 2046][..]].concat(), vec![0; 2048], vec![0xA5; 2048]];
    for bytes in damaged {
        let world = World::new(&[("a.dll", &bytes)]);
        let day = jiff::Zoned::now().date();
        let fix = Fix { date: Some(day), size: Some(2048), ..row("A.DLL", "") };
        for fixes in [vec![fix.clone()], vec![row("A.DLL", "4.0.1381.100")]] {
            let catalog: Catalog = [article("Q310626", fixes)].into_iter().collect();
            fs::write(world.path("catalog.tsv"), catalog::write(&catalog)).unwrap();
            let (code, out, _) = world.scan(&["--all", "--format", "json"]);
            let report: Value = serde_json::from_str(&out).unwrap();
            assert_eq!((code, &report["articles"][0]["status"]), (3, &"unknown".into()), "{out}");
        }
    }
}

#[test]
fn exit_4_nothing_recognised() {
    for files in [&[][..], &[("readme.txt", &b"text"[..])], &[("other.dll", &b"MZ"[..])]] {
        let (code, out, _) = World::new(files).scan(&[]);
        assert_eq!(code, 4, "{out}");
        assert!(out.contains("no Windows binary") && !out.contains("No missing fixes"), "{out}");
    }
}

#[test]
fn fail_on_moves_the_line_and_findings_outrank_incompleteness() {
    let world = World::new(&[("a.dll", &pe(99)), ("x/a.dll", b"")]);
    assert_eq!(world.scan(&[]).0, 1);
    assert_eq!(world.scan(&["--fail-on", "never"]).0, 3);
    let damaged = World::new(&[("a.dll", b"")]);
    assert_eq!(damaged.scan(&["--fail-on", "unknown"]).0, 1);
    assert_eq!(damaged.scan(&["--fail-on", "likely-missing"]).0, 3);
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    let trees: &[(&str, &[u8], i32)] =
        &[("a.dll", &pe(100), 0), ("a.dll", &pe(99), 1), ("a.dll", b"", 3), ("readme.txt", b"text", 4)];
    let formats = ["table", "json", "jsonl", "csv", "markdown", "junit", "sarif", "codequality"];
    for (name, bytes, expected) in trees {
        let world = World::new(&[(name, bytes)]);
        for format in formats.into_iter().step_by(one_of(3)) {
            assert_eq!(world.scan(&["--format", format]).0, *expected, "{format}");
            let (code, out, _) = world.scan(&["--format", format, "--os", "Windows NT 5", "--service-pack", "1"]);
            assert_eq!((code, out.as_str()), (2, ""), "{format}");
        }
        let (code, out, _) = world.scan(&["--format", "json"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["summary"]["exit_code"], code);
    }
}

#[test]
fn the_sample_is_scanned_with_the_catalogue_that_ships() {
    let (code, out, _) = run(&["scan", NT4, "--format", "json", "--all"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["catalogue"]["name"]), (1, &Value::from("built-in")));
    let articles = report["articles"].as_array().unwrap();
    let status = |id: &str| articles.iter().find(|a| a["id"] == id).map(|a| a["status"].clone());
    assert_eq!(status("Q310626"), Some("missing".into()));
    assert_eq!(status("Q314730"), Some("partial".into()));
    assert_eq!(status("Q240231"), Some("fixed".into()));
    assert_eq!(status("Q283015"), None, "what does not apply is only counted");
    assert_eq!(report["files"]["inactive"], 1);
}

#[test]
fn kb_asks_for_some_articles_in_any_spelling() {
    let (code, out, _) = run(&["scan", NT4, "--kb", "kb 240231", "--kb", "283015", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let ids: Vec<&Value> = report["articles"].as_array().unwrap().iter().map(|a| &a["id"]).collect();
    assert_eq!((code, ids), (0, vec![&Value::from("Q283015"), &Value::from("Q240231")]));
}

#[test]
fn a_system_profile_judges_what_names_only_a_service_pack() {
    let judge = |pack| {
        let args = ["scan", NT4, "--kb", "Q171996", "--os", "windows nt 4.0", "--service-pack", pack];
        run(&args).0
    };
    assert_eq!((judge("3"), judge("6a")), (1, 0));
}

#[test]
fn explain_shows_rows_rules_and_evidence() {
    let (code, out, _) = run(&["explain", "Q314730", NT4]);
    assert_eq!(code, 1);
    for word in [
        "Q314730",
        "verdict   half-installed",
        "missing (version-older)",
        "fixed (version-newer)",
        "4.0.1381.7000 < 4.0.1381.7122 (fixed version, i386, Windows NT 4.0)",
        "WINNT/System32/mpradmin.dll",
    ] {
        assert!(out.contains(word), "{word}: {out}");
    }
    let (_, json, _) = run(&["explain", "Q314730", NT4, "--format", "json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["articles"][0]["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let with = |threads, locale| {
        let mut command = hotfixcheck(&["scan", NT4, "--format", "json", "--all"]);
        command.env("RAYON_NUM_THREADS", threads).env("LC_ALL", locale).env("TZ", "Asia/Tokyo").output().unwrap().stdout
    };
    let first = with("1", "C");
    assert!(!first.is_empty());
    assert_eq!(first, with("7", "tr_TR.UTF-8"));
}

#[test]
fn a_report_goes_to_a_file_whole_or_not_at_all() {
    let world = World::new(&[("a.dll", &pe(99))]);
    let report = world.path("report.json");
    let (code, out, _) = world.scan(&["--format", "json", "-o", &report]);
    assert_eq!((code, out.as_str()), (1, ""));
    let first = fs::read_to_string(&report).unwrap();
    assert!(serde_json::from_str::<Value>(&first).is_ok());
    // A failed run leaves only the old report.
    let (code, _, _) = run(&["scan", &world.path("nowhere"), "-o", &report]);
    assert_eq!((code, fs::read_to_string(&report).unwrap()), (2, first));
    let left = fs::read_dir(world.folder.path()).unwrap().count();
    assert_eq!(left, 3, "tree, catalogue, report");
    let (_, to_stdout, _) = world.scan(&["-o", "-"]);
    assert!(to_stdout.contains("Q310626"));
}

#[test]
fn quiet_says_nothing_but_writes_the_file() {
    let world = World::new(&[("a.dll", &pe(99))]);
    assert_eq!(world.scan(&["--quiet"]), (1, String::new(), String::new()));
    let report = world.path("report.txt");
    assert_eq!(world.scan(&["--quiet", "-o", &report]), (1, String::new(), String::new()));
    assert!(fs::read_to_string(report).unwrap().contains("Q310626"));
}

#[test]
fn no_colour_and_no_progress_without_a_terminal() {
    let (_, out, err) = run(&["scan", NT4]);
    assert!(!out.contains('\u{1b}'));
    assert_eq!(err, "");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = std::process::Command::new(PROGRAM)
        .args(["scan", NT4, "--format", "json", "--all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(unix)]
#[test]
fn an_output_that_is_full_or_no_file() {
    let world = World::new(&[("a.dll", &pe(99))]);
    assert_eq!(world.scan(&["-o", "/dev/null"]).0, 1);
    assert!(!std::path::Path::new("/dev/null").is_file(), "a device is written, not replaced");
    if std::path::Path::new("/dev/full").exists() {
        let (code, _, err) = world.scan(&["-o", "/dev/full"]);
        assert_eq!(code, 2);
        assert!(err.contains("cannot write '/dev/full'"), "{err}");
    }
}

#[test]
fn files_can_be_scanned_one_by_one() {
    let world = World::new(&[("a.dll", &pe(99)), ("b/a.dll", &pe(100))]);
    let (one, two, catalog) = (world.path("tree/a.dll"), world.path("tree/b/a.dll"), world.path("catalog.tsv"));
    assert_eq!(run(&["scan", &two, "--catalog", &catalog]).0, 0);
    let (code, out, _) = run(&["scan", &one, &two, &one, "--catalog", &catalog, "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["articles"][0]["status"]), (1, &Value::from("partial")));
    assert_eq!(report["trees"].as_array().unwrap().len(), 2, "a root given twice is scanned once");
}

#[test]
fn catalogues_can_be_added() {
    let world = World::new(&[("a.dll", &pe(99))]);
    let (tree, catalog) = (world.path("tree"), world.path("catalog.tsv"));
    let (code, out, _) = run(&["scan", &tree, "--add-catalog", &catalog, "--kb", "Q310626"]);
    assert_eq!(code, 1);
    assert!(out.contains("built-in + "), "{out}");
}

#[test]
fn packed_files_16_bit_files_and_drivers_are_judged_as_any_other() {
    let block = OldVersion::new().fixed([4, 0, 1381, 99], [4, 0, 1381, 99]).build();
    let pe = PeBuilder::new().fixed([4, 0, 1381, 99], [4, 0, 1381, 99]).build();
    for (path, bytes) in [
        ("a.dll", NeBuilder::new(block.clone()).build()),
        ("a.dll", LeBuilder::new(block).build()),
        ("A.DL_", szdd(&pe, b'L')),
        ("a.dl_", KwajBuilder::new(4, &pe).build()),
    ] {
        let world = World::new(&[(path, &bytes)]);
        let (code, out, err) = world.scan(&["--format", "json"]);
        assert_eq!((code, err.as_str()), (1, ""), "{path}");
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["articles"][0]["id"], "Q310626", "{out}");
        assert_eq!(report["articles"][0]["status"], "missing", "{out}");
    }
    let cut = szdd(&pe, b'L');
    let world = World::new(&[("A.DL_", &cut[..100]), ("b.dl_", b"no packed file")]);
    let (code, out, _) = world.scan(&[]);
    assert_eq!(code, 3);
    assert!(out.contains("packed file: truncated"), "{out}");
}

/// The built-in catalogue, and files of Windows 95 and 98: the string has three numbers, the fixed version four.
#[test]
fn articles_of_windows_9x_are_judged_by_drivers_and_16_bit_programs() {
    let block = |fixed: [u16; 4], text: &[u8]| {
        OldVersion::new().fixed(fixed, fixed).table("040904E4", &[("FileVersion", text)]).build()
    };
    let driver = |revision, text| LeBuilder::new(block([4, 0, 0, revision], text)).build();
    let program = |revision, text| NeBuilder::new(block([4, 10, 0, revision], text)).build();
    for (path, bytes, article, status) in [
        ("SYSTEM/IOSUBSYS/VOLTRACK.VXD", driver(950, b"4.00.950"), "Q153471", "missing"),
        ("SYSTEM/IOSUBSYS/VOLTRACK.VXD", driver(1116, b"4.00.1116"), "Q153471", "fixed"),
        ("SYSTEM/VREDIR.VXD", driver(950, b"4.00.950"), "Q138249", "missing"),
        ("SYSTEM/VREDIR.VXD", driver(1116, b"4.00.1116"), "Q138249", "fixed"),
        ("SYSTEM/USER.EXE", program(1998, b"4.10.1998"), "Q258070", "missing"),
        // Nothing distinguishes the file of Windows 98 from that of its second edition.
        ("SYSTEM/USER.EXE", program(2000, b"4.10.2000"), "Q258070", "unknown"),
    ] {
        let world = World::new(&[(path, &bytes)]);
        let (_, out, err) = run(&["scan", &world.path("tree"), "--kb", article, "--format", "json"]);
        assert_eq!(err, "");
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["articles"][0]["status"], status, "{path} {article}: {out}");
    }
}
