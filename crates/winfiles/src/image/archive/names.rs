//! Names of members -> paths below the archive, as Windows had them. Every separator and every collector's encoding is
//! accepted.

use std::borrow::Cow;

use crate::image::{MAX_DEPTH, MAX_PATH_BYTES};

/// A member's name as a path below the archive, separated by `/`. It never leads out of the archive.
///
/// # Errors
/// What is wrong with the name.
pub(super) fn member_path(name: &str) -> Result<String, String> {
    let name = of_velociraptor(name).map_or(Cow::Borrowed(name), Cow::Owned);
    let mut path = String::with_capacity(name.len());
    let mut depth = 0;
    for component in name.split(['/', '\\']) {
        match component {
            "" | "." => {}
            // `\\?\C:\WINNT`: Windows writes this prefix before a path of any length.
            "?" if depth == 0 => {}
            ".." => return Err("its name leads out of the archive: it is not read".to_owned()),
            _ if component.contains('\0') => return Err("its name contains a zero: it is not read".to_owned()),
            _ => {
                if depth > 0 {
                    path.push('/');
                }
                path.push_str(component);
                depth += 1;
            }
        }
    }
    match () {
        () if path.is_empty() => Err("a member without a name is not read".to_owned()),
        () if path.len() > MAX_PATH_BYTES => Err(format!("paths of more than {MAX_PATH_BYTES} bytes are not listed")),
        () if depth > MAX_DEPTH => Err(format!("folders deeper than {MAX_DEPTH} are not listed")),
        () => Ok(path),
    }
}

/// Whether macOS's archiver added this file: it stores the attributes of each file in one called
/// `__MACOSX/WINNT/._a.dll`.
pub(super) fn is_of_macos(path: &str) -> bool {
    path.starts_with("__MACOSX/") && path.rsplit('/').next().is_some_and(|name| name.starts_with("._"))
}

/// The folder for Velociraptor's collected files, and its accessors for one volume. A file that one accessor could not
/// open, such as a hive in use, may have been read by another.
const UPLOADS: &str = "uploads";
const SAME_VOLUME: [&str; 5] = ["auto", "file", "lazy_ntfs", "mft", "ntfs"];

/// The path of a file that Velociraptor collected: `uploads/auto/C%3A/Windows/a.dll` and
/// `uploads/ntfs/%5C%5C.%5CC%3A/Windows/a.dll` are `uploads/C:/Windows/a.dll`. From the volume on it percent-encodes
/// characters (its `utils/sanitize.go`); which ones depends on its version. `None` for other names.
fn of_velociraptor(name: &str) -> Option<String> {
    // Most names have no encoded character.
    memchr::memchr(b'%', name.as_bytes())?;
    let components: Vec<&str> = name.split(['/', '\\']).collect();
    let (at, volume) = components.iter().enumerate().find_map(|(at, component)| Some((at, volume(component)?)))?;
    let (mut before, rest) = (&components[..at], &components[at + 1..]);
    if let [.., uploads, way] = before
        && *uploads == UPLOADS
        && SAME_VOLUME.contains(way)
        && volume.ends_with(':')
    {
        before = &components[..at - 1];
    }
    let mut path = String::with_capacity(name.len());
    for component in before {
        path.push_str(component);
        path.push('/');
    }
    path.push_str(&volume);
    for component in rest {
        path.push('/');
        match decoded(component) {
            // A decoded separator would create folders that do not exist.
            Some(decoded) if !decoded.contains(['/', '\\', '\0']) => path.push_str(&decoded),
            _ => path.push_str(component),
        }
    }
    Some(path)
}

