//! Bytes of a Microsoft cabinet (`MSCF`) -> its members, offline, by positioned reads.
//!
//! The format is that of Microsoft's cabinet specification, \[MS-CAB\]; stored, MSZIP and LZX folders are unpacked. A folder is
//! one stream in which its members lie one behind the other: it is unpacked once, from its beginning to the last byte
//! that is asked for, whatever the number of members. (The `cab` crate begins anew for each.)
//!
//! - `header`: header, folders and members, each count checked against the file;
//! - `blocks`: data blocks, their checksums, the unpacking;
//! - `members`: the members cut out of a folder's stream, each read as far as somebody asks; `budget`: how much is unpacked.
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
use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use budget::Allowance;
use budget::Budget;
pub use members::{Members, OpenMember};

use crate::bytes::ReadAt;

/// How a cabinet begins.
pub const SIGNATURE: &[u8; 4] = b"MSCF";
/// The largest member that is given whole, in bytes. Larger ones can be read: [`Cabinet::read`].
pub const MAX_MEMBER_BYTES: u32 = 64 << 20;
/// The most that is unpacked of one cabinet in all its folders, in bytes, whatever their number and whatever they share;
/// and the most that all its members together have, which may lie upon each other.
/// The largest cabinets of installation media unpack to some 300 MB.
pub const MAX_UNPACKED_BYTES: u64 = 1 << 30;
/// The most that is unpacked once more, where members are not read from front to back.
pub const MAX_REPEATED_BYTES: u64 = 1 << 30;
/// The longest name of a member, in bytes: the format's own limit.
pub const MAX_NAME_BYTES: usize = 256;

/// Why a cabinet, or a member of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum CabinetError {
    /// It does not begin as a cabinet does.
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
    #[error("truncated: {what} at offset {offset:#x} lies beyond the end of the cabinet")]
    Truncated {
        /// The structure.
        what: Cow<'static, str>,
        /// Its offset from the cabinet's start, in bytes.
        offset: u64,
    },
    /// A folder whose data ends before a member's does.
    #[error("truncated: unpacks to {unpacked} bytes of the {declared} that its entry declares")]
    EndsEarly {
        /// Bytes that could be unpacked.
        unpacked: u64,
        /// Bytes that there should be.
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
        /// The other cabinet's file name, where this one tells it.
        name: Option<String>,
    },
    /// A member larger than [`MAX_MEMBER_BYTES`] that was asked for whole, or more than [`MAX_UNPACKED_BYTES`] or
    /// [`MAX_REPEATED_BYTES`] in all.
    #[error("unpacks to too much: {what}")]
    TooLarge {
        /// Which limit, with the figures.
        what: String,
    },
    /// Data that contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}

/// A member as the cabinet's directory lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; folders within it are separated by `/`. What no file can be called (`..`, a drive, an empty folder)
    /// is left out.
    pub name: String,
    /// Its size in bytes.
    pub size: u32,
    /// Its modification time, seconds since 1970, as if its local time were UTC; `None` for what is no date.
    pub modified: Option<i64>,
    folder: header::Place,
    offset: u32,
}

/// An open cabinet.
#[derive(Debug)]
pub struct Cabinet<S> {
    source: S,
    folders: Vec<header::Folder>,
    members: Vec<Member>,
    block_reserve: u8,
    previous: Option<String>,
    next: Option<String>,
}

impl<S: ReadAt> Cabinet<S> {
    /// Reads the directory. The cabinet begins with the source's first byte; what lies behind it is left alone.
    ///
    /// # Errors
    /// When the source is no cabinet, of an unknown version, or its directory is cut or contradicts itself.
    pub fn open(source: S) -> Result<Self, CabinetError> {
        header::read(source)
    }

    /// The members, in the cabinet's order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The members that `wanted` accepts, folder by folder and by their place in it, each to be read as far as it matters:
    /// no member is held whole. Damage ends its folder, not the others.
    pub fn read(&self, wanted: impl Fn(&Member) -> bool) -> Members<'_, S> {
        Members::new(self, self.members.iter().filter(|member| wanted(member)).collect(), Budget::new(None))
    }

    /// As [`Self::read`], within an allowance that several cabinets share, in bytes.
    pub fn read_within(&self, shared: &Rc<Allowance>, wanted: impl Fn(&Member) -> bool) -> Members<'_, S> {
        let budget = Budget::new(Some(shared.clone()));
        Members::new(self, self.members.iter().filter(|member| wanted(member)).collect(), budget)
    }

    /// Unpacks the members that [`read`](Self::read) gives; `each` gets them whole, or why they cannot be had.
    pub fn unpack(
        &self,
        wanted: impl Fn(&Member) -> bool,
        mut each: impl FnMut(&Member, Result<Vec<u8>, CabinetError>),
    ) {
        let mut members = self.read(wanted);
        while let Some(open) = members.advance() {
            each(open.member(), open.bytes());
        }
    }

    /// The folder of a member, if all of it lies in this cabinet.
    fn folder_of(&self, member: &Member) -> Result<&header::Folder, CabinetError> {
        let continued = |name: &Option<String>| CabinetError::Continued { name: name.clone() };
        match member.folder {
            header::Place::Folder(number) => {
                // The first folder's data begins in the previous cabinet as soon as one of its members does.
                let begun = |m: &Member| m.folder == header::Place::FromPrevious;
                if number == 0 && self.members.iter().any(begun) {
                    return Err(continued(&self.previous));
                }
                self.folders.get(usize::from(number)).ok_or(CabinetError::NotACabinet)
            }
            header::Place::FromPrevious => Err(continued(&self.previous)),
            header::Place::ToNext => Err(continued(&self.next)),
        }
    }
}

/// Fills the whole buffer.
///
/// # Errors
/// `Truncated`, naming `what`, where the source ends before; `Io`.
fn read_exact(source: &impl ReadAt, buffer: &mut [u8], offset: u64, what: &'static str) -> Result<(), CabinetError> {
    let count = source.read_at(buffer, offset).map_err(|error| CabinetError::Io(error.to_string()))?;
    if count < buffer.len() { Err(CabinetError::Truncated { what: what.into(), offset }) } else { Ok(()) }
}
