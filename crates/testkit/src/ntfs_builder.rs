//! Builds small NTFS volumes: files in the record, in clusters, compressed, overlaid, and in several records.

use std::collections::HashMap;

const SECTOR: usize = 512;
/// Clusters of one sector: a compression unit has 16 of them.
const CLUSTER: usize = 512;
const UNIT: usize = 16 * CLUSTER;
const RECORD: usize = 1024;
const MFT_AT: usize = 4;
const ROOT: u64 = 5;
const FIRST: u64 = 24;
/// 2002-05-08 19:54:30, in hundred nanoseconds since 1601.
const CHANGED: u64 = (1_020_887_670 + 11_644_473_600) * 10_000_000;
/// The same moment in seconds since 1970.
pub const MODIFIED: i64 = 1_020_887_670;

/// Offset of the record of this number in the image.
pub fn record_at(number: usize) -> usize {
    MFT_AT * CLUSTER + number * RECORD
}

/// How a file's data are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In its record.
    Resident,
    /// In clusters, in two runs with the data of another file between them.
    Plain,
    Compressed,
    /// By the Windows Overlay Filter, in chunks that are not packed.
    Overlaid,
    Encrypted,
    /// In clusters that a second record lists.
    Extended,
    /// In its record, which claims to continue in twenty others.
    Claiming,
}

struct File {
    path: String,
    bytes: Vec<u8>,
    stored: Stored,
}

/// A volume under construction.
#[derive(Default)]
pub struct NtfsBuilder {
    files: Vec<File>,
}

impl NtfsBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn file(mut self, path: &str, bytes: &[u8], stored: Stored) -> Self {
        self.files.push(File { path: path.to_owned(), bytes: bytes.to_vec(), stored });
        self
    }

    pub fn build(&self) -> Vec<u8> {
        // Folders first: a file needs its folder's number.
        let mut folders: Vec<(String, u64)> = vec![(String::new(), ROOT)];
        let mut records: Vec<(u64, Vec<u8>)> = vec![(ROOT, record(ROOT, 0, 3, &[name(ROOT, ".", 3)]))];
        let mut next = FIRST;
        for file in &self.files {
            let parts: Vec<&str> = file.path.split('/').collect();
            for depth in 1..parts.len() {
                let path = parts[..depth].join("/");
                if folders.iter().any(|(known, _)| *known == path) {
                    continue;
                }
                let above = number(&folders, &parts[..depth - 1].join("/"));
                records.push((next, record(next, 0, 3, &[name(above, parts[depth - 1], 1)])));
                folders.push((path, next));
                next += 1;
            }
        }
        let file_records: usize =
            self.files.iter().map(|file| if file.stored == Stored::Extended { 2 } else { 1 }).sum();
        let count = next as usize + file_records;
        let mut data = Data { start: MFT_AT + count * RECORD / CLUSTER, bytes: Vec::new() };
        for file in &self.files {
            let (folder, bare) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
            let above = number(&folders, folder);
            let mut attributes = vec![information(), name(above, bare, 1), name(above, "SHORT~1", 2)];
            let size = file.bytes.len() as u64;
            match file.stored {
                Stored::Resident => attributes.push(resident(0x80, &file.bytes)),
                Stored::Plain => {
                    let runs = data.plain(&file.bytes);
                    attributes.push(outside("", &runs, size, 0, 0, 0));
                }
                Stored::Compressed => {
                    let runs = data.compressed(&file.bytes);
                    attributes.push(outside("", &runs, size, 1, 4, 0));
                }
                Stored::Encrypted => {
                    let runs = data.plain(&file.bytes);
                    attributes.push(outside("", &runs, size, 0x4000, 0, 0));
                }
                Stored::Overlaid => {
                    let clusters = file.bytes.len().div_ceil(CLUSTER) as u64;
                    attributes.push(outside("", &[(clusters, None)], size, 0x8000, 0, 0));
                    // XPRESS in chunks of 4 KB, none of which is packed: a table of their offsets, then the chunks.
                    let places = (1..file.bytes.len().div_ceil(4096)).map(|number| number as u32 * 4096);
                    let packed: Vec<u8> = places.flat_map(u32::to_le_bytes).chain(file.bytes.iter().copied()).collect();
                    let runs = data.plain(&packed);
                    attributes.push(outside("WofCompressedData", &runs, packed.len() as u64, 0, 0, 0));
                    let words = [0x8000_0017_u32, 16, 1, 2, 1, 0].map(u32::to_le_bytes).concat();
                    attributes.push(resident(0xc0, &words));
                }
                Stored::Claiming => {
                    let entry = |number: u64| {
                        let head = [&0x80_u32.to_le_bytes()[..], &[32, 0, 0, 26], &[0; 8]].concat();
                        [head, (number | 1 << 48).to_le_bytes().to_vec(), vec![0; 8]].concat()
                    };
                    attributes.insert(1, resident(0x20, &(FIRST..FIRST + 16).flat_map(entry).collect::<Vec<u8>>()));
                    attributes.push(resident(0x80, &file.bytes));
                }
                Stored::Extended => {
                    let runs = data.plain(&file.bytes);
                    let mut list = Vec::new();
                    for (kind, holder) in [(0x10_u32, next), (0x30, next), (0x80, next + 1)] {
                        list.extend_from_slice(&kind.to_le_bytes());
                        list.extend_from_slice(&[32, 0, 0, 26]);
                        list.extend_from_slice(&0_u64.to_le_bytes());
                        list.extend_from_slice(&(holder | 1 << 48).to_le_bytes());
                        list.extend_from_slice(&[0; 8]);
                    }
                    attributes.insert(1, resident(0x20, &list));
                    records.push((next + 1, record(next + 1, next | 1 << 48, 1, &[outside("", &runs, size, 0, 0, 0)])));
                }
            }
            records.push((next, record(next, 0, 1, &attributes)));
            next += if file.stored == Stored::Extended { 2 } else { 1 };
        }
        let mft_size = (count * RECORD) as u64;
        let mft_runs = [((count * RECORD / CLUSTER) as u64, Some(MFT_AT as u64))];
        // Every record from the first free one on is marked as in use.
        let mut bitmap = vec![0; count.div_ceil(64) * 8];
        (0..count).for_each(|number| bitmap[number / 8] |= 1 << (number % 8));
        let table = [name(ROOT, "$MFT", 3), outside("", &mft_runs, mft_size, 0, 0, 0), resident(0xb0, &bitmap)];
        records.push((0, record(0, 0, 1, &table)));

        let mut image = vec![0; data.start * CLUSTER];
        for (number, record) in records {
            let at = MFT_AT * CLUSTER + number as usize * RECORD;
            image[at..at + RECORD].copy_from_slice(&record);
        }
        image.extend_from_slice(&data.bytes);
        image.resize(image.len() + SECTOR, 0);
        let sectors = (image.len() / SECTOR) as u64;
        image[..11].copy_from_slice(b"\xebR\x90NTFS    ");
        image[11..13].copy_from_slice(&(SECTOR as u16).to_le_bytes());
        image[13] = 1;
        image[21] = 0xf8;
        image[40..48].copy_from_slice(&sectors.to_le_bytes());
        image[48..56].copy_from_slice(&(MFT_AT as u64).to_le_bytes());
        image[64] = 2;
        image[510..512].copy_from_slice(&[0x55, 0xaa]);
        image
    }
}

