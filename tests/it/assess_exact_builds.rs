//! Rows that are exactly the build of a file, and versions that are no proof of it (issues 13, 14 and 17).

use crate::assess_bindings::{dated, linked};
use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck::inventory::Entry;

#[test]
fn exactly_the_build_of_one_row_is_judged_by_that_row() {
    let rows = || {
        vec![
            dated("a.dll", "2.0.7.1147", "2000-03-29", 534_528)
                .with(|cells| cells.section = "SMS 2.0 Service Pack 1".into()),
            dated("a.dll", "2.0.7.2147", "2000-03-29", 534_528)
                .with(|cells| cells.section = "SMS 2.0 Service Pack 2".into()),
        ]
    };
    let found = judge(rows(), vec![linked("a.dll", "2.0.7.1147", 534_528, "2000-03-28")]);
    assert_eq!((codes(&found), found.status), (vec!["version-equal", "other-build"], ArticleStatus::Fixed));
    let found = judge(rows(), vec![linked("a.dll", "2.0.7.2147", 534_528, "2000-03-28")]);
    assert_eq!(found.status, ArticleStatus::Fixed);
    // Another size: the rows contradict each other as before.
    let found = judge(rows(), vec![linked("a.dll", "2.0.7.1147", 534_529, "2000-03-28")]);
    assert_eq!(codes(&found), ["rows-differ", "rows-differ"]);
    assert!(
        evidence(rows(), vec![linked("a.dll", "2.0.7.1147", 534_528, "2000-03-28")])[0].to_string().contains("exactly"),
        "explain says what was used"
    );
}

/// Issue 13: version, size and link day exactly of one row are that row's, whatever other rows say, also of service packs before the
/// system's and under headings that differ in one word.
#[test]
fn the_link_day_proves_the_build_of_a_row_for_an_earlier_service_pack() {
    let cases = [
        ("Windows 2000", "4", ["Windows 2000 Service Pack 1", "Windows 2000 Service Pack 2"]),
        ("Windows 2000", "4", ["Windows 2000 SP3", "Windows 2000 SP2"]),
        ("Windows XP", "3", ["Windows XP Service Pack 1", "Windows XP Service Pack 2"]),
        ("Windows Server 2003", "2", ["Windows Server 2003", "Windows Server 2003 Service Pack 1"]),
        ("Windows Server 2003", "2", ["Windows Server 2003 RTM", "Windows Server 2003 SP1"]),
        ("Windows NT 4.0", "6a", ["Windows NT 4.0 Service Pack 4", "Windows NT 4.0 Service Pack 5"]),
        // The row of the system's own service pack asks for more.
        ("Windows XP", "2", ["Windows XP Service Pack 1", "Windows XP Service Pack 2"]),
        ("Windows NT 4.0", "6a", ["Server", "Client"]),
        ("Windows NT 4.0", "6a", ["Component: A", "Component: B"]),
        ("Windows NT 4.0", "6a", ["SMS 2.0 Service Pack 2", "SMS 2.0 Service Pack 3"]),
    ];
    for (system, pack, [first, second]) in cases {
        let rows = || {
            let row = |heading: &str, version, day, size| under(heading, dated("a.dll", version, day, size));
            vec![row(first, "2.0.1493.3001", "2001-03-01", 10_000), row(second, "2.0.1493.3050", "2001-09-01", 11_000)]
        };
        let judge = |version: &str, size, day: &str| {
            let file = linked("a.dll", version, size, day);
            assess_with(vec![article("Q310626", rows())], vec![file], &on(system, pack)).articles[0].status
        };
        assert_eq!(judge("2.0.1493.3001", 10_000, "2001-02-28"), ArticleStatus::Fixed, "{first} on {system} SP{pack}");
        assert_eq!(judge("2.0.1493.3050", 11_000, "2001-08-31"), ArticleStatus::Fixed, "{second} on {system} SP{pack}");
        for (version, size, day) in [
            // Another size, another day, no row's version.
            ("2.0.1493.3001", 10_001, "2001-02-28"),
            ("2.0.1493.3001", 10_000, "2000-01-28"),
            ("2.0.1493.3000", 10_000, "2001-02-28"),
            ("2.0.1493.3010", 10_000, "2001-02-28"),
        ] {
            let status = judge(version, size, day);
            assert_ne!(status, ArticleStatus::Fixed, "{version} {size} {day} under {first} on {system} SP{pack}");
        }
    }
}

