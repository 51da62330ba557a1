//! The result of a walk, a snapshot or a list: files, and what each says of itself.

use std::path::PathBuf;

use super::{Collected, CopyKind, Coverage, RelativePath, System, Unread, Untold, collected};
use hotfixcheck_winfiles::binary::Binary;

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
    /// What is to be known of a volume, and hides no file: that it was not unmounted.
    pub warnings: Vec<Problem>,
    /// The systems whose registry lies below the roots, by root and folder.
    pub systems: Vec<System>,
    /// What of the paths only says how the files were collected, by root and path.
    pub collected: Vec<Collected>,
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
    pub binary: Result<Binary, Unread>,
    /// How many others of a very large list are the same but for their paths: they are counted, and not held.
    pub more: usize,
}

impl Inventory {
    /// The code of [`warnings`](Self::warnings) in reports.
    pub const DOUBTFUL: &'static str = "source-doubtful";
    /// What it means.
    pub const DOUBTFUL_DESCRIPTION: &'static str =
        "Files of this volume, archive, folder or list may be missing here, or not be the newest.";

    /// What a file or folder is known by in every collection of its disk: its path without the name of the image that it lies
    /// in, and without what only says how it was collected. Findings are the same, and waivers and patterns match, by it.
    pub fn lasting_path(&self, root: usize, path: &RelativePath) -> RelativePath {
        collected::lasting(&self.collected, &self.roots, root, path)
    }

    /// The system that a file belongs to: the one whose Windows folder holds it, the innermost of several; outside of every
    /// Windows folder the only one of the volume. `None` where no registry speaks for the file.
    pub fn system_of(&self, entry: &Entry) -> Option<&System> {
        let of_root = || self.systems.iter().filter(|system| system.root == entry.root);
        let holding = of_root().filter(|system| entry.path.is_in(&system.windows_folder()));
        if let Some(system) = holding.max_by_key(|system| system.windows_folder().as_bytes().len()) {
            return Some(system);
        }
        let volume = |path: &RelativePath| path.as_bytes().len() - path.in_volume().as_bytes().len();
        let mut same = of_root().filter(|system| volume(&system.folder) == volume(&entry.path));
        same.next().filter(|_| same.next().is_none())
    }
}

impl Entry {
    /// How many files it stands for.
    pub fn count(&self) -> usize {
        1 + self.more
    }

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
