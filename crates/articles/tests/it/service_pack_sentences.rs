//! Sentences in other words and languages about the service pack that corrects the problem (issues 13 and 14).

use crate::service_packs::{nt4, packs, packs_of};

/// The packs of an article about Windows XP and Windows 2000.
fn of_both(text: &str) -> Vec<(String, String)> {
    packs_of(&["Windows XP Professional", "Windows 2000 Server"], "", text)
}

#[test]
fn other_words_for_the_pack_that_corrects() {
    for (text, sp) in [
        ("This problem has been resolved in the fifth service pack for Windows NT 4.0.", "5"),
        ("This problem was first corrected in the third Service Pack for Windows NT 4.0.", "3"),
        ("Install Windows NT 4.0 Service Pack 5 or later.", "5"),
        ("Apply Service Pack 5 or a later service pack.", "5"),
        ("This problem does not occur in Windows NT 4.0 Service Pack 5.", "5"),
        ("This problem no longer occurs with Windows NT 4.0 Service Pack 5 or later.", "5"),
        ("Windows NT 4.0 Service Pack 5 contains a fix for this problem.", "5"),
        ("This problem was corrected in all service packs after Windows NT 4.0 Service Pack 4.", "5"),
        ("This problem was corrected in every service pack since Windows NT 4.0 Service Pack 4.", "5"),
        ("This problem was corrected in all service packs after Windows NT 4.0 Service Pack 6.", "6a"),
        ("Starting with Windows NT 4.0 Service Pack 5, this problem no longer occurs.", "5"),
        ("Windows NT 4.0 Service Pack 5 corrects this problem.", "5"),
        ("This problem was first corrected in Windows NT 4.0 Service Pack Six.", "6"),
        ("This problem was first corrected in Windows NT 4.0 Service Pack III.", "3"),
        ("The problem was corrected by Service Pack 3 for NT 4.0.", "3"),
        ("The fixed version of Lamp.sys is available in Windows NT 4.0 Service Pack 2 or later.", "2"),
        ("The fixed Lamp.sys file is available in Windows NT 4.0 Service Pack 2 and later.", "2"),
        (
            "The updated version of Lamp.exe, which fixes dark lamps, is available in Windows NT 4.0 Service Pack 2.",
            "2",
        ),
        ("There is a fixed version of Lamp.sys available on Windows NT 4.0 Service Pack 2 and later.", "2"),
        ("A permanent fix for this problem is included in Windows NT 4.0 Service Pack 2 or later.", "2"),
        ("Apply Windows NT 4.0 Service Pack 2 or greater to fix this.", "2"),
        (
            "Microsoft has included the fix for this problem in the release of Service Pack 2 for Windows NT Server and \
             Windows NT Workstation version 4.0.",
            "2",
        ),
        (
            "Apply Windows NT 4.0 Service Pack 2 (SP2) to the computer running the server, and the error will no longer occur.",
            "2",
        ),
    ] {
        assert_eq!(packs("", text), nt4(&[sp]), "{text}");
    }
    // A rollup after a service pack is none (issue 13).
    for text in [
        "This problem was corrected in Windows NT 4.0 Service Pack 6a SRP.",
        "Corrected in Windows NT 4.0 Service Pack 6a Security Rollup.",
    ] {
        assert_eq!(packs("", text), nt4(&[]), "{text}");
    }
    let latest = "This has been resolved in the latest Windows NT 4.0 Service Pack (SP3).";
    assert_eq!(packs("", latest), nt4(&["3", "latest"]));
    // A number in words beside "the latest".
    let both = "Obtain the latest service pack for Windows NT 4.0.\n\nThis problem was first corrected in Windows NT 4.0 Service Pack Six.";
    assert!(packs("", both).contains(&nt4(&["6"])[0]));
}

#[test]
fn sentences_that_do_not_say_that_a_pack_corrects_the_problem() {
    for text in [
        "This problem does not occur in Windows NT 4.0 Service Pack 3. It occurs after you install Service Pack 4.",
        "This problem does not occur in Windows NT 4.0 Service Pack 3.\n\nThis is a problem in Windows NT 4.0 Service Pack 5.",
        "This problem does not occur in Windows NT 4.0 Service Pack 3 without the hotfix.",
        "Install Windows NT 4.0 Service Pack 5.",
        "Apply Windows NT 4.0 Service Pack 2 or greater to fix this problem of another lamp.",
        "Apply Windows NT 4.0 Service Pack 2 to the server, and the error will occur.",
        "A new version of Lamp.dll was included in Windows NT 4.0 Service Pack 3 to light more lamps.",
        "There is no fixed version of Lamp.sys available in Windows NT 4.0 Service Pack 3.",
        "Microsoft has not included the fix for this problem in Service Pack 2 for Windows NT 4.0.",
        "Install Windows NT 4.0 Service Pack 5 or later. Then apply the hotfix.",
        "Windows NT 4.0 Service Pack 5 does not contain a fix for this problem.",
        "Windows NT 4.0 Service Pack 5 contains a fix for a similar problem.",
    ] {
        assert_eq!(packs("", text), nt4(&[]), "{text}");
    }
    // Taken out again by a later pack: no number is safe to say that the problem is gone.
    let undone =
        "This problem was first corrected in Windows XP Service Pack 2. Service Pack 3 does not include this fix.";
    assert_eq!(packs_of(&["Windows XP Professional"], "", undone), []);
}

