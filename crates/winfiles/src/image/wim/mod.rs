//! WIM images (`install.wim`, `boot.wim`), according to Microsoft's white paper "Windows Imaging File Format": every
//! image in them is a volume. `.esd` images are WIM images with LZMS. The SHA-1 of a file is verified before its bytes
//! are used, except for large files that are stored unpacked.
//!
//! - `archive`: the location of a file's data; `solid`: files that are packed together; `held`: their unpacked chunks
//!   that are kept; `checked`: the checksums.
//!
//! Our own: `wim-parser` reads no contents, and `wimlib` is a C library under the GPL.

mod archive;
mod checked;
mod solid;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::chunked::Method;
use super::source::{Part, corrupt};
use super::tree::{self, Entry, Folders};
use super::{FileSystem, Image, ImageError, Item, LINK, Volume};
use crate::bytes::{ReadAt, u16_at, u32_at, u64_at};
use archive::{Archive, Resource, Stream};
use checked::{HASH_BYTES, Hash};

const SIGNATURE: &[u8] = b"MSWIM\0\0\0";
const HEADER_BYTES: usize = 208;
pub(super) const FORMAT: &str = "WIM image";
/// Limits for the table of streams and the metadata of one image. The largest media have some 30 MB of each.
const MAX_TABLE_BYTES: u64 = 256 << 20;
const MAX_METADATA_BYTES: u64 = 512 << 20;
const MAX_XML_BYTES: u64 = 16 << 20;
const MAX_IMAGES: usize = 1 << 10;
/// Size of a folder's entry before its name.
const ENTRY_BYTES: usize = 102;
const EXTRA_STREAM_BYTES: usize = 38;
const FOLDER: u32 = 0x10;
const REPARSE_POINT: u32 = 0x400;
/// Offset of a reparse point's tag in an entry, and the tag of links.
const REPARSE_TAG: usize = 88;
const SYMBOLIC_LINK: u32 = 0xa000_000c;
/// The version of images that may have solid blocks.
const SOLID_VERSION: u32 = 0xe00;
/// Seconds between 1601 and 1970; units of a hundred nanoseconds in one second.
const EPOCH: i64 = 11_644_473_600;
const TICKS: u64 = 10_000_000;

pub(super) fn recognise(head: &[u8]) -> bool {
    head.starts_with(SIGNATURE)
}

/// Opens every image of the file.
pub(super) fn open(part: &Part) -> Result<Image, ImageError> {
    let damaged = |what: &str| ImageError::Damaged { format: FORMAT, what: what.to_owned() };
    let header = part.bytes(0, HEADER_BYTES)?;
    let (flags, chunk) = (u32_at(&header, 16), u32_at(&header, 20) as usize);
    let unsupported =
        |what: &str, advice| Err(ImageError::Unsupported { format: FORMAT, what: what.to_owned(), advice });
    let (number, parts) = (u16_at(&header, 40), u16_at(&header, 42));
    if parts > 1 {
        let what = format!("part {number} of {parts} of a set (SWM)");
        return unsupported(&what, "join the parts (wimlib-imagex join)");
    }
    let method = match flags & 0x000f_0002 {
        0 => None,
        flags if flags & 0x4_0000 != 0 => Some(Method::Lzx),
        flags if flags & 0x2_0000 != 0 => Some(Method::Xpress),
        flags if flags & 0x8_0000 != 0 => Some(Method::Lzms),
        _ => return unsupported("packed by an unknown method", "export it in another form (wimlib-imagex export)"),
    };
    let chunk = if chunk == 0 { 32 << 10 } else { chunk };
    let mut archive = Archive::new(part, method, chunk);
    // The names are for the user: without them the numbers still identify the images.
    let xml = archive.whole(Resource::read(&header, 72), MAX_XML_BYTES).unwrap_or_default();
    let xml = encoding_rs::UTF_16LE.decode_with_bom_removal(&xml).0;
    if xml.contains("<ENCRYPTED>") {
        return unsupported(
            "an encrypted ESD",
            "decrypt it with the key of the download (esd-decrypter), or take an ISO",
        );
    }
    let table = archive.whole(Resource::read(&header, 48), MAX_TABLE_BYTES)?;
    let images = archive.read_table(&table, u32_at(&header, 12) == SOLID_VERSION)?;
    drop(table);
    if images.len() > MAX_IMAGES || images.is_empty() {
        return Err(damaged(&format!("{} images are announced", images.len())));
    }
    let names = names(&xml);
    let archive = Arc::new(archive);
    let mut image = Image { volumes: Vec::new(), problems: Vec::new(), archive: false };
    for (number, (resource, hash)) in (1..).zip(images) {
        match archive.whole_checked(resource, hash, MAX_METADATA_BYTES) {
            Ok(metadata) => image.volumes.push(Volume {
                name: number.to_string(),
                title: names.get(&number).cloned(),
                files: Arc::new(Wim { archive: archive.clone(), metadata }),
            }),
            Err(error) => image.problems.push(format!("image {number}: {error}")),
        }
    }
    Ok(image)
}

