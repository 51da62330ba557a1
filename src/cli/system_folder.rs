//! The folder of the running Windows that `scan` uses without a PATH, and the files that a 32-bit build sees in it.

use std::path::{Path, PathBuf};

/// Facts of the environment about the running Windows.
#[derive(Clone, Debug)]
pub(super) struct RunningWindows {
    /// `%SystemRoot%`.
    pub root: PathBuf,
    /// This is a 32-bit program on a 64-bit Windows: when it opens `System32`, it gets `SysWOW64`.
    pub redirected: bool,
}

impl RunningWindows {
    /// The Windows that runs this program; `None` elsewhere.
    pub(super) fn detect() -> Option<Self> {
        let root = std::env::var_os("SystemRoot").filter(|_| cfg!(windows))?;
        // Only set for 32-bit programs under WOW64.
        let redirected = std::env::var_os("PROCESSOR_ARCHITEW6432").is_some();
        Some(Self { root: root.into(), redirected })
    }

    /// The folder with the files that run. `Sysnative` is the name by which WOW64 gives 32-bit programs access to the
    /// real `System32`, from Windows Vista on, and earlier with KB942589.
    pub(super) fn system_folder(&self) -> PathBuf {
        let native = self.root.join("Sysnative");
        if self.redirected && native.is_dir() { native } else { self.root.join("System32") }
    }

    /// A warning for a root below which Windows shows this program other files than the real ones.
    pub(super) fn warning(&self, root: &Path) -> Option<String> {
        let lower = |path: &Path| path.to_string_lossy().to_lowercase().replace('/', "\\");
        let (root, system) = (lower(root), lower(&self.root.join("System32")));
        let below = root.strip_prefix(&system).is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'));
        let above = system.strip_prefix(root.trim_end_matches('\\')).is_some_and(|rest| rest.starts_with('\\'));
        (self.redirected && (below || above)).then(|| {
            "32-bit build: Windows redirects System32 to SysWOW64, so other files are read; use the 64-bit build, or \
             scan %SystemRoot%\\Sysnative"
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirected_program_looks_at_sysnative_where_there_is_one() {
        let folder = tempfile::TempDir::new().unwrap();
        let windows = |redirected| RunningWindows { root: folder.path().to_owned(), redirected };
        let looked_at = |redirected| windows(redirected).system_folder();
        assert_eq!([looked_at(false), looked_at(true)], ["System32", "System32"].map(|name| folder.path().join(name)));
        std::fs::create_dir(folder.path().join("Sysnative")).unwrap();
        assert_eq!([looked_at(false), looked_at(true)], ["System32", "Sysnative"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn a_redirected_program_is_warned_of_system32_and_what_holds_it() {
        let windows = |redirected| RunningWindows { root: PathBuf::from(r"C:\Windows"), redirected };
        let warned = |path: &str| windows(true).warning(Path::new(path)).is_some();
        for path in [r"C:\", r"C:\Windows", r"c:\WINDOWS\system32", r"C:/Windows/System32/drivers"] {
            assert!(warned(path), "{path}");
            assert!(windows(false).warning(Path::new(path)).is_none(), "{path}");
        }
        for path in [r"C:\Windows\SysWOW64", r"C:\Windows\Sysnative", r"C:\Windows\System32x", r"D:\image"] {
            assert!(!warned(path), "{path}");
        }
    }
}
