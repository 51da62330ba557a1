//! One file, from its first bytes to its version.

use super::header::{self, Header};
use super::pe::{self, Sections};
use super::resource::{self, Leaf};
use super::version_block;
use super::window::{MAX_PIECE_BYTES, OpenFile, Windows};
use super::{Binary, BinaryError, VersionInfo, VersionOutcome, le, ne};
use crate::bytes::ReadAt;

/// The detail of a file that a text-mode transfer damaged.
const CONVERTED: &str = "damaged by a text-mode transfer: every LF became CR LF, so nothing lies where the headers say";

/// Reads header, resource directory and version block by positioned reads; never the whole file.
///
/// # Errors
/// When the file's header cannot be read: empty, not an executable, a DOS program, truncated, corrupt, unreadable. Damage
/// after the header is not an error: machine, time stamp and checksum are given, and [`Binary::version`] says what is
/// wrong. A read that the operating system refuses is an error wherever it happens.
///
/// For many files keep a [`Reader`], whose buffers are reused.
pub fn read(source: &(impl ReadAt + ?Sized)) -> Result<Binary, BinaryError> {
    Reader::new().read(source)
}

/// Reads binaries one after another with the same buffers; keep one per thread.
#[derive(Debug, Default)]
pub struct Reader {
    windows: Windows,
    sections: Sections,
    leaves: Vec<Leaf>,
}

impl Reader {
    /// A reader; its buffers are allocated by the first file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one file, as [`read`] does.
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn read(&mut self, source: &(impl ReadAt + ?Sized)) -> Result<Binary, BinaryError> {
        let Self { windows, sections, leaves } = self;
        let file = &mut OpenFile::open(windows, &source)?;
        if file.first_bytes().is_empty() {
            return Err(BinaryError::Empty);
        }
        if !header::begins_as_executable(file.first_bytes()) {
            return Err(BinaryError::NotExecutable);
        }
        let result = executable(file, sections, leaves);
        let suspect = match &result {
            Ok(binary) => match &binary.version {
                VersionOutcome::Corrupt { .. } => true,
                VersionOutcome::Found(info) => info.damage.is_some(),
                VersionOutcome::Absent => false,
            },
            Err(error) => matches!(error, BinaryError::Corrupt(_) | BinaryError::Truncated { .. }),
        };
        if suspect && let Some(header) = converted_header(file) {
            return Ok(header.binary(VersionOutcome::Corrupt { detail: CONVERTED.to_owned() }));
        }
        result
    }

    /// The first bytes of the file that was read last.
    pub fn first_bytes(&self) -> &[u8] {
        self.windows.first_bytes()
    }
}

fn executable(file: &mut OpenFile<'_>, sections: &mut Sections, leaves: &mut Vec<Leaf>) -> Result<Binary, BinaryError> {
    let header = header::read(file)?;
    leaves.clear();
    let outcome = version_leaves(file, &header, sections, leaves).and_then(|()| version(file, leaves));
    let outcome = outcome.and_then(|version| match (&header, &version) {
        (Header::Pe(header), VersionOutcome::Found(_) | VersionOutcome::Absent) => {
            whole_sections(file, header, sections)?;
            Ok(version)
        }
        _ => Ok(version),
    });
    let version = match outcome {
        Ok(version) => version,
        Err(error @ BinaryError::Io(_)) => return Err(error),
        Err(BinaryError::Corrupt(detail)) => VersionOutcome::Corrupt { detail },
        Err(error) => VersionOutcome::Corrupt { detail: error.to_string() },
    };
    Ok(header.binary(version))
}

/// Checks that the sections are in the file: the rest of a cut file may still state its version, or seem to have none,
/// but Windows does not run such a file.
///
/// # Errors
/// `Truncated`, `Corrupt`, `Io`.
fn whole_sections(file: &mut OpenFile<'_>, header: &pe::Header, sections: &mut Sections) -> Result<(), BinaryError> {
    sections.load(file, header)?;
    // Whether a packed file is whole is checked by its unpacker: it does not always have a size to compare with.
    if let Ok(size) = file.size()
        && let Some(offset) = sections.cut(size)
    {
        return Err(BinaryError::Truncated { what: "section".into(), offset, size });
    }
    // Where there are resources, their directory was read: something is left of the contents.
    if pe::resource_directory(file, header)?.is_none() && sections.are_zeros(file)? {
        return Err(BinaryError::Corrupt("every section of the file begins with zeros".to_owned()));
    }
    Ok(())
}

