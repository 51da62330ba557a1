//! Why a file could not be unpacked, and the limit of its size.

use std::borrow::Cow;

/// The largest unpacked size, in bytes. Files of installation media that were packed one by one are far smaller.
pub const MAX_UNPACKED: usize = 64 << 20;

/// Why a file could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum PackedError {
    /// The file does not begin with the signature of a packed one.
    #[error("not a packed file: it begins with no signature of COMPRESS.EXE")]
    NotPacked,
    /// A method that this program does not know.
    #[error("packed by method {method}, which cannot be unpacked")]
    UnsupportedMethod {
        /// The header's number; for an SZDD file the mode, which is a letter in all known files.
        method: u16,
    },
    /// The unpacked file is, or would be, larger than [`MAX_UNPACKED`].
    #[error("unpacks to more than {MAX_UNPACKED} bytes")]
    TooLarge,
    /// The file ends within a structure.
    #[error("truncated: {what} at offset {offset:#x} is after the end of the file")]
    Truncated {
        /// The structure.
        what: Cow<'static, str>,
        /// Its offset in bytes.
        offset: u64,
    },
    /// The packed data ends before the size that the header declares.
    #[error("truncated: unpacks to {unpacked} bytes of the {declared} that its header declares")]
    EndsEarly {
        /// Bytes that could be unpacked.
        unpacked: usize,
        /// Bytes that the header declares.
        declared: usize,
    },
    /// Packed data that contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}
