//! An open volume: its master file table, and the records in it.

use std::cell::Cell;
use std::io;

use super::attribute::kind;
use super::record::{Record, spend};
use super::stream::Stream;
use crate::bytes::{ReadAt, u16_at, u64_at};
use crate::image::source::{Part, corrupt};

/// The largest file record. 1 KB and 4 KB are in use.
const MAX_RECORD_BYTES: u32 = 1 << 16;
/// The largest cluster that Windows formats.
const MAX_CLUSTER_BYTES: u64 = 2 << 20;
/// The record of the master file table itself.
const MFT: u64 = 0;

/// An open volume.
pub(in crate::image) struct Ntfs {
    pub(super) part: Part,
    pub(super) cluster: u64,
    /// The size of a file record in bytes.
    pub(super) record: usize,
    pub(super) mft: Stream,
    /// Which records are in use, one bit each; empty if that is not known.
    bitmap: Vec<u8>,
    /// Damage of the file table itself.
    pub(super) problems: Vec<String>,
}

impl Ntfs {
    pub(in crate::image) fn open(part: &Part) -> io::Result<Self> {
        let boot = part.bytes(0, 512)?;
        let sector = u64::from(u16_at(&boot, 11));
        let cluster = sector.saturating_mul(match boot[13] {
            count @ 0..=128 => count.into(),
            // Larger counts are stored as powers of two, negated.
            power => 1 << (256 - u32::from(power)).min(32),
        });
        // The size of a record smaller than a cluster is stored as a negated power of two, too.
        let record = match i8::from_le_bytes([boot[64]]) {
            count @ 1.. => u64::from(count.unsigned_abs()).saturating_mul(cluster),
            power => 1 << u32::from(power.unsigned_abs()).min(32),
        };
        let fits = |size: u64, max: u64| size.is_power_of_two() && (256..=max).contains(&size);
        if !fits(sector, 4096) || !fits(cluster, MAX_CLUSTER_BYTES) || !fits(record, MAX_RECORD_BYTES.into()) {
            return Err(corrupt(format!(
                "NTFS with sectors of {sector}, clusters of {cluster}, records of {record} bytes"
            )));
        }
        let record = record as usize;
        let at = |place: usize| u64_at(&boot, place).saturating_mul(cluster);
        let read = |place: u64| {
            let table = Record::new(MFT, part.bytes(place, record)?)?;
            let has_data = table.attributes().any(|a| a.is_unnamed(kind::DATA));
            if has_data { Ok(table) } else { Err(corrupt("file record 0 does not describe the file table")) }
        };
        let mut problems = Vec::new();
        // The mirror of the table has the first four records.
        let table = match (read(at(48)), read(at(56))) {
            (Ok(table), _) => table,
            (Err(error), Ok(mirror)) => {
                problems.push(format!("{error}: its mirror was used"));
                mirror
            }
            (Err(error), Err(_)) => return Err(error),
        };
        let mut ntfs = Self {
            part: part.clone(),
            cluster,
            record,
            mft: table_stream(part, cluster, &table, &[], true)?,
            bitmap: Vec::new(),
            problems,
        };
        let further = ntfs.further_records(&table)?;
        match table_stream(part, cluster, &table, &further, false) {
            Ok(mft) => ntfs.mft = mft,
            Err(error) => {
                ntfs.mft = table_stream(part, cluster, &table, &further, true)?;
                ntfs.problems.push(format!("a part of the file table cannot be found: {error}"));
            }
        }
        ntfs.bitmap = ntfs.read_bitmap(&table, &further);
        Ok(ntfs)
    }

    /// The records that continue a file table in many pieces. They are in the table itself, the later ones perhaps in
    /// pieces that the earlier ones describe.
    fn further_records(&mut self, table: &Record) -> io::Result<Vec<Record>> {
        let mut found = Vec::new();
        let mut left = table.listed(&self.part, self.cluster, &Cell::new(u64::MAX))?.numbers;
        while !left.is_empty() {
            let before = left.len();
            left.retain(|&number| match self.record(number) {
                Ok(record) if record.base() == table.reference() => {
                    found.push(record);
                    false
                }
                _ => true,
            });
            if left.len() == before {
                break;
            }
            self.mft = table_stream(&self.part, self.cluster, table, &found, true)?;
        }
        self.problems
            .extend(left.iter().map(|number| format!("file record {number}, of the file table itself, is lost")));
        Ok(found)
    }

