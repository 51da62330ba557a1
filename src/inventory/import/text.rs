//! Bytes -> text, in the encodings that Windows tools write.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// UTF-16 and UTF-8 by their byte order mark; UTF-16 without one by its zeros; else UTF-8, or Windows-1252 where it is
/// none. The mark is left out.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if encoding_rs::Encoding::for_bom(bytes).is_some() {
        return UTF_8.decode(bytes).0;
    }
    // Every list begins with an ASCII character.
    match bytes {
        [first, 0, ..] if *first != 0 => UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, second, ..] if *second != 0 => UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    }
}
