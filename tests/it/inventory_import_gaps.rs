//! What lists of other tools do not record, and the verdicts on their files.

use crate::inventory_import::{OSQUERY, POWERSHELL_5, POWERSHELL_7, SIGCHECK, judged, read};
use crate::support::kit::{row, row_for, row_in_language};
use hotfixcheck::Machine;
use hotfixcheck::assess::ArticleStatus;
use hotfixcheck::inventory::import::InventoryFormat;
use hotfixcheck_articles::Fix;

/// Files of Windows NT 4.0 have the string `4.00`, whatever their fixed version is.
#[test]
fn a_string_that_is_not_the_whole_version_leaves_the_answer_open() {
    use ArticleStatus::{Fixed, Missing, Unknown};
    let told = Some(Machine::I386);
    let nt = || vec![row("tapisrv.exe", "4.0.1381.7097")];
    let not_told = (Unknown, vec!["version-not-told"]);
    let text = |version: &str| {
        let info =
            format!("File:             C:\\tapisrv.exe\r\nFileVersion:      {version}\r\nLanguage:         English");
        format!("FullName,Length,VersionInfo\r\nC:\\tapisrv.exe,1,\"{info}\"\r\n")
    };
    assert_eq!(judged(SIGCHECK, nt(), told), not_told);
    for version in ["4.00", "SP6", ""] {
        assert_eq!(judged(&text(version), nt(), told), not_told, "{version}");
    }
    assert_eq!(judged(&text("4.0.1381.7097 (nt)"), nt(), told).0, Fixed);
    assert_eq!(judged(&text("4.10.1998"), vec![row("tapisrv.exe", "4.10.1999")], told).0, Missing);
    assert_eq!(
        judged(&text("4.00"), vec![row_for("tapisrv.exe", "4.0.1381.7097", "Alpha")], told).1,
        ["other-machine"]
    );
    // A list with both versions leaves nothing open: this is a file of another product.
    let other = POWERSHELL_5.replace(r#""Build":1381,"Revision":7097"#, r#""Build":7,"Revision":1"#);
    assert_eq!(judged(&other, nt(), told).1, ["other-release"]);
    let local = POWERSHELL_7
        .replace("LastWriteTimeUtc\":\"2000-08-17T00:00:00Z", "LastWriteTime\":\"2000-08-17T02:00:00+02:00");
    assert_eq!(read(&local, InventoryFormat::PowerShell), read(POWERSHELL_7, InventoryFormat::PowerShell));
}

#[test]
fn what_is_not_told_is_unknown_where_it_matters() {
    use ArticleStatus::{Fixed, Missing, NotApplicable, Unknown};
    let older = POWERSHELL_5.replace("7097", "7000");
    let i386 = || vec![row_for("tapisrv.exe", "4.0.1381.7097", "Intel")];
    let both =
        || vec![row_for("tapisrv.exe", "4.0.1381.7097", "Intel"), row_for("tapisrv.exe", "4.0.1381.7098", "Alpha")];
    let x64 = || vec![row_for("tapisrv.exe", "4.0.1381.7097", "x64")];
    let any = || vec![row("tapisrv.exe", "4.0.1381.7097")];
    let told = Some(Machine::I386);
    let cases = [
        (any(), None, Fixed, vec!["version-equal"]),
        (i386(), None, Unknown, vec!["machine-not-told"]),
        (i386(), told, Fixed, vec!["version-equal"]),
        (i386(), Some(Machine::Alpha), NotApplicable, vec!["other-machine"]),
        (both(), None, Unknown, vec!["machine-not-told", "machine-not-told"]),
        (both(), told, Fixed, vec!["version-equal", "other-machine"]),
        // There was no Windows for x64 when the article was written: the row is not for this file.
        (x64(), told, NotApplicable, vec!["other-machine"]),
        (vec![row_for("tapisrv.exe", "5.0.2195.1", "Intel")], None, NotApplicable, vec!["other-release"]),
    ];
    for (rows, machine, status, reasons) in cases {
        assert_eq!(judged(POWERSHELL_5, rows, machine), (status, reasons));
    }
    assert_eq!(judged(&older, i386(), told).0, Missing);
    assert_eq!(judged(&older, any(), None).0, Missing);
    assert_eq!(judged(OSQUERY, vec![row("old.dll", "1.2.3.4")], None), (Unknown, vec!["version-not-told"]));
    assert_eq!(judged(OSQUERY, vec![row("plain.dll", "1.2.3.4")], None), (Unknown, vec!["no-version-in-file"]));
    assert_eq!(judged(OSQUERY, vec![row("absent.dll", "1.2.3.4")], None), (NotApplicable, vec!["file-absent"]));
}

#[test]
fn a_language_that_is_not_told_matters_only_where_the_article_has_several() {
    use ArticleStatus::{Fixed, Unknown};
    let rows = || vec![row("tapisrv.dll", "5.2.3790.100"), row_in_language("tapisrv.dll", "5.2.3790.9999", "German")];
    let (status, reasons) = judged(OSQUERY, rows(), Some(Machine::I386));
    assert_eq!((status, reasons), (Unknown, vec!["language-not-told", "language-not-told"]));
    assert_eq!(judged(OSQUERY, rows()[..1].to_vec(), Some(Machine::I386)).0, Fixed);
}

/// Issue 13, point 4: version and size are exactly those of one language's row; those of the others have other sizes.
#[test]
fn the_build_of_one_language_tells_the_language() {
    use ArticleStatus::{Fixed, Unknown};
    // The file is 5.2.3790.3959.
    let size = 249_856;
    let sized = |size: u64, row: Fix| Fix { size: Some(size), ..row };
    let german = |size| sized(size, row_in_language("tapisrv.dll", "5.2.3790.3959", "German"));
    let english = |size| sized(size, row("tapisrv.dll", "5.2.3790.9999"));
    let status = |rows| judged(OSQUERY, rows, Some(Machine::I386)).0;
    assert_eq!(status(vec![english(10), german(size)]), Fixed);
    assert_eq!(status(vec![english(10), german(size + 1)]), Unknown, "another size is another build");
    let japanese = sized(size, row_in_language("tapisrv.dll", "5.2.3790.3959", "Japanese"));
    assert_eq!(status(vec![english(10), german(size), japanese]), Unknown, "either language");
}

/// Issue 13: rows for a language count only where they may give the file another answer.
#[test]
fn a_language_that_is_not_told_matters_only_where_it_changes_the_answer() {
    use ArticleStatus::{Fixed, Missing, NotApplicable, Unknown};
    let german = |version| row_in_language("tapisrv.dll", version, "German");
    // The file is 5.2.3790.1830.
    for (english, of_german, expected) in [
        ("5.2.3790.100", german("5.2.3790.200"), Fixed),
        ("5.2.3790.9998", german("5.2.3790.9999"), Missing),
        ("5.2.3790.100", german("5.2.3790.9999"), Unknown),
        // Another Windows: nothing about this file, in whatever language.
        ("4.0.1381.7000", german("4.0.1381.39000"), NotApplicable),
        // A row of another release for German files, too.
        ("5.2.3790.9998", german("5.3.1.1"), Missing),
        // A row for German files of another Windows takes no row's place.
        ("5.2.3790.100", german("4.0.1381.39000"), Fixed),
    ] {
        let rows = vec![row("tapisrv.dll", english), of_german];
        let shown = format!("{english} and {rows:?}");
        assert_eq!(judged(OSQUERY, rows, Some(Machine::I386)).0, expected, "{shown}");
    }
}
