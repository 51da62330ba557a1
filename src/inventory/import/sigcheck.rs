//! Sysinternals `sigcheck -c` (commas) and `-ct` (tabs).
//!
//! Columns: `Path`, `Verified`, `Date`, `Publisher`, `Company`, `Description`, `Product`, `Product Version`, `File
//! Version`, `Machine Type`; with `-a` also `Binary Version` and `Original Name`. `File Version` is the string, `Binary
//! Version` the fixed version. Dates are local and in the format of the culture: they are not used.

use super::ImportError;
use super::rows::{Files, Row, Stated, Version, filled, fixed};
use super::table::{self, Columns, Line};
use crate::Machine;
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The tool's name in errors.
const NAME: &str = "sigcheck";

/// True for the line with the columns' names.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').to_lowercase();
    let line = line.replace('"', "");
    ["path,verified,", "path\tverified\t"].iter().any(|start| line.starts_with(start))
}

/// The files of a list.
pub(super) fn read(text: &Texts<'_>, files: &mut Files<'_>) -> Result<(), ImportError> {
    let check = |columns: &Columns| match columns.has("file version") || columns.has("binary version") {
        true => Ok(()),
        false => Err(super::error(NAME, "line 1", "there is no column 'File Version'")),
    };
    table::rows(NAME, text, is_header, check, |line| files.add(row(line)?))
}

fn row(line: Line<'_>) -> Result<Row, ImportError> {
    let path = line.path("path").ok_or_else(|| line.error("the column 'Path' is empty"))?;
    let (format, machine) = match line.text("machine type").to_lowercase().as_str() {
        "16-bit" => (Format::Ne, Stated::Machine(Machine::I386)),
        "32-bit" => (Format::Pe, Stated::Class(MachineClass::Bits32)),
        "64-bit" => (Format::Pe, Stated::Class(MachineClass::Bits64)),
        _ => (Format::Pe, Stated::Class(MachineClass::Any)),
    };
    let binary = line.text("binary version");
    let fixed_file = match (binary, fixed(binary)) {
        ("", _) => None,
        (_, Some(numbers)) => Some(numbers),
        (other, None) => return Err(line.error(format!("Binary Version: expected four numbers, found '{other}'"))),
    };
    let strings = StringTable {
        file_version: filled(line.text("file version")),
        product_version: filled(line.text("product version")),
        original_filename: filled(line.text("original name")),
        product_name: filled(line.text("product")),
        company_name: filled(line.text("company")),
        ..StringTable::default()
    };
    // Without this column, a file without a resource cannot be distinguished from one that is not an executable.
    let fixed_stated = line.has("binary version");
    let version = match Version::new([fixed_file, None], strings, None) {
        Version::Absent => Version::NotTold,
        stated => stated,
    };
    Ok(Row { path, size: None, modified: None, built: None, format, machine, version, fixed_stated })
}
