//! PE: COFF and optional header, section table, and the translation of an address in the image to an offset in the
//! file.
//!
//! pelite's structures give the offset of every field; the bytes are read as little-endian numbers one by one.

use std::mem::{offset_of, size_of};

use pelite::image::{
    IMAGE_DATA_DIRECTORY, IMAGE_DIRECTORY_ENTRY_RESOURCE, IMAGE_FILE_HEADER, IMAGE_NT_OPTIONAL_HDR32_MAGIC,
    IMAGE_NT_OPTIONAL_HDR64_MAGIC, IMAGE_OPTIONAL_HEADER32, IMAGE_OPTIONAL_HEADER64, IMAGE_SECTION_HEADER,
};

use hotfixcheck_types::Machine;

use super::window::OpenFile;
use super::{Binary, BinaryError, Format, VersionOutcome};
use crate::bytes::{u16_at, u32_at};

/// The most sections a file may announce. Windows loads at most 96; debug builds of other linkers have had more.
const MAX_SECTIONS: u16 = 1024;
/// Below this file alignment the loader uses section pointers as they are (NT 4.0 drivers are aligned to 0x20). From
/// this alignment on it rounds them down to a multiple of it.
const SECTOR: u32 = 0x200;
/// Below this section alignment (a page) the loader maps the file as a whole.
const PAGE: u32 = 0x1000;
/// Size of the signature before the COFF header.
const SIGNATURE_BYTES: usize = 4;

// Both formats have these fields at the same offset, so the magic number is not needed to read them.
const CHECKSUM: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, CheckSum);
const _: () = assert!(CHECKSUM == offset_of!(IMAGE_OPTIONAL_HEADER64, CheckSum));
const SIZE_OF_HEADERS: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, SizeOfHeaders);
const _: () = assert!(SIZE_OF_HEADERS == offset_of!(IMAGE_OPTIONAL_HEADER64, SizeOfHeaders));
const SECTION_ALIGNMENT: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, SectionAlignment);
const _: () = assert!(SECTION_ALIGNMENT == offset_of!(IMAGE_OPTIONAL_HEADER64, SectionAlignment));
const FILE_ALIGNMENT: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, FileAlignment);
const _: () = assert!(FILE_ALIGNMENT == offset_of!(IMAGE_OPTIONAL_HEADER64, FileAlignment));

/// The file-wide fields of the headers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// Offset of the optional header in the file.
    optional: u64,
    optional_size: u16,
    sections: u16,
    machine_raw: u16,
    time_stamp: u32,
    checksum: u32,
}

/// Reads the file-wide fields of the PE header at `start`, where its signature was found.
///
/// # Errors
/// `Truncated`, `Io`.
pub(super) fn header(file: &mut OpenFile<'_>, start: u64) -> Result<Header, BinaryError> {
    let coff = file.at("PE header", start, SIGNATURE_BYTES + size_of::<IMAGE_FILE_HEADER>())?;
    let field = |offset: usize| SIGNATURE_BYTES + offset;
    let mut header = Header {
        optional: start + (SIGNATURE_BYTES + size_of::<IMAGE_FILE_HEADER>()) as u64,
        optional_size: u16_at(coff, field(offset_of!(IMAGE_FILE_HEADER, SizeOfOptionalHeader))),
        sections: u16_at(coff, field(offset_of!(IMAGE_FILE_HEADER, NumberOfSections))),
        machine_raw: u16_at(coff, field(offset_of!(IMAGE_FILE_HEADER, Machine))),
        time_stamp: u32_at(coff, field(offset_of!(IMAGE_FILE_HEADER, TimeDateStamp))),
        checksum: 0,
    };
    if usize::from(header.optional_size) >= CHECKSUM + 4 {
        header.checksum = u32_at(file.at("optional header", header.optional, CHECKSUM + 4)?, CHECKSUM);
    }
    Ok(header)
}

impl Header {
    /// The file-wide fields of the headers, with the given result for the version resource.
    pub(super) fn binary(&self, version: VersionOutcome) -> Binary {
        Binary {
            format: Format::Pe,
            machine: Machine::from_pe(self.machine_raw),
            machine_raw: self.machine_raw,
            time_stamp: (self.time_stamp != 0).then_some(self.time_stamp),
            checksum: (self.checksum != 0).then_some(self.checksum),
            version,
        }
    }
}

