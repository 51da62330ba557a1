//! Why a root cannot be walked.

use std::io;
use std::path::PathBuf;

use hotfixcheck_winfiles::image::ImageError;

/// Why a root cannot be walked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// There is nothing of this name.
    #[error("cannot read '{}': file not found", path.display())]
    Missing {
        /// The root as given.
        path: PathBuf,
    },
    /// The system refuses it.
    #[error("cannot read '{}'", path.display())]
    Unreadable {
        /// The root as given.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// An image that is damaged, of a kind that is not read, or without files.
    #[error("cannot read image '{}'", path.display())]
    Image {
        /// The root as given.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: ImageError,
    },
    /// A path below a file: in an image, places are written otherwise.
    #[error("'{}' is below a file; a folder inside an image is written '{place}'", path.display())]
    BelowFile {
        /// The root as given.
        path: PathBuf,
        /// How it would be written.
        place: String,
    },
    /// A path in a file that is not an image.
    #[error("'{}' is not a disk image or an ISO image: there is no folder inside it", path.display())]
    NotAnImage {
        /// The file.
        path: PathBuf,
    },
    /// A place that is not in the image.
    #[error("{path}: {what}")]
    NotInImage {
        /// The place as it was asked for.
        path: String,
        /// What is there instead.
        what: String,
    },
    /// A device, socket or pipe: opening it could block forever.
    #[error("'{}' is neither a file nor a folder", path.display())]
    NotAFileOrFolder {
        /// The root as given.
        path: PathBuf,
    },
}
