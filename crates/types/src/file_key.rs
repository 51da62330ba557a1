//! The key under which a file name is looked up.

/// The name under which a file is looked up: the last component of a Windows or Unix path, trimmed, in lower case.
///
/// ```
/// use hotfixcheck_types::file_key;
/// assert_eq!(file_key(r"System32\Drivers\Tcpip.sys"), "tcpip.sys");
/// ```
pub fn file_key(name: &str) -> String {
    // Most names are their own key.
    if name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'\\' && b != b'/') {
        return name.to_owned();
    }
    let last = name.trim().trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or_default();
    last.trim().to_lowercase()
}
