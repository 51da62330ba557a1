//! VHDX (Hyper-V), through the `vhdx-core` crate: dynamic and fixed disks. What an unclean shutdown left in the log is
//! read as if it had been written; the file stays as it is.

use std::path::Path;
use std::sync::{Arc, Mutex};

use vhdx::{VhdxError, VhdxReader};

use super::{Cursor, SECTOR};
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
    Ok(Arc::new(Cursor { reader: Mutex::new(reader), size }))
}
