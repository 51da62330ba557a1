//! Statements about one update: translations of a bulletin become one article (issue 14).

use hotfixcheck_articles::{
    Article, Fix, FixKind, PackageFile, Severity, TRANSLATIONS_DIFFER, merge, other_translation,
};
use hotfixcheck_types::Machine;

pub(super) fn row(file: &str, version: &str, build: &str, size: u64, section: &str) -> Fix {
    Fix { version: Some(version.to_owned().into()), size: Some(size), ..Fix::new(FixKind::Table, file.to_owned(), 1) }
        .with(|cells| {
            cells.build_language = (!build.is_empty()).then(|| build.to_owned().into());
            cells.section = section.to_owned().into();
        })
}

pub(super) fn page(rows: Vec<Fix>) -> Article {
    Article { fixes: rows, severity: Some(Severity::Important), ..Article::new("KB900001".parse().unwrap(), "A lamp") }
}

pub(super) fn package(file: &str) -> PackageFile {
    PackageFile { file: file.to_owned().into(), kb: None, system: None, machine: None, language: None }
}

fn versions(article: &Article) -> Vec<&str> {
    article.fixes.iter().filter_map(|fix| fix.version.as_deref()).collect()
}

#[test]
fn size_and_date_are_those_of_the_english_build() {
    let japanese = page(vec![row("Lamp.dll", "5.1.2600.2945", "Japanese", 1, "Windows XP Service Pack 2:")]);
    let german = page(vec![row("lamp.dll", "5.01.2600.2945", "English", 2, "Für Windows XP Service Pack 2")]);
    let merged = merge(vec![japanese.clone(), german.clone()]).unwrap();
    assert_eq!(merged.fixes, german.fixes);
    assert_eq!(merge(vec![german.clone(), japanese]).unwrap().fixes, german.fixes);
}

#[test]
fn a_row_that_only_one_page_lists_keeps_the_language_of_its_build() {
    let japanese = page(vec![row("lamp.dll", "5.1.2600.2945", "Japanese", 1, "Windows XP")]);
    let merged = merge(vec![japanese, page(Vec::new())]).unwrap();
    assert_eq!(merged.fixes[0].build_language.as_deref(), Some("Japanese"));
}

#[test]
fn headings_that_name_other_systems_are_other_rows() {
    let pages = ["Windows XP Service Pack 2", "Windows XP Service Pack 3", "Windows XP x64 Edition"]
        .map(|section| page(vec![row("lamp.dll", "5.1.2600.2945", "English", 1, section)]));
    assert_eq!(merge(pages.to_vec()).unwrap().fixes.len(), 3);
}

/// MS08-008: the 32-bit files of the packages for Itanium and for x64 are separate rows, whatever their numbers.
#[test]
fn a_32_bit_file_of_itanium_is_not_that_of_x64() {
    let of = |section: &str| {
        row("oleaut32.dll", "5.2.3790.4202", "English", 1, section).with(|cells| {
            cells.wow = true;
            cells.machine = Some(Machine::I386);
        })
    };
    let both = || page(vec![of("Windows Server 2003 Itanium"), of("Windows Server 2003 x64")]);
    assert_eq!(merge(vec![both(), both()]).unwrap().fixes.len(), 2);
    // Some pages name the processor for each system of a list, others only for the first.
    let lists =
        ["Windows Server 2003 x64, Windows Server 2003 R2 x64", "Windows Server 2003 x64, Windows Server 2003 R2"];
    let pages = lists.map(|list| page(vec![of(list)]));
    assert_eq!(merge(pages.to_vec()).unwrap().fixes.len(), 1);
}

#[test]
fn the_most_pages_decide_on_a_version_and_the_other_is_listed() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Windows XP")]);
    let pages =
        vec![page_of("5.1.2600.9", "English"), page_of("5.1.2600.6", "English"), page_of("5.1.2600.9", "Japanese")];
    let merged = merge(pages).unwrap();
    assert_eq!(versions(&merged), ["5.1.2600.9"]);
    let [lost] = merged.rejected.as_slice() else { panic!("{:?}", merged.rejected) };
    assert_eq!((lost.reason.as_str(), lost.text.as_str()), (TRANSLATIONS_DIFFER, "lamp.dll 5.1.2600.6"));
}

