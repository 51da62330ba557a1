//! Which Microsoft hotfixes are missing from these Windows files?
//!
//! Data flows one way: article texts become a [`catalog::Catalog`], files become an [`inventory::Inventory`], both
//! become an [`assess::Assessment`], that becomes a [`report::View`], and that becomes bytes in one of twelve formats.
//!
//! ```
//! use std::path::PathBuf;
//!
//! use hotfixcheck::articles;
//! use hotfixcheck::assess::{Judge, KERNEL_FILES, Policy, Relevant};
//! use hotfixcheck::catalog::{Catalog, FixIndex};
//! use hotfixcheck::inventory::{self, Wanted};
//! use hotfixcheck::knowledge::Knowledge;
//! use hotfixcheck::report::{self, Look, ReportFormat, RunInfo, View};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Parse: an article says which version corrects which file. Catalog::embedded() has some thousand of them.
//! let text = "\
//! DOCUMENT:Q100001  03-NOV-2001  [winnt]
//! TITLE   :Telephony Server Loses Calls
//!
//! The information in this article applies to:
//!
//!  - Microsoft Windows NT Server version 4.0
//!
//! RESOLUTION
//! ==========
//!
//! The fix has these file attributes, or later ones:
//!
//!    Date         Time   Version        Size     File name    Platform
//!    -----------------------------------------------------------------
//!    02-Nov-2001  09:07  4.0.1381.7105  112,400  Tapisrv.exe  Intel
//! ";
//! let catalog: Catalog = articles::parse(text, None)?.into_iter().collect();
//!
//! // Walk: only files with names in the catalogue are read, and those that show which Windows this is.
//! let index = FixIndex::new(&catalog);
//! let wanted = Wanted::named(|name| index.knows(name) || KERNEL_FILES.contains(&name));
//! let inventory = inventory::walk(&[PathBuf::from("data/sample/nt4")], &wanted, &|_progress| {})?;
//!
//! // Assess: the policy says what to judge, and what counts as a finding.
//! let policy = Policy::default();
//! let knowledge = Knowledge::embedded()?;
//! let relevant = Relevant::whole(&catalog);
//! let judge = Judge::new(&relevant, &inventory, &knowledge, &policy);
//! let view = View::new(&judge, &RunInfo { catalogue: "my articles".to_owned(), ..RunInfo::default() });
//! assert_eq!(view.summary.exit_code, 1);
//!
//! // Render: every format shows the same view.
//! let report = report::render(&view, ReportFormat::Table, Look::PLAIN)?;
//! assert!(String::from_utf8(report)?.contains("1 fix to install"));
//! # Ok(())
//! # }
//! ```
//!
//! The readers are separate crates: [`articles`] (text to fix tables) and [`winfiles`] (versions, packed files,
//! cabinets, registry hives, disk images). The library never prints, never ends the process, and has no command line;
//! the program is the feature `cli`.

#![forbid(unsafe_code)]

pub mod assess;
pub mod catalog;
pub mod hosts;
pub mod inventory;
pub mod knowledge;
mod message;
mod name;
pub mod package;
pub mod report;

pub use hotfixcheck_articles as articles;
pub use hotfixcheck_types::{FileVersion, KbId, KbIdError, MAX_COMPONENTS, Machine, VersionError};
pub use hotfixcheck_winfiles as winfiles;
pub use hotfixcheck_winfiles::hush_caught_panics;
pub use message::message_of;
pub use name::file_key;
