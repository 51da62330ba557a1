//! Sentences that state the version of a file with the fix (issue 14, points 5 and 7).

use hotfixcheck_articles::parse;

/// File and version of the rows of a page that contains only this sentence.
pub(crate) fn rows(sentence: &str) -> Vec<(String, String)> {
    rows_of("Resolution", sentence)
}

/// The same, with another heading above the sentence.
pub(crate) fn rows_of(part: &str, sentence: &str) -> Vec<(String, String)> {
    let page =
        format!("# A lamp update\n\n_Original KB number:_ &nbsp; 953022\n\nA lamp fails.\n\n## {part}\n\n{sentence}\n");
    let article = parse(&page, None).unwrap().remove(0);
    article.fixes.iter().map(|fix| (fix.file.to_string(), fix.version.as_deref().unwrap_or_default().into())).collect()
}

#[test]
fn versions_after_the_update_are_read() {
    for sentence in [
        "After you install the update, the file version of Lamp.dll is 5.1.2600.3500.",
        "After you apply this hotfix, the version number of the Lamp.dll file is 5.1.2600.3500 or higher.",
        "If the version of Lamp.dll is earlier than 5.1.2600.3500, you must install the hotfix.",
        "Version 5.1.2600.3500 or later of Lamp.dll contains the fix.",
    ] {
        assert_eq!(rows(sentence), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())], "{sentence}");
    }
}

/// If a sentence names two files or systems, the first half alone must not fix the article; a version with the problem
/// is not a fix.
#[test]
fn half_a_sentence_states_no_version() {
    for sentence in [
        "After you install the update, the version of Lamp.dll is 5.1.2600.3500 and the version of Oil.sys is 5.1.2600.3600.",
        "After you install the update, the version of Lamp.dll is 5.1.2600.3500 or later on Windows XP SP2.",
        "Version 5.1.2600.3500 of Lamp.dll contains the fix for Windows XP SP2.",
        "If the version of Lamp.dll is earlier than 5.1.2600.3500, the problem occurs.",
        "Before you install the update, the version of Lamp.dll is 5.1.2600.2180.",
        "Version 5.1.2600.2180 of Lamp.dll contains the error.",
        "After you install the update, the version of Lamp.dll is not 5.1.2600.2180.",
    ] {
        assert_eq!(rows(sentence), [], "{sentence}");
    }
}

/// The dot of a product's version does not end a sentence (Q141398); the version may stand without its word (Q113673,
/// Q124897) or with a letter (Q168089).
#[test]
fn versions_of_products_inside_a_sentence_are_passed_over() {
    for sentence in [
        "The corrected version of Lamp.dll that comes with Visual C++ 4.0 for MIPS is 5.1.2600.3500.",
        "The corrected version of Lamp.dll that comes with Oil 4.0 and Oil 5.5 is version 5.1.2600.3500.",
        "Lamp.dll on Windows NT 4.0 should be version 5.1.2600.3500 or later.",
        "The Lamp.dll option for Oil 4.0 is implemented in version 5.1.2600.3500.",
        "This problem has been fixed in the 5.1.2600.3500 version of Lamp.dll.",
        "This problem has been fixed in the 32-bit version of the Oil 2.5 Library (Lamp.dll, 5.1.2600.3500).",
        "This problem was corrected in version v5.1.2600.3500 or later of Lamp.dll.",
    ] {
        assert_eq!(rows(sentence), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())], "{sentence}");
    }
    for sentence in [
        // Another sentence, or another file, is not passed over.
        "The corrected version of Lamp.dll comes with Oil. The Wick.dll file is version 5.1.2600.3500.",
        "The incorrect version of Lamp.dll that came with Oil 4.0 is version 5.1.2600.3500.",
        "This problem occurs in the 5.1.2600.3500 version of Lamp.dll.",
        "This problem has not been fixed in the 5.1.2600.3500 version of Lamp.dll.",
        "This problem has not been fixed in Lamp.dll version 5.1.2600.3500.",
        "This problem was not corrected in Lamp.dll version 5.1.2600.3500.",
        "The problem occurs in the Oil Library (Lamp.dll, 5.1.2600.3500).",
        // The note on going back to an earlier version states no fix.
        "You can restore an earlier version of the Store.exe file, but only if it is version 5.5.2652.68 or later.",
        // The file on a disc may be older than the one that it replaces.
        "The Lamp.vxd file from the Oil 95 CD-ROM is version 4.00.503.",
    ] {
        assert_eq!(rows(sentence), [], "{sentence}");
    }
}

