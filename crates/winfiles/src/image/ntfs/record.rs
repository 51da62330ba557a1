//! File records.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io;

use super::attribute::{Attribute, kind};
use super::stream::Stream;
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use crate::image::source::{Part, corrupt};

const SIGNATURE: &[u8] = b"FILE";
/// Bytes of a record before its update sequence and attributes: 42 in Windows 2000, 48 since.
const HEADER_BYTES: usize = 42;
const END: u32 = u32::MAX;
const IN_USE: u16 = 1;
const FOLDER: u16 = 2;
/// Each piece of a record that is written at once ends with two bytes of the update sequence.
const STRIDE: usize = 512;
/// The part of a reference that is the record's number. The rest counts how often the record was reused.
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

/// The contents of a file's attribute list.
#[derive(Default)]
pub(super) struct Listed {
    /// The further records, each once.
    pub numbers: Vec<u64>,
    /// The types of the attributes.
    kinds: BTreeSet<u32>,
    /// How many names the file has.
    names: usize,
}

impl Listed {
    /// Whether these records contain everything that is listed.
    pub(super) fn is_in(&self, base: &Record, extensions: &[Record]) -> bool {
        let found = || base.attributes().chain(extensions.iter().flat_map(Record::attributes)).map(|a| a.kind);
        let names = found().filter(|&kind| kind == kind::FILE_NAME).count();
        let kinds: BTreeSet<u32> = found().collect();
        self.kinds.is_subset(&kinds) && self.names <= names
    }
}

/// A record's number.
pub(super) fn number(reference: u64) -> u64 {
    reference & NUMBER
}

impl Record {
    /// # Errors
    /// Not a record, or one whose write was not finished.
    pub(super) fn new(number: u64, mut bytes: Vec<u8>) -> io::Result<Self> {
        if !bytes.starts_with(SIGNATURE) {
            return Err(corrupt(format!("file record {number} has no signature")));
        }
        undo_update_sequence(&mut bytes).map_err(|what| corrupt(format!("file record {number} {what}")))?;
        Ok(Self { number, bytes })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn is_in_use(&self) -> bool {
        u16_at(&self.bytes, 22) & IN_USE != 0
    }

    pub(super) fn is_folder(&self) -> bool {
        u16_at(&self.bytes, 22) & FOLDER != 0
    }

    /// The reference by which other records name it: number and reuse count.
    pub(super) fn reference(&self) -> u64 {
        self.number | u64::from(u16_at(&self.bytes, 16)) << 48
    }

    /// The record that this one continues; 0 if it is not a further record.
    pub(super) fn base(&self) -> u64 {
        u64_at(&self.bytes, 32)
    }

    /// Whether its attributes can be separated up to the end mark. They are ordered by type, and all types are
    /// multiples of 16.
    pub(super) fn is_whole(&self) -> bool {
        let mut end = usize::from(u16_at(&self.bytes, 20));
        let mut last = 0;
        for attribute in self.attributes() {
            if attribute.kind < last.max(1) || attribute.kind % 16 != 0 || !attribute.is_whole() {
                return false;
            }
            last = attribute.kind;
            end += attribute.size();
        }
        end >= HEADER_BYTES && u32_at(&self.bytes, end) == END
    }

    /// The attributes, up to the first one that cannot be separated.
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
            Some(Attribute::new(kind, bytes))
        })
    }

    /// The contents of the attribute list. A list outside the record counts against `budget`, in bytes.
    pub(super) fn listed(&self, part: &Part, cluster: u64, budget: &Cell<u64>) -> io::Result<Listed> {
        let mut listed = Listed::default();
        let Some(list) = self.attributes().find(|a| a.kind == kind::LIST) else { return Ok(listed) };
        let bytes = match list.resident() {
            Some(bytes) => bytes.to_vec(),
            None => {
                let stream = Stream::new(part, cluster, &[list])?;
                let size = usize::try_from(stream.size()).unwrap_or(usize::MAX);
                if size > MAX_LIST_BYTES {
                    return Err(corrupt(format!("file record {} has a list of {size} bytes", self.number)));
                }
                spend(budget, size as u64)?;
                let mut bytes = vec![0; size];
                let count = stream.read_at(&mut bytes, 0)?;
                bytes.truncate(count);
                bytes
            }
        };
        let numbers = &mut listed.numbers;
        let mut at = 0;
        while at + 26 <= bytes.len() {
            let length = usize::from(u16_at(&bytes, at + 4));
            let found = number(u64_at(&bytes, at + 16));
            let kind = u32_at(&bytes, at);
            listed.kinds.insert(kind);
            listed.names += usize::from(kind == kind::FILE_NAME);
            if found != self.number {
                numbers.push(found);
            }
            if length < 26 {
                return Err(corrupt(format!("file record {} has a damaged list of its attributes", self.number)));
            }
            at += length;
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > MAX_EXTENSIONS {
            return Err(corrupt(format!("file record {} goes on in {} others", self.number, numbers.len())));
        }
        Ok(listed)
    }
}

/// Checks the update sequence of a record or index block, and restores the bytes that it replaced.
///
/// # Errors
/// What is wrong with it.
pub(super) fn undo_update_sequence(bytes: &mut [u8]) -> Result<(), &'static str> {
    let (at, count) = (usize::from(u16_at(bytes, 4)), usize::from(u16_at(bytes, 6)));
    let strides = bytes.len() / STRIDE;
    if count != strides + 1 || at + 2 * count > bytes.len() {
        return Err("has no update sequence");
    }
    let sequence = u16_at(bytes, at);
    for stride in 1..=strides {
        let end = stride * STRIDE - 2;
        if u16_at(bytes, end) != sequence {
            return Err("was not written to its end");
        }
        let saved = [bytes[at + 2 * stride], bytes[at + 2 * stride + 1]];
        bytes[end..end + 2].copy_from_slice(&saved);
    }
    Ok(())
}

/// Subtracts bytes to read from a budget.
pub(super) fn spend(budget: &Cell<u64>, bytes: u64) -> io::Result<()> {
    let left = budget.get().checked_sub(bytes);
    budget.set(left.ok_or_else(|| corrupt("more further file records are listed than the volume has"))?);
    Ok(())
}
