//! Compares the articles of one bulletin that bring the same file. A file that Windows itself or another product
//! brought does not show that an optional product is installed. An article for another Windows or service pack does not
//! apply to a file that has its own article.

use super::article;
use super::context::Context;
use super::finding::{ArticleVerdict, Finding, Subject};
use super::listed_row::Row;
use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use super::windows_folder::may_be_of_windows;
use crate::catalog::Listed;
use crate::knowledge::{Line, Order};
use crate::name::key_of;
use hotfixcheck_articles::{Article, Fix};

/// Why another article of the bulletin may be the right one for a file.
#[derive(Clone, Copy)]
enum Doubt {
    /// The row is for a product other than Windows.
    Product,
    /// The row is under the heading of another Windows, and is used only because its version is of the system's line:
    /// msrdp.ocx of KB958470, where KB958469 is for Server 2003 (MS09-044).
    Windows,
    /// The row is for another service pack than that of the file: KB983589, where KB983588 is for the file's own
    /// service pack, and the other way round (MS10-060).
    Pack,
    /// The same for a service pack of the product itself: KB924642 is for Visual Studio .NET 2002 SP1, KB924641 for the
    /// release (MS07-012).
    PackOfProduct,
}

impl Doubt {
    /// The doubts about a finding, in the order in which they are tried.
    fn all_of(finding: &Finding, all: &[Finding], article: &Listed, context: &Context) -> impl Iterator<Item = Self> {
        let doubt = Self::of(finding, all, article, context);
        let is_of_pack = matches!(finding.reason, Reason::EarlierServicePack | Reason::LaterServicePack);
        let of_product = matches!(doubt, Some(Self::Product)).then_some(Self::PackOfProduct).filter(|_| is_of_pack);
        of_product.into_iter().chain(doubt)
    }

    /// `all` are the findings of the article.
    fn of(finding: &Finding, all: &[Finding], article: &Listed, context: &Context) -> Option<Self> {
        let is_missing = finding.verdict() == Verdict::Missing;
        // A later service pack of Windows does not correct files of other products: usp10.dll of Office 2003
        // (MS10-063).
        if !is_missing && finding.reason != Reason::LaterServicePack {
            return None;
        }
        let row = row_of(article, finding, context)?;
        match () {
            () if shows_no_pack(finding, &row, all, article, context) => Some(Self::Pack),
            () if is_of_other_product(&row, article, context) => Some(Self::Product),
            () if is_missing && is_of_other_windows(&row, context) => Some(Self::Windows),
            () if matches!(finding.reason, Reason::EarlierServicePack | Reason::LaterServicePack) => Some(Self::Pack),
            () => None,
        }
    }

    /// The reason of a finding if another article of the bulletin is the right one for its file.
    fn reason(self) -> Reason {
        match self {
            Self::Product => Reason::ProductMayBeAbsent,
            Self::Windows => Reason::OtherProduct,
            Self::Pack | Self::PackOfProduct => Reason::OtherServicePack,
        }
    }
}

/// Judges one article by the inventory and by the findings of the other articles of its bulletin on the same files.
pub(super) fn judge(place: usize, article: &Listed, context: &Context) -> ArticleVerdict {
    let mut verdict = article::judge(place, article, context);
    if article.bulletins().is_empty() {
        return verdict;
    }
    let all = &verdict.findings;
    let doubts = |finding: &Finding| Doubt::all_of(finding, all, article, context).collect::<Vec<_>>();
    let doubts: Vec<Vec<Doubt>> = all.iter().map(doubts).collect();
    if doubts.iter().all(Vec::is_empty) {
        return verdict;
    }
    let others = context.catalog.articles().iter().enumerate().filter(|(_, other)| {
        other.id != article.id && other.bulletins().iter().any(|bulletin| article.bulletins().contains(bulletin))
    });
    let others: Vec<(&Listed, ArticleVerdict)> =
        others.map(|(place, other)| (&**other, article::judge(place, other, context))).collect();
    let mut lines_of_others: Vec<Line> = Vec::new();
    for (finding, doubts) in verdict.findings.iter_mut().zip(doubts) {
        let is_right = |doubt: &Doubt| {
            others.iter().any(|(other, judged)| {
                judged.findings.iter().any(|of_other| is_instead(*doubt, finding, of_other, article, other, context))
            })
        };
        let right = doubts.into_iter().find(is_right);
        if let Some(doubt) = right {
            let is_later = finding.reason == Reason::LaterServicePack;
            finding.reason = doubt.reason();
            finding.demand = None;
            if is_later && finding.reason == Reason::OtherServicePack {
                lines_of_others.extend(row_of(article, finding, context).and_then(|row| line_of(row, context)));
            }
        }
    }
    // The service pack was there before the fix, which has an article for it: nor do files that only the article for the earlier
    // pack has contain the correction (aspnet_isapi.dll of .NET Framework 1.1 SP1 and MS05-004).
    for finding in verdict.findings.iter_mut().filter(|finding| finding.reason == Reason::LaterServicePack) {
        let line = row_of(article, finding, context).and_then(|row| line_of(row, context));
        if line.is_some_and(|line| lines_of_others.contains(&line)) {
            finding.reason = Reason::OtherServicePack;
        }
    }
    verdict.status = ArticleStatus::of_findings(verdict.findings.iter());
    verdict.open = verdict.status;
    verdict
}

