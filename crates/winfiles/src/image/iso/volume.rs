//! The open volume: its descriptors, and its folders.

use std::io;

use encoding_rs::WINDOWS_1252;

use super::records::{NAME_AT, SECTOR, records};
use super::rock_ridge::{self, Fields};
use crate::bytes::{ReadAt, u16_at, u32_at};
use crate::image::Item;
use crate::image::source::{Part, corrupt};
use crate::image::tree::{Entry, Folders};
use crate::time::seconds;

const FIRST_DESCRIPTOR: u64 = 16;
/// The first sector of a session that can belong to a later one, whatever size the session states.
const AFTER_FIRST: u64 = FIRST_DESCRIPTOR + 1;
/// The most volume descriptors that are read.
const MAX_DESCRIPTORS: u64 = 64;
/// The most tracks of a CD, and so its most sessions.
const MAX_SESSIONS: usize = 99;
const IDENTIFIER: &[u8] = b"CD001";
/// The first bytes of a primary descriptor.
const PRIMARY: &[u8] = b"\x01CD001\x01";
/// The most sectors after a volume in which another session begins: 11,400 lie between two, as zeros in an image.
const MAX_GAP: u64 = 12_000;
/// The largest folder, in bytes: some 300,000 files.
const MAX_FOLDER_BYTES: u32 = 32 << 20;
const FOLDER: u8 = 2;
const ASSOCIATED: u8 = 4;
pub(super) const MORE_EXTENTS: u8 = 0x80;
const ROOT_RECORD: std::ops::Range<usize> = 156..190;

/// An open volume.
pub(in crate::image) struct Iso {
    pub(super) part: Part,
    pub(super) joliet: bool,
    pub(super) root: Extent,
    /// Location of the path table, the second list of all folders.
    pub(super) path_table: Extent,
    /// The tree with the other kind of names, if there is one.
    pub(super) other: Option<Box<Self>>,
    /// Why the UDF file system beside this one cannot be read. It may hold files that this one does not.
    pub(super) udf: Option<String>,
}

/// A file that is not empty, and the first sector of its contents.
pub(in crate::image) struct Stored<'i> {
    pub path: &'i str,
    pub size: u64,
    pub sector: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::image) struct Extent {
    pub(super) sector: u32,
    pub(super) size: u32,
}

/// Opens the volume of the last session; `None` if there is none.
///
/// # Errors
/// A volume whose descriptors contradict themselves.
pub(in crate::image) fn open(part: &Part) -> io::Result<Option<Iso>> {
    let Some(mut found) = session(part, 0)? else { return Ok(None) };
    let mut start = 0;
    // Each session of a CD has its own descriptors, and the last one lists the files of all.
    for _ in 1..MAX_SESSIONS {
        let after = end(part, start).map(|end| end.max(start + AFTER_FIRST));
        let Some(later) = after.and_then(|after| later_session(part, after)) else { break };
        let Some(volume) = session(part, later)? else { break };
        (found, start) = (volume, later);
    }
    Ok(Some(found))
}

/// The first sector after the volume of a session, as its primary descriptor states it; `None` if there is none.
pub(in crate::image) fn end(part: &Part, session: u64) -> Option<u64> {
    let descriptor = part.bytes((session + FIRST_DESCRIPTOR) * SECTOR, SECTOR as usize).ok()?;
    descriptor.starts_with(PRIMARY).then(|| session + u64::from(u32_at(&descriptor, 80)))
}

/// The first sector of a session that begins after this sector.
fn later_session(part: &Part, end: u64) -> Option<u64> {
    const PIECE: u64 = 512;
    let last = (part.size / SECTOR).min(end.saturating_add(MAX_GAP));
    let mut at = end;
    while at < last {
        let piece = part.bytes(at * SECTOR, (PIECE.min(last - at) * SECTOR) as usize).ok()?;
        for (number, sector) in (at..).zip(piece.chunks_exact(SECTOR as usize)) {
            // The sectors in a session's descriptors count from the start of the disc: an ISO file in something else that
            // follows the volume has smaller ones.
            let is_own = || u64::from(extent(&sector[ROOT_RECORD]).sector) > number;
            if sector.starts_with(PRIMARY) && number >= FIRST_DESCRIPTOR && is_own() {
                return Some(number - FIRST_DESCRIPTOR);
            }
        }
        at += PIECE;
    }
    None
}

