//! VHD (Virtual PC, Hyper-V): fixed and dynamic disks, according to Microsoft's specification. The `vhd` crate reads
//! the whole image into memory.

use crate::image::source::Source;
use std::io;

use super::blocks::{self, SECTOR, Shape};
use crate::bytes::{ReadAt, u32_be_at, u64_be_at};
use crate::image::ImageError;
use crate::image::source::corrupt;

const COOKIE: &[u8] = b"conectix";
const DYNAMIC_COOKIE: &[u8] = b"cxsparse";
const DYNAMIC_BYTES: usize = 1024;
/// The most blocks of a dynamic disk. The format's limit of 2 TB needs a quarter of them at the usual 2 MB.
const MAX_BLOCKS: u32 = 1 << 22;
const MAX_BLOCK_BYTES: u32 = 256 << 20;
const UNUSED: u32 = u32::MAX;
const FORMAT: &str = "VHD image";
/// How to make a disk readable that this reader refuses.
const ADVICE: &str = "convert it to a raw image (qemu-img convert -O raw)";

/// True if the file ends with the footer of a fixed disk.
pub(super) fn has_footer(file: &Source) -> io::Result<bool> {
    let mut cookie = [0; 8];
    let Some(at) = ReadAt::size(file)?.checked_sub(SECTOR) else { return Ok(false) };
    file.read_at(&mut cookie, at)?;
    Ok(cookie == COOKIE)
}

pub(super) struct Vhd {
    file: Source,
    size: u64,
    /// `None` for a fixed disk, whose bytes are stored in order.
    blocks: Option<Blocks>,
}

struct Blocks {
    /// The sector of each block's bitmap; the block's data follow it.
    table: Vec<u32>,
    block: u64,
    bitmap: u64,
}

impl Vhd {
    pub(super) fn open(file: Source) -> Result<Self, ImageError> {
        let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
        let unsupported =
            |what: &str| ImageError::Unsupported { format: FORMAT, what: what.to_owned(), advice: ADVICE };
        let length = ReadAt::size(&file)?;
        let mut footer = [0; SECTOR as usize];
        // The footer at the end is the authoritative one. A dynamic disk has a copy at its start, for files that were
        // cut.
        let end = length.saturating_sub(SECTOR);
        for at in [end, 0] {
            footer = [0; SECTOR as usize];
            file.read_at(&mut footer, at)?;
            if footer.starts_with(COOKIE) {
                break;
            }
        }
        let size = u64_be_at(&footer, 48);
        match u32_be_at(&footer, 60) {
            2 if size > end => Err(damaged(format!("{end} bytes of the {size} that its footer states"))),
            2 => Ok(Self { file, size, blocks: None }),
            3 => {
                let at = u64_be_at(&footer, 16);
                let mut header = [0; DYNAMIC_BYTES];
                if file.read_at(&mut header, at)? < DYNAMIC_BYTES || !header.starts_with(DYNAMIC_COOKIE) {
                    return Err(damaged(format!("no header of a dynamic disk at offset {at:#x}")));
                }
                let (table_at, count, block) = (u64_be_at(&header, 16), u32_be_at(&header, 28), u32_be_at(&header, 32));
                if count > MAX_BLOCKS || block > MAX_BLOCK_BYTES || u64::from(block) % SECTOR != 0 || block == 0 {
                    return Err(damaged(format!("{count} blocks of {block} bytes")));
                }
                let mut bytes = vec![0; count as usize * 4];
                if file.read_at(&mut bytes, table_at)? < bytes.len() {
                    return Err(damaged("it ends within its block table".to_owned()));
                }
                let table = bytes.chunks_exact(4).map(|entry| u32_be_at(entry, 0)).collect();
                // One bit for each sector, padded to whole sectors.
                let bitmap = (u64::from(block) / SECTOR).div_ceil(8).next_multiple_of(SECTOR);
                Ok(Self { file, size, blocks: Some(Blocks { table, block: block.into(), bitmap }) })
            }
            4 => Err(unsupported("a differencing disk, which needs its parent")),
            other => Err(damaged(format!("a disk of type {other}"))),
        }
    }
}

impl ReadAt for Vhd {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let Some(blocks) = &self.blocks else {
            let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
            let wanted = left.min(buffer.len());
            return self.file.read_at(&mut buffer[..wanted], offset);
        };
        let shape = Shape { disk: self.size, block: blocks.block };
        blocks::read(&self.file, shape, buffer, offset, |number| {
            let sector = usize::try_from(number).ok().and_then(|number| blocks.table.get(number).copied());
            let missing = || corrupt(format!("the VHD image has no entry for its block {number}"));
            let sector = sector.ok_or_else(missing)?;
            Ok((sector != UNUSED).then(|| u64::from(sector) * SECTOR + blocks.bitmap))
        })
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}
