//! Partition tables: MBR with logical drives, and GPT. Our own, because it is small; `mbrman` and `gptman` need
//! serialisers and write access.

use std::collections::HashSet;
use std::io;

use crc::{CRC_32_ISO_HDLC, Crc};

use super::source::Part;
use crate::bytes::{u16_at, u32_at, u64_at};

/// The most logical drives of one extended partition that are read.
const MAX_LOGICAL: u32 = 128;
/// The most entries of a GPT that are read. The format's usual number is 128.
const MAX_ENTRIES: u32 = 1024;
const MAX_ENTRY_BYTES: u32 = 4096;
const SECTOR: u64 = 512;
/// The sizes of a disk's sectors, in which its tables count.
const SECTORS: [u64; 2] = [SECTOR, 4096];
const MBR_ENTRIES_AT: usize = 446;
const GPT_SIGNATURE: &[u8] = b"EFI PART";
const GPT_HEADER_BYTES: u32 = 92;

/// The purpose of a partition, by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Windows formats it, or could have: if its files cannot be read, that must be reported.
    Windows,
    /// A part of something larger that is not read: a disk of a pool or a dynamic disk.
    Pool(&'static str),
    /// A partition of another system, or without files. It is ignored if it has no readable file system.
    Other,
    /// An unknown type: it could be anything.
    Unknown,
}

