//! E01 and Ex01 (EnCase, ewfacquire), through the `ewf` crate; the segments lie beside the first one.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ewf::EwfReader;

use crate::binary::ReadAt;
use crate::image::ImageError;
use crate::image::source::Source;
use crate::isolate::isolate;

/// True for the first bytes of a segment.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"EVF\x09\x0d\x0a\xff\x00") || head.starts_with(b"EVF2\x0d\x0a\x81\x00")
}

pub(super) fn open(path: &Path) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: "E01 image", what };
    let reader = isolate(|| EwfReader::open(path)).map_err(damaged)?.map_err(|error| damaged(error.to_string()))?;
    Ok(Arc::new(Ewf(reader)))
}

struct Ewf(EwfReader);

impl ReadAt for Ewf {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let read = isolate(|| self.0.read_at(buffer, offset)).map_err(io::Error::other)?;
        read.map_err(io::Error::other)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.total_size())
    }
}
