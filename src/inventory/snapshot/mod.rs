//! What a source says of its files, before it is known which of them a catalogue asks for: to be judged now, or written
//! to a file and judged years later by another catalogue.
//!
//! - `coverage`: which names a snapshot holds;
//! - `form`: the written form, `hotfixcheck.inventory/1`; `write` and [`read`](fn@read) turn snapshots into it and back. It is
//!   read as a stream: `gather` keeps the files that are asked for, `needed` reads their versions where there are many.

mod coverage;
mod error;
mod form;
mod gather;
mod needed;
mod parts;
mod read;
mod role;
mod versions;
mod write;

pub use coverage::{Coverage, Names};
pub use error::SnapshotError;
pub(super) use gather::WantedName;
pub use read::read;
pub(super) use read::read_text;
pub use write::write;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Collected, CopyKind, Problem, RelativePath, System, Unread, Untold};
use crate::Machine;
use hotfixcheck_winfiles::binary::{Binary, BinaryError, VersionOutcome};
use hotfixcheck_winfiles::packed::NameHint;

/// The version of the written form.
pub const SCHEMA: &str = "hotfixcheck.inventory/1";

/// The files of some trees, read or tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The files and folders that were asked for, as given.
    pub roots: Vec<PathBuf>,
    /// Which names were recorded.
    pub coverage: Coverage,
    /// Whether files of other names were looked at, too: binaries count where their version resource gives them a name
    /// that is wanted.
    pub sniffed: bool,
    /// How many regular files lie below the roots, recorded or not.
    pub files_seen: u64,
    /// The files, by root and path.
    pub files: Vec<FileRecord>,
    /// What could not even be looked at, by root and path.
    pub problems: Vec<Problem>,
    /// What is to be known of a volume, and hides no file: that it was not unmounted.
    pub warnings: Vec<Problem>,
    /// The systems whose registry lies below the roots, by root and folder.
    pub systems: Vec<System>,
    /// What of the paths only says how the files were collected, by root and path.
    pub collected: Vec<Collected>,
}

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The place of its root in [`Snapshot::roots`].
    pub root: usize,
    /// Its path below the root; the bare name when the root is the file itself.
    pub path: RelativePath,
    /// What it is, if not simply a file.
    pub origin: Origin,
    /// `None` for the active copy; else why this copy does not run.
    pub copy: Option<CopyKind>,
    /// What is known of a packed file (`TAPISRV.EX_`); `None` for any other.
    pub packing: Option<Packing>,
    /// Its size in bytes as it lies there; `None` where it is not known.
    pub size: Option<u64>,
    /// Its modification time, seconds since 1970 UTC; `None` where it is not known.
    pub modified: Option<i64>,
    /// What the source does not tell of it.
    pub untold: Untold,
    /// What it says of itself, or why it could not be read.
    pub binary: Result<Binary, Unread>,
    /// How many others of a very large list are the same but for their paths, and not held. Never written.
    pub more: usize,
}

impl FileRecord {
    /// The record of a file of which nothing else is known: no copy, size or time.
    pub fn new(root: usize, path: RelativePath, binary: Result<Binary, Unread>) -> Self {
        Self {
            root,
            path,
            origin: Origin::File,
            copy: None,
            packing: None,
            size: None,
            modified: None,
            untold: Untold::default(),
            binary,
            more: 0,
        }
    }
}

impl FileRecord {
    /// What is wrong with the file, if it is damaged, could not be read to its end, or is called as a program, library or
    /// driver and is not one.
    pub fn damage(&self) -> Option<String> {
        /// What has one of these extensions is a binary wherever it lies.
        const CERTAIN: [&str; 8] = ["dll", "exe", "sys", "drv", "vxd", "ocx", "cpl", "scr"];
        let is_certain = || {
            let name = self.path.file_name().unwrap_or_default().to_ascii_lowercase();
            name.rsplit_once('.').is_some_and(|(_, extension)| CERTAIN.contains(&extension))
        };
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

/// What a record is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A file.
    #[default]
    File,
    /// A cabinet that could not be opened: whatever is asked for could lie in it.
    Cabinet,
    /// A member of a cabinet.
    Member,
}

/// A packed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// What its header says of the name that it had; `None` if it could not be unpacked.
    pub hint: Option<NameHint>,
    /// Its size in bytes before it was packed; `None` if it could not be unpacked.
    pub unpacked_size: Option<u64>,
}

impl Snapshot {
    /// Assumes this machine for the files whose machine the source does not tell, where it fits.
    pub fn assume_machine(&mut self, machine: Machine) {
        for file in &mut self.files {
            if file.untold.machine.is_some_and(|class| class.contains(machine)) {
                file.untold.machine = None;
                if let Ok(binary) = &mut file.binary {
                    binary.machine = Some(machine);
                }
            }
        }
    }
}
