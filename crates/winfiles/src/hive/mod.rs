//! Bytes of a registry hive (`regf`) -> keys and values, offline and read-only.
//!
//! Follows Maxim Suhanov's public specification of the format. Versions 1.1 to 1.6 are read (Windows NT 3.x to the
//! current one). A hive is read by positioned reads, one small read for each cell that is asked for; nothing is mapped
//! and nothing is cached, so a damaged or enormous hive costs no more than the keys that are looked at.
//!
//! - `base`: the base block: version, root, whether the last write was finished;
//! - `cell`: the cells that hold everything, each access checked against the hive's bounds;
//! - `index`: lists of subkeys (`lf`, `lh`, `li`, `ri`);
//! - `key`, `value`: key nodes (`nk`), values (`vk`) and their data, big data (`db`) too;
//! - `text`: names and strings.
//!
//! Names decide, not the hashes that lists carry: a wrong hash never hides a key. Transaction logs are not applied; a
//! hive with unfinished writes is read as it lies there, and [`Condition`] says so.
//!
//! ```
//! use hotfixcheck_winfiles::hive::{Hive, HiveError};
//!
//! assert_eq!(Hive::open(b"MZ".as_slice()).err(), Some(HiveError::NotAHive));
//! ```

mod base;
mod cell;
mod index;
mod key;
mod text;
mod value;

pub use base::Condition;
pub use key::{Key, Subkeys};
pub use value::{Data, Value, Values};

use base::Base;

use crate::bytes::ReadAt;

/// The deepest key that is read, counted from the root: the registry's own limit.
pub const MAX_DEPTH: u16 = 512;
/// The most subkeys of one key that are listed. The largest keys of real systems (component stores) have some 100,000.
pub const MAX_SUBKEYS: usize = 1 << 18;
/// The most values of one key that are listed.
pub const MAX_VALUES: usize = 1 << 16;
/// The longest key name, in bytes: the registry's limit is 255 characters of two bytes.
pub const MAX_KEY_NAME_BYTES: usize = 512;
/// The longest value name, in bytes: the registry's limit is 16,383 characters of two bytes.
pub const MAX_VALUE_NAME_BYTES: usize = 32_766;
/// The largest data of one value that is read.
pub const MAX_DATA_BYTES: usize = 1 << 20;
/// The most steps that are spent on one open hive: one for each cell that is read, and one more for each 256 bytes.
/// Every key of a hive of 100 MB can be read several times over; lists that hostile keys share cannot.
pub const MAX_STEPS: u64 = 1 << 22;

/// Why a hive, or a part of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HiveError {
    /// It does not begin as a hive does.
    #[error("not a registry hive: it does not begin with regf")]
    NotAHive,
    /// A version whose layout is not known.
    #[error("registry hive of unknown version {major}.{minor}")]
    UnknownVersion {
        /// The major version.
        major: u32,
        /// The minor version.
        minor: u32,
    },
    /// A place that lies outside the hive, or where no cell can begin.
    #[error("corrupt: {what} at offset {offset:#x}, where the hive has no cell")]
    NoCell {
        /// What was to be read.
        what: &'static str,
        /// The offset in the file, in bytes.
        offset: u64,
    },
    /// The file ends before something that the hive points to.
    #[error("truncated: {what} at offset {offset:#x} lies beyond the end of the file")]
    Truncated {
        /// What was to be read.
        what: &'static str,
        /// Its offset in the file, in bytes.
        offset: u64,
    },
    /// Something contradicts the format or the rest of the hive.
    #[error("corrupt: {what} at offset {offset:#x}")]
    Corrupt {
        /// What is wrong.
        what: &'static str,
        /// Its offset in the file, in bytes.
        offset: u64,
    },
    /// More than this program reads.
    #[error("{count} {what} at offset {offset:#x}: more than {limit} are not read")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there is said to be.
        count: usize,
        /// The most that is read.
        limit: usize,
        /// Its offset in the file, in bytes.
        offset: u64,
    },
    /// [`MAX_STEPS`] are spent: the hive is far larger than any known, or its keys share their lists.
    #[error("more than {MAX_STEPS} steps were needed to read it")]
    Exhausted,
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}

/// An open hive.
#[derive(Debug)]
pub struct Hive<S> {
    source: S,
    base: Base,
    steps: std::cell::Cell<u64>,
}

impl<S: ReadAt> Hive<S> {
    /// Reads the base block.
    ///
    /// A wrong checksum, unfinished writes and a missing end are no errors: see [`Self::condition`].
    ///
    /// # Errors
    /// When the source is no hive, of an unknown version, ends within its first structures, or cannot be read.
    pub fn open(source: S) -> Result<Self, HiveError> {
        let base = Base::read(&source)?;
        Ok(Self { source, base, steps: std::cell::Cell::new(0) })
    }

    /// The minor version; the major version is always 1. 3 is usual up to Windows 2000, 3 and 5 from Windows XP on.
    pub fn minor_version(&self) -> u32 {
        self.base.minor
    }

    /// What the base block says of the hive's state.
    pub fn condition(&self) -> Condition {
        self.base.condition
    }

    /// The root key.
    ///
    /// # Errors
    /// When its cell is damaged or lies outside the hive.
    pub fn root(&self) -> Result<Key<'_, S>, HiveError> {
        Key::root(self)
    }

    /// The key with this path below the root, `Microsoft\Windows NT\CurrentVersion`, compared without regard to case;
    /// `None` if there is no such key.
    ///
    /// # Errors
    /// When damage keeps the answer open: [`Key::key`].
    pub fn key(&self, path: &str) -> Result<Option<Key<'_, S>>, HiveError> {
        self.root()?.key(path)
    }
}