/// What a resolution requires (Q234859, Q257267, Q229754, Q160766), what was released or replaced with the version in
/// brackets (Q128079, Q191735), and versions before their file (Q85408, Q136050, Q158552).
#[test]
fn required_released_and_later_versions_are_read() {
    for sentence in [
        "Verify that the Lamp.dll version is 5.1.2600.3500 or greater.",
        "1. Verify that the version number of the Lamp.dll application (located in the C:\\Lamps folder by default) is \
         5.1.2600.3500 or later.",
        "To do this, open the properties of the Lamp.dll file, and check that the version of this file is \
         5.1.2600.3500 or later.",
        "Microsoft has released a new version of the Lamp.dll (5.1.2600.3500) file.",
        "Replace the Lamp.dll (5.1.2600.1106) with Lamp.dll (5.1.2600.3500) or newer.",
        "This problem was corrected in versions 5.1.2600.3500 and later of the Lamp.dll file, which lights lamps.",
        "The original Lamp.dll is version 5.1.2600.1106. Versions stamped 5.1.2600.3500 or later correct this problem.",
        "Wick 1 shows Lamp.dll as version 5.1.2600.1106. The version that corrects the dark lamp problem is version \
         5.1.2600.3500.",
        "The lamp driver (Lamp.dll) leaks oil. An updated version of the DLL (5.1.2600.3500 or later) resolves the issue.",
    ] {
        assert_eq!(rows(sentence), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())], "{sentence}");
    }
    let two = "Microsoft has released new versions of the Lamp.dll (5.1.2600.3500) and Oil.sys (5.1.2600.3600) files.";
    let both = [("Lamp.dll", "5.1.2600.3500"), ("Oil.sys", "5.1.2600.3600")].map(|(f, v)| (f.into(), v.into()));
    assert_eq!(rows(two), both);
    for sentence in [
        "Newer versions (version 5.1.2600.3500) of the Lamp.dll do not have this problem.",
        "In versions 5.1.2600.3500 or later of Lamp.dll, this problem has been resolved and lamps are ignored.",
    ] {
        let stated = [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())];
        assert_eq!(rows_of("Workaround", sentence), stated, "{sentence}");
        assert_eq!(rows_of("Symptoms", sentence), stated, "{sentence}");
    }
    let pack = "Install the Lamp Service Pack, which upgrades the lamp engine (Lamp.dll) to version 5.1.2600.3500.";
    assert_eq!(rows_of("Workaround", pack), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())]);
    let required = "- Your Lamp.dll should be version 5.1.2600.3500 or later. If you have an earlier version of this \
                    file, contact support to obtain the updated file.";
    assert_eq!(rows_of("More information", required), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())]);
}

/// Relatives of these sentences that state no fix: the version with the problem, an older one, another maker's file, a
/// requirement without a correction.
#[test]
fn relatives_of_these_sentences_state_no_version() {
    for sentence in [
        "Verify that the Lamp.dll version is earlier than 5.1.2600.3500.",
        "Microsoft has confirmed that version 5.1.2600.3500 and later of the Lamp.dll file have this problem.",
        "Versions stamped 5.1.2600.3500 or later cause this problem in Lamp.dll.",
        "The version that causes the problem in Lamp.dll is version 5.1.2600.3500.",
        "The manufacturer of Lamp.dll leaks oil. An updated version of the DLL (5.1.2600.3500 or later) resolves the issue.",
        "Older versions (version 5.1.2600.3500) of the Lamp.dll do not have this problem.",
        "Replace Lamp.dll version 5.1.2600.3500 with version 5.1.2600.1106.",
        "- Use Lamp.dll version 5.1.2600.3500 from the manufacturer.",
        // A remedy of several, and versions that are only asked for, are not the fix (Q114477, Q121377, Q138564).
        "- Use Lamp.dll version 5.1.2600.3500 or later.",
        "If this helps, ensure that you are using the latest versions of Lamp.dll (version 5.1.2600.3500 or later).",
        "You need the proper version of Lamp.dll. The version of the DLL you must use is 5.1.2600.3500 or later.",
    ] {
        assert_eq!(rows(sentence), [], "{sentence}");
    }
    for (part, sentence) in [
        ("Workaround", "Replace the Lamp.dll (5.1.2600.3500) with Lamp.dll (5.1.2600.1106)."),
        ("More information", "Replace the Lamp.dll (5.1.2600.3500) with Lamp.dll (5.1.2600.1106)."),
        ("More information", "Your Lamp.dll should be version 5.1.2600.3500 or later."),
        ("Symptoms", "Microsoft has released a new version of the Lamp.dll (5.1.2600.3500) file."),
        ("Workaround", "Use the tool, which upgrades the lamp engine (Lamp.dll) to version 5.1.2600.3500."),
    ] {
        assert_eq!(rows_of(part, sentence), [], "{part}: {sentence}");
    }
}

