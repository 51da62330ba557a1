//! Lists of forensic tools: Velociraptor, MFTECmd (issue 17).

use super::inventory_import::{error, info};
use hotfixcheck::Machine;
use hotfixcheck::inventory::Unread;
use hotfixcheck::inventory::import::{self, InventoryFormat};

/// Velociraptor's rows, by the columns that its artifacts state: as CSV, as JSON lines, and with the name of the path
/// column in older versions (issue 17).
#[test]
fn rows_of_velociraptor_have_the_texts_of_versions() {
    let texts = r#"{"CompanyName":"Microsoft Corporation","FileVersion":"5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)","OriginalFilename":"TAPISRV.EXE"}"#;
    let quoted = texts.replace('"', "\"\"");
    let path = r"C:\WINDOWS\System32\tapisrv.exe";
    let header = "Name,Size,VersionInformation,Hash,Mtime,Atime,Ctime,Btime";
    let csv =
        |name: &str| format!("{name},{header}\n{path},tapisrv.exe,2048,\"{quoted}\",{{}},2004-08-04T12:00:00Z,,,\n");
    let escaped = path.replace('\\', r"\\");
    let json = format!(
        r#"{{"OSPath":"{escaped}","Size":2048,"Timestamps":{{"Mtime":"2004-08-04T12:00:00Z"}},"PE":{{"FileHeader":{{"Machine":"IMAGE_FILE_MACHINE_I386","TimeDateStampRaw":978307200}},"VersionInformation":{texts}}}}}
{{"OSPath":"C:\\WINDOWS","IsDir":true,"VersionInformation":null}}
"#
    );
    for text in [csv("OSPath"), csv("FullPath"), json] {
        let snapshot = import::read(text.as_bytes(), None).unwrap();
        let [file] = snapshot.files.as_slice() else { panic!("{text}: {:?}", snapshot.files) };
        assert_eq!((file.size, file.modified), (Some(2048), Some(1_091_620_800)), "{text}");
        let told = info(file);
        assert_eq!(told.file_version_string(), Some("5.1.2600.2180 (xpsp_sp2_rtm.040803-2158)"), "{text}");
        assert!(told.fixed_file.is_none() && file.unstated.fixed, "{text}");
        let binary = file.binary.as_ref().unwrap();
        let with_header = text.contains("FileHeader");
        assert_eq!(
            (binary.machine, binary.time_stamp),
            if with_header { (Some(Machine::I386), Some(978_307_200)) } else { (None, None) }
        );
    }
    let finder = format!(
        "OSPath,Inode,Mode,Size,MTime,ATime,CTime,BTime,Keywords,IsDir,Upload,Hash,Data\n{path},,-rw,5,2001-01-01T00:00:00Z,,,,,false,,,\n"
    );
    assert_eq!(import::read(finder.as_bytes(), None).unwrap().files[0].binary, Err(Unread::NotTold));
    assert_eq!(
        error(&csv("OSPath").replace("2048", "much"), InventoryFormat::Velociraptor),
        "Velociraptor: line 2: Size: expected a size, found 'much'"
    );
}

/// MFTECmd's list of a file table, as KAPE runs it: the existing files, without a version; Amcache is not a list of
/// files (issue 17).
#[test]
fn the_list_of_a_file_table_has_what_is_in_use() {
    let header = "EntryNumber,InUse,ParentPath,FileName,Extension,FileSize,IsDirectory,IsAds,NameType,LastModified0x10";
    let row = |in_use: &str, name: &str, folder: &str, stream: &str, kind: &str| {
        format!("5,{in_use},.\\WINNT\\System32,{name},.exe,2048,{folder},{stream},{kind},2001-01-01 00:00:00.0000000\n")
    };
    let text = [
        format!("\u{feff}{header}\n"),
        row("True", "tapisrv.exe", "False", "False", "Windows"),
        row("False", "gone.exe", "False", "False", "Windows"),
        row("True", "drivers", "True", "False", "Windows"),
        row("True", "tapisrv.exe:x", "False", "True", "Windows"),
        row("True", "TAPISR~1.EXE", "False", "False", "Dos"),
    ];
    let snapshot = import::read(text.concat().as_bytes(), None).unwrap();
    let seen: Vec<_> = snapshot.files.iter().map(|file| (file.path.to_string(), file.size, file.modified)).collect();
    assert_eq!(seen, [("WINNT/System32/tapisrv.exe".to_owned(), Some(2048), Some(978_307_200))]);
    assert_eq!(snapshot.files[0].binary, Err(Unread::NotTold));
    let short = "FullPath,Extension,IsDirectory,FileSize,Created0x10,LastModified0x10\n.\\WINNT\\a.dll,.dll,False,7,,2001-01-01 00:00:00\n";
    assert_eq!(import::read(short.as_bytes(), None).unwrap().files[0].path.to_string(), "WINNT/a.dll");
    let amcache =
        "ApplicationName,FileKeyLastWriteTimestamp,FullPath,LongPathHash,BinFileVersion\nx,,c:\\a.dll,y,1.2.3.4\n";
    assert!(import::read(amcache.as_bytes(), None).unwrap_err().to_string().contains("Amcache remembers"));
}
