//! Whole statements in running text and in lists, in other words and orders (issue 14, points 5 and 7).

use crate::prose_sentences::{rows, rows_of};
use hotfixcheck_articles::parse;

/// Statements of several files, of two sentences, and with other verbs (issue 14, point 5).
#[test]
fn whole_statements_in_other_words_are_read() {
    let one = [("Lamp.dll", "5.1.2600.3500")].as_slice();
    let both = [("Lamp.dll", "5.1.2600.3500"), ("Oil.sys", "5.1.2600.3500")].as_slice();
    let each = [("Lamp.dll", "5.1.2600.3500"), ("Oil.sys", "5.1.2600.3501")].as_slice();
    for (sentence, expected) in [
        ("Install the files Lamp.dll and Oil.sys, both version 5.1.2600.3500, from the hotfix.", both),
        ("Copy the updated Lamp.dll, Oil.sys, all of version 5.1.2600.3500, to the System32 folder.", both),
        ("This problem does not occur with Lamp.dll version 5.1.2600.3500.", one),
        ("The problem no longer occurs if you have version 5.1.2600.3500 or later of the Lamp.dll file.", one),
        ("The hotfix replaces Lamp.dll version 5.1.2600.2180 with version 5.1.2600.3500.", one),
        ("The update replaces the Lamp.dll file, version 5.1.2600.2180, by version 5.1.2600.3500.", one),
        ("Lamp.dll version 5.1.2600.3500 or later fixes this problem.", one),
        ("Lamp.dll version 5.1.2600.3500 or later corrects this problem; so does Oil.sys 5.1.2600.3501.", each),
        ("Check the version of Lamp.dll. It should be 5.1.2600.3500 or higher.", one),
        ("Verify the file version of the Lamp.dll file. The version must be at least 5.1.2600.3500.", one),
        (
            "This is a problem in Lamp.dll version 5.1.2600.2180. This problem was corrected in version 5.1.2600.3500.",
            one,
        ),
        ("The fix consists of Lamp.dll version 5.1.2600.3500 and Oil.sys version 5.1.2600.3501.", each),
        (
            "Check that Lamp.dll has version number 5.1.2600.3500 (or a later version) and that Oil.sys is at least version 5.1.2600.3501.",
            each,
        ),
        ("Confirm that the version of Lamp.dll is 5.1.2600.3500 or later.", one),
    ] {
        let expected: Vec<_> = expected.iter().map(|(file, version)| (file.to_string(), version.to_string())).collect();
        assert_eq!(rows(sentence), expected, "{sentence}");
    }
}

/// Half of such a statement, or one about the version with the problem, states nothing.
#[test]
fn half_a_statement_in_other_words_states_nothing() {
    for sentence in [
        "Copy Lamp.dll and Oil.sys, both version 5.1.2600.3500 on Windows XP.",
        "This problem does not occur with Lamp.dll version 5.1.2600.2180 or earlier.",
        "This problem does not occur with Lamp.dll version 5.1.2600.2180 only.",
        "The hotfix replaces Lamp.dll version 5.1.2600.2180 with version 5.1.2600.3500 or 5.2.3790.100.",
        "Lamp.dll version 5.1.2600.3500 or later fixes this problem; so does Oil.sys.",
        "Check the version of Lamp.dll. It should be 5.1.2600.3500 on Windows XP.",
        "The vendor's update replaces Lamp.dll version 5.1.2600.2180 with version 5.1.2600.3500.",
    ] {
        assert_eq!(rows(sentence), [], "{sentence}");
    }
    let older = "This problem does not occur with Lamp.dll version 5.1.2600.2180.";
    assert_eq!(rows_of("Symptoms", older), []);
    assert_eq!(rows_of("Workaround", older), []);
}

/// A title that offers a version counts if the text offers the file, too.
#[test]
fn titles_offer_files() {
    let titled = |title: &str, text: &str| {
        let page = format!("# {title}\n\n_Original KB number:_ &nbsp; 953022\n\n## Resolution\n\n{text}\n");
        let article = parse(&page, None).unwrap().remove(0);
        let row = |fix: &hotfixcheck_articles::Fix| format!("{} {}", fix.file, fix.version.as_deref().unwrap_or("-"));
        article.fixes.iter().map(row).collect::<Vec<_>>()
    };
    let text = "To resolve this problem, obtain the updated file.";
    for title in [
        "Updated Lamp.dll 5.1.2600.3500 Available",
        "FIX: Updated Lamp.dll (5.1.2600.3500) Now Available",
        "Version 5.1.2600.3500 of Lamp.dll Is Available",
        "New Version of Lamp.dll (version 5.1.2600.3500) Available",
    ] {
        assert_eq!(titled(title, text), ["Lamp.dll 5.1.2600.3500"], "{title}");
        assert!(titled(title, "Nothing can be done.").is_empty(), "{title}");
    }
    assert!(titled("Lamp.dll 5.1.2600.3500 Fails", text).is_empty());
}

