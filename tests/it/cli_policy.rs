//! `hotfixcheck.toml`, waivers and required fixes, as a user meets them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::kit::{article, pack_article, row};
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use serde_json::Value;
use tempfile::TempDir;

/// A working folder with a tree: A.DLL lacks Q300001, B.DLL lacks Q300002, C.DLL has Q300003.
struct World(TempDir);

impl World {
    fn new(config: &str) -> Self {
        let folder = TempDir::new().unwrap();
        for (path, revision) in [("one/sys/a.dll", 4), ("one/sys/b.dll", 4), ("two/c.dll", 200)] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let bytes = PeBuilder::new().fixed([4, 0, 1381, revision], [4, 0, 1381, revision]).build();
            fs::write(path, bytes).unwrap();
        }
        let fix = |id: &str, file: &str| article(id, vec![row(file, "4.0.1381.100")]);
        let catalog: Catalog =
            [fix("Q300001", "A.DLL"), fix("Q300002", "B.DLL"), fix("Q300003", "C.DLL")].into_iter().collect();
        fs::write(folder.path().join("catalog.tsv"), catalog::write(&catalog)).unwrap();
        fs::write(folder.path().join("hotfixcheck.toml"), config).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    /// Exit code, standard output, standard error of a run in a folder of the world.
    fn run_in(&self, folder: &str, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
        command.args(args).arg("--catalog").arg(self.0.path().join("catalog.tsv"));
        let output = command.current_dir(self.0.path().join(folder)).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn scan(&self, args: &[&str]) -> (i32, String, String) {
        self.run_in("", &[&["scan", "--today", "2026-06-15"], args].concat())
    }

    fn json(&self, args: &[&str]) -> (i32, Value) {
        let (code, out, err) = self.scan(&[args, &["--format", "json"]].concat());
        (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}")))
    }
}

const WAIVERS: &str = r#"
paths = ["one"]

[[waiver]]
kb = "kb 300001"
path = 'SYS\*.dll'
reason = "Not before the stop."
expires = 2026-06-15

[[waiver]]
kb = 300002
reason = "Never."
expires = "2026-06-14"
"#;

#[test]
fn the_file_is_found_upward_and_the_command_line_wins() {
    let world = World::new("paths = [\"one\"]\nfail-on = \"never\"\nexclude = [\"b.dll\"]\n");
    let (code, report) = world.json(&[]);
    assert_eq!((code, &report["options"]["config"]), (0, &"hotfixcheck.toml".into()));
    assert_eq!(report["files"]["excluded"], 1);
    let (code, out, _) = world.run_in("one/sys", &["scan", "--fail-on", "missing", "--exclude", "A.*"]);
    assert_eq!(code, 1);
    let out = out.replace(std::path::MAIN_SEPARATOR, "/");
    assert!(out.contains("Config     ../../hotfixcheck.toml") && out.contains("Scanned    ../../one"), "{out}");
    assert!(out.contains("b.dll") && !out.contains("a.dll"), "the command line's patterns replace the file's: {out}");
    assert_eq!(world.scan(&["two"]).0, 0);
    // Windows has its own system folder to scan.
    if !cfg!(windows) {
        let (code, _, err) = world.scan(&["--no-config"]);
        assert_eq!(code, 2);
        assert!(err.contains("no PATH given"), "{err}");
    }
    let (code, report) = world.json(&["--no-config", "one"]);
    assert_eq!((code, &report["options"]["config"]), (1, &Value::Null));
    world.write("other.toml", "paths = ['two']\n");
    assert_eq!(world.scan(&["--config", "other.toml"]).0, 0);
    let (code, _, err) = world.scan(&["--config", "nowhere.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere.toml"), "{err}");
}

#[test]
fn reports_of_the_file_are_written_beside_it_unless_the_command_line_has_its_own() {
    let world = World::new(
        "paths = [\"one\"]\n[[report]]\nformat = \"csv\"\n[[report]]\nformat = \"json\"\noutput = \"out.json\"\n",
    );
    let (_, out, _) = world.run_in("two", &["scan"]);
    assert!(out.starts_with("record,kb,"), "{out}");
    assert!(world.0.path().join("out.json").is_file());
    fs::remove_file(world.0.path().join("out.json")).unwrap();
    let (_, out, _) = world.scan(&["--format", "table"]);
    assert!(out.starts_with("hotfixcheck "), "{out}");
    let (code, out, _) = world.run_in("", &["explain", "Q300001"]);
    assert!(code == 1 && out.starts_with("Q300001"), "explain has its own form: {out}");
    assert!(!world.0.path().join("out.json").exists());
}

#[test]
fn the_system_of_the_file_judges_service_packs() {
    let world = World::new("paths = ['one']\n[system]\nos = 'Windows NT 4.0'\nservice-pack = '6a'\n");
    let (_, report) = world.json(&[]);
    assert_eq!(report["options"]["profile"]["service_pack"], "6a");
    let (_, report) = world.json(&["--os", "Windows 2000", "--service-pack", "4"]);
    assert_eq!(report["options"]["profile"]["os"], "Windows 2000");
}

/// `--os PATH=NAME` and the configuration file name the system of one tree; the other is not changed (issue 13, point
/// 6).
#[test]
fn the_system_of_one_path_judges_that_path_only() {
    let found = |config: &str, args: &[&str]| {
        let world = World::new(config);
        for tree in ["one", "two"] {
            let folder = world.0.path().join(tree).join("WINNT/System32");
            fs::create_dir_all(&folder).unwrap();
            let version = [4, 0, 1381, 4];
            fs::write(folder.join("ntoskrnl.exe"), PeBuilder::new().fixed(version, version).build()).unwrap();
        }
        let catalog: Catalog = [pack_article("Q300004", &[("Windows 2000", "4")])].into_iter().collect();
        world.write("catalog.tsv", &catalog::write(&catalog));
        let (_, report) = world.json(&[args, &["--all"]].concat());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let articles = report["articles"].as_array().unwrap();
        articles.iter().map(|a| (text(&a["system"]), text(&a["status"]))).collect::<Vec<_>>()
    };
    let is = |tree: &str, status: &str| (tree.to_owned(), status.to_owned());
    let one = ["one", "two", "--os", "one=win2k", "--service-pack", "one=3"];
    let two = ["--os", "two=Windows 2000", "--service-pack", "two=SP4"];
    assert_eq!(found("", &[&one[..], &two].concat()), [is("one", "missing"), is("two", "fixed")]);
    // The kernel of the other tree belongs to Windows NT 4.0: the article is not for it.
    assert_eq!(found("", &one), [is("one", "missing")]);
    let for_all = ["--os", "win2k", "--service-pack", "3"];
    assert_eq!(found("", &[&["one", "two"], &two[..], &for_all].concat()), [is("one", "missing"), is("two", "fixed")]);
    let file = "paths = ['one', 'two']\n[system]\nos = 'two=win2k'\nservice-pack = 'two=4'\n";
    assert_eq!(found(file, &[]), [is("two", "fixed")]);

    // A service pack needs the system of the same path.
    let (code, _, err) = World::new("").scan(&["one", "--os", "one=win2k", "--service-pack", "two=4"]);
    assert!(code == 2 && err.contains("--service-pack two=4 needs --os two=NAME"), "{err}");
}

#[test]
fn waived_findings_are_shown_as_such_in_every_form() {
    let world = World::new(WAIVERS);
    let (code, report) = world.json(&[]);
    assert_eq!((code, &report["options"]["today"]), (1, &"2026-06-15".into()));
    let articles = report["articles"].as_array().unwrap();
    let marks: Vec<(&Value, &Value)> = articles.iter().map(|a| (&a["waived"], &a["fails"])).collect();
    assert_eq!(marks, [(&false.into(), &true.into()), (&true.into(), &false.into())], "Q300002, then Q300001");
    assert_eq!(articles[1]["findings"][0]["waiver"]["source"], "hotfixcheck.toml:4");
    assert_eq!(report["warnings"][0]["code"], "waiver-expired");
    assert_eq!(report["summary"]["waived"], 1);
    for format in ["table", "json", "jsonl", "csv", "markdown", "junit", "sarif", "codequality"] {
        let (code, out, _) = world.scan(&["--format", format]);
        assert_eq!(code, 1, "{format}");
        assert!(out.contains("Not before the stop.") && out.contains("2026-06-15"), "{format}: {out}");
        assert!(out.contains("waiver-expired"), "{format}: {out}");
    }
    let (_, out, _) = world.scan(&["--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed = |rule: &str| &results.iter().find(|r| r["ruleId"] == rule).unwrap()["suppressions"];
    assert_eq!(suppressed("Q300001")[0]["kind"], "external");
    assert_eq!(suppressed("Q300001")[0]["status"], "accepted");
    assert_eq!(suppressed("Q300002"), &Value::Null);
    assert_eq!(world.scan(&["--exclude", "b.dll"]).0, 0);
    assert_eq!(world.scan(&["--exclude", "b.dll", "--strict-waivers"]).0, 1);
    let (_, out, _) = world.scan(&["--exclude", "b.dll", "--strict-waivers"]);
    assert!(out.contains("waivers have expired or match nothing (exit code 1)"), "{out}");
}

#[test]
fn without_a_day_the_clock_says_it() {
    let world = World::new(&WAIVERS.replace("2026-06-15", "2999-12-31"));
    let (code, out, _) = world.run_in("", &["scan", "--exclude", "b.dll", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    let today: jiff::civil::Date = report["options"]["today"].as_str().unwrap().parse().unwrap();
    assert!(today > jiff::civil::date(2026, 1, 1) && report["warnings"][0]["code"] == "waiver-expired", "{today}");
}

#[test]
fn what_the_file_says_wrong_is_named_with_its_line_and_a_suggestion() {
    let cases: &[(&str, &str)] = &[
        ("path = ['one']\n", "'hotfixcheck.toml': line 1: unknown key 'path'; did you mean 'paths'?"),
        ("\n\nzzz = 1\n", "line 3: unknown key 'zzz'; use one of: paths, sniff, include"),
        ("paths = 'one'\n", "line 1: 'paths' must be a list of texts"),
        ("paths = ['one', 2]\n", "line 1: 'paths' must be a list of texts"),
        ("fail-on = 'mising'\n", "line 1: invalid fail-on 'mising'; did you mean 'missing'?"),
        ("fail-on = true\n", "'fail-on' must be a text"),
        ("include = ['C:\\WINNT']\n", "invalid pattern 'C:\\WINNT': give a path relative"),
        ("exclude = ['a', '[']\n", "invalid pattern '['"),
        ("strict-waivers = 1\n", "'strict-waivers' must be true or false"),
        ("[system]\nos = 'Windows NT 4.0'\n", "hotfixcheck.toml: [system]: --os 'Windows NT 4.0' needs --service-pack"),
        ("[system]\nsp = '4'\n", "line 2: unknown key 'sp' in [system]"),
        ("[[report]]\noutput = 'x'\n", "[[report]]: key 'format' is missing"),
        ("[[report]]\nformat = 'sarf'\n", "line 2: invalid format 'sarf'; did you mean 'sarif'?"),
        ("[waiver]\nkb = 'Q300001'\n", "'waiver' must be tables that begin with [[waiver]]"),
        ("[[waiver]]\nkb = 'Q3'\n", "[[waiver]]: key 'reason' is missing"),
        ("[[waiver]]\nkb = 'x'\nreason = 'r'\nexpires = 2026-01-01\n", "line 2: 'x' is not a Knowledge Base id"),
        ("[[waiver]]\nkb = 300001\nreason = ' '\nexpires = 2026-01-01\n", "line 3: 'reason' must be a text"),
        ("[[waiver]]\nkb = 300001\nreason = 'r'\n", "line 1: [[waiver]]: key 'expires' is missing"),
        ("[[waiver]]\nkb = 300001\nreason = 'r'\nexpires = '2026-02-30'\n", "line 4: 'expires' must be a date"),
        ("[[waiver]]\nkb = 300001\nreason = 'r'\nexpires = 2026-02-01T10:00:00\n", "'expires' must be a date"),
        ("[[waiver]]\nkb = 300001\nreason = 'r'\nexpire = 2026-02-01\n", "did you mean 'expires'?"),
        ("[[waiver]]\nkb = 300001\nreason = 'r'\nexpires = 2026-02-01\npath = '/a'\n", "line 5: invalid pattern '/a'"),
        ("paths = [\n", "line 1: "),
        ("paths = ['one']\npaths = ['two']\n", "line 2: "),
    ];
    for (config, word) in cases {
        let (code, out, err) = World::new(config).scan(&["one"]);
        assert_eq!((code, out.as_str()), (2, ""), "{config}");
        assert!(err.contains(word), "{config}: {err}");
    }
    let (code, _, err) = World::new("").run_in("", &["scan", "one", "--today", "2026-6-1"]);
    assert!(code == 2 && err.contains("expected YYYY-MM-DD"), "{err}");
}

#[test]
fn required_fixes_are_told_in_every_form_and_fail_when_they_are_not_in() {
    let world = World::new("paths = ['one', 'two']\n");
    world.write("list", "\u{feff}# the audit's list\r\nQ300003\r\n\r\nkb 300001 # this one\n300003\nKB399999\n");
    let (code, report) = world.json(&["--require", "list", "--fail-on", "missing"]);
    let required = &report["required"];
    assert_eq!((code, &required["met"], &required["total"]), (1, &1.into(), &3.into()));
    let states: Vec<&Value> = required["fixes"].as_array().unwrap().iter().map(|f| &f["state"]).collect();
    assert_eq!(states, ["in", "not-in", "not-in"]);
    for format in ["table", "json", "jsonl", "csv", "markdown", "junit", "sarif", "codequality"] {
        let (code, out, _) = world.scan(&["--require", "list", "--only-required", "--format", format]);
        assert_eq!(code, 1, "{format}");
        assert!(out.contains("399999") && out.contains("not in the catalogue"), "{format}: {out}");
        assert!(!out.contains("300002"), "{format}: {out}");
    }
    world.write("in", "Q300003");
    assert_eq!(world.scan(&["--require", "in"]).0, 1, "others are missing");
    let (code, out, _) = world.scan(&["--require", "in", "--only-required"]);
    assert_eq!(code, 0);
    assert!(out.contains("1 of 1 required fixes is installed"), "{out}");
    // Nothing is missing here, but a required fix is absent.
    world.write("absent", "Q300001");
    let (code, out, _) = world.scan(&["two", "--require", "absent"]);
    assert_eq!(code, 1);
    assert!(out.contains("not applicable: A.DLL: There is no file of this name."), "{out}");
    assert!(out.contains("required fixes are not installed (exit code 1)"), "{out}");
}

#[test]
fn a_list_that_is_wrong_is_refused() {
    let world = World::new("paths = ['one']\n");
    for (text, word) in [
        ("Q300001\nhello\n", "'list': line 2: 'hello' is not a Knowledge Base id"),
        ("# nothing\n", "'list' lists no article"),
        ("", "'list' lists no article"),
    ] {
        world.write("list", text);
        let (code, _, err) = world.scan(&["--require", "list"]);
        assert!(code == 2 && err.contains(word), "{err}");
    }
    for args in [&["--require", "nowhere"][..], &["--only-required"], &["--only-required", "--kb", "Q300001"]] {
        assert_eq!(world.scan(args).0, 2, "{args:?}");
    }
    let world = World::new("paths = ['one']\nonly-required = true\n");
    let (code, _, err) = world.scan(&[]);
    assert!(code == 2 && err.contains("--require FILE"), "{err}");
    assert_eq!(world.scan(&["--kb", "Q300001"]).0, 1, "a question about some articles has its own");
}

#[test]
fn the_example_in_the_docs_is_read() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md")).unwrap();
    let example = docs.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let world = World::new(example);
    world.write("required.txt", "Q300003\n");
    fs::create_dir_all(world.0.path().join("image/WINNT/System32")).unwrap();
    fs::create_dir(world.0.path().join("out")).unwrap();
    let (code, out, err) = world.scan(&[]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("waiver-unmatched") && world.0.path().join("out/report.sarif").is_file(), "{out}");
}

/// Issue 15: a bulletin or vulnerability stands for its articles in a list of required fixes and in a waiver; those that are for
/// other files do not count where one applies.
#[test]
fn bulletins_and_vulnerabilities_are_required_and_waived() {
    let world = World::new("paths = [\"one\"]\n");
    let catalog = fs::read_to_string(world.0.path().join("catalog.tsv")).unwrap();
    let named = |line: &str| match line {
        line if line.starts_with("A\tQ300001") => format!("{line}\nB\tMS08-067\nC\tCVE-2008-4250\nV\tcritical\n"),
        line if line.starts_with("A\tQ300003") => format!("{line}\nB\tMS08-067\nC\tCVE-2008-4250\n"),
        line => format!("{line}\n"),
    };
    world.write("catalog.tsv", &catalog.lines().map(named).collect::<String>());
    for text in ["MS08-067\n", "ms08-67 # a bulletin\nCVE-2008-4250\n"] {
        world.write("r.txt", text);
        let (code, report) = world.json(&["--require", "r.txt"]);
        assert_eq!((code, &report["required"]["total"]), (1, &1.into()), "{text}: {}", report["required"]);
        assert_eq!(report["required"]["fixes"][0]["id"], "Q300001");
    }
    world.write("r.txt", "MS08-999\n");
    let (code, _, err) = world.scan(&["--require", "r.txt"]);
    assert!(code == 2 && err.contains("'r.txt': line 1: no article of 'MS08-999' is in the"), "{err}");
    let waiver =
        |kb: &str| format!("paths = [\"one\"]\n[[waiver]]\nkb = \"{kb}\"\nreason = \"x\"\nexpires = 2027-01-01\n");
    for kb in ["MS08-067", "cve-2008-4250"] {
        world.write("hotfixcheck.toml", &waiver(kb));
        let (code, report) = world.json(&["--strict-waivers"]);
        let waived: Vec<&Value> =
            report["articles"].as_array().unwrap().iter().filter(|one| one["waived"] == true).collect();
        assert_eq!((code, waived.len(), &waived[0]["id"]), (1, 1, &"Q300001".into()), "{report}");
        assert!(!report["warnings"].to_string().contains("waiver-unmatched"), "{}", report["warnings"]);
    }
    world.write("hotfixcheck.toml", &waiver("MS08-999"));
    let (code, _, err) = world.scan(&[]);
    assert!(code == 2 && err.contains("hotfixcheck.toml:2: [[waiver]]: no article of 'MS08-999'"), "{err}");

    // The keys of the file, and the command line before them.
    world.write("hotfixcheck.toml", "paths = ['one']\ncve = ['CVE-2008-4250']\nseverity = 'Critical'\nplan = true\n");
    let (_, report) = world.json(&[]);
    assert_eq!(report["options"]["asked"], serde_json::json!(["CVE-2008-4250"]));
    assert_eq!((&report["options"]["severity"], report["plan"].is_object()), (&"critical".into(), true));
    let (_, report) = world.json(&["--kb", "Q300002", "--severity", "LOW"]);
    assert_eq!((&report["options"]["asked"][0], &report["options"]["severity"]), (&"Q300002".into(), &"low".into()));
    world.write("hotfixcheck.toml", "kb = ['Q300001']\nrequire = 'r.txt'\n");
    let (code, _, err) = world.scan(&["one"]);
    assert!(code == 2 && err.contains("line 2: 'require' cannot be used with 'kb' or 'cve'"), "{err}");
    world.write("hotfixcheck.toml", "cve = ['MS08-067']\n");
    let (code, _, err) = world.scan(&["one"]);
    assert!(code == 2 && err.contains("line 1: 'MS08-067' is not a vulnerability"), "{err}");
}

/// Issue 15: the catalogues of the configuration file, beside it.
#[test]
fn the_catalogues_of_the_file_are_used() {
    let world = World::new("paths = ['one']\ncatalog = 'catalog.tsv'\nadd-catalog = ['more.tsv']\n");
    world.write("more.tsv", "hotfixcheck-catalog\t1\nA\tQ300009\t\tMore\nF\t1\ttable\tA.DLL\t4.0.1381.200\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    let output = command.args(["scan", "--format", "json"]).current_dir(world.0.path()).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["catalogue"]["name"], "catalog.tsv + more.tsv");
}

/// Issue 15: `-o` alone printed nothing, and exit code 1 looked like a failure.
#[test]
fn what_was_written_is_said() {
    let world = World::new("");
    let (code, out, err) = world.scan(&["one", "-o", "report.html"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("2 fixes to install") && err.contains("written: report.html"), "{err}");
    assert_eq!(world.scan(&["one", "-o", "report.html", "--quiet"]).2, "");
    assert_eq!(world.scan(&["one", "-o", "report.html", "--format", "html", "--format", "table", "-o", "-"]).2, "");
}
