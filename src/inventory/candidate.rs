//! A file that is to be read, and the entries that it gives.

use super::cabinet;
use super::contents::{self, Contents};
use super::{Entry, Place, RelativePath, copy_kind};

/// Why a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Its name is wanted.
    Name,
    /// It can be packed: the names, in lower case, that it can have had before and that are wanted.
    Packed(Vec<String>),
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
        let names = contents::wanted_names(name, wanted);
        (!names.is_empty()).then_some(Self::Packed(names))
    }
}

/// A file that is to be read.
#[derive(Clone, Debug)]
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
    /// The entries that it gives: none for a file that only its name made a candidate, several for a cabinet.
    pub(super) fn read(self, wanted: &impl Fn(&str) -> bool) -> Vec<Entry> {
        match &self.interest {
            Interest::Name => self.single(&[]),
            Interest::Packed(names) => self.single(names),
            Interest::Cabinet => cabinet::entries(&self, wanted),
        }
    }

    fn single(&self, names: &[String]) -> Vec<Entry> {
        let stored = self.path.file_name().unwrap_or_default();
        let Some(Contents { binary, original }) = contents::read(&self.place, stored, names) else { return Vec::new() };
        let size = original.as_ref().map_or(self.size, |original| original.size);
        vec![Entry {
            root: self.root,
            copy: copy_kind(&self.path),
            modified: self.modified,
            path: self.path.clone(),
            packed_name: original.map(|original| original.name),
            size,
            binary,
        }]
    }
}
