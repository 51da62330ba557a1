//! Issue 17: `judge --stdin`, one line per host in and one line per host out.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{io::Write as _, thread};

use crate::support::kit::{article, row};
use crate::support::world::World;
use hotfixcheck_testkit::thorough::one_of;
use serde_json::{Value, json};

/// Articles that require 4.0.1381.100 of a.dll and b.dll.
fn world() -> World {
    World::new(
        [("Q310626", "a.dll"), ("Q311111", "b.dll")]
            .map(|(id, file)| article(id, vec![row(file, "4.0.1381.100")]))
            .to_vec(),
    )
}

/// Exit code and lines of a run with this input.
fn judge(world: &World, input: &[u8], more: &[&str]) -> (i32, Vec<Value>) {
    run(&world.path("."), input, &[&["--catalog", "catalog.tsv"], more].concat())
}

fn run(folder: &Path, input: &[u8], more: &[&str]) -> (i32, Vec<Value>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["judge", "--stdin"])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code().unwrap(), lines)
}

/// The snapshot of a host with files of these revisions of 4.0.1381.
fn snapshot(world: &World, name: &str, files: &[(&str, u16)]) -> Value {
    for (file, revision) in files {
        world.pe(&format!("{name}/{file}"), *revision);
    }
    fs::create_dir_all(world.path(name)).unwrap();
    let (code, out, err) = world.run(&["inventory", name, "--catalog", "catalog.tsv"]);
    assert_eq!(code, if files.is_empty() { 4 } else { 0 }, "{err}");
    serde_json::from_str(&out).unwrap()
}

fn lines(hosts: &[Value]) -> Vec<u8> {
    hosts.iter().map(|host| format!("{host}\n")).collect::<String>().into_bytes()
}

fn validated(lines: &[Value]) {
    let schema = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/judged.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    for line in lines {
        let errors: Vec<String> = validator.iter_errors(line).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}: {line}");
    }
}

#[test]
fn a_line_a_host_in_the_order_of_the_input() {
    let world = world();
    let hosts: Vec<Value> = (0..40_u16)
        .map(|number| {
            let name = format!("pc{number}");
            let inventory = snapshot(&world, &name, &[("a.dll", 90 + number), ("b.dll", 100)]);
            json!({"host": name, "inventory": inventory, "engine": {"partition": number}})
        })
        .collect();
    let (code, one) = judge(&world, &lines(&hosts), &["-j", "1"]);
    assert_eq!((code, one.len()), (1, 40));
    validated(&one);
    for (number, line) in one.iter().enumerate() {
        let outcome = if number < 10 { "findings" } else { "clean" };
        assert_eq!((&line["host"], &line["outcome"]), (&hosts[number]["host"], &json!(outcome)), "{line}");
        assert_eq!(line["line"], number + 1);
    }
    let finding = &one[3]["articles"][0]["findings"][0];
    assert_eq!((&finding["file"], &finding["found"]), (&json!("a.dll"), &json!("4.0.1381.93")));
    assert_eq!((&finding["required"], &finding["reason"]), (&json!("4.0.1381.100"), &json!("version-older")));
    assert_eq!(judge(&world, &lines(&hosts), &["-j", "3"]), (code, one), "whatever the number of threads");
}

#[test]
fn a_host_has_the_answer_of_a_scan_of_it() {
    let world = world();
    let inventory = snapshot(&world, "pc", &[("a.dll", 5), ("b.dll", 200)]);
    world.write("pc.json", inventory.to_string().as_bytes());
    let report = world.report("report.json", &["pc"]);
    let inputs = [
        json!({"host": "object", "inventory": inventory}),
        json!({"host": "text", "inventory": inventory.to_string()}),
        json!({"host": "file", "path": "pc.json"}),
        json!({"host": "folder", "path": "pc"}),
    ];
    let (code, answers) = judge(&world, &lines(&inputs), &[]);
    assert_eq!((code, answers.len()), (1, 4));
    validated(&answers);
    for answer in answers {
        assert_eq!(answer["summary"], report["summary"], "{}", answer["host"]);
        assert_eq!(answer["articles"][0]["kb"], report["articles"][0]["id"]);
        assert_eq!(answer["error"], Value::Null);
    }
}

