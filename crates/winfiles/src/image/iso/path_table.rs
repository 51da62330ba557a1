//! The path table lists every folder of the medium a second time. Folders that only it lists are lost, and are
//! reported. So are files that the other tree of the medium has and this one lacks: with Joliet names, or without.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io;

use super::records::SECTOR;
use super::volume::{Extent, Iso, Stored};
use crate::bytes::{u16_at, u32_at};
use crate::image::tree::{self, Entry, Folders, plain as plain_name};
use crate::image::{Item, MAX_DEPTH, MAX_PATH_BYTES};

/// The largest path table that is read: folder numbers have 16 bits, folder names 255 bytes.
const MAX_BYTES: u32 = 20 << 20;
/// Bytes of an entry before the name.
const NAME_AT: usize = 8;
/// The most lost folders that are named one by one.
const MAX_NAMED: usize = 100;

/// A medium, and the sectors of the folders that were listed.
pub(super) struct Walked<'i> {
    iso: &'i Iso,
    listed: RefCell<HashSet<u32>>,
}

struct Folder<'t> {
    sector: u32,
    above: usize,
    name: &'t [u8],
}

impl<'i> Walked<'i> {
    pub(super) fn new(iso: &'i Iso) -> Self {
        Self { iso, listed: RefCell::new(HashSet::from([iso.root.sector])) }
    }

    /// Reports the folders that only the path table has.
    pub(super) fn lost(&self, each: &mut dyn FnMut(Item)) {
        let Extent { sector, size } = self.iso.path_table;
        // Only MS-DOS needs the table. If it is missing or begins with another root, it proves nothing.
        let Ok(size) = usize::try_from(size.min(MAX_BYTES)) else { return };
        let Ok(bytes) = self.iso.part.bytes(u64::from(sector) * SECTOR, size) else { return };
        let folders = entries(&bytes);
        if folders.first().is_none_or(|root| root.sector != self.iso.root.sector) {
            return;
        }
        let listed = self.listed.borrow();
        let mut lost = 0;
        for folder in folders.iter().filter(|folder| !listed.contains(&folder.sector)) {
            lost += 1;
            if lost <= MAX_NAMED {
                let what =
                    "the path table has this folder, and the folder above it does not list it: its files are lost";
                each(Item::Problem { path: self.path(&folders, folder), what: what.to_owned() });
            }
        }
        if lost > MAX_NAMED {
            let what = format!("{} more folders that only the path table has", lost - MAX_NAMED);
            each(Item::Problem { path: String::new(), what });
        }
    }

    fn path(&self, folders: &[Folder<'_>], folder: &Folder<'_>) -> String {
        let mut names = vec![plain_name(&self.iso.text(folder.name))];
        let mut above = folder.above;
        // The root has the number 1, and every folder comes after its parent.
        while above > 1 && names.len() < MAX_DEPTH {
            let Some(one) = folders.get(above - 1).filter(|one| one.above < above) else { break };
            names.push(plain_name(&self.iso.text(one.name)));
            above = one.above;
        }
        names.reverse();
        let path = names.join("/");
        if path.len() > MAX_PATH_BYTES { String::new() } else { path }
    }
}

/// Reports the files of a tree that another one on the same medium lacks: those for which `has` is false. `tree` names this one.
pub(super) fn lost_files(other: &Iso, tree: &str, has: impl Fn(&Stored<'_>) -> bool, each: &mut dyn FnMut(Item)) {
    // Written by tools for systems that know one of the two trees.
    const NAMES: &str = "TRANS.TBL";
    let (mut named, mut lost) = (Vec::new(), 0_usize);
    let files = tree::list(other, &mut |item| {
        let Some(file) = other.stored(&item) else { return };
        if !file.path.ends_with(NAMES) && !has(&file) {
            let known = named.iter().any(|(_, sector)| *sector == file.sector);
            lost += usize::from(!known);
            if !known && named.len() < MAX_NAMED {
                named.push((file.path.to_owned(), file.sector));
            }
        }
    });
    // Media that were made for Joliet alone have only a text there that says so.
    if files <= 1 {
        return;
    }
    lost -= named.len();
    for (path, _) in named {
        let what = format!("{tree} has this file, and the other one does not: it is not read");
        each(Item::Problem { path, what });
    }
    if lost > 0 {
        let what = format!("{lost} more files that only {tree} has");
        each(Item::Problem { path: String::new(), what });
    }
}

/// The entries, up to the first damaged one.
fn entries(bytes: &[u8]) -> Vec<Folder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(entry) = bytes.get(at..).filter(|entry| entry.len() > NAME_AT) {
        let length = usize::from(entry[0]);
        let Some(name) = entry.get(NAME_AT..NAME_AT + length).filter(|name| !name.is_empty()) else { break };
        let sector = u32_at(entry, 2).saturating_add(entry[1].into());
        found.push(Folder { sector, above: u16_at(entry, 6).into(), name });
        at += NAME_AT + length.next_multiple_of(2);
    }
    found
}

impl Folders for Walked<'_> {
    type Key = Extent;

    fn root(&self) -> Extent {
        self.iso.root()
    }

    fn size(&self) -> u64 {
        self.iso.size()
    }

    fn folder(&self, extent: Extent, take: &mut dyn FnMut(Entry<Extent>) -> bool) -> io::Result<u64> {
        self.iso.folder(extent, &mut |entry| {
            if let Entry::Folder { key, .. } = &entry {
                self.listed.borrow_mut().insert(key.sector);
            }
            take(entry)
        })
    }
}
