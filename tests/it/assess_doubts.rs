//! Doubts are reported, and are never "fixed": service packs, lost rows, damaged files, unclear systems (issue 13,
//! points 5 and 7 to 9).

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, Policy, Profile, ProfileSource};
use hotfixcheck::catalog::{self, Catalog};
use hotfixcheck::inventory::system::{System, identify};
use hotfixcheck_articles::{Article, Fix, Rejected};
use hotfixcheck_testkit::registry::{software, system};
use hotfixcheck_winfiles::binary::{BinaryError, VersionOutcome};

fn with_pack(product: &str, installed: &str, packs: &[(&str, &str)]) -> (&'static str, ArticleStatus) {
    let releases = &knowledge().releases;
    let line = releases.line(product).unwrap().clone();
    let pack = releases.pack(&line, installed);
    let policy = Policy { profile: Some(Profile { line, pack, source: ProfileSource::Given }), ..Policy::default() };
    let verdict = assess_with(vec![pack_article("Q171996", packs)], Vec::new(), &policy).articles.remove(0);
    assert_eq!(verdict.findings.len(), 1);
    (codes(&verdict)[0], verdict.status)
}

#[test]
fn of_several_service_packs_the_highest_is_needed_for_fixed_and_the_lowest_for_not_missing() {
    let both = [("Windows NT 4.0", "4"), ("Windows NT 4.0", "6")];
    assert_eq!(with_pack("Windows NT 4.0", "3", &both), ("service-pack-older", ArticleStatus::Missing));
    assert_eq!(with_pack("Windows NT 4.0", "4", &both), ("service-packs-differ", ArticleStatus::Unknown));
    assert_eq!(with_pack("Windows NT 4.0", "5", &both), ("service-packs-differ", ArticleStatus::Unknown));
    assert_eq!(with_pack("Windows NT 4.0", "6", &both), ("service-pack-installed", ArticleStatus::Fixed));
    assert_eq!(with_pack("Windows NT 4.0", "6a", &both), ("service-pack-installed", ArticleStatus::Fixed));
}

#[test]
fn a_service_pack_that_was_never_released_is_never_required() {
    for packs in [&[("Windows NT 4.0", "7")][..], &[("Windows NT 4.0", "7"), ("Windows NT 4.0", "latest")]] {
        assert_eq!(with_pack("Windows NT 4.0", "6a", packs), ("pack-not-released", ArticleStatus::Unknown));
    }
    let products = &knowledge().products;
    let text = products.unreleased("Windows NT 4.0", "7").unwrap().text();
    assert!(text.starts_with("not released;") && text.contains("Q299444"), "{text}");
    assert_eq!(products.unreleased("Windows NT 4.0", "6a"), None);
    // One above the last that there is: nobody has to list it.
    assert_eq!(
        with_pack("Windows NT 4.0", "6a", &[("Windows NT 4.0", "8")]),
        ("pack-not-released", ArticleStatus::Unknown)
    );
    assert_eq!(with_pack("Windows 2000", "4", &[("Windows 2000", "6")]), ("pack-not-released", ArticleStatus::Unknown));
    // A released one in addition counts.
    let both = [("Windows NT 4.0", "4"), ("Windows NT 4.0", "7")];
    assert_eq!(with_pack("Windows NT 4.0", "6a", &both), ("service-pack-installed", ArticleStatus::Fixed));
}

fn lost(line: u32, reason: &str) -> Rejected {
    Rejected { line, text: "x".to_owned(), reason: reason.to_owned() }
}

