//! The service pack that corrects the problem: the text states it; keywords count only if the text does not (issue 13,
//! point 5).

use hotfixcheck_articles::parse;

/// The service packs of an article with these keywords and this text, in the layout of the archive.
pub(super) fn packs(keywords: &str, text: &str) -> Vec<(String, String)> {
    packs_of(&["Windows NT Server version 4.0"], keywords, text)
}

/// The same for an article about these products.
pub(super) fn packs_of(products: &[&str], keywords: &str, text: &str) -> Vec<(String, String)> {
    let products: String = products.iter().map(|product| format!(" - Microsoft {product} \n")).collect();
    let article = format!(
        "DOCUMENT:Q999001 01-JAN-2002 [winnt]\nTITLE   :A Problem\nPRODUCT :Microsoft Windows NT\nPROD/VER::4.0\nOPER/SYS:\n\
         KEYWORDS:{keywords}\n\n======================================================================\n\
         -------------------------------------------------------------------------------\n\
         The information in this article applies to:\n\n{products}\
         -------------------------------------------------------------------------------\n\nSTATUS\n======\n\n{text}\n"
    );
    let article = parse(&article, None).unwrap().remove(0);
    article.service_packs.iter().map(|pack| (pack.product.to_string(), pack.sp.to_string())).collect()
}

pub(super) fn nt4(packs: &[&str]) -> Vec<(String, String)> {
    packs.iter().map(|sp| ("Windows NT 4.0".to_owned(), (*sp).to_owned())).collect()
}

#[test]
fn the_pack_that_brought_the_fault_never_corrects_it() {
    let cured = "This problem was first corrected in Windows NT 4.0 Service Pack 6.";
    for cause in [
        "A crash was fixed in Windows NT 4.0 Service Pack 4. This fix introduced the error above.",
        "A crash was fixed in Windows NT 4.0 Service Pack 4 (SP4). This correction caused another crash.",
        "A crash was fixed in Windows NT 4.0 Service Pack 4. However, that change results in another crash.",
        "This error was introduced in Windows NT 4.0 Service Pack 4.",
    ] {
        assert_eq!(packs("kbWinNT400sp4fix", &format!("{cause}\n\n{cured}")), nt4(&["6"]), "{cause}");
        // Nothing states what corrects it, not even the keyword of the pack that caused it.
        assert_eq!(packs("kbWinNT400sp4fix", cause), nt4(&[]), "{cause}");
    }
}

#[test]
fn keywords_count_only_where_the_text_is_silent() {
    let text = |pack: &str| format!("This problem was first corrected in Windows NT 4.0 Service Pack {pack}.");
    assert_eq!(packs("kbWinNT400sp4fix kbWinNT400sp5fix", &text("5")), nt4(&["5"]));
    assert_eq!(packs("kbWinNT4sp6fix", &text("6a")), nt4(&["6a"]));
    assert_eq!(packs("kbWinNT400PreSP7Fix", &text("4")), nt4(&["4"]));
    assert_eq!(packs("kbWinNT400sp5fix", "There is more to say."), nt4(&["5"]));
    assert_eq!(packs("kbWinNT400sp5fix kbWinNT4sp6fix", "There is more to say."), nt4(&["5", "6"]));
    // The text is only about another product.
    let other = "This problem was first corrected in Windows 2000 Service Pack 2.";
    let both = [nt4(&["5"]), vec![("Windows 2000".to_owned(), "2".to_owned())]].concat();
    let mut found = packs("kbWinNT400sp5fix", other);
    found.sort_by(|a, b| b.cmp(a));
    assert_eq!(found, both);
}

