//! One folder of a tree: its subfolders, its wanted files, and how to open them.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::interest::{Interest, Matter, UNOPENED, Wanted, is_unopened};
use super::place::times;
use super::{CopyKind, RelativePath, copies};
use hotfixcheck_winfiles::image;

/// The path of a folder.
pub(super) struct FolderPlace {
    /// The path with which it is opened.
    pub path: PathBuf,
    /// Its path below the root; empty for the root itself. Names that a collector encoded are decoded.
    pub below: RelativePath,
    /// It is below a volume that Velociraptor collected.
    is_collected: bool,
    /// The same in the system's spelling, in which a `\` may be part of a name.
    #[cfg(unix)]
    real: PathBuf,
    root: RootFolder,
}

/// The folder where a walk begins, kept open. Folders below are opened relative to it, without following a link that
/// replaced one of them in the meantime.
#[cfg(unix)]
type RootFolder = Option<std::sync::Arc<std::os::fd::OwnedFd>>;
#[cfg(not(unix))]
type RootFolder = ();

/// The flag for a folder that is only passed through: Linux needs no permission to list it.
#[cfg(target_os = "linux")]
const STEP: rustix::fs::OFlags = rustix::fs::OFlags::PATH;
#[cfg(all(unix, not(target_os = "linux")))]
const STEP: rustix::fs::OFlags = rustix::fs::OFlags::RDONLY;

impl FolderPlace {
    /// The folder where a walk begins. It may be a link itself.
    pub(super) fn root(path: &Path) -> Self {
        #[cfg(unix)]
        let root = {
            use rustix::fs::{Mode, OFlags, open};
            let folder = open(path, STEP | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
            folder.ok().map(std::sync::Arc::new)
        };
        #[cfg(not(unix))]
        let root = ();
        let mut names = path.components().map(|name| name.as_os_str().to_string_lossy());
        Self {
            path: path.to_owned(),
            below: RelativePath::default(),
            is_collected: names.any(|name| image::collected_volume(&name).is_some()),
            #[cfg(unix)]
            real: PathBuf::new(),
            root,
        }
    }

    /// The folder of this name in it.
    pub(super) fn folder(&self, name: &OsStr) -> Self {
        #[cfg_attr(not(unix), expect(clippy::clone_on_copy, reason = "nothing is kept open there"))]
        let root = self.root.clone();
        let path = self.path.join(name);
        let volume = name.to_str().filter(|_| !self.is_collected).and_then(image::collected_volume);
        let below = match &volume {
            Some(volume) => self.volume(volume),
            None => self.below(name),
        };
        Self {
            path,
            below,
            is_collected: self.is_collected || volume.is_some(),
            #[cfg(unix)]
            real: self.real.join(name),
            root,
        }
    }

    /// The path below the root of a volume in this folder. Those that several accessors collected of one volume belong
    /// together, as in an archive: one may have read the files that another could not open, such as hives in use.
    fn volume(&self, volume: &str) -> RelativePath {
        let above = self.path.components().rev().take(2).map(|name| name.as_os_str().to_string_lossy());
        let above: Vec<_> = above.collect::<Vec<_>>().into_iter().rev().collect();
        let is_way = !self.below.is_empty() && image::is_way(&above, volume);
        let folder = if is_way { self.below.parent() } else { self.below.clone() };
        folder.join(OsStr::new(volume))
    }

    /// The path below the root of an item in this folder.
    pub(super) fn below(&self, name: &OsStr) -> RelativePath {
        self.below.join(&self.name(name))
    }

    /// The name that an item of this folder had where it was collected.
    fn name<'n>(&self, name: &'n OsStr) -> Cow<'n, OsStr> {
        let collected =
            || image::collected_name(name.to_str()?).filter(|name| !matches!(name.as_str(), "" | "." | ".."));
        let collected = if self.is_collected { collected() } else { None };
        collected.map_or(Cow::Borrowed(name), |name| Cow::Owned(name.into()))
    }

    /// Whether several files in folders like this one can have one path below the root.
    pub(super) fn is_collected(&self) -> bool {
        self.is_collected
    }

    /// Opens the folder itself, starting at the root, without following a link.
    #[cfg(unix)]
    fn descriptor(&self, flags: rustix::fs::OFlags) -> io::Result<std::os::fd::OwnedFd> {
        use rustix::fs::{Mode, OFlags, open, openat};

        let flags = flags | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Some(root) = &self.root else { return Ok(open(&self.path, flags, Mode::empty())?) };
        #[cfg(target_os = "linux")]
        if let Some(folder) = beneath(root, &self.real, flags) {
            return folder;
        }
        // Opens it component by component; none of them may be a link.
        let step = STEP | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut folder = openat(root, ".", step, Mode::empty())?;
        for name in &self.real {
            folder = openat(&folder, name, step, Mode::empty())?;
        }
        Ok(openat(&folder, ".", flags, Mode::empty())?)
    }

    /// Opens the folder, so that its files can be opened by their names alone: the path is resolved once for each
    /// folder, not for each file.
    pub(super) fn open(&self) -> OpenFolder<'_> {
        OpenFolder {
            path: &self.path,
            #[cfg(unix)]
            folder: self.descriptor(STEP).map_err(|error| error.to_string()),
        }
    }
}

