//! Headings in the text layout that are no plain lines, and the product that the announcing sentence names (issue 13).

use hotfixcheck_articles::parse;

/// The headings of the rows of an article with this text above its table.
fn sections(above: &str) -> Vec<String> {
    let table = "   Date         Time   Version        Size     File name\n   -----------------------------------------------------\n   \
                 16-Oct-2001  19:23  7.3.100.5    150,800  F00.dll\n";
    let announced = "The English version of this fix should have the following file attributes or later:";
    let above = if above.contains("attributes") { above.to_owned() } else { format!("{above}\n\n{announced}") };
    let page = format!(
        "DOCUMENT:Q300001  16-OCT-2001  [lamp]\nTITLE   :A fix for the lamp\n\nRESOLUTION\n==========\n\n{above}\n\n{table}\n\nSTATUS\n======\n\nFixed.\n"
    );
    parse(&page, None).unwrap()[0].fixes.iter().map(|fix| fix.section.to_string()).collect()
}

#[test]
fn a_marked_name_above_the_announcing_sentence_is_a_heading() {
    for above in [
        "1. Windows 2000",
        " - Windows 2000",
        "*** Windows 2000 ***",
        "[Windows 2000]",
        "=== Windows 2000 ===",
        "Windows 2000\n------------",
        "If you are running Windows 2000, install the following fix:",
        "On Windows 2000-based computers, the English version of this fix should have the following file attributes or later:",
        "The English version of the Windows 2000 fix should have the following file\nattributes or later:",
        "The English version of this fix for Windows 2000 should have the following file\nattributes or later:",
        "The following files are for Windows 2000. The English version of this fix should have the following file attributes or later:",
    ] {
        assert_eq!(sections(above), ["Windows 2000"], "{above}");
    }
    let except = "The English version of this fix (it is not for Windows 2000) should have the following file attributes or later:";
    assert_eq!(sections(except), ["All except Windows 2000"]);
    assert_eq!(sections("If you are running Windows NT 4.0, install the following fix:"), ["Windows NT 4.0"]);
    // A heading is never replaced, and a sentence that names no product for the files binds nothing.
    let headed = "Windows NT 4.0\n--------------\n\nThe English version of the Windows 2000 fix should have the following file attributes or later:";
    assert_eq!(sections(headed), ["Windows NT 4.0"]);
    assert_eq!(sections("Install Windows NT 4.0 Service Pack 3 first."), [""]);
    // A heading that names no system ends the part of the one above it.
    let other = "Windows NT 4.0\n--------------\n\nText.\n\nOther versions\n--------------";
    assert_eq!(sections(other), ["Other versions"]);
}