/// A partition, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Partition {
    /// Its number as Windows and Linux count. In an MBR primary ones are 1 to 4 and logical drives start at 5; in a GPT
    /// it is the entry, from 1.
    pub number: u32,
    pub start: u64,
    pub size: u64,
    pub purpose: Purpose,
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
        return Ok(gpt_without_mbr(disk));
    }
    let entries = entries(&sector);
    // Bytes of another boot sector are not a table: the state must be 0 or 0x80, and a used entry must have a size.
    let plausible = entries.iter().all(|e| e.state & 0x7f == 0 && (e.kind == 0 || e.sectors > 0));
    if !plausible || entries.iter().all(|e| e.kind == 0) {
        return Ok(gpt_without_mbr(disk));
    }
    if entries.iter().any(|e| e.kind == 0xee) {
        return Ok(Some(gpt(disk)));
    }
    let mut table = Table::default();
    let mut logical = 5;
    let unit = sector_size(disk, &entries);
    for (number, entry) in (1..).zip(entries) {
        match entry.kind {
            0 => {}
            0x05 | 0x0f | 0x85 => extended(disk, (u64::from(entry.start), unit), &mut logical, &mut table),
            _ => table.partitions.push(entry.partition(number, 0, unit)),
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
    fn partition(self, number: u32, base: u64, unit: u64) -> Partition {
        Partition {
            number,
            start: (base + u64::from(self.start)) * unit,
            size: u64::from(self.sectors) * unit,
            purpose: mbr_purpose(self.kind),
        }
    }
}

/// The size of the sectors in which an MBR counts: an MBR does not state it. Disks with sectors of 4,096 bytes are
/// recognised by their boot sectors, which do, or by their next table.
fn sector_size(disk: &Part, entries: &[Entry]) -> u64 {
    let fits = |unit: u64| {
        entries.iter().filter(|entry| entry.kind != 0 && entry.start > 0).any(|entry| {
            let Ok(boot) = disk.bytes(u64::from(entry.start) * unit, SECTOR as usize) else { return false };
            let states = match () {
                () if matches!(entry.kind, 0x05 | 0x0f | 0x85) => unit,
                () if &boot[3..11] == b"EXFAT   " => 1_u64.checked_shl(boot[108].into()).unwrap_or(0),
                () => u16_at(&boot, 11).into(),
            };
            u16_at(&boot, 510) == 0xaa55 && states == unit
        })
    };
    SECTORS.into_iter().find(|unit| fits(*unit)).unwrap_or(SECTOR)
}

/// From the list of partition types that Andries Brouwer maintains.
fn mbr_purpose(kind: u8) -> Purpose {
    match kind {
        // FAT, NTFS and exFAT; the same types hidden by boot managers; recovery; EFI system.
        0x01 | 0x04 | 0x06 | 0x07 | 0x0b | 0x0c | 0x0e => Purpose::Windows,
        0x11 | 0x14 | 0x16 | 0x17 | 0x1b | 0x1c | 0x1e | 0x27 | 0xef => Purpose::Windows,
        // Windows NT 4.0 adds these bits to the type in fault-tolerant sets.
        0x86 | 0x87 | 0x8b | 0x8c | 0xc6 | 0xc7 => Purpose::Pool("a fault-tolerant set of Windows NT"),
        0x42 => Purpose::Pool("a dynamic disk (LDM)"),
        0xe7 => Purpose::Pool("Storage Spaces"),
        // Minix, Linux (swap, files, LVM, LUKS, RAID), the BSDs, Solaris, Mac OS, BeOS, QNX, VMware, and partitions
        // without files: OS/2's boot manager, hibernation, diagnostics.
        0x0a
        | 0x12
        | 0x4d..=0x4f
        | 0x80..=0x83
        | 0x84
        | 0x88
        | 0x8e
        | 0x93
        | 0x94
        | 0xa0
        | 0xa5..=0xa9
        | 0xab
        | 0xaf => Purpose::Other,
        0xb7 | 0xb8 | 0xbe | 0xbf | 0xda | 0xde | 0xe8 | 0xeb | 0xfb | 0xfc | 0xfd => Purpose::Other,
        _ => Purpose::Unknown,
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

/// The chain of tables in an extended partition: each has one logical drive and the location of the next table.
fn extended(disk: &Part, (base, unit): (u64, u64), number: &mut u32, table: &mut Table) {
    let mut at = base;
    let mut seen = HashSet::new();
    for _ in 0..MAX_LOGICAL {
        if !seen.insert(at) {
            let what =
                "extended partition: its tables lead back to an earlier one, and logical drives after it are not found";
            table.problems.push(what.to_owned());
            return;
        }
        let Ok(sector) = disk.bytes(at * unit, SECTOR as usize) else {
            table.problems.push("extended partition: the image ends before its table".to_owned());
            return;
        };
        if u16_at(&sector, 510) != 0xaa55 {
            table.problems.push("extended partition: a table without its signature".to_owned());
            return;
        }
        let [drive, next, ..] = entries(&sector);
        if drive.kind != 0 && drive.sectors > 0 {
            table.partitions.push(drive.partition(*number, at, unit));
            *number += 1;
        }
        // A next table at the first one's own location is a circle, unless the entry is empty.
        if next.kind == 0 || (next.start == 0 && next.sectors == 0) {
            return;
        }
        at = base + u64::from(next.start);
    }
    table.problems.push(format!("extended partition: more than {MAX_LOGICAL} tables"));
}

/// A GPT at the end of a disk whose first sectors are lost.
fn gpt_without_mbr(disk: &Part) -> Option<Table> {
    // A raw file that is not an image has no such header, so nothing else is tried on it.
    let found = SECTORS.into_iter().any(|sector| {
        [sector, disk.size.saturating_sub(sector)].into_iter().any(|at| Gpt::read(disk, sector, at).is_some())
    });
    found.then(|| {
        let mut table = gpt(disk);
        table.problems.insert(0, "the MBR before the GPT is damaged".to_owned());
        table
    })
}

/// A GPT header whose checksum is right, and its entries.
struct Gpt {
    sector: u64,
    /// The size of an entry in bytes.
    size: usize,
    entries: Vec<u8>,
    /// Whether the entries have the checksum that the header states.
    sound: bool,
}

impl Gpt {
    fn read(disk: &Part, sector: u64, at: u64) -> Option<Self> {
        let crc = Crc::<u32>::new(&CRC_32_ISO_HDLC);
        let mut header = disk.bytes(at, GPT_HEADER_BYTES as usize).ok()?;
        let (bytes, stated) = (u32_at(&header, 12), u32_at(&header, 16));
        if !header.starts_with(GPT_SIGNATURE) {
            return None;
        }
        let (first, count, size) = (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84));
        if !(128..=MAX_ENTRY_BYTES).contains(&size) || count > MAX_ENTRIES {
            return None;
        }
        let entries_at = first.saturating_mul(sector);
        let entries = disk.bytes(entries_at, (count * size) as usize).ok()?;
        header[16..20].fill(0);
        let sound = bytes == GPT_HEADER_BYTES
            && crc.checksum(&header) == stated
            && crc.checksum(&entries) == u32_at(&header, 88);
        Some(Self { sector, size: size as usize, entries, sound })
    }
}

/// The partitions of the first GPT, or of its copy in the last sectors if the first is damaged.
fn gpt(disk: &Part) -> Table {
    let mut table = Table::default();
    // The header is in the second sector, its copy in the last.
    let mut damaged = None;
    for sector in SECTORS {
        for at in [sector, disk.size.saturating_sub(sector)] {
            let Some(found) = Gpt::read(disk, sector, at) else { continue };
            if !found.sound {
                damaged.get_or_insert(found);
                continue;
            }
            if at != sector || damaged.is_some() {
                table.problems.push("the first GPT is damaged: its copy was read".to_owned());
            }
            add_entries(&found, disk, &mut table);
            return table;
        }
    }
    match damaged {
        Some(found) => {
            table.problems.push("neither GPT has the checksums that it states: partitions may be missing".to_owned());
            add_entries(&found, disk, &mut table);
        }
        None => table.problems.push("the MBR announces a GPT, and there is none that can be read".to_owned()),
    }
    table
}

fn add_entries(gpt: &Gpt, disk: &Part, table: &mut Table) {
    for (number, entry) in (1..).zip(gpt.entries.chunks_exact(gpt.size)) {
        let (start, last) = (u64_at(entry, 32), u64_at(entry, 40));
        if entry[..16] == [0; 16] {
            continue;
        }
        if last < start {
            table.problems.push(format!("partition {number}: it ends before it begins"));
            continue;
        }
        let size = (last - start).saturating_add(1).saturating_mul(gpt.sector);
        let start = start.saturating_mul(gpt.sector);
        if start.saturating_add(size) > disk.size {
            table.problems.push(format!("partition {number}: the image ends before it does"));
        }
        table.partitions.push(Partition { number, start, size, purpose: gpt_purpose(&entry[..16]) });
    }
}

/// By the type's identifier, from the UEFI specification, Microsoft (`CREATE_PARTITION_PARAMETERS`) and the
/// Discoverable Partitions Specification.
fn gpt_purpose(kind: &[u8]) -> Purpose {
    let named = |text: &str| kind == guid(text);
    let windows = [
        // Basic data, recovery, EFI system.
        "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7",
        "de94bba4-06d1-4d40-a16a-bfd50179d6ac",
        "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
    ];
    let ldm = ["5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", "af9b60a0-1431-4f62-bc68-3311714a69ad"];
    let spaces = ["e75caf8f-f680-4cee-afa3-b001e56efc2d", "e7addcb4-dc34-4539-9a76-ebbd07be6f7e"];
    let other = [
        // Microsoft reserved, BIOS boot.
        "e3c9e316-0b5c-4db8-817d-f92df00215ae",
        "21686148-6449-6e6f-744e-656564454649",
        // Linux: files, swap, LVM, RAID, LUKS, dm-crypt, roots (x86, x64, ARM, ARM64), home, boot.
        "0fc63daf-8483-4772-8e79-3d69d8477de4",
        "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
        "e6d6d379-f507-44c2-a23c-238f2a3df928",
        "a19d880f-05fc-4d3b-a006-743f0f84911e",
        "ca7d7ccb-63ed-4c53-861c-1742536059cc",
        "7ffec5c9-2d00-49b7-8941-3ea10a5586b7",
        "44479540-f297-41b2-9af7-d131d5f0458a",
        "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
        "69dad710-2ce4-4e3c-b16c-21a1d49abed3",
        "b921b045-1df0-41c3-af44-4c6f280d3fae",
        "933ac7e1-2eb4-4f13-b844-0e14e2aef915",
        "bc13c2ff-59e6-4262-a352-b275fd6f7172",
        // Apple: HFS+, APFS. FreeBSD: boot, files, ZFS.
        "48465300-0000-11aa-aa11-00306543ecac",
        "7c3457ef-0000-11aa-aa11-00306543ecac",
        "83bd6b9d-7f41-11dc-be0b-001560b84f0f",
        "516e7cb6-6ecf-11d6-8ff8-00022d09712b",
        "516e7cba-6ecf-11d6-8ff8-00022d09712b",
    ];
    match () {
        () if windows.iter().any(|text| named(text)) => Purpose::Windows,
        () if ldm.iter().any(|text| named(text)) => Purpose::Pool("a dynamic disk (LDM)"),
        () if spaces.iter().any(|text| named(text)) => Purpose::Pool("Storage Spaces"),
        () if other.iter().any(|text| named(text)) => Purpose::Other,
        () => Purpose::Unknown,
    }
}

/// An identifier as stored on the disk: the first three numbers with their lowest byte first, the rest as written.
fn guid(text: &str) -> [u8; 16] {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16)).map(|digit| digit as u8);
    let mut bytes = [0; 16];
    for place in ORDER {
        bytes[place] = digits.next().unwrap_or(0) << 4 | digits.next().unwrap_or(0);
    }
    bytes
}
