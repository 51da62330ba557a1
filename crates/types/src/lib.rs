//! Types that every part of hotfixcheck shares: file versions, processors, ids of Knowledge Base articles, keys of file
//! names, and the vendor's ratings.
//!
//! ```
//! use hotfixcheck_types::{FileVersion, KbId};
//!
//! let installed: FileVersion = "4.0.1381.7086".parse()?;
//! let required: FileVersion = "4.00.1381.7097".parse()?;
//! assert!(installed < required);
//! assert_eq!("kb 265433".parse::<KbId>()?.to_string(), "Q265433");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Feature: `serde` (default): the values are serialised as texts.

#![forbid(unsafe_code)]

mod edition;
pub mod extension;
mod file_key;
mod kb;
mod machine;
mod rating;
#[cfg(feature = "serde")]
mod text_form;
mod version;

pub use edition::Edition;
pub use extension::Extension;
pub use file_key::{file_key, is_file_key};
pub use kb::{KbId, KbIdError};
pub use machine::Machine;
pub use rating::{Restart, Severity};
pub use version::{FileVersion, MAX_COMPONENTS, VersionError};