/// Opens the volume of a session that begins at this sector; `None` if there is none.
fn session(part: &Part, start: u64) -> io::Result<Option<Iso>> {
    let mut primary = None;
    let mut joliet = None;
    let mut sector = [0; SECTOR as usize];
    let first = start + FIRST_DESCRIPTOR;
    for number in first..first + MAX_DESCRIPTORS {
        if part.read_at(&mut sector, number * SECTOR)? < sector.len() {
            break;
        }
        if &sector[1..6] != IDENTIFIER {
            // UDF's descriptors follow the terminator.
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
    let tree =
        |joliet| move |(root, path_table)| Iso { part: part.clone(), joliet, root, path_table, other: None, udf: None };
    Ok(match (primary.map(tree(false)), joliet.map(tree(true))) {
        (Some(plain), Some(joliet)) => {
            // Names of Joliet end after 64 letters, those of Rock Ridge are whole.
            let (first, other) = if plain.has_rock_ridge() { (plain, joliet) } else { (joliet, plain) };
            Some(Iso { other: Some(Box::new(other)), ..first })
        }
        (one, other) => one.or(other),
    })
}

pub(super) fn extent(record: &[u8]) -> Extent {
    // The extended attributes of a file, if any, precede its data.
    Extent { sector: u32_at(record, 2).saturating_add(record[1].into()), size: u32_at(record, 10) }
}

impl Iso {
    /// The same volume, with the error of a UDF file system beside it, if there is one.
    pub(in crate::image) fn beside_udf(self, error: Option<io::Error>) -> Self {
        Self { udf: error.map(|error| error.to_string()), ..self }
    }

    /// Where the contents of a file begin, if it has any.
    pub(super) fn stored<'i>(&self, item: &'i Item) -> Option<Stored<'i>> {
        let Item::File { path, id, size: size @ 1.., .. } = item else { return None };
        let record = self.part.bytes(*id, NAME_AT).ok()?;
        Some(Stored { path, size: *size, sector: extent(&record).sector })
    }

    fn folder_bytes(&self, extent: Extent) -> io::Result<Vec<u8>> {
        if extent.size > MAX_FOLDER_BYTES {
            return Err(corrupt(format!("a folder of {} bytes", extent.size)));
        }
        self.part.bytes(u64::from(extent.sector) * SECTOR, extent.size as usize)
    }

    /// A name as it is stored.
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        if !self.joliet {
            return WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
        }
        let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
        String::from_utf16_lossy(&units)
    }

    fn has_rock_ridge(&self) -> bool {
        let own = self.part.bytes(u64::from(self.root.sector) * SECTOR, SECTOR as usize);
        own.is_ok_and(|own| rock_ridge::is_announced(&own))
    }

    /// The folder that begins at this sector, by its own record.
    fn folder_at(&self, sector: u32) -> io::Result<Extent> {
        let own = self.part.bytes(u64::from(sector) * SECTOR, NAME_AT)?;
        Ok(Extent { sector, size: u32_at(&own, 10) })
    }

    fn name(&self, record: &[u8]) -> String {
        let length = usize::from(record[32]);
        let name = self.text(record.get(NAME_AT..NAME_AT + length).unwrap_or_default());
        // `TAPISRV.EXE;1`: the version number is dropped, and so is the dot of a name without an extension. A dot after
        // an extension is part of a name that Windows does not load.
        let plain = name.rsplit_once(';').map_or(name.as_str(), |(name, _)| name);
        plain.strip_suffix('.').filter(|stem| !stem.contains('.')).unwrap_or(plain).to_owned()
    }
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
        // Of a file with several extents only the last record lacks the mark; the first one represents the file.
        let mut goes_on = None;
        let (records, damage) = records(&bytes);
        for (at, record) in records {
            let (flags, child) = (record[25], self::extent(record));
            if flags & ASSOCIATED != 0 {
                continue;
            }
            let fields = match self.joliet {
                true => Fields::default(),
                false => Fields::of(record, usize::from(record[32]), &self.part),
            };
            let name = fields.name.unwrap_or_else(|| self.name(record));
            let entry = if let Some(sector) = fields.moved_to {
                match self.folder_at(sector) {
                    Ok(key) => Entry::Folder { name, key },
                    Err(error) => Entry::Damage(format!("the folder {name}, which was moved, cannot be read: {error}")),
                }
            } else if fields.is_moved {
                continue;
            } else if flags & FOLDER != 0 {
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

/// A record's date: years since 1900, month, day, hour, minute, second, and the time zone in quarters of an hour.
fn modified(record: &[u8]) -> Option<i64> {
    let &[year, month, day, hour, minute, second, zone] = record.get(18..25)? else { return None };
    let zone = i64::from(i8::from_le_bytes([zone])) * 15 * 60;
    Some(seconds(1900 + i64::from(year), month, day, hour, minute, second)? - zone)
}
