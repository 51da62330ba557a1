//! Which Microsoft hotfixes are missing from these Windows files?

pub mod article;
pub mod binary;
pub mod catalog;
mod kb;
mod platform;
mod version;

pub use kb::{KbId, KbIdError};
pub use platform::Machine;
pub use version::{FileVersion, MAX_COMPONENTS, VersionError};
