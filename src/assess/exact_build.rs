//! Exactly this build: a file with the version and size of one row is that row's build, and another one of the same
//! version is not.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::context::Context;
use super::evidence::{Comparison, Evidence};
use super::ladder::LINK_DAYS;
use super::link_day::{link_day, moment};
use super::listed_row::Row;
use super::neighbours::days;
use super::original::original_name;
use super::reason::Reason;
use super::verdict::Verdict;
use super::wow;
use crate::catalog::Listed;
use crate::inventory::Entry;
use crate::knowledge::Order;
use crate::name::file_key;
use crate::{KbId, Machine};
use hotfixcheck_articles::Fix;
use hotfixcheck_winfiles::binary::{Binary, VersionInfo};

type Answers = [(Reason, Evidence)];

/// Articles before this day have files that were corrected without a new version (Q296185, Q300972). In the bulletins
/// since then the same build with a later date is nearly always a file that a later package contains unchanged
/// (danim.dll 6.3.1.148 in eight updates of Internet Explorer).
const NUMBERED_SINCE: Date = date(2003, 1, 1);

/// Checks the rows with exactly the file's version, `exact`, whatever select() decided. The same version with another
/// size, or linked long before the row's date, is another build: Idq.dll of Q300972 was corrected without a new
/// version. A file with the row's version and size is that row's build, and only that row counts. Returns true if there
/// is such a row.
#[allow(clippy::too_many_arguments)]
pub(super) fn decide(
    entry: &Entry,
    binary: &Binary,
    info: Option<&VersionInfo>,
    rows: &[Row],
    exact: &[usize],
    explain: bool,
    context: &Context,
    answers: &mut Answers,
) -> bool {
    if exact.is_empty() {
        return false;
    }
    let built = link_day(binary, entry);
    let is_own_day = |built| info.and_then(build_day).is_some_and(|day| days(day, built).abs() <= TAG_DAYS);
    let written = entry.modified.and_then(moment).map(|moment| moment.date());
    let linked_before = |row: &Fix| {
        let (built, date) = built.zip(row.date)?;
        // `8.00.6001.19120 (longhorn_ie8_gdr.110621-1700)`: if linked on the day in its own version string, the row's
        // date does not matter.
        if is_own_day(built) {
            return None;
        }
        (days(built, date) > LINK_DAYS).then(|| format!("built {built}, article says {date}"))
    };
    let same_size = |place: usize| rows[place].size.is_some() && rows[place].size == entry.size;
    // Where no link date is known (most lists), an earlier build of this version and size may be the file: webhits.dll
    // 5.0.1781.3 of Q252463 and of Q296185 (issue 13).
    let own = rows[exact[0]].id();
    let is_dated =
        |row: &Fix| built.is_some() || written.zip(row.date).is_some_and(|(own, date)| days(own, date).abs() <= 1);
    let undated = |row: &Fix| {
        let other = if is_dated(row) { return None } else { earlier(row, own, context)? };
        Some(format!(
            "the link date of the file is not known, and {other} has an earlier build of this version and size"
        ))
    };
    // At most likely: an earlier build could be the file, but probably is the same one.
    let carried = |row: &Fix| undated(row).filter(|_| row.date.is_some_and(|date| date >= NUMBERED_SINCE));
    let in_doubt = |row: &Fix| undated(row).filter(|_| row.date.is_some_and(|date| date < NUMBERED_SINCE));
    let is_build = |place: &usize| {
        let row = &rows[*place];
        same_size(*place)
            && linked_before(row).is_none()
            && !wow::is_open(row, rows, context)
            && in_doubt(row).is_none()
            // An unchanged file of a package for another service pack shows nothing (danim.dll on Windows 2000 SP2).
            && (answers[*place].0.verdict() != Verdict::NotApplicable || carried(row).is_none())
    };
    let (builds, outdone): (Vec<usize>, Vec<usize>) =
        exact.iter().copied().filter(is_build).partition(|&place| later_row(place, rows, answers, context).is_none());
    // Without a day, it does not outweigh a row of the system's own service pack that asks for more.
    let is_against = |place: &usize| {
        let is_of_other = answers[*place].0.verdict() == Verdict::NotApplicable;
        is_of_other && rows[*place].date.is_some() && !is_dated(&rows[*place])
    };
    let has_missing = answers.iter().any(|(reason, _)| reason.verdict() == Verdict::Missing);
    let (contradicted, builds): (Vec<usize>, Vec<usize>) =
        builds.into_iter().partition(|place| has_missing && is_against(place));
    if let Some(&place) = contradicted.first().filter(|_| builds.is_empty()) {
        for (reason, evidence) in answers.iter_mut().filter(|(reason, _)| reason.verdict() == Verdict::Missing) {
            *reason = Reason::RowsDiffer;
            let line = rows[place].line;
            evidence.add(Some(format!("version and size are those of line {line}, but the link date is not known")));
        }
    }
    for place in outdone.into_iter().filter(|_| explain) {
        let later = later_row(place, rows, answers, context).map(|later| rows[later].line);
        let said = later.map(|line| format!("version and size are those of this row, but line {line} asks for more"));
        answers[place].1.add(said);
    }
    // Two editions of one version (40-bit and 128-bit) have two rows; the file is one of them.
    let edition = |place: usize| !same_size(place) && exact.iter().any(|&other| same_size(other));
    // A localised build and a file that setup has renamed have other sizes.
    let languages = &context.knowledge.languages;
    let comparable = |row: &Fix| match &row.build_language {
        Some(of) => info.is_some_and(|info| languages.fits(of, info)),
        None => row.language.is_some() || info.is_none_or(|info| languages.may_be_english(info)),
    };
    for &place in exact {
        if answers[place].0 != Reason::VersionEqual {
            continue;
        }
        let row = &*rows[place];
        let other_size = || {
            let (wanted, found) = row.size.zip(entry.size)?;
            let told = wanted != found && comparable(row) && is_own_name(entry, row, info);
            told.then(|| format!("{found} bytes, article says {wanted} bytes"))
        };
        let twin = || {
            let other = twin(row, context).filter(|_| entry.size.is_none())?;
            Some(format!("the size of the file is not known, and {other} has an earlier build of this version"))
        };
        let alike = || in_doubt(row).filter(|_| same_size(place));
        let doubt = if edition(place) { None } else { other_size().or_else(twin).or_else(alike) };
        let (reason, evidence) = &mut answers[place];
        if let Some(detail) = doubt.or_else(|| linked_before(row)) {
            *reason = Reason::AmbiguousVersion;
            let basis = evidence.detail.replace(detail);
            evidence.add(basis);
        } else if explain && row.size.zip(entry.size).is_some_and(|(own, size)| own != size) && !comparable(row) {
            evidence
                .add(Some("its size is not compared: the file is of another language than the row's build".to_owned()));
        } else if entry.size.is_none() && built.is_none() && (row.size.is_some() || row.date.is_some()) {
            *reason = Reason::VersionEqualAlone;
        } else if let Some((built, date)) = built.zip(row.date).filter(|_| explain)
            && days(built, date) > LINK_DAYS
        {
            let exempt = format!("built {built}, the day in its own version string, article says {date}");
            evidence.add(Some(exempt));
        }
    }
    if builds.is_empty() {
        return false;
    }
    for (place, (reason, evidence)) in answers.iter_mut().enumerate() {
        if builds.contains(&place) {
            if explain {
                let link_day = built.zip(rows[place].date).map(|(built, _)| format!(", built {built}"));
                let said = format!("version and size are exactly those of this row{}", link_day.unwrap_or_default());
                evidence.add(Some(said));
            }
            let doubt = carried(&rows[place]);
            *reason = if doubt.is_some() { Reason::VersionEqualAlone } else { Reason::VersionEqual };
            evidence.add(doubt);
        } else if reason.verdict() != Verdict::NotApplicable {
            *reason = Reason::OtherBuild;
            if explain {
                let lines: Vec<String> = builds.iter().map(|&build| rows[build].line.to_string()).collect();
                evidence.detail = Some(format!("the file is exactly the build of line {}", lines.join(", ")));
            }
        }
    }
    true
}

