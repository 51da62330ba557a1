//! Each format of the report for one small assessment that has every verdict: reviewed snapshots.

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{Judge, Policy, Relevant};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::{Entry, Inventory, Problem, RelativePath};
use hotfixcheck::report::{Look, ReportFormat, RunInfo, View, explain, render};
use hotfixcheck_articles::Article;
use hotfixcheck_winfiles::binary::BinaryError;

fn catalog() -> Catalog {
    let titled = |id: &str, title: &str, fixes| Article { title: title.to_owned().into(), ..article(id, fixes) };
    [
        titled(
            "Q310626",
            "TAPI Server Leaks Memory When Multiple Programs Own Calls",
            vec![row_for("Tapisrv.exe", "4.0.1381.7097", "Intel"), row_for("Tapisrv.exe", "4.0.1381.7097", "ALPHA")],
        ),
        titled(
            "Q298012",
            "Half of it is here",
            vec![row("Ole32.dll", "4.0.1381.7098"), row("Rpcss.exe", "4.0.1381.7098")],
        ),
        titled("Q265433", "No version\u{1b}[31m in print", vec![row("Rpcss.exe", "")]),
        titled("Q300000", "All is well", vec![row("Ole32.dll", "4.0.1381.7000")]),
        titled("KB836769", "Broken", vec![row("Broken.dll", "5.2.3790.134")]),
        titled("Q171997", "Another system's", vec![row("Ole32.dll", "5.0.2195.1")]),
        pack_article("Q171996", &[("Windows NT 4.0", "4"), ("Windows NT 4.0", "latest")]),
    ]
    .into_iter()
    .collect()
}

fn entries() -> Vec<Entry> {
    let mut entries = vec![
        entry("system32/BROKEN.DLL", Err(BinaryError::NotExecutable)),
        file("system32/dllcache/ole32.dll", "4.0.1381.4"),
        tagged("system32/ole32.dll", "4.0.1381.7099", "4.00"),
        file("system32/rpcss.exe", "4.0.1381.7086"),
        entry("system32/tapisrv.exe", Ok(binary(Machine::I386, "4.0.1381.7086", &[("040904E4", "4.00")]))),
    ];
    // Neither valid UTF-8 nor harmless at a terminal.
    let path = RelativePath::from_bytes(b"caf\xe9\x1b[2J/tapisrv.exe".to_vec());
    entries.insert(0, Entry { path, ..entries[4].clone() });
    entries
}

fn view(policy: &Policy, all: bool) -> View {
    let inventory = Inventory {
        files_seen: 1234,
        problems: vec![Problem { root: 0, path: RelativePath::from("locked"), what: "Permission denied".to_owned() }],
        ..inventory(entries())
    };
    let (catalog, knowledge) = (catalog(), knowledge());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, policy);
    let run = RunInfo { catalogue: "test".to_owned(), all, plan: all, inactive: all, ..RunInfo::default() };
    View::new(&judge, &run)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn table(all: bool, width: u16, colour: bool) -> String {
    text(render(&view(&Policy::default(), all), ReportFormat::Table, Look { width, colour, ..Look::PLAIN }).unwrap())
}

#[test]
fn table_at_eighty_columns() {
    let table = table(false, 80, false);
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    insta::assert_snapshot!(table);
}

#[test]
fn table_wide_with_everything() {
    insta::assert_snapshot!(table(true, 170, false));
}

#[test]
fn json() {
    insta::assert_snapshot!(text(render(&view(&Policy::default(), true), ReportFormat::Json, Look::PLAIN).unwrap()));
}

#[test]
fn explanation() {
    let only = ["Q310626", "Q298012", "Q265433", "Q171996", "KB836769"].map(|id| id.parse().unwrap());
    let policy = Policy { only: Some(only.into()), ..Policy::default() };
    insta::assert_snapshot!(text(explain(&view(&policy, true), Look::PLAIN)));
}

#[test]
fn a_report_without_colour_has_no_escapes_and_one_with_colour_only_its_own() {
    for all in [false, true] {
        for width in [80, 100, 150] {
            assert!(!table(all, width, false).contains('\u{1b}'));
        }
    }
    let coloured = table(true, 100, true);
    assert!(coloured.contains("\u{1b}["));
    assert!(!coloured.contains("\u{1b}[2J") && !coloured.contains("\u{1b}[31m in print"));
}

