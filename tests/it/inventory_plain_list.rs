//! The user's own CSV list, as `docs/inventories.md` describes it (issue 17).

use super::inventory_import::{error, fixed, info, judged, read};
use crate::support::kit::row_for;
use hotfixcheck::Machine;
use hotfixcheck::assess::ArticleStatus;
use hotfixcheck::inventory::import::{self, InventoryFormat};
use hotfixcheck::inventory::{MachineClass, Unread};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// Issue 17, point 5: a user's own list, as `docs/inventories.md` describes it.
const PLAIN: &str = "path,size,modified,version,machine,linked,product_version,version_string,original_name,language\r\n\
    C:\\WINNT\\System32\\tapisrv.exe,127760,2000-08-17T00:00:00Z,4.0.1381.7097,i386,964440000,4.0.1381.7097,4.00,TAPISRV.EXE,0x0409\r\n\
    \"C:\\WINNT\\System32\\drivers\\mouclass.sys\",9000,2000-08-17 00:00:00,4.0.1381.7000,,,,,,\r\n\
    C:\\WINNT\\System32\\alpha.sys,,2000-08-17,4.0.1381.7000,0x184,,,,,English\r\n\
    C:\\WINNT\\System32\\none.dll,5,,none,32-bit,,,,,\r\n\
    C:\\WINNT\\System32\\bare.dll,,,,,,,,,\r\n";

#[test]
fn a_plain_list_tells_what_its_columns_tell() {
    let snapshot = read(PLAIN, InventoryFormat::Csv);
    assert_eq!((snapshot.files_seen, snapshot.files.len()), (5, 5));
    let file = |name: &str| snapshot.files.iter().find(|file| file.path.file_name() == Some(name)).unwrap();
    let tapisrv = file("tapisrv.exe");
    let binary = tapisrv.binary.as_ref().unwrap();
    assert_eq!((fixed(tapisrv).as_deref(), tapisrv.size), (Some("4.0.1381.7097"), Some(127_760)));
    assert_eq!((tapisrv.modified, binary.time_stamp), (Some(966_470_400), Some(964_440_000)));
    assert_eq!(
        (binary.machine, tapisrv.unstated.machine, tapisrv.unstated.language),
        (Some(Machine::I386), None, false)
    );
    assert_eq!((info(tapisrv).tables[0].key.as_str(), info(tapisrv).file_version_string()), ("0409", Some("4.00")));
    assert_eq!(info(tapisrv).tables[0].original_filename.as_deref(), Some("TAPISRV.EXE"));
    // A time without a zone is UTC; a day means its beginning.
    assert_eq!((file("mouclass.sys").modified, file("alpha.sys").modified), (Some(966_470_400), Some(966_470_400)));
    assert_eq!(file("mouclass.sys").unstated.machine, Some(MachineClass::Any));
    assert_eq!(file("alpha.sys").binary.as_ref().unwrap().machine, Some(Machine::Alpha));
    assert!(matches!(file("none.dll").binary.as_ref().unwrap().version, VersionOutcome::Absent));
    assert_eq!(file("bare.dll").binary, Err(Unread::NotTold));
    // Semicolons, tabs, other columns and another order; a missing column is not known.
    let other = "note;version;path\nx;4.0.1381.7097;C:\\WINNT\\System32\\tapisrv.exe\n";
    assert_eq!(fixed(&read(other, InventoryFormat::Csv).files[0]).as_deref(), Some("4.0.1381.7097"));
    let wrong = |from: &str, to: &str| error(&PLAIN.replacen(from, to, 1), InventoryFormat::Csv);
    assert!(wrong("4.0.1381.7097", "4.00").starts_with("csv: line 2: version: expected four numbers or 'none'"));
    assert!(wrong("i386", "vax").starts_with("csv: line 2: machine: expected one of i386, alpha,"));
    assert!(wrong("2000-08-17T00:00:00Z", "17.8.2000").starts_with("csv: line 2: modified: expected a time as"));
    assert!(
        wrong("2000-08-17T00:00:00Z", "964440000000").contains("modified: expected seconds since 1970, up to 2106")
    );
    assert!(wrong("964440000", "-1").starts_with("csv: line 2: linked: expected a time from 1970"));
}

/// Issue 17, point 5: an Alpha driver in a list without machines must not become "missing".
#[test]
fn a_plain_list_without_machines_leaves_them_open() {
    use ArticleStatus::{Missing, NotApplicable, Unknown};
    let row = |file: &str| vec![row_for(file, "4.0.1381.7097", "Intel")];
    assert_eq!(judged(PLAIN, row("mouclass.sys"), None), (Unknown, vec!["machine-not-told"]));
    assert_eq!(judged(PLAIN, row("mouclass.sys"), Some(Machine::I386)).0, Missing);
    assert_eq!(judged(PLAIN, row("alpha.sys"), None), (NotApplicable, vec!["other-machine"]));
    assert_eq!(judged(PLAIN, row("bare.dll"), None), (Unknown, vec!["version-not-told"]));
    assert_eq!(judged(PLAIN, row("none.dll"), Some(Machine::I386)).0, Unknown);
}

