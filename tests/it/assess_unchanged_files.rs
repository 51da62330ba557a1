//! Files that a package contains as a release or service pack brought them (issue 13, points 2 and 5).

use crate::support::kit::*;
use hotfixcheck::assess::ArticleStatus;
use hotfixcheck_articles::Article;

/// The status of an article with a file that it changes on SP1, and an unchanged one, on a system with these files.
fn judge(unchanged: &str, files: &[(&str, &str)]) -> (ArticleStatus, Vec<&'static str>) {
    let rows = vec![row("inetcomm.dll", "6.0.6001.18416"), row("inetres.dll", unchanged)];
    let article = Article { fixes: rows, ..article("KB978542", Vec::new()) };
    let entries = files.iter().map(|(name, version)| file(name, version)).collect();
    let verdict = assess(vec![article], entries).articles.remove(0);
    (verdict.status, codes(&verdict))
}

#[test]
fn an_unchanged_file_shows_no_installed_part() {
    let system = |version| vec![("inetcomm.dll", version), ("inetres.dll", version)];
    // The release of Vista: the fix is for SP1, whatever unchanged file of the release is listed.
    for unchanged in ["6.0.6000.16386", "6.0.6001.18000"] {
        let (status, codes) = judge(unchanged, &system("6.0.6000.16386"));
        assert_eq!(status, ArticleStatus::Missing, "{unchanged} {codes:?}");
    }
    // SP1 without an update: missing, not half-installed.
    let (status, codes) = judge("6.0.6001.18000", &system("6.0.6001.18000"));
    assert_eq!((status, &codes[..]), (ArticleStatus::Missing, ["version-older", "unchanged-file"].as_slice()));
    // The fix installed.
    let fixed = [("inetcomm.dll", "6.0.6001.18416"), ("inetres.dll", "6.0.6001.18000")];
    assert_eq!(judge("6.0.6001.18000", &fixed).0, ArticleStatus::Fixed);
    // Only the unchanged file is there: nothing of the fix is.
    assert_eq!(judge("6.0.6001.18000", &[("inetres.dll", "6.0.6001.18000")]).0, ArticleStatus::NotApplicable);
    assert_eq!(judge("6.0.6001.18000", &[("inetres.dll", "6.0.6001.18500")]).0, ArticleStatus::NotApplicable);
    // A file from before the service pack's release is older than any.
    let beta = [("inetcomm.dll", "6.0.6001.16510"), ("inetres.dll", "6.0.6001.16510")];
    assert_eq!(judge("6.0.6001.18000", &beta).0, ArticleStatus::Missing);
}

#[test]
fn an_article_of_such_rows_alone_is_judged_by_them() {
    let rows = vec![row("inetres.dll", "6.0.6001.18000")];
    let article = Article { fixes: rows, ..article("KB978542", Vec::new()) };
    let verdict = assess(vec![article], vec![file("inetres.dll", "6.0.6001.18000")]).articles.remove(0);
    assert_eq!(verdict.status, ArticleStatus::Fixed);
}