fn number(folders: &[(String, u64)], path: &str) -> u64 {
    folders.iter().find(|(known, _)| known == path).unwrap().1
}

/// Runs of clusters: their number, and the first cluster.
type Runs = Vec<(u64, Option<u64>)>;

struct Data {
    /// The first cluster's number.
    start: usize,
    bytes: Vec<u8>,
}

impl Data {
    fn put(&mut self, bytes: &[u8]) -> (u64, Option<u64>) {
        let place = self.start + self.bytes.len() / CLUSTER;
        self.bytes.extend_from_slice(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(CLUSTER), 0xee);
        (bytes.len().div_ceil(CLUSTER) as u64, Some(place as u64))
    }

    /// The second half is stored before the first.
    fn plain(&mut self, bytes: &[u8]) -> Runs {
        let half = (bytes.len() / 2).next_multiple_of(CLUSTER).min(bytes.len());
        let second = self.put(&bytes[half..]);
        let first = self.put(&bytes[..half]);
        [first, second].into_iter().filter(|(count, _)| *count > 0).collect()
    }

    fn compressed(&mut self, bytes: &[u8]) -> Runs {
        let mut runs = Vec::new();
        for unit in bytes.chunks(UNIT) {
            if unit.iter().all(|&byte| byte == 0) {
                runs.push((16, None));
                continue;
            }
            let packed = lznt1(unit);
            if packed.len().div_ceil(CLUSTER) < 16 {
                let run = self.put(&packed);
                runs.extend([run, (16 - run.0, None)]);
            } else {
                let mut whole = unit.to_vec();
                whole.resize(UNIT, 0);
                runs.push(self.put(&whole));
            }
        }
        runs
    }
}

/// Packs into chunks of 4 KB: greedy, with the latest occurrence of the same three bytes.
pub fn lznt1(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(4096) {
        let mut packed = Vec::new();
        let mut seen = HashMap::new();
        let mut at = 0;
        while at < chunk.len() {
            let flags_at = packed.len();
            packed.push(0);
            for bit in 0..8 {
                if at >= chunk.len() {
                    break;
                }
                let mut length_bits = 12;
                while at > 1 << (16 - length_bits) {
                    length_bits -= 1;
                }
                let most = ((1 << length_bits) + 2).min(chunk.len() - at);
                let of = |from: usize| (0..most).take_while(|i| chunk[from + i] == chunk[at + i]).count();
                let from = chunk.get(at..at + 3).and_then(|three| seen.get(three).copied());
                let length = from.map_or(0, of);
                let end = at + length.max(1);
                match from {
                    Some(from) if length >= 3 => {
                        let token = (at - from - 1) << length_bits | (length - 3);
                        packed.extend_from_slice(&(token as u16).to_le_bytes());
                        packed[flags_at] |= 1 << bit;
                    }
                    _ => packed.extend_from_slice(&chunk[at..end]),
                }
                for at in at..end {
                    seen.extend(chunk.get(at..at + 3).map(|three| (three, at)));
                }
                at = end;
            }
        }
        if packed.len() < 4096 {
            out.extend_from_slice(&(0xb000 | (packed.len() - 1) as u16).to_le_bytes());
            out.extend_from_slice(&packed);
        } else {
            out.extend_from_slice(&(0x3000 | (chunk.len() - 1) as u16).to_le_bytes());
            out.extend_from_slice(chunk);
        }
    }
    if out.len() % CLUSTER != 0 {
        out.extend_from_slice(&[0; 2]);
    }
    out
}

