//! What a PATH names: a folder, a file, or a place in an image.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::InventoryError;
use super::path::{is_volume, is_wim};

/// What a root is.
pub(super) enum Root {
    /// A folder or file of the file system.
    Here,
    /// A folder or file in an image.
    InImage(InImage),
}

/// A place in an image, as reports write it: `cd.iso:/I386`, `disk.vmdk:p2/WINNT/System32`.
#[derive(Clone)]
pub(super) struct InImage {
    pub image: PathBuf,
    /// `p2`; empty where none is named.
    pub volume: String,
    /// The folders below the volume, and the file if it is one.
    pub below: Vec<String>,
}

impl Root {
    /// What there is of this name. What lies in the file system comes first.
    ///
    /// # Errors
    /// Nothing of this name, or neither file nor folder.
    pub(super) fn of(path: &Path) -> Result<Self, InventoryError> {
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) => {
                return match InImage::of(path) {
                    Some(place) => Ok(Self::InImage(place)),
                    None => Err(missing(path, error)),
                };
            }
        };
        if metadata.is_dir() {
            // A root that cannot be read is an error, not an empty tree.
            path.read_dir().map_err(|cause| InventoryError::Unreadable { path: path.to_owned(), cause })?;
        } else if !metadata.is_file() {
            return Err(InventoryError::NotAFileOrFolder { path: path.to_owned() });
        }
        Ok(Self::Here)
    }
}

/// The error for a path that is not there.
fn missing(path: &Path, cause: io::Error) -> InventoryError {
    if let Some(file) = path.ancestors().skip(1).find(|above| above.is_file()) {
        let below = path.strip_prefix(file).unwrap_or(path).to_string_lossy().replace('\\', "/");
        return InventoryError::BelowFile { path: path.to_owned(), place: format!("{}:/{below}", file.display()) };
    }
    match cause.kind() {
        // On Windows a name cannot hold a colon.
        io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename => InventoryError::Missing { path: path.to_owned() },
        _ => InventoryError::Unreadable { path: path.to_owned(), cause },
    }
}

impl InImage {
    /// The place in an image that a path names: one of its components is the name of a file, followed by a colon, or by a
    /// colon and a volume. A single letter before the colon is a drive.
    fn of(path: &Path) -> Option<Self> {
        path.ancestors().find_map(|above| {
            let (name, volume) = above.file_name().and_then(OsStr::to_str)?.rsplit_once(':')?;
            let is_drive = name.len() == 1 && name.as_bytes()[0].is_ascii_alphabetic();
            let image = above.with_file_name(name);
            if name.is_empty() || is_drive || !may_name(name, volume) || !image.is_file() {
                return None;
            }
            let plain = path.strip_prefix(above).ok()?.components().map(|component| match component {
                Component::Normal(name) => name.to_str().map(str::to_owned),
                _ => None,
            });
            Some(Self { image, volume: volume.to_owned(), below: plain.collect::<Option<_>>()? })
        })
    }

    /// The first image in this one that it names: `sources/install.wim:1` of `win.iso:/sources/install.wim:1/Windows`.
    pub(super) fn inner(&self) -> Option<Inner> {
        let named = self.below.iter().enumerate().find_map(|(number, component)| {
            Some((
                number,
                component.rsplit_once(':').filter(|(name, volume)| !name.is_empty() && may_name(name, volume))?,
            ))
        });
        // A WIM image itself is meant as a whole, though it has no colon.
        let whole = || {
            let (last, above) = self.below.split_last()?;
            is_wim(last).then_some((above.len(), (last.as_str(), "")))
        };
        let (number, (name, volume)) = named.or_else(whole)?;
        let mut path = self.below[..number].to_vec();
        path.push(name.to_owned());
        Some(Inner { path: path.join("/"), volume: volume.to_owned(), below: self.below[number + 1..].to_vec() })
    }

    /// How a place in the image is written.
    pub(super) fn written(&self, volume: &str, below: &[impl AsRef<str>]) -> String {
        let below: Vec<&str> = below.iter().map(AsRef::as_ref).collect();
        format!("{}:{volume}/{}", self.image.display(), below.join("/"))
    }

    /// The path below the place, and whether it is written in the same letters: Windows ignores case. Of the place
    /// itself its name. `None` for what lies elsewhere.
    pub(super) fn strip<'p>(&self, path: &'p str) -> Option<Below<'p>> {
        let mut rest = Some(path);
        let (mut exact, mut name) = (true, path);
        for wanted in &self.below {
            let (component, further) = match rest?.split_once('/') {
                Some((component, further)) => (component, Some(further)),
                None => (rest?, None),
            };
            if component != wanted {
                exact = false;
                if component.to_lowercase() != wanted.to_lowercase() {
                    return None;
                }
            }
            (name, rest) = (component, further);
        }
        Some(Below { path: rest.unwrap_or(name), is_place: rest.is_none(), exact })
    }

    /// How many of the place's components the path begins with.
    pub(super) fn shared(&self, path: &str) -> usize {
        let pairs = self.below.iter().zip(path.split('/'));
        pairs.take_while(|(wanted, component)| wanted.to_lowercase() == component.to_lowercase()).count()
    }
}

/// True if this can be an image's name and that the volume's in it. Images in a WIM file have names, too.
fn may_name(name: &str, volume: &str) -> bool {
    is_volume(volume) || is_wim(name)
}

/// An image in another one, and a place in it.
pub(super) struct Inner {
    /// Its path in the outer one.
    pub path: String,
    pub volume: String,
    /// The place in it.
    pub below: Vec<String>,
}

/// What lies at a place in an image or below.
#[derive(Clone, Copy)]
pub(super) struct Below<'p> {
    /// The path below the place; of a file that is the place itself its name.
    pub path: &'p str,
    /// It is the place itself.
    pub is_place: bool,
    /// Its folders are written as they were asked for.
    pub exact: bool,
}
