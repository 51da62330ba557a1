//! Which rows apply to a file, by its machine and its language.

use std::collections::BTreeSet;

use super::context::Context;
use super::listed_row::Row;
use crate::Machine;
use crate::inventory::MachineClass;
use crate::knowledge::{Headings, LanguageText, Processors, windows_since};
use crate::name::is_same_file;
use hotfixcheck_articles::{Article, Fix};
use hotfixcheck_winfiles::binary::VersionInfo;

/// Whether a row applies to a file that may be of one of several machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applies {
    Yes,
    No,
    /// It applies to some of the machines only.
    Depends,
}

/// As [`to_machine`], for a file of which only the class of its machine is known. Machines for which no Windows existed
/// when the row was written do not count.
pub(super) fn to_class(row: &Fix, article: &Article, class: MachineClass, headings: &Headings) -> Applies {
    let written = row.date.or(article.last_modified);
    let there =
        |machine: &Machine| written.zip(windows_since(*machine)).is_none_or(|(written, since)| written >= since);
    let possible = Machine::ALL.into_iter().filter(|machine| class.contains(*machine)).filter(there);
    let (yes, no): (Vec<Machine>, Vec<Machine>) =
        possible.partition(|machine| to_machine(row, article, Some(*machine), headings));
    match (yes.is_empty(), no.is_empty()) {
        (true, _) => Applies::No,
        (false, true) => Applies::Yes,
        (false, false) => Applies::Depends,
    }
}

/// Whether a row applies to files for this machine; `None` is a machine that Windows never ran on.
///
/// A row that names a machine applies to that one. A row without one applies to the machines that Windows ran on when
/// it was written. Machines for which the article has another row of the same file, and those that its heading rules
/// out, are excepted.
pub(crate) fn to_machine(row: &Fix, article: &Article, machine: Option<Machine>, headings: &Headings) -> bool {
    match row.machine {
        // The 32-bit file of a 64-bit package.
        _ if row.wow => machine == Some(Machine::I386),
        Some(named) => machine == Some(named) || machine == Some(Machine::I386) && is_of_32_bit_file(row, article),
        None => machine.is_some_and(|machine| may_be(row, article, machine, headings)),
    }
}

/// True for a row for 64-bit systems that is about the file of 32-bit ones: the article has a row for those of the same version and
/// size. Mp4sds32.ax runs on Windows XP x64, too (MS10-062).
pub(super) fn is_of_32_bit_file(row: &Fix, article: &Article) -> bool {
    let is_of_64_bit = row.machine.is_some_and(Machine::is_64_bit);
    // What differs most often comes first: there may be thousands of rows.
    let is_twin = |other: &Fix| {
        other.size == row.size
            && other.machine.is_none_or(|machine| machine == Machine::I386)
            && other.version == row.version
            && is_same_file(&other.file, &row.file)
    };
    is_of_64_bit && row.version.is_some() && row.size.is_some() && article.fixes.iter().any(is_twin)
}

fn may_be(row: &Fix, article: &Article, machine: Machine, headings: &Headings) -> bool {
    let written = row.date.or(article.last_modified);
    if written.zip(windows_since(machine)).is_some_and(|(written, since)| written < since) {
        return false;
    }
    // A row for Windows XP x64 does not count for Windows Server 2003, although both have the same kernel.
    let own_row = |other: &Fix| {
        other.machine == Some(machine)
            && is_same_file(&other.file, &row.file)
            && !headings.are_of_other_editions(&other.section, &row.section)
    };
    // Articles often leave out Intel (i386). A row that names another machine is used for that machine instead of this
    // one.
    if machine != Machine::I386 && article.fixes.iter().any(own_row) {
        return false;
    }
    let is_of_platform = |cell: &str| Processors::of_platform(cell).has(machine);
    let of_heading = headings.processors(&row.section);
    row.platform.as_deref().is_none_or(is_of_platform)
        && of_heading.has(machine)
        && (!of_heading.is_any() || headings.may_be_of_list(article, machine))
}

/// Whether a row for the 32-bit file of a 64-bit package is for a system with this processor. Its heading may name
/// another one (MS05-038: the 32-bit iepeers.dll of Itanium is older than that of x64).
pub(super) fn to_system(row: &Fix, processor: Machine, headings: &Headings) -> bool {
    if row.date.zip(windows_since(processor)).is_some_and(|(made, since)| made < since) {
        return false;
    }
    headings.processors(&row.section).are_of_systems_with(processor)
}

