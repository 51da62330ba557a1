//! Finds the wanted files below a folder or in an image, and reads each: paths in, an [`Inventory`] out.
//!
//! - `walk`: from the roots to the records; `root`: whether a path names a folder, a file or a path in an image;
//!   `folder`, `image`, `in_image`: their files;
//! - `interest`: which files are read; `listing`: the wanted files of a tree; `opening`, `reading`, `contents`,
//!   `cabinet`: from a file to its records;
//! - `copies`: which copy of a file runs; `shared`: the folder in which a list or an archive was made; `collected`:
//!   parts of a path that only show how files were collected; `glob`, `filter`: which paths are included;
//! - `document`: the text of an inventory, as a stream; [`snapshot`]: the records as a file; [`import`]: lists from
//!   other tools; [`system`]: facts from the registry.

mod cabinet;
mod collected;
mod contents;
mod copies;
mod document;
mod error;
mod filter;
mod folder;
mod folder_machine;
mod glob;
mod image;
pub mod import;
mod in_image;
mod interest;
mod listing;
mod model;
mod opening;
mod path;
mod place;
mod reading;
mod root;
mod shared;
pub mod snapshot;
pub mod system;
mod unread;
mod unstated;
mod walk;

pub use collected::Collected;
pub use copies::{CopyKind, copy_kind};
pub use document::{Document, MAX_VALUE_BYTES};
pub use error::InventoryError;
pub use filter::PathFilter;
pub(crate) use folder_machine::{is_in_wow, machine_of_folder};
pub use glob::{PathGlob, PathGlobError};
pub use interest::Wanted;
pub use listing::Progress;
pub use model::{Entry, Inventory, Problem};
pub use path::RelativePath;
pub use place::Place;
pub use snapshot::{Coverage, Snapshot};
pub use system::System;
pub use unread::{NotUnpacked, Unread};
pub use unstated::{MachineClass, Unstated};
pub use walk::{record, walk};
