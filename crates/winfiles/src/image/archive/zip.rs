//! Zip archives, as PKWARE's APPNOTE describes them: the central directory, also that of zip64, and members that are
//! stored or packed by DEFLATE. The offset of a member's data is read when it is opened. `unlisted`: members that the
//! directory lacks.

mod unlisted;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::inflate::{Inflated, Wrapping};
use super::names::of_code_page_437;
use super::{Cached, Item, Members};
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use crate::image::source::{Part, corrupt};
use crate::image::{FileSystem, Image, ImageError, LINK, NO_FILE, Volume};
use crate::time::dos_seconds;
use unlisted::{LOCAL, LOCAL_BYTES};

pub(in crate::image) const FORMAT: &str = "zip archive";
const UNPACK: &str = "unpack it and scan the folder";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const SPLIT: &[u8] = b"PK\x07\x08";
const ENTRY_BYTES: usize = 46;
const END_BYTES: usize = 22;
const END_64_BYTES: usize = 56;
const LOCATOR_64_BYTES: usize = 20;
/// The longest comment after the end of the directory.
const MAX_COMMENT_BYTES: u64 = u16::MAX as u64;
const ENCRYPTED: u16 = 1;
const UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Members that every AFF4 image has.
const AFF4: [&str; 2] = ["container.description", "information.turtle"];
/// Members up to this size are unpacked whole, so their checksum is verified before a byte is used.
const WHOLE_BYTES: u64 = 16 << 20;
/// The highest ratio of DEFLATE: bytes from one packed byte.
const MAX_RATIO: u64 = 1032;
/// Limits how much is unpacked of an archive, in addition to [`MAX_RATIO`] times its size: overlapping members could turn a
/// small archive into any number of bytes.
const SPARE_BYTES: u64 = 256 << 20;
/// The most large members that are kept open, the most recent last.
const KEPT: usize = 4;
/// Extra fields: sizes of 64 bits, the time of NTFS, the time of Unix, the name in Unicode.
const ZIP64: u16 = 1;
const NTFS: u16 = 0x000a;
const UNIX_TIME: u16 = 0x5455;
const UNICODE_PATH: u16 = 0x7075;
/// Seconds between 1601 and 1970.
const EPOCH: i64 = 11_644_473_600;
const TICKS: u64 = 10_000_000;

pub(in crate::image) fn recognise(head: &[u8]) -> bool {
    [LOCAL, END, SPLIT].iter().any(|signature| head.starts_with(signature))
}

/// A member, as the directory lists it.
#[derive(Clone)]
struct Member {
    flags: u16,
    method: u16,
    crc: u32,
    stored: u64,
    size: u64,
    header: u64,
    name: Box<[u8]>,
}

struct Zip {
    part: Part,
    members: Members<Member>,
    budget: AtomicU64,
    large: Mutex<Vec<(u64, Arc<Cached<Inflated>>)>>,
}

/// The record at the end of the directory.
struct Directory {
    at: u64,
    size: u64,
    entries: u64,
    /// Bytes before the archive: offsets are counted from its start.
    before: u64,
}

