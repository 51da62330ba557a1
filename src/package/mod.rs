//! Reads the files in update packages: self-extracting hotfixes and service packs, cabinets, MSU files.
//!
//! A package names its article in its file name, its `update.inf` or `hotfix.inf`, or the XML of an MSU; its files have
//! their versions. A package therefore provides facts that no article ever listed.
//!
//! - `sfx`: the cabinets in an executable; `contents`: files, packed or in cabinets within cabinets;
//! - `inf`: the setup information, and article ids in names;
//! - `rows`: an article made from the files of a package.

mod contents;
mod inf;
mod model;
mod rows;
mod sfx;

pub use inf::Information;
pub use model::{MAX_DEPTH, MAX_FILES, MAX_PROBLEMS, MAX_UNPACKED_BYTES, Package, PackageError, PackagedFile};
pub use rows::of_package;
