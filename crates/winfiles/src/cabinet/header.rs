//! An open cabinet: its header, folders and members.

use encoding_rs::WINDOWS_1252;

use super::{CabinetError, MAX_NAME_BYTES, SIGNATURE};
use crate::bytes::ReadAt;
use crate::time::dos_seconds;

const HEADER_BYTES: usize = 36;
const FOLDER_BYTES: usize = 8;
const MEMBER_BYTES: usize = 16;
const MAJOR: u8 = 1;
const MINOR: u8 = 3;
const HAS_PREVIOUS: u16 = 1;
const HAS_NEXT: u16 = 2;
const HAS_RESERVE: u16 = 4;
/// Folder numbers from here on mark a member that begins or ends in another cabinet of the set.
const FROM_PREVIOUS: u16 = 0xfffd;
const TO_NEXT: u16 = 0xfffe;
const FROM_PREVIOUS_TO_NEXT: u16 = 0xffff;
const NAME_IS_UTF8: u16 = 0x80;
/// Size of one read of names and entries.
const PIECE_BYTES: usize = 4096;

/// One stream of data blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder {
    /// Offset of its first block.
    pub start: u64,
    pub blocks: u16,
    /// The method in the low four bits, its parameters above.
    pub method: u16,
}

/// Location of a member's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Folder(u16),
    FromPrevious,
    ToNext,
}

/// A member as the cabinet's directory lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; folders within it are separated by `/`. Parts that cannot be a file name (`..`, a drive, an empty
    /// folder) are left out.
    pub name: String,
    /// Its size in bytes.
    pub size: u32,
    /// Its modification time, seconds since 1970, as if its local time were UTC; `None` if the date is invalid.
    pub modified: Option<i64>,
    pub(super) folder: Place,
    pub(super) offset: u32,
}

/// An open cabinet.
#[derive(Debug)]
pub struct Cabinet<S> {
    pub(super) source: S,
    folders: Vec<Folder>,
    pub(super) members: Vec<Member>,
    pub(super) block_reserve: u8,
    previous: Option<String>,
    pub(super) next: Option<String>,
}

impl<S: ReadAt> Cabinet<S> {
    /// Reads the directory. The cabinet begins with the source's first byte; bytes after it are ignored.
    ///
    /// # Errors
    /// If the source is not a cabinet, its version is unknown, or its directory is cut or contradicts itself.
    pub fn open(source: S) -> Result<Self, CabinetError> {
        read(source)
    }

    /// The members, in the cabinet's order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The folder of a member, if all of it lies in this cabinet.
    pub(super) fn folder_of(&self, member: &Member) -> Result<&Folder, CabinetError> {
        let continued = |name: &Option<String>| CabinetError::Continued { name: name.clone() };
        match member.folder {
            Place::Folder(number) => {
                // The first folder's data begin in the previous cabinet if one of its members does.
                let begun = |m: &Member| m.folder == Place::FromPrevious;
                if number == 0 && self.members.iter().any(begun) {
                    return Err(continued(&self.previous));
                }
                self.folders.get(usize::from(number)).ok_or(CabinetError::NotACabinet)
            }
            Place::FromPrevious => Err(continued(&self.previous)),
            Place::ToNext => Err(continued(&self.next)),
        }
    }
}

fn read<S: ReadAt>(source: S) -> Result<Cabinet<S>, CabinetError> {
    let mut signature = [0; SIGNATURE.len()];
    if source.read_at(&mut signature, 0).map_err(|e| CabinetError::Io(e.to_string()))? < signature.len()
        || signature != *SIGNATURE
    {
        return Err(CabinetError::NotACabinet);
    }
    let mut directory = Directory { source: &source, at: 0, buffer: Vec::new(), start: 0 };
    let header: [u8; HEADER_BYTES] = directory.take("header")?;
    let word = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let (minor, major) = (header[24], header[25]);
    if major != MAJOR || minor > MINOR {
        return Err(CabinetError::UnknownVersion { major, minor });
    }
    let first_member = u32::from_le_bytes([header[16], header[17], header[18], header[19]]);
    let (folder_count, member_count, flags) = (word(26), word(28), word(30));
    let (mut folder_reserve, mut block_reserve) = (0, 0);
    if flags & HAS_RESERVE != 0 {
        let [low, high, folder, block] = directory.take("header")?;
        directory.at += u64::from(u16::from_le_bytes([low, high]));
        (folder_reserve, block_reserve) = (folder, block);
    }
    let mut neighbour = |flag: u16| -> Result<Option<String>, CabinetError> {
        if flags & flag == 0 {
            return Ok(None);
        }
        let cabinet = directory.text("name of a neighbour")?;
        directory.text("name of a neighbour's disk")?;
        Ok(Some(decode(&cabinet, false)))
    };
    let (previous, next) = (neighbour(HAS_PREVIOUS)?, neighbour(HAS_NEXT)?);
    let mut folders = Vec::new();
    for _ in 0..folder_count {
        let entry: [u8; FOLDER_BYTES] = directory.take("folder entry")?;
        directory.at += u64::from(folder_reserve);
        folders.push(Folder {
            start: u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]).into(),
            blocks: u16::from_le_bytes([entry[4], entry[5]]),
            method: u16::from_le_bytes([entry[6], entry[7]]),
        });
    }
    directory.at = first_member.into();
    let mut members = Vec::new();
    for _ in 0..member_count {
        members.push(member(&mut directory, folder_count)?);
    }
    Ok(Cabinet { source, folders, members, block_reserve, previous, next })
}