/// Opens an archive.
///
/// # Errors
/// An archive without a directory, or in several parts.
pub(in crate::image) fn open(part: &Part) -> Result<Image, ImageError> {
    let damaged = |what: String| ImageError::Damaged { format: FORMAT, what };
    let directory = directory(part)?;
    let mut members = Members::new();
    // Such a file begins with a member: what precedes the directory's own archive is another one.
    if directory.before > 0 {
        let what = format!(
            "another archive precedes this one, up to offset {:#x}: its members are not read",
            directory.before
        );
        members.problem("", what);
    }
    let mut at = directory.at;
    let end = directory.at + directory.size;
    let mut count = 0;
    // Where each member begins, and where its data end at the least.
    let mut places = Vec::new();
    let reader = Cached::new(part.clone(), part.size);
    while at < end && !members.full {
        let mut head = [0; ENTRY_BYTES];
        if reader.read_at(&mut head, at)? < ENTRY_BYTES || !head.starts_with(ENTRY) {
            members.problem("", format!("its directory is damaged at offset {at:#x}: members are lost"));
            break;
        }
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(&head, at)));
        let mut rest = vec![0; lengths.iter().sum()];
        if reader.read_at(&mut rest, at + ENTRY_BYTES as u64)? < rest.len() {
            return Err(damaged("it ends within its directory".to_owned()));
        }
        at += (ENTRY_BYTES + rest.len()) as u64;
        count += 1;
        let (name, extra) = rest[..lengths[0] + lengths[1]].split_at(lengths[0]);
        let (header, stored) = add(&mut members, &head, name, extra, directory.before);
        places.push((header, header.saturating_add((LOCAL_BYTES + name.len()) as u64).saturating_add(stored)));
    }
    if !members.full {
        for place in unlisted::find(&reader, places, directory.before, directory.at)? {
            let what = format!("a member at offset {place:#x} is not in the directory: members are lost");
            members.problem("", what);
        }
    }
    // Formally an archive, but its members are pieces of a disk.
    if AFF4.iter().all(|name| members.names.contains_key(*name)) {
        return Err(ImageError::Unsupported {
            format: "AFF4 image",
            what: "not read".to_owned(),
            advice: "export a raw image (aff4imager --export) and scan that",
        });
    }
    // Without zip64 the number is stored in 16 bits.
    if !members.full && count != directory.entries && count & 0xffff != directory.entries {
        let what = format!("its directory has {count} members, of {} that it states", directory.entries);
        members.problem("", what);
    }
    members.names = HashMap::new();
    let budget = AtomicU64::new(part.size.saturating_mul(MAX_RATIO).saturating_add(SPARE_BYTES));
    let files = Arc::new(Zip { part: part.clone(), members, budget, large: Mutex::default() });
    Ok(Image { volumes: vec![Volume { name: String::new(), title: None, files }], problems: Vec::new(), archive: true })
}

