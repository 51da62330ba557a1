//! File records -> paths.

use std::cell::Cell;
use std::io;

use super::attribute::{Attribute, kind};
use super::confirmed::Names;
use super::data::tag_of;
use super::folders::{FIRST_OWN, Folders, Lost, Name, names};
use super::lost::{FIRST_FREE, State, Suspects};
use super::record::Record;
use super::volume::Ntfs;
use crate::bytes::{ReadAt, u64_at};
use crate::image::source::corrupt;
use crate::image::{Item, LINK, MAX_FILES, MAX_PATH_BYTES};

/// This many consecutive records that were never written or cannot be read end the table, whatever size it states: 1 GB
/// of them.
const MAX_ABSENT: u64 = 1 << 20;
/// Records that are read at once, in bytes.
const PIECE_BYTES: usize = 1 << 20;
/// Links.
const SYMBOLIC_LINK: u32 = 0xa000_000c;
const MOUNT_POINT: u32 = 0xa000_0003;
const LINUX_LINK: u32 = 0xa000_001d;
/// Seconds between 1601 and 1970.
const EPOCH: i64 = 11_644_473_600;
/// Units of a hundred nanoseconds in a second.
const TICKS: u64 = 10_000_000;
/// The most problems that are named one by one.
const MAX_NAMED: u64 = 100;

struct File {
    is_link: bool,
    names: Vec<Name>,
    size: u64,
    modified: Option<i64>,
}

/// Reads the records twice: a file's folder may come after it, and there are too many files to keep them in memory.
pub(super) fn list(ntfs: &Ntfs, each: &mut dyn FnMut(Item)) {
    let mut folders = Folders::default();
    let mut suspects = Suspects::default();
    let mut stated = Names::default();
    let budget = budget(ntfs);
    records(ntfs, |number, bytes| {
        // The second pass reports records that cannot be read.
        let Ok(bytes) = bytes else { return true };
        suspects.see(ntfs, number, &bytes);
        let Ok(Some(record)) = in_use(number, bytes) else { return true };
        stated.see(&record);
        let is_named = !record.is_folder() && !names(&record, &[]).is_empty();
        let extensions = if is_named { Ok(Vec::new()) } else { ntfs.extensions(&record, &budget) };
        let Ok(extensions) = extensions else { return true };
        if let Some(state) = State::of(&record, &extensions) {
            suspects.add(number, state);
        }
        if record.is_folder()
            && record.base() == 0
            && let Some(name) = names(&record, &extensions).into_iter().next()
        {
            folders.insert(record.reference(), name);
        }
        true
    });
    let mut problems: Vec<String> = ntfs.problems.clone();
    if suspects.more {
        problems.push("the file table has too many records that are zeroed: not all are looked for".to_owned());
    }
    stated.close();
    let lost = suspects.lost(ntfs, folders.numbers(), &stated, &mut problems);
    let (mut files, mut unnamed, mut gone, mut far) = (0, 0_u64, 0_u64, 0_u64);
    let budget = self::budget(ntfs);
    let whole = records(ntfs, |number, bytes| {
        if files >= MAX_FILES {
            problems.push(format!("more than {MAX_FILES} files are not listed"));
            return false;
        }
        if lost.get(&number).is_some_and(|lost| !lost.linked) {
            return true;
        }
        let file = match bytes.and_then(|bytes| file(ntfs, number, bytes, &budget)) {
            Ok(Some(file)) => file,
            Ok(None) => return true,
            Err(error) if (problems.len() as u64) < MAX_NAMED => {
                problems.push(error.to_string());
                return true;
            }
            Err(_) => {
                unnamed += 1;
                return true;
            }
        };
        files += 1;
        for name in &file.names {
            match folders.path_in(name) {
                Ok(Some(path)) if file.is_link => each(Item::Other { path, what: LINK }),
                Ok(Some(path)) => each(Item::File { path, id: number, size: file.size, modified: file.modified }),
                // The file system's own files.
                Ok(None) => {}
                Err(Lost::Gone) => gone += 1,
                Err(Lost::Far) => far += 1,
            }
        }
        true
    });
    let more = lost.len().saturating_sub(MAX_NAMED as usize);
    for file in lost.into_values().take(MAX_NAMED as usize) {
        let path = file.name.and_then(|name| folders.path_in(&name).ok().flatten()).unwrap_or_default();
        each(Item::Problem { path, what: file.what });
    }
    if ntfs.is_dirty() {
        let what =
            "the volume is marked as dirty: it was not unmounted, and its newest changes may be missing".to_owned();
        each(Item::Warning { path: String::new(), what });
    }
    let mut problem = |what: String| each(Item::Problem { path: String::new(), what });
    if more > 0 {
        problem(format!("{more} more files whose records are lost"));
    }
    problems.into_iter().for_each(&mut problem);
    if unnamed > 0 {
        problem(format!("{unnamed} more file records cannot be read"));
    }
    if !whole {
        problem(format!("{MAX_ABSENT} file records in a row are missing: the following ones are skipped"));
    }
    if gone > 0 {
        problem(format!("{gone} files lie in folders that are gone"));
    }
    if far > 0 {
        problem(format!("{far} files have paths of more than {MAX_PATH_BYTES} bytes and are not listed"));
    }
}

