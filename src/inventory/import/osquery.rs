//! Rows of the osquery table `file`, as `osqueryi --json` prints and `osqueryd` logs them.
//!
//! `file_version` and `product_version` are the fixed versions (`VS_FIXEDFILEINFO`). All values are texts. Logs contain
//! whole results (`snapshot`) or changes: one by one in `columns`, or together in `diffResults`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::ImportError;
use super::json::{self, Object};
use super::rows::{Files, Row, Stated, Version, fixed};
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The tool's name in errors.
const NAME: &str = "osquery";

/// One entry of a list or log.
enum Event {
    /// The file exists, with its columns as written.
    There(Map<String, Value>, Row),
    /// The row with these columns, which has this path, is no longer in the result.
    Gone(Map<String, Value>, String),
}

/// How many files of a log with removals are held.
const MAX_LOGGED: usize = 1_000_000;

/// Reads the files of a list; for a log, the files at its end.
pub(super) fn read(text: &Texts<'_>, files: &mut Files<'_>) -> Result<(), ImportError> {
    let mut removes = false;
    let added = rows(text, |event| match event {
        Event::There(_, row) => files.add(row),
        // The log removes files, so the files added so far may be removed later.
        Event::Gone(..) => {
            removes = true;
            Err(super::error(NAME, "", ""))
        }
    });
    if !removes {
        return added;
    }
    files.clear();
    let mut last: HashMap<String, (Map<String, Value>, Row)> = HashMap::new();
    rows(text, |event| {
        match event {
            Event::There(columns, row) => _ = last.insert(row.path.clone(), (columns, row)),
            // A row that replaced the removed one stays, whichever of the two the log names first.
            Event::Gone(columns, path) => {
                if last.get(&path).is_some_and(|(there, _)| *there == columns) {
                    last.remove(&path);
                }
            }
        }
        if last.len() > MAX_LOGGED {
            let what = format!("a log that removes files is held, and has more than {MAX_LOGGED} of them");
            return Err(super::error(NAME, "log", what));
        }
        Ok(())
    })?;
    last.into_values().try_for_each(|(_, row)| files.add(row))
}

/// Calls `read` with each event. In logs, the rows of a whole result are in `snapshot`.
fn rows(text: &Texts<'_>, mut read: impl FnMut(Event) -> Result<(), ImportError>) -> Result<(), ImportError> {
    json::rows(NAME, text, "snapshot", |entry| events(&entry)?.into_iter().try_for_each(&mut read))
}

/// A row itself; a change, with `action` and `columns`; or all changes of one query, in `diffResults`.
fn events(entry: &Object<'_>) -> Result<Vec<Event>, ImportError> {
    if let Some(changes) = entry.object("diffResults") {
        let gone = changes.objects("removed")?.into_iter().map(|columns| event(&columns, true));
        let there = changes.objects("added")?.into_iter().map(|columns| event(&columns, false));
        return gone.chain(there).filter_map(Result::transpose).collect();
    }
    let removed = entry.get("action").is_some_and(|action| action == "removed");
    let event = match entry.object("columns") {
        Some(columns) => event(&columns, removed)?,
        None => event(entry, false)?,
    };
    Ok(event.into_iter().collect())
}

/// `None` for anything but a regular file.
fn event(object: &Object<'_>, removed: bool) -> Result<Option<Event>, ImportError> {
    if object.text("type")?.is_some_and(|kind| kind != "regular") {
        return Ok(None);
    }
    let columns = object.members().clone();
    Ok(Some(match removed {
        true => Event::Gone(columns, path(object)?),
        false => Event::There(columns, row(object)?),
    }))
}

fn path(object: &Object<'_>) -> Result<String, ImportError> {
    match (object.text("path")?, object.text("directory")?, object.text("filename")?) {
        (Some(path), ..) => Ok(path),
        (None, Some(directory), Some(name)) => Ok(format!("{}\\{name}", directory.trim_end_matches(['\\', '/']))),
        _ => Err(object.error("there is no 'path'")),
    }
}

fn row(object: &Object<'_>) -> Result<Row, ImportError> {
    let stated = object.get("file_version").is_some() || object.get("product_version").is_some();
    let number = |name: &str| -> Result<Option<[u16; 4]>, ImportError> {
        match object.text(name)? {
            None => Ok(None),
            Some(text) => fixed(&text)
                .map(Some)
                .ok_or_else(|| object.error(format!("{name}: expected four numbers, found '{text}'"))),
        }
    };
    let strings = StringTable { original_filename: object.text("original_filename")?, ..StringTable::default() };
    let version = match (stated, Version::new([number("file_version")?, number("product_version")?], strings, None)) {
        (false, _) => Version::NotTold,
        (true, version) => version,
    };
    Ok(Row {
        path: path(object)?,
        size: object.size("size")?,
        modified: object.number("mtime")?,
        built: None,
        format: Format::Pe,
        machine: Stated::Class(MachineClass::Any),
        version,
        fixed_stated: true,
    })
}
