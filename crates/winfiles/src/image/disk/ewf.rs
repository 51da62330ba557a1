//! E01 and Ex01 (EnCase, ewfacquire), through the `ewf` crate; the segments are beside the first one. By itself the
//! crate would search them by a pattern made of the folder's name, open pipes and links, and trust the sizes of chunks.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ewf::{EwfReader, SegmentBacking, SegmentSource};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::blocks::is_plain_file;
use crate::bytes::{ReadAt, u32_at};
use crate::image::held::Held;
use crate::image::nested::{Origin, inner};
use crate::image::source::{Source, corrupt};
use crate::image::{FileSystem, ImageError, Item};
use crate::isolate::isolate;

const FORMAT: &str = "E01 image";
/// The largest chunk, in bytes: the largest that tools offer.
const MAX_CHUNK_BYTES: u64 = 16 << 20;
/// The usual size of chunks, in bytes. The crate copies a whole chunk for every read, so larger ones are kept by us.
const USUAL_CHUNK_BYTES: u64 = 64 << 10;
/// How many unpacked chunks of the usual size are kept.
const KEPT: usize = 64;
/// The errors of large chunks that are kept: unpacking each again for every read would take too long.
const MAX_FAILED: usize = 4096;
/// The checksum that follows an unpacked chunk.
const CHECKSUM_BYTES: u64 = 4;
/// How much longer a chunk that cannot be packed may be.
const GROWTH_BYTES: u64 = 64 << 10;
/// Segments are numbered `E01` to `E99`, then `EAA` to `ZZZ`.
const MAX_SEGMENTS: u32 = 99 + 22 * 26 * 26;

/// True for the first bytes of a segment.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"EVF\x09\x0d\x0a\xff\x00") || head.starts_with(b"EVF2\x0d\x0a\x81\x00")
}

/// Opens an image by its first segment.
///
/// # Errors
/// Damage; segments that are missing or not regular files; Ex01 in another image.
pub(super) fn open(origin: Option<Origin<'_>>, file: Source, head: &[u8]) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let path = match origin {
        Some(Origin::Path(path)) => path,
        Some(Origin::Inside { files, path, .. }) => return open_inside(segments_inside(files, path, file)?, head),
        None => return open_inside(vec![file], head),
    };
    let segments = segments(path)?;
    let reader = isolate(|| EwfReader::open_segments_with_cache_size(&segments, KEPT)).map_err(damaged)?;
    let reader = reader.map_err(|error| damaged(error.to_string()))?;
    check_chunks(&reader)?;
    let files = segments.iter().map(|path| Ok(Arc::new(File::open(path)?) as Source)).collect::<io::Result<_>>()?;
    Ok(Arc::new(Ewf::new(reader, files, head)))
}

fn check_chunks(reader: &EwfReader) -> Result<(), ImageError> {
    let chunk = reader.chunk_size();
    if !(1..=MAX_CHUNK_BYTES).contains(&chunk) {
        return Err(ImageError::Damaged { format: FORMAT, what: format!("chunks of {chunk} bytes") });
    }
    // Chunks are counted through all segments. After a lost table, each chunk would be taken for another one.
    let (stated, found) = (reader.total_size().div_ceil(chunk), reader.chunk_count() as u64);
    if found < stated {
        let what = format!(
            "its tables have {found} of {stated} chunks: segments are missing, cut or damaged (ewfverify shows which)"
        );
        return Err(ImageError::Damaged { format: FORMAT, what });
    }
    Ok(())
}

/// A segment in an archive or another image.
struct Segment(Source, u64);

impl SegmentBacking for Segment {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn len(&self) -> u64 {
        self.1
    }
}

/// Opens an image whose segments lie in an archive or another image.
fn open_inside(segments: Vec<Source>, head: &[u8]) -> Result<Source, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    if head.starts_with(b"EVF2") {
        return Err(ImageError::Unsupported {
            format: FORMAT,
            what: "an Ex01 image inside another file".to_owned(),
            advice: "unpack it and scan it where it lies",
        });
    }
    let backing = |source: &Source| Ok(SegmentSource::from_backing(Arc::new(Segment(source.clone(), source.size()?))));
    let sources: Vec<SegmentSource> = segments.iter().map(backing).collect::<io::Result<_>>()?;
    let reader = isolate(|| EwfReader::open_from_sources(sources)).map_err(damaged)?;
    let reader = reader.map_err(|error| damaged(error.to_string()))?;
    check_chunks(&reader)?;
    Ok(Arc::new(Ewf::new(reader, segments, head)))
}

