//! Transaction logs (`.LOG`, `.LOG1`, `.LOG2`): pending changes of a hive, applied in memory as Windows does at its
//! next start. Nothing is written.
//!
//! Follows Maxim Suhanov's public specification of the format. Until Windows 8 a log holds one set of sectors to be
//! written (`DIRT`). Since 8.1 it holds entries (`HvLE`) with numbers and hashes; those that the hive does not have yet
//! are applied in order.

use std::collections::BTreeMap;
use std::io;

use super::HiveError;
use super::base::{BINS_START, HEAD_BYTES, checksum_fits, checksum_of, read};
use crate::bytes::{ReadAt, u32_at, u64_at};

/// The largest log that is applied, in bytes. Windows keeps logs at some MB.
const MAX_LOG_BYTES: u64 = 256 << 20;
/// Windows 8.1 and later.
const ENTRY: &[u8] = b"HvLE";
const ENTRY_HEADER_BYTES: usize = 40;
/// Windows NT 3.1 to 8.
const DIRTY: &[u8] = b"DIRT";
/// Bytes that one bit of the older log stands for.
const SECTOR: u64 = 512;
const SEED: u64 = 0x82ef_4d88_7a4e_55c5;
/// Offsets of these fields in the base block.
const FIRST_SEQUENCE: usize = 4;
const SECOND_SEQUENCE: usize = 8;
const WRITTEN: usize = 12;
const BINS: usize = 40;
const CHECKSUM: usize = 508;

/// The result of applying the logs of a hive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replay {
    /// The last write of the hive was finished: no log is needed.
    NotNeeded,
    /// Changes were applied.
    Applied {
        /// The pages that were changed.
        pages: usize,
        /// Why other changes are lost, if some are.
        lost: Option<String>,
    },
    /// No change could be applied.
    Refused {
        /// Why, log by log.
        why: String,
    },
}

/// A hive with its logs applied.
#[derive(Debug)]
pub struct Replayed<S> {
    source: S,
    /// Replaces the first bytes of the base block.
    base: Option<Vec<u8>>,
    /// Replacements for the hive's bytes, by offset in the file. They do not overlap.
    pages: BTreeMap<u64, Vec<u8>>,
    size: u64,
}

/// Applies these logs to a hive whose last write was not finished.
///
/// # Errors
/// If the hive cannot be read. Damage of a log is not an error: see [`Replay::Refused`].
pub fn replay<S: ReadAt, L: ReadAt>(source: S, logs: &[(String, L)]) -> Result<(Replayed<S>, Replay), HiveError> {
    let size = source.size().map_err(|error| HiveError::Io(error.to_string()))?;
    let mut whole = Replayed { source, base: None, pages: BTreeMap::new(), size };
    let mut head = [0; HEAD_BYTES];
    let count = read(&whole.source, &mut head, 0)?;
    let is_sound = checksum_fits(&head, u32_at(&head, CHECKSUM));
    let unfinished = u32_at(&head, FIRST_SEQUENCE) != u32_at(&head, SECOND_SEQUENCE);
    if count < HEAD_BYTES || !head.starts_with(b"regf") || (is_sound && !unfinished) {
        return Ok((whole, Replay::NotNeeded));
    }
    let mut refused = Vec::new();
    let mut entries: Vec<(Entry, [u8; HEAD_BYTES])> = Vec::new();
    let mut sectors = None;
    let mut torn = Vec::new();
    for (name, log) in logs {
        match Log::read(log, &head, is_sound) {
            Ok(Log::Entries(found, after, base)) => {
                if found.is_empty() {
                    refused.push(format!("{name}: its first entry is damaged"));
                }
                entries.extend(found.into_iter().map(|entry| (entry, base)));
                torn.extend(after);
            }
            Ok(Log::Sectors(found, base)) => sectors = sectors.or(Some((found, base))),
            Err(why) => refused.push(format!("{name}: {why}")),
        }
    }
    let mut lost = None;
    let pages = match sectors {
        _ if !entries.is_empty() => {
            let latest = entries.iter().map(|(entry, _)| entry.sequence).max();
            let (pages, applied) = whole.apply(entries, &head, is_sound);
            lost = applied.and_then(|(first, last)| {
                // The number of a damaged entry may be wrong itself, so only the next number in sequence is believed.
                let is_torn = torn.iter().any(|&torn| last.checked_add(1) == Some(torn));
                // Undamaged logs begin with the sequence number of the hive's last finished write.
                let before = (is_sound && first > u32_at(&head, SECOND_SEQUENCE))
                    .then(|| format!("what precedes entry {first} of the logs is missing"));
                let after = (latest > Some(last) || is_torn)
                    .then(|| format!("what follows entry {last} of the logs is damaged or missing"));
                let both: Vec<String> = before.into_iter().chain(after).collect();
                (!both.is_empty()).then(|| both.join(", "))
            });
            pages
        }
        Some((found, base)) => {
            let count = found.len();
            found.into_iter().for_each(|(at, bytes)| whole.put(at, bytes));
            whole.finish(&base, u32_at(&base, FIRST_SEQUENCE), u32_at(&base, BINS));
            count
        }
        None => 0,
    };
    if pages > 0 {
        return Ok((whole, Replay::Applied { pages, lost }));
    }
    if logs.is_empty() {
        refused.push("there is no log beside it".to_owned());
    } else if refused.is_empty() {
        refused.push("no log holds changes that the hive does not have".to_owned());
    }
    Ok((whole, Replay::Refused { why: refused.join("; ") }))
}

