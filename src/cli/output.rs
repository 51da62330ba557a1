//! Where reports go: opened before the work starts, written whole or not at all.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use comfy_table::Table;
use hotfixcheck::report::Look;
use tempfile::NamedTempFile;

use super::CliError;

/// An opened place for a report.
#[derive(Debug)]
pub(super) enum Output {
    /// Standard output.
    Stdout,
    /// Nowhere.
    Nowhere,
    /// A file that appears, or is replaced, when the report is complete.
    Atomic {
        /// The bytes until then, in the same folder.
        temporary: NamedTempFile,
        /// The file.
        path: PathBuf,
    },
    /// A device or pipe: cannot be replaced.
    Direct {
        /// The open file.
        file: File,
        /// Its path.
        path: PathBuf,
    },
}

impl Output {
    /// Opens a file, or standard output for `None` and `-`; with `quiet` nothing instead of standard output.
    ///
    /// # Errors
    /// The file cannot be made.
    pub(super) fn open(path: Option<&Path>, quiet: bool) -> Result<Self, CliError> {
        let Some(path) = path.filter(|p| p.as_os_str() != "-") else {
            return Ok(if quiet { Self::Nowhere } else { Self::Stdout });
        };
        let failed = |source| CliError::Output { path: path.to_owned(), source };
        match path.metadata() {
            Ok(there) if there.is_dir() => Err(failed(io::Error::from(io::ErrorKind::IsADirectory))),
            there if is_device(path) || there.as_ref().is_ok_and(|there| !there.is_file()) => {
                let file = File::options().write(true).open(path).map_err(failed)?;
                Ok(Self::Direct { file, path: path.to_owned() })
            }
            // A link is kept: what it points to is replaced.
            Ok(_) if path.is_symlink() => Self::atomic(path.canonicalize().map_err(failed)?).map_err(failed),
            Ok(_) | Err(_) => Self::atomic(path.to_owned()).map_err(failed),
        }
    }

    fn atomic(path: PathBuf) -> io::Result<Self> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".hotfixcheck-");
        // A report is an ordinary file: readable as the user's umask says, not only by its owner.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder)?;
        Ok(Self::Atomic { temporary, path })
    }

    /// How a report for people should look there.
    pub(super) fn look(&self) -> Look {
        if !matches!(self, Self::Stdout) || !io::stdout().is_terminal() {
            return Look::PLAIN;
        }
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        // Some pseudo-terminals say that they have no columns.
        let width = Table::new().width().filter(|&columns| columns > 0).unwrap_or(80);
        Look { width, colour: !refused && !dumb }
    }

    /// Writes the report. A reader that closes the pipe has read enough: that is no error.
    ///
    /// # Errors
    /// The bytes cannot be written or the file not replaced.
    pub(super) fn write(self, bytes: &[u8]) -> Result<(), CliError> {
        match self {
            Self::Nowhere => Ok(()),
            Self::Stdout => {
                let mut out = io::stdout().lock();
                let written = out.write_all(bytes).and_then(|()| out.flush());
                unless_closed(written).map_err(|source| CliError::Output { path: "standard output".into(), source })
            }
            Self::Direct { mut file, path } => {
                unless_closed(file.write_all(bytes)).map_err(|source| CliError::Output { path, source })
            }
            Self::Atomic { mut temporary, path } => {
                let written = temporary.write_all(bytes).and_then(|()| temporary.as_file().sync_all());
                let persisted = written.and_then(|()| temporary.persist(&path).map_err(|error| error.error));
                persisted.map(drop).map_err(|source| CliError::Output { path, source })
            }
        }
    }
}

/// True for a name that is a device in every folder of Windows, which tells nothing of it but opens it.
pub(super) fn is_device(path: &Path) -> bool {
    cfg!(windows) && ["nul", "con"].iter().any(|device| path.as_os_str().eq_ignore_ascii_case(device))
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
