//! Rows against files: just below, at, and just above each row; the neighbouring lines; which version is compared.

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, Verdict};

/// Required, then (found, reason): the fixed version of an i386 file.
const LINES: &[(&str, &[(&str, &str)])] = &[
    // Windows NT 4.0: plain number order through all service packs, and its neighbours.
    (
        "4.0.1381.7097",
        &[
            ("4.0.1381.7096", "version-older"),
            ("4.0.1381.7097", "version-equal"),
            ("4.0.1381.7098", "version-newer"),
            ("4.0.1381.336", "version-older"),
            ("4.0.1381.32998", "version-newer"),
            ("4.0.1381.32999", "other-release"),
            ("4.0.1381.33478", "other-release"),
            ("3.51.1057.9", "other-release"),
            ("5.0.2195.1", "other-release"),
            ("4.0.950.0", "other-release"),
        ],
    ),
    // Terminal Server: its own series.
    (
        "4.0.1381.33478",
        &[
            ("4.0.1381.33477", "version-older"),
            ("4.0.1381.33478", "version-equal"),
            ("4.0.1381.33529", "version-newer"),
            ("4.0.1381.32999", "version-older"),
            ("4.0.1381.7097", "other-release"),
            ("4.0.1381.32998", "other-release"),
        ],
    ),
    // Windows 2000: one branch; leading zeros mean nothing.
    (
        "5.00.2195.2100",
        &[
            ("5.0.2195.2099", "version-older"),
            ("5.0.2195.2100", "version-equal"),
            ("5.0.2195.2101", "version-newer"),
            ("5.0.2195.1620", "version-older"),
            ("5.0.2195.6717", "version-newer"),
            ("5.0.2194.9999", "version-older"),
            ("5.0.2030.9999", "other-release"),
            ("5.1.2600.0", "other-release"),
            ("4.0.1381.7097", "other-release"),
            ("5.0.3315.1000", "other-release"),
        ],
    ),
    // Windows XP: by service pack.
    (
        "5.1.2600.2622",
        &[
            ("5.1.2600.2621", "version-older"),
            ("5.1.2600.2622", "version-equal"),
            ("5.1.2600.2623", "version-newer"),
            ("5.1.2600.2180", "version-older"),
            ("5.1.2600.2179", "earlier-service-pack"),
            ("5.1.2600.5511", "version-newer"),
            ("5.1.2600.5512", "later-service-pack"),
            ("5.2.3790.0", "other-release"),
            ("5.0.2195.6717", "other-release"),
        ],
    ),
    // Windows Server 2003.
    (
        "5.2.3790.2000",
        &[
            ("5.2.3790.1999", "version-older"),
            ("5.2.3790.2000", "version-equal"),
            ("5.2.3790.1829", "earlier-service-pack"),
            ("5.2.3790.3958", "version-newer"),
            ("5.2.3790.3959", "later-service-pack"),
            ("5.1.2600.5512", "other-release"),
        ],
    ),
    // Vista and Server 2008: the build is the service pack, the revision the branch.
    (
        "6.0.6001.18100",
        &[
            ("6.0.6001.18099", "version-older"),
            ("6.0.6001.18100", "version-equal"),
            ("6.0.6001.18101", "version-newer"),
            ("6.0.6001.22500", "no-row-for-branch"),
            ("6.0.6000.16900", "earlier-service-pack"),
            ("6.0.6002.18005", "later-service-pack"),
            ("6.1.7600.16385", "other-release"),
            ("6.0.2900.5512", "other-release"),
        ],
    ),
    (
        "6.0.6001.22500",
        &[
            ("6.0.6001.22499", "version-older"),
            ("6.0.6001.22500", "version-equal"),
            ("6.0.6001.18999", "version-older"),
            ("6.0.6001.20000", "version-older"),
        ],
    ),
    // Windows 7 and Server 2008 R2.
    (
        "6.1.7601.17888",
        &[
            ("6.1.7601.17887", "version-older"),
            ("6.1.7601.17889", "version-newer"),
            ("6.1.7601.22000", "no-row-for-branch"),
            ("6.1.7600.17000", "earlier-service-pack"),
            ("6.2.9200.16384", "other-release"),
        ],
    ),
    // Windows 8.
    (
        "6.2.9200.20500",
        &[
            ("6.2.9200.20499", "version-older"),
            ("6.2.9200.20500", "version-equal"),
            ("6.2.9200.17000", "version-older"),
        ],
    ),
    // Windows 8.1 and later: one branch; each build of Windows 10 is a line.
    (
        "6.3.9600.17500",
        &[
            ("6.3.9600.17499", "version-older"),
            ("6.3.9600.20000", "version-newer"),
            ("6.2.9200.20500", "other-release"),
        ],
    ),
    (
        "10.0.14393.100",
        &[
            ("10.0.14393.99", "version-older"),
            ("10.0.14393.100", "version-equal"),
            ("10.0.10240.20000", "other-release"),
            ("10.0.19041.1", "other-release"),
        ],
    ),
    // All other files: the first two numbers.
    (
        "2000.80.679.0",
        &[("2000.80.678.0", "version-older"), ("2000.80.679.0", "version-equal"), ("2000.81.1.0", "other-release")],
    ),
    (
        "5.5.2650.24",
        &[("5.5.2650.23", "version-older"), ("5.5.2650.25", "version-newer"), ("5.50.4919.1", "other-release")],
    ),
];