/// Other orders of the words, and attributes in the next sentence.
#[test]
fn sentences_in_other_words_state_versions() {
    for sentence in [
        "This problem does not occur with version 5.1.2600.3500 (or later) of the Lamp.dll file.",
        "Verify that the version of the Lamp.dll file on your computer is 5.1.2600.3500 or higher.",
        "Make sure that you have at least version 5.1.2600.3500 of Lamp.dll.",
        "The updated Lamp.dll (5.1.2600.3500, dated March 4, 2000, 71,952 bytes) fixes this problem.",
        "The fix updates Lamp.dll from version 5.1.2600.100 to version 5.1.2600.3500.",
        "The English version of this fix consists of one file, Lamp.dll, with version number 5.1.2600.3500 and a date of 3/4/2000.",
        "The minimum version of Lamp.dll that contains this fix is 5.1.2600.3500.",
        "This problem is fixed in Lamp.dll builds 5.1.2600.3500 and later.",
        "The corrected file is Lamp.dll. Its version is 5.1.2600.3500.",
    ] {
        assert_eq!(rows(sentence), [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned())], "{sentence}");
    }
    let both =
        [("Lamp.dll".to_owned(), "5.1.2600.3500".to_owned()), ("Oil.sys".to_owned(), "5.1.2600.3501".to_owned())];
    for sentence in [
        "After you install the hotfix, the file versions are as follows: Lamp.dll 5.1.2600.3500, and Oil.sys 5.1.2600.3501.",
        "Obtain the hotfix. It installs the following: Lamp.dll v5.1.2600.3500 and Oil.sys v5.1.2600.3501.",
    ] {
        assert_eq!(rows(sentence), both, "{sentence}");
    }
    let sentence = "Both Lamp.dll and Oil.sys must be version 5.1.2600.3500 or later for the fix to work.";
    assert_eq!(rows(sentence).len(), 2);
    for sentence in [
        "This problem occurs with version 5.1.2600.3500 (or later) of the Lamp.dll file.",
        "Verify that the version of the Lamp.dll file on your computer is 5.1.2600.3500 or earlier.",
        "After you install the hotfix, the file versions are as follows: Lamp.dll 5.1.2600.3500 on Windows XP.",
        "The fix updates Lamp.dll from version 5.1.2600.100 to version 5.1.2600.3500 on Windows XP only.",
    ] {
        assert_eq!(rows(sentence), [], "{sentence}");
    }
}

/// Numbered items, a list of a fix's files, a file without a version, and numbers that are sizes in another unit.
#[test]
fn lists_in_other_forms() {
    let facts = |body: &str| {
        let page = format!(
            "DOCUMENT:Q953022  04-MAR-2000  [winnt]\nTITLE   :A Lamp Fails\n\n{}\nRESOLUTION\n==========\n\n{body}\n",
            "=".repeat(70)
        );
        let article = parse(&page, None).unwrap().remove(0);
        let row = |fix: &hotfixcheck_articles::Fix| {
            format!(
                "{} {} {}",
                fix.file,
                fix.version.as_deref().unwrap_or("-"),
                fix.size.map_or("-".to_owned(), |size| size.to_string())
            )
        };
        article.fixes.iter().map(row).collect::<Vec<_>>()
    };
    let lists = [
        (
            "To resolve this problem, obtain the following files or later:\n\n   1. Lamp.dll, version 4.0.1381.7200\n   2. Oil.dll, version 4.0.1381.7201",
            vec!["Lamp.dll 4.0.1381.7200 -", "Oil.dll 4.0.1381.7201 -"],
        ),
        (
            "The following is a list of the files in this fix and their versions:\n\n   Lamp.dll     4.0.1381.7200\n   Oil.dll      4.0.1381.7201\n   Readme.txt   94.5",
            vec!["Lamp.dll 4.0.1381.7200 -", "Oil.dll 4.0.1381.7201 -", "Readme.txt - -"],
        ),
        (
            "This fix should have the following time stamp:\n\n   03/04/00  11:11a      94,480 Lamp.dll    (Intel)\n   03/04/00  11:13a         1.1 Readme.hlp",
            vec!["Lamp.dll - 94480", "Readme.hlp - -"],
        ),
        (
            "The updated files are:\n\n   - Lamp.dll (version 4.0.1381.7200; 71,952 bytes)\n   - Oil.drv (no version; 1,952 bytes)",
            vec!["Lamp.dll 4.0.1381.7200 71952", "Oil.drv - 1952"],
        ),
    ];
    for (body, expected) in lists {
        assert_eq!(facts(body), expected, "{body}");
    }
}
