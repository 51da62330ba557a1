//! The plain list: a CSV with a header, for your own scripts. `docs/inventories.md` describes its columns.
//!
//! Only `path` is required. A missing column or an empty cell means not recorded; `none` as a version means that the
//! file has none. Times without a zone are UTC.

use super::ImportError;
use super::rows::{Files, Row, Stated, Version, filled, fixed};
use super::table::{self, Line};
use super::time;
use crate::Machine;
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use crate::knowledge::Languages;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The format's name in errors.
const NAME: &str = "csv";
/// The text for a file without a version.
const NONE: &str = "none";
/// Columns that other lists with a `path` column do not have.
const OWN: [&str; 6] = ["size", "modified", "version", "version_string", "machine", "linked"];

/// True for the header line that identifies this format: other lists have a `path`, too.
pub(super) fn is_header(line: &str) -> bool {
    let names = names(line);
    has_path(&names) && OWN.iter().any(|own| names.iter().any(|name| name == own))
}

/// True for a text with the single column title `path` and rows below it.
pub(super) fn is_bare(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    lines.next().is_some_and(|first| names(first) == ["path"]) && lines.next().is_some()
}

fn names(line: &str) -> Vec<String> {
    let line = line.trim_start_matches('\u{feff}').replace('"', "").to_lowercase();
    line.split([',', ';', '\t', '|']).map(|name| table::underscored(name.trim())).collect()
}

fn has_path(names: &[String]) -> bool {
    names.iter().any(|name| name == "path")
}

/// The files of a list.
pub(super) fn read(text: &Texts<'_>, languages: &Languages, files: &mut Files<'_>) -> Result<(), ImportError> {
    table::rows(NAME, text, |line| has_path(&names(line)), |_| Ok(()), |line| files.add(row(line, languages)?))
}

fn row(line: Line<'_>, languages: &Languages) -> Result<Row, ImportError> {
    let path = line.path("path").ok_or_else(|| line.error("the column 'path' is empty"))?;
    let (format, machine) = machine(line)?;
    let number = |column: &str| -> Result<Option<[u16; 4]>, ImportError> {
        match line.text(column) {
            text if text.is_empty() || text.eq_ignore_ascii_case(NONE) => Ok(None),
            text => fixed(text)
                .map(Some)
                .ok_or_else(|| line.error(format!("{column}: expected four numbers or '{NONE}', found '{text}'; leave the cell empty if the version is not known"))),
        }
    };
    let numbers = [number("version")?, number("product_version")?];
    let strings = StringTable {
        file_version: filled(line.text("version_string")),
        original_filename: filled(line.text("original_name")),
        product_name: filled(line.text("product")),
        company_name: filled(line.text("company")),
        ..StringTable::default()
    };
    let has_none = line.text("version").eq_ignore_ascii_case(NONE);
    let language = match line.text("language") {
        "" => None,
        text => Some(language(text, languages).ok_or_else(|| {
            line.error(format!("language: expected a number as 0x0409 or a word as English, found '{text}'"))
        })?),
    };
    let is_unstated = line.text("version").is_empty() && strings == StringTable::default() && numbers[1].is_none();
    let version = match Version::new(numbers, strings, language) {
        Version::Absent if !has_none => Version::NotTold,
        // A language alone is not a version.
        _ if is_unstated => Version::NotTold,
        stated => stated,
    };
    let size = match line.text("size") {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            line.error(format!("size: expected bytes, found '{text}'; write digits alone, or leave the cell empty"))
        })?),
    };
    let built = match moment(line, "linked")? {
        None => None,
        Some(seconds) => Some(u32::try_from(seconds).map_err(|_| {
            line.error(format!("linked: expected a time from 1970 to 2106, found '{}'", line.text("linked")))
        })?),
    };
    let fixed_stated = has_none || numbers[0].is_some();
    Ok(Row { path, size, modified: moment(line, "modified")?, built, format, machine, version, fixed_stated })
}

/// `i386`, `alpha`; 0x14c, as in the header of the file; or `32-bit`, `64-bit` where only that is known.
fn machine(line: Line<'_>) -> Result<(Format, Stated), ImportError> {
    let text = line.text("machine");
    let number = text.strip_prefix("0x").and_then(|digits| u16::from_str_radix(digits, 16).ok());
    Ok(match text.to_ascii_lowercase().as_str() {
        "" => (Format::Pe, Stated::Class(MachineClass::Any)),
        "16-bit" => (Format::Ne, Stated::Machine(Machine::I386)),
        "32-bit" => (Format::Pe, Stated::Class(MachineClass::Bits32)),
        "64-bit" => (Format::Pe, Stated::Class(MachineClass::Bits64)),
        _ => {
            let machine = number.and_then(Machine::from_pe).or_else(|| Machine::from_platform_word(text));
            let known = Machine::ALL.map(Machine::name).join(", ");
            let wrong =
                || line.error(format!("machine: expected one of {known}, 16-bit, 32-bit, 64-bit, found '{text}'"));
            (Format::Pe, Stated::Machine(machine.ok_or_else(wrong)?))
        }
    })
}

fn language(text: &str, languages: &Languages) -> Option<u16> {
    match text.strip_prefix("0x") {
        Some(digits) => u16::from_str_radix(digits, 16).ok(),
        None => languages.id(text),
    }
}

/// Seconds since 1970 UTC: from `2004-08-04T12:00:00Z`, from another zone, without a zone (UTC), from a date (its
/// beginning), or from the number of seconds itself.
fn moment(line: Line<'_>, column: &str) -> Result<Option<i64>, ImportError> {
    let text = line.text(column);
    if text.is_empty() {
        return Ok(None);
    }
    let number = || text.parse::<i64>().ok();
    // Milliseconds, and the 100-nanosecond units since 1601 of Windows, are larger.
    if number().is_some_and(|seconds| seconds > i64::from(u32::MAX)) {
        return Err(line.error(format!("{column}: expected seconds since 1970, up to 2106, found '{text}'")));
    }
    let found = number().or_else(|| time::seconds(text));
    let wrong = || {
        line.error(format!(
            "{column}: expected a time as 2004-08-04T12:00:00Z, found '{text}'; or leave the cell empty"
        ))
    };
    found.map(Some).ok_or_else(wrong)
}
