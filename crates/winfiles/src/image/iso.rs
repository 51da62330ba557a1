//! ISO 9660 with Joliet and Rock Ridge names: installation media. `records`: what stands in a folder; `path_table`: folders
//! that no folder lists any more.

mod path_table;
mod records;

use std::io;

use encoding_rs::WINDOWS_1252;

use super::source::{Part, corrupt};
use super::tree::{self, Entry, Folders};
use super::{FileSystem, Item};
use crate::bytes::{ReadAt, u16_at, u32_at};
use crate::time::seconds;
use path_table::Walked;
use records::{NAME_AT, records};

const SECTOR: u64 = 2048;
const FIRST_DESCRIPTOR: u64 = 16;
/// Volume descriptors that are looked at.
const MAX_DESCRIPTORS: u64 = 64;
const IDENTIFIER: &[u8] = b"CD001";
/// The largest folder, in bytes: some 300,000 files.
const MAX_FOLDER_BYTES: u32 = 32 << 20;
/// The pieces of a file of more than 4 GB.
const MAX_EXTENTS: usize = 256;
const FOLDER: u8 = 2;
const ASSOCIATED: u8 = 4;
const MORE_EXTENTS: u8 = 0x80;
const ROOT_RECORD: std::ops::Range<usize> = 156..190;

/// An open volume.
pub(super) struct Iso {
    part: Part,
    joliet: bool,
    root: Extent,
    /// Where the second list of all folders lies.
    path_table: Extent,
    /// Why the UDF file system beside this one, which may hold what this one does not, cannot be read.
    udf: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Extent {
    sector: u32,
    size: u32,
}

/// Opens the volume; `None` if there is none.
///
/// # Errors
/// A volume whose descriptors contradict themselves.
pub(super) fn open(part: &Part) -> io::Result<Option<Iso>> {
    let mut primary = None;
    let mut joliet = None;
    let mut sector = [0; SECTOR as usize];
    for number in FIRST_DESCRIPTOR..FIRST_DESCRIPTOR + MAX_DESCRIPTORS {
        if part.read_at(&mut sector, number * SECTOR)? < sector.len() {
            break;
        }
        if &sector[1..6] != IDENTIFIER {
            // UDF's descriptors come after the terminator.
            match &sector[1..6] {
                b"BEA01" | b"NSR02" | b"NSR03" | b"TEA01" | b"BOOT2" => continue,
                _ => break,
            }
        }
        let root = (extent(&sector[ROOT_RECORD]), Extent { sector: u32_at(&sector, 140), size: u32_at(&sector, 132) });
        match sector[0] {
            1 if u16_at(&sector, 128) != SECTOR as u16 => {
                return Err(corrupt(format!("ISO 9660 with blocks of {} bytes", u16_at(&sector, 128))));
            }
            1 => primary = primary.or(Some(root)),
            2 if matches!(&sector[88..91], b"%/@" | b"%/C" | b"%/E") => joliet = joliet.or(Some(root)),
            _ => {}
        }
    }
    let ((root, path_table), is_joliet) = match (joliet, primary) {
        (Some(root), _) => (root, true),
        (None, Some(root)) => (root, false),
        (None, None) => return Ok(None),
    };
    Ok(Some(Iso { part: part.clone(), joliet: is_joliet, root, path_table, udf: None }))
}

fn extent(record: &[u8]) -> Extent {
    // Its attributes, if it has any, lie before a file's data.
    Extent { sector: u32_at(record, 2).saturating_add(record[1].into()), size: u32_at(record, 10) }
}

impl Iso {
    /// The same volume, beside a UDF file system that cannot be read, if there is one.
    pub(super) fn beside_udf(self, error: Option<io::Error>) -> Self {
        Self { udf: error.map(|error| error.to_string()), ..self }
    }

    fn folder_bytes(&self, extent: Extent) -> io::Result<Vec<u8>> {
        if extent.size > MAX_FOLDER_BYTES {
            return Err(corrupt(format!("a folder of {} bytes", extent.size)));
        }
        self.part.bytes(u64::from(extent.sector) * SECTOR, extent.size as usize)
    }

    /// A name as it is stored.
    fn text(&self, bytes: &[u8]) -> String {
        if !self.joliet {
            return WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
        }
        let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
        String::from_utf16_lossy(&units)
    }