/// Issue 13, point 5: the text is silent only if no sentence names the pack, or those that do are known to say nothing against it.
#[test]
fn a_keyword_does_not_count_where_the_text_speaks_against_its_pack() {
    let on_xp = |text: &str| packs_of(&["Windows XP Professional"], "kbWinXPsp3fix", text);
    for pack in ["Windows XP Service Pack 3", "Service Pack 3", "Windows XP Service Pack 3 (SP3)", "SP3"] {
        for text in [
            "PACK introduces this problem.",
            "The problem was introduced with PACK.",
            "This problem first appeared in PACK.",
            "This problem is a regression in PACK.",
            "PACK causes this problem.",
            "This behavior is caused by PACK.",
            "PACK breaks the lamp service.",
            "The lamp service was broken by PACK.",
            "This problem is a side effect of PACK.",
            "The lamp began to go out in PACK.",
            "The problem has existed since PACK.",
            "The problem still occurs in PACK.",
            "This problem also occurs in PACK.",
            "The problem persists in PACK.",
            "The problem remains after PACK is installed.",
            "The problem returned in PACK.",
            "The lamp goes out after you install PACK.",
            "When you upgrade to PACK, the lamp goes out.",
            "To light the lamp again, remove PACK.",
            "Uninstall PACK.",
            "Roll back PACK to work around this.",
            "This problem has not been corrected in PACK.",
            "PACK does not correct this problem.",
            "There is a bug in PACK.",
            "PACK was released because of a problem. The lamp fails with PACK.",
            "The problem results from a change in PACK.",
            "This problem is new in PACK.",
            "PACK is responsible for this problem.",
            "PACK contains the bug.",
            "PACK has this problem.",
            "PACK makes the lamp go out.",
            "PACK disables the lamp.",
            "PACK replaces lamp.dll with a faulty version.",
            "Customers with PACK report that lamps go out.",
            "The lamp goes out on computers that run PACK.",
            "In PACK, the lamp goes out.",
            "In PACK, the lamp no longer works.",
            "PACK ships with this bug.",
            "The faulty file is included in PACK.",
            "Do not install PACK.",
            "When you try to install PACK, the lamp goes out.",
            "Install PACK and the lamp goes out.",
            "PACK changed the lamp so that it goes out.",
            "The problem showed up in PACK.",
            "Before PACK, the lamp worked.",
            "The lamp works in Service Pack 2 but not in PACK.",
            "To work around this problem in PACK, use another lamp.",
            "This problem came with PACK.",
            "If you continue to experience this problem after you apply PACK, install the fix in the following article.",
        ] {
            let text = text.replace("PACK", pack);
            assert!(on_xp(&text).is_empty(), "{text}");
        }
        for text in [
            "Lamps go out.",
            "For a list of what is in PACK, see another article.",
            "For more information about PACK, see another article.",
            "This problem no longer occurs with PACK.",
            "This problem no longer occurs after you install PACK.",
            "To avoid this problem, upgrade to PACK.",
            "- Upgrade to PACK.",
            "All of these fixes are included in PACK.",
            "The problem persists in Service Pack 2.",
        ] {
            let text = text.replace("PACK", pack);
            assert_eq!(on_xp(&text), [("Windows XP".to_owned(), "3".to_owned())], "{text}");
        }
    }
}

/// Issue 13, point 5: an article about a product with the pack alone is about a problem of the pack (Q262677).
#[test]
fn a_keyword_does_not_count_where_the_article_is_about_its_pack_alone() {
    let with = |products: &[&str]| packs_of(products, "kbsms200sp2fix", "There is more to say.");
    let sms = |pack: &str| format!("Systems Management Server version 2.0{pack}");
    let (first, one, two, three) = (sms(""), sms(" SP1"), sms(" SP2"), sms(" SP3"));
    let fixed = [("Systems Management Server 2.0".to_owned(), "2".to_owned())];
    assert_eq!(with(&[&two]), []);
    assert_eq!(with(&[&two, &three]), []);
    assert_eq!(with(&[&one]), fixed);
    assert_eq!(with(&[&first, &one, &two]), fixed);
    assert_eq!(with(&[&first]), fixed);
    assert_eq!(with(&["Windows NT Server version 4.0"]), fixed);
}

#[test]
fn what_is_said_of_the_article_s_own_problem_counts_before_other_sentences() {
    let text = "A related crash was fixed in Windows NT 4.0 Service Pack 3. \
                This problem has been corrected in Windows NT 4.0 Service Pack 5.";
    assert_eq!(packs("", text), nt4(&["5"]));
}

