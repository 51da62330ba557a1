//! One file compared with the rows of one article that name it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::applies::Applies;
use super::belongs::{basis, packs_of, place_in, place_of};
use super::case::{Case, Cases, Names};
use super::claims::{answer, on};
use super::context::Context;
use super::elsewhere::{Elsewhere, branch_of};
use super::evidence::Evidence;
use super::listed_row::Row;
use super::processor::Processor;
use super::reason::Reason;
use super::select::{Candidate, Headed, select};
use super::tag::by_tag;
use super::wow::Packages;
use super::{applies, boards, doubt, exact_build, ladder, unchanged, vendor, wow};
use crate::catalog::Listed;
use crate::inventory::Unread;
use crate::knowledge::{Branch, Line, Order, Pack, is_executable_name, is_executable_with_version};
use crate::name::key_of;
use hotfixcheck_types::Extension;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionInfo, VersionOutcome};

/// The reason and evidence for each row of a file, whose key is `key` and whose index in the inventory is `place`.
/// `names` caches what the article names. Texts are made only for `explain`.
pub(super) fn judge(
    place: usize,
    article: &Listed,
    names: &Names,
    key: &str,
    rows: &[Row],
    explain: bool,
    context: &Context,
) -> Vec<(Reason, Evidence)> {
    let entry = &context.inventory.entries[place];
    let cases = Cases { article, names, entry, claims: context.claims[place].as_slice(), explain };
    let case = |row| cases.of(row, key);
    let binary = match &entry.binary {
        Ok(binary) => binary,
        Err(error) => return rows.iter().map(|&row| unread(&case(row), error, context)).collect(),
    };
    let of_package = |of_package: Vec<bool>| {
        let judge = |spoken| readable(&cases, binary, key, rows, (&of_package, spoken), context);
        match entry.unstated.language {
            true => doubt::of_some_language(rows, applies::languages_of(rows).into_iter().map(judge)),
            false => judge(None),
        }
    };
    let answers = match wow::packages(rows, article, names, entry, context) {
        Packages::One(kept) => of_package(kept).0,
        Packages::Either(either) => wow::either(either.map(of_package)),
    };
    vendor::set_aside(entry, binary, explain, boards::doubt(rows, answers))
}

