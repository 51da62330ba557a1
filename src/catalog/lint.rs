//! Checks a catalogue for suspicious facts: slips of articles and of the extractor, each with a stable code.

use std::collections::BTreeMap;

use jiff::Span;

mod finding;
mod month;
mod stated;

pub use finding::{Code, Finding};

use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::{
    ANNOUNCED_BUT_EMPTY, Article, FILES_ELSEWHERE, Fix, FixKind, TRANSLATIONS_DIFFER, Text, UNANNOUNCED_TABLE,
    UNREAD_LIST, UNREAD_TABLE, is_file_name, other_translation,
};

/// A row may be dated this many days after its article's last change: the clocks and time zones of build machines
/// differ.
const DAYS_AFTER: i64 = 31;

/// Checks every article; findings are sorted by code, article and line.
pub fn lint<'a>(articles: impl IntoIterator<Item = &'a Article>) -> Vec<Finding> {
    let articles: Vec<&Article> = articles.into_iter().collect();
    let mut findings: Vec<Finding> = articles.iter().flat_map(|article| one_article(article)).collect();
    findings.extend(backwards(&articles));
    findings.extend(month::versions(&articles));
    findings.extend(articles.iter().flat_map(|article| stated::ids(article)));
    findings.extend(stated::replacements(&articles));
    findings.sort_by_key(|f| (f.code, f.id, f.line));
    findings
}

fn one_article(article: &Article) -> Vec<Finding> {
    let finding = |code, line, detail| Finding { code, id: article.id, line, detail };
    let mut found = differing_translations(article);
    let is_noted = !found.is_empty();
    for rejected in &article.rejected {
        let code = match rejected.reason.as_str() {
            ANNOUNCED_BUT_EMPTY | UNREAD_LIST => Code::AnnouncedButEmpty,
            FILES_ELSEWHERE => Code::FilesElsewhere,
            UNANNOUNCED_TABLE | UNREAD_TABLE => Code::TableWithoutRows,
            // The rows that were kept say more.
            TRANSLATIONS_DIFFER if is_noted => continue,
            TRANSLATIONS_DIFFER => Code::TranslationsDiffer,
            _ => Code::RejectedLine,
        };
        // The built-in catalogue has the reason, but not the text of the line.
        let quoted = if rejected.text.is_empty() { String::new() } else { format!(": '{}'", rejected.text) };
        found.push(finding(code, rejected.line, format!("{}{quoted}", rejected.reason)));
    }
    type Key<'a> = (String, &'a Option<Text>, Option<Machine>, &'a Option<Text>, &'a str);
    let mut sizes: BTreeMap<Key<'_>, &Fix> = BTreeMap::new();
    for fix in &article.fixes {
        let latest = article.last_modified.and_then(|d| d.checked_add(Span::new().days(DAYS_AFTER)).ok());
        if let (Some(date), Some(latest)) = (fix.date, latest)
            && date > latest
        {
            found.push(finding(Code::DateAfterArticle, fix.line, format!("{} is dated {date}", fix.file)));
        }
        if let Some(platform) = fix.platform.as_deref().filter(|_| fix.machine.is_none()) {
            found.push(finding(Code::UnknownPlatform, fix.line, format!("'{platform}'")));
        }
        if let Some(version) = fix.version.as_deref().filter(|v| v.parse::<FileVersion>().is_err()) {
            found.push(finding(Code::OddVersion, fix.line, format!("'{version}'")));
        }
        if fix.kind == FixKind::Table && !is_file_name(&fix.file) {
            found.push(finding(Code::OddFileName, fix.line, format!("'{}'", fix.file)));
        }
        if fix.version.is_some() && fix.size.is_some() {
            let key = (fix.file.to_lowercase(), &fix.version, fix.machine, &fix.language, &*fix.section);
            match sizes.get(&key) {
                Some(first) if first.size != fix.size => {
                    let detail = format!(
                        "two rows for {} give different sizes (lines {} and {})",
                        fix.file, first.line, fix.line
                    );
                    found.push(finding(Code::ConflictingRows, fix.line, detail));
                }
                Some(_) => {}
                None => {
                    sizes.insert(key, fix);
                }
            }
        }
    }
    found
}

/// Rows that another translation of the page has with another version, with both versions.
fn differing_translations(article: &Article) -> Vec<Finding> {
    let differing = article.fixes.iter().filter_map(|fix| Some((fix, other_translation(fix.note.as_deref()?)?)));
    let finding = |(fix, other): (&Fix, &str)| {
        let own = fix.version.as_deref().unwrap_or("no version");
        let detail = format!("{} {own}: another translation of the page has {other}", fix.file);
        Finding { code: Code::TranslationsDiffer, id: article.id, line: fix.line, detail }
    };
    differing.map(finding).collect()
}

/// Rows of one file, machine, language and line whose version goes down while their date goes up.
fn backwards(articles: &[&Article]) -> Vec<Finding> {
    type Key = (String, Option<Machine>, Option<Text>, Vec<u32>);
    let mut series: BTreeMap<Key, Vec<(jiff::civil::Date, FileVersion, KbId, u32)>> = BTreeMap::new();
    for (article, fix) in articles.iter().flat_map(|a| a.fixes.iter().map(move |f| (a, f))) {
        let version = fix.version.as_deref().and_then(|v| v.parse::<FileVersion>().ok());
        let (Some(version), Some(date)) = (version, fix.date) else { continue };
        let line: Vec<u32> = version.components().iter().take(3).copied().collect();
        let key = (fix.file.to_lowercase(), fix.machine, fix.language.clone(), line);
        series.entry(key).or_default().push((date, version, article.id, fix.line));
    }
    let mut found = Vec::new();
    for ((file, ..), mut rows) in series {
        rows.sort_by_key(|(date, _, id, line)| (*date, *id, *line));
        let mut newest: Option<&(jiff::civil::Date, FileVersion, KbId, u32)> = None;
        for row in &rows {
            match newest {
                Some(before) if row.1 < before.1 && row.0 > before.0 => found.push(Finding {
                    code: Code::VersionBackwards,
                    id: row.2,
                    line: row.3,
                    detail: format!(
                        "{file} {} of {} is lower than {} of {} ({})",
                        row.1, row.0, before.1, before.0, before.2
                    ),
                }),
                Some(before) if row.1.partial_cmp(&before.1).is_none() => {}
                _ => newest = Some(row),
            }
        }
    }
    found
}
