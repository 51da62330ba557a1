//! Comparison of two reports, and a report as the baseline of a scan.

use std::fs;

use crate::support::attack::{assert_valid, closed, schema};
use crate::support::kit::{article, row, row_in_branch};
use crate::support::world::World;
use hotfixcheck::report::{DiffFormat, DiffView, Look, Previous, ReadError};
use serde_json::{Value, json};

/// A fix for each of A, B, C, D.DLL; Q300005 brings the file of Q300001 and B.DLL.
fn world() -> World {
    let fix = |id: &str, file: &str| article(id, vec![row(file, "4.0.1381.100")]);
    let world = World::new(vec![
        fix("Q300001", "A.DLL"),
        fix("Q300002", "B.DLL"),
        fix("Q300003", "C.DLL"),
        fix("Q300004", "D.DLL"),
        article("Q300005", vec![row("A.DLL", "4.0.1381.110"), row("E.DLL", "4.0.1381.110")]),
    ]);
    // Missing: Q300002, Q300005, and Q300001, which Q300005 supersedes; fixed: Q300003.
    world.pe("old/sys/a.dll", 4);
    world.pe("old/sys/b.dll", 4);
    world.pe("old/sys/c.dll", 100);
    world
}

/// The subjects of a list of changes.
fn subjects(diff: &Value, list: &str) -> Vec<String> {
    let line = |change: &Value| format!("{} {}", change["id"].as_str().unwrap(), change["subject"].as_str().unwrap());
    diff[list].as_array().unwrap().iter().map(line).collect()
}

fn diff(world: &World, old: &str, new: &str) -> (i32, Value) {
    let (code, out, err) = world.run(&["diff", old, new, "--format", "json"]);
    let diff = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    // The schema describes every comparison that a test makes here, with all its members.
    assert_valid(&closed(schema("docs/diff.schema.json")), &diff);
    (code, diff)
}

#[test]
fn a_report_is_the_same_as_itself() {
    let world = world();
    for more in [&[][..], &["--all"]] {
        let report = world.report("old.json", &[&["old"], more].concat());
        let gaps = if more.is_empty() { 2 } else { 3 };
        let (code, diff) = diff(&world, "old.json", "old.json");
        assert_eq!((code, &diff["unchanged"]), (0, &gaps.into()), "{report}");
        for list in ["newly_missing", "newly_fixed", "no_longer_told", "changed", "notes"] {
            assert_eq!(diff[list], json!([]), "{list}");
        }
    }
}

/// A bulletin has a row of one file for each of its packages: the file changed once (issue 18).
#[test]
fn a_file_of_several_rows_changes_once() {
    let branch = |branch: &str| row_in_branch("A.DLL", "4.0.1381.100", branch);
    let world = World::new(vec![article("Q300001", vec![branch("SP6GDR"), branch("SP6QFE")])]);
    world.pe("old/a.dll", 100);
    world.pe("new/a.dll", 4);
    world.report("old.json", &["old", "--all"]);
    world.report("new.json", &["new", "--all"]);
    let (code, diff) = diff(&world, "old.json", "new.json");
    assert_eq!((code, subjects(&diff, "newly_missing")), (1, vec!["Q300001 a.dll".to_owned()]));
}