fn member(directory: &mut Directory<'_, impl ReadAt>, folders: u16) -> Result<Member, CabinetError> {
    let offset = directory.at;
    let entry: [u8; MEMBER_BYTES] = directory.take("entry of a member")?;
    let word = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
    let long = |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
    let folder = match word(8) {
        FROM_PREVIOUS | FROM_PREVIOUS_TO_NEXT => Place::FromPrevious,
        TO_NEXT => Place::ToNext,
        number if number < folders => Place::Folder(number),
        number => {
            return Err(CabinetError::Corrupt(format!(
                "the member at offset {offset:#x} lies in folder {number} of {folders}"
            )));
        }
    };
    let name = decode(&directory.text("name of a member")?, word(14) & NAME_IS_UTF8 != 0);
    Ok(Member { name, size: long(0), modified: dos_seconds(word(10), word(12)), folder, offset: long(4) })
}

/// The directory, read from front to back in pieces.
struct Directory<'s, S> {
    source: &'s S,
    /// The next byte's offset.
    at: u64,
    buffer: Vec<u8>,
    /// The buffer's offset.
    start: u64,
}

impl<S: ReadAt> Directory<'_, S> {
    fn take<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], CabinetError> {
        let held = self.held(N)?;
        let bytes = held.first_chunk::<N>().copied();
        let offset = self.at;
        self.at += N as u64;
        bytes.ok_or(CabinetError::Truncated { what: what.into(), offset })
    }

    /// The bytes up to the next NUL; the NUL is skipped.
    fn text(&mut self, what: &'static str) -> Result<Vec<u8>, CabinetError> {
        let offset = self.at;
        let held = self.held(MAX_NAME_BYTES + 1)?;
        let held = &held[..held.len().min(MAX_NAME_BYTES + 1)];
        let text = match held.iter().position(|&byte| byte == 0) {
            Some(end) => held[..end].to_vec(),
            None if held.len() > MAX_NAME_BYTES => {
                return Err(CabinetError::Corrupt(format!(
                    "the {what} at offset {offset:#x} has more than {MAX_NAME_BYTES} bytes"
                )));
            }
            None => return Err(CabinetError::Truncated { what: what.into(), offset }),
        };
        self.at += text.len() as u64 + 1;
        Ok(text)
    }

    /// At least this many bytes from the current offset on, as far as the source has them.
    fn held(&mut self, count: usize) -> Result<&[u8], CabinetError> {
        let skip = self.at.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        if skip.is_none_or(|skip| skip.saturating_add(count) > self.buffer.len()) {
            self.buffer.resize(PIECE_BYTES, 0);
            let read = self.source.read_at(&mut self.buffer, self.at);
            let filled = read.map_err(|error| CabinetError::Io(error.to_string()))?.min(PIECE_BYTES);
            self.buffer.truncate(filled);
            self.start = self.at;
        }
        let skip = usize::try_from(self.at - self.start).unwrap_or(usize::MAX);
        Ok(self.buffer.get(skip..).unwrap_or_default())
    }
}

/// A name as text, its folders separated by `/`.
fn decode(bytes: &[u8], utf8: bool) -> String {
    let text = if utf8 { String::from_utf8_lossy(bytes) } else { WINDOWS_1252.decode_without_bom_handling(bytes).0 };
    let whole = text.replace('\\', "/");
    let plain = |part: &&str| !matches!(*part, "" | "." | "..") && !part.ends_with(':');
    whole.split('/').filter(plain).collect::<Vec<_>>().join("/")
}

/// Fills the whole buffer.
///
/// # Errors
/// `Truncated`, with `what` in the message, if the source ends before; `Io`.
pub(super) fn read_exact(
    source: &impl ReadAt,
    buffer: &mut [u8],
    offset: u64,
    what: &'static str,
) -> Result<(), CabinetError> {
    let count = source.read_at(buffer, offset).map_err(|error| CabinetError::Io(error.to_string()))?;
    if count < buffer.len() { Err(CabinetError::Truncated { what: what.into(), offset }) } else { Ok(()) }
}
