//! Bulletins in other languages: the catalogue has English names of products, and no sentence of a page (issue 15,
//! point 1).

use hotfixcheck_articles::{Article, Fix, FixKind, HEADING_WITHOUT_PRODUCT, Severity, TRANSLATIONS_DIFFER, merge};
use hotfixcheck_types::Machine;

fn row(file: &str, version: &str, line: u32, section: &str) -> Fix {
    Fix { version: Some(version.to_owned().into()), ..Fix::new(FixKind::Table, file.to_owned(), line) }
        .with(|cells| cells.section = section.to_owned().into())
}

fn page(rows: Vec<Fix>) -> Article {
    Article {
        fixes: rows,
        severity: Some(Severity::Important),
        bulletins: vec!["MS07-999".into()],
        ..Article::new("KB900001".parse().unwrap(), "A lamp")
    }
}

/// The heading of the only row of a bulletin's page, as in the catalogue.
fn english(heading: &str) -> String {
    merge(vec![page(vec![row("lamp.dll", "1.2.3.4", 1, heading)])]).unwrap().fixes[0].section.to_string()
}

#[test]
fn headings_of_every_language_are_english_names() {
    let cases = [
        // MS05-040, MS08-067
        ("Für alle unterstützten Editionen von Windows XP", "Windows XP"),
        ("Für alle unterstützten x64-basierten Editionen von Windows Server 2003", "Windows Server 2003 x64"),
        (
            "Windows XP Service Pack 2 および Windows XP Service Pack 3",
            "Windows XP Service Pack 2, Windows XP Service Pack 3",
        ),
        // MS09-045: the system comes first in Japanese, last in German and Chinese.
        ("サポートされているすべての x64 エディションの Windows XP 上の JScript 5.7", "JScript 5.7 on Windows XP x64"),
        (
            "適用於 Windows XP Service Pack 2 的 Microsoft Internet Explorer 6",
            "Internet Explorer 6 on Windows XP Service Pack 2",
        ),
        (
            "Internet Explorer 5.01 Service Pack 4 unter Microsoft Windows 2000 Service Pack 4",
            "Internet Explorer 5.01 Service Pack 4 on Windows 2000 Service Pack 4",
        ),
        // A processor applies to the system after it, to the one before it, or to all systems before "all".
        (
            "適用於 Itanium 系統的 Microsoft Windows Server 2003 及適用於 Itanium 系統的 Microsoft Windows Server 2003 SP1 中的 Internet Explorer 6",
            "Internet Explorer 6 on Windows Server 2003 Itanium, Windows Server 2003 Itanium Service Pack 1",
        ),
        ("Windows XP Professional, Windows XP Professional x64 Edition", "Windows XP, Windows XP x64"),
        (
            "Windows Vista および Windows Vista Service Pack 1 のすべてのサポートされている x64-based エディション",
            "Windows Vista x64, Windows Vista x64 Service Pack 1",
        ),
        // MS03-051: each number belongs to the product before it.
        (
            "Estensioni del server di Microsoft FrontPage\u{ae} 2000 (fornite con Windows 2000)",
            "FrontPage 2000 Server Extensions on Windows 2000",
        ),
        (
            "DirectX 9.0、DirectX 9.0a または DirectX 9.0c がインストールされている Windows 2000 Service Pack 4",
            "DirectX 9.0, DirectX 9.0a, DirectX 9.0c on Windows 2000 Service Pack 4",
        ),
        (
            "DirectX 8.0, 8.0a e 8.1 in Windows 2000 Service Pack 4",
            "DirectX 8.0, DirectX 8.0a, DirectX 8.1 on Windows 2000 Service Pack 4",
        ),
        (
            "2007 Microsoft Office System Service Pack 1 および 2007 Microsoft Office System Service Pack 2",
            "Office 2007 Service Pack 1, Office 2007 Service Pack 2",
        ),
        ("Office 2003 Service Pack 1 oder Service Pack 2", "Office 2003 Service Pack 1, Office 2003 Service Pack 2"),
        ("Microsoft Office Excel 2007 のすべてのサポートされているエディション (KB982133)", "Excel 2007"),
        // Full-width letters, no blanks, the Windows before a product's name.
        (
            "サポートされているすべての ｘ64 エディションの Windows Server 2003 上のWindows Internet Explorer 7",
            "Internet Explorer 7 on Windows Server 2003 x64",
        ),
        ("Windows Server, 2003 Enterprise Edition per sistemi basati su Itanium", "Windows Server 2003 Itanium"),
        (
            "Windows NT Server 4.0, Terminal Server Edition Service Pack 6",
            "Windows NT Server 4.0, Terminal Server Edition Service Pack 6",
        ),
    ];
    for (printed, name) in cases {
        assert_eq!(english(printed), name, "{printed}");
        // An English name stays the same if it is read again.
        assert_eq!(english(name), name);
    }
}

