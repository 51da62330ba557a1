//! Places -> [`Inventory`]: the files that matter below a folder or in an image, with what each says of itself.

mod cabinet;
mod candidate;
mod contents;
mod copies;
mod filter;
mod folder;
mod glob;
mod image;
pub mod import;
mod listing;
mod path;
mod place;
mod root;
pub mod snapshot;
pub mod system;
mod untold;
mod walk;
mod wanted;

pub use copies::{CopyKind, copy_kind};
pub use filter::PathFilter;
pub use glob::{PathGlob, PathGlobError};
pub use path::RelativePath;
pub use place::Place;
pub use snapshot::{Coverage, Snapshot};
pub use system::System;
pub use untold::{MachineClass, Untold};
pub use walk::{InventoryError, Progress, record, walk};
pub use wanted::Wanted;

use std::path::PathBuf;

use hotfixcheck_winfiles::binary::{Binary, BinaryError};

/// What was found below one or more roots. Same tree, same inventory: the order of the folders and the number of
/// threads leave no trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The files and folders that were asked for, as given.
    pub roots: Vec<PathBuf>,
    /// The files that were read or tried, by root and path.
    pub entries: Vec<Entry>,
    /// How many regular files lie below the roots, read or not.
    pub files_seen: u64,
    /// What could not even be looked at, by root and path.
    pub problems: Vec<Problem>,
    /// The systems whose registry lies below the roots, by root and folder.
    pub systems: Vec<System>,
    /// Of which names the inventory can say that no file is there.
    pub coverage: Coverage,
    /// Whether files of other names were looked at, too.
    pub sniffed: bool,
}

/// One file that was read, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The place of its root in [`Inventory::roots`].
    pub root: usize,
    /// Its path below the root; the bare name when the root is the file itself. A member of a cabinet lies below the
    /// cabinet, a file of an image below the image, which is the root: `i386/driver.cab:/tapisrv.exe`,
    /// `disk.vmdk:/WINNT/System32/tapisrv.exe`, `disk.vmdk:p2/WINNT/…` where there are several volumes.
    pub path: RelativePath,
    /// The name of a packed file (`TAPISRV.EX_`) before it was packed; `None` for any other file.
    pub packed_name: Option<String>,
    /// Of a file that counts by its contents alone: the name that its version resource gives it.
    pub original_name: Option<String>,
    /// Its size in bytes, unpacked; `None` where the system would not say or the file cannot be unpacked.
    pub size: Option<u64>,
    /// Its modification time, seconds since 1970 UTC; `None` where the file system has none.
    pub modified: Option<i64>,
    /// `None` for the active copy; else why this copy does not run.
    pub copy: Option<CopyKind>,
    /// What an imported list does not tell of it.
    pub untold: Untold,
    /// What it says of itself, or why it could not be read.
    pub binary: Result<Binary, BinaryError>,
}

impl Entry {
    /// The name by which articles speak of the file; `None` if it is not UTF-8.
    pub fn name(&self) -> Option<&str> {
        self.packed_name.as_deref().or(self.original_name.as_deref()).or_else(|| self.path.file_name())
    }
}

/// A file or folder that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place of its root in [`Inventory::roots`].
    pub root: usize,
    /// Its path below the root; empty for the root itself.
    pub path: RelativePath,
    /// What the operating system said.
    pub what: String,
}
