//! Files that Microsoft's COMPRESS.EXE packed one by one, as on installation media: `TAPISRV.EX_` for `TAPISRV.EXE`.
//!
//! The formats are those of "COMPRESS.EXE file formats: SZDD and KWAJ" (Stuart Caie, libmspack's documentation).
//!
//! ```
//! use hotfixcheck::binary::packed::{self, NameHint, Packed};
//!
//! let mut file = b"SZDD\x88\xF0\x27\x33AE\x05\0\0\0".to_vec();
//! file.extend(b"\x1Fhello");
//! assert_eq!(packed::recognise(&file), Some(Packed::Szdd));
//! let unpacked = packed::unpack(&file)?;
//! assert_eq!(unpacked.bytes, b"hello");
//! assert_eq!(packed::original_names("TAPISRV.EX_", &unpacked.name_hint), ["TAPISRV.EXE"]);
//! # Ok::<(), packed::PackedError>(())
//! ```

mod huffman;
mod io;
mod kwaj;
mod lz;
mod lz_huffman;
mod ms_zip;
mod name;

pub(crate) use ms_zip::inflate_block;
pub use name::{NameHint, original_names};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ReadAt;
use super::bytes::u32_at;
use io::{Input, Output};

/// How many of a file's first bytes [`recognise`] needs.
pub const HEAD_BYTES: usize = 8;
/// The largest unpacked size, in bytes: no file of an installation medium that was packed alone comes near it.
pub const MAX_UNPACKED: usize = 64 << 20;

const SZDD: &[u8; HEAD_BYTES] = b"SZDD\x88\xF0\x27\x33";
const SZDD_QBASIC: &[u8; HEAD_BYTES] = b"SZ\x20\x88\xF0\x27\x33\xD1";
const KWAJ: &[u8; HEAD_BYTES] = b"KWAJ\x88\xF0\x27\xD1";
/// The only compression mode of SZDD.
const SZDD_MODE: u8 = b'A';

/// The formats of a packed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// `SZDD`: COMPRESS.EXE of Windows 3.x and NT.
    Szdd,
    /// `SZ `: the variant of the early language products (QBasic 4.5).
    SzddQbasic,
    /// `KWAJ`: COMPRESS.EXE of MS-DOS 6 and later setup kits.
    Kwaj,
}

/// A packed file's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The format it was packed in.
    pub packing: Packed,
    /// The file as it was before packing; never more than [`MAX_UNPACKED`] bytes.
    pub bytes: Vec<u8>,
    /// What the header says of its name.
    pub name_hint: NameHint,
}

/// Why a file could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum PackedError {
    /// The file does not begin as a packed one does.
    #[error("not a packed file: it begins with no signature of COMPRESS.EXE")]
    NotPacked,
    /// A method that this program does not know.
    #[error("packed by method {method}, which cannot be unpacked")]
    UnsupportedMethod {
        /// The header's number; of an SZDD file the mode, a letter in all that are known.
        method: u16,
    },
    /// The unpacked file is, or would be, larger than [`MAX_UNPACKED`].
    #[error("unpacks to more than {MAX_UNPACKED} bytes")]
    TooLarge,
    /// The file ends within a structure.
    #[error("truncated: {what} at offset {offset:#x} lies beyond the end of the file")]
    Truncated {
        /// The structure.
        what: Cow<'static, str>,
        /// Its offset in bytes.
        offset: u64,
    },
    /// The packed data ends before the size that the header declares.
    #[error("truncated: unpacks to {unpacked} bytes of the {declared} that its header declares")]
    EndsEarly {
        /// Bytes that could be unpacked.
        unpacked: usize,
        /// Bytes that there should be.
        declared: usize,
    },
    /// Packed data that contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// A cabinet in the place of a packed file that does not hold one file. [`unpack`] does not read cabinets; who does
    /// says so with this.
    #[error("a packed file holds one file, this cabinet {members}")]
    NotOneFile {
        /// How many it holds.
        members: usize,
    },
    /// A cabinet that could not be unpacked. [`unpack`] does not read cabinets; who does says so with this.
    #[error("cabinet: {0}")]
    Cabinet(#[from] crate::cabinet::CabinetError),
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}

/// The format of a packed file, by its first [`HEAD_BYTES`] bytes; `None` for any other file.
pub fn recognise(head: &[u8]) -> Option<Packed> {
    let signature = head.first_chunk::<HEAD_BYTES>()?;
    [(SZDD, Packed::Szdd), (SZDD_QBASIC, Packed::SzddQbasic), (KWAJ, Packed::Kwaj)]
        .into_iter()
        .find_map(|(known, packed)| (signature == known).then_some(packed))
}

/// Unpacks a whole file into memory. The output never goes beyond the size that the header declares, if it does, nor
/// beyond [`MAX_UNPACKED`]; bytes behind the packed data are left alone.
///
/// # Errors
/// `NotPacked` for other files; a file that cannot be unpacked to its last byte has no part of it given.
pub fn unpack(source: &(impl ReadAt + ?Sized)) -> Result<Unpacked, PackedError> {
    let mut input = Input::new(source, 0);
    let Some(packing) = input.array::<HEAD_BYTES>()?.and_then(|head| recognise(&head)) else {
        return Err(PackedError::NotPacked);
    };
    let (bytes, name_hint) = match packing {
        Packed::Szdd => {
            let [mode, last_letter, size @ ..] = input.header::<6>("SZDD header")?;
            if mode != SZDD_MODE {
                return Err(PackedError::UnsupportedMethod { method: mode.into() });
            }
            let mut output = Output::new(Some(u32_at(&size, 0)))?;
            lz::unpack(&mut input, &mut output, lz::SZDD_START)?;
            (output.finish()?, NameHint::of_last_letter(last_letter))
        }
        Packed::SzddQbasic => {
            let size = input.header::<4>("SZDD header")?;
            let mut output = Output::new(Some(u32_at(&size, 0)))?;
            lz::unpack(&mut input, &mut output, lz::QBASIC_START)?;
            (output.finish()?, NameHint::None)
        }
        Packed::Kwaj => kwaj::unpack(source, input)?,
    };
    Ok(Unpacked { packing, bytes, name_hint })
}