/// The volume that a folder stands for: `C%3A` is `C:`, and so is the device `\\.\C:`. For other devices it is the last
/// part of the name, `HarddiskVolumeShadowCopy1`.
fn volume(component: &str) -> Option<String> {
    let name = decoded(component)?;
    let is_drive = |name: &str| matches!(name.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    if is_drive(&name) {
        return Some(name);
    }
    let device = name.strip_prefix(r"\\.\").or_else(|| name.strip_prefix(r"\\?\"))?;
    let last = device.rsplit('\\').next()?;
    (!last.is_empty() && last != "." && last != ".." && !last.contains(['/', '\0'])).then(|| last.to_owned())
}

/// Decodes characters such as `%3A`; `None` if there are none.
fn decoded(component: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(component.len());
    let mut rest = component.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let [first, more @ ..] = rest {
        rest = more;
        let number = match more {
            [high, low, after @ ..] if *first == b'%' => digit(*high).zip(digit(*low)).map(|pair| (pair, after)),
            _ => None,
        };
        match number {
            Some(((high, low), after)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after;
            }
            None => bytes.push(*first),
        }
    }
    (bytes.len() < component.len()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// The upper half of the code page 437, which zip archives use unless they say otherwise.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name in the code page 437. No file of Windows has a character of its upper half. It only matters that different
/// names stay different, whatever their code page was.
pub(super) fn of_code_page_437(name: &[u8]) -> String {
    let high: Vec<char> = CODE_PAGE_437.chars().collect();
    let letter = |byte: u8| byte.checked_sub(0x80).and_then(|at| high.get(usize::from(at))).copied();
    name.iter().map(|&byte| letter(byte).unwrap_or(char::from(byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_windows_whatever_collected_the_files() {
        for (name, expected) in [
            (r"C:\WINNT\a.dll", "C:/WINNT/a.dll"),
            (r"\\.\C:\WINNT\a.dll", "C:/WINNT/a.dll"),
            (r"\\?\C:\WINNT\a.dll", "C:/WINNT/a.dll"),
            (r"\\server\C$\WINNT\a.dll", "server/C$/WINNT/a.dll"),
            ("/mnt/c/WINNT/./a.dll", "mnt/c/WINNT/a.dll"),
            ("uploads/auto/C%3A/WINNT/a.dll", "uploads/C:/WINNT/a.dll"),
            ("uploads/ntfs/%5C%5C.%5CC%3A/WINNT/a.dll", "uploads/C:/WINNT/a.dll"),
            (
                "x/uploads/lazy_ntfs/%5c%5c.%5cd%3a/Program Files %28x86%29/a.dll",
                "x/uploads/d:/Program Files (x86)/a.dll",
            ),
            // Files from a shadow copy are older than the current ones.
            ("uploads/ntfs_vss/%5C%5C.%5CC%3A/WINNT/a.dll", "uploads/ntfs_vss/C:/WINNT/a.dll"),
            (
                "uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/WINNT/a.dll",
                "uploads/ntfs/HarddiskVolumeShadowCopy1/WINNT/a.dll",
            ),
            ("C%3A/Caf%C3%A9/100%25/%2Egit", "C:/Café/100%/.git"),
            ("C%3A/a%2Fb%5Cc/a.dll", "C:/a%2Fb%5Cc/a.dll"),
            ("uploads/auto/C%3A/cut%4", "uploads/C:/cut%4"),
            // Names that contain `%` without being encoded.
            ("C/50%41/a.dll", "C/50%41/a.dll"),
            ("ab%3A/a.dll", "ab%3A/a.dll"),
        ] {
            assert_eq!(member_path(name).as_deref(), Ok(expected), "{name}");
        }
        for name in ["C/../a.dll", r"..\a.dll", "C%3A/%2E%2E/a.dll", "", "/", "./", r"\\?\", "a\0b"] {
            assert!(member_path(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_code_page_has_a_letter_for_each_byte() {
        let all: Vec<u8> = (0..=255).collect();
        let text = of_code_page_437(&all);
        let letters: std::collections::HashSet<char> = text.chars().collect();
        assert_eq!((text.chars().count(), letters.len()), (256, 256));
        assert_eq!(of_code_page_437(b"\x8eb\xe1\x99\xff"), "ÄbßÖ\u{a0}");
    }
}
