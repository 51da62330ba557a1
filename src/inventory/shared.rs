//! Finds the folder in which a list or an archive was made: its files are in a Windows below `E:\\cases\\17`, or below
//! `uploads/C`.

use super::copies::is_windows_folder;
use super::{CopyKind, RelativePath, copy_kind};
use crate::name::lower_case;

/// Subfolders of a Windows folder, in lower case: any program could have a folder with the name of a Windows folder.
const IN_WINDOWS: [&str; 4] = ["system32", "syswow64", "system", "sysnative"];

/// Receives the paths of all files, and finds the folder above their Windows, if all are below one.
#[derive(Default)]
pub(super) struct SharedFolder {
    /// The folders that all paths have in common, in lower case; `None` before the first path.
    shared: Option<Vec<String>>,
    /// The folders above the Windows folder in the paths that have one, in lower case and as written.
    above: Option<(Vec<String>, RelativePath)>,
    /// The paths have several such folders.
    several: bool,
    /// How many leading components of the first one they all share.
    common: usize,
}

impl SharedFolder {
    pub(super) fn see(&mut self, path: &RelativePath) {
        let components: Vec<_> = path.components().collect();
        let (_, folders) = components.split_last().unwrap_or((&std::borrow::Cow::Borrowed(""), &[]));
        match &mut self.shared {
            // Compares with the common folders so far, since most files are near each other.
            Some(shared) => {
                let same = shared.iter().zip(folders).take_while(|(a, b)| **a == lower_case(b)).count();
                shared.truncate(same);
            }
            None => self.shared = Some(folders.iter().map(|name| lower_case(name).into_owned()).collect()),
        }
        let names: Vec<_> = folders.iter().map(|name| lower_case(name)).collect();
        let windows = names.windows(2).position(|two| is_windows_folder(&two[0]) && IN_WINDOWS.contains(&&*two[1]));
        let Some(windows) = windows else { return };
        match &mut self.above {
            None => {
                let written = RelativePath::from(components[..windows].join("/").as_str());
                self.above = Some((names[..windows].iter().map(|name| name.clone().into_owned()).collect(), written));
                self.common = windows;
            }
            Some((above, written)) => {
                let same = above.iter().zip(&names[..windows]).take_while(|(a, b)| **a == ***b).count();
                self.common = self.common.min(same);
                self.several |= !above.iter().eq(names[..windows].iter().map(|name| &**name));
                // The spelling must not depend on the order of the files.
                if !self.several && !path.as_bytes().starts_with(written.as_bytes()) {
                    let other = RelativePath::from(components[..windows].join("/").as_str());
                    *written = other.min(std::mem::take(written));
                }
            }
        }
    }

    /// The folder, if every path is below it; `None` where it is the root itself, or not certain.
    pub(super) fn folder(&self) -> Option<RelativePath> {
        let (above, written) = self.above.as_ref().filter(|_| !self.several)?;
        let is_shared = self.shared.as_ref().is_some_and(|shared| shared.starts_with(above));
        (is_shared && !above.is_empty() && !is_copy(written)).then(|| written.clone())
    }

    /// The folder that contains everything and is above every Windows: its name says nothing about them.
    pub(super) fn top(&self) -> Option<RelativePath> {
        let (above, written) = self.above.as_ref()?;
        let shared = self.shared.iter().flatten().zip(&above[..self.common]).take_while(|(a, b)| a == b).count();
        let components: Vec<_> = written.components().take(shared).collect();
        let top = RelativePath::from(components.join("/").as_str());
        (shared > 0 && !is_copy(&top)).then_some(top)
    }

    /// True if a file of a Windows was seen.
    pub(super) fn has_windows(&self) -> bool {
        self.above.is_some()
    }
}

/// Windows itself keeps copies of Windows in some folders (`$WINDOWS.~BT`). A temporary folder is accepted, because
/// users unpack archives there.
fn is_copy(folder: &RelativePath) -> bool {
    let inside = RelativePath::from(format!("{folder}/file").as_str());
    copy_kind(&inside).is_some_and(|kind| kind != CopyKind::Temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder that is found for these paths.
    fn folder(paths: &[&str]) -> Option<String> {
        let mut shared = SharedFolder::default();
        paths.iter().for_each(|path| shared.see(&RelativePath::from(*path)));
        shared.folder().map(|folder| folder.to_string())
    }

    /// Issue 16, point 5: the packing of an archive does not change the lasting paths of its files.
    #[test]
    fn the_folder_above_every_windows_is_found() {
        let top = |paths: &[&str]| {
            let mut shared = SharedFolder::default();
            paths.iter().for_each(|path| shared.see(&RelativePath::from(*path)));
            shared.top().map(|folder| folder.to_string())
        };
        let one = "case 17/C/WINNT/System32/a.dll";
        assert_eq!(top(&[one]), Some("case 17/C".to_owned()));
        assert_eq!(top(&[one, "case 17/log.txt"]), Some("case 17".to_owned()));
        assert_eq!(top(&[one, "CASE 17/D/Windows/System32/b.dll"]), Some("case 17".to_owned()), "two systems");
        assert_eq!(top(&[one, "case 17/C/WINNT/old/Windows/System32/b.dll"]), Some("case 17/C".to_owned()));
        assert_eq!(top(&[one, "log.txt"]), None);
        assert_eq!(top(&["WINNT/System32/a.dll"]), None);
        assert_eq!(top(&["$WINDOWS.~BT/Windows/System32/a.dll"]), None, "a copy of Windows itself");
        assert_eq!(top(&["case 17/a.dll", "case 17/b.dll"]), None, "no Windows");
    }

    /// Issue 16, point 4: the folder is used if all paths share a Windows folder.
    #[test]
    fn the_folder_above_the_only_windows_is_found() {
        let one = "Temp/case 17/WINNT/System32/a.dll";
        assert_eq!(folder(&[one]), Some("Temp/case 17".to_owned()));
        assert_eq!(folder(&[one, "temp/CASE 17/winnt/system32/b.dll"]), Some("Temp/case 17".to_owned()));
        assert_eq!(folder(&[one, "Temp/case 17/Program Files/x/b.dll"]), Some("Temp/case 17".to_owned()));
        assert_eq!(folder(&[one, "Temp/other/b.dll"]), None, "not all lie below it");
        assert_eq!(folder(&[one, "Temp/case 18/WINNT/System32/b.dll"]), None, "two systems");
        assert_eq!(folder(&["WINNT/System32/a.dll", "Temp/a.dll"]), None, "nothing is above it");
        assert_eq!(folder(&["Program Files/win/a.dll", "Program Files/b.dll"]), None, "another program's folder");
        assert_eq!(folder(&["$WINDOWS.~BT/Windows/System32/a.dll"]), None, "a copy of Windows itself");
        assert_eq!(folder(&[]), None);
    }
}
