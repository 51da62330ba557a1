//! File records that are lost although the file table's bitmap, or the index of a folder, lists them.
//!
//! A record that was never used is zero, and one that a disk check gave up is marked `BAAD`: such records are not
//! files. But damage looks the same. The bitmap shows which records are in use, and the folders' indexes name their
//! files. Both also serve for records that are marked as in use and cannot be read.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::attribute::{Attribute, kind, utf16};
use super::confirmed::Names;
use super::folders::{Name, names};
use super::record::{Record, number, spend, undo_update_sequence};
use super::stream::Stream;
use super::volume::Ntfs;
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use crate::image::tree::plain;

/// Records below this one are the file system's own, or reserved for it.
pub(super) const FIRST_FREE: u64 = 24;
/// The most suspect records that are looked up in the indexes: 2^20 are a file table of 1 GB without a single record.
const MAX_SUSPECTS: usize = 1 << 20;
/// The largest index of one folder that is read, in bytes: some 10 million files.
const MAX_INDEX_BYTES: u64 = 1 << 30;
const MAX_BLOCK_BYTES: usize = 1 << 16;
/// The name of the attributes that hold a folder's index and its blocks.
const INDEX_NAME: &str = "$I30";
/// Offset of the header of the list of entries: in the root, and in each further block.
const ROOT_HEADER_AT: usize = 16;
const BLOCK_HEADER_AT: usize = 24;
const LAST_ENTRY: u16 = 2;
/// An entry: the record, sizes and flags; then the file name attribute, which begins at this offset.
const KEY_AT: usize = 16;
const DOS_NAMES: u8 = 2;

/// The state of a record that could be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Zeroed,
    Baad,
    /// Undamaged, and marked as not in use.
    Free,
    /// In use, with attributes that cannot be separated.
    Torn,
    /// In use, without a name.
    Nameless,
    /// Marked as a folder, with the attributes of a file.
    NoFolder,
    /// With another name, or in another folder, than the index of a folder says.
    Elsewhere,
    /// Marked as a further record, with attributes that only a first record has.
    Detached,
}

impl State {
    /// The damage of a record in use, if it kept its file from being listed or read. A folder needs only its name.
    pub(super) fn of(record: &Record, extensions: &[Record]) -> Option<Self> {
        let attributes = || record.attributes().chain(extensions.iter().flat_map(Record::attributes));
        let has = |kind: u32| attributes().any(|a| a.kind == kind);
        let is_named = || !names(record, extensions).is_empty();
        match () {
            // Further records have neither times nor a list of records.
            () if record.base() != 0 => has(kind::STANDARD_INFORMATION).then_some(Self::Detached),
            () if record.is_folder() && is_named() => {
                let is_file = attributes().any(|a| a.is_unnamed(kind::DATA)) && !has(kind::INDEX_ROOT);
                is_file.then_some(Self::NoFolder)
            }
            () if !record.is_whole() => Some(Self::Torn),
            () if !is_named() => Some(Self::Nameless),
            () => None,
        }
    }

    /// The message about a record.
    pub(super) fn said(self, number: u64, witness: &str) -> String {
        let what = match self {
            Self::Zeroed => format!("is zeroed, but {witness} has it in use"),
            Self::Baad => format!("is marked as damaged (BAAD), but {witness} has it in use"),
            Self::Free => format!("is marked as free, but {witness} has it in use"),
            Self::Torn => "is in use, but its attributes are damaged".to_owned(),
            Self::Nameless => "is in use, but its name is lost".to_owned(),
            Self::NoFolder => "is marked as that of a folder, but it is a file's".to_owned(),
            Self::Elsewhere => format!("has another name or folder, but {witness} lists it here"),
            Self::Detached => "is marked as a part of another one, but a file begins with it".to_owned(),
        };
        format!("file record {number} {what}: the file cannot be read")
    }
}

