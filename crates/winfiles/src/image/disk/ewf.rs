//! E01 and Ex01 (EnCase, ewfacquire), through the `ewf` crate; the segments lie beside the first one. The crate would
//! look for them by a pattern made of the folder's name, open pipes and links, and trust the sizes of chunks.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ewf::EwfReader;

use super::blocks::is_plain_file;
use crate::bytes::{ReadAt, u32_at};
use crate::image::ImageError;
use crate::image::source::{Source, corrupt};
use crate::isolate::isolate;

const FORMAT: &str = "E01 image";
/// The largest chunk, in bytes: the most that tools offer.
const MAX_CHUNK_BYTES: u64 = 16 << 20;
/// As large as chunks usually are, in bytes; of larger ones only the last is kept.
const USUAL_CHUNK_BYTES: u64 = 64 << 10;
/// Unpacked chunks that are kept.
const KEPT: usize = 64;
/// What follows a chunk that is not packed.
const CHECKSUM_BYTES: u64 = 4;
/// What a chunk that cannot be packed may be longer by.
const GROWTH_BYTES: u64 = 64 << 10;
/// Segments are numbered `E01` to `E99`, then `EAA` to `ZZZ`.
const MAX_SEGMENTS: u32 = 99 + 22 * 26 * 26;

/// True for the first bytes of a segment.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"EVF\x09\x0d\x0a\xff\x00") || head.starts_with(b"EVF2\x0d\x0a\x81\x00")
}

pub(super) fn open(path: &Path, head: &[u8]) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let segments = segments(path)?;
    let open = |kept: usize| {
        isolate(|| EwfReader::open_segments_with_cache_size(&segments, kept))
            .map_err(damaged)?
            .map_err(|error| damaged(error.to_string()))
    };
    let mut reader = open(KEPT)?;
    let chunk = reader.chunk_size();
    if !(1..=MAX_CHUNK_BYTES).contains(&chunk) {
        return Err(damaged(format!("chunks of {chunk} bytes")));
    }
    if chunk > USUAL_CHUNK_BYTES {
        reader = open(1)?;
    }
    let files = segments.iter().map(File::open).collect::<io::Result<_>>()?;
    let sound = (0..reader.chunk_count().div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
    Ok(Arc::new(Ewf { reader, segments: files, checksums: !head.starts_with(b"EVF2"), sound }))
}

/// The files of the image, in order: those beside the first whose extensions count on from its own. An image whose name
/// does not count is one file.
fn segments(path: &Path) -> Result<Vec<PathBuf>, ImageError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let (letters, digits) = match extension.len() {
        3 if extension.is_ascii() => extension.split_at(1),
        4 if extension.is_ascii() => extension.split_at(2),
        _ => return Ok(vec![path.to_owned()]),
    };
    let counts = letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && digits == "01";
    if !counts {
        return Ok(vec![path.to_owned()]);
    }
    let mut segments = vec![path.to_owned()];
    for number in 2..=MAX_SEGMENTS {
        let segment = |number| path.with_extension(numbered(letters, number));
        let next = segment(number);
        match is_plain_file(&next) {
            Some(true) => segments.push(next),
            None if is_plain_file(&segment(number + 1)).is_some() => {
                let what = format!("its segment {} is missing", next.display());
                return Err(ImageError::Damaged { format: FORMAT, what });
            }
            None => break,
            Some(false) => {
                let what = format!("its segment {} is not a regular file, and is not opened", next.display());
                return Err(ImageError::Unsupported {
                    format: FORMAT,
                    what,
                    advice: "put the segments beside each other as regular files",
                });
            }
        }
    }
    Ok(segments)
}

/// The extension of a segment, in the case of the first: after `E99` comes `EAA`, after `EZZ` `FAA`.
fn numbered(letters: &str, number: u32) -> String {
    let (start, last) = letters.split_at(letters.len() - 1);
    let Some(beyond) = number.checked_sub(100) else { return format!("{letters}{number:02}") };
    // `Ex99` is followed by `ExAA`, `e99` by `eaa`.
    let a = if letters.starts_with(|first: char| first.is_ascii_uppercase()) { b'A' } else { b'a' };
    let letter = |number: u32| char::from(a + (number % 26) as u8);
    let first = last.bytes().next().map_or(u32::from(a), u32::from) + beyond / (26 * 26);
    let first = char::from_u32(first).unwrap_or_default();
    format!("{start}{first}{}{}", letter(beyond / 26), letter(beyond))
}

struct Ewf {
    reader: EwfReader,
    /// The segments, for the checksums of stored chunks: the crate reads past them.
    segments: Vec<File>,
    /// Every stored chunk is followed by its checksum: E01. In Ex01 that is a choice, which the crate does not tell.
    checksums: bool,
    /// The chunks whose checksum was right, a bit for each.
    sound: Vec<AtomicU64>,
}

impl Ewf {
    /// What a chunk claims to have is taken as memory before it is read.
    fn check(&self, buffer: &[u8], offset: u64) -> io::Result<()> {
        let chunk = self.reader.chunk_size();
        let end = offset.saturating_add(buffer.len() as u64).min(self.reader.total_size());
        for number in offset / chunk..end.div_ceil(chunk) {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            let (place, size, packed, segment) = self.reader.debug_chunk(number).map_err(io::Error::other)?;
            if packed && size > chunk + GROWTH_BYTES {
                return Err(corrupt(format!("the E01 image has a chunk of {size} bytes at offset {place:#x}")));
            }
            if !packed && self.checksums {
                self.check_stored(number, place, size, segment)?;
            }
        }
        Ok(())
    }

    /// A chunk that is not packed is followed by its checksum, Adler-32. It is checked once.
    fn check_stored(&self, number: usize, place: u64, size: u64, segment: usize) -> io::Result<()> {
        let (word, bit) = (self.sound.get(number / 64), 1 << (number % 64));
        if word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0) {
            return Ok(());
        }
        // The checksum follows the data: a chunk's, of the last one the rest of the disk's. Where neither fits the table
        // of chunks tells how much there is.
        let chunk = self.reader.chunk_size();
        let left = self.reader.total_size().saturating_sub(number as u64 * chunk);
        let mut bytes = vec![0; usize::try_from(chunk + CHECKSUM_BYTES).unwrap_or(0)];
        let read = self.segments.get(segment).map_or(Ok(0), |file| file.read_at(&mut bytes, place))?;
        let is_right = |data: u64| {
            let data = usize::try_from(data).unwrap_or(usize::MAX);
            let stated = bytes[..read].get(data..data.saturating_add(4));
            stated.is_some_and(|stated| adler2::adler32_slice(&bytes[..data]) == u32_at(stated, 0))
        };
        if ![chunk, chunk.min(left), size.saturating_sub(CHECKSUM_BYTES)].into_iter().any(is_right) {
            let what =
                format!("the chunk at offset {place:#x} of the E01 image does not have the checksum that it states");
            return Err(corrupt(what));
        }
        if let Some(word) = word {
            word.fetch_or(bit, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl ReadAt for Ewf {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let read =
            || self.check(buffer, offset).and_then(|()| self.reader.read_at(buffer, offset).map_err(io::Error::other));
        isolate(read).unwrap_or_else(|what| Err(io::Error::other(what)))
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.reader.total_size())
    }
}
