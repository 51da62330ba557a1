//! The walk from the root of a FAT or ISO 9660 volume through its folders. Each folder is read once. The walk ends when
//! the folders are altogether larger than those of a sound volume can be.

use std::collections::HashSet;
use std::hash::Hash;
use std::io;

use super::{Item, MAX_DEPTH, MAX_FILES, MAX_PATH_BYTES};

/// The most bytes of folders that are read: enough for [`MAX_FILES`] files.
const MAX_FOLDER_BYTES: u64 = 1 << 30;
/// The most problems that are named one by one.
const MAX_NAMED: u64 = 100;

/// An entry of a folder.
pub(super) enum Entry<K> {
    /// Another folder.
    Folder { name: String, key: K },
    /// A file, as [`Item::File`].
    File { name: String, id: u64, size: u64, modified: Option<i64> },
    /// Something with a file name that is not a file, as [`Item::Other`].
    Other { name: String, what: &'static str },
    /// Damage of the folder's own list: files are lost.
    Damage(String),
}

/// A volume whose files are found through its folders.
pub(super) trait Folders {
    /// The location of a folder.
    type Key: Copy + Eq + Hash;

    fn root(&self) -> Self::Key;

    /// The volume's size in bytes. Its folders are not larger altogether, unless they overlap.
    fn size(&self) -> u64;

    /// Gives the entries of a folder to `take`, until that returns false. Returns the folder's size in bytes.
    ///
    /// # Errors
    /// A folder that cannot be read, or not to its end. Entries given before remain valid.
    fn folder(&self, key: Self::Key, take: &mut dyn FnMut(Entry<Self::Key>) -> bool) -> io::Result<u64>;
}

/// A folder by its name and its parent. Paths are built on demand, because all paths together could exceed the memory.
struct Known {
    above: usize,
    name: Box<str>,
    depth: usize,
    path_bytes: usize,
}

/// Lists every file and returns their number.
pub(super) fn list<V: Folders>(volume: &V, each: &mut dyn FnMut(Item)) -> usize {
    let most_bytes = volume.size().min(MAX_FOLDER_BYTES);
    let mut known = vec![Known { above: 0, name: "".into(), depth: 0, path_bytes: 0 }];
    let mut seen = HashSet::from([volume.root()]);
    let mut open = vec![(0, volume.root())];
    let (mut files, mut bytes, mut problems) = (0, 0_u64, 0);
    while let Some((number, key)) = open.pop() {
        let above = path(&known, number);
        if bytes > most_bytes {
            let what = format!("its folders have more than {most_bytes} bytes, the remaining folders are not read");
            each(Item::Problem { path: above, what });
            break;
        }
        let mut problem = |each: &mut dyn FnMut(Item), path: &str, what: String| {
            problems += 1;
            if problems <= MAX_NAMED {
                each(Item::Problem { path: path.to_owned(), what });
            }
        };
        let read = volume.folder(key, &mut |entry| {
            let name = match &entry {
                Entry::Folder { name, .. } | Entry::File { name, .. } | Entry::Other { name, .. } => name,
                Entry::Damage(what) => {
                    problem(each, &above, what.clone());
                    return true;
                }
            };
            let name = plain(name);
            let path_bytes = known[number].path_bytes + usize::from(number != 0) + name.len();
            let depth = known[number].depth + 1;
            if path_bytes > MAX_PATH_BYTES {
                problem(each, &above, format!("paths of more than {MAX_PATH_BYTES} bytes are not listed"));
                return true;
            }
            let path = || if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
            match entry {
                Entry::Damage(_) => {}
                Entry::Other { what, .. } => each(Item::Other { path: path(), what }),
                Entry::File { id, size, modified, .. } => {
                    files += 1;
                    if files > MAX_FILES {
                        problem(each, &path(), format!("more than {MAX_FILES} files are not listed"));
                        return false;
                    }
                    each(Item::File { path: path(), id, size, modified });
                }
                Entry::Folder { .. } if depth > MAX_DEPTH => {
                    problem(each, &path(), format!("folders deeper than {MAX_DEPTH} are not listed"));
                }
                // A folder that was read is not read again: folders could be circular.
                Entry::Folder { key, .. } if seen.insert(key) => {
                    known.push(Known { above: number, name: name.into(), depth, path_bytes });
                    open.push((known.len() - 1, key));
                }
                Entry::Folder { .. } => {
                    problem(each, &path(), "another folder has the same contents on the disk".to_owned());
                }
            }
            true
        });
        match read {
            Ok(read) => bytes = bytes.saturating_add(read),
            Err(error) => problem(each, &above, error.to_string()),
        }
        if files > MAX_FILES {
            break;
        }
    }
    if problems > MAX_NAMED {
        each(Item::Problem { path: String::new(), what: format!("{} more problems", problems - MAX_NAMED) });
    }
    files
}

fn path(known: &[Known], number: usize) -> String {
    let mut names = Vec::new();
    let mut at = number;
    while at != 0 {
        names.push(&*known[at].name);
        at = known[at].above;
    }
    names.reverse();
    names.join("/")
}

/// A name that leads nowhere else: without separators, and neither empty nor `.` nor `..`. Characters that cannot be
/// part of a name become U+FFFD.
pub(super) fn plain(name: &str) -> String {
    match name {
        "" | "." => "\u{fffd}".to_owned(),
        ".." => "\u{fffd}\u{fffd}".to_owned(),
        _ => name.replace(['/', '\\', '\0'], "\u{fffd}"),
    }
}