/// A lost record, and the name that a folder's index gives it.
pub(super) struct Lost {
    pub what: String,
    pub name: Option<Name>,
    /// It has further names, which are right as far as is known.
    pub linked: bool,
}

/// The records that could be lost.
#[derive(Default)]
pub(super) struct Suspects {
    states: BTreeMap<u64, State>,
    /// There are more than [`MAX_SUSPECTS`].
    pub more: bool,
}

impl Suspects {
    /// Examines the bytes of one record.
    pub(super) fn see(&mut self, ntfs: &Ntfs, number: u64, bytes: &[u8]) {
        let state = match bytes {
            _ if number < FIRST_FREE => return,
            [0, 0, 0, 0, ..] => State::Zeroed,
            [b'B', b'A', b'A', b'D', ..] => State::Baad,
            // Flags: bit 0 is "in use". If the bitmap marks a free record as in use, its file is lost.
            [b'F', b'I', b'L', b'E', ..] if u16_at(bytes, 22) & 1 == 0 && ntfs.is_allocated(number) => State::Free,
            _ => return,
        };
        if self.states.len() >= MAX_SUSPECTS && !ntfs.is_allocated(number) {
            self.more = true;
            return;
        }
        self.states.insert(number, state);
    }

    /// Adds a record in use that is damaged.
    pub(super) fn add(&mut self, number: u64, state: State) {
        if number < FIRST_FREE {
            return;
        }
        if self.states.len() >= MAX_SUSPECTS {
            self.more = true;
            return;
        }
        self.states.insert(number, state);
    }

    /// The suspects that are files, by number. `folders` are the numbers of the folders' records.
    /// `stated` are the names in the records themselves.
    pub(super) fn lost(
        self,
        ntfs: &Ntfs,
        folders: impl Iterator<Item = u64>,
        stated: &Names,
        problems: &mut Vec<String>,
    ) -> BTreeMap<u64, Lost> {
        let mut lost = BTreeMap::new();
        // Indexes of an undamaged volume do not overlap.
        let budget = Cell::new(ntfs.part.size);
        for (&number, state) in &self.states {
            let is_in_use = !matches!(state, State::Zeroed | State::Baad | State::Free);
            if is_in_use || ntfs.is_allocated(number) {
                lost.insert(
                    number,
                    Lost { what: state.said(number, "the bitmap of the file table"), name: None, linked: false },
                );
            }
        }
        for folder in folders {
            // Damage of a folder's record is reported elsewhere.
            let Ok(record) = ntfs.record(folder) else { continue };
            let read = each_entry(ntfs, &record, &budget, |reference, name| {
                let target = number(reference);
                let state = match self.states.get(&target) {
                    Some(state) => *state,
                    None if target < FIRST_FREE || stated.has(target, folder, &name) => return,
                    None if lost.len() < MAX_SUSPECTS && is_file(ntfs, reference) => State::Elsewhere,
                    None => return,
                };
                let found = lost.entry(target).or_insert_with(|| Lost {
                    what: state.said(target, "the index of its folder"),
                    name: None,
                    linked: state == State::Elsewhere && has_links(ntfs, target),
                });
                found.name.get_or_insert(Name { folder: record.reference(), name });
            });
            if !read {
                problems.push("the folders' indexes have more bytes than the volume: not all are read".to_owned());
                break;
            }
        }
        // A record that exists may hold its name itself.
        for (&number, file) in lost.iter_mut().filter(|(_, file)| file.name.is_none()) {
            file.name = ntfs.record(number).ok().and_then(|record| names(&record, &[]).into_iter().next());
        }
        lost
    }
}

/// Whether this is a file or folder in use. An entry that is older than its record's last use is left from a change that
/// was not finished.
fn is_file(ntfs: &Ntfs, reference: u64) -> bool {
    let record = ntfs.record(number(reference));
    record.is_ok_and(|record| record.is_in_use() && record.base() == 0 && record.reference() == reference)
}

