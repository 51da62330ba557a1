//! Which Microsoft hotfixes are missing from these Windows files?

#![forbid(unsafe_code)]

pub mod assess;
pub mod catalog;
pub mod inventory;
pub mod knowledge;
mod name;
pub mod package;
pub mod report;

pub use hotfixcheck_articles as articles;
pub use hotfixcheck_types::{FileVersion, KbId, KbIdError, MAX_COMPONENTS, Machine, VersionError};
pub use hotfixcheck_winfiles as winfiles;
pub use hotfixcheck_winfiles::hush_caught_panics;
pub use name::file_key;
