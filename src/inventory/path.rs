//! Paths below a root, kept byte for byte on every system.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Component, Path};

use hotfixcheck_winfiles::image::may_be_image;

/// A path below a root: components separated by `/`, with the bytes that the system gave.
///
/// Ordered by bytes, so that the order does not depend on locale or system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelativePath(Vec<u8>);

impl RelativePath {
    /// Makes it from a path; special components (`.`, `..`, a drive) are left out.
    pub fn new(path: &Path) -> Self {
        let mut bytes = Vec::new();
        for component in path.components() {
            if let Component::Normal(name) = component {
                if !bytes.is_empty() {
                    bytes.push(b'/');
                }
                bytes.extend_from_slice(name.as_encoded_bytes());
            }
        }
        Self(bytes)
    }

    /// Makes it from the bytes of [`RelativePath::as_bytes`].
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The path of the item with this name in it. A name with `\` is a path: see `interest::bare`.
    pub(super) fn join(&self, name: &OsStr) -> Self {
        let name = name.as_encoded_bytes();
        let mut bytes = Vec::with_capacity(self.0.len() + 1 + name.len());
        bytes.extend_from_slice(&self.0);
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        // On other systems `\` may be part of a name, but Windows never creates such names.
        bytes.extend(name.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }));
        Self(bytes)
    }

    /// The bytes: UTF-8, except where the file system's names are not.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text; `None` if it is not UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The components as text; invalid UTF-8 becomes U+FFFD.
    pub fn components(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.0.split(|&b| b == b'/').map(String::from_utf8_lossy)
    }

    /// The last component as text; `None` if it is not UTF-8 or there is none.
    pub fn file_name(&self) -> Option<&str> {
        file_name(&self.0)
    }

    /// The path below its first components.
    pub(super) fn below(&self, components: usize) -> Self {
        Self(self.0.splitn(components + 1, |&b| b == b'/').nth(components).unwrap_or_default().to_vec())
    }

    /// The folder that contains it; empty for a path directly in the root.
    pub fn parent(&self) -> Self {
        let end = self.0.iter().rposition(|&b| b == b'/').unwrap_or(0);
        Self(self.0[..end].to_vec())
    }

    /// True if this folder, spelled in the same way, is its [`parent`](Self::parent).
    pub(super) fn is_directly_in(&self, folder: &Self) -> bool {
        let end = self.0.iter().rposition(|&b| b == b'/').unwrap_or(0);
        self.0[..end] == folder.0
    }

    /// The path below its volume: without the first component if that is an image (`disk.vmdk:` or `disk.vmdk:p2`), and
    /// without everything up to the inner image if one image is in another (`case.zip:/disk.vhdx:p2`). Any other path
    /// is unchanged.
    pub fn in_volume(&self) -> Self {
        let Some((first, rest)) = self.as_str().and_then(|path| path.split_once('/')) else { return self.clone() };
        if !first.rsplit_once(':').is_some_and(|(_, volume)| is_volume(volume)) {
            return self.clone();
        }
        let mut start = 0;
        for (end, _) in rest.match_indices('/') {
            let component = rest[..end].rsplit('/').next().unwrap_or_default();
            if component.rsplit_once(':').is_some_and(|(name, volume)| is_volume(volume) && may_be_image(name)) {
                start = end + 1;
            }
        }
        Self(rest.as_bytes()[start..].to_vec())
    }

    /// The path without the name of the image or cabinet that is the root, so that it stays the same when the image is
    /// renamed. The volume is kept if the image has several: `:p2/WINNT/System32/tapisrv.exe`.
    pub fn without_root(&self, root: &Path) -> Self {
        let name = root.file_name().map(OsStr::as_encoded_bytes).unwrap_or_default();
        let inside = self.0.strip_prefix(name).filter(|rest| !name.is_empty() && rest.starts_with(b":"));
        match inside {
            Some(rest) => Self(rest.strip_prefix(b":/").unwrap_or(rest).to_vec()),
            None => self.clone(),
        }
    }

    /// True if it is this folder or below it; every path is in the empty one. Case is ignored, as on Windows.
    pub fn is_in(&self, folder: &Self) -> bool {
        let (own, folder) = (self.to_string().to_lowercase(), folder.to_string().to_lowercase());
        folder.is_empty() || own.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// True for the root itself.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The last component of a path as text; `None` if it is not UTF-8 or there is none.
pub(super) fn file_name(path: &[u8]) -> Option<&str> {
    let start = path.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
    std::str::from_utf8(&path[start..]).ok().filter(|name| !name.is_empty())
}

/// True for text that may follow the colon after an image's name: nothing, `p` and a partition's number, or the number
/// of an image in a WIM file.
pub(super) fn is_volume(text: &str) -> bool {
    text.strip_prefix('p').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
}

/// True for the name of an image whose volumes have numbers or names.
pub(super) fn is_wim(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["wim", "esd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

impl From<&str> for RelativePath {
    fn from(text: &str) -> Self {
        Self(text.replace('\\', "/").into_bytes())
    }
}

impl fmt::Display for RelativePath {
    /// Invalid UTF-8 is shown as U+FFFD; nothing else is changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}
