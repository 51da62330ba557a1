//! VDI (VirtualBox): dynamic and fixed disks, as VirtualBox and QEMU write them.

use crate::image::source::Source;
use std::io;

use super::blocks::{self, SECTOR, Shape};
use crate::bytes::{ReadAt, u32_at, u64_at};
use crate::image::ImageError;
use crate::image::source::corrupt;

/// The signature, after 64 bytes of text.
const SIGNATURE: [u8; 4] = [0x7f, 0x10, 0xda, 0xbe];
const HEADER_BYTES: usize = 0x190;
const VERSION: u32 = 0x0001_0001;
/// The most blocks: enough for 4 TB at the usual 1 MB; 16 MB of memory.
const MAX_BLOCKS: u32 = 1 << 22;
const MAX_BLOCK_BYTES: u32 = 256 << 20;
/// From this value on, entries of the block table mark blocks without contents: freed, or never written.
const NO_BLOCK: u32 = u32::MAX - 1;
const FORMAT: &str = "VDI image";
/// How to make a disk readable that this reader refuses.
const ADVICE: &str = "convert it to a raw image (qemu-img convert -O raw)";

pub(super) fn recognise(head: &[u8]) -> bool {
    head.get(64..68) == Some(&SIGNATURE)
}

pub(super) struct Vdi {
    file: Source,
    shape: Shape,
    /// The number of each block in the area that begins at `data`.
    table: Vec<u32>,
    data: u64,
}

impl Vdi {
    pub(super) fn open(file: Source) -> Result<Self, ImageError> {
        let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
        let unsupported = |what: String| Err(ImageError::Unsupported { format: FORMAT, what, advice: ADVICE });
        let mut header = [0; HEADER_BYTES];
        if file.read_at(&mut header, 0)? < HEADER_BYTES {
            return Err(damaged("it ends within its header".to_owned()));
        }
        let version = u32_at(&header, 0x44);
        if version != VERSION {
            return unsupported(format!("version {}.{}", version >> 16, version & 0xffff));
        }
        match u32_at(&header, 0x4c) {
            1 | 2 => {}
            3 | 4 => return unsupported("a differencing disk, which needs its parent".to_owned()),
            other => return Err(damaged(format!("a disk of type {other}"))),
        }
        let (table_at, data) = (u32_at(&header, 0x154), u32_at(&header, 0x158));
        let (disk, block, extra) = (u64_at(&header, 0x170), u32_at(&header, 0x178), u32_at(&header, 0x17c));
        let count = u32_at(&header, 0x180);
        if extra != 0 {
            return unsupported(format!("blocks with {extra} bytes before their contents"));
        }
        if count > MAX_BLOCKS || block == 0 || block > MAX_BLOCK_BYTES || u64::from(block) % SECTOR != 0 {
            return Err(damaged(format!("{count} blocks of {block} bytes")));
        }
        let mut bytes = vec![0; count as usize * 4];
        if file.read_at(&mut bytes, table_at.into())? < bytes.len() {
            return Err(damaged("it ends within its block table".to_owned()));
        }
        let table = bytes.chunks_exact(4).map(|entry| u32_at(entry, 0)).collect();
        Ok(Self { file, shape: Shape { disk, block: block.into() }, table, data: data.into() })
    }
}

impl ReadAt for Vdi {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        blocks::read(&self.file, self.shape, buffer, offset, |number| {
            let entry = usize::try_from(number).ok().and_then(|number| self.table.get(number).copied());
            let place = entry.ok_or_else(|| corrupt(format!("the VDI image has no entry for its block {number}")))?;
            Ok((place < NO_BLOCK).then(|| self.data + u64::from(place) * self.shape.block))
        })
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.shape.disk)
    }
}
