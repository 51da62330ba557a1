//! Where the bytes of a file can be had.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::binary::ReadAt;
use crate::image::FileSystem;

/// A file that can be opened. Nothing is held open before.
#[derive(Clone)]
pub enum Place {
    /// A file of the file system.
    File(PathBuf),
    /// A file of a volume in an image.
    Image {
        /// The volume's files.
        files: Arc<dyn FileSystem>,
        /// What they know it by.
        id: u64,
    },
}

impl Place {
    /// Opens it for reading.
    ///
    /// # Errors
    /// What the operating system says, or what is wrong with the image.
    pub fn open(&self) -> io::Result<Box<dyn ReadAt + '_>> {
        match self {
            Self::File(path) => Ok(Box::new(File::open(path)?)),
            Self::Image { files, id } => files.open(*id),
        }
    }
}
