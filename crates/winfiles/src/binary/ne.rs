//! NE, the New Executable of 16-bit Windows: its resource table, as "Executable-File Header Format" of the Windows
//! 3.1 SDK (Programmer's Reference, volume 4) and Knowledge Base article Q65260 describe it.
//!
//! The table follows the header at `ne_rsrctab`: an alignment shift, then a record for each type, each followed by its
//! resources. Offsets from the file's start and lengths are counted in units of `1 << shift` bytes.

use hotfixcheck_types::Machine;

use super::resource::Leaf;
use super::window::OpenFile;
use super::{Binary, BinaryError, Format, VersionOutcome};
use crate::bytes::u16_at;

/// The most resource types of one file. Windows itself has some twenty.
const MAX_TYPES: usize = 256;
/// The most resources of one type. Icon libraries have some hundreds.
const MAX_RESOURCES: u16 = 4096;
/// The largest alignment shift: 32 KiB. Linkers use 4 to 9; the loader holds the unit in a 16-bit number.
const MAX_SHIFT: u16 = 15;
/// Bytes of the first read of the table: most tables are shorter.
const TABLE_BYTES: u64 = 1024;

const HEADER_SIZE: usize = 0x40;
const RESOURCE_TABLE: usize = 0x24;
const RESIDENT_NAMES: usize = 0x26;
const TARGET_SYSTEM: usize = 0x36;
/// The target system OS/2, whose resource table has another layout and no version type.
const OS2: u8 = 1;

const TYPE_HEAD: usize = 8;
const TYPE_COUNT: usize = 2;
const RESOURCE_ROW: usize = 12;
const ROW_LENGTH: usize = 2;
const ROW_ID: usize = 6;
/// The high bit of a type or id: it is a number, not the offset of a name.
const NUMBERED: u16 = 0x8000;
/// `RT_VERSION`, 16.
const VERSION_TYPE: u16 = NUMBERED | 16;
/// `VS_VERSION_INFO`, 1: the id that Windows asks for.
const USUAL_ID: u16 = NUMBERED | 1;
/// Compilers that do not know the type yet turn a `VERSIONINFO` statement into a type of that name.
const VERSION_TYPE_NAME: &[u8] = b"VERSIONINFO";

/// Location of the resource table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    start: u64,
    resource_table: u16,
    resident_names: u16,
    target_system: u8,
}

/// Reads the NE header at `start`, where its signature was found.
///
/// # Errors
/// `Truncated`, `Io`.
pub(super) fn header(file: &mut OpenFile<'_>, start: u64) -> Result<Header, BinaryError> {
    let bytes = file.at("NE header", start, HEADER_SIZE)?;
    Ok(Header {
        start,
        resource_table: u16_at(bytes, RESOURCE_TABLE),
        resident_names: u16_at(bytes, RESIDENT_NAMES),
        target_system: bytes[TARGET_SYSTEM],
    })
}

/// A 16-bit program with this version. The header has neither machine nor time, and its checksum (`ne_crc`) differs
/// from the one of PE files that articles print.
pub(super) fn binary(version: VersionOutcome) -> Binary {
    Binary {
        format: Format::Ne,
        machine: Some(Machine::I386),
        machine_raw: 0,
        time_stamp: None,
        checksum: None,
        version,
    }
}

/// The location of the version resource: of id 1, else of the first id; `None` if the file has none.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
pub(super) fn version_leaf(file: &mut OpenFile<'_>, header: &Header) -> Result<Option<Leaf>, BinaryError> {
    const WHAT: &str = "resource table";
    // If there are no resources, linkers give both tables the same offset.
    let empty = header.resource_table == 0 || header.resource_table == header.resident_names;
    if empty || header.target_system == OS2 {
        return Ok(None);
    }
    let table = header.start + u64::from(header.resource_table);
    file.open_resources(table, TABLE_BYTES)?;
    let shift = u16_at(file.at(WHAT, table, 2)?, 0);
    if shift > MAX_SHIFT {
        return Err(corrupt(format!("the resource table at {table:#x} has an alignment shift of {shift}")));
    }
    let mut at = table + 2;
    let mut unread_name = None;
    for _ in 0..MAX_TYPES {
        let kind = u16_at(file.at(WHAT, at, 2)?, 0);
        if kind == 0 {
            return unread_name.map_or(Ok(None), Err);
        }
        let count = u16_at(file.at(WHAT, at, TYPE_HEAD)?, TYPE_COUNT);
        if count > MAX_RESOURCES {
            return Err(corrupt(format!("the resource type at {at:#x} announces {count} resources")));
        }
        let rows_size = usize::from(count) * RESOURCE_ROW;
        let rows_at = at + TYPE_HEAD as u64;
        let named = match is_named_version(file, table, kind) {
            // One of the types after it may still be the right one.
            Err(error @ BinaryError::Truncated { .. }) => {
                unread_name.get_or_insert(error);
                false
            }
            answer => answer?,
        };
        if kind == VERSION_TYPE || named {
            let rows = file.at(WHAT, rows_at, rows_size)?;
            let mut rows = rows.chunks_exact(RESOURCE_ROW);
            let row = rows.clone().find(|row| u16_at(row, ROW_ID) == USUAL_ID).or_else(|| rows.next());
            let Some(row) = row else {
                return Err(corrupt("the version resource type has no resource".to_owned()));
            };
            let offset = u64::from(u16_at(row, 0)) << shift;
            let size = u32::from(u16_at(row, ROW_LENGTH)) << shift;
            return Ok(Some(Leaf { offset, size }));
        }
        at = rows_at + rows_size as u64;
    }
    Err(corrupt(format!("the resource table at {table:#x} has more than {MAX_TYPES} types")))
}

/// Whether a type is that of version resources by its name. The name is stored in the table, after its length.
///
/// # Errors
/// `Truncated`, `Io`.
fn is_named_version(file: &mut OpenFile<'_>, table: u64, kind: u16) -> Result<bool, BinaryError> {
    if kind & NUMBERED != 0 {
        return Ok(false);
    }
    const WHAT: &str = "resource type name";
    let at = table + u64::from(kind);
    let length = file.at(WHAT, at, 1)?[0];
    if usize::from(length) != VERSION_TYPE_NAME.len() {
        return Ok(false);
    }
    Ok(file.at(WHAT, at + 1, VERSION_TYPE_NAME.len())?.eq_ignore_ascii_case(VERSION_TYPE_NAME))
}

fn corrupt(detail: String) -> BinaryError {
    BinaryError::Corrupt(detail)
}
