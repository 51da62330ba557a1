//! One article against the inventory.

use super::case::Names;
use super::context::Context;
use super::evidence::Evidence;
use super::finding::{ArticleVerdict, Finding, Subject};
use super::listed_row::Row;
use super::reason::Reason;
use super::stated_pack;
use super::verdict::{ArticleStatus, Verdict};
use super::{
    builds, contained, edition, elsewhere, file_of_pack, original, pack, row, unchanged, unlisted, unstated_exchange,
};
use crate::catalog::{FileRows, Listed, left_out, lost_rows};
use crate::knowledge::{end_of_support, has_extension, is_installed_name, is_installer_file, is_name_of_package};
use hotfixcheck_articles::TRANSLATIONS_DIFFER;

/// Compares every row with every active copy of its file. The evidence is not kept; [`evidence`] makes it again.
pub(super) fn judge(place: usize, article: &Listed, context: &Context) -> ArticleVerdict {
    let keep = |finding: &mut Finding, evidence: &Evidence| finding.demand = evidence.demand(finding);
    let answers = || answers(article, context, false, keep).into_iter().map(|(finding, ())| finding).collect();
    // The articles of a group are judged once.
    let of_group = article.plain().and_then(|plain| context.of_groups.get(plain.place));
    let mut findings: Vec<Finding> = of_group.map_or_else(answers, |known| known.get_or_init(answers).clone());
    let is_of_others = |finding: &Finding| matches!(finding.reason, Reason::OtherProduct | Reason::OtherRelease);
    if is_after_support(article, context) && findings.iter().all(is_of_others) {
        findings.iter_mut().for_each(|finding| finding.reason = Reason::SupportEnded);
    }
    let status = ArticleStatus::of_findings(findings.iter());
    ArticleVerdict {
        id: article.id,
        article: place,
        system: context.system,
        named: context.policy.names(article.id),
        status,
        open: status,
        findings,
        left_out: 0,
        needs_pack: None,
        superseded_by: Vec::new(),
    }
}

/// True for an article that the policy names, changed after the system's Windows got its last updates: that the article does
/// not name this Windows does not mean that it needs no correction (CVE-2017-0144 on Windows XP).
fn is_after_support(article: &Listed, context: &Context) -> bool {
    let end = || end_of_support(context.profile.as_ref()?.line.name());
    context.policy.names(article.id) && end().zip(article.last_modified).is_some_and(|(end, day)| day > end)
}

/// The evidence of each finding of [`judge`], in the same order.
pub(super) fn evidence(article: &Listed, context: &Context) -> Vec<Evidence> {
    answers(article, context, true, |_, evidence| evidence.clone()).into_iter().map(|(_, evidence)| evidence).collect()
}

