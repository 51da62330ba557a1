//! Headings, languages and platform cells in every usual spelling bind the rows below them (issue 13).

use crate::assess_bindings::{for_all, on, under, verdict};
use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::ArticleStatus;

/// Issue 13: other spellings of service packs, products and processors bind as the usual ones do. The file's number tells
/// nothing of its Windows.
#[test]
fn headings_bind_in_every_usual_spelling() {
    use ArticleStatus::{Missing, NotApplicable};
    for (heading, windows, pack, expected) in [
        ("ServicePack 2 (Windows XP)", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP SP.2", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP サービス パック 2", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP サービスパック2", "Windows XP", Some("2"), Missing),
        ("Windows XP 서비스 팩 2 이상", "Windows XP", Some("3"), Missing),
        ("Windows XP 서비스 팩 2 이상", "Windows 7 and Server 2008 R2", Some("1"), NotApplicable),
        ("Windows XP Service Pack two", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP Service Pack II", "Windows XP", Some("2"), Missing),
        ("Windows XP SP2b", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP SP02", "Windows XP", Some("2"), Missing),
        ("Windows XP SP2 et suivants", "Windows XP", Some("3"), Missing),
        ("Windows Server 2008R2", "Windows Vista and Server 2008", Some("2"), NotApplicable),
        ("Windows Server 2008 Release 2", "Windows 7 and Server 2008 R2", Some("1"), Missing),
        ("Windows Server 2008 and 2008 R2", "Windows Vista and Server 2008", Some("2"), Missing),
        ("Windows Server 2008 und R2", "Windows 7 and Server 2008 R2", Some("1"), Missing),
        ("Windows NT4.0", "Windows 2000", Some("4"), NotApplicable),
        ("Windows 2K SP4", "Windows XP", Some("3"), NotApplicable),
        ("Windows 7SP1", "Windows XP", Some("3"), NotApplicable),
        ("Windows NT 4.0 - Windows XP", "Windows 2000", Some("4"), Missing),
        ("Windows NT 4.0 to Windows XP", "Windows Server 2003", Some("2"), NotApplicable),
        ("Windows NT, 2000, and XP", "Windows 2000", Some("4"), Missing),
        ("Windows NT, 2000, and XP", "Windows Server 2003", Some("2"), NotApplicable),
        ("XP/2003", "Windows Server 2003", Some("2"), Missing),
        ("2000/XP/2003", "Windows XP", Some("3"), Missing),
        ("Windows XP below SP3", "Windows XP", Some("3"), NotApplicable),
        ("Windows XP below Service Pack 3", "Windows XP", Some("2"), Missing),
        ("2000/XP/2003", "Windows NT 4.0", Some("6a"), NotApplicable),
        ("7/2008R2", "Windows 7 and Server 2008 R2", Some("1"), Missing),
        ("7/2008R2", "Windows Vista and Server 2008", Some("2"), NotApplicable),
        ("Windows XP x86 and x64", "Windows XP", Some("3"), Missing),
        ("Windows XP x86 and x64", "Windows 2000", Some("4"), NotApplicable),
        ("Windows Embedded Compact 7", "Windows 7 and Server 2008 R2", Some("1"), NotApplicable),
        ("Windows Phone 8.1", "Windows 8.1 and Server 2012 R2", None, NotApplicable),
        ("Windows Mobile 6.5", "Windows XP", Some("3"), NotApplicable),
        ("10.0.14393", "Windows XP", Some("3"), NotApplicable),
        ("Windows Server 2008, 2008 R2, 2012, and 2012 R2", "Windows 8 and Server 2012", None, Missing),
        ("Windows 2000 SP4/XP SP2/2003 SP1", "Windows Server 2003", Some("2"), NotApplicable),
        ("Windows XP with Internet Explorer 6 and 7", "Windows 7 and Server 2008 R2", Some("1"), NotApplicable),
        ("Windows before Vista", "Windows Vista and Server 2008", Some("2"), NotApplicable),
        ("All except Windows 2000", "Windows XP", Some("3"), Missing),
        ("Windows NT 4.0 SP4 or later", "Windows NT 4.0", Some("6a"), Missing),
        ("Windows 2000 SP3 or less", "Windows 2000", Some("2"), Missing),
        ("Windows XP on IA-32", "Windows XP", Some("3"), Missing),
        ("Windows 7 x86 and x64", "Windows 7 and Server 2008 R2", Some("1"), Missing),
        ("Windows XP AArch64", "Windows XP", Some("3"), NotApplicable),
    ] {
        let fix = for_all(&[], vec![under(heading, "tool.dll", "7.3.100.5")]);
        let found = assess_with(vec![fix], vec![file("tool.dll", "7.3.100.4")], &on(windows, pack)).articles.remove(0);
        assert_eq!(found.status, expected, "'{heading}' on {windows} {pack:?}: {found:?}");
    }
}

/// Issue 13: platform cells in other spellings bind as well.
#[test]
fn platform_cells_bind_in_every_usual_spelling() {
    use ArticleStatus::{Missing, NotApplicable};
    for (cell, expected) in [
        ("IA32", Missing),
        ("IA-32", Missing),
        ("32 bit", Missing),
        ("Pentium", Missing),
        ("Win32", Missing),
        ("64 bit", NotApplicable),
        ("AArch64", NotApplicable),
        ("ARMv7", NotApplicable),
    ] {
        let fix = row("tool.dll", "7.3.100.5").with(|cells| cells.platform = Some(cell.to_owned().into()));
        let found = verdict(vec![fix], file("tool.dll", "7.3.100.4"), &on("Windows XP", Some("3")));
        assert_eq!(found.status, expected, "'{cell}': {found:?}");
    }
}

/// Issue 13: a row for Japanese files of one Windows takes no row's place that is for another (MS04-011).
#[test]
fn a_row_for_a_language_takes_the_place_of_rows_for_its_own_windows_only() {
    use ArticleStatus::{Fixed, Missing, NotApplicable};
    let japanese = |section: &str, version: &str| {
        row_in_language("abc.dll", version, "Japanese").with(|cells| cells.section = section.to_owned().into())
    };
    let nt = japanese("Windows NT 4.0", "4.0.1381.7000");
    let own = japanese("Windows XP", "5.1.2600.5550");
    let of_xp = || under("Windows XP", "abc.dll", "5.1.2600.5600");
    for (rows, version, expected) in [
        (vec![of_xp(), nt.clone()], "5.1.2600.5512", Missing),
        (vec![of_xp(), nt.clone()], "5.1.2600.5600", Fixed),
        (vec![of_xp(), own.clone()], "5.1.2600.5550", Fixed),
        (vec![of_xp(), own], "5.1.2600.5549", Missing),
        (vec![nt], "5.1.2600.5512", NotApplicable),
    ] {
        let mut entry = file("abc.dll", version);
        entry.binary = Ok(binary(Machine::I386, version, &[("041103A4", version)]));
        let fix = for_all(&["Windows XP", "Windows NT 4.0"], rows);
        let found = assess_with(vec![fix], vec![entry], &on("Windows XP", Some("3"))).articles.remove(0);
        let status = if found.status == ArticleStatus::Unknown { NotApplicable } else { found.status };
        assert_eq!(status, expected, "{version}: {found:?}");
    }
}

/// Issue 13: a heading without a service pack is the release beside one with a pack; on a later pack its row alone fixes nothing.
#[test]
fn a_bare_heading_fixes_no_file_that_an_earlier_service_pack_s_row_asks_more_of() {
    use ArticleStatus::{Fixed, Unknown};
    let rows = || {
        vec![under("Windows Server 2003", "abc.dll", "7.3.1.5"), under("Windows Server 2003 SP1", "abc.dll", "7.3.1.7")]
    };
    for (version, expected) in [("7.3.1.6", Unknown), ("7.3.1.7", Fixed), ("7.3.1.8", Fixed)] {
        let found = assess_with(
            vec![for_all(&[], rows())],
            vec![file("abc.dll", version)],
            &on("Windows Server 2003", Some("2")),
        );
        assert_eq!(found.articles[0].status, expected, "{version}");
    }
    let one = vec![
        under("Windows Server 2003", "abc.dll", "7.3.1.5"),
        under("Windows Server 2003 SP2", "abc.dll", "7.3.1.7"),
    ];
    let found =
        assess_with(vec![for_all(&[], one)], vec![file("abc.dll", "7.3.1.6")], &on("Windows Server 2003", Some("1")));
    assert_eq!(found.articles[0].status, Fixed, "the row of a later service pack says nothing");
}
