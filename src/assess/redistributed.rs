//! Files that programs of every vendor bring (`data/redistributables.tsv`): they do not show that a product is there whose articles have
//! them, too. Under such a product they decide only beside a file that the product alone brings.

use super::context::Context;
use super::finding::{ArticleVerdict, Finding, Subject};
use super::reason::Reason;
use super::siblings::is_of_other_product;
use super::verdict::{ArticleStatus, Verdict};
use super::{article, siblings};
use crate::catalog::Listed;
use crate::knowledge::Redistributable;
use crate::name::key_of;
use hotfixcheck_articles::Fix;

/// Judges one article by the inventory, by the other articles of its bulletin, and by what shows that its product is there.
pub(super) fn judge(place: usize, article: &Listed, context: &Context) -> ArticleVerdict {
    let mut verdict = siblings::judge(place, article, context);
    open(&mut verdict, article, context);
    verdict
}

/// Opens what only such files decide: atl80.dll of any program was three articles of SharePoint Server 2007, and gdiplus.dll of a
/// game made MS11-008 fixed for Visio 2002.
fn open(verdict: &mut ArticleVerdict, article: &Listed, context: &Context) {
    let doubted = |finding: &Finding| -> Option<Vec<String>> {
        let decides = !matches!(finding.verdict(), Verdict::Unknown | Verdict::NotApplicable);
        let Subject::Row(row) = finding.subject() else { return None };
        let row = &article.fixes[row];
        let file = Redistributable::of(&key_of(&row.file)).filter(|_| decides && finding.entry().is_some())?;
        let names = names_of(row, article);
        let is_own = names.iter().any(|name| file.is_of_own_product(name));
        (!is_own && is_of_other_product(row, article, context)).then(|| products(&names))
    };
    let doubts: Vec<Option<Vec<String>>> = verdict.findings.iter().map(doubted).collect();
    if doubts.iter().all(Option::is_none) {
        return;
    }
    // Each row of a file names the same products.
    let mut known: Vec<(Vec<String>, bool)> = Vec::new();
    let mut is_absent = |of: Vec<String>| {
        let found = known.iter().find(|(products, _)| *products == of).map(|(_, is_absent)| *is_absent);
        found.unwrap_or_else(|| {
            let is_absent = !is_present(&of, verdict, article, context);
            known.push((of, is_absent));
            is_absent
        })
    };
    let doubts: Vec<bool> = doubts.into_iter().map(|of| of.is_some_and(&mut is_absent)).collect();
    for (finding, _) in verdict.findings.iter_mut().zip(doubts).filter(|(_, is_doubted)| *is_doubted) {
        finding.reason = Reason::ProductMayBeAbsent;
        finding.demand = None;
    }
    verdict.status = ArticleStatus::of_findings(verdict.findings.iter());
    verdict.open = verdict.status;
}

/// True if an article has a row for one of these products that is about a file of theirs alone, and the system has that file.
fn is_present(products: &[String], verdict: &ArticleVerdict, article: &Listed, context: &Context) -> bool {
    let is_shown = |verdict: &ArticleVerdict, of: &Listed| {
        verdict.findings.iter().any(|finding| {
            let Subject::Row(row) = finding.subject() else { return false };
            finding.entry().is_some()
                && finding.verdict() != Verdict::NotApplicable
                && is_of_product(&of.fixes[row], of, products)
        })
    };
    if is_shown(verdict, article) {
        return true;
    }
    let has_file = |other: &Listed| {
        other.files().iter().any(|file| {
            context.copies.get(file.key).is_some_and(|copies| !copies.active.is_empty())
                && Redistributable::of(file.key).is_none()
                && file.rows.iter().any(|&row| is_of_product(&other.fixes[row], other, products))
        })
    };
    context.catalog.articles().iter().enumerate().any(|(place, other)| {
        other.id != article.id && has_file(other) && is_shown(&article::judge(place, other, context), other)
    })
}

/// True for a row of one of these products whose file only it brings.
fn is_of_product(row: &Fix, article: &Listed, products: &[String]) -> bool {
    Redistributable::of(&key_of(&row.file)).is_none()
        && self::products(&names_of(row, article)).iter().any(|name| products.contains(name))
}

/// What the row's heading names, or, without one, the article's product list.
fn names_of<'a>(row: &'a Fix, article: &'a Listed) -> Vec<&'a str> {
    match row.section.is_empty() {
        true => article.products.iter().map(|name| &**name).collect(),
        false => row.section.split(", ").collect(),
    }
}

/// The products without service pack, processor and Windows, in lower case: "visio 2002" of "Visio 2002 Service Pack 2".
fn products(names: &[&str]) -> Vec<String> {
    let base = |name: &&str| {
        let mut name = name.to_lowercase();
        for end in [" on windows", " service pack", " 32-bit", " 64-bit", " x64", " itanium"] {
            if let Some(at) = name.find(end) {
                name.truncate(at);
            }
        }
        name
    };
    names.iter().map(base).collect()
}
