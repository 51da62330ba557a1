//! Sentences about service packs with a doubt or denial that is no "not", or about another problem: a pack in doubt
//! corrects nothing (issue 13, point 5).

use crate::service_packs::{nt4, packs, packs_of};

/// Sentences after which a system with Service Pack 5 is not fixed.
const DOUBTFUL: &[&str] = &[
    // Of others, or once.
    "It was thought that this was fixed in Windows NT 4.0 Service Pack 5, but the problem persists.",
    "Microsoft believed that this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "Earlier versions of this article stated that this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "The Service Pack 5 list of fixed bugs says that this problem is fixed in Windows NT 4.0 Service Pack 5, but the files are missing.",
    "The Readme file claims this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "According to the release notes, this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "Users have reported that this problem is fixed in Windows NT 4.0 Service Pack 5.",
    "This problem was reportedly fixed in Windows NT 4.0 Service Pack 5.",
    "This problem is believed to be fixed in Windows NT 4.0 Service Pack 5.",
    "This problem was considered fixed in Windows NT 4.0 Service Pack 5.",
    "This problem was marked as fixed in Windows NT 4.0 Service Pack 5.",
    "Contrary to the release notes, this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "It is not known whether this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "Was this problem fixed in Windows NT 4.0 Service Pack 5?",
    "The statement \"this problem was fixed in Windows NT 4.0 Service Pack 5\" is wrong.",
    // Plans and tries.
    "This problem was scheduled to be fixed in Windows NT 4.0 Service Pack 5 but was left out.",
    "This problem was intended to be fixed in Windows NT 4.0 Service Pack 5.",
    "Microsoft planned that this problem would be corrected in Windows NT 4.0 Service Pack 5.",
    "This problem was to be corrected in Windows NT 4.0 Service Pack 5.",
    "This problem will be corrected in Windows NT 4.0 Service Pack 5.",
    // Denials.
    "This problem could not be corrected in Windows NT 4.0 Service Pack 5.",
    "This problem has yet to be corrected in Windows NT 4.0 Service Pack 5.",
    "This problem remains to be corrected in Windows NT 4.0 Service Pack 5.",
    "This problem cannot be fixed by Windows NT 4.0 Service Pack 5.",
    "This problem was never fixed in Windows NT 4.0 Service Pack 5.",
    "No problem of this kind was fixed in Windows NT 4.0 Service Pack 5.",
    "Neither this problem nor the next one was fixed in Windows NT 4.0 Service Pack 5.",
    "The problem is far from being fixed in Windows NT 4.0 Service Pack 5.",
    // Parts.
    "Most occurrences of this problem were fixed in Windows NT 4.0 Service Pack 5.",
    "Some of these problems were fixed in Windows NT 4.0 Service Pack 5.",
    "In most cases, this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "One of the causes of this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "One aspect of this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "This problem was mostly fixed in Windows NT 4.0 Service Pack 5.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5 except on multiprocessor computers.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5 for Alpha computers.",
    "This problem may have been fixed in Windows NT 4.0 Service Pack 5.",
    "The documentation of this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "The list was corrected in Windows NT 4.0 Service Pack 5.",
    "The first of these problems was fixed in Windows NT 4.0 Service Pack 5.",
    "The server side of this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "The most common form of this problem was fixed in Windows NT 4.0 Service Pack 5.",
    "The bulk of it was fixed in Windows NT 4.0 Service Pack 5.",
    "Problem 1 was fixed in Windows NT 4.0 Service Pack 5.",
    "Two of the three problems were fixed in Windows NT 4.0 Service Pack 5.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5 on single-processor computers.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5, at least on Intel computers.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5 to a large extent.",
    "This problem was corrected in a version after Windows NT 4.0 Service Pack 5.",
    "On paper, this problem was corrected in Windows NT 4.0 Service Pack 5.",
    "The crash that is described in Q123456 was corrected in Windows NT 4.0 Service Pack 5.",
    // Another problem, a cause, a condition.
    "The problem that was fixed in Windows NT 4.0 Service Pack 5 is described in Q123456. This article describes another problem.",
    "The problem fixed in Windows NT 4.0 Service Pack 5 is another one.",
    "The leak that was fixed in Windows NT 4.0 Service Pack 5 has the same symptoms.",
    "This is a regression for a problem that was corrected in Windows NT 4.0 Service Pack 5.",
    "Because of a change that was corrected in Windows NT 4.0 Service Pack 5, the spooler now stops.",
    "Because this error was fixed in Windows NT 4.0 Service Pack 5, the spooler now stops.",
    "Since the leak was fixed in Windows NT 4.0 Service Pack 5, the spooler stops.",
    "Although this problem was fixed in Windows NT 4.0 Service Pack 5, the value is never calculated.",
    "Unless you install Windows NT 4.0 Service Pack 5 after the component, the problem that was fixed in Windows NT 4.0 Service Pack 5 returns.",
    "If this problem was fixed in Windows NT 4.0 Service Pack 5, the list of files has an entry for it.",
    // What follows.
    "This problem was fixed in Windows NT 4.0 Service Pack 5, but it still occurs.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. However, the problem can still occur on multiprocessor computers.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. It may still occur if you use two processors.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. The symptoms persist on some computers.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. The service is new. However, the error continues to appear.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5.\n\nHowever, the problem may still occur with two processors.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. This fix is incomplete.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. The correction does not work on multiprocessor computers.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. This statement is wrong.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. Unfortunately, the fix was withdrawn.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. You must also install the following hotfix.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5, according to the vendor.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. This is no longer true.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. Customers still see it.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. Later tests showed the opposite.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. In addition, install the following hotfix.",
    "This problem was first corrected in Windows NT 4.0 Service Pack 5, and was later reintroduced.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. This correction is only effective on Intel computers.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. On multiprocessor computers, it is not.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. A complete correction is not yet available.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. Under some circumstances it can occur again.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. Microsoft has since withdrawn this correction.",
    "This problem was corrected in Windows NT 4.0 Service Pack 5. The correction was inadvertently omitted from the released version.",
    "To resolve this problem, install Windows NT 4.0 Service Pack 5. This resolves the problem in most cases only.",
    "This problem was fixed in Windows NT 4.0 Service Pack 5. An additional fix is required.",
    "To resolve this problem, install Windows NT 4.0 Service Pack 5. However, the problem may still occur.",
    "To resolve this problem, install Windows NT 4.0 Service Pack 5, which may help.",
    "To resolve this problem, it is not enough to install Windows NT 4.0 Service Pack 5.",
    "Windows NT 4.0 Service Pack 5 corrects this problem. However, it may still occur on some computers.",
];

