//! Number fields and block size of tar archives and of their lists of pieces.

/// The size of a block, in which headers and data are stored.
pub(in crate::image) const BLOCK: usize = 512;

/// A number in octal digits, or in binary if the highest bit is set.
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
