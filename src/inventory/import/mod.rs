//! Lists of files that other tools made -> [`Snapshot`].
//!
//! Each tool tells less than the files themselves do; what it does not tell stays unknown:
//!
//! | tool | tells | does not tell |
//! |---|---|---|
//! | `sigcheck` | version string; fixed version and original name with `-a`; 32 or 64 bit | size, dates, language |
//! | `osquery` | fixed versions, original name, size, modification time | machine, language, version string |
//! | PowerShell | both versions, original name, size, modification time in UTC | machine |
//! | `filever` | fixed version, machine, size; language and version string with `/v` | path, modification time in UTC |
//!
//! A list is taken as whole: what it does not name is absent.

mod filever;
mod instant;
mod json;
mod osquery;
mod powershell;
mod rows;
mod sigcheck;
mod sniff;
mod table;
mod text;

pub use sniff::InventoryFormat;

use super::Snapshot;
use super::snapshot::{self, SnapshotError};
use crate::knowledge::{Languages, LanguagesError};

/// The largest inventory that is read, in bytes.
pub const MAX_INVENTORY_BYTES: u64 = 1 << 30;

/// Why an inventory cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// None of the known formats.
    #[error(
        "unknown inventory format: expected a snapshot of this program, or a list of sigcheck, osquery, PowerShell or filever"
    )]
    Unknown,
    /// Another document of this program.
    #[error("this is a hotfixcheck {0}, not an inventory; 'hotfixcheck inventory' makes one")]
    OtherDocument(String),
    /// A snapshot that cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The program's own table is broken: a bug.
    #[error(transparent)]
    Languages(#[from] LanguagesError),
    /// A list that is not as its tool writes it.
    #[error("{format}: {place}: {what}")]
    List {
        /// The tool.
        format: &'static str,
        /// Where: `line 12`, `row 3`.
        place: String,
        /// What was expected, and what stands there.
        what: String,
    },
}

/// Reads an inventory: of this form, or of the one that its contents tell.
///
/// # Errors
/// What is no such inventory, with the line or row.
pub fn read(bytes: &[u8], format: Option<InventoryFormat>) -> Result<Snapshot, ImportError> {
    let text = text::decode(bytes);
    let languages = Languages::embedded()?;
    if let Some(document) = sniff::other_document(&text) {
        return Err(ImportError::OtherDocument(document));
    }
    let rows = match format.or_else(|| sniff::format(&text)).ok_or(ImportError::Unknown)? {
        InventoryFormat::Snapshot => return Ok(snapshot::read(text.as_bytes())?),
        InventoryFormat::Sigcheck => sigcheck::rows(&text)?,
        InventoryFormat::Osquery => osquery::rows(&text)?,
        InventoryFormat::PowerShell if text.trim_start().starts_with(['[', '{']) => {
            powershell::json_rows(&text, &languages)?
        }
        InventoryFormat::PowerShell => powershell::csv_rows(&text, &languages)?,
        InventoryFormat::Filever => filever::rows(&text, &languages)?,
    };
    Ok(rows::snapshot(rows))
}

/// True for the beginning of a snapshot of this program; a few kilobytes of it are enough.
pub fn is_snapshot(head: &[u8]) -> bool {
    sniff::format(&text::decode(head)) == Some(InventoryFormat::Snapshot)
}

fn error(format: &'static str, place: impl Into<String>, what: impl Into<String>) -> ImportError {
    ImportError::List { format, place: place.into(), what: what.into() }
}
