//! Articles of one bulletin, for several products that bring the same file: a file that Windows itself, or another of these
//! products, has brought shows nothing of a product that may not be there.

use super::article;
use super::context::Context;
use super::finding::{ArticleVerdict, Finding, Subject};
use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use crate::FileVersion;
use crate::catalog::Listed;
use crate::inventory::Entry;
use crate::knowledge::Line;
use crate::name::key_of;
use hotfixcheck_articles::{Article, Fix};

/// One article against the inventory, with what the other articles of its bulletin say of the same files.
pub(super) fn judge(place: usize, article: &Listed, context: &Context) -> ArticleVerdict {
    let mut verdict = article::judge(place, article, context);
    let is_doubtful = |finding: &Finding| {
        finding.verdict() == Verdict::Missing
            && row_of(article, finding).is_some_and(|row| is_of_other_product(row, article, context))
    };
    if article.bulletins.is_empty() || !verdict.findings.iter().any(is_doubtful) {
        return verdict;
    }
    let others = context.catalog.articles().iter().enumerate().filter(|(_, other)| {
        other.id != article.id && other.bulletins.iter().any(|bulletin| article.bulletins.contains(bulletin))
    });
    let others: Vec<(&Listed, ArticleVerdict)> =
        others.map(|(place, other)| (&**other, article::judge(place, other, context))).collect();
    for finding in verdict.findings.iter_mut().filter(|finding| is_doubtful(finding)) {
        let brings = |(other, judged): &(&Listed, ArticleVerdict)| {
            judged.findings.iter().any(|of_other| is_brought(finding, of_other, article, other, context))
        };
        if others.iter().any(brings) {
            finding.reason = Reason::ProductMayBeAbsent;
            finding.demand = None;
        }
    }
    verdict.status = ArticleStatus::of(verdict.findings.iter().map(Finding::verdict));
    verdict.open = verdict.status;
    verdict
}

/// True if another article's finding shows that its file did not come with the product of a missing row: MS09-073 brings
/// msconv97.dll 2003.1100.8165 to Windows XP, and 2003.1100.8202 to Office 2003.
fn is_brought(missing: &Finding, finding: &Finding, article: &Listed, other: &Listed, context: &Context) -> bool {
    if finding.entry != missing.entry || finding.verdict() == Verdict::NotApplicable {
        return false;
    }
    let (Some(row), Some(of_other)) = (row_of(article, missing), row_of(other, finding)) else { return false };
    let Some(entry) = missing.entry.map(|place| &context.inventory.entries[place]) else { return false };
    let is_same_line = || line_of(row, context).is_some_and(|line| line_of(of_other, context) == Some(line));
    // Products have files of their own in their own folders.
    let of_windows = || is_of_system(of_other, other, context) && may_be_of_windows(entry);
    (finding.reason == Reason::VersionEqual || of_windows()) && is_same_line()
}

fn row_of<'a>(article: &'a Listed, finding: &Finding) -> Option<&'a Fix> {
    match finding.subject {
        Subject::Row(row) => article.fixes.get(row),
        _ => None,
    }
}

/// True for a row whose heading, or else whose article, names products, but no Windows.
fn is_of_other_product(row: &Fix, article: &Article, context: &Context) -> bool {
    if !row.section.is_empty() {
        return context.headings.scope(&row.section).is_none();
    }
    let scope = context.scope_of(article);
    !article.products.is_empty() && scope.lines.is_empty() && !scope.others
}

/// True for a row whose heading, or else whose article, names the system's Windows.
fn is_of_system(row: &Fix, article: &Article, context: &Context) -> bool {
    let Some(system) = context.profile.as_ref().map(|profile| profile.line.windows()) else { return false };
    if row.section.is_empty() {
        return context.scope_of(article).lines.contains(system);
    }
    context.headings.scope(&row.section).is_some_and(|heading| heading.lines.contains(system))
}

fn line_of(row: &Fix, context: &Context) -> Option<Line> {
    let version = row.version.as_deref().and_then(FileVersion::from_resource_string)?;
    let windows = || context.windows.as_deref();
    Some(context.knowledge.releases.of(&version, row.version.as_deref(), &key_of(&row.file), windows).line)
}

/// The folders of Windows, which have the same names in every language. `Program Files` has not.
const FOLDERS: [&str; 7] = ["windows", "winnt", "system", "system32", "syswow64", "winsxs", "sysnative"];

/// True for a file in a folder of Windows, and for one of which no folder is known.
fn may_be_of_windows(entry: &Entry) -> bool {
    let folders = entry.path.components().count().saturating_sub(1);
    let is_of_windows = |folder: &str| FOLDERS.iter().any(|known| folder.eq_ignore_ascii_case(known));
    folders == 0 || entry.path.components().take(folders).any(|folder| is_of_windows(&folder))
}
