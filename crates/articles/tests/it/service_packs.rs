//! Which service pack corrects the problem: the text says it, keywords only where it is silent (issue 13, point 5).

use hotfixcheck_articles::parse;

/// The service packs of an article with these keywords and this text, in the layout of the archive.
fn packs(keywords: &str, text: &str) -> Vec<(String, String)> {
    let article = format!(
        "DOCUMENT:Q999001 01-JAN-2002 [winnt]\nTITLE   :A Problem\nPRODUCT :Microsoft Windows NT\nPROD/VER::4.0\nOPER/SYS:\n\
         KEYWORDS:{keywords}\n\n======================================================================\n\
         -------------------------------------------------------------------------------\n\
         The information in this article applies to:\n\n - Microsoft Windows NT Server version 4.0 \n\
         -------------------------------------------------------------------------------\n\nSTATUS\n======\n\n{text}\n"
    );
    let article = parse(&article, None).unwrap().remove(0);
    article.service_packs.iter().map(|pack| (pack.product.to_string(), pack.sp.to_string())).collect()
}

fn nt4(packs: &[&str]) -> Vec<(String, String)> {
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
        // Nothing says what corrects it: not the keyword of the pack that brought it.
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
    // The text speaks of another product only.
    let other = "This problem was first corrected in Windows 2000 Service Pack 2.";
    let both = [nt4(&["5"]), vec![("Windows 2000".to_owned(), "2".to_owned())]].concat();
    let mut found = packs("kbWinNT400sp5fix", other);
    found.sort_by(|a, b| b.cmp(a));
    assert_eq!(found, both);
}

#[test]
fn what_is_said_of_the_article_s_own_problem_counts_before_other_sentences() {
    let text = "A related crash was fixed in Windows NT 4.0 Service Pack 3. \
                This problem has been corrected in Windows NT 4.0 Service Pack 5.";
    assert_eq!(packs("", text), nt4(&["5"]));
}
