//! Folders of packages, in a column or before a name: branch, processor, 32-bit files of 64-bit packages (issue 13, point 3).

use hotfixcheck_articles::{Fix, parse};
use hotfixcheck_types::Machine;

/// The rows of a table with these columns after `File name | Version`, below a heading.
fn rows(heading: &str, columns: &[&str], cells: &[&[&str]]) -> Vec<Fix> {
    let mut page = String::from(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953020\n\n## Resolution\n\n\
         The English version of this fix has the file attributes (or later) that these tables list.\n\n",
    );
    if !heading.is_empty() {
        page += &format!("### {heading}\n\n");
    }
    page += &format!("| File name | Version | {} |\n|---|---|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
    for cells in cells {
        page += &format!("| {} |\n", cells.join(" | "));
    }
    parse(&page, None).unwrap().remove(0).fixes
}

fn branches(rows: &[Fix]) -> Vec<&str> {
    rows.iter().map(|fix| fix.branch.as_deref().unwrap_or_default()).collect()
}

#[test]
fn a_branch_in_other_spellings_and_below_other_folders() {
    for column in ["Folder", "Service branch"] {
        for (written, read) in [
            ("SP2GDR", "SP2GDR"),
            ("sp2gdr", "sp2gdr"),
            ("SP2 GDR", "SP2GDR"),
            ("SP2_GDR", "SP2GDR"),
            ("SP2-GDR", "SP2GDR"),
            ("Service Pack 2 GDR", "SP2GDR"),
            ("RTM GDR", "RTMGDR"),
            (r"update\SP2GDR", "SP2GDR"),
            (r"C:\SP2GDR", "SP2GDR"),
            (r".\SP2GDR", "SP2GDR"),
            ("./SP2GDR", "SP2GDR"),
            (r"KB953020\SP2GDR", "SP2GDR"),
            (r"\SP2GDR", "SP2GDR"),
        ] {
            let other = written.replace("GDR", "QFE").replace("gdr", "qfe");
            let rows =
                rows("", &[column], &[&["lamp.dll", "5.2.3790.4189", written], &["lamp.dll", "5.2.3790.4190", &other]]);
            let qfe = read.replace("GDR", "QFE").replace("gdr", "qfe");
            assert_eq!(branches(&rows), [read, &*qfe], "{column} {written}");
        }
    }
    // The folder of the 32-bit files with a blank before it (MS05-001), or with a folder of a language inside it (MS06-009).
    for written in ["SP2QFE WOW", r"SP2QFE\WOW\LANG", r"SP2QFE\\WOW\\LANG"] {
        let rows = rows("", &["Folder"], &[&["lamp.dll", "5.2.3790.4189", written]]);
        assert_eq!((branches(&rows), rows[0].wow), (vec!["SP2QFE"], true), "{written}");
    }
    // Two branches, or none.
    for written in ["GDR/LDR", "SP2 GDR/QFE", "SP22 GDR", r"my folder\SP2GDR", "C:/SP2GDR"] {
        let rows = rows("", &["Folder"], &[&["lamp.dll", "5.2.3790.4189", written]]);
        assert_eq!(rows[0].branch, None, "{written}");
    }
}

#[test]
fn the_folder_before_a_name_gives_branch_and_processor() {
    let rows = rows(
        "",
        &["Platform"],
        &[&[r"SP2GDR\lamp.sys", "5.2.3790.4189", "x86"], &[r"SP2QFE\lamp.sys", "5.2.3790.4190", "x86"]],
    );
    assert_eq!(branches(&rows), ["SP2GDR", "SP2QFE"]);
    assert!(rows.iter().all(|fix| fix.file == "lamp.sys"));
    for (folder, machine) in [
        ("i386", Some(Machine::I386)),
        ("x86", Some(Machine::I386)),
        ("amd64", Some(Machine::X64)),
        ("x64", Some(Machine::X64)),
        ("ia64", Some(Machine::Ia64)),
        (r"\Alpha", Some(Machine::Alpha)),
        (r"SP2QFE\i386", Some(Machine::I386)),
        (r"%windir%\system32", None),
    ] {
        let name = format!(r"{folder}\lamp.dll");
        let rows = self::rows("", &["Date"], &[&[&name, "7.3.1.10", "10-Mar-2009"]]);
        assert_eq!((&*rows[0].file, rows[0].machine), ("lamp.dll", machine), "{folder}");
    }
    // The column counts more than the folder.
    let rows = self::rows("", &["Platform"], &[&[r"i386\lamp.dll", "7.3.1.10", "x64"]]);
    assert_eq!(rows[0].machine, Some(Machine::X64));
    // Several names in one cell, each with its own folder.
    let rows = self::rows("", &["Date"], &[&[r"i386\lamp.dll, amd64\lamp.dll", "7.3.1.10", "10-Mar-2009"]]);
    let of = |fix: &Fix| (fix.file.rsplit('\\').next().unwrap().to_owned(), fix.machine);
    let [first, second] = [Some(Machine::I386), Some(Machine::X64)].map(|machine| ("lamp.dll".to_owned(), machine));
    assert_eq!(rows.iter().map(of).collect::<Vec<_>>(), [first, second]);
}

#[test]
fn aligned_tables_read_the_folder_before_a_name() {
    let page = "DOCUMENT:Q300001  11-JUL-2001  [winnt]\nTITLE   :Lamp\n\nRESOLUTION\n==========\n\n\
        The English version of this fix should have the following file attributes or later:\n\n   \
        Date        Time   Version      Size     File name\n   \
        ---------------------------------------------------\n   \
        03-Feb-2003 06:44  7.3.100.5    12,345   i386\\lamp.dll\n   \
        03-Feb-2003 06:44  7.3.100.6    12,346   alpha\\lamp.dll\n";
    let fixes = parse(page, None).unwrap().remove(0).fixes;
    let machines: Vec<_> = fixes.iter().map(|fix| (&*fix.file, fix.machine)).collect();
    assert_eq!(machines, [(r"i386\lamp.dll", Some(Machine::I386)), (r"alpha\lamp.dll", Some(Machine::Alpha))]);
}

#[test]
fn a_file_of_the_folder_wow_has_no_added_w_on_disk() {
    let heading = "Windows Server 2003 x64-based versions";
    for (name, folder, on_disk) in [
        ("Wlamp.dll", r"SP2GDR\WOW", "lamp.dll"),
        ("Wlamp.dll", "WOW", "lamp.dll"),
        ("Wlamp.dll", "", "lamp.dll"),
        (r"SP2GDR\WOW\Wlamp.dll", "", "lamp.dll"),
        ("Wwininet.dll", r"SP2GDR\WOW", "wininet.dll"),
        // The W is part of the name (MS07-068).
        ("Wmasf.dll", r"SP2GDR\WOW", "Wmasf.dll"),
        ("Wmasf.dll", "", "Wmasf.dll"),
    ] {
        let rows = rows(heading, &["Platform", "Folder"], &[&[name, "5.2.3790.4189", "x86", folder]]);
        let [row] = &*rows else { panic!("{name} {rows:?}") };
        assert!(row.wow, "{name} {folder}");
        assert_eq!(row.file.to_ascii_lowercase(), on_disk.to_ascii_lowercase(), "{name} {folder}");
    }
    // Packages of later systems add no W, nor does one that has a name without it.
    let later =
        rows("Windows Server 2008 x64-based versions", &["Platform"], &[&["Wlamp.dll", "6.0.6001.18000", "x86"]]);
    assert_eq!(later[0].file, "Wlamp.dll");
    let plain = rows(
        heading,
        &["Platform", "Folder"],
        &[&["Wlamp.dll", "5.2.3790.4189", "x86", "WOW"], &["Cord.dll", "5.2.3790.4189", "x86", "WOW"]],
    );
    assert_eq!(plain[0].file, "Wlamp.dll");
}
