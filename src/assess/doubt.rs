//! Doubts about the answers for one file: rows that contradict each other, translations, languages, missing facts.

use std::cmp::Ordering;

use super::applies::{self, Applies};
use super::case::Case;
use super::context::Context;
use super::evidence::{Comparison, Evidence};
use super::listed_row::Row;
use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use crate::inventory::Unstated;
use crate::knowledge::{Headings, names_pack, version_of_row};
use hotfixcheck_articles::{self as articles, Article, Fix};

type Answers = [(Reason, Evidence)];

/// A row for an earlier service pack than the system's, one of `earlier`, fixes no file if the article has a row of
/// that file for the system's own service pack in another line. Example: mstscax.dll 6.0.6000 for Windows XP SP2,
/// 6.0.6001 for SP3 (MS09-044). `case` gives the case of a row.
pub(super) fn of_earlier_packs<'c>(
    earlier: &[usize],
    case: impl Fn(usize) -> Case<'c>,
    context: &Context,
    answers: &mut Answers,
) {
    let Some(own) = context.profile.as_ref().and_then(|profile| profile.pack.as_ref()) else { return };
    let is_for_own_pack = |row: usize| {
        let case = case(row);
        case.packs(context).is_some_and(|packs| packs.contains(own.name())) && case.is_for_system(context)
    };
    let is_fixed = |answers: &Answers, row: usize| answers[row].0.verdict() == Verdict::Fixed;
    if !earlier.iter().any(|&row| is_fixed(answers, row)) {
        return;
    }
    let has_own = (0..answers.len()).any(|row| answers[row].0 == Reason::OtherRelease && is_for_own_pack(row));
    for &row in earlier.iter().filter(|_| has_own) {
        if is_fixed(answers, row) {
            answers[row].0 = Reason::RowsDiffer;
        }
    }
}

/// Of rows for service packs before the system's, one of `earlier`, the build of one is not fixed if another asks for more: on
/// Server 2003 SP2 cdosys.dll 6.5.6749.0 is the fix of RTM, and SP1's is 6.5.6756.0 (MS05-048). A file that is proven to be the build of
/// a row contains the fix, whatever the system's service pack is (issue 13).
pub(super) fn outdone(earlier: &[usize], is_proven: impl Fn(usize) -> bool, answers: &mut Answers) {
    let asks_for_more = |answers: &Answers, row: usize| {
        answers[row].1.comparison.as_ref().and_then(Comparison::ordering) == Some(Ordering::Less)
    };
    let is_outdone = |answers: &Answers| earlier.iter().any(|&row| asks_for_more(answers, row));
    for &row in earlier.iter().filter(|_| is_outdone(answers)).collect::<Vec<_>>() {
        if matches!(answers[row].0.verdict(), Verdict::Fixed | Verdict::LikelyFixed) && !is_proven(row) {
            answers[row].0 = Reason::RowsDiffer;
        }
    }
}

