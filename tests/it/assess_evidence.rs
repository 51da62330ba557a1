//! Rows without a version: each step of the evidence checks, its margins, and the cases without an answer.

use crate::support::kit::*;
use hotfixcheck::Machine;
use hotfixcheck::assess::{ArticleStatus, Verdict};
use hotfixcheck::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

fn seconds(time: &str) -> i64 {
    let time: DateTime = time.parse().unwrap();
    time.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
}

/// A row without a version: date, time and size as printed, "" and 0 for absent.
fn undated(date: &str, time: &str, size: u64) -> Fix {
    Fix {
        date: (!date.is_empty()).then(|| date.parse().unwrap()),
        time: (!time.is_empty()).then(|| time.parse().unwrap()),
        size: (size > 0).then_some(size),
        ..row("a.dll", "")
    }
}

/// A row with version, date and size.
fn build(version: &str, date: &str, size: u64) -> Fix {
    Fix { version: Some(version.to_owned().into()), ..undated(date, "", size) }
}

/// A file: version, size, link time and modification time; "" for a missing time.
fn made(version: &str, size: u64, linked: &str, written: &str) -> Entry {
    let mut of = binary(Machine::I386, version, &[]);
    of.time_stamp = (!linked.is_empty()).then(|| u32::try_from(seconds(linked)).unwrap());
    let modified = (!written.is_empty()).then(|| seconds(written));
    Entry { size: Some(size), modified, ..entry("a.dll", Ok(of)) }
}

fn for_product(id: &str, product: &str, fixes: Vec<Fix>) -> Article {
    Article { products: vec![product.to_owned().into()], ..article(id, fixes) }
}

const NT4: &str = "Windows NT Server 4.0";

/// The reason for the row of Q310626, with other articles about the same file.
fn reason(product: &str, judged: Fix, others: Vec<Fix>, file: Entry) -> &'static str {
    let mut articles = vec![for_product("Q310626", product, vec![judged])];
    for (place, fix) in others.into_iter().enumerate() {
        articles.push(for_product(&format!("Q2{place:05}"), product, vec![fix]));
    }
    let assessment = assess(articles, vec![file]);
    let verdict = assessment.articles.iter().find(|a| a.id.to_string() == "Q310626").unwrap();
    assert_eq!(verdict.findings.len(), 1);
    assert_ne!(verdict.findings[0].verdict(), Verdict::Fixed, "a date alone never proves it");
    verdict.findings[0].reason.code()
}

#[test]
fn the_same_size_and_moment_in_any_time_zone() {
    let cases = [
        ("2000-07-25T19:54:10", "same-size-and-date"),
        ("2000-07-25T11:54:58", "same-size-and-date"),
        ("2000-07-26T09:53:30", "same-size-and-date"),
        ("2000-07-26T01:24:00", "same-size-and-date"),
        // Minutes that no time zone explains, and days.
        ("2000-07-25T19:42:00", "no-version-in-article"),
        ("2000-07-27T19:54:00", "no-version-in-article"),
        ("2011-03-04T19:54:00", "no-version-in-article"),
    ];
    for (written, expected) in cases {
        let file = made("4.0.1381.7060", 106_768, "", written);
        assert_eq!(reason(NT4, undated("2000-07-25", "19:54", 106_768), vec![], file), expected, "{written}");
    }
    let other_size = made("4.0.1381.7060", 106_769, "", "2000-07-25T19:54:00");
    assert_eq!(reason(NT4, undated("2000-07-25", "19:54", 106_768), vec![], other_size), "no-version-in-article");
    // A copy that lost its time still shows when it was linked.
    let copied = made("4.0.1381.7060", 106_768, "2000-07-25T10:00:00", "2012-01-01T00:00:00");
    assert_eq!(reason(NT4, undated("2000-07-25", "19:54", 106_768), vec![], copied), "same-size-and-date");
    // One size, one day, another version elsewhere: this proves nothing.
    let twin = vec![build("4.0.1381.7061", "2000-07-26", 106_768)];
    let file = made("4.0.1381.7060", 106_768, "", "2000-07-25T19:54:00");
    assert_ne!(reason(NT4, undated("2000-07-25", "19:54", 106_768), twin, file), "same-size-and-date");
}

