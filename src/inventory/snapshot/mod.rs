//! The files of a source, recorded before it is known which of them a catalogue needs: they are judged now, or written
//! to a file and judged years later by another catalogue.
//!
//! - `coverage`: which names a snapshot records;
//! - `form`: the file format, `hotfixcheck.inventory/1`; `write` and [`read`](fn@read) write and read it. It is read as
//!   a stream: `gather` keeps the wanted files, `needed` reads their versions where there are many.

mod coverage;
mod error;
mod form;
mod gather;
mod needed;
mod parts;
mod read;
mod role;
mod side_by_side;
mod versions;
mod write;

pub(crate) use coverage::Recorded;
pub use coverage::{Coverage, Names};
pub use error::SnapshotError;
pub(super) use gather::WantedName;
pub use read::read;
pub(super) use read::read_text;
pub(super) use side_by_side::is_shared;
pub use write::write;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Collected, CopyKind, Problem, RelativePath, System, Unread, Unstated};
use crate::Machine;
use hotfixcheck_types::Extension;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::packed::NameHint;

/// The version of the file format.
pub const SCHEMA: &str = "hotfixcheck.inventory/1";

/// The files of some trees, read or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The files and folders that were scanned, as given.
    pub roots: Vec<PathBuf>,
    /// Which names were recorded.
    pub coverage: Coverage,
    /// Whether files of other names were examined, too: binaries count if their version resource has a wanted name.
    pub sniffed: bool,
    /// How many regular files are below the roots, recorded or not.
    pub files_seen: u64,
    /// The files, by root and path.
    pub files: Vec<FileRecord>,
    /// Files and folders that could not be examined, by root and path.
    pub problems: Vec<Problem>,
    /// Warnings about a volume that do not hide a file, for example that it was not unmounted.
    pub warnings: Vec<Problem>,
    /// The systems whose registry is below the roots, by root and folder.
    pub systems: Vec<System>,
    /// The parts of paths that only show how the files were collected, by root and path.
    pub collected: Vec<Collected>,
}

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The index of its root in [`Snapshot::roots`].
    pub root: usize,
    /// Its path below the root; the bare name when the root is the file itself.
    pub path: RelativePath,
    /// Whether it is a plain file or from a cabinet.
    pub origin: Origin,
    /// `None` for the active copy; else why this copy does not run.
    pub copy: Option<CopyKind>,
    /// The facts about a packed file (`TAPISRV.EX_`); `None` for any other.
    pub packing: Option<Packing>,
    /// Its stored size in bytes; `None` where it is not known.
    pub size: Option<u64>,
    /// Its modification time, seconds since 1970 UTC; `None` where it is not known.
    pub modified: Option<i64>,
    /// What the source does not record about it.
    pub unstated: Unstated,
    /// Its contents, or why it could not be read.
    pub binary: Result<Binary, Unread>,
    /// How many others of a very large list are the same but for their paths, and not held. Never written.
    pub more: usize,
}

impl FileRecord {
    /// A record without copy, size or time.
    pub fn new(root: usize, path: RelativePath, binary: Result<Binary, Unread>) -> Self {
        Self {
            root,
            path,
            origin: Origin::File,
            copy: None,
            packing: None,
            size: None,
            modified: None,
            unstated: Unstated::default(),
            binary,
            more: 0,
        }
    }
}

impl FileRecord {
    /// What is wrong with the file, if it is damaged, could not be read to its end, or has the name of a program,
    /// library or driver but other contents.
    pub fn damage(&self) -> Option<String> {
        let is_certain = || Extension::of(self.path.file_name().unwrap_or_default()).is_common_executable();
        match &self.binary {
            Ok(Binary { version: VersionOutcome::Corrupt { detail }, .. }) => Some(detail.clone()),
            Ok(_) => None,
            Err(why) if why.is_damage() => Some(why.to_string()),
            Err(why @ Unread::Binary(BinaryError::Empty | BinaryError::NotExecutable)) if is_certain() => {
                Some(why.to_string())
            }
            Err(_) => None,
        }
    }
}

/// The kind of file that a record describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A file.
    #[default]
    File,
    /// A cabinet that could not be opened: it may contain any wanted file.
    Cabinet,
    /// A member of a cabinet.
    Member,
}

/// A packed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// What its header states about the original name; `None` if it could not be unpacked.
    pub hint: Option<NameHint>,
    /// Its unpacked size in bytes; `None` if it could not be unpacked.
    pub unpacked_size: Option<u64>,
}

impl Snapshot {
    /// Assumes this machine for files whose machine is not recorded, where it is possible.
    pub fn assume_machine(&mut self, machine: Machine) {
        for file in &mut self.files {
            if file.unstated.machine.is_some_and(|class| class.contains(machine)) {
                file.unstated.machine = None;
                if let Ok(binary) = &mut file.binary {
                    binary.machine = Some(machine);
                }
            }
        }
    }
}
