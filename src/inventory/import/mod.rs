//! Reads lists of files from other tools into a [`Snapshot`].
//!
//! No tool lists everything that the files themselves contain; what is not in a list stays unknown:
//!
//! | tool | recorded | not recorded |
//! |---|---|---|
//! | `sigcheck` | version string; fixed version and original name with `-a`; 32 or 64 bit | size, dates, language |
//! | `osquery` | fixed versions, original name, size, modification time | machine, language, version string |
//! | PowerShell | both versions, original name, size, modification time in UTC | machine |
//! | `filever` | fixed version, machine, size; language and version string with `/v` | path, modification time in UTC |
//! | Velociraptor | the texts of the version resource, size, modification time in UTC; machine and link time with `PE` | fixed version, language |
//! | MFTECmd (KAPE) | size, modification time in UTC | version, machine |
//! | your own CSV | what its columns hold: all of the above, machine, link time | anything else |
//!
//! A list counts as complete: a file that it does not name is absent. Lists are read line by line, or record by record;
//! only the wanted files are held in memory.

mod claims;
mod crowd;
mod error;
mod filever;
mod json;
mod lines;
mod mftecmd;
mod osquery;
mod plain;
mod powershell;
mod rows;
mod sigcheck;
mod sniff;
mod table;
mod time;
mod velociraptor;

pub use claims::{Claims, claims};
pub use error::ImportError;
pub use sniff::InventoryFormat;

use super::document::{Document, Texts};
use super::snapshot;
use super::{RelativePath, Snapshot};
use crate::knowledge::Languages;
use error::error;
use rows::{Files, MOST_HELD_BYTES};

/// The largest inventory that is read into memory at once, in bytes: one line with many hosts. Streams have no such
/// limit.
pub const MAX_INVENTORY_BYTES: u64 = 1 << 30;

/// How an inventory is read.
#[derive(Clone, Copy, Default)]
pub struct Reading<'r> {
    /// Its format; `None` to detect it from the contents.
    pub format: Option<InventoryFormat>,
    /// Reads only the files of a list below this folder, with their paths below it. Without it, if all files of a list
    /// are below a folder with one Windows in it (`E:\cases\17\WINNT\…`), that folder is the root.
    pub root: Option<&'r str>,
    /// Keeps only files that count if these names are wanted: bare, in lower case. Others are read and counted, but not
    /// held.
    pub wanted: Option<&'r dyn Fn(&str) -> bool>,
    /// What of a path below its root tells files apart. With it, of very many files that are the same in all else some are held,
    /// and the others counted ([`FileRecord::more`](super::snapshot::FileRecord::more)).
    pub apart: Option<&'r dyn Fn(&RelativePath) -> u64>,
    /// How many bytes of files of a list are held before those that are the same are counted; `None` for 32 MB.
    pub held_bytes: Option<usize>,
}

/// Reads an inventory as a stream: it may be larger than the memory, and packed (gzip, Zstandard).
///
/// # Errors
/// A text that is not such an inventory, with the line or row; an I/O error; a single value of more than
/// [`MAX_VALUE_BYTES`](super::MAX_VALUE_BYTES). If a root is given, also a snapshot, which contains its own roots, and
/// a list without a file below the root.
pub fn read_document(document: Document<'_>, reading: Reading<'_>) -> Result<Snapshot, ImportError> {
    document.read(|text| read_text(text, reading))
}

fn read_text(text: &Texts<'_>, reading: Reading<'_>) -> Result<Snapshot, ImportError> {
    let head = text.head()?;
    if let Some(document) = sniff::other_document(&head) {
        return Err(ImportError::OtherDocument(document));
    }
    if sniff::is_amcache(&head) {
        return Err(ImportError::Amcache);
    }
    let Reading { format, root, wanted, apart, held_bytes } = reading;
    let unknown = || if claims::is_list(&head) { ImportError::Updates } else { ImportError::Unknown };
    let format = format.or_else(|| sniff::format(&head)).ok_or_else(unknown)?;
    if format == InventoryFormat::Snapshot {
        return match root {
            Some(_) => Err(ImportError::RootOfSnapshot),
            None => Ok(snapshot::read_text(text, wanted)?),
        };
    }
    let mut files = Files::new(root, wanted, apart, held_bytes.unwrap_or(MOST_HELD_BYTES));
    read_list(text, format, &head, &mut files)?;
    if files.reads_again() {
        read_list(text, format, &head, &mut files)?;
    }
    files.snapshot()
}

fn read_list(text: &Texts<'_>, format: InventoryFormat, head: &str, files: &mut Files<'_>) -> Result<(), ImportError> {
    let languages = Languages::embedded()?;
    match format {
        InventoryFormat::Snapshot | InventoryFormat::Osquery => osquery::read(text, files)?,
        InventoryFormat::Sigcheck => sigcheck::read(text, files)?,
        InventoryFormat::PowerShell if head.starts_with(['[', '{']) => powershell::read_json(text, &languages, files)?,
        InventoryFormat::PowerShell => powershell::read_csv(text, &languages, files)?,
        InventoryFormat::Filever => filever::read(text, &languages, files)?,
        InventoryFormat::Velociraptor if head.starts_with(['[', '{']) => velociraptor::read_json(text, files)?,
        InventoryFormat::Velociraptor => velociraptor::read_csv(text, files)?,
        InventoryFormat::Mftecmd => mftecmd::read(text, files)?,
        InventoryFormat::Csv => plain::read(text, &languages, files)?,
    }
    Ok(())
}

/// Reads an inventory that is in memory, in this format or in the detected one.
///
/// # Errors
/// Those of [`read_document`].
pub fn read(bytes: &[u8], format: Option<InventoryFormat>) -> Result<Snapshot, ImportError> {
    read_document(Document::Bytes(bytes), Reading { format, ..Reading::default() })
}

/// True for a snapshot of this program; its first kilobytes are enough, packed or not.
pub fn is_snapshot(document: Document<'_>) -> bool {
    let format = document.read(|text| Ok::<_, std::io::Error>(sniff::format(&text.head()?)));
    matches!(format, Ok(Some(InventoryFormat::Snapshot)))
}