#[test]
fn of_two_pages_the_one_with_the_english_build_decides() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Windows XP")]);
    for pages in [
        [("5.1.2600.9", "English"), ("5.1.2600.6", "Japanese")],
        [("5.1.2600.6", "Japanese"), ("5.1.2600.9", "English")],
    ] {
        let merged = merge(pages.map(|(version, build)| page_of(version, build)).to_vec()).unwrap();
        assert_eq!(versions(&merged), ["5.1.2600.9"]);
    }
}

/// Issue 13: Browseui.dll of MS04-025 is 6.0.2800 in the German page and 6.0.2737 in the Japanese one: two lines, two
/// rows.
#[test]
fn of_two_pages_each_keeps_its_row_of_another_line() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Internet Explorer 6")]);
    let pages = [page_of("6.0.2800.1400", "English"), page_of("6.0.2737.1600", "Japanese")];
    let merged = merge(pages.to_vec()).unwrap();
    assert_eq!(versions(&merged), ["6.0.2737.1600", "6.0.2800.1400"]);
    // A majority of pages still decides.
    let more = [pages[0].clone(), page_of("6.0.2800.1400", ""), pages[1].clone()];
    assert_eq!(versions(&merge(more.to_vec()).unwrap()), ["6.0.2800.1400"]);
}

#[test]
fn several_versions_that_every_page_lists_are_no_conflict() {
    let both = || page(vec![row("lamp.dll", "5.1.2600.6", "", 1, ""), row("lamp.dll", "5.1.2600.9", "", 2, "")]);
    let merged = merge(vec![both(), both()]).unwrap();
    assert_eq!((merged.fixes.len(), merged.rejected.len()), (2, 0));
}

#[test]
fn lists_are_joined_and_the_worst_severity_counts() {
    let mut first = page(Vec::new());
    (first.cves, first.packages) = (vec!["CVE-2005-2".into()], vec![package("Lamp-KB900001-ENU.exe")]);
    let mut second = page(Vec::new());
    second.severity = Some(Severity::Critical);
    (second.cves, second.packages) =
        (vec!["CVE-2005-1".into()], vec![package("lamp-kb900001-enu.exe"), package("Lamp-KB900001-JPN.exe")]);
    let merged = merge(vec![first, second]).unwrap();
    assert_eq!(merged.cves, ["CVE-2005-1", "CVE-2005-2"]);
    assert_eq!((merged.packages.len(), merged.severity), (2, Some(Severity::Critical)));
    assert_eq!(merge(Vec::new()), None);
}

/// MS07-045: languages write the processor of a heading in different ways; the row's own field is the same.
#[test]
fn the_processor_of_a_heading_is_compared_by_the_row() {
    let of = |heading: &str| {
        row("lamp.dll", "6.0.2900.3157", "English", 1, heading).with(|cells| cells.machine = Some(Machine::I386))
    };
    let pages = [
        "Für alle 32-Bit-Editionen von Windows XP",
        "In tutte le edizioni a 32 bit di Windows XP",
        "32 位元版本 Windows XP",
    ];
    let merged = merge(pages.map(|heading| page(vec![of(heading)])).to_vec()).unwrap();
    assert_eq!(merged.fixes.len(), 1);
    // If the row states no processor, the heading's counts.
    let plain = |heading| page(vec![row("lamp.dll", "6.0.2900.3157", "English", 1, heading)]);
    assert_eq!(merge(vec![plain("x64 Windows XP"), plain("Windows XP")]).unwrap().fixes.len(), 2);
}

/// MS07-045: the German page has no-break spaces between "Windows" and "2000".
#[test]
fn headings_have_blanks_only() {
    let text = "---\ntitle: MS07-999\n---\n\n# Sicherheitsbulletin MS07-999 (900001)\n\n\
                ## Informationen zu Dateien\n\n### F\u{fc}r Windows\u{a0}2000\u{a0}Service Pack\u{a0}4\n\n\
                | Dateiname | Version | Datum | Zeit | Gr\u{f6}\u{df}e |\n|---|---|---|---|---|\n\
                | Lamp.dll | 5.0.2195.7100 | 12-Jun-2007 | 10:00 | 2.303.760 |\n";
    let articles = hotfixcheck_articles::parse(text, None).unwrap();
    let fix = &articles[0].fixes[0];
    assert_eq!((fix.section.as_ref(), fix.file.as_ref()), ("F\u{fc}r Windows 2000 Service Pack 4", "Lamp.dll"));
}

