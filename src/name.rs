//! Names of files: the key under which a name is looked up, and lower case without a copy.

use std::borrow::Cow;

/// The text in lower case. Most names that are looked up are so already: they are not copied.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// The name under which a file is looked up: the last component of a Windows or Unix path, trimmed, in lower case.
///
/// ```
/// use hotfixcheck::file_key;
/// assert_eq!(file_key(r"System32\Drivers\Tcpip.sys"), "tcpip.sys");
/// ```
pub fn file_key(name: &str) -> String {
    let last = name.trim().trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or_default();
    last.trim().to_lowercase()
}

/// True for two names of one file: their [`file_key`]s are the same.
pub(crate) fn is_same_file(one: &str, other: &str) -> bool {
    // Most names are nothing but a name.
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'/');
    one.eq_ignore_ascii_case(other) || (!(plain(one) && plain(other)) && file_key(one) == file_key(other))
}

/// True for what [`file_key`] would leave as it is; not for all of it.
pub(crate) fn is_key(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'\\' && b != b'/')
}