#[test]
fn a_damaged_executable_is_unreadable_whatever_its_size_and_date() {
    let text = |modified| Entry {
        size: Some(900),
        modified: Some(seconds(modified)),
        ..entry("a.dll", Err(hotfixcheck_winfiles::binary::BinaryError::NotExecutable))
    };
    let judged = || undated("2000-07-25", "19:54", 900);
    assert_eq!(reason(NT4, judged(), vec![], text("2000-07-25T19:54:00")), "unreadable");
    assert_eq!(reason(NT4, judged(), vec![], text("2000-07-25T19:00:00")), "unreadable");
}

#[test]
fn another_article_gives_the_version_of_this_build() {
    let twin = || vec![build("4.0.1381.7060", "2000-07-25", 106_768)];
    let cases = [
        ("4.0.1381.7059", 9, "known-build-older"),
        ("4.0.1381.7060", 106_768, "known-build-newer"),
        ("4.0.1381.7061", 9, "known-build-newer"),
        // The version without the size: some build of this version, but not this one.
        ("4.0.1381.7060", 9, "ambiguous-version"),
    ];
    for (version, size, expected) in cases {
        let file = made(version, size, "", "2012-01-01T00:00:00");
        assert_eq!(reason(NT4, undated("2000-07-25", "", 106_768), twin(), file), expected, "{version}");
    }
}

/// Issue 13: a file that was linked long before the row's date is not that build, whatever its size and date.
#[test]
fn the_same_size_and_day_of_a_file_that_was_linked_long_before_say_nothing() {
    let judge = |linked: &str| {
        let file = made("4.0.1381.7060", 88, linked, "2000-07-25T00:00:00");
        reason(NT4, undated("2000-07-25", "", 88), vec![], file)
    };
    assert_eq!(judge("2000-07-20T00:00:00"), "same-size-and-date");
    assert_eq!(judge("1998-07-20T00:00:00"), "no-version-in-article");
}

#[test]
fn neighbours_bound_the_version_of_a_row() {
    // Builds before and after a row of 2000-07-25.
    let around = || {
        vec![
            build("4.0.1381.7040", "2000-05-01", 1),
            build("4.0.1381.7050", "2000-07-22", 2),
            build("4.0.1381.7070", "2000-07-28", 3),
            build("4.0.1381.7080", "2000-09-01", 4),
        ]
    };
    let cases = [
        ("4.0.1381.7039", "neighbour-older"),
        ("4.0.1381.7049", "neighbour-older"),
        // The neighbour itself may have a second date; between the neighbours nothing decides.
        ("4.0.1381.7050", "no-version-in-article"),
        ("4.0.1381.7060", "no-version-in-article"),
        ("4.0.1381.7069", "no-version-in-article"),
        ("4.0.1381.7070", "neighbour-newer"),
        ("4.0.1381.7081", "neighbour-newer"),
    ];
    for (version, expected) in cases {
        let file = || made(version, 77, "", "2012-01-01T00:00:00");
        assert_eq!(reason(NT4, undated("2000-07-25", "", 88), around(), file()), expected, "{version}");
        // The row may belong to a second system.
        let both = "Windows NT";
        assert_eq!(reason(both, undated("2000-07-25", "", 88), around(), file()), "no-version-in-article", "{version}");
    }
    // Two days are within the margin of time zones.
    let near = vec![build("4.0.1381.7070", "2000-07-27", 3), build("4.0.1381.7050", "2000-07-23", 3)];
    for version in ["4.0.1381.7080", "4.0.1381.7040"] {
        let file = made(version, 77, "", "2012-01-01T00:00:00");
        assert_eq!(reason(NT4, undated("2000-07-25", "", 88), near.clone(), file), "no-version-in-article");
    }
}

#[test]
fn where_versions_and_dates_contradict_each_other_nothing_is_said() {
    let contradicting = vec![build("4.0.1381.7070", "2000-01-01", 1), build("4.0.1381.7040", "2000-12-01", 2)];
    for version in ["4.0.1381.7000", "4.0.1381.7999"] {
        let file = made(version, 77, "2003-01-01T00:00:00", "2003-01-01T00:00:00");
        assert_eq!(reason(NT4, undated("2000-07-25", "", 88), contradicting.clone(), file), "no-version-in-article");
    }
}

