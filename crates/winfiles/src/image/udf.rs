//! UDF, ECMA-167 in the profile of OSTA's specification 1.02 to 2.01: installation media of Windows Vista and later,
//! which have their files here and only a text in ISO 9660. Reads volumes in one partition, as mastering tools write
//! them. Extensions of packet writing (sparable and virtual partitions) and the metadata partition of 2.50 are reported
//! as not read.
//!
//! Our own: the subset is small. The crates for UDF are young, and follow a circular allocation without end.

mod contents;
mod descriptors;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use super::iso::Iso;
use super::source::{Part, corrupt};
use super::tree::{self, Entry, Folders};
use super::{FileSystem, Item};
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use contents::{Contents, File, FileEntry, read};
use descriptors::{is_at, is_sound, is_tag, tag, text, time};

/// The size of the sectors with the recognition sequence: 2,048 bytes on every medium.
const SECTOR: u64 = 2048;
/// The sizes of the sectors of the volume, which are its blocks, too: the usual one first.
const SECTORS: [u64; 4] = [SECTOR, 512, 4096, 1024];
const FIRST_DESCRIPTOR: u64 = 16;
const MAX_DESCRIPTORS: u64 = 64;
const ANCHOR: u64 = 256;
/// The most volume descriptors that are read.
const MAX_VOLUME_DESCRIPTORS: u64 = 256;
/// The largest folder, in bytes: some 500,000 files.
const MAX_FOLDER_BYTES: u64 = 64 << 20;
/// The most pieces of one file, and the most blocks that continue their list.
const MAX_EXTENTS: usize = 1 << 16;
const MAX_LISTS: u64 = 1 << 12;
/// The most blocks with such lists that are read while folders are listed, in addition to four times the volume's
/// number of blocks. All names of a hostile volume can refer to one file with the longest list.
const SPARE_LISTS: u64 = 1 << 16;

/// Flags of a name.
const FOLDER: u8 = 2;
const DELETED: u8 = 4;
const PARENT: u8 = 8;

/// An open volume.
pub(super) struct Udf {
    part: Part,
    /// The size of a block in bytes.
    block: u64,
    /// Where the partition begins, in bytes.
    start: u64,
    /// Where the partition ends, in bytes.
    end: u64,
    root: u32,
    /// Whether the names in folders state their own places. File entries must; some writers may omit it here.
    placed_names: bool,
    /// The ISO 9660 file system on the same medium.
    beside: Option<Iso>,
    /// How many blocks of lists may still be read while folders are listed.
    lists: AtomicU64,
}

/// Whether the recognition sequence announces UDF.
pub(super) fn recognise(part: &Part) -> bool {
    let known = [b"CD001", b"BEA01", b"NSR02", b"NSR03", b"TEA01", b"BOOT2", b"CDW02"];
    // In larger sectors, each descriptor begins a sector.
    [SECTOR, 2 * SECTOR].into_iter().any(|step| {
        (0..MAX_DESCRIPTORS)
            .map_while(|number| {
                let mut sector = [0; 6];
                let read = part.read_at(&mut sector, FIRST_DESCRIPTOR * SECTOR + number * step).ok()?;
                (read == 6 && known.iter().any(|known| sector[1..6] == **known)).then_some(sector)
            })
            .any(|sector| matches!(&sector[1..6], b"NSR02" | b"NSR03"))
    })
}