/// Issue 15: the Japanese page of MS05-040 names CVE-2004-0058, the others name CVE-2005-0058.
#[test]
fn a_vulnerability_with_a_slip_in_its_year_is_left_out() {
    let of =
        |cves: &[&str]| Article { cves: cves.iter().map(|cve| (*cve).to_owned().into()).collect(), ..page(Vec::new()) };
    let merged = |pages: Vec<Article>| {
        let merged = merge(pages).expect("one article");
        merged.cves.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        merged(vec![of(&["CVE-2005-0058"]), of(&["CVE-2004-0058", "CVE-2004-0060"]), of(&["CVE-2005-0058"])]),
        "CVE-2004-0060 CVE-2005-0058"
    );
    assert_eq!(merged(vec![of(&["CVE-2007-1748"]), of(&["CVE-2077-1748"]), of(&["CVE-2007-1748"])]), "CVE-2007-1748");
    assert_eq!(merged(vec![of(&["CVE-2005-0058", "CVE-2004-0058"])]), "CVE-2005-0058", "both on one page");
}

/// Issue 15: MS05-010 has `llssrv.exe` …242 in two pages and …248 in two; both pairs include pages of the English
/// build.
#[test]
fn where_nothing_decides_both_versions_stay() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Windows XP")]);
    let pages = [("5.1.2600.9", "English"), ("5.1.2600.6", "English"), ("5.1.2600.9", ""), ("5.1.2600.6", "")];
    let merged = merge(pages.map(|(version, build)| page_of(version, build)).to_vec()).unwrap();
    assert_eq!((versions(&merged), merged.rejected.len()), (vec!["5.1.2600.6", "5.1.2600.9"], 0));
    assert_eq!(merged.fixes[0].note.as_deref(), Some("another translation has 5.1.2600.9"));
    assert_eq!(merged.fixes[1].note.as_deref(), Some("another translation has 5.1.2600.6"));
    // A third version that loses is noted where it is higher.
    let pages = [
        ("5.1.2600.9", "English"),
        ("5.1.2600.6", "English"),
        ("5.1.2600.9", ""),
        ("5.1.2600.6", ""),
        ("5.1.2600.12", ""),
    ];
    let merged = merge(pages.map(|(version, build)| page_of(version, build)).to_vec()).unwrap();
    assert!(merged.fixes.iter().all(|fix| fix.note.as_deref() == Some("another translation has 5.1.2600.12")));
    // Three pages with three versions: no page's row is outvoted by the other two.
    let pages = [("5.1.2600.9", ""), ("5.1.2600.6", ""), ("5.1.2600.7", "")];
    let merged = merge(pages.map(|(version, build)| page_of(version, build)).to_vec()).unwrap();
    assert_eq!(merged.fixes.len(), 3);
}

/// Issue 14: Japanese pages of MS04-037 have `4.00` where the others have 4.0.1381.7286.
#[test]
fn the_version_of_the_product_loses_against_that_of_the_file() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Windows NT Server 4.0")]);
    for pages in [vec!["4.00", "4.0.1381.7286"], vec!["4.00", "4.00", "4.0.1381.7286"]] {
        let merged = merge(pages.into_iter().map(|version| page_of(version, "")).collect()).unwrap();
        assert_eq!((versions(&merged), merged.rejected.len()), (vec!["4.0.1381.7286"], 1));
        assert_eq!(merged.fixes[0].note.as_deref(), Some("another translation has 4.00"));
    }
    // Where no page has another, it stays.
    let merged = merge(["4.00", "4.00"].map(|version| page_of(version, "")).to_vec()).unwrap();
    assert_eq!(versions(&merged), ["4.00"]);
}