#[test]
fn build_times_speak_inside_a_line_of_windows() {
    let cases = [
        // Linked, written, reason.
        ("2000-07-28T12:00:00", "2012-01-01T00:00:00", "built-later"),
        ("2000-07-27T12:00:00", "2012-01-01T00:00:00", "no-version-in-article"),
        ("2000-06-25T12:00:00", "2012-01-01T00:00:00", "no-version-in-article"),
        ("1999-12-01T12:00:00", "2012-01-01T00:00:00", "built-earlier"),
        // A copy's late time proves nothing, an early one does.
        ("", "2012-01-01T00:00:00", "no-version-in-article"),
        ("", "1999-12-01T00:00:00", "dated-earlier"),
        ("", "1980-01-01T00:00:00", "no-version-in-article"),
        // Linked after it was written: the time is not valid. Some Borland linkers write 1992-06-19T22:22:17.
        ("2002-01-01T00:00:00", "2000-01-01T00:00:00", "no-version-in-article"),
        ("1992-06-19T22:22:17", "2012-01-01T00:00:00", "no-version-in-article"),
    ];
    for (linked, written, expected) in cases {
        let file = || made("4.0.1381.7060", 77, linked, written);
        assert_eq!(reason(NT4, undated("2000-07-25", "", 88), vec![], file()), expected, "{linked} {written}");
        // The same size may be the same build under a second date.
        let same_size = reason(NT4, undated("2000-07-25", "", 77), vec![], file());
        assert!(["built-later", "no-version-in-article"].contains(&same_size), "{linked} {written}");
        // An article about another product says nothing about this line.
        let foreign = reason("Exchange Server 5.5", undated("2000-07-25", "", 88), vec![], file());
        assert_eq!(foreign, "no-version-in-article", "{linked} {written}");
        // Neither does a row below another product's heading (issue 13).
        let headed = undated("2000-07-25", "", 88).with(|cells| cells.section = "Exchange Server 5.5".into());
        assert_eq!(reason(NT4, headed, vec![], file()), "no-version-in-article", "{linked} {written}");
    }
    // Service packs of Windows XP are updated at the same time: a date does not show for which one a row is.
    let xp = made("5.1.2600.2180", 77, "2006-01-01T00:00:00", "2012-01-01T00:00:00");
    assert_eq!(reason("Windows XP Professional", undated("2005-01-01", "", 88), vec![], xp), "no-version-in-article");
}

#[test]
fn rows_that_contradict_each_other_say_nothing() {
    let article = for_product("Q310626", NT4, vec![undated("1999-01-01", "", 5), undated("2001-01-01", "", 6)]);
    let file = made("4.0.1381.7060", 77, "2000-01-01T00:00:00", "2012-01-01T00:00:00");
    let verdict = assess(vec![article], vec![file]).articles.remove(0);
    assert_eq!(codes(&verdict), ["rows-differ", "rows-differ"]);
    assert_eq!(verdict.status, ArticleStatus::Unknown);
}

#[test]
fn the_same_version_in_another_size_is_no_proof() {
    // Idq.dll of Q300972 was corrected without a new version.
    let judged = |size, file: Entry| codes(&judge(vec![Fix { size, ..row("a.dll", "4.0.1381.7060") }], vec![file]))[0];
    let file = |size| made("4.0.1381.7060", size, "", "2012-01-01T00:00:00");
    assert_eq!(judged(Some(193_296), file(193_296)), "version-equal");
    assert_eq!(judged(Some(193_296), file(300_304)), "ambiguous-version");
    assert_eq!(judged(None, file(300_304)), "version-equal");
    let later = made("4.0.1381.7061", 300_304, "", "2012-01-01T00:00:00");
    assert_eq!(judged(Some(193_296), later), "version-newer");
    // A German build has a different size.
    let mut german = tagged("a.dll", "4.0.1381.7060", "4.00");
    if let Ok(binary) = &mut german.binary {
        *binary = crate::support::kit::binary(Machine::I386, "4.0.1381.7060", &[("040704B0", "4.00")]);
    }
    assert_eq!(judged(Some(193_296), german), "version-equal");
    // Two editions of one version: the file is one of them.
    let editions = [193_296, 300_304].map(|size| Fix { size: Some(size), ..row("a.dll", "4.0.1381.7060") });
    let verdict = judge(editions.to_vec(), vec![file(300_304)]);
    assert_eq!(verdict.status, ArticleStatus::Fixed);
    // Without a size, a build time long before the row's date.
    let dated = Fix { date: Some("2001-05-25".parse().unwrap()), ..row("a.dll", "4.0.1381.7060") };
    let early = made("4.0.1381.7060", 5, "2000-01-25T00:00:00", "2012-01-01T00:00:00");
    assert_eq!(code(dated, early), "ambiguous-version");
}