#[test]
fn formats_for_programs_do_not_depend_on_the_look() {
    let view = view(&Policy::default(), true);
    let narrow = render(&view, ReportFormat::Json, Look { width: 60, colour: true, ..Look::PLAIN }).unwrap();
    assert_eq!(narrow, render(&view, ReportFormat::Json, Look::PLAIN).unwrap());
    let value: serde_json::Value = serde_json::from_slice(&narrow).unwrap();
    assert_eq!(value["schema"], "hotfixcheck.report/1");
    assert_eq!(value["summary"]["exit_code"], 1);
}

/// Superseded articles and their successors; the plan; contradictions; backup copies: in every format.
#[test]
fn every_format_tells_of_supersedence_plan_warnings_and_copies() {
    let catalog: Catalog = [
        Article {
            title: "The older one".to_owned().into(),
            ..article("Q300001", vec![row("Ole32.dll", "4.0.1381.7050")])
        },
        Article {
            title: "The newer one".to_owned().into(),
            ..article("Q300002", vec![row("Ole32.dll", "4.0.1381.7098")])
        },
    ]
    .into_iter()
    .collect();
    let entries = vec![
        file("system32/dllcache/ole32.dll", "4.0.1381.4"),
        file("system32/ole32.dll", "4.0.1381.5"),
        file("i386/ole32.dll", "4.0.1381.6"),
    ];
    let (inventory, knowledge, policy) = (inventory(entries), knowledge(), Policy::default());
    let relevant = Relevant::whole(&catalog);
    let judge = Judge::new(&relevant, &inventory, knowledge, &policy);
    let run = RunInfo { catalogue: "test".to_owned(), all: true, plan: true, inactive: true, ..RunInfo::default() };
    let view = View::new(&judge, &run);
    for format in ReportFormat::ALL {
        let text = text(render(&view, format, Look::PLAIN).unwrap());
        let lines: Vec<&str> = text.lines().collect();
        let tells = |words: &[&str]| lines.iter().any(|line| words.iter().all(|word| line.contains(word)));
        let whole = |words: &[&str]| words.iter().all(|word| text.contains(word));
        match format {
            ReportFormat::Json => {
                assert!(whole(&["\"superseded_by\": [\n", "\"plan\": {", "\"dllcache-older\"", "\"i386"]))
            }
            ReportFormat::Sarif => {
                assert!(whole(&["superseded by Q300002", "\"plan\": {", "dllcache-older", "i386/ole32"]))
            }
            ReportFormat::Jsonl => {
                assert!(tells(&["\"finding\"", "\"Q300001\"", "\"superseded_by\":[\"Q300002\"]"]));
                assert!(tells(&["\"planned\"", "\"Q300002\""]) && tells(&["\"warning\"", "\"dllcache-older\""]));
                assert!(tells(&["\"inactive\"", "i386/ole32.dll"]));
            }
            ReportFormat::Csv => {
                assert!(tells(&["finding,Q300001", ",Windows NT 4.0,Q300002"]));
                assert!(tells(&["planned,Q300002", "system32/ole32.dll"]) && tells(&["warning,", "dllcache-older"]));
                assert!(tells(&["inactive,", "i386/ole32.dll"]));
            }
            // Backup copies are not test cases.
            ReportFormat::Junit => assert!(
                whole(&["superseded by Q300002", "Smallest set of fixes to install:\n  Q300002 The newer one"])
                    && tells(&["Warning dllcache-older", "system32/dllcache/ole32.dll"])
            ),
            ReportFormat::Table => assert!(whole(&[
                "superseded",
                "Smallest set of fixes to install (1)",
                "dllcache-older",
                "i386/ole32.dll"
            ])),
            ReportFormat::Markdown => {
                assert!(tells(&["Q300001", "superseded by Q300002"]) && tells(&["Q300002", "The newer one |"]));
                assert!(tells(&["| dllcache-older |"]) && tells(&["i386/ole32.dll"]));
            }
            // Ids, one line and the summary have no articles.
            ReportFormat::Ids => assert_eq!(text, "Q300002\nQ300001\n"),
            ReportFormat::OneLine => {
                assert!(text.contains(": 1 fix to install; it replaces 1 more missing fix (exit code 1)"))
            }
            ReportFormat::Summary => assert!(whole(&["1 to install; it replaces 1 more missing fix", "2 missing"])),
            // GitLab shows only locations in files.
            ReportFormat::Codequality => assert!(whole(&["\"Q300002\"", "system32/ole32.dll"])),
            ReportFormat::Html => {
                assert!(whole(&[
                    "superseded by Q300002",
                    "Smallest set of fixes to install",
                    "dllcache-older",
                    "i386/ole32.dll"
                ]))
            }
            other => panic!("{other:?}: say how it shows these"),
        }
    }
}
