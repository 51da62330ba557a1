//! The entries of a FAT folder: bytes -> names and first clusters, and damage of the folder.

use encoding_rs::WINDOWS_1252;

use super::width::Width;
use crate::bytes::{u16_at, u32_at};
use crate::time::dos_seconds;

pub(super) const ENTRY_BYTES: usize = 32;
const FOLDER: u8 = 0x10;
const LABEL: u8 = 0x08;
const LONG_NAME: u8 = 0x0f;
const DELETED: u8 = 0xe5;
/// Replaces 0xe5 as the first byte of a name.
const ESCAPED: u8 = 0x05;
const LOWER_STEM: u8 = 0x08;
const LOWER_EXTENSION: u8 = 0x10;

/// A file or folder, as its parent folder lists it.
pub(super) struct Entry {
    pub name: String,
    pub folder: bool,
    /// Its first cluster.
    pub cluster: u32,
    pub size: u32,
    pub modified: Option<i64>,
}

/// The message about a folder without any entry.
const ZEROED: &str = "the folder is zeroed: its files are lost";

/// The files and folders in a folder, without `.` and `..`, and the folder's damage, if any.
pub(super) fn entries(bytes: &[u8], is_root: bool, width: Width) -> (Vec<Entry>, Option<&'static str>) {
    let mut found = Vec::new();
    // Every folder but the root begins with an entry for itself.
    let mut damage = None;
    if !is_root && !bytes.starts_with(b".          ") {
        let zeroed = bytes.iter().all(|&byte| byte == 0);
        damage = Some(if zeroed { ZEROED } else { "the folder does not begin with its own entry: files may be lost" });
    }
    // The pieces of a long name precede its entry, the last piece first.
    let mut long: Vec<&[u8]> = Vec::new();
    for (number, entry) in bytes.chunks_exact(ENTRY_BYTES).enumerate() {
        let attributes = entry[11];
        match entry[0] {
            0 => {
                // After the end mark there are zeros, or old contents of the cluster. Neither are names.
                let rest = &bytes[number * ENTRY_BYTES..];
                let lost = rest.chunks_exact(ENTRY_BYTES).any(is_file_entry);
                let lost =
                    lost.then_some("files are listed after the end of the folder's list: a part of it is zeroed");
                return (found, damage.or(lost));
            }
            DELETED => long.clear(),
            b'.' if attributes & FOLDER != 0 => long.clear(),
            _ if attributes & 0x3f == LONG_NAME => long.push(entry),
            _ if attributes & LABEL != 0 => long.clear(),
            _ => {
                let name = long_name(&long, &entry[..11]).unwrap_or_else(|| short_name(entry));
                long.clear();
                // With 16-bit clusters OS/2 and Windows NT keep extended attributes in this field.
                let high = if width == Width::ThirtyTwo { u32::from(u16_at(entry, 20)) } else { 0 };
                found.push(Entry {
                    name,
                    folder: attributes & FOLDER != 0,
                    cluster: high << 16 | u32::from(u16_at(entry, 26)),
                    size: u32_at(entry, 28),
                    modified: dos_seconds(u16_at(entry, 24), u16_at(entry, 22)),
                });
            }
        }
    }
    (found, damage)
}

/// Whether 32 bytes look like the entry of a file or folder: a short name in upper case, with a date.
fn is_file_entry(entry: &[u8]) -> bool {
    let fits = |byte: &u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'!' | b'#'..=b')' | b'-' | b'@' | b'^'..=b'`' | b'{'..=b'~' | 0x80..);
    let attributes = entry[11];
    let first_fits = entry[0] != b' ' && entry[0] != DELETED;
    first_fits
        && entry[..11].iter().all(fits)
        && attributes & 0xc8 == 0
        && dos_seconds(u16_at(entry, 24), u16_at(entry, 22)).is_some()
}

/// The long name, if its pieces belong to this short name.
fn long_name(pieces: &[&[u8]], short: &[u8]) -> Option<String> {
    let sum = short.iter().fold(0_u8, |sum, &byte| sum.rotate_right(1).wrapping_add(byte));
    let first = *pieces.first()?;
    let in_order = pieces.iter().rev().zip(1..).all(|(piece, number)| piece[0] & 0x3f == number && piece[13] == sum);
    if first[0] & 0x40 == 0 || !in_order {
        return None;
    }
    let units = pieces.iter().rev().flat_map(|piece| [&piece[1..11], &piece[14..26], &piece[28..32]].concat());
    let units: Vec<u8> = units.collect();
    let units: Vec<u16> = units.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let end = units.iter().position(|&unit| unit == 0).unwrap_or(units.len());
    Some(String::from_utf16_lossy(&units[..end])).filter(|name| !name.is_empty())
}

fn short_name(entry: &[u8]) -> String {
    let mut bytes = entry[..11].to_vec();
    if bytes[0] == ESCAPED {
        bytes[0] = DELETED;
    }
    let text = |bytes: &[u8], lower: bool| {
        let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
        let text = text.trim_end_matches(' ');
        if lower { text.to_lowercase() } else { text.to_owned() }
    };
    let case = entry[12];
    let (stem, extension) = (text(&bytes[..8], case & LOWER_STEM != 0), text(&bytes[8..], case & LOWER_EXTENSION != 0));
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}
