//! VHDX (Hyper-V): dynamic and fixed disks, according to \[MS-VHDX\]. A disk whose log still holds changes is refused:
//! without them its files would appear in a state that never existed.

use crate::image::source::Source;
use std::io;

use crc::{CRC_32_ISCSI, Crc};

use super::blocks::{self, Shape};
use crate::bytes::{ReadAt, u32_at, u64_at};
use crate::image::ImageError;
use crate::image::source::corrupt;

/// The sizes that sectors can have.
const SECTORS: [u32; 2] = [512, 4096];
const SIGNATURE: &[u8] = b"vhdxfile";
const FORMAT: &str = "VHDX image";
/// How to make a disk readable that this reader refuses.
const ADVICE: &str = "convert it to a raw image (qemu-img convert -O raw)";
/// Headers and region tables are stored twice: an undamaged one is used, the later one if both are.
const HEADERS: [u64; 2] = [64 << 10, 128 << 10];
const HEADER_BYTES: usize = 4 << 10;
const REGION_TABLES: [u64; 2] = [192 << 10, 256 << 10];
const TABLE_BYTES: usize = 64 << 10;
/// The most entries of a region table or the metadata table: the format's own limit.
const MAX_ENTRIES: u32 = 2047;
/// The most blocks: enough for 128 TB at the usual 32 MB, or 4 TB at the smallest size; 32 MB of memory.
const MAX_BLOCKS: u64 = 1 << 22;
const BLOCK_BYTES: std::ops::RangeInclusive<u32> = 1 << 20..=256 << 20;
/// The sectors that one bitmap covers; bitmaps have entries among those of the block table.
const BITMAP_SECTORS: u64 = 1 << 23;
/// The offset of a block, in megabytes; the low bits of an entry are its state.
const PLACE: u64 = !((1 << 20) - 1);

/// Identifiers of regions and metadata, as stored in the file.
mod id {
    pub(super) const BLOCK_TABLE: [u8; 16] = bytes(0x2dc2_7766, 0xf623, 0x4200, 0x9d64_115e_9bfd_4a08);
    pub(super) const METADATA: [u8; 16] = bytes(0x8b7c_a206, 0x4790, 0x4b9a, 0xb8fe_575f_050f_886e);
    pub(super) const FILE_PARAMETERS: [u8; 16] = bytes(0xcaa1_6737, 0xfa36, 0x4d43, 0xb3b6_33f0_aa44_e76b);
    pub(super) const DISK_SIZE: [u8; 16] = bytes(0x2fa5_4224, 0xcd1b, 0x4876, 0xb211_5dbe_d83b_f4b8);
    pub(super) const SECTOR_SIZE: [u8; 16] = bytes(0x8141_bf1d, 0xa96f, 0x4709, 0xba47_f233_a8fa_ab5f);
    pub(super) const PHYSICAL_SECTOR_SIZE: [u8; 16] = bytes(0xcda3_48c7, 0x445d, 0x4471, 0x9cc9_e988_5251_c556);
    pub(super) const DISK_ID: [u8; 16] = bytes(0xbeca_12ab, 0xb2e6, 0x4523, 0x93ef_c309_e000_c746);

    /// The first three numbers are stored with their lowest byte first, the rest as written.
    const fn bytes(first: u32, second: u16, third: u16, rest: u64) -> [u8; 16] {
        let (a, b, c, d) = (first.to_le_bytes(), second.to_le_bytes(), third.to_le_bytes(), rest.to_be_bytes());
        [a[0], a[1], a[2], a[3], b[0], b[1], c[0], c[1], d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]]
    }
}

pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(SIGNATURE)
}

pub(super) struct Vhdx {
    file: Source,
    shape: Shape,
    /// How many blocks share a bitmap.
    ratio: u64,
    table: Vec<u64>,
}

/// A part of the file.
#[derive(Clone, Copy)]
struct Region {
    at: u64,
    bytes: u64,
}

/// The values of the metadata table.
#[derive(Default)]
struct Metadata {
    block: Option<u32>,
    disk: Option<u64>,
    sector: Option<u32>,
}

impl Vhdx {
    pub(super) fn open(file: Source) -> Result<Self, ImageError> {
        check_header(&file)?;
        let (table, metadata) = regions(&file)?;
        let Metadata { block: Some(block), disk: Some(disk), sector: Some(sector) } = metadata_of(&file, metadata)?
        else {
            return Err(damaged("its metadata do not tell its size and blocks".to_owned()));
        };
        // Only the partitions and the number of blocks that share a bitmap depend on it.
        if !SECTORS.contains(&sector) {
            return Err(unsupported(format!("sectors of {sector} bytes")));
        }
        let blocks = disk.div_ceil(block.into());
        if !BLOCK_BYTES.contains(&block) || !block.is_power_of_two() || disk == 0 || blocks > MAX_BLOCKS {
            return Err(damaged(format!("{disk} bytes in blocks of {block}")));
        }
        let ratio = BITMAP_SECTORS * u64::from(sector) / u64::from(block);
        let count = index(blocks - 1, ratio) + 1;
        if count * 8 > table.bytes {
            return Err(damaged(format!("a table of {} bytes for {count} blocks", table.bytes)));
        }
        let mut bytes = vec![0; usize::try_from(count * 8).unwrap_or(usize::MAX)];
        if file.read_at(&mut bytes, table.at)? < bytes.len() {
            return Err(damaged("it ends within its block table".to_owned()));
        }
        let table = bytes.chunks_exact(8).map(|entry| u64_at(entry, 0)).collect();
        Ok(Self { file, shape: Shape { disk, block: block.into() }, ratio, table })
    }
}

