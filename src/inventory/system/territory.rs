//! Finds the systems of an inventory, and the files that belong to each: a tree, a volume, `Windows.old` or a second
//! `WINNT`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use foldhash::fast::RandomState;

use crate::inventory::{Entry, Inventory, RelativePath};

/// The folder in the Windows folder of every Windows NT, in lower case.
const SYSTEM32: &[u8] = b"system32";

/// The part of an inventory that belongs to one system. Files that belong to none are in a territory, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territory {
    /// The index of its root in the inventory's roots.
    pub root: usize,
    /// Its folder below the root; empty for the whole root.
    pub folder: RelativePath,
    /// The systems whose registry is there, as indices of the inventory's systems. Several systems share the files
    /// outside of their Windows folders.
    pub systems: Vec<usize>,
    /// Its only Windows folder below the root, if that is not `folder` itself.
    pub windows: Option<RelativePath>,
}

/// The facts about a territory: the systems whose registry is there, and its only Windows folder.
#[derive(Clone, Default)]
struct Home {
    systems: Vec<usize>,
    windows: Option<Folder>,
    /// It is the part next to several Windows folders.
    is_shared: bool,
}

/// The territories of an inventory, by root and folder, and the territory of each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territories {
    /// The territories; at least one.
    pub list: Vec<Territory>,
    /// For each entry of the inventory the index of its territory.
    pub of_entry: Vec<usize>,
}

/// A Windows folder, as components in lower case.
type Folder = Vec<String>;

/// Facts about folders, for each root: an inventory may contain tens of thousands of systems.
type ByFolder<T> = Vec<HashMap<Folder, T, RandomState>>;

impl Territories {
    /// Finds the systems by their registry and by files in a System32 folder.
    pub fn of(inventory: &Inventory) -> Self {
        let mut by_root: Vec<BTreeMap<Folder, Vec<usize>>> = vec![BTreeMap::new(); inventory.roots.len()];
        for (place, system) in inventory.systems.iter().enumerate() {
            let folder = windows_of_hives(&system.folder);
            if let Some(found) = by_root.get_mut(system.root) {
                found.entry(folder).or_default().push(place);
            }
        }
        for entry in inventory.entries.iter().filter(|entry| entry.copy.is_none()) {
            if let (Some(folder), Some(found)) = (windows_of_file(entry), by_root.get_mut(entry.root)) {
                found.entry(folder).or_default();
            }
        }
        let mut list: Vec<(usize, Folder, Home)> = Vec::new();
        for (root, found) in by_root.iter().enumerate() {
            list.extend(of_root(found).into_iter().map(|(folder, home)| (root, folder, home)));
        }
        if list.len() <= 1 {
            let of_entry = vec![0; inventory.entries.len()];
            return Self::used(list, of_entry, inventory);
        }
        let mut places: ByFolder<usize> = vec![HashMap::default(); inventory.roots.len()];
        for (place, (root, folder, _)) in list.iter().enumerate() {
            places[*root].insert(folder.clone(), place);
        }
        let deepest = list.iter().map(|(_, folder, _)| folder.len()).max().unwrap_or_default();
        let mut of_entry = Vec::with_capacity(inventory.entries.len());
        // Files that were given as single roots share one territory.
        let mut single = None;
        for entry in &inventory.entries {
            let own = components(&entry.path);
            // The innermost folder that contains it.
            let lengths = (0..own.len().min(deepest + 1)).rev();
            let found = places.get(entry.root).and_then(|of| lengths.into_iter().find_map(|len| of.get(&own[..len])));
            let place = found.copied().unwrap_or_default();
            let is_single = inventory.roots.get(entry.root).is_some_and(|root| is_file_root(root, entry));
            of_entry.push(if is_single { *single.get_or_insert(place) } else { place });
        }
        Self::used(list, of_entry, inventory)
    }

    /// The entries of the inventory that belong to each territory, in their order.
    pub fn entries(&self) -> Vec<Vec<usize>> {
        let mut entries = vec![Vec::new(); self.list.len()];
        self.of_entry.iter().enumerate().for_each(|(entry, &place)| entries[place].push(entry));
        entries
    }

    /// Removes the folders without a file or a registry. A root without either stays: the user gave it, so the report
    /// must mention it.
    fn used(list: Vec<(usize, Folder, Home)>, of_entry: Vec<usize>, inventory: &Inventory) -> Self {
        let mut used: Vec<bool> = list.iter().map(|(_, _, home)| !home.systems.is_empty() && !home.is_shared).collect();
        for &place in &of_entry {
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
        }
        let mut answered = vec![false; inventory.roots.len()];
        let found = inventory.entries.iter().map(|entry| entry.root);
        for root in found.chain(inventory.systems.iter().map(|system| system.root)) {
            if let Some(answered) = answered.get_mut(root) {
                *answered = true;
            }
        }
        // The folder of a root itself comes before its subfolders, and is always in the list.
        let stays = |&place: &usize| used[place] || (list[place].1.is_empty() && !answered[list[place].0]);
        let kept: Vec<usize> = (0..list.len()).filter(stays).collect();
        let mut first_of: Vec<Option<usize>> = vec![None; list.len()];
        for (entry, &place) in of_entry.iter().enumerate() {
            if let Some(first) = first_of.get_mut(place) {
                first.get_or_insert(entry);
            }
        }
        let wanted = kept.iter().filter_map(|&place| Some((list[place].0, list[place].2.windows.as_ref()?)));
        let spelt_windows = first_below(wanted, inventory);
        let spelt = |place: usize| {
            let (root, folder, Home { systems, windows, .. }) = &list[place];
            let first = first_of[place].map(|entry| &inventory.entries[entry].path);
            let path = first.or_else(|| systems.first().map(|&system| &inventory.systems[system].folder));
            let folder = path.map(|path| leading(path, folder.len())).unwrap_or_default();
            let mut of_hives = systems.iter().map(|&system| &inventory.systems[system].folder);
            let windows = windows.as_ref().and_then(|windows| {
                let is_in = |path: &&RelativePath| components(path).starts_with(windows);
                let of_files = || spelt_windows.get(*root)?.get(windows).copied().flatten();
                Some(leading(of_hives.find(is_in).or_else(of_files)?, windows.len()))
            });
            Territory { root: *root, folder, systems: systems.clone(), windows }
        };
        let mut territories: Vec<Territory> = kept.iter().map(|&place| spelt(place)).collect();
        if territories.is_empty() {
            territories.push(Territory::default());
        }
        let index = |place: usize| kept.binary_search(&place).unwrap_or_default();
        Self { list: territories, of_entry: of_entry.into_iter().map(index).collect() }
    }
}

