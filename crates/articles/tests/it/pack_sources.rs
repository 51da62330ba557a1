//! What stands between "corrected in" and the pack, causes that name no product, and the article's own problem in other words
//! (issue 13, point 5).

use hotfixcheck_articles::parse;

use crate::service_packs::{nt4, packs, packs_of};

/// The packs of an article with this title and text.
fn titled(title: &str, text: &str) -> Vec<(String, String)> {
    let article = format!(
        "DOCUMENT:Q999001 01-JAN-2002 [winnt]\nTITLE   :{title}\nPRODUCT :Microsoft Windows NT\nPROD/VER::4.0\nOPER/SYS:\n\
         KEYWORDS:\n\n======================================================================\n\
         -------------------------------------------------------------------------------\n\
         The information in this article applies to:\n\n - Microsoft Windows NT Server version 4.0 \n\
         -------------------------------------------------------------------------------\n\nSTATUS\n======\n\n{text}\n"
    );
    let article = parse(&article, None).unwrap().remove(0);
    article.service_packs.iter().map(|pack| (pack.product.to_string(), pack.sp.to_string())).collect()
}

#[test]
fn what_is_not_the_pack_itself_corrects_nothing() {
    for text in [
        "This problem is corrected by removing PACK.",
        "This problem is corrected by uninstalling PACK.",
        "This problem is resolved by going back to PACK.",
        "This problem is fixed by reverting to PACK.",
        "This problem is resolved by rolling the server back to PACK.",
        "This problem is resolved by restoring the version of PACK.",
        "This problem is resolved by not installing PACK.",
        "This problem was corrected in the beta release of PACK.",
        "This problem was corrected in a pre-release version of PACK.",
        "This problem was corrected in an internal build of PACK.",
        "This problem was corrected in a private version of PACK.",
        "This problem was corrected in a fix that is based on PACK.",
        "This problem was corrected in a fix that you can apply to PACK.",
        "This problem was corrected in an update that is to be applied on top of PACK.",
        "This problem was corrected in an add-on to PACK.",
        "This problem was corrected in a supplement to PACK.",
        "This problem was corrected in a fix that was released between PACK and Windows NT 4.0 Service Pack 6.",
        "This problem has been resolved by the fix below, which replaces the file of PACK.",
        "Nothing in PACK corrects this problem.",
        "No fix in PACK corrects this problem.",
        "Little in PACK corrects this problem.",
        "This problem was fixed in the Alpha version of PACK.",
        "This problem was fixed in the Japanese version of PACK.",
        "This problem was fixed in the Resource Kit for PACK.",
        "This problem was fixed in the documentation of PACK.",
        "This problem was fixed in the symbols of PACK.",
        "This problem was fixed in the Readme file of PACK.",
    ] {
        let text = text.replace("PACK", "Windows NT 4.0 Service Pack 5");
        assert_eq!(packs("", &text), nt4(&[]), "{text}");
    }
}

#[test]
fn other_words_for_a_correction_are_read() {
    for text in [
        "This problem was corrected in the U.S. release of PACK.",
        "This problem was corrected in Ntfs.sys in PACK.",
        "This problem is corrected in the version of Ntfs.sys that is included in PACK.",
        "This problem can be fixed by installing Cirrus.sys from PACK.",
        "This problem was corrected in MDAC version 2.5 and later, and in PACK.",
        "PACK contains the correction.",
        "The correction is part of PACK.",
        "This fix ships with PACK.",
        "The fix is in PACK.",
        "Microsoft first corrected this problem in PACK.",
        "As of PACK, this problem is corrected.",
        "This problem no longer occurs after you install PACK.",
        "This problem was first corrected in NT 4 SP5.",
        "This problem was first corrected in WinNT 4.0 SP5.",
        "This problem was first corrected in PACK. For more information about a problem that is not corrected, see Q123456.",
        "This problem was first corrected in PACK. This problem was not corrected in Windows NT Server 4.0, Terminal Server Edition Service Pack 5.",
    ] {
        let text = text.replace("PACK", "Windows NT 4.0 Service Pack 5");
        assert_eq!(packs("", &text), nt4(&["5"]), "{text}");
    }
}

