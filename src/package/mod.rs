//! Update packages -> the files that they bring: self-extracting hotfixes and service packs, cabinets, MSU files.
//!
//! A package says of itself which article it belongs to, in its name, its `update.inf` or `hotfix.inf`, or the XML of an
//! MSU; its files say their versions. What no article ever listed can be known from it.
//!
//! - `sfx`: the cabinets in an executable; `contents`: files, packed or in cabinets within cabinets;
//! - `inf`: what the setup information says, and article ids in names;
//! - `rows`: the article that a package's files make.

mod contents;
mod inf;
mod model;
mod rows;
mod sfx;

pub use inf::Information;
pub use model::{MAX_DEPTH, MAX_FILES, MAX_PROBLEMS, MAX_UNPACKED_BYTES, Package, PackageError, PackagedFile};
pub use rows::of_package;
