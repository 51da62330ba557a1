//! A file's contents: in the record, in clusters, or in compressed clusters.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::record::{Attribute, Record, attribute};
use super::runs::{self, Run};
use super::{Ntfs, lznt1};
use crate::bytes::ReadAt;
use crate::bytes::u32_at;
use crate::image::source::{Part, corrupt};

/// Reparse points whose file lies elsewhere or otherwise than its clusters say.
const WOF: u32 = 0x8000_0017;
const DEDUPLICATED: u32 = 0x8000_0013;
/// The stream that holds what the Windows Overlay Filter compressed.
const WOF_STREAM: &str = "WofCompressedData";
/// The largest compression unit, in bytes: 16 clusters of 4 KB are usual.
const MAX_UNIT_BYTES: u64 = 1 << 20;

/// Data in clusters.
pub(super) struct Stream {
    part: Part,
    cluster: u64,
    runs: Vec<Run>,
    size: u64,
    initialised: u64,
}

impl Stream {
    /// The data of an attribute's pieces.
    ///
    /// # Errors
    /// Pieces that are missing or lie outside the volume.
    pub(super) fn new(part: &Part, cluster: u64, pieces: &[Attribute<'_>]) -> io::Result<Self> {
        let runs = runs::read(pieces, part.size.div_ceil(cluster))?;
        let first = pieces.iter().filter_map(Attribute::outside).find(|piece| piece.first == 0);
        let first = first.ok_or_else(|| corrupt("the first piece of the file's data is missing"))?;
        let (size, initialised) = (first.size, first.initialised);
        let held = runs.last().map_or(0, |run| (run.first + run.count).saturating_mul(cluster));
        if size > held {
            return Err(corrupt(format!("{held} bytes are stored of the {size} that the file has")));
        }
        Ok(Self { part: part.clone(), cluster, runs, size, initialised })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// What the clusters hold, up to the end of a run; beyond the file's size, too.
    fn stored(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let number = offset / self.cluster;
        let place = self.runs.partition_point(|run| run.first <= number).checked_sub(1);
        let Some(run) = place.and_then(|place| self.runs.get(place)).filter(|r| number < r.first + r.count) else {
            return Ok(0);
        };
        let within = offset - run.first * self.cluster;
        let left = run.count.saturating_mul(self.cluster) - within;
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        match run.place {
            None => buffer[..count].fill(0),
            Some(place) => self.part.fill(&mut buffer[..count], place * self.cluster + within)?,
        }
        Ok(count)
    }
}

impl ReadAt for Stream {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let written = usize::try_from(self.initialised.saturating_sub(offset)).unwrap_or(usize::MAX).min(wanted);
        let mut filled = 0;
        while filled < written {
            let count = self.stored(&mut buffer[filled..written], offset + filled as u64)?;
            if count == 0 {
                return Ok(filled);
            }
            filled += count;
        }
        buffer[filled..wanted].fill(0);
        Ok(wanted)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

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
        // A unit of which clusters are left out is compressed; one without a hole is not.
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

/// What a file holds.
pub(super) enum Contents {
    Resident(Vec<u8>),
    Plain(Stream),
    Compressed(Compressed),
}

impl Contents {
    /// # Errors
    /// Data that are encrypted, compressed by other means, damaged or not there.
    pub(super) fn open(ntfs: &Ntfs, base: &Record, extensions: &[Record]) -> io::Result<Self> {
        let attributes = || base.attributes().chain(extensions.iter().flat_map(Record::attributes));
        let tag = attributes().find(|a| a.kind == attribute::REPARSE_POINT).and_then(|a| a.resident());
        let overlaid = attributes().any(|a| a.kind == attribute::DATA && a.name() == WOF_STREAM);
        match tag.map(|bytes| u32_at(bytes, 0)) {
            Some(WOF) => return Err(refused("WOF-compressed (CompactOS), which this program does not unpack")),
            _ if overlaid => return Err(refused("WOF-compressed (CompactOS), which this program does not unpack")),
            Some(DEDUPLICATED) => return Err(refused("deduplicated: its data lie in the volume's chunk store")),
            _ => {}
        }
        let pieces: Vec<_> = attributes().filter(|a| a.is_unnamed(attribute::DATA)).collect();
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

fn refused(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, what)
}

impl ReadAt for Contents {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Resident(bytes) => bytes.read_at(buffer, offset),
            Self::Plain(stream) => stream.read_at(buffer, offset),
            Self::Compressed(compressed) => compressed.read_at(buffer, offset),
        }
    }

    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Resident(bytes) => bytes.size(),
            Self::Plain(stream) => ReadAt::size(stream),
            Self::Compressed(compressed) => ReadAt::size(compressed),
        }
    }
}
