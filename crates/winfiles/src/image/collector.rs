//! How Velociraptor names the files that it collects, in an archive or in a folder to which it was unpacked.

/// The folder for Velociraptor's collected files, and its accessors for one volume. A file that one accessor could not
/// open, such as a hive in use, may have been read by another.
const UPLOADS: &str = "uploads";
const SAME_VOLUME: [&str; 5] = ["auto", "file", "lazy_ntfs", "mft", "ntfs"];

/// The path of a file that Velociraptor collected: `uploads/auto/C%3A/Windows/a.dll` and
/// `uploads/ntfs/%5C%5C.%5CC%3A/Windows/a.dll` are `uploads/C:/Windows/a.dll`. From the volume on it percent-encodes
/// characters (its `utils/sanitize.go`); which ones depends on its version. `None` for other names.
#[cfg(feature = "archive")]
pub(super) fn of_velociraptor(name: &str) -> Option<String> {
    // Most names have no encoded character.
    memchr::memchr(b'%', name.as_bytes())?;
    let components: Vec<&str> = name.split(['/', '\\']).collect();
    let (at, volume) =
        components.iter().enumerate().find_map(|(at, component)| Some((at, collected_volume(component)?)))?;
    let (before, rest) = (&components[..at], &components[at + 1..]);
    let before = if is_way(before, &volume) { &components[..at - 1] } else { before };
    let mut path = String::with_capacity(name.len());
    for component in before {
        path.push_str(component);
        path.push('/');
    }
    path.push_str(&volume);
    for component in rest {
        path.push('/');
        path.push_str(collected_name(component).as_deref().unwrap_or(component));
    }
    Some(path)
}

/// Whether the last of the folders above a volume names the accessor that read its files, below the folder of all
/// accessors: those of one volume belong together.
pub fn is_way(above: &[impl AsRef<str>], volume: &str) -> bool {
    matches!(above, [.., uploads, way] if uploads.as_ref() == UPLOADS && SAME_VOLUME.contains(&way.as_ref()))
        && volume.ends_with(':')
}

/// The name that a file or folder below a volume had, if it was encoded. It may be `..`.
pub fn collected_name(component: &str) -> Option<String> {
    // A decoded separator would create folders that do not exist.
    decoded(component).filter(|name| !name.contains(['/', '\\', '\0']))
}

/// The volume that a folder stands for: `C%3A` is `C:`, and so is the device `\\.\C:`. For other devices it is the last
/// part of the name, `HarddiskVolumeShadowCopy1`.
pub fn collected_volume(component: &str) -> Option<String> {
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
