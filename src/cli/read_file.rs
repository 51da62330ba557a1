//! Opens the files of catalogues and imports: never a device, and no more than a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Opens a file or a pipe. A device has no end.
///
/// # Errors
/// A file that cannot be opened, or is a device.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = file.metadata()?.file_type();
        if kind.is_char_device() || kind.is_block_device() {
            return Err(invalid("it is a device, not a file"));
        }
    }
    Ok(file)
}

/// Everything that is left to read, if it has at most so many bytes.
///
/// # Errors
/// More bytes, or those of the file.
pub(super) fn rest(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(invalid(&format!("it has more than {} MB", most >> 20))) } else { Ok(bytes) }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