#[test]
fn every_line_just_below_at_and_above_its_rows() {
    for (required, cases) in LINES {
        for (found, reason) in *cases {
            let got = code(row("Tapisrv.exe", required), file("System32/TAPISRV.EXE", found));
            assert_eq!(got, *reason, "required {required}, found {found}");
        }
    }
}

/// Required, fixed version, string, reason, evidence's source.
const SPEAKERS: &[(&str, &str, &str, &str, Option<&str>)] = &[
    // Windows 9x: three numbers required, the string has three.
    ("4.10.1998", "4.10.0.1998", "4.10.1998", "version-equal", Some("version string")),
    ("4.10.2000", "4.10.0.2000", "4.10.1998", "version-older", Some("version string")),
    // Visual Basic: 6.00.8169 in print, 6.0.81.69 in numbers.
    ("6.00.8169", "6.0.81.69", "6.00.8169", "version-equal", Some("version string")),
    ("6.0.81.69", "6.0.81.69", "6.00.8169", "version-equal", Some("fixed version")),
    ("6.00.8268", "6.0.81.69", "6.00.8169", "version-older", Some("version string")),
    // No version with as many numbers: no guess.
    ("4.10.1998", "4.10.0.1998", "4.10", "not-comparable", None),
    ("1913.10", "1913.10.0.0", "", "not-comparable", None),
    // Three numbers and four: a build in the third decides (Q223391), but not if it is the same.
    ("5.5.2584", "5.5.2500.3", "", "version-older", Some("fixed version")),
    ("5.5.2584", "5.5.1960.3", "", "earlier-service-pack", Some("fixed version")),
    ("5.5.2584", "5.5.2600.1", "", "version-newer", Some("fixed version")),
    ("5.5.2584", "5.5.2653.23", "", "later-service-pack", Some("fixed version")),
    ("5.5.2600.1", "", "5.5.2584", "version-older", Some("version string")),
    ("5.5.2584", "5.5.2584.1", "", "not-comparable", None),
    // Numbers, never text, never decimals.
    ("1913.10", "1913.1.0.0", "1913.1", "version-older", Some("version string")),
    ("4.0.1381.7097", "4.0.1381.336", "4.00", "version-older", Some("fixed version")),
    // The string is compared if the fixed version belongs to another line.
    ("5.50.4919.200", "0.0.0.0", "5.50.4919.300", "version-newer", Some("version string")),
    // Both could be compared and agree: the fixed version is used; if they disagree, neither is.
    ("5.0.2195.2100", "5.0.2195.2200", "5.00.2195.2101", "version-newer", Some("fixed version")),
    ("5.0.2195.2100", "5.0.2195.2200", "5.00.2195.2099", "versions-disagree", None),
    ("5.0.2195.2100", "5.0.2195.2099", "5.00.2195.2200", "versions-disagree", None),
    // A string that is not a version gives no answer.
    ("1.0.2", "1.0.0.2", "1.0.2d", "not-comparable", None),
    // Misprints, and ends of versions, do not show a release line (issue 13): they were ignored as another release.
    ("5.1.2600.300000", "5.1.2600.2180", "", "version-not-understood", None),
    ("3000", "5.1.2600.2180", "", "not-comparable", None),
    ("2600.3000", "5.1.2600.2180", "", "not-comparable", None),
    // The printed text is not a version.
    ("Ese.dll", "5.0.2195.1", "", "version-not-understood", None),
    // The article prints the whole string.
    ("5.1.2600.15 (xpclnt_qfe.010827-1803)", "5.1.2600.14", "", "version-older", Some("fixed version")),
];

