//! Names of members -> paths below the archive, as Windows had them. Every separator and every collector's encoding is
//! accepted.

use std::borrow::Cow;

use crate::image::collector::of_velociraptor;
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
