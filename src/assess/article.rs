//! One article against the inventory.

use super::case::Names;
use super::context::Context;
use super::evidence::Evidence;
use super::finding::{ArticleVerdict, Finding, Subject};
use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use super::{builds, elsewhere, original, pack, row, unlisted};
use crate::catalog::{FileRows, Listed, lost_rows};
use hotfixcheck_articles::{Fix, TRANSLATIONS_DIFFER};

/// Compares every row with every active copy of its file. The evidence is not kept; [`evidence`] makes it again.
pub(super) fn judge(place: usize, article: &Listed, context: &Context) -> ArticleVerdict {
    let keep = |finding: &mut Finding, evidence: Evidence| finding.demand = evidence.demand(finding);
    let findings: Vec<Finding> =
        answers(article, context, false, keep).into_iter().map(|(finding, ())| finding).collect();
    let status = ArticleStatus::of(findings.iter().map(Finding::verdict));
    ArticleVerdict {
        id: article.id,
        article: place,
        system: context.system,
        named: context.policy.names(article.id),
        status,
        open: status,
        findings,
        left_out: 0,
        superseded_by: Vec::new(),
    }
}

/// The evidence of each finding of [`judge`], in the same order.
pub(super) fn evidence(article: &Listed, context: &Context) -> Vec<Evidence> {
    answers(article, context, true, |_, evidence| evidence).into_iter().map(|(_, evidence)| evidence).collect()
}