    /// Which records are in use, one bit each.
    fn read_bitmap(&mut self, table: &Record, further: &[Record]) -> Vec<u8> {
        /// One bit for each record: more than any table that is read has.
        const MAX_BYTES: u64 = 64 << 20;
        let attributes = || table.attributes().chain(further.iter().flat_map(Record::attributes));
        let pieces: Vec<_> = attributes().filter(|a| a.is_unnamed(kind::BITMAP)).collect();
        if let Some(bytes) = pieces.iter().find_map(|piece| piece.resident()) {
            return bytes.to_vec();
        }
        if pieces.is_empty() {
            return Vec::new();
        }
        let read = Stream::new(&self.part, self.cluster, &pieces).and_then(|stream| {
            let size = stream.size().min(self.records().div_ceil(8)).min(MAX_BYTES);
            let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
            let count = stream.read_at(&mut bytes, 0)?;
            bytes.truncate(count);
            Ok(bytes)
        });
        read.unwrap_or_else(|error| {
            self.problems.push(format!("the bitmap of the file table cannot be read: {error}"));
            Vec::new()
        })
    }

    /// True if the bitmap marks the record as in use.
    pub(super) fn is_allocated(&self, number: u64) -> bool {
        let byte = usize::try_from(number / 8).ok().and_then(|place| self.bitmap.get(place));
        byte.is_some_and(|byte| byte >> (number % 8) & 1 == 1)
    }

    /// Whether the volume was left in the middle of changes. Windows would check it at its next start.
    pub(super) fn is_dirty(&self) -> bool {
        const VOLUME: u64 = 3;
        const FLAGS_AT: usize = 10;
        let Ok(record) = self.record(VOLUME) else { return false };
        let information = record.attributes().find(|a| a.kind == kind::VOLUME_INFORMATION);
        let value = information.and_then(|information| information.resident()).filter(|value| value.len() > FLAGS_AT);
        value.is_some_and(|value| value[FLAGS_AT] & 1 == 1)
    }

    /// The number of file records.
    pub(super) fn records(&self) -> u64 {
        self.mft.size() / self.record as u64
    }

    pub(super) fn record(&self, number: u64) -> io::Result<Record> {
        Record::new(number, self.record_bytes(number)?)
    }

    pub(super) fn record_bytes(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.record];
        let count = self.mft.read_at(&mut bytes, number.saturating_mul(self.record as u64))?;
        if count < bytes.len() {
            return Err(corrupt(format!("there is no file record {number}")));
        }
        Ok(bytes)
    }

    /// The first cluster of a file's contents, if its first record lists them.
    pub(super) fn first_cluster(&self, number: u64) -> Option<u64> {
        let record = self.record(number).ok()?;
        let pieces: Vec<_> = record.attributes().filter(|a| a.kind == kind::DATA).collect();
        let stream = Stream::partial(&self.part, self.cluster, &pieces).ok()?;
        stream.runs.iter().find_map(|run| run.place)
    }

    /// The further records of a file whose attributes do not fit into one, from the list in the first. Reading them
    /// counts against `budget`, in bytes: without it, files that claim the records of others would cause endless work.
    pub(super) fn extensions(&self, base: &Record, budget: &Cell<u64>) -> io::Result<Vec<Record>> {
        let mut extensions = Vec::new();
        let listed = base.listed(&self.part, self.cluster, budget)?;
        for &number in &listed.numbers {
            spend(budget, self.record as u64)?;
            let record = self.record(number)?;
            if record.base() != base.reference() {
                continue;
            }
            if !record.is_whole() {
                let what = format!("file record {} goes on in record {number}, which is damaged", base.number());
                return Err(corrupt(what));
            }
            extensions.push(record);
        }
        if !listed.is_in(base, &extensions) {
            let what = format!("file record {} goes on in records that are not its own any more", base.number());
            return Err(corrupt(what));
        }
        Ok(extensions)
    }
}

/// The file table, located by its own records; `partial` if not all of them are known.
fn table_stream(part: &Part, cluster: u64, table: &Record, further: &[Record], partial: bool) -> io::Result<Stream> {
    let all = table.attributes().chain(further.iter().flat_map(Record::attributes));
    let pieces: Vec<_> = all.filter(|a| a.is_unnamed(kind::DATA)).collect();
    if partial { Stream::partial(part, cluster, &pieces) } else { Stream::new(part, cluster, &pieces) }
}
