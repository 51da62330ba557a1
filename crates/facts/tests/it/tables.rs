//! Tables of Windows updates and of bulletins (issue 15).

use hotfixcheck_facts::{SkipReason, titles, windows};

use super::{article, builds, skipped};

const UPDATES: &str = "product\trelease\tkind\torder\trevision\tkb
Windows 7\tSP1\trollup\t1\t\t3172605
Windows 7\tSP1\trollup\t2\t\t3179573
Windows 7\tSP1\trollup\t10\t\t3185278
Windows 10\t17763\trollup\t1\t55\t4464330
Windows Server 2019\t17763\trollup\t1\t55\t4464330
Windows 11\t26100\trollup\t7\t1742\t
Windows 12\t99999\trollup\t1\t1\t5999999
";

#[test]
fn updates_by_build_and_by_order() {
    let facts = windows::read_updates("u.tsv", UPDATES.as_bytes()).unwrap();
    assert_eq!(builds(article(&facts, "4464330")), ["Windows 10 1809 17763.55", "Windows Server 2019 17763.55"]);
    let rollup = article(&facts, "3185278");
    assert!(rollup.builds.is_empty());
    assert_eq!(rollup.supersedes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["KB3179573"], "10 is after 2");
    assert_eq!(rollup.products.iter().collect::<Vec<_>>(), ["Windows 7 SP1"]);
    assert_eq!(skipped(&facts), [(SkipReason::NoArticle, 1), (SkipReason::OtherBuild, 1)]);
}

#[test]
fn errors_of_updates_name_the_line() {
    let error = |text: &str| windows::read_updates("u.tsv", text.as_bytes()).unwrap_err().to_string();
    assert!(error("a\tb\tc\td\te\tf\n").contains("line 1: expected the header"));
    assert!(
        error(&UPDATES.replace("\t55\t", "\tnew\t")).contains("line 5: expected a revision, as in 3930, found 'new'")
    );
    assert!(error(&UPDATES.replace("\t3172605", "")).contains("line 2: expected 6 fields between tabs, found 5"));
    assert!(error("").contains("found an empty file"));
}

#[test]
fn releases_with_their_days() {
    let text = "Windows 11 24H2 26100\t2025-10-14\t26100.6899\tKB5066835\nWindows Server 2025 26100\t2025-10-14\t26100.6899\tKB5066835\n";
    let facts = windows::read_builds("b.tsv", text.as_bytes()).unwrap();
    let update = article(&facts, "5066835");
    assert_eq!(builds(update), ["Windows 11 24H2 26100.6899", "Windows Server 2025 26100.6899"]);
    assert_eq!(update.released.map(|day| day.to_string()).as_deref(), Some("2025-10-14"));
    let error = windows::read_builds("b.tsv", text.replace("26100.6899", "26100").as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 1: expected build and revision, as in 26100.6899, found '26100'"), "{error}");
}

#[test]
fn bulletins_with_their_titles() {
    let text = "bulletin\tkb\ttitle\nMS05-040\tKB893756\tVulnerability in a made-up service\n";
    let facts = titles::read("t.tsv", text.as_bytes()).unwrap();
    let bulletin = article(&facts, "893756");
    assert_eq!(bulletin.title.as_deref(), Some("Vulnerability in a made-up service"));
    assert_eq!(bulletin.bulletins.iter().map(ToString::to_string).collect::<Vec<_>>(), ["MS05-040"]);
    let error = titles::read("t.tsv", text.replace("MS05-040", "05").as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 2: expected a bulletin, as in MS05-040, found '05'"), "{error}");
}

/// The history of Windows 10 1803 also applies to Windows Server 1803 (issue 15).
#[test]
fn a_server_without_a_history_has_that_of_the_client() {
    let text = UPDATES.replace("Windows 12\t99999", "Windows 10\t17134");
    let facts = windows::read_updates("u.tsv", text.as_bytes()).unwrap();
    assert_eq!(builds(article(&facts, "5999999")), ["Windows 10 1803 17134.1", "Windows Server 1803 17134.1"]);
    assert_eq!(builds(article(&facts, "4464330")).len(), 2);
}
