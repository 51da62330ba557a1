//! The language of the build that a sentence names (issue 14, point 2).

use hotfixcheck_articles::parse;

#[test]
fn sentences_name_the_language_of_the_build() {
    for (sentence, language) in [
        ("Die deutsche Version dieses Updates besitzt die Dateiattribute der Tabelle.", Some("German")),
        ("この修正プログラムのドイツ語版のファイル属性は次のとおりです。", Some("German")),
        ("此修补程序的日语版具有下表中列出的文件属性。", Some("Japanese")),
        ("The Japanese version of this fix has the file attributes (or later) of the table.", Some("Japanese")),
        (
            "The Simplified Chinese and Traditional Chinese versions of this fix have the file attributes of the table.",
            Some("Simplified Chinese and Traditional Chinese"),
        ),
        ("The English version of this fix has the file attributes (or later) of the table.", None),
    ] {
        let page = format!(
            "# A lamp update\n\n_Original KB number:_ &nbsp; 900123\n\n{sentence}\n\n\
             | File name | File version |\n|---|---|\n| lamp.dll | 5.1.2600.1 |\n"
        );
        let article = parse(&page, None).unwrap().remove(0);
        assert_eq!(article.fixes.len(), 1, "{sentence}");
        assert_eq!(article.fixes[0].language.as_deref(), language, "{sentence}");
    }
}
