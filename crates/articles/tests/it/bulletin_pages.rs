//! Pages of bulletins in the languages of the archive: lists that are no fix, headings, builds, names and packages
//! (issue 14).

use hotfixcheck_articles::{Article, parse};
use hotfixcheck_types::Machine;

const TABLE: &str = "| File name | Version       | Date        | Size   |\n|-----------|---------------|-------------|--------|\n| Lamp.dll  | 5.1.2600.3500 | 04-Jul-2005 | 12,345 |\n";

/// The first article of a bulletin with this text between its summary and its end.
fn bulletin(text: &str) -> Article {
    let page = format!(
        "---\nTOCTitle: 'MS05-940'\nTitle: 'Microsoft Security Bulletin MS05-940'\n---\n\n\
         Microsoft Security Bulletin MS05-940\n====================================\n\n\
         A lamp stays dark (900214)\n--------------------------\n\n{text}\n"
    );
    parse(&page, None).unwrap().remove(0)
}

/// The headings of the rows.
fn sections(article: &Article) -> Vec<&str> {
    article.fixes.iter().map(|fix| fix.section.as_ref()).collect()
}

/// An answer lists the versions with the fix to say that older files are affected (MS05-031, MS07-005).
#[test]
fn files_that_are_affected_if_they_are_older_are_no_table_of_the_fix() {
    for answer in [
        "Look for Lamp.exe. Alle Versionen der folgenden Dateien, die vor der Veröffentlichung dieses Updates da waren, sind betroffen:",
        "Look for Lamp.exe file. Tutte le versioni dei seguenti file, precedenti alle versioni di oggi, sono esposte alla vulnerabilità:",
        "Look for Lamp.exe 檔案。 受影響的檔案是比此版本更舊的任何下列檔案版本：",
        "Look for the Lamp.exe file. この影響を受けるファイルは、下記ファイルの全バージョンです。",
        "Look for the Lamp.exe file. The affected files are older versions of these:",
        "Look for the Lamp.exe file. Les fichiers antérieurs aux versions suivantes :",
        "Look for the Lamp.exe file. Los archivos anteriores a las versiones siguientes:",
    ] {
        let article = bulletin(&format!("**How do I know?**  \n{answer}\n\n{TABLE}"));
        assert_eq!(sections(&article), [""; 0], "{answer}");
        assert_eq!(article.rejected.len(), 1, "{answer}");
    }
}

/// "Tested Microsoft Windows components" of the summary heads no table (MS05-031).
#[test]
fn the_list_of_tested_products_heads_no_table() {
    for heading in [
        "**Getestete Microsoft Windows-Komponenten:**",
        "**Componenti di Microsoft Windows testati:**",
        "**已測試的 Microsoft Windows 元件：**",
        "**テストした** **Microsoft Windows** **コンポーネント** **:**",
        "**Tested Microsoft Windows Components:**",
        "**Getestete Microsoft Windows- und Exchange-Komponenten:**",
    ] {
        let text = |last: &str| {
            format!(
                "{heading}\n\n**Affected Components:**\n\n- Step-by-Step Lamps - [Download](https://example.com/a)\n\n\
                 #### Step-by-Step Lamps (all versions)\n\nThe English version has the file attributes of the table.\n\n{last}{TABLE}"
            )
        };
        let article = bulletin(&text(""));
        assert!(!sections(&article)[0].contains("Windows"), "{heading}: {:?}", sections(&article));
        // A line right above the table names a component of the page.
        assert_eq!(sections(&bulletin(&text("Step-by-Step Lamps\n\n"))), ["Step-by-Step Lamps"], "{heading}");
        // Any other line does not.
        assert!(!sections(&bulletin(&text("What more there is\n\n")))[0].contains("What"), "{heading}");
    }
}