/// Fills `leaves` with the locations of the version blocks, one per language.
fn version_leaves(
    file: &mut OpenFile<'_>,
    header: &Header,
    sections: &mut Sections,
    leaves: &mut Vec<Leaf>,
) -> Result<(), BinaryError> {
    match header {
        Header::Pe(header) => {
            if let Some(directory) = pe::resource_directory(file, header)? {
                sections.load(file, header)?;
                resource::version_leaves(file, sections, directory, leaves)?;
            }
        }
        Header::Ne(header) => leaves.extend(ne::version_leaf(file, header)?),
        Header::Linear(header) => leaves.extend(le::version_leaf(file, header)?),
    }
    Ok(())
}

/// Reads the version blocks at these locations.
fn version(file: &mut OpenFile<'_>, leaves: &[Leaf]) -> Result<VersionOutcome, BinaryError> {
    let mut info: Option<VersionInfo> = None;
    let mut failure: Option<String> = None;
    for leaf in leaves {
        let want = MAX_PIECE_BYTES.min(leaf.size as usize);
        let block = file.up_to(leaf.offset, want)?;
        match version_block::parse(block, want) {
            Ok(more) => match &mut info {
                None => info = Some(more),
                Some(info) => merge(info, more),
            },
            Err(detail) => {
                failure.get_or_insert_with(|| format!("version block at offset {:#x}: {detail}", leaf.offset));
            }
        }
    }
    Ok(match (info, failure) {
        (Some(mut info), failure) => {
            info.damage = info.damage.or(failure);
            VersionOutcome::Found(info)
        }
        (None, Some(detail)) => VersionOutcome::Corrupt { detail },
        (None, None) => VersionOutcome::Absent,
    })
}

/// Adds the version resource of a further language to that of the first one.
fn merge(info: &mut VersionInfo, more: VersionInfo) {
    info.fixed_file = info.fixed_file.or(more.fixed_file);
    info.fixed_product = info.fixed_product.or(more.fixed_product);
    let room = version_block::MAX_TABLES.saturating_sub(info.tables.len());
    info.tables.extend(more.tables.into_iter().take(room));
    info.damage = info.damage.take().or(more.damage);
}

/// The original header of a file that went through a text-mode transfer; `None` for other files.
fn converted_header(file: &mut OpenFile<'_>) -> Option<Header> {
    match line_ends(file.first_bytes()) {
        LineEnds::Converted(restored) => {
            let mut windows = Windows::default();
            header::read(&mut OpenFile::open(&mut windows, &restored).ok()?).ok()
        }
        // A small header may hold no LF. Then it is undamaged, and the resources show the conversion.
        LineEnds::None => match line_ends(file.resource_bytes()) {
            LineEnds::Converted(_) => header::read(file).ok(),
            LineEnds::None | LineEnds::Untouched => None,
        },
        LineEnds::Untouched => None,
    }
}

/// The line ends of a piece of a file, as evidence of a text-mode transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LineEnds {
    /// The piece has no LF: it shows nothing.
    None,
    /// An LF without a CR before it: the file was not converted.
    Untouched,
    /// Every LF follows a CR. This is the piece with the conversion undone.
    Converted(Vec<u8>),
}

/// Examines every LF of a piece.
fn line_ends(bytes: &[u8]) -> LineEnds {
    let mut restored = Vec::with_capacity(bytes.len());
    let mut converted = false;
    for &byte in bytes {
        if byte == b'\n' {
            if restored.pop() != Some(b'\r') {
                return LineEnds::Untouched;
            }
            converted = true;
        }
        restored.push(byte);
    }
    if converted { LineEnds::Converted(restored) } else { LineEnds::None }
}
