//! What looks wrong in a catalogue: slips of articles and of the extractor, each with a stable code.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Span;

mod month;
mod stated;

use crate::{FileVersion, KbId, Machine};
use hotfixcheck_articles::{
    ANNOUNCED_BUT_EMPTY, Article, FILES_ELSEWHERE, Fix, FixKind, TRANSLATIONS_DIFFER, Text, UNANNOUNCED_TABLE,
    UNREAD_LIST, UNREAD_TABLE, is_file_name,
};

/// A row may be dated this many days after its article's last change: build machines' clocks and time zones differ.
const DAYS_AFTER: i64 = 31;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// The article.
    pub id: KbId,
    /// The line of the article; 0 where it is not about a line.
    pub line: u32,
    /// The details.
    pub detail: String,
}

/// What can look wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// The article announces files, and no row was read.
    AnnouncedButEmpty,
    /// The article links to a file that lists the update's files, and holds no row itself.
    FilesElsewhere,
    /// A table of files and versions that gave no row, and why.
    TableWithoutRows,
    /// Translations of one bulletin state different versions of a file: the version that was left out.
    TranslationsDiffer,
    /// A line inside a table or list that could not be read.
    RejectedLine,
    /// A row's date lies after the article's last change.
    DateAfterArticle,
    /// Rows of one article agree in file, version, machine, language and section, and state different sizes.
    ConflictingRows,
    /// A later date with an earlier version of one file, machine and line.
    VersionBackwards,
    /// Two articles name one file, product and branch with different versions in one month.
    VersionsInOneMonth,
    /// Articles that the vendor says replace each other in a circle.
    ReplacesInCircle,
    /// An article or bulletin that replaces a newer one.
    ReplacesNewer,
    /// The id of a vulnerability that cannot be one.
    OddCve,
    /// A build whose product is not the one of that build.
    OddBuild,
    /// A platform that names no machine.
    UnknownPlatform,
    /// A version that is not a sequence of numbers.
    OddVersion,
    /// A table's file that is not a file name with an extension: no file can match it.
    OddFileName,
}

impl Code {
    /// Every code, in the order of the report.
    pub const ALL: [Self; 16] = [
        Self::AnnouncedButEmpty,
        Self::FilesElsewhere,
        Self::TableWithoutRows,
        Self::TranslationsDiffer,
        Self::RejectedLine,
        Self::DateAfterArticle,
        Self::ConflictingRows,
        Self::VersionBackwards,
        Self::VersionsInOneMonth,
        Self::ReplacesInCircle,
        Self::ReplacesNewer,
        Self::OddCve,
        Self::OddBuild,
        Self::UnknownPlatform,
        Self::OddVersion,
        Self::OddFileName,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnouncedButEmpty => "announced-but-empty",
            Self::FilesElsewhere => "files-elsewhere",
            Self::TableWithoutRows => "table-without-rows",
            Self::TranslationsDiffer => "translations-differ",
            Self::RejectedLine => "rejected-line",
            Self::DateAfterArticle => "date-after-article",
            Self::ConflictingRows => "conflicting-rows",
            Self::VersionBackwards => "version-backwards",
            Self::VersionsInOneMonth => "versions-in-one-month",
            Self::ReplacesInCircle => "replaces-in-circle",
            Self::ReplacesNewer => "replaces-newer",
            Self::OddCve => "odd-cve",
            Self::OddBuild => "odd-build",
            Self::UnknownPlatform => "unknown-platform",
            Self::OddVersion => "odd-version",
            Self::OddFileName => "odd-file-name",
        }
    }

    /// What it means, in a few words.
    pub fn description(self) -> &'static str {
        match self {
            Self::AnnouncedButEmpty => "the article announces files, but no row was read",
            Self::FilesElsewhere => "the article's file list is somewhere else",
            Self::TableWithoutRows => "a table of files and versions gave no row",
            Self::TranslationsDiffer => "translations of a bulletin give different versions of a file",
            Self::RejectedLine => "a line of a table could not be read",
            Self::DateAfterArticle => "a file is newer than the article that lists it",
            Self::ConflictingRows => "two rows for one file give different sizes",
            Self::VersionBackwards => "a later file date has an earlier version",
            Self::VersionsInOneMonth => "two articles of one month give a file different versions",
            Self::ReplacesInCircle => "articles replace each other",
            Self::ReplacesNewer => "an article replaces a newer one",
            Self::OddCve => "the id of a vulnerability cannot be right",
            Self::OddBuild => "the build is not one of its product",
            Self::UnknownPlatform => "the platform is not a known processor",
            Self::OddVersion => "the version is not a sequence of numbers",
            Self::OddFileName => "the file name is not valid",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = if self.line == 0 { String::new() } else { format!(" line {}", self.line) };
        write!(f, "{}{line}: {}: {}", self.id, self.code.name(), self.detail)
    }
}

/// Looks at every article; findings are sorted by code, article and line.
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
    let mut found = Vec::new();
    for rejected in &article.rejected {
        let code = match rejected.reason.as_str() {
            ANNOUNCED_BUT_EMPTY | UNREAD_LIST => Code::AnnouncedButEmpty,
            FILES_ELSEWHERE => Code::FilesElsewhere,
            UNANNOUNCED_TABLE | UNREAD_TABLE => Code::TableWithoutRows,
            TRANSLATIONS_DIFFER => Code::TranslationsDiffer,
            _ => Code::RejectedLine,
        };
        // The built-in catalogue keeps the reason, not the line.
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
                        "{file} {} of {} follows {} of {} ({})",
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