/// Dates in brackets, and files without a version (Q239110, Q127807, Q166034).
#[test]
fn dates_of_newer_files_are_read() {
    for sentence in [
        "Copy the newer (dated 3/30/1999) Lamp.dll file to the system folder.",
        "The lamp update (Lamp.dll) dated 3/30/1999 and later corrects the dark lamp.",
        "The new version of Lamp.dll (dated 3/30/1999) provides the following changes:",
    ] {
        let page =
            format!("# A lamp\n\n_Original KB number:_ &nbsp; 953022\n\nA lamp.\n\n## Resolution\n\n{sentence}\n");
        let article = parse(&page, None).unwrap().remove(0);
        let dated: Vec<(&str, String)> = article
            .fixes
            .iter()
            .map(|f| (f.file.as_ref(), f.date.map(|d| d.to_string()).unwrap_or_default()))
            .collect();
        assert_eq!(dated, [("Lamp.dll", "1999-03-30".to_owned())], "{sentence}");
    }
}

/// An article that names other makers: only files that the sentence calls Microsoft's own count (Q131865, Q191735).
#[test]
fn articles_with_other_makers_state_only_microsofts_own_files() {
    let stated = |sentence: &str| {
        let page = format!(
            "DOCUMENT:Q300017  09-AUG-2001  [winnt]\nTITLE   :A Lamp\nKEYWORDS:\n\nRESOLUTION\n==========\n\n{sentence}\n\nAdditional query words: 3rdparty\n"
        );
        parse(&page, None).unwrap().remove(0).fixes.len()
    };
    assert_eq!(stated("This problem was corrected in Lamp.dll version 5.1.2600.3500 of Microsoft Oil."), 1);
    assert_eq!(stated("This problem was corrected in the Windows NT version 3.51 file, Lamp.dll version 5.1.2600."), 1);
    assert_eq!(stated("This problem was corrected in Lamp.dll version 5.1.2600.3500."), 0);
}

/// An article page in the layout of the text archive.
fn archived(title: &str, parts: &[(&str, &str)]) -> hotfixcheck_articles::Article {
    let body: String =
        parts.iter().map(|(part, text)| format!("{part}\n{}\n\n{text}\n\n", "=".repeat(part.len()))).collect();
    let page = format!(
        "DOCUMENT:Q953022  01-JAN-2001  [lamp]\nTITLE   :{title}\nPRODUCT :Lamp\nKEYWORDS:\n\nThe information in this article applies to:\n\n - Microsoft Lamp 4.0\n\n{body}"
    );
    parse(&page, None).unwrap().remove(0)
}

/// Name, version and date of the rows.
fn facts(article: &hotfixcheck_articles::Article) -> Vec<String> {
    let fact = |fix: &hotfixcheck_articles::Fix| {
        let date = fix.date.map_or_else(String::new, |date| format!(" {date}"));
        format!("{} {}{date}", fix.file, fix.version.as_deref().unwrap_or("-"))
    };
    article.fixes.iter().map(fact).collect()
}

/// An older version that readers should go back to is not the fix: later versions have the problem (issue 14, Q169512, Q199117).
#[test]
fn an_older_version_as_remedy_is_no_fix() {
    let older = "Use the older control of Lamp 4.0. It can replace the newer version.\n\n\
                 1. Obtain version 4.01.0000 of Lamp.ocx.\n\n2. Rename the 5.00.3714 version of Lamp.ocx.";
    assert_eq!(facts(&archived("Lamp Fails", &[("RESOLUTION", older)])), [""; 0]);
    let newer = "Use the newer control, not the older one.\n\n1. Obtain version 5.00.3714 of Lamp.ocx.";
    assert_eq!(facts(&archived("Lamp Fails", &[("RESOLUTION", newer)])), ["Lamp.ocx 5.00.3714"]);
    let back = "1. Obtain version 4.02.0622 of the following file: \\winnt\\Lamp.dll\n\n\
                2. Overwrite the SP4 version of Lamp.dll (4.02.0667.05) with the older build (4.02.0622).";
    assert_eq!(facts(&archived("Lamp Fails", &[("WORKAROUND", back)])), [""; 0]);
}

