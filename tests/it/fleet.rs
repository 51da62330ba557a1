//! Many inventories in one run: a row a host, what is missing on how many, the worst exit code.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hotfixcheck");

/// Exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder of inventories, and a catalogue that demands 4.0.1381.100 of a.dll and b.dll.
struct Fleet(TempDir);

impl Fleet {
    fn new() -> Self {
        let fleet = Self(TempDir::new().unwrap());
        fs::create_dir(fleet.0.path().join("hosts")).unwrap();
        let rows = [("Q310626", "a.dll"), ("Q311111", "b.dll")];
        let catalog: Catalog =
            rows.into_iter().map(|(id, file)| article(id, vec![row(file, "4.0.1381.100")])).collect();
        fs::write(fleet.0.path().join("catalog.tsv"), catalog::write(&catalog)).unwrap();
        fleet
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// The snapshot of a host with files of these revisions.
    fn host(self, name: &str, files: &[(&str, u16)]) -> Self {
        let tree = self.path(&format!("tree-{}", name.replace('/', "-")));
        fs::create_dir(&tree).unwrap();
        for (file, revision) in files {
            let version = [4, 0, 1381, *revision];
            fs::write(Path::new(&tree).join(file), PeBuilder::new().fixed(version, version).build()).unwrap();
        }
        let file = self.path(&format!("hosts/{name}"));
        fs::create_dir_all(Path::new(&file).parent().unwrap()).unwrap();
        run(&["inventory", &tree, "-o", &file]);
        self
    }

    fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.path(&format!("hosts/{name}")), text).unwrap();
        self
    }

    fn scan(&self, more: &[&str]) -> (i32, String, String) {
        let (hosts, catalog) = (self.path("hosts"), self.path("catalog.tsv"));
        run(&[&["scan", "--inventory", &hosts, "--catalog", &catalog], more].concat())
    }
}

fn hosts() -> Fleet {
    Fleet::new()
        .host("plc1.json", &[("a.dll", 100), ("b.dll", 100)])
        .host("plc2.json", &[("a.dll", 99), ("b.dll", 99)])
        .host("hall/plc3.json", &[("a.dll", 5)])
        .host("empty.json", &[])
        .file("broken.json", "{\"schema\":\"hotfixcheck.inventory/1\"")
        .file(".hidden", "no inventory")
        .file("old.txt", "--a-- W32i   DLL ENU      4.0.1381.50 shp  1,000 01-02-1999 b.dll\n")
}

#[test]
fn a_row_a_host_and_what_is_left_to_install() {
    let fleet = hosts();
    let (code, out, err) = fleet.scan(&["--format", "json"]);
    assert_eq!((code, err.as_str()), (1, ""));
    let json: Value = serde_json::from_str(&out).unwrap();
    let schema = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fleet.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let hosts: Vec<(&str, Option<&str>)> = json["hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|host| (host["host"].as_str().unwrap(), host["summary"]["outcome"].as_str()))
        .collect();
    assert_eq!(
        hosts,
        [
            ("broken", None),
            ("empty", Some("nothing-recognised")),
            ("old", Some("findings")),
            ("plc1", Some("clean")),
            ("plc2", Some("findings")),
            ("plc3", Some("findings")),
        ]
    );
    let articles: Vec<(String, usize)> = json["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|article| (article["id"].as_str().unwrap().to_owned(), article["hosts"].as_array().unwrap().len()))
        .collect();
    assert_eq!(articles, [("Q311111".to_owned(), 2), ("Q310626".to_owned(), 2)]);
    assert!(json["hosts"][0]["error"].as_str().unwrap().starts_with("EOF"), "{out}");
}

#[test]
fn every_form_shows_the_hosts() {
    let fleet = hosts();
    for (format, words) in [
        ("table", &["plc3", "findings", "To install", "Could not be read:", "Hosts      6:", "exit code 1"][..]),
        ("csv", &["host,plc1,", "article,plc2,", "Q311111", "unreadable"]),
        ("markdown", &["### Hosts", "| plc1 | no findings |", "| Q311111 | 2 |", "| 6 | 3 | 0 | 1 | 1 | 1 |"]),
    ] {
        let (code, out, _) = fleet.scan(&["--format", format]);
        assert_eq!(code, 1);
        for word in words {
            assert!(out.contains(word), "{format}: {word}: {out}");
        }
    }
    for format in ["sarif", "junit", "jsonl"] {
        let (code, out, err) = fleet.scan(&["--format", format]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("table, summary, one-line, ids, json, csv, markdown"), "{err}");
    }
}

#[test]
fn the_exit_code_is_the_worst() {
    let sound = [("a.dll", 100), ("b.dll", 100)];
    let clean = || Fleet::new().host("a.json", &sound).host("b.json", &sound);
    assert_eq!(clean().scan(&[]).0, 0);
    assert_eq!(clean().host("c.json", &[]).scan(&[]).0, 4);
    assert_eq!(clean().host("c.json", &[]).file("d.json", "").scan(&[]).0, 3);
    let untold = r#"[{"path":"C:\\a.dll","size":"1","mtime":"1"}]"#;
    assert_eq!(clean().file("d.json", untold).scan(&[]).0, 3);
    assert_eq!(clean().file("d.json", "").host("e.json", &[("a.dll", 1)]).scan(&[]).0, 1);
    assert_eq!(Fleet::new().file("d.json", "").file("e.json", "x").scan(&[]).0, 2);
    let (code, _, err) = Fleet::new().scan(&[]);
    assert!(code == 2 && err.contains("no inventory found in"), "{err}");
}

#[test]
fn each_host_is_judged_as_by_itself_and_threads_change_nothing() {
    let fleet = hosts();
    let (_, json, _) = fleet.scan(&["--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let (path, catalog) = (fleet.path("hosts/plc2.json"), fleet.path("catalog.tsv"));
    let alone = run(&["scan", "--inventory", &path, "--catalog", &catalog, "--format", "json"]).1;
    let alone: Value = serde_json::from_str(&alone).unwrap();
    assert_eq!(json["hosts"][4]["summary"], alone["summary"]);
    let with = |threads: &str| {
        let hosts = fleet.path("hosts");
        let mut command = Command::new(PROGRAM);
        command.env("RAYON_NUM_THREADS", threads);
        command.args(["scan", "--inventory", &hosts, "--catalog", &catalog, "--format", "csv"]).output().unwrap().stdout
    };
    assert_eq!(with("1"), with("7"));
    // Named one by one they are the same fleet; hosts of one name are told apart by their paths.
    let (one, two) = (fleet.path("hosts/plc1.json"), fleet.path("hosts/hall/plc1.json"));
    fs::copy(&one, &two).unwrap();
    let out = run(&["scan", "--inventory", &one, "--inventory", &two, "--catalog", &catalog, "--format", "csv"]).1;
    assert!(out.contains(&format!("host,{one},")) && out.contains(&format!("host,{two},")), "{out}");
}
