//! Lists of other tools: their contents become facts, missing facts stay unknown, damage is reported.

use crate::support::kit::{article, codes, knowledge};
use hotfixcheck::assess::{self, ArticleStatus, Policy};
use hotfixcheck::catalog::Catalog;
use hotfixcheck::inventory::import::{self, InventoryFormat};
use hotfixcheck::inventory::snapshot::{self, FileRecord};
use hotfixcheck::inventory::{CopyKind, Document, MachineClass, Snapshot, Unread};
use hotfixcheck::{FileVersion, Machine};
use hotfixcheck_winfiles::binary::{Format as BinaryFormat, VersionInfo, VersionOutcome};

/// Reads a list, by its contents and by its format's name alike.
pub(super) fn read(text: &str, format: InventoryFormat) -> Snapshot {
    let sniffed = import::read(text.as_bytes(), None).unwrap();
    assert_eq!(sniffed, import::read(text.as_bytes(), Some(format)).unwrap());
    let written = snapshot::write(&sniffed).unwrap();
    assert_eq!(snapshot::read(&written).unwrap(), sniffed);
    sniffed
}

pub(super) fn error(text: &str, format: InventoryFormat) -> String {
    import::read(text.as_bytes(), Some(format)).unwrap_err().to_string()
}

pub(super) fn info(file: &FileRecord) -> &VersionInfo {
    match &file.binary.as_ref().unwrap().version {
        VersionOutcome::Found(info) => info,
        other => panic!("{}: {other:?}", file.path),
    }
}

pub(super) fn fixed(file: &FileRecord) -> Option<String> {
    info(file).fixed_file.as_ref().map(FileVersion::to_string)
}

fn places(snapshot: &Snapshot) -> Vec<String> {
    snapshot.files.iter().map(|file| format!("{}|{}", snapshot.roots[file.root].display(), file.path)).collect()
}

pub(crate) const SIGCHECK: &str = "\
Path,Verified,Date,Publisher,Company,Description,Product,Product Version,File Version,Machine Type\r
\"c:\\winnt\\system32\\tapisrv.exe\",Unsigned,\"1:30 PM 8/16/2000\",n/a,\"Microsoft Corporation\",\"TAPI, Server\",\"Microsoft(R) Windows NT(TM)\",4.00,4.00,32-bit\r
\"c:\\winnt\\system32\\user.exe\",Unsigned,n/a,n/a,Microsoft,x,y,3.10,3.10,16-bit\r
\"d:\\winnt\\system32\\dllcache\\a.dll\",Signed,n/a,n/a,Microsoft,x,y,n/a,\"5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)\",64-bit\r
\"c:\\winnt\\notes.txt\",Unsigned,n/a,n/a,n/a,n/a,n/a,n/a,n/a,n/a\r
";

#[test]
fn sigcheck_tells_strings_and_the_width_of_the_machine() {
    let snapshot = read(SIGCHECK, InventoryFormat::Sigcheck);
    assert_eq!(
        places(&snapshot),
        [
            r"C:\|winnt/notes.txt",
            r"C:\|winnt/system32/tapisrv.exe",
            r"C:\|winnt/system32/user.exe",
            r"D:\|winnt/system32/dllcache/a.dll",
        ]
    );
    let [notes, tapisrv, user, a] = snapshot.files.as_slice() else { panic!() };
    assert_eq!(notes.binary, Err(Unread::NotTold));
    assert_eq!((fixed(tapisrv), info(tapisrv).file_version_string()), (None, Some("4.00")));
    assert_eq!(info(tapisrv).tables[0].product_name.as_deref(), Some("Microsoft(R) Windows NT(TM)"));
    assert_eq!((tapisrv.unstated.machine, tapisrv.unstated.language), (Some(MachineClass::Bits32), true));
    assert_eq!((tapisrv.size, tapisrv.modified), (None, None));
    let binary = user.binary.as_ref().unwrap();
    assert_eq!((binary.machine, binary.format, user.unstated.machine), (Some(Machine::I386), BinaryFormat::Ne, None));
    assert_eq!((a.unstated.machine, a.copy), (Some(MachineClass::Bits64), Some(CopyKind::DllCache)));
}

