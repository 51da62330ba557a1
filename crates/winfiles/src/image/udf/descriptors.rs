//! Descriptors of UDF: their tags, names and times. Every descriptor begins with a tag that states its kind, its
//! checksums and its own place.

use crc::{CRC_16_XMODEM, Crc};

use crate::bytes::{u16_at, u32_at};
use crate::time::seconds;

pub(super) mod tag {
    pub(in crate::image::udf) const ANCHOR: u16 = 2;
    pub(in crate::image::udf) const PARTITION: u16 = 5;
    pub(in crate::image::udf) const LOGICAL_VOLUME: u16 = 6;
    pub(in crate::image::udf) const END: u16 = 8;
    pub(in crate::image::udf) const FILE_SET: u16 = 256;
    pub(in crate::image::udf) const NAME: u16 = 257;
    pub(in crate::image::udf) const LIST: u16 = 258;
    pub(in crate::image::udf) const FILE: u16 = 261;
    pub(in crate::image::udf) const EXTENDED_FILE: u16 = 266;
}

/// Whether a descriptor of this kind begins here: its tag has the right checksum.
pub(super) fn is_tag(bytes: &[u8], wanted: u16) -> bool {
    let Some(head) = bytes.get(..16) else { return false };
    let sum = head.iter().enumerate().filter(|(at, _)| *at != 4).fold(0_u8, |sum, (_, byte)| sum.wrapping_add(*byte));
    u16_at(head, 0) == wanted && sum == head[4]
}

/// Whether a descriptor has the checksum that its tag states for the bytes after the tag. Some writers state none.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    let (stated, length) = (u16_at(bytes, 8), usize::from(u16_at(bytes, 10)));
    let crc = Crc::<u16>::new(&CRC_16_XMODEM);
    length == 0 || bytes.get(16..16 + length).is_some_and(|bytes| crc.checksum(bytes) == stated)
}

/// Whether a descriptor is where its tag says that it is: one that lies elsewhere was written there by mistake, and
/// describes another file.
pub(super) fn is_at(bytes: &[u8], place: u64) -> bool {
    u64::from(u32_at(bytes, 12)) == place
}

/// A name: the first byte states the bits per character.
pub(super) fn text(bytes: &[u8]) -> String {
    match bytes.split_first() {
        Some((16, units)) => {
            let units: Vec<u16> = units.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        Some((_, bytes)) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        None => String::new(),
    }
}

/// A time stamp: the zone in minutes, then year, month, day, hour, minute, second.
pub(super) fn time(bytes: &[u8]) -> Option<i64> {
    let word = u16_at(bytes, 0);
    // Twelve bits with a sign; -2047 means that no zone is stated.
    let zone = i64::from((word << 4).cast_signed() >> 4);
    let zone = if word >> 12 == 1 && zone != -2047 { zone * 60 } else { 0 };
    let year = i64::from(u16_at(bytes, 2).cast_signed());
    Some(seconds(year, bytes[4], bytes[5], bytes[6], bytes[7], bytes[8])? - zone)
}
