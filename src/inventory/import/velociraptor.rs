//! Velociraptor: rows of artifacts that name files (`Windows.Detection.BinaryRename`, `Windows.Detection.BinaryHunter`,
//! `Windows.Search.FileFinder`), as its CSV and its JSON lines.
//!
//! `OSPath` (in older versions `FullPath`) is the path. `VersionInformation`, alone or in `PE`, has the texts of the
//! version resource, but not its fixed version. `PE.FileHeader` has machine and link time.

use serde_json::{Map, Value};

use super::ImportError;
use super::json::{self, Object};
use super::rows::{Files, Row, Stated, Version, filled};
use super::table::{self, Line};
use super::time;
use crate::Machine;
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The tool's name in errors.
const NAME: &str = "Velociraptor";
/// The path column, by its current and earlier names, in lower case.
const PATHS: [&str; 2] = ["ospath", "fullpath"];
/// Columns that distinguish such a row from those of other tools.
const OWN: [&str; 4] = ["versioninformation", "btime", "hash", "pe"];

/// True for the line with the columns' names.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').replace('"', "").to_lowercase();
    let names: Vec<&str> = line.split(',').map(str::trim).collect();
    PATHS.iter().any(|path| names.contains(path)) && OWN.iter().any(|own| names.contains(own))
}

/// True for the beginning of such rows in JSON.
pub(super) fn is_json(head: &str) -> bool {
    let head = head.to_lowercase();
    let has = |name: &str| head.contains(&format!("\"{name}\""));
    PATHS.iter().any(|path| has(path)) && OWN.iter().any(|own| has(own))
}

/// The files of a list in CSV.
pub(super) fn read_csv(text: &Texts<'_>, files: &mut Files<'_>) -> Result<(), ImportError> {
    table::rows(
        NAME,
        text,
        is_header,
        |_| Ok(()),
        |line| match csv_row(line)? {
            Some(row) => files.add(row),
            None => Ok(()),
        },
    )
}

/// The files of a list in JSON: one row a line, or all rows in an array.
pub(super) fn read_json(text: &Texts<'_>, files: &mut Files<'_>) -> Result<(), ImportError> {
    json::rows(NAME, text, "rows", |object| match json_row(&object)? {
        Some(row) => files.add(row),
        None => Ok(()),
    })
}

/// `None` for a folder.
fn csv_row(line: Line<'_>) -> Result<Option<Row>, ImportError> {
    if line.text("isdir").eq_ignore_ascii_case("true") {
        return Ok(None);
    }
    let path = PATHS.iter().find_map(|name| line.path(name)).ok_or_else(|| line.error("there is no 'OSPath'"))?;
    let members = |column: &str| match line.text(column) {
        "" => Ok(None),
        text => match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Ok(Some(members)),
            _ => Err(line.error(format!("{column}: expected an object of JSON"))),
        },
    };
    let pe = members("pe")?;
    let size = match line.text("size") {
        "" => None,
        text => Some(text.parse().map_err(|_| line.error(format!("Size: expected a size, found '{text}'")))?),
    };
    Ok(Some(row(path, size, line.text("mtime"), members("versioninformation")?.as_ref(), pe.as_ref())))
}

/// `None` for a folder.
fn json_row(object: &Object<'_>) -> Result<Option<Row>, ImportError> {
    if object.get("IsDir").and_then(Value::as_bool) == Some(true) {
        return Ok(None);
    }
    let path = object.text("OSPath")?.map_or_else(|| object.text("FullPath"), |path| Ok(Some(path)))?;
    let path = path.ok_or_else(|| object.error("there is no 'OSPath'"))?;
    let times = object.object("Timestamps");
    let modified = object.get("Mtime").or_else(|| times.as_ref()?.get("Mtime")).and_then(Value::as_str);
    let members = |name: &str| object.get(name).and_then(Value::as_object);
    let size = object.size("Size")?;
    Ok(Some(row(path, size, modified.unwrap_or_default(), members("VersionInformation"), members("PE"))))
}

fn row(
    path: String,
    size: Option<u64>,
    modified: &str,
    information: Option<&Map<String, Value>>,
    pe: Option<&Map<String, Value>>,
) -> Row {
    let inside = |name: &str| pe.and_then(|pe| pe.get(name)).and_then(Value::as_object);
    let information = information.or_else(|| inside("VersionInformation"));
    let header = inside("FileHeader");
    let text = |name: &str| information?.get(name)?.as_str().and_then(filled);
    let strings = StringTable {
        file_version: text("FileVersion"),
        product_version: text("ProductVersion"),
        original_filename: text("OriginalFilename"),
        product_name: text("ProductName"),
        company_name: text("CompanyName"),
        ..StringTable::default()
    };
    let version = match Version::new([None, None], strings, None) {
        Version::Absent => Version::NotTold,
        found => found,
    };
    // `IMAGE_FILE_MACHINE_I386`.
    let machine = header.and_then(|header| header.get("Machine")?.as_str()?.rsplit('_').next());
    let machine = machine.and_then(Machine::from_platform_word);
    let built =
        header.and_then(|header| header.get("TimeDateStampRaw")?.as_u64()).and_then(|raw| u32::try_from(raw).ok());
    Row {
        path,
        size,
        modified: time::seconds(modified),
        built,
        format: Format::Pe,
        machine: machine.map_or(Stated::Class(MachineClass::Any), Stated::Machine),
        version,
        fixed_stated: false,
    }
}