#[test]
fn a_pack_in_doubt_is_no_fix() {
    let wrong: Vec<&&str> = DOUBTFUL.iter().filter(|text| !packs("", text).is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A later pack counts, and so does the latest one (Q161839).
    let later = "This problem was thought to be fixed in Windows NT 4.0 Service Pack 4. It was first corrected in Service Pack 5.";
    assert_eq!(packs("", later), nt4(&["5"]));
    let latest = "Most occurrences of this problem were fixed in Windows NT 4.0 Service Pack 4. However, this problem may still occur \
                  with text after Service Pack 4 is applied. This problem has been corrected in the latest service pack for Windows NT 4.0.";
    assert_eq!(packs("", latest), nt4(&["latest"]));
    // Its keyword does not count either; that of a planned pack does, for it says that the fix is in that pack (Q300399).
    assert!(packs("kbWinNT400sp5fix", DOUBTFUL[0]).is_empty());
    let planned = "This problem is scheduled to be fixed in Windows NT 4.0 Service Pack 5.";
    assert_eq!((packs("", planned), packs("kbWinNT400sp5fix", planned)), (nt4(&[]), nt4(&["5"])));
}

#[test]
fn a_pack_that_surely_corrects_is_a_fix() {
    for text in [
        "This problem was not corrected until Windows NT 4.0 Service Pack 5.",
        "The first service pack that corrects this problem is Windows NT 4.0 Service Pack 5.",
        "You can resolve this problem by installing Windows NT 4.0 Service Pack 5.",
        "Only Windows NT 4.0 Service Pack 5 and later correct this problem.",
        "Service Pack 4 did not correct this problem; Service Pack 5 did.",
        "The update in Service Pack 4 only corrects part of the problem. The complete correction was first included in Windows NT 4.0 Service Pack 5.",
        "The complete correction was first included in Windows NT 4.0 Service Pack 5. The update in Service Pack 4 only corrects part of the problem.",
        "This problem was corrected in Windows NT 4.0 Service Pack 3, reappeared in Service Pack 4, and was corrected again in Windows NT 4.0 Service Pack 5.",
        "Service Packs 3 and 4 cause this problem. Service Pack 5 for Windows NT 4.0 corrects it.",
        "The memory leak that is described in this article was corrected in Windows NT 4.0 Service Pack 5.",
        "The crash of the spooler has been corrected in Windows NT 4.0 Service Pack 5.",
        "All of these problems were fixed in Windows NT 4.0 Service Pack 5.",
        "This article is part one of a current listing of the article numbers for bugs that were fixed in Windows NT 4.0 Service Pack 5.",
        "This article contains a list of article numbers for problems that are fixed in Windows NT 4.0 Service Pack 5.",
        "In addition to the fixes listed above, the following problems were corrected in Windows NT 4.0 Service Pack 5.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5, though it was not listed in the list of fixes.",
        "This problem was first corrected in Windows NT 4.0 Service Pack 5.NOTE: There is no fix for other lamps, however they are new.",
        "To resolve this problem, apply Windows NT 4.0 Service Pack 5 to the computer, even though the lamp is not installed on it.",
        "The spooler was corrected in Windows NT 4.0 Service Pack 5.",
        "The setting of the lamp was first corrected in Windows NT 4.0 Service Pack 5.",
        "Microsoft has corrected this problem in Windows NT 4.0 Service Pack 5.",
        "The cause of this problem was corrected in Windows NT 4.0 Service Pack 5.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5. If the problem persists, contact your dealer.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5. If you cannot install it, use the workaround.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5 (SP5), which is available at no charge.",
        "A fix for this problem is included in Windows NT 4.0 Service Pack 5 and later.",
        "Install Windows NT 4.0 Service Pack 5 to correct this problem.",
        "The reported problem was corrected in Windows NT 4.0 Service Pack 5.",
        "Lamp.sys was fixed in Windows NT 4.0 Service Pack 5.",
        "For Windows NT 4.0, this problem was corrected in Service Pack 5.",
        "Microsoft has confirmed this to be a problem in Windows NT 4.0 and has been corrected in Service Pack 5.",
        "This was a problem in the original release of Windows NT 4.0 but has been corrected in Service Pack 5.",
        "However, it has been corrected in Windows NT 4.0 Service Pack 5.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5. For more information, see Q123456.",
        "This problem was corrected in Windows NT 4.0 Service Pack 5. The error still appears if the lamp is dark in Service Pack 4.",
    ] {
        assert_eq!(packs("", text), nt4(&["5"]), "{text}");
    }
}

/// Keywords of a pack after which the problem appears (Q305332, Q178398).
#[test]
fn a_pack_after_which_the_problem_appears_brought_it() {
    for text in [
        "After you install Windows NT 4.0 Service Pack 5, programs may stop.",
        "After installing the Windows NT 4.0 Service Pack 5 and opening a file, you may get the following error.",
        "After you apply the hotfix for Q123456 or Windows NT 4.0 Service Pack 5 (SP5) or later on your server, users may be unable to log on.",
    ] {
        assert_eq!(packs("kbWinNT400PreSP5Fix", text), nt4(&[]), "{text}");
        assert_eq!(packs("kbWinNT400sp6fix", text), nt4(&["6"]), "{text}");
    }
    let gone = "After you install Windows NT 4.0 Service Pack 5, the error no longer occurs.";
    assert_eq!(packs("kbWinNT400sp5fix", gone), nt4(&["5"]));
}

#[test]
fn doubts_of_other_languages() {
    for text in [
        "Man nahm an, dass dieses Problem in Windows 2000 Service Pack 3 behoben wurde.",
        "Dieses Problem wurde angeblich in Windows 2000 Service Pack 3 behoben.",
        "Dieses Problem wurde in Windows 2000 Service Pack 3 behoben, tritt aber weiterhin auf.",
        "Dieses Problem wurde in Windows 2000 Service Pack 3 behoben. Es kann jedoch weiterhin auftreten.",
        "Dieses Problem konnte in Windows 2000 Service Pack 3 kaum behoben werden.",
        "Ein Teil dieses Problems wurde in Windows 2000 Service Pack 3 behoben.",
        "Das Problem, das in Windows 2000 Service Pack 3 behoben wurde, ist ein anderes.",
        "On pensait que ce problème avait été corrigé dans Windows 2000 Service Pack 3.",
        "Ce problème a été corrigé dans Windows 2000 Service Pack 3. Toutefois, il peut encore se produire.",
        "Ce problème a été en partie corrigé dans Windows 2000 Service Pack 3.",
        "Se pensaba que este problema se corrigió en Windows 2000 Service Pack 3.",
        "Este problema se corrigió en Windows 2000 Service Pack 3, pero todavía ocurre.",
        "Questo problema è stato risolto in Windows 2000 Service Pack 3. Tuttavia può ancora verificarsi.",
        "Este problema foi corrigido no Windows 2000 Service Pack 3, mas ainda ocorre.",
        "Dit probleem is opgelost in Windows 2000 Service Pack 3. Het kan echter nog optreden.",
        "この問題は Windows 2000 Service Pack 3 で修正されたと考えられていました。",
        "この問題は Windows 2000 Service Pack 3 で修正されています。しかし、まだ発生する場合があります。",
        "この問題は Windows 2000 Service Pack 3 で修正される予定です。",
        "이 문제는 Windows 2000 Service Pack 3에서 수정될 예정입니다.",
        "이 문제는 Windows 2000 Service Pack 3에서 수정되었습니다. 그러나 여전히 발생합니다.",
        "此问题在 Windows 2000 Service Pack 3 中得到更正,但仍然会发生。",
        "此问题在 Windows 2000 Service Pack 3 中得到更正。但是仍可能发生。",
        "這個問題原計劃在 Windows 2000 Service Pack 3 中修正。",
        "Эта проблема была частично исправлена в Windows 2000 Service Pack 3.",
        "Эта проблема была исправлена в Windows 2000 Service Pack 3. Однако она всё ещё возникает.",
        "Ten problem został rozwiązany w Windows 2000 Service Pack 3, ale nadal występuje.",
    ] {
        assert_eq!(packs_of(&["Windows XP Professional", "Windows 2000 Server"], "", text), [], "{text}");
    }
}