/// As [`judge`], for a file that could be read; `of_package` says for each row whether it applies by its package, `spoken` is
/// the file's language where it is assumed. The second result is true if the file is exactly the build of a row.
fn readable(
    cases: &Cases,
    binary: &Binary,
    key: &str,
    rows: &[Row],
    (of_package, spoken): (&[bool], Option<&str>),
    context: &Context,
) -> (Vec<(Reason, Evidence)>, bool) {
    let &Cases { article, names, entry, explain, .. } = cases;
    let case = |row| cases.of(row, key);
    let info = match &binary.version {
        VersionOutcome::Found(info) => Some(info),
        _ => None,
    };
    let of_language = applies::to_language(rows, info, spoken, context);
    let mut answers = Vec::with_capacity(rows.len());
    let mut by_line: BTreeMap<Line, Vec<(usize, Candidate)>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        if !of_package[place] {
            let detail = explain.then(|| match (row.wow, context.processor) {
                (true, Some(Processor::Bits64(_))) => "row is for systems with another 64-bit processor".to_owned(),
                (true, _) => "row is for 64-bit systems".to_owned(),
                (false, _) => "row is for 32-bit systems".to_owned(),
            });
            let evidence = Evidence { machine: binary.machine, detail, ..Evidence::default() };
            answers.push((Reason::OtherMachine, evidence));
            continue;
        }
        let is_of_language = of_language.as_ref().is_none_or(|of_language| of_language[place]);
        match compare(&case(*row), binary, is_of_language, info, context) {
            Compared::With(candidate) => {
                by_line.entry(candidate.required.line.clone()).or_default().push((place, candidate));
                // Replaced below: select() gives a reason to every candidate.
                answers.push((Reason::RowsDiffer, Evidence::default()));
            }
            Compared::Decided(reason, evidence) => answers.push((reason, evidence)),
        }
    }
    let mut exact = Vec::new();
    let mut of_earlier_packs = Vec::new();
    for group in by_line.into_values() {
        let (places, mut candidates): (Vec<usize>, Vec<Candidate>) = group.into_iter().unzip();
        by_tag(&mut candidates, info, explain);
        let reasons = select(&candidates, explain);
        let equal = places.iter().zip(&candidates).filter(|(_, candidate)| candidate.is_equal());
        exact.extend(equal.map(|(&place, _)| place));
        of_earlier_packs.extend(places.iter().zip(&candidates).filter(|(_, of)| of.later).map(|(&place, _)| place));
        let found = &candidates[0].found;
        let own = branch_of(found);
        let is_own = |Candidate { required, other_number, .. }: &Candidate| {
            let same_pack = found.order != Order::ServicePack
                || required.service_pack.is_none()
                || required.service_pack == found.service_pack;
            // If folders name another branch than numbers, the file's number does not show the branch.
            other_number.branch || own.is_none() || (same_pack && (required.branch.is_none() || required.branch == own))
        };
        let has_own = candidates.iter().any(is_own);
        // All rows of one line and branch have the same answer.
        let mut known: BTreeMap<(Reason, Option<Branch>), Option<Reason>> = BTreeMap::new();
        let mut instead = |candidate: &Candidate, reason: Reason| {
            let is_open = match reason {
                Reason::LaterServicePack | Reason::EarlierServicePack => true,
                Reason::VersionEqual | Reason::VersionNewer => candidate.later,
                _ => !has_own,
            };
            if !is_open {
                return None;
            }
            if let Some(other) = known.get(&(reason, candidate.required.branch)) {
                return *other;
            }
            // A file that the package does not change does not show for which service packs it brings corrected ones.
            let of = |(place, row): (usize, Row)| {
                let is_changed = !unchanged::is_unchanged(&row, article, context);
                is_changed.then(|| place_of(place, &cases.of(row, &key_of(&row.file)), context))?
            };
            let places =
                names.places.get_or_init(|| Row::all(article, &context.headings).enumerate().filter_map(of).collect());
            let elsewhere = Elsewhere {
                article,
                places,
                file: key,
                machine: binary.machine,
                headings: &context.headings,
                system: candidate.system.as_ref().map(Pack::name),
            };
            let other = elsewhere.instead(reason, &candidate.found, &candidate.required);
            known.insert((reason, candidate.required.branch), other);
            other
        };
        let reasons: Vec<(Reason, Option<String>)> = reasons
            .into_iter()
            .zip(&candidates)
            .map(|((reason, detail), candidate)| match instead(candidate, reason) {
                None => (reason, detail),
                Some(other) => {
                    let said = || "the article's rows for it are of other files".to_owned();
                    (other, detail.or_else(|| explain.then(said)))
                }
            })
            .collect();
        for ((place, candidate), (reason, detail)) in places.into_iter().zip(candidates).zip(reasons) {
            let mut evidence = Evidence {
                comparison: Some(candidate.comparison),
                machine: binary.machine,
                found_release: Some(candidate.found),
                required_release: Some(candidate.required),
                detail,
            };
            evidence.add(candidate.basis);
            answers[place] = (reason, evidence);
        }
    }
    doubt::without_version(article, rows, explain, context, &mut answers);
    doubt::of_earlier_packs(&of_earlier_packs, |row| case(rows[row]), context, &mut answers);
    let is_build = exact_build::decide(entry, binary, info, rows, &exact, explain, context, &mut answers);
    let is_proven = |row: usize| exact.contains(&row) && exact_build::is_proven(&rows[row], entry, binary);
    doubt::outdone(&of_earlier_packs, is_proven, &mut answers);
    doubt::of_bare_headings(rows, |row| case(rows[row]), is_proven, context, &mut answers);
    doubt::other_translation(rows, |row| case(rows[row]), context, &mut answers);
    doubt::contradictions(rows, context, &mut answers);
    doubt::unstated(entry.unstated, article, rows, &context.headings, &mut answers);
    (answers, is_build)
}

/// Judges a file that could not be read as an executable: whether that matters depends on the row and on the file's
/// name.
fn unread(case: &Case, error: &Unread, context: &Context) -> (Reason, Evidence) {
    // The heading alone says that the row is for other systems, whatever the file's version.
    let is_headed = case.heading(context).is_some_and(|heading| !heading.lines.is_empty());
    if let Some(detail) = Some(()).filter(|()| is_headed).and_then(|()| other_product(case, context)) {
        return (Reason::OtherProduct, Evidence { detail, ..Evidence::default() });
    }
    let versioned = case.row.version.is_some();
    // A row with a version shows that its font or type library is an executable file, not a data file.
    let executable = is_executable_name(case.key) || versioned && is_executable_with_version(case.key);
    let by_size_and_date = || {
        let (reason, evidence) = ladder::judge(case, context);
        let detail = evidence.detail.clone().or_else(|| Some(error.to_string()));
        let reason = if versioned && reason == Reason::NoVersionInArticle { Reason::NoVersionInFile } else { reason };
        (reason, Evidence { detail, ..evidence })
    };
    let reason = match error {
        error if error.is_damage() => Reason::Unreadable,
        Unread::NotTold if versioned => Reason::VersionNotStated,
        Unread::NotTold => return by_size_and_date(),
        // Text files, help files and the like have no version, so nothing is wrong with them.
        _ if !executable => return by_size_and_date(),
        Unread::Binary(BinaryError::Empty) if versioned => Reason::EmptyFile,
        Unread::Binary(BinaryError::NotExecutable) if versioned => Reason::NotExecutable,
        Unread::Binary(BinaryError::NotPe { .. }) if versioned => Reason::NotPe,
        // A DOS program or a driver library is intact but has no version: only size and date can be compared.
        Unread::Binary(BinaryError::NotPe { .. }) if Extension::of(case.key).may_be_of_dos() => {
            return by_size_and_date();
        }
        // An executable that cannot be read as one is damaged, whatever its size and date.
        _ => Reason::Unreadable,
    };
    (reason, Evidence { detail: Some(error.to_string()), ..Evidence::default() })
}

