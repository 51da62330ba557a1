//! A second table of a page is no fix unless its words say what it is for (issues 13 and 14).

use hotfixcheck_articles::parse;

/// Issue 13: a second table below a sentence of its own that neither announces the fix nor says for which product it is, in both
/// layouts; and rows that their own cell calls unchanged.
#[test]
fn a_second_table_below_a_sentence_of_its_own_is_no_fix() {
    let count = |page: &str| parse(page, None).unwrap()[0].fixes.len();
    let markdown = |sentence: &str| {
        let table = |version: &str| {
            format!("| File name | Version | Size |\n|---|---|---|\n| lamp.dll | {version} | 10,240 |\n")
        };
        count(&format!(
            "# A fix for the lamp\n\n_Original KB number:_ &nbsp; 900001\n\n## Resolution\n\nThe English version of this update has the file \
             attributes (or later) that are listed in the following table.\n\n{}\n{sentence}\n\n{}",
            table("6.1.7601.22177"),
            table("6.1.7601.17514")
        ))
    };
    let text = |sentence: &str| {
        let table = |version: &str| {
            format!(
                "   Date         Time   Version        Size     File name\n   -----------------------------------------------------\n   \
                 16-Oct-2001  19:23  {version}    150,800  Lamp.dll\n\n"
            )
        };
        count(&format!(
            "DOCUMENT:Q900001  16-OCT-2001  [lamp]\nTITLE   :A fix for the lamp\n\nRESOLUTION\n==========\n\nThe English version of this fix \
             should have the following file\nattributes or later:\n\n{}{sentence}\n\n{}\nSTATUS\n======\n\nFixed.\n",
            table("7.3.100.5"),
            table("7.3.100.3")
        ))
    };
    for sentence in [
        "If you have one of the following versions, the fix is not installed:",
        "The original release of Windows 7 has the following files:",
        "This hotfix replaces the following files:",
        "Service Pack 6a contains this version:",
        "Files that are installed by Windows NT 4.0 Service Pack 6a:",
        "A computer in our lab shows the following:",
        "The Resource Kit has these files:",
    ] {
        assert_eq!((markdown(sentence), text(sentence)), (1, 1), "{sentence}");
    }
    for sentence in [
        "The following files are for Windows 2000 Service Pack 3:",
        "The French version of this fix should have the following file attributes or later:",
        "Windows NT 4.0:",
        "The hotfix for Windows XP includes the following files:",
    ] {
        assert_eq!((markdown(sentence), text(sentence)), (2, 2), "{sentence}");
    }
    let status = "# A fix for the lamp\n\n_Original KB number:_ &nbsp; 900001\n\n## Resolution\n\nThe English version of this update has the file \
                  attributes (or later) that are listed in the following table.\n\n| File name | Version | Date | Status |\n|---|---|---|---|\n\
                  | lamp.dll | 6.1.7601.22177 | 30-Nov-2012 | updated |\n| dark.dll | 6.1.7601.17514 | 20-Nov-2010 | unchanged |\n";
    assert_eq!(count(status), 1);
}

/// Issue 13 and 14: a second table of the same file under words that are not understood is listed, not read; under a product,
/// a processor or a component it is.
#[test]
fn a_second_table_needs_words_that_are_understood() {
    let page = |words: &str, file: &str| {
        let text = format!(
            "# A lamp update\n\n_Original KB number:_ &nbsp; 900123\n\n## Resolution\n\n\
             The English version of this update has the file attributes (or later) that the table lists.\n\n\
             | File name | File version |\n|---|---|\n| lamp.dll | 6.1.7601.22177 |\n\n{words}\n\n\
             | File name | File version |\n|---|---|\n| {file} | 6.1.7601.17600 |\n"
        );
        let article = hotfixcheck_articles::parse(&text, None).unwrap().remove(0);
        (article.fixes.len(), article.rejected.len())
    };
    for words in [
        "The files of the package that was withdrawn",
        "The beta of this update had the following attributes:",
        "For reference, the first files are listed here.",
        "These are the files of Windows 7 Service Pack 1:",
        "Files that must not be changed",
        "Minimum version for installation",
        "Files of the language pack",
        "Checked build",
    ] {
        assert_eq!(page(&format!("#### {words}"), "lamp.dll"), (1, 1), "{words}");
    }
    for words in
        ["Windows Vista", "For all supported x64-based versions", "LDR", "Japanese", "MDAC 2.8", "File information"]
    {
        assert_eq!(page(&format!("#### {words}"), "lamp.dll"), (2, 0), "{words}");
        assert_eq!(page(&format!("#### {words}"), "wire.dll"), (2, 0), "{words}");
    }
    // Of other files, sentences that deny in other words and languages.
    for words in [
        "This update supersedes the update that contains these files:",
        "Do not use this update if your computer has the following files:",
        "Modules loaded at the time of the crash:",
        "Os arquivos a seguir s\u{e3}o removidos por esta atualiza\u{e7}\u{e3}o:",
        "Le versioni seguenti presentano il problema:",
        "次のバージョンのファイルはこの問題の影響を受けます:",
        "다음 버전의 파일은 이 문제의 영향을 받습니다.",
        "以下版本的文件受此问题影响：",
    ] {
        assert_eq!(page(words, "wire.dll"), (1, 1), "{words}");
    }
}
