//! The walk through a tree: lists every file, reads those that matter, on every core.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::candidate::{Candidate, Interest};
use super::system::HiveFiles;
use super::{Inventory, Place, Problem, RelativePath, copies};

/// Why a root cannot be walked at all.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// There is nothing of this name.
    #[error("{}: no such file or folder", path.display())]
    Missing {
        /// The root as given.
        path: PathBuf,
    },
    /// The system refuses it.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The root as given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A device, socket or pipe: opening it could block forever.
    #[error("{}: neither a file nor a folder", path.display())]
    NotAFileOrFolder {
        /// The root as given.
        path: PathBuf,
    },
}

/// How far the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many regular files were seen so far; listing goes on.
    Listed(u64),
    /// Listing is over, so many files are to be read.
    ToRead(u64),
    /// One more file was read, from any thread.
    Read,
}

/// Lists every regular file below the roots and reads those whose name `wanted` accepts, and the registry's hives.
///
/// `wanted` gets the bare file name in lower case; it is asked for the names that a packed file (`tapisrv.ex_`) can
/// have had, too, and such a file is read if it is packed indeed; and for the names of cabinets' members. Links are not followed (a root itself may be one); devices, pipes
/// and sockets are not opened. What cannot be listed is a [`Problem`], what cannot be read an [`Entry`](super::Entry) with its
/// error; neither stops the walk.
///
/// # Errors
/// A root that is missing, refused, or neither file nor folder. A folder without files is no error.
pub fn walk(
    roots: &[PathBuf],
    wanted: impl Fn(&str) -> bool + Sync,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Inventory, InventoryError> {
    let mut inventory = Inventory { roots: roots.to_vec(), ..Inventory::default() };
    let mut candidates = Vec::new();
    let mut hives = HiveFiles::default();
    for (root, path) in roots.iter().enumerate() {
        check_root(path)?;
        list(root, path, &wanted, progress, &mut inventory, &mut candidates, &mut hives);
    }
    candidates.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
    inventory.systems = hives.read();
    inventory.problems.sort_by(|a, b| (a.root, &a.path, &a.what).cmp(&(b.root, &b.path, &b.what)));
    progress(Progress::ToRead(candidates.len() as u64));
    // The order of `candidates` is kept by the parallel collect, whatever the threads do.
    inventory.entries = candidates
        .into_par_iter()
        .flat_map_iter(|candidate| {
            let entries = candidate.read(&wanted);
            progress(Progress::Read);
            entries
        })
        .collect();
    inventory.entries.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
    copies::mark_packed_twins(&mut inventory.entries);
    Ok(inventory)
}

fn check_root(path: &Path) -> Result<(), InventoryError> {
    let metadata = path.metadata().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => InventoryError::Missing { path: path.to_owned() },
        _ => InventoryError::Unreadable { path: path.to_owned(), source },
    })?;
    if metadata.is_dir() {
        // An unreadable root is no empty tree.
        path.read_dir().map_err(|source| InventoryError::Unreadable { path: path.to_owned(), source })?;
    } else if !metadata.is_file() {
        return Err(InventoryError::NotAFileOrFolder { path: path.to_owned() });
    }
    Ok(())
}

fn list(
    root: usize,
    root_path: &Path,
    wanted: &impl Fn(&str) -> bool,
    progress: &(dyn Fn(Progress) + Sync),
    inventory: &mut Inventory,
    candidates: &mut Vec<Candidate>,
    hives: &mut HiveFiles,
) {
    let relative = |path: &Path| RelativePath::new(path.strip_prefix(root_path).unwrap_or(path));
    for item in WalkDir::new(root_path).follow_links(false) {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                let path = error.path().map(relative).unwrap_or_default();
                let what = error.io_error().map_or_else(|| error.to_string(), io::Error::to_string);
                inventory.problems.push(Problem { root, path, what });
                continue;
            }
        };
        // A root that is a link to a file has the link's type; check_root has looked behind it.
        let regular = item.file_type().is_file() || (item.depth() == 0 && root_path.is_file());
        if !regular {
            continue;
        }
        inventory.files_seen += 1;
        progress(Progress::Listed(inventory.files_seen));
        hives.offer(root, root_path, item.path());
        let Some(name) = item.file_name().to_str().map(str::to_lowercase) else { continue };
        let Some(interest) = Interest::of(&name, wanted) else { continue };
        let path = match item.depth() {
            0 => RelativePath::new(Path::new(item.file_name())),
            _ => relative(item.path()),
        };
        let metadata = item.path().metadata().ok();
        candidates.push(Candidate {
            root,
            is_root: item.depth() == 0,
            path,
            size: metadata.as_ref().map(Metadata::len),
            modified: metadata.and_then(|m| m.modified().ok()).and_then(seconds),
            place: Place::File(item.into_path()),
            interest,
        });
    }
}

/// Seconds since 1970 UTC, rounded down; times before 1970 are negative.
fn seconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => {
            let before = before.duration();
            let whole = i64::try_from(before.as_secs()).ok()?;
            Some(-whole - i64::from(before.subsec_nanos() > 0))
        }
    }
}