/// The version in the title of an update is that of the listed file (issue 14, Q111558).
#[test]
fn the_title_gives_a_listed_file_its_version() {
    let list = "This is a replacement for the LAMP.EXE file. You should receive the following files:\n\n\
                \x20  LAMP.EXE (57,551 bytes, dated 04-14-95, 5:54 P.M.)\n   OIL.OVL (371,978 bytes, dated 04-14-95, 6:13 P.M.)";
    for title in ["Lamp LAMP.EXE Version 3.2.18 Update", "Lamp LAMP.EXE 3.2.18 Update", "Lamp LAMP.EXE Version 3.2.18"]
    {
        assert_eq!(
            facts(&archived(title, &[("MORE INFORMATION", list)])),
            ["LAMP.EXE 3.2.18 1995-04-14", "OIL.OVL - 1995-04-14"]
        );
    }
    let other = archived("Update: Lamp LAMP.EXE 3.2.16 Loses Oil", &[("MORE INFORMATION", list)]);
    assert_eq!(facts(&other)[0], "LAMP.EXE - 1995-04-14");
}

/// Properties on lines of their own (issue 14, Q174641, Q159504).
#[test]
fn properties_below_a_name_are_a_row() {
    let below = "The following information is the correct file size and version information:\n\nLamp.dll:\n\n\
                 \x20  Size: 131,344 bytes\n   Version: 1.00.224.0\n\nOil.dll:\n\n   Size: 57,616 bytes\n   Version: 1.0.0.1";
    let article = archived("Lamp Fails", &[("WORKAROUND", below)]);
    assert_eq!(facts(&article), ["Lamp.dll 1.00.224.0", "Oil.dll 1.0.0.1"]);
    assert_eq!(article.fixes[0].size, Some(131_344));
    let newer = "The newer version of Lamp.exe has the following properties:\n\n - Date: 8/13/96\n - Version: 4.1";
    assert_eq!(facts(&archived("Lamp Fails", &[("RESOLUTION", newer)])), ["Lamp.exe 4.1 1996-08-13"]);
    let contents = "The disc has these files.\n\nLamp.dll:\n\n   Size: 131,344 bytes\n   Version: 1.00.224.0";
    assert_eq!(facts(&archived("Lamp Fails", &[("MORE INFORMATION", contents)])), [""; 0]);
}

/// A version for all files of a list, and other words for a version or time stamp (issue 14, Q176577, Q107446, Q261093,
/// Q151613, Q216408).
#[test]
fn other_words_state_versions() {
    let all = "The file version for the updated Lamp.exe file installed by the converter is version 6.10.419. The file\n\
               version for all other updated files installed by the converter is version 6.10.440.\n\n\
               The following updated files are installed by the converter:\n\n - Lamp.exe\n\n - Oil.dll\n - Wick.gau";
    let article = archived("Lamp Converter", &[("MORE INFORMATION", all)]);
    assert_eq!(facts(&article), ["Lamp.exe 6.10.419", "Oil.dll 6.10.440", "Wick.gau 6.10.440"]);
    for (sentence, row) in [
        ("NOTE: The LAMP.EXE executable file is actually version 3.04.3, which contains the fix.", "LAMP.EXE 3.04.3"),
        ("Check the version of the LAMP.DLL file. The time stamp should be 1/15/96 or later.", "LAMP.DLL - 1996-01-15"),
        ("The SP2 Lamp.dll should be 10240 bytes dated 7-14-96 version 3.51.123.1", "Lamp.dll 3.51.123.1 1996-07-14"),
        ("The DELETED setting is available on version 6.00.8428.00 or later of lamp.dll.", "lamp.dll 6.00.8428.00"),
    ] {
        assert_eq!(facts(&archived("Lamp Fails", &[("MORE INFORMATION", sentence)])), [row], "{sentence}");
    }
    let sized = "The SP2 Lamp.dll should be 10240 bytes dated 7-14-96 version 3.51.123.1";
    assert_eq!(archived("Lamp Fails", &[("MORE INFORMATION", sized)]).fixes[0].size, Some(10_240));
}