    fn name(&self, record: &[u8]) -> String {
        let length = usize::from(record[32]);
        let bytes = record.get(NAME_AT..NAME_AT + length).unwrap_or_default();
        // After the name, at an even place, other standards put theirs.
        let after = NAME_AT + length + usize::from(length % 2 == 0);
        if !self.joliet
            && let Some(name) = rock_ridge(record.get(after..).unwrap_or_default())
        {
            return name;
        }
        let name = self.text(bytes);
        // `TAPISRV.EXE;1`: the version says nothing, and the dot of a name without extension neither. One after an extension
        // is part of a name that Windows does not load.
        let plain = name.rsplit_once(';').map_or(name.as_str(), |(name, _)| name);
        plain.strip_suffix('.').filter(|stem| !stem.contains('.')).unwrap_or(plain).to_owned()
    }
}

/// The `NM` entries of a record's system use area.
fn rock_ridge(mut area: &[u8]) -> Option<String> {
    let mut name = Vec::new();
    while let [first, second, length, _, rest @ ..] = area {
        let content = rest.get(..usize::from(*length).checked_sub(4)?)?;
        if (*first, *second) == (b'N', b'M') {
            name.extend_from_slice(content.get(1..).unwrap_or_default());
        }
        area = &rest[content.len()..];
    }
    (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned())
}

impl Folders for Iso {
    type Key = Extent;

    fn root(&self) -> Extent {
        self.root
    }

    fn size(&self) -> u64 {
        self.part.size
    }

    fn folder(&self, extent: Extent, take: &mut dyn FnMut(Entry<Extent>) -> bool) -> io::Result<u64> {
        let bytes = self.folder_bytes(extent)?;
        // Of a file of several extents the last record has no mark; the first one stands for it.
        let mut goes_on = None;
        let (records, damage) = records(&bytes);
        for (at, record) in records {
            let (flags, child) = (record[25], self::extent(record));
            if flags & ASSOCIATED != 0 {
                continue;
            }
            let name = self.name(record);
            let entry = if flags & FOLDER != 0 {
                Entry::Folder { name, key: child }
            } else {
                let (id, size) = goes_on.take().unwrap_or((u64::from(extent.sector) * SECTOR + at as u64, 0));
                let size = size + u64::from(child.size);
                if flags & MORE_EXTENTS != 0 {
                    goes_on = Some((id, size));
                    continue;
                }
                Entry::File { name, id, size, modified: modified(record) }
            };
            if !take(entry) {
                return Ok(bytes.len() as u64);
            }
        }
        if let Some(what) = damage {
            take(Entry::Damage(what));
        }
        Ok(bytes.len() as u64)
    }
}

impl FileSystem for Iso {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        let walked = Walked::new(self);
        let files = tree::list(&walked, each);
        walked.lost(each);
        // Media of Windows Vista and later have a text here that tells to use UDF.
        if let Some(error) = self.udf.as_ref().filter(|_| files <= 1) {
            let what = format!("its files lie in a UDF file system that cannot be read: {error}");
            each(Item::Problem { path: String::new(), what });
        }
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let mut extents = Vec::new();
        let mut at = id;
        loop {
            let mut record = [0; 34];
            self.part.fill(&mut record, at)?;
            if record[26] != 0 || record[27] != 0 {
                return Err(corrupt("the file is interleaved, which is not read"));
            }
            extents.push(extent(&record));
            if record[25] & MORE_EXTENTS == 0 {
                return Ok(Box::new(File { part: &self.part, extents }));
            }
            if extents.len() >= MAX_EXTENTS || record[0] == 0 {
                return Err(corrupt(format!("the file lies in more than {MAX_EXTENTS} pieces")));
            }
            at += u64::from(record[0]);
            // The next record stands in the next sector if this one has no more.
            let mut length = [0];
            self.part.fill(&mut length, at)?;
            if length[0] == 0 {
                at = (at + 1).next_multiple_of(SECTOR);
            }
        }
    }
}

struct File<'p> {
    part: &'p Part,
    extents: Vec<Extent>,
}

impl ReadAt for File<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let (mut filled, mut start) = (0, 0);
        for extent in &self.extents {
            let (at, size) = (offset + filled as u64, u64::from(extent.size));
            if at >= start && at < start + size {
                let within = at - start;
                let count = usize::try_from(size - within).unwrap_or(usize::MAX).min(buffer.len() - filled);
                self.part.fill(&mut buffer[filled..filled + count], u64::from(extent.sector) * SECTOR + within)?;
                filled += count;
            }
            start += size;
        }
        Ok(filled)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.extents.iter().map(|extent| u64::from(extent.size)).sum())
    }
}

/// A record's date: years since 1900, month, day, hour, minute, second, and the zone in quarters of an hour.
fn modified(record: &[u8]) -> Option<i64> {
    let &[year, month, day, hour, minute, second, zone] = record.get(18..25)? else { return None };
    let zone = i64::from(i8::from_le_bytes([zone])) * 15 * 60;
    Some(seconds(1900 + i64::from(year), month, day, hour, minute, second)? - zone)
}
