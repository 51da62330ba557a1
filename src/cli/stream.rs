//! Opens files and pipes as documents that can be read again from the beginning.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write as _};
use std::path::Path;

use hotfixcheck::inventory::Document;

/// A file of at most this size is read at once; of a pipe, at most this much is held in memory.
const HELD_BYTES: u64 = 1 << 20;

/// Opens a file, a pipe, or standard input for `-`. Large input that cannot be read twice is copied to a temporary
/// file, which has no name and disappears when the program ends.
///
/// # Errors
/// An I/O error.
pub(super) fn with_document<T>(path: &Path, read: impl FnOnce(Document<'_>) -> T) -> io::Result<T> {
    if path.as_os_str() == "-" {
        return spooled(&mut io::stdin().lock(), read);
    }
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > HELD_BYTES {
        let again = || -> io::Result<Box<dyn Read>> { Ok(Box::new(File::open(path)?)) };
        return Ok(read(Document::Stream(&again)));
    }
    spooled(&mut file, read)
}

fn spooled<T>(input: &mut dyn Read, read: impl FnOnce(Document<'_>) -> T) -> io::Result<T> {
    let mut bytes = Vec::new();
    input.take(HELD_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= HELD_BYTES {
        return Ok(read(Document::Bytes(&bytes)));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    drop(bytes);
    io::copy(input, &mut file)?;
    let again = || -> io::Result<Box<dyn Read>> {
        let mut file = file.try_clone()?;
        file.rewind()?;
        Ok(Box::new(file))
    };
    Ok(read(Document::Stream(&again)))
}
