//! Hostile text: no bytes make the extractor panic or hang, and its facts are always well-formed.
//!
//! Times are not asserted; a step that is not linear would not end.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use hotfixcheck_articles::{Article, Rejected, decode, parse};
use hotfixcheck_types::KbId;
use proptest::prelude::*;

/// Every golden article: its name and its bytes.
pub(crate) fn fixtures() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut fixtures = Vec::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.file_stem().is_some_and(|stem| stem == "article") {
                fixtures.push((folder.file_name().unwrap().to_string_lossy().into_owned(), fs::read(file).unwrap()));
            }
        }
    }
    fixtures.sort();
    assert!(!fixtures.is_empty());
    fixtures
}

pub(crate) fn id() -> Option<KbId> {
    KbId::new(100_999)
}

fn read(bytes: &[u8]) -> Article {
    parse(&decode(bytes), id()).unwrap().remove(0)
}

/// A head and an announcement, followed by `table`.
fn article(table: &str) -> String {
    format!(
        "DOCUMENT:Q100999  01-JAN-2001  [winnt]\nTITLE   :Hostile\n\n{}\n\nRESOLUTION\n==========\n\n\
         The fix has the following file attributes or newer ones:\n\n{table}\n",
        "=".repeat(70)
    )
}

const HEADER: &str =
    "   Date         Time   Version        Size    File name     Platform\n   ---------------------------\n";
const ROW: &str = "   16-Oct-2001  19:23  4.0.1381.7097  150,800  Tapisrv.exe  Intel\n";

/// Checks that hold for every page, whatever was read.
pub(crate) fn check_all(articles: &[Article], text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!articles.is_empty(), "a page is at least one article");
    articles.iter().try_for_each(|article| check(article, text))
}

/// Checks that hold for every article, whatever was read.
fn check(article: &Article, text: &str) -> Result<(), TestCaseError> {
    let lines = text.split('\n').count() as u32;
    for fix in &article.fixes {
        prop_assert!((1..=lines).contains(&fix.line), "line {} of {lines}", fix.line);
        prop_assert!(!fix.file.trim().is_empty());
        prop_assert_eq!(&fix.platform, &fix.platform.as_ref().map(|p| p.trim().to_owned().into()));
        for field in [&fix.file, &fix.section].into_iter().chain(fix.version.iter()) {
            prop_assert!(!field.contains(['\n', '\r', '\t']), "{field:?}");
        }
        if let Some(time) = fix.time {
            prop_assert!(time.hour() < 24 && time.minute() < 60, "{time}");
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
        if fix.machine.is_some() {
            prop_assert!(fix.platform.is_some());
        }
    }
    for rejected in &article.rejected {
        prop_assert!((1..=lines).contains(&rejected.line));
        prop_assert!(!rejected.reason.is_empty());
        prop_assert!(rejected.text.chars().count() <= Rejected::MAX_TEXT);
    }
    let ordered = article.fixes.windows(2).all(|w| w[0].line <= w[1].line)
        && article.rejected.windows(2).all(|w| w[0].line <= w[1].line);
    prop_assert!(ordered, "not in the order of the lines");
    let json = serde_json::to_string(article).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Article>(&json).unwrap(), article);
    Ok(())
}

/// Words that occur in articles, in any order.
fn scraps() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "DOCUMENT:Q100001  01-JAN-2001  [winnt]",
        "---",
        "\tArticle: Q100001",
        "TITLE   :",
        "Keywords          :",
        "kbWinNT400sp4fix",
        "Date",
        "Time",
        "Version",
        "Size",
        "File name",
        "Platform",
        "|",
        "+---+",
        "-------",
        "========",
        "16-Oct-2001",
        "7/25/00",
        "xx/xx/xx",
        "7:54p",
        "1815",
        "4.0.1381.7097",
        "150,800",
        "39, 424",
        "bytes",
        "249KB",
        "Tapisrv.exe",
        "Intel",
        "Alpha:",
        "The English version of this fix should have the following file attributes or later:",
        "Component:",
        "corrected in",
        "Windows NT 4.0 Service Pack 4",
        "obtain the latest service pack for",
        "N/A",
        "É",
        "\u{a0}",
        "\u{2022}",
        "\u{130}",
        "\t",
        " ",
        "   ",
        "\n",
        "\n\n",
        "\r\n",
        "\0",
    ]);
    prop::collection::vec(words, 0..120).prop_map(|words| words.concat())
}

