//! The 32-bit files of 64-bit packages ("WOW"): which rows they are, and their names on disk without the W that the
//! package puts before them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::cells;
use super::fix::{Fix, Text};
use super::found::Placed;
use super::row::Row;
use hotfixcheck_types::Machine;

/// True for a file from a folder of 32-bit files of the component store, whatever processor its row states: `wow64_…`
/// (MS08-071), or `x86_…` if the row states none (MS07-058).
fn is_wow_store(row: &Row) -> bool {
    let component = row.folder.as_deref().and_then(|folder| folder.rsplit('\\').next()).unwrap_or_default();
    component.starts_with("wow64_") || row.platform.is_none() && component.starts_with("x86_")
}

/// Recognises the 32-bit files of a 64-bit package among the rows of one table, and gives them their names on disk: the
/// package puts a W before them.
pub(crate) fn settle_wow(rows: &mut [Placed], bulletin: bool) {
    let machine = |placed: &Placed| placed.row.platform.as_deref().and_then(Machine::from_platform_text);
    let of_64_bit = |machine: Option<Machine>| machine.is_some_and(Machine::is_64_bit);
    let heading_64 = rows
        .first()
        .and_then(|placed| placed.binding.platform.as_deref())
        .is_some_and(|platform| of_64_bit(Machine::from_platform_text(platform)));
    let among_64 = heading_64 || rows.iter().any(|placed| of_64_bit(machine(placed)));
    // Outside of bulletins a table of several processors may be for several packages: only a heading shows that it is
    // one package.
    if heading_64 || bulletin && among_64 {
        let names: HashSet<String> = rows.iter().map(|placed| placed.row.file.to_ascii_lowercase()).collect();
        // `wexpsrv.dll` and `expsrv.dll` in a table that states IA64 for both (MS04-014).
        let has_added_w = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.strip_prefix('w').is_some_and(|rest| cells::is_file_name(rest) && names.contains(rest))
        };
        let is_wow = |placed: &Placed| {
            machine(placed) == Some(Machine::I386) || has_added_w(&placed.row.file) || is_wow_store(&placed.row)
        };
        for placed in rows.iter_mut() {
            if is_wow_store(&placed.row) {
                placed.row.platform = Some("x86".to_owned());
            }
            placed.row.wow |= is_wow(placed);
        }
    } else {
        let key = |placed: &Placed, name: &str| (placed.binding.section.clone(), name.to_ascii_lowercase());
        let is_native = |placed: &&Placed| of_64_bit(machine(placed));
        let native: HashSet<_> = rows.iter().filter(is_native).map(|placed| key(placed, &placed.row.file)).collect();
        // Beside the 64-bit file of its name, under one heading: Wiphlpapi.dll and Iphlpapi.dll of "64-Bit Edition" (KB836769).
        let is_beside = |placed: &Placed| {
            let rest = placed.row.file.strip_prefix(['w', 'W']);
            machine(placed) == Some(Machine::I386) && rest.is_some_and(|rest| native.contains(&key(placed, rest)))
        };
        for placed in rows.iter_mut() {
            placed.row.wow |= is_beside(placed);
        }
    }
    if !rows.iter().any(|placed| placed.row.wow) {
        return;
    }
    let native: HashSet<String> =
        rows.iter().filter(|placed| !placed.row.wow).map(|placed| placed.row.file.to_ascii_lowercase()).collect();
    let with_w = |placed: &Placed| placed.row.file.starts_with(['w', 'W']);
    let all_with_w = rows.iter().filter(|placed| placed.row.wow).all(with_w);
    let of_folder = |placed: &&Placed| placed.row.of_wow_folder;
    let all_of_folder = rows.iter().filter(of_folder).all(with_w);
    for placed in rows.iter_mut().filter(|placed| placed.row.wow) {
        placed.row.platform.get_or_insert_with(|| "x86".to_owned());
        let Some(rest) = placed.row.file.strip_prefix(['w', 'W']).filter(|rest| cells::is_file_name(rest)) else {
            continue;
        };
        let name = placed.row.file.to_ascii_lowercase();
        let is_sure = placed.row.of_wow_folder && all_of_folder
            || all_with_w && names_update_exe(&placed.binding.section) && heading_64;
        let added = native.contains(&rest.to_ascii_lowercase())
            || !native.contains(&name) && (bulletin && all_with_w || is_sure && !OWN_W.contains(&*name));
        if added {
            placed.row.file = rest.to_owned();
        }
    }
}

/// Names of files that begin with a W of their own, in lower case.
static OWN_W: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../data/w-names.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// True for a heading of systems whose packages put the W before a name: those before Windows Vista.
fn names_update_exe(section: &str) -> bool {
    let has = |name: &str| section.contains(name);
    (has("Server 2003") || has("Windows XP")) && !["Vista", "2008", "Windows 7"].into_iter().any(has)
}

/// Corrects the names of 32-bit files of 64-bit packages by the names of all files of a bulletin's page. A table of
/// only such files does not show whether their W was added (`wvgx.dll`) or is part of the name (`wmasf.dll`, MS07-068).
pub(crate) fn settle_wow_names(fixes: &mut [Fix]) {
    let others: HashMap<String, Text> =
        fixes.iter().filter(|fix| !fix.wow).map(|fix| (fix.file.to_ascii_lowercase(), fix.file.clone())).collect();
    for fix in fixes.iter_mut().filter(|fix| fix.wow) {
        let name = fix.file.to_ascii_lowercase();
        if others.contains_key(&name) {
            continue;
        }
        let without = name.strip_prefix('w').and_then(|rest| others.get(rest));
        if let Some(real) = without.or_else(|| others.get(&format!("w{name}"))) {
            fix.file = real.clone();
        }
    }
}