#[test]
fn the_pack_that_corrects_in_other_languages() {
    for text in [
        "Dieses Problem wurde erstmals in Windows 2000 Service Pack 3 behoben.",
        "Dieses Problem wurde in Service Pack 3 für Windows 2000 korrigiert.",
        "Ce problème a été corrigé dans Windows 2000 Service Pack 3.",
        "Ce problème a été résolu pour la première fois dans le Service Pack 3 pour Windows 2000.",
        "Este problema se corrigió por primera vez en Windows 2000 Service Pack 3.",
        "Questo problema è stato risolto in Windows 2000 Service Pack 3.",
        "Este problema foi corrigido no Windows 2000 Service Pack 3.",
        "Dit probleem is voor het eerst opgelost in Windows 2000 Service Pack 3.",
        "この問題は Windows 2000 Service Pack 3 で修正されています。",
        "이 문제는 Windows 2000 Service Pack 3에서 처음 수정되었습니다.",
        "此问题最早在 Windows 2000 Service Pack 3 中得到更正。",
        "這個問題已在 Windows 2000 Service Pack 3 中修正。",
        "Эта проблема была впервые исправлена в Windows 2000 Service Pack 3.",
    ] {
        assert_eq!(of_both(text), [("Windows 2000".to_owned(), "3".to_owned())], "{text}");
    }
    for text in [
        "Dieses Problem wurde in Windows 2000 Service Pack 3 nicht behoben.",
        "Ce problème n'est pas corrigé dans Windows 2000 Service Pack 3.",
        "Este problema no se ha corregido en Windows 2000 Service Pack 3.",
        "この問題は Windows 2000 Service Pack 3 で修正されていません。",
        "此问题在 Windows 2000 Service Pack 3 中没有解决。",
    ] {
        assert_eq!(of_both(text), [], "{text}");
    }
}

/// "Available in" and "included in" a pack; features only if their files are stated (Q170077, Q181743, Q218439, Q236847, issue
/// 14). Keywords count only where the text is silent (issue 13).
#[test]
fn packs_in_which_a_fix_is_available_are_read() {
    for text in [
        "This problem has been fixed and is now available in Windows NT 4.0 Service Pack 5.",
        "A supported fix that corrects this problem is now available from Microsoft and is included in Windows NT 4.0 Service Pack 5.",
        "There is a fix for this issue included in Service Pack 5 for Windows NT 4.0.",
        "These files are available in the Windows NT 4.0 Service Pack 5 setup file.",
        "This feature was first included in Windows NT 4.0 Service Pack 5. The English version of this feature should have the \
         following file attributes or later:",
    ] {
        assert_eq!(packs("", text), nt4(&["5"]), "{text}");
    }
    assert_eq!(packs("", "This feature was first included in Windows NT 4.0 Service Pack 5."), nt4(&[]));
    let text = "This bug was corrected in Windows NT 4.0 Service Pack 4.";
    assert_eq!(packs("kbWinNT400sp4fix kbWinNT400sp5fix", text), nt4(&["4"]));
    assert_eq!(packs("kbWinNT400sp5fix", text), nt4(&["4"]));
    assert_eq!(packs("kbWinNT400sp3fix kbWinNT400sp4fix", text), nt4(&["4"]));
}

/// Issue 13, point 5: the pack after one that lacks the fix, and a pack with which the fix is not needed.
#[test]
fn the_pack_that_has_it_after_one_that_lacks_it() {
    for (text, packs) in [
        ("This fix was not included in Service Pack 3. It is included in Service Pack 4.", &["4"][..]),
        (
            "This hotfix is not included in Windows NT 4.0 Service Pack 3. However, it is included in Service Pack 4.",
            &["4"],
        ),
        ("The fix was not included in Service Pack 3, but is included in Service Pack 4.", &["4"]),
        ("The fix was not included in Service Pack 3, but it is available in Service Pack 4.", &["4"]),
        ("This fix was not included in Service Pack 3. It can be included in a folder of Service Pack 4.", &[]),
        ("This fix was not included in Service Pack 3. It is not included in Service Pack 4.", &[]),
        ("If you have already installed Windows NT 4.0 Service Pack 3, you do not need this fix.", &["3"]),
        ("If you are running Service Pack 3 or later, you do not have to install this hotfix.", &["3"]),
        ("If you have installed Service Pack 3, you do not need to restart the computer.", &[]),
        ("If you have not installed Service Pack 3, you do not need this fix.", &[]),
    ] {
        assert_eq!(packs_of_nt4(text), nt4(packs), "{text}");
    }
    // The product is that of the sentence before, where the article has several.
    let both = "This fix was not included in Windows 2000 Service Pack 3. It is included in Service Pack 4.";
    assert_eq!(of_both(both), [("Windows 2000".to_owned(), "4".to_owned())]);
    assert!(of_both("This fix was not included in Service Pack 3. It is included in Service Pack 4.").is_empty());
}

/// The packs of an article about Windows NT 4.0 alone.
fn packs_of_nt4(text: &str) -> Vec<(String, String)> {
    packs_of(&["Microsoft Windows NT Server version 4.0"], "", text)
}
