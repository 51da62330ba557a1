//! The formats for other programs: snapshots with strings that attack each of them, and checks by schemas and parsers
//! that are not part of this project.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::attack::*;
use crate::support::kit::*;
use hotfixcheck::assess::{FailOn, Policy};
use hotfixcheck::inventory::{Entry, Inventory};
use hotfixcheck::report::{Look, ReportFormat, View, render};
use hotfixcheck::{FileVersion, Machine};
use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;

fn view() -> View {
    view_of(&inventory_of(entries(), &["/mnt/a|b"]), &Policy::default(), true)
}

#[test]
fn every_format_over_strings_that_attack_it() {
    let view = view();
    for format in ReportFormat::ALL {
        insta::assert_snapshot!(format!("{format:?}").to_lowercase(), text(&view, format));
    }
}

#[test]
fn no_format_lets_a_control_character_through() {
    let view = view();
    for format in ReportFormat::ALL {
        let text = text(&view, format);
        let bad = text.chars().find(|&c| c.is_control() && c != '\n' && !(c == '\r' && format == ReportFormat::Csv));
        assert_eq!(bad, None, "{format:?}");
    }
}

#[test]
fn csv_reads_back_and_no_cell_is_a_formula() {
    let bytes = render(&view(), ReportFormat::Csv, Look::PLAIN).unwrap();
    assert!(bytes.ends_with(b"\r\n"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    let findings: usize = view().articles.iter().map(|a| a.findings.len()).sum();
    assert_eq!(rows.iter().filter(|row| &row[0] == "finding").count(), findings);
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    let path = header.iter().position(|name| name == "path").unwrap();
    assert!(rows.iter().any(|row| &row[path] == "'+sys/<script>.dll"));
}

#[test]
fn json_lines_are_the_view_line_by_line() {
    let view = view();
    let whole = json(&view, ReportFormat::Json);
    let lines: Vec<Value> =
        text(&view, ReportFormat::Jsonl).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&lines[0]["record"], &lines[0]["summary"]), (&"run".into(), &whole["summary"]));
    let findings: Vec<&Value> =
        whole["articles"].as_array().unwrap().iter().flat_map(|a| a["findings"].as_array().unwrap()).collect();
    let records: Vec<&Value> = lines.iter().filter(|l| l["record"] == "finding").collect();
    assert_eq!(records.len(), findings.len());
    for (record, finding) in records.iter().zip(findings) {
        for (key, value) in finding.as_object().unwrap() {
            assert_eq!(&record[key], value);
        }
    }
    assert_eq!(lines.iter().filter(|l| l["record"] == "unreadable").count(), view.unreadable.len());
}

#[test]
fn markdown_is_nothing_but_headings_and_tables_and_stays_below_the_limit() {
    let is_block =
        |line: &str| line.is_empty() || line.starts_with("## ") || line.starts_with("### ") || line.starts_with("| ");
    let markdown = text(&view(), ReportFormat::Markdown);
    for line in markdown.lines() {
        assert!(is_block(line) || line.starts_with("|--"), "{line}");
        assert!(!line.contains(['<', '>', '`', '@']) && !line.contains("://"), "{line}");
    }
    let pipes = |line: &str| line.matches('|').count();
    let table: Vec<&str> =
        markdown.lines().skip_while(|l| !l.starts_with("| KB")).take_while(|l| !l.is_empty()).collect();
    assert!(table.len() > 5 && table.iter().all(|line| pipes(line) == 8), "{table:#?}");
    let entries = (0..8000).map(|n| file(&format!("{n:0120}/=cmd.dll"), "4.0.1381.4")).collect();
    let long = text(&view_of(&inventory_of(entries, &["tree"]), &Policy::default(), false), ReportFormat::Markdown);
    assert!(long.len() < 1024 * 1024 && long.contains("left out"), "{}", long.len());
}