/// The segments beside the first one in a volume, in order.
fn segments_inside(files: &Arc<dyn FileSystem>, path: &str, first: Source) -> Result<Vec<Source>, ImageError> {
    let Some((stem, letters)) = counted(path) else { return Ok(vec![first]) };
    let mut beside = HashMap::new();
    files.list(&mut |item| {
        if let Item::File { path, id, .. } = item
            && path.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem))
            && path.len() <= stem.len() + 4
        {
            beside.insert(path[stem.len()..].to_ascii_lowercase(), id);
        }
    });
    let mut segments = vec![first];
    for number in 2..=MAX_SEGMENTS {
        let find = |number| beside.get(&numbered(letters, number).to_ascii_lowercase());
        match find(number) {
            Some(&id) => segments.push(inner(files, id)?),
            None if find(number + 1).is_some() => {
                let what = format!("its segment {stem}{} is missing", numbered(letters, number));
                return Err(ImageError::Damaged { format: FORMAT, what });
            }
            None => break,
        }
    }
    Ok(segments)
}

/// The path of a first segment up to its extension, and the first letters of the extension.
fn counted(path: &str) -> Option<(&str, &str)> {
    let dot = path.rfind('.')? + 1;
    let (stem, extension) = path.split_at(dot);
    let letters = extension.strip_suffix("01")?;
    let counts = matches!(letters.len(), 1 | 2) && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    counts.then_some((stem, letters))
}

impl Ewf {
    fn new(reader: EwfReader, segments: Vec<Source>, head: &[u8]) -> Self {
        let sound = (0..reader.chunk_count().div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        let large = (reader.chunk_size() > USUAL_CHUNK_BYTES).then(Large::default);
        Self { reader, segments, checksums: !head.starts_with(b"EVF2"), sound, large }
    }
}

/// The files of the image, in order: those beside the first whose extensions continue its numbering. An image whose
/// extension is not numbered is one file.
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
    /// The segments, for the checksums of stored chunks, which the crate skips.
    segments: Vec<Source>,
    /// Every stored chunk is followed by its checksum: E01. In Ex01 that is optional, and the crate does not report the
    /// choice.
    checksums: bool,
    /// The chunks whose checksum was right, one bit each.
    sound: Vec<AtomicU64>,
    /// Set if its chunks are larger than usual.
    large: Option<Large>,
}

/// The unpacked chunks of an image with large ones, and the errors of those that cannot be unpacked.
#[derive(Default)]
struct Large {
    held: Held,
    /// One thread at a time unpacks: each needs several times the size of a chunk.
    failed: Mutex<HashMap<u64, String>>,
}

/// Where a chunk is stored.
struct Chunk {
    place: u64,
    stored: u64,
    is_packed: bool,
    segment: usize,
}

impl Ewf {
    /// Checks the stated size of a chunk, for which the crate allocates memory before it reads it.
    fn check(&self, buffer: &[u8], offset: u64) -> io::Result<()> {
        let chunk = self.reader.chunk_size();
        let end = offset.saturating_add(buffer.len() as u64).min(self.reader.total_size());
        for number in offset / chunk..end.div_ceil(chunk) {
            self.check_chunk(usize::try_from(number).unwrap_or(usize::MAX))?;
        }
        Ok(())
    }

    /// Where a chunk is stored; its stated size and, if it is not packed, its checksum are right.
    fn check_chunk(&self, number: usize) -> io::Result<Chunk> {
        let (place, stored, is_packed, segment) = self.reader.debug_chunk(number).map_err(io::Error::other)?;
        if is_packed && stored > self.reader.chunk_size() + GROWTH_BYTES {
            return Err(corrupt(format!("the E01 image has a chunk of {stored} bytes at offset {place:#x}")));
        }
        if !is_packed && self.checksums {
            self.check_stored(number, place, stored, segment)?;
        }
        Ok(Chunk { place, stored, is_packed, segment })
    }