/// A row whose heading names the system without a service pack, or whose column requires none, stands for its release where another
/// heading or column names a service pack:
/// on a later one than that, its build is not fixed if the row of the service pack asks for more, unless it is proven to be the build.
/// `case` gives the case of a row.
pub(super) fn of_bare_headings<'c>(
    rows: &[Row],
    case: impl Fn(usize) -> Case<'c>,
    is_proven: impl Fn(usize) -> bool,
    context: &Context,
    answers: &mut Answers,
) {
    let profile = context.profile.as_ref();
    let Some((line, own)) = profile.and_then(|profile| Some((&profile.line, profile.pack.as_ref()?))) else { return };
    if !answers.iter().any(|(reason, _)| *reason == Reason::OtherServicePack) {
        return;
    }
    let releases = &context.knowledge.releases;
    let is_earlier = |pack: &String| releases.pack(line, pack).is_some_and(|pack| pack < *own);
    let windows = line.windows();
    let named = |row: usize| case(row).heading(context).filter(|scope| scope.lines.contains(windows)).cloned();
    let by_heading = |row: usize| {
        named(row).is_some_and(|scope| scope.packs_of(windows).is_some_and(|packs| packs.iter().all(is_earlier)))
    };
    let requires = |row: usize| rows[row].sp_requirement.as_deref().is_some_and(names_pack);
    let by_column =
        |row: usize| requires(row) && case(row).packs(context).is_some_and(|packs| packs.iter().all(is_earlier));
    let of_packs: Vec<usize> = (0..rows.len())
        .filter(|&row| answers[row].0 == Reason::OtherServicePack && (by_heading(row) || by_column(row)))
        .collect();
    let has_column = of_packs.iter().any(|&row| by_column(row));
    for (place, (reason, evidence)) in answers.iter_mut().enumerate() {
        let is_fixed = matches!(reason.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
        let Some(comparison) = evidence.comparison.as_ref().filter(|_| is_fixed) else { continue };
        let asks_for_more = |&other: &usize| {
            let wanted = rows[other].text().version.as_ref();
            rows[other].text().family().get(..2) == rows[place].text().family().get(..2)
                && wanted.is_some_and(|wanted| comparison.found.partial_cmp(wanted) == Some(Ordering::Less))
        };
        let is_bare = || match named(place) {
            Some(scope) => scope.packs_of(windows).is_none() && !requires(place),
            None => has_column && case(place).packs(context).is_none(),
        };
        if of_packs.iter().any(asks_for_more) && is_bare() && !is_proven(place) {
            *reason = Reason::RowsDiffer;
        }
    }
}

/// In an article for several Windows, a row without a version is for another Windows if a row with a version is of the
/// system's own line (Q276489: IIS 4.0 without versions, IIS 5.0 with them).
pub(super) fn without_version(
    article: &Article,
    rows: &[Row],
    explain: bool,
    context: &Context,
    answers: &mut Answers,
) {
    let Some(system) = &context.profile else { return };
    let is_own = |(_, evidence): &(Reason, Evidence)| {
        evidence.comparison.is_some() && evidence.required_release.as_ref().is_some_and(|own| own.line == system.line)
    };
    let is_open = |row: &Fix| row.version.is_none() && row.section.is_empty();
    of_component_releases(rows, explain, &is_own, answers);
    let is_asked = rows.iter().any(|row| is_open(row)) && answers.iter().any(is_own);
    // "IIS 4.0" and "IIS 5.0" are for different Windows, too.
    let is_for_several = || match context.scope_of(article).lines.len() {
        0 => article.products.len() > 1,
        lines => lines > 1,
    };
    if !is_asked || !is_for_several() {
        return;
    }
    for (_, answer) in rows.iter().zip(answers).filter(|(row, answer)| is_open(row) && !is_own(answer)) {
        let detail = explain.then(|| format!("another row of the article is for {}", system.line));
        *answer = (Reason::OtherProduct, Evidence { machine: answer.1.machine, detail, ..Evidence::default() });
    }
}

/// A row without a version for a release of a component on Windows is not for a file that has the number of Windows itself, and
/// a row of its own: moviemk.exe 6.0.6001 of Windows Vista is not Movie Maker 2.6 (MS10-016).
fn of_component_releases(
    rows: &[Row],
    explain: bool,
    is_own: &impl Fn(&(Reason, Evidence)) -> bool,
    answers: &mut Answers,
) {
    let found = |answer: &&(Reason, Evidence)| is_own(answer) && answer.0.verdict() != Verdict::NotApplicable;
    let Some(found) = answers.iter().find(found).and_then(|(_, evidence)| evidence.comparison.as_ref()) else { return };
    let found = found.found.components().to_vec();
    for (row, answer) in rows.iter().zip(answers).filter(|(row, _)| row.version.is_none()) {
        let Some(release) = release_of_component(&row.section).filter(|release| !found.starts_with(release)) else {
            continue;
        };
        let detail = explain.then(|| format!("the row is for release {}.{} of a component", release[0], release[1]));
        *answer = (Reason::OtherRelease, Evidence { machine: answer.1.machine, detail, ..Evidence::default() });
    }
}

/// The release in a heading for a component on Windows: 2.6 of "Windows Movie Maker 2.6 on Windows Vista".
fn release_of_component(heading: &str) -> Option<[u32; 2]> {
    let (component, _) = heading.split_once(" on Windows")?;
    let (major, minor) = component.split_whitespace().next_back()?.split_once('.')?;
    Some([major.parse().ok()?, minor.parse().ok()?])
}

/// If another translation of the page has a higher version in the row's line, a file below that is not certainly fixed:
/// urlmon.dll of Server 2003 is 6.0.3790.566 on three pages and 6.0.3790.588, the number of the re-release, on the fourth
/// (MS06-042). `case` gives the case of a row.
pub(super) fn other_translation<'c>(
    rows: &[Row],
    case: impl Fn(usize) -> Case<'c>,
    context: &Context,
    answers: &mut Answers,
) {
    for (place, (row, (reason, evidence))) in rows.iter().zip(answers).enumerate() {
        let Some(other) = row.note.as_deref().and_then(articles::other_translation) else { continue };
        let is_fixed = matches!(reason.verdict(), Verdict::Fixed | Verdict::LikelyFixed);
        let Some((Comparison { found, .. }, required)) =
            evidence.comparison.as_ref().zip(evidence.required_release.as_ref()).filter(|_| is_fixed)
        else {
            continue;
        };
        let Some(version) = version_of_row(other, &row.file) else { continue };
        let case = case(place);
        let release = context.knowledge.releases.of(&version, None, case.key, || case.windows(context));
        // The number of SP2 in a row of SP1 is another row's: tcpip.sys of KB941644 (MS08-001).
        let of_other_pack =
            release.service_pack.as_ref().zip(required.service_pack.as_ref()).is_some_and(|(a, b)| a != b);
        let contradicts = release.line == required.line && !of_other_pack;
        if found.partial_cmp(&version) == Some(Ordering::Less) && contradicts {
            *reason = Reason::RowsDiffer;
            evidence.add(case.said(|| format!("another translation of the page has {version}")));
        }
    }
}