/// Opens a folder below the root in one call; `None` where the kernel does not support it.
#[cfg(target_os = "linux")]
fn beneath(
    root: &std::os::fd::OwnedFd,
    below: &Path,
    flags: rustix::fs::OFlags,
) -> Option<io::Result<std::os::fd::OwnedFd>> {
    use rustix::fs::{Mode, ResolveFlags, openat2};
    use rustix::io::Errno;

    /// The errors of kernels before 5.6, and of system call filters that do not know later calls.
    const REFUSED: [Errno; 2] = [Errno::NOSYS, Errno::PERM];
    /// How often to try again if a folder was moved in the meantime.
    const TRIES: usize = 8;

    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    for _ in 0..TRIES {
        match openat2(root, below, flags, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) if REFUSED.contains(&error) => break,
            other => return Some(other.map_err(io::Error::from)),
        }
    }
    None
}

/// A folder whose files are being opened.
pub(super) struct OpenFolder<'f> {
    path: &'f Path,
    #[cfg(unix)]
    folder: Result<std::os::fd::OwnedFd, String>,
}

impl OpenFolder<'_> {
    /// Opens one of its files for reading. Returns its size in bytes and modification time in any case.
    pub(super) fn file(&self, name: &OsStr) -> (io::Result<File>, Option<u64>, Option<i64>) {
        match self.open(name) {
            Ok((file, size, modified)) => (Ok(file), size, modified),
            Err(error) => {
                let (size, modified) = times(self.path.join(name).symlink_metadata());
                (Err(error), size, modified)
            }
        }
    }

    #[cfg(unix)]
    fn open(&self, name: &OsStr) -> io::Result<(File, Option<u64>, Option<i64>)> {
        use rustix::fs::{Mode, OFlags, openat};

        let folder = self.folder.as_ref().map_err(|what| io::Error::other(what.clone()))?;
        // A file in the listing may have been replaced by a link or a pipe since.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        regular(openat(folder, name, flags, Mode::empty())?)
    }

    #[cfg(not(unix))]
    fn open(&self, name: &OsStr) -> io::Result<(File, Option<u64>, Option<i64>)> {
        let path = self.path.join(name);
        if !path.symlink_metadata()?.is_file() {
            return Err(io::Error::other("not a regular file any more"));
        }
        let file = File::open(path)?;
        let (size, modified) = times(file.metadata());
        Ok((file, size, modified))
    }
}

/// The open file with its size and modification time, if it is a regular one.
#[cfg(target_os = "linux")]
fn regular(file: std::os::fd::OwnedFd) -> io::Result<(File, Option<u64>, Option<i64>)> {
    use rustix::fs::{FileType, fstat};

    // Queries less than the standard library does; seconds are rounded down, also before 1970.
    let stat = fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("not a regular file any more"));
    }
    Ok((file.into(), u64::try_from(stat.st_size).ok(), Some(stat.st_mtime)))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn regular(file: std::os::fd::OwnedFd) -> io::Result<(File, Option<u64>, Option<i64>)> {
    let file = File::from(file);
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file any more"));
    }
    let (size, modified) = times(Ok(metadata));
    Ok((file, size, modified))
}

/// The contents of a folder.
#[derive(Default)]
pub(super) struct Folder {
    /// How many regular files.
    pub files_seen: u64,
    /// The names of the wanted files.
    pub files: Vec<(Matter, OsString)>,
    /// Why these do not run, if that is so.
    pub copy: Option<CopyKind>,
    /// The names of its folders.
    pub folders: Vec<OsString>,
    /// Items that have the name of a wanted file but are not files, and what they are.
    pub passed: Vec<(OsString, &'static str)>,
    /// Errors of items that could not be read.
    pub problems: Vec<String>,
}

/// The kind of an item in a folder.
enum Kind {
    Folder,
    File,
    /// An item that is not opened, with the text for the report.
    Other(&'static str),
}

const LINK: &str = "a link, which is not followed: what it points to is read only where it lies below PATH itself";
const DEVICE: &str = "a pipe, socket or device, which is not opened";

/// A buffer for the items of a folder, kept from folder to folder.
pub(super) type Buffer = Vec<u8>;
/// The same size as the C library uses for one folder.
const BUFFER_BYTES: usize = 32 << 10;

impl Folder {
    /// Lists a folder. Only the names are read, not the files.
    pub(super) fn read(place: &FolderPlace, wanted: &Wanted<impl Fn(&str) -> bool>, buffer: &mut Buffer) -> Self {
        buffer.reserve(BUFFER_BYTES);
        let mut folder = Self::default();
        if let Err(error) = folder.list(place, wanted, buffer) {
            folder.problems.push(error.to_string());
        }
        // Keeps the files of all folders nearly sorted, so that sorting them later is cheap.
        folder.files.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
        folder.copy = if folder.files.is_empty() { None } else { copies::kind_in(&place.below) };
        folder
    }