/// Opens the volume that the recognition sequence announces.
///
/// # Errors
/// Damage, or a feature that is not read.
pub(super) fn open(part: &Part) -> io::Result<Udf> {
    // Discs have sectors of 2,048 bytes, disks and memory sticks others; only the descriptors tell.
    let anchor = SECTORS.into_iter().find_map(|sector| anchor(part, sector).map(|anchor| (sector, anchor)));
    let (sector, anchor) = anchor.ok_or_else(|| corrupt("UDF without its anchor"))?;
    // The main sequence of descriptors, and the reserve sequence.
    let mut failed = corrupt("UDF without its descriptors");
    for at in [16, 24] {
        let (length, place) = (u64::from(u32_at(&anchor, at)), u64::from(u32_at(&anchor, at + 4)));
        match sequence(part, sector, place, length / sector) {
            Ok(volume) => return Ok(volume),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The end of the volume that begins here, in bytes; `None` if there is none.
pub(super) fn end(part: &Part) -> Option<u64> {
    recognise(part).then(|| open(part).ok().map(|volume| volume.end)).flatten()
}

/// The anchor, which is in sector 256 and again at the end, if the volume has sectors of this size.
fn anchor(part: &Part, sector: u64) -> Option<Vec<u8>> {
    let last = part.size / sector;
    let places = [ANCHOR, last.saturating_sub(1), last.saturating_sub(1 + ANCHOR), 512];
    places.into_iter().find_map(|place| {
        let bytes = part.bytes(place * sector, 512).ok()?;
        (is_tag(&bytes, tag::ANCHOR) && is_sound(&bytes) && is_at(&bytes, place)).then_some(bytes)
    })
}

fn sequence(part: &Part, size: u64, place: u64, count: u64) -> io::Result<Udf> {
    let (mut partitions, mut volume) = (Vec::new(), None);
    for sector in place..place.saturating_add(count.min(MAX_VOLUME_DESCRIPTORS)) {
        let bytes = part.bytes(sector.saturating_mul(size), size as usize)?;
        // The reserve sequence may have an undamaged copy.
        if !is_sound(&bytes) || !is_at(&bytes, sector) {
            continue;
        }
        if is_tag(&bytes, tag::PARTITION) {
            partitions.push((u16_at(&bytes, 22), u64::from(u32_at(&bytes, 188)), u64::from(u32_at(&bytes, 192))));
        } else if is_tag(&bytes, tag::LOGICAL_VOLUME) {
            volume = Some(bytes);
        } else if is_tag(&bytes, tag::END) {
            break;
        }
    }
    let volume = volume.ok_or_else(|| corrupt("UDF without a logical volume"))?;
    let block = u64::from(u32_at(&volume, 212));
    if block != size {
        return Err(corrupt(format!("UDF with blocks of {block} bytes in sectors of {size}")));
    }
    // One map of type 1: a partition stored unchanged.
    if u32_at(&volume, 268) != 1 || volume[440] != 1 {
        let what =
            "UDF with a virtual, sparable or metadata partition, which is not read: mount it and scan the folder";
        return Err(io::Error::new(io::ErrorKind::Unsupported, what));
    }
    let number = u16_at(&volume, 444);
    let own = partitions.iter().find(|(own, ..)| *own == number).ok_or_else(|| corrupt("UDF without its partition"))?;
    let (start, end) = (own.1 * size, (own.1 + own.2) * size);
    let lists = AtomicU64::new(SPARE_LISTS.saturating_add(4 * (part.size / block)));
    let mut udf = Udf { part: part.clone(), block, start, end, root: 0, placed_names: false, beside: None, lists };
    let set = udf.block_bytes(u32_at(&volume, 252))?;
    if !is_tag(&set, tag::FILE_SET) || !is_sound(&set) || !is_at(&set, u32_at(&volume, 252).into()) {
        return Err(corrupt("UDF without its set of files"));
    }
    udf.root = u32_at(&set, 404);
    let root = udf.file(udf.root)?;
    let place = udf.name_block(&root, udf.root, 0);
    let first = udf.whole(&root, MAX_FOLDER_BYTES).unwrap_or_default();
    udf.placed_names = first.len() >= 38 && place.is_some_and(|place| is_at(&first, place));
    Ok(udf)
}

impl Udf {
    /// The same volume on a medium that has this file system, too.
    pub(super) fn beside(self, iso: Option<Iso>) -> Self {
        Self { beside: iso, ..self }
    }

    /// The first sector of a file's contents, if it begins with a piece. Later pieces are not read.
    fn first_sector(&self, block: u64) -> Option<u32> {
        let bytes = self.block_bytes(u32::try_from(block).ok()?).ok()?;
        let (lengths, rest) = if is_tag(&bytes, tag::FILE) { (168, 176) } else { (208, 216) };
        let list = bytes.get((u32_at(&bytes, lengths) as usize).saturating_add(rest)..)?;
        let has_piece = list.len() >= 8 && u16_at(&bytes, 34) & 7 < 2 && u32_at(list, 0) >> 30 == 0;
        has_piece.then(|| u32::try_from(self.place(u32_at(list, 4)) / SECTOR).ok()).flatten()
    }

    fn place(&self, block: u32) -> u64 {
        self.start.saturating_add(u64::from(block) * self.block)
    }

    fn block_bytes(&self, block: u32) -> io::Result<Vec<u8>> {
        self.part.bytes(self.place(block), self.block as usize)
    }

    fn file(&self, block: u32) -> io::Result<FileEntry> {
        self.counted_file(block, &mut 0)
    }

    /// As [`Self::file`]; also counts the blocks with lists of pieces that were read.
    fn counted_file(&self, block: u32, lists: &mut u64) -> io::Result<FileEntry> {
        let bytes = self.block_bytes(block)?;
        let (times, lengths, rest) = match () {
            () if is_tag(&bytes, tag::FILE) => (84, 168, 176),
            () if is_tag(&bytes, tag::EXTENDED_FILE) => (92, 208, 216),
            () => return Err(corrupt(format!("there is no file entry at block {block}"))),
        };
        if !is_sound(&bytes) {
            return Err(corrupt(format!("the file entry at block {block} does not have the checksum that it states")));
        }
        if !is_at(&bytes, block.into()) {
            let stated = u32_at(&bytes, 12);
            return Err(corrupt(format!("the file entry at block {block} is that of block {stated}")));
        }
        let size = u64_at(&bytes, 56);
        let (before, length) = (u32_at(&bytes, lengths) as usize, u32_at(&bytes, lengths + 4) as usize);
        let start = before.saturating_add(rest);
        let list = bytes.get(start..start.saturating_add(length)).ok_or_else(|| corrupt("a file entry is cut"))?;
        let contents = match u16_at(&bytes, 34) & 7 {
            3 => Contents::Embedded(
                list.get(..usize::try_from(size).unwrap_or(usize::MAX).min(list.len())).unwrap_or_default().to_vec(),
            ),
            0 => Contents::Extents(self.extents(list.to_vec(), 8, lists)?),
            1 => Contents::Extents(self.extents(list.to_vec(), 16, lists)?),
            kind => return Err(corrupt(format!("a file entry with descriptors of type {kind}"))),
        };
        let held = match &contents {
            Contents::Embedded(bytes) => bytes.len() as u64,
            Contents::Extents(extents) => extents.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size)),
        };
        if held < size {
            return Err(corrupt(format!("{held} bytes are stored of the {size} that the file has")));
        }
        Ok(FileEntry { size, modified: time(&bytes[times..times + 12]), contents })
    }

    /// The pieces of a file, from a list of descriptors of `stride` bytes that may continue elsewhere.
    fn extents(&self, mut list: Vec<u8>, stride: usize, lists: &mut u64) -> io::Result<Vec<(Option<u64>, u64)>> {
        let mut extents = Vec::new();
        'lists: loop {
            for one in list.chunks_exact(stride) {
                let (word, block) = (u32_at(one, 0), u32_at(one, 4));
                let (kind, size) = (word >> 30, u64::from(word & 0x3fff_ffff));
                if extents.len() >= MAX_EXTENTS {
                    return Err(corrupt(format!("the file lies in more than {MAX_EXTENTS} pieces")));
                }
                match kind {
                    _ if size == 0 => break 'lists,
                    0 => extents.push((Some(self.place(block)), size)),
                    // The list continues there, after a descriptor of 24 bytes. The blocks are counted, so that circles
                    // end.
                    3 => {
                        *lists += 1;
                        if *lists > MAX_LISTS {
                            return Err(corrupt(format!(
                                "the list of the file's pieces lies in more than {MAX_LISTS} blocks"
                            )));
                        }
                        let more = self.block_bytes(block)?;
                        if !is_tag(&more, tag::LIST) || !is_sound(&more) || !is_at(&more, block.into()) {
                            let what = format!("the list of the file's pieces at block {block} is damaged");
                            return Err(corrupt(what));
                        }
                        let length = (u32_at(&more, 20) as usize).min(more.len().saturating_sub(24));
                        list = more[24..24 + length].to_vec();
                        continue 'lists;
                    }
                    _ => extents.push((None, size)),
                }
            }
            break;
        }
        Ok(extents)
    }

    /// The block of this byte of a folder, whose own entry is at `key`.
    fn name_block(&self, folder: &FileEntry, key: u32, at: usize) -> Option<u64> {
        let Contents::Extents(extents) = &folder.contents else { return Some(key.into()) };
        let mut within = at as u64;
        for (place, size) in extents {
            if within < *size {
                return Some((*place)?.saturating_add(within).saturating_sub(self.start) / self.block);
            }
            within -= size;
        }
        None
    }

    fn whole(&self, entry: &FileEntry, most: u64) -> io::Result<Vec<u8>> {
        if entry.size > most {
            return Err(corrupt(format!("a folder of {} bytes", entry.size)));
        }
        let size = usize::try_from(entry.size).unwrap_or(0);
        let mut bytes = vec![0; size];
        let read = read(&self.part, entry, &mut bytes, 0)?;
        if read < size { Err(corrupt("the folder is cut: files are lost")) } else { Ok(bytes) }
    }
}

