//! Facts from the files of Windows: versions, processors and dates of executables, packed files and cabinets, registry
//! hives and disk images. Bytes in, facts out, by positioned reads; nothing is executed, written or mapped.
//!
//! The version of a file, on any system:
//!
//! ```no_run
//! use std::fs::File;
//!
//! use hotfixcheck_winfiles::binary;
//!
//! let binary = binary::read(&File::open("tapisrv.exe")?)?;
//! match binary.version_info().and_then(|info| info.fixed_file) {
//!     Some(version) => println!("tapisrv.exe {version}"),
//!     None => println!("tapisrv.exe has no version"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`binary`]: PE, NE, LE and LX files, from Windows 3.x to the current one;
//! - [`packed`], [`cabinet`]: files of installation media and update packages, read without being unpacked whole;
//! - `hive` (feature): keys and values of registry hives;
//! - `image` (feature): the files in disk images and installation media;
//! - [`bytes`]: the positioned reads that all of these share.
//!
//! Every count, depth and size that a file states is bounded. A panic of a third-party parser becomes the error of the file
//! that it read: [`isolate`], [`hush_caught_panics`].
//!
//! Features: `hive`, `image`, `serde` (results as JSON and similar formats). All are off by default: a reader of
//! versions alone needs about twenty small crates.

#![forbid(unsafe_code)]

pub mod binary;
pub mod bytes;
pub mod cabinet;
#[cfg(feature = "hive")]
pub mod hive;
#[cfg(feature = "image")]
pub mod image;
mod isolate;
pub mod packed;
mod time;

pub use isolate::{hush_caught_panics, isolate};
