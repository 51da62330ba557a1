//! Folders by their records -> paths.

use std::collections::HashMap;

use super::attribute::{kind, utf16};
use super::record::{Record, number};
use crate::bytes::u64_at;
use crate::image::tree::plain;
use crate::image::{MAX_DEPTH, MAX_PATH_BYTES};

/// Records below this one are reserved for the file system.
pub(super) const FIRST_OWN: u64 = 16;
/// The folder with further reserved files.
const EXTENSIONS: &str = "$Extend";
/// The volume's root folder.
const ROOT: u64 = 5;
/// Names that only DOS programs use: the same file has another name, too.
const DOS_NAMES: u8 = 2;
/// Bytes of a file name attribute before the name.
const NAME_AT: usize = 66;
/// The limit for paths that are kept, in bytes: deep folders need more bytes for paths than the volume has for names.
const MAX_KEPT: usize = 32 << 20;

/// A name, and the folder that contains it.
pub(super) struct Name {
    pub folder: u64,
    pub name: String,
}

/// The names of a file or folder, one for each folder that contains it.
pub(super) fn names(base: &Record, extensions: &[Record]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let attributes = base.attributes().chain(extensions.iter().flat_map(Record::attributes));
    let stated = attributes.filter(|a| a.kind == kind::FILE_NAME);
    for value in stated.filter_map(|a| a.resident()) {
        let Some(text) = value.get(NAME_AT..NAME_AT + 2 * usize::from(value.get(64).copied().unwrap_or(0))) else {
            continue;
        };
        if value[65] != DOS_NAMES && !text.is_empty() {
            names.push(Name { folder: u64_at(value, 0), name: plain(&utf16(text)) });
        }
    }
    names
}

/// Why something has no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// A folder above it is missing, or the chain of folders is so long that it must be circular.
    Gone,
    /// The path would be too long.
    Far,
}

/// The folders of a volume.
#[derive(Default)]
pub(super) struct Folders {
    names: HashMap<u64, Name>,
    kept: HashMap<u64, Result<String, Lost>>,
    kept_bytes: usize,
}

impl Folders {
    pub(super) fn insert(&mut self, reference: u64, name: Name) {
        self.names.insert(reference, name);
    }

    /// The records of the folders.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        let all = self.names.keys().map(|&reference| number(reference)).chain([ROOT]);
        let unique: std::collections::BTreeSet<u64> = all.collect();
        unique.into_iter()
    }

    /// The path of the file or folder with this name; `None` for the file system's own files.
    pub(super) fn path_in(&mut self, name: &Name) -> Result<Option<String>, Lost> {
        let folder = self.path(name.folder)?;
        if folder.strip_prefix(EXTENSIONS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Ok(None);
        }
        joined(folder, &name.name).map(Some)
    }

    /// The path of a folder.
    fn path(&mut self, reference: u64) -> Result<&str, Lost> {
        match number(reference) {
            ROOT => return Ok(""),
            own if own < FIRST_OWN => return Ok(EXTENSIONS),
            _ => {}
        }
        if !self.kept.contains_key(&reference) {
            self.keep(reference)?;
        }
        self.kept.get(&reference).map_or(Err(Lost::Gone), |kept| kept.as_deref().map_err(|&lost| lost))
    }

    /// Keeps the paths of a folder and of those above it.
    fn keep(&mut self, reference: u64) -> Result<(), Lost> {
        let mut below = Vec::new();
        let mut at = reference;
        let mut path = loop {
            match number(at) {
                ROOT => break Ok(String::new()),
                own if own < FIRST_OWN => break Ok(EXTENSIONS.to_owned()),
                _ => {}
            }
            if let Some(kept) = self.kept.get(&at) {
                break kept.clone();
            }
            if below.len() >= MAX_DEPTH {
                return Err(Lost::Gone);
            }
            below.push(at);
            let Some(name) = self.names.get(&at) else { break Err(Lost::Gone) };
            at = name.folder;
        };
        let depth = path.as_ref().map_or(0, |path| path.split('/').count());
        if depth + below.len() > MAX_DEPTH + 1 {
            return Err(Lost::Gone);
        }
        if self.kept_bytes > MAX_KEPT {
            self.kept.clear();
            self.kept_bytes = 0;
        }
        for &one in below.iter().rev() {
            path = path.and_then(|path| joined(&path, self.names.get(&one).map_or("", |name| &name.name)));
            self.kept_bytes += path.as_ref().map_or(0, String::len);
            self.kept.insert(one, path.clone());
        }
        Ok(())
    }
}

fn joined(folder: &str, name: &str) -> Result<String, Lost> {
    match folder.len() + 1 + name.len() {
        more if more > MAX_PATH_BYTES => Err(Lost::Far),
        _ if folder.is_empty() => Ok(name.to_owned()),
        _ => Ok(format!("{folder}/{name}")),
    }
}