#[test]
fn the_version_of_the_required_shape_speaks() {
    for (required, fixed, string, reason, source) in SPEAKERS {
        let strings: &[(&str, &str)] = if string.is_empty() { &[] } else { &[("040904E4", string)] };
        let file = entry("x.dll", Ok(binary(Machine::I386, fixed, strings)));
        let verdict = judge(vec![row("X.DLL", required)], vec![file.clone()]);
        let case = format!("required {required}, fixed {fixed}, string {string}");
        assert_eq!(verdict.findings[0].reason.code(), *reason, "{case}");
        let evidence = &evidence(vec![row("X.DLL", required)], vec![file])[0];
        assert_eq!(evidence.comparison.as_ref().map(|c| c.source.name()), *source, "{case}");
    }
}

#[test]
fn the_row_of_the_files_own_service_pack_judges() {
    let rows = || vec![row("a.dll", "5.1.2600.1200"), row("a.dll", "5.1.2600.2700")];
    let cases: &[(&str, [&str; 2])] = &[
        ("5.1.2600.1105", ["earlier-service-pack", "earlier-service-pack"]),
        ("5.1.2600.1199", ["version-older", "other-service-pack"]),
        ("5.1.2600.1200", ["version-equal", "other-service-pack"]),
        ("5.1.2600.2179", ["version-newer", "other-service-pack"]),
        ("5.1.2600.2180", ["other-service-pack", "version-older"]),
        ("5.1.2600.2700", ["other-service-pack", "version-equal"]),
        ("5.1.2600.5512", ["later-service-pack", "later-service-pack"]),
    ];
    for (found, expected) in cases {
        assert_eq!(codes(&judge(rows(), vec![file("a.dll", found)])), expected, "{found}");
    }
    let rows = || vec![row("a.dll", "5.1.2600.100"), row("a.dll", "5.1.2600.2700")];
    assert_eq!(codes(&judge(rows(), vec![file("a.dll", "5.1.2600.1500")])), ["between-service-packs"; 2]);
}

#[test]
fn the_row_of_the_files_own_branch_judges() {
    // Windows XP SP2: the tag of the string shows the branch; the article's column names the branches.
    let rows =
        || vec![row_in_branch("a.dll", "5.1.2600.2622", "SP2GDR"), row_in_branch("a.dll", "5.1.2600.2700", "SP2QFE")];
    let cases: &[(&str, &str, [&str; 2])] = &[
        ("5.1.2600.2650", "(xpsp_sp2_gdr.050301-1519)", ["version-newer", "other-branch"]),
        ("5.1.2600.2650", "(xpsp_sp2_qfe.050301-1519)", ["other-branch", "version-older"]),
        ("5.1.2600.2650", "(xpsp)", ["branch-unclear", "branch-unclear"]),
        ("5.1.2600.2180", "(xpsp_sp2_rtm.040803-2158)", ["version-older", "version-older"]),
        ("5.1.2600.2800", "", ["version-newer", "version-newer"]),
    ];
    for (found, tag, expected) in cases {
        let verdict = judge(rows(), vec![tagged("a.dll", found, &format!("{found} {tag}"))]);
        assert_eq!(codes(&verdict), expected, "{found} {tag}");
    }
    // Vista: the revision shows the branch.
    let rows = || vec![row("a.dll", "6.0.6001.18100"), row("a.dll", "6.0.6001.22500")];
    let cases: &[(&str, [&str; 2])] = &[
        ("6.0.6001.18099", ["version-older", "other-branch"]),
        ("6.0.6001.18100", ["version-equal", "other-branch"]),
        ("6.0.6001.22499", ["other-branch", "version-older"]),
        ("6.0.6001.22501", ["other-branch", "version-newer"]),
    ];
    for (found, expected) in cases {
        assert_eq!(codes(&judge(rows(), vec![file("a.dll", found)])), expected, "{found}");
    }
    // A later file of the other branch proves nothing.
    let qfe_only = || vec![row_in_branch("a.dll", "5.1.2600.2700", "SP2QFE")];
    let gdr = |found: &str| tagged("a.dll", found, &format!("{found} (xpsp_sp2_gdr.050301-1519)"));
    assert_eq!(codes(&judge(qfe_only(), vec![gdr("5.1.2600.2701")])), ["no-row-for-branch"]);
    assert_eq!(codes(&judge(qfe_only(), vec![gdr("5.1.2600.2699")])), ["version-older"]);
}