/// The position of a block's entry in the table, which includes the entries of the bitmaps before it.
fn index(block: u64, ratio: u64) -> u64 {
    block + block / ratio
}

fn damaged(what: String) -> ImageError {
    ImageError::Damaged { format: FORMAT, what }
}

fn unsupported(what: String) -> ImageError {
    ImageError::Unsupported { format: FORMAT, what, advice: ADVICE }
}

/// The bytes at an offset, if they begin with the signature and have the checksum that they state.
fn checked(file: &Source, at: u64, signature: &[u8], size: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; size];
    if file.read_at(&mut bytes, at)? < size || !bytes.starts_with(signature) {
        return Ok(None);
    }
    let stated = u32_at(&bytes, 4);
    bytes[4..8].fill(0);
    Ok((Crc::<u32>::new(&CRC_32_ISCSI).checksum(&bytes) == stated).then_some(bytes))
}

/// Checks that the version is known and that the log holds no pending changes.
fn check_header(file: &Source) -> Result<(), ImageError> {
    let mut headers = Vec::new();
    for at in HEADERS {
        headers.extend(checked(file, at, b"head", HEADER_BYTES)?);
    }
    let Some(header) = headers.iter().max_by_key(|header| u64_at(header, 8)) else {
        return Err(damaged("neither of its headers is whole".to_owned()));
    };
    let version = u32_at(header, 64) >> 16;
    if version != 1 {
        return Err(unsupported(format!("version {version}")));
    }
    if header[48..64].iter().any(|&byte| byte != 0) {
        let how = "attach it once for writing (Hyper-V, `qemu-img check -r all`)";
        return Err(unsupported(format!("changes that are still in its log; {how}")));
    }
    Ok(())
}

/// The block table and the metadata.
fn regions(file: &Source) -> Result<(Region, Region), ImageError> {
    let mut tables = Vec::new();
    for at in REGION_TABLES {
        tables.extend(checked(file, at, b"regi", TABLE_BYTES)?);
    }
    let Some(regions) = tables.first() else {
        return Err(damaged("neither of its region tables is whole".to_owned()));
    };
    let count = u32_at(regions, 8).min(MAX_ENTRIES) as usize;
    let (mut table, mut metadata) = (None, None);
    for entry in regions[16..].chunks_exact(32).take(count) {
        let region = Region { at: u64_at(entry, 16), bytes: u32_at(entry, 24).into() };
        match &entry[..16] {
            known if known == id::BLOCK_TABLE => table = Some(region),
            known if known == id::METADATA => metadata = Some(region),
            _ if u32_at(entry, 28) & 1 != 0 => return Err(unsupported("a region of unknown meaning".to_owned())),
            _ => {}
        }
    }
    table.zip(metadata).ok_or_else(|| damaged("it has no block table or no metadata".to_owned()))
}

fn metadata_of(file: &Source, region: Region) -> Result<Metadata, ImageError> {
    let mut table = vec![0; TABLE_BYTES];
    if file.read_at(&mut table, region.at)? < TABLE_BYTES || !table.starts_with(b"metadata") {
        return Err(damaged(format!("no metadata at offset {:#x}", region.at)));
    }
    let count = (u32_at(&table, 8) >> 16).min(MAX_ENTRIES) as usize;
    let mut found = Metadata::default();
    for entry in table[32..].chunks_exact(32).take(count) {
        let (offset, size) = (u64::from(u32_at(entry, 16)), u32_at(entry, 20));
        let mut item = [0; 8];
        let inside = region.bytes.saturating_sub(offset).min(size.into()).min(8);
        let inside = usize::try_from(inside).unwrap_or(0);
        let whole = |needed: usize, read: usize| read >= needed;
        let read = file.read_at(&mut item[..inside], region.at.saturating_add(offset))?;
        match &entry[..16] {
            known if known == id::FILE_PARAMETERS && whole(8, read) => {
                if u32_at(&item, 4) & 2 != 0 {
                    return Err(unsupported("a differencing disk, which needs its parent".to_owned()));
                }
                found.block = Some(u32_at(&item, 0));
            }
            known if known == id::DISK_SIZE && whole(8, read) => found.disk = Some(u64_at(&item, 0)),
            known if known == id::SECTOR_SIZE && whole(4, read) => found.sector = Some(u32_at(&item, 0)),
            known if known == id::PHYSICAL_SECTOR_SIZE || known == id::DISK_ID => {}
            _ if u32_at(entry, 24) & 4 != 0 => {
                return Err(unsupported("metadata of unknown meaning".to_owned()));
            }
            _ => {}
        }
    }
    Ok(found)
}

impl ReadAt for Vhdx {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        blocks::read(&self.file, self.shape, buffer, offset, |number| {
            let entry = usize::try_from(index(number, self.ratio)).ok().and_then(|at| self.table.get(at).copied());
            let entry = entry.ok_or_else(|| corrupt(format!("the VHDX image has no entry for its block {number}")))?;
            match entry & 7 {
                // Never written, zeros, or freed.
                0..=3 => Ok(None),
                6 => Ok(Some(entry & PLACE)),
                state => Err(corrupt(format!("the VHDX image has block {number} in state {state}"))),
            }
        })
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.shape.disk)
    }
}