#[test]
fn each_change_is_in_its_list() {
    let world = world();
    world.report("old.json", &["old"]);
    fs::rename(world.path("old"), world.path("new")).unwrap();
    world.pe("new/SYS2/x.txt", 1);
    world.pe("new/sys/a.dll", 5); // Q300005, another file, too old as well
    world.pe("new/sys/b.dll", 100); // Q300002 fixed
    world.pe("new/sys/c.dll", 99); // Q300003 rolled back
    world.pe("new/sys/d.dll", 4); // Q300004 arrives
    for more in [&[][..], &["--all"]] {
        world.report("new.json", &[&["new"], more].concat());
        let (code, diff) = diff(&world, "old.json", "new.json");
        assert_eq!((code, diff["exit_code"].as_i64()), (1, Some(1)));
        assert_eq!(subjects(&diff, "newly_missing"), ["Q300004 sys/d.dll", "Q300003 sys/c.dll"]);
        assert_eq!(subjects(&diff, "newly_fixed"), ["Q300002 sys/b.dll"], "{more:?}");
        assert_eq!(subjects(&diff, "changed"), ["Q300005 sys/a.dll"]);
        assert_eq!((&diff["unchanged"], &diff["no_longer_told"]), (&usize::from(!more.is_empty()).into(), &json!([])));
        assert_eq!(diff["changed"][0]["old"]["version"], "4.0.1381.4");
        assert_eq!(diff["changed"][0]["new"]["version"], "4.0.1381.5");
        assert!(diff["notes"][0].as_str().unwrap().contains("different folders, old and new"), "{diff}");
    }
    let (code, back) = diff(&world, "new.json", "new.json");
    assert_eq!((code, back["newly_missing"].as_array().unwrap().len()), (0, 0));
}

#[test]
fn what_is_gone_or_cannot_be_read_is_not_called_fixed() {
    let world = world();
    world.report("old.json", &["old"]);
    fs::remove_file(world.path("old/sys/a.dll")).unwrap();
    world.write("old/sys/b.dll", b"");
    for more in [&[][..], &["--all"]] {
        world.report("new.json", &[&["old"], more].concat());
        let (code, diff) = diff(&world, "old.json", "new.json");
        assert_eq!((code, &diff["newly_fixed"]), (0, &json!([])));
        assert_eq!(subjects(&diff, "no_longer_told"), ["Q300005 sys/a.dll", "Q300002 sys/b.dll"]);
        let status: Vec<&Value> = diff["no_longer_told"].as_array().unwrap().iter().map(|c| &c["status"]).collect();
        assert_eq!(status, [&Value::Null, &"unknown".into()]);
        assert!(diff["notes"][0].as_str().unwrap().contains("later report is incomplete"), "{diff}");
    }
}

#[test]
fn what_was_missing_behind_another_fix_is_not_new_in_front_of_it() {
    let world = world();
    world.pe("old/sys/e.dll", 200);
    world.report("old.json", &["old"]);
    // Without Q300005 nothing supersedes Q300001.
    world.report("new.json", &["old", "--kb", "Q300001", "--kb", "Q300002"]);
    let (code, diff) = diff(&world, "old.json", "new.json");
    assert_eq!((code, &diff["newly_missing"], &diff["unchanged"]), (0, &json!([]), &2.into()));
    assert_eq!(subjects(&diff, "no_longer_told"), ["Q300005 sys/a.dll"], "it was not asked for");
    assert!(diff["notes"][0].as_str().unwrap().contains("different options"), "{diff}");
    assert_eq!(world.scan(&["old", "--kb", "Q300001", "--baseline", "old.json"]).0, 0);
}