/// The same for Markdown: unclosed marks, lists, tables, code.
fn markdown_scraps() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "# ",
        "## ",
        "###### x64",
        "####### ",
        "#",
        "## File information\n\n",
        "## Symptoms\n\n",
        "### For all supported x86-based versions\n\n",
        "|File name|File version|\n|---|---|\n",
        "|`A.dll`|1.2.3.4|\n",
        "|File name|A.dll|\n|File version|1.2.3.4|\n",
        "| ",
        "|",
        "\\|",
        "\\",
        "`",
        "``",
        "```\n",
        "~~~",
        "[",
        "](",
        ")",
        "![a](b)",
        "<br/>",
        "<br",
        "<a>",
        "<",
        "&nbsp;",
        "&amp",
        "&#0;",
        "*",
        "**",
        "_",
        "_A.dll_",
        "__",
        "- ",
        "  - x64\n\n  ",
        "1. ",
        "> ",
        "Applies to:",
        "_Applies to:_ Windows 8.1, É",
        "[a](https://example.com/KB1.csv)",
        "---\n",
        "appliesto:\n",
        "É",
        "\u{2022} ",
        "\u{a0}",
        "\u{feff}",
        "\t",
        " ",
        "\n",
        "\n\n",
        "\r\n",
    ]);
    prop::collection::vec(words, 0..120).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_order_of_markdown_scraps_is_read(scraps in markdown_scraps()) {
        for text in [format!("# KB4900001\n\n{scraps}"), format!("---\ntitle: x\n---\n{scraps}"), scraps] {
            check_all(&parse(&text, id()).unwrap(), &text)?;
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..4_000)) {
        let text = decode(&bytes);
        check_all(&parse(&text, id()).unwrap(), &text)?;
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}(\n\\PC{0,80}){0,20}") {
        check_all(&parse(&text, id()).unwrap(), &text)?;
    }

    #[test]
    fn any_order_of_scraps_is_read(text in scraps()) {
        check_all(&parse(&text, id()).unwrap(), &text)?;
    }

    #[test]
    fn any_scraps_below_an_announcement_are_read(scraps in scraps()) {
        let text = article(&format!("{HEADER}{ROW}{scraps}\n{ROW}"));
        check_all(&parse(&text, id()).unwrap(), &text)?;
    }

    #[test]
    fn any_bytes_in_a_row_are_read(noise in prop::collection::vec(any::<u8>(), 1..40), at in 0usize..60) {
        let mut row = ROW.trim_end().as_bytes().to_vec();
        let at = at.min(row.len());
        row.splice(at..(at + noise.len()).min(row.len()), noise);
        let mut bytes = article(HEADER).into_bytes();
        bytes.extend(row);
        let text = decode(&bytes);
        check_all(&parse(&text, id()).unwrap(), &text)?;
    }
}

/// The shape of a line: each run of letters or digits, all words with single blanks between them, and a line of one
/// mark become one mark.
fn shape(line: &[u8]) -> Vec<u8> {
    let mut shape: Vec<u8> = Vec::new();
    for (i, byte) in line.iter().enumerate() {
        let mark = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => b'a',
            b' ' if line.get(i + 1) != Some(&b' ') && shape.last() != Some(&b' ') => continue,
            other => *other,
        };
        if shape.last() != Some(&mark) {
            shape.push(mark);
        }
    }
    shape
}

/// Every how many cases one is run, as in the other crates (`thorough.rs` of the test kit, which reads binaries and which
/// this crate does not depend on).
fn one_of(sample: usize) -> usize {
    if std::env::var_os("HOTFIXCHECK_EVERY_CASE").is_some_and(|value| value == "true") { 1 } else { sample }
}

/// The lengths at which a text is cut: the end of every line, and every byte of a line whose shape is new in this
/// layout, except those between the second and the last byte of a word or number of ASCII. Cutting the next row of a
/// table as well, or a word at its fourth letter, shows nothing new, and reads the whole text each time.
fn cuts(bytes: &[u8], seen: &mut HashSet<Vec<u8>>) -> Vec<usize> {
    let mut cuts = vec![0];
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if seen.insert(shape(line)) {
            let kind = |i: usize| bytes.get(i).map(|b| (b.is_ascii_alphabetic(), b.is_ascii_digit()));
            let inside = |i: &usize| {
                let own = kind(*i);
                own.is_some_and(|(letter, digit)| letter || digit)
                    && (i.saturating_sub(2)..i + 1).all(|near| kind(near) == own)
            };
            cuts.extend((start + 1..end).filter(|i| !inside(i)));
        }
        cuts.push(end);
        start = end;
    }
    cuts
}

#[test]
pub(crate) fn fixtures_cut_at_every_length_are_read() {
    let mut seen: HashMap<&str, HashSet<Vec<u8>>> = HashMap::new();
    let mut read = 0;
    for (name, bytes) in fixtures() {
        let layout = match bytes.first() {
            Some(b'<') => "html",
            Some(b'D') => "archive",
            Some(b'-' | b'#') => "markdown",
            _ => "other",
        };
        for length in cuts(&bytes, seen.entry(layout).or_default()).into_iter().step_by(one_of(40)) {
            let text = decode(&bytes[..length]);
            let checked = check_all(&parse(&text, id()).unwrap(), &text);
            assert!(checked.is_ok(), "{name} cut to {length} bytes: {checked:?}");
            read += 1;
        }
    }
    assert!(read > 15_000 / one_of(40), "only {read} cuts: were fixtures lost?");
}

