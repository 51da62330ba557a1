//! Very large lists: of files that are the same but for their paths a few are held, the others counted.
//!
//! A list is then read twice. [`Crowd`] marks each row of the first pass: which paths there are, and what lies in which Windows;
//! [`Kinds`] gathers the files of the second one by what tells them apart. What is held grows with the kinds, but for 24 bytes a row.

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::ImportError;
use crate::inventory::snapshot::{FileRecord, is_shared};
use crate::inventory::{CopyKind, RelativePath, Unread};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};

/// What of a path tells files apart that are the same otherwise.
pub(super) type Apart<'r> = &'r dyn Fn(&RelativePath) -> u64;

/// So many files of a list are held or marked.
pub(super) const MAX_FILES: usize = 2_000_000;
/// So many folders with a Windows, or around one, are looked at.
const MAX_FOLDERS: usize = 130_000;
/// So many files of a kind are held: more than are ever judged of very many.
const MAX_ALIKE: usize = 100;
/// What is held of a very large list must not take more, in bytes.
const MAX_HELD_BYTES: usize = 128 << 20;
/// What a kind takes beside its files.
const KIND_BYTES: usize = 100;
/// What a file that is held takes beside its path.
pub(super) const RECORD_BYTES: usize = 700;

/// Why a file is not judged of which a list says two things.
pub(super) const CONTRADICTED: &str = "rows of the list contradict each other about it";

/// True for a file of which a list says two things.
fn is_contradicted(record: &FileRecord) -> bool {
    record.binary.as_ref().is_err_and(|why| *why == Unread::refused(CONTRADICTED))
}

/// The error of a list with more files than that.
pub(super) fn too_many(files: usize) -> ImportError {
    ImportError::Read(std::io::Error::other(format!("more than {files} files have names of the catalogue")))
}

/// 128 bits of a text that no list can foresee: two different texts do not have the same.
type Digest = [u64; 2];

#[derive(Default)]
struct Digester([RandomState; 2]);

impl Digester {
    fn of(&self, value: impl Hash) -> Digest {
        self.0.each_ref().map(|state| state.hash_one(&value))
    }

    /// Of each of these folders with those above it, the tree itself first.
    fn of_folders(&self, tree: &str, folders: &[String]) -> Vec<Digest> {
        let mut states = self.0.each_ref().map(BuildHasher::build_hasher);
        let mut add = |name: &str| {
            states.each_mut().map(|state| {
                name.hash(state);
                state.finish()
            })
        };
        std::iter::once(tree).chain(folders.iter().map(String::as_str)).map(&mut add).collect()
    }
}

/// The paths of a list, and the folders that tell files apart.
#[derive(Default)]
pub(super) struct Crowd {
    digester: Digester,
    /// For each row its path, and what it says.
    marks: Vec<(Digest, u64)>,
    folders: HashSet<Digest>,
}

impl Crowd {
    /// Marks a file.
    ///
    /// # Errors
    /// There are too many.
    pub(super) fn see(&mut self, tree: &str, path: &RelativePath, record: &FileRecord) -> Result<(), ImportError> {
        let mark = self.digester.of((tree, path));
        let says = self.digester.of(Contents(record))[0];
        self.marks.push((mark, says));
        if is_contradicted(record) {
            self.marks.push((mark, !says));
        }
        let folders: Vec<String> = folders_of(path);
        let windows = windows_among(&folders);
        // What lies beside a Windows is of its system; what lies below the folder of a cache is what is restored from it.
        let cache = folders.iter().position(|name| name == "dllcache");
        let lengths = windows.into_iter().flat_map(|length| [length, length.saturating_sub(1)]).chain(cache);
        let lengths: Vec<usize> = lengths.collect();
        if !lengths.is_empty() {
            let digests = self.digester.of_folders(tree, &folders);
            self.folders.extend(lengths.into_iter().map(|length| digests[length]));
        }
        if self.folders.len() > MAX_FOLDERS {
            let what = format!("more than {MAX_FOLDERS} folders with a Windows: list fewer systems at a time");
            return Err(ImportError::Read(std::io::Error::other(what)));
        }
        if self.marks.len() > MAX_FILES {
            self.settle();
        }
        if self.marks.len() <= MAX_FILES {
            return Ok(());
        }
        Err(too_many(MAX_FILES))
    }

    /// Leaves one mark of rows that say the same.
    fn settle(&mut self) {
        self.marks.sort_unstable();
        self.marks.dedup();
    }

    /// What the second pass is read into.
    pub(super) fn kinds(mut self) -> Kinds {
        self.settle();
        let seen = vec![false; self.marks.len()];
        Kinds { crowd: self, seen, kinds: HashMap::new(), held_bytes: 0 }
    }
}

/// The files of a list by what tells them apart.
pub(super) struct Kinds {
    crowd: Crowd,
    /// The marks whose file was met.
    seen: Vec<bool>,
    kinds: HashMap<Digest, Kind>,
    held_bytes: usize,
}

struct Kind {
    /// One of them, whose path does not matter.
    record: FileRecord,
    tree: String,
    /// The first of them by path, the last of these on top.
    paths: BinaryHeap<RelativePath>,
    /// How many others there are.
    more: usize,
}

