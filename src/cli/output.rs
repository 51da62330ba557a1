//! The outputs of reports: opened before the work starts, and written completely or not at all.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use comfy_table::Table;
use hotfixcheck::inventory::RelativePath;
use hotfixcheck::report::{Look, RenderError};

use super::error::CliError;
use super::kind::Kind;
use super::temporary::Temporary;

/// An open output for a report.
#[derive(Debug)]
pub(super) enum Output {
    /// Standard output.
    Stdout,
    /// Nowhere.
    Nowhere,
    /// A file that is created or replaced when the report is complete.
    Atomic {
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
    /// Opens a file, or standard output for `None` and `-`; with `quiet`, nothing is written to standard output.
    ///
    /// # Errors
    /// The file cannot be created.
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
            // A link stays: its target is created or replaced.
            _ => {
                let file = if path.is_symlink() { target(path).map_err(failed)? } else { path.to_owned() };
                replaceable(&file)?;
                Self::atomic(file).map_err(failed)
            }
        }
    }

    /// A file in a writable folder. It does not exist there until the report is complete.
    fn atomic(path: PathBuf) -> io::Result<Self> {
        Temporary::beside(&path).map(drop)?;
        Ok(Self::Atomic { path })
    }

    /// Refuses to replace one of the files that the run reads.
    ///
    /// # Errors
    /// The output is one of them.
    pub(super) fn refuse_inputs(&self, inputs: &[&Path]) -> Result<(), CliError> {
        let Some(own) = self.file().map(whole) else { return Ok(()) };
        match inputs.iter().find(|input| input.is_file() && whole(input) == own) {
            None => Ok(()),
            Some(input) => Err(CliError::Usage(format!(
                "output '{}' is a file that this run reads: give another file",
                input.display()
            ))),
        }
    }

    /// The file that is created when the report is complete.
    pub(super) fn file(&self) -> Option<&Path> {
        if let Self::Atomic { path } = self { Some(path) } else { None }
    }

    /// Its path below a folder, if it already exists there.
    pub(super) fn below(&self, root: &Path) -> Option<RelativePath> {
        let (Self::Atomic { path } | Self::Direct { path, .. }) = self else { return None };
        if !path.is_file() || !root.is_dir() {
            return None;
        }
        let path = path.canonicalize().ok()?;
        Some(RelativePath::new(path.strip_prefix(root.canonicalize().ok()?).ok()?))
    }

    /// The appearance of a report for people there. Files and pipes always look the same, unless the environment sets a
    /// width (COLUMNS) or colour (CLICOLOR_FORCE).
    pub(super) fn look(&self) -> Look {
        if !matches!(self, Self::Stdout) {
            return Look::PLAIN;
        }
        let environment = Environment::read();
        if io::stdout().is_terminal() {
            // Some pseudo-terminals report zero columns.
            let width = Table::new().width().filter(|&columns| columns > 0);
            environment.at_terminal(width)
        } else {
            environment.in_pipe()
        }
    }

    /// Writes the report. It is not an error if the reader closes the pipe.
    ///
    /// # Errors
    /// The bytes cannot be written, or the file cannot be replaced.
    pub(super) fn write(self, bytes: &[u8]) -> Result<(), CliError> {
        let mut stream = self.stream()?;
        stream.write(bytes)?;
        stream.finish()
    }

    /// Begins a report that is written in pieces.
    ///
    /// # Errors
    /// The file cannot be created.
    pub(super) fn stream(self) -> Result<Stream, CliError> {
        let (path, to) = match self {
            Self::Nowhere => (PathBuf::new(), To::Nowhere),
            Self::Stdout => ("standard output".into(), To::Stdout(BufWriter::new(io::stdout()))),
            Self::Direct { file, path } => (path, To::Direct(BufWriter::new(file))),
            Self::Atomic { path } => match Temporary::beside(&path) {
                Ok(temporary) => (path, To::Atomic(temporary)),
                Err(source) => return Err(CliError::Output { path, source }),
            },
        };
        Ok(Stream { path, to, is_closed: false, failure: None })
    }
}

/// A report that is being written.
pub(super) struct Stream {
    path: PathBuf,
    to: To,
    is_closed: bool,
    /// Why it could not be written, where a renderer wrote.
    failure: Option<io::Error>,
}

enum To {
    Nowhere,
    Stdout(BufWriter<io::Stdout>),
    Direct(BufWriter<File>),
    Atomic(Temporary),
}

impl Stream {
    /// Writes a piece.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        let written = match &mut self.to {
            _ if self.is_closed => Ok(()),
            To::Nowhere => Ok(()),
            To::Stdout(out) => out.write_all(bytes),
            To::Direct(file) => file.write_all(bytes),
            To::Atomic(temporary) => temporary.file.write_all(bytes),
        };
        self.unless_closed(written)
    }

    /// True if the reader has closed the output.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Passes everything written so far on to the reader.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn flush(&mut self) -> Result<(), CliError> {
        let written = match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::Direct(file) => file.flush(),
            To::Nowhere | To::Atomic(_) => Ok(()),
        };
        self.unless_closed(written)
    }

    /// Ends the report: its file is created or replaced.
    ///
    /// # Errors
    /// It cannot be written, or the file cannot be replaced.
    pub(super) fn finish(mut self) -> Result<(), CliError> {
        self.flush()?;
        match self.to {
            To::Atomic(temporary) => {
                let path = self.path;
                temporary.replace(&path).map_err(|source| CliError::Output { path, source })
            }
            _ => Ok(()),
        }
    }

    /// What became of a renderer that wrote.
    ///
    /// # Errors
    /// It could not write, or not render.
    pub(super) fn rendered(&mut self, result: Result<(), RenderError>) -> Result<(), CliError> {
        match self.failure.take() {
            Some(source) => Err(CliError::Output { path: self.path.clone(), source }),
            None if self.is_closed => Ok(()),
            None => Ok(result?),
        }
    }

    fn unless_closed(&mut self, written: io::Result<()>) -> Result<(), CliError> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            other => other.map_err(|source| CliError::Output { path: self.path.clone(), source }),
        }
    }
}

