//! How severe a bulletin says that its flaw is. The headlines of translations are templates: "緊急" on the Japanese pages of 2008 and
//! 2009, "Kritisch" on German ones, whatever the rating is (MS08-068, MS06-007). So what the page itself rates is taken first.

use hotfixcheck_types::Severity;

use super::document::Document;
use super::vocabulary::{self, Kind};

/// How many lines below the titles of a table its cells may stand.
const MAX_TABLE: usize = 400;

/// The rating of a page: the stated maximum, else the highest in the columns of overall ratings, else the headline's.
pub(crate) fn of(document: &Document<'_>) -> Option<Severity> {
    stated(document).or_else(|| overall(document)).or_else(|| in_title(&document.title))
}

/// The severity after the dash of a bulletin's title.
pub(crate) fn in_title(title: &str) -> Option<Severity> {
    let word = title.rsplit([' ', '-', '\u{2013}', '\u{3000}']).find(|word| !word.is_empty()).map(vocabulary::lower)?;
    rating(&word)
}

fn rating(word: &str) -> Option<Severity> {
    vocabulary::meaning(Kind::Severity, word).and_then(Severity::from_name)
}

/// `**Bewertung des maximalen Schweregrads:** Hoch`: one line of the summary, before any table.
fn stated(document: &Document<'_>) -> Option<Severity> {
    let found = document.lower.find(Kind::Rated).filter(|(.., meaning)| *meaning == "stated");
    found
        .filter_map(|(line, place, _)| {
            let line = document.lower.get(line)?;
            let is_first = line[..place.start].trim_matches(['*', ' ']).is_empty();
            let rest = line.get(place.end..)?.trim_start_matches(['*', ' ']).strip_prefix([':', '\u{ff1a}'])?;
            let word = rest.trim_matches(['*', '.', '\u{3002}', ' ', '\u{a0}', '\u{3000}']);
            is_first.then(|| rating(word))?
        })
        .next()
}

/// The highest of the columns that are titled so, over all tables of the page.
fn overall(document: &Document<'_>) -> Option<Severity> {
    let mut highest = None;
    for (i, place, _) in document.lower.find(Kind::Rated).filter(|(.., meaning)| *meaning == "overall") {
        let Some(titles) = document.lower.get(i).filter(|line| line.starts_with('|')) else { continue };
        let column = titles[..place.start].matches('|').count();
        let cell = titles.split('|').nth(column).map(|cell| cell.trim_matches(['*', ' ']));
        if !cell.is_some_and(|cell| cell.starts_with(&titles[place])) {
            continue;
        }
        let columns = titles.split('|').count();
        let below = (i + 1..).map_while(|line| document.lower.get(line)).take(MAX_TABLE);
        let rows = below.take_while(|line| line.starts_with('|')).filter(|line| line.split('|').count() == columns);
        let cells = rows.filter_map(|row| row.split('|').nth(column));
        highest = cells.filter_map(|cell| rating(cell.trim_matches(['*', ' ', '\u{a0}']))).max().max(highest);
    }
    highest
}