#[test]
fn a_list_of_another_tool_is_given_with_its_form() {
    let world = world();
    let list = "--a-- W32i   DLL ENU      4.0.1381.50 shp  1,000 01-02-1999 b.dll\n";
    let input = lines(&[
        json!({"host": "told", "inventory": list, "format": "filever"}),
        json!({"host": "seen", "inventory": list}),
        json!({"host": "wrong", "inventory": list, "format": "osquery"}),
        json!({"host": "unknown", "inventory": list, "format": "excel"}),
    ]);
    let (code, answers) = judge(&world, &input, &[]);
    assert_eq!((code, &answers[0]["outcome"], &answers[1]["outcome"]), (1, &json!("findings"), &json!("findings")));
    assert!(answers[2]["error"].as_str().unwrap().contains("osquery"), "{}", answers[2]);
    assert!(answers[3]["error"].as_str().unwrap().contains("use one of snapshot, sigcheck"), "{}", answers[3]);
}

#[test]
fn a_broken_line_is_an_error_of_its_own() {
    let world = world();
    let good = json!({"host": "good", "inventory": snapshot(&world, "good", &[("a.dll", 100)])}).to_string();
    let mut input =
        format!("{good}\n\n   \r\n{{\"host\": \"cut\", \"inventory\": {{\"sch\nno json\n{{}}\n[1]\n").into_bytes();
    input.extend(b"{\"host\":\"bytes \xff\",\"path\":\"good\"}\n");
    input.extend(b"{\"host\":\"nowhere\",\"path\":\"not/there\"}\n{\"host\":1,\"path\":\"good\"}\n");
    input.extend(br#"{"host":"both","path":"good","inventory":{}}"#);
    input.extend(format!("\n{good}").as_bytes());
    let (code, answers) = judge(&world, &input, &[]);
    assert_eq!(code, 3, "no findings, but not everything could be read");
    validated(&answers);
    let seen: Vec<(u64, Option<&str>, bool)> = answers
        .iter()
        .map(|answer| (answer["line"].as_u64().unwrap(), answer["host"].as_str(), answer["error"].is_null()))
        .collect();
    assert_eq!(
        seen,
        [
            (1, Some("good"), true),
            (4, Some("cut"), false),
            (5, None, false),
            (6, None, false),
            (7, None, false),
            (8, Some("bytes \u{fffd}"), false),
            (9, Some("nowhere"), false),
            // Issue 17: a number is read as its text.
            (10, Some("1"), true),
            (11, Some("both"), false),
            (12, Some("good"), true),
        ]
    );
    assert!(answers[1]["error"].as_str().unwrap().contains("at column"), "{}", answers[1]);
}

/// Issue 17: engines give hosts as numbers, and write their members in any order.
#[test]
fn a_host_is_a_text_or_a_number_and_is_seen_in_a_broken_line() {
    let world = world();
    world.write("good.json", snapshot(&world, "good", &[("a.dll", 100)]).to_string().as_bytes());
    let lines = [
        r#"{"host":18446744073709551616,"path":"good.json"}"#,
        r#"{"host":-7.50,"path":"good.json"}"#,
        r#"{"host":null,"path":"good.json"}"#,
        r#"{"host":true,"path":"good.json"}"#,
        r#"{"host":{"name":"a"},"path":"good.json"}"#,
        r#"{"host": 12, "path": 5}"#,
        r#"{"inventory":{"files":[}, "host": "last"}"#,
        r#"{"host": 13"#,
    ];
    let (code, answers) = judge(&world, lines.join("\n").as_bytes(), &[]);
    assert_eq!(code, 3);
    validated(&answers);
    let seen: Vec<(Option<&str>, bool)> =
        answers.iter().map(|answer| (answer["host"].as_str(), answer["error"].is_null())).collect();
    assert_eq!(
        seen,
        [
            (Some("18446744073709551616"), true),
            (Some("-7.50"), true),
            (None, true),
            (None, false),
            (None, false),
            (Some("12"), false),
            (Some("last"), false),
            (Some("13"), false),
        ]
    );
    assert!(answers[3]["error"].as_str().unwrap().contains("expected a text or a number"), "{}", answers[3]);
}

#[test]
fn the_exit_code_is_the_worst_of_the_hosts() {
    let world = world();
    let host = |name: &str, files: &[(&str, u16)]| json!({"host": name, "inventory": snapshot(&world, name, files)});
    let (clean, missing, empty) = (host("clean", &[("a.dll", 100)]), host("old", &[("a.dll", 1)]), host("empty", &[]));
    let broken = json!({"host": "broken"});
    let code = |hosts: &[&Value], more: &[&str]| {
        judge(&world, &lines(&hosts.iter().copied().cloned().collect::<Vec<_>>()), more).0
    };
    assert_eq!(code(&[], &[]), 0, "an engine's empty partition");
    assert_eq!(code(&[&clean], &[]), 0);
    assert_eq!(code(&[&clean, &missing, &broken, &empty], &[]), 1);
    assert_eq!(code(&[&broken, &broken], &[]), 3, "an engine's part may have no other line (issue 17)");
    assert_eq!(code(&[&broken, &clean, &empty], &[]), 3);
    assert_eq!(code(&[&clean, &empty], &[]), 4);
    assert_eq!(code(&[&missing], &["--fail-on", "never"]), 0);
    assert_eq!(code(&[&missing], &["--kb", "Q311111"]), 0);
    assert_eq!(judge(&world, b"", &["--kb", "Q999999"]).0, 2, "not in the catalogue");
    assert_eq!(judge(&world, b"", &["--os", "pc=XP", "--service-pack", "pc=2"]).0, 2, "a path is of one host");
}

/// Issue 17, point 5: the list of installed updates of a machine, with its inventory.
#[test]
fn a_line_may_have_a_list_of_installed_updates() {
    let world = world();
    let inventory = snapshot(&world, "pc", &[("a.dll", 1)]);
    let input = lines(&[
        json!({"host": "claims", "inventory": inventory, "hotfixes": "[01]: Q310626\r\n"}),
        json!({"host": "none", "inventory": inventory, "hotfixes": "nothing"}),
        json!({"host": "folder", "path": "pc", "hotfixes": "Q310626"}),
    ]);
    let (code, answers) = judge(&world, &input, &[]);
    assert_eq!((code, &answers[0]["outcome"]), (1, &json!("findings")));
    // The machine lists updates as installed that its files do not have.
    let warnings = answers[0]["warnings"].to_string();
    assert!(warnings.contains("Q310626: ") && warnings.contains("(registry-claims-installed)"), "{warnings}");
    validated(&answers);
    assert!(answers[1]["error"].as_str().unwrap().contains("expected reg export"), "{}", answers[1]);
    assert!(answers[2]["error"].as_str().unwrap().contains("only valid with an inventory"), "{}", answers[2]);
}

#[test]
fn an_engine_may_wait_for_each_answer() {
    use std::io::{BufRead as _, BufReader};
    let world = world();
    let line = format!("{}\n", json!({"host": "pc", "inventory": snapshot(&world, "pc", &[("a.dll", 1)])}));
    let mut child = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["judge", "--stdin", "--catalog", "catalog.tsv"])
        .current_dir(world.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for _ in 0..3 {
        stdin.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.contains("\"host\":\"pc\""), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// A reader that stops reading ends the run without an error.
#[test]
fn a_reader_that_is_gone_ends_the_run() {
    let world = world();
    let line = format!("{}\n", json!({"host": "pc", "inventory": snapshot(&world, "pc", &[("a.dll", 1)])}));
    let mut child = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"))
        .args(["judge", "--stdin", "--catalog", "catalog.tsv"])
        .current_dir(world.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // The run ends by itself: then its input is closed.
    while stdin.write_all(line.as_bytes()).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// A FAT16 volume that was not unmounted, with one file in its root.
fn dirty_volume(name: &[u8; 11], file: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    // More than 4,084 clusters of one sector each make it FAT16.
    let (sectors, table, data) = (4400_u16, 18_u16, 20_usize);
    let mut volume = vec![0; usize::from(sectors) * SECTOR];
    let mut put = |at: usize, bytes: &[u8]| volume[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xEB\x3C\x90MSDOS5.0");
    put(11, &(SECTOR as u16).to_le_bytes());
    put(13, &[1, 1, 0, 1, 16, 0]);
    put(19, &sectors.to_le_bytes());
    put(21, &[0xF8]);
    put(22, &table.to_le_bytes());
    put(38, &[0x29]);
    put(54, b"FAT16   ");
    put(510, &[0x55, 0xAA]);
    // The highest bit of the second entry is set when the volume is unmounted.
    put(SECTOR, &[0xF8, 0xFF, 0xFF, 0x7F]);
    let clusters = file.len().div_ceil(SECTOR) as u16;
    for cluster in 2..2 + clusters {
        let next = if cluster == 1 + clusters { 0xFFFF } else { cluster + 1 };
        put(SECTOR + usize::from(cluster) * 2, &next.to_le_bytes());
    }
    let root = (1 + usize::from(table)) * SECTOR;
    put(root, name);
    put(root + 11, &[0x20]);
    put(root + 26, &2_u16.to_le_bytes());
    put(root + 28, &(file.len() as u32).to_le_bytes());
    put(data * SECTOR, file);
    volume
}

/// Issue 17: an engine does not keep the messages that a program writes on standard error.
#[test]
fn what_is_to_be_known_of_an_image_is_in_its_answer() {
    let world = world();
    world.pe("a.dll", 5);
    world.write("volume.img", &dirty_volume(b"A       DLL", &fs::read(world.path("a.dll")).unwrap()));
    let (code, answers) = judge(&world, &lines(&[json!({"host": "pc", "path": "volume.img"})]), &[]);
    validated(&answers);
    assert_eq!((code, &answers[0]["articles"][0]["kb"]), (1, &json!("Q310626")), "{}", answers[0]);
    let warning = answers[0]["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("volume.img") && warning.contains("the volume is marked as dirty"), "{warning}");
}

/// A byte order mark before the first line, as PowerShell writes it, is accepted; UTF-16 is reported; an empty list of
/// updates is a list; a snapshot of a later version is reported as such (issue 17).
#[test]
fn lines_of_other_programs_are_understood_or_named() {
    let world = world();
    let old = "path,version,machine\nC:\\WINNT\\System32\\a.dll,4.0.1381.9,i386\n";
    let line = json!({"host": "a", "inventory": old, "hotfixes": ""}).to_string();
    let (code, answers) = judge(&world, format!("\u{feff}{line}\n").as_bytes(), &[]);
    assert_eq!((code, &answers[0]["host"], &answers[0]["outcome"]), (1, &"a".into(), &"findings".into()));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(line.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (_, answers) = judge(&world, &wide, &[]);
    assert_eq!(answers[0]["error"], "the input is UTF-16: give it as UTF-8");
    let (_, answers) = judge(&world, b"[\"h\",null,\"a.json\",null,null]\n", &[]);
    assert!(answers[0]["error"].as_str().unwrap().ends_with("expected '{'"), "{}", answers[0]);
    let later = json!({"host": "a", "inventory": {"schema": "hotfixcheck.inventory/2", "trees": [], "files": []}});
    let (_, answers) = judge(&world, &lines(&[later]), &[]);
    let error = answers[0]["error"].as_str().unwrap();
    assert!(error.contains("'hotfixcheck.inventory/2'") && error.contains("a later version of hotfixcheck"), "{error}");
    validated(&answers);
}

/// Issue 17: what is read of rows and headings is kept from host to host. It is the same for all systems: no host's answer depends on
/// those before it.
#[test]
fn hosts_are_judged_alike_alone_and_after_others() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    let systems: Vec<&str> =
        ["nt4", "win2000", "winxp", "server2003", "windows7", "windows11"].into_iter().step_by(one_of(3)).collect();
    let answers = |systems: &[&str]| -> Vec<Value> {
        let hosts: Vec<Value> = systems.iter().map(|system| json!({"host": system, "path": system})).collect();
        let (_, mut answers) = run(&samples, &lines(&hosts), &["--all", "-j", "1"]);
        answers.iter_mut().for_each(|answer| drop(answer.as_object_mut().unwrap().remove("line")));
        answers
    };
    let alone: Vec<Value> = systems.iter().flat_map(|system| answers(&[system])).collect();
    assert!(alone.iter().all(|answer| answer["outcome"] == "findings"), "{alone:?}");
    let mut turned = systems.clone();
    turned.reverse();
    let mut after_later = answers(&turned);
    after_later.reverse();
    assert!(answers(&systems) == alone && after_later == alone);
}
