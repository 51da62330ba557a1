//! Files and their paths.

use serde::Serialize;

use crate::inventory::CopyKind;
use crate::{FileVersion, Machine};

/// A path that is exact, whatever its bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PathView {
    /// The path; invalid UTF-8 is U+FFFD.
    pub path: String,
    /// The bytes in hexadecimal, if `path` is not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct FileView {
    /// The index of its tree in `trees`.
    pub tree: usize,
    /// Its path below the tree.
    #[serde(flatten)]
    pub path: PathView,
    /// The name in its version resource, if it counts only by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Its modification time, UTC.
    pub modified: Option<String>,
    /// Its machine.
    pub machine: Option<Machine>,
    /// The fixed file version.
    pub fixed_version: Option<FileVersion>,
    /// The `FileVersion` strings, in the file's order.
    pub version_strings: Vec<String>,
    /// The linker's time stamp, UTC.
    pub built: Option<String>,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// A copy that does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyView {
    /// The kind of copy: `dll-cache`, `uninstall-backup`.
    pub kind: CopyKind,
    /// The copy.
    pub file: FileView,
}

/// A file or folder that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnreadableView {
    /// The index of its tree in `trees`.
    pub tree: usize,
    /// Its path below the tree; empty for the tree itself.
    #[serde(flatten)]
    pub path: PathView,
    /// The reason.
    pub error: String,
}
