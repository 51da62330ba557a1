//! Bytes of an article file -> text. Archives hold Windows-1252 and UTF-8 side by side.

use std::borrow::Cow;

/// The text of an article file: UTF-8 (with or without its mark) when the bytes are valid UTF-8, UTF-16 when they
/// begin with its mark, else Windows-1252, in which every byte is a character. Line ends are left as they are.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}
