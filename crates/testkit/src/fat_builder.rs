//! Makes a small FAT12 volume that any system can mount: files with short names, in folders.

use std::collections::BTreeMap;

const SECTOR: usize = 512;
/// Clusters of one sector: below 4,085 of them, a volume is FAT12.
const CLUSTERS: usize = 80;
const FAT_SECTORS: usize = (CLUSTERS + 2) * 3 / 2 / SECTOR + 1;
const ROOT_ENTRIES: usize = 64;
const ENTRY: usize = 32;
const DATA_AT: usize = (1 + 2 * FAT_SECTORS) * SECTOR + ROOT_ENTRIES * ENTRY;
const SECTORS: usize = DATA_AT / SECTOR + CLUSTERS;
const FOLDER: u8 = 0x10;
const LAST: u16 = 0xfff;
/// 2008-10-15 12:00:00, as FAT writes date and time.
const CHANGED: (u16, u16) = ((2008 - 1980) << 9 | 10 << 5 | 15, 12 << 11);

/// A folder of the volume: files and folders by name.
enum Node<'a> {
    File(&'a [u8]),
    Folder(BTreeMap<&'a str, Node<'a>>),
}

struct Volume {
    bytes: Vec<u8>,
    next: usize,
}

/// The volume with these files; paths have `/`, names of eight letters and an extension of three.
///
/// # Panics
/// If the files do not fit.
pub fn fat12(files: &[(&str, Vec<u8>)], hidden_sectors: u32) -> Vec<u8> {
    let mut root = BTreeMap::new();
    for (path, bytes) in files {
        let mut folder = &mut root;
        let (above, name) = path.rsplit_once('/').map_or((None, *path), |(above, name)| (Some(above), name));
        for part in above.into_iter().flat_map(|above| above.split('/')) {
            let node = folder.entry(part).or_insert_with(|| Node::Folder(BTreeMap::new()));
            let Node::Folder(inside) = node else { panic!("{part} is a file and a folder") };
            folder = inside;
        }
        folder.insert(name, Node::File(bytes));
    }
    let mut volume = Volume { bytes: boot_sector(hidden_sectors), next: 2 };
    volume.chain(0, 0xff8);
    volume.chain(1, LAST);
    let entries = volume.entries(&root, 0);
    let at = (1 + 2 * FAT_SECTORS) * SECTOR;
    assert!(entries.len() <= ROOT_ENTRIES * ENTRY, "the root folder is full");
    volume.bytes[at..at + entries.len()].copy_from_slice(&entries);
    volume.bytes
}

fn boot_sector(hidden_sectors: u32) -> Vec<u8> {
    let mut bytes = vec![0; SECTORS * SECTOR];
    bytes[..11].copy_from_slice(b"\xeb\x3c\x90MSDOS5.0");
    bytes[11..13].copy_from_slice(&(SECTOR as u16).to_le_bytes());
    bytes[13] = 1;
    bytes[14..16].copy_from_slice(&1u16.to_le_bytes());
    bytes[16] = 2;
    bytes[17..19].copy_from_slice(&(ROOT_ENTRIES as u16).to_le_bytes());
    bytes[19..21].copy_from_slice(&(SECTORS as u16).to_le_bytes());
    bytes[21] = 0xf8;
    bytes[22..24].copy_from_slice(&(FAT_SECTORS as u16).to_le_bytes());
    bytes[24..26].copy_from_slice(&63u16.to_le_bytes());
    bytes[26..28].copy_from_slice(&16u16.to_le_bytes());
    bytes[28..32].copy_from_slice(&hidden_sectors.to_le_bytes());
    bytes[36] = 0x80;
    bytes[38] = 0x29;
    bytes[43..62].copy_from_slice(b"NO NAME    FAT12   ");
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
    bytes
}

impl Volume {
    /// Writes the entry of a cluster into both tables.
    fn chain(&mut self, cluster: usize, value: u16) {
        for table in 0..2 {
            let at = (1 + table * FAT_SECTORS) * SECTOR + cluster * 3 / 2;
            let shift = 4 * (cluster % 2);
            let old = u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]);
            let new = old & !(0xfff << shift) | value << shift;
            self.bytes[at..at + 2].copy_from_slice(&new.to_le_bytes());
        }
    }

    /// Clusters in one run for so many bytes: the first of them, 0 for none.
    fn allot(&mut self, length: usize) -> usize {
        let count = length.div_ceil(SECTOR);
        let first = self.next;
        self.next += count;
        assert!(self.next <= CLUSTERS + 2, "the volume is full");
        for cluster in first..self.next {
            let next = if cluster + 1 == self.next { LAST } else { cluster as u16 + 1 };
            self.chain(cluster, next);
        }
        if count == 0 { 0 } else { first }
    }

    fn write(&mut self, first: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            let at = DATA_AT + (first - 2) * SECTOR;
            self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        }
    }

    /// The entries of a folder, whose contents are written; `own` is the folder's cluster, 0 for the root.
    fn entries(&mut self, folder: &BTreeMap<&str, Node<'_>>, own: usize) -> Vec<u8> {
        let mut entries = Vec::new();
        for (name, node) in folder {
            match node {
                Node::File(bytes) => {
                    let first = self.allot(bytes.len());
                    self.write(first, bytes);
                    entries.extend(entry(&short(name), 0x20, first, bytes.len()));
                }
                Node::Folder(inside) => {
                    let first = self.allot((inside.len() + 2) * ENTRY);
                    let mut contents = entry(b".          ", FOLDER, first, 0).to_vec();
                    contents.extend(entry(b"..         ", FOLDER, own, 0));
                    contents.extend(self.entries(inside, first));
                    self.write(first, &contents);
                    entries.extend(entry(&short(name), FOLDER, first, 0));
                }
            }
        }
        entries
    }
}

fn short(name: &str) -> [u8; 11] {
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    assert!(stem.len() <= 8 && extension.len() <= 3, "{name} is no short name");
    let mut short = [b' '; 11];
    short[..stem.len()].copy_from_slice(stem.to_ascii_uppercase().as_bytes());
    short[8..8 + extension.len()].copy_from_slice(extension.to_ascii_uppercase().as_bytes());
    short
}

fn entry(name: &[u8; 11], attributes: u8, first: usize, size: usize) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..11].copy_from_slice(name);
    entry[11] = attributes;
    let (date, time) = CHANGED;
    entry[22..24].copy_from_slice(&time.to_le_bytes());
    entry[24..26].copy_from_slice(&date.to_le_bytes());
    entry[26..28].copy_from_slice(&(first as u16).to_le_bytes());
    entry[28..32].copy_from_slice(&(size as u32).to_le_bytes());
    entry
}