#[test]
fn a_row_that_could_not_be_read_keeps_an_article_from_being_fixed() {
    let article = |rejected: Vec<Rejected>| Article {
        rejected,
        ..article("Q310626", vec![Fix { line: 3, ..row("a.dll", "4.0.1381.7097") }])
    };
    let judge = |rejected: Vec<Rejected>, revision: &str| {
        // As read back from a catalogue's text.
        let catalog: Catalog = [article(rejected)].into_iter().collect();
        let read = catalog::read(&catalog::write(&catalog)).unwrap().articles()[0].clone();
        assess(vec![Article::clone(&read)], vec![file("a.dll", revision)]).articles.remove(0)
    };
    let unread = || vec![lost(7, "no order of the columns fits")];
    let verdict = judge(unread(), "4.0.1381.7097");
    assert_eq!((codes(&verdict), verdict.status), (vec!["version-equal", "row-not-read"], ArticleStatus::Unknown));
    assert_eq!(judge(unread(), "4.0.1381.7096").status, ArticleStatus::Missing);
    assert_eq!(judge(unread(), "5.0.2195.1").status, ArticleStatus::NotApplicable);
    // The row exists; only its date could not be read.
    assert_eq!(judge(vec![lost(3, "its date")], "4.0.1381.7097").status, ArticleStatus::Fixed);
    // The only row: an article that is asked for says so.
    let only = Article { fixes: Vec::new(), ..article(unread()) };
    let asked = Policy { only: Some([only.id].into()), ..Policy::default() };
    assert_eq!(
        codes(&assess_with(vec![only], vec![file("a.dll", "4.0.1381.7097")], &asked).articles[0]),
        ["row-not-read"]
    );
    // A package is not a row.
    let package = || vec![lost(9, "the package that brings the fix")];
    assert_eq!(judge(package(), "4.0.1381.7097").status, ArticleStatus::Fixed);
}

/// Issue 13, point 8: a row with a version shows that its type library or font is an executable; zeros of its size are
/// not one.
#[test]
fn a_library_without_the_version_that_its_row_states_is_not_fixed() {
    let judge = |name: &str, version: &str| {
        let row = Fix { date: Some("2001-09-09".parse().unwrap()), size: Some(1000), ..row(name, version) };
        codes(&judge(vec![row], vec![entry(name, Err(BinaryError::NotExecutable))]))[0]
    };
    let converters =
        ["a.flt", "a.wpc", "a.cnv", "a.fae", "a.sam", "a.pdl", "a.dll_isapi", "a.dll.oss", "a.dll_osssearch.x86"];
    for name in ["a.tlb", "a.olb", "a.fon", "a.com"].into_iter().chain(converters) {
        assert_eq!(judge(name, "5.1.2600.2700"), "not-executable", "{name}");
        assert_eq!(judge(name, ""), "same-size-and-date", "{name}");
    }
    assert_eq!(judge("a.inf", "5.1.2600.2700"), "same-size-and-date");
}

/// Issue 13, point 9: no file is called "Outllib" or ".dll", so such a row can never be found too old.
#[test]
fn a_row_whose_name_is_not_whole_keeps_an_article_from_being_fixed() {
    for name in ["Outllib", "the", ".dll"] {
        let rows = vec![row("a.dll", "4.0.1381.7097"), row(name, "4.0.1381.7100")];
        let judge = |revision: &str| judge(rows.clone(), vec![file("a.dll", revision)]);
        let fixed = judge("4.0.1381.7097");
        assert_eq!(
            (codes(&fixed), fixed.status),
            (vec!["version-equal", "row-not-read"], ArticleStatus::Unknown),
            "{name}"
        );
        assert_eq!(judge("4.0.1381.7096").status, ArticleStatus::Missing, "{name}");
        assert_eq!(judge("5.0.2195.1").status, ArticleStatus::NotApplicable, "{name}");
    }
}

