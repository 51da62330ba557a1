//! A file that is to be read, and the records that it gives.

use super::cabinet;
use super::contents::{self, Contents, Kind, Only};
use super::snapshot::{FileRecord, Origin};
use super::{Place, RelativePath, Untold, Wanted, copy_kind};
use crate::binary::{BinaryError, Reader};
use crate::case::lower_case;
use crate::isolate::isolate;

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
    pub place: Place,
    /// Its size in bytes, as the folder or file system has it.
    pub size: Option<u64>,
    pub modified: Option<i64>,
    pub interest: Interest,
}

impl Candidate {
    /// Looks at the first bytes: the candidate if they are worth reading on, or if there is no telling.
    pub(super) fn sniffed(mut self) -> Option<Self> {
        let kind = isolate(|| self.place.open().and_then(|file| Kind::of(file.as_ref())));
        if matches!(kind, Ok(Ok(None))) {
            return None;
        }
        if let Some((size, modified)) = self.place.times() {
            (self.size, self.modified) = (size, modified);
        }
        Some(self)
    }

    /// The records that it gives: none for a file that only its name made a candidate, several for a cabinet.
    pub(super) fn read(&self, wanted: &Wanted<impl Fn(&str) -> bool>, reader: &mut Reader) -> Vec<FileRecord> {
        isolate(|| self.records(wanted, reader)).unwrap_or_else(|what| {
            *reader = Reader::new();
            vec![FileRecord {
                root: self.root,
                path: self.path.clone(),
                origin: if self.interest == Interest::Cabinet { Origin::Cabinet } else { Origin::File },
                copy: copy_kind(&self.path),
                packing: None,
                size: self.size,
                modified: self.modified,
                untold: Untold::default(),
                binary: Err(BinaryError::Io(what)),
            }]
        })
    }

    fn records(&self, wanted: &Wanted<impl Fn(&str) -> bool>, reader: &mut Reader) -> Vec<FileRecord> {
        let mut records = Vec::new();
        let is_cabinet = lower_case(self.path.file_name().unwrap_or_default()).ends_with(cabinet::EXTENSION);
        if is_cabinet || (wanted.sniffs() && contents::holds_several(&self.place)) {
            records = cabinet::records(self, |name| wanted.accepts(name));
        }
        let by_name = match self.interest {
            Interest::Name => self.single(Only::Any, reader),
            Interest::Packed => self.single(Only::Packed, reader),
            Interest::Cabinet | Interest::Contents => None,
        };
        if by_name.is_none() && records.is_empty() && wanted.sniffs() {
            let sniffed = self.single(Only::Sniffed, reader);
            records.extend(sniffed.filter(|record| record.counts(|name| wanted.accepts(name), true)));
        }
        records.extend(by_name);
        records
    }

    fn single(&self, only: Only, reader: &mut Reader) -> Option<FileRecord> {
        let Contents { binary, packing } = contents::read(&self.place, only, reader)?;
        Some(FileRecord {
            root: self.root,
            path: self.path.clone(),
            origin: Origin::File,
            copy: copy_kind(&self.path),
            packing,
            size: self.size,
            modified: self.modified,
            untold: Untold::default(),
            binary,
        })
    }
}
