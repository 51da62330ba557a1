//! Lists as tools of real systems write them: strings of .mui files, folders that tell the processor, files that run from WinSxS, files of
//! other vendors (issue 13).

use crate::support::kit::*;
use hotfixcheck::assess::{ArticleStatus, Policy, Waiver, Waivers};
use hotfixcheck::inventory::import;
use hotfixcheck::inventory::{Entry, Snapshot};
use hotfixcheck::{Machine, assess};
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::{StringTable, VersionOutcome};
use jiff::civil::date;

/// The reasons for the rows of an article on a list, which may be read with an assumed processor.
fn on_list(fixes: Vec<Fix>, list: &str, machine: Option<Machine>, policy: &Policy) -> Vec<&'static str> {
    let mut snapshot: Snapshot = import::read(list.as_bytes(), None).unwrap();
    if let Some(machine) = machine {
        snapshot.assume_machine(machine);
    }
    let last_modified = Some(date(2010, 1, 1));
    let catalog = [Article { products: Vec::new(), last_modified, ..article("KB999001", fixes) }].into_iter().collect();
    let assessment = assess::assess(&catalog, &snapshot.select(|_| true), knowledge(), policy);
    codes(&assessment.articles[0])
}

#[test]
fn the_string_of_a_release_says_nothing_against_the_fixed_version() {
    let judged =
        |fixed: &str, string: &str, required: &str| code(row("abc.dll", required), tagged("abc.dll", fixed, string));
    let release = "6.1.7600.16385 (win7_rtm.090713-1255)";
    for (fixed, string, required, expected) in [
        ("6.1.7601.18100", release, "6.1.7601.18000", "version-newer"),
        ("6.1.7601.18100", release, "6.1.7601.18200", "version-older"),
        ("6.0.6002.18400", "6.0.6000.16386 (vista_rtm.061101-2205)", "6.0.6002.18300", "version-newer"),
        ("10.0.19041.3930", "10.0.19041.1 (WinBuild.160101.0800)", "10.0.19041.3800", "version-newer"),
        ("6.0.6000.16386", "6.0.6001.18000 (longhorn_rtm.080118-1840)", "6.0.6000.20000", "versions-disagree"),
        // Any other string that contradicts it counts.
        ("6.1.7601.18100", "6.1.7601.17900 (win7sp1_gdr.120830-0333)", "6.1.7601.18000", "versions-disagree"),
        ("5.1.2600.5900", "5.1.2600.5512 (xpsp.080413-2111)", "5.1.2600.5800", "versions-disagree"),
    ] {
        assert_eq!(judged(fixed, string, required), expected, "{fixed} {string}");
    }
}

/// Issue 13: the .mui file has the number of the update that last brought it, so on Windows Vista and later the fixed version decides
/// where the string is lower (Internet Explorer 11 on Windows 7).
#[test]
fn a_lower_string_says_nothing_on_a_windows_with_mui_files() {
    let judged = |line: &str, pack: &str, fixed: &str, string: &str, required: &str| {
        let list = format!("path,version,version_string\nC:\\Windows\\System32\\abc.dll,{fixed},{string}\n");
        on_list(vec![row("abc.dll", required)], &list, Some(Machine::I386), &on(line, pack))
    };
    let string = "11.00.9600.16428 (winblue_gdr.131013-1700)";
    let seven = "Windows 7 and Server 2008 R2";
    assert_eq!(judged(seven, "1", "11.0.9600.18500", string, "11.0.9600.18000"), ["version-newer"]);
    assert_eq!(judged(seven, "1", "11.0.9600.17500", string, "11.0.9600.18000"), ["version-older"]);
    assert_eq!(judged(seven, "1", "11.0.9600.17500", "11.0.9600.18500", "11.0.9600.18000"), ["versions-disagree"]);
    assert_eq!(judged("Windows XP", "3", "7.0.6000.21000", "7.0.6000.20000", "7.0.6000.20500"), ["versions-disagree"]);
}