#[test]
fn sigcheck_in_tabs_behind_a_banner_and_with_the_binary_version() {
    let text = "\nSigcheck v2.90 - File version and signature viewer\nCopyright (C) 2004-2022\n\n\
        Path\tVerified\tDate\tPublisher\tCompany\tDescription\tProduct\tProduct Version\tFile Version\tMachine Type\t\
        Binary Version\tOriginal Name\tInternal Name\n\
        \\\\host\\c$\\WINNT\\a.dll\tUnsigned\tn/a\tn/a\tC\tD\tP\t4.00\t4.00\t32-bit\t4.0.1381.7097\tA.DLL\ta\n";
    let snapshot = read(text, InventoryFormat::Sigcheck);
    assert_eq!(places(&snapshot), [r"\\host\c$|WINNT/a.dll"]);
    assert_eq!(fixed(&snapshot.files[0]).as_deref(), Some("4.0.1381.7097"));
    assert_eq!(info(&snapshot.files[0]).tables[0].original_filename.as_deref(), Some("A.DLL"));
}

#[test]
fn every_encoding_of_windows_tools_is_read() {
    let utf16 = |mark: bool, little: bool| {
        let units = mark.then_some('\u{feff}').into_iter().chain(SIGCHECK.chars()).map(|c| c as u16);
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect::<Vec<u8>>()
    };
    let expected = read(SIGCHECK, InventoryFormat::Sigcheck);
    let marked = [b"\xef\xbb\xbf", SIGCHECK.as_bytes()].concat();
    for bytes in [utf16(true, true), utf16(true, false), utf16(false, true), utf16(false, false), marked] {
        assert_eq!(import::read(&bytes, None).unwrap(), expected);
    }
    let ansi = [&b"C:\\\xfc.dll"[..], b""].concat();
    let listing = [b"--a-- W32i DLL DEU 1.2.3.4 shp 1 01-02-2000 ".as_slice(), &ansi[3..], b"\r\n"].concat();
    let snapshot = import::read(&listing, None).unwrap();
    assert_eq!(places(&snapshot), [".|\u{fc}.dll"]);
}

pub(crate) const OSQUERY: &str = r#"[
  {"directory":"C:\\Windows\\System32","file_version":"5.2.3790.3959","filename":"tapisrv.dll","mtime":"1171670400","original_filename":"TAPISRV.DLL","path":"C:\\Windows\\System32\\tapisrv.dll","product_version":"5.2.3790.3959","size":"249856","type":"regular"},
  {"path":"C:\\Windows\\System32","type":"directory","size":"0","file_version":"","product_version":""},
  {"path":"C:\\Windows\\System32\\plain.dll","type":"regular","size":"3","mtime":"1","file_version":"","product_version":""},
  {"path":"C:\\Windows\\System32\\old.dll","size":12,"mtime":1171670400}
]"#;

