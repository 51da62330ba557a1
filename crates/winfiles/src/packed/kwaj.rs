//! KWAJ: a header with optional parts, and one of five methods.

use super::io::{Input, Output};
use super::stream::{Data, Method};
use super::{NameHint, PackedError, lz};
use crate::bytes::{ReadAt, u16_at, u32_at};

const HEADER: &str = "KWAJ header";
/// Start of the optional parts: no data lie before it.
const FIXED_HEADER_BYTES: u16 = 14;

const HAS_SIZE: u16 = 0x01;
const HAS_UNKNOWN: u16 = 0x02;
const HAS_BLOCK: u16 = 0x04;
const HAS_STEM: u16 = 0x08;
const HAS_EXTENSION: u16 = 0x10;

const MAX_STEM: usize = 8;
const MAX_EXTENSION: usize = 3;

/// Reads the header of the file of which `input` has read the signature.
///
/// # Errors
/// Those of [`super::PackedFile::open`].
pub(super) fn open<'s, S: ReadAt + ?Sized>(
    source: &'s S,
    mut input: Input<'s, S>,
) -> Result<(Data<'s, S>, NameHint), PackedError> {
    let fixed = input.header::<6>(HEADER)?;
    let (method, data, flags) = (u16_at(&fixed, 0), u16_at(&fixed, 2), u16_at(&fixed, 4));
    if data < FIXED_HEADER_BYTES {
        return Err(PackedError::Corrupt(format!("the packed data begins at {data:#x}, within the header")));
    }
    let size = source.size().map_err(|error| PackedError::Io(error.to_string()))?;
    if u64::from(data) > size {
        return Err(PackedError::Truncated { what: "packed data".into(), offset: data.into() });
    }
    let mut declared = None;
    if flags & HAS_SIZE != 0 {
        declared = Some(u32_at(&input.header::<4>(HEADER)?, 0));
    }
    if flags & HAS_UNKNOWN != 0 {
        input.header::<2>(HEADER)?;
    }
    if flags & HAS_BLOCK != 0 {
        let length = u16_at(&input.header::<2>(HEADER)?, 0);
        for _ in 0..length {
            input.header::<1>(HEADER)?;
        }
    }
    let stem = if flags & HAS_STEM != 0 { Some(text(&mut input, MAX_STEM)?) } else { None };
    let extension = if flags & HAS_EXTENSION != 0 { Some(text(&mut input, MAX_EXTENSION)?) } else { None };
    let name_hint = NameHint::of_parts(stem.as_deref(), extension.as_deref());
    // The text that may follow is arbitrary. It is skipped, because the offset of the data is known.

    let output = Output::new(declared)?;
    let method = match method {
        0 => Method::Copied(0),
        1 => Method::Copied(0xff),
        2 => Method::Lz(lz::QBASIC_START),
        3 => Method::LzHuffman,
        4 => Method::MsZip,
        _ => return Err(PackedError::UnsupportedMethod { method }),
    };
    Ok((Data::new(source, data.into(), method, output), name_hint))
}

/// A text of at most `max` bytes, up to its NUL.
fn text<S: ReadAt + ?Sized>(input: &mut Input<'_, S>, max: usize) -> Result<Vec<u8>, PackedError> {
    let mut text = Vec::new();
    loop {
        match input.header::<1>(HEADER)? {
            [0] => return Ok(text),
            [_] if text.len() == max => {
                return Err(PackedError::Corrupt(format!("a name part of more than {max} characters in the header")));
            }
            [byte] => text.push(byte),
        }
    }
}
