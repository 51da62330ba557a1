//! The open volume: its allocation table, and its folders.

use std::io;

use super::entries::{ENTRY_BYTES, Entry, entries};
use super::width::Width;
use crate::bytes::{ReadAt, u16_at, u32_at};
use crate::image::source::{Part, corrupt};
use crate::image::tree::{self, Folders};

/// The largest folder, in bytes: the format's limit.
const MAX_FOLDER_BYTES: u64 = 2 << 20;
/// Entries of the allocation table that are read at once.
const TABLE_PIECE: usize = 4096;

/// An open volume.
pub(in crate::image) struct Fat {
    pub(super) part: Part,
    pub(super) width: Width,
    table: u64,
    /// Location of the root folder, unless it is a chain of clusters.
    root: (u64, u64),
    root_cluster: u32,
    /// Offset of cluster 2.
    data: u64,
    cluster: u64,
    /// The number after that of the last cluster.
    pub(super) end: u32,
    /// The boot sector says that the volume is mounted.
    is_marked: bool,
}

impl Fat {
    /// `None` if it is not the boot sector of a FAT volume.
    pub(in crate::image) fn open(part: &Part, boot: &[u8]) -> io::Result<Option<Self>> {
        let sector = u64::from(u16_at(boot, 11));
        let (in_cluster, reserved, tables) = (u64::from(boot[13]), u64::from(u16_at(boot, 14)), u64::from(boot[16]));
        let root_entries = u64::from(u16_at(boot, 17));
        let either = |short: u16, long: u32| if short == 0 { u64::from(long) } else { u64::from(short) };
        let sectors = either(u16_at(boot, 19), u32_at(boot, 32));
        let table_sectors = either(u16_at(boot, 22), u32_at(boot, 36));
        let jumps = matches!(boot[0], 0xeb | 0xe9);
        let plausible = jumps
            && u16_at(boot, 510) == 0xaa55
            && sector.is_power_of_two()
            && (512..=4096).contains(&sector)
            && in_cluster.is_power_of_two()
            && reserved > 0
            && (1..=2).contains(&tables)
            && (boot[21] == 0xf0 || boot[21] >= 0xf8)
            && table_sectors > 0;
        if !plausible {
            return Ok(None);
        }
        let table = reserved * sector;
        let root = (table + tables * table_sectors * sector, root_entries * ENTRY_BYTES as u64);
        let data = root.0 + root.1.next_multiple_of(sector);
        let cluster = in_cluster * sector;
        let Some(clusters) = (sectors * sector).checked_sub(data).map(|bytes| bytes / cluster) else {
            return Err(corrupt("the FAT volume is smaller than its tables"));
        };
        // The standard decides by the number of clusters alone. Windows, Linux and the tools that format small FAT32
        // volumes (EFI systems, sticks) also use this field, which only FAT12 and FAT16 have.
        let width = match clusters {
            _ if u16_at(boot, 22) == 0 => Width::ThirtyTwo,
            ..4085 => Width::Twelve,
            4085..65_525 => Width::Sixteen,
            _ => Width::ThirtyTwo,
        };
        // Windows NT and Linux mark a mounted volume here. The next byte is a signature for the mark and other fields.
        let mark = if width == Width::ThirtyTwo { 65 } else { 37 };
        let is_marked = matches!(boot[mark + 1], 0x28 | 0x29) && boot[mark] & 1 == 1;
        let end = u32::try_from(clusters + 2).unwrap_or(u32::MAX).min(0x0fff_fff7);
        let root_cluster = if width == Width::ThirtyTwo { u32_at(boot, 44) } else { 0 };
        Ok(Some(Self { part: part.clone(), width, table, root, root_cluster, data, cluster, end, is_marked }))
    }

    /// The table's entry of a cluster.
    pub(super) fn entry(&self, cluster: u32, cache: &mut (u64, Vec<u8>)) -> io::Result<u32> {
        let at = match self.width {
            Width::Twelve => u64::from(cluster) * 3 / 2,
            Width::Sixteen => u64::from(cluster) * 2,
            Width::ThirtyTwo => u64::from(cluster) * 4,
        };
        let held =
            |cache: &(u64, Vec<u8>)| at.checked_sub(cache.0).is_some_and(|skip| skip + 4 <= cache.1.len() as u64);
        if !held(cache) {
            cache.1.resize(TABLE_PIECE, 0);
            let count = self.part.read_at(&mut cache.1, self.table + at)?;
            cache.1.truncate(count);
            cache.0 = at;
        }
        let skip = (at - cache.0) as usize;
        // Does not read again for each entry after the end: a boot sector can announce millions of them.
        let entry_bytes = if self.width == Width::ThirtyTwo { 4 } else { 2 };
        if skip + entry_bytes > cache.1.len() {
            return Err(corrupt("the image ends within the table of its FAT volume"));
        }
        Ok(match self.width {
            Width::Twelve if cluster.is_multiple_of(2) => u32::from(u16_at(&cache.1, skip)) & 0xfff,
            Width::Twelve => u32::from(u16_at(&cache.1, skip)) >> 4,
            Width::Sixteen => u32::from(u16_at(&cache.1, skip)),
            Width::ThirtyTwo => u32_at(&cache.1, skip) & 0x0fff_ffff,
        })
    }

