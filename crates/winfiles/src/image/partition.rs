//! Partition tables: MBR with logical drives, and GPT.

use std::io;

use super::source::Part;
use crate::bytes::{u16_at, u32_at, u64_at};

/// Logical drives of one extended partition that are looked at.
const MAX_LOGICAL: u32 = 128;
/// Entries of a GPT that are looked at: the format's usual number is 128.
const MAX_ENTRIES: u32 = 1024;
const MAX_ENTRY_BYTES: u32 = 4096;
const SECTOR: u64 = 512;
const MBR_ENTRIES_AT: usize = 446;
const GPT_SIGNATURE: &[u8] = b"EFI PART";
/// "Basic data", as stored: what Windows formats.
const BASIC_DATA: [u8; 16] =
    [0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99, 0xc7];

/// A partition, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Partition {
    /// Its number as Windows and Linux count: primary ones from 1 to 4, logical drives from 5; of a GPT its entry, from 1.
    pub number: u32,
    pub start: u64,
    pub size: u64,
    /// Of a type that Windows formats with a file system that this program should read.
    pub windows: bool,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub partitions: Vec<Partition>,
    pub problems: Vec<String>,
}

/// The partitions of a disk; `None` where there is no table.
pub(super) fn table(disk: &Part) -> io::Result<Option<Table>> {
    let Ok(sector) = disk.bytes(0, SECTOR as usize) else { return Ok(None) };
    if u16_at(&sector, 510) != 0xaa55 {
        return Ok(None);
    }
    let entries = entries(&sector);
    // Bytes of another boot sector are no table: states are 0 or 0x80, and what is used has a size.
    let plausible = entries.iter().all(|e| e.state & 0x7f == 0 && (e.kind == 0 || e.sectors > 0));
    if !plausible || entries.iter().all(|e| e.kind == 0) {
        return Ok(None);
    }
    if entries.iter().any(|e| e.kind == 0xee) {
        return gpt(disk).map(Some);
    }
    let mut table = Table::default();
    let mut logical = 5;
    for (number, entry) in (1..).zip(entries) {
        match entry.kind {
            0 => {}
            0x05 | 0x0f | 0x85 => extended(disk, u64::from(entry.start), &mut logical, &mut table),
            _ => table.partitions.push(entry.partition(number, 0)),
        }
    }
    for one in table.partitions.iter().filter(|one| one.start.saturating_add(one.size) > disk.size) {
        table.problems.push(format!("partition {}: the image ends before it does", one.number));
    }
    Ok(Some(table))
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    state: u8,
    kind: u8,
    start: u32,
    sectors: u32,
}

impl Entry {
    fn partition(self, number: u32, base: u64) -> Partition {
        Partition {
            number,
            start: (base + u64::from(self.start)) * SECTOR,
            size: u64::from(self.sectors) * SECTOR,
            windows: matches!(self.kind, 0x01 | 0x04 | 0x06 | 0x07 | 0x0b | 0x0c | 0x0e),
        }
    }
}

fn entries(sector: &[u8]) -> [Entry; 4] {
    [0, 1, 2, 3].map(|i| {
        let at = MBR_ENTRIES_AT + 16 * i;
        Entry {
            state: sector[at],
            kind: sector[at + 4],
            start: u32_at(sector, at + 8),
            sectors: u32_at(sector, at + 12),
        }
    })
}

/// The chain of tables in an extended partition: each has one logical drive and the place of the next table.
fn extended(disk: &Part, base: u64, number: &mut u32, table: &mut Table) {
    let mut at = base;
    for _ in 0..MAX_LOGICAL {
        let Ok(sector) = disk.bytes(at * SECTOR, SECTOR as usize) else {
            table.problems.push("extended partition: the image ends before its table".to_owned());
            return;
        };
        if u16_at(&sector, 510) != 0xaa55 {
            table.problems.push("extended partition: a table without its signature".to_owned());
            return;
        }
        let [drive, next, ..] = entries(&sector);
        if drive.kind != 0 && drive.sectors > 0 {
            table.partitions.push(drive.partition(*number, at));
            *number += 1;
        }
        if next.kind == 0 || next.start == 0 {
            return;
        }
        at = base + u64::from(next.start);
    }
    table.problems.push(format!("extended partition: more than {MAX_LOGICAL} tables"));
}

fn gpt(disk: &Part) -> io::Result<Table> {
    let mut table = Table::default();
    // The header is in the second sector, its copy in the last; sectors have 512 bytes, or 4096 on some disks.
    for sector in [512, 4096] {
        for at in [sector, disk.size.saturating_sub(sector)] {
            let Ok(header) = disk.bytes(at, 92) else { continue };
            if !header.starts_with(GPT_SIGNATURE) {
                continue;
            }
            if at != sector {
                table.problems.push("the first GPT is damaged: its copy was read".to_owned());
            }
            let (first, count, size) = (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84));
            if !(128..=MAX_ENTRY_BYTES).contains(&size) || count > MAX_ENTRIES {
                table.problems.push(format!("GPT of {count} entries with {size} bytes each"));
                return Ok(table);
            }
            for number in 0..count {
                let offset = first.saturating_mul(sector).saturating_add(u64::from(number * size));
                let Ok(entry) = disk.bytes(offset, 128) else {
                    table.problems.push("the image ends within its GPT".to_owned());
                    return Ok(table);
                };
                let (start, last) = (u64_at(&entry, 32), u64_at(&entry, 40));
                if entry[..16] == [0; 16] || last < start {
                    continue;
                }
                let (start, size) =
                    (start.saturating_mul(sector), (last - start).saturating_add(1).saturating_mul(sector));
                if start.saturating_add(size) > disk.size {
                    table.problems.push(format!("partition {}: the image ends before it does", number + 1));
                }
                let windows = entry[..16] == BASIC_DATA;
                table.partitions.push(Partition { number: number + 1, start, size, windows });
            }
            return Ok(table);
        }
    }
    table.problems.push("the MBR announces a GPT, and there is none".to_owned());
    Ok(table)
}
