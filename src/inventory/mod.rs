//! Paths -> [`Inventory`]: the files that matter below a folder or in an image, with what each says of itself.
//!
//! - `walk`: from the roots to the records; `root`: what a path names, `folder`, `image`, `in_image`: what lies there;
//! - `interest`: which files are read; `listing`: what is kept of a tree; `opening`, `reading`, `contents`, `cabinet`: a file
//!   and what it gives;
//! - `copies`: which copy of a file runs; `shared`: which folder a list or an archive was made in; `collected`: what of a path only says how files were collected; `glob`, `filter`: which paths count;
//! - `document`: the text of an inventory, as a stream; [`snapshot`]: the records as a file; [`import`]: lists that other tools made; [`system`]: what the registry says.

mod cabinet;
mod collected;
mod contents;
mod copies;
mod document;
mod error;
mod filter;
mod folder;
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
mod untold;
mod walk;

pub use collected::Collected;
pub use copies::{CopyKind, copy_kind};
pub use document::{Document, MAX_VALUE_BYTES};
pub use error::InventoryError;
pub use filter::PathFilter;
pub use glob::{PathGlob, PathGlobError};
pub use interest::Wanted;
pub use listing::Progress;
pub use model::{Entry, Inventory, Problem};
pub use path::RelativePath;
pub use place::Place;
pub use snapshot::{Coverage, Snapshot};
pub use system::System;
pub use unread::{NotUnpacked, Unread};
pub use untold::{MachineClass, Untold};
pub use walk::{record, walk};
