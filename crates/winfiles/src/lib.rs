//! What the files of Windows say of themselves: versions, processors and dates of executables, packed files and cabinets, registry
//! hives and disk images. Bytes in, facts out, by positioned reads; nothing is executed, written or mapped.
//!
//! ```
//! use hotfixcheck_winfiles::binary::{self, BinaryError};
//!
//! assert_eq!(binary::read(b"plain text".as_slice()), Err(BinaryError::NotExecutable));
//! ```
//!
//! Features: `image` (disk images, partitions and file systems), `hive` (registry hives). Without them, a reader of versions.

#![forbid(unsafe_code)]

pub mod binary;
pub mod bytes;
pub mod cabinet;
mod dos_time;
#[cfg(feature = "hive")]
pub mod hive;
#[cfg(feature = "image")]
pub mod image;
mod isolate;
pub mod packed;

pub use isolate::{hush_caught_panics, isolate};
