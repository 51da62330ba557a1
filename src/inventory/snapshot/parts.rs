//! Converts the parts of the file format into those of a [`Snapshot`](super::Snapshot).

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

use super::form::{
    CollectedForm, CoverageForm, FileForm, HiveForm, ProblemForm, SystemForm, TreeForm, path_bytes, usual_field,
};
use super::versions::Originals;
use super::{Coverage, FileRecord, Names, Origin, Packing, SnapshotError};
use crate::inventory::{Collected, CopyKind, Problem, RelativePath, System};
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};
use hotfixcheck_winfiles::hive::Condition;

/// The version block that a file still needs.
#[derive(Debug)]
pub(super) struct Block {
    /// Its index in `versions`.
    pub place: usize,
    pub originals: Originals,
}

pub(super) fn part(place: impl Into<String>, what: impl Into<String>) -> SnapshotError {
    SnapshotError::Part { place: place.into(), what: what.into() }
}

fn raw(text: &str, raw: Option<&str>, place: impl FnOnce() -> String) -> Result<Vec<u8>, SnapshotError> {
    path_bytes(text, raw).ok_or_else(|| part(place(), "path_raw: expected bytes in hexadecimal"))
}

/// The position of a file, as in error messages.
pub(super) fn place_of_file(place: usize, path: &str) -> String {
    format!("files[{place}] ({path})")
}

pub(super) fn root(form: &TreeForm<'_>, place: usize) -> Result<PathBuf, SnapshotError> {
    let bytes = raw(&form.path, form.path_raw.as_deref(), || format!("trees[{place}]"))?;
    Ok(PathBuf::from(system_string(bytes)))
}

pub(super) fn coverage(form: CoverageForm) -> Coverage {
    Coverage::Names(Names { extensions: form.extensions, names: form.names })
}

/// The path of a file below its root.
pub(super) fn path(form: &FileForm<'_>, place: usize) -> Result<RelativePath, SnapshotError> {
    let bytes = raw(&form.path, form.path_raw.as_deref(), || place_of_file(place, &form.path))?;
    Ok(RelativePath::from_bytes(bytes))
}

/// A file without its version block, and which block it needs; `copy` is what its folder tells of it.
pub(super) fn record(form: FileForm<'_>, path: RelativePath, copy: Option<CopyKind>) -> (FileRecord, Option<Block>) {
    let version = match form.corrupt {
        Some(detail) => VersionOutcome::Corrupt { detail },
        None => VersionOutcome::Absent,
    };
    let originals = Originals { all: form.original.map(Cow::into_owned), each: form.originals };
    let block = form.version.map(|place| Block { place, originals });
    let (binary, block) = match form.error {
        Some(error) => (Err(error), None),
        None => {
            let binary = Binary {
                format: form.format,
                machine: form.machine,
                machine_raw: form.machine_raw.unwrap_or_else(|| usual_field(form.format, form.machine)),
                time_stamp: form.built,
                checksum: form.checksum,
                version,
            };
            (Ok(binary), block)
        }
    };
    let record = FileRecord {
        origin: form.origin,
        copy: if form.origin == Origin::File { copy } else { form.copy },
        packing: form.packed.map(|packed| Packing { hint: packed.hint, unpacked_size: packed.size }),
        size: form.size,
        modified: form.modified,
        unstated: form.unstated,
        ..FileRecord::new(form.tree, path, binary)
    };
    (record, block)
}

pub(super) fn problem(form: ProblemForm<'_>, place: usize) -> Result<Problem, SnapshotError> {
    let at = || format!("problems[{place}] ({})", form.path);
    let path = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    Ok(Problem { root: form.tree, path, what: form.what.into_owned() })
}

pub(super) fn collected(form: CollectedForm<'_>, place: usize) -> Result<Collected, SnapshotError> {
    let at = || format!("collected[{place}] ({})", form.path);
    let path = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    Ok(Collected { root: form.tree, path, name: form.name.into_owned() })
}

pub(super) fn system(form: SystemForm<'_>, place: usize) -> Result<System, SnapshotError> {
    let at = || format!("systems[{place}] ({})", form.path);
    let folder = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    let condition = |form: HiveForm| {
        let HiveForm { hive, unfinished, wrong_checksum, truncated, replayed } = form;
        (hive, Condition { unfinished, wrong_checksum, truncated, replayed })
    };
    Ok(System {
        root: form.tree,
        folder,
        hives: form.hives.into_iter().map(condition).collect(),
        facts: form.facts.into_owned(),
        hotfixes: form.hotfixes.into_owned(),
        problems: form.problems.into_owned(),
    })
}

/// The bytes as a string of the operating system; where these are not bytes, invalid UTF-8 becomes U+FFFD.
fn system_string(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    return String::from_utf8_lossy(&bytes).into_owned().into();
}