/// Finds the directory from the archive's end.
fn directory(part: &Part) -> Result<Directory, ImageError> {
    let damaged = |what: &str| ImageError::Damaged { format: FORMAT, what: what.to_owned() };
    let length = part.size.min(MAX_COMMENT_BYTES + END_BYTES as u64);
    let tail_at = part.size - length;
    let tail = part.bytes(tail_at, usize::try_from(length).unwrap_or(0))?;
    // The comment may contain the signature. The last record whose comment ends with the file is used, else the last
    // record.
    let places = (0..tail.len().saturating_sub(END_BYTES - 1)).rev().filter(|&at| tail[at..].starts_with(END));
    let whole = |at: &usize| at + END_BYTES + usize::from(u16_at(&tail, at + 20)) == tail.len();
    let found = places.clone().find(whole).or_else(|| places.clone().next());
    let at = found.ok_or_else(|| damaged("it has no directory at its end: it is cut"))?;
    let record = &tail[at..];
    let end = tail_at + at as u64;
    let (mut entries, mut size, mut start) =
        (u64::from(u16_at(record, 10)), u64::from(u32_at(record, 12)), u64::from(u32_at(record, 16)));
    let mut disks = (u32::from(u16_at(record, 4)), u32::from(u16_at(record, 6)));
    let mut directory_end = end;
    let locator_at = end.checked_sub(LOCATOR_64_BYTES as u64);
    let locator = locator_at.map(|at| part.bytes(at, LOCATOR_64_BYTES)).transpose()?;
    if let (Some(locator), Some(locator_at)) = (locator.filter(|locator| locator.starts_with(LOCATOR_64)), locator_at) {
        let stated = u64_at(&locator, 8);
        // If other data precede the archive, the stated offset is wrong; the record is also right before the locator.
        let places = [Some(stated), locator_at.checked_sub(END_64_BYTES as u64)];
        let mut records = places.into_iter().flatten().filter_map(|at| Some((at, part.bytes(at, END_64_BYTES).ok()?)));
        let (at, record) = records
            .find(|(_, record)| record.starts_with(END_64))
            .ok_or_else(|| damaged("the zip64 record of its directory is not where it should be"))?;
        disks = (u32_at(&record, 16), u32_at(&record, 20));
        (entries, size, start) = (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
        directory_end = at;
    }
    if disks.0 != disks.1 || (disks.0 != 0 && disks.0 != u32::from(u16::MAX)) {
        return Err(ImageError::Unsupported {
            format: FORMAT,
            what: format!("part {} of a split archive", u64::from(disks.0) + 1),
            advice: "join its parts (zip -s 0 IN.zip --out OUT.zip) and scan the result",
        });
    }
    let at = directory_end.checked_sub(size).ok_or_else(|| damaged("its directory is larger than the archive"))?;
    let before = at.checked_sub(start).ok_or_else(|| damaged("its directory is not where it should be: it is cut"))?;
    Ok(Directory { at, size, entries, before })
}

/// Adds the file that an entry of the directory describes, if it is a file. Returns where its header is, and how many
/// bytes of data follow.
fn add(members: &mut Members<Member>, head: &[u8], name: &[u8], extra: &[u8], before: u64) -> (u64, u64) {
    let (flags, method) = (u16_at(head, 8), u16_at(head, 10));
    let (mut stored, mut size) = (u64::from(u32_at(head, 20)), u64::from(u32_at(head, 24)));
    let mut header = u64::from(u32_at(head, 42));
    let mut modified = dos_seconds(u16_at(head, 14), u16_at(head, 12));
    let mut text = decoded(name, flags);
    for (kind, field) in fields(extra) {
        match kind {
            ZIP64 => {
                let mut values = field.chunks_exact(8).map(|value| u64_at(value, 0));
                for value in [&mut size, &mut stored, &mut header] {
                    if *value == u64::from(u32::MAX)
                        && let Some(large) = values.next()
                    {
                        *value = large;
                    }
                }
            }
            NTFS if field.len() >= 16 && u16_at(field, 4) == 1 => {
                let seconds = i64::try_from(u64_at(field, 8) / TICKS).ok();
                modified = seconds.filter(|&seconds| seconds != 0).map(|seconds| seconds - EPOCH).or(modified);
            }
            UNIX_TIME if field.len() >= 5 && field[0] & 1 != 0 => {
                modified = Some(i64::from(u32_at(field, 1).cast_signed()))
            }
            UNICODE_PATH if field.len() > 5 && field[0] == 1 && u32_at(field, 1) == crc32fast::hash(name) => {
                text = String::from_utf8_lossy(&field[5..]).into_owned();
            }
            _ => {}
        }
    }
    let header = header.saturating_add(before);
    // The names of folders end like this, whatever tool wrote them.
    if text.ends_with(['/', '\\']) && size == 0 {
        return (header, stored);
    }
    const UNIX: u8 = 3;
    const REGULAR: u32 = 0o100_000;
    const LINKS: u32 = 0o120_000;
    match (u32_at(head, 38) >> 16) & 0o170_000 {
        0 | REGULAR => {}
        LINKS if head[5] == UNIX => {
            members.other(&text, LINK);
            return (header, stored);
        }
        // Pipes, devices, sockets. Folders have contents of zero bytes, too.
        _ if head[5] == UNIX && size == 0 => {
            members.other(&text, NO_FILE);
            return (header, stored);
        }
        _ => {}
    }
    let member = Member { flags, method, crc: u32_at(head, 16), stored, size, header, name: name.into() };
    members.add(&text, size, modified, member);
    (header, stored)
}

/// The fields of an extra block, as far as they are complete.
fn fields(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = extra.get(at..at + 4)?;
        let start = at + 4;
        at = start + usize::from(u16_at(head, 2));
        Some((u16_at(head, 0), extra.get(start..at)?))
    })
}