/// Issue 13: MS05-017 has `mqac.sys` 5.1.0.1044 in two pages and 5.01.1044 in one, MS07-036 `excel.exe` 9.0.0.8963 and 9.0.8963.
#[test]
fn a_version_printed_without_its_zero_is_no_other_version() {
    let page_of = |version, build| page(vec![row("lamp.dll", version, build, 1, "Windows XP")]);
    for (long, short) in [("5.1.0.1044", "5.01.1044"), ("9.0.0.8963", "9.0.8963")] {
        for pages in [[long, short, long], [short, short, long], [short, long, short]] {
            let merged = merge(pages.map(|version| page_of(version, "English")).to_vec()).unwrap();
            assert_eq!((versions(&merged), merged.fixes[0].note.as_deref()), (vec![long], None), "{pages:?}");
        }
    }
    // 11.0.8142 is 11.0.8142.0, not 11.0.0.8142; another third number is another version.
    let merged = merge(vec![page_of("11.0.8142", ""), page_of("11.0.8142.0", "")]).unwrap();
    assert_eq!((merged.fixes.len(), merged.fixes[0].note.as_deref()), (1, None));
    let merged = merge(["5.1.0.1044", "5.01.1045", "5.1.0.1044"].map(|version| page_of(version, "")).to_vec()).unwrap();
    assert_eq!(merged.fixes[0].note.as_deref(), Some("another translation has 5.01.1045"));
}

/// Issue 13: a version of another line hides no higher one of the row's own line.
#[test]
fn the_note_has_the_highest_version_of_the_rows_own_line() {
    for other in ["5.2.3790.100", "10.0.1.1", "5.1.2600.3050"] {
        let pages = ["5.1.2600.3000", "5.1.2600.3000", "5.1.2600.3000", "5.1.2600.3050", other];
        let pages = pages.map(|version| page(vec![row("lamp.dll", version, "", 1, "Windows XP")]));
        let merged = merge(pages.to_vec()).unwrap();
        assert_eq!(merged.fixes[0].note.as_deref(), Some("another translation has 5.1.2600.3050"), "{other}");
    }
}

/// Issue 15: the Japanese `wins.exe` of Windows NT 4.0 is 4.0.1381.7332, the English one 7329 (MS04-045).
#[test]
fn windows_nt_has_versions_of_its_own_in_a_language() {
    let of = |version, build, heading| page(vec![row("lamp.dll", version, build, 1, heading)]);
    let pages = |heading| {
        [("4.0.1381.7329", "English"), ("4.0.1381.7332", "Japanese"), ("4.0.1381.7329", "English")]
            .map(|(version, build)| of(version, build, heading))
            .to_vec()
    };
    let merged = merge(pages("Windows NT Server 4.0")).unwrap();
    let mut rows: Vec<_> =
        merged.fixes.iter().map(|fix| (fix.version.as_deref().unwrap(), fix.language.as_deref())).collect();
    rows.sort_unstable();
    assert_eq!(rows, [("4.0.1381.7329", None), ("4.0.1381.7332", Some("Japanese"))]);
    assert_eq!((merged.rejected.len(), merged.fixes.iter().all(|fix| fix.note.is_none())), (0, true));
    // A Japanese build with the same version adds no row. Later systems have one version for all languages.
    let same = merge(vec![
        of("4.0.1381.7329", "English", "Windows NT Server 4.0"),
        of("4.0.1381.7329", "Japanese", "Windows NT Server 4.0"),
    ]);
    assert_eq!(same.unwrap().fixes.len(), 1);
    assert_eq!(merge(pages("Windows 2000")).unwrap().fixes.len(), 1);
    // Issue 13: Services for UNIX 3.0 (MS05-033, MS07-053).
    let pages = [("7.0.1701.44", "English"), ("7.0.1859.29", "Japanese"), ("7.0.1701.44", "English")];
    let merged =
        merge(pages.map(|(version, build)| of(version, build, "Windows Services for UNIX 3.0")).to_vec()).unwrap();
    assert_eq!(
        (versions(&merged), merged.fixes[1].language.as_deref()),
        (vec!["7.0.1701.44", "7.0.1859.29"], Some("Japanese"))
    );
    // `4.00` is printed by the page and is not a build; 5.0 belongs to another release.
    for version in ["4.00", "5.0.2195.6972"] {
        let pages = [("4.0.1381.7329", "English"), (version, "Japanese"), ("4.0.1381.7329", "English")];
        let merged = merge(pages.map(|(version, build)| of(version, build, "Windows NT Server 4.0")).to_vec()).unwrap();
        assert_eq!(versions(&merged), ["4.0.1381.7329"]);
    }
}

