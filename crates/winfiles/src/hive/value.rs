//! Values (`vk`) and their data: in the value itself, in a cell, or in several (`db`).

use std::fmt;
use std::vec;

use super::{Hive, HiveError, MAX_DATA_BYTES, MAX_VALUE_NAME_BYTES, MAX_VALUES, text};
use crate::bytes::ReadAt;

/// The fixed part of a value; the name follows.
const VALUE_BYTES: usize = 20;
/// The name has one byte for each character.
const FLAG_COMPRESSED: u16 = 1;
/// The data are stored in the value, in the field for their offset.
const INLINE: u32 = 0x8000_0000;
/// The most data that one cell holds since version 1.4.
const SEGMENT_BYTES: usize = 16_344;

/// The data of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `REG_SZ`, `REG_EXPAND_SZ`: up to the first NUL; nothing is expanded.
    Text(String),
    /// `REG_MULTI_SZ`. Empty texts within the list are kept; the one that ends it is not.
    Texts(Vec<String>),
    /// `REG_DWORD`, `REG_DWORD_BIG_ENDIAN`.
    Dword(u32),
    /// `REG_QWORD`.
    Qword(u64),
    /// `REG_BINARY`, all other types, and numbers of the wrong size.
    Bytes(Vec<u8>),
}

impl Data {
    /// The data that these bytes are in a value of this type. Public because the registry of a running Windows returns
    /// bytes, too.
    pub fn of(kind: u32, bytes: &[u8]) -> Self {
        match (kind, bytes) {
            (1 | 2, text) => Self::Text(text::utf16(text).split('\0').next().unwrap_or_default().to_owned()),
            (4, &[a, b, c, d]) => Self::Dword(u32::from_le_bytes([a, b, c, d])),
            (5, &[a, b, c, d]) => Self::Dword(u32::from_be_bytes([a, b, c, d])),
            (7, text) => Self::Texts(texts(&text::utf16(text))),
            (11, &[a, b, c, d, e, f, g, h]) => Self::Qword(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
            _ => Self::Bytes(bytes.to_vec()),
        }
    }
}

/// A value; its data are read on request.
pub struct Value<'h, S> {
    hive: &'h Hive<S>,
    name: String,
    kind: u32,
    size: u32,
    place: u32,
    /// Offset of the value itself in the file.
    offset: u64,
}

impl<S> fmt::Debug for Value<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The values of a key, each read when the iterator reaches it.
#[derive(Debug)]
pub struct Values<'h, S> {
    hive: &'h Hive<S>,
    places: vec::IntoIter<u32>,
}

pub(super) fn list<S: ReadAt>(hive: &Hive<S>, list: u32, count: u32) -> Result<Values<'_, S>, HiveError> {
    let count = count as usize;
    if count == 0 {
        return Ok(Values { hive, places: Vec::new().into_iter() });
    }
    let what = "list of values";
    if count > MAX_VALUES {
        return Err(hive.cell(what, list, 0)?.too_much("values", count, MAX_VALUES));
    }
    let places = hive.cell(what, list, count * 4)?.places(0, count, 4)?;
    Ok(Values { hive, places: places.into_iter() })
}

impl<'h, S: ReadAt> Iterator for Values<'h, S> {
    type Item = Result<Value<'h, S>, HiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.places.next().map(|place| Value::read(self.hive, place))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<'h, S: ReadAt> Value<'h, S> {
    fn read(hive: &'h Hive<S>, place: u32) -> Result<Self, HiveError> {
        let cell = hive.cell("value", place, VALUE_BYTES + MAX_VALUE_NAME_BYTES)?;
        if !cell.starts_with(b"vk") {
            return Err(cell.corrupt("signature of a value"));
        }
        let length = usize::from(cell.u16(2)?);
        if length > MAX_VALUE_NAME_BYTES {
            return Err(cell.too_much("bytes of a value's name", length, MAX_VALUE_NAME_BYTES));
        }
        let name = text::name(cell.slice(VALUE_BYTES, length)?, cell.u16(16)? & FLAG_COMPRESSED != 0);
        Ok(Self { hive, name, kind: cell.u32(12)?, size: cell.u32(4)?, place: cell.u32(8)?, offset: cell.offset() })
    }

    /// The name, as stored; that of the default value is empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type, as stored: 1 is `REG_SZ`, 4 `REG_DWORD`.
    pub fn kind(&self) -> u32 {
        self.kind
    }

    /// The data, by the value's type.
    ///
    /// # Errors
    /// If they are damaged, outside the hive, or longer than [`MAX_DATA_BYTES`].
    pub fn data(&self) -> Result<Data, HiveError> {
        Ok(Data::of(self.kind, &self.bytes()?))
    }

    /// The data as stored.
    ///
    /// # Errors
    /// As [`Self::data`].
    pub fn bytes(&self) -> Result<Vec<u8>, HiveError> {
        let size = (self.size & !INLINE) as usize;
        if self.size & INLINE != 0 {
            let bytes = self.place.to_le_bytes();
            return bytes.get(..size).map(<[u8]>::to_vec).ok_or_else(|| self.wrong("size of a value's data"));
        }
        if size == 0 {
            return Ok(Vec::new());
        }
        if size > MAX_DATA_BYTES {
            let limit = MAX_DATA_BYTES;
            return Err(HiveError::TooMuch { what: "bytes of data", count: size, limit, offset: self.offset });
        }
        let cell = self.hive.cell("data of a value", self.place, size)?;
        // Before 1.4 a cell may be of any size, so data that begin with these two bytes are not a list of segments.
        if size > SEGMENT_BYTES && self.hive.base.minor >= 4 && cell.starts_with(b"db") {
            return self.segments(size, cell.u16(2)?, cell.u32(4)?);
        }
        cell.slice(0, size).map(<[u8]>::to_vec)
    }

    fn segments(&self, size: usize, count: u16, list: u32) -> Result<Vec<u8>, HiveError> {
        let count = usize::from(count);
        let places = self.hive.cell("list of data segments", list, count * 4)?.places(0, count, 4)?;
        let mut bytes = Vec::with_capacity(size);
        for place in places {
            let left = size - bytes.len();
            if left == 0 {
                break;
            }
            let cell = self.hive.cell("data segment", place, left.min(SEGMENT_BYTES))?;
            bytes.extend_from_slice(cell.slice(0, left.min(SEGMENT_BYTES))?);
        }
        if bytes.len() == size { Ok(bytes) } else { Err(self.wrong("data whose segments are too few")) }
    }

    fn wrong(&self, what: &'static str) -> HiveError {
        HiveError::Corrupt { what, offset: self.offset }
    }
}

/// The texts of a list. Each ends with a NUL, and so does the list.
fn texts(all: &str) -> Vec<String> {
    if all.chars().all(|character| character == '\0') {
        return Vec::new();
    }
    let mut texts: Vec<String> = all.split('\0').map(str::to_owned).collect();
    // The empty piece after the last NUL is not a text, nor is the one that ends the list. A list that was cut short
    // has neither.
    for _ in 0..2 {
        if texts.last().is_some_and(String::is_empty) {
            texts.pop();
        }
    }
    texts
}