/// Whether a record has several names, or further records that may have some.
fn has_links(ntfs: &Ntfs, number: u64) -> bool {
    let record = ntfs.record(number);
    record.is_ok_and(|record| names(&record, &[]).len() > 1 || record.attributes().any(|a| a.kind == kind::LIST))
}

/// Gives the entries of a folder's index: the record that each refers to, and its name. Damaged entries are left out.
/// Returns false when the budget, in bytes of blocks, is spent.
fn each_entry(ntfs: &Ntfs, folder: &Record, budget: &Cell<u64>, mut each: impl FnMut(u64, String)) -> bool {
    let Ok(extensions) = ntfs.extensions(folder, &Cell::new(u64::MAX)) else { return true };
    let attributes = || folder.attributes().chain(extensions.iter().flat_map(Record::attributes));
    let named = |wanted: u32| attributes().filter(move |a| a.kind == wanted && a.name() == INDEX_NAME);
    let Some(root) = named(kind::INDEX_ROOT).find_map(|a| a.resident()) else { return true };
    entries(root, ROOT_HEADER_AT, &mut each);
    let block = u32_at(root, 8) as usize;
    let pieces: Vec<Attribute<'_>> = named(kind::INDEX_ALLOCATION).collect();
    if pieces.is_empty() || !block.is_power_of_two() || !(512..=MAX_BLOCK_BYTES).contains(&block) {
        return true;
    }
    let Ok(blocks) = Stream::partial(&ntfs.part, ntfs.cluster, &pieces) else { return true };
    // Blocks that are not in use still have the entries of deleted files.
    let used = named(kind::BITMAP).find_map(|a| match a.resident() {
        Some(bytes) => Some(bytes.to_vec()),
        None => {
            let stream = Stream::new(&ntfs.part, ntfs.cluster, &[a]).ok()?;
            let mut bytes = vec![0; usize::try_from(stream.size().min(MAX_INDEX_BYTES / 512)).ok()?];
            stream.read_at(&mut bytes, 0).ok()?;
            Some(bytes)
        }
    });
    let mut bytes = vec![0; block];
    for number in 0..blocks.size().min(MAX_INDEX_BYTES) / block as u64 {
        let in_use = used.as_ref().is_some_and(|used| {
            let byte = usize::try_from(number / 8).ok().and_then(|place| used.get(place));
            byte.is_some_and(|byte| byte >> (number % 8) & 1 == 1)
        });
        let whole = |count: usize| count == block;
        if !in_use || !blocks.read_at(&mut bytes, number * block as u64).is_ok_and(whole) {
            continue;
        }
        if spend(budget, block as u64).is_err() {
            return false;
        }
        if bytes.starts_with(b"INDX") && undo_update_sequence(&mut bytes).is_ok() {
            entries(&bytes, BLOCK_HEADER_AT, &mut each);
        }
    }
    true
}

/// The entries of one list, whose header is at this offset.
fn entries(bytes: &[u8], header: usize, each: &mut impl FnMut(u64, String)) {
    let mut at = header.saturating_add(u32_at(bytes, header) as usize);
    let end = header.saturating_add(u32_at(bytes, header + 4) as usize).min(bytes.len());
    while let Some(entry) = bytes.get(at..end).filter(|entry| entry.len() >= KEY_AT) {
        let (length, flags) = (usize::from(u16_at(entry, 8)), u16_at(entry, 12));
        if flags & LAST_ENTRY != 0 || length < KEY_AT {
            return;
        }
        let name_at = KEY_AT + 66;
        let (units, namespace) = (entry.get(KEY_AT + 64).copied(), entry.get(KEY_AT + 65).copied());
        let name = units.and_then(|units| entry.get(name_at..name_at + 2 * usize::from(units)));
        if let Some(name) = name.filter(|name| !name.is_empty() && namespace != Some(DOS_NAMES)) {
            each(u64_at(entry, 0), plain(&utf16(name)));
        }
        at += length;
    }
}