#[test]
fn the_string_of_a_release_alone_is_not_the_version_of_the_file() {
    let list = |version: &str| {
        format!(
            "Path,Verified,Date,Publisher,Company,Description,Product,Product Version,File Version,Machine Type\r\n\
             \"c:\\windows\\system32\\abc.dll\",Signed,n/a,n/a,Microsoft,x,y,n/a,\"{version}\",64-bit\r\n"
        )
    };
    let policy = on("Windows 7 and Server 2008 R2", "1");
    let judged = |version: &str| {
        let fix = row("abc.dll", "6.1.7601.18000").with(|cells| cells.machine = Some(Machine::X64));
        on_list(vec![fix], &list(version), Some(Machine::X64), &policy)
    };
    assert_eq!(judged("6.1.7600.16385 (win7_rtm.090713-1255)"), ["version-not-told"]);
    assert_eq!(judged("6.1.7601.17514 (win7sp1_rtm.101119-1850)"), ["version-not-told"]);
    assert_eq!(judged("6.1.7601.17900 (win7sp1_gdr.120830-0333)"), ["version-older"]);
    assert_eq!(judged("6.1.7601.18100 (win7sp1_gdr.130828-1532)"), ["version-newer"]);
}

#[test]
fn the_folder_tells_the_processor_of_32_bit_files() {
    let list = "path,size,version\nC:\\Windows\\SysWOW64\\only32.dll,1000,5.2.3790.4000\nC:\\Windows\\System32\\only64.dll,1000,5.2.3790.4000\n";
    let policy = on("Windows Server 2003", "2");
    let rows = || {
        vec![
            wow(row("only32.dll", "5.2.3790.4500")),
            row("only64.dll", "5.2.3790.4500").with(|cells| cells.machine = Some(Machine::X64)),
        ]
    };
    assert_eq!(on_list(rows(), list, Some(Machine::X64), &policy), ["version-older", "version-older"]);
    // Without an assumed processor only System32 is open.
    assert_eq!(on_list(rows(), list, None, &policy), ["version-older", "machine-not-told"]);
}

/// gdiplus.dll and comctl32.dll 6.0 run from nowhere else (KB958869, KB2296011).
#[test]
fn the_newest_copy_of_a_shared_assembly_runs() {
    let folder = |version: &str, hash: &str| {
        format!("WINDOWS\\WinSxS\\x86_Microsoft.Windows.GdiPlus_6595b64144ccf1df_{version}_x-ww_{hash}\\gdiplus.dll")
    };
    let list = |files: &[(&str, &str)]| {
        let rows: Vec<String> =
            files.iter().map(|(path, version)| format!("C:\\{path},1000,{version},i386\n")).collect();
        format!("path,size,version,machine\n{}", rows.concat())
    };
    let policy = on("Windows XP", "3");
    let judged =
        |files: &[(&str, &str)]| on_list(vec![row("gdiplus.dll", "5.2.6001.22319")], &list(files), None, &policy);
    let (old, new) = (folder("1.0.2600.2180", "522f9f82"), folder("1.0.6001.22319", "f0b4c2df"));
    // GDI+ 5.1 and 5.2 are one line there (MS09-062).
    assert_eq!(judged(&[(&old, "5.1.3102.2180")]), ["version-older"]);
    assert_eq!(judged(&[(&old, "5.2.6001.22000")]), ["version-older"]);
    assert_eq!(
        judged(&[(&old, "5.2.6001.22000"), (&new, "5.2.6001.22319")]),
        ["version-equal"],
        "the older one is no more used"
    );
    let other = "WINDOWS\\WinSxS\\x86_microsoft-windows-gdi32_31bf3856ad364e35_6.0.6000.16386_none_1\\gdiplus.dll";
    assert_eq!(judged(&[(other, "5.2.6001.22000")]), ["inactive-copies-only"], "what servicing keeps");
}

#[test]
fn a_file_in_the_folder_of_its_own_vendor_is_not_microsoft_s() {
    let of = |company: &str, path: &str| -> Entry {
        let mut entry = file(path, "1.0.0.1");
        let VersionOutcome::Found(info) = &mut entry.binary.as_mut().unwrap().version else { unreachable!() };
        info.tables =
            vec![StringTable { key: "040904B0".into(), company_name: Some(company.into()), ..StringTable::default() }];
        entry
    };
    for (company, path, expected) in [
        ("Contoso Ltd.", "Program Files/Contoso/common.dll", "other-product"),
        ("Contoso Ltd.", "Program Files/Lamps by contoso/bin/common.dll", "other-product"),
        ("Contoso Ltd.", "Program Files/Other/common.dll", "version-older"),
        ("Contoso Ltd.", "WINDOWS/contoso/common.dll", "version-older"),
        ("Contoso Ltd.", "Program Files/Microsoft Office/Contoso/common.dll", "version-older"),
        ("Microsoft Corporation", "Program Files/Microsoft Office/common.dll", "version-older"),
        ("Корпорация Майкрософт", "Program Files/Корпорация/common.dll", "version-older"),
        ("", "Program Files/Contoso/common.dll", "version-older"),
    ] {
        assert_eq!(code(row("common.dll", "1.0.0.2"), of(company, path)), expected, "{company} {path}");
    }
}

