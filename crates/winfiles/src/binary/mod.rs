//! Bytes of an executable -> its version resource.
//!
//! All reads are positioned reads: the header, the resource directory, the version block. The file is never read whole
//! and never mapped. A damaged, shrinking or enormous file therefore costs no more than a sound one.
//!
//! - `window`: an open file and the buffers that its reads fill; every access is checked against the file's end;
//! - `header`: the DOS header, and which new header follows it;
//! - `pe`: COFF and optional header, section table, address -> file offset;
//! - `resource`: the resource directory of a PE file, down to the leaves of the version resource;
//! - `ne`, `le`: the headers of 16-bit programs and virtual device drivers, and the location of their version resource;
//! - `version_block`: `VS_VERSIONINFO`, walked within its own lengths; `node`: its parts in either style;
//! - `reader`: runs all of these in order, and recognises files that a text-mode transfer has damaged.
//!
//! ```
//! use hotfixcheck_winfiles::binary::{self, BinaryError};
//!
//! assert_eq!(binary::read(b"plain text".as_slice()), Err(BinaryError::NotExecutable));
//! ```

mod header;
mod le;
mod ne;
mod node;
mod pe;
mod reader;
mod resource;
mod version_block;
mod window;

pub use header::begins_as_executable;
pub use reader::{Reader, read};

use std::borrow::Cow;

use hotfixcheck_types::{FileVersion, Machine};

/// The version resource and the file-wide fields of one binary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Binary {
    /// The kind of executable.
    #[cfg_attr(feature = "serde", serde(default))]
    pub format: Format,
    /// The processor that runs it; `None` for a value this program does not know (see `machine_raw`). 16-bit programs
    /// run on i386 and its predecessors: they are [`Machine::I386`].
    pub machine: Option<Machine>,
    /// The header's field for the machine as stored: `Machine` of a PE, `e32_cpu` of an LE or LX file. It is 0 for an
    /// NE file, whose header does not have the field.
    pub machine_raw: u16,
    /// The linker's time stamp, seconds since 1970 UTC; `None` if it is 0, and for all formats but PE.
    pub time_stamp: Option<u32>,
    /// The optional header's checksum; `None` if it is 0, and for all formats but PE.
    pub checksum: Option<u32>,
    /// The version resource.
    pub version: VersionOutcome,
}

/// The kinds of executable that can hold a version resource, by the signature of their header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Format {
    /// Portable Executable: 32-bit and 64-bit Windows.
    #[default]
    Pe,
    /// New Executable: 16-bit Windows programs, drivers and fonts, and OS/2 1.x.
    Ne,
    /// Linear Executable: virtual device drivers of Windows 3.x and 9x.
    Le,
    /// Linear Executable of OS/2 2.0 and later.
    Lx,
}

/// The result of the search for a version resource in a file whose header could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case", tag = "outcome"))]
pub enum VersionOutcome {
    /// The resource was read.
    Found(VersionInfo),
    /// The file has no version resource.
    Absent,
    /// The resource exists, but its bytes are damaged; the text says what is wrong and where.
    Corrupt {
        /// What is wrong, with the offset.
        detail: String,
    },
}

/// A version resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VersionInfo {
    /// `VS_FIXEDFILEINFO` file version; `None` where the structure is missing.
    pub fixed_file: Option<FileVersion>,
    /// `VS_FIXEDFILEINFO` product version.
    pub fixed_product: Option<FileVersion>,
    /// Every string table, in the file's order. If the resource has several languages, the first language's tables come
    /// first.
    pub tables: Vec<StringTable>,
    /// Damage of a part of the resource, if the rest could be read: a leaf cut short, a string without its end. Values
    /// that were cut are left out, never given in part.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub damage: Option<String>,
}

/// The strings of one language and code page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StringTable {
    /// The table's key as stored: language and code page in hexadecimal, `040904B0`.
    pub key: String,
    /// `FileVersion`.
    pub file_version: Option<String>,
    /// `ProductVersion`.
    pub product_version: Option<String>,
    /// `OriginalFilename`.
    pub original_filename: Option<String>,
    /// `InternalName`, kept only if there is no `OriginalFilename`.
    pub internal_name: Option<String>,
    /// `ProductName`.
    pub product_name: Option<String>,
    /// `CompanyName`.
    pub company_name: Option<String>,
}

impl Binary {
    /// The version resource, if it could be read.
    pub fn version_info(&self) -> Option<&VersionInfo> {
        match &self.version {
            VersionOutcome::Found(info) => Some(info),
            VersionOutcome::Absent | VersionOutcome::Corrupt { .. } => None,
        }
    }
}

impl VersionInfo {
    /// The names that the resource gives the file, table by table: `OriginalFilename`, or `InternalName` if a table has
    /// no `OriginalFilename`. Blank ones are left out.
    pub fn own_names(&self) -> impl Iterator<Item = &str> {
        let names = self.tables.iter().filter_map(|t| t.original_filename.as_deref().or(t.internal_name.as_deref()));
        names.map(str::trim).filter(|name| !name.is_empty())
    }

    /// The first table's `FileVersion` string that is present and not blank.
    pub fn file_version_string(&self) -> Option<&str> {
        self.tables.iter().filter_map(|t| t.file_version.as_deref()).find(|text| !text.trim().is_empty())
    }
}

/// Why a file could not be read as a binary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum BinaryError {
    /// The file is empty.
    #[error("empty file")]
    Empty,
    /// The file does not begin as an executable does.
    #[error("not an executable: it does not begin with MZ")]
    NotExecutable,
    /// An MZ file without a new header, or whose new header is of a kind that holds no version resource.
    #[error("not a Windows binary: {kind}")]
    NotPe {
        /// `DOS program`, `library of virtual device drivers`, `big-endian LE`.
        kind: String,
    },
    /// The file ends before a structure that its header announces.
    #[error("truncated: {what} at offset {offset:#x} is after the end of the file ({size} bytes)")]
    Truncated {
        /// The structure.
        what: Cow<'static, str>,
        /// Its offset in bytes.
        offset: u64,
        /// The file's size in bytes.
        size: u64,
    },
    /// A header that contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}
