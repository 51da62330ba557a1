//! The systems of an inventory: where each is, and which Windows it is.

use super::known_builds::Gap;
use super::policy::Policy;
use super::profile::{self, JudgedSystem};
use crate::inventory::Inventory;
use crate::inventory::system::{Territories, Territory};
use crate::knowledge::Knowledge;

/// The systems of an inventory, with the entries that belong to each, by entry and by system.
pub(super) fn systems_of(
    inventory: &Inventory,
    knowledge: &Knowledge,
    policy: &Policy,
) -> (Territories, Vec<Vec<usize>>, Vec<JudgedSystem>) {
    let territories = Territories::of(inventory);
    let entries = territories.entries();
    let system = |(territory, own): (&Territory, &Vec<usize>)| {
        let given = policy.profile_of(&paths_of(territory, inventory));
        let mut system = profile::of(territory, own, inventory, knowledge, given);
        // A warning about a system that was given without its build has already been added.
        let gap = Gap::of(&system, territory, own, inventory, knowledge);
        let is_said = system.doubts.iter().any(|doubt| doubt.ends_with("its updates are not judged"));
        system.doubts.extend(gap.filter(|_| !is_said).map(Gap::text));
        system
    };
    let mut systems: Vec<JudgedSystem> = territories.list.iter().zip(&entries).map(system).collect();
    if systems.len() > 1 {
        // A single system without a file to judge needs no warning: the exit code 4 says it.
        for (system, own) in systems.iter_mut().zip(&entries) {
            if own.is_empty() {
                system.doubts.push("no file here is one that the catalogue lists: no file was judged".to_owned());
            } else if own.iter().all(|&entry| inventory.entries[entry].copy.is_some()) {
                system
                    .doubts
                    .push("only backup copies of the catalogue's files are here: no file was judged".to_owned());
            }
        }
    }
    (territories, entries, systems)
}

/// The paths by which a user may name the system of a territory: its path in reports, and that of its Windows folder.
pub(super) fn paths_of(territory: &Territory, inventory: &Inventory) -> Vec<String> {
    let windows = territory.windows.clone();
    let windows = windows.map(|folder| path_of(&Territory { folder, ..territory.clone() }, inventory));
    [path_of(territory, inventory)].into_iter().chain(windows).collect()
}

/// The path of a territory as reports write it: the root and the folder below it.
pub(crate) fn path_of(territory: &Territory, inventory: &Inventory) -> String {
    let root = inventory.roots.get(territory.root).map(|root| root.to_string_lossy().into_owned()).unwrap_or_default();
    if territory.folder.is_empty() {
        root
    } else {
        format!("{}/{}", root.trim_end_matches(['/', '\\']), territory.folder)
    }
}
