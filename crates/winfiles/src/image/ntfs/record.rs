//! File records and their attributes.

use std::cell::Cell;
use std::io;

use super::data::Stream;
use crate::bytes::ReadAt;
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::image::source::{Part, corrupt};

/// Types of attributes.
pub(super) mod attribute {
    pub(crate) const STANDARD_INFORMATION: u32 = 0x10;
    pub(crate) const LIST: u32 = 0x20;
    pub(crate) const FILE_NAME: u32 = 0x30;
    pub(crate) const DATA: u32 = 0x80;
    pub(crate) const REPARSE_POINT: u32 = 0xc0;
}

const SIGNATURE: &[u8] = b"FILE";
const END: u32 = u32::MAX;
const IN_USE: u16 = 1;
const FOLDER: u16 = 2;
/// Each piece of a record that is written at once ends with two bytes of its update sequence.
const STRIDE: usize = 512;
/// The part of a reference that is the record's number; the rest counts how often the record was used anew.
const NUMBER: u64 = (1 << 48) - 1;
/// The longest list of attributes: Windows' own limit.
const MAX_LIST_BYTES: usize = 256 << 10;
/// The most further records of one file.
const MAX_EXTENSIONS: usize = 1 << 12;

/// A file record whose update sequence was checked and undone.
pub(super) struct Record {
    number: u64,
    bytes: Vec<u8>,
}

/// A record's number.
pub(super) fn number(reference: u64) -> u64 {
    reference & NUMBER
}

impl Record {
    /// # Errors
    /// No record, or one that was not written to its end.
    pub(super) fn new(number: u64, mut bytes: Vec<u8>) -> io::Result<Self> {
        if !bytes.starts_with(SIGNATURE) {
            return Err(corrupt(format!("file record {number} has no signature")));
        }
        let (at, count) = (usize::from(u16_at(&bytes, 4)), usize::from(u16_at(&bytes, 6)));
        let strides = bytes.len() / STRIDE;
        if count != strides + 1 || at + 2 * count > bytes.len() {
            return Err(corrupt(format!("file record {number} has no update sequence")));
        }
        let sequence = u16_at(&bytes, at);
        for stride in 1..=strides {
            let end = stride * STRIDE - 2;
            if u16_at(&bytes, end) != sequence {
                return Err(corrupt(format!("file record {number} was not written to its end")));
            }
            let saved = [bytes[at + 2 * stride], bytes[at + 2 * stride + 1]];
            bytes[end..end + 2].copy_from_slice(&saved);
        }
        Ok(Self { number, bytes })
    }

    pub(super) fn is_in_use(&self) -> bool {
        u16_at(&self.bytes, 22) & IN_USE != 0
    }

    pub(super) fn is_folder(&self) -> bool {
        u16_at(&self.bytes, 22) & FOLDER != 0
    }

    /// How others refer to it: number and use.
    pub(super) fn reference(&self) -> u64 {
        self.number | u64::from(u16_at(&self.bytes, 16)) << 48
    }

    /// The record that this one goes on for; 0 if it is no further record.
    pub(super) fn base(&self) -> u64 {
        u64_at(&self.bytes, 32)
    }

    /// The attributes, as far as they can be told apart.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        let mut at = usize::from(u16_at(&self.bytes, 20));
        std::iter::from_fn(move || {
            let kind = u32_at(&self.bytes, at);
            let length = u32_at(&self.bytes, at + 4) as usize;
            let bytes = self.bytes.get(at..at.checked_add(length)?)?;
            if kind == END || length < 24 {
                return None;
            }
            at += length;
            Some(Attribute { kind, bytes })
        })
    }

    /// The numbers of the further records that the list of attributes names, each once. A list outside the record is
    /// taken from `budget`, in bytes.
    pub(super) fn listed(&self, part: &Part, cluster: u64, budget: &Cell<u64>) -> io::Result<Vec<u64>> {
        let Some(list) = self.attributes().find(|a| a.kind == attribute::LIST) else { return Ok(Vec::new()) };
        let bytes = match list.resident() {
            Some(bytes) => bytes.to_vec(),
            None => {
                let stream = Stream::new(part, cluster, &[list])?;
                let size = usize::try_from(stream.size()).unwrap_or(usize::MAX);
                if size > MAX_LIST_BYTES {
                    return Err(corrupt(format!("file record {} has a list of {size} bytes", self.number)));
                }
                super::spend(budget, size as u64)?;
                let mut bytes = vec![0; size];
                let count = stream.read_at(&mut bytes, 0)?;
                bytes.truncate(count);
                bytes
            }
        };
        let mut numbers = Vec::new();
        let mut at = 0;
        while at + 26 <= bytes.len() {
            let length = usize::from(u16_at(&bytes, at + 4));
            let found = number(u64_at(&bytes, at + 16));
            if found != self.number {
                numbers.push(found);
            }
            if length < 26 {
                break;
            }
            at += length;
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > MAX_EXTENSIONS {
            return Err(corrupt(format!("file record {} goes on in {} others", self.number, numbers.len())));
        }
        Ok(numbers)
    }
}

/// One attribute.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'r> {
    pub kind: u32,
    bytes: &'r [u8],
}

impl<'r> Attribute<'r> {
    pub(super) fn is_unnamed(&self, kind: u32) -> bool {
        self.kind == kind && self.bytes[9] == 0
    }

    /// Its name; empty for most.
    pub(super) fn name(&self) -> String {
        let (count, at) = (usize::from(self.bytes[9]), usize::from(u16_at(self.bytes, 10)));
        utf16(self.bytes.get(at..at + 2 * count).unwrap_or_default())
    }

    /// Its data, if they lie in the record.
    pub(super) fn resident(&self) -> Option<&'r [u8]> {
        if self.bytes[8] != 0 {
            return None;
        }
        let (size, at) = (u32_at(self.bytes, 16) as usize, usize::from(u16_at(self.bytes, 20)));
        self.bytes.get(at..at.checked_add(size)?)
    }

    /// Where its data lie otherwise.
    pub(super) fn outside(&self) -> Option<Outside<'r>> {
        if self.bytes[8] == 0 || self.bytes.len() < 64 {
            return None;
        }
        Some(Outside {
            first: u64_at(self.bytes, 16),
            unit: u16_at(self.bytes, 34),
            size: u64_at(self.bytes, 48),
            initialised: u64_at(self.bytes, 56),
            runs: self.bytes.get(usize::from(u16_at(self.bytes, 32))..).unwrap_or_default(),
        })
    }

    pub(super) fn is_compressed(&self) -> bool {
        u16_at(self.bytes, 12) & 0xff != 0
    }

    pub(super) fn is_encrypted(&self) -> bool {
        u16_at(self.bytes, 12) & 0x4000 != 0
    }
}

/// A piece of an attribute's data outside the record. Sizes are those of the whole, and stand in its first piece only.
pub(super) struct Outside<'r> {
    /// The number of the first cluster, counted within the data.
    pub first: u64,
    /// The binary logarithm of the clusters that are compressed together.
    pub unit: u16,
    pub size: u64,
    /// What lies behind is zero, whatever the clusters hold.
    pub initialised: u64,
    pub runs: &'r [u8],
}

/// Text as NTFS stores it; what is no UTF-16 becomes U+FFFD.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16_lossy(&units)
}