#[test]
fn what_should_be_an_executable_and_is_none_is_unreadable() {
    let judge = |name: &str, error: BinaryError| {
        let row = Fix { date: Some("2001-09-09".parse().unwrap()), size: Some(1000), ..row(name, "") };
        let verdict = judge(vec![row], vec![entry(name, Err(error))]);
        codes(&verdict)[0]
    };
    for name in ["a.dll", "a.exe", "a.sys", "a.ocx"] {
        assert_eq!(judge(name, BinaryError::NotExecutable), "unreadable", "{name}");
        assert_eq!(judge(name, BinaryError::Empty), "unreadable", "{name}");
    }
    let dos = || BinaryError::NotPe { kind: "DOS program".to_owned() };
    assert_eq!(judge("a.dll", dos()), "unreadable");
    assert_eq!(judge("a.exe", dos()), "same-size-and-date");
    for name in ["readme.txt", "oem.inf", "windows.hlp", "page.asp"] {
        assert_eq!(judge(name, BinaryError::NotExecutable), "same-size-and-date", "{name}");
    }
    let empty = assess(
        vec![article("Q310626", vec![row("readme.txt", "")])],
        vec![entry("readme.txt", Err(BinaryError::Empty))],
    );
    assert!(!empty.incomplete);
}

#[test]
fn a_version_of_zeros_is_none() {
    assert_eq!(code(row("a.dll", "4.0.1381.7097"), file("a.dll", "0.0.0.0")), "no-version-in-file");
    assert_eq!(code(row("a.dll", "4.0.1381.7097"), tagged("a.dll", "0.0.0.0", "0.0.0.0")), "no-version-in-file");
    assert_eq!(code(row("a.dll", "4.0.1381.7097"), tagged("a.dll", "0.0.0.0", "4.0.1381.7098")), "version-newer");
    // What files of Windows NT 4.0 have: it is of no shape that could be compared.
    for text in ["4.00", "4.0", "5.00", "1.0.0"] {
        assert_eq!(code(row("a.dll", "4.0.1381.7097"), tagged("a.dll", "0.0.0.0", text)), "not-comparable", "{text}");
    }
}

fn identified(csd: &str, number: u32) -> (Option<String>, Vec<String>) {
    let hives =
        System::from_hives(Some(software("5.0", "2195", csd).build()), Some(system("WinNT", &[], number).build()));
    let identity = identify(&hives, &knowledge().releases);
    (identity.pack.map(|pack| pack.value.to_string()), identity.doubts)
}

#[test]
fn the_number_in_the_system_hive_decides_where_the_text_is_in_another_language() {
    assert_eq!(identified("Szervizcsomag 3", 0x300), (Some("SP3".to_owned()), vec![]));
    assert_eq!(identified("Service Pack 3", 0x300), (Some("SP3".to_owned()), vec![]));
    let (pack, doubts) = identified("Szervizcsomag 3", 0x200);
    assert_eq!((pack, doubts.len()), (None, 1));
    let (pack, doubts) = identified("Service Pack 3", 0x200);
    assert_eq!((pack, doubts.len()), (None, 1));
}

/// Issue 13, point 7: a candidate is not the service pack. On Windows NT 4.0 the kernel of a hotfix writes such a name, too.
#[test]
fn a_beta_is_no_service_pack_and_no_release() {
    for text in ["Service Pack 2, RC 2.55", "Service Pack 2, RC2", "Service Pack 2, v.2055"] {
        let (pack, doubts) = identified(text, 0x200);
        assert_eq!((pack, doubts.len()), (None, 1), "{text}");
    }
    for build in ["2031", "2072"] {
        let hives = System::from_hives(Some(software("5.0", build, "").build()), Some(system("WinNT", &[], 0).build()));
        let identity = identify(&hives, &knowledge().releases);
        assert_eq!((identity.line, identity.doubts.len()), (None, 1), "{build}");
    }
}

#[test]
fn a_beta_of_a_service_pack_is_not_that_service_pack() {
    for text in ["Service Pack 3, v.2055", "Szervizcsomag 3, v.2055", "Szervizcsomag 3 béta", "Service Pack 3 Beta"] {
        let (pack, doubts) = identified(text, 0x300);
        assert_eq!(pack, None, "{text}");
        assert!(doubts[0].contains("beta"), "{doubts:?}");
    }
}

