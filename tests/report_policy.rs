//! What a policy says, in every format: snapshots over strings that attack each of them.

mod support;

use std::collections::BTreeSet;

use hotfixcheck::assess::{Baseline, Policy, Verdict, Waiver, Waivers};
use hotfixcheck::report::{Format, View};
use support::attack::*;

/// A view with a policy: a used and a stale waiver whose words attack the formats, required fixes, a baseline.
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
        waivers: Waivers { list: waivers, today: jiff::civil::date(2026, 6, 15), strict: true },
        required: Some(["Q300001", "Q300002", "Q300004", "Q399999"].map(|id| id.parse().unwrap()).to_vec()),
        baseline: Some(Baseline { findings: [known].into(), ..Baseline::default() }),
        ..Policy::default()
    };
    view_of(&inventory_of(entries(), &["t"]), &policy, false)
}

#[test]
fn every_format_shows_what_the_policy_says() {
    let view = policy_view();
    for format in ALL {
        let text = text(&view, format);
        insta::assert_snapshot!(format!("policy_{format:?}").to_lowercase(), text);
        let bad = text.chars().find(|&c| c.is_control() && c != '\n' && !(c == '\r' && format == Format::Csv));
        assert_eq!(bad, None, "{format:?}");
    }
    assert_valid(&sarif_schema(), &json(&view, Format::Sarif));
    assert_valid(&closed(schema("docs/report.schema.json")), &json(&view, Format::Json));
}

/// The fields that GitLab documents for a code quality report, and no other.
#[test]
fn code_quality_issues_have_what_gitlab_asks_for() {
    let issues = json(&policy_view(), Format::Codequality);
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
