//! Tar archives: those of Unix V7, ustar, GNU tar and PAX. `sparse`: members that are stored as pieces.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

pub(in crate::image) use super::field::BLOCK;
use super::field::number;
use super::sparse::{Found, Piece, Pieced, Room, Stated};
use super::{Item, Members};
use crate::bytes::ReadAt;
use crate::image::source::Part;
use crate::image::{FileSystem, Image, LINK, NO_FILE, Volume};

pub(in crate::image) const FORMAT: &str = "tar archive";
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const MODIFIED: std::ops::Range<usize> = 136..148;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;
const LINK_NAME: std::ops::Range<usize> = 157..257;
const MAGIC: std::ops::Range<usize> = 257..263;
const PREFIX: std::ops::Range<usize> = 345..500;
/// The longest name or PAX header. A path of Windows has at most 98,301 bytes.
const MAX_TEXT_BYTES: u64 = 1 << 20;
/// The end is marked by two blocks of zeros and padded to a multiple of this many bytes (20 blocks). Tools that write
/// to tapes may pad to more.
const RECORD_BYTES: u64 = 20 * BLOCK as u64;
/// The most bytes of zeros that are searched for members after them.
const MAX_ZERO_BYTES: u64 = 4 << 30;
/// Zeros are searched in pieces of this size.
const PIECE: usize = 1 << 20;

/// True if this is the first block of an archive: its checksum is right, or it is damaged and still has the mark of all
/// tar archives but the oldest.
pub(in crate::image) fn recognise(block: &[u8]) -> bool {
    block.len() >= BLOCK && block[0] != 0 && (block[MAGIC].starts_with(b"ustar") || has_checksum(&block[..BLOCK]))
}

