//! Attributes of file records.

use crate::bytes::{u16_at, u32_at, u64_at};

/// Types of attributes.
pub(super) mod kind {
    pub(in crate::image::ntfs) const STANDARD_INFORMATION: u32 = 0x10;
    pub(in crate::image::ntfs) const LIST: u32 = 0x20;
    pub(in crate::image::ntfs) const FILE_NAME: u32 = 0x30;
    pub(in crate::image::ntfs) const VOLUME_INFORMATION: u32 = 0x70;
    pub(in crate::image::ntfs) const DATA: u32 = 0x80;
    pub(in crate::image::ntfs) const INDEX_ROOT: u32 = 0x90;
    pub(in crate::image::ntfs) const INDEX_ALLOCATION: u32 = 0xa0;
    pub(in crate::image::ntfs) const BITMAP: u32 = 0xb0;
    pub(in crate::image::ntfs) const REPARSE_POINT: u32 = 0xc0;
}

/// One attribute.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'r> {
    pub kind: u32,
    bytes: &'r [u8],
}

impl<'r> Attribute<'r> {
    /// An attribute whose `bytes` begin with its type and hold at least its fixed header of 24 bytes.
    pub(super) fn new(kind: u32, bytes: &'r [u8]) -> Self {
        Self { kind, bytes }
    }

    /// Its size in the record.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_unnamed(&self, kind: u32) -> bool {
        self.kind == kind && self.bytes[9] == 0
    }

    /// Whether its name and its value are inside it.
    pub(super) fn is_whole(&self) -> bool {
        let (count, at) = (usize::from(self.bytes[9]), usize::from(u16_at(self.bytes, 10)));
        let has_name = count == 0 || at + 2 * count <= self.bytes.len();
        let has_value = match self.bytes[8] {
            0 => self.resident().is_some(),
            1 => self.outside().is_some(),
            _ => false,
        };
        has_name && has_value
    }

    /// Its name; empty for most.
    pub(super) fn name(&self) -> String {
        let (count, at) = (usize::from(self.bytes[9]), usize::from(u16_at(self.bytes, 10)));
        utf16(self.bytes.get(at..at + 2 * count).unwrap_or_default())
    }

    /// Its data, if they are stored in the record.
    pub(super) fn resident(&self) -> Option<&'r [u8]> {
        if self.bytes[8] != 0 {
            return None;
        }
        let (size, at) = (u32_at(self.bytes, 16) as usize, usize::from(u16_at(self.bytes, 20)));
        self.bytes.get(at..at.checked_add(size)?)
    }

    /// The location of its data outside the record.
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

/// A piece of an attribute's data outside the record. Sizes are those of the whole, and only its first piece states
/// them.
pub(super) struct Outside<'r> {
    /// The number of the first cluster, counted within the data.
    pub first: u64,
    /// The binary logarithm of the clusters that are compressed together.
    pub unit: u16,
    pub size: u64,
    /// Bytes after this offset are zero, whatever the clusters hold.
    pub initialised: u64,
    pub runs: &'r [u8],
}

/// Text as NTFS stores it. Invalid UTF-16 becomes U+FFFD.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16_lossy(&units)
}
