//! The 32-bit files in 64-bit packages (`\WOW` in bulletins): 64-bit systems have them, 32-bit systems do not.

use std::collections::BTreeSet;

use super::applies;
use super::case::Names;
use super::context::Context;
use super::evidence::Evidence;
use super::listed_row::Row;
use super::processor::{Processor, is_in_wow_folder};
use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use crate::Machine;
use crate::inventory::Entry;
use hotfixcheck_articles::{Article, Fix};

/// Which rows of one file apply to a copy, judged by the package that they are part of.
pub(super) enum Packages {
    /// The package is known: for each row whether it applies.
    One(Vec<bool>),
    /// It is the package of 32-bit systems or that of 64-bit systems.
    Either([Vec<bool>; 2]),
}

/// For each row of one file, whether it applies to this copy by the package that it is part of. `names` is what the article names.
pub(super) fn packages(rows: &[Row], article: &Article, names: &Names, entry: &Entry, context: &Context) -> Packages {
    let processor = context.processor.or_else(|| is_in_wow_folder(entry).then_some(Processor::Bits64(None)));
    let of = |processor| to_package(rows, article, names, processor, context);
    let is_one = processor.is_some() || !rows.iter().any(|wow| wow.wow && rows.iter().any(|row| is_instead(wow, row)));
    if is_one {
        return Packages::One(of(processor));
    }
    Packages::Either([Processor::Bits32, Processor::Bits64(None)].map(|processor| of(Some(processor))))
}

/// The answers where the package is one of two: those of the rows that apply in either, or unknown where the two
/// differ. Each of the two says whether the file is exactly the build of a row; if only one does, that row decides.
pub(super) fn either([of_32_bit, of_64_bit]: [(Vec<(Reason, Evidence)>, bool); 2]) -> Vec<(Reason, Evidence)> {
    let status = |answers: &[(Reason, Evidence)]| ArticleStatus::of(answers.iter().map(|(reason, _)| reason.verdict()));
    let (one, other) = (status(&of_32_bit.0), status(&of_64_bit.0));
    let is_build = of_32_bit.1 != of_64_bit.1;
    let differ = one != other && ![one, other].contains(&ArticleStatus::NotApplicable) && !is_build;
    let applies = |(reason, _): &(Reason, Evidence)| reason.verdict() != Verdict::NotApplicable;
    let (first, second) = if of_64_bit.1 && is_build { (of_64_bit.0, of_32_bit.0) } else { (of_32_bit.0, of_64_bit.0) };
    let answer = |(first, second)| {
        let is_second = !applies(&first) && applies(&second);
        let (reason, evidence) = if is_second { second } else { first };
        let decided = ![Verdict::NotApplicable, Verdict::Unknown].contains(&reason.verdict());
        let reason = match () {
            () if is_second && is_build => Reason::OtherBuild,
            () if differ && decided => Reason::RowsDiffer,
            () => reason,
        };
        (reason, evidence)
    };
    first.into_iter().zip(second).map(answer).collect()
}

fn to_package(
    rows: &[Row],
    article: &Article,
    names: &Names,
    processor: Option<Processor>,
    context: &Context,
) -> Vec<bool> {
    let system = context.line();
    let is_headed = |row: &Fix| {
        let heading = context.headings.scope(&row.section).zip(system);
        heading.is_none_or(|(heading, own)| heading.lines.is_empty() || heading.lines.contains(own))
    };
    let is_32_bit = |row: &Fix| is_32_bit(row) && is_of_package(row, context);
    // True for a row that names 32-bit systems: "For all supported x86-based versions of Windows 7".
    let is_of_32_bit_systems = |row: &Fix| {
        let processors = context.headings.processors(&row.section);
        let names_64_bit = [Machine::X64, Machine::Ia64].iter().any(|machine| processors.has(*machine));
        !row.wow && processors.has(Machine::I386) && !names_64_bit && context.headings.scope(&row.section).is_some()
    };
    // True for a 32-bit row that names 64-bit systems alone: "Windows Server 2003, x64-based versions".
    let is_of_64_bit_systems = |row: &Fix| {
        let processors = context.headings.processors(&row.section);
        row.machine == Some(Machine::I386) && !processors.has(Machine::I386)
    };
    if !rows.iter().any(|row| row.wow) {
        let processor = match processor {
            Some(Processor::Bits64(processor)) => processor,
            Some(Processor::Bits32) => return rows.iter().map(|row| !is_of_64_bit_systems(row)).collect(),
            None => return vec![true; rows.len()],
        };
        // If a package for the system has 32-bit files, but not this one, it does not bring it: netcfg.exe on Vista x64
        // (MS08-004).
        let is_for = |row: &Fix| {
            row.wow && is_headed(row) && processor.is_none_or(|own| applies::to_system(row, own, &context.headings))
        };
        let has_32_bit = || article.fixes.iter().any(is_for);
        let is_there = rows.iter().any(|row| is_32_bit(row)) && *names.has_32_bit.get_or_init(has_32_bit);
        return rows.iter().map(|row| !((is_there && is_32_bit(row)) || is_of_32_bit_systems(row))).collect();
    }
    match processor {
        // A 32-bit Vista uses another row: lpk.dll 6.0.6002.18005 is fixed on 64-bit systems only (MS09-029).
        Some(Processor::Bits32) => rows.iter().map(|row| !row.wow && !is_of_64_bit_systems(row)).collect(),
        Some(Processor::Bits64(processor)) => {
            let is_for = |row: &Fix| processor.is_none_or(|own| applies::to_system(row, own, &context.headings));
            let fits = |row: &Fix| row.wow && is_headed(row) && is_for(row);
            // If a page has no rows for the processor, the rows for the other one are the best match (Itanium in
            // MS10-040).
            let families = |of: &dyn Fn(&Fix) -> bool| -> BTreeSet<Option<Vec<&str>>> {
                rows.iter().filter(|row| of(row)).map(|row| family(row)).collect()
            };
            let of_processor = families(&fits);
            let is_own = |row: &Fix| row.wow && (fits(row) || !of_processor.contains(&family(row)));
            let own = families(&is_own);
            let is_replaced = |row: &Fix| is_32_bit(row) && own.contains(&family(row));
            let is_kept = |row: &Fix| !is_replaced(row) && !is_of_32_bit_systems(row);
            rows.iter().map(|row| if row.wow { is_own(row) } else { is_kept(row) }).collect()
        }
        None => vec![true; rows.len()],
    }
}

/// True if it cannot be told whether this row is for the system: another of these rows is for 32-bit systems.
pub(super) fn is_open(row: &Fix, rows: &[Row], context: &Context) -> bool {
    row.wow && context.processor.is_none() && rows.iter().any(|other| is_instead(row, other))
}

/// True if the one row is for the 32-bit file of a 64-bit system, the other for the same file of 32-bit systems.
fn is_instead(wow: &Fix, other: &Fix) -> bool {
    wow.wow && is_32_bit(other) && family(wow) == family(other)
}

/// True for a row of a package for some Windows. A product that runs on several has one package for all of them: MSXML
/// 4.0, Visio (MS06-009).
fn is_of_package(row: &Fix, context: &Context) -> bool {
    row.section.is_empty() || context.headings.scope(&row.section).is_some_and(|scope| !scope.lines.is_empty())
}

fn is_32_bit(row: &Fix) -> bool {
    !row.wow && row.machine.is_none_or(|machine| machine == Machine::I386)
}

/// The first three numbers of a row's version.
fn family(row: &Fix) -> Option<Vec<&str>> {
    Some(row.version.as_deref()?.split('.').take(3).map(|part| part.trim_start_matches('0')).collect())
}
