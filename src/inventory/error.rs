//! Why a root cannot be walked.

use std::io;
use std::path::{Path, PathBuf};

use hotfixcheck_winfiles::image::ImageError;

/// Why a root cannot be walked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// The path does not exist.
    #[error("cannot read '{}': file not found", path.display())]
    Missing {
        /// The root as given.
        path: PathBuf,
    },
    /// The operating system refuses access.
    #[error("cannot read '{}'", path.display())]
    Unreadable {
        /// The root as given.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        cause: io::Error,
    },
    /// An image that is damaged, of an unsupported kind, or without files.
    #[error("cannot read image '{}'", path.display())]
    Image {
        /// The root as given.
        path: PathBuf,
        /// The error of the image.
        #[source]
        cause: ImageError,
    },
    /// A file with the name of an image or an archive, but other contents.
    #[error("'{}' is called like an image or an archive, but {what}", path.display())]
    NoImage {
        /// The root as given.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
    },
    /// A path below a file: a path in an image is written differently.
    #[error("'{}' is below a file; a folder inside an image is written '{place}'", path.display())]
    BelowFile {
        /// The root as given.
        path: PathBuf,
        /// The spelling of the path in an image.
        place: String,
    },
    /// A path in a file that is not an image.
    #[error("'{}' is not a disk image or an ISO image: there is no folder inside it", path.display())]
    NotAnImage {
        /// The file.
        path: PathBuf,
    },
    /// A path that does not exist in the image.
    #[error("{path}: {what}")]
    NotInImage {
        /// The path as given.
        path: String,
        /// What exists instead.
        what: String,
    },
    /// A device, socket or pipe: opening it could block forever.
    #[error("'{}' is neither a file nor a folder", path.display())]
    NotAFileOrFolder {
        /// The root as given.
        path: PathBuf,
    },
}

/// The description of a file without bytes.
pub(super) const EMPTY: &str = "is empty";
const COPY_AGAIN: &str = "copy it again and compare size and checksum with the original";
const OPEN: &str = "it may be encrypted, or a part of a larger image: open or join it with the program that made it, or mount it and \
                    scan the folder";

impl InventoryError {
    /// A suggestion for a root that does not exist, and what to do with an image that cannot be read.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { path } => Self::meant(path),
            Self::NoImage { what, .. } if *what == EMPTY => Some(COPY_AGAIN.to_owned()),
            Self::NoImage { .. } | Self::Image { cause: ImageError::NoFileSystem { .. }, .. } => Some(OPEN.to_owned()),
            Self::Image { cause: ImageError::Damaged { .. }, .. } => {
                Some(format!("{COPY_AGAIN}, or scan the folder with what can be unpacked or mounted of it"))
            }
            _ => None,
        }
    }

    fn meant(path: &Path) -> Option<String> {
        let text = path.to_string_lossy();
        let drive = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text[1..].starts_with(":");
        if drive && !cfg!(windows) {
            return Some(
                "this is a path of Windows: on this system, give the folder where the drive is mounted".to_owned(),
            );
        }
        in_other_case(path).map(|there| format!("did you mean '{}'?", there.display()))
    }
}

/// An existing path that differs from this one only in case.
fn in_other_case(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        let next = found.join(part);
        if next.exists() {
            found = next;
            continue;
        }
        let folder = if found.as_os_str().is_empty() { Path::new(".") } else { &found };
        let wanted = part.as_os_str().to_str()?.to_lowercase();
        let mut names: Vec<_> =
            std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.sort_unstable();
        let name = names.into_iter().find(|name| name.to_str().is_some_and(|name| name.to_lowercase() == wanted))?;
        found.push(name);
    }
    Some(found)
}