fn is(found: &[(String, String)], expected: &[(&str, &str)]) -> bool {
    found.iter().map(|(product, sp)| (product.as_str(), sp.as_str())).eq(expected.iter().copied())
}

/// A pack belongs to the product that is named with it, not to another product of the sentence or the list.
#[test]
fn a_pack_is_that_of_the_product_named_with_it() {
    let exchange = ["Exchange Server, version 5.5"];
    for (products, text, expected) in [
        // Q274569
        (
            &["Internet Information Server 4.0", "Data Access Components version 2.1 SP2"][..],
            "This problem has been corrected in MDAC version 2.5 and later, and in Windows NT 4.0 Service Pack 6a and later.",
            &[("Windows NT 4.0", "6a")][..],
        ),
        // Q234543
        (
            &["Windows NT Server version 4.0"],
            "This behavior has been corrected in Windows NT 4.0 Service Pack 5 (SP5) so that both Internet Explorer 5 and SP5 \
             install the same files.",
            &[("Windows NT 4.0", "5")],
        ),
        // Q236930: the pack of the browser.
        (
            &["Windows 95"],
            "This problem is also corrected in Windows 95 with Internet Explorer 4.01 Service Pack 1 or later installed.",
            &[("Internet Explorer 4.01", "1")],
        ),
        // Q263089
        (
            &["Word 97 for Windows"],
            "This problem was corrected in Windows NT Terminal Server, version 4.0, Service Pack 6.",
            &[("Windows NT 4.0 Terminal Server Edition", "6")],
        ),
        // Q272074: the text names the product without its version; the list has the version.
        (
            &["Visual Basic Enterprise Edition for Windows, versions 6.0, 6.0 SP3", "SQL Server 2000 (all editions)"],
            "This bug was corrected in Service Pack 5 for Microsoft Visual Basic. You can download the latest Visual Studio \
             service pack from the Web.",
            &[("Visual Basic 6.0", "5")],
        ),
        // Two products share a pack if only a conjunction is between them.
        (
            &["Windows NT Server version 4.0"],
            "This problem was corrected in Windows NT 4.0 and Windows NT Server 4.0, Terminal Server Edition Service Pack 4.",
            &[("Windows NT 4.0", "4"), ("Windows NT 4.0 Terminal Server Edition", "4")],
        ),
        // Q225066
        (
            &["Word 97 for Windows"],
            "This problem was corrected in Microsoft Office 2000 SR-1/SR-1a.",
            &[("Office 2000", "SR-1"), ("Office 2000", "SR-1a")],
        ),
        // Q160420, in its original spelling: files of the pack correct the problem.
        (
            &["Windows NT Server version 4.0"],
            "This problem is resolved by installing Cirrus.dll and Cirrus.sys from Window NT 4.0 Service Pack 2 or later.",
            &[("Windows NT 4.0", "2")],
        ),
        // The name of a product that includes its system (Q106114 and 120 others gave "Windows NT", issue 14).
        (
            &["SNA Server, versions 2.1, 2.11"],
            "The problem was corrected in the latest U.S. Service Pack for SNA Server for Windows NT, version 2.11.",
            &[("SNA Server 2.11", "latest")],
        ),
        // Q140558, Q178662, Q138014 (issue 14)
        (
            &["Windows 95"],
            "Note that Microsoft released this update as part of Windows 95 Service Pack 1.",
            &[("Windows 95", "1")],
        ),
        (
            &["Systems Management Server versions 1.1, 1.2"],
            "Wait for and apply Systems Management Server 1.2 Service Pack 4.",
            &[("Systems Management Server 1.2", "4")],
        ),
        (&["Windows 95"], "To obtain this file, apply Windows 95 Service Pack 1.", &[("Windows 95", "1")]),
        (&exchange, "This problem was corrected in Service Pack 3.", &[("Exchange Server 5.5", "3")]),
        (&exchange, "This problem was corrected in SP3 of Microsoft Exchange 5.5.", &[("Exchange Server 5.5", "3")]),
    ] {
        let found = packs_of(products, "", text);
        assert!(is(&found, expected), "{text}: {found:?}");
    }
}

