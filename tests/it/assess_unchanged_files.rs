//! Files that a package contains as a release or service pack brought them (issue 13, points 2 and 5).

use crate::support::kit::*;
use hotfixcheck::assess::ArticleStatus;
use hotfixcheck_articles::Article;

/// The status of an article with a file that it changes on SP1, and an unchanged one, on a system with these files.
fn judge(unchanged: &str, files: &[(&str, &str)]) -> (ArticleStatus, Vec<&'static str>) {
    let rows = vec![row("inetcomm.dll", "6.0.6001.18416"), row("inetres.dll", unchanged)];
    let article = Article { fixes: rows, ..article("KB978542", Vec::new()) };
    let entries = files.iter().map(|(name, version)| file(name, version)).collect();
    let verdict = assess(vec![article], entries).articles.remove(0);
    (verdict.status, codes(&verdict))
}

#[test]
fn an_unchanged_file_shows_no_installed_part() {
    let system = |version| vec![("inetcomm.dll", version), ("inetres.dll", version)];
    // The release of Vista: the fix is for SP1, whatever unchanged file of the release is listed.
    for unchanged in ["6.0.6000.16386", "6.0.6001.18000"] {
        let (status, codes) = judge(unchanged, &system("6.0.6000.16386"));
        assert_eq!(status, ArticleStatus::Missing, "{unchanged} {codes:?}");
    }
    // SP1 without an update: missing, not half-installed.
    let (status, codes) = judge("6.0.6001.18000", &system("6.0.6001.18000"));
    assert_eq!((status, &codes[..]), (ArticleStatus::Missing, ["version-older", "unchanged-file"].as_slice()));
    // The fix installed.
    let fixed = [("inetcomm.dll", "6.0.6001.18416"), ("inetres.dll", "6.0.6001.18000")];
    assert_eq!(judge("6.0.6001.18000", &fixed).0, ArticleStatus::Fixed);
    // Only the unchanged file is there: nothing of the fix is.
    assert_eq!(judge("6.0.6001.18000", &[("inetres.dll", "6.0.6001.18000")]).0, ArticleStatus::NotApplicable);
    assert_eq!(judge("6.0.6001.18000", &[("inetres.dll", "6.0.6001.18500")]).0, ArticleStatus::NotApplicable);
    // A file from before the service pack's release is older than any.
    let beta = [("inetcomm.dll", "6.0.6001.16510"), ("inetres.dll", "6.0.6001.16510")];
    assert_eq!(judge("6.0.6001.18000", &beta).0, ArticleStatus::Missing);
}

#[test]
fn an_article_of_such_rows_alone_is_judged_by_them() {
    let rows = vec![row("inetres.dll", "6.0.6001.18000")];
    let article = Article { fixes: rows, ..article("KB978542", Vec::new()) };
    let verdict = assess(vec![article], vec![file("inetres.dll", "6.0.6001.18000")]).articles.remove(0);
    assert_eq!(verdict.status, ArticleStatus::Fixed);
}

/// The status of an article with these rows (heading, file, version, day) on a system with these files.
fn status(line: &str, pack: &str, rows: &[(&str, &str, &str, &str)], files: &[(&str, &str)]) -> ArticleStatus {
    let row = |&(heading, name, version, day): &(&str, &str, &str, &str)| {
        let fix = under(heading, row(name, version));
        hotfixcheck_articles::Fix { date: day.parse().ok(), ..fix }
    };
    let article =
        Article { products: Vec::new(), fixes: rows.iter().map(row).collect(), ..article("KB954430", Vec::new()) };
    let entries = files.iter().map(|(name, version)| file(name, version)).collect();
    assess_with(vec![article], entries, &on(line, pack)).articles.remove(0).status
}

/// Issue 13: a number of Windows Vista's release is that of a correction on Windows XP (vgx.dll of MS07-004).
#[test]
fn the_numbers_of_a_release_are_those_of_its_windows() {
    let rows = [
        ("Internet Explorer 7 on Windows XP", "vgx.dll", "7.0.6000.16386", "2006-12-20"),
        ("Internet Explorer 7 on Windows XP", "vgy.dll", "7.0.6000.16400", "2006-12-20"),
    ];
    let on_xp = |version: &str| status("Windows XP", "2", &rows, &[("vgx.dll", version)]);
    assert_eq!(on_xp("7.0.6000.16386"), ArticleStatus::Fixed);
    assert_eq!(on_xp("7.0.5730.11"), ArticleStatus::Missing);
}

