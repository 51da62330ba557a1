//! Parts of a bulletin's page whose commands are copied from the part above, or that list what is no fix (issue 14). The layouts are those of
//! MS04-028.

use hotfixcheck_articles::{Article, parse};

fn page(list: &str, parts: &str) -> Vec<Article> {
    let page = format!(
        "---\nTOCTitle: 'MS04-948'\nTitle: 'Microsoft Security Bulletin MS04-948'\n---\n\n\
         Microsoft Security Bulletin MS04-948\n====================================\n\n\
         Lamps in programs (900399)\n--------------------------\n\n**Affected Software:**\n\n{list}\n\n\
         **Which lamps are these?**  \nAll of them.\n\n### Lamp details\n\n{parts}"
    );
    parse(&page, None).unwrap()
}

const TITLES: &str = "| File name | Version | Date | Size |\n|---|---|---|---|\n";
const ANNOUNCED: &str = "The English version of this update has the file attributes that the table lists.\n";

/// Each row as "id file section".
fn rows(articles: &[Article]) -> Vec<String> {
    let of = |article: &Article| {
        let id = article.id.number();
        article.fixes.iter().map(move |fix| format!("{id} {} {}", fix.file, fix.section)).collect::<Vec<_>>()
    };
    articles.iter().flat_map(of).collect()
}

const LIST: &str = "- Microsoft .NET Framework 1.1 (KB900281)\n- Microsoft Project 2002 (KB900282)\n\
    - Microsoft .NET Framework 1.0 SDK Service Pack 2 (KB900281)\n- Microsoft Windows XP (KB900399)";

#[test]
fn a_package_of_another_product_names_no_update() {
    let parts = format!(
        "#### Microsoft .NET Framework 1.1\n\n**NDP1.1-KB900281-X86.exe /q**\n\n{ANNOUNCED}\n.NET Framework 1.1:\n\n\
         {TITLES}| Lamp.dll | 5.1.3102.1360 | 04-May-2004 | 1,645,320 |\n\n\
         Put the lamp on.\n\n**NDP1.1-KB900281-X86.exe /q**\n\n{ANNOUNCED}\nPicture It! Photo 2002:\n\n\
         {TITLES}| Advpack.dll | 6.0.2600.0 | 18-Aug-2001 | 91,136 |\n| Lamp2.dll | 5.1.3102.1355 | 27-Feb-2004 | 1,638,400 |\n\
         | W95inf16.dll | 4.71.704.0 | 06-Jun-2000 | 2,272 |\n| W95inf32.dll | 4.71.16.0 | 06-Jun-2000 | 4,608 |\n\n\
         #### Platform SDK Redistributable: GDI+\n\n{ANNOUNCED}\nPlatform SDK Redistributable: GDI+\n\n\
         {TITLES}| Lamp3.dll | 5.1.3102.1360 | 04-May-2004 | 1,645,320 |\n"
    );
    let articles = page(LIST, &parts);
    assert_eq!(
        rows(&articles),
        [
            "900399 Lamp2.dll Picture It! Photo 2002",
            "900399 Lamp3.dll Platform SDK Redistributable: GDI+",
            "900281 Lamp.dll .NET Framework 1.1",
        ]
    );
    // What every package of IExpress contains is listed, and no fix.
    let listed = articles[0].rejected.iter().filter(|rejected| rejected.reason.contains("installer"));
    assert_eq!(listed.count(), 3);
}

#[test]
fn captions_and_contents_of_packages() {
    for (contents, caption) in [
        ("Contents of the package:", "Updated installed file for verification:"),
        ("Paketinhalt:", "Installierte Datei zur \u{dc}berpr\u{fc}fung aktualisiert:"),
        (
            "\u{30d1}\u{30c3}\u{30b1}\u{30fc}\u{30b8}\u{306e}\u{5185}\u{5bb9} :",
            "\u{78ba}\u{8a8d}\u{3059}\u{308b}\u{305f}\u{3081}\u{306b}\u{66f4}\u{65b0}\u{3055}\u{308c}\u{305f}\u{30a4}\u{30f3}\u{30b9}\u{30c8}\u{30fc}\u{30eb} \u{30d5}\u{30a1}\u{30a4}\u{30eb} :",
        ),
    ] {
        let parts = format!(
            "#### Microsoft Project 2002 (all)\n\n{ANNOUNCED}\nMicrosoft Project 2002:\n\n{contents}\n\n\
             {TITLES}| Setup.exe | 1.0.0.1 | 19-May-2004 | 77,824 |\n\n{caption}\n\n\
             {TITLES}| Lamp.dll | 5.1.3102.1360 | 02-Mar-2004 | 1,638,400 |\n"
        );
        let articles = page(LIST, &parts);
        assert_eq!(rows(&articles), ["900282 Lamp.dll Microsoft Project 2002"], "{caption}");
    }
    let parts = format!(
        "#### Microsoft Project 2002 (alle)\n\n{ANNOUNCED}\nMicrosoft Project 2002:\n\n```\n\
         Paketinhalt:Datum        Uhrzeit   Version        Gr\u{f6}\u{df}e    Dateiname\n\
         -------------------------------------------------------------\n\
         25-Apr-2003  17:26  12.0.2600.1     1.707.856  Instlamp.exe\n\
         Installierte Datei zur \u{dc}berpr\u{fc}fung aktualisiert:\n\
         02-M\u{e4}r-2004  21:19  5.1.3102.1360   1.638.400  Lamp.dll\n```\n"
    );
    assert_eq!(rows(&page(LIST, &parts)), ["900282 Lamp.dll Microsoft Project 2002"]);
}

#[test]
fn an_update_below_the_files_is_that_of_the_part() {
    let parts = format!(
        "#### Office XP (all)\n\n{ANNOUNCED}\nOffice XP:\n\n{TITLES}| Lamp.dll | 10.0.6714.0 | 08-May-2004 | 9,796,288 |\n\n\
         #### For administrators\n\nGet the [lamp](https://example.com/officexp-kb900283-v2-fullfile-enu.exe).\n\n\
         #### Microsoft Project 2002\n\n**Project2002-KB900282-FullFile-ENU.exe**\n"
    );
    assert_eq!(rows(&page(LIST, &parts))[0], "900283 Lamp.dll Office XP");
}

#[test]
fn names_of_packages() {
    let parts = format!(
        "#### Visual Studio .NET 2003\n\n**VS7.1- KB 900284-X86.exe /q**\n\n{ANNOUNCED}\nVisual Studio .NET 2003:\n\n\
         {TITLES}| Lamp.dll | 9.1.9800.9 | 12-May-2004 | 151,552 |\n\n\
         **LampViewer1.5\\_KB900285\\_JPN.exe**\n\n    Project2002-KB900282-FullFile-JPN.exe /c\n\n\
         The name (Project2002-KB900282-FullFile.MSP and Project2002-KB900282-FullFile here).\n\n\
         **Lamp\u{2013}kb900286-x86-enu /quiet**\n"
    );
    let articles = page("- Microsoft Project 2002 (KBKB900282)", &parts);
    assert_eq!(rows(&articles), ["900284 Lamp.dll Visual Studio .NET 2003"]);
    let mut names: Vec<&str> = articles.iter().flat_map(|own| &own.packages).map(|own| own.file.as_ref()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Lamp-kb900286-x86-enu",
            "LampViewer1.5_KB900285_JPN.exe",
            "Project2002-KB900282-FullFile-JPN.exe",
            "VS7.1-KB900284-X86.exe"
        ]
    );
}
