//! Walks through a tree: lists every file and reads the wanted ones, on every core.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::folder::{Buffer, Folder, FolderPlace};
use super::interest::Wanted;
use super::listing::{Listing, Met, Progress};
use super::opening::{Candidate, Opener, Source};
use super::place::times;
use super::root::Root;
use super::snapshot::FileRecord;
use super::{Inventory, InventoryError, Place, Problem, RelativePath, Snapshot, image, in_image};
use hotfixcheck_winfiles::binary::Reader;

/// Lists every regular file below the roots and reads those whose name `wanted` accepts, and the registry's hives. A
/// root may be a folder, a file, an image (a disk or an installation medium in a file), or a place in one, as reports
/// write it (`cd.iso:/I386`).
///
/// `wanted` is also called with the possible original names of packed files (`tapisrv.ex_`), which are read if they are
/// really packed, and with the names of cabinet members. If it sniffs, every other file that begins like a binary, a
/// packed file or a cabinet is read, too. Links are not followed (but a root may be one); devices, pipes and sockets
/// are not opened. A file or folder that cannot be listed is a [`Problem`], one that cannot be read is an
/// [`Entry`](super::Entry) with its error; neither stops the walk.
///
/// # Errors
/// A root that is missing, refused, or neither a file nor a folder; an image without files that can be read. A folder
/// without files is not an error.
pub fn walk(
    roots: &[PathBuf],
    wanted: &Wanted<impl Fn(&str) -> bool + Sync>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Inventory, InventoryError> {
    let entry = |file: FileRecord| file.entry(|name| wanted.accepts(name), wanted.sniffs());
    let (listing, entries) = read(roots, wanted, progress, entry, |entry| (entry.root, &entry.path))?;
    Ok(listing.with_entries(entries))
}

/// As [`walk`], for a snapshot: all possible original names of a packed file are kept, because it is not yet known
/// which one is wanted. The caller records which names were wanted.
///
/// # Errors
/// Those of [`walk`].
pub fn record(
    roots: &[PathBuf],
    wanted: &Wanted<impl Fn(&str) -> bool + Sync>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Snapshot, InventoryError> {
    let (mut snapshot, files) = read(roots, wanted, progress, Some, |file| (file.root, &file.path))?;
    snapshot.files = files;
    Ok(snapshot)
}

/// Lists the files and reads the wanted ones: returns a snapshot without files, and the results of `keep` for each, by
/// root and path.
fn read<T: Send>(
    roots: &[PathBuf],
    wanted: &Wanted<impl Fn(&str) -> bool + Sync>,
    progress: &(dyn Fn(Progress) + Sync),
    keep: impl Fn(FileRecord) -> Option<T> + Sync,
    place: impl Fn(&T) -> (usize, &RelativePath),
) -> Result<(Snapshot, Vec<T>), InventoryError> {
    let mut listing = Listing::new(progress);
    for (root, path) in roots.iter().enumerate() {
        if let Root::InImage(place) = Root::of(path)? {
            in_image::list(root, &place, wanted, &mut listing)?;
            continue;
        }
        if !path.is_file() || !image::list(root, path, wanted, &mut listing)? {
            list(root, path, wanted, &mut listing);
        }
        #[cfg(windows)]
        if let Some(folder) = listing.hives.offer_running(root, path) {
            // The registry was read, so it is not a problem if the folder of its hives cannot be listed.
            let same = |other: &RelativePath| other.as_bytes().eq_ignore_ascii_case(folder.as_bytes());
            listing.problems.retain(|problem| problem.root != root || !same(&problem.path));
        }
    }
    listing.sniff();
    let Listing { files_seen, mut problems, mut warnings, mut candidates, folders, hives, mut collected, .. } = listing;
    collected.sort();
    candidates.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
    one_of_each(&mut candidates, &folders, &mut warnings);
    for said in [&mut problems, &mut warnings] {
        said.sort_by(|a, b| (a.root, &a.path, &a.what).cmp(&(b.root, &b.path, &b.what)));
    }
    progress(Progress::ToRead(candidates.len() as u64));
    // Nearly every file gives one record; further records of cabinet members are sorted in at the end.
    let others = Mutex::new(Vec::new());
    // Files that are packed together are read by one thread in their stored order, so that each pack is unpacked once.
    let mut packed: Vec<(&Candidate, (usize, usize, u64))> = Vec::new();
    let mut alone: Vec<&Candidate> = Vec::new();
    for candidate in &candidates {
        match candidate.packed() {
            Some((pack, place)) => packed.push((candidate, (candidate.root, pack, place))),
            None => alone.push(candidate),
        }
    }
    packed.sort_by_key(|(_, place)| *place);
    let opener = || (Opener::new(&folders), Reader::new(), Vec::new());
    let read = |(opener, reader, records): &mut (Opener<'_>, Reader, Vec<FileRecord>), candidate: &Candidate| {
        opener.open(candidate, |opened| candidate.read(opened, wanted, reader, records));
        progress(Progress::Read);
        let mut kept = records.drain(..).filter_map(&keep);
        let first = kept.next();
        let more: Vec<T> = kept.collect();
        if !more.is_empty() {
            others.lock().unwrap_or_else(PoisonError::into_inner).extend(more);
        }
        first
    };
    // The parallel collect keeps the order, whatever the threads do.
    let files: Vec<Option<T>> = alone.par_iter().map_init(opener, |state, candidate| read(state, candidate)).collect();
    let mut state = opener();
    let files = files.into_iter().chain(packed.iter().map(|(candidate, _)| read(&mut state, candidate)));
    let mut files: Vec<T> = files.flatten().collect();
    files.append(&mut others.into_inner().unwrap_or_else(PoisonError::into_inner));
    files.sort_by(|a, b| place(a).cmp(&place(b)));
    let snapshot = Snapshot {
        roots: roots.to_vec(),
        files_seen,
        problems,
        warnings,
        systems: hives.read(),
        collected,
        sniffed: wanted.sniffs(),
        ..Snapshot::default()
    };
    Ok((snapshot, files))
}

/// Leaves one of the files that several accessors of a collector read: the last one by the name of its accessor, as in
/// an archive of the same files.
fn one_of_each(candidates: &mut Vec<Candidate>, folders: &[FolderPlace], warnings: &mut Vec<Problem>) {
    let place = |candidate: &Candidate| match &candidate.source {
        Source::InFolder { folder, name } => {
            folders.get(*folder).filter(|of| of.is_collected()).map(|of| of.path.join(name))
        }
        Source::At(_) => None,
    };
    candidates.dedup_by(|next, kept| {
        if (next.root, &next.path) != (kept.root, &kept.path) {
            return false;
        }
        let (Some(own), Some(other)) = (place(next), place(kept)) else { return false };
        let said = warnings.last().is_some_and(|last| (last.root, &last.path) == (kept.root, &kept.path));
        if !said {
            let what = "several accessors of the collector read this file: the last one by name is used".to_owned();
            warnings.push(Problem { root: kept.root, path: kept.path.clone(), what });
        }
        if own > other {
            std::mem::swap(next, kept);
        }
        true
    });
}

/// How many folders are read before their files are examined.
const FOLDERS: usize = 1024;

/// Lists the files below a root, level by level, the folders of a level on every core. Links are not followed, so that
/// no folder is listed twice.
fn list(root: usize, root_path: &Path, wanted: &Wanted<impl Fn(&str) -> bool + Sync>, listing: &mut Listing<'_>) {
    if root_path.is_file() {
        let name = root_path.file_name();
        return listing.see(name.and_then(OsStr::to_str), wanted, || {
            let (size, modified) = times(root_path.metadata());
            Met {
                root,
                above: root_path.parent().unwrap_or(Path::new("")),
                is_root: true,
                path: RelativePath::new(Path::new(name.unwrap_or_default())),
                size,
                modified,
                place: Place::File(root_path.to_owned()),
            }
        });
    }
    let mut level = vec![FolderPlace::root(root_path)];
    while !level.is_empty() {
        let mut next = Vec::new();
        let mut places = level.into_iter();
        while !places.as_slice().is_empty() {
            let some = places.as_slice().len().min(FOLDERS);
            // The parallel collect keeps the order of the folders.
            let folders: Vec<Folder> = places.as_slice()[..some]
                .par_iter()
                .map_init(Buffer::new, |buffer, place| Folder::read(place, wanted, buffer))
                .collect();
            for (folder, place) in folders.into_iter().zip(places.by_ref()) {
                let Folder { files_seen, files, copy, folders, passed, problems } = folder;
                listing.count(files_seen);
                let warning =
                    |(name, what): (OsString, &str)| Problem { root, path: place.below(&name), what: what.to_owned() };
                listing.warnings.extend(passed.into_iter().map(warning));
                let problem = |what| Problem { root, path: place.below.clone(), what };
                listing.problems.extend(problems.into_iter().map(problem));
                next.extend(folders.iter().map(|name| place.folder(name)));
                listing.keep_files(root, root_path, place, files, copy);
            }
        }
        level = next;
    }
}
