//! Where the bytes of a file can be had.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use crate::binary::ReadAt;

/// A file that can be opened. Nothing is held open before.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of the file system.
    File(PathBuf),
}

impl Place {
    /// Opens it for reading.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(&self) -> io::Result<Box<dyn ReadAt + '_>> {
        match self {
            Self::File(path) => Ok(Box::new(File::open(path)?)),
        }
    }
}
