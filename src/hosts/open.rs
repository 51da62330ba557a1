//! Opens a file with an inventory as a document.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::inventory::Document;
use crate::inventory::import::{self, MAX_INVENTORY_BYTES};

/// A file of at most this size is read at once.
const HELD_BYTES: u64 = 1 << 20;

/// Opens a file: a large one as a stream. A pipe cannot be read twice, so it is held in memory, like the line of a
/// host.
///
/// # Errors
/// An I/O error, or a pipe with more data than a line may have.
pub(super) fn open_document<T>(path: &Path, read: impl FnOnce(Document<'_>) -> T) -> io::Result<T> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > HELD_BYTES {
        let again = || -> io::Result<Box<dyn Read>> { Ok(Box::new(File::open(path)?)) };
        return Ok(read(Document::Stream(&again)));
    }
    let mut bytes = Vec::new();
    file.take(MAX_INVENTORY_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_INVENTORY_BYTES {
        return Err(io::Error::other(format!("it is larger than {MAX_INVENTORY_BYTES} bytes")));
    }
    Ok(read(Document::Bytes(&bytes)))
}

/// True for a file with a snapshot of `hotfixcheck inventory`, packed or not.
pub fn is_snapshot(path: &Path) -> bool {
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(File::open(path)?)) };
    path.is_file() && import::is_snapshot(Document::Stream(&open))
}