/// Refuses to replace evidence: `-o *.img` names the images, not a report.
fn replaceable(path: &Path) -> Result<(), CliError> {
    match Kind::of(path).filter(|kind| kind.is_evidence()) {
        None => Ok(()),
        Some(kind) => Err(CliError::Usage(format!(
            "output '{}' exists and is {}, not a report: it is not replaced; give another file",
            path.display(),
            kind.what()
        ))),
    }
}

impl io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match Self::write(self, bytes) {
            // Nobody reads any more: a renderer need not go on.
            Ok(()) if self.is_closed => Err(io::ErrorKind::BrokenPipe.into()),
            Ok(()) => Ok(bytes.len()),
            Err(CliError::Output { source, .. }) => {
                let kind = source.kind();
                self.failure = Some(source);
                Err(kind.into())
            }
            Err(other) => Err(io::Error::other(other)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The target of a link, whether it exists or not.
fn target(link: &Path) -> io::Result<PathBuf> {
    /// More links in a row than this form a circle.
    const MAX_LINKS: usize = 40;
    let mut path = link.to_owned();
    for _ in 0..MAX_LINKS {
        if !path.is_symlink() {
            return Ok(path);
        }
        let to = path.read_link()?;
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    Err(io::Error::other("its links lead round in a circle"))
}

/// The settings of the environment about the appearance of text.
#[derive(Debug, Default)]
struct Environment {
    columns: Option<u16>,
    no_colour: bool,
    force_colour: bool,
    dumb: bool,
    ascii: bool,
}

impl Environment {
    fn read() -> Self {
        let text = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text);
        Self {
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0),
            no_colour: text("NO_COLOR").is_some(),
            force_colour: text("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: text("TERM").is_some_and(|term| term == "dumb"),
            // On Windows, the console's encoding does not depend on a locale.
            ascii: cfg!(unix) && locale.is_some_and(|locale| lacks_unicode(&locale)),
        }
    }

    fn at_terminal(&self, width: Option<u16>) -> Look {
        let colour = !self.no_colour && (self.force_colour || !self.dumb);
        Look { width: self.columns.or(width).unwrap_or(80), colour, ascii: self.ascii, bounded: true }
    }

    fn in_pipe(&self) -> Look {
        let colour = self.force_colour && !self.no_colour;
        let width = self.columns.unwrap_or(Look::PLAIN.width);
        Look { width, colour, bounded: self.columns.is_some(), ..Look::PLAIN }
    }
}

/// True where a terminal shows ASCII only.
pub(super) fn is_ascii() -> bool {
    Environment::read().ascii
}

/// True for a locale without Unicode: `C`, `POSIX`, `de_DE.ISO-8859-1`.
fn lacks_unicode(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    !locale.contains("utf-8") && !locale.contains("utf8")
}

/// True for a name that is a device in every folder of Windows; metadata does not show that, so the name is compared.
pub(super) fn is_device(path: &Path) -> bool {
    cfg!(windows) && ["nul", "con"].iter().any(|device| path.as_os_str().eq_ignore_ascii_case(device))
}

/// The resolved path of a file, whether it exists or not. On Windows, names that differ only in case are the same file.
pub(super) fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let of_new = || {
        let name = path.file_name()?;
        let name = if cfg!(windows) { name.to_ascii_lowercase() } else { name.to_owned() };
        Some(folder.canonicalize().ok()?.join(name))
    };
    path.canonicalize().ok().or_else(of_new).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_on_width_colour_and_characters() {
        let plain = Environment::default();
        assert_eq!(plain.at_terminal(None), Look { width: 80, colour: true, ascii: false, bounded: true });
        assert_eq!(plain.at_terminal(Some(120)).width, 120);
        assert_eq!(plain.in_pipe(), Look::PLAIN);
        let wide = Environment { columns: Some(200), ..Environment::default() };
        assert_eq!((wide.at_terminal(Some(120)).width, wide.in_pipe().width), (200, 200));
        assert!(wide.in_pipe().bounded && !plain.in_pipe().bounded);
        let forced = Environment { force_colour: true, dumb: true, ..Environment::default() };
        assert!(forced.in_pipe().colour && forced.at_terminal(None).colour);
        let refused = Environment { no_colour: true, ..forced };
        assert!(!refused.in_pipe().colour && !refused.at_terminal(None).colour);
        let old = Environment { ascii: true, ..Environment::default() };
        assert!(old.at_terminal(None).ascii && !old.in_pipe().ascii, "a pipe gets the same bytes in every locale");
    }

    #[test]
    fn a_locale_without_unicode_is_told_by_its_name() {
        assert!(["C", "POSIX", "de_DE.ISO-8859-1", "en_US"].into_iter().all(lacks_unicode));
        assert!(["C.UTF-8", "de_DE.utf8", "en_US.UTF-8"].into_iter().all(|locale| !lacks_unicode(locale)));
    }
}
