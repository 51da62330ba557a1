//! The key under which a file name is looked up.

/// The name under which a file is looked up: the last component of a Windows or Unix path, trimmed, in lower case.
///
/// ```
/// use hotfixcheck_types::file_key;
/// assert_eq!(file_key(r"System32\Drivers\Tcpip.sys"), "tcpip.sys");
/// ```
pub fn file_key(name: &str) -> String {
    let last = name.trim().trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or_default();
    last.trim().to_lowercase()
}