/// Rows without a version that contradict each other, or that contradict the rows with a version, are for different
/// systems: it cannot be decided which one applies to this file.
pub(super) fn contradictions(rows: &[Row], context: &Context, answers: &mut Answers) {
    let all = |wanted: [Verdict; 2]| answers.iter().any(|(reason, _)| wanted.contains(&reason.verdict()));
    let present = all([Verdict::Fixed, Verdict::LikelyFixed]);
    let absent = all([Verdict::Missing, Verdict::LikelyMissing]);
    if !(present && absent) {
        return;
    }
    if context.profile.is_none() {
        of_several_windows(rows, context, answers);
    }
    for (row, (reason, _)) in rows.iter().zip(answers) {
        // With the same size and date it is this file, whatever the other rows say.
        let likely = matches!(reason.verdict(), Verdict::LikelyFixed | Verdict::LikelyMissing);
        if row.version.is_none() && likely && *reason != Reason::SameSizeAndDate {
            *reason = Reason::RowsDiffer;
        }
    }
}

/// If the system is not known, rows for different Windows with similar versions may each be the file's own: HTML Help
/// 5.2.3790 on Windows XP and on Server 2003.
fn of_several_windows(rows: &[Row], context: &Context, answers: &mut Answers) {
    let scope = |place: usize| context.headings.scope(&rows[place].section);
    let of = |is_one: &dyn Fn(Reason) -> bool| -> Vec<usize> {
        (0..rows.len()).filter(|&place| is_one(answers[place].0) && scope(place).is_some()).collect()
    };
    // A version alone shows no build (adamdsa.dll 1.1.3790.4276 of KB949269).
    let fixed = of(&|reason| reason.verdict() == Verdict::Fixed || reason == Reason::VersionEqualAlone);
    let missing = of(&|reason| reason.verdict() == Verdict::Missing);
    let is_of_others = |one: usize, other: usize| {
        let lines = |place| scope(place).map(|scope| &scope.lines);
        lines(one).zip(lines(other)).is_some_and(|(one, other)| one.is_disjoint(other))
    };
    let differ = fixed.iter().any(|&one| missing.iter().any(|&other| is_of_others(one, other)));
    // A file with a row's version and size is that row's build; the version alone is not enough (hlink.dll
    // 5.2.3790.225). Such a build has already ruled out the other rows.
    if differ {
        fixed.iter().chain(&missing).for_each(|&place| answers[place].0 = Reason::RowsDiffer);
    }
}

