//! One file compared with the rows of one article that name it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::applies::Applies;
use super::claims::answer;
use super::context::Context;
use super::evidence::Evidence;
use super::ladder::{self, Case};
use super::reason::Reason;
use super::select::{Candidate, select};
use super::{applies, doubt};
use crate::FileVersion;
use crate::inventory::Unread;
use crate::knowledge::{Branch, Line, Release, Scope};
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionInfo, VersionOutcome};

/// The reason and evidence for each row. `place` is the file's in the inventory; `scope` is what the article's product list
/// names, made when it is first needed. Texts are made only for `explain`.
pub(super) fn judge(
    place: usize,
    article: &Article,
    scope: &OnceCell<Scope>,
    rows: &[&Fix],
    explain: bool,
    context: &Context,
) -> Vec<(Reason, Evidence)> {
    let entry = &context.inventory.entries[place];
    let claims = context.claims[place].as_slice();
    let case = |row| Case { row, article, scope, entry, binary: entry.binary.as_ref().ok(), claims, explain };
    let binary = match &entry.binary {
        Ok(binary) => binary,
        Err(error) => return rows.iter().map(|row| unread(&case(row), error, context)).collect(),
    };
    let info = match &binary.version {
        VersionOutcome::Found(info) => Some(info),
        _ => None,
    };
    let speaks = applies::to_language(rows, info, context);
    let mut answers = Vec::with_capacity(rows.len());
    let mut by_line: BTreeMap<Line, Vec<(usize, Candidate)>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        match compare(&case(row), binary, speaks[place], info, context) {
            Ok(candidate) => {
                let evidence = Evidence {
                    comparison: Some(candidate.comparison.clone()),
                    machine: binary.machine,
                    found_release: Some(candidate.found.clone()),
                    required_release: Some(candidate.required.clone()),
                    detail: None,
                };
                by_line.entry(candidate.required.line.clone()).or_default().push((place, candidate));
                // Replaced below: select() gives a reason to every candidate.
                answers.push((Reason::RowsDiffer, evidence));
            }
            Err(decided) => answers.push(*decided),
        }
    }
    for group in by_line.into_values() {
        let (places, candidates): (Vec<usize>, Vec<Candidate>) = group.into_iter().unzip();
        for (place, reason) in places.into_iter().zip(select(&candidates)) {
            answers[place].0 = reason;
        }
    }
    doubt::ambiguous_versions(entry, binary, info, rows, context, &mut answers);
    doubt::contradictions(rows, &mut answers);
    doubt::untold(entry.untold, article, rows, &mut answers);
    answers
}

/// A file that could not be read as an executable: whether that matters depends on the row.
fn unread(case: &Case, error: &Unread, context: &Context) -> (Reason, Evidence) {
    let reason = match error {
        error if error.is_damage() => Reason::Unreadable,
        // Rows without a version are often about text files, which are not executables.
        _ if case.row.version.is_none() => {
            let (reason, evidence) = ladder::judge(case, context);
            let detail = evidence.detail.clone().or_else(|| Some(error.to_string()));
            return (reason, Evidence { detail, ..evidence });
        }
        Unread::NotTold => Reason::VersionNotTold,
        Unread::Binary(BinaryError::Empty) => Reason::EmptyFile,
        Unread::Binary(BinaryError::NotExecutable) => Reason::NotExecutable,
        Unread::Binary(BinaryError::NotPe { .. }) => Reason::NotPe,
        _ => Reason::Unreadable,
    };
    (reason, Evidence { detail: Some(error.to_string()), ..Evidence::default() })
}