/// The end of each test case, by name, as a reader of XML sees it.
fn cases(xml: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut name, mut end, mut out) = (None, "passed".to_owned(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return out,
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "testcase" => {
                out.extend(name.take().map(|name| (name, std::mem::replace(&mut end, "passed".to_owned()))));
                let value = e.try_get_attribute("name").unwrap().unwrap();
                name = Some(quick_xml::escape::unescape(&value.value).unwrap().into_owned());
            }
            Event::Start(e) | Event::Empty(e) if ["failure", "error", "skipped"].contains(&e.name().as_ref()) => {
                end = e.name().as_ref().to_owned();
            }
            Event::End(e) if e.name().as_ref() == "testsuite" => {
                out.extend(name.take().map(|name| (name, std::mem::replace(&mut end, "passed".to_owned()))));
            }
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_test_case_an_article_and_one_for_each_unreadable_thing() {
    let end = |fail_on| {
        let view = view_of(&inventory_of(entries(), &["t"]), &Policy { fail_on, ..Policy::default() }, true);
        let cases = cases(&text(&view, ReportFormat::Junit));
        assert_eq!(cases.len(), view.articles.len() + view.unreadable.len());
        move |start: &str| cases.iter().find(|(name, _)| name.starts_with(start)).map(|(_, end)| end.clone()).unwrap()
    };
    let by_default = end(FailOn::Missing);
    assert_eq!(by_default("Q300001 =HYPERLINK(\"x\") | `code` **b** <script>"), "failure");
    assert_eq!(by_default("Q300003"), "failure");
    assert_eq!(by_default("Q300004"), "skipped");
    assert_eq!(by_default("Q300005"), "passed");
    assert_eq!(by_default("KB836769"), "error");
    assert_eq!(by_default("=locked"), "error");
    assert_eq!(end(FailOn::Unknown)("Q300004"), "failure");
}

#[test]
fn a_run_that_recognised_nothing_is_no_passing_suite() {
    let view =
        view_of(&Inventory { problems: Vec::new(), ..inventory_of(Vec::new(), &["t"]) }, &Policy::default(), false);
    assert_eq!(cases(&text(&view, ReportFormat::Junit)), [("files".to_owned(), "error".to_owned())]);
    let run = &json(&view, ReportFormat::Sarif)["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn sarif_is_valid_by_the_official_schema() {
    let schema = sarif_schema();
    for all in [false, true] {
        for roots in [&["one"][..], &["one", "two"]] {
            assert_valid(
                &schema,
                &json(&view_of(&inventory_of(entries(), roots), &Policy::default(), all), ReportFormat::Sarif),
            );
        }
    }
    let empty = view_of(&inventory_of(Vec::new(), &["t"]), &Policy::default(), false);
    assert_valid(&schema, &json(&empty, ReportFormat::Sarif));
}

#[test]
fn sarif_results_point_to_rules_and_relative_places() {
    let report = json(&view(), ReportFormat::Sarif);
    let run = &report["runs"][0];
    let results = run["results"].as_array().unwrap();
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!place.starts_with('/') && place.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)));
    }
    let uris: Vec<&str> = results
        .iter()
        .filter_map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    assert!(uris.contains(&"%2Bsys/%3Cscript%3E.dll"), "{uris:?}");
    assert!(uris.contains(&"caf%E9/%3Dcmd.dll"), "{uris:?}");
    let levels: BTreeSet<&str> = results.iter().filter_map(|r| r["level"].as_str()).collect();
    assert_eq!(levels, BTreeSet::from(["error", "note"]));
}

