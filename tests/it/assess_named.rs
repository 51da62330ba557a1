//! What names decide where numbers do not: tags of version strings, names given to a system, headings of parts, series of
//! Terminal Server Edition, and dates of text files (issue 13, points 2 to 4, 7 and 8).

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::BinaryError;

fn status(fixes: Vec<Fix>, entry: Entry, policy: &Policy) -> ArticleStatus {
    let article = Article { products: Vec::new(), ..article("Q310626", fixes) };
    assess_with(vec![article], vec![entry], policy).articles[0].status
}

/// Issue 13, point 3: lines without tags of their own (MDAC, GDI+) were `branch-unclear`.
#[test]
fn a_tag_tells_the_branch_where_the_rows_name_both() {
    let rows = || {
        vec![
            row_in_branch("msado15.dll", "2.81.3012.2", "SP3GDR"),
            row_in_branch("msado15.dll", "2.81.3012.8", "SP3QFE"),
        ]
    };
    let xp = on("Windows XP", "3");
    let of = |string: &str| status(rows(), tagged("system32/msado15.dll", "2.81.3012.5", string), &xp);
    assert_eq!(of("2.81.3012.5 (xpsp_sp3_gdr.080814-1236)"), ArticleStatus::Fixed);
    assert_eq!(of("2.81.3012.5 (xpsp_sp3_qfe.080814-1236)"), ArticleStatus::Missing);
    assert_eq!(of("2.81.3012.5"), ArticleStatus::Unknown);
    // A single row is not put aside for the other branch.
    let one = vec![row_in_branch("msado15.dll", "2.81.3012.2", "SP3GDR")];
    let file = tagged("system32/msado15.dll", "2.81.3012.5", "2.81.3012.5 (xpsp_sp3_qfe.080814-1236)");
    assert_eq!(status(one, file, &xp), ArticleStatus::Fixed);
}

/// Issue 13, point 3: English files of Terminal Server Edition beside a Japanese row were `branch-unclear`.
#[test]
fn files_of_the_international_series_are_not_judged_by_japanese_rows() {
    let rows = || vec![row("f.dll", "4.0.1381.33500"), row("f.dll", "4.0.1381.39800")];
    let tse = on("Windows NT 4.0 Terminal Server Edition", "6");
    for (found, wanted) in [
        ("4.0.1381.33499", ArticleStatus::Missing),
        ("4.0.1381.33500", ArticleStatus::Fixed),
        ("4.0.1381.33600", ArticleStatus::Fixed),
        ("4.0.1381.39799", ArticleStatus::Missing),
        ("4.0.1381.39800", ArticleStatus::Fixed),
    ] {
        assert_eq!(status(rows(), file("system32/f.dll", found), &tse), wanted, "{found}");
    }
}

/// Issue 13, point 4: headings that differ in a number or in the part of a product distinguish two builds.
#[test]
fn an_exact_build_is_that_of_its_heading() {
    for (one, other) in
        [("SMS 2.0 Service Pack 2", "SMS 2.0 Service Pack 3"), ("Server", "Client"), ("Component: A", "Component: B")]
    {
        let build = |heading: &str, version: &str, size| {
            let date = Some("2001-09-09".parse().unwrap());
            under(heading, Fix { size: Some(size), date, ..row("mmcbasui.dll", version) })
        };
        let rows = vec![build(one, "2.0.1493.3001", 1000), build(other, "2.0.1493.3050", 2000)];
        let found = status(rows, file("mmcbasui.dll", "2.0.1493.3001"), &Policy::default());
        assert_eq!(found, ArticleStatus::Fixed, "{one}");
    }
}

/// Issue 13, point 7: rows for Windows 11 were missing on a system named Windows 10 22H2 or Windows Server 2016.
#[test]
fn the_name_of_a_system_binds_as_its_build_does() {
    const NAMES: [&str; 5] =
        ["Windows 10", "Windows 10 22H2", "Windows 11", "Windows Server 2016", "Windows Server 2022"];
    let given = |name: &str| {
        let line = knowledge().releases.line("Windows 10 and later").unwrap().clone();
        Policy {
            profile: Some(Profile { line, pack: None, source: ProfileSource::Given }),
            given_names: vec![(String::new(), name.to_owned())],
            ..Policy::default()
        }
    };
    for (heading, on) in [
        ("Windows 11", &["Windows 11"][..]),
        ("Windows 11, version 22H2", &["Windows 11"]),
        ("Windows Server 2016", &["Windows Server 2016"]),
        ("Windows Server 2022", &["Windows Server 2022"]),
        ("Windows 10", &["Windows 10", "Windows 10 22H2"]),
        ("Windows 10, version 22H2", &["Windows 10", "Windows 10 22H2"]),
    ] {
        for name in NAMES {
            let rows = vec![under(heading, row("f.dll", "7.3.100.9"))];
            let found = status(rows, file("system32/f.dll", "7.3.100.4"), &given(name));
            let wanted = if on.contains(&name) { ArticleStatus::Missing } else { ArticleStatus::NotApplicable };
            assert_eq!(found, wanted, "{heading} on {name}");
        }
    }
}

/// Issue 13, point 8: an old text file of the Windows folder was unknown.
#[test]
fn a_much_older_text_file_is_likely_missing() {
    let nt4 = on("Windows NT 4.0", "6a");
    let rows = |size| {
        let date = Some("2003-09-09".parse().unwrap());
        vec![under("Windows NT 4.0", Fix { size: Some(size), date, ..row("help.hlp", "") })]
    };
    let text = |path: &str| entry(path, Err(BinaryError::NotExecutable));
    assert_eq!(status(rows(2000), text("WINNT/system32/help.hlp"), &nt4), ArticleStatus::LikelyMissing);
    // The same size may be the same file with another date; another folder may be another product's.
    assert_eq!(status(rows(1000), text("WINNT/system32/help.hlp"), &nt4), ArticleStatus::Unknown);
    assert_eq!(status(rows(2000), text("Lamps/help.hlp"), &nt4), ArticleStatus::Unknown);
    // The heading binds (issue 13, point 2).
    let xp = status(rows(2000), text("WINDOWS/system32/help.hlp"), &on("Windows XP", "3"));
    assert_eq!(xp, ArticleStatus::NotApplicable);
}
