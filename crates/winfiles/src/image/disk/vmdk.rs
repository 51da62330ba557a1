//! VMDK (VMware), through the `vmdk-core` crate: sparse, stream-optimised and flat disks, in one file or several.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::WINDOWS_1252;
use vmdk::{VmdkError, VmdkFileReader};

use super::blocks::is_plain_file;
use crate::bytes::ReadAt;
use crate::image::ImageError;
use crate::image::nested::{Cached, Origin};
use crate::image::source::{Part, Source, corrupt};
use crate::isolate::isolate;

const FORMAT: &str = "VMDK image";
/// How to make a disk readable that this reader refuses.
const ADVICE: &str = "convert it to a raw image (qemu-img convert -O raw)";
const NO_PARENT: u32 = u32::MAX;
/// The longest description of a disk in several files, in bytes: the crate reads all of it into memory. 1 MB can name
/// some 20,000 extents.
const MAX_TEXT_BYTES: u64 = 1 << 20;
/// The crate keeps every table that it has read, so it is opened anew after this many. They take 2 MB at the usual
/// size, and 16 MB at the largest.
const MAX_TABLES: usize = 1 << 10;
/// How many grains a table has.
const TABLE_GRAINS: u64 = 512;

/// True for the first bytes of a disk, or of a text that describes one.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"KDMV") || head.starts_with(b"COWD") || describes(head)
}

fn describes(head: &[u8]) -> bool {
    let text = b"# Disk DescriptorFile";
    head.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text))
}

/// Opens a disk.
///
/// # Errors
/// Damage, snapshots, extents in other folders; in an archive or another image a disk in several files.
pub(super) fn open(origin: Option<Origin<'_>>, file: Source, head: &[u8]) -> Result<Source, ImageError> {
    let from = match origin {
        Some(Origin::Path(path)) => {
            if describes(head) {
                check_extents(path)?;
            }
            From::Path(path.to_owned())
        }
        _ if describes(head) => {
            let what = "a disk in several files inside another file".to_owned();
            return Err(ImageError::Unsupported {
                format: FORMAT,
                what,
                advice: "unpack it and scan it where it lies",
            });
        }
        _ => From::Bytes(Part::whole(file)?),
    };
    let reader = reader(&from)?;
    // A snapshot holds the changes since its parent. Read alone it would show files in a state that never existed.
    if reader.parent_cid() != NO_PARENT {
        let what = "a snapshot, which needs its parent".to_owned();
        return Err(ImageError::Unsupported { format: FORMAT, what, advice: ADVICE });
    }
    let size = reader.virtual_disk_size();
    let table = reader.info().grain_size_bytes.saturating_mul(TABLE_GRAINS);
    let open = Open { reader: Some(reader), tables: HashSet::new() };
    // The crate unpacks a grain anew for every read, for one reader at a time.
    Ok(Arc::new(Cached::new(Vmdk { from, size, table, open: Mutex::new(open) }, size)))
}

/// Location of the disk: its path, or its bytes in an archive or another image.
enum From {
    Path(PathBuf),
    Bytes(Part),
}

/// Bytes with a read position.
struct Cursor {
    part: Part,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.part.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Cursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(from) => self.part.size.checked_add_signed(from),
            SeekFrom::Current(from) => self.at.checked_add_signed(from),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

fn reader(from: &From) -> Result<VmdkFileReader, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let open = || match from {
        From::Path(path) => VmdkFileReader::open_path(path),
        From::Bytes(part) => VmdkFileReader::open(Box::new(Cursor { part: part.clone(), at: 0 })),
    };
    match isolate(open).map_err(damaged)? {
        Ok(reader) => Ok(reader),
        Err(VmdkError::UnsupportedDiskType(kind)) => {
            Err(ImageError::Unsupported { format: FORMAT, what: format!("disk type {kind}"), advice: ADVICE })
        }
        Err(error) => Err(damaged(error.to_string())),
    }
}

/// A description can name any file of the machine. Only regular files beside it are accepted as its extents.
fn check_extents(path: &Path) -> Result<(), ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let refused = |what: String| Err(ImageError::Unsupported { format: FORMAT, what, advice: ADVICE });
    let size = File::open(path)?.metadata()?.len();
    if size > MAX_TEXT_BYTES {
        return Err(damaged(format!("a description of {size} bytes")));
    }
    let text = decode(&std::fs::read(path)?);
    let folder = path.parent().unwrap_or(Path::new(""));
    for extent in text.lines().filter_map(extent_name).map(|name| folder.join(name)) {
        let beside = extent.strip_prefix(folder).is_ok_and(|name| {
            let mut parts = name.components();
            matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
        });
        if !beside {
            let what = format!("its extent {} does not lie beside it, and is not opened", extent.display());
            return refused(what);
        }
        if is_plain_file(&extent) == Some(false) {
            return refused(format!("its extent {} is not a regular file, and is not opened", extent.display()));
        }
        if !extent.exists() {
            let name = extent.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let what = format!("its part {name} is not beside it");
            return Err(ImageError::Unsupported {
                format: FORMAT,
                what,
                advice: "copy all of its parts into one folder",
            });
        }
    }
    Ok(())
}

/// The text of a description, decoded as the crate decodes it on opening: by the encoding that the text states, of
/// which the crate knows two. The crate's list of extents reads every text as UTF-8.
fn decode(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(&bytes[..end]);
    let stated = text.lines().find_map(|line| {
        let (_, value) = line.to_ascii_lowercase().contains("encoding").then(|| line.split_once('='))??;
        Some(value.trim().trim_matches('"').trim()).filter(|value| !value.is_empty())
    });
    match stated {
        Some(name) if name.eq_ignore_ascii_case("windows-1252") => {
            WINDOWS_1252.decode_without_bom_handling(&bytes[..end]).0.into_owned()
        }
        _ => text.into_owned(),
    }
}

/// The file that a line names: `RW 4192256 SPARSE "disk-s001.vmdk"`; `None` for other lines, and for extents without a
/// file.
fn extent_name(line: &str) -> Option<&str> {
    let (access, rest) = line.trim().split_once(char::is_whitespace)?;
    if !["RW", "RDONLY", "NOACCESS"].iter().any(|known| access.eq_ignore_ascii_case(known)) {
        return None;
    }
    let (_, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let (_, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split_whitespace().next(),
    };
    name.filter(|name| !name.is_empty())
}

struct Vmdk {
    from: From,
    size: u64,
    /// How many bytes of the disk one table describes; 0 if there are no tables.
    table: u64,
    open: Mutex<Open>,
}

struct Open {
    /// `None` after a panic: the reader may have been in any state.
    reader: Option<VmdkFileReader>,
    /// The tables that it has read.
    tables: HashSet<u64>,
}

impl ReadAt for Vmdk {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.size {
            return Ok(0);
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = offset.checked_div(self.table) {
            open.tables.insert(table);
        }
        if open.tables.len() > MAX_TABLES {
            *open = Open { reader: None, tables: HashSet::new() };
        }
        let mut reader = match open.reader.take() {
            Some(reader) => reader,
            None => reader(&self.from).map_err(|error| corrupt(error.to_string()))?,
        };
        let (reader, read) = isolate(|| {
            let read = fill(&mut reader, buffer, offset);
            (reader, read)
        })
        .map_err(io::Error::other)?;
        open.reader = Some(reader);
        read
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

fn fill(reader: &mut VmdkFileReader, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    reader.seek(SeekFrom::Start(offset))?;
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}
