//! A file that is to be read, and the records that it gives.

use std::ffi::OsString;
use std::fs::File;

use rayon::prelude::*;

use super::cabinet;
use super::contents::{self, Contents, Kind, Only};
use super::folder::FolderPlace;
use super::snapshot::{FileRecord, Origin};
use super::{CopyKind, Place, RelativePath, Untold, Wanted};
use crate::binary::{BinaryError, ReadAt, Reader};
use crate::case::lower_case;
use crate::isolate::isolate;

/// So many files of a folder are read one after another, so that a large folder is read on every core.
const FILES: usize = 64;

/// Why a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Its name is wanted.
    Name,
    /// It can be packed, and a name that it can have had before is wanted.
    Packed,
    /// It can be a cabinet, with members whose names are wanted.
    Cabinet,
    /// Its contents, if they are those of a binary, a packed file or a cabinet.
    Contents,
}

impl Interest {
    /// What makes a file of this lower-case name worth reading, if anything does.
    pub(super) fn of(name: &str, wanted: &Wanted<impl Fn(&str) -> bool>) -> Option<Self> {
        if wanted.accepts(name) {
            return Some(Self::Name);
        }
        if name.ends_with(cabinet::EXTENSION) {
            return Some(Self::Cabinet);
        }
        if !contents::wanted_names(name, |name| wanted.accepts(name)).is_empty() {
            return Some(Self::Packed);
        }
        wanted.sniffs().then_some(Self::Contents)
    }
}

/// A file that is to be read.
pub(super) struct Candidate {
    pub root: usize,
    /// The root is this file itself.
    pub is_root: bool,
    pub path: RelativePath,
    pub source: Source,
    /// What its folders say of the copy.
    pub copy: Option<CopyKind>,
    pub interest: Interest,
}

/// Where a candidate can be opened.
pub(super) enum Source {
    /// The file of this name in one of the folders that were listed.
    InFolder { folder: usize, name: OsString },
    /// A file of an image, or the root itself; with its size in bytes and its time as they are listed.
    At { place: Place, size: Option<u64>, modified: Option<i64> },
}

/// A candidate's file, opened once for all that is asked of it.
pub(super) struct Opened<'f> {
    /// Or why it cannot be opened.
    pub file: Result<&'f dyn ReadAt, String>,
    /// Its size in bytes, as the folder or file system has it.
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// The candidates, in their order, in groups that lie in one folder.
pub(super) fn groups(candidates: &[Candidate]) -> impl IndexedParallelIterator<Item = &[Candidate]> {
    let folder = |candidate: &Candidate| match candidate.source {
        Source::InFolder { folder, .. } => Some(folder),
        Source::At { .. } => None,
    };
    let same = |a: &Candidate, b: &Candidate| folder(a).is_some() && folder(a) == folder(b);
    let groups: Vec<_> = candidates.chunk_by(same).flat_map(|group| group.chunks(FILES)).collect();
    groups.into_par_iter()
}

/// Opens the candidates of a group one after another.
pub(super) fn open_each<'c>(
    group: &'c [Candidate],
    folders: &[FolderPlace],
    mut each: impl FnMut(&'c Candidate, &Opened<'_>),
) {
    let mut folder = None;
    for candidate in group {
        match &candidate.source {
            Source::InFolder { folder: index, name } => {
                let folder = folder.get_or_insert_with(|| folders[*index].open());
                let file = folder.file(name);
                let (size, modified) = folder.times(name, &file);
                let file = file.as_ref().map(|file: &File| file as &dyn ReadAt).map_err(ToString::to_string);
                each(candidate, &Opened { file, size, modified });
            }
            Source::At { place, size, modified } => {
                let file = place.open();
                let file = file.as_ref().map(AsRef::as_ref).map_err(ToString::to_string);
                each(candidate, &Opened { file, size: *size, modified: *modified });
            }
        }
    }
}

impl Candidate {
    /// Looks at the first bytes: whether they are worth reading on, or there is no telling.
    pub(super) fn is_worth_reading(opened: &Opened<'_>) -> bool {
        !matches!(isolate(|| opened.file.as_ref().map(Kind::of)), Ok(Ok(Ok(None))))
    }

    /// Adds the records that it gives: none for a file that only its name made a candidate, several for a cabinet.
    pub(super) fn read(
        &self,
        opened: &Opened<'_>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        reader: &mut Reader,
        records: &mut Vec<FileRecord>,
    ) {
        let before = records.len();
        if let Err(what) = isolate(|| self.add_records(opened, wanted, reader, records)) {
            *reader = Reader::new();
            records.truncate(before);
            records.push(FileRecord {
                root: self.root,
                path: self.path.clone(),
                origin: if self.interest == Interest::Cabinet { Origin::Cabinet } else { Origin::File },
                copy: self.copy,
                packing: None,
                size: opened.size,
                modified: opened.modified,
                untold: Untold::default(),
                binary: Err(BinaryError::Io(what)),
            });
        }
    }

    fn add_records(
        &self,
        opened: &Opened<'_>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        reader: &mut Reader,
        records: &mut Vec<FileRecord>,
    ) {
        let before = records.len();
        let is_cabinet = lower_case(self.path.file_name().unwrap_or_default()).ends_with(cabinet::EXTENSION);
        if is_cabinet || (wanted.sniffs() && contents::holds_several(opened)) {
            records.extend(cabinet::records(self, opened, |name| wanted.accepts(name)));
        }
        let by_name = match self.interest {
            Interest::Name => self.single(opened, Only::Any, reader),
            Interest::Packed => self.single(opened, Only::Packed, reader),
            Interest::Cabinet | Interest::Contents => None,
        };
        if by_name.is_none() && records.len() == before && wanted.sniffs() {
            let sniffed = self.single(opened, Only::Sniffed, reader);
            records.extend(sniffed.filter(|record| record.counts(|name| wanted.accepts(name), true)));
        }
        records.extend(by_name);
    }

    fn single(&self, opened: &Opened<'_>, only: Only, reader: &mut Reader) -> Option<FileRecord> {
        let Contents { binary, packing } = contents::read(opened, only, reader)?;
        Some(FileRecord {
            root: self.root,
            path: self.path.clone(),
            origin: Origin::File,
            copy: self.copy,
            packing,
            size: opened.size,
            modified: opened.modified,
            untold: Untold::default(),
            binary,
        })
    }
}