    /// A chunk that is not packed is followed by its checksum, Adler-32. It is checked once.
    fn check_stored(&self, number: usize, place: u64, size: u64, segment: usize) -> io::Result<()> {
        let (word, bit) = (self.sound.get(number / 64), 1 << (number % 64));
        if word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0) {
            return Ok(());
        }
        // The checksum follows the data: a whole chunk, or in the last chunk the rest of the disk. If neither fits, the
        // size in the table of chunks is tried.
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

impl Ewf {
    fn unpack(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let read =
            || self.check(buffer, offset).and_then(|()| self.reader.read_at(buffer, offset).map_err(io::Error::other));
        isolate(read).unwrap_or_else(|what| Err(io::Error::other(what)))
    }

    fn large_chunk(&self, large: &Large, number: u64) -> io::Result<Arc<Vec<u8>>> {
        let held = || large.held.get(0, number);
        if let Some(bytes) = held() {
            return Ok(bytes);
        }
        let mut failed = large.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(what) = failed.get(&number) {
            return Err(corrupt(what.clone()));
        }
        // Another thread may have unpacked it meanwhile.
        if let Some(bytes) = held() {
            return Ok(bytes);
        }
        let chunk = self.reader.chunk_size();
        let left = self.reader.total_size().saturating_sub(number.saturating_mul(chunk));
        let size = usize::try_from(chunk.min(left)).unwrap_or(0);
        large.held.make_room(size);
        let unpacked = isolate(|| self.unpack_large(number, size));
        let bytes = match unpacked.unwrap_or_else(|what| Err(io::Error::other(what))) {
            Ok(bytes) => Arc::new(bytes),
            Err(error) => {
                if failed.len() < MAX_FAILED {
                    failed.insert(number, error.to_string());
                }
                return Err(error);
            }
        };
        large.held.keep(0, number, bytes.clone());
        Ok(bytes)
    }

    /// Unpacks a chunk whose checked contents have this size. The crate would keep up to a hundred of them, and copy one
    /// for every read.
    fn unpack_large(&self, number: u64, size: usize) -> io::Result<Vec<u8>> {
        let chunk = self.reader.chunk_size();
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let Chunk { place, stored, is_packed, segment } = self.check_chunk(number)?;
        let what = |what: &str| corrupt(format!("the chunk at offset {place:#x} of the E01 image {what}"));
        let file = self.segments.get(segment).ok_or_else(|| what("is in a segment that is missing"))?;
        let mut bytes = vec![0; if is_packed { usize::try_from(stored).unwrap_or(0) } else { size }];
        let count = file.read_at(&mut bytes, place)?;
        if !is_packed {
            return if count < size { Err(what("is cut")) } else { Ok(bytes) };
        }
        let mut unpacked = vec![0; usize::try_from(chunk).unwrap_or(0)];
        let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let mut decoder = Box::<DecompressorOxide>::default();
        let (status, _, written) = decompress(&mut decoder, &bytes[..count], &mut unpacked, 0, flags);
        if status != TINFLStatus::Done || written < size {
            return Err(what("cannot be unpacked, or does not have the checksum that it states"));
        }
        unpacked.truncate(size);
        Ok(unpacked)
    }

    fn read_large(&self, large: &Large, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let chunk = self.reader.chunk_size();
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset.saturating_add(filled as u64);
            if at >= self.reader.total_size() {
                break;
            }
            let bytes = self.large_chunk(large, at / chunk)?;
            let within = usize::try_from(at % chunk).unwrap_or(usize::MAX);
            let held = bytes.get(within..).unwrap_or_default();
            if held.is_empty() {
                break;
            }
            let count = held.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&held[..count]);
            filled += count;
        }
        Ok(filled)
    }
}

impl ReadAt for Ewf {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &self.large {
            Some(large) => self.read_large(large, buffer, offset),
            None => self.unpack(buffer, offset),
        }
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.reader.total_size())
    }

    fn wants_order(&self) -> bool {
        self.large.is_some()
    }
}
