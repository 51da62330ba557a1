//! A file's contents: in the record, in clusters, or in compressed clusters.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::attribute::{Attribute, kind};
use super::lznt1;
use super::record::Record;
use super::stream::Stream;
use super::volume::Ntfs;
use crate::bytes::{ReadAt, u32_at};
use crate::image::chunked::{Chunked, Method};
use crate::image::source::corrupt;

/// Packed by the Windows Overlay Filter.
const WOF: u32 = 0x8000_0017;
/// The stream that holds the data that the Windows Overlay Filter compressed.
const WOF_STREAM: &str = "WofCompressedData";
/// The largest compression unit, in bytes: 16 clusters of 4 KB are usual.
const MAX_UNIT_BYTES: u64 = 1 << 20;

/// Data in compressed clusters.
pub(super) struct Compressed {
    stream: Stream,
    /// The size of a compression unit in bytes.
    unit: u64,
    /// The unit that was unpacked last.
    last: Mutex<Option<(u64, Vec<u8>)>>,
}

impl Compressed {
    fn unit(&self, number: u64) -> io::Result<Vec<u8>> {
        let size = usize::try_from(self.unit).map_err(|_| corrupt("a compression unit is too large"))?;
        let start = number * self.unit;
        let clusters = self.unit / self.stream.cluster;
        let first = number * clusters;
        // A unit with missing clusters is compressed; a unit with all clusters is not.
        let runs = &self.stream.runs;
        let before = runs.partition_point(|run| run.first + run.count <= first);
        let held: u64 = runs[before..]
            .iter()
            .take_while(|run| run.first < first + clusters)
            .filter(|run| run.place.is_some())
            .map(|run| (run.first + run.count).min(first + clusters).saturating_sub(run.first.max(first)))
            .sum();
        let mut stored = vec![0; usize::try_from(held * self.stream.cluster).unwrap_or(0)];
        let mut filled = 0;
        while filled < stored.len() {
            let count = self.stream.stored(&mut stored[filled..], start + filled as u64)?;
            if count == 0 {
                break;
            }
            filled += count;
        }
        if held == clusters || held == 0 {
            stored.resize(size, 0);
            return Ok(stored);
        }
        lznt1::unpack(&stored, size).map_err(corrupt)
    }
}

impl ReadAt for Compressed {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.stream.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let mut filled = 0;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        while filled < wanted {
            let at = offset + filled as u64;
            let (number, within) = (at / self.unit, (at % self.unit) as usize);
            if last.as_ref().is_none_or(|(held, _)| *held != number) {
                *last = Some((number, self.unit(number)?));
            }
            let Some(held) = last.as_ref().and_then(|(_, bytes)| bytes.get(within..)) else { break };
            let count = held.len().min(wanted - filled);
            buffer[filled..filled + count].copy_from_slice(&held[..count]);
            filled += count;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.stream.size)
    }
}

/// The tag of a reparse point, if the file is one.
pub(super) fn tag_of<'r>(ntfs: &Ntfs, attributes: impl Iterator<Item = Attribute<'r>>) -> Option<u32> {
    let points: Vec<_> = attributes.filter(|a| a.kind == kind::REPARSE_POINT).collect();
    if let Some(bytes) = points.iter().find_map(|point| point.resident()) {
        return Some(u32_at(bytes, 0));
    }
    let mut bytes = [0; 4];
    let stream = Stream::new(&ntfs.part, ntfs.cluster, &points).ok()?;
    (stream.read_at(&mut bytes, 0).ok()? == bytes.len()).then(|| u32_at(&bytes, 0))
}

/// Why the data of a file with a reparse point of this tag are not in its clusters. The tags are those of \[MS-FSCC\]
/// 2.1.2.1.
fn elsewhere(tag: u32) -> Option<&'static str> {
    Some(match tag {
        0x8000_0013 => "deduplicated: its data lie in the volume's chunk store",
        0x8000_0007 => "a link of Single Instance Storage: its data lie in the volume's common store",
        0xc000_0004 | 0x8000_0006 => "moved to other media by Hierarchical Storage Management: recall it first",
        0x8000_0008 => "mounted from a WIM image: its data lie there",
        0x8000_001e | 0x9000_0027 => "kept in the cloud by Azure File Sync: download it first",
        // Tags 0x9000001a to 0x9000f01a: one for each provider.
        _ if tag & 0xffff_0fff == 0x9000_001a => "a placeholder of a file in the cloud: download it first",
        0x8000_0021 => "a placeholder of OneDrive: download it first",
        0x9000_001c => "a placeholder of a projected file system: its data lie elsewhere",
        0x8000_0018 | 0x9000_1018 => "a file of a Windows container: its data lie in another layer",
        _ => return None,
    })
}

/// The contents of a file.
pub(super) enum Contents {
    Resident(Vec<u8>),
    Plain(Stream),
    Compressed(Compressed),
    Overlaid(Box<Chunked<Stream>>),
}

