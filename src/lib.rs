//! Which Microsoft hotfixes are missing from these Windows files?

pub mod article;
pub mod assess;
pub mod binary;
pub mod cabinet;
mod case;
pub mod catalog;
mod dos_time;
pub mod hive;
pub mod identify;
pub mod image;
pub mod inventory;
mod isolate;
mod kb;
pub mod language;
pub mod package;
mod platform;
pub mod product;
pub mod release;
pub mod report;
mod version;

pub use isolate::hush_caught_panics;
pub use kb::{KbId, KbIdError};
pub use platform::Machine;
pub use version::{FileVersion, MAX_COMPONENTS, VersionError};