/// Issue 13: MS08-069 and two more were fixed by the files of MSXML 4.0 SP1, which the packages carry without a change.
#[test]
fn files_of_a_component_s_release_show_nothing() {
    let rows = [
        ("XML Core Services 4.0", "msxml4.dll", "4.20.9870.0", "2008-09-30"),
        ("XML Core Services 4.0", "msxml4r.dll", "4.10.9404.0", "2008-09-30"),
        ("XML Core Services 4.0", "msxml4a.dll", "4.10.9404.0", "2008-09-30"),
    ];
    let on_xp = |main: &str| {
        let files = [("msxml4.dll", main), ("msxml4r.dll", "4.10.9404.0"), ("msxml4a.dll", "4.10.9404.0")];
        status("Windows XP", "3", &rows, &files)
    };
    // The release, SP1 and SP2 of MSXML 4.0, then the fix.
    for main in ["4.0.9004.0", "4.10.9404.0", "4.20.9818.0"] {
        assert_eq!(on_xp(main), ArticleStatus::Missing, "{main}");
    }
    assert_eq!(on_xp("4.20.9870.0"), ArticleStatus::Fixed);
    assert_eq!(on_xp("4.30.2100.0"), ArticleStatus::NotApplicable, "SP3 is another line");
    let rows = [
        ("XML Core Services 6.0", "msxml6.dll", "6.0.3888.0", "2006-09-01"),
        ("XML Core Services 6.0", "msxml6r.dll", "6.0.3883.0", "2006-07-19"),
    ];
    let files = [("msxml6.dll", "6.0.3883.0"), ("msxml6r.dll", "6.0.3883.0")];
    assert_eq!(status("Windows XP", "3", &rows, &files), ArticleStatus::Missing);
}

/// Issue 13: on Vista SP1 without an update MS09-047 was half-installed by files of the day of its release.
#[test]
fn rows_of_the_day_of_a_release_show_nothing() {
    let heading = "Windows Media Format Runtime 11 on Windows Vista";
    let rows = |day| {
        [(heading, "mf.dll", "11.0.6001.7006", "2009-06-10"), (heading, "rrinstaller.exe", "11.0.6001.7000", day)]
    };
    let files = [("mf.dll", "11.0.6001.7000"), ("rrinstaller.exe", "11.0.6001.7000")];
    let on_vista = |day| status("Windows Vista and Server 2008", "1", &rows(day), &files);
    for day in ["2006-11-02", "2008-01-18", "2008-01-19", "2009-04-11"] {
        assert_eq!(on_vista(day), ArticleStatus::Missing, "{day}");
    }
    // Windows 7 is of this day, Vista is not: MS09-037 has fixes of it.
    assert_eq!(on_vista("2009-07-14"), ArticleStatus::Partial);
}

/// Issue 13: Visio 2003 SP3 without an update had half of MS11-008, of which 20 files are those of SP3.
#[test]
fn files_of_a_service_pack_of_office_show_nothing() {
    let rows = |main| {
        [("Visio 2003", "visio.exe", main, "2010-11-18"), ("Visio 2003", "aec.dll", "11.0.8161.0", "2007-06-20")]
    };
    let judge = |main, own| status("Windows XP", "3", &rows(main), &[("visio.exe", own), ("aec.dll", "11.0.8161.0")]);
    assert_eq!(judge("11.0.8332.0", "11.0.8161.0"), ArticleStatus::Missing);
    assert_eq!(judge("11.0.8332.0", "11.0.8332.0"), ArticleStatus::Fixed);
    // The correction is that of the pack, where the article has nothing later: pptview.exe of MS08-051.
    let viewer = [
        ("PowerPoint 2003", "pptview.exe", "11.0.8164.0", "2007-04-19"),
        ("PowerPoint 2003", "saext.dll", "11.0.8161.0", "2007-03-23"),
    ];
    let own = |version| status("Windows XP", "3", &viewer, &[("pptview.exe", version)]);
    assert_eq!(own("11.0.8164.0"), ArticleStatus::Fixed);
    assert_eq!(own("11.0.6566.0"), ArticleStatus::Missing);
}