/// The languages that a file may have whose list does not state it: English (`None`), each that a row names, and one that no
/// row names. Only English where the rows name none.
pub(super) fn languages_of<'r>(rows: &'r [Row<'_>]) -> Vec<Option<&'r str>> {
    let named: BTreeSet<&str> = rows.iter().filter_map(|row| row.language.as_deref()).collect();
    let others = if named.is_empty() { None } else { Some(Some("")) };
    std::iter::once(None).chain(named.into_iter().map(Some)).chain(others).collect()
}

/// For each row, whether it applies to a file with this version resource; `None` if all do. A row of another language is only for files of
/// that language; a row for English files also for those, as long as the article has none of their own, because
/// localised builds carry the English build's version. Where rows of a language stand beside English ones of the same
/// heading (Windows NT 4.0 in MS04-044), they take the place of these only, not of rows for another Windows. A row for "other
/// languages" is for files that no other row is for; one for a language that is not known may be
/// for a file that is not English, and that the English row would judge.
/// `spoken`: the language of the file as a row writes it, where it is assumed; "" is one that no row names.
pub(super) fn to_language(
    rows: &[Row],
    version: Option<&VersionInfo>,
    spoken: Option<&str>,
    context: &Context,
) -> Option<Vec<bool>> {
    // Nearly all articles name no language.
    if rows.iter().all(|row| row.language.is_none()) {
        return None;
    }
    let languages = &context.knowledge.languages;
    let is_english = || spoken.is_none() && version.is_none_or(|version| languages.may_be_english(version));
    let fits = |word: &str| match spoken {
        Some(spoken) => word == spoken,
        None => version.is_some_and(|v| languages.fits(word, v)),
    };
    let use_of = |row: &Row| {
        let text = row.language.as_deref()?;
        let used = languages.uses(text);
        Some((used, used == LanguageText::Known && fits(text)))
    };
    // Of each row what its language is, and whether it is the file's.
    let uses: Vec<Option<(LanguageText, bool)>> = rows.iter().map(use_of).collect();
    let named = || rows.iter().zip(&uses).filter(|(_, of)| matches!(of, Some((_, true)))).map(|(row, _)| row);
    let own: BTreeSet<&str> = named().map(|row| &*row.section).collect();
    let beside = |row: &Fix| own.contains(&*row.section);
    // A row for another Windows takes no row's place: that of Japanese files of Windows NT 4.0 says nothing of Windows XP (MS04-011).
    let is_of_same = |row: &Row| named().any(|own| may_be_of_same(own, row, &context.headings));
    let is_paired = rows.iter().any(|row| row.language.is_none() && !row.section.is_empty() && beside(row));
    let is_for_others = |of: &Option<(LanguageText, bool)>| matches!(of, Some((LanguageText::Others, _)));
    let has_others = uses.iter().any(is_for_others) && own.is_empty() && !is_english();
    let replaced = |row: &Row| has_others || !own.is_empty() && (!is_paired || beside(row)) && is_of_same(row);
    let has_english = rows.iter().any(|row| row.language.is_none()) && is_english();
    let beside_english = rows.iter().any(|row| row.language.is_none()) && own.is_empty();
    let applies = |(row, of): (&Row, &Option<(LanguageText, bool)>)| match *of {
        None => !replaced(row),
        Some((LanguageText::Known, is_own)) => is_own,
        Some((LanguageText::Others, _)) => own.is_empty() && !has_english,
        Some((LanguageText::Many, _)) => rows.iter().any(|row| row.language.is_none()),
        Some((LanguageText::Unknown, _)) => beside_english && !is_english(),
    };
    Some(rows.iter().zip(&uses).map(applies).collect())
}

/// False for two rows of which their headings, or their versions, show that they are for different Windows or releases of a product.
fn may_be_of_same(one: &Row, other: &Row, headings: &Headings) -> bool {
    let lines = |row: &Row| headings.scope(&row.section).map(|scope| &scope.lines).filter(|lines| !lines.is_empty());
    let apart = lines(one).zip(lines(other)).is_some_and(|(one, other)| one.is_disjoint(other));
    let release = |row: &Row| row.text().family().get(..2).map(<[u32]>::to_vec);
    !apart && release(one).zip(release(other)).is_none_or(|(one, other)| one == other)
}
