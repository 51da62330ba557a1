//! Which rows speak of a file's machine.

use crate::Machine;
use crate::inventory::MachineClass;
use crate::knowledge::windows_since;
use crate::name::is_same_file;
use hotfixcheck_articles::{Article, Fix};

/// Whether a row speaks of a file whose machine is one of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Yes,
    No,
    /// Of some of the machines it does, of others it does not.
    Depends,
}

/// As [`speaks`], for a file of which only a class of machines is known. Machines for which no Windows had been made
/// when the row was written are none that the file of a row's release line can be for.
pub(super) fn speaks_of_class(row: &Fix, article: &Article, class: MachineClass) -> Speaks {
    let written = row.date.or(article.last_modified);
    let there =
        |machine: &Machine| written.zip(windows_since(*machine)).is_none_or(|(written, since)| written >= since);
    let possible = Machine::ALL.into_iter().filter(|machine| class.contains(*machine)).filter(there);
    let (yes, no): (Vec<Machine>, Vec<Machine>) = possible.partition(|machine| speaks(row, article, Some(*machine)));
    match (yes.is_empty(), no.is_empty()) {
        (true, _) => Speaks::No,
        (false, true) => Speaks::Yes,
        (false, false) => Speaks::Depends,
    }
}

/// Whether a row speaks of files for this machine; `None` is a machine that Windows never ran on.
///
/// A row that names a machine speaks of that one. A row without one speaks of the machines that Windows ran on when it was
/// written, except those for which the article has a row of the same file, and those that its heading rules out.
pub(crate) fn speaks(row: &Fix, article: &Article, machine: Option<Machine>) -> bool {
    match row.machine {
        Some(named) => machine == Some(named),
        None => machine.is_some_and(|machine| may_be(row, article, machine)),
    }
}

fn may_be(row: &Fix, article: &Article, machine: Machine) -> bool {
    let written = row.date.or(article.last_modified);
    if written.zip(windows_since(machine)).is_some_and(|(written, since)| written < since) {
        return false;
    }
    let own_row = |other: &Fix| other.machine == Some(machine) && is_same_file(&other.file, &row.file);
    // Intel is what articles leave out; where they name another machine, its row is the one that names it.
    if machine != Machine::I386 && article.fixes.iter().any(own_row) {
        return false;
    }
    if row.section.is_empty() {
        return true;
    }
    let heading = row.section.to_lowercase();
    match () {
        () if ["itanium", "ia-64", "ia64"].iter().any(|word| heading.contains(word)) => machine == Machine::Ia64,
        () if ["x64", "amd64"].iter().any(|word| heading.contains(word)) => machine == Machine::X64,
        () if heading.contains("x86") && !heading.contains("alpha") => machine == Machine::I386,
        () if heading.contains("64-bit") => machine.is_64_bit(),
        () if heading.contains("32-bit") => !machine.is_64_bit(),
        () => true,
    }
}
