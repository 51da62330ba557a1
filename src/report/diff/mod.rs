//! Compares two reports and writes the changes.

mod markdown;
mod table;
mod view;

pub use view::{ChangeView, DIFF_SCHEMA, DiffView, SideView};

use super::{Look, RenderError};

/// A format of the comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiffFormat {
    /// For people, at a terminal.
    #[default]
    Table,
    /// For programs.
    Json,
    /// For the summary of a CI run.
    Markdown,
}

impl DiffView {
    /// The bytes of the comparison.
    ///
    /// # Errors
    /// Only if it cannot be written as JSON.
    pub fn render(&self, format: DiffFormat, look: Look) -> Result<Vec<u8>, RenderError> {
        match format {
            DiffFormat::Table => Ok(table::render(self, look.width)),
            DiffFormat::Markdown => Ok(markdown::render(self)),
            DiffFormat::Json => {
                let mut bytes = serde_json::to_vec_pretty(self)?;
                bytes.push(b'\n');
                Ok(bytes)
            }
        }
    }
}
