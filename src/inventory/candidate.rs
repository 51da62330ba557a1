//! A file that is to be read, and the records that it gives.

use std::ffi::OsString;
use std::fs::File;

use super::cabinet;
use super::contents::{self, Contents, Kind, Only};
use super::folder::{FolderPlace, OpenFolder};
use super::snapshot::{FileRecord, Origin};
use super::{CopyKind, Place, RelativePath, Untold, Wanted};
use hotfixcheck_winfiles::binary::{BinaryError, Reader};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::isolate;

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
    /// A file of an image, or the root itself.
    At(Box<Listed>),
}

/// A file as a listing tells of it.
pub(super) struct Listed {
    pub place: Place,
    /// In bytes.
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// A candidate's file, opened once for all that is asked of it.
pub(super) struct Opened<'f> {
    /// Or why it cannot be opened.
    pub file: Result<&'f dyn ReadAt, String>,
    /// Its size in bytes, as the folder or file system has it.
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// Opens candidates one after another; keep one a thread, and give it those of a folder in a row.
pub(super) struct Opener<'f> {
    folders: &'f [FolderPlace],
    /// The folder of the last candidate.
    last: Option<(usize, OpenFolder<'f>)>,
}

impl<'f> Opener<'f> {
    pub(super) fn new(folders: &'f [FolderPlace]) -> Self {
        Self { folders, last: None }
    }

    /// What `then` makes of the candidate's file.
    pub(super) fn open<T>(&mut self, candidate: &Candidate, then: impl FnOnce(&Opened<'_>) -> T) -> T {
        match &candidate.source {
            Source::InFolder { folder: index, name } => {
                let last = self.last.take().filter(|(last, _)| last == index);
                let (_, folder) = self.last.insert(last.unwrap_or_else(|| (*index, self.folders[*index].open())));
                let file = folder.file(name);
                let (size, modified) = folder.times(name, &file);
                let file = file.as_ref().map(|file: &File| file as &dyn ReadAt).map_err(ToString::to_string);
                then(&Opened { file, size, modified })
            }
            Source::At(listed) => {
                let file = listed.place.open();
                let file = file.as_ref().map(AsRef::as_ref).map_err(ToString::to_string);
                then(&Opened { file, size: listed.size, modified: listed.modified })
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
        if self.is_cabinet() || (wanted.sniffs() && contents::holds_several(opened)) {
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

    /// By its name.
    fn is_cabinet(&self) -> bool {
        let end = self.path.as_bytes().last_chunk::<{ cabinet::EXTENSION.len() }>();
        end.is_some_and(|end| end.eq_ignore_ascii_case(cabinet::EXTENSION.as_bytes()))
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
