//! VHDX (Hyper-V), through the `vhdx-core` crate: dynamic and fixed disks. What an unclean shutdown left in the log is
//! read as if it had been written; the file stays as it is.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use vhdx::{VhdxError, VhdxReader};

use super::{SECTOR, fill};
use crate::binary::ReadAt;
use crate::image::ImageError;
use crate::image::source::Source;
use crate::isolate::isolate;

const FORMAT: &str = "VHDX image";

pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(vhdx::FILE_MAGIC)
}

pub(super) fn open(path: &Path) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let unsupported = |what: String| Err(ImageError::Unsupported { format: FORMAT, what });
    let reader = match isolate(|| VhdxReader::open(path)).map_err(damaged)? {
        Ok(reader) => reader,
        Err(VhdxError::DifferencingNotSupported) => {
            return unsupported("a differencing disk, which needs its parent".to_owned());
        }
        Err(error) => return Err(damaged(error.to_string())),
    };
    let sector = reader.logical_sector_size();
    if u64::from(sector) != SECTOR {
        return unsupported(format!("sectors of {sector} bytes"));
    }
    let size = reader.virtual_disk_size();
    Ok(Arc::new(Vhdx { reader: Mutex::new(reader), size }))
}

struct Vhdx<R> {
    reader: Mutex<R>,
    size: u64,
}

impl<R: io::Read + io::Seek> ReadAt for Vhdx<R> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.size {
            return Ok(0);
        }
        // After a panic the reader may be in any state: it is not used again.
        let mut reader = self.reader.lock().map_err(|_| io::Error::other("its reader gave up before"))?;
        isolate(|| fill(&mut *reader, buffer, offset)).unwrap_or_else(|what| Err(io::Error::other(what)))
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
