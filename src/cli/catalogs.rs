//! Opens the catalogues that the options name.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use hotfixcheck::catalog::{self, Catalog, CatalogError, CompiledCatalog, OpenCatalog};

use super::args::CatalogArgs;
use super::error::CliError;

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
pub(super) fn open(args: &CatalogArgs) -> Result<(OpenCatalog, String), CliError> {
    let mut catalog = match &args.catalog {
        Some(path) => open_file(path)?,
        None => {
            let broken = |error: catalog::OpenError| CatalogError { line: 0, what: error.to_string() };
            OpenCatalog::of_compiled(CompiledCatalog::built_in().map_err(broken).map_err(built_in)?)
        }
    };
    for path in &args.add_catalog {
        catalog = catalog.with(load_file(path)?);
    }
    Ok((catalog, name(args)))
}

/// Every article of the catalogue that the options name.
///
/// # Errors
/// As [`open`].
pub(super) fn load(args: &CatalogArgs) -> Result<Catalog, CliError> {
    let (catalog, name) = open(args)?;
    let whole = catalog.whole().map_err(|source| CliError::Catalogue { name, source })?;
    Ok(whole.into_owned())
}

/// A catalogue from a file, as text or compiled.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
fn open_file(path: &Path) -> Result<OpenCatalog, CliError> {
    let error = |source| CliError::CatalogueFile { path: path.to_owned(), source };
    let broken = |source| CliError::Catalogue { name: path.display().to_string(), source };
    let bytes = std::fs::read(path).map_err(error)?;
    if CompiledCatalog::is_compiled(&bytes) {
        let compiled = CompiledCatalog::open(bytes);
        return compiled
            .map(OpenCatalog::of_compiled)
            .map_err(|source| CliError::CompiledCatalogue { path: path.to_owned(), source });
    }
    let text = String::from_utf8(bytes).map_err(|error_| {
        let what = format!("not UTF-8 text after byte {}", error_.utf8_error().valid_up_to());
        error(std::io::Error::new(std::io::ErrorKind::InvalidData, what))
    })?;
    catalog::read(&text).map(OpenCatalog::of_text).map_err(broken)
}

/// Every article of a catalogue from a file, as text or compiled.
///
/// # Errors
/// A file that cannot be read or is no catalogue.
pub(super) fn load_file(path: &Path) -> Result<Catalog, CliError> {
    let open = open_file(path)?;
    let whole = open.whole().map_err(|source| CliError::Catalogue { name: path.display().to_string(), source })?;
    Ok(whole.into_owned())
}

/// True for a file that is a catalogue, as text or compiled.
pub(super) fn is_catalogue(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = path.is_file().then(|| File::open(path).ok()).flatten().map(|file| file.take(64).read_to_end(&mut head));
    matches!(read, Some(Ok(_))) && (head.starts_with(catalog::HEADER.as_bytes()) || CompiledCatalog::is_compiled(&head))
}