/// The judgements of a file for each language that it may have: that of the only one of which it is exactly a row's build, for
/// builds in other languages have other sizes (KB835732); the first, English, where the answer is the same for all of them; else
/// it is unknown which rows are for the file.
pub(super) fn of_some_language(
    rows: &[Row],
    judged: impl Iterator<Item = (Vec<(Reason, Evidence)>, bool)>,
) -> (Vec<(Reason, Evidence)>, bool) {
    let mut others: Vec<(Vec<(Reason, Evidence)>, bool)> = judged.collect();
    // Rows of a language in another line than the file's are not for it: posix.exe 7.0.1701 is not the Japanese 7.0.1859 (KB939778).
    let is_of_other_line = |(answers, _): &(Vec<(Reason, Evidence)>, bool)| {
        let mut own =
            answers.iter().map(|(reason, _)| *reason).filter(|reason| *reason != Reason::OtherLanguage).peekable();
        own.peek().is_some() && own.all(|reason| reason == Reason::OtherRelease)
    };
    if !others.iter().all(is_of_other_line) {
        others.retain(|other| !is_of_other_line(other));
    }
    if others.is_empty() {
        return Default::default();
    }
    let mut builds = (0..others.len()).filter(|&language| others[language].1);
    if let (Some(only), None) = (builds.next(), builds.next()) {
        return others.swap_remove(only);
    }
    let (mut answers, is_build) = others.remove(0);
    let status = |answers: &Answers| ArticleStatus::of(answers.iter().map(|(reason, _)| reason.verdict()));
    let own = status(&answers);
    if others.iter().all(|(other, _)| status(other) == own) && own != ArticleStatus::Unknown {
        return (answers, is_build);
    }
    let is_decided = |reason: Reason| !matches!(reason.verdict(), Verdict::Unknown | Verdict::NotApplicable);
    for (place, (reason, evidence)) in answers.iter_mut().enumerate() {
        let is_used = is_decided(*reason) || others.iter().any(|(other, _)| is_decided(other[place].0));
        if !others.is_empty() && (is_used || *reason == Reason::RowsDiffer) {
            *reason = Reason::LanguageNotStated;
            evidence.detail = Some(format!("row for {}", rows[place].language.as_deref().unwrap_or("English")));
        }
    }
    (answers, is_build && others.is_empty())
}

/// A list may lack the machine of a file. The answer is then unknown where it depends on it: where the row applies to some of
/// the possible machines only.
pub(super) fn unstated(
    unstated: Unstated,
    article: &Article,
    rows: &[Row],
    headings: &Headings,
    answers: &mut Answers,
) {
    let Some(class) = unstated.machine else { return };
    for (row, (reason, evidence)) in rows.iter().zip(answers) {
        let is_open =
            *reason != Reason::RowsDiffer && matches!(reason.verdict(), Verdict::Unknown | Verdict::NotApplicable);
        if !is_open && applies::to_class(row, article, class, headings) == Applies::Depends {
            *reason = Reason::MachineNotStated;
            let wanted = row.machine.map_or_else(|| "row without a platform".to_owned(), |m| format!("row for {m}"));
            evidence.detail = Some(wanted);
        }
    }
}
