//! The result of a walk, a snapshot or a list: files, with the facts read from each.

use std::path::PathBuf;

use super::{Collected, CopyKind, Coverage, RelativePath, System, Unread, Unstated, collected};
use hotfixcheck_winfiles::binary::Binary;

/// The files found below one or more roots. The same tree gives the same inventory, whatever the order of the folders
/// and the number of threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The files and folders to scan, as given.
    pub roots: Vec<PathBuf>,
    /// The files that were read, or could not be read, by root and path.
    pub entries: Vec<Entry>,
    /// How many regular files are below the roots, read or not.
    pub files_seen: u64,
    /// Files and folders that could not be examined, by root and path.
    pub problems: Vec<Problem>,
    /// Warnings about a volume that do not hide a file, for example that it was not unmounted.
    pub warnings: Vec<Problem>,
    /// The systems whose registry is below the roots, by root and folder.
    pub systems: Vec<System>,
    /// The parts of paths that only show how the files were collected, by root and path.
    pub collected: Vec<Collected>,
    /// For which names the inventory shows that a file is absent.
    pub coverage: Coverage,
    /// Whether files of other names were examined, too.
    pub sniffed: bool,
}

/// One file that was read, or could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The index of its root in [`Inventory::roots`].
    pub root: usize,
    /// Its path below the root; the bare name when the root is the file itself. A member of a cabinet is below the
    /// cabinet, a file of an image below the image, which is the root: `i386/driver.cab:/tapisrv.exe`,
    /// `disk.vmdk:/WINNT/System32/tapisrv.exe`, or `disk.vmdk:p2/WINNT/…` where there are several volumes.
    pub path: RelativePath,
    /// The name of a packed file (`TAPISRV.EX_`) before it was packed; `None` for any other file.
    pub packed_name: Option<String>,
    /// For a file that counts only by its contents: the name in its version resource.
    pub original_name: Option<String>,
    /// Its unpacked size in bytes; `None` where the system does not report it or the file cannot be unpacked.
    pub size: Option<u64>,
    /// Its modification time, seconds since 1970 UTC; `None` where the file system has none.
    pub modified: Option<i64>,
    /// `None` for the active copy; else why this copy does not run.
    pub copy: Option<CopyKind>,
    /// What an imported list does not record about it.
    pub unstated: Unstated,
    /// Its contents, or why it could not be read.
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

    /// The path of a file or folder that is the same in every collection of its disk. It has neither the name of the
    /// image that contains it, nor the parts that only show how it was collected. Fingerprints, waivers and patterns
    /// use it.
    pub fn lasting_path(&self, root: usize, path: &RelativePath) -> RelativePath {
        collected::lasting(&self.collected, &self.roots, root, path)
    }

    /// The system that a file belongs to: the one with the innermost Windows folder that contains it; for a file
    /// outside of all Windows folders, the only system of the volume. `None` where the file belongs to no system with a
    /// registry.
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

/// A file or folder that could not be examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The index of its root in [`Inventory::roots`].
    pub root: usize,
    /// Its path below the root; empty for the root itself.
    pub path: RelativePath,
    /// The error of the operating system.
    pub what: String,
}