/// What the rules that need only one row tell of it.
// There are thousands, and none is kept: to box them would cost more than to move them.
#[allow(clippy::large_enum_variant)]
enum Compared {
    Decided(Reason, Evidence),
    /// To be compared with the other rows of its line.
    With(Candidate),
}

/// The rules that need only this row. Rows that pass are then compared together, line by line.
fn compare(case: &Case, binary: &Binary, of_language: bool, info: Option<&VersionInfo>, context: &Context) -> Compared {
    let &Case { row, claims, .. } = case;
    let evidence = Evidence { machine: binary.machine, ..Evidence::default() };
    let decided = Compared::Decided;
    let is_for_machine = match case.entry.unstated.machine {
        Some(class) => applies::to_class(&row, case.article, class, &context.headings) != Applies::No,
        None => applies::to_machine(&row, case.article, binary.machine, &context.headings),
    };
    // "Windows XP SP2 (32-bit) and Windows XP x64 SP1": each system has its own processor.
    let of_line = || context.headings.processors_on(&row.section, context.line()?);
    let is_of_line = row.wow
        || binary.machine.is_none_or(|own| of_line().is_none_or(|of| of.has(own)))
        || is_for_machine && applies::is_of_32_bit_file(&row, case.article);
    if !is_for_machine || !is_of_line {
        let detail = case.said(|| {
            let wanted = row.machine.map_or_else(|| "row without a platform".to_owned(), |m| format!("row is for {m}"));
            match binary.machine {
                Some(_) => wanted,
                None if case.entry.unstated.machine.is_some() => wanted,
                None => format!("{wanted}, file is for machine {:#06x}", binary.machine_raw),
            }
        });
        return decided(Reason::OtherMachine, Evidence { detail, ..evidence });
    }
    if !of_language {
        let detail = case.said(|| format!("row is for {}", row.language.as_deref().unwrap_or("English")));
        return decided(Reason::OtherLanguage, Evidence { detail, ..evidence });
    }
    if let Some(detail) = other_product(case, context) {
        return decided(Reason::OtherProduct, Evidence { detail, ..evidence });
    }
    let Some(printed) = &row.version else {
        // Size and date do not show that a damaged file is the fix.
        if let VersionOutcome::Corrupt { detail } = &binary.version {
            return decided(Reason::VersionCorrupt, Evidence { detail: Some(detail.clone()), ..evidence });
        }
        let (reason, evidence) = ladder::judge(case, context);
        return decided(reason, evidence);
    };
    // `7.0.2600.15 (xpclnt_qfe.010827-1803)`: some articles print the whole string.
    let Some((required, mut wanted)) = row.required().zip(case.release(context)) else {
        return decided(Reason::VersionNotUnderstood, Evidence { detail: Some(printed.clone().into()), ..evidence });
    };
    let releases = &context.knowledge.releases;
    match &binary.version {
        VersionOutcome::Corrupt { detail } => {
            return decided(Reason::VersionCorrupt, Evidence { detail: Some(detail.clone()), ..evidence });
        }
        VersionOutcome::Absent => return decided(Reason::NoVersionInFile, evidence),
        VersionOutcome::Found(_) if claims.is_empty() => {
            let reason = if case.entry.unstated.fixed { Reason::VersionNotStated } else { Reason::NoVersionInFile };
            return decided(reason, evidence);
        }
        VersionOutcome::Found(_) => {}
    }
    let other_number = place_in(case, &mut wanted, context);
    // The file is what it is on the Windows that the row is for.
    let on_windows = on(claims, info, case.key, || case.windows(context), releases);
    let claims = on_windows.as_deref().unwrap_or(claims);
    match answer(claims, required, &wanted) {
        Ok((comparison, found)) => {
            let packs = packs_of(case, &wanted, context);
            let profile = context.profile.as_ref();
            let system = profile.and_then(|profile| profile.pack.clone());
            let is_earlier = |name: &String| {
                let pack = profile.and_then(|profile| releases.pack(&profile.line, name));
                pack.zip(system.as_ref()).is_some_and(|(pack, system)| pack < *system)
            };
            let later = packs.as_ref().is_some_and(|packs| packs.iter().all(is_earlier));
            let basis = case.explain.then(|| basis(case, info, &found, &wanted, packs.as_ref(), context)).flatten();
            let headed = headed(case, packs.as_ref(), context);
            let required = wanted;
            Compared::With(Candidate { comparison, found, required, other_number, packs, system, later, headed, basis })
        }
        Err((reason, found_release)) => {
            let detail = case.said(|| {
                let mut detail = String::with_capacity(64);
                for (place, claim) in claims.iter().enumerate() {
                    let separator = if place > 0 { ", " } else { "" };
                    let _ = write!(detail, "{separator}{} {}", claim.source.name(), claim.version);
                }
                let _ = write!(detail, " against {required}");
                // A damaged string table may hide the version that could have been compared.
                if let Some(damage) = info.and_then(|info| info.damage.as_deref()) {
                    let _ = write!(detail, "; {damage}");
                }
                detail
            });
            let evidence = Evidence { found_release, required_release: Some(wanted), detail, ..evidence };
            // A string `4.00` does not replace the fixed version 4.0.1381.7086, which was not recorded and could have
            // been compared.
            let whole = claims.iter().any(|claim| claim.version.components().len() == 4);
            decided(if case.entry.unstated.fixed && !whole { Reason::VersionNotStated } else { reason }, evidence)
        }
    }
}

