//! What can be wrong with a compiled catalogue.

use std::fmt;

/// Why bytes are not a compiled catalogue that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// They do not begin with [`MAGIC`](crate::MAGIC).
    NotCompiled,
    /// Another version of the program made it.
    OtherVersion {
        /// The version that made it.
        made_by: String,
    },
    /// It has a layout that this program does not read, whatever version made it.
    OtherForm,
    /// Bytes were lost or changed.
    Damaged,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCompiled => f.write_str("not a compiled catalogue"),
            Self::OtherVersion { made_by } => write!(
                f,
                "made by version {made_by} of hotfixcheck: make it again from its text with 'hotfixcheck catalog build'"
            ),
            Self::OtherForm => f.write_str(
                "a compiled catalogue of another layout: make it again from its text with 'hotfixcheck catalog build'",
            ),
            Self::Damaged => f.write_str(
                "the compiled catalogue is damaged: make it again from its text with 'hotfixcheck catalog build'",
            ),
        }
    }
}

impl std::error::Error for OpenError {}

/// A part of a compiled catalogue is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamageError;

impl fmt::Display for DamageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OpenError::Damaged.fmt(f)
    }
}

impl std::error::Error for DamageError {}
