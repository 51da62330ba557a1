//! Files that every package carries for its installer show nothing of the fix (issue 13).

use hotfixcheck::assess::ArticleStatus;

use crate::support::kit::*;

#[test]
fn a_file_of_the_installer_decides_nothing_beside_other_files() {
    let status = |carrier: &str, files: &[(&str, &str)]| {
        let rows = vec![row("win32k.sys", "5.0.2195.7100"), row(carrier, "5.0.2195.7090")];
        let files = files.iter().map(|(name, version)| file(name, version)).collect();
        assess_with(vec![article("KB890859", rows)], files, &on("Windows 2000", "4")).articles[0].status
    };
    for carrier in
        ["sp3res.dll", "Xpsp3res.dll", "w03a2409.dll", "updspapi.dll", "arpidfix.exe", "spmsg.dll", "togac.exe"]
    {
        // Alone it is neither fixed nor missing, and never half of a fix.
        assert_eq!(status(carrier, &[(carrier, "5.0.2195.7295")]), ArticleStatus::NotApplicable, "{carrier}");
        assert_eq!(status(carrier, &[(carrier, "5.0.2195.7000")]), ArticleStatus::NotApplicable, "{carrier}");
        let beside = |own: &str| status(carrier, &[(carrier, "5.0.2195.7295"), ("win32k.sys", own)]);
        assert_eq!(beside("5.0.2195.7000"), ArticleStatus::Missing, "{carrier}");
        assert_eq!(beside("5.0.2195.7100"), ArticleStatus::Fixed, "{carrier}");
    }
    assert_eq!(status("gdi32.dll", &[("gdi32.dll", "5.0.2195.7295")]), ArticleStatus::Fixed, "any other file");
    // An article about such a file alone is judged by it.
    let alone = vec![article("KB890859", vec![row("spmsg.dll", "5.0.2195.7090")])];
    let judged = assess_with(alone, vec![file("spmsg.dll", "5.0.2195.7000")], &on("Windows 2000", "4"));
    assert_eq!(judged.articles[0].status, ArticleStatus::Missing);
}
