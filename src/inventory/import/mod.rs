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

mod error;
mod filever;
mod json;
mod osquery;
mod powershell;
mod rows;
mod sigcheck;
mod sniff;
mod table;

pub use error::ImportError;
pub use sniff::InventoryFormat;

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::Snapshot;
use super::snapshot;
use crate::knowledge::Languages;
use error::error;

/// The largest inventory that is read, in bytes.
pub const MAX_INVENTORY_BYTES: u64 = 1 << 30;

/// Reads an inventory: of this form, or of the one that its contents tell. Where all files of a list lie below a folder
/// with one Windows in it (`E:\cases\17\WINNT\…`), that folder is taken for its root.
///
/// # Errors
/// What is no such inventory, with the line or row.
pub fn read(bytes: &[u8], format: Option<InventoryFormat>) -> Result<Snapshot, ImportError> {
    read_below(bytes, format, None)
}

/// As [`read`]; of a list only the files below the folder `root`, by their paths below it.
///
/// # Errors
/// Those of [`read`]; a snapshot, which tells its roots itself; a list without a file below the folder.
pub fn read_below(bytes: &[u8], format: Option<InventoryFormat>, root: Option<&str>) -> Result<Snapshot, ImportError> {
    let text = decode(bytes);
    let languages = Languages::embedded()?;
    if let Some(document) = sniff::other_document(&text) {
        return Err(ImportError::OtherDocument(document));
    }
    let rows = match format.or_else(|| sniff::format(&text)).ok_or(ImportError::Unknown)? {
        InventoryFormat::Snapshot if root.is_some() => return Err(ImportError::RootOfSnapshot),
        InventoryFormat::Snapshot => return Ok(snapshot::read(text.as_bytes())?),
        InventoryFormat::Sigcheck => sigcheck::rows(&text)?,
        InventoryFormat::Osquery => osquery::rows(&text)?,
        InventoryFormat::PowerShell if text.trim_start().starts_with(['[', '{']) => {
            powershell::json_rows(&text, &languages)?
        }
        InventoryFormat::PowerShell => powershell::csv_rows(&text, &languages)?,
        InventoryFormat::Filever => filever::rows(&text, &languages)?,
    };
    rows::snapshot(rows, root)
}

/// True for the beginning of a snapshot of this program; a few kilobytes of it are enough.
pub fn is_snapshot(head: &[u8]) -> bool {
    sniff::format(&decode(head)) == Some(InventoryFormat::Snapshot)
}

/// Bytes -> text, in the encodings that Windows tools write: as article files, and UTF-16 without its mark, which shows
/// by its zeros. The mark is left out.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    // Every list begins with an ASCII character.
    match bytes {
        [first, 0, ..] if *first != 0 => UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, second, ..] if *second != 0 => UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => hotfixcheck_articles::decode(bytes),
    }
}