#[test]
fn osquery_tells_fixed_versions_sizes_and_times() {
    let snapshot = read(OSQUERY, InventoryFormat::Osquery);
    let [old, plain, tapisrv] = snapshot.files.as_slice() else { panic!("{:?}", places(&snapshot)) };
    assert_eq!(
        (fixed(tapisrv).as_deref(), tapisrv.size, tapisrv.modified),
        (Some("5.2.3790.3959"), Some(249_856), Some(1_171_670_400))
    );
    assert_eq!(tapisrv.unstated.machine, Some(MachineClass::Any));
    assert!(matches!(&plain.binary.as_ref().unwrap().version, VersionOutcome::Absent));
    assert_eq!((&old.binary, old.size), (&Err(Unread::NotTold), Some(12)));
    // The log of the daemon: one snapshot per line, or one row per line.
    let log =
        format!(r#"{{"name":"q","hostIdentifier":"h","snapshot":{OSQUERY},"action":"snapshot"}}"#).replace('\n', "");
    assert_eq!(read(&log, InventoryFormat::Osquery), snapshot);
    let rows: Vec<serde_json::Value> = serde_json::from_str(OSQUERY).unwrap();
    let lines: Vec<String> =
        rows.iter().map(|row| format!(r#"{{"action":"added","columns":{row},"unixTime":1}}"#)).collect();
    assert_eq!(read(&lines.join("\n"), InventoryFormat::Osquery), snapshot);
}

#[test]
fn logs_of_osqueryd_tell_what_came_and_went() {
    let old =
        r#"{"path":"C:\\a.dll","size":"1","mtime":"1","file_version":"5.1.2600.1","product_version":"5.1.2600.1"}"#;
    let (new, gone) = (old.replace("2600.1", "2600.2180"), old.replace("a.dll", "b.dll"));
    let line = |action: &str, row: &str| format!(r#"{{"action":"{action}","columns":{row}}}"#);
    let both = |removed: &str, added: &str| {
        let name = r#""name":"files","counter":7"#;
        format!(r#"{{"diffResults":{{"removed":{removed},"added":{added}}},{name}}}"#)
    };
    let first = [line("added", old), line("added", &gone)];
    for log in [
        [line("removed", old), line("added", &new), line("removed", &gone)],
        [line("added", &new), line("removed", old), line("removed", &gone)],
        [both(&format!("[{old},{gone}]"), &format!("[{new}]")), both(r#""""#, "[]"), both("[]", r#""""#)],
    ] {
        let text = [&first[..], &log[..]].concat().join("\n");
        let snapshot = import::read(text.as_bytes(), Some(InventoryFormat::Osquery)).unwrap();
        assert_eq!(places(&snapshot), [r"C:\|a.dll"], "{text}");
        assert_eq!(fixed(&snapshot.files[0]).as_deref(), Some("5.1.2600.2180"), "{text}");
    }
    let said = error(&both("7", "[]"), InventoryFormat::Osquery);
    assert!(said.starts_with("osquery: row 1: removed: expected a list of objects"), "{said}");
}

/// The output of Windows PowerShell 5.1: dates in milliseconds, versions as objects.
pub(crate) const POWERSHELL_5: &str = r#"[
    {
        "FullName":  "C:\\WINNT\\System32\\tapisrv.exe",
        "Length":  127760,
        "LastWriteTimeUtc":  "\/Date(966470400000)\/",
        "VersionInfo":  {
            "FileVersionRaw":  {"Major":4,"Minor":0,"Build":1381,"Revision":7097,"MajorRevision":0,"MinorRevision":7097},
            "ProductVersionRaw":  {"Major":4,"Minor":0,"Build":1381,"Revision":7097,"MajorRevision":0,"MinorRevision":7097},
            "CompanyName":  "Microsoft Corporation",
            "FileBuildPart":  1381, "FileMajorPart":  4, "FileMinorPart":  0, "FilePrivatePart":  7097,
            "FileName":  "C:\\WINNT\\System32\\tapisrv.exe",
            "FileVersion":  "4.00",
            "Language":  "English (United States)",
            "OriginalFilename":  "TAPISRV.EXE",
            "ProductName":  null,
            "ProductVersion":  "4.00"
        }
    },
    {
        "FullName":  "C:\\WINNT\\System32\\none.dll",
        "Length":  5,
        "LastWriteTimeUtc":  {"value":"\/Date(966470400999+0200)\/","DateTime":"Thursday, August 17, 2000 12:00:00 AM"},
        "VersionInfo":  {"FileVersionRaw": {"Major":0,"Minor":0,"Build":0,"Revision":0}, "FileVersion": null, "FileMajorPart": 0}
    }
]"#;

/// The output of PowerShell 7: dates in ISO 8601, nested values as text.
pub(crate) const POWERSHELL_7: &str = r#"{"FullName":"C:\\WINNT\\System32\\tapisrv.exe","Length":127760,"LastWriteTimeUtc":"2000-08-17T00:00:00Z","VersionInfo":{"FileVersionRaw":"4.0.1381.7097","ProductVersionRaw":"4.0.1381.7097","CompanyName":"Microsoft Corporation","FileName":"C:\\WINNT\\System32\\tapisrv.exe","FileVersion":"4.00","Language":"English (United States)","OriginalFilename":"TAPISRV.EXE","ProductVersion":"4.00"}}"#;

#[test]
fn both_powershells_tell_both_versions_and_times_in_utc() {
    let five = read(POWERSHELL_5, InventoryFormat::PowerShell);
    let [none, tapisrv] = five.files.as_slice() else { panic!("{:?}", places(&five)) };
    assert_eq!((fixed(tapisrv).as_deref(), info(tapisrv).file_version_string()), (Some("4.0.1381.7097"), Some("4.00")));
    assert_eq!((tapisrv.size, tapisrv.modified), (Some(127_760), Some(966_470_400)));
    assert_eq!((info(tapisrv).tables[0].key.as_str(), tapisrv.unstated.language), ("0009", false));
    assert_eq!((none.modified, &none.binary.as_ref().unwrap().version), (Some(966_470_400), &VersionOutcome::Absent));
    let seven = read(POWERSHELL_7, InventoryFormat::PowerShell);
    assert_eq!(seven.files[0], *tapisrv);
    let wrapped = format!(r#"{{"value":{POWERSHELL_5},"Count":2}}"#);
    assert_eq!(read(&wrapped, InventoryFormat::PowerShell), five);
    // FileVersionInfo alone, and properties selected by name.
    let alone = r#"[{"FileVersionRaw":{"Major":4,"Minor":0,"Build":1381,"Revision":7097},"FileName":"C:\\a.dll","FileVersion":"4.00"},
        {"FullName":"C:\\b.dll","Length":1,"FileMajorPart":5,"FileMinorPart":1,"FileBuildPart":2600,"FilePrivatePart":2180}]"#;
    let alone = read(alone, InventoryFormat::PowerShell);
    assert_eq!(
        alone.files.iter().map(fixed).collect::<Vec<_>>(),
        [Some("4.0.1381.7097".into()), Some("5.1.2600.2180".into())]
    );
    assert_eq!(alone.files[0].size, None);
}

#[test]
fn powershell_in_csv_has_version_info_as_text_or_in_columns() {
    let text = "#TYPE Selected.System.IO.FileInfo\r\n\
        \"FullName\",\"Length\",\"LastWriteTimeUtc\",\"VersionInfo\"\r\n\
        \"C:\\WINNT\\System32\\tapisrv.exe\",\"127760\",\"8/17/2000 12:00:00 AM\",\"File:             C:\\WINNT\\System32\\tapisrv.exe\r\n\
        InternalName:     tapisrv\r\nOriginalFilename: TAPISRV.EXE\r\nFileVersion:      4.00\r\nFileDescription:  TAPI: server\r\n\
        Product:          Microsoft(R) Windows NT(TM)\r\nProductVersion:   4.00\r\nDebug:            False\r\n\
        Language:         Deutsch (Deutschland)\r\n\"\r\n";
    let snapshot = read(text, InventoryFormat::PowerShell);
    let file = &snapshot.files[0];
    // The format of the date depends on the culture; the name of a language in another language is not known.
    assert_eq!((file.size, file.modified, file.unstated.language), (Some(127_760), None, true));
    assert_eq!((fixed(file), info(file).file_version_string()), (None, Some("4.00")));
    let text = "\"FileVersionRaw\";\"FileVersion\";\"FileName\";\"Length\";\"LastWriteTimeUtc\"\n\
        \"4.0.1381.7097\";\"4.00\";\"C:\\a.dll\";\"12\";\"2000-08-17T00:00:00.5Z\"\n\
        \"0.0.0.0\";\"\";\"C:\\b.dll\";\"12\";\"\"\n";
    let snapshot = read(text, InventoryFormat::PowerShell);
    assert_eq!(
        (fixed(&snapshot.files[0]).as_deref(), snapshot.files[0].modified),
        (Some("4.0.1381.7097"), Some(966_470_400))
    );
    assert_eq!(snapshot.files[1].binary.as_ref().unwrap().version, VersionOutcome::Absent);
}

#[test]
fn filever_tells_the_fixed_version_the_machine_and_with_v_the_strings() {
    let text = "C:\\>filever /v tapisrv.exe\r\n\
        --a-- W32i   DLL ENU     11.3.372.94 shp 10,648,920 07-19-2012 flash.ocx\r\n\
        \tLanguage\t0x0409 (English (United States))\r\n\
        \tCharSet\t\t0x04b0 Unicode\r\n\
        \tOriginalFilenam Flash.ocx\r\n\
        \tFileVersion     11,3,372,94\r\n\
        \r\n\
        \tVS_FIXEDFILEINFO:\r\n\
        \tSignature:      feef04bd\r\n\
        -ra-- W32a   APP DEU  4.0.1381.32772 shp    184,080 06-16-1998 apimon.exe\r\n\
        --a-- W16    DRV  -      3.10.0.103 shp      1,234 06-16-1998 old.drv\r\n\
        --a--     -    -   -               -           512 06-16-1998 read me.txt\r\n\
        C:\\WINNT\\System32\\*.dll\r\n\
        --a-- W32    DLL ENU       5.0.0.642 dbg     49,424 10-21-1999 mqclus.dll\r\n";
    let snapshot = read(text, InventoryFormat::Filever);
    let by = |name: &str| snapshot.files.iter().find(|file| file.path.file_name() == Some(name)).unwrap();
    let flash = by("flash.ocx");
    assert_eq!((fixed(flash).as_deref(), flash.size, flash.modified), (Some("11.3.372.94"), Some(10_648_920), None));
    assert_eq!(info(flash).file_version_string(), Some("11,3,372,94"));
    assert_eq!((info(flash).tables[0].key.as_str(), flash.unstated.language), ("0409", false));
    assert_eq!(info(flash).tables[0].original_filename.as_deref(), Some("Flash.ocx"));
    let apimon = by("apimon.exe");
    assert_eq!(apimon.binary.as_ref().unwrap().machine, Some(Machine::Alpha));
    assert_eq!(info(apimon).tables[0].key, "0007");
    assert_eq!(by("old.drv").binary.as_ref().unwrap().format, BinaryFormat::Ne);
    assert!(by("old.drv").unstated.language);
    assert_eq!((&by("read me.txt").binary, by("read me.txt").size), (&Err(Unread::NotTold), Some(512)));
    assert_eq!(by("mqclus.dll").unstated.machine, Some(MachineClass::Bits32));
    assert!(places(&snapshot).contains(&r"C:\|WINNT/System32/mqclus.dll".to_owned()));
}

#[test]
fn broken_lists_are_named_with_their_line_or_row() {
    let cut = SIGCHECK.replace("3.10,3.10,16-bit", "3.10,16-bit");
    let cases = [
        (InventoryFormat::Sigcheck, cut.as_str(), "sigcheck: line 3: 9 fields, the header has 10"),
        (InventoryFormat::Sigcheck, "Path,Verified,Date\n", "sigcheck: line 1: there is no column 'File Version'"),
        (
            InventoryFormat::Sigcheck,
            "nothing\nat all\n",
            "sigcheck: line 1: expected the line with the names of the columns",
        ),
        (
            InventoryFormat::Osquery,
            r#"[{"path":"C:\\a","size":"many"}]"#,
            "osquery: row 1: size: expected a whole number",
        ),
        (InventoryFormat::Osquery, r#"[{"path":"C:\\a"},{"size":"1"}]"#, "osquery: row 2: there is no 'path'"),
        (
            InventoryFormat::Osquery,
            r#"[{"path":"C:\\a","file_version":"x"}]"#,
            "osquery: row 1: file_version: expected four",
        ),
        (InventoryFormat::Osquery, "[{\"path\":\"a\"},\n{", "osquery: line 2: EOF"),
        (InventoryFormat::Osquery, "[1]", "osquery: row 1: expected an object, found 1"),
        (
            InventoryFormat::PowerShell,
            r#"[{"Length":1,"FileVersion":"1"}]"#,
            "PowerShell: row 1: there is no 'FullName'",
        ),
        (
            InventoryFormat::PowerShell,
            r#"{"FullName":"a","FileVersionRaw":7}"#,
            "PowerShell: row 1: FileVersionRaw: expected",
        ),
        (
            InventoryFormat::PowerShell,
            "FullName,FileVersion,Length\nC:\\a,1,x\n",
            "PowerShell: line 2: Length: expected a size",
        ),
        (
            InventoryFormat::Filever,
            "--a-- W32i DLL ENU 1.2.3 shp 1 01-02-2000 a.dll",
            "filever: line 1: expected a version of four",
        ),
        (InventoryFormat::Filever, "\nhello\n", "filever: line 2: expected attributes"),
        (InventoryFormat::Filever, "    FileVersion 1\n", "filever: line 1: expected the line of a file"),
        (InventoryFormat::Snapshot, "{}", "missing field"),
    ];
    for (format, text, expected) in cases {
        let said = error(text, format);
        assert!(said.starts_with(expected), "{said}");
    }
    for text in ["", "hello", "{}", "[]", "[1", "PATH"] {
        let said = import::read(text.as_bytes(), None).unwrap_err().to_string();
        assert!(said.contains("cannot detect the inventory format"), "{said}");
    }
}

/// Status and reasons of an article with these rows, judged by a list.
pub(super) fn judged(
    list: &str,
    fixes: Vec<hotfixcheck_articles::Fix>,
    machine: Option<Machine>,
) -> (ArticleStatus, Vec<&'static str>) {
    let mut snapshot = import::read(list.as_bytes(), None).unwrap();
    if let Some(machine) = machine {
        snapshot.assume_machine(machine);
    }
    let catalog: Catalog = [article("Q310626", fixes)].into_iter().collect();
    let assessment = assess::assess(&catalog, &snapshot.select(|_| true), knowledge(), &Policy::default());
    let verdict = &assessment.articles[0];
    let unstated = codes(verdict).iter().any(|code| code.ends_with("-not-told"));
    assert_eq!((assessment.incomplete, assessment.unstated > 0), (unstated, unstated));
    (verdict.status, codes(verdict))
}

/// Issue 16, point 4: in lists of a disk that was mounted elsewhere, the user's option or the only Windows gives the
/// root.
#[test]
fn the_folder_above_the_only_windows_of_a_list_is_its_root() {
    let list = |paths: &[&str]| {
        let row = |path: &&str| format!("{path:?},Unsigned,n/a,n/a,n/a,n/a,n/a,1.2.3.4,32-bit");
        let rows: Vec<String> = paths.iter().map(row).collect();
        format!(
            "Path,Verified,Date,Publisher,Company,Description,Product,File Version,Machine Type\n{}\n",
            rows.join("\n").replace(r"\\", r"\")
        )
    };
    let read = |paths: &[&str], root: Option<&str>| {
        let snapshot = below(&list(paths), root).map_err(|error| error.to_string())?;
        let roots = snapshot.roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>();
        let files = snapshot.files.iter().map(|file| (file.path.to_string(), file.copy.is_some()));
        Ok::<_, String>((roots, files.collect::<Vec<_>>(), snapshot.warnings.len(), snapshot.files_seen))
    };
    let file = |path: &str, is_copy: bool| (path.to_owned(), is_copy);
    let (one, two) = (r"E:\Temp\17\WINNT\System32\a.dll", r"e:\temp\17\WINNT\System32\dllcache\a.dll");
    let both = vec![file("WINNT/System32/a.dll", false), file("WINNT/System32/dllcache/a.dll", true)];
    assert_eq!(read(&[one, two], None), Ok((vec![r"E:\Temp\17".to_owned()], both.clone(), 0, 2)));
    // Given by the user, in any case and with either slash; other files are left out, with a warning.
    for root in [r"E:\Temp\17", r"e:/temp/17/", r"E:\TEMP\17\"] {
        let other = r"E:\Temp\18\WINNT\System32\a.dll";
        assert_eq!(read(&[one, other, two], Some(root)), Ok((vec![root.to_owned()], both.clone(), 1, 2)), "{root}");
    }
    assert!(read(&[one], Some(r"D:\Temp\17")).unwrap_err().contains("no file of the list lies below"));
    assert!(read(&[one], Some(r"E:\Temp\1")).unwrap_err().contains(one));
    // Two systems, or files elsewhere: the root is the drive.
    for more in [r"E:\Temp\18\WINNT\System32\a.dll", r"E:\tools\a.dll"] {
        assert_eq!(read(&[one, more], None).unwrap().0, [r"E:\"]);
    }
    let unix = read(&["/mnt/c/WINDOWS/system32/a.dll", "/mnt/c/Program Files/x/b.dll"], None).unwrap();
    assert_eq!(unix.0, ["/mnt/c"]);
    assert_eq!(
        read(&["/mnt/c/WINDOWS/system32/a.dll"], Some("/mnt")).unwrap().1,
        [file("c/WINDOWS/system32/a.dll", false)]
    );
    let snapshot = format!("{{\"schema\": \"{}\"}}", hotfixcheck::inventory::snapshot::SCHEMA);
    let error = below(&snapshot, Some("C:")).unwrap_err().to_string();
    assert!(error.contains("contains its own roots"), "{error}");
}

/// The contents of a list below a folder.
fn below(list: &str, root: Option<&str>) -> Result<Snapshot, import::ImportError> {
    import::read_document(Document::Bytes(list.as_bytes()), import::Reading { root, ..import::Reading::default() })
}