/// A heading says whose build its table lists (MS03-045, MS06-003).
#[test]
fn the_edition_of_a_heading_is_the_build_of_its_table() {
    for (heading, build) in [
        ("Windows XP 64-Bit Edition Version 2003 (英語版)", "English"),
        ("Windows XP 64-Bit Edition, Version 2003 (英語版) について :", "English"),
        ("Windows XP 64-Bit Edition Version 2003（英文版）：", "English"),
        // The row's language states it.
        ("Windows XP 64-Bit Edition Version 2003（繁體中文版）：", "Japanese"),
        ("Windows XP 64-Bit Edition Version 2003:", "Japanese"),
        ("Windows XP (x64):", "Japanese"),
    ] {
        let article = bulletin(&format!("日本語版のファイル属性\n\n{heading}\n\n{TABLE}"));
        let builds: Vec<Option<&str>> = article.fixes.iter().map(|fix| fix.build_language.as_deref()).collect();
        assert_eq!(builds, [Some(build)], "{heading}");
    }
    for (heading, build) in
        [("Outlook 2002（英文版）：", "English"), ("Outlook 2002（繁體中文版）：", "Traditional Chinese")]
    {
        let article = bulletin(&format!("更新版本的檔案屬性\n\n{heading}\n\n{TABLE}"));
        assert_eq!(article.fixes[0].build_language.as_deref(), Some(build), "{heading}");
    }
}

/// The verb of a German sentence may stand after the table's name (MS06-033, MS06-056, MS06-073).
#[test]
fn the_build_is_read_whatever_the_order_of_the_words() {
    let said = "Die englische Version dieses Updates besitzt die in der folgenden Tabelle aufgelisteten Dateiattribute. Zeiten sind UTC.";
    let article = bulletin(&format!("{said}\n\nWindows XP:\n\n{TABLE}"));
    assert_eq!(article.fixes[0].build_language.as_deref(), Some("English"));
    assert!(article.fixes[0].utc);
}

/// A slip of the page: a comma for the dot (MS07-027, MS07-045), a name without its extension (MS04-025).
#[test]
fn a_comma_before_a_known_extension_is_a_dot() {
    for (printed, name) in [
        ("lamp32,dll", Some("lamp32.dll")),
        ("Lamp32, DLL", Some("Lamp32.DLL")),
        ("x86_lamp_31bf38_6.0.6000.1_none_86255,manifest", Some("x86_lamp_31bf38_6.0.6000.1_none_86255.manifest")),
        ("lamp32,oil", None),
        ("Lamp.", None),
    ] {
        let article = bulletin(&format!(
            "The English version has the file attributes of the table.\n\n{}",
            TABLE.replace("Lamp.dll", printed)
        ));
        let files: Vec<&str> = article.fixes.iter().map(|fix| fix.file.as_ref()).collect();
        assert_eq!(files, name.into_iter().collect::<Vec<_>>(), "{printed}");
        // Nothing is corrected or left out in silence.
        assert_eq!(article.rejected.len(), 1, "{printed}");
        let said = &article.rejected[0];
        assert!(name.is_none() || said.reason.contains(printed), "{printed}: {}", said.reason);
    }
    // Two names are two rows.
    let article = bulletin(&format!(
        "The English version has the file attributes of the table.\n\n{}",
        TABLE.replace("Lamp.dll", "Lamp.dll, oil.dll")
    ));
    assert_eq!(article.fixes.len(), 2);
}