/// The names of the images, by number: `<IMAGE INDEX="1">…<NAME>Windows Vista BUSINESS</NAME>`, in UTF-16.
fn names(text: &str) -> HashMap<usize, String> {
    let mut names = HashMap::new();
    for part in text.split("<IMAGE INDEX=\"").skip(1) {
        let (Some((number, rest)), false) = (part.split_once('"'), names.len() >= MAX_IMAGES) else { continue };
        let own = rest.split("</IMAGE>").next().unwrap_or_default();
        let name = own.split_once("<NAME>").and_then(|(_, rest)| rest.split_once("</NAME>"));
        if let (Ok(number), Some((name, _))) = (number.parse(), name) {
            names.insert(number, name.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
        }
    }
    names
}

/// One image: its files and folders as a tree in one block.
struct Wim {
    archive: Arc<Archive>,
    metadata: Vec<u8>,
}

impl Wim {
    /// The data of an entry's file, if it has any.
    fn stream(&self, at: usize) -> io::Result<Option<(Stream, Hash)>> {
        let entry = self.metadata.get(at..at + ENTRY_BYTES).ok_or_else(|| corrupt("an entry of the image is cut"))?;
        let length = usize::try_from(u64_at(entry, 0)).unwrap_or(usize::MAX);
        let mut hash: Hash =
            entry[64..64 + HASH_BYTES].try_into().map_err(|_| corrupt("an entry of the image is cut"))?;
        // The data of a file with further streams may be in one of these, the unnamed one.
        let mut next = at.saturating_add(length.next_multiple_of(8));
        for _ in 0..u16_at(entry, 96) {
            let Some(extra) = self.metadata.get(next..next.saturating_add(EXTRA_STREAM_BYTES)) else { break };
            if u16_at(extra, 36) == 0 && hash == [0; HASH_BYTES] {
                hash.copy_from_slice(&extra[16..16 + HASH_BYTES]);
            }
            let length = usize::try_from(u64_at(extra, 0)).unwrap_or(usize::MAX);
            if length < EXTRA_STREAM_BYTES {
                break;
            }
            next = next.saturating_add(length.next_multiple_of(8));
        }
        if hash == [0; HASH_BYTES] {
            return Ok(None);
        }
        self.archive
            .stream(&hash)
            .map(|stream| Some((stream, hash)))
            .ok_or_else(|| corrupt("the WIM image has no data with the file's checksum"))
    }
}

impl Folders for Wim {
    type Key = u64;

    fn root(&self) -> u64 {
        // The list of access rights comes first.
        u64::from(u32_at(&self.metadata, 0)).next_multiple_of(8).max(8)
    }

    fn size(&self) -> u64 {
        self.metadata.len() as u64
    }

    fn folder(&self, key: u64, take: &mut dyn FnMut(Entry<u64>) -> bool) -> io::Result<u64> {
        let cut = || corrupt("the folder's list is cut: files are lost");
        let mut at = usize::try_from(key).map_err(|_| cut())?;
        if key == self.root() {
            // The root's entry stands alone; it states the offset of the root's list.
            let entry = self.metadata.get(at..at + ENTRY_BYTES).ok_or_else(cut)?;
            at = usize::try_from(u64_at(entry, 16)).map_err(|_| cut())?;
            if at == 0 {
                return Ok(0);
            }
        }
        let start = at;
        loop {
            let length = self.metadata.get(at..at.saturating_add(8)).map(|bytes| u64_at(bytes, 0)).ok_or_else(cut)?;
            if length == 0 {
                return Ok((at - start) as u64);
            }
            let length = usize::try_from(length).map_err(|_| cut())?;
            let entry = self.metadata.get(at..at.saturating_add(length)).filter(|e| e.len() >= ENTRY_BYTES);
            let entry = entry.ok_or_else(cut)?;
            let (attributes, below) = (u32_at(entry, 8), u64_at(entry, 16));
            let name = entry.get(ENTRY_BYTES..ENTRY_BYTES + usize::from(u16_at(entry, 100))).ok_or_else(cut)?;
            let name = encoding_rs::UTF_16LE.decode_without_bom_handling(name).0.into_owned();
            let found = match attributes {
                // Folders in another location: their files are listed there.
                _ if attributes & (REPARSE_POINT | FOLDER) == REPARSE_POINT | FOLDER => None,
                _ if attributes & REPARSE_POINT != 0 && u32_at(entry, REPARSE_TAG) == SYMBOLIC_LINK => {
                    Some(Entry::Other { name, what: LINK })
                }
                _ if attributes & REPARSE_POINT != 0 => Some(Entry::Damage(format!(
                    "{} is a placeholder of kind {:#x}, whose contents are not in the image",
                    tree::plain(&name),
                    u32_at(entry, REPARSE_TAG)
                ))),
                _ if attributes & FOLDER != 0 => (below != 0).then_some(Entry::Folder { name, key: below }),
                _ => {
                    let size = self.stream(at).ok().flatten().map_or(0, |(stream, _)| stream.size());
                    let ticks = u64_at(entry, 56);
                    let modified = i64::try_from(ticks / TICKS).ok().filter(|&s| s != 0).map(|s| s - EPOCH);
                    Some(Entry::File { name, id: at as u64, size, modified })
                }
            };
            if found.is_some_and(|found| !take(found)) {
                return Ok((at - start) as u64);
            }
            let streams = usize::from(u16_at(entry, 96));
            at = at.saturating_add(length.next_multiple_of(8));
            for _ in 0..streams {
                let length =
                    self.metadata.get(at..at.saturating_add(8)).map(|bytes| u64_at(bytes, 0)).ok_or_else(cut)?;
                let length =
                    usize::try_from(length).ok().filter(|&length| length >= EXTRA_STREAM_BYTES).ok_or_else(cut)?;
                at = at.saturating_add(length.next_multiple_of(8));
            }
        }
    }
}

impl FileSystem for Wim {
    fn list(&self, each: &mut dyn FnMut(Item)) {
        tree::list(self, each);
    }

    fn open(&self, id: u64) -> io::Result<Box<dyn ReadAt + '_>> {
        let at = usize::try_from(id).map_err(|_| corrupt("an entry of the image is cut"))?;
        match self.stream(at)? {
            Some((stream, hash)) => Ok(self.archive.contents(stream, hash)?),
            None => Ok(Box::new(Vec::new())),
        }
    }

    fn place(&self, id: u64) -> Option<(usize, u64)> {
        match self.stream(usize::try_from(id).ok()?) {
            Ok(Some((Stream::Within { block, start, .. }, _))) => Some((block, start)),
            _ => None,
        }
    }
}
