//! Asking for an article does not change what is known of it (issue 13): `scan --all` and `--require` with every id of the catalogue have
//! the same verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use hotfixcheck_testkit::thorough::one_of;
use serde_json::Value;
use tempfile::TempDir;

/// Reasons for which an article is shown only if it is asked for: it cannot be judged on this system, or another article stands for it.
const ONLY_IF_ASKED: [&str; 10] = [
    "no-fix-stated",
    "no-profile",
    "product-unknown",
    "build-not-known",
    "support-ended",
    "pack-not-numbered",
    "pack-not-released",
    "no-row-for-system",
    // Of an article whose only row could not be read.
    "row-not-read",
    "rollup-missing",
];

/// Every article's status and reasons, by its id.
fn verdicts(arguments: &[&str]) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfixcheck"));
    command.args(["scan", "--no-config", "--all", "--json"]).args(arguments);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error} {}", String::from_utf8_lossy(&output.stderr)));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let verdict = |article: &Value| {
        let reasons = article["findings"].as_array().unwrap().iter().map(|finding| text(&finding["reason"]));
        (format!("{} {}", article["id"], article["system"]), (text(&article["status"]), reasons.collect()))
    };
    report["articles"].as_array().unwrap().iter().map(verdict).collect()
}

#[test]
fn an_article_that_is_asked_for_has_the_verdict_of_the_whole_report() {
    let folder = TempDir::new().unwrap();
    let mut ids = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            let text = fs::read_to_string(path).unwrap();
            let of_articles = text.lines().filter_map(|line| line.strip_prefix("A\t")?.split('\t').next());
            ids.extend(of_articles.map(str::to_owned));
        }
    }
    assert!(ids.len() > 15_000);
    let ids: BTreeSet<String> = ids.into_iter().step_by(one_of(24)).collect();
    let all = folder.path().join("all.txt");
    fs::write(&all, ids.iter().map(|id| format!("{id}\n")).collect::<String>()).unwrap();
    // Lists of systems whose files name few articles, which have service packs for them beside rows for another Windows.
    let list = folder.path().join("list.csv");
    fs::write(
        &list,
        "path,version,machine\nexchsrvr\\bin\\store.exe,5.5.2448.8,i386\nsystem32\\ntdll.dll,4.0.1381.100,i386\n",
    )
    .unwrap();
    let list = list.to_str().unwrap();
    let systems: [&[&str]; 8] = [
        &["data/sample/nt4", "--os", "Windows NT 4.0 SP6a"],
        &["data/sample/win2000"],
        &["data/sample/winxp"],
        &["data/sample/server2003"],
        &["data/sample/windows7"],
        &["data/sample/windows11"],
        &["--inventory", list, "--os", "Windows NT 4.0 SP3"],
        &["--inventory", list, "--os", "Windows 2000 SP1"],
    ];
    for system in systems {
        let shown = verdicts(system);
        let asked = verdicts(&[system, &["--require", all.to_str().unwrap()]].concat());
        for (article, (status, reasons)) in &asked {
            match shown.get(article) {
                Some((of_all, _)) => assert_eq!(of_all, status, "{system:?} {article}"),
                None => assert!(
                    reasons.iter().any(|reason| ONLY_IF_ASKED.contains(&&**reason)),
                    "{system:?}: {article} is {status} only if asked for: {reasons:?}"
                ),
            }
        }
        let lost: Vec<&String> = shown.keys().filter(|article| !asked.contains_key(*article)).collect();
        assert!(lost.is_empty(), "{system:?}: {lost:?} are not there if asked for");
    }
}