/// Q226487: neither the pack that brought the problem nor one that does not contain the fix corrects it, whatever a keyword says,
/// though the text does not say of which product it is.
#[test]
fn a_pack_without_a_product_that_is_no_cure_is_none_of_any_product() {
    let both = ["Windows NT Server version 4.0, Terminal Server Edition", "Windows NT Server version 4.0"];
    let found = |text: &str| packs_of(&both, "kbWinNT400sp5fix kbWinNT4sp6fix", text);
    assert_eq!(found("There is more to say."), nt4(&["5", "6"]));
    assert_eq!(
        found("When you apply Service Pack 5 to your computer, the service does not return a message."),
        nt4(&["6"])
    );
    assert_eq!(found("This hotfix is not included in Service Pack 6 (SP6)."), nt4(&["5"]));
    assert_eq!(found("This problem was introduced in Service Pack 5."), nt4(&["6"]));
    // A fix after a pack is not the pack.
    assert_eq!(found("When you apply a post-SP5 hotfix, the service does not return a message."), nt4(&["5", "6"]));
}

/// Q231616: the keyword of Windows NT 4.0 stands in articles on Terminal Server Edition alone.
#[test]
fn a_keyword_is_for_a_windows_that_the_product_list_names() {
    let tse = "Windows NT Server version 4.0, Terminal Server Edition";
    let of = |list: &[&str]| packs_of(list, "kbWinNT4sp6fix", "There is more to say.");
    assert_eq!(of(&[tse]), nt4(&[]));
    assert_eq!(of(&["Windows 2000 Server"]), nt4(&[]));
    assert_eq!(of(&[tse, "Windows NT Server version 4.0"]), nt4(&["6"]));
    // A product that runs on it leaves out nothing.
    assert_eq!(of(&["Internet Information Server version 4.0"]), nt4(&["6"]));
    assert_eq!(of(&[tse, "Internet Information Server version 4.0"]), nt4(&["6"]));
    let text = "This problem was first corrected in Windows NT 4.0 Service Pack 6.";
    assert_eq!(packs_of(&[tse], "", text), nt4(&["6"]), "the text says it");
}

/// Q143138: the pack is named as the cause first, and "this hotfix" is what brought the problem.
#[test]
fn a_pack_after_which_something_no_longer_works_is_the_cause() {
    let text = "After you apply the hotfix or Windows NT 4.0 Service Pack 3, which includes this hotfix, programs may no longer work.\n\n\
                This hotfix is also included with Windows NT 4.0 Service Pack 3.";
    assert_eq!(packs("", text), nt4(&[]));
    let cured = "After you install Windows NT 4.0 Service Pack 3, this problem no longer occurs. It was corrected in \
                 Windows NT 4.0 Service Pack 3.";
    assert_eq!(packs("", cured), nt4(&["3"]));
}

#[test]
fn the_own_problem_may_be_named_in_other_words() {
    let title = "Spooler Hangs When You Print from Word to a Network Printer";
    for subject in [
        "The hang that occurs when you print from Word to a network printer",
        "The problem in which the spooler hangs when you print",
        "The hang that occurred when you printed from Word over the network",
    ] {
        let text = format!("{subject} was corrected in Windows NT 4.0 Service Pack 5.");
        assert_eq!(titled(title, &text), nt4(&["5"]), "{text}");
        assert_eq!(titled("Leak in the Registry When You Dial Out", &text), nt4(&[]), "{text}");
    }
    for subject in [
        "A hang that occurs when you print from Word to a network printer",
        "The similar hang that occurs when you print from Word to a network printer",
        "The hang that is described in Q123456 when you print from Word to a network printer",
        "The hang that occurs when you print only drawings from Word to a network printer",
    ] {
        let text = format!("{subject} was corrected in Windows NT 4.0 Service Pack 5.");
        assert_eq!(titled(title, &text), nt4(&[]), "{text}");
    }
    // What comes after it takes it back.
    let back = "The hang that occurs when you print from Word was corrected in Windows NT 4.0 Service Pack 5. However, the problem still occurs.";
    assert_eq!(titled(title, back), nt4(&[]));
}

/// Issue 13: words that exclude nothing are no limit.
#[test]
fn the_english_or_every_version_of_a_pack_is_the_pack() {
    for words in ["the English version of", "all language versions of", "both the Intel and the Alpha versions of"] {
        let text = format!("This problem was corrected in {words} Windows NT 4.0 Service Pack 5.");
        assert_eq!(packs("", &text), nt4(&["5"]), "{text}");
    }
    let limited = "This problem was corrected in the Japanese version of Windows NT 4.0 Service Pack 5.";
    assert!(packs("", limited).is_empty());
}