#[test]
fn bulletins_replaced_are_read_in_every_wording() {
    for (text, replaced) in [
        (
            "**含まれる過去の更新プログラム:** この更新プログラムは [MS03-901](https://example.com/1) の更新プログラムを含みます。",
            &["MS03-901"][..],
        ),
        (
            "**含まれる過去のセキュリティ更新プログラム** **:** MS03-902 の更新プログラムに置き換わるものです。",
            &["MS03-902"],
        ),
        ("**含まれる過去のセキュリティ更新プログラム:** なし\n\n**警告:** MS03-903", &[]),
        (
            "**Welche früheren Sicherheitsupdates ersetzt dieses Bulletin?**  \nDieses:\n\n| Bulletin | Lamp |\n|---|---|\n| MS03-904 | Ersetzt |",
            &["MS03-904"],
        ),
        (
            "**Welche früheren Updates werden durch dieses Security Bulletin ersetzt?**  \nEines: MS03-905.",
            &["MS03-905"],
        ),
        (
            "**どの更新プログラムと置き換わるものですか?**\n\n| 番号 | Lamp |\n|---|---|\n| MS03-906 | 置き換わる |",
            &["MS03-906"],
        ),
        // Several blank lines are one gap (MS07-024 zh-tw).
        (
            "**這次發行的更新程式取代了哪些更新？**  \n一個。\n\n\n\n\n\n| 編號 | Lamp |\n|---|---|\n| MS03-907 | 取代 |",
            &["MS03-907"],
        ),
        // What a sentence says is not replaced stays valid (MS07-061).
        (
            "**Updates replaced:** This update replaces MS03-908. This update does not replace MS03-909, as other files are in it. Install MS03-909 as well.",
            &["MS03-908"],
        ),
        (
            "**Ersetzung von Sicherheitsupdates:** Es ersetzt MS03-910. Dieses Update ersetzt nicht MS03-911.",
            &["MS03-910"],
        ),
        ("**Aggiornamenti sostituiti:** Sostituisce MS03-912. Non sostituisce MS03-913.", &["MS03-912"]),
        (
            "**置き換えられる更新プログラム:** MS03-914 に置き換わるものです。MS03-915 に置き換わるものではありません。",
            &["MS03-914"],
        ),
        ("**取代的公告：** 取代 MS03-916。不會取代 MS03-917。", &["MS03-916"]),
    ] {
        let article = bulletin(&format!("{text}\n\nThe file attributes of the table.\n\n{TABLE}"));
        let found: Vec<&str> = article.replaced_bulletins.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, replaced, "{text}");
    }
}

/// A row of the column may be broken into lines (MS08-016 zh-tw).
#[test]
fn a_broken_row_does_not_end_the_column_of_replaced_bulletins() {
    let long = "<a href=\"https://example.com\">Lamp</a><br />\n".repeat(400);
    let text = format!(
        "<table><tr><th>Lamp</th><th>此更新取代的公告</th></tr>\n<tr><td>Lamp 1</td><td>MS03-918</td></tr>\n\
         <tr><td>{long}</td><td>無</td></tr>\n<tr><td>Lamp 3</td><td>MS03-919</td></tr></table>\n\n\
         The file attributes of the table.\n\n{TABLE}"
    );
    let article = bulletin(&text);
    let found: Vec<&str> = article.replaced_bulletins.iter().map(AsRef::as_ref).collect();
    assert_eq!(found, ["MS03-918", "MS03-919"]);
}

/// Names of packages with a letter after the id (MS04-026), and those named by their update alone (MS04-013, MS04-021).
#[test]
fn packages_are_named_in_full() {
    let article = bulletin(&format!(
        "**Lamp5.5-KB900214a-x86-enu.exe**\n\n**Lamp5.5-KB900214b-x86-enu.exe**\n\n`q900214.exe`, Q900214i.exe /q\n\n\
         Before: q900199.exe. Log: C:\\q900214.exe\n\nThe file attributes of the table.\n\n{TABLE}"
    ));
    let names: Vec<(&str, Option<&str>)> =
        article.packages.iter().map(|package| (package.file.as_ref(), package.system.as_deref())).collect();
    assert_eq!(
        names,
        [
            ("Lamp5.5-KB900214a-x86-enu.exe", Some("Lamp5.5")),
            ("Lamp5.5-KB900214b-x86-enu.exe", Some("Lamp5.5")),
            ("q900214.exe", None),
            ("Q900214i.exe", None),
        ]
    );
    assert_eq!(article.packages[0].language.as_deref(), Some("enu"));
}

