//! Where the contents of a file can be read.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::image::FileSystem;
use hotfixcheck_winfiles::isolate;

/// A file that can be opened. It is not kept open.
#[derive(Clone)]
pub enum Place {
    /// A file of the file system.
    File(PathBuf),
    /// A file of a volume in an image.
    Image {
        /// The volume's files.
        files: Arc<dyn FileSystem>,
        /// The number of the file in it.
        id: u64,
    },
}

impl Place {
    /// The pack of an image that contains the file with others, and the position in it.
    pub(super) fn packed(&self) -> Option<(usize, u64)> {
        match self {
            Self::File(_) => None,
            Self::Image { files, id } => isolate(|| files.place(*id)).ok().flatten(),
        }
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// An error of the operating system, or of the image.
    pub fn open(&self) -> io::Result<Box<dyn ReadAt + '_>> {
        match self {
            Self::File(path) => Ok(Box::new(open_file(path)?)),
            Self::Image { files, id } => {
                let file = isolate(|| files.open(*id)).map_err(io::Error::other)??;
                Ok(Box::new(Apart(file)))
            }
        }
    }
}

/// A file of an image, which third-party crates read: a panic in one of them becomes an error of that read.
struct Apart<'p>(Box<dyn ReadAt + 'p>);

impl ReadAt for Apart<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        isolate(|| self.0.read_at(buffer, offset)).unwrap_or_else(|what| Err(io::Error::other(what)))
    }

    fn size(&self) -> io::Result<u64> {
        isolate(|| self.0.size()).unwrap_or_else(|what| Err(io::Error::other(what)))
    }
}

/// The open file, if it is a regular one: reads of a pipe or device could block forever.
fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}

/// Opens a file without waiting for a writer: it may have been replaced by a pipe.
fn open_file(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::{Mode, OFlags, open};
        regular(open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?.into())
    }
    #[cfg(not(unix))]
    regular(File::open(path)?)
}

/// Size in bytes, and modification time.
pub(super) fn times(metadata: io::Result<Metadata>) -> (Option<u64>, Option<i64>) {
    let metadata = metadata.ok();
    let modified = metadata.as_ref().and_then(|m| m.modified().ok()).and_then(seconds);
    (metadata.map(|m| m.len()), modified)
}

/// Seconds since 1970 UTC, rounded down; times before 1970 are negative.
fn seconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => {
            let before = before.duration();
            let whole = i64::try_from(before.as_secs()).ok()?;
            Some(-whole - i64::from(before.subsec_nanos() > 0))
        }
    }
}
