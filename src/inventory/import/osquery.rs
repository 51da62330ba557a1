//! Rows of the osquery table `file`, as `osqueryi --json` prints and `osqueryd` logs them.
//!
//! `file_version` and `product_version` are the fixed versions (`VS_FIXEDFILEINFO`). All values are texts. In logs rows lie
//! in `snapshot`, or one by one in `columns`.

use serde_json::{Map, Value};

use super::ImportError;
use super::json::{self, Object};
use super::rows::{Row, Told, Version, fixed};
use crate::binary::{Format, StringTable};
use crate::inventory::MachineClass;

/// The tool's name in errors.
const NAME: &str = "osquery";

/// The rows of a list.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, ImportError> {
    json::rows(NAME, text, unwrap, row)
}

fn unwrap(members: &Map<String, Value>) -> Option<&Value> {
    members
        .get("snapshot")
        .filter(|rows| rows.is_array())
        .or_else(|| members.get("columns").filter(|row| row.is_object()))
}

/// `None` for what is no regular file.
fn row(object: Object<'_>) -> Result<Option<Row>, ImportError> {
    if object.text("type")?.is_some_and(|kind| kind != "regular") {
        return Ok(None);
    }
    let path = match (object.text("path")?, object.text("directory")?, object.text("filename")?) {
        (Some(path), ..) => path,
        (None, Some(directory), Some(name)) => format!("{}\\{name}", directory.trim_end_matches(['\\', '/'])),
        _ => return Err(object.error("there is no 'path'")),
    };
    let told = object.get("file_version").is_some() || object.get("product_version").is_some();
    let number = |name: &str| -> Result<Option<[u16; 4]>, ImportError> {
        match object.text(name)? {
            None => Ok(None),
            Some(text) => fixed(&text)
                .map(Some)
                .ok_or_else(|| object.error(format!("{name}: expected four numbers, found '{text}'"))),
        }
    };
    let strings = StringTable { original_filename: object.text("original_filename")?, ..StringTable::default() };
    let version = match (told, Version::new([number("file_version")?, number("product_version")?], strings, None)) {
        (false, _) => Version::NotTold,
        (true, version) => version,
    };
    Ok(Some(Row {
        path,
        size: object.size("size")?,
        modified: object.number("mtime")?,
        format: Format::Pe,
        machine: Told::Class(MachineClass::Any),
        version,
    }))
}