/// Issue 13: the Japanese builds of Terminal Server Edition have a series of their own, also on a page that exists in Japanese
/// only (MS04-011).
#[test]
fn the_numbers_of_a_japanese_series_are_for_japanese_files() {
    let language = |version, heading| {
        let merged = merge(vec![page(vec![row("lamp.dll", version, "Japanese", 1, heading)])]).unwrap();
        merged.fixes[0].language.as_deref().map(str::to_owned)
    };
    let terminal_server = "Windows NT Server 4.0, Terminal Server Edition";
    assert_eq!(language("4.0.1381.39774", terminal_server).as_deref(), Some("Japanese"));
    for (version, heading) in
        [("4.0.1381.33567", terminal_server), ("4.0.1381.39774", "Windows NT Server 4.0"), ("4.00", terminal_server)]
    {
        assert_eq!(language(version, heading), None, "{version} {heading}");
    }
}

/// Issue 13: the first digits of a size slipped into the version before it (the German page of MS04-026).
#[test]
fn a_version_with_the_first_digits_of_its_size_is_mended() {
    let merged = |version, size, other| {
        let german = page(vec![row("cdo.dll", version, "English", size, "Exchange Server 5.5")]);
        let japanese = page(vec![row("cdo.dll", "5.5.2658.10", "Japanese", other, "Exchange Server 5.5")]);
        let fix = merge(vec![german, japanese]).unwrap().fixes.remove(0);
        (fix.version.unwrap().to_string(), fix.size.unwrap())
    };
    assert_eq!(merged("5.5.2658.1080", 2_576, 803_600), ("5.5.2658.10".to_owned(), 802_576));
    assert_eq!(merged("5.5.2658.1053", 7_360, 537_360), ("5.5.2658.10".to_owned(), 537_360));
    // A later version is none.
    assert_eq!(merged("5.5.2658.1080", 802_576, 803_600), ("5.5.2658.1080".to_owned(), 802_576));
    assert_eq!(merged("5.5.2658.1080", 2_576, 703_600), ("5.5.2658.1080".to_owned(), 2_576));
}

/// Issue 13: a row with a note of its own keeps it beside that of the other translation.
#[test]
fn the_note_of_another_translation_is_added_to_a_rows_own() {
    let pages = ["5.1.2600.3000", "5.1.2600.3000", "5.1.2600.3050"].map(|version| {
        let fix = row("lamp.dll", version, "", 1, "Windows XP");
        page(vec![fix.with(|cells| cells.note = Some("folder wm9l".to_owned().into()))])
    });
    let fix = merge(pages.to_vec()).unwrap().fixes.remove(0);
    let note = fix.note.as_deref().unwrap();
    assert_eq!(note, "folder wm9l; another translation has 5.1.2600.3050");
    assert_eq!(other_translation(note), Some("5.1.2600.3050"));
}

/// MS03-045 prints `PC/AT 互換機`: the name of the machine is kept, the words of the page's language are not.
#[test]
fn platforms_have_no_words_of_the_page_s_language() {
    for (printed, kept) in
        [("PC/AT \u{4e92}\u{63db}\u{6a5f}", Some("PC/AT")), ("\u{4e92}\u{63db}", None), ("x86", Some("x86"))]
    {
        let mut fix = row("lamp.dll", "4.0.1381.7329", "", 1, "Windows NT Server 4.0");
        fix.platform = Some(printed.into());
        let bulletin = Article { bulletins: vec!["MS03-045".into()], ..page(vec![fix]) };
        let merged = merge(vec![bulletin]).unwrap();
        assert_eq!(merged.fixes[0].platform.as_deref(), kept, "{printed}");
    }
}

/// MS06-064: three translations say "low", one has another word; MS03-048: of two the higher one (issue 15).
#[test]
fn the_most_pages_decide_on_a_rating() {
    let rated = |bulletin: &str, severity| Article {
        bulletins: vec![bulletin.to_owned().into()],
        severity: Some(severity),
        ..page(Vec::new())
    };
    let merged = |pages: Vec<Article>| merge(pages).unwrap().severity;
    let [low, important] = [Severity::Low, Severity::Important].map(|rating| rated("MS06-064", rating));
    assert_eq!(merged(vec![low.clone(), important.clone(), low.clone()]), Some(Severity::Low));
    assert_eq!(merged(vec![low.clone(), important]), Some(Severity::Important));
    // Another bulletin about the same update has a rating of its own.
    assert_eq!(merged(vec![low.clone(), low, rated("MS06-070", Severity::Critical)]), Some(Severity::Critical));
}