/// If the text names an unknown product, or no pack that corrects the problem, the result is empty.
#[test]
fn a_pack_of_a_product_that_is_not_known_is_not_another_product_s() {
    for (products, text) in [
        // Q238345
        (
            &["Visual SourceSafe for Windows, versions 5.0, 6.0", "the operating system: Microsoft Windows 2000"][..],
            "This bug was corrected in a hotfix for Visual SourceSafe 6.0 Service Pack 5.",
        ),
        // A hotfix for a pack is not in that pack, whatever its product.
        (&["Windows 2000 Server"], "This problem was corrected in a hotfix for Windows 2000 Service Pack 2."),
        // Q163737
        (&["Windows NT Server version 4.0"], "This issue has been resolved in post-Service Pack 2 versions of DNS."),
        // Q278407
        (
            &["Exchange Server, version 5.5"],
            "For additional information about the issues that are resolved in SP6a, see the article below.",
        ),
        // Q170793
        (&["PowerPoint for Windows 95, version 7.0"], "This problem was corrected in Microsoft PowerPoint 97 SR-1."),
        // Q171878
        (
            &["Data Access Components version 2.5"],
            "This problem was corrected in the U.S. Service Pack 1 for Microsoft Open Database Connectivity, version 3.0.",
        ),
        // Q236847: neither a new feature nor the advice to wait for a service pack names the pack with the fix.
        (&["SNA Server version 4.0"], "This feature was first included in SNA Server version 4.0 Service Pack 3."),
        (&["Windows NT Server version 4.0"], "It is best to wait for the next Service Pack that contains this fix."),
        // Q271612
        (
            &["Windows 98", "Visual InterDev, version 6.0"],
            "To resolve this problem, obtain the latest Visual Studio service pack.",
        ),
    ] {
        let found = packs_of(products, "", text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

/// An update for a service pack, after it or on top of it is not that pack (issue 13): the bare pack was called a fix.
#[test]
fn what_is_for_a_pack_or_came_after_it_is_not_the_pack() {
    let win2000 = |text: &str| packs_of(&["Windows 2000 Server"], "", text);
    for text in [
        "This problem was corrected in Update Rollup 1 for Windows 2000 Service Pack 4.",
        "This problem was first corrected in Windows 2000 Service Pack 4 Update Rollup 1.",
        "This problem was corrected in Windows 2000 Service Pack 4 (SP4) Update Rollup 1.",
        "This fix is included in Update Rollup 1 for Windows 2000 SP4 but not in Windows 2000 SP4.",
        "This problem was corrected in the Windows 2000 Security Rollup Package 1 (SRP1), which requires Windows 2000 Service Pack 4.",
        "This problem was corrected in a hotfix that requires Windows 2000 Service Pack 4.",
        "This problem was corrected in the security update for Windows 2000 Service Pack 4.",
        "This problem was corrected in the cumulative patch for Windows 2000 Service Pack 4.",
        "This problem was corrected in the QFE release after Windows 2000 Service Pack 4.",
        "This problem was corrected in an update that was released after Windows 2000 Service Pack 4.",
        "To resolve this problem, obtain the latest update rollup for Windows 2000 Service Pack 4.",
        "This problem was first corrected in Windows 2000 Service Pack 4 beta.",
        "This problem was first corrected in the checked build of Windows 2000 Service Pack 4.",
        "This problem was first corrected in Windows 2000 Service Pack 4 with hotfix Q123456.",
        "This problem was first corrected in Windows 2000 Service Pack 4 plus the Q123456 update.",
        "This problem was first corrected in Internet Explorer 6 for Windows 2000 Service Pack 4.",
        "This problem was first corrected in Services for UNIX 3.0 on Windows 2000 Service Pack 4.",
    ] {
        assert_eq!(win2000(text), [], "{text}");
    }
    for text in [
        "This problem was first corrected in Windows 2000 Service Pack 4.",
        "This problem was corrected in hotfix Q123456 and in Windows 2000 Service Pack 4.",
        "This problem was corrected in Service Pack 4 for Windows 2000.",
    ] {
        assert_eq!(win2000(text), [("Windows 2000".to_owned(), "4".to_owned())], "{text}");
    }
    let rollup =
        "This problem was first corrected in Systems Management Server 2.0 Service Pack 4 Hotfix Rollup Package (HRP).";
    let sms = |keywords: &str| packs_of(&["Systems Management Server 2.0"], keywords, rollup);
    assert_eq!((sms("kbsms200sp4fix"), sms("kbsms200presp5fix").len()), (vec![], 1));
}

/// Issue 13, point 5: every pack of a list counts.
#[test]
fn every_pack_of_a_list_counts() {
    for (text, expected) in [
        ("These bugs were fixed in Service Packs 1, 2, and 3.", &["1", "2", "3"][..]),
        ("This problem was corrected in Windows NT 4.0 Service Packs 2 and 3.", &["2", "3"]),
        ("These problems were fixed in Service Packs 4, 5, and 6a for Windows NT 4.0.", &["4", "5", "6a"]),
        ("This problem was corrected in Windows NT 4.0 Service Packs 3 through 6.", &["3", "6"]),
        ("This problem was corrected in Windows NT 4.0 Service Pack 3, 4.0 files are newer.", &["3"]),
        ("This problem was corrected in Windows NT 4.0 Service Pack 3, 2 files are new.", &["3"]),
    ] {
        assert_eq!(packs("", text), nt4(expected), "{text}");
    }
}

/// Issue 13, point 5: a pack that, according to the text, does not correct the problem is not a fix, and neither is an
/// earlier one. The same holds for a pack in the title of a cited article, and for one after which a hotfix is needed.
#[test]
fn packs_that_do_not_correct_the_problem_are_none() {
    for (keywords, text, expected) in [
        ("", "For a problem that was first corrected in Windows NT 4.0 Service Pack 2, see Q123456.", &[][..]),
        ("", "Install the latest service pack for Windows NT 4.0, and then install the following hotfix.", &[]),
        (
            "",
            "To resolve this problem, obtain the latest service pack for Windows NT 4.0, and then apply the hotfix.",
            &[],
        ),
        (
            "",
            "To resolve this problem, obtain the latest service pack for Windows NT 4.0 or apply the hotfix.",
            &["latest"],
        ),
        ("kbWinNT400PreSP3Fix", "Windows NT 4.0 Service Pack 3 does not correct this problem.", &[]),
        ("kbWinNT400PreSP3Fix", "This fix is not included in Windows NT 4.0 Service Pack 3.", &[]),
        (
            "",
            "The problem was corrected in Windows NT 4.0 Service Pack 2, but the correction is not in Windows NT 4.0 Service \
             Pack 3.",
            &[],
        ),
        (
            "",
            "This problem was first corrected in Windows NT 4.0 Service Pack 3. If you install Service Pack 4, the problem returns.",
            &[],
        ),
        (
            "",
            "This problem was not corrected in Windows NT 4.0 Service Pack 3. It was first corrected in Windows NT 4.0 Service \
             Pack 4.",
            &["4"],
        ),
    ] {
        assert_eq!(packs(keywords, text), nt4(expected), "{text}");
    }
}

/// "To resolve this problem, install Service Pack 4": the pack is the correction, not a condition of it (issue 14).
#[test]
fn a_resolution_may_be_to_install_a_numbered_pack() {
    for resolution in [
        "To resolve this problem, install Windows NT 4.0 Service Pack 4.",
        "To resolve this issue, obtain and install Windows NT Server 4.0 Service Pack 4 (SP4) or later. For information about \
         it, see the following article.",
        "To correct this problem, upgrade to Service Pack 4 for Windows NT 4.0.",
        "To correct this behavior, apply Microsoft Windows NT 4.0 SP4.",
    ] {
        assert_eq!(packs("", resolution), nt4(&["4"]), "{resolution}");
    }
    for resolution in [
        "To resolve this problem, install Windows NT 4.0 Service Pack 4, and then apply the hotfix below.",
        "To resolve this problem, install Windows NT 4.0 Service Pack 4. Then, apply the following fix.",
        "To resolve this problem, install Windows NT 4.0 SP4. If you are already running SP4, follow these steps.",
        "To resolve this problem, apply the Windows NT 4.0 Service Pack 4 fix that is in the following folder.",
        "To resolve this problem, install the driver that is included with Windows NT 4.0 Service Pack 4.",
        "To resolve this problem, install the program before installing Windows NT 4.0 Service Pack 4.",
        "To resolve this problem, install (or reapply, if it is already installed) Windows NT 4.0 Service Pack 4.",
        "To resolve this problem, apply Windows NT 4.0 Service Pack 4 again.",
        "To resolve this problem, install and then reinstall Windows NT 4.0 Service Pack 4.",
        "To work around this problem, install Windows NT 4.0 Service Pack 4.",
        "To install the program, install Windows NT 4.0 Service Pack 4.",
    ] {
        assert_eq!(packs("", resolution), nt4(&[]), "{resolution}");
    }
}

/// The corrected file comes from a pack (Q132425, issue 14).
#[test]
fn a_pack_that_holds_the_corrected_file_corrects_the_problem() {
    for (text, found) in [
        ("You can obtain the alternate Lamp.vxd file from Microsoft Windows NT 4.0 Service Pack 5.", &["5"][..]),
        ("Obtain the updated Lamp.sys and Oil.sys files from Windows NT 4.0 Service Pack 5.", &[]),
        ("Obtain the updated Lamp.sys file from Windows NT 4.0 Service Pack 5.", &["5"]),
        ("Obtain the original Lamp.sys file from Windows NT 4.0 Service Pack 5.", &[]),
        ("Obtain the Lamp.sys file from Windows NT 4.0 Service Pack 5.", &[]),
    ] {
        assert_eq!(packs("", text), nt4(found), "{text}");
    }
}

/// Issue 13, point 5: a keyword counts only for a Windows that the product list does not exclude; a product that is named
/// without a pack needs none.
#[test]
fn packs_are_those_of_the_articles_own_windows() {
    let packs = |products: &str, version: &str, keyword: &str, text: &str| {
        let text = format!(
            "DOCUMENT:Q900001  14-DEC-1999  [winnt]\nTITLE   :Lamps Go Out\nPRODUCT :{products}\nPROD/VER:{version}\nKEYWORDS:{keyword}\n\n\
             ======================================================================\n\
             -------------------------------------------------------------------------------\n\
             The information in this article applies to:\n\n - {products}, {version}\n\
             -------------------------------------------------------------------------------\n\n\
             STATUS\n======\n\n{text}\n"
        );
        let article = hotfixcheck_articles::parse(&text, None).unwrap().remove(0);
        article.service_packs.iter().map(|pack| format!("{} {}", pack.product, pack.sp)).collect::<Vec<_>>()
    };
    let tse = "Microsoft Windows NT Server version 4.0, Terminal Server Edition";
    let silent = "Lamps go out.";
    assert!(packs(tse, "4.0", "kbWinNT4sp6fix", silent).is_empty());
    assert_eq!(packs("Microsoft Windows NT Server version 4.0", "4.0", "kbWinNT4sp6fix", silent), ["Windows NT 4.0 6"]);
    assert_eq!(
        packs(
            "Microsoft Windows NT Server version 3.1",
            "3.1",
            "",
            "This problem has been corrected in the latest U.S. Service Pack for Windows NT and Windows NT Advanced Server version 3.1."
        ),
        ["Windows NT 3.1 latest"]
    );
    for text in [
        "To correct this problem, install the latest U.S. Service Pack for Windows NT version 3.51 or upgrade to Windows NT 4.0.",
        "This problem was corrected in the latest Windows NT 3.51 U.S. Service Pack and Windows NT 4.0.",
    ] {
        assert_eq!(
            packs("Microsoft Windows NT Server version 3.51", "3.51", "", text),
            ["Windows NT 3.51 latest"],
            "{text}"
        );
    }
    assert_eq!(
        packs(
            "Microsoft Windows NT Server version 4.0",
            "4.0",
            "",
            "This problem was corrected in the latest service pack for Windows NT 4.0 and Windows 2000."
        ),
        ["Windows 2000 latest", "Windows NT 4.0 latest"]
    );
}
