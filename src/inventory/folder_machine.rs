//! The processor of files by their folder, where a list does not tell it.

use super::RelativePath;
use crate::Machine;

/// The folders of the 32-bit files of a 64-bit Windows.
const WOW_FOLDERS: [&str; 2] = ["syswow64", "program files (x86)"];
/// The folder of the 32-bit files of Windows on ARM64, and the beginnings of the names of assemblies in WinSxS.
const OTHERS: [(&str, Machine); 5] = [
    ("sysarm32", Machine::Arm),
    ("x86_", Machine::I386),
    ("wow64_", Machine::I386),
    ("amd64_", Machine::X64),
    ("ia64_", Machine::Ia64),
];

/// True for a file in a folder that only a 64-bit Windows has, for its 32-bit files.
pub(crate) fn is_in_wow(path: &RelativePath) -> bool {
    path.components().any(|folder| WOW_FOLDERS.iter().any(|known| folder.eq_ignore_ascii_case(known)))
}

/// The processor of a file in a folder for the files of one processor alone.
pub(crate) fn machine_of_folder(path: &RelativePath) -> Option<Machine> {
    if is_in_wow(path) {
        return Some(Machine::I386);
    }
    let folders: Vec<String> = path.parent().components().map(|folder| folder.to_ascii_lowercase()).collect();
    let is_in_store = |nth: usize| nth > 0 && folders[nth - 1] == "winsxs";
    let is_of = |nth: usize, name: &str| match name.ends_with('_') {
        true => is_in_store(nth) && folders[nth].starts_with(name),
        false => folders[nth] == name,
    };
    (0..folders.len()).find_map(|nth| OTHERS.iter().find(|(name, _)| is_of(nth, name)).map(|(_, machine)| *machine))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: with `--machine x64`, the files of SysWOW64 counted as 64-bit ones, and KB950749 did not apply to msjet40.dll.
    #[test]
    fn folders_of_one_processor_tell_it() {
        for (path, machine) in [
            ("Windows/SysWOW64/msjet40.dll", Some(Machine::I386)),
            ("Program Files (x86)/Common Files/a.dll", Some(Machine::I386)),
            ("Windows/SysArm32/a.dll", Some(Machine::Arm)),
            (
                "Windows/WinSxS/amd64_microsoft.vc80.crt_1fc8b3b9a1e18e3b_8.0.50727.4053_none_1/msvcr80.dll",
                Some(Machine::X64),
            ),
            (
                "Windows/winsxs/x86_microsoft.windows.gdiplus_6595b64144ccf1df_1.0.1.1_none_1/gdiplus.dll",
                Some(Machine::I386),
            ),
            ("Windows/System32/a.dll", None),
            ("Games/x86_64/a.dll", None),
            ("syswow64.dll", None),
        ] {
            assert_eq!(machine_of_folder(&RelativePath::from(path)), machine, "{path}");
        }
    }
}
