//! An open hive, and its base block: the first 4096 bytes, of which the first 512 hold all fields.

use super::HiveError;
use crate::bytes::ReadAt;

/// Start of the hive bins; offsets of cells count from here.
pub(super) const BINS_START: u64 = 4096;
/// The header of a hive bin: no cell lies within it.
pub(super) const BIN_HEADER_BYTES: u32 = 32;
/// The part of the base block that the checksum covers, and the checksum itself.
pub(super) const HEAD_BYTES: usize = 512;
const CHECKSUM_AT: usize = 508;

/// The state in which a hive was left. None of these flags makes the hive unreadable by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Condition {
    /// The two sequence numbers differ: a write was not finished, and the newest changes may be in a log file beside
    /// the hive.
    pub unfinished: bool,
    /// The base block's checksum is wrong.
    pub wrong_checksum: bool,
    /// The file ends before the hive does.
    pub truncated: bool,
    /// Its last write was not finished, and the log files beside it were applied in memory.
    #[cfg_attr(feature = "serde", serde(default))]
    pub replayed: bool,
}

impl Condition {
    /// True if the hive appears whole and current.
    pub fn is_sound(self) -> bool {
        !self.unfinished && !self.wrong_checksum && !self.truncated
    }
}

/// An open hive.
#[derive(Debug)]
pub struct Hive<S> {
    pub(super) source: S,
    pub(super) base: Base,
    /// Steps used so far: see [`MAX_STEPS`](super::MAX_STEPS).
    pub(super) steps: std::cell::Cell<u64>,
}

impl<S: ReadAt> Hive<S> {
    /// Reads the base block.
    ///
    /// A wrong checksum, unfinished writes and a missing end are not errors: see [`Self::condition`].
    ///
    /// # Errors
    /// If the source is not a hive, its version is unknown, it ends within its first structures, or it cannot be read.
    pub fn open(source: S) -> Result<Self, HiveError> {
        let base = Base::read(&source)?;
        Ok(Self { source, base, steps: std::cell::Cell::new(0) })
    }

    /// The minor version; the major version is always 1. 3 is usual up to Windows 2000, 3 and 5 from Windows XP on.
    pub fn minor_version(&self) -> u32 {
        self.base.minor
    }

    /// The state of the hive according to its base block.
    pub fn condition(&self) -> Condition {
        self.base.condition
    }
}

#[derive(Clone, Debug)]
pub(super) struct Base {
    pub minor: u32,
    /// The root key's cell.
    pub root: u32,
    /// The size of all hive bins: every cell is below it.
    pub bins: u32,
    pub condition: Condition,
}

impl Base {
    pub(super) fn read(source: &impl ReadAt) -> Result<Self, HiveError> {
        let mut head = [0; HEAD_BYTES];
        let count = read(source, &mut head, 0)?;
        if !head[..count].starts_with(b"regf") {
            return Err(HiveError::NotAHive);
        }
        if count < HEAD_BYTES {
            return Err(HiveError::Truncated { what: "base block", offset: 0 });
        }
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (major, minor) = (word(20), word(24));
        // 1.0 belongs to a preview of Windows NT 3.1, and its layout is not documented.
        if major != 1 || !(1..=6).contains(&minor) {
            return Err(HiveError::UnknownVersion { major, minor });
        }
        let mut bin = [0; BIN_HEADER_BYTES as usize];
        if read(source, &mut bin, BINS_START)? < bin.len() {
            return Err(HiveError::Truncated { what: "first hive bin", offset: BINS_START });
        }
        if !bin.starts_with(b"hbin") {
            return Err(HiveError::Corrupt { what: "signature of the first hive bin", offset: BINS_START });
        }
        let bins = word(40);
        let size = source.size().map_err(|error| HiveError::Io(error.to_string()))?;
        let condition = Condition {
            unfinished: word(4) != word(8),
            wrong_checksum: !checksum_fits(&head, word(CHECKSUM_AT)),
            truncated: size < BINS_START + u64::from(bins),
            replayed: false,
        };
        Ok(Self { minor, root: word(36), bins, condition })
    }
}

/// True if the base block has the checksum that it states.
pub(super) fn checksum_fits(head: &[u8; HEAD_BYTES], stored: u32) -> bool {
    stored == checksum_of(head)
}

/// Exclusive or of all words before the checksum; Windows writes 1 for 0 and -2 for -1.
pub(super) fn checksum_of(head: &[u8; HEAD_BYTES]) -> u32 {
    let (words, _) = head[..CHECKSUM_AT].as_chunks::<4>();
    match words.iter().fold(0, |sum, word| sum ^ u32::from_le_bytes(*word)) {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        other => other,
    }
}

/// Fills as much of the buffer as the source has.
pub(super) fn read(source: &impl ReadAt, buffer: &mut [u8], offset: u64) -> Result<usize, HiveError> {
    let count = source.read_at(buffer, offset).map_err(|error| HiveError::Io(error.to_string()))?;
    Ok(count.min(buffer.len()))
}