/// The rules that need only this row. Rows that pass are then compared together, line by line.
fn compare(
    case: &Case,
    binary: &Binary,
    speaks: bool,
    info: Option<&VersionInfo>,
    context: &Context,
) -> Result<Candidate, Box<(Reason, Evidence)>> {
    let &Case { row, claims, .. } = case;
    let evidence = Evidence { machine: binary.machine, ..Evidence::default() };
    let decided = |reason, evidence| Err(Box::new((reason, evidence)));
    let is_for_machine = match case.entry.untold.machine {
        Some(class) => applies::to_class(row, case.article, class) != Applies::No,
        None => applies::to_machine(row, case.article, binary.machine),
    };
    if !is_for_machine {
        let detail = case.said(|| {
            let wanted = row.machine.map_or_else(|| "row without a platform".to_owned(), |m| format!("row is for {m}"));
            match binary.machine {
                Some(_) => wanted,
                None if case.entry.untold.machine.is_some() => wanted,
                None => format!("{wanted}, file is for machine {:#06x}", binary.machine_raw),
            }
        });
        return decided(Reason::OtherMachine, Evidence { detail, ..evidence });
    }
    if !speaks {
        let detail = case.said(|| format!("row is for {}", row.language.as_deref().unwrap_or("English")));
        return decided(Reason::OtherLanguage, Evidence { detail, ..evidence });
    }
    let required = row.version.as_deref().and_then(FileVersion::from_resource_string);
    let belongs = required.map(|required| context.knowledge.releases.of(&required, row.version.as_deref()));
    if let Some(detail) = other_product(case, belongs.as_ref(), context) {
        return decided(Reason::OtherProduct, Evidence { detail, ..evidence });
    }
    let Some(printed) = &row.version else {
        return Err(Box::new(ladder::judge(case, context)));
    };
    // `7.0.2600.15 (xpclnt_qfe.010827-1803)`: some articles print the whole string.
    let Some((required, mut wanted)) = required.zip(belongs) else {
        return decided(Reason::VersionNotUnderstood, Evidence { detail: Some(printed.clone().into()), ..evidence });
    };
    match &binary.version {
        VersionOutcome::Corrupt { detail } => {
            return decided(Reason::VersionCorrupt, Evidence { detail: Some(detail.clone()), ..evidence });
        }
        VersionOutcome::Absent => return decided(Reason::NoVersionInFile, evidence),
        VersionOutcome::Found(_) if claims.is_empty() => {
            let reason = if case.entry.untold.fixed { Reason::VersionNotTold } else { Reason::NoVersionInFile };
            return decided(reason, evidence);
        }
        VersionOutcome::Found(_) => {}
    }
    wanted.branch = wanted.branch.or_else(|| row.branch.as_deref().and_then(Branch::from_word));
    match answer(claims, required, &wanted) {
        Ok((comparison, found)) => Ok(Candidate { comparison, found, required: wanted }),
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
            // `4.00` says nothing about the fixed version 4.0.1381.7086, which could have been compared.
            let whole = claims.iter().any(|claim| claim.version.components().len() == 4);
            decided(if case.entry.untold.fixed && !whole { Reason::VersionNotTold } else { reason }, evidence)
        }
    }
}

/// What the row is for, if that is only other systems than the one that the files come from. A version of the system's own
/// line is enough; a row without a version must also fit the file's line.
fn other_product(case: &Case, required: Option<&Release>, context: &Context) -> Option<Option<String>> {
    let system = context.profile.as_ref().map(|profile| &profile.line);
    let of_file = || case.claims.iter().find(|claim| claim.release.known).map(|claim| &claim.release.line);
    let own = system.or_else(|| of_file().filter(|_| case.row.version.is_none()))?;
    if system.is_some() && required.map(|release| &release.line) == system {
        return None;
    }
    let scope = case.scope(context);
    // Builds of Windows 10 are lines that no product list names.
    let known = || context.knowledge.releases.line(own.name()).is_some();
    let said = || {
        let named = scope.lines.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let named = if named.is_empty() { "another Windows" } else { &named };
        format!("row is for {named}, not for {own}")
    };
    (scope.excludes(own.name()) && known()).then(|| case.said(said))
}
