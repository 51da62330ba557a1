//! One folder of a tree: its folders, and those of its files that matter.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::Wanted;
use super::listing::Matter;

/// What lies in a folder.
#[derive(Default)]
pub(super) struct Folder {
    /// How many regular files.
    pub files_seen: u64,
    /// The files that matter.
    pub files: Vec<(Matter, File)>,
    pub folders: Vec<PathBuf>,
    pub problems: Vec<(PathBuf, String)>,
}

/// A file that matters, as its folder has it.
pub(super) struct File {
    pub path: PathBuf,
    pub size: Option<u64>,
    pub modified: Option<i64>,
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
    /// Lists a folder. Names first: nothing is asked of a file that does not matter, or before it does.
    pub(super) fn read(path: &Path, wanted: &Wanted<impl Fn(&str) -> bool>, buffer: &mut Buffer) -> Self {
        buffer.reserve(BUFFER_BYTES);
        let mut folder = Self::default();
        if let Err(error) = folder.list(path, wanted, buffer) {
            folder.problems.push((path.to_owned(), error.to_string()));
        }
        folder
    }

    /// Takes an item; `times` is asked only of a file that matters.
    fn take(
        &mut self,
        path: &Path,
        name: &OsStr,
        kind: Kind,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        times: impl FnOnce() -> (Option<u64>, Option<i64>),
    ) {
        match kind {
            Kind::Folder => self.folders.push(path.join(name)),
            Kind::File => {
                self.files_seen += 1;
                if let Some(why) = Matter::of(name.to_str(), wanted) {
                    let (size, modified) = if why.is_unsure() { (None, None) } else { times() };
                    self.files.push((why, File { path: path.join(name), size, modified }));
                }
            }
        }
    }

    /// Without a text for each name, and with nothing looked up by its whole path.
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
            let stat = || statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW);
            let kind = match item.file_type() {
                // Some file systems do not tell.
                FileType::Unknown => match stat() {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    Err(error) => {
                        self.problems.push((path.to_owned(), io::Error::from(error).to_string()));
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
            self.take(path, OsStr::from_bytes(name.to_bytes()), kind, wanted, || {
                let stat = stat().ok();
                // Seconds are rounded down, before 1970, too.
                (stat.and_then(|s| u64::try_from(s.st_size).ok()), stat.map(|s| s.st_mtime))
            });
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
                    self.problems.push((path.to_owned(), error.to_string()));
                    continue;
                }
            };
            let kind = match () {
                () if kind.is_dir() => Kind::Folder,
                () if kind.is_file() => Kind::File,
                () => continue,
            };
            self.take(path, &item.file_name(), kind, wanted, || super::place::times(item.metadata()));
        }
        Ok(())
    }
}
