//! Reads the contents of a file. For packed files (`TAPISRV.EX_`) these are the unpacked contents.

use super::opening::Opened;
use super::snapshot::Packing;
use super::unread::{NotUnpacked, Unread};
use hotfixcheck_winfiles::binary::{self, Binary, BinaryError, Reader};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::cabinet::{self, Cabinet};
use hotfixcheck_winfiles::packed::{self, NameHint, PackedFile};

/// The contents of one file.
pub(super) struct Contents {
    pub(super) binary: Result<Binary, Unread>,
    /// `None` for a file that is not packed.
    pub(super) packing: Option<Packing>,
}

/// The kind of a file by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An executable, of DOS or of Windows.
    Executable,
    /// Packed by COMPRESS.EXE.
    Packed,
    /// A cabinet with any number of files.
    Cabinet,
}

impl Kind {
    /// The kind by the first bytes; `None` for any other file.
    pub(super) fn of(file: &&dyn ReadAt) -> std::io::Result<Option<Self>> {
        let mut head = [0; packed::HEAD_BYTES];
        let count = file.read_at(&mut head, 0)?;
        Ok(Self::of_head(&head[..count]))
    }

    fn of_head(head: &[u8]) -> Option<Self> {
        match () {
            () if binary::begins_as_executable(head) => Some(Self::Executable),
            () if head.starts_with(cabinet::SIGNATURE) => Some(Self::Cabinet),
            () => packed::recognise(head).map(|_| Self::Packed),
        }
    }

    fn is_packed(self) -> bool {
        self != Self::Executable
    }
}

/// Which kinds of files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    /// All files, because their name is wanted.
    Any,
    /// Only packed files.
    Packed,
    /// Only binaries and packed files.
    Sniffed,
}

/// Reads the file; `None` if it is not of a requested kind.
pub(super) fn read(opened: &Opened<'_>, only: Only, reader: &mut Reader) -> Option<Contents> {
    let failed = |error: String| Contents { binary: Err(Unread::refused(error)), packing: None };
    let file = match &opened.file {
        Ok(file) => file,
        Err(error) => return Some(failed(error.clone())),
    };
    if only != Only::Any {
        return match Kind::of(file) {
            Ok(Some(Kind::Executable)) if only == Only::Sniffed => {
                Some(Contents { binary: reader.read(*file).map_err(Unread::from), packing: None })
            }
            Ok(kind) => kind.filter(|kind| kind.is_packed()).map(|kind| unpack(*file, kind)),
            Err(error) => Some(failed(error.to_string())),
        };
    }
    let binary = reader.read(*file);
    if binary == Err(BinaryError::NotExecutable)
        && let Some(kind) = Kind::of_head(reader.first_bytes())
    {
        return Some(unpack(*file, kind));
    }
    Some(Contents { binary: binary.map_err(Unread::from), packing: None })
}

/// True for a cabinet that can be opened and does not hold exactly one file, as packed files do.
pub(super) fn holds_several(opened: &Opened<'_>) -> bool {
    let Ok(file) = &opened.file else { return false };
    matches!(Kind::of(file), Ok(Some(Kind::Cabinet)))
        && Cabinet::open(*file).is_ok_and(|cabinet| cabinet.members().len() != 1)
}

/// The result of unpacking a file.
struct Unpacked {
    binary: Result<Binary, Unread>,
    hint: NameHint,
    size: u64,
}

fn unpack(file: &dyn ReadAt, kind: Kind) -> Contents {
    let unpacked = match kind {
        Kind::Cabinet => only_member(file),
        Kind::Packed | Kind::Executable => packed_file(file),
    };
    match unpacked {
        Ok(Unpacked { binary, hint, size }) => {
            Contents { binary, packing: Some(Packing { hint: Some(hint), unpacked_size: Some(size) }) }
        }
        Err(error) => {
            Contents { binary: Err(Unread::Packed(error)), packing: Some(Packing { hint: None, unpacked_size: None }) }
        }
    }
}

/// A file that COMPRESS.EXE packed.
fn packed_file(file: &dyn ReadAt) -> Result<Unpacked, NotUnpacked> {
    let packed = PackedFile::open(file)?;
    let binary = binary::read(&packed);
    let size = packed.finish()?;
    Ok(Unpacked { binary: binary.map_err(Unread::from), hint: packed.name_hint().clone(), size })
}

/// The member of a cabinet that has only one, as used on installation media since Windows 2000: `TAPISRV.EX_`.
fn only_member(file: &dyn ReadAt) -> Result<Unpacked, NotUnpacked> {
    let cabinet = Cabinet::open(file)?;
    let count = cabinet.members().len();
    let mut members = cabinet.read(|_| true);
    let Some(open) = members.advance().filter(|_| count == 1) else {
        return Err(NotUnpacked::NotOneFile { members: count });
    };
    let binary = binary::read(&open);
    open.finish()?;
    let member = open.member();
    let name = member.name.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, Some(extension.to_owned())),
        None => (name, None),
    };
    let hint = NameHint::Parts { stem: Some(stem.to_owned()), extension };
    Ok(Unpacked { binary: binary.map_err(Unread::from), hint, size: member.size.into() })
}