impl<S: ReadAt> Replayed<S> {
    /// Applies the entries that the hive does not have yet, up to the first gap. Returns how many pages they change,
    /// and the numbers of the first and the last one.
    fn apply(
        &mut self,
        mut entries: Vec<(Entry, [u8; HEAD_BYTES])>,
        head: &[u8; HEAD_BYTES],
        is_sound: bool,
    ) -> (usize, Option<(u32, u32)>) {
        let first = if is_sound { u32_at(head, SECOND_SEQUENCE) } else { 0 };
        entries.retain(|(entry, _)| entry.sequence >= first);
        entries.sort_by_key(|(entry, _)| entry.sequence);
        let mut next = None;
        let mut pages = 0;
        let mut last = None;
        let first_applied = entries.first().map(|(entry, _)| entry.sequence);
        for (entry, base) in entries {
            if next.is_some_and(|next| entry.sequence != next) {
                break;
            }
            next = entry.sequence.checked_add(1);
            pages += entry.pages.len();
            last = Some((entry.sequence, entry.bins, base));
            entry.pages.into_iter().for_each(|(at, bytes)| self.put(at, bytes));
        }
        let sequence = last.map(|(sequence, ..)| sequence);
        if let Some((sequence, bins, base)) = last {
            let base = if is_sound { head } else { &base };
            self.finish(base, sequence.wrapping_add(1), bins);
        }
        (pages, first_applied.zip(sequence))
    }

    /// Replaces the bytes at this offset, also where an earlier replacement overlaps.
    fn put(&mut self, at: u64, bytes: Vec<u8>) {
        // An empty page changes nothing, whatever its offset.
        if bytes.is_empty() {
            return;
        }
        let end = at + bytes.len() as u64;
        let over: Vec<u64> = self
            .pages
            .range(..end)
            .filter(|(start, old)| *start + old.len() as u64 > at)
            .map(|(start, _)| *start)
            .collect();
        for start in over {
            let Some(old) = self.pages.remove(&start) else { continue };
            let old_end = start + old.len() as u64;
            if start < at {
                self.pages.insert(start, old[..(at - start) as usize].to_vec());
            }
            if old_end > end {
                self.pages.insert(end, old[(end - start) as usize..].to_vec());
            }
        }
        self.size = self.size.max(end);
        self.pages.insert(at, bytes);
    }

