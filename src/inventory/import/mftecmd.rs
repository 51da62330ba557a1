//! MFTECmd, which KAPE runs over a volume's file table: lists every file with its size and time, but without versions.
//!
//! The full list has `InUse`, `ParentPath` and `FileName`; with `--fl` it is a list of paths. Deleted files, folders,
//! streams and DOS names are left out. Times are UTC.

use super::ImportError;
use super::rows::{Files, Row, Stated, Version};
use super::table::{self, Line};
use super::time;
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use hotfixcheck_winfiles::binary::Format;

/// The tool's name in errors.
const NAME: &str = "MFTECmd";

/// True for the line with the columns' names.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim_start_matches('\u{feff}').split(',').collect();
    let has = |name: &str| names.contains(&name);
    has("LastModified0x10") && (has("FullPath") || has("ParentPath") && has("FileName") && has("InUse"))
}

/// The files of a list.
pub(super) fn read(text: &Texts<'_>, files: &mut Files<'_>) -> Result<(), ImportError> {
    table::rows(
        NAME,
        text,
        is_header,
        |_| Ok(()),
        |line| match row(line)? {
            Some(row) => files.add(row),
            None => Ok(()),
        },
    )
}

/// `None` for anything that is not a file visible to Windows on the volume.
fn row(line: Line<'_>) -> Result<Option<Row>, ImportError> {
    let is = |column: &str| line.text(column).eq_ignore_ascii_case("true");
    let is_deleted = line.has("inuse") && !is("inuse");
    if is_deleted || is("isdirectory") || is("isads") || line.text("nametype").eq_ignore_ascii_case("dos") {
        return Ok(None);
    }
    let path = line.path("fullpath").or_else(|| {
        let (parent, name) = (line.path("parentpath")?, line.path("filename")?);
        Some(format!("{}\\{name}", parent.trim_end_matches('\\')))
    });
    let path = path.ok_or_else(|| line.error("there is neither 'FullPath' nor 'ParentPath' and 'FileName'"))?;
    let size = match line.text("filesize") {
        "" => None,
        text => Some(text.parse().map_err(|_| line.error(format!("FileSize: expected a size, found '{text}'")))?),
    };
    Ok(Some(Row {
        // The root of the volume is `.`.
        path: path.strip_prefix(".\\").map(str::to_owned).unwrap_or(path),
        size,
        modified: time::seconds(line.text("lastmodified0x10")),
        built: None,
        format: Format::Pe,
        machine: Stated::Class(MachineClass::Any),
        version: Version::NotTold,
        fixed_stated: false,
    }))
}
