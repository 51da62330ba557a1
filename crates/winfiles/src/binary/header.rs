//! The DOS header, the new header that it points to, and the file-wide fields of that header.

use std::mem::{offset_of, size_of};

use pelite::image::{IMAGE_DOS_HEADER, IMAGE_DOS_SIGNATURE, IMAGE_NT_HEADERS_SIGNATURE};

use super::window::OpenFile;
use super::{Binary, BinaryError, Format, VersionOutcome};
use super::{le, ne, pe};
use crate::bytes::{u16_at, u32_at};

/// A DOS program whose relocation table begins before this offset has no room for the pointer to a new header.
const NEW_HEADER_RELOCATIONS: u16 = 0x40;
/// Size of the signature of a PE file. The signatures of the other formats are its first two bytes.
const SIGNATURE_BYTES: usize = 4;

/// The new header, by format.
#[derive(Clone, Copy, Debug)]
pub(super) enum Header {
    Pe(pe::Header),
    Ne(ne::Header),
    Linear(le::Header),
}

/// Whether the file begins as every DOS and Windows executable does.
pub fn begins_as_executable(first_bytes: &[u8]) -> bool {
    first_bytes.len() >= 2 && u16_at(first_bytes, 0) == IMAGE_DOS_SIGNATURE
}

/// Reads the DOS header, finds the new header and reads its file-wide fields.
///
/// # Errors
/// `NotPe` for executables of other kinds, `Truncated`, `Corrupt`, `Io`.
pub(super) fn read(file: &mut OpenFile<'_>) -> Result<Header, BinaryError> {
    let dos = file.at("DOS header", 0, size_of::<IMAGE_DOS_HEADER>())?;
    let relocations = u16_at(dos, offset_of!(IMAGE_DOS_HEADER, e_lfarlc));
    let start = u64::from(u32_at(dos, offset_of!(IMAGE_DOS_HEADER, e_lfanew)));
    let other = |kind: &str| BinaryError::NotPe { kind: kind.to_owned() };
    let pages = u16_at(dos, offset_of!(IMAGE_DOS_HEADER, e_cp));
    // Every program has a length, so `MZ` followed by zeros is a damaged file.
    let plain_dos = || match pages {
        0 => BinaryError::Corrupt("the DOS header gives a length of zero".to_owned()),
        _ => other("DOS program"),
    };
    if start == 0 {
        return Err(plain_dos());
    }
    let has_new_header = relocations >= NEW_HEADER_RELOCATIONS;
    let signature = match file.at("PE header", start, SIGNATURE_BYTES) {
        Ok(bytes) => u32_at(bytes, 0),
        Err(BinaryError::Truncated { .. }) if !has_new_header => return Err(plain_dos()),
        Err(error) => return Err(error),
    };
    if signature == IMAGE_NT_HEADERS_SIGNATURE {
        return pe::header(file, start).map(Header::Pe);
    }
    match &signature.to_le_bytes()[..2] {
        b"NE" => ne::header(file, start).map(Header::Ne),
        b"LE" => le::header(file, start, Format::Le).map(Header::Linear),
        b"LX" => le::header(file, start, Format::Lx).map(Header::Linear),
        // VMM32.VXD: the drivers in it are not separate files, so there is nothing to compare.
        b"W3" | b"W4" => Err(other("library of virtual device drivers")),
        _ if has_new_header => Err(BinaryError::Corrupt(no_signature(file.first_bytes(), start))),
        _ => Err(plain_dos()),
    }
}

/// Reports where the PE signature is instead: a transfer that dropped or added bytes has moved it.
fn no_signature(first_bytes: &[u8], start: u64) -> String {
    let signature = IMAGE_NT_HEADERS_SIGNATURE.to_le_bytes();
    let mut text = format!("no PE signature at offset {start:#x}, where the DOS header points");
    if let Some(at) = first_bytes.windows(SIGNATURE_BYTES).position(|bytes| bytes == signature) {
        text += &format!("; it lies at {at:#x}, so bytes were lost or added before it");
    }
    text
}

impl Header {
    /// The file-wide fields of the headers, with the given result for the version resource.
    pub(super) fn binary(&self, version: VersionOutcome) -> Binary {
        match self {
            Self::Pe(header) => header.binary(version),
            Self::Ne(_) => ne::binary(version),
            Self::Linear(header) => header.binary(version),
        }
    }
}