    /// Gives the base block the state of a hive whose last write was finished.
    fn finish(&mut self, base: &[u8; HEAD_BYTES], sequence: u32, bins: u32) {
        let mut base = *base;
        for (at, number) in [(FIRST_SEQUENCE, sequence), (SECOND_SEQUENCE, sequence), (28, 0), (BINS, bins)] {
            base[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        let sum = checksum_of(&base);
        base[CHECKSUM..].copy_from_slice(&sum.to_le_bytes());
        self.base = Some(base.to_vec());
    }
}

impl<S: ReadAt> ReadAt for Replayed<S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let buffer = &mut buffer[..wanted];
        let count = self.source.read_at(buffer, offset)?.min(wanted);
        // The file is extended with zeros up to a page after its end.
        buffer[count..].fill(0);
        let end = offset + wanted as u64;
        let base = self.base.as_ref().map(|base| (0, base.as_slice()));
        let pages = self.pages.range(..end).map(|(at, bytes)| (*at, bytes.as_slice()));
        for (at, bytes) in pages.chain(base) {
            let (from, to) = (at.max(offset), (at + bytes.len() as u64).min(end));
            if from >= to {
                continue;
            }
            let (into, within) = ((from - offset) as usize, (from - at) as usize);
            let length = (to - from) as usize;
            buffer[into..into + length].copy_from_slice(&bytes[within..within + length]);
        }
        Ok(wanted)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }
}

/// The contents of a log: pages by their offset in the hive's file, and its copy of the base block.
enum Log {
    /// With the number of the entry after them, if that one is damaged. Empty if the first entry is damaged.
    Entries(Vec<Entry>, Option<u32>, [u8; HEAD_BYTES]),
    Sectors(Vec<(u64, Vec<u8>)>, [u8; HEAD_BYTES]),
}

struct Entry {
    sequence: u32,
    /// The size of the hive bins after this entry.
    bins: u32,
    pages: Vec<(u64, Vec<u8>)>,
}

impl Log {
    fn read(log: &impl ReadAt, hive: &[u8; HEAD_BYTES], is_sound: bool) -> Result<Self, String> {
        let size = log.size().map_err(|error| error.to_string())?;
        if size == 0 {
            return Err("it is empty".to_owned());
        }
        if size > MAX_LOG_BYTES {
            return Err(format!("it has {size} bytes, the limit is {MAX_LOG_BYTES}"));
        }
        let mut bytes = vec![0; usize::try_from(size).map_err(|_| "it is too large".to_owned())?];
        let count = log.read_at(&mut bytes, 0).map_err(|error| error.to_string())?;
        bytes.truncate(count);
        let Some(base) = bytes.first_chunk::<HEAD_BYTES>().filter(|base| base.starts_with(b"regf")) else {
            return Err("it does not begin as a log does".to_owned());
        };
        if !checksum_fits(base, u32_at(base, CHECKSUM)) {
            return Err("the checksum of its base block is wrong".to_owned());
        }
        let rest = &bytes[HEAD_BYTES..];
        match rest.get(..4) {
            Some(ENTRY) => {
                let (entries, torn) = Self::entries(rest);
                Ok(Self::Entries(entries, torn, *base))
            }
            Some(DIRTY) => {
                if u32_at(base, FIRST_SEQUENCE) != u32_at(base, SECOND_SEQUENCE) {
                    return Err("it was not written to its end itself".to_owned());
                }
                if is_sound && u64_at(base, WRITTEN) != u64_at(hive, WRITTEN) {
                    return Err("it is the log of another state of the hive".to_owned());
                }
                Self::sectors(&bytes, base).map(|sectors| Self::Sectors(sectors, *base))
            }
            _ => Err("it holds no changes".to_owned()),
        }
    }

