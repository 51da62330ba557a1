//! Files that setup has renamed: the kernel for several processors is installed as ntoskrnl.exe.

use crate::inventory::Entry;
use crate::knowledge::{installed_name, is_installed_name};
use crate::name::{file_key, key_of};
use hotfixcheck_winfiles::binary::{VersionInfo, VersionOutcome};

/// The original name of a renamed file, if its version resource has it and rows have it, too: `ntkrnlmp.exe` for `ntoskrnl.exe`
/// up to Windows Server 2003.
pub(super) fn original_name(entry: &Entry, info: &VersionInfo) -> Option<String> {
    let name = key_of(entry.name()?);
    if !is_installed_name(&name) {
        return None;
    }
    let originals = info.tables.iter().filter_map(|table| table.original_filename.as_deref()).map(file_key);
    originals.into_iter().find(|original| installed_name(original, info.fixed_file) == Some(&*name))
}

/// As [`original_name`], for an entry that may not have been read.
pub(super) fn of_entry(entry: &Entry) -> Option<String> {
    match entry.binary.as_ref().map(|binary| &binary.version) {
        Ok(VersionOutcome::Found(info)) => original_name(entry, info),
        _ => None,
    }
}
