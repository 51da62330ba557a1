//! NTFS, read from its master file table: every file has a record there with its names, their folders and its data.
//!
//! The table is read from front to back, never the folders' indexes: a damaged or cyclic index hides no file and holds
//! nothing up (the `ntfs` crate follows a cyclic one without end, and gives compressed data as they are stored).
//!
//! - `record`: file records and their attributes; `runs`: where an attribute's clusters lie;
//! - `listing`: records -> files, `folders`: their paths; `data`: a file's contents, `lznt1`: compressed ones.

mod data;
mod folders;
mod listing;
mod lznt1;
mod record;
mod runs;

use std::cell::Cell;
use std::io;

use super::source::{Part, corrupt};
use super::{FileSystem, Item};
use crate::bytes::ReadAt;
use crate::bytes::{u16_at, u64_at};
use data::{Contents, Stream};
use record::{Record, attribute};

/// The largest file record: 1 KB and 4 KB are in use.
const MAX_RECORD_BYTES: u32 = 1 << 16;
/// The largest cluster that Windows formats.
const MAX_CLUSTER_BYTES: u64 = 2 << 20;
/// The record of the master file table itself.
const MFT: u64 = 0;

/// An open volume.
pub(super) struct Ntfs {
    part: Part,
    cluster: u64,
    /// The size of a file record in bytes.
    record: usize,
    mft: Stream,
}

impl Ntfs {
    pub(super) fn open(part: &Part) -> io::Result<Self> {
        let boot = part.bytes(0, 512)?;
        let sector = u64::from(u16_at(&boot, 11));
        let cluster = sector.saturating_mul(match boot[13] {
            count @ 0..=128 => count.into(),
            // Larger counts are stored as powers of two, negative.
            power => 1 << (256 - u32::from(power)).min(32),
        });
        // A record smaller than a cluster states its size as a negative power of two, too.
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
        let first = u64_at(&boot, 48).saturating_mul(cluster);
        let bytes = part.bytes(first, record)?;
        let table = Record::new(MFT, bytes)?;
        let pieces: Vec<_> = table.attributes().filter(|a| a.is_unnamed(attribute::DATA)).collect();
        let mft = Stream::new(part, cluster, &pieces)?;
        let mut ntfs = Self { part: part.clone(), cluster, record, mft };
        // A table in many pieces goes on in records of its own, which lie in its first pieces.
        if table.attributes().any(|a| a.kind == attribute::LIST) {
            let extensions = ntfs.extensions(&table, &Cell::new(u64::MAX))?;
            let all = table.attributes().chain(extensions.iter().flat_map(Record::attributes));
            let pieces: Vec<_> = all.filter(|a| a.is_unnamed(attribute::DATA)).collect();
            ntfs.mft = Stream::new(part, cluster, &pieces)?;
        }
        Ok(ntfs)
    }

    /// How many file records there are.
    fn records(&self) -> u64 {
        self.mft.size() / self.record as u64
    }

    fn record(&self, number: u64) -> io::Result<Record> {
        Record::new(number, self.record_bytes(number)?)
    }

    fn record_bytes(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.record];
        let count = self.mft.read_at(&mut bytes, number.saturating_mul(self.record as u64))?;
        if count < bytes.len() {
            return Err(corrupt(format!("there is no file record {number}")));
        }
        Ok(bytes)
    }

    /// The further records of a file whose attributes do not fit into one, by the list in the first. What is read for
    /// that is taken from `budget`, in bytes: files that claim the records of others make work without end otherwise.
    fn extensions(&self, base: &Record, budget: &Cell<u64>) -> io::Result<Vec<Record>> {
        let mut extensions = Vec::new();
        for number in base.listed(&self.part, self.cluster, budget)? {
            spend(budget, self.record as u64)?;
            let record = self.record(number)?;
            if record.base() == base.reference() {
                extensions.push(record);
            }
        }
        Ok(extensions)
    }
}

/// Takes from a budget of bytes to read.
fn spend(budget: &Cell<u64>, bytes: u64) -> io::Result<()> {
    let left = budget.get().checked_sub(bytes);
    budget.set(left.ok_or_else(|| corrupt("more further file records are listed than the volume has"))?);
    Ok(())
}

impl FileSystem for Ntfs {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        listing::list(self, each);
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let base = self.record(id)?;
        let extensions = self.extensions(&base, &Cell::new(u64::MAX))?;
        Ok(Box::new(Contents::open(self, &base, &extensions)?))
    }
}