#[test]
fn only_what_is_new_fails_a_scan_with_a_baseline() {
    let world = world();
    world.report("old.json", &["old"]);
    let (code, out, _) = world.scan(&["old", "--baseline", "old.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("in baseline") && out.contains("3 of them already in the baseline"), "{out}");
    world.pe("old/more/B.DLL", 4);
    let report = world.report("new.json", &["old", "--baseline", "old.json"]);
    assert_eq!((&report["summary"]["exit_code"], &report["options"]["baseline"]), (&1.into(), &"old.json".into()));
    let of = |id: &str| report["articles"].as_array().unwrap().iter().find(|a| a["id"] == id).unwrap();
    let known: Vec<&Value> = of("Q300002")["findings"].as_array().unwrap().iter().map(|f| &f["known"]).collect();
    assert_eq!(known, [&Value::from(false), &Value::from(true)]);
    assert_eq!((&of("Q300002")["fails"], &of("Q300005")["fails"]), (&true.into(), &false.into()));
    for format in ["table", "json", "jsonl", "csv", "markdown", "junit", "sarif", "codequality"] {
        let (code, out, _) = world.scan(&["old", "--baseline", "old.json", "--format", format]);
        assert!(
            code == 1
                && (out.contains("in baseline")
                    || out.contains("in the baseline")
                    || out.contains("\"known\": true")
                    || out.contains("\"known\":true")
                    || out.contains(",true,")
                    || out.contains("\"unchanged\"")),
            "{format}: {out}"
        );
    }
    let (_, out, _) = world.scan(&["old", "--baseline", "old.json", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let states: Vec<&Value> = results.iter().map(|r| &r["baselineState"]).collect();
    // Known findings come after new ones.
    assert_eq!(states, ["new", "unchanged", "unchanged"]);
    // The next baseline contains the known findings of this one.
    assert_eq!(world.scan(&["old", "--baseline", "new.json"]).0, 0);
    fs::rename(world.path("old"), world.path("moved")).unwrap();
    let (code, out, _) = world.scan(&["moved", "--baseline", "new.json"]);
    assert!(code == 0 && out.contains("baseline-other-tree"), "{out}");
}

/// Trees are matched by path, whatever their order (issue 13): a finding of one is not known in another.
#[test]
fn a_baseline_of_several_trees_knows_each_by_its_path() {
    let world = world();
    world.pe("new/sys/a.dll", 4);
    let fixed = world.report("alone.json", &["new"]);
    assert_ne!(fixed["summary"]["missing"], 0);
    world.report("both.json", &["old", "new"]);
    for trees in [&["old", "new"][..], &["new", "old"], &["old"], &["new"]] {
        assert_eq!(world.scan(&[trees, &["--baseline", "both.json"]].concat()).0, 0, "{trees:?}");
    }
    // A finding that only `old` had is new in `new`.
    fs::create_dir_all(world.path("other/sys")).unwrap();
    world.report("one.json", &["old", "other"]);
    fs::copy(world.path("old/sys/a.dll"), world.path("other/sys/a.dll")).unwrap();
    assert_eq!(world.scan(&["other", "--baseline", "one.json"]).0, 1);
}

#[test]
fn what_was_waived_is_not_known_and_a_required_fix_can_be() {
    let world = world();
    let waiver = "[[waiver]]\nkb = 300002\nreason = 'r'\nexpires = 2026-07-01\n";
    world.write("hotfixcheck.toml", waiver.as_bytes());
    world.report("old.json", &["old"]);
    world.write("list", b"Q300002\nQ300004\n");
    world.report("list.json", &["old", "--require", "list"]);
    fs::remove_file(world.path("hotfixcheck.toml")).unwrap();
    assert_eq!(world.scan(&["old", "--baseline", "old.json"]).0, 1, "the waiver is gone");
    let new = world.report("new.json", &["old", "--require", "list", "--baseline", "list.json"]);
    let states: Vec<&Value> = new["required"]["fixes"].as_array().unwrap().iter().map(|f| &f["state"]).collect();
    assert_eq!(states, ["not-in", "known"]);
    world.write("hotfixcheck.toml", waiver.as_bytes());
    world.pe("old/sys/z/b.dll", 4);
    world.report("new.json", &["old"]);
    let (code, diff) = diff(&world, "old.json", "new.json");
    assert_eq!((code, subjects(&diff, "newly_missing")), (0, vec!["Q300002 sys/z/b.dll".to_owned()]), "it is waived");
}

#[test]
fn reports_that_cannot_be_read_are_refused() {
    let world = world();
    world.report("old.json", &["old"]);
    for (text, word) in [
        ("", "not a JSON report of hotfixcheck"),
        ("{", "line 1"),
        ("[]", "not a JSON report of hotfixcheck"),
        ("{}", "no \"schema\""),
        (
            "{\"schema\": \"hotfixcheck.report/2\"}",
            "its schema is hotfixcheck.report/2; this program reads hotfixcheck.report/1",
        ),
        ("{\"schema\": \"hotfixcheck.report/1\"}", "missing field"),
    ] {
        world.write("bad.json", text.as_bytes());
        for args in [&["diff", "old.json", "bad.json"][..], &["diff", "bad.json", "old.json"]] {
            let (code, out, err) = world.run(args);
            assert_eq!((code, out.as_str()), (2, ""), "{text}");
            assert!(err.contains("bad.json") && err.contains(word), "{text}: {err}");
        }
        let (code, _, err) = world.scan(&["old", "--baseline", "bad.json"]);
        assert!(code == 2 && err.contains(word), "{err}");
    }
    assert_eq!(world.run(&["diff", "old.json", "nowhere.json"]).0, 2);
    assert_eq!(world.run(&["diff", "old.json"]).0, 2);
}

/// The value with an unknown member in every object, except maps of ids.
fn grown(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: serde_json::Map<String, Value> = map.iter().map(|(k, v)| (k.clone(), grown(v))).collect();
            if !map.contains_key("likely_missing") {
                map.insert("added later".to_owned(), json!({"what": [1]}));
            }
            Value::Object(map)
        }
        Value::Array(items) => items.iter().map(grown).collect(),
        other => other.clone(),
    }
}

#[test]
fn fields_that_come_later_do_not_matter_and_windows_spellings_are_the_same_tree() {
    let world = world();
    let old = world.report("old.json", &["old", "--all"]);
    world.pe("old/sys/d.dll", 4);
    let mut new = world.report("new.json", &["old", "--all"]);
    let read = |report: &Value| Previous::read(&serde_json::to_vec(report).unwrap()).unwrap();
    let plain = DiffView::new(&read(&old), &read(&new));
    assert_eq!(DiffView::new(&read(&grown(&old)), &read(&grown(&new))), plain);
    let mut old = old;
    old["trees"][0]["path"] = r"C:\WINDOWS\system32\".into();
    for (spelling, notes) in [(r"c:/windows/System32", 0), (r"C:\WINDOWS\system", 1), ("/mnt/c/WINDOWS/system32", 1)] {
        new["trees"][0]["path"] = spelling.into();
        assert_eq!(DiffView::new(&read(&old), &read(&new)).notes.len(), notes, "{spelling}");
    }
    assert!(matches!(Previous::read(b"{\"schema\":\"x\"}"), Err(ReadError::OtherSchema { .. })));
}

#[test]
fn every_form_of_a_comparison() {
    let world = world();
    let nasty = "<b>|`x`\u{1b}[2J";
    let mut old = world.report("old.json", &["old"]);
    old["articles"][0]["title"] = nasty.into();
    old["articles"][0]["findings"][0]["file"]["path"] = format!("sys/{nasty}").into();
    world.pe("old/sys/a.dll", 200);
    world.pe("old/sys/b.dll", 5);
    world.pe("old/sys/c.dll", 5);
    let new = world.report("new.json", &["old"]);
    let read = |report: &Value| Previous::read(&serde_json::to_vec(report).unwrap()).unwrap();
    let view = DiffView::new(&read(&old), &read(&new));
    for (name, format) in [("table", DiffFormat::Table), ("json", DiffFormat::Json), ("markdown", DiffFormat::Markdown)]
    {
        let text = String::from_utf8(view.render(format, Look::PLAIN).unwrap()).unwrap();
        assert!(!text.contains('\u{1b}'), "{name}");
        let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(format!("diff_{name}"), text);
    }
    let (code, out, _) = world.run(&["diff", "old.json", "new.json", "-o", "changes.txt"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(fs::read_to_string(world.path("changes.txt")).unwrap().contains("Newly missing:"));
}
