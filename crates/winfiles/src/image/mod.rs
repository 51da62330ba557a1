//! Disk images and installation media -> their files, without mounting and without special rights: bytes -> disk ->
//! partitions -> file systems.
//!
//! - `archive` (feature): zip and tar archives of collected files, gzip and Zstandard around them;
//! - `nested`: images in files of other images; `collector`: the names of collected files;
//! - `disk`: raw, VHD, VMDK, qcow2 and E01 images, each as a disk of bytes, by its signature and never by its name;
//! - `partition`: MBR and GPT; `known`, `kinds`: volumes and files that are not read, by name;
//! - `ntfs`, `fat`, `iso`, `udf`: file systems with one trait, [`FileSystem`]; compressed NTFS files are unpacked;
//! - `wim`: WIM images; `chunked`: the compression of WIM images and CompactOS;
//! - `tree`: the walk through folders; `source`: shared bytes, and parts of them.
//!
//! Nothing is ever written. Every count, depth and size that an image states is bounded.

#[cfg(feature = "archive")]
mod archive;
mod chunked;
mod collector;
mod detect;
mod disk;
mod fat;
mod held;
mod iso;
mod kinds;
mod known;
mod nested;
mod ntfs;
mod partition;
mod source;
mod tree;
mod udf;
mod wim;

pub use collector::{collected_name, collected_volume, is_way};
pub use detect::{open, open_inside};
pub use kinds::{ARCHIVE_HEAD_BYTES, is_archive, is_readable_archive, may_be_archive, may_be_image};

use std::io;
use std::sync::Arc;

use crate::bytes::ReadAt;

/// The most files that are listed in one image. The largest systems have some millions.
pub const MAX_FILES: usize = 1 << 23;
/// The deepest folder that is read. Windows itself reaches some 130 levels in 32,767 characters.
pub const MAX_DEPTH: usize = 256;
/// The longest path that is listed, in bytes: the limit of Linux.
pub const MAX_PATH_BYTES: usize = 4096;

/// Why an image cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The operating system could not read it.
    #[error("cannot be read: {0}")]
    Io(String),
    /// A kind of image or archive, or a property of it, that this program does not read.
    #[error("{format}: {what}; {advice}")]
    Unsupported {
        /// The kind of image.
        format: &'static str,
        /// The property that is not read.
        what: String,
        /// How to make its files readable.
        advice: &'static str,
    },
    /// The image contradicts itself, or ends too early.
    #[error("damaged {format}: {what}")]
    Damaged {
        /// The kind of image.
        format: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The image has no file system that this program reads.
    #[error("{format} without a file system that can be read (NTFS, FAT, ISO 9660): {what}")]
    NoFileSystem {
        /// The kind of image.
        format: &'static str,
        /// What it has instead.
        what: String,
    },
}

impl From<io::Error> for ImageError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

/// An open image.
pub struct Image {
    /// The file systems that can be read, in the order of their partitions.
    pub volumes: Vec<Volume>,
    /// Parts that cannot be read: `partition 2: BitLocker`.
    pub problems: Vec<String>,
    /// It is an archive of collected files. Images among them ([`may_be_image`]) were collected, too.
    pub archive: bool,
}

/// A file system of an image.
pub struct Volume {
    /// The prefix of its paths: empty if it is the only volume, else `p` and the partition's number; in a WIM image its
    /// number.
    pub name: String,
    /// Its title, if the image states one: `Windows Vista BUSINESS`.
    pub title: Option<String>,
    /// The files.
    pub files: Arc<dyn FileSystem>,
}

/// The message about a link in an image or archive.
const LINK: &str =
    "a link, which is not followed: what it points to is read only where it lies in the image or archive itself";
/// The message about pipes and devices.
const NO_FILE: &str = "a pipe or a device, not a file";

/// The files of a volume. Several threads may use it at once.
pub trait FileSystem: Send + Sync {
    /// Lists every file, in no particular order. No path leads out of the volume (`..`, a separator in a name), and
    /// none is longer than [`MAX_PATH_BYTES`].
    fn list(&self, each: &mut dyn FnMut(Item));
    /// Opens a file by the id that it was listed with.
    ///
    /// # Errors
    /// Why the file cannot be read.
    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>>;
    /// Position of a file among those that are packed together with it. Read in this order, each pack is unpacked once.
    fn place(&self, _id: u64) -> Option<(usize, u64)> {
        None
    }
}

/// Something found in a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A regular file.
    File {
        /// Its path below the volume's root, separated by `/`.
        path: String,
        /// The id for [`FileSystem::open`].
        id: u64,
        /// Its size in bytes.
        size: u64,
        /// Its modification time, seconds since 1970: UTC on NTFS and ISO 9660; on FAT the local time, read as if it
        /// were UTC.
        modified: Option<i64>,
    },
    /// Something with a file name that is not a file: a link, a pipe, a device.
    Other {
        /// Its path, as for a file.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// A message about the volume that does not mean that files are missing.
    Warning {
        /// The path, as far as it is known.
        path: String,
        /// The message.
        what: String,
    },
    /// Something that could not be read.
    Problem {
        /// The path, as far as it is known.
        path: String,
        /// Why.
        what: String,
    },
}
