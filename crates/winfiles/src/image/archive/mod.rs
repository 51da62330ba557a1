//! Archives of collected files, and packed images, read in place: nothing is unpacked to disk.
//!
//! - `zip`, `tar`: their members are files of a volume; `names`: their paths;
//! - `inflate`: DEFLATE streams in zip and gzip, read at any offset; `zstd`: Zstandard frames;
//! - the contents of a `.gz` or `.zst` file (a tar archive or an image) are read as if the file were not packed.
//!
//! Why our own readers of the two directories: of several members of one name `zip` silently keeps one, and it refuses
//! an archive for one damaged entry. `tar` takes as much memory for a name as the archive states. Neither can read a
//! packed member, such as the disk image of a collector, at any offset.

mod field;
mod inflate;
mod names;
mod sparse;
pub(super) mod tar;
pub(super) mod zip;
mod zstd;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::nested::Cached;
use super::source::{Part, Source};
use super::{Item, MAX_FILES};
use inflate::{Inflated, Wrapping};
use names::member_path;

/// The limit for the paths of an archive's members together, in bytes.
const MAX_NAMES_BYTES: usize = 128 << 20;
/// Problems that are named one by one.
const MAX_NAMED: usize = 100;

/// The contents of a packed file.
pub(super) struct Unpacked {
    pub source: Source,
    /// Bytes after the contents that are lost, as a message.
    pub problem: Option<String>,
}

/// Unpacks a file that is packed as a whole; `None` for other files.
///
/// # Errors
/// Damage, limits.
pub(super) fn unpack(head: &[u8], file: &Source) -> io::Result<Option<Unpacked>> {
    if head.starts_with(b"\x1f\x8b\x08") {
        let stream = Inflated::new(Part::whole(file.clone())?, Wrapping::Gzip);
        // The checksum is at the end: no byte is used before it is verified.
        let (size, problem) = stream.measure()?;
        return Ok(Some(Unpacked { source: Arc::new(Cached::new(stream, size)), problem }));
    }
    if zstd::recognise(head, file)? {
        let (bytes, problem) = zstd::unpack(&Part::whole(file.clone())?)?;
        return Ok(Some(Unpacked { source: Arc::new(bytes), problem }));
    }
    Ok(None)
}

/// A member as the directory lists it.
struct Listed {
    path: String,
    size: u64,
    modified: Option<i64>,
}

/// The members of an archive while its directory is read, and the messages about it.
struct Members<M> {
    members: Vec<(Listed, M)>,
    names: HashMap<String, usize>,
    name_bytes: usize,
    full: bool,
    problems: Vec<(String, String)>,
    more_problems: usize,
    warnings: Vec<(String, String)>,
    /// Links and the like, each with its kind.
    others: Vec<(String, &'static str)>,
}

impl<M> Members<M> {
    fn new() -> Self {
        Self {
            members: Vec::new(),
            names: HashMap::new(),
            name_bytes: 0,
            full: false,
            problems: Vec::new(),
            more_problems: 0,
            warnings: Vec::new(),
            others: Vec::new(),
        }
    }

    fn problem(&mut self, path: &str, what: impl Into<String>) {
        if self.problems.len() < MAX_NAMED {
            self.problems.push((path.to_owned(), what.into()));
        } else {
            self.more_problems += 1;
        }
    }

    fn warning(&mut self, path: &str, what: &str) {
        if self.warnings.len() < MAX_NAMED {
            self.warnings.push((path.to_owned(), what.to_owned()));
        }
    }

    /// Adds a named entry that is not a file.
    fn other(&mut self, name: &str, what: &'static str) {
        // If the name leads out of the archive, or is missing, no file can have it.
        let Ok(path) = member_path(name) else { return };
        if self.name_bytes + path.len() <= MAX_NAMES_BYTES && self.members.len() + self.others.len() < MAX_FILES {
            self.name_bytes += path.len();
            self.others.push((path, what));
        }
    }

    /// Adds a member. Of several members with one name the last one counts, as it does when tools unpack them.
    fn add(&mut self, name: &str, size: u64, modified: Option<i64>, member: M) {
        if self.full {
            return;
        }
        let path = match member_path(name) {
            Ok(path) => path,
            Err(what) => {
                let shown: String = name.chars().take(200).collect();
                return self.problem("", format!("{shown}: {what}"));
            }
        };
        if names::is_of_macos(&path) {
            return;
        }
        self.name_bytes += path.len();
        if self.members.len() >= MAX_FILES || self.name_bytes > MAX_NAMES_BYTES {
            self.full = true;
            let what = format!("more than {MAX_FILES} files or {MAX_NAMES_BYTES} bytes of paths: not all are listed");
            return self.problem("", what);
        }
        let listed = Listed { path: path.clone(), size, modified };
        match self.names.get(&path) {
            Some(&number) => {
                self.members[number] = (listed, member);
                self.warning(&path, "several members have this name, the last one is read");
            }
            None => {
                self.names.insert(path, self.members.len());
                self.members.push((listed, member));
            }
        }
    }

    fn get(&self, id: u64) -> io::Result<&(Listed, M)> {
        let number = usize::try_from(id).unwrap_or(usize::MAX);
        self.members.get(number).ok_or_else(|| io::Error::other("there is no such member"))
    }

    fn list(&self, each: &mut dyn FnMut(Item)) {
        for (id, (listed, _)) in (0..).zip(&self.members) {
            let Listed { path, size, modified } = listed;
            each(Item::File { path: path.clone(), id, size: *size, modified: *modified });
        }
        for (path, what) in &self.problems {
            each(Item::Problem { path: path.clone(), what: what.clone() });
        }
        if self.more_problems > 0 {
            each(Item::Problem { path: String::new(), what: format!("{} more problems", self.more_problems) });
        }
        for (path, what) in &self.warnings {
            each(Item::Warning { path: path.clone(), what: what.clone() });
        }
        for (path, what) in &self.others {
            each(Item::Other { path: path.clone(), what });
        }
    }
}