/// True for a row whose number shows no service pack, if a row under the same heading is for another service pack than the file's:
/// the LDR row of mscorlib.dll under "Windows Server 2008" beside the GDR row of SP1 (MS10-060).
fn shows_no_pack(finding: &Finding, row: &Row, all: &[Finding], article: &Listed, context: &Context) -> bool {
    let is_beside = |other: &Finding| {
        other.entry() == finding.entry()
            && other.reason == Reason::OtherServicePack
            && row_of(article, other, context).is_some_and(|other| other.section == row.section)
    };
    let releases = &context.knowledge.releases;
    let release = || row.release(&key_of(&row.file), || context.windows.as_deref(), releases);
    finding.reason == Reason::VersionOlder
        && all.iter().any(is_beside)
        && release().is_some_and(|of| of.order == Order::ServicePack && of.service_pack.is_none())
}

/// True if another article's finding on the same file shows that the doubtful one is not for it.
fn is_instead(
    doubt: Doubt,
    doubtful: &Finding,
    finding: &Finding,
    article: &Listed,
    other: &Listed,
    context: &Context,
) -> bool {
    let applies = match finding.reason {
        // There is a row for the system, although the file is of another branch or service pack.
        Reason::OtherBranch | Reason::OtherServicePack => matches!(doubt, Doubt::Windows),
        reason => reason.verdict() != Verdict::NotApplicable,
    };
    if finding.entry() != doubtful.entry() || !applies {
        return false;
    }
    let is_by_version = || {
        let by_version = [Reason::VersionEqual, Reason::VersionEqualAlone, Reason::VersionNewer, Reason::VersionOlder];
        by_version.contains(&finding.reason)
    };
    // Another size leaves open whether the row is fulfilled, not whether it is the file's.
    let is_compared = || is_by_version() || finding.reason == Reason::AmbiguousVersion;
    match doubt {
        Doubt::Product => is_brought(doubtful, finding, article, other, context),
        Doubt::Windows => row_of(other, finding, context).is_some_and(|row| is_of_system(&row, other, context)),
        // Where another row is compared by its version, it is of the file's own service pack.
        Doubt::PackOfProduct => {
            is_compared()
                && are_of_one_line(doubtful, finding, article, other, context)
                && has_packs_of_product(other, finding, context)
        }
        Doubt::Pack => {
            is_by_version()
                && row_of(other, finding, context).is_some_and(|row| is_of_system(&row, other, context))
                && are_of_one_line(doubtful, finding, article, other, context)
        }
    }
}

/// True if the rows of two findings are of one line.
fn are_of_one_line(one: &Finding, two: &Finding, of_one: &Listed, of_two: &Listed, context: &Context) -> bool {
    let line = |finding, article| line_of(row_of(article, finding, context)?, context);
    line(one, of_one).is_some_and(|own| line(two, of_two) == Some(own))
}

/// True if the row of a finding is of a line with service packs of the product itself, and shows one of them.
fn has_packs_of_product(article: &Listed, finding: &Finding, context: &Context) -> bool {
    let releases = &context.knowledge.releases;
    let release = row_of(article, finding, context)
        .and_then(|row| row.release(&key_of(&row.file), || context.windows.as_deref(), releases));
    release.is_some_and(|of| {
        of.order == Order::ServicePack && of.service_pack.is_some() && !releases.has_packs_of_windows(&of.line)
    })
}

/// True if another article's finding shows that its file did not come with the product of a missing row: MS09-073
/// brings msconv97.dll 2003.1100.8165 to Windows XP, and 2003.1100.8202 to Office 2003.
fn is_brought(missing: &Finding, finding: &Finding, article: &Listed, other: &Listed, context: &Context) -> bool {
    let Some(of_other) = row_of(other, finding, context) else { return false };
    let Some(entry) = missing.entry().map(|place| &context.inventory.entries[place]) else { return false };
    // Products have files of their own in their own folders.
    let of_windows = || is_of_system(&of_other, other, context) && may_be_of_windows(entry);
    (finding.reason == Reason::VersionEqual || of_windows())
        && are_of_one_line(missing, finding, article, other, context)
}

fn row_of<'a>(article: &'a Listed, finding: &Finding, context: &'a Context) -> Option<Row<'a>> {
    match finding.subject() {
        Subject::Row(row) => Some(Row::of(article, row, &context.headings)),
        _ => None,
    }
}

/// True for a row whose heading (or, without one, whose article) names products, but no Windows.
pub(super) fn is_of_other_product(row: &Fix, article: &Article, context: &Context) -> bool {
    if !row.section.is_empty() {
        return context.headings.scope(&row.section).is_none();
    }
    let scope = context.scope_of(article);
    !article.products.is_empty() && scope.lines.is_empty() && !scope.others
}

/// True for a row whose heading names Windows systems, but not this one.
fn is_of_other_windows(row: &Fix, context: &Context) -> bool {
    let heading = context.headings.scope(&row.section).filter(|heading| !heading.lines.is_empty());
    heading.zip(context.line()).is_some_and(|(heading, own)| !heading.lines.contains(own))
}

/// True for a row whose heading (or, without one, whose article) names the system's Windows.
fn is_of_system(row: &Fix, article: &Article, context: &Context) -> bool {
    let Some(system) = context.line() else { return false };
    if row.section.is_empty() {
        return context.scope_of(article).lines.contains(system);
    }
    context.headings.scope(&row.section).is_some_and(|heading| heading.lines.contains(system))
}

fn line_of(row: Row, context: &Context) -> Option<Line> {
    row.release(&key_of(&row.file), || context.windows.as_deref(), &context.knowledge.releases)
        .map(|release| release.line)
}
