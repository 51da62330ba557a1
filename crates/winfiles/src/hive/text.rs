//! Names and strings of hives.

/// A name: one byte for each character (Latin-1) if the flag is set, else UTF-16.
pub(super) fn name(bytes: &[u8], compressed: bool) -> String {
    if compressed { bytes.iter().map(|&byte| char::from(byte)).collect() } else { utf16(bytes) }
}

/// UTF-16, little-endian. Invalid units become U+FFFD; an odd last byte is left out.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit)))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// True if the registry treats two names as equal: it compares them in upper case, character by character.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.chars().map(upper).eq(other.chars().map(upper))
}

/// The upper case of a character, if that is a single character: the registry's tables have no others.
fn upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => character,
    }
}
