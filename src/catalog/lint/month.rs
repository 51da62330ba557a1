//! Two articles of one month that name the same file, product and branch with different versions: one of them may be a
//! misprint.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::finding::{Code, Finding};
use crate::name::file_key;
use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::{Article, Text};

/// What rows must share: file, machine, heading (else the article's products), language, branch and release line.
type Key<'a> = (String, Option<Machine>, String, &'a Option<Text>, &'a Option<Text>, Vec<u32>);

/// This many days count as a month.
const DAYS: i32 = 31;

/// Compares each row that has a version and a date with the previous one.
pub(super) fn versions(articles: &[&Article]) -> Vec<Finding> {
    let mut series: BTreeMap<Key<'_>, Vec<(Date, FileVersion, KbId, u32)>> = BTreeMap::new();
    for (article, fix) in articles.iter().flat_map(|article| article.fixes.iter().map(move |fix| (article, fix))) {
        let version = fix.version.as_deref().and_then(|version| version.parse::<FileVersion>().ok());
        let (Some(version), Some(day)) = (version, fix.date.or(article.last_modified)) else { continue };
        let product = if fix.section.is_empty() { article.products.join("\n") } else { fix.section.to_lowercase() };
        let line = version.components().iter().take(3).copied().collect();
        let key = (file_key(&fix.file), fix.machine, product, &fix.language, &fix.branch, line);
        series.entry(key).or_default().push((day, version, article.id, fix.line));
    }
    let mut found = Vec::new();
    for ((file, ..), mut rows) in series {
        rows.sort_by_key(|(day, _, id, line)| (*day, *id, *line));
        for pair in rows.windows(2) {
            let [(first, version, id, _), (day, later, other, line)] = pair else { continue };
            let days = first.until(*day).map_or(i32::MAX, |span| span.get_days());
            if id != other && version != later && days <= DAYS {
                let detail = format!("{file} {later} of {day}; {id} has {version} of {first}");
                found.push(Finding { code: Code::VersionsInOneMonth, id: *other, line: *line, detail });
            }
        }
    }
    found
}