impl Folders for Udf {
    type Key = u32;

    fn root(&self) -> u32 {
        self.root
    }

    fn size(&self) -> u64 {
        self.part.size
    }

    fn folder(&self, key: u32, take: &mut dyn FnMut(Entry<u32>) -> bool) -> io::Result<u64> {
        let folder = self.file(key)?;
        let bytes = self.whole(&folder, MAX_FOLDER_BYTES)?;
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let cut = || corrupt(format!("the folder's entry at {at:#x} is damaged: files are lost"));
            if rest.len() < 38 || !is_tag(rest, tag::NAME) {
                return Err(cut());
            }
            let (flags, length, extra) = (rest[18], usize::from(rest[19]), usize::from(u16_at(rest, 36)));
            let name = rest.get(38 + extra..38 + extra + length).ok_or_else(cut)?;
            let target = u32_at(rest, 24);
            let here = at;
            at += (38 + extra + length).next_multiple_of(4);
            // The entry's length may be wrong as well: another entry must follow, or the folder ends here.
            if !is_sound(rest) {
                let what = format!(
                    "the folder's entry at {here:#x} does not have the checksum that it states: a file is lost"
                );
                take(Entry::Damage(what));
                continue;
            }
            if self.placed_names && self.name_block(&folder, key, here).is_some_and(|place| !is_at(rest, place)) {
                let what = format!("the folder's entry at {here:#x} is one of another place: a file is lost");
                take(Entry::Damage(what));
                continue;
            }
            if flags & (DELETED | PARENT) != 0 {
                continue;
            }
            let name = text(name);
            let entry = if flags & FOLDER != 0 {
                Entry::Folder { name, key: target }
            } else {
                // Damage of a file's entry is reported when the file is opened.
                let mut lists = 0;
                let file = self.counted_file(target, &mut lists);
                let left =
                    self.lists.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(lists));
                if left.is_err() {
                    return Err(corrupt("its files have more pieces than a volume of this size: files are lost"));
                }
                let (size, modified) = file.map_or((0, None), |file| (file.size, file.modified));
                Entry::File { name, id: target.into(), size, modified }
            };
            if !take(entry) {
                break;
            }
        }
        Ok(bytes.len() as u64)
    }
}

/// Stands for a path, in any case, and a size: a volume can have millions of long paths.
fn copy(path: &str, size: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path.to_lowercase(), size).hash(&mut hasher);
    hasher.finish()
}

impl FileSystem for Udf {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        let Some(iso) = &self.beside else {
            tree::list(self, each);
            return;
        };
        // Most media store the contents of a file once for both. Others have copies, with the same path and size.
        let (mut sectors, mut copies) = (HashSet::new(), HashSet::new());
        tree::list(self, &mut |item| {
            if let Item::File { path, id, size, .. } = &item {
                sectors.extend(self.first_sector(*id));
                copies.insert(copy(path, *size));
            }
            each(item);
        });
        iso.lost_beside_udf(
            |file| sectors.contains(&file.sector) || copies.contains(&copy(file.path, file.size)),
            each,
        );
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let block = u32::try_from(id).map_err(|_| corrupt("there is no such file"))?;
        Ok(Box::new(File { part: &self.part, entry: self.file(block)? }))
    }
}