/// Translations of one page print two versions of a file: below the higher one nothing proves that it is fixed, below the
/// lower one the fix is missing (issue 13; urlmon.dll in MS06-042, mshtml.dll in MS05-052).
#[test]
fn a_file_below_the_version_of_another_translation_is_not_certainly_fixed() {
    let status = |note: &str, found: &str| {
        let row = row("urlmon.dll", "6.0.3790.566").with(|cells| cells.note = Some(note.to_owned().into()));
        let verdict = assess(vec![article("KB918899", vec![row])], vec![file("urlmon.dll", found)]).articles.remove(0);
        (codes(&verdict)[0], verdict.status)
    };
    let higher = "another translation has 6.00.3790.588";
    assert_eq!(status(higher, "6.0.3790.565"), ("version-older", ArticleStatus::Missing));
    assert_eq!(status(higher, "6.0.3790.566"), ("rows-differ", ArticleStatus::Unknown));
    assert_eq!(status(higher, "6.0.3790.587"), ("rows-differ", ArticleStatus::Unknown));
    assert_eq!(status(higher, "6.0.3790.588"), ("version-newer", ArticleStatus::Fixed));
    for other in [
        "another translation has 6.00.3790.0566",
        "another translation has 6.0.3790.500",
        "another translation has 7.0.6000.588",
        "another translation has no version",
        "6.0.3790.588",
    ] {
        assert_eq!(status(other, "6.0.3790.566"), ("version-equal", ArticleStatus::Fixed), "{other}");
        assert_eq!(status(other, "6.0.3790.570"), ("version-newer", ArticleStatus::Fixed), "{other}");
    }
    // A row may have a note of its own.
    assert_eq!(status(&format!("folder wm9l; {higher}"), "6.0.3790.587").0, "rows-differ");
    // The number of another service pack slipped into the row (tcpip.sys in MS08-001).
    assert_eq!(
        status("another translation has 6.0.3790.4179", "6.0.3790.587"),
        ("version-newer", ArticleStatus::Fixed)
    );
}

/// A damaged executable of the right size and day was likely fixed by a row without a version (issue 13).
#[test]
fn size_and_date_say_nothing_of_a_damaged_executable() {
    let row = Fix { date: Some("2001-09-09".parse().unwrap()), size: Some(1000), ..row("a.dll", "") };
    let judge = |version: VersionOutcome| {
        let mut file = file("a.dll", "4.0.1381.10");
        file.binary.as_mut().unwrap().version = version;
        codes(&judge(vec![row.clone()], vec![file]))[0]
    };
    assert_eq!(judge(VersionOutcome::Absent), "same-size-and-date");
    assert_eq!(judge(VersionOutcome::Corrupt { detail: "truncated".to_owned() }), "version-corrupt");
}

/// Issue 15, point 3: the update of May 2017 for CVE-2017-0144 names no Windows XP, whose updates ended in 2014.
#[test]
fn an_article_that_is_asked_for_and_later_than_the_systems_updates_is_not_said_to_be_for_others() {
    let judge = |day: &str, system: &str| {
        let article = Article {
            products: vec!["Windows 7 Service Pack 1".into()],
            last_modified: Some(day.parse().unwrap()),
            ..article("KB4012598", vec![row("srv.sys", "6.1.7601.23689")])
        };
        let id = article.id;
        let policy = Policy { only: Some([id].into()), ..on(system, "RTM") };
        let verdict = assess_with(vec![article], vec![file("srv.sys", "5.1.2600.5512")], &policy).articles.remove(0);
        (codes(&verdict)[0], verdict.status)
    };
    assert_eq!(judge("2017-05-13", "Windows XP"), ("support-ended", ArticleStatus::Unknown));
    assert_eq!(judge("2013-05-13", "Windows XP").1, ArticleStatus::NotApplicable);
    assert_eq!(judge("2017-05-13", "Windows Vista and Server 2008").1, ArticleStatus::NotApplicable);
}
