//! One folder of a tree: its folders, those of its files that matter, and the way to open them.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::interest::{Matter, Wanted};
use super::place::times;
use super::{CopyKind, RelativePath, copies};

/// Where a folder lies.
pub(super) struct FolderPlace {
    /// As the system opens it.
    pub path: PathBuf,
    /// Below the root; empty for the root itself.
    pub below: RelativePath,
}

impl FolderPlace {
    /// The folder of this name in it.
    pub(super) fn folder(&self, name: &OsStr) -> Self {
        Self { path: self.path.join(name), below: self.below.join(name) }
    }

    /// Why copies in this folder do not run, if they do not.
    pub(super) fn copy(&self) -> Option<CopyKind> {
        copies::kind_in(&self.below)
    }

    /// Opens the folder, so that its files can be opened by their name alone: the way to a file is looked up once a
    /// folder, not once a file.
    pub(super) fn open(&self) -> OpenFolder<'_> {
        OpenFolder {
            path: &self.path,
            #[cfg(target_os = "linux")]
            folder: {
                use rustix::fs::{Mode, OFlags, open};
                open(&self.path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
            },
        }
    }
}

/// A folder whose files are being opened.
pub(super) struct OpenFolder<'f> {
    path: &'f Path,
    /// `None` where it cannot be opened: then the files' own errors tell.
    #[cfg(target_os = "linux")]
    folder: Option<std::os::fd::OwnedFd>,
}

impl OpenFolder<'_> {
    /// Opens one of its files for reading.
    pub(super) fn file(&self, name: &OsStr) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        if let Some(folder) = &self.folder {
            use rustix::fs::{Mode, OFlags, openat};
            // What was a file when the folder was listed may have become a link or a pipe since.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            return Ok(openat(folder, name, flags, Mode::empty())?.into());
        }
        File::open(self.path.join(name))
    }

    /// Size in bytes and modification time of one of its files, opened or not.
    pub(super) fn times(&self, name: &OsStr, file: &io::Result<File>) -> (Option<u64>, Option<i64>) {
        match file {
            #[cfg(target_os = "linux")]
            Ok(file) => {
                // Asks for less than the standard library does; seconds are rounded down, before 1970, too.
                let stat = rustix::fs::fstat(file).ok();
                (stat.and_then(|s| u64::try_from(s.st_size).ok()), stat.map(|s| s.st_mtime))
            }
            #[cfg(not(target_os = "linux"))]
            Ok(file) => times(file.metadata()),
            Err(_) => times(self.path.join(name).symlink_metadata()),
        }
    }
}

/// What lies in a folder.
#[derive(Default)]
pub(super) struct Folder {
    /// How many regular files.
    pub files_seen: u64,
    /// The names of the files that matter.
    pub files: Vec<(Matter, OsString)>,
    /// The names of its folders.
    pub folders: Vec<OsString>,
    /// What could not be looked at.
    pub problems: Vec<String>,
}

/// What an item of a folder is. Links, devices, pipes and sockets are nothing.
enum Kind {
    Folder,
    File,
}

/// A buffer for the items of a folder, kept from folder to folder.
pub(super) type Buffer = Vec<u8>;
/// As much as the C library takes for one folder.
const BUFFER_BYTES: usize = 32 << 10;

impl Folder {
    /// Lists a folder. Names first: nothing is asked of a file but its name.
    pub(super) fn read(path: &Path, wanted: &Wanted<impl Fn(&str) -> bool>, buffer: &mut Buffer) -> Self {
        buffer.reserve(BUFFER_BYTES);
        let mut folder = Self::default();
        if let Err(error) = folder.list(path, wanted, buffer) {
            folder.problems.push(error.to_string());
        }
        // So that the files of all folders are in order nearly, and sorting them is cheap.
        folder.files.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
        folder
    }

    fn take(&mut self, name: &OsStr, kind: Kind, wanted: &Wanted<impl Fn(&str) -> bool>) {
        match kind {
            Kind::Folder => self.folders.push(name.to_owned()),
            Kind::File => {
                self.files_seen += 1;
                if let Some(why) = Matter::of(name.to_str(), wanted) {
                    self.files.push((why, name.to_owned()));
                }
            }
        }
    }

    /// Without a text for each name.
    #[cfg(target_os = "linux")]
    fn list(&mut self, path: &Path, wanted: &Wanted<impl Fn(&str) -> bool>, buffer: &mut Buffer) -> io::Result<()> {
        use std::os::unix::ffi::OsStrExt as _;

        use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, open, statat};
        use rustix::io::Errno;

        let folder = open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let mut items = RawDir::new(&folder, buffer.spare_capacity_mut());
        while let Some(item) = items.next() {
            let item = match item {
                Ok(item) => item,
                // It was deleted while it was read.
                Err(Errno::NOENT) => break,
                Err(error) => return Err(error.into()),
            };
            let name = item.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let kind = match item.file_type() {
                // Some file systems do not tell.
                FileType::Unknown => match statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    Err(error) => {
                        self.problems.push(io::Error::from(error).to_string());
                        continue;
                    }
                },
                known => known,
            };
            let kind = match kind {
                FileType::Directory => Kind::Folder,
                FileType::RegularFile => Kind::File,
                _ => continue,
            };
            self.take(OsStr::from_bytes(name.to_bytes()), kind, wanted);
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn list(&mut self, path: &Path, wanted: &Wanted<impl Fn(&str) -> bool>, _: &mut Buffer) -> io::Result<()> {
        for item in path.read_dir()? {
            let known = item.and_then(|item| Ok((item.file_type()?, item)));
            let (kind, item) = match known {
                Ok(known) => known,
                Err(error) => {
                    self.problems.push(error.to_string());
                    continue;
                }
            };
            let kind = match () {
                () if kind.is_dir() => Kind::Folder,
                () if kind.is_file() => Kind::File,
                () => continue,
            };
            self.take(&item.file_name(), kind, wanted);
        }
        Ok(())
    }
}