/// True if a file of the row's version is certainly the row's build: it has its size, and was linked around its day.
pub(super) fn is_proven(row: &Fix, entry: &Entry, binary: &Binary) -> bool {
    let is_of_day = || {
        let (built, date) = link_day(binary, entry).zip(row.date)?;
        Some(days(built, date).abs() <= LINK_DAYS)
    };
    row.size.is_some() && row.size == entry.size && is_of_day() == Some(true)
}

/// A row for a later version of the same file that differs in nothing else from this one: no product, service pack,
/// processor, branch or language. The file is exactly the build of the earlier row, but that row may be of a list of
/// affected or original files (issue 14), whatever its heading says.
fn later_row(place: usize, rows: &[Row], answers: &Answers, context: &Context) -> Option<usize> {
    let (row, headings) = (&rows[place], &context.headings);
    let line = |place: usize| answers[place].1.required_release.as_ref().map(|release| &release.line);
    let is_undecided = |place: usize| answers[place].0 == Reason::RowsDiffer;
    let is_later = |other: usize| {
        let order = answers[other].1.comparison.as_ref().and_then(Comparison::ordering);
        is_undecided(other) && order == Some(Ordering::Less) && line(other) == line(place)
    };
    let is_alike = |other: &Fix| {
        row.machine == other.machine
            && row.platform == other.platform
            && row.branch == other.branch
            && row.sp_requirement == other.sp_requirement
            && row.language == other.language
            && row.build_language == other.build_language
            && headings.tells_nothing_beside(&row.section, &other.section)
    };
    // In lines with two branches for each service pack, two builds of about the same day are those of the branches
    // (an article whose column of branches was lost).
    let has_branches = answers[place].1.required_release.as_ref().is_some_and(|own| own.order == Order::ServicePack);
    let are_of_branches = |other: &Fix| {
        let same_days = row.date.zip(other.date).is_some_and(|(own, other)| days(own, other).abs() <= LINK_DAYS);
        has_branches && same_days && row.section == other.section
    };
    if !is_undecided(place) {
        return None;
    }
    (0..rows.len()).find(|&other| is_later(other) && is_alike(&rows[other]) && !are_of_branches(&rows[other]))
}

