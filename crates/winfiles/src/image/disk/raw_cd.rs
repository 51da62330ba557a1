//! CD images with whole sectors of 2,352 bytes (`.bin`, `.img`, `.mdf`); 2,048 bytes of each are data.

use crate::image::source::Source;
use std::io;

use crate::bytes::ReadAt;

const RAW_BYTES: u64 = 2352;
const DATA_BYTES: u64 = 2048;
const SYNC: [u8; 12] = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0];
const MODE_AT: usize = 15;

/// True for the first bytes of such an image.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(&SYNC) && matches!(head.get(MODE_AT), Some(1 | 2))
}

pub(super) struct RawCd {
    file: Source,
    size: u64,
    /// Offset of the data in a sector: 16 bytes, in mode 2 24 bytes.
    skip: u64,
}

impl RawCd {
    pub(super) fn open(file: Source) -> io::Result<Self> {
        let mut head = [0; MODE_AT + 1];
        file.read_at(&mut head, 0)?;
        let size = ReadAt::size(&file)? / RAW_BYTES * DATA_BYTES;
        Ok(Self { file, size, skip: if head[MODE_AT] == 2 { 24 } else { 16 } })
    }
}

impl ReadAt for RawCd {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset + filled as u64;
            let (sector, within) = (at / DATA_BYTES, at % DATA_BYTES);
            let count = (buffer.len() - filled).min((DATA_BYTES - within) as usize);
            if at >= self.size {
                break;
            }
            let read =
                self.file.read_at(&mut buffer[filled..filled + count], sector * RAW_BYTES + self.skip + within)?;
            filled += read;
            if read < count {
                break;
            }
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