/// The first file in or below each of these folders.
fn first_below<'f, 'i>(
    folders: impl Iterator<Item = (usize, &'f Folder)>,
    inventory: &'i Inventory,
) -> ByFolder<Option<&'i RelativePath>> {
    let mut found: ByFolder<Option<&RelativePath>> = vec![HashMap::default(); inventory.roots.len()];
    let mut left = 0;
    for (root, folder) in folders {
        left += usize::from(found[root].insert(folder.clone(), None).is_none());
    }
    for entry in &inventory.entries {
        if left == 0 {
            break;
        }
        let Some(of_root) = found.get_mut(entry.root) else { continue };
        let own = components(&entry.path);
        for length in 0..=own.len() {
            if let Some(first @ None) = of_root.get_mut(&own[..length]) {
                *first = Some(&entry.path);
                left -= 1;
            }
        }
    }
    found
}

/// The folders of a root's territories, with the systems of each. A single system has the whole root. Of several
/// systems, each has the folder around its Windows folder, or only the Windows folder where two are in the same folder.
fn of_root(found: &BTreeMap<Folder, Vec<usize>>) -> BTreeMap<Folder, Home> {
    if found.len() <= 1 {
        let whole = Home {
            systems: found.values().flatten().copied().collect(),
            windows: found.keys().next().cloned(),
            ..Home::default()
        };
        return BTreeMap::from([(Folder::new(), whole)]);
    }
    let mut territories = BTreeMap::from([(Folder::new(), Home::default())]);
    let home = |windows: &Folder| windows[..windows.len().saturating_sub(1)].to_vec();
    let mut homes: BTreeMap<Folder, Vec<&Folder>> = BTreeMap::new();
    for windows in found.keys() {
        homes.entry(home(windows)).or_default().push(windows);
    }
    for (home, windows) in homes {
        if let [only] = windows.as_slice() {
            territories.insert(
                home,
                Home { systems: found[*only].clone(), windows: Some((*only).clone()), ..Home::default() },
            );
        } else {
            // Files next to several Windows folders belong to one of them if each has a registry. The registry of one
            // system never counts for another (issue 13).
            let each_has = windows.iter().all(|windows| !found[*windows].is_empty());
            let systems = windows.iter().flat_map(|windows| &found[*windows]).copied();
            territories
                .insert(home, Home { systems: systems.filter(|_| each_has).collect(), is_shared: true, windows: None });
            let own = |windows: &Folder| Home { systems: found[windows].clone(), ..Home::default() };
            territories.extend(windows.iter().map(|windows| ((*windows).clone(), own(windows))));
        }
    }
    territories
}

/// The Windows folder of the hives in this folder; the root itself if the walk began below it.
fn windows_of_hives(folder: &RelativePath) -> Folder {
    let mut folder = components(folder);
    let is_config = folder.len() >= 2 && folder[folder.len() - 2..] == ["system32", "config"];
    folder.truncate(if is_config { folder.len() - 2 } else { 0 });
    folder
}

/// The Windows folder of a file in or below a System32 folder.
fn windows_of_file(entry: &Entry) -> Option<Folder> {
    let bytes = entry.path.as_bytes();
    // A quick check on the bytes, before any text is copied.
    if !bytes.windows(SYSTEM32.len()).any(|part| part.eq_ignore_ascii_case(SYSTEM32)) {
        return None;
    }
    let folder = components(&entry.path.parent());
    let at = folder.iter().position(|name| name.as_bytes() == SYSTEM32)?;
    Some(folder[..at].to_vec())
}

fn components(path: &RelativePath) -> Folder {
    path.components().filter(|part| !part.is_empty()).map(|part| part.to_lowercase()).collect()
}

/// The first components of a path, in its spelling.
fn leading(path: &RelativePath, count: usize) -> RelativePath {
    let parts: Vec<&[u8]> = path.as_bytes().split(|&b| b == b'/').take(count).collect();
    RelativePath::from_bytes(parts.join(&b'/'))
}

/// True if the root is the file itself.
fn is_file_root(root: &Path, entry: &Entry) -> bool {
    let name = root.file_name().map(|name| name.as_encoded_bytes());
    name == Some(entry.path.as_bytes())
}
