//! VMDK (VMware), through the `vmdk-core` crate: sparse, stream-optimised and flat disks, in one file or several.

use std::path::{Component, Path};
use std::sync::{Arc, Mutex};

use vmdk::{VmdkError, VmdkFileReader};

use super::Cursor;
use crate::image::ImageError;
use crate::image::source::Source;
use crate::isolate::isolate;

const FORMAT: &str = "VMDK image";

/// True for the first bytes of a disk, or of the text that describes one.
pub(super) fn recognise(head: &[u8]) -> bool {
    let text = b"# Disk DescriptorFile";
    head.starts_with(b"KDMV")
        || head.starts_with(b"COWD")
        || head.get(..text.len()).is_some_and(|h| h.eq_ignore_ascii_case(text))
}

pub(super) fn open(path: &Path) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let reader = isolate(|| {
        let folder = path.parent().unwrap_or(Path::new(""));
        for extent in VmdkFileReader::extent_dependencies(path)? {
            // A description can name any file of the machine; only those that lie beside it are its disk.
            let beside = extent.strip_prefix(folder).is_ok_and(|name| {
                let mut parts = name.components();
                matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
            });
            if !beside {
                return Err(Opening::Elsewhere(extent.display().to_string()));
            }
        }
        Ok(VmdkFileReader::open_path(path)?)
    });
    let reader = match reader.map_err(damaged)? {
        Ok(reader) => reader,
        Err(Opening::Elsewhere(extent)) => {
            let what = format!("its extent {extent} does not lie beside it, and is not opened");
            return Err(ImageError::Unsupported { format: FORMAT, what });
        }
        Err(Opening::Refused(VmdkError::UnsupportedDiskType(kind))) => {
            return Err(ImageError::Unsupported { format: FORMAT, what: format!("disk type {kind}") });
        }
        Err(Opening::Refused(error)) => return Err(damaged(error.to_string())),
    };
    // A snapshot holds what was changed since its parent; read alone it would show old files as they never were.
    if reader.parent_cid() != NO_PARENT {
        let what = "a snapshot, which needs its parent".to_owned();
        return Err(ImageError::Unsupported { format: FORMAT, what });
    }
    let size = reader.virtual_disk_size();
    Ok(Arc::new(Cursor { reader: Mutex::new(reader), size }))
}

const NO_PARENT: u32 = u32::MAX;

enum Opening {
    Refused(VmdkError),
    Elsewhere(String),
}

impl From<VmdkError> for Opening {
    fn from(error: VmdkError) -> Self {
        Self::Refused(error)
    }
}