    /// The next cluster of a chain; `None` at its end.
    fn next(&self, cluster: u32, cache: &mut (u64, Vec<u8>)) -> io::Result<Option<u32>> {
        let entry = self.entry(cluster, cache)?;
        if entry >= self.width.last() {
            return Ok(None);
        }
        if !self.is_cluster(entry) {
            return Err(corrupt(format!("cluster {cluster} is followed by {entry:#x}, which is none")));
        }
        Ok(Some(entry))
    }

    /// The runs of a chain, as many as `size` needs.
    pub(super) fn chain(&self, first: u32, size: u64) -> io::Result<Vec<Run>> {
        let mut runs: Vec<Run> = Vec::new();
        // A cluster of the chain, replaced by a later one each time the number of steps has doubled. A circular chain
        // meets it again.
        let (mut passed, mut steps, mut until) = (first, 0_u64, 1_u64);
        let mut cache = (u64::MAX, Vec::new());
        let mut left = size.div_ceil(self.cluster).min(self.end.into());
        let mut cluster = Some(first).filter(|_| left > 0);
        while let Some(number) = cluster {
            if !self.is_cluster(number) {
                return Err(corrupt(format!("the chain begins at cluster {number}, which is none")));
            }
            let place = self.data + u64::from(number - 2) * self.cluster;
            let start = match runs.last_mut() {
                Some(run) if run.place + run.size == place => {
                    run.size += self.cluster;
                    None
                }
                Some(run) => Some(run.start + run.size),
                None => Some(0),
            };
            runs.extend(start.map(|start| Run { start, place, size: self.cluster }));
            left -= 1;
            cluster = if left > 0 { self.next(number, &mut cache)? } else { None };
            if cluster == Some(passed) {
                return Err(corrupt(format!("the chain that begins at cluster {first} goes round in a circle")));
            }
            steps += 1;
            if steps == until {
                (passed, until) = (cluster.unwrap_or(0), until * 2);
            }
        }
        Ok(runs)
    }

    /// Whether a cluster is in use that does not belong to the root folder.
    fn has_files(&self) -> io::Result<bool> {
        let root =
            if self.width == Width::ThirtyTwo { self.chain(self.root_cluster, MAX_FOLDER_BYTES)? } else { Vec::new() };
        let is_root = |place: u64| root.iter().any(|run| (run.place..run.place + run.size).contains(&place));
        let mut cache = (u64::MAX, Vec::new());
        // As many clusters as a 16-bit table has: files are at the beginning of a volume.
        for cluster in 2..self.end.min(0xffff) {
            let place = self.data + u64::from(cluster - 2) * self.cluster;
            // Only free and bad clusters are not in use.
            let in_use = match self.entry(cluster, &mut cache)? {
                0 => false,
                entry => entry != self.width.bad_cluster(),
            };
            if in_use && !is_root(place) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn is_cluster(&self, number: u32) -> bool {
        (2..self.end).contains(&number)
    }

    /// Whether the volume was not unmounted: the boot sector says that it is mounted, or the table's second entry lacks
    /// the bit for a clean volume.
    pub(super) fn is_dirty(&self) -> bool {
        let clean = match self.width {
            _ if self.is_marked => return true,
            Width::Twelve => return false,
            Width::Sixteen => 0x8000,
            Width::ThirtyTwo => 0x0800_0000,
        };
        self.entry(1, &mut (u64::MAX, Vec::new())).is_ok_and(|entry| entry & clean == 0)
    }

    fn folder_bytes(&self, cluster: u32) -> io::Result<Vec<u8>> {
        // Only in FAT12 and FAT16 is the root folder outside the clusters.
        let runs = match cluster {
            0 if self.width != Width::ThirtyTwo => vec![Run { start: 0, place: self.root.0, size: self.root.1 }],
            _ => self.chain(cluster, MAX_FOLDER_BYTES)?,
        };
        let mut bytes = Vec::new();
        for Run { place, size, .. } in runs {
            let mut piece = self.part.bytes(place, usize::try_from(size.min(MAX_FOLDER_BYTES)).unwrap_or(0))?;
            bytes.append(&mut piece);
        }
        Ok(bytes)
    }
}

impl Folders for Fat {
    type Key = u32;

    fn root(&self) -> u32 {
        self.root_cluster
    }

    fn size(&self) -> u64 {
        self.part.size
    }

    fn folder(&self, cluster: u32, take: &mut dyn FnMut(tree::Entry<u32>) -> bool) -> io::Result<u64> {
        let bytes = self.folder_bytes(cluster)?;
        let is_root = cluster == self.root_cluster;
        let (found, damage) = entries(&bytes, is_root, self.width);
        if is_root && found.is_empty() && damage.is_none() && self.has_files()? {
            return Err(corrupt("the root folder is empty, though clusters of files are in use: it was overwritten"));
        }
        for Entry { name, folder, cluster, size, modified } in found {
            let id = u64::from(cluster) << 32 | u64::from(size);
            let entry = match folder {
                true => tree::Entry::Folder { name, key: cluster },
                false => tree::Entry::File { name, id, size: size.into(), modified },
            };
            if !take(entry) {
                return Ok(bytes.len() as u64);
            }
        }
        if let Some(what) = damage {
            take(tree::Entry::Damage(what.to_owned()));
        }
        Ok(bytes.len() as u64)
    }
}

/// Consecutive clusters, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Offset within the chain.
    pub start: u64,
    pub place: u64,
    pub size: u64,
}
