//! Loads the catalogues that the options name.

use std::path::Path;

use hotfixcheck::KbId;
use hotfixcheck::catalog::{self, Catalog, CatalogError};

use super::args::CatalogArgs;
use super::error::CliError;

/// The error for an id that the catalogue does not have, with those that it may have been meant for. `text` is the id as
/// it was typed.
pub(super) fn unknown(catalog: &Catalog, name: &str, id: KbId, text: &str) -> CliError {
    let near: Vec<String> = catalog.nearest(id).iter().map(ToString::to_string).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
    CliError::Usage(format!("article '{text}' is not in the {name} catalogue{hint}"))
}

/// What the built-in catalogue is called.
pub(super) const BUILT_IN: &str = "built-in";

/// What the catalogue that the options name is called in reports.
pub(super) fn name(args: &CatalogArgs) -> String {
    let first = args.catalog.as_ref().map_or_else(|| BUILT_IN.to_owned(), |path| path.display().to_string());
    args.add_catalog.iter().fold(first, |name, path| format!("{name} + {}", path.display()))
}

/// The program's own text is broken: a bug.
pub(super) fn built_in(source: CatalogError) -> CliError {
    CliError::Catalogue { name: BUILT_IN.to_owned(), source }
}

/// The catalogue that the options name, and its name for the report.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
pub(super) fn load(args: &CatalogArgs) -> Result<(Catalog, String), CliError> {
    let mut catalog = match &args.catalog {
        Some(path) => load_file(path)?,
        None => Catalog::embedded().map_err(built_in)?,
    };
    for path in &args.add_catalog {
        catalog = catalog.with(load_file(path)?);
    }
    Ok((catalog, name(args)))
}

/// A catalogue from a file.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
pub(super) fn load_file(path: &Path) -> Result<Catalog, CliError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| CliError::CatalogueFile { path: path.to_owned(), source })?;
    // A catalogue is needed as long as the program runs: its text is kept, and its fields are parts of that.
    catalog::read_static(text.leak()).map_err(|source| CliError::Catalogue { name: path.display().to_string(), source })
}