/// The findings, by row and file, each with the result of `keep` for its evidence. Texts are made only for `explain`.
fn answers<T>(
    article: &Listed,
    context: &Context,
    explain: bool,
    keep: impl Fn(&mut Finding, &Evidence) -> T,
) -> Vec<(Finding, T)> {
    let answer = |mut finding: Finding, evidence: &Evidence| {
        let kept = keep(&mut finding, evidence);
        (finding, kept)
    };
    if let Some(detail) = edition::has_none_of_asked(article, context) {
        let evidence = Evidence { detail: Some(detail).filter(|_| explain), ..Evidence::default() };
        return vec![answer(Finding::new(Subject::Article, None, Reason::OtherProduct), &evidence)];
    }
    if !article.states_fix() {
        return unstated(article, context, explain)
            .map(|(finding, evidence)| answer(finding, &evidence))
            .into_iter()
            .collect();
    }
    if !article.has_rows() {
        let packs = pack::judge(article, context, explain);
        let builds = if article.builds().is_empty() { Vec::new() } else { builds::judge(article, context, explain) };
        return packs.into_iter().chain(builds).map(|(finding, evidence)| answer(finding, &evidence)).collect();
    }
    // Of an update that has both (`catalog add` of a package completes one), the build decides: its files may be absent, or be
    // those of a later update that is not whole.
    if !article.builds().is_empty() {
        let builds = builds::judge(article, context, explain);
        if builds.iter().any(|(finding, _)| finding.verdict() != Verdict::NotApplicable) {
            return builds.into_iter().map(|(finding, evidence)| answer(finding, &evidence)).collect();
        }
    }
    let names = Names::default();
    let files = article.files();
    let mut of_files: Vec<OfFile> =
        files.iter().map(|file| OfFile::of(&file, article, &names, explain, context)).collect();
    let of_rows = files.iter().zip(&mut of_files).flat_map(|(file, of_file)| {
        // For each copy an answer for each row.
        file.rows.iter().copied().cycle().zip(of_file.answers_mut().map(|(reason, _)| reason))
    });
    unchanged::set_aside(article, of_rows, context);
    elsewhere::of_installed_branch(of_files.iter_mut().flat_map(OfFile::answers_mut));
    file_of_pack::settle(article, of_files.iter_mut().flat_map(OfFile::answers_mut).map(|(reason, _)| reason), context);
    let room = files.iter().zip(&of_files).map(|(file, of_file)| file.rows.len() * of_file.copies()).sum();
    let mut answers = Vec::with_capacity(room);
    for (row, (file, nth)) in files.of_rows().enumerate() {
        let subject = Subject::Row(row);
        match &of_files[file] {
            OfFile::Absent(reason, evidence) => answers.push(answer(Finding::new(subject, None, *reason), evidence)),
            OfFile::Active(copies) => answers.extend(copies.iter().map(|(entry, of_copy)| {
                let (reason, evidence) = &of_copy[nth];
                answer(Finding::new(subject, Some(*entry), *reason), evidence)
            })),
        }
    }
    // A row that was lost may name a file that is too old: the others cannot say that the fix is installed.
    let is_fixed = |(finding, _): &(Finding, T)| matches!(finding.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
    let is_any_fixed = answers.iter().any(is_fixed);
    // Nor may one whose name is not whole ("Outllib" of Q228509, "*.dll" in a cell): no file has such a name.
    for file in files.iter().filter(|file| is_any_fixed && !has_extension(file.key)) {
        let is_cut = |finding: &Finding| match finding.subject() {
            Subject::Row(row) => file.rows.contains(&row) && article.fixes[row].version.is_some(),
            _ => false,
        };
        for (finding, _) in &mut answers {
            if finding.reason == Reason::FileAbsent && is_cut(finding) {
                finding.reason = Reason::RowNotRead;
            }
        }
    }
    if !article.rejected.is_empty() && is_any_fixed {
        // A row whose version was outvoted by other translations of the page is not counted as unread.
        let unread = lost_rows(article).filter(|lost| lost.reason != TRANSLATIONS_DIFFER);
        // A row of which only the version was lost is for the system and the files of its heading and its name alone:
        // wmspdmod.dll of Windows Vista x64 (MS09-051).
        let rows = |line: u32| article.fixes.iter().enumerate().filter(move |(_, fix)| fix.line == line);
        let applies = |row: usize| {
            answers.iter().any(|(finding, _)| {
                finding.subject() == Subject::Row(row) && finding.verdict() != Verdict::NotApplicable
            })
        };
        let is_open = |line: &u32| rows(*line).next().is_none() || rows(*line).any(|(row, _)| applies(row));
        let lost: Vec<u32> = unread.map(|lost| lost.line).filter(is_open).collect();
        let places = article
            .rejected
            .iter()
            .enumerate()
            .filter(|(_, rejected)| lost.contains(&rejected.line) && rejected.reason != TRANSLATIONS_DIFFER);
        answers.extend(places.map(|(place, rejected)| {
            let detail = explain.then(|| format!("line {}: {}", rejected.line, rejected.reason));
            let evidence = Evidence { detail, ..Evidence::default() };
            answer(Finding::new(Subject::NotRead(place), None, Reason::RowNotRead), &evidence)
        }));
    }
    // The page may link to the file list of other systems: KB2393802 has tables only for XP and 2003 (MS11-011).
    let applies = |(finding, _): &(Finding, T)| finding.verdict() != Verdict::NotApplicable;
    // Not every scan reads an article none of whose files was found: it is judged here only if the user asks for it
    // (issue 15).
    let policy = context.policy;
    let is_asked = policy.only.iter().flatten().any(|id| *id == article.id)
        || policy.required.iter().flatten().any(|id| *id == article.id);
    let is_here = is_asked || answers.iter().any(|(finding, _)| finding.entry().is_some());
    if !answers.iter().any(applies) {
        let packs = stated_pack::alone(article, context, explain);
        answers.extend(packs.into_iter().map(|(finding, evidence)| answer(finding, &evidence)));
    }
    if is_here && !answers.iter().any(applies) && unlisted::has_no_row_for_system(article, context) {
        let line = context.profile.as_ref().map(|profile| profile.line.clone());
        let detail = line.filter(|_| explain).map(|line| format!("the article's product list names {line}"));
        let evidence = Evidence { detail, ..Evidence::default() };
        answers.push(answer(Finding::new(Subject::Article, None, Reason::NoRowForSystem), &evidence));
    }
    answers
}

/// What is said of one file of an article.
enum OfFile {
    /// There is no active copy: the answer for each of its rows.
    Absent(Reason, Evidence),
    /// For each active copy, an entry of the inventory, the answers for the rows in their order.
    Active(Vec<(usize, Vec<(Reason, Evidence)>)>),
}

impl OfFile {
    fn of(file: &FileRows, article: &Listed, names: &Names, explain: bool, context: &Context) -> Self {
        let &FileRows { key, installed, rows } = file;
        let active = |name: &str| context.copies.get(name).map(|c| c.active.as_slice()).unwrap_or_default();
        // A renamed file is judged by the rows of its original name, if the article has some.
        let original = |entry: usize| original::of_entry(&context.inventory.entries[entry]);
        let installed = installed.map(active).unwrap_or_default().iter().copied();
        // A name that packages alone use is in no version resource. Where a file has it after all, that one is judged: flash6.ocx
        // of MS06-069 beside flash.ocx, in whose place it came.
        let (own, of_package) = (active(key), is_name_of_package(key));
        let is_renamed = |entry: &usize| match of_package {
            true => own.is_empty(),
            false => original(*entry).as_deref() == Some(key),
        };
        let mut active: Vec<usize> = own.iter().copied().chain(installed.filter(is_renamed)).collect();
        if active.is_empty() {
            let (reason, evidence) = absent(key, explain, context);
            return Self::Absent(reason, evidence);
        }
        // It shows nothing of the fix: sp3res.dll of any late update made 35 articles of Windows 2000 half-installed.
        if is_installer_file(key) && article.files().iter().any(|file| !is_installer_file(file.key)) {
            return Self::Absent(Reason::InstallerFile, Evidence::default());
        }
        active.sort_unstable();
        let fixes: Vec<Row> = Row::at(rows.iter().copied(), article, &context.headings).collect();
        let is_of_others = is_installed_name(key);
        let of_copy = |entry: usize| {
            let other = is_of_others.then(|| original(entry)).flatten();
            // An article may have rows of the original name for other systems alone (KB971486).
            let judges = |own: &str| {
                let of_own = article.files().iter().find(|file| file.key == own);
                of_own.is_some_and(|file| {
                    let fixes: Vec<Row> = Row::at(file.rows.iter().copied(), article, &context.headings).collect();
                    let answers = row::judge(entry, article, names, own, &fixes, false, context);
                    answers.iter().any(|(reason, _)| reason.verdict() != Verdict::NotApplicable)
                })
            };
            let Some(other) = other.filter(|own| own != key && judges(own)) else {
                return (entry, row::judge(entry, article, names, key, &fixes, explain, context));
            };
            let detail = explain.then(|| format!("the file's original name is {other}"));
            let evidence = Evidence { detail, ..Evidence::default() };
            (entry, vec![(Reason::OtherOriginalName, evidence); rows.len()])
        };
        Self::Active(active.into_iter().map(of_copy).collect())
    }

    /// How many answers there are for a row.
    fn copies(&self) -> usize {
        match self {
            Self::Absent(..) => 1,
            Self::Active(copies) => copies.len(),
        }
    }

    fn answers_mut(&mut self) -> impl Iterator<Item = (&mut Reason, &Evidence)> {
        let copies = match self {
            Self::Absent(..) => <&mut [_]>::default().iter_mut(),
            Self::Active(copies) => copies.iter_mut(),
        };
        copies.flat_map(|(_, of_copy)| of_copy.iter_mut().map(|(reason, evidence)| (reason, &*evidence)))
    }
}

/// An article of which nothing can be judged, where the policy names it: nobody may take the fix for installed (KB4499164 of
/// CVE-2019-0708 names no file). Of all others there are thousands.
fn unstated(article: &Listed, context: &Context, explain: bool) -> Option<(Finding, Evidence)> {
    if !context.policy.names(article.id) {
        return None;
    }
    let told = unstated_exchange::answer(article, context).or_else(|| contained::answer(article, context));
    if let Some((reason, said)) = told {
        let evidence = Evidence { detail: Some(said).filter(|_| explain), ..Evidence::default() };
        return Some((Finding::new(Subject::Article, None, reason), evidence));
    }
    let system = context.profile.as_ref().map(|profile| &profile.line);
    // "Microsoft XML Core Services 3.0 on Windows 8.1" is for that Windows alone (KB4012213).
    let is_of_others = |windows: &str| {
        let named = |product| context.knowledge.products.scope_of_heading(product);
        let mut products = article.products.iter();
        !article.products.is_empty()
            && products.all(|product| named(product).is_some_and(|scope| !scope.lines.contains(windows)))
    };
    let other =
        system.filter(|line| context.scope_of(article).excludes(line.windows()) || is_of_others(line.windows()));
    // Its only rows may be among those that could not be read.
    let lost = left_out(article);
    let (reason, said) = match (other, lost) {
        (Some(line), _) => (Reason::OtherProduct, Some(format!("the article's product list does not name {line}"))),
        (None, Some(lost)) => (Reason::RowNotRead, Some(format!("line {}: {}", lost.line, lost.reason))),
        (None, None) => (Reason::NoFixStated, None),
    };
    let detail = said.filter(|_| explain);
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
        () if !context.recorded.holds(name) => Reason::NotRecorded,
        () => Reason::FileAbsent,
    };
    (reason, Evidence { detail, ..Evidence::default() })
}