#[test]
fn a_heading_without_a_product_is_left_out_and_listed() {
    let merged =
        merge(vec![page(vec![row("lamp.dll", "1.2.3.4", 7, "I seguenti file vengono copiati nella cartella")])]);
    let merged = merged.unwrap();
    assert_eq!((merged.fixes.len(), merged.fixes[0].section.as_ref()), (1, ""));
    let [listed] = merged.rejected.as_slice() else { panic!("{:?}", merged.rejected) };
    assert_eq!((listed.line, listed.reason.as_str()), (7, HEADING_WITHOUT_PRODUCT));
}

#[test]
fn products_are_english_names_and_sentences_are_left_out() {
    let products = [
        ".NET Framework 1.1 なお、Microsoft .NET Framework version 1.1 Service Pack 1 にはこの問題に対する修正が含まれています。",
        "安裝在 Windows 2000 Service Pack 4 上的 Microsoft Internet Explorer 6 Service Pack 1 — 英文下載更新程式 │ 中文下載更新程式",
        "Disponibilità nei service pack futuri",
        "Microsoft Windows XP Service Pack 2",
        "Windows XP Service Pack 2",
    ];
    let article = Article { products: products.map(Into::into).to_vec(), ..page(Vec::new()) };
    let expected = [
        ".NET Framework 1.1",
        "Internet Explorer 6 Service Pack 1 on Windows 2000 Service Pack 4",
        "Windows XP Service Pack 2",
    ];
    assert_eq!(merge(vec![article]).unwrap().products, expected);
}

/// A heading states the processor of a table without a column for it; "64-Bit" is Itanium before Windows Vista.
#[test]
fn the_processor_of_a_heading_is_that_of_its_rows() {
    let machine =
        |heading: &str| merge(vec![page(vec![row("lamp.dll", "1.2.3.4", 1, heading)])]).unwrap().fixes[0].machine;
    assert_eq!(machine("64-Bit-Editionen von Windows Vista"), Some(Machine::X64));
    assert_eq!(machine("Windows XP 64-Bit Edition, Version 2003"), None);
    assert_eq!(machine("Windows XP 64-Bit Edition Service Pack 1"), Some(Machine::Ia64));
    assert_eq!(machine("64 ビット エディションの Microsoft Office SharePoint Server 2007"), Some(Machine::X64));
    assert_eq!(machine("Windows XP, Windows XP Professional x64 Edition"), None);
}

/// MS06-016: three of four pages print the version of RTM for the 32-bit file of SP1.
#[test]
fn a_version_copied_from_another_service_pack_loses() {
    let of = |branch: &str, version: &str| {
        row("lamp.dll", version, 1, "Windows Server 2003").with(|cells| cells.branch = Some(branch.to_owned().into()))
    };
    let slip = || page(vec![of("RTMGDR", "6.0.3790.504"), of("SP1GDR", "6.0.3790.504")]);
    let right = page(vec![of("RTMGDR", "6.0.3790.504"), of("SP1GDR", "6.0.3790.2663")]);
    let merged = merge(vec![slip(), slip(), right]).unwrap();
    let mut rows: Vec<(&str, &str)> =
        merged.fixes.iter().map(|fix| (fix.branch.as_deref().unwrap(), fix.version.as_deref().unwrap())).collect();
    rows.sort_unstable();
    assert_eq!(rows, [("RTMGDR", "6.0.3790.504"), ("SP1GDR", "6.0.3790.2663")]);
    let note = merged.fixes.iter().find_map(|fix| fix.note.as_deref());
    assert_eq!(note, Some("another translation has 6.0.3790.504"));
    assert_eq!(merged.rejected.iter().filter(|lost| lost.reason == TRANSLATIONS_DIFFER).count(), 1);
}

/// MS07-027: one page has a column for branches, the other does not; MS07-036: one prints three numbers.
#[test]
fn the_page_that_says_more_of_a_row_counts() {
    let full = Fix { size: Some(1), ..row("lamp.dll", "6.0.2800.1593", 1, "Windows XP") }.with(|cells| {
        cells.branch = Some("RTMGDR".into());
        cells.build_language = Some("Japanese".into());
    });
    let plain = Fix { size: Some(2), ..row("lamp.dll", "6.0.2800.1593", 1, "Windows XP") }
        .with(|cells| cells.build_language = Some("English".into()));
    let merged = merge(vec![page(vec![full]), page(vec![plain])]).unwrap();
    let [fix] = merged.fixes.as_slice() else { panic!("{:?}", merged.fixes) };
    assert_eq!(
        (fix.branch.as_deref(), fix.size, fix.build_language.as_deref()),
        (Some("RTMGDR"), Some(2), Some("English"))
    );
    let short = page(vec![row("excel.exe", "11.0.8142", 1, "Excel 2003")]);
    let long = page(vec![row("excel.exe", "11.0.8142.0", 1, "Excel 2003")]);
    let merged = merge(vec![short, long]).unwrap();
    assert_eq!(merged.fixes.iter().map(|fix| fix.version.as_deref().unwrap()).collect::<Vec<_>>(), ["11.0.8142.0"]);
    assert_eq!(merged.rejected, []);
}