/// Versions after a patch or to be obtained, those of a driver, and dates; not the dates of files on a disc to go back to
/// (issue 14, Q122761, Q274664, Q201414, Q246423, Q133201; Q88326, Q93363, Q219381).
#[test]
fn further_words_state_versions_and_dates() {
    for (part, sentence, expected) in [
        (
            "CAUSE",
            "Check the date of the LAMP.DLL. It should be dated 11-\n1-93 or later.",
            vec!["LAMP.DLL - 1993-11-01"],
        ),
        (
            "RESOLUTION",
            "After you install the Lmp101.exe patch, the version of the Lamp.exe file is 1.1.",
            vec!["Lamp.exe 1.1"],
        ),
        (
            "WORKAROUND",
            "For Lamp Server 5.0, obtain a version of Lamp.exe with a file version of 5.0.1458.60.",
            vec!["Lamp.exe 5.0.1458.60"],
        ),
        (
            "MORE INFORMATION",
            "If the Lamp.exe file version is 2.2.203 or later, Oil 4.0 SP4 does not cause the lamp to go out.",
            vec!["Lamp.exe 2.2.203"],
        ),
        (
            "MORE INFORMATION",
            "- Install the Microsoft Lamp driver version 9.01b LAMP.DLL file.",
            vec!["LAMP.DLL 9.01b"],
        ),
    ] {
        assert_eq!(facts(&archived("Lamp Fails", &[(part, sentence)])), expected, "{sentence}");
    }
    for (part, sentence) in [
        ("CAUSE", "Any Post-SP4 Lamp.sys dated prior to 2/25/99 should be replaced."),
        ("SUMMARY", "If the file dates of LAMP.DLL and OIL.DLL are earlier than 3/10/92, they should be replaced."),
        ("CAUSE", "Lamp.sys dated 2/25/99 should be replaced."),
        ("CAUSE", "Check the date of the LAMP.DLL. It should be dated 11-1-93."),
        ("RESOLUTION", "Before you install the Lmp101.exe patch, the version of the Lamp.exe file is 1.0."),
        ("WORKAROUND", "Do not obtain a version of Lamp.exe with a file version of 5.0.1458.60."),
        ("MORE INFORMATION", "If the Lamp.exe file version is 2.2.203 or later, the lamp goes out."),
        ("MORE INFORMATION", "Install the Lamp driver version 9.01b from the LAMP.EXE file."),
    ] {
        assert_eq!(facts(&archived("Lamp Fails", &[(part, sentence)])), [""; 0], "{sentence}");
    }
}

/// The files by which a reader sees whether an update is installed are the update's (issue 14, Q231327).
#[test]
fn files_to_verify_an_update_by_are_rows() {
    let text = "To determine whether the upgrade is installed, check for the Oil.txt file in the Lamp folder. You can also\n\
                check the following files to verify that the files are the correct ones:\n\n\
                File           Date      Time     Size      Version\n\
                ----------------------------------------------------------\n\
                Lamp.dll       3/08/99   12:02p   147,728   2.40.4275.1\n\
                Oil.exe        2/19/99   10:55a    68,992   4.10.2000\n";
    let article = archived("Is the Lamp Upgrade Installed?", &[("SUMMARY", text)]);
    assert_eq!(facts(&article), ["Lamp.dll 2.40.4275.1 1999-03-08", "Oil.exe 4.10.2000 1999-02-19"]);
    let other = text.replace("to verify that the files are the correct ones", "if an error message appears");
    assert_eq!(facts(&archived("Is the Lamp Upgrade Installed?", &[("SUMMARY", &other)])), [""; 0]);
}

/// Several files of a sentence, each with its own version: none has that of another one.
#[test]
fn each_file_of_a_sentence_has_its_own_version() {
    let row = |file: &str, version: &str| (file.to_owned(), format!("5.1.2600.{version}"));
    for (sentence, expected) in [
        (
            "This problem has been fixed in versions 5.1.2600.3500 and later of Lamp.dll and 5.1.2600.3501 and later of Oil.sys.",
            vec![row("Lamp.dll", "3500"), row("Oil.sys", "3501")],
        ),
        (
            "This problem was corrected in Lamp.dll (version 5.1.2600.3500), Oil.sys (5.1.2600.3501), and Wick.drv (5.1.2600.3502).",
            vec![row("Lamp.dll", "3500"), row("Oil.sys", "3501"), row("Wick.drv", "3502")],
        ),
        (
            "This problem was corrected in Lamp.dll version 5.1.2600.3500 and 5.1.2600.3501.",
            vec![row("Lamp.dll", "3500"), row("Lamp.dll", "3501")],
        ),
    ] {
        let mut found = rows(sentence);
        found.sort();
        assert_eq!(found, expected, "{sentence}");
    }
}
