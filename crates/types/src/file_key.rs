//! The key under which a file name is looked up.

/// For each byte: true if a name that consists of such bytes is its own key.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = !byte.is_ascii_uppercase() && byte != b'\\' && byte != b'/';
        byte += 1;
    }
    plain
};

/// True only if [`file_key`] would leave the name unchanged; false for some such names, too.
pub fn is_file_key(name: &str) -> bool {
    // Checks all bytes: an early return costs more than it saves.
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