#[test]
fn rows_that_contradict_each_other_judge_only_where_they_agree() {
    let rows = || vec![row("a.dll", "4.0.1381.100"), row("a.dll", "4.0.1381.200")];
    assert_eq!(codes(&judge(rows(), vec![file("a.dll", "4.0.1381.99")])), ["version-older"; 2]);
    assert_eq!(codes(&judge(rows(), vec![file("a.dll", "4.0.1381.150")])), ["rows-differ"; 2]);
    assert_eq!(codes(&judge(rows(), vec![file("a.dll", "4.0.1381.200")])), ["version-newer", "version-equal"]);
}

#[test]
fn rows_for_several_lines_judge_each_its_own() {
    let rows = vec![row("a.dll", "4.0.1381.7097"), row("a.dll", "5.0.2195.2100"), row("a.dll", "4.0.1381.33478")];
    let verdict = judge(rows, vec![file("a.dll", "5.0.2195.2000")]);
    assert_eq!(codes(&verdict), ["other-release", "version-older", "other-release"]);
    assert_eq!(verdict.status, ArticleStatus::Missing);
}

#[test]
fn the_evidence_reads_as_a_sentence() {
    let rows = || vec![row_for("Tapisrv.exe", "4.0.1381.7097", "Intel")];
    let files = || vec![file("tapisrv.exe", "4.0.1381.7086")];
    assert_eq!(judge(rows(), files()).findings[0].verdict(), Verdict::Missing);
    let said = evidence(rows(), files())[0].to_string();
    assert_eq!(said, "4.0.1381.7086 < 4.0.1381.7097 (fixed version, i386, Windows NT 4.0)");
    let evidence = evidence(vec![row("a.dll", "5.1.2600.1200")], vec![file("a.dll", "5.1.2600.2180")]);
    assert_eq!(
        evidence[0].to_string(),
        "5.1.2600.2180 > 5.1.2600.1200 (fixed version, i386, file belongs to Windows XP SP2, row to Windows XP SP1)"
    );
}

#[test]
fn the_evidence_is_that_of_each_finding_in_their_order() {
    let rows = || vec![row("b.dll", "4.0.1381.7"), row("a.dll", "4.0.1381.5"), row("b.dll", "5.0.2195.9")];
    let files = || ["x/a.dll", "x/b.dll", "y/b.dll"].map(|path| file(path, "4.0.1381.6")).to_vec();
    let verdict = judge(rows(), files());
    let said = evidence(rows(), files());
    let codes = codes(&verdict);
    let of: Vec<_> = codes.iter().zip(&said).map(|(code, said)| (*code, said.to_string())).collect();
    let line = "(fixed version, i386, Windows NT 4.0)";
    let other =
        "fixed version 4.0.1381.6 against 5.0.2195.9 (i386, file belongs to Windows NT 4.0, row to Windows 2000)";
    assert_eq!(
        of,
        [
            ("version-older", format!("4.0.1381.6 < 4.0.1381.7 {line}")),
            ("version-older", format!("4.0.1381.6 < 4.0.1381.7 {line}")),
            ("version-newer", format!("4.0.1381.6 > 4.0.1381.5 {line}")),
            ("other-release", other.to_owned()),
            ("other-release", other.to_owned()),
        ]
    );
    // Only missing rows require a version.
    let demands: Vec<_> = verdict.findings.iter().map(|f| f.demand.as_ref().map(|d| d.version.to_string())).collect();
    assert_eq!(demands, [Some("4.0.1381.7".to_owned()), Some("4.0.1381.7".to_owned()), None, None, None]);
}

/// Issue 13, point 3: the tag is a hint. The GDR and the QFE build of one correction have one number (KB2296011).
#[test]
fn a_file_with_the_number_of_the_only_row_is_not_of_another_branch_by_its_tag() {
    let judge = |version: &str| {
        let entries = vec![tagged("comctl32.dll", version, &format!("{version} (xpsp_sp3_gdr.100823-1643)"))];
        let article = article("KB2296011", vec![row_in_branch("comctl32.dll", "5.82.2900.6028", "SP3QFE")]);
        let article = hotfixcheck_articles::Article { products: Vec::new(), ..article };
        let judged = assess_with(vec![article], entries, &on("Windows XP", "3"));
        codes(&judged.articles[0])[0]
    };
    assert!(judge("5.82.2900.6028").starts_with("version-equal"));
    assert_eq!(judge("5.82.2900.6029"), "no-row-for-branch");
    assert_eq!(judge("5.82.2900.6027"), "version-older");
}