/// The article that has an earlier build of a row's file with the same version and another size: only the size shows
/// which of the two a file is (Idq.dll of Q300972).
fn twin(row: &Fix, context: &Context) -> Option<KbId> {
    let size = row.size?;
    article_with(
        row,
        context,
        |_| true,
        |other| {
            let is_earlier = other.date.zip(row.date).is_none_or(|(other, own)| other < own);
            is_earlier && other.size.is_some_and(|other| other != size)
        },
    )
}

/// The earlier article that has a much earlier build of a row's file with the same version and size: only the link date
/// shows which of the two a file is. What the row's own article or a later one lists contains the fix (userenv.dll
/// 5.0.2195.6794 of MS04-011 in MS04-032). Before 2003 articles were changed for years after they got their
/// number: one whose files are all older is an earlier one, too (Q262893 about ntmarta.dll of Q253382).
fn earlier(row: &Fix, own: KbId, context: &Context) -> Option<KbId> {
    let (size, date) = (row.size?, row.date?);
    let is_older = |other: Date| days(other, date) > LINK_DAYS;
    let is_such = |other: &Fix| other.size == Some(size) && other.date.is_some_and(is_older);
    let is_earlier = |article: &Listed| {
        let newest = || article.fixes.iter().filter_map(|fix| fix.date).max();
        article.id.number() < own.number() || date < NUMBERED_SINCE && newest().is_some_and(is_older)
    };
    article_with(row, context, is_earlier, is_such)
}

/// The first such article, by id, that has such a row of a row's file, for the same processor and language and with the same version.
/// A row that names no processor is for i386, as the other articles about its file say (webhits.dll of Q296185 and of Q252463).
fn article_with(
    row: &Fix,
    context: &Context,
    is_article: impl Fn(&Listed) -> bool,
    is_such: impl Fn(&Fix) -> bool,
) -> Option<KbId> {
    let key = file_key(&row.file);
    let is_twin = |other: &Fix| {
        let machine = |row: &Fix| row.machine.unwrap_or(Machine::I386);
        let is_same = other.version == row.version && machine(other) == machine(row) && other.language == row.language;
        is_same && is_such(other)
    };
    let has_twin = |article: &&Arc<Listed>| {
        let files = article.files();
        let mut rows = files.iter().filter(|file| file.key == key).flat_map(|file| file.rows);
        rows.any(|row| is_twin(&article.fixes[*row])) && is_article(article)
    };
    context.catalog.articles().iter().find(has_twin).map(|article| article.id)
}

/// A build with the day in its version string is linked at most this many days before or after.
const TAG_DAYS: i32 = 3;

/// The day in a `FileVersion` string: `5.1.2600.2622 (xpsp_sp2_gdr.050301-1519)`.
fn build_day(info: &VersionInfo) -> Option<Date> {
    let text = info.file_version_string()?;
    text.match_indices('.').find_map(|(at, _)| {
        let (day, time) = text[at + 1..].split_once('-')?;
        let digits =
            |text: &str, count: usize| text.len() >= count && text.bytes().take(count).all(|b| b.is_ascii_digit());
        if day.len() != 6 || !digits(day, 6) || !digits(time, 4) {
            return None;
        }
        let part = |from: usize| day[from..from + 2].parse::<i8>().ok();
        let year = i16::from(part(0)?);
        Date::new(if year >= 90 { 1900 + year } else { 2000 + year }, part(2)?, part(4)?).ok()
    })
}

/// True if the row has the file's original name: sizes of renamed kernels are not compared.
fn is_own_name(entry: &Entry, row: &Fix, info: Option<&VersionInfo>) -> bool {
    let original = info.and_then(|info| original_name(entry, info));
    original.is_none_or(|original| original == file_key(&row.file))
}
