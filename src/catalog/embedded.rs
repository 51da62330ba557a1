//! The catalogue that ships with the program.

use super::articles::Catalog;
use super::text::{CatalogError, read_static};

/// The catalogue that ships with the program, as text.
pub const EMBEDDED: &str = include_str!("../../data/catalog.tsv");

impl Catalog {
    /// The catalogue that ships with the program.
    pub fn embedded() -> Result<Self, CatalogError> {
        read_static(EMBEDDED)
    }
}