/// Tables under "all supported x64 editions of Windows XP" name 32-bit files that run there, too (MS10-062).
#[test]
fn a_row_for_x64_with_the_size_of_the_32_bit_file_is_for_that() {
    let under = |machine: Machine, section: &str, size: u64| {
        Fix { size: Some(size), ..row("mp4sds32.ax", "8.0.0.406") }.with(|cells| {
            cells.machine = Some(machine);
            cells.section = section.to_owned().into();
        })
    };
    let (x86, x64) = ("Windows XP Service Pack 3", "Windows XP Professional x64 Edition Service Pack 2");
    let policy = on("Windows Server 2003", "2");
    let judged = |size_of_x64: u64, found: &str| {
        let rows = vec![under(Machine::I386, x86, 287_744), under(Machine::X64, x64, size_of_x64)];
        let verdict =
            assess_with(vec![article("KB975558", rows)], vec![file("mp4sds32.ax", found)], &policy).articles.remove(0);
        codes(&verdict)[1]
    };
    assert_eq!(judged(287_744, "8.0.0.405"), "version-older");
    assert_eq!(judged(287_744, "8.0.0.407"), "version-newer");
    assert_eq!(judged(400_000, "8.0.0.405"), "other-machine", "a 64-bit file");
}

#[test]
fn two_rows_of_two_windows_decide_nothing_where_the_system_is_not_known() {
    let under = |section: &str, version: &str| {
        Fix { date: Some("2009-01-09".parse().unwrap()), ..row("adamdsa.dll", version) }
            .with(|cells| cells.section = section.to_owned().into())
    };
    let rows = || {
        vec![
            under("Windows XP Service Pack 3", "1.1.3790.4276"),
            under("Windows Server 2003 Service Pack 2", "1.1.3790.4281"),
        ]
    };
    for found in ["1.1.3790.4276", "1.1.3790.4278"] {
        let mut entry = file("adam/adamdsa.dll", found);
        (entry.size, entry.modified) = (None, None);
        assert_eq!(codes(&judge(rows(), vec![entry])), ["rows-differ", "rows-differ"], "{found}");
    }
}

#[test]
fn the_link_stamp_of_windows_10_is_no_day() {
    for stamp in [504_921_600, 820_454_400, 1_500_000_000, 3_692_217_600] {
        let mut entry = file("win32kfull.sys", "10.0.19041.3930");
        entry.modified = Some(1_705_276_800);
        entry.binary.as_mut().unwrap().time_stamp = Some(stamp);
        let fix = Fix {
            date: Some("2024-01-09".parse().unwrap()),
            size: Some(1000),
            ..row("win32kfull.sys", "10.0.19041.3930")
        };
        assert_eq!(code(fix, entry), "version-equal", "{stamp}");
    }
}

#[test]
fn what_is_waived_supersedes_nothing() {
    let with = |id: &str, version: &str| article(id, vec![row("abc.dll", version)]);
    let articles = || -> Vec<Article> { vec![with("KB999001", "5.1.2600.5600"), with("KB999002", "5.1.2600.5700")] };
    let waiver = Waiver {
        kb: "KB999002".parse().unwrap(),
        path: None,
        reason: "breaks the plant".to_owned(),
        expires: date(2027, 1, 1),
        source: "test:1".to_owned(),
    };
    let policy = Policy {
        waivers: Waivers { list: vec![waiver], today: date(2026, 6, 15), ..Waivers::default() },
        ..Policy::default()
    };
    let superseded = |policy: &Policy| {
        let judged = assess_with(articles(), vec![file("abc.dll", "5.1.2600.5512")], policy).articles;
        assert!(judged.iter().all(|article| article.status == ArticleStatus::Missing));
        judged.into_iter().map(|article| article.superseded_by.len()).collect::<Vec<_>>()
    };
    assert_eq!(superseded(&Policy::default()), [1, 0]);
    assert_eq!(superseded(&policy), [0, 0]);
}
