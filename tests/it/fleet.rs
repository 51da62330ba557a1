//! Many inventories in one run: one row per host, the number of hosts that lack each fix, the worst exit code.

use std::fs;
use std::path::Path;

use crate::support::kit::{article, row};
use assert_cmd::Command;
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck_testkit::pe_builder::PeBuilder;
use hotfixcheck_testkit::thorough::is_for_ci;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hotfixcheck");

/// Exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder of inventories, and a catalogue that requires 4.0.1381.100 of a.dll and b.dll.
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
    for format in ["sarif", "junit", "codequality"] {
        let (code, out, err) = fleet.scan(&["--format", format]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("scan each inventory by itself"), "{err}");
        assert!(err.contains("table, summary, one-line, ids, json, jsonl, csv, markdown, html"), "{err}");
    }
}

/// Issue 17: the line of `judge` for each host, in the order of the hosts, whatever the number of threads.
#[test]
fn json_lines_are_those_of_judge() {
    let fleet = hosts();
    let (code, out, _) = fleet.scan(&["--format", "jsonl"]);
    assert_eq!(code, 1);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let schema = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/judged.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    assert!(lines.iter().all(|line| validator.is_valid(line)), "{out}");
    let hosts: Vec<&str> = lines.iter().map(|line| line["host"].as_str().unwrap()).collect();
    assert_eq!(hosts, ["broken", "empty", "old", "plc1", "plc2", "plc3"]);
    let input: String = [("broken", "broken.json"), ("empty", "empty.json"), ("plc2", "plc2.json")]
        .map(|(host, file)| format!("{{\"host\":\"{host}\",\"path\":{:?}}}\n", fleet.path(&format!("hosts/{file}"))))
        .concat();
    let catalog = fleet.path("catalog.tsv");
    let judged = Command::new(PROGRAM).args(["judge", "--stdin", "--catalog", &catalog]).write_stdin(input).output();
    let judged = String::from_utf8(judged.unwrap().stdout).unwrap();
    for (line, place) in judged.lines().zip([0, 1, 4]) {
        let line: Value = serde_json::from_str(line).unwrap();
        for member in ["host", "outcome", "exit_code", "system", "files", "summary", "articles", "warnings"] {
            assert_eq!(line[member], lines[place][member], "{member}");
        }
        assert_eq!(line["error"].is_null(), lines[place]["error"].is_null());
    }
    // Together with other reports, in a file.
    let (lines, csv) = (fleet.path("x.jsonl"), fleet.path("x.csv"));
    let both = fleet.scan(&["-o", &lines, "-o", &csv]);
    assert_eq!((both.0, both.1.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(lines).unwrap(), out);
    assert_eq!(fs::read_to_string(csv).unwrap(), fleet.scan(&["--format", "csv"]).1);
}

/// Issue 17: the versions of the files that are too old.
#[test]
fn csv_has_the_versions() {
    let (_, out, _) = hosts().scan(&["--format", "csv"]);
    assert!(out.starts_with("record,host,inventory,"), "{out}");
    assert!(out.contains(",error,file,machine,found,required,verdict,reason,severity,"), "{out}");
    let finding = "finding,plc2,,,,,,,,,,,,,Q310626,";
    let line = out.lines().find(|line| line.starts_with(finding)).unwrap();
    assert!(line.contains(",missing,,a.dll,i386,4.0.1381.99,4.0.1381.100,missing,version-older,"), "{line}");
    assert_eq!(out.lines().filter(|line| line.starts_with("finding,")).count(), 4);
}

/// Issue 17: which fix is missing on how many hosts, and which hosts lack most.
#[test]
fn the_page_of_a_fleet_has_all_hosts_and_fixes() {
    let fleet = hosts().file("<script>.json", "no inventory");
    let (code, out, _) = fleet.scan(&["--format", "html"]);
    assert_eq!(code, 1);
    assert!(!out.contains("<script>.json") && out.contains("&#60;script&#62;"), "names are escaped");
    assert!(out.contains("7 hosts: fixes are missing"), "{out}");
    let data = out.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(data).unwrap();
    let hosts = data["hosts"].as_array().unwrap();
    // The hosts that lack most come first.
    let left: Vec<(&str, u64)> =
        hosts.iter().map(|host| (host[0].as_str().unwrap(), host[1].as_u64().unwrap())).collect();
    assert_eq!((hosts.len(), left[0], left[1].1, left[3].1), (7, ("plc2", 2), 1, 0), "{left:?}");
    let fixes = data["fixes"].as_array().unwrap();
    assert_eq!((fixes.len(), &fixes[0][0], &fixes[0][2]), (2, &Value::from("Q311111"), &Value::from("b.dll")));
    let on: Vec<&str> =
        fixes[0][3].as_array().unwrap().iter().map(|place| left[place.as_u64().unwrap() as usize].0).collect();
    assert_eq!(on, ["plc2", "old"]);
}

/// Issue 18: the page of a fleet can be filtered by severity, known exploits, system and result.
#[test]
fn the_page_of_a_fleet_has_filters_where_there_is_a_choice() {
    let fleet = hosts();
    let page = |fleet: &Fleet| fleet.scan(&["--format", "html"]).1;
    let plain = page(&fleet);
    assert!(!plain.contains("id=\"severity\"") && !plain.contains("id=\"only-exploited\""), "nothing is rated");
    assert!(plain.contains("<select id=\"result\">") && plain.contains("<option value=\"no findings\">"), "{plain}");
    let catalog = fs::read_to_string(fleet.path("catalog.tsv")).unwrap();
    let rated = |line: &str| match line {
        line if line.starts_with("A\tQ310626") => format!("{line}\nC\tCVE-2008-4250\nX\tCVE-2008-4250\nV\tcritical\n"),
        line => format!("{line}\n"),
    };
    fs::write(fleet.path("catalog.tsv"), catalog.lines().map(rated).collect::<String>()).unwrap();
    let page = page(&fleet);
    assert!(page.contains("<option value=\"critical\">critical</option>"), "{page}");
    assert!(page.contains("id=\"only-exploited\""), "{page}");
    assert!(page.contains("<td>2</td><td>critical, CVE-2008-4250; exploited</td>"), "{page}");
    let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(data).unwrap();
    let fix = data["fixes"].as_array().unwrap().iter().find(|fix| fix[0] == "Q310626").unwrap();
    assert_eq!((&fix[4], &fix[5], &fix[6]), (&"critical".into(), &true.into(), &"CVE-2008-4250".into()));
}

/// Issue 15: every format says what was asked, and what each missing fix corrects, with its packages and links.
#[test]
fn every_format_says_what_was_asked_and_what_fixes_correct() {
    let fleet = hosts();
    let catalog = fs::read_to_string(fleet.path("catalog.tsv")).unwrap();
    let rated = |line: &str| match line {
        line if line.starts_with("A\tQ310626") => {
            format!("{line}\nC\tCVE-2008-4250\nX\tCVE-2008-4250\nV\tcritical\nB\tMS08-067\nK\tKB958644-x86-ENU.exe\n")
        }
        line => format!("{line}\n"),
    };
    fs::write(fleet.path("catalog.tsv"), catalog.lines().map(rated).collect::<String>()).unwrap();
    let facts = ["critical", "MS08-067", "CVE-2008-4250", "Search.aspx?q=KB310626"];
    for format in ["table", "summary", "json", "jsonl", "csv", "markdown", "html"] {
        let (code, out, err) = fleet.scan(&["--cve", "CVE-2008-4250", "--severity", "critical", "--format", format]);
        assert_eq!((code, err.as_str()), (1, ""), "{format}");
        let unescaped = out.replace("\\_", "_").replace("\\#", "#");
        for fact in facts.into_iter().filter(|fact| format != "table" || !fact.starts_with("Search")) {
            assert!(unescaped.contains(fact), "{format}: {fact}: {out}");
        }
        let said = match format {
            "json" => "\"asked\": [\n      \"CVE-2008-4250\"",
            _ => "CVE-2008-4250 (1 article); articles rated critical",
        };
        assert!(unescaped.contains(said), "{format}: {out}");
    }
    let (_, out, _) = fleet.scan(&["--cve", "CVE-2008-4250", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    let schema = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fleet.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    assert!(validator.is_valid(&json), "{out}");
    assert_eq!(json["options"]["kb"][0], "Q310626");
    assert!(!fleet.scan(&[]).1.contains("Only"), "everything was asked");
}

/// Issue 17: `--top`.
#[test]
fn only_those_that_lack_most_are_listed() {
    let fleet = hosts();
    let (code, out, _) = fleet.scan(&["--top", "1"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("plc2") && !out.contains("plc3") && out.contains("Q311111") && !out.contains("Q310626"),
        "{out}"
    );
    assert!(out.contains("the 1 of 6 hosts that lack most, and the 1 of 2 fixes that most hosts lack"), "{out}");
    assert!(out.contains("6: 3 with findings"), "the numbers are those of all: {out}");
    assert_eq!(fleet.scan(&["--top", "1", "--format", "ids"]).1, "Q311111\n");
    for format in ["jsonl", "csv"] {
        let (code, _, err) = fleet.scan(&["--top", "1", "--format", format]);
        assert!(code == 2 && err.contains(&format!("--top is not available with format '{format}'")), "{err}");
    }
    let (one, catalog) = (fleet.path("hosts/plc2.json"), fleet.path("catalog.tsv"));
    let (code, _, err) = run(&["scan", "--inventory", &one, "--catalog", &catalog, "--top", "1"]);
    assert!(code == 2 && err.contains("--top is only valid with several inventories"), "{err}");
}

/// Issue 17: files in the folder that are not read are reported, and count; nothing hangs.
#[cfg(unix)]
#[test]
fn links_pipes_and_unreadable_folders_are_named() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let fleet = Fleet::new().host("a.json", &[("a.dll", 100), ("b.dll", 100)]);
    symlink(fleet.path("hosts/a.json"), fleet.path("hosts/link.json")).unwrap();
    symlink("nowhere", fleet.path("hosts/dangling.json")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(fleet.path("hosts/pipe.json")).status().unwrap();
    assert!(made.success());
    let closed = fleet.path("hosts/closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let is_refused = fs::read_dir(&closed).is_err();
    let (code, out, err) = fleet.scan(&["--format", "csv"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(code, 3, "{out}{err}");
    let error = |host: &str| {
        let line =
            out.lines().find(|line| line.starts_with(&format!("host,{host},"))).unwrap_or_else(|| panic!("{out}"));
        line.to_owned()
    };
    assert!(error("link").contains("unreadable") && error("link").contains("a link"), "{out}");
    assert!(error("dangling").contains("a link") && error("pipe").contains("neither a file nor a folder"), "{out}");
    if is_refused {
        assert!(error("closed").contains("ermission denied"), "{out}");
    } else {
        eprintln!("SKIPPED: this user may read every folder");
    }
    assert!(error("a").contains(",clean,0,"), "{out}");
}

/// Issue 17: packed inventories, whose hosts have the names of unpacked ones.
#[test]
fn packed_inventories_are_read_anywhere() {
    let fleet = Fleet::new().host("plc1.json", &[("a.dll", 99), ("b.dll", 100)]);
    let plain = fs::read(fleet.path("hosts/plc1.json")).unwrap();
    let expected = fleet.scan(&["--format", "csv"]).1;
    let gzip = |bytes: &[u8]| {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut writer, bytes).unwrap();
        writer.finish().unwrap()
    };
    let zstandard =
        |bytes: &[u8]| ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest);
    let (half, rest) = plain.split_at(plain.len() / 2);
    // A frame without data, as some tools write one.
    let skipped = [&0x184d_2a50_u32.to_le_bytes()[..], &3_u32.to_le_bytes(), b"any"].concat();
    let forms = [
        ("plc1.json.gz", gzip(&plain)),
        ("plc1.json.gz", [gzip(half), gzip(rest)].concat()),
        ("plc1.json.zst", zstandard(&plain)),
        ("plc1.json.ZST", [zstandard(half), skipped, zstandard(rest)].concat()),
    ];
    fs::remove_file(fleet.path("hosts/plc1.json")).unwrap();
    for (name, bytes) in forms {
        let path = fleet.path(&format!("hosts/{name}"));
        fs::write(&path, &bytes).unwrap();
        let out = fleet.scan(&["--format", "csv"]).1;
        assert_eq!(out.replace(name, "plc1.json"), expected, "{name}");
        // A snapshot as PATH, and a line of judge.
        let catalog = fleet.path("catalog.tsv");
        assert_eq!(run(&["scan", &path, "--catalog", &catalog]).0, 1, "{name}");
        let input = format!("{{\"host\":1,\"path\":{path:?}}}");
        let judge = Command::new(PROGRAM).args(["judge", "--stdin", "--catalog", &catalog]).write_stdin(input).output();
        assert_eq!(judge.unwrap().status.code(), Some(1), "{name}");
        // Cut short, or changed: never a shorter inventory.
        let mut damaged = bytes.clone();
        damaged.truncate(bytes.len() - 9);
        fs::write(&path, &damaged).unwrap();
        assert_eq!(fleet.scan(&[]).0, 2, "{name}");
        fs::remove_file(&path).unwrap();
    }
    if is_for_ci("an inventory that unpacks to a value of 66 MB") {
        return;
    }
    // An input that unpacks to more than the limit ends with an error before it fills the memory.
    let path = fleet.path("hosts/bomb.json.gz");
    let head = br#"{"schema":"hotfixcheck.inventory/1","trees":[{"path":""#;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut writer, head).unwrap();
    for _ in 0..66 {
        std::io::Write::write_all(&mut writer, &vec![b'x'; 1 << 20]).unwrap();
    }
    fs::write(&path, writer.finish().unwrap()).unwrap();
    let (code, out, _) = fleet.scan(&["--format", "csv"]);
    assert!(code == 2 && out.contains("one value of it is larger than 67108864 bytes"), "{out}");
}

#[test]
fn the_exit_code_is_the_worst() {
    let sound = [("a.dll", 100), ("b.dll", 100)];
    let clean = || Fleet::new().host("a.json", &sound).host("b.json", &sound);
    assert_eq!(clean().scan(&[]).0, 0);
    assert_eq!(clean().host("c.json", &[]).scan(&[]).0, 4);
    assert_eq!(clean().host("c.json", &[]).file("d.json", "").scan(&[]).0, 3);
    let unstated = r#"[{"path":"C:\\a.dll","size":"1","mtime":"1"}]"#;
    assert_eq!(clean().file("d.json", unstated).scan(&[]).0, 3);
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
    // Given one by one they are the same fleet; hosts of one name are distinguished by their paths.
    let (one, two) = (fleet.path("hosts/plc1.json"), fleet.path("hosts/hall/plc1.json"));
    fs::copy(&one, &two).unwrap();
    let out = run(&["scan", "--inventory", &one, "--inventory", &two, "--catalog", &catalog, "--format", "csv"]).1;
    assert!(out.contains(&format!("host,{one},")) && out.contains(&format!("host,{two},")), "{out}");
}