/// Address and size of the resource directory: data directory entry 2, whatever its section is called. `None` if the
/// file has no resources.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
pub(super) fn resource_directory(file: &mut OpenFile<'_>, header: &Header) -> Result<Option<(u32, u32)>, BinaryError> {
    const ENTRY: usize = IMAGE_DIRECTORY_ENTRY_RESOURCE * size_of::<IMAGE_DATA_DIRECTORY>();
    let magic = u16_at(file.at("optional header", header.optional, 2)?, 0);
    let (fixed_size, count_at) = match magic {
        IMAGE_NT_OPTIONAL_HDR32_MAGIC => {
            (size_of::<IMAGE_OPTIONAL_HEADER32>(), offset_of!(IMAGE_OPTIONAL_HEADER32, NumberOfRvaAndSizes))
        }
        IMAGE_NT_OPTIONAL_HDR64_MAGIC => {
            (size_of::<IMAGE_OPTIONAL_HEADER64>(), offset_of!(IMAGE_OPTIONAL_HEADER64, NumberOfRvaAndSizes))
        }
        _ => {
            let at = header.optional;
            return Err(BinaryError::Corrupt(format!("unknown optional header magic {magic:#x} at offset {at:#x}")));
        }
    };
    let optional = file.at("optional header", header.optional, fixed_size)?;
    if u32_at(optional, count_at) as usize <= IMAGE_DIRECTORY_ENTRY_RESOURCE {
        return Ok(None);
    }
    let entry_at = header.optional + (fixed_size + ENTRY) as u64;
    let entry = file.at("data directory", entry_at, size_of::<IMAGE_DATA_DIRECTORY>())?;
    let address = u32_at(entry, offset_of!(IMAGE_DATA_DIRECTORY, VirtualAddress));
    let size = u32_at(entry, offset_of!(IMAGE_DATA_DIRECTORY, Size));
    Ok((address != 0).then_some((address, size)))
}

/// One section: its location in the image and in the file.
#[derive(Clone, Copy, Debug)]
struct Section {
    address: u32,
    size: u32,
    offset: u32,
    /// The offset as stated; 0 if the file holds no bytes of the section.
    stated: u32,
}

/// The section table, kept from file to file.
#[derive(Debug, Default)]
pub(super) struct Sections {
    sections: Vec<Section>,
    header_size: u32,
    /// The loader maps the file unchanged: addresses are offsets.
    flat: bool,
}

impl Sections {
    /// Reads the table that follows the optional header.
    ///
    /// # Errors
    /// `Truncated`, `Corrupt` for a count over the cap, `Io`.
    pub(super) fn load(&mut self, file: &mut OpenFile<'_>, header: &Header) -> Result<(), BinaryError> {
        const ROW: usize = size_of::<IMAGE_SECTION_HEADER>();
        self.sections.clear();
        if header.sections > MAX_SECTIONS {
            return Err(BinaryError::Corrupt(format!("{} sections announced", header.sections)));
        }
        let optional = file.at("optional header", header.optional, SIZE_OF_HEADERS + 4)?;
        self.header_size = u32_at(optional, SIZE_OF_HEADERS);
        let rounded = u32_at(optional, FILE_ALIGNMENT) >= SECTOR;
        self.flat = (1..PAGE).contains(&u32_at(optional, SECTION_ALIGNMENT));
        let table_at = header.optional + u64::from(header.optional_size);
        let table = file.at("section table", table_at, usize::from(header.sections) * ROW)?;
        self.sections.extend(table.chunks_exact(ROW).map(|row| {
            let offset = u32_at(row, offset_of!(IMAGE_SECTION_HEADER, PointerToRawData));
            Section {
                address: u32_at(row, offset_of!(IMAGE_SECTION_HEADER, VirtualAddress)),
                size: u32_at(row, offset_of!(IMAGE_SECTION_HEADER, SizeOfRawData)),
                offset: if rounded { offset - offset % SECTOR } else { offset },
                stated: offset,
            }
        }));
        Ok(())
    }

    /// The offset of the first section that extends beyond the end of the file. Such a file was cut, and Windows does
    /// not load it. The end of the last sector may be missing.
    pub(super) fn cut(&self, size: u64) -> Option<u64> {
        let ends_within = |section: &&Section| {
            let end = u64::from(section.offset) + u64::from(section.size);
            section.stated == 0 || section.size == 0 || end < size.saturating_add(SECTOR.into())
        };
        let cut = self.sections.iter().find(|section| !ends_within(section)).filter(|_| !self.flat);
        cut.map(|section| section.offset.into())
    }

    /// Whether the contents are lost: the file has bytes of sections, and all of them begin with zeros. Code, tables of
    /// imports and resources never do; data alone may.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn are_zeros(&self, file: &mut OpenFile<'_>) -> Result<bool, BinaryError> {
        let mut seen = false;
        for section in self.sections.iter().filter(|section| section.stated != 0) {
            let start = file.up_to(section.offset.into(), section.size.min(SECTOR) as usize)?;
            if start.iter().any(|&byte| byte != 0) {
                return Ok(false);
            }
            seen |= !start.is_empty();
        }
        Ok(seen)
    }

    /// The file offset of an address in the image, and the number of bytes that its section holds from there on; `None`
    /// if the file holds no bytes for it.
    pub(super) fn place(&self, address: u32) -> Option<(u64, u64)> {
        for section in &self.sections {
            if let Some(inside) = address.checked_sub(section.address)
                && inside < section.size
            {
                return Some((u64::from(section.offset) + u64::from(inside), u64::from(section.size - inside)));
            }
        }
        // The headers are mapped unchanged, up to the first section. Some linkers put resources there.
        let headers_end = self.sections.iter().map(|s| s.address).min().unwrap_or(self.header_size);
        match headers_end.checked_sub(address) {
            Some(left) if left > 0 => Some((u64::from(address), u64::from(left))),
            // Such files (drivers, and images dumped from memory) may have resources outside every section.
            _ => self.flat.then(|| (u64::from(address), u64::from(u32::MAX - address))),
        }
    }
}
