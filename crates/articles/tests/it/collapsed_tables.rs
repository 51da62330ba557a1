//! Tables that a copy of a page collapsed into one line (issue 14, point 1).

use hotfixcheck_articles::{Article, UNREAD_TABLE, parse};

/// A page whose part about files has this text.
fn page(body: &str) -> Article {
    let text = format!(
        "# A lamp update\n\n_Original KB number:_ &nbsp; 953021\n\n## Resolution\n\n### File information\n\n\
         The English version of this fix has the file attributes (or later) that the table lists.\n\n{body}\n"
    );
    parse(&text, None).unwrap().remove(0)
}

/// The facts of each row: file, version, date, time, size, branch.
fn rows(article: &Article) -> Vec<String> {
    let text = |fact: Option<&str>| fact.unwrap_or("-").to_owned();
    let row = |fix: &hotfixcheck_articles::Fix| {
        let date = fix.date.map(|date| date.to_string());
        let time = fix.time.map(|time| time.to_string());
        let size = fix.size.map(|size| size.to_string());
        let cells = [fix.version.as_deref(), date.as_deref(), time.as_deref(), size.as_deref(), fix.branch.as_deref()];
        format!("{} {}", fix.file, cells.map(text).join(" "))
    };
    article.fixes.iter().map(row).collect()
}

const TITLES: &str = "Date         Time   Version       Size     File name   Folder";
const RULER: &str = "--------------------------------------------------------";
const ROWS: &str = "23-Jun-2004  00:03  5.1.2600.185  123,392  Lamp.dll    SP2GDR \
                    24-Jun-2004  00:12  5.1.2600.186  123,904  Lamp.dll    SP2QFE";

#[test]
fn a_table_in_one_line_gives_its_rows() {
    let single = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = format!("{TITLES} {RULER} {ROWS}");
    let bare = format!("{TITLES}   {ROWS}");
    let expected = [
        "Lamp.dll 5.1.2600.185 2004-06-23 00:03 123392 SP2GDR",
        "Lamp.dll 5.1.2600.186 2004-06-24 00:12 123904 SP2QFE",
    ];
    for line in [&line, &bare, &single(&line), &single(&bare)] {
        for body in [
            format!("```\n{line}\n```"),
            format!("    {line}"),
            format!("`{line}`"),
            line.clone(),
            format!("**Windows XP SP2**\n\n```\n{line}\n```"),
        ] {
            let article = page(&body);
            assert_eq!(rows(&article), expected, "{body}");
            assert!(article.rejected.is_empty(), "{body}: {:?}", article.rejected);
        }
        let html = format!(
            "<html><head><title>A lamp</title></head><body><h1>A lamp</h1><p>Article ID: 953021</p><h3>File information</h3>\
             <p>The English version of this fix has the file attributes (or later file attributes) that the table lists.</p>\
             <code>{line}</code></body></html>"
        );
        assert_eq!(rows(&parse(&html, None).unwrap()[0]), expected, "{html}");
    }
}

#[test]
fn the_heading_above_binds_each_table() {
    let body = format!(
        "**Windows XP SP2**\n\n```\n{TITLES} {RULER} {ROWS}\n```\n\n**Windows XP SP3**\n\n\
         `Date Time Version Size File name ------- 23-Jul-2004 00:03 5.1.2600.187 123,393 Lamp.dll`\n"
    );
    let sections: Vec<String> = page(&body).fixes.iter().map(|fix| fix.section.to_string()).collect();
    assert_eq!(sections, ["Windows XP SP2", "Windows XP SP2", "Windows XP SP3"]);
}

#[test]
fn the_heading_may_be_in_the_line() {
    let article = page(&format!("`Windows XP SP2 {TITLES} {RULER} {ROWS}`"));
    assert_eq!(article.fixes.len(), 2);
    assert!(article.fixes.iter().all(|fix| fix.section == "Windows XP SP2"), "{:?}", article.fixes);
}

