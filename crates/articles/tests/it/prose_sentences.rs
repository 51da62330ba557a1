//! Sentences that state the version of a file with the fix (issue 14, points 5 and 7).

use hotfixcheck_articles::parse;

/// File and version of the rows of a page that contains only this sentence.
fn rows(sentence: &str) -> Vec<(String, String)> {
    let page = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953022\n\nA lamp fails.\n\n## Resolution\n\n{sentence}\n"
    );
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
