//! Bytes of a registry hive (`regf`) -> keys and values, offline and read-only.
//!
//! Why our own reader: of the crates for hives, `nt-hive` and `nt_hive2` are under the GPL, and `notatin` reads the
//! whole hive into memory although only a few keys are needed. Damage must be an error in its position and must not end
//! the walk.
//!
//! Follows Maxim Suhanov's public specification of the format. Versions 1.1 to 1.6 are read (Windows NT 3.x to the
//! current one). A hive is read by positioned reads, one small read for each cell that is needed. Nothing is mapped and
//! nothing is cached, so a damaged or enormous hive costs no more than the keys that are read.
//!
//! - `base`: the base block: version, root, whether the last write was finished;
//! - `cell`: the cells that hold all data, each access checked against the hive's bounds;
//! - `index`: lists of subkeys (`lf`, `lh`, `li`, `ri`);
//! - `key`, `value`: key nodes (`nk`), values (`vk`) and their data, big data (`db`) too;
//! - `text`: names and strings; `log`: transaction logs.
//!
//! Keys are compared by name, not by the hashes in the lists: a wrong hash never hides a key. A hive whose last write
//! was not finished is read in its stored state, and [`Condition`] says so; [`replay`] applies its logs.
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
mod log;
mod text;
mod value;

pub use base::{Condition, Hive};
pub use key::{Key, Subkeys};
pub use log::{Replay, Replayed, replay};
pub use value::{Data, Value, Values};

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
/// The most steps for one open hive: one for each cell that is read, and one more for each 256 bytes. They suffice to
/// read every key of a hive of 100 MB several times, but not for a hostile hive whose keys share lists.
pub const MAX_STEPS: u64 = 1 << 22;

/// Why a hive, or a part of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HiveError {
    /// It does not begin with the signature of a hive.
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
    /// An offset outside the hive, or at which no cell can begin.
    #[error("corrupt: {what} at offset {offset:#x}, where the hive has no cell")]
    NoCell {
        /// The structure to be read.
        what: &'static str,
        /// The offset in the file, in bytes.
        offset: u64,
    },
    /// The file ends before a structure that the hive points to.
    #[error("truncated: {what} at offset {offset:#x} is after the end of the file")]
    Truncated {
        /// The structure to be read.
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
    /// A count or size over this program's limit.
    #[error("{count} {what} at offset {offset:#x}: more than {limit} are not read")]
    TooMuch {
        /// What exceeds the limit.
        what: &'static str,
        /// The count or size that the hive states.
        count: usize,
        /// The limit.
        limit: usize,
        /// Its offset in the file, in bytes.
        offset: u64,
    },
    /// [`MAX_STEPS`] are used up: the hive is far larger than any known, or its keys share their lists.
    #[error("more than {MAX_STEPS} steps were needed to read it")]
    Exhausted,
    /// The operating system could not read it.
    #[error("unreadable: {0}")]
    Io(String),
}
