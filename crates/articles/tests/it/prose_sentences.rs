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