/// What the row's heading says of the system; `packs` are the service packs that its heading and columns name.
fn headed(case: &Case, packs: Option<&BTreeSet<String>>, context: &Context) -> Headed {
    let Some(profile) = &context.profile else { return Headed::Other };
    let is_own_pack = profile.pack.as_ref().zip(packs).is_some_and(|(own, packs)| packs.contains(own.name()));
    match case.heading(context) {
        None if is_own_pack => Headed::OwnPack,
        None => Headed::Bare,
        Some(scope) if scope.lines.is_empty() && !scope.others => Headed::Bare,
        Some(scope) if context.line().is_some_and(|own| scope.lines.contains(own)) => match packs {
            _ if is_own_pack => Headed::Own,
            None => Headed::Release,
            Some(_) => Headed::Other,
        },
        Some(_) => Headed::Other,
    }
}

/// What the row is for, if that is only other systems than the one that the files come from. A row without a version must
/// also fit the file's line.
fn other_product(case: &Case, context: &Context) -> Option<Option<String>> {
    let system = context.profile.as_ref().map(|profile| &profile.line);
    let of_file = || case.claims.iter().find(|claim| claim.release.known).map(|claim| &claim.release.line);
    let own = system.or_else(|| of_file().filter(|_| case.row.version.is_none()))?;
    let headed = case.heading(context).is_some();
    if headed && system.is_some() && case.is_for_system(context) {
        return None;
    }
    // A product list excludes no row whose version is of the system's own line.
    if !headed && case.is_of_own_line(context) {
        return None;
    }
    let scope = case.scope(context);
    let windows = context.line().unwrap_or_else(|| own.windows());
    let said = || {
        let named = scope.lines.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let named = match scope.builds_of(windows) {
            Some(builds) => format!("{named} {}", builds.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
            None if named.is_empty() => "another Windows".to_owned(),
            None => named,
        };
        let by = if headed { "its heading" } else { "the article's product list" };
        format!("row is for {named} by {by}, not for {own}")
    };
    let is_of_other_edition = headed && case.is_of_other_edition(context);
    let said = || match is_of_other_edition {
        true => "a row under another heading of the article is for this edition of Windows".to_owned(),
        false => said(),
    };
    let is_of_other_edition = is_of_other_edition || headed && case.is_headed_for_other_edition(context);
    let is_of_other_build = scope.only_windows && scope.lines.contains(windows) && !context.is_of_builds(scope);
    // The file has a number of the system's own Windows: it is of none of the list's, whatever other products are there
    // (Q244509 is for Cluster Server and Windows NT 4.0).
    let is_of_own_windows = || {
        let of_others = case.row.version.is_none() && !scope.lines.is_empty() && !scope.lines.contains(windows);
        of_others && of_file().is_some_and(|line| line.windows() == windows)
    };
    (scope.excludes(windows) || is_of_own_windows() || is_of_other_build || is_of_other_edition)
        .then(|| case.said(said))
}
