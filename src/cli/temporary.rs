//! Files that are written completely or not at all, and are removed if a signal ends the program.

use std::fs::File;
use std::io::{self, Seek as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// A file while it is written; it is removed unless it is persisted, also if a signal ends the program.
pub(super) struct Temporary {
    pub(super) file: NamedTempFile,
}

impl Temporary {
    /// A temporary file in the folder of another file.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".hotfixcheck-");
        // A report is an ordinary file: the user's umask decides who can read it, not only its owner.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut named = interrupt::temporary();
        let file = builder.tempfile_in(folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::new(error.kind(), format!("the folder '{}' does not exist", folder.display()))
            }
            // The error must not contain the name of the temporary file, which means nothing to the user.
            kind => io::Error::from(kind),
        })?;
        named.push(file.path().to_owned());
        Ok(Self { file })
    }

    /// Replaces a file, completely or not at all. The mode and the owner of the replaced file stay.
    pub(super) fn replace(mut self, path: &Path) -> io::Result<()> {
        if let Ok(there) = path.metadata()
            && !keep_owner(self.file.as_file(), &there)?
        {
            // The file has another owner, which only the existing file can keep: its contents are overwritten.
            self.file.rewind()?;
            let mut file = File::options().write(true).truncate(true).open(path)?;
            return io::copy(&mut self.file, &mut file).and_then(|_| file.sync_all());
        }
        self.file.as_file().sync_all()?;
        self.persist(path)
    }

    fn persist(self, path: &Path) -> io::Result<()> {
        let mut named = interrupt::temporary();
        let own = self.file.path().to_owned();
        let persisted = self.file.persist(path).map_err(|error| error.error);
        named.retain(|path| *path != own);
        persisted.map(drop)
    }
}

/// Gives a new file the mode and owner of the one that it replaces; false if it cannot have that owner.
#[cfg(unix)]
fn keep_owner(new: &File, there: &std::fs::Metadata) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let own = new.metadata()?;
    let owner = (there.uid() != own.uid()).then_some(there.uid());
    let group = (there.gid() != own.gid()).then_some(there.gid());
    if (owner.is_some() || group.is_some()) && fchown(new, owner, group).is_err() {
        return Ok(false);
    }
    new.set_permissions(there.permissions())?;
    Ok(true)
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &std::fs::Metadata) -> io::Result<bool> {
    Ok(true)
}

/// Removes temporary files when a signal ends the program.
mod interrupt {
    use std::path::PathBuf;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

    /// The names of the temporary files, locked.
    pub(super) fn temporary() -> MutexGuard<'static, Vec<PathBuf>> {
        #[cfg(unix)]
        watch();
        TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits in a separate thread for the signals that end the program; started once.
    #[cfg(unix)]
    fn watch() {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::iterator::Signals;
        use signal_hook::low_level::emulate_default_handler;

        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            // A signal that is ignored (nohup) stays ignored: no handler is set for it.
            let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal));
            let Ok(mut signals) = Signals::new(wanted) else { return };
            std::thread::spawn(move || {
                for signal in &mut signals {
                    for path in &*TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner) {
                        let _ = std::fs::remove_file(path);
                    }
                    let _ = emulate_default_handler(signal);
                }
            });
        });
    }

    /// Whether the program was started with a signal ignored. Only Linux shows that; elsewhere none counts as ignored.
    #[cfg(unix)]
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        mask >> (signal - 1) & 1 == 1
    }
}