fn fingerprints(view: &View) -> Vec<String> {
    let report = json(view, ReportFormat::Sarif);
    let results = report["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|r| r["partialFingerprints"]["hotfixcheck/v1"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn fingerprints_are_distinct_and_survive_machine_folder_case_and_other_findings() {
    let policy = Policy::default();
    let here = fingerprints(&view_of(&inventory_of(entries(), &["/mnt/image"]), &policy, false));
    let distinct: BTreeSet<&String> = here.iter().collect();
    assert_eq!(distinct.len(), here.len());
    assert!(here.contains(&"Q300001|%2bsys/%3cscript%3e.dll|i386".to_owned()), "{here:?}");
    let there = fingerprints(&view_of(&inventory_of(entries(), &["/elsewhere/tree"]), &policy, false));
    assert_eq!(here, there);

    // Another spelling of the folder, an older file, and one more file before it.
    let mut other = entries();
    other[0] = file("+SYS/<script>.dll", "4.0.1381.3");
    other.insert(0, file("!/<script>.dll", "4.0.1381.3"));
    let other: BTreeSet<String> =
        fingerprints(&view_of(&inventory_of(other, &["t"]), &policy, false)).into_iter().collect();
    assert!(here.iter().all(|f| other.contains(f)));

    // The same files in a second tree, and for a second machine, are different results.
    let mut more = entries();
    more.extend(entries().into_iter().map(|e| Entry { root: 1, ..e }));
    let alpha = binary(Machine::Alpha, "4.0.1381.4", &[]);
    more.push(entry("+sys/x/<script>.dll", Ok(alpha)));
    let more = fingerprints(&view_of(&inventory_of(more, &["one", "two"]), &policy, false));
    assert_eq!(more.iter().collect::<BTreeSet<_>>().len(), more.len());
    assert!(here.iter().all(|f| more.contains(f)));
    assert!(more.iter().any(|f| f.ends_with("|alpha")));
}

#[test]
fn a_fixed_row_does_not_move_the_fingerprint_of_the_other() {
    let version: FileVersion = "4.0.1381.7098".parse().unwrap();
    let entries = vec![file("=cmd.dll", &version.to_string())];
    let before =
        fingerprints(&view_of(&inventory_of(vec![file("=cmd.dll", "4.0.1381.4")], &["t"]), &Policy::default(), true));
    let after = fingerprints(&view_of(&inventory_of(entries, &["t"]), &Policy::default(), true));
    assert!(after.len() < before.len() && after.iter().all(|f| before.contains(f)), "{before:?} {after:?}");
}

fn program(args: &[&str]) -> (Option<i32>, Vec<u8>) {
    let output = Command::new(env!("CARGO_BIN_EXE_hotfixcheck")).args(args).output().unwrap();
    (output.status.code(), output.stdout)
}

const SAMPLES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/nt4"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/win2000"),
];

#[test]
fn json_reports_are_what_their_schema_describes() {
    let schema = closed(schema("docs/report.schema.json"));
    assert_valid(&schema, &json(&view(), ReportFormat::Json));
    for sample in SAMPLES {
        for more in [&[][..], &["--all"], &["--os", "Windows NT 4.0", "--service-pack", "6a", "--all"]] {
            let (_, out) = program(&[&["scan", sample, "--format", "json"], more].concat());
            assert_valid(&schema, &serde_json::from_slice(&out).unwrap());
        }
    }
}

#[test]
fn one_scan_writes_every_report_and_its_exit_code_is_the_same() {
    let folder = tempfile::TempDir::new().unwrap();
    let names = ["table", "json", "jsonl", "csv", "markdown", "html", "junit", "sarif", "codequality"];
    for sample in SAMPLES {
        let (code, _) = program(&["scan", sample]);
        let paths = names.map(|name| folder.path().join(name).to_str().unwrap().to_owned());
        let mut args = vec!["scan", sample];
        for (name, path) in names.iter().zip(&paths) {
            args.extend(["--format", name, "-o", path]);
        }
        assert_eq!(program(&args), (code, Vec::new()));
        for (name, path) in names.iter().zip(&paths).step_by(one_of(3)) {
            let (single, out) = program(&["scan", sample, "--format", name]);
            assert_eq!((single, out == fs::read(path).unwrap()), (code, true), "{name}");
        }
        let sarif = serde_json::from_slice(&fs::read(&paths[7]).unwrap()).unwrap();
        assert_valid(&sarif_schema(), &sarif);
    }
}

#[test]
fn forms_and_places_that_do_not_pair_are_refused_before_the_scan() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("report").to_str().unwrap().to_owned();
    let same = folder.path().join(".").join("report").to_str().unwrap().to_owned();
    let wrong: [&[&str]; 4] = [
        &["--format", "json", "--format", "csv"],
        &["--format", "json", "--format", "csv", "-o", &path],
        &["--format", "json", "-o", &path, "--format", "csv", "-o", &same],
        &["--format", "json", "-o", "-", "--format", "csv", "-o", "-"],
    ];
    for more in wrong {
        let (code, out) = program(&[&["scan", SAMPLES[0]], more].concat());
        assert_eq!((code, out.len()), (Some(2), 0), "{more:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{more:?}");
    }
    let (code, out) =
        program(&["explain", "Q310626", SAMPLES[0], "--format", "csv", "-o", &path, "--format", "table", "-o", "-"]);
    assert_eq!(code, Some(1));
    assert!(String::from_utf8(out).unwrap().starts_with("Q310626  "));
    assert!(fs::read_to_string(&path).unwrap().starts_with("record,kb,"));
}
