//! Bytes of a Microsoft cabinet (`MSCF`) -> its members, offline, by positioned reads.
//!
//! The format is that of Microsoft's cabinet specification, \[MS-CAB\]; stored, MSZIP and LZX folders are unpacked. A
//! folder is one stream that contains its members one after another. It is unpacked once, from its beginning to the
//! last byte that is needed, whatever the number of members. (The `cab` crate begins anew for each.)
//!
//! - `header`: header, folders and members, each count checked against the file;
//! - `blocks`: data blocks, their checksums, the unpacking;
//! - `members`: the members cut out of a folder's stream, each read as far as it is needed; `budget`: limits on the
//!   unpacking.
//!
//! ```
//! use hotfixcheck_winfiles::cabinet::{Cabinet, CabinetError};
//!
//! assert_eq!(Cabinet::open(b"MZ".as_slice()).err(), Some(CabinetError::NotACabinet));
//! ```

mod blocks;
mod budget;
mod header;
mod members;

use std::borrow::Cow;

pub use budget::Allowance;
pub use header::{Cabinet, Member};
pub use members::{Members, OpenMember};

/// The signature of a cabinet.
pub const SIGNATURE: &[u8; 4] = b"MSCF";
/// The largest member that is returned whole, in bytes. Larger ones can be read with [`Cabinet::read`].
pub const MAX_MEMBER_BYTES: u32 = 64 << 20;
/// The most bytes that are unpacked of one cabinet in all its folders, whatever their number and whatever they share.
/// It is also the limit for the total size of its members, which may overlap. The largest cabinets of installation
/// media unpack to some 300 MB.
pub const MAX_UNPACKED_BYTES: u64 = 1 << 30;
/// The most bytes that are unpacked a second time, if members are not read from front to back.
pub const MAX_REPEATED_BYTES: u64 = 1 << 30;
/// The longest name of a member, in bytes: the format's own limit.
pub const MAX_NAME_BYTES: usize = 256;

/// Why a cabinet, or a member of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum CabinetError {
    /// It does not begin with the signature of a cabinet.
    #[error("not a cabinet: it does not begin with MSCF")]
    NotACabinet,
    /// A version whose layout is not known.
    #[error("cabinet of unknown version {major}.{minor}")]
    UnknownVersion {
        /// The major version.
        major: u8,
        /// The minor version.
        minor: u8,
    },
    /// The file ends before a structure that the cabinet announces.
    #[error("truncated: {what} at offset {offset:#x} is after the end of the cabinet")]
    Truncated {
        /// The structure.
        what: Cow<'static, str>,
        /// Its offset from the cabinet's start, in bytes.
        offset: u64,
    },
    /// A folder whose data end before a member's data do.
    #[error("truncated: unpacks to {unpacked} bytes of the {declared} that its entry declares")]
    EndsEarly {
        /// Bytes that could be unpacked.
        unpacked: u64,
        /// Bytes that the directory states.
        declared: u32,
    },
    /// A method that this program does not know.
    #[error("packed by {method}, which cannot be unpacked: unpack the cabinet first (cabextract, expand)")]
    UnsupportedMethod {
        /// The method's name or number.
        method: String,
    },
    /// A member that begins or ends in another cabinet of the same set.
    #[error("continues in another cabinet of its set{}: unpack the set first (cabextract, expand)",
        .name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default())]
    Continued {
        /// The other cabinet's file name, if this one states it.
        name: Option<String>,
    },
    /// A member larger than [`MAX_MEMBER_BYTES`] that was asked for whole, or more than [`MAX_UNPACKED_BYTES`] or
    /// [`MAX_REPEATED_BYTES`] in all.
    #[error("unpacks to too much: {what}")]
    TooLarge {
        /// Which limit, with the numbers.
        what: String,
    },
    /// Data that contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}