/// Issue 13, point 4: the build of a row for another service pack is proven by a day, not by version and size alone. The day of the
/// last write is enough where it is the row's.
#[test]
fn without_a_day_the_build_of_another_service_pack_does_not_outweigh_the_row_of_the_own_one() {
    let cases = [
        ("Windows XP", "2", ["Windows XP Service Pack 1", "Windows XP Service Pack 2"]),
        ("Windows 2000", "4", ["Windows 2000 Service Pack 3", "Windows 2000 Service Pack 4"]),
        ("Windows Server 2003", "1", ["Windows Server 2003", "Windows Server 2003 Service Pack 1"]),
    ];
    for (system, pack, [first, second]) in cases {
        let rows = || {
            let row = |heading: &str, version, day, size| under(heading, dated("a.dll", version, day, size));
            vec![row(first, "2.0.1493.3001", "2004-03-01", 10_000), row(second, "2.0.1493.3050", "2004-09-01", 11_000)]
        };
        let judge = |modified: Option<&str>, linked: Option<&str>| {
            let second = |day: &str| format!("{day}T12:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
            let mut file = Entry { size: Some(10_000), ..file("a.dll", "2.0.1493.3001") };
            file.modified = modified.map(second);
            file.binary.as_mut().unwrap().time_stamp = linked.map(|day| u32::try_from(second(day)).unwrap());
            let found = assess_with(vec![article("Q310626", rows())], vec![file], &on(system, pack));
            found.articles[0].status
        };
        assert_eq!(judge(None, None), ArticleStatus::Unknown, "{system}");
        assert_eq!(judge(Some("2006-01-01"), None), ArticleStatus::Unknown, "{system}");
        assert_eq!(judge(Some("2004-03-01"), None), ArticleStatus::Fixed, "{system}");
        assert_eq!(judge(Some("2006-01-01"), Some("2004-02-28")), ArticleStatus::Fixed, "{system}");
        assert_eq!(judge(Some("2001-01-01"), None), ArticleStatus::Unknown, "{system}");
        // Linked before both rows.
        assert_eq!(judge(Some("2006-01-01"), Some("2001-01-01")), ArticleStatus::Missing, "{system}");
    }
}

/// Issue 13, point 3: in a list, a time of last write before the row's day proves nothing against the build of one of two branches.
#[test]
fn a_time_in_a_list_before_the_row_s_day_is_no_other_build() {
    let found = |modified: Option<&str>| {
        let row = |version| {
            under("For all supported editions of Windows Server 2003", dated("lamp.sys", version, "2007-03-03", 12_345))
        };
        let rows = ["5.2.3790.3041", "5.2.3790.3045", "5.2.3790.4189", "5.2.3790.4190"].map(row).to_vec();
        let day = |day: &str| format!("{day}T00:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        let entry = Entry { size: Some(12_345), modified: modified.map(day), ..file("lamp.sys", "5.2.3790.4189") };
        assess(vec![article("KB900306", rows)], vec![entry]).articles[0].status
    };
    for modified in [None, Some("2005-01-01"), Some("2007-03-03"), Some("2012-01-01")] {
        assert_eq!(found(modified), ArticleStatus::Fixed, "{modified:?}");
    }
}

/// Issue 14, point 1: a list of other files under an unknown heading never fixes the file that it lists.
#[test]
fn a_heading_that_tells_nothing_makes_no_build_of_an_earlier_version() {
    let judge = |heading: &str, of_fix: &str, revision: &str| {
        let rows = vec![
            dated("a.dll", "4.0.1381.7100", "2001-05-01", 11_000)
                .with(|cells| cells.section = of_fix.to_owned().into()),
            dated("a.dll", "4.0.1381.7000", "2000-03-01", 10_000)
                .with(|cells| cells.section = heading.to_owned().into()),
        ];
        let size = if revision == "7100" { 11_000 } else { 10_000 };
        let day = if revision == "7100" { "2001-05-01" } else { "2000-03-01" };
        judge(rows, vec![linked("a.dll", &format!("4.0.1381.{revision}"), size, day)])
    };
    for heading in ["What the disks had", "", "What was on Windows NT 4.0"] {
        let of_fix = if heading.contains("NT") { "Windows NT 4.0" } else { "" };
        let found = judge(heading, of_fix, "7000");
        assert_eq!(
            (codes(&found), found.status),
            (vec!["rows-differ", "rows-differ"], ArticleStatus::Unknown),
            "{heading}"
        );
        let found = judge(heading, of_fix, "7100");
        assert_eq!(
            (codes(&found), found.status),
            (vec!["version-equal", "other-build"], ArticleStatus::Fixed),
            "{heading}"
        );
    }
    // A heading that names a product, a number or a processor shows which file it is.
    for heading in ["Exchange Server", "Lamp 2.0", "x86 only"] {
        assert_eq!(judge(heading, "", "7000").status, ArticleStatus::Fixed, "{heading}");
    }
}

#[test]
fn the_same_version_and_size_linked_long_before_is_another_build() {
    let judge = |day: &str| {
        let row = dated("webhits.dll", "5.0.1781.3", "2001-04-12", 42_256);
        code(row, linked("webhits.dll", "5.0.1781.3", 42_256, day))
    };
    assert_eq!(judge("2001-04-12"), "version-equal");
    assert_eq!(judge("2001-03-12"), "version-equal", "31 days");
    assert_eq!(judge("2001-03-11"), "ambiguous-version", "32 days");
    assert_eq!(judge("2000-03-26"), "ambiguous-version");
    assert_eq!(judge("2001-05-30"), "version-equal");
}

/// Q300972 corrected Idq.dll without a new version: a list without sizes does not show which build a file is (issue
/// 17).
#[test]
fn an_equal_version_without_a_size_is_no_proof_where_an_earlier_build_has_it_too() {
    let articles = || {
        let row = |date, size| vec![dated("idq.dll", "5.0.1782.4", date, size)];
        vec![article("Q291845", row("2001-03-06", 206_096)), article("Q300972", row("2001-06-06", 206_608))]
    };
    let judge = |size| {
        let own = Entry { size, ..file("idq.dll", "5.0.1782.4") };
        let assessment = assess_with(articles(), vec![own], &Policy::default());
        assessment.articles.iter().flat_map(codes).collect::<Vec<_>>()
    };
    assert_eq!(judge(None), ["version-equal-alone", "ambiguous-version"]);
    assert_eq!(judge(Some(206_608)), ["ambiguous-version", "version-equal"]);
    let alone = assess_with(
        vec![articles().remove(1)],
        vec![Entry { size: None, ..file("idq.dll", "5.0.1782.4") }],
        &Policy::default(),
    );
    assert_eq!(codes(&alone.articles[0]), ["version-equal-alone"]);
}

/// Issue 13, point 4: on Windows Server 2003, two builds of about one day under one heading are those of the two branches.
#[test]
fn an_exact_build_of_one_of_two_branches_is_that_build() {
    let judge = |heading: &str, day: &str| {
        let rows = vec![
            dated("abc.sys", "5.2.3790.4189", day, 12_345).with(|cells| cells.section = heading.to_owned().into()),
            dated("abc.sys", "5.2.3790.4190", "2007-11-03", 12_345),
        ];
        judge(rows, vec![linked("abc.sys", "5.2.3790.4189", 12_345, day)]).status
    };
    assert_eq!(judge("", "2007-11-02"), ArticleStatus::Fixed);
    // Another heading, or a build of months before: it may be from a list of other files.
    assert_eq!(judge("What the disks had", "2007-11-02"), ArticleStatus::Unknown);
    assert_eq!(judge("", "2007-03-02"), ArticleStatus::Unknown);
}

/// Issue 13, point 4: where a list states no link date, an earlier build of the same version and size may be the file
/// (webhits.dll 5.0.1781.3 of Q252463 and of Q296185).
#[test]
fn without_a_link_date_an_earlier_build_of_the_same_size_is_in_doubt() {
    let of = |id, date, machine| {
        article(id, vec![dated("webhits.dll", "5.0.1781.3", date, 42_256).with(|cells| cells.machine = machine)])
    };
    // The articles themselves: one names a processor, the other none.
    let articles = |one, other| vec![of("Q252463", "2000-03-27", one), of("Q296185", "2001-04-12", other)];
    let codes_of = |articles, entry: Entry| -> Vec<&'static str> {
        assess(articles, vec![entry]).articles.iter().map(|verdict| codes(verdict)[0]).collect()
    };
    let found = |entry: Entry| codes_of(articles(None, None), entry);
    let bare = || Entry { size: Some(42_256), ..file("webhits.dll", "5.0.1781.3") };
    assert_eq!(found(bare()), ["version-equal", "ambiguous-version"]);
    let intel = Some(Machine::I386);
    assert_eq!(codes_of(articles(intel, None), bare()), ["version-equal", "ambiguous-version"]);
    assert_eq!(codes_of(articles(None, intel), bare()), ["version-equal", "ambiguous-version"]);
    assert_eq!(codes_of(articles(Some(Machine::Alpha), None), bare())[1], "version-equal", "another processor's build");
    assert_eq!(found(linked("webhits.dll", "5.0.1781.3", 42_256, "2001-04-11")), ["version-equal", "version-equal"]);
    assert_eq!(
        found(linked("webhits.dll", "5.0.1781.3", 42_256, "2000-03-26")),
        ["version-equal", "ambiguous-version"]
    );
}

/// Issue 13, point 4: archives write 1970 or 1980 where they know no time; the file's link date counts all the same.
#[test]
fn a_time_that_an_archive_made_up_does_not_hide_the_link_date() {
    let found = |modified: &str| {
        let row = dated("webhits.dll", "5.0.1781.3", "2001-04-12", 42_256);
        let modified = format!("{modified}T00:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        let entry = Entry { modified: Some(modified), ..linked("webhits.dll", "5.0.1781.3", 42_256, "2000-03-26") };
        codes(&assess(vec![article("Q296185", vec![row])], vec![entry]).articles[0])[0]
    };
    for modified in ["1970-01-01", "1980-01-01", "1980-01-02", "2000-03-27", "2005-01-01"] {
        assert_eq!(found(modified), "ambiguous-version", "{modified}");
    }
    // A stamp later than the last write cannot be a date.
    assert_ne!(found("1999-01-01"), "ambiguous-version");
}

/// Issue 13, point 4: ids are no days. Q262893 of August 2000 has a build of ntmarta.dll that Q253382 brought again in November; in
/// an article with files of that month or a later one, the old build is part of the later package.
#[test]
fn an_article_whose_files_are_all_older_is_an_earlier_one_whatever_its_number() {
    let of = |id, dates: &[&str]| {
        article(id, dates.iter().map(|day| dated("lamp.dll", "4.0.1381.7086", day, 84_240)).collect())
    };
    let found = |others: &[&str]| {
        let mut articles = vec![of("Q253382", &["2000-11-28"]), of("Q262893", &["2000-08-11"])];
        articles[1].fixes.extend(others.iter().map(|day| dated("desk.dll", "4.0.1381.7086", day, 1_000)));
        let entry = Entry { size: Some(84_240), ..file("lamp.dll", "4.0.1381.7086") };
        let assessment = assess(articles, vec![entry]);
        assessment.articles.iter().find(|verdict| verdict.id.number() == 253_382).map(|verdict| codes(verdict)[0])
    };
    assert_eq!(found(&[]), Some("ambiguous-version"));
    assert_eq!(found(&["2000-09-01"]), Some("ambiguous-version"));
    assert_eq!(found(&["2000-11-20"]), Some("version-equal"));
    assert_eq!(found(&["2001-03-01"]), Some("version-equal"));
}

/// Issue 13, point 4: from 2003 on such a file is likely one that a later package contains unchanged (danim.dll).
#[test]
fn without_a_link_date_an_unchanged_file_of_a_later_package_is_likely_fixed() {
    let of = |id, date, size| article(id, vec![dated("lamp.dll", "6.3.1.148", date, size)]);
    let found = |size: Option<u64>, later: &'static str| -> Vec<&'static str> {
        let articles = vec![of("KB905915", "2002-06-07", 993_280), of("KB916281", later, 993_280)];
        let entry = Entry { size, ..file("lamp.dll", "6.3.1.148") };
        assess(articles, vec![entry]).articles.iter().map(|verdict| codes(verdict)[0]).collect()
    };
    assert_eq!(found(Some(993_280), "2003-01-01"), ["version-equal", "version-equal-alone"]);
    assert_eq!(found(Some(993_280), "2002-12-31"), ["version-equal", "ambiguous-version"]);
    // Another size is another build on any day.
    assert_eq!(found(Some(993_000), "2006-04-27"), ["ambiguous-version", "ambiguous-version"]);
}

/// Issue 13, point 4: what the article itself or a later one lists is no build before the fix (userenv.dll of MS04-011).
#[test]
fn an_earlier_date_in_the_own_or_a_later_article_is_no_doubt() {
    let of = |dates: &[&str], id| {
        article(id, dates.iter().map(|day| dated("lamp.dll", "5.0.1781.3", day, 42_256)).collect())
    };
    let articles = || vec![of(&["2004-02-16", "2004-03-31"], "Q300001"), of(&["2003-08-05"], "Q300002")];
    let bare = Entry { size: Some(42_256), ..file("lamp.dll", "5.0.1781.3") };
    for verdict in assess(articles(), vec![bare]).articles {
        assert_eq!(verdict.status, ArticleStatus::Fixed, "{}: {:?}", verdict.id, codes(&verdict));
    }
}

/// Issue 13: the unchanged file of a package for a later service pack is no part of a fix for this one (danim.dll 6.1.9.729).
#[test]
fn an_unchanged_file_of_a_package_for_another_service_pack_shows_nothing() {
    let of = |id, day| {
        let row = |file: &str, version: &str| {
            dated(file, version, day, 1_134_352).with(|cells| cells.section = "Windows 2000 Service Pack 4".into())
        };
        article(id, vec![row("danim.dll", "6.1.9.729"), row("mshtml.dll", "5.0.3839.2200")])
    };
    let articles = || vec![of("KB905915", "2005-10-28"), of("KB931768", "2007-03-01")];
    let files = || {
        let sized = |name: &str, version: &str| Entry { size: Some(1_134_352), ..file(name, version) };
        vec![sized("danim.dll", "6.1.9.729"), sized("mshtml.dll", "5.0.3315.1000")]
    };
    let releases = &knowledge().releases;
    let status = |pack: &str| {
        let line = releases.line("Windows 2000").unwrap().clone();
        let pack = releases.pack(&line, pack);
        let profile = Profile { line, pack, source: ProfileSource::Given };
        let policy = Policy { profile: Some(profile), ..Policy::default() };
        assess_with(articles(), files(), &policy).articles[1].status
    };
    assert!(!matches!(status("2"), ArticleStatus::Fixed | ArticleStatus::LikelyFixed), "{:?}", status("2"));
}
