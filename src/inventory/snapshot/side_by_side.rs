//! Which files in WinSxS run: those of shared assemblies have no other place. In: the entries. Out: the newest of each assembly is an
//! active copy; what is older stays a copy, for Windows sends programs to the newest one.

use std::collections::HashMap;

use crate::inventory::{CopyKind, Entry, RelativePath};
use crate::name::lower_case;
use hotfixcheck_types::FileVersion;

/// Publishers of assemblies that run from there; the head comment of the file describes the format.
const TABLE: &str = include_str!("../../../data/side-by-side.tsv");

/// A file of an assembly: the root, the store's folder, the assembly without build and hash, and the file's name.
type Key = (usize, String, String, String);

/// Makes the newest copy of each file of a shared assembly an active one: gdiplus.dll of Windows XP runs from nowhere else.
pub(super) fn activate_newest(entries: &mut [Entry]) {
    let stored = |entry: &Entry| entry.copy == Some(CopyKind::SideBySide);
    let mut newest: HashMap<Key, FileVersion> = HashMap::new();
    let mut files: Vec<(usize, Key, FileVersion)> = Vec::new();
    for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| stored(entry)) {
        let Some((key, version)) = assembly_of(entry.root, &entry.path) else { continue };
        let best = newest.entry(key.clone()).or_insert(version);
        if version.components() > best.components() {
            *best = version;
        }
        files.push((place, key, version));
    }
    for (place, _, _) in files.iter().filter(|(_, key, version)| newest.get(key) == Some(version)) {
        entries[*place].copy = None;
    }
}

/// True for a file of an assembly that runs from WinSxS, whatever its version.
pub(in crate::inventory) fn is_shared(path: &RelativePath) -> bool {
    assembly_of(0, path).is_some()
}

/// The file and the version of its assembly: `…/WinSxS/x86_NAME_TOKEN_1.0.2600.5512_x-ww_HASH/gdiplus.dll`. Programs for 1.0 do not
/// get 1.1.
fn assembly_of(root: usize, path: &RelativePath) -> Option<(Key, FileVersion)> {
    let path = lower_case(path.as_str()?);
    let (folder, file) = path.rsplit_once('/')?;
    let (store, assembly) = folder.rsplit_once('/')?;
    if store.rsplit('/').next() != Some("winsxs") {
        return None;
    }
    let fields: Vec<&str> = assembly.split('_').collect();
    let is_token = |field: &&str| {
        let mut tokens = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').next());
        tokens.any(|known| known == *field)
    };
    let at = fields.iter().position(is_token)?;
    let (name, token, version) = (fields[..at].join("_"), fields[at], fields.get(at + 1)?);
    let version: FileVersion = version.parse().ok()?;
    let [major, minor, ..] = version.components() else { return None };
    // The names of Joliet end after 64 letters: `x86_microsoft.windows.gdiplus_6595b64144ccf1df_1.0.2600.5512_x-w`.
    let language = match fields.get(at + 2..).unwrap_or_default() {
        [cut] => ["x-ww", "none"].into_iter().find(|whole| whole.starts_with(cut)).unwrap_or(cut),
        [language, ..] => language,
        [] => "x-ww",
    };
    let line = format!("{name} {token} {language} {major}.{minor}");
    Some(((root, store.to_owned(), line, file.to_owned()), version))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: GDI+ of Windows XP, which runs from WinSxS alone, was called a backup.
    #[test]
    fn assemblies_are_told_by_their_folders() {
        let assembly =
            |path: &str| assembly_of(0, &RelativePath::from(path)).map(|(key, version)| (key.2, version.to_string()));
        let known = |path: &str, line: &str, version: &str| {
            assert_eq!(assembly(path), Some((line.to_owned(), version.to_owned())), "{path}");
        };
        known(
            "WINDOWS/WinSxS/x86_Microsoft.Windows.GdiPlus_6595b64144ccf1df_1.0.2600.2180_x-ww_522f9f82/gdiplus.dll",
            "x86_microsoft.windows.gdiplus 6595b64144ccf1df x-ww 1.0",
            "1.0.2600.2180",
        );
        known(
            "WINDOWS/WinSxS/x86_Microsoft.Windows.GdiPlus_6595b64144ccf1df_1.0.2600.5512_x-w/gdiplus.dll",
            "x86_microsoft.windows.gdiplus 6595b64144ccf1df x-ww 1.0",
            "1.0.2600.5512",
        );
        known(
            "Windows/winsxs/amd64_microsoft.vc80.crt_1fc8b3b9a1e18e3b_8.0.50727.4053_none_88e0a1f2/msvcr80.dll",
            "amd64_microsoft.vc80.crt 1fc8b3b9a1e18e3b none 8.0",
            "8.0.50727.4053",
        );
        for path in [
            "Windows/winsxs/x86_microsoft-windows-ntoskrnl_31bf3856ad364e35_6.0.6002.18005_none_6e05e6f8/ntoskrnl.exe",
            "Windows/winsxs/Backup/x86_a_6595b64144ccf1df_1.0.0.0_x-ww_1/a.dll/b.dll",
            "Windows/winsxs/Manifests/x86_Microsoft.Windows.GdiPlus_6595b64144ccf1df_1.0.2600.2180_x-ww_522f9f82.Manifest",
            "Windows/System32/gdiplus.dll",
            "gdiplus.dll",
        ] {
            assert_eq!(assembly(path), None, "{path}");
        }
    }
}
