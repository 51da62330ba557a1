//! DOS, COFF and optional header, section table, and the way from an address in the image to an offset in the file.
//!
//! pelite's structures give every field's place; the bytes are read as little-endian numbers one by one, so neither
//! the buffer's alignment nor the host's byte order matters.

use std::mem::{offset_of, size_of};

use pelite::image::{
    IMAGE_DATA_DIRECTORY, IMAGE_DIRECTORY_ENTRY_RESOURCE, IMAGE_DOS_HEADER, IMAGE_DOS_SIGNATURE, IMAGE_FILE_HEADER,
    IMAGE_NT_HEADERS_SIGNATURE, IMAGE_NT_OPTIONAL_HDR32_MAGIC, IMAGE_NT_OPTIONAL_HDR64_MAGIC, IMAGE_OPTIONAL_HEADER32,
    IMAGE_OPTIONAL_HEADER64, IMAGE_SECTION_HEADER,
};

use super::window::Windows;
use super::{BinaryError, ReadAt};

/// The most sections a file may announce. Windows loads at most 96; debug builds of other linkers have had more.
const MAX_SECTIONS: u16 = 1024;
/// Below this file alignment the loader takes section pointers as they are (NT 4.0 drivers are aligned to 0x20);
/// from it on it rounds them down to a multiple of it.
const SECTOR: u32 = 0x200;
/// DOS programs whose relocation table begins earlier have no room for the pointer to a new header.
const NEW_HEADER_RELOCATIONS: u16 = 0x40;
/// Size of the signature before the COFF header.
const SIGNATURE_BYTES: usize = 4;

// Both formats keep these fields at the same place, so the magic number need not be known to read them.
const CHECKSUM: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, CheckSum);
const _: () = assert!(CHECKSUM == offset_of!(IMAGE_OPTIONAL_HEADER64, CheckSum));
const SIZE_OF_HEADERS: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, SizeOfHeaders);
const _: () = assert!(SIZE_OF_HEADERS == offset_of!(IMAGE_OPTIONAL_HEADER64, SizeOfHeaders));
const FILE_ALIGNMENT: usize = offset_of!(IMAGE_OPTIONAL_HEADER32, FileAlignment);
const _: () = assert!(FILE_ALIGNMENT == offset_of!(IMAGE_OPTIONAL_HEADER64, FileAlignment));

/// The little-endian number at `offset`; 0 behind the end, which no caller reaches: each reads a piece of known size.
pub(super) fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    bytes.get(offset..offset + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

/// As [`u16_at`], of 32 bits.
pub(super) fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    bytes.get(offset..offset + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// What the headers say of the file as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// Offset of the optional header in the file.
    optional: u64,
    optional_size: u16,
    sections: u16,
    pub(super) machine_raw: u16,
    pub(super) time_stamp: u32,
    pub(super) checksum: u32,
}

/// Whether the file begins as every DOS and Windows executable does.
pub(super) fn begins_as_executable(first_bytes: &[u8]) -> bool {
    first_bytes.len() >= 2 && u16_at(first_bytes, 0) == IMAGE_DOS_SIGNATURE
}

/// Reads the DOS header, finds the PE header and reads its file-wide fields.
///
/// # Errors
/// `NotPe` for executables of other kinds, `Truncated`, `Corrupt`, `Io`.
pub(super) fn header(windows: &mut Windows, source: &(impl ReadAt + ?Sized)) -> Result<Header, BinaryError> {
    let dos = windows.at(source, "DOS header", 0, size_of::<IMAGE_DOS_HEADER>())?;
    let relocations = u16_at(dos, offset_of!(IMAGE_DOS_HEADER, e_lfarlc));
    let start = u64::from(u32_at(dos, offset_of!(IMAGE_DOS_HEADER, e_lfanew)));
    let plain_dos = || BinaryError::NotPe { kind: "DOS program".to_owned() };
    if start == 0 {
        return Err(plain_dos());
    }
    let has_new_header = relocations >= NEW_HEADER_RELOCATIONS;
    let signature = match windows.at(source, "PE header", start, SIGNATURE_BYTES) {
        Ok(bytes) => u32_at(bytes, 0),
        Err(BinaryError::Truncated { .. }) if !has_new_header => return Err(plain_dos()),
        Err(error) => return Err(error),
    };
    if signature != IMAGE_NT_HEADERS_SIGNATURE {
        return Err(match &signature.to_le_bytes()[..2] {
            b"NE" => BinaryError::NotPe { kind: "16-bit NE".to_owned() },
            b"LE" => BinaryError::NotPe { kind: "LE/VxD".to_owned() },
            b"LX" => BinaryError::NotPe { kind: "LX (OS/2)".to_owned() },
            _ if has_new_header => BinaryError::Corrupt(no_signature(windows.first_bytes(), start)),
            _ => plain_dos(),
        });
    }
    let coff = windows.at(source, "PE header", start, SIGNATURE_BYTES + size_of::<IMAGE_FILE_HEADER>())?;
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
        header.checksum = u32_at(windows.at(source, "optional header", header.optional, CHECKSUM + 4)?, CHECKSUM);
    }
    Ok(header)
}

