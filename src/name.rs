//! File names: the key under which a name is looked up, and lower case without unnecessary copies.

use std::borrow::Cow;

pub use hotfixcheck_types::file_key;
pub(crate) use hotfixcheck_types::is_file_key as is_key;

/// The text in lower case. Most names are already in lower case, so they are not copied.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// True for two names of one file: their [`file_key`]s are the same.
pub(crate) fn is_same_file(one: &str, other: &str) -> bool {
    // Most names contain no folder and no special characters.
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'/');
    one.eq_ignore_ascii_case(other) || (!(plain(one) && plain(other)) && file_key(one) == file_key(other))
}

/// The [`file_key`] of a name. Most names are their own key, so they are not copied.
pub(crate) fn key_of(name: &str) -> Cow<'_, str> {
    if is_key(name) { Cow::Borrowed(name) } else { Cow::Owned(file_key(name)) }
}
