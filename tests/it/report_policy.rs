//! The texts of a policy in every format: snapshots with strings that attack each of them.

use std::collections::BTreeSet;

use crate::support::attack::*;
use crate::support::kit::{article, file, inventory, knowledge, row};
use hotfixcheck::assess::{Baseline, FailOn, Judge, Policy, Relevant, Verdict, Waiver, Waivers};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::report::{FleetView, Host, Look, ReportFormat, RunInfo, View, render, render_fleet};
use hotfixcheck_articles::Fix;

/// A view with a policy: a used and a stale waiver whose texts attack the formats, required fixes, a baseline.
fn policy_view() -> View {
    let waiver = |kb: &str, path: &str| Waiver {
        kb: kb.parse().unwrap(),
        path: Some(path.parse().unwrap()),
        reason: NASTY.to_owned(),
        expires: jiff::civil::date(2026, 6, 15),
        source: "=policy|.toml:1".to_owned(),
    };
    let waivers = vec![waiver("Q300003", "-sys/*"), waiver("Q300005", "**/<*>")];
    let known = ("Q300001|%2bsys/%3cscript%3e.dll|i386".to_owned(), Verdict::Missing);
    let policy = Policy {
        waivers: Waivers { list: waivers, today: jiff::civil::date(2026, 6, 15), strict: true, ..Waivers::default() },
        required: Some(["Q300001", "Q300002", "Q300004", "Q399999"].map(|id| id.parse().unwrap()).to_vec()),
        baseline: Some(Baseline { findings: [known].into(), ..Baseline::default() }),
        ..Policy::default()
    };
    view_of(&inventory_of(entries(), &["t"]), &policy, false)
}

#[test]
fn every_format_shows_what_the_policy_says() {
    let view = policy_view();
    for format in ReportFormat::ALL {
        let text = text(&view, format);
        insta::assert_snapshot!(format!("policy_{format:?}").to_lowercase(), text);
        let bad = text.chars().find(|&c| c.is_control() && c != '\n' && !(c == '\r' && format == ReportFormat::Csv));
        assert_eq!(bad, None, "{format:?}");
    }
    assert_valid(&sarif_schema(), &json(&view, ReportFormat::Sarif));
    assert_valid(&closed(schema("docs/report.schema.json")), &json(&view, ReportFormat::Json));
}

/// Only the fields that GitLab documents for a code quality report.
#[test]
fn code_quality_issues_have_what_gitlab_asks_for() {
    let issues = json(&policy_view(), ReportFormat::Codequality);
    let issues = issues.as_array().unwrap();
    let fingerprints: BTreeSet<&str> = issues.iter().map(|i| i["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), issues.len());
    for issue in issues {
        let keys: Vec<&String> = issue.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["check_name", "description", "fingerprint", "location", "severity"]);
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        assert!(!issue["description"].as_str().unwrap().is_empty() && issue["check_name"].is_string());
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && !path.starts_with(['/']) && !path.starts_with("./"), "{path}");
        assert_eq!(issue["location"]["lines"]["begin"], 1);
    }
    let severity = |kb: &str| {
        let of = issues.iter().filter(|i| i["check_name"] == kb);
        of.map(|i| i["severity"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(severity("Q300003"), ["info", "critical"], "one is waived");
    assert_eq!(severity("Q300001"), ["info"], "known");
    assert_eq!(severity("Q399999"), ["critical"], "required");
}

/// The last line of every report states the cause of the exit code, and nothing more severe.
#[test]
fn the_result_names_the_gravest_finding() {
    let dated = |file: &str| Fix { date: Some(jiff::civil::date(2003, 1, 1)), size: Some(1), ..row(file, "") };
    let catalog: Catalog = [
        article("Q300001", vec![row("missing.dll", "4.0.1381.7000")]),
        article("Q300002", vec![dated("likely.dll")]),
        article("Q300003", vec![row("unknown.dll", "")]),
        article("Q300004", vec![row("fixed.dll", "4.0.1381.1")]),
    ]
    .into_iter()
    .collect();
    let result = |files: &[&str], fail_on, policy: Policy| {
        let entries = files.iter().map(|name| file(name, "4.0.1381.4")).collect();
        let (inventory, policy) = (inventory(entries), Policy { fail_on, ..policy });
        let knowledge = knowledge();
        let relevant = Relevant::whole(&catalog);
        let judge = Judge::new(&relevant, &inventory, knowledge, &policy);
        let view = View::new(&judge, &RunInfo::default());
        let fleet = FleetView::new(vec![Host {
            name: "host".to_owned(),
            inventory: "host.json".to_owned(),
            judged: Ok(view.clone()),
        }]);
        let last = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.lines().rev().find_map(|line| line.strip_prefix("Result     ")).unwrap().to_owned()
        };
        let of_host = last(render(&view, ReportFormat::Table, Look::PLAIN).unwrap());
        // A fleet does not state for each host what was not counted.
        let of_fleet = last(render_fleet(&fleet, ReportFormat::Table, Look::PLAIN).unwrap());
        let until = |text: &str| text.split(['(', ';']).next().unwrap().trim_end().to_owned();
        assert_eq!(until(&of_fleet), until(&of_host));
        of_host
    };
    let all = ["missing.dll", "likely.dll", "unknown.dll", "fixed.dll"];
    let required = |id: &str| Policy { required: Some(vec![id.parse().unwrap()]), ..Policy::default() };
    let waived = |id: &str| Waiver {
        kb: id.parse().unwrap(),
        path: None,
        reason: "because".to_owned(),
        expires: jiff::civil::date(2026, 6, 15),
        source: "x.toml:1".to_owned(),
    };
    let waiver = |id: &str| Policy {
        waivers: Waivers {
            list: vec![waived(id)],
            today: jiff::civil::date(2026, 6, 15),
            strict: true,
            ..Waivers::default()
        },
        ..Policy::default()
    };
    let plain = Policy::default;
    for (files, fail_on, policy, expected) in [
        (&all[..], FailOn::Unknown, plain(), "fixes are missing (exit code 1)"),
        (&all[1..], FailOn::Unknown, plain(), "fixes are likely missing (exit code 1)"),
        (&all[2..], FailOn::Unknown, plain(), "for some fixes it is unknown whether they are installed (exit code 1)"),
        (&all[3..], FailOn::Unknown, plain(), "no findings (exit code 0)"),
        (&all[1..], FailOn::LikelyMissing, plain(), "fixes are likely missing (exit code 1)"),
        (
            &all[1..],
            FailOn::Missing,
            plain(),
            "no findings; not counted (--fail-on missing): 1 likely missing (exit code 0)",
        ),
        (&all[1..], FailOn::Missing, required("Q300003"), "required fixes are not installed (exit code 1)"),
        (&all[2..], FailOn::Unknown, required("Q300001"), "required fixes are not installed (exit code 1)"),
        (&all, FailOn::Missing, required("Q300003"), "fixes are missing (exit code 1)"),
        // Waived findings are not counted.
        (&all, FailOn::Unknown, waiver("Q300001"), "fixes are likely missing (exit code 1)"),
        (&all[3..], FailOn::Missing, waiver("Q300001"), "waivers have expired or match nothing (exit code 1)"),
        (
            &all,
            FailOn::Never,
            plain(),
            "no findings; not counted (--fail-on never): 1 missing, 1 likely missing (exit code 0)",
        ),
    ] {
        assert_eq!(result(files, fail_on, policy), expected, "{files:?} {fail_on:?}");
    }
}