/// Says where the PE signature lies instead: a transfer that dropped or added bytes has moved it.
fn no_signature(first_bytes: &[u8], start: u64) -> String {
    let signature = IMAGE_NT_HEADERS_SIGNATURE.to_le_bytes();
    let mut text = format!("no PE signature at offset {start:#x}, where the DOS header points");
    if let Some(at) = first_bytes.windows(SIGNATURE_BYTES).position(|bytes| bytes == signature) {
        text += &format!("; it lies at {at:#x}, so bytes were lost or added before it");
    }
    text
}

/// The address of the resource directory by data directory entry 2, whatever its section is called; `None` where the
/// file has no resources.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
pub(super) fn resource_address(
    windows: &mut Windows,
    source: &(impl ReadAt + ?Sized),
    header: &Header,
) -> Result<Option<u32>, BinaryError> {
    const ENTRY: usize = IMAGE_DIRECTORY_ENTRY_RESOURCE * size_of::<IMAGE_DATA_DIRECTORY>();
    let magic = u16_at(windows.at(source, "optional header", header.optional, 2)?, 0);
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
    let optional = windows.at(source, "optional header", header.optional, fixed_size)?;
    if u32_at(optional, count_at) as usize <= IMAGE_DIRECTORY_ENTRY_RESOURCE {
        return Ok(None);
    }
    let entry_at = header.optional + (fixed_size + ENTRY) as u64;
    let entry = windows.at(source, "data directory", entry_at, size_of::<IMAGE_DATA_DIRECTORY>())?;
    let address = u32_at(entry, offset_of!(IMAGE_DATA_DIRECTORY, VirtualAddress));
    Ok((address != 0).then_some(address))
}

/// One section: where it is in the image and in the file.
#[derive(Clone, Copy, Debug)]
struct Section {
    address: u32,
    size: u32,
    offset: u32,
}

/// The section table, kept from file to file.
#[derive(Debug, Default)]
pub(super) struct Sections {
    sections: Vec<Section>,
    header_size: u32,
}

impl Sections {
    /// Reads the table that follows the optional header.
    ///
    /// # Errors
    /// `Truncated`, `Corrupt` for a count over the cap, `Io`.
    pub(super) fn load(
        &mut self,
        windows: &mut Windows,
        source: &(impl ReadAt + ?Sized),
        header: &Header,
    ) -> Result<(), BinaryError> {
        const ROW: usize = size_of::<IMAGE_SECTION_HEADER>();
        self.sections.clear();
        if header.sections > MAX_SECTIONS {
            return Err(BinaryError::Corrupt(format!("{} sections announced", header.sections)));
        }
        let optional = windows.at(source, "optional header", header.optional, SIZE_OF_HEADERS + 4)?;
        self.header_size = u32_at(optional, SIZE_OF_HEADERS);
        let rounded = u32_at(optional, FILE_ALIGNMENT) >= SECTOR;
        let table_at = header.optional + u64::from(header.optional_size);
        let table = windows.at(source, "section table", table_at, usize::from(header.sections) * ROW)?;
        self.sections.extend(table.chunks_exact(ROW).map(|row| {
            let offset = u32_at(row, offset_of!(IMAGE_SECTION_HEADER, PointerToRawData));
            Section {
                address: u32_at(row, offset_of!(IMAGE_SECTION_HEADER, VirtualAddress)),
                size: u32_at(row, offset_of!(IMAGE_SECTION_HEADER, SizeOfRawData)),
                offset: if rounded { offset - offset % SECTOR } else { offset },
            }
        }));
        Ok(())
    }

    /// The file offset of an address in the image and the number of bytes its section holds from there on; `None`
    /// where the file holds no bytes for it.
    pub(super) fn place(&self, address: u32) -> Option<(u64, u64)> {
        for section in &self.sections {
            if let Some(inside) = address.checked_sub(section.address)
                && inside < section.size
            {
                return Some((u64::from(section.offset) + u64::from(inside), u64::from(section.size - inside)));
            }
        }
        // The headers are mapped as they lie in the file, up to the first section; some linkers put resources there.
        let headers_end = self.sections.iter().map(|s| s.address).min().unwrap_or(self.header_size);
        let left = headers_end.checked_sub(address)?;
        (left > 0).then_some((u64::from(address), u64::from(left)))
    }
}