/// A name is in UTF-8, which many tools do not state, or in the code page 437.
fn decoded(name: &[u8], flags: u16) -> String {
    match std::str::from_utf8(name) {
        Ok(text) => text.to_owned(),
        Err(_) if flags & UTF8 != 0 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => of_code_page_437(name),
    }
}

impl Zip {
    /// Location of the data of a member.
    fn data(&self, member: &Member) -> io::Result<Part> {
        let head = self.part.bytes(member.header, LOCAL_BYTES)?;
        if !head.starts_with(LOCAL) {
            return Err(corrupt("the zip archive has no member where its directory says"));
        }
        let (name, extra) = (usize::from(u16_at(&head, 26)), u64::from(u16_at(&head, 28)));
        let name_at = member.header + LOCAL_BYTES as u64;
        if self.part.bytes(name_at, name)? != *member.name {
            return Err(corrupt("the zip archive gives the member two names"));
        }
        let data = self.part.part(name_at + name as u64 + extra, member.stored);
        if data.size < member.stored { Err(corrupt("the zip archive ends before the member's data")) } else { Ok(data) }
    }

    /// Counts unpacked bytes against the limit.
    fn spend(&self, bytes: u64) -> io::Result<()> {
        let spent = self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        match spent {
            Ok(_) => Ok(()),
            Err(_) => Err(corrupt(format!("the zip archive unpacks to more than {MAX_RATIO} times its size"))),
        }
    }

    fn large(&self, id: u64, data: Part, member: &Member) -> io::Result<Arc<Cached<Inflated>>> {
        let mut large = self.large.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = large.iter().position(|(known, _)| *known == id) {
            let found = large.remove(place);
            let open = found.1.clone();
            large.push(found);
            return Ok(open);
        }
        self.spend(member.size)?;
        let stream = Inflated::new(data, Wrapping::Bare { size: member.size, crc: member.crc });
        stream.measure()?;
        let open = Arc::new(Cached::new(stream, member.size));
        if large.len() >= KEPT {
            large.remove(0);
        }
        large.push((id, open.clone()));
        Ok(open)
    }
}

impl FileSystem for Zip {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        self.members.list(each);
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let (_, member) = self.members.get(id)?;
        if member.flags & ENCRYPTED != 0 {
            return Err(corrupt(format!("encrypted: {UNPACK}")));
        }
        let data = self.data(member)?;
        match member.method {
            STORED if member.size != member.stored => return Err(corrupt("the member's sizes contradict each other")),
            STORED if member.size > WHOLE_BYTES => return Ok(Box::new(data)),
            STORED | DEFLATED => {}
            method => return Err(corrupt(format!("packed by {}, which is not read: {UNPACK}", method_name(method)))),
        }
        if member.size > data.size.saturating_mul(MAX_RATIO).saturating_add(MAX_RATIO) {
            return Err(corrupt("the member states more bytes than its data can hold"));
        }
        if member.size > WHOLE_BYTES {
            return Ok(Box::new(self.large(id, data, member)?));
        }
        self.spend(member.size)?;
        let size = usize::try_from(member.size).unwrap_or(usize::MAX);
        let stored = data.bytes(0, usize::try_from(data.size).unwrap_or(usize::MAX))?;
        let bytes = match member.method {
            STORED => stored,
            _ => miniz_oxide::inflate::decompress_to_vec_with_limit(&stored, size)
                .map_err(|error| corrupt(format!("damaged packed data: {:?}", error.status)))?,
        };
        if bytes.len() != size || crc32fast::hash(&bytes) != member.crc {
            return Err(corrupt("the member does not have the checksum and size that the zip archive states"));
        }
        Ok(Box::new(bytes))
    }
}

impl<T: ReadAt> ReadAt for Arc<Cached<T>> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

fn method_name(method: u16) -> String {
    let known = match method {
        1..=6 => "a method of the 1990s",
        9 => "Deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "Zstandard",
        95 => "xz",
        98 => "PPMd",
        99 => "a method that encryption hides",
        _ => return format!("method {method}"),
    };
    known.to_owned()
}