/// A negation is heeded, and files in use make it "maybe"; what setup does if a restart is required says nothing (MS05-026,
/// MS06-043).
#[test]
fn sentences_say_whether_a_restart_is_needed() {
    for (text, restart) in [
        (
            "This update does not require a restart. However, if the required files are in use, this update will require one.",
            "maybe",
        ),
        (
            "Per questo aggiornamento non \u{e8} necessario riavviare il sistema. Tuttavia, se i file necessari sono in uso, verr\u{e0} richiesto di riavviare il sistema.",
            "maybe",
        ),
        (
            "F\u{fc}r dieses Update ist kein Neustart des Computers erforderlich. Wenn die ben\u{f6}tigten Dateien verwendet werden, ist ein Neustart des Computers erforderlich.",
            "maybe",
        ),
        ("F\u{fc}r dieses Update ist kein Neustart erforderlich.", "no"),
        ("Sie m\u{fc}ssen das System neu starten, nachdem Sie dieses Update installiert haben.", "required"),
        ("You must restart your system after you apply this update.", "required"),
        (
            "Se al termine dell'installazione \u{e8} necessario riavviare il sistema, verr\u{e0} visualizzata una finestra.",
            "",
        ),
    ] {
        let article = bulletin(&format!("{text}\n\nThe file attributes of the table.\n\n{TABLE}"));
        assert_eq!(article.restart.map(|restart| restart.name()).unwrap_or_default(), restart, "{text}");
    }
}

/// Revisions, processors and other words around the update of a package's name (MS06-005, MS06-033, MS05-005, MS09-033).
#[test]
fn packages_have_their_system_processor_and_language() {
    let article = bulletin(&format!(
        "**LampMedia10-v2-KB900214-x86-enu.exe**\n\n**NDP20-KB900214-xia64.exe**\n\n**Lamp2002-kb900214-gdi-fullfile.msp**\n\n\
         **LPC2007x64-KB900214.msu**\n\n**lme9-x64-kb900214.exe**\n\n**Lamp8-RT-KB900214-arm.msu**\n\nThe file attributes of the table.\n\n{TABLE}"
    ));
    let facts = article.packages.iter().map(|package| {
        let machine = package.machine.map(|machine| machine.to_string()).unwrap_or_default();
        format!(
            "{} {machine} {}",
            package.system.as_deref().unwrap_or_default(),
            package.language.as_deref().unwrap_or_default()
        )
    });
    let expected = ["LampMedia10 i386 enu", "NDP20 ia64 ", "Lamp2002  ", "LPC2007 x64 ", "lme9 x64 ", "Lamp8-RT arm "];
    assert_eq!(facts.collect::<Vec<_>>(), expected);
}

/// Ids with long hyphens, or without the first one (MS09-069 ja-jp).
#[test]
fn ids_of_vulnerabilities_with_other_hyphens_are_read() {
    let article = bulletin("CVE\u{2013}2009\u{2013}0124, CVE2009-3675 and CAN-2005-0058");
    let found: Vec<&str> = article.cves.iter().map(AsRef::as_ref).collect();
    assert_eq!(found, ["CVE-2005-0058", "CVE-2009-0124", "CVE-2009-3675"]);
}

/// A branch in the column of processors (MS07-021 zh-tw), and a misprinted processor (MS03-044 it-it).
#[test]
fn a_branch_or_a_misprint_in_the_column_of_processors() {
    let table = "### Windows XP Professional x64 Edition\n\n\
                 | File name | Version | Date | Size | CPU | Folder |\n|---|---|---|---|---|---|\n\
                 | Lamp.dll | 5.2.3790.2902 | 20-Mar-2007 | 12,345 | SP1QFE | |\n\
                 | Oil.dll | 5.2.3790.2903 | 20-Mar-2007 | 12,346 | I64 | SP1QFE |\n";
    let article = bulletin(&format!(
        "### File information\n\nThe English version of this update has the file attributes (or later) that this table lists.\n\n{table}"
    ));
    let rows: Vec<_> = article.fixes.iter().map(|fix| (fix.machine, fix.branch.as_deref())).collect();
    assert_eq!(rows, [(Some(Machine::X64), Some("SP1QFE")), (Some(Machine::Ia64), Some("SP1QFE"))]);
}