/// The findings, by row and file, each with the result of `keep` for its evidence. Texts are made only for `explain`.
fn answers<T>(
    article: &Listed,
    context: &Context,
    explain: bool,
    keep: impl Fn(&mut Finding, Evidence) -> T,
) -> Vec<(Finding, T)> {
    let answer = |mut finding: Finding, evidence| {
        let kept = keep(&mut finding, evidence);
        (finding, kept)
    };
    if !article.states_fix() {
        return unstated(article, context, explain)
            .map(|(finding, evidence)| answer(finding, evidence))
            .into_iter()
            .collect();
    }
    if article.fixes.is_empty() {
        let packs = pack::judge(article, context, explain);
        let builds = builds::judge(article, context, explain);
        return packs.chain(builds).map(|(finding, evidence)| answer(finding, evidence)).collect();
    }
    let files = article.files();
    let active = |name: &str| context.copies.get(name).map(|c| c.active.as_slice()).unwrap_or_default();
    let room = files.iter().map(|file| file.rows.len() * active(file.key).len().max(1)).sum();
    let mut answers = Vec::with_capacity(room);
    let names = Names::default();
    let mut judged: Vec<(usize, usize, Reason, Evidence)> = Vec::with_capacity(room);
    for FileRows { key: name, installed, rows, .. } in files.iter() {
        // A renamed file is judged by the rows of its original name, if the article has some.
        let original = |entry: usize| original::of_entry(&context.inventory.entries[entry]);
        let installed = installed.map(active).unwrap_or_default().iter().copied();
        let renamed = installed.filter(|&entry| original(entry).as_deref() == Some(name));
        let active: Vec<usize> = active(name).iter().copied().chain(renamed).collect();
        if active.is_empty() {
            let (reason, evidence) = absent(name, explain, context);
            answers.extend(
                rows.iter().map(|&row| answer(Finding::new(Subject::Row(row), None, reason), evidence.clone())),
            );
            continue;
        }
        let fixes: Vec<&Fix> = rows.iter().map(|&row| &article.fixes[row]).collect();
        for &entry in &active {
            if let Some(own) = original(entry).filter(|own| own != name && files.has(own)) {
                let detail = explain.then(|| format!("the file's original name is {own}"));
                answers.extend(rows.iter().map(|&row| {
                    let evidence = Evidence { detail: detail.clone(), ..Evidence::default() };
                    answer(Finding::new(Subject::Row(row), Some(entry), Reason::OtherOriginalName), evidence)
                }));
                continue;
            }
            let of_file = row::judge(entry, article, &names, name, &fixes, explain, context);
            judged.extend(rows.iter().zip(of_file).map(|(&row, (reason, evidence))| (row, entry, reason, evidence)));
        }
    }
    elsewhere::of_installed_branch(judged.iter_mut().map(|(_, _, reason, evidence)| (reason, &*evidence)));
    answers.extend(
        judged.into_iter().map(|(row, entry, reason, evidence)| {
            answer(Finding::new(Subject::Row(row), Some(entry), reason), evidence)
        }),
    );
    // A row that could not be read may name a file that is too old: the other rows alone cannot show that the fix is
    // installed.
    let is_fixed = |(finding, _): &(Finding, T)| matches!(finding.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
    if !article.rejected.is_empty() && answers.iter().any(is_fixed) {
        // A row whose version was outvoted by other translations of the page is not counted as unread.
        let unread = lost_rows(article).filter(|lost| lost.reason != TRANSLATIONS_DIFFER);
        let lost: Vec<u32> = unread.map(|lost| lost.line).collect();
        let places = article
            .rejected
            .iter()
            .enumerate()
            .filter(|(_, rejected)| lost.contains(&rejected.line) && rejected.reason != TRANSLATIONS_DIFFER);
        answers.extend(places.map(|(place, rejected)| {
            let detail = explain.then(|| format!("line {}: {}", rejected.line, rejected.reason));
            let evidence = Evidence { detail, ..Evidence::default() };
            answer(Finding::new(Subject::NotRead(place), None, Reason::RowNotRead), evidence)
        }));
    }
    // The page may link to the file list of other systems: KB2393802 has tables only for XP and 2003 (MS11-011).
    let applies = |(finding, _): &(Finding, T)| finding.verdict() != Verdict::NotApplicable;
    // Not every scan reads an article none of whose files was found: it is judged here only if the user asks for it
    // (issue 15).
    let policy = context.policy;
    let is_asked = policy.only.iter().flatten().any(|id| *id == article.id)
        || policy.required.iter().flatten().any(|id| *id == article.id);
    let is_here = is_asked || answers.iter().any(|(finding, _)| finding.entry.is_some());
    if is_here && !answers.iter().any(applies) && unlisted::has_no_row_for_system(article, context) {
        let line = context.profile.as_ref().map(|profile| profile.line.clone());
        let detail = line.filter(|_| explain).map(|line| format!("the article's product list names {line}"));
        let evidence = Evidence { detail, ..Evidence::default() };
        answers.push(answer(Finding::new(Subject::Article, None, Reason::NoRowForSystem), evidence));
    }
    let order = |(finding, _): &(Finding, T)| (finding.subject, finding.entry);
    if !answers.is_sorted_by_key(order) {
        answers.sort_by_key(order);
    }
    answers
}

/// An article that states no fix, if the policy names it: otherwise the fix could be taken for installed (KB4499164 of
/// CVE-2019-0708 names no file). The thousands of others are left out.
fn unstated(article: &Listed, context: &Context, explain: bool) -> Option<(Finding, Evidence)> {
    if !context.policy.names(article.id) {
        return None;
    }
    let system = context.profile.as_ref().map(|profile| &profile.line);
    let other = system.filter(|line| context.scope_of(article).excludes(line.windows()));
    let reason = if other.is_some() { Reason::OtherProduct } else { Reason::NoFixStated };
    let detail = other.filter(|_| explain).map(|line| format!("the article's product list does not name {line}"));
    Some((Finding::new(Subject::Article, None, reason), Evidence { detail, ..Evidence::default() }))
}

fn absent(name: &str, explain: bool, context: &Context) -> (Reason, Evidence) {
    let inactive = context.copies.get(name).map(|c| c.inactive.as_slice()).unwrap_or_default();
    let detail = (explain && !inactive.is_empty()).then(|| {
        let paths = inactive.iter().map(|&place| context.inventory.entries[place].path.to_string());
        paths.collect::<Vec<_>>().join(", ")
    });
    let reason = match () {
        () if !inactive.is_empty() => Reason::InactiveCopiesOnly,
        () if !context.inventory.coverage.holds(name) => Reason::NotRecorded,
        () => Reason::FileAbsent,
    };
    (reason, Evidence { detail, ..Evidence::default() })
}