impl Contents {
    /// # Errors
    /// Data that are encrypted, compressed by an unknown method, damaged or missing.
    pub(super) fn open(ntfs: &Ntfs, base: &Record, extensions: &[Record]) -> io::Result<Self> {
        let attributes = || base.attributes().chain(extensions.iter().flat_map(Record::attributes));
        let overlaid = attributes().any(|a| a.kind == kind::DATA && a.name() == WOF_STREAM);
        match tag_of(ntfs, attributes()) {
            Some(WOF) => return Self::open_overlaid(ntfs, base, extensions),
            _ if overlaid => return Err(corrupt("packed data of the Windows Overlay Filter without a word on how")),
            Some(tag) => {
                if let Some(what) = elsewhere(tag) {
                    return Err(refused(what));
                }
            }
            None => {}
        }
        let pieces: Vec<_> = attributes().filter(|a| a.is_unnamed(kind::DATA)).collect();
        let Some(first) = pieces.iter().find(|a| a.outside().is_none_or(|piece| piece.first == 0)) else {
            return Err(corrupt("the file has no data"));
        };
        if first.is_encrypted() {
            return Err(refused("encrypted (EFS)"));
        }
        if let Some(bytes) = first.resident() {
            return Ok(Self::Resident(bytes.to_vec()));
        }
        let stream = Stream::new(&ntfs.part, ntfs.cluster, &pieces)?;
        let unit = first.outside().map_or(0, |piece| piece.unit);
        if !first.is_compressed() || unit == 0 {
            return Ok(Self::Plain(stream));
        }
        let unit = ntfs.cluster.checked_shl(unit.into()).filter(|unit| (1..=MAX_UNIT_BYTES).contains(unit));
        let unit = unit.ok_or_else(|| corrupt("a compression unit is too large"))?;
        Ok(Self::Compressed(Compressed { stream, unit, last: Mutex::default() }))
    }
}

impl Contents {
    /// A file that the Windows Overlay Filter packed: its data are a hole, and another stream holds the chunks.
    fn open_overlaid(ntfs: &Ntfs, base: &Record, extensions: &[Record]) -> io::Result<Self> {
        let attributes = || base.attributes().chain(extensions.iter().flat_map(Record::attributes));
        let point = attributes().find(|a| a.kind == kind::REPARSE_POINT).and_then(|a| a.resident());
        // Tag and length; then version, provider, version, algorithm: FILE_PROVIDER_EXTERNAL_INFO of the Windows SDK.
        let words = point.filter(|point| point.len() >= 24).map(|point| [u32_at(point, 12), u32_at(point, 20)]);
        let (method, chunk) = match words {
            Some([2, 0]) => (Method::Xpress, 4 << 10),
            Some([2, 1]) => (Method::Lzx, 32 << 10),
            Some([2, 2]) => (Method::Xpress, 8 << 10),
            Some([2, 3]) => (Method::Xpress, 16 << 10),
            Some([1, _]) => return Err(refused("a file of a WIM image (WIMBoot): its data lie there")),
            Some([_, algorithm]) => return Err(refused(&format!("WOF-compressed by unknown method {algorithm}"))),
            None => return Err(corrupt("packed data of the Windows Overlay Filter without a word on how")),
        };
        let sizes = attributes().filter(|a| a.is_unnamed(kind::DATA)).filter_map(|a| match a.resident() {
            Some(bytes) => Some(bytes.len() as u64),
            None => a.outside().filter(|piece| piece.first == 0).map(|piece| piece.size),
        });
        let size = sizes.into_iter().next().ok_or_else(|| corrupt("the file has no data"))?;
        let pieces: Vec<_> = attributes().filter(|a| a.kind == kind::DATA && a.name() == WOF_STREAM).collect();
        if let Some(bytes) = pieces.iter().find_map(|piece| piece.resident()) {
            let packed = Chunked::new(bytes.to_vec(), method, chunk, size)?;
            let mut whole = vec![0; usize::try_from(size.min(MAX_UNIT_BYTES)).unwrap_or(0)];
            let count = packed.read_at(&mut whole, 0)?;
            whole.truncate(count);
            return Ok(Self::Resident(whole));
        }
        let stream = Stream::new(&ntfs.part, ntfs.cluster, &pieces)?;
        Ok(Self::Overlaid(Box::new(Chunked::new(stream, method, chunk, size)?)))
    }
}

fn refused(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, what)
}

impl ReadAt for Contents {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Resident(bytes) => bytes.read_at(buffer, offset),
            Self::Plain(stream) => stream.read_at(buffer, offset),
            Self::Compressed(compressed) => compressed.read_at(buffer, offset),
            Self::Overlaid(packed) => packed.read_at(buffer, offset),
        }
    }

    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Resident(bytes) => bytes.size(),
            Self::Plain(stream) => ReadAt::size(stream),
            Self::Compressed(compressed) => ReadAt::size(compressed),
            Self::Overlaid(packed) => ReadAt::size(packed.as_ref()),
        }
    }
}
