//! What the headers of tar archives and the lists of pieces in them are written with.

/// Headers and data come in blocks of so many bytes.
pub(in crate::image) const BLOCK: usize = 512;

/// A number in octal digits, or in binary with the highest bit set.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let mut value = u64::from(field[0] & 0x7f);
        for &byte in &field[1..] {
            value = value.checked_mul(256)? + u64::from(byte);
        }
        return Some(value);
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    let text = text.split(['\0', ' ']).next()?;
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}
