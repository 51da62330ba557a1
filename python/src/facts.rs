//! The facts of articles and files.

use std::path::{Path, PathBuf};

use hotfixcheck::KbId;
use hotfixcheck::articles::Article;
use hotfixcheck::catalog::{self, ArticleRef, Gathered, MAX_ARTICLE_BYTES, WithOrigins};
use hotfixcheck::inventory::snapshot::{self, Names};
use hotfixcheck::inventory::{Coverage, Wanted, record};
use hotfixcheck::{message_of, winfiles};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;

use crate::alone::{alone, on_all};
use crate::judge::shared;

/// The facts of the articles in a text, as printed by `hotfixcheck extract`.
#[pyfunction]
pub(crate) fn extract<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = alone(py, || {
        if text.len() as u64 > MAX_ARTICLE_BYTES {
            return Err(format!("larger than {MAX_ARTICLE_BYTES} bytes: not read as an article"));
        }
        let mut gathered = Gathered::default();
        gathered.parse(Path::new("text"), text);
        match gathered.problems.first() {
            Some(problem) => Err(problem.reason.clone()),
            None => json(&gathered.articles),
        }
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The article of this id.
#[pyfunction]
pub(crate) fn article<'py>(py: Python<'py>, id: &str) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = alone(py, || {
        id.parse::<KbId>().map_err(|error| message_of(&error))?;
        named(id)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The articles that an id, a bulletin, a vulnerability or the name of a corrected file names.
#[pyfunction]
pub(crate) fn articles<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = alone(py, || named(name))?;
    Ok(PyBytes::new(py, &bytes))
}

/// These articles in JSON, with the sources of their facts, as `hotfixcheck article` prints them.
fn named(name: &str) -> Result<Vec<u8>, String> {
    let catalog = &shared()?.catalog;
    let Ok(reference) = name.parse::<ArticleRef>();
    let ids = catalog::find_all(&[reference], catalog, "built-in").map_err(|error| message_of(&error))?;
    let found = catalog.articles(&ids).map_err(|error| message_of(&error))?;
    let origins = catalog.origins(&ids).map_err(|error| message_of(&error))?;
    let articles: Vec<Article> = ids.iter().filter_map(|id| found.article(*id).cloned()).collect();
    json(&WithOrigins::of(&articles, &origins))
}

/// A file and its contents.
#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    size: Option<u64>,
    modified: Option<i64>,
    unpacked_size: Option<u64>,
    #[serde(flatten)]
    binary: &'a winfiles::binary::Binary,
}

/// The contents of one file: a binary, or a packed one.
#[pyfunction]
pub(crate) fn versions<'py>(py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = on_all(py, || {
        let text = path.display().to_string();
        if path.is_dir() {
            return Err(format!("cannot read '{text}': it is a folder; use inventory()"));
        }
        let wanted = Wanted::named(|_| true).sniffing(true);
        let recorded = record(std::slice::from_ref(&path), &wanted, &|_progress| {});
        let recorded = recorded.map_err(|error| message_of(&error))?;
        if let Some(problem) = recorded.problems.first() {
            return Err(format!("cannot read '{text}': {}", problem.what));
        }
        match recorded.files.as_slice() {
            [file] => match &file.binary {
                Err(why) => Err(format!("cannot read '{text}': {why}")),
                Ok(binary) => json(&File {
                    path: &text,
                    size: file.size,
                    modified: file.modified,
                    unpacked_size: file.packing.as_ref().and_then(|packing| packing.unpacked_size),
                    binary,
                }),
            },
            [] => Err(format!("cannot read '{text}': not a Windows binary")),
            files => Err(format!("'{text}' holds {} files; use inventory()", files.len())),
        }
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// A snapshot of trees, as written by `hotfixcheck inventory`.
#[pyfunction]
pub(crate) fn inventory<'py>(py: Python<'py>, paths: Vec<PathBuf>, sniff: bool) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = on_all(py, || {
        let names = Names::new(shared()?.catalog.file_keys());
        let wanted = Wanted::named(|name| names.holds(name)).sniffing(sniff);
        let recorded = record(&paths, &wanted, &|_progress| {}).map_err(|error| match error.hint() {
            Some(hint) => format!("{}; {hint}", message_of(&error)),
            None => message_of(&error),
        });
        let mut recorded = recorded?;
        recorded.coverage = Coverage::Names(names);
        snapshot::write(&recorded).map_err(|error| message_of(&error))
    })?;
    Ok(PyBytes::new(py, &bytes))
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| message_of(&error))
}