/// The rows of one page, as `parse` reads them.
fn read(table: &str) -> Vec<Fix> {
    let text = format!(
        "---\ntitle: MS03-999\n---\n\n# Sicherheitsbulletin MS03-999 (900001)\n\n## Informationen zu Dateien\n\n\
         Die englische Version dieses Updates hat die folgenden Dateiattribute.\n\n{table}"
    );
    hotfixcheck_articles::parse(&text, None).unwrap().remove(0).fixes
}

/// MS03-041, MS03-043, MS05-006: remarks after a name state the processor, the service pack or the name on disk.
#[test]
fn remarks_in_the_cell_of_a_name_cost_no_name() {
    let rows = read(
        "### Windows XP\n\n| Dateiname | Version | Datum | Zeit | Größe |\n|---|---|---|---|---|\n\
         | Cryptui.dll\u{a0}\u{a0}X86 (pre-SP1) | 5.131.2600.117 | 25-Jul-2003 | 00:43 | 476.160 |\n\
         | Cryptui.dll IA64 (with SP1) | 5.131.2600.1243 | 25-Jul-2003 | 00:40 | 1.185.792 |\n\
         | User32.dll (SP1 適用前) | 5.1.2600.118 | 27-Sep-2003 | 03:44 | 528.896 |\n\
         | Owssvr.dll_0001 Installationsname: Owssvr.dll | 11.0.6355.0 | 27-Sep-2003 | 03:44 | 528.896 |\n\
         | Xlview. exe | 11.0.6355.0 | 27-Sep-2003 | 03:44 | 528.896 |\n",
    );
    let facts: Vec<_> =
        rows.iter().map(|fix| (fix.file.as_ref(), fix.machine, fix.sp_requirement.as_deref())).collect();
    let expected = [
        ("Cryptui.dll", Some(Machine::I386), Some("RTM")),
        ("Cryptui.dll", Some(Machine::Ia64), Some("SP1")),
        ("User32.dll", None, Some("RTM")),
        ("Owssvr.dll", None, None),
        ("Xlview.exe", None, None),
    ];
    assert_eq!(facts, expected);
}

/// MS04-014: `wexpsrv.dll` next to `expsrv.dll` is its 32-bit file, although the table says IA64; MS08-067: 0.0.0.0
/// means no version.
#[test]
fn a_w_before_the_name_of_its_neighbour_is_the_package_s() {
    let rows = read(
        "### Windows XP 64-Bit Edition\n\n| Dateiname | Version | Datum | Zeit | Größe | CPU |\n|---|---|---|---|---|---|\n\
         | Expsrv.dll | 6.0.8481 | 09-Jan-2004 | 15:11 | 1.210.368 | IA64 |\n\
         | Wexpsrv.dll | 6.0.9589 | 10-Jan-2004 | 03:37 | 380.957 | IA64 |\n\
         | Readme.txt | 0.0.0.0 | 10-Jan-2004 | 03:37 | 957 | IA64 |\n",
    );
    let facts: Vec<_> =
        rows.iter().map(|fix| (fix.file.as_ref(), fix.machine, fix.wow, fix.version.as_deref())).collect();
    let expected = [
        ("Expsrv.dll", Some(Machine::Ia64), false, Some("6.0.8481")),
        ("expsrv.dll", Some(Machine::I386), true, Some("6.0.9589")),
        ("Readme.txt", Some(Machine::Ia64), false, None),
    ];
    assert_eq!(facts, expected);
}

/// MS03-048: a row across the table names the branch of the rows below it.
#[test]
fn a_branch_across_the_table_is_that_of_the_rows_below() {
    let rows = read(
        "### Windows Server 2003\n\n| Dateiname | Version | Datum | Zeit | Größe |\n|---|---|---|---|---|\n\
         | RTMGDR | | | | |\n| Mshtml.dll | 6.0.3790.94 | 09-Oct-2003 | 15:11 | 2.911.232 |\n\
         | RTMQFE | | | | |\n| Mshtml.dll | 6.0.3790.94 | 09-Oct-2003 | 15:12 | 2.911.744 |\n",
    );
    let facts: Vec<_> = rows.iter().map(|fix| (fix.file.as_ref(), fix.branch.as_deref())).collect();
    assert_eq!(facts, [("Mshtml.dll", Some("RTMGDR")), ("Mshtml.dll", Some("RTMQFE"))]);
}
