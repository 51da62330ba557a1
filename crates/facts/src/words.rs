//! Fields that several sources print in the same way: lists of replaced updates, ratings, days.

use jiff::civil::Date;

use hotfixcheck_types::{KbId, Restart, Severity};

use crate::error::Place;
use crate::ids::BulletinId;
use crate::model::{FactArticle, Facts, SkipReason};

/// The article of a field that contains only its number: `5046613`, `KB5046613`, `Q823980`.
pub(crate) fn article_id(text: &str) -> Option<KbId> {
    let text = text.trim();
    // Article numbers have six digits from 1999 on; shorter numbers are something else in these sources.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (6..=8).contains(&digits).then(|| text.parse().ok()).flatten()
}

/// A rating as the vendor prints it: `Critical`.
pub(crate) fn severity(text: &str) -> Option<Severity> {
    Severity::from_name(&text.trim().to_ascii_lowercase())
}

/// Whether a restart is needed, as CVRF documents print it.
pub(crate) fn restart(text: &str) -> Option<Restart> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" => Some(Restart::Required),
        "maybe" => Some(Restart::Maybe),
        "no" => Some(Restart::No),
        _ => None,
    }
}

/// The day at the start of a time stamp: `2024-11-12T08:00:00`, `2026-04-16`.
pub(crate) fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// An update that a list of replaced updates names: `3121918; MS15-010, 3023562`, `3135456<br><br>3133681`.
pub(crate) enum Replaced {
    Article(KbId),
    Bulletin(BulletinId),
}

/// Calls `found` for each update of the list, and `other` for each other word.
pub(crate) fn replaced(list: &str, mut found: impl FnMut(Replaced), mut other: impl FnMut(&str)) {
    let separates = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    for word in list.split(separates).filter(|word| !word.is_empty()) {
        if let Some(id) = article_id(word) {
            found(Replaced::Article(id));
        } else if let Ok(id) = word.parse() {
            found(Replaced::Bulletin(id));
        } else if !is_filler(word) {
            other(word);
        }
    }
}

/// Words between ids without a meaning: line breaks of a page, "None", "KB 5046613".
fn is_filler(word: &str) -> bool {
    ["br", "p", "none", "kb", "and", "in", "n", "a"].iter().any(|filler| word.eq_ignore_ascii_case(filler))
}

/// Adds a list of replaced updates to an article, and counts the words that are not updates.
pub(crate) fn add_replaced(facts: &mut Facts, id: KbId, list: &str, place: &Place) {
    let mut others = Vec::new();
    let article: &mut FactArticle = facts.article(id);
    let found = |replaced| {
        match replaced {
            Replaced::Article(old) => article.supersedes.insert(old),
            Replaced::Bulletin(old) => article.supersedes_bulletins.insert(old),
        };
    };
    replaced(list, found, |word| others.push(word.to_owned()));
    for word in others {
        facts.skip(SkipReason::NotAnUpdate, place, &word);
    }
}