/// The sum of the header's bytes, with blanks in place of the checksum field. Some old tools summed signed bytes.
fn has_checksum(block: &[u8]) -> bool {
    let Some(stated) = number(&block[CHECKSUM]) else { return false };
    let (mut plain, mut signed) = (0_u64, 0_i64);
    for (at, &byte) in block.iter().enumerate() {
        let byte = if CHECKSUM.contains(&at) { b' ' } else { byte };
        plain += u64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    stated == plain || i64::try_from(stated) == Ok(signed)
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    // Whatever their code page, different names stay different.
    let name = &field[..end];
    let other = || name.iter().map(|&byte| char::from(byte)).collect();
    std::str::from_utf8(name).map_or_else(|_| other(), str::to_owned)
}

/// Values from headers that precede a member and describe it.
#[derive(Default)]
struct Pending {
    name: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    modified: Option<i64>,
    sparse: Option<Stated>,
}

impl Pending {
    /// Reads records of the format `27 path=WINNT/tapisrv.exe` and a line feed; the number counts the whole record.
    fn take_pax(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() && rest[0] != 0 {
            let blank = rest.iter().position(|&byte| byte == b' ')?;
            let length: usize = std::str::from_utf8(&rest[..blank]).ok()?.parse().ok()?;
            let record = rest.get(blank + 1..length.checked_sub(1)?)?;
            rest = rest.get(length..)?;
            let record = String::from_utf8_lossy(record);
            let (key, value) = record.split_once('=')?;
            match key {
                "path" => self.name = Some(value.to_owned()),
                "linkpath" => self.link = Some(value.to_owned()),
                "size" => self.size = Some(value.parse().ok()?),
                "mtime" => self.modified = value.split('.').next()?.parse().ok(),
                _ if key.starts_with("GNU.sparse.") => {
                    self.sparse.get_or_insert_default().take(key, value)?;
                    if key == "GNU.sparse.name" {
                        self.name = Some(value.to_owned());
                    }
                }
                _ => {}
            }
        }
        Some(())
    }
}

/// Location of the data of a member.
#[derive(Clone)]
struct Data {
    start: u64,
    size: u64,
    /// The pieces of a file that is stored in pieces.
    pieces: Option<Arc<[Piece]>>,
}

struct Tar {
    part: Part,
    members: Members<Data>,
}

/// Opens an archive: reads its headers from front to back.
pub(in crate::image) fn open(part: &Part) -> Image {
    let mut members = Members::new();
    if let Err(error) = read(part, &mut members) {
        members.problem("", format!("{error}: members are lost"));
    }
    members.names = HashMap::new();
    let files = Arc::new(Tar { part: part.clone(), members });
    Image { volumes: vec![Volume { name: String::new(), title: None, files }], problems: Vec::new(), archive: true }
}

fn read(part: &Part, members: &mut Members<Data>) -> io::Result<()> {
    let mut at = 0;
    let mut pending = Pending::default();
    let mut zeros = Zeros::default();
    let mut lost = false;
    let mut room = Room::default();
    while !members.full {
        let mut block = [0; BLOCK];
        let count = part.read_at(&mut block, at)?;
        if count < BLOCK {
            zeros.end(at, members);
            break;
        }
        let header_at = at;
        at += BLOCK as u64;
        if block == [0; BLOCK] {
            zeros.start.get_or_insert(header_at);
            if !zeros.skip(part, &mut at)? {
                members
                    .problem("", format!("more than {MAX_ZERO_BYTES} bytes of zeros: what follows is not looked at"));
                break;
            }
            continue;
        }
        zeros.followed_at(header_at, has_checksum(&block), members);
        if !has_checksum(&block) {
            if !std::mem::replace(&mut lost, true) {
                members
                    .problem("", format!("the tar archive has no header at offset {header_at:#x}: members are lost"));
            }
            continue;
        }
        lost = false;
        let (Some(mut size), modified) = (number(&block[SIZE]), number(&block[MODIFIED])) else {
            members.problem("", format!("the header at offset {header_at:#x} states no size: a member is lost"));
            continue;
        };
        let kind = block[KIND];
        // The size that PAX states is that of the member, not of the headers that describe it.
        if !matches!(kind, b'x' | b'X' | b'g' | b'L' | b'K') {
            size = pending.size.unwrap_or(size);
        }
        let data = Data { start: at, size, pieces: None };
        at = at.saturating_add(size.checked_next_multiple_of(BLOCK as u64).unwrap_or(u64::MAX));
        let own_name = || {
            let name = text(&block[NAME]);
            // GNU tar uses this field for other data; in ustar it holds the folders of long names.
            match text(&block[PREFIX]) {
                prefix if &block[MAGIC] == b"ustar\0" && !prefix.is_empty() => format!("{prefix}/{name}"),
                _ => name,
            }
        };
        match kind {
            // `X` is Sun's type from before the standard.
            b'L' | b'K' | b'x' | b'X' => {
                if size > MAX_TEXT_BYTES {
                    members.problem("", format!("a name of {size} bytes at offset {header_at:#x}: a member is lost"));
                    continue;
                }
                let bytes = part.bytes(data.start, usize::try_from(size).unwrap_or(0))?;
                match kind {
                    b'L' => pending.name = Some(text(&bytes)),
                    b'K' => pending.link = Some(text(&bytes)),
                    _ if pending.take_pax(&bytes).is_none() => {
                        members.problem("", format!("a PAX header at offset {header_at:#x} is damaged"));
                    }
                    _ => {}
                }
                continue;
            }
            // A global header holds neither a name nor a size.
            b'g' => continue,
            _ => {}
        }
        let about = std::mem::take(&mut pending);
        let name = about.name.unwrap_or_else(own_name);
        let modified = about.modified.or_else(|| modified.and_then(|seconds| i64::try_from(seconds).ok()));
        match kind {
            _ if about.sparse.is_some() || kind == b'S' => {
                let (found, before) = match &about.sparse {
                    Some(stated) => (room.of_pax(stated, part, data.start, size), 0),
                    None => room.of_header(&block, part, data.start, size),
                };
                // The description of the pieces may continue in further blocks, which the size does not include.
                at = at.saturating_add(before);
                match found {
                    Some(Found { pieces, size }) => {
                        members.add(&name, size, modified, Data { pieces: Some(pieces.into()), size, ..data });
                    }
                    None => members.problem(
                        &super::member_path(&name).unwrap_or_default(),
                        "stored as pieces (sparse), whose list is damaged or too long: unpack the archive and scan the folder",
                    ),
                }
            }
            b'2' => members.other(&name, LINK),
            b'3' | b'4' | b'6' => members.other(&name, NO_FILE),
            // Folders (also with GNU tar's list of their files), and entries about the archive or about access rights.
            b'5' | b'D' | b'V' | b'A' | b'E' | b'I' => {}
            b'M' => members.problem(
                &super::member_path(&name).unwrap_or_default(),
                "begins in another part of the archive, which is not read: join the parts",
            ),
            b'N' => members
                .problem("", format!("the long names at offset {header_at:#x} are of an old kind, which is not read")),
            // Old archives mark folders only by their names.
            b'0' | 0 if name.ends_with('/') && size == 0 => {}
            // A hard link: another name of an earlier member.
            b'1' => {
                let target = about.link.unwrap_or_else(|| text(&block[LINK_NAME]));
                let found = super::member_path(&target).ok().and_then(|path| members.names.get(&path).copied());
                match found.map(|number| (members.members[number].0.size, members.members[number].1.clone())) {
                    Some((size, data)) => members.add(&name, size, modified, data),
                    None => members.problem("", format!("{name} is a link to {target}, which is not in the archive")),
                }
            }
            // Files. The standard treats unknown types as files, too.
            _ => members.add(&name, size, modified, data),
        }
    }
    Ok(())
}

/// Blocks of zeros: the end of an archive, or a lost part of it.
#[derive(Default)]
struct Zeros {
    /// Start of the current run of zeros.
    start: Option<u64>,
    /// How many bytes of zeros have been read in all.
    bytes: u64,
}

impl Zeros {
    /// Skips to the first block that is not all zeros; false if there are too many.
    fn skip(&mut self, part: &Part, at: &mut u64) -> io::Result<bool> {
        // Zeros at the end of an archive are usually few.
        let mut piece = vec![0; RECORD_BYTES as usize];
        loop {
            let count = part.read_at(&mut piece, *at)?;
            let zeros = piece[..count].iter().position(|&byte| byte != 0).unwrap_or(count);
            let whole = (zeros - zeros % BLOCK) as u64;
            *at += whole;
            self.bytes += whole;
            if zeros < piece.len() {
                return Ok(true);
            }
            if self.bytes > MAX_ZERO_BYTES {
                return Ok(false);
            }
            piece.resize(PIECE, 0);
        }
    }

    /// Data follow at this offset. Another archive may have been appended after the end of the first.
    fn followed_at<M>(&mut self, at: u64, is_header: bool, members: &mut Members<M>) {
        let Some(start) = self.start.take() else { return };
        let is_end = at - start >= 2 * BLOCK as u64 && at.is_multiple_of(RECORD_BYTES);
        if is_end && is_header {
            let what =
                "another tar archive follows the end of the first: if it was made as one, members are lost between";
            members.warning("", what);
        } else {
            let what = format!("the tar archive has zeros from offset {start:#x} to {at:#x}: members are lost");
            members.problem("", what);
        }
    }

    /// The archive ends at this offset.
    fn end<M>(&self, at: u64, members: &mut Members<M>) {
        match self.start {
            None => members.problem("", "the tar archive ends without its mark: members may be lost"),
            Some(start) if at - start > RECORD_BYTES + BLOCK as u64 => {
                let zeros = at - start;
                let what =
                    format!("the tar archive ends in {zeros} bytes of zeros, more than usual: members may be lost");
                members.warning("", &what);
            }
            Some(_) => {}
        }
    }
}

impl FileSystem for Tar {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        self.members.list(each);
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let (_, data) = self.members.get(id)?;
        Ok(match &data.pieces {
            Some(pieces) => Box::new(Pieced { part: &self.part, pieces, size: data.size }),
            None => Box::new(self.part.part(data.start, data.size)),
        })
    }
}