    /// The entries before the first one that is damaged or left from an earlier use of the log, and the number of that
    /// one.
    fn entries(mut rest: &[u8]) -> (Vec<Entry>, Option<u32>) {
        let mut found: Vec<Entry> = Vec::new();
        while let Some(header) = rest.get(..ENTRY_HEADER_BYTES).filter(|header| header.starts_with(ENTRY)) {
            let (size, count) = (u32_at(header, 4) as usize, u32_at(header, 20) as usize);
            let Some(entry) = rest.get(..size).filter(|entry| entry.len() >= ENTRY_HEADER_BYTES) else { break };
            let fits = marvin(&entry[..32], SEED) == u64_at(header, 32)
                && marvin(&entry[ENTRY_HEADER_BYTES..], SEED) == u64_at(header, 24);
            let pages = fits.then(|| Self::pages(entry, count)).flatten();
            let Some(pages) = pages else { break };
            found.push(Entry { sequence: u32_at(header, 12), bins: u32_at(header, 16), pages });
            rest = &rest[size..];
        }
        let after = rest.get(..16).filter(|header| header.starts_with(ENTRY));
        (found, after.map(|header| u32_at(header, 12)))
    }

    /// The pages of an entry: their offsets and sizes, then their bytes in the same order.
    fn pages(entry: &[u8], count: usize) -> Option<Vec<(u64, Vec<u8>)>> {
        let places = entry.get(ENTRY_HEADER_BYTES..ENTRY_HEADER_BYTES.checked_add(count.checked_mul(8)?)?)?;
        let mut at = ENTRY_HEADER_BYTES + places.len();
        let mut pages = Vec::new();
        for place in places.chunks_exact(8) {
            let (offset, size) = (u32_at(place, 0), u32_at(place, 4) as usize);
            let bytes = entry.get(at..at.checked_add(size)?)?;
            pages.push((BINS_START + u64::from(offset), bytes.to_vec()));
            at += size;
        }
        Some(pages)
    }

    /// The sectors of the older log: a bit for each sector of the hive, then the sectors whose bit is set.
    fn sectors(bytes: &[u8], base: &[u8; HEAD_BYTES]) -> Result<Vec<(u64, Vec<u8>)>, String> {
        let length = u32_at(base, BINS) as usize / (8 * SECTOR as usize);
        let map_at = HEAD_BYTES + DIRTY.len();
        let map = bytes.get(map_at..map_at + length).ok_or("it ends within its list of sectors")?;
        let mut at = (map_at + length).next_multiple_of(SECTOR as usize);
        let mut found = Vec::new();
        for number in 0..length * 8 {
            if map[number / 8] >> (number % 8) & 1 == 0 {
                continue;
            }
            let sector = bytes.get(at..at + SECTOR as usize).ok_or("it ends before its last sector")?;
            found.push((BINS_START + number as u64 * SECTOR, sector.to_vec()));
            at += SECTOR as usize;
        }
        Ok(found)
    }
}

/// The Marvin32 hash, of 64 bits.
fn marvin(bytes: &[u8], seed: u64) -> u64 {
    let (mut low, mut high) = (seed as u32, (seed >> 32) as u32);
    let mut mix = |word: u32| {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
        (low, high)
    };
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        mix(u32::from_le_bytes(*word));
    }
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    mix(u32::from_le_bytes(last));
    let (low, high) = mix(0);
    u64::from(high) << 32 | u64::from(low)
}

#[cfg(test)]
mod tests {
    use super::marvin;

    /// The test vectors of the .NET runtime.
    #[test]
    fn the_hash_is_marvin() {
        let seed = 0x004f_b61a_001b_dbcc;
        let vectors: [(&[u8], u64); 5] = [
            (&[], 0x30ed_35c1_00cd_3c7d),
            (&[0xaf], 0x48e7_3fc7_7d75_ddc1),
            (&[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
            (&[0x37, 0xf4, 0x95], 0xf0b0_7c78_9b8c_f7e8),
            (&[0x86, 0x42, 0xdc, 0x59], 0x7008_f2e8_7e9c_f556),
        ];
        for (bytes, hash) in vectors {
            assert_eq!(marvin(bytes, seed), hash, "{bytes:?}");
        }
    }
}
