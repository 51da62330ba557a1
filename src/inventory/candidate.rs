//! A file that is to be read, and the records that it gives.

use super::cabinet;
use super::contents::{self, Contents};
use super::snapshot::{FileRecord, Origin};
use super::{Place, RelativePath, Untold, copy_kind};
use crate::binary::Reader;
use crate::case::lower_case;

/// Why a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Its name is wanted.
    Name,
    /// It can be packed, and a name that it can have had before is wanted.
    Packed,
    /// It can be a cabinet, with members whose names are wanted.
    Cabinet,
}

impl Interest {
    /// What makes a file of this lower-case name worth reading, if anything does.
    pub(super) fn of(name: &str, wanted: &impl Fn(&str) -> bool) -> Option<Self> {
        if wanted(name) {
            return Some(Self::Name);
        }
        if name.ends_with(cabinet::EXTENSION) {
            return Some(Self::Cabinet);
        }
        (!contents::wanted_names(name, wanted).is_empty()).then_some(Self::Packed)
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
    /// The records that it gives: none for a file that only its name made a candidate, several for a cabinet.
    pub(super) fn read(self, wanted: &impl Fn(&str) -> bool, reader: &mut Reader) -> Vec<FileRecord> {
        let mut records = Vec::new();
        if lower_case(self.path.file_name().unwrap_or_default()).ends_with(cabinet::EXTENSION) {
            records = cabinet::records(&self, wanted);
        }
        if self.interest != Interest::Cabinet {
            records.extend(self.single(reader));
        }
        records
    }

    fn single(&self, reader: &mut Reader) -> Option<FileRecord> {
        let Contents { binary, packing } = contents::read(&self.place, self.interest == Interest::Packed, reader)?;
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
