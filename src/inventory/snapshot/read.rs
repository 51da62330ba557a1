//! JSON -> [`Snapshot`].

use std::ffi::OsString;
use std::path::PathBuf;

use super::form::{
    CoverageForm, FileForm, Head, HiveForm, ProblemForm, SnapshotForm, SystemForm, path_bytes, usual_field,
};
use super::versions::{Originals, VersionForm};
use super::{Coverage, FileRecord, Names, Origin, Packing, SCHEMA, Snapshot};
use crate::inventory::{Problem, RelativePath, System, copy_kind};
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};
use hotfixcheck_winfiles::hive::Condition;

/// Why a snapshot cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is not JSON, or not of this form.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Another program's JSON, or a later version's.
    #[error("its schema is '{found}': expected '{SCHEMA}'")]
    Schema {
        /// What it says it is.
        found: String,
    },
    /// A part that points nowhere or cannot be understood.
    #[error("{place}: {what}")]
    Part {
        /// Which part: `files[17] (WINNT/System32/a.dll)`.
        place: String,
        /// What is wrong with it.
        what: String,
    },
}

/// Reads the written form. Members that it does not know are passed over.
///
/// # Errors
/// What is not a snapshot of this version, with the line; a part that points nowhere.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let form = match serde_json::from_slice::<SnapshotForm>(bytes) {
        Ok(form) => form,
        Err(error) => return Err(other_schema(bytes).unwrap_or(error.into())),
    };
    if form.schema != SCHEMA {
        return Err(SnapshotError::Schema { found: form.schema.into_owned() });
    }
    let trees = form.trees.len();
    let root = |(place, tree): (usize, super::form::TreeForm)| {
        let bytes = raw(&tree.path, tree.path_raw.as_deref(), || format!("trees[{place}]"))?;
        Ok(PathBuf::from(system_string(bytes)))
    };
    let versions = &form.versions;
    Ok(Snapshot {
        roots: form.trees.into_iter().enumerate().map(root).collect::<Result<_, SnapshotError>>()?,
        coverage: form.coverage.map_or(Coverage::Whole, coverage),
        sniffed: form.sniffed,
        files_seen: form.files_seen,
        files: each(form.files, |place, file| record(file, versions, trees, place))?,
        problems: each(form.problems, |place, problem| self::problem(problem, trees, place))?,
        warnings: each(form.warnings, |place, warning| self::problem(warning, trees, place))?,
        systems: each(form.systems, |place, system| self::system(system, trees, place))?,
    })
}

/// A file that says that it is of another form is not broken.
fn other_schema(bytes: &[u8]) -> Option<SnapshotError> {
    let head: Head = serde_json::from_slice(bytes).ok()?;
    (head.schema != SCHEMA).then_some(SnapshotError::Schema { found: head.schema })
}

fn each<T, U>(items: Vec<T>, read: impl Fn(usize, T) -> Result<U, SnapshotError>) -> Result<Vec<U>, SnapshotError> {
    items.into_iter().enumerate().map(|(place, item)| read(place, item)).collect()
}

fn part(place: impl FnOnce() -> String, what: impl Into<String>) -> SnapshotError {
    SnapshotError::Part { place: place(), what: what.into() }
}

fn raw(text: &str, raw: Option<&str>, place: impl FnOnce() -> String) -> Result<Vec<u8>, SnapshotError> {
    path_bytes(text, raw).ok_or_else(|| part(place, "path_raw: expected bytes in hexadecimal"))
}

fn tree(tree: usize, trees: usize, place: impl FnOnce() -> String) -> Result<usize, SnapshotError> {
    if tree < trees { Ok(tree) } else { Err(part(place, format!("tree {tree}: there are {trees}"))) }
}

fn coverage(form: CoverageForm) -> Coverage {
    Coverage::Names(Names { extensions: form.extensions, names: form.names })
}

fn record(form: FileForm, versions: &[VersionForm], trees: usize, place: usize) -> Result<FileRecord, SnapshotError> {
    let at = || format!("files[{place}] ({})", form.path);
    let path = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    let root = tree(form.tree, trees, at)?;
    let version = match (form.version, form.corrupt) {
        (Some(block), _) => {
            let block = versions
                .get(block)
                .ok_or_else(|| part(at, format!("version {block}: there are {}", versions.len())))?;
            let originals = Originals { all: form.original, each: form.originals };
            let info = block.info(originals).ok_or_else(|| part(at, "originals: not one for each string table"))?;
            VersionOutcome::Found(info)
        }
        (None, Some(detail)) => VersionOutcome::Corrupt { detail },
        (None, None) => VersionOutcome::Absent,
    };
    let binary = match form.error {
        Some(error) => Err(error),
        None => Ok(Binary {
            format: form.format,
            machine: form.machine,
            machine_raw: form.machine_raw.unwrap_or_else(|| usual_field(form.format, form.machine)),
            time_stamp: form.built,
            checksum: form.checksum,
            version,
        }),
    };
    Ok(FileRecord {
        origin: form.origin,
        copy: if form.origin == Origin::File { copy_kind(&path) } else { form.copy },
        packing: form.packed.map(|packed| Packing { hint: packed.hint, unpacked_size: packed.size }),
        size: form.size,
        modified: form.modified,
        untold: form.untold,
        ..FileRecord::new(root, path, binary)
    })
}

fn problem(form: ProblemForm, trees: usize, place: usize) -> Result<Problem, SnapshotError> {
    let at = || format!("problems[{place}] ({})", form.path);
    let path = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    Ok(Problem { root: tree(form.tree, trees, at)?, path, what: form.what.into_owned() })
}

fn system(form: SystemForm, trees: usize, place: usize) -> Result<System, SnapshotError> {
    let at = || format!("systems[{place}] ({})", form.path);
    let folder = RelativePath::from_bytes(raw(&form.path, form.path_raw.as_deref(), at)?);
    let condition = |form: HiveForm| {
        let HiveForm { hive, unfinished, wrong_checksum, truncated, replayed } = form;
        (hive, Condition { unfinished, wrong_checksum, truncated, replayed })
    };
    Ok(System {
        root: tree(form.tree, trees, at)?,
        folder,
        hives: form.hives.into_iter().map(condition).collect(),
        facts: form.facts.into_owned(),
        hotfixes: form.hotfixes.into_owned(),
        problems: form.problems.into_owned(),
    })
}

/// The bytes as the system's own string; where its strings are not bytes, what is not UTF-8 becomes U+FFFD.
fn system_string(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    return String::from_utf8_lossy(&bytes).into_owned().into();
}
