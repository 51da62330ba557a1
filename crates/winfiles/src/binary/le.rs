//! LE and LX, the linear executables: virtual device drivers of Windows 3.x and 9x, and OS/2 programs.
//!
//! The fields are those of `IMAGE_VXD_HEADER` in winnt.h. A driver's resources follow one another at `e32_winresoff`.
//! Each has a header as in 16-bit `.RES` files: type and name (0xFF and a number, or a text up to its NUL), flags,
//! length. Knowledge Base article Q201685 reads the version of a VxD that way.

use hotfixcheck_types::Machine;

use super::resource::Leaf;
use super::window::OpenFile;
use super::{Binary, BinaryError, Format, VersionOutcome};
use crate::bytes::{u16_at, u32_at};

/// The most resources of one driver that are read. Drivers have one, their version.
const MAX_RESOURCES: usize = 64;
/// The longest type or name of a resource, with its NUL. Numbers are shorter, and texts are short.
const MAX_IDENT: usize = 128;

const HEADER_SIZE: usize = 0x44;
const BYTE_AND_WORD_ORDER: usize = 0x02;
const CPU: usize = 0x08;
const SYSTEM: usize = 0x0a;
const OBJECT_TABLE: usize = 0x40;
const RESOURCES: u64 = 0xb8;
const RESOURCES_END: u32 = 0xc0;
/// The target system OS/2: the end of the header is reserved, and the resources have another format.
const OS2: u16 = 1;

const NUMBERED: u8 = 0xff;
/// `RT_VERSION`.
const VERSION_TYPE: u16 = 16;
/// Flags and length, after type and name.
const FLAGS_AND_LENGTH: usize = 6;
/// Type and name as numbers: the shortest head of a resource. Fewer bytes than that are padding.
const MIN_HEAD: u64 = 3 + 3 + FLAGS_AND_LENGTH as u64;

/// The longest head.
const MAX_HEAD: usize = 2 * MAX_IDENT + FLAGS_AND_LENGTH;

/// The file-wide fields of the header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    format: Format,
    start: u64,
    cpu: u16,
    system: u16,
    object_table: u32,
}

/// Reads the LE or LX header at `start`, where its signature was found.
///
/// # Errors
/// `NotPe` for big-endian files, which Windows never has; `Truncated`, `Io`.
pub(super) fn header(file: &mut OpenFile<'_>, start: u64, format: Format) -> Result<Header, BinaryError> {
    let bytes = file.at("LE header", start, HEADER_SIZE)?;
    if u16_at(bytes, BYTE_AND_WORD_ORDER) != 0 {
        return Err(BinaryError::NotPe { kind: "big-endian LE".to_owned() });
    }
    Ok(Header {
        format,
        start,
        cpu: u16_at(bytes, CPU),
        system: u16_at(bytes, SYSTEM),
        object_table: u32_at(bytes, OBJECT_TABLE),
    })
}

impl Header {
    /// The file-wide fields of the header, with the given result for the version resource.
    pub(super) fn binary(&self, version: VersionOutcome) -> Binary {
        Binary {
            format: self.format,
            machine: machine(self.cpu),
            machine_raw: self.cpu,
            time_stamp: None,
            checksum: None,
            version,
        }
    }
}

fn machine(cpu: u16) -> Option<Machine> {
    match cpu {
        // 286, 386, 486, Pentium: each runs on its successors, too.
        1..=4 => Some(Machine::I386),
        0x40..=0x42 => Some(Machine::Mips),
        _ => None,
    }
}

/// The location of the version resource; `None` if the file has none.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
pub(super) fn version_leaf(file: &mut OpenFile<'_>, header: &Header) -> Result<Option<Leaf>, BinaryError> {
    // The headers of DOS extenders end before the fields of Windows; the object table begins there.
    if header.system == OS2 || (1..RESOURCES_END).contains(&header.object_table) {
        return Ok(None);
    }
    let fields = file.at("LE header", header.start + RESOURCES, 8)?;
    let (offset, size) = (u32_at(fields, 0), u32_at(fields, 4));
    if offset == 0 || size == 0 {
        return Ok(None);
    }
    let mut at = u64::from(offset);
    let end = at + u64::from(size);
    for _ in 0..MAX_RESOURCES {
        if at + MIN_HEAD > end {
            return Ok(None);
        }
        let head = file.up_to(at, MAX_HEAD)?;
        let Some(resource) = resource(head) else {
            // Reports the truncation, if that is why the head has no room.
            file.at("resource header", at, MAX_HEAD)?;
            return Err(BinaryError::Corrupt(format!("no resource header at {at:#x}")));
        };
        let offset = at + resource.head as u64;
        if resource.version {
            return Ok(Some(Leaf { offset, size: resource.size }));
        }
        at = offset + u64::from(resource.size);
    }
    Err(BinaryError::Corrupt(format!("more than {MAX_RESOURCES} resources at {offset:#x}")))
}

struct Resource {
    version: bool,
    head: usize,
    size: u32,
}

/// The resource whose head is at the start of `bytes`; `None` if they do not hold a whole head.
fn resource(bytes: &[u8]) -> Option<Resource> {
    let (kind, type_end) = ident(bytes)?;
    let (_, name_len) = ident(&bytes[type_end..])?;
    let name_end = type_end + name_len;
    let length = bytes.get(name_end..name_end + FLAGS_AND_LENGTH)?;
    Some(Resource { version: kind == Some(VERSION_TYPE), head: name_end + FLAGS_AND_LENGTH, size: u32_at(length, 2) })
}

/// The number of a type or name (`None` for a text), and how many bytes it takes.
fn ident(bytes: &[u8]) -> Option<(Option<u16>, usize)> {
    if *bytes.first()? == NUMBERED {
        return bytes.get(1..3).map(|number| (Some(u16_at(number, 0)), 3));
    }
    let nul = bytes.iter().take(MAX_IDENT).position(|&byte| byte == 0)?;
    Some((None, nul + 1))
}
