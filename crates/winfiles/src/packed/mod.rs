//! Files that Microsoft's COMPRESS.EXE packed one by one, as on installation media: `TAPISRV.EX_` for `TAPISRV.EXE`.
//!
//! The formats are those of "COMPRESS.EXE file formats: SZDD and KWAJ" (Stuart Caie, libmspack's documentation).
//!
//! ```
//! use hotfixcheck_winfiles::packed::{self, NameHint, Packed};
//!
//! let mut file = b"SZDD\x88\xF0\x27\x33AE\x05\0\0\0".to_vec();
//! file.extend(b"\x1Fhello");
//! assert_eq!(packed::recognise(&file), Some(Packed::Szdd));
//! let unpacked = packed::unpack(&file)?;
//! assert_eq!(unpacked.bytes, b"hello");
//! assert_eq!(packed::original_names("TAPISRV.EX_", &unpacked.name_hint), ["TAPISRV.EXE"]);
//! # Ok::<(), packed::PackedError>(())
//! ```

mod error;
mod huffman;
mod io;
mod kwaj;
mod lz;
mod lz_huffman;
mod ms_zip;
mod name;
mod stream;

pub use error::{MAX_UNPACKED, PackedError};
pub(crate) use ms_zip::inflate_block;
pub use name::{NameHint, original_names};

use self::io::{Input, Output};
use crate::bytes::ReadAt;
use crate::bytes::forward::{self, Forward};
use crate::bytes::u32_at;
use stream::{Data, Method};

/// How many of a file's first bytes [`recognise`] needs.
pub const HEAD_BYTES: usize = 8;

const SZDD: &[u8; HEAD_BYTES] = b"SZDD\x88\xF0\x27\x33";
const SZDD_QBASIC: &[u8; HEAD_BYTES] = b"SZ\x20\x88\xF0\x27\x33\xD1";
const KWAJ: &[u8; HEAD_BYTES] = b"KWAJ\x88\xF0\x27\xD1";
/// The only compression mode of SZDD.
const SZDD_MODE: u8 = b'A';

/// The formats of a packed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The name that the header states, as far as it does.
    pub name_hint: NameHint,
}

/// The format of a packed file, by its first [`HEAD_BYTES`] bytes; `None` for any other file.
pub fn recognise(head: &[u8]) -> Option<Packed> {
    let signature = head.first_chunk::<HEAD_BYTES>()?;
    [(SZDD, Packed::Szdd), (SZDD_QBASIC, Packed::SzddQbasic), (KWAJ, Packed::Kwaj)]
        .into_iter()
        .find_map(|(known, packed)| (signature == known).then_some(packed))
}

/// A packed file that is read without being unpacked whole: a positioned read unpacks as far as it reaches. Reads that
/// go forward are cheap; one that goes back by more than a megabyte begins anew.
pub struct PackedFile<'s, S: ReadAt + ?Sized> {
    packing: Packed,
    name_hint: NameHint,
    data: Forward<Data<'s, S>>,
}

impl<'s, S: ReadAt + ?Sized> PackedFile<'s, S> {
    /// Reads the header.
    ///
    /// # Errors
    /// `NotPacked` for other files; a header that is cut, contradicts itself or declares too much.
    pub fn open(source: &'s S) -> Result<Self, PackedError> {
        let mut input = Input::new(source, 0);
        let Some(packing) = input.array::<HEAD_BYTES>()?.and_then(|head| recognise(&head)) else {
            return Err(PackedError::NotPacked);
        };
        let (data, name_hint) = match packing {
            Packed::Szdd => {
                let [mode, last_letter, size @ ..] = input.header::<6>("SZDD header")?;
                if mode != SZDD_MODE {
                    return Err(PackedError::UnsupportedMethod { method: mode.into() });
                }
                let output = Output::new(Some(u32_at(&size, 0)))?;
                let data = Data::new(source, input.offset(), Method::Lz(lz::SZDD_START), output);
                (data, NameHint::of_last_letter(last_letter))
            }
            Packed::SzddQbasic => {
                let size = input.header::<4>("SZDD header")?;
                let output = Output::new(Some(u32_at(&size, 0)))?;
                (Data::new(source, input.offset(), Method::Lz(lz::QBASIC_START), output), NameHint::None)
            }
            Packed::Kwaj => kwaj::open(source, input)?,
        };
        Ok(Self { packing, name_hint, data: Forward::new(data) })
    }

    /// The format it is packed in.
    pub fn packing(&self) -> Packed {
        self.packing
    }

    /// The name that the header states, as far as it does.
    pub fn name_hint(&self) -> &NameHint {
        &self.name_hint
    }

    /// Unpacks the rest. Returns the size in bytes, never more than [`MAX_UNPACKED`]; bytes after the packed data are
    /// ignored.
    ///
    /// # Errors
    /// Why the file cannot be unpacked to its last byte: then nothing that was read of it may be used.
    pub fn finish(&self) -> Result<u64, PackedError> {
        self.data.reach(u64::MAX)
    }
}

impl<S: ReadAt + ?Sized> ReadAt for PackedFile<'_, S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.data.read(buffer, offset).map_err(|error| std::io::Error::other(error.to_string()))
    }

    /// The size, which may be known only after all is unpacked.
    fn size(&self) -> std::io::Result<u64> {
        self.finish().map_err(|error| std::io::Error::other(error.to_string()))
    }
}

/// Unpacks a whole file into memory. The output never exceeds the declared size, if the header declares one, nor
/// [`MAX_UNPACKED`]; bytes after the packed data are ignored.
///
/// # Errors
/// `NotPacked` for other files. If a file cannot be unpacked to its last byte, no part of it is returned.
pub fn unpack(source: &(impl ReadAt + ?Sized)) -> Result<Unpacked, PackedError> {
    let file = PackedFile::open(source)?;
    let bytes = forward::whole(&file, MAX_UNPACKED);
    file.finish()?;
    let bytes = bytes.map_err(|error| PackedError::Io(error.to_string()))?;
    Ok(Unpacked { packing: file.packing, bytes, name_hint: file.name_hint })
}