#[test]
fn orders_and_languages_of_titles() {
    for (line, expected) in [
        (
            "File name File version File size Date Time Platform Lamp.dll 6.0.6000.100 12,345 2-Jan-2007 10:11 x86 \
             Lampx.exe 6.0.6000.101 1,112,345 03-Jan-2007 4:15 PM x86",
            vec!["Lamp.dll 6.0.6000.100 2007-01-02 10:11 12345 -", "Lampx.exe 6.0.6000.101 2007-01-03 16:15 1112345 -"],
        ),
        (
            "Datum Uhrzeit Version Größe Dateiname ------------ 29-Okt-2004 00:03 5.1.2600.185 123.392 Lamp.dll \
             30-Okt-2004 00:04 5.1.2600.186 123.393 Lamp.exe",
            vec!["Lamp.dll 5.1.2600.185 2004-10-29 00:03 123392 -", "Lamp.exe 5.1.2600.186 2004-10-30 00:04 123393 -"],
        ),
        (
            "Version Date Time Size File name --------- 5.1.2600.185 23-Jun-2004 00:03 123,392 Lamp.dll \
             5.1.2600.186 23-Jun-2004 00:04 123,393 Lamp.exe",
            vec!["Lamp.dll 5.1.2600.185 2004-06-23 00:03 123392 -", "Lamp.exe 5.1.2600.186 2004-06-23 00:04 123393 -"],
        ),
        // A file without a version.
        (
            "Date Time Version Size File name --------- 23-Jun-2004 00:03 123,392 Lamp.txt \
             23-Jun-2004 00:04 Not applicable 123,393 Lamp.inf",
            vec!["Lamp.txt - 2004-06-23 00:03 123392 -", "Lamp.inf - 2004-06-23 00:04 123393 -"],
        ),
    ] {
        let article = page(&format!("```\n{line}\n```"));
        assert_eq!(rows(&article), expected, "{line}");
        assert!(article.rejected.is_empty(), "{line}: {:?}", article.rejected);
    }
}

#[test]
fn a_row_that_does_not_fit_is_listed_and_no_other_is_lost() {
    for bad in [
        "23-Jun-2004 00:04 5.1.2600.186 123,904 Lamp.exe Lampx.exe",
        "23-Jun-2004 00:04 5.1.2600.186 123,904",
        "23-Jun-2004 00:04 5.1.2600.186 5.1.2600.187 123,904 Lamp.exe",
        "23-Jun-2004 see the note",
    ] {
        let body = format!(
            "`Date Time Version Size File name --------- 23-Jun-2004 00:03 5.1.2600.185 123,392 Lamp.dll {bad} \
             25-Jun-2004 00:05 5.1.2600.188 123,395 Lamp.sys`"
        );
        let article = page(&body);
        let files: Vec<&str> = article.fixes.iter().map(|fix| fix.file.as_ref()).collect();
        assert_eq!(files, ["Lamp.dll", "Lamp.sys"], "{bad}");
        let [rejected] = article.rejected.as_slice() else { panic!("{bad}: {:?}", article.rejected) };
        assert!(rejected.reason.contains("does not fit the columns"), "{rejected:?}");
    }
}

#[test]
fn a_table_in_one_line_that_gives_no_row_is_listed_beside_one_that_is_read() {
    let other = "| File name | Version | Date |\n|---|---|---|\n| Lamp.sys | 5.1.2600.185 | 23-Jun-2004 |";
    for line in [
        // An unknown title, titles of two branches, words between titles and rows, a row that fits in no way.
        "Date Time Version Colour File name --------- 23-Jun-2004 00:03 5.1.2600.185 red Lamp.dll",
        "Date Time GDR version QFE version Version File name -------- 23-Jun-2004 00:03 5.1.2600.185 5.1.2600.186 Lamp.dll",
        "Date Time Version Size File name --------- 23-Jun-2004 00:03 5.1.2600.185 5.1.2600.186 123,392 Lamp.dll",
    ] {
        let article = page(&format!("`{line}`\n\n{other}"));
        let files: Vec<&str> = article.fixes.iter().map(|fix| fix.file.as_ref()).collect();
        assert_eq!(files, ["Lamp.sys"], "{line}");
        let listed = article.rejected.iter().filter(|rejected| rejected.reason == UNREAD_TABLE);
        assert_eq!(listed.map(|rejected| rejected.line).collect::<Vec<u32>>(), [11], "{line}: {:?}", article.rejected);
    }
}

#[test]
fn a_long_table_in_one_line_is_whole_or_the_rest_is_listed() {
    let rows = |count: usize| {
        (0..count).fold(String::new(), |mut line, n| {
            line += &format!(" 23-Jun-2004 00:03 5.1.2600.{n} 123,392 Lamp{n}.dll");
            line
        })
    };
    let article = page(&format!("```\nDate Time Version Size File name -----{}\n```", rows(100)));
    assert_eq!((article.fixes.len(), article.rejected.len()), (100, 0));
    let article = page(&format!("```\nDate Time Version Size File name -----{}\n```", rows(1_000)));
    assert!(article.fixes.len() > 250);
    assert!(article.rejected.iter().any(|rejected| rejected.reason.contains("too long")), "{:?}", article.rejected);
}

#[test]
fn sentences_are_no_such_tables() {
    for line in [
        "File version 5.1.2600.185 of Lamp.dll has the date 23-Jun-2004 and corrects the lamp",
        "Version and date of the file Lamp.dll: 5.1.2600.185, 23-Jun-2004 and nothing else",
    ] {
        let article = page(line);
        assert!(!article.rejected.iter().any(|rejected| rejected.reason == UNREAD_TABLE), "{:?}", article.rejected);
    }
}