fn information() -> Vec<u8> {
    let times = [CHANGED; 4].map(u64::to_le_bytes).concat();
    resident(0x10, &[times, vec![0; 16]].concat())
}

fn name(folder: u64, name: &str, namespace: u8) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let mut value = (folder | 1 << 48).to_le_bytes().to_vec();
    value.resize(64, 0);
    value.extend_from_slice(&[units.len() as u8, namespace]);
    value.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    resident(0x30, &value)
}

fn resident(kind: u32, value: &[u8]) -> Vec<u8> {
    let mut attribute = vec![0; 24];
    attribute[..4].copy_from_slice(&kind.to_le_bytes());
    attribute[16..20].copy_from_slice(&(value.len() as u32).to_le_bytes());
    attribute[20..22].copy_from_slice(&24_u16.to_le_bytes());
    attribute.extend_from_slice(value);
    close(attribute)
}

fn outside(stream: &str, runs: &[(u64, Option<u64>)], size: u64, flags: u16, unit: u16, first: u64) -> Vec<u8> {
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut attribute = vec![0; 64];
    attribute[..4].copy_from_slice(&0x80_u32.to_le_bytes());
    attribute[8] = 1;
    attribute[9] = (name.len() / 2) as u8;
    attribute[10..12].copy_from_slice(&64_u16.to_le_bytes());
    attribute[12..14].copy_from_slice(&flags.to_le_bytes());
    let clusters: u64 = runs.iter().map(|(count, _)| count).sum();
    attribute[16..24].copy_from_slice(&first.to_le_bytes());
    attribute[24..32].copy_from_slice(&(first + clusters).wrapping_sub(1).to_le_bytes());
    attribute[32..34].copy_from_slice(&(64 + name.len() as u16).to_le_bytes());
    attribute[34..36].copy_from_slice(&unit.to_le_bytes());
    attribute[40..48].copy_from_slice(&(clusters * CLUSTER as u64).to_le_bytes());
    attribute[48..56].copy_from_slice(&size.to_le_bytes());
    attribute[56..64].copy_from_slice(&size.to_le_bytes());
    attribute.extend_from_slice(&name);
    let mut last = 0_i64;
    for (count, place) in runs {
        let step = place.map(|place| place as i64 - last);
        last = place.map_or(last, |place| place as i64);
        attribute.push(if step.is_some() { 0x44 } else { 0x04 });
        attribute.extend_from_slice(&(*count as u32).to_le_bytes());
        attribute.extend(step.into_iter().flat_map(|step| (step as i32).to_le_bytes()));
    }
    attribute.push(0);
    close(attribute)
}

fn close(mut attribute: Vec<u8>) -> Vec<u8> {
    attribute.resize(attribute.len().next_multiple_of(8), 0);
    let size = attribute.len() as u32;
    attribute[4..8].copy_from_slice(&size.to_le_bytes());
    attribute
}

fn record(number: u64, base: u64, flags: u16, attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; 56];
    bytes[..4].copy_from_slice(b"FILE");
    bytes[4..6].copy_from_slice(&48_u16.to_le_bytes());
    bytes[6..8].copy_from_slice(&3_u16.to_le_bytes());
    bytes[16..18].copy_from_slice(&1_u16.to_le_bytes());
    bytes[20..22].copy_from_slice(&56_u16.to_le_bytes());
    bytes[22..24].copy_from_slice(&flags.to_le_bytes());
    bytes[32..40].copy_from_slice(&base.to_le_bytes());
    bytes[44..48].copy_from_slice(&(number as u32).to_le_bytes());
    bytes.extend(attributes.concat());
    bytes.extend_from_slice(&[0xff; 4]);
    assert!(bytes.len() <= RECORD, "record {number} has {} bytes", bytes.len());
    bytes.resize(RECORD, 0);
    for stride in 1..=2 {
        let end = stride * 512 - 2;
        let saved = [bytes[end], bytes[end + 1]];
        bytes[48 + 2 * stride..50 + 2 * stride].copy_from_slice(&saved);
        bytes[end..end + 2].copy_from_slice(&[1, 0]);
    }
    bytes[48..50].copy_from_slice(&[1, 0]);
    bytes
}
