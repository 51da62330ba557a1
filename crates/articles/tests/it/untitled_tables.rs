//! A table without column titles has those of the table above, if each row has a file and a version there (issue 14: MS06-046 it-it).

use hotfixcheck_articles::parse;

#[test]
fn a_table_without_titles_has_the_columns_above() {
    let page = |row: &str| {
        format!(
            "---\nTOCTitle: 'MS06-948'\nTitle: 'Microsoft Security Bulletin MS06-948'\n---\n\n\
             Microsoft Security Bulletin MS06-948\n====================================\n\n\
             Lamps in programs (900292)\n--------------------------\n\n\
             The English version of this update has the file attributes that the table lists.\n\nWindows XP:\n\n\
             | File name | Version | Date | Size |\n|---|---|---|---|\n| Lamp.ocx | 5.2.3790.558 | 14-Jul-2006 | 519,168 |\n\n\
             Windows XP Professional x64:\n\n|   |   |   |   |\n|---|---|---|---|\n{row}\n"
        )
    };
    let rows = |row: &str| {
        let articles = parse(&page(row), None).unwrap();
        articles[0].fixes.iter().map(|fix| format!("{} {}", fix.file, fix.section)).collect::<Vec<_>>()
    };
    let titled = "Lamp.ocx Windows XP";
    assert_eq!(
        rows("| Lamp2.ocx | 5.2.3790.2744 | 11-Jul-2006 | 858,624 |"),
        [titled, "Lamp2.ocx Windows XP Professional x64"]
    );
    assert_eq!(rows("| 5.2.3790.2744 | Lamp2.ocx | 11-Jul-2006 | 858,624 |"), [titled]);
    assert_eq!(rows("| Lamp2.ocx | 5.2.3790.2744 | 858,624 |"), [titled]);
}
