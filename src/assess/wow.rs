//! The 32-bit files of 64-bit packages (`\WOW` in bulletins): 64-bit systems have them, 32-bit systems do not.

use super::context::Context;
use super::profile::KERNEL_FILES;
use crate::Machine;
use crate::inventory::system::Territory;
use crate::inventory::{Entry, Inventory};
use crate::name::key_of;
use hotfixcheck_articles::Fix;

/// The folders of the 32-bit files of a 64-bit Windows.
const FOLDERS: [&str; 2] = ["syswow64", "program files (x86)"];

/// True for a 64-bit system, by its registry, or else by its kernel files; `None` where neither tells.
pub(super) fn is_64_bit(
    territory: &Territory,
    of_entry: impl Fn(usize) -> bool,
    inventory: &Inventory,
) -> Option<bool> {
    let systems = territory.systems.iter().filter_map(|&place| inventory.systems.get(place));
    let named = systems.filter_map(|system| system.facts.processor_architecture.as_ref());
    let of_registry: Vec<bool> = named.map(|fact| fact.value.contains("64")).collect();
    let entries =
        inventory.entries.iter().enumerate().filter(|(place, entry)| entry.copy.is_none() && of_entry(*place));
    let is_kernel = |entry: &Entry| entry.name().is_some_and(|name| KERNEL_FILES.contains(&&*key_of(name)));
    // A 64-bit system has a 32-bit kernel32.dll, too; that of its own is in another folder.
    let kernels = entries.filter(|(_, entry)| is_kernel(entry) && !is_in_folder(entry));
    let of_kernel = kernels.filter_map(|(_, entry)| entry.binary.as_ref().ok()?.machine.map(Machine::is_64_bit));
    let told: Vec<bool> = if of_registry.is_empty() { of_kernel.collect() } else { of_registry };
    told.first().copied().filter(|first| told.iter().all(|other| other == first))
}

/// For each row of one file, whether it applies to this copy by the package that it is part of.
pub(super) fn to_package(rows: &[&Fix], entry: &Entry, context: &Context) -> Vec<bool> {
    if !rows.iter().any(|row| row.wow) {
        return vec![true; rows.len()];
    }
    match context.is_64_bit.or_else(|| is_in_folder(entry).then_some(true)) {
        // A 32-bit Vista has the file of another row: lpk.dll 6.0.6002.18005 is fixed on 64-bit systems only (MS09-029).
        Some(false) => rows.iter().map(|row| !row.wow).collect(),
        Some(true) => rows.iter().map(|row| row.wow || !rows.iter().any(|other| is_instead(other, row))).collect(),
        None => vec![true; rows.len()],
    }
}

/// True if it cannot be told whether this row is for the system: another of these rows is for 32-bit systems.
pub(super) fn is_open(row: &Fix, rows: &[&Fix], context: &Context) -> bool {
    row.wow && context.is_64_bit.is_none() && rows.iter().any(|other| is_instead(row, other))
}

/// True if the one row is for the 32-bit file of a 64-bit system, the other for the same file of 32-bit systems.
fn is_instead(wow: &Fix, other: &Fix) -> bool {
    fn line(row: &Fix) -> Option<Vec<&str>> {
        Some(row.version.as_deref()?.split('.').take(3).map(|part| part.trim_start_matches('0')).collect())
    }
    let is_32_bit = other.machine.is_none_or(|machine| machine == Machine::I386);
    wow.wow && !other.wow && is_32_bit && line(wow) == line(other)
}

fn is_in_folder(entry: &Entry) -> bool {
    entry.path.components().any(|folder| FOLDERS.iter().any(|known| folder.eq_ignore_ascii_case(known)))
}