/// MS06-003, MS07-033, MS07-039, MS09-029: ids with a digit too many, and a year after the bulletin's (issue 15).
#[test]
fn misprinted_ids_of_vulnerabilities_are_left_out() {
    let named = |bulletin: &str, cves: &[&str]| Article {
        bulletins: vec![bulletin.to_owned().into()],
        cves: cves.iter().map(|id| (*id).to_owned().into()).collect(),
        ..page(Vec::new())
    };
    let merged = |bulletin, cves: &[&str]| {
        let article = merge(vec![named(bulletin, cves)]).unwrap();
        article.cves.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(merged("MS06-003", &["CVE-2006-0002", "CVE-2006-00026"]), ["CVE-2006-0002"]);
    assert_eq!(merged("MS07-039", &["CVE-2007-3028", "CVE-2007-30280"]), ["CVE-2007-3028"]);
    assert_eq!(merged("MS07-033", &["CVE-2007-01750", "CVE-2007-1750"]), ["CVE-2007-1750"]);
    assert_eq!(merged("MS09-029", &["CVE-2009-0231", "CVE-2010-0231"]), ["CVE-2009-0231"]);
    assert_eq!(merged("MS05-040", &["CVE-2004-0058", "CVE-2005-0058"]), ["CVE-2005-0058"]);
    // Nothing of the page tells which id is meant: `catalog lint` names it. From 2014 on numbers are longer.
    assert_eq!(merged("MS07-039", &["CVE-2007-30281"]), ["CVE-2007-30281"]);
    assert_eq!(merged("MS14-042", &["CVE-2014-1234", "CVE-2014-12340"]), ["CVE-2014-1234", "CVE-2014-12340"]);
}

/// Issue 14, MS04-028: one number of a version is misprinted. The page of the English build wins, and the other version is listed.
#[test]
fn a_misprinted_number_is_no_other_line() {
    let japanese = page(vec![
        row("lamp.dll", "5.1.3102.1363", "Japanese", 1, "Windows XP"),
        row("lamp.dll", "5.1.2600.1363", "Japanese", 2, "Windows XP"),
    ]);
    let german = page(vec![row("lamp.dll", "5.1.2600.1363", "English", 3, "Windows XP")]);
    let merged = merge(vec![japanese, german]).unwrap();
    assert_eq!(versions(&merged), ["5.1.2600.1363"]);
    assert!(merged.rejected.iter().any(|rejected| rejected.text.contains("5.1.3102.1363")));
}

/// Issue 14, MS07-068: one page has x86 for the file of x64, whose size no 32-bit build has.
#[test]
fn a_misprinted_processor_is_listed() {
    let of = |machine: Machine, wow: bool, size: u64, system: &str| {
        row(
            "lamp.dll",
            "9.1.1.3844",
            "English",
            size,
            &format!("Windows Media Services 9.1 on Windows Server 2003 {system}"),
        )
        .with(|cells| {
            cells.machine = Some(machine);
            cells.wow = wow;
            cells.branch = Some("SP1GDR".into());
        })
    };
    let chinese = page(vec![of(Machine::X64, false, 5_814, "x64"), of(Machine::I386, false, 3_098, "32-bit")]);
    let german = page(vec![of(Machine::I386, true, 5_814, "x64"), of(Machine::I386, false, 3_098, "32-bit")]);
    let merged = merge(vec![german, chinese]).unwrap();
    let machines: Vec<_> = merged.fixes.iter().map(|fix| (fix.machine, fix.size)).collect();
    assert_eq!(machines.len(), 2);
    assert!(machines.contains(&(Some(Machine::X64), Some(5_814))));
    assert!(merged.rejected.iter().any(|rejected| rejected.reason.contains("processor")));
    // A page that prints both has a file without code (KB954459).
    let both = page(vec![
        of(Machine::X64, false, 5_814, "x64"),
        of(Machine::I386, true, 5_814, "x64"),
        of(Machine::I386, false, 3_098, "32-bit"),
    ]);
    assert_eq!(merge(vec![both.clone(), both]).unwrap().fixes.len(), 3);
}
