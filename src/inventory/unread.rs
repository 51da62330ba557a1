//! Why an inventory has no version of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

use hotfixcheck_winfiles::binary::BinaryError;
use hotfixcheck_winfiles::cabinet::CabinetError;
use hotfixcheck_winfiles::packed::PackedError;

/// Why there is no version of a file. Its text is the whole reason, as reports print it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unread {
    /// It is packed, or a member of a cabinet, and could not be unpacked.
    Packed(NotUnpacked),
    /// It was not read: a list of files names it without its version.
    NotTold,
    /// It could not be read as a binary.
    #[serde(untagged)]
    Binary(BinaryError),
}

/// Why a file could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotUnpacked {
    /// It has the name of a packed file, but is a cabinet that does not contain exactly one file.
    NotOneFile {
        /// How many files it contains.
        members: usize,
    },
    /// The cabinet cannot be read.
    Cabinet(CabinetError),
    /// The file that COMPRESS.EXE packed cannot be unpacked.
    #[serde(untagged)]
    File(PackedError),
}

impl Unread {
    /// The operating system refused it, or a reader failed.
    pub fn refused(what: impl Into<String>) -> Self {
        Self::Binary(BinaryError::Io(what.into()))
    }

    /// True if the file is damaged or could not be read to its end: its version could be any. False if it was read and
    /// is empty or not a Windows binary, or if it was not read at all.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Packed(_) => true,
            Self::NotTold => false,
            Self::Binary(BinaryError::Empty | BinaryError::NotExecutable | BinaryError::NotPe { .. }) => false,
            Self::Binary(_) => true,
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed(why) => write!(f, "packed file: {why}"),
            Self::NotTold => f.write_str("the inventory does not tell its version"),
            Self::Binary(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for NotUnpacked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOneFile { members } => write!(f, "a packed file holds one file, this cabinet {members}"),
            Self::Cabinet(error) => write!(f, "cabinet: {error}"),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl From<BinaryError> for Unread {
    fn from(error: BinaryError) -> Self {
        Self::Binary(error)
    }
}

impl From<PackedError> for NotUnpacked {
    fn from(error: PackedError) -> Self {
        Self::File(error)
    }
}

impl From<CabinetError> for NotUnpacked {
    fn from(error: CabinetError) -> Self {
        Self::Cabinet(error)
    }
}