impl Kinds {
    /// Forgets the files.
    pub(super) fn clear(&mut self) {
        self.seen.fill(false);
        self.kinds.clear();
        self.held_bytes = 0;
    }

    /// Adds a file. `below`: its path below the folder that is its tree's root.
    ///
    /// # Errors
    /// There are too many kinds, or the list has other rows than before.
    pub(super) fn add(
        &mut self,
        tree: String,
        path: &RelativePath,
        below: RelativePath,
        mut record: FileRecord,
        apart: Apart<'_>,
    ) -> Result<(), ImportError> {
        let Crowd { digester, marks, folders } = &self.crowd;
        let mark = digester.of((tree.as_str(), path));
        let place = marks.partition_point(|(other, _)| *other < mark);
        let rows = marks[place..].iter().take_while(|(other, _)| *other == mark).count();
        if rows == 0 {
            return Err(ImportError::Read(std::io::Error::other("the list changed while it was read")));
        }
        if std::mem::replace(&mut self.seen[place], true) {
            return Ok(());
        }
        if rows > 1 {
            record.binary = Err(Unread::refused(CONTRADICTED));
        }
        let own = folders_of(path);
        let digests = if folders.is_empty() { Vec::new() } else { digester.of_folders(&tree, &own) };
        let innermost = digests.iter().rev().find(|folder| folders.contains(*folder));
        let windows = windows_among(&own).and_then(|length| digests.get(length));
        // What a report names one by one is held one by one.
        let is_shared = record.copy == Some(CopyKind::SideBySide) && is_shared(path);
        let is_alone = record.copy == Some(CopyKind::DllCache) || is_shared || !is_alike(&record);
        let alone = is_alone.then_some(mark);
        let name = lower_case(record.path.file_name().unwrap_or_default());
        let mark = (tree.as_str(), name, record.copy, alone, innermost, windows, apart(&below));
        let kind = digester.of((mark, Contents(&record)));
        let path_bytes = below.as_bytes().len() + RECORD_BYTES;
        let kind = self.kinds.entry(kind).or_insert_with(|| {
            self.held_bytes += KIND_BYTES;
            Kind { record, tree, paths: BinaryHeap::new(), more: 0 }
        });
        if kind.paths.len() < MAX_ALIKE {
            self.held_bytes += path_bytes;
            kind.paths.push(below);
        } else {
            kind.more += 1;
            if let Some(mut last) = kind.paths.peek_mut()
                && below < *last
            {
                *last = below;
            }
        }
        if self.held_bytes <= MAX_HELD_BYTES {
            return Ok(());
        }
        let what = format!(
            "its different files with names of the catalogue take more than {MAX_HELD_BYTES} bytes: list fewer systems at a time"
        );
        Err(ImportError::Read(std::io::Error::other(what)))
    }

    /// The files that are held, by tree; the first of a kind with the number of those that are not.
    pub(super) fn files(self) -> impl Iterator<Item = (String, FileRecord)> {
        drop((self.crowd, self.seen));
        self.kinds.into_values().flat_map(|Kind { record, tree, paths, more }| {
            let file = move |(place, path): (usize, RelativePath)| {
                let more = if place == 0 { more } else { 0 };
                (tree.clone(), FileRecord { path, more, ..record.clone() })
            };
            paths.into_sorted_vec().into_iter().enumerate().map(file)
        })
    }
}

/// True for a file of which all is said where another one is listed that is the same.
fn is_alike(record: &FileRecord) -> bool {
    let is_sound = |binary: &Binary| !matches!(binary.version, VersionOutcome::Corrupt { .. });
    record.binary.as_ref().map_or_else(|why| *why == Unread::NotTold, is_sound)
}

/// The folders of a path, in lower case.
fn folders_of(path: &RelativePath) -> Vec<String> {
    let folder = path.parent();
    let names = folder.components().filter(|name| !name.is_empty());
    names.map(|name| name.to_lowercase()).collect()
}

/// How many of the folders lead to a Windows, if one is a System32.
fn windows_among(folders: &[String]) -> Option<usize> {
    folders.iter().position(|name| name == "system32")
}

/// All that a record says of its file but where it lies.
struct Contents<'r>(&'r FileRecord);

impl Hash for Contents<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let FileRecord { root: _, path: _, copy: _, more: _, origin, packing, size, modified, unstated, binary } =
            self.0;
        (*origin as u8, packing.is_some(), size, modified, unstated).hash(state);
        let Binary { format, machine, machine_raw, time_stamp, checksum, version } = match binary {
            Ok(binary) => binary,
            Err(why) => return why.to_string().hash(state),
        };
        (format, machine, machine_raw, time_stamp, checksum).hash(state);
        match version {
            VersionOutcome::Absent => 0.hash(state),
            VersionOutcome::Corrupt { detail } => detail.hash(state),
            VersionOutcome::Found(info) => {
                (&info.fixed_file, &info.fixed_product, &info.damage, info.tables.len()).hash(state);
                for table in &info.tables {
                    let names =
                        (&table.original_filename, &table.internal_name, &table.product_name, &table.company_name);
                    (&table.key, &table.file_version, &table.product_version, names).hash(state);
                }
            }
        }
    }
}