    fn take(&mut self, place: &FolderPlace, name: &OsStr, kind: Kind, wanted: &Wanted<impl Fn(&str) -> bool>) {
        let known = place.name(name);
        match kind {
            Kind::Folder => self.folders.push(name.to_owned()),
            Kind::File => {
                self.files_seen += 1;
                let text = known.to_str();
                if let Some(why) = Matter::of(text, wanted) {
                    self.files.push((why, name.to_owned()));
                }
                if text.is_some_and(is_unopened) {
                    self.passed.push((name.to_owned(), UNOPENED));
                }
            }
            Kind::Other(what) => {
                let named = |why: Matter| why.hive || why.interest.is_some_and(|why| why != Interest::Contents);
                if Matter::of(known.to_str(), wanted).is_some_and(named) {
                    self.passed.push((name.to_owned(), what));
                }
            }
        }
    }

    #[cfg(unix)]
    fn list(
        &mut self,
        place: &FolderPlace,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        buffer: &mut Buffer,
    ) -> io::Result<()> {
        use std::os::unix::ffi::OsStrExt as _;

        use rustix::fs::{AtFlags, FileType, OFlags, statat};

        let folder = place.descriptor(OFlags::RDONLY)?;
        each(&folder, buffer, |name, kind| {
            if matches!(name.to_bytes(), b"." | b"..") {
                return;
            }
            let kind = match kind {
                // Some file systems do not report the kind.
                FileType::Unknown => match statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    Err(error) => return self.problems.push(io::Error::from(error).to_string()),
                },
                known => known,
            };
            let kind = match kind {
                FileType::Directory => Kind::Folder,
                FileType::RegularFile => Kind::File,
                FileType::Symlink => Kind::Other(LINK),
                _ => Kind::Other(DEVICE),
            };
            self.take(place, OsStr::from_bytes(name.to_bytes()), kind, wanted);
        })
    }

    #[cfg(not(unix))]
    fn list(&mut self, place: &FolderPlace, wanted: &Wanted<impl Fn(&str) -> bool>, _: &mut Buffer) -> io::Result<()> {
        // A folder in the parent's listing may have been replaced by a link since.
        if !place.below.is_empty() && !place.path.symlink_metadata()?.is_dir() {
            return Err(io::Error::other("it became a link while it was looked at"));
        }
        for item in place.path.read_dir()? {
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
                () if kind.is_symlink() => Kind::Other(LINK),
                () => Kind::Other(DEVICE),
            };
            self.take(place, &item.file_name(), kind, wanted);
        }
        Ok(())
    }
}

/// Calls `see` with each item of an open folder, and its kind according to the folder. Allocates no text for the names.
#[cfg(target_os = "linux")]
fn each(
    folder: &std::os::fd::OwnedFd,
    buffer: &mut Buffer,
    mut see: impl FnMut(&std::ffi::CStr, rustix::fs::FileType),
) -> io::Result<()> {
    use rustix::fs::RawDir;
    use rustix::io::Errno;

    let mut items = RawDir::new(folder, buffer.spare_capacity_mut());
    while let Some(item) = items.next() {
        match item {
            Ok(item) => see(item.file_name(), item.file_type()),
            // The folder was deleted while it was read.
            Err(Errno::NOENT) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn each(
    folder: &std::os::fd::OwnedFd,
    _: &mut Buffer,
    mut see: impl FnMut(&std::ffi::CStr, rustix::fs::FileType),
) -> io::Result<()> {
    for item in rustix::fs::Dir::read_from(folder)? {
        let item = item?;
        #[cfg(any(target_os = "solaris", target_os = "illumos", target_os = "aix", target_os = "haiku"))]
        let kind = rustix::fs::FileType::Unknown;
        #[cfg(not(any(target_os = "solaris", target_os = "illumos", target_os = "aix", target_os = "haiku")))]
        let kind = item.file_type();
        see(item.file_name(), kind);
    }
    Ok(())
}
