//! Resolves a PATH: a folder, a file, or a path in an image.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::InventoryError;
use super::path::{is_volume, is_wim};

/// The kind of a root.
pub(super) enum Root {
    /// A folder or file of the file system.
    Here,
    /// A folder or file in an image.
    InImage(InImage),
}

/// A path in an image, as reports write it: `cd.iso:/I386`, `disk.vmdk:p2/WINNT/System32`.
#[derive(Clone)]
pub(super) struct InImage {
    pub image: PathBuf,
    /// The volume: `p2`; empty if none is named.
    pub volume: String,
    /// The folders below the volume, and the file if the path names one.
    pub below: Vec<String>,
}

impl Root {
    /// The kind of root that a path names. A path in the file system comes before one in an image.
    ///
    /// # Errors
    /// The path does not exist, or is neither a file nor a folder.
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

/// The error for a path that does not exist.
fn missing(path: &Path, cause: io::Error) -> InventoryError {
    if let Some(file) = path.ancestors().skip(1).find(|above| above.is_file()) {
        let below = path.strip_prefix(file).unwrap_or(path).to_string_lossy().replace('\\', "/");
        return InventoryError::BelowFile { path: path.to_owned(), place: format!("{}:/{below}", file.display()) };
    }
    match cause.kind() {
        // Windows reports a colon in a name as an invalid name.
        io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename => InventoryError::Missing { path: path.to_owned() },
        _ => InventoryError::Unreadable { path: path.to_owned(), cause },
    }
}

impl InImage {
    /// The path in an image: one of its components is the name of a file, followed by a colon, or by a colon and a
    /// volume. A single letter before the colon is a drive.
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

    /// The first image inside this one in the path: `sources/install.wim:1` of
    /// `win.iso:/sources/install.wim:1/Windows`.
    pub(super) fn inner(&self) -> Option<Inner> {
        let named = self.below.iter().enumerate().find_map(|(number, component)| {
            Some((
                number,
                component.rsplit_once(':').filter(|(name, volume)| !name.is_empty() && may_name(name, volume))?,
            ))
        });
        // The name of a WIM image without a colon means the whole image.
        let whole = || {
            let (last, above) = self.below.split_last()?;
            is_wim(last).then_some((above.len(), (last.as_str(), "")))
        };
        let (number, (name, volume)) = named.or_else(whole)?;
        let mut path = self.below[..number].to_vec();
        path.push(name.to_owned());
        Some(Inner { path: path.join("/"), volume: volume.to_owned(), below: self.below[number + 1..].to_vec() })
    }

    /// The spelling of a path in the image.
    pub(super) fn written(&self, volume: &str, below: &[impl AsRef<str>]) -> String {
        let below: Vec<&str> = below.iter().map(AsRef::as_ref).collect();
        format!("{}:{volume}/{}", self.image.display(), below.join("/"))
    }

    /// The part of `path` below this path, and whether the spelling is the same: Windows ignores case. For the path
    /// itself its name; `None` for a path elsewhere.
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

    /// How many leading components the path shares with this one.
    pub(super) fn shared(&self, path: &str) -> usize {
        let pairs = self.below.iter().zip(path.split('/'));
        pairs.take_while(|(wanted, component)| wanted.to_lowercase() == component.to_lowercase()).count()
    }
}

/// True if these can be the names of an image and of its volume. Images in a WIM file have names, too.
fn may_name(name: &str, volume: &str) -> bool {
    is_volume(volume) || is_wim(name)
}

/// An image inside another one, and a path in it.
pub(super) struct Inner {
    /// Its path in the outer image.
    pub path: String,
    pub volume: String,
    /// The path in the inner image.
    pub below: Vec<String>,
}

/// A file at a path in an image, or below it.
#[derive(Clone, Copy)]
pub(super) struct Below<'p> {
    /// The path below; for the file at the path itself, its name.
    pub path: &'p str,
    /// It is at the path itself.
    pub is_place: bool,
    /// Its folders have the requested spelling.
    pub exact: bool,
}