#[test]
fn a_line_of_a_hundred_thousand_columns_is_no_table() {
    let names = "File name  Version  Size  ".repeat(33_334);
    let cells = "| File name | Version | Size ".repeat(33_334);
    let values = "Tapisrv.exe 4.0.1381.7097 150,800 ".repeat(33_334);
    let boxed = format!("{cells}|\n| {} |\n", "Tapisrv.exe | ".repeat(100_000));
    for table in [format!("{names}\n{values}\n"), boxed, format!("{HEADER}{values}\n{ROW}")] {
        let text = article(&table);
        let article = read(text.as_bytes());
        assert!(check(&article, &text).is_ok());
        assert!(article.fixes.len() <= 1, "{} rows", article.fixes.len());
    }
}

#[test]
fn a_line_of_five_megabytes_is_read() {
    let length = (5 << 20) / one_of(10);
    for scrap in
        ["x", " ", "\t", "-", "=", "| ", "4.", "Tapisrv.exe ", "É", "corrected in ", "service pack 4 ", "U.S. "]
    {
        let line = scrap.repeat(length / scrap.len());
        for text in [line.clone(), article(&line), article(&format!("{HEADER}{ROW}{line}\n{ROW}"))] {
            let article = read(text.as_bytes());
            assert!(check(&article, &text).is_ok(), "{scrap:?}");
        }
    }
}

#[test]
fn many_short_lines_are_read() {
    let lines = 50_000 / one_of(20);
    for line in [
        "x\n",
        "\n",
        "-----\n",
        "=====\n",
        "|\n",
        HEADER,
        "Component: X\n",
        "- \n",
        "Windows NT 4.0\n",
        "A.dll 1.0.0.1\n",
    ] {
        let text = article(&line.repeat(lines));
        let article = read(text.as_bytes());
        assert!(check(&article, &text).is_ok(), "{line:?}");
    }
}

#[test]
fn markdown_of_many_lines_is_read() {
    for line in [
        "# x\n",
        "## x64\n",
        "- x64\n",
        "  - x64\n",
        "```\n",
        "|\n",
        "|File name|A.dll|\n",
        "|File name|Version|\n|A.dll|1.2.3.4|\n\n",
        "## x64\n\n|File name|Version|\n|A.dll|1.2.3.4|\n",
        "- x\n\n  |File name|Version|\n  |A.dll|1.2.3.4|\n\n",
        "Applies to:\n- x\n",
    ] {
        let text = format!("# KB4900001\n\n{}", line.repeat(50_000 / one_of(20) / line.lines().count()));
        assert!(check(&read(text.as_bytes()), &text).is_ok(), "{line:?}");
    }
    for mark in ["`", "[", "[a](", "![", "<", "<br", "<br/>", "&", "\\", "*", "**a", "|", "\\|", "``a`", "É|"] {
        let text = format!("# {0}\n\n|{0}\n{0}\n", mark.repeat(500_000 / one_of(10)));
        assert!(check(&read(text.as_bytes()), &text).is_ok(), "{mark:?}");
    }
}

#[test]
fn spans_below_spans_are_read() {
    for page in ["<html><table>", "---\nTitle: 'Q100999'\n---\n\n"] {
        let text = format!("{page}{}", "<tr><td rowspan=\"99999\" colspan=\"99999\">".repeat(20_000));
        assert!(check(&read(text.as_bytes()), &text).is_ok());
    }
}

#[test]
fn a_paragraph_of_many_lines_is_read() {
    for line in ["This problem was corrected in Windows NT 4.0 Service Pack 4.\n", "corrected in A.DLL version 1.2.3\n"]
    {
        let text = article(&line.repeat(100_000));
        let article = read(text.as_bytes());
        assert!(check(&article, &text).is_ok(), "{line:?}");
        assert!(article.service_packs.len() <= 1);
    }
}

#[test]
fn rows_are_kept_up_to_a_limit_that_is_told() {
    // Above the limit in every run.
    const ROWS: usize = 55_000;
    let mut table = String::from("   Version        File name\n   ------------------------\n");
    for row in 0..ROWS {
        let _ = writeln!(table, "   4.0.1381.{row:<5} A.exe");
    }
    let text = article(&table);
    let article = read(text.as_bytes());
    assert!(check(&article, &text).is_ok());
    assert!(!article.fixes.is_empty(), "rows below the limit are lost with those above it");
    if article.fixes.len() < ROWS {
        assert!(!article.rejected.is_empty(), "{} of {ROWS} rows, and no word of the others", article.fixes.len());
    }
}

/// A name that no file has may be as long as a page: only its beginning is listed (issue 14, found by damaged pages).
#[test]
fn the_name_of_a_row_that_is_not_read_is_cut() {
    let name = "Lamp of the house ".repeat(40);
    let table = format!("|File name|File version|\n|---|---|\n|{name}dll|4.0.1381.300|\n");
    let text = format!("# KB4900412 - Lamps\n\n## File information\n\n{table}");
    let article = read(text.as_bytes());
    assert!(check(&article, &text).is_ok());
    assert!(article.fixes.is_empty() && article.rejected.len() == 1, "{article:?}");
}