/// The limit for reading further records. Each belongs to one file, so a few times the table's size is more than any
/// volume needs.
fn budget(ntfs: &Ntfs) -> Cell<u64> {
    const TIMES: u64 = 4;
    const LEAST: u64 = 64 << 20;
    const MOST: u64 = 16 << 30;
    Cell::new(ntfs.mft.size().saturating_mul(TIMES).clamp(LEAST, MOST))
}

/// Gives each record with its number to `take`, until that returns false. Returns false if too many consecutive records
/// are absent.
fn records(ntfs: &Ntfs, mut take: impl FnMut(u64, io::Result<Vec<u8>>) -> bool) -> bool {
    let in_piece = (PIECE_BYTES / ntfs.record).max(1) as u64;
    let mut bytes = vec![0; ntfs.record * in_piece as usize];
    let mut next = FIRST_OWN;
    let mut absent = 0;
    while next < ntfs.records() {
        let count = in_piece.min(ntfs.records() - next);
        let piece = &mut bytes[..ntfs.record * count as usize];
        // If a place cannot be read, the records around it may still be readable: they are read one by one.
        let read = ntfs.mft.read_at(piece, next * ntfs.record as u64).unwrap_or_default();
        for (number, record) in (next..).zip(piece.chunks_exact(ntfs.record)) {
            let place = (number - next + 1) as usize * ntfs.record;
            let record = if place <= read { Ok(record.to_vec()) } else { ntfs.record_bytes(number) };
            let is_there = record.as_ref().is_ok_and(|bytes| bytes.iter().take(4).any(|&byte| byte != 0));
            absent = if is_there { 0 } else { absent + 1 };
            if absent > MAX_ABSENT {
                return false;
            }
            if !take(number, record) {
                return true;
            }
        }
        next += count;
    }
    true
}

/// The record, if it is in use.
fn in_use(number: u64, bytes: Vec<u8>) -> io::Result<Option<Record>> {
    // Records that were never used, and those that a disk check marked as bad.
    if bytes.iter().take(4).all(|&byte| byte == 0) || bytes.starts_with(b"BAAD") {
        return Ok(None);
    }
    let record = Record::new(number, bytes)?;
    Ok(Some(record).filter(Record::is_in_use))
}

/// The attributes of a file or folder, in whichever record they are.
fn attributes<'r>(base: &'r Record, extensions: &'r [Record]) -> impl Iterator<Item = Attribute<'r>> {
    base.attributes().chain(extensions.iter().flat_map(Record::attributes))
}

/// The file that begins with this record; `None` if no file does.
fn file(ntfs: &Ntfs, number: u64, bytes: Vec<u8>, budget: &Cell<u64>) -> io::Result<Option<File>> {
    let Some(base) = in_use(number, bytes)? else { return Ok(None) };
    let extensions = if base.base() == 0 { ntfs.extensions(&base, budget)? } else { Vec::new() };
    if let Some(state) = State::of(&base, &extensions).filter(|_| number >= FIRST_FREE) {
        return Err(corrupt(state.said(number, "it")));
    }
    if base.is_folder() || base.base() != 0 {
        return Ok(None);
    }
    let attributes = || attributes(&base, &extensions);
    let is_link = matches!(tag_of(ntfs, attributes()), Some(SYMBOLIC_LINK | MOUNT_POINT | LINUX_LINK));
    let sizes = attributes().filter(|a| a.is_unnamed(kind::DATA)).filter_map(|a| match a.resident() {
        Some(bytes) => Some(bytes.len() as u64),
        None => a.outside().filter(|piece| piece.first == 0).map(|piece| piece.size),
    });
    let size = sizes.into_iter().next().unwrap_or(0);
    let times = attributes().find(|a| a.kind == kind::STANDARD_INFORMATION).and_then(|a| a.resident());
    let modified = times.filter(|times| times.len() >= 16).map(|times| u64_at(times, 8)).filter(|&ticks| ticks != 0);
    let modified = modified.and_then(|ticks| i64::try_from(ticks / TICKS).ok()).map(|seconds| seconds - EPOCH);
    Ok(Some(File { is_link, names: names(&base, &extensions), size, modified }))
}
