//! The files to read, and how they are opened.

use std::ffi::OsString;
use std::fs::File;

use super::folder::{FolderPlace, OpenFolder};
use super::interest::Interest;
use super::snapshot::FileRecord;
use super::{CopyKind, Place, RelativePath, Unread};
use hotfixcheck_winfiles::binary::Binary;
use hotfixcheck_winfiles::bytes::ReadAt;

/// A file to read.
pub(super) struct Candidate {
    pub root: usize,
    /// The root is this file itself.
    pub is_root: bool,
    pub path: RelativePath,
    pub source: Source,
    /// The kind of copy by its folders.
    pub copy: Option<CopyKind>,
    pub interest: Interest,
}

impl Candidate {
    /// The pack that contains its file with others, and the position in it.
    pub(super) fn packed(&self) -> Option<(usize, u64)> {
        match &self.source {
            Source::At(listed) => listed.place.packed(),
            Source::InFolder { .. } => None,
        }
    }

    /// The record of its file, without facts about packing.
    pub(super) fn record(&self, opened: &Opened<'_>, binary: Result<Binary, Unread>) -> FileRecord {
        FileRecord {
            copy: self.copy,
            size: opened.size,
            modified: opened.modified,
            ..FileRecord::new(self.root, self.path.clone(), binary)
        }
    }
}

/// How a candidate is opened.
pub(super) enum Source {
    /// A file of this name in one of the listed folders.
    InFolder { folder: usize, name: OsString },
    /// A file of an image, or the root itself.
    At(Box<Listed>),
}

/// A file with the data of its listing.
pub(super) struct Listed {
    pub place: Place,
    /// In bytes.
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// A candidate's file, opened once for all readers.
pub(super) struct Opened<'f> {
    /// The file, or why it cannot be opened.
    pub file: Result<&'f dyn ReadAt, String>,
    /// Its size in bytes, as the folder or file system has it.
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// Opens candidates one after another. Each thread needs its own, and should get the candidates of one folder in a row.
pub(super) struct Opener<'f> {
    folders: &'f [FolderPlace],
    /// The folder of the last candidate.
    last: Option<(usize, OpenFolder<'f>)>,
}

impl<'f> Opener<'f> {
    pub(super) fn new(folders: &'f [FolderPlace]) -> Self {
        Self { folders, last: None }
    }

    /// Opens the candidate's file, and returns the result of `then`.
    pub(super) fn open<T>(&mut self, candidate: &Candidate, then: impl FnOnce(&Opened<'_>) -> T) -> T {
        match &candidate.source {
            Source::InFolder { folder: index, name } => {
                let last = self.last.take().filter(|(last, _)| last == index);
                let (_, folder) = self.last.insert(last.unwrap_or_else(|| (*index, self.folders[*index].open())));
                let (file, size, modified) = folder.file(name);
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