/// Issue 16, point 4: a blank at the end of a file's name makes it another name, in a list as in a tree.
#[test]
fn a_blank_at_the_end_of_a_name_is_part_of_it() {
    let row = || vec![row_for("tapisrv.exe", "4.0.1381.7097", "Intel")];
    assert_eq!(judged(PLAIN, row(), None).0, ArticleStatus::Fixed);
    for blank in [" ", "\u{a0}"] {
        let other = PLAIN.replace("tapisrv.exe,", &format!("tapisrv.exe{blank},"));
        assert_eq!(judged(&other, row(), None), (ArticleStatus::NotApplicable, vec!["file-absent"]));
    }
}

/// Names of columns in common spellings, a path alone, and inputs that are not lists of files (issue 17).
#[test]
fn a_list_is_taken_as_people_write_it_or_refused_with_what_to_do() {
    let written = "Path,Version String,Product-Version,Machine\nC:\\WINNT\\a.dll,4.00,4.0.1381.1,i386\n";
    let own = "path,version_string,product_version,machine\nC:\\WINNT\\a.dll,4.00,4.0.1381.1,i386\n";
    let read = |text: &str| format!("{:?}", import::read(text.as_bytes(), Some(InventoryFormat::Csv)).unwrap());
    assert!(import::read(written.as_bytes(), None).is_ok());
    assert_eq!(read(written), read(own));
    assert!(read("path\nC:\\WINNT\\a.dll\n").contains("a.dll"));
    let refused = |text: &str| import::read(text.as_bytes(), None).unwrap_err().to_string();
    assert!(refused("[01]: KB976902\n").contains("give it with --hotfixes"));
    assert!(refused("C:\\WINNT\\a.dll|4.0.1381.1\n").contains("a CSV whose first line names its columns"));
}

/// Of two rows that contradict each other the last one silently counted: two lists put together fixed an old file
/// (issue 17).
#[test]
fn what_rows_say_of_one_path_must_agree() {
    let row = |version: &str, path: &str| format!("{path},{version},i386\n");
    let list = |rows: &[String]| format!("path,version,machine\n{}", rows.concat());
    let path = "C:\\WINNT\\System32\\tapisrv.exe";
    let wanted = || vec![row_for("tapisrv.exe", "4.0.1381.7097", "Intel")];
    let (old, new) = (row("4.0.1381.7000", path), row("4.0.1381.9999", path));
    assert_eq!(judged(&list(&[old.clone(), old.clone()]), wanted(), None).0, ArticleStatus::Missing);
    for rows in [[old.clone(), new.clone()], [new, old.clone()]] {
        let said = read(&list(&rows), InventoryFormat::Csv).files[0].binary.as_ref().unwrap_err().to_string();
        assert_eq!(said, "unreadable: rows of the list contradict each other about it");
    }
    // A path with `..`, and one in its own quotation marks, are that path.
    for other in ["C:\\WINNT\\System32\\..\\.\\System32\\tapisrv.exe", "\"\"\"C:\\WINNT\\System32\\tapisrv.exe\"\"\""] {
        let snapshot = read(&list(&[row("4.0.1381.7000", other)]), InventoryFormat::Csv);
        assert_eq!(snapshot.files[0].path.file_name(), Some("tapisrv.exe"), "{other}");
        assert_eq!(judged(&list(&[row("4.0.1381.7000", other)]), wanted(), None).0, ArticleStatus::Missing, "{other}");
    }
    let piped = "path|version\nC:\\WINNT\\System32\\tapisrv.exe|4.0.1381.7000\n";
    assert_eq!(fixed(&read(piped, InventoryFormat::Csv).files[0]).as_deref(), Some("4.0.1381.7000"));
    assert_eq!(import::read(b"path\nC:\\a.dll\n", None).unwrap().files.len(), 1);
}

/// An equal version is not proof if nothing else is known: idq.dll of Q300972 was corrected without a new one (issue
/// 17).
#[test]
fn an_equal_version_alone_is_likely() {
    let wanted = |size| {
        let row = row_for("tapisrv.exe", "4.0.1381.7097", "Intel");
        vec![hotfixcheck_articles::Fix { size, ..row }]
    };
    let list =
        |size: &str| format!("path,version,machine,size\nC:\\WINNT\\System32\\tapisrv.exe,4.0.1381.7097,i386,{size}\n");
    let reason = |size: &str, of| judged(&list(size), wanted(of), None);
    assert_eq!(reason("", Some(7)), (ArticleStatus::LikelyFixed, vec!["version-equal-alone"]));
    assert_eq!(reason("7", Some(7)).0, ArticleStatus::Fixed);
    assert_eq!(reason("", None).0, ArticleStatus::Fixed);
}

/// Issue 16: `find .` writes its paths with `./`; they are those of the system's own folder, not of a copy.
#[test]
fn a_path_of_a_list_may_have_dots_for_its_own_folder() {
    for path in [r"./WINNT/System32/abc.dll", r".\WINNT\System32\abc.dll", r"C:\WINNT\System32\.\abc.dll"] {
        let list = format!("path,version\n{path},4.0.1381.7097\n");
        let file = &read(&list, InventoryFormat::Csv).files[0];
        assert_eq!((file.path.to_string().as_str(), file.copy), ("WINNT/System32/abc.dll", None), "{path}");
    }
}
