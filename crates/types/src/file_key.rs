//! The key under which a file name is looked up.

/// For each byte whether a key that is made of such bytes alone is its own.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = !byte.is_ascii_uppercase() && byte != b'\\' && byte != b'/';
        byte += 1;
    }
    plain
};

/// True for what [`file_key`] would leave as it is; not for all of it.
pub fn is_file_key(name: &str) -> bool {
    // Without a way out in the middle, which costs more than it saves.
    name.bytes().fold(true, |plain, byte| plain & PLAIN[usize::from(byte)])
}

/// The name under which a file is looked up: the last component of a Windows or Unix path, trimmed, in lower case.
///
/// ```
/// use hotfixcheck_types::file_key;
/// assert_eq!(file_key(r"System32\Drivers\Tcpip.sys"), "tcpip.sys");
/// ```
pub fn file_key(name: &str) -> String {
    // Most names are their own key.
    if is_file_key(name) {
        return name.to_owned();
    }
    let last = name.trim().trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or_default();
    last.trim().to_lowercase()
}
