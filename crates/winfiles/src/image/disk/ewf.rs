//! E01 and Ex01 (EnCase, ewfacquire), through the `ewf` crate; the segments lie beside the first one. The crate would
//! look for them by a pattern made of the folder's name, open pipes and links, and trust the sizes of chunks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ewf::EwfReader;

use super::is_plain_file;
use crate::bytes::ReadAt;
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
/// What a chunk that cannot be packed may be longer by.
const GROWTH_BYTES: u64 = 64 << 10;
/// Segments are numbered `E01` to `E99`, then `EAA` to `ZZZ`.
const MAX_SEGMENTS: u32 = 99 + 22 * 26 * 26;

/// True for the first bytes of a segment.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"EVF\x09\x0d\x0a\xff\x00") || head.starts_with(b"EVF2\x0d\x0a\x81\x00")
}

pub(super) fn open(path: &Path) -> Result<Source, ImageError> {
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
    Ok(Arc::new(Ewf(reader)))
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
                let what = format!("its segment {} is no plain file, and is not opened", next.display());
                return Err(ImageError::Unsupported { format: FORMAT, what });
            }
        }
    }
    Ok(segments)
}

/// The extension of a segment, in the case of the first: behind `E99` comes `EAA`, behind `EZZ` `FAA`.
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

struct Ewf(EwfReader);

impl Ewf {
    /// What a chunk claims to have is taken as memory before it is read.
    fn check(&self, buffer: &[u8], offset: u64) -> io::Result<()> {
        let chunk = self.0.chunk_size();
        let end = offset.saturating_add(buffer.len() as u64).min(self.0.total_size());
        for number in offset / chunk..end.div_ceil(chunk) {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            let (place, size, packed, _) = self.0.debug_chunk(number).map_err(io::Error::other)?;
            if packed && size > chunk + GROWTH_BYTES {
                return Err(corrupt(format!("the E01 image has a chunk of {size} bytes at offset {place:#x}")));
            }
        }
        Ok(())
    }
}

impl ReadAt for Ewf {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let read =
            || self.check(buffer, offset).and_then(|()| self.0.read_at(buffer, offset).map_err(io::Error::other));
        isolate(read).unwrap_or_else(|what| Err(io::Error::other(what)))
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.total_size())
    }
}
