//! The folder that a list or an archive was made in: its files lie in a Windows below `E:\\cases\\17`, or below `uploads/C`.

use super::copies::is_windows_folder;
use super::{CopyKind, RelativePath, copy_kind};
use crate::name::lower_case;

/// What lies in the folder of a Windows, in lower case: a folder of its name alone could be any program's.
const IN_WINDOWS: [&str; 4] = ["system32", "syswow64", "system", "sysnative"];

/// Sees the paths of all files, and tells the folder above their Windows where they all lie below one.
#[derive(Default)]
pub(super) struct SharedFolder {
    /// The folders that all paths share, in lower case; `None` before the first path.
    shared: Option<Vec<String>>,
    /// The folders above the Windows folder of the paths that have one, in lower case, and as they are written.
    above: Option<(Vec<String>, RelativePath)>,
    /// There are several of them.
    several: bool,
    /// So many of the first one's components are above all of them.
    common: usize,
}

impl SharedFolder {
    pub(super) fn see(&mut self, path: &RelativePath) {
        let components: Vec<_> = path.components().collect();
        let (_, folders) = components.split_last().unwrap_or((&std::borrow::Cow::Borrowed(""), &[]));
        match &mut self.shared {
            // Most files lie beside others.
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
                // Whatever the order of the files, one spelling is used.
                if !self.several && !path.as_bytes().starts_with(written.as_bytes()) {
                    let other = RelativePath::from(components[..windows].join("/").as_str());
                    *written = other.min(std::mem::take(written));
                }
            }
        }
    }

    /// The folder, where every path lies below it; `None` where that is the root itself, or not certain.
    pub(super) fn folder(&self) -> Option<RelativePath> {
        let (above, written) = self.above.as_ref().filter(|_| !self.several)?;
        let is_shared = self.shared.as_ref().is_some_and(|shared| shared.starts_with(above));
        (is_shared && !above.is_empty() && !is_copy(written)).then(|| written.clone())
    }

    /// The folder that everything lies in and that is above every Windows: what is called so says nothing of them.
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

/// Windows, too, keeps a Windows in folders for copies (`$WINDOWS.~BT`); a temporary folder is where people unpack.
fn is_copy(folder: &RelativePath) -> bool {
    let inside = RelativePath::from(format!("{folder}/file").as_str());
    copy_kind(&inside).is_some_and(|kind| kind != CopyKind::Temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which folder is found for these paths.
    fn folder(paths: &[&str]) -> Option<String> {
        let mut shared = SharedFolder::default();
        paths.iter().for_each(|path| shared.see(&RelativePath::from(*path)));
        shared.folder().map(|folder| folder.to_string())
    }

    /// Issue 16, point 5: how an archive was packed is no part of what its files are known by.
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

    /// Issue 16, point 4: guessed where all paths share a Windows folder.
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
