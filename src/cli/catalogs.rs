//! Opens the catalogues in the options.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::string::FromUtf8Error;

use hotfixcheck::assess::neighbours::Neighbours;
use hotfixcheck::catalog::{self, Catalog, CatalogError, CompiledCatalog, OpenCatalog};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::RunNote;

use super::args::CatalogArgs;
use super::config::Config;
use super::error::CliError;

/// The name of the built-in catalogue.
pub(super) const BUILT_IN: &str = "built-in";

/// The catalogues of the options, or else those of the configuration file.
pub(super) fn configured(args: &CatalogArgs, config: &Config) -> CatalogArgs {
    let add = if args.add_catalog.is_empty() { &config.add_catalog } else { &args.add_catalog };
    CatalogArgs { catalog: args.catalog.clone().or_else(|| config.catalog.clone()), add_catalog: add.clone() }
}

/// The name of the selected catalogue in reports.
pub(super) fn name(args: &CatalogArgs) -> String {
    let first = args.catalog.as_ref().map_or_else(|| BUILT_IN.to_owned(), |path| path.display().to_string());
    args.add_catalog.iter().fold(first, |name, path| format!("{name} + {}", path.display()))
}

/// The program's own catalogue is damaged: a bug.
pub(super) fn built_in(source: CatalogError) -> CliError {
    CliError::Catalogue { name: BUILT_IN.to_owned(), source }
}

/// The selected catalogue, and its name for the report.
///
/// # Errors
/// A file that cannot be read or is not a catalogue.
pub(super) fn open(args: &CatalogArgs) -> Result<(OpenCatalog, String), CliError> {
    let mut catalog = match &args.catalog {
        Some(path) => open_file(path)?.0,
        None => {
            let broken = |error: catalog::OpenError| CatalogError { line: 0, what: error.to_string() };
            OpenCatalog::of_compiled(CompiledCatalog::built_in().map_err(broken).map_err(built_in)?)
        }
    };
    let name = name(args);
    for path in &args.add_catalog {
        let added = load_file(path)?;
        catalog = catalog.with(added).map_err(|source| CliError::Catalogue { name: name.clone(), source })?;
    }
    Ok((catalog, name))
}

/// How many articles are named of which an added catalogue replaces something.
const MOST_NAMED: usize = 5;

/// The facts that the added catalogues replace, in a sentence for the report; `None` where nothing is lost.
pub(super) fn replaced(catalog: &OpenCatalog) -> Option<RunNote> {
    let replaced = catalog.replaced();
    let named: Vec<String> = replaced.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let named = named.join("; ");
    (!replaced.is_empty()).then(|| {
        RunNote::Replaced(match replaced.len().saturating_sub(MOST_NAMED) {
            0 => format!("no longer used: {named}"),
            more => format!("no longer used: {named}; and of {more} more articles"),
        })
    })
}

/// Every article of the selected catalogue.
///
/// # Errors
/// As [`open`].
pub(super) fn load(args: &CatalogArgs) -> Result<Catalog, CliError> {
    let (catalog, name) = open(args)?;
    let whole = catalog.whole().map_err(|source| CliError::Catalogue { name, source })?;
    Ok(whole.into_owned())
}

/// A catalogue from a file, as text or compiled, and the comments of its head.
///
/// # Errors
/// A file that cannot be read or is not a catalogue.
fn open_file(path: &Path) -> Result<(OpenCatalog, String), CliError> {
    let error = |source| CliError::CatalogueFile { path: path.to_owned(), source };
    let broken = |source| CliError::Catalogue { name: path.display().to_string(), source };
    // Of what does not begin as a catalogue, only as much is read as a message needs.
    let mut input = BufReader::new(super::read_file::open(path).map_err(error)?);
    let most = if may_be_catalogue(input.fill_buf().map_err(error)?) { MAX_CATALOGUE } else { MAX_OTHER };
    let bytes = super::read_file::rest(input, most).map_err(|found| match most {
        MAX_OTHER => error(std::io::Error::new(std::io::ErrorKind::InvalidData, "it does not begin as a catalogue")),
        _ => error(found),
    })?;
    if CompiledCatalog::is_compiled(&bytes) {
        // The catalogue is used until the program ends.
        let compiled = CompiledCatalog::open_for_good(bytes.leak());
        return compiled
            .map(|compiled| (compiled.form().heads(), OpenCatalog::of_compiled(compiled)))
            .map(|(head, open)| (open, head))
            .map_err(|source| CliError::CompiledCatalogue { path: path.to_owned(), source });
    }
    let text = text_of(bytes).map_err(|error_| {
        let what = format!("not UTF-8 text after byte {}", error_.utf8_error().valid_up_to());
        error(std::io::Error::new(std::io::ErrorKind::InvalidData, what))
    })?;
    let read = catalog::read(&text).map_err(broken)?;
    Ok((OpenCatalog::of_text(read), hotfixcheck_catalog::head(&text)))
}

/// The largest catalogue that is read: some hundred times the built-in one.
const MAX_CATALOGUE: u64 = 1 << 30;
/// How much of another file is read, for a message about it.
const MAX_OTHER: u64 = 16 << 20;
/// True for the beginning of a catalogue: compiled, its first line, or a byte order mark.
fn may_be_catalogue(head: &[u8]) -> bool {
    let is_marked = [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"].iter().any(|mark| head.starts_with(mark));
    is_marked || CompiledCatalog::is_compiled(head) || head.starts_with(b"hotfixcheck-catalog")
}

/// The text of a catalogue: UTF-8, or UTF-16 with a byte order mark, as saved by editors on Windows.
fn text_of(bytes: Vec<u8>) -> Result<String, FromUtf8Error> {
    const UTF_8: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Ok(hotfixcheck_articles::decode(&bytes).trim_start_matches('\u{feff}').to_owned());
    }
    match bytes.strip_prefix(UTF_8) {
        Some(rest) => String::from_utf8(rest.to_vec()),
        None => String::from_utf8(bytes),
    }
}

/// Every article of a catalogue from a file, as text or compiled.
///
/// # Errors
/// A file that cannot be read or is not a catalogue.
pub(super) fn load_file(path: &Path) -> Result<Catalog, CliError> {
    load_with_head(path).map(|(catalog, _)| catalog)
}

/// The same with the comments of its head: where its facts are from, with their licences.
///
/// # Errors
/// As [`load_file`].
pub(super) fn load_with_head(path: &Path) -> Result<(Catalog, String), CliError> {
    let (open, head) = open_file(path)?;
    let whole = open.whole().map_err(|source| CliError::Catalogue { name: path.display().to_string(), source })?;
    Ok((whole.into_owned(), head))
}

/// A catalogue's text with comments after its first line.
pub(super) fn with_head(text: &str, head: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    format!("{first}\n{head}{rest}")
}

/// The extension of compiled catalogues.
const COMPILED: &str = "hfc";

/// The bytes for a catalogue file of this name: compiled if the name ends in `.hfc`, or else text.
pub(super) fn bytes_for(output: &Path, catalog: &Catalog, text: String) -> Result<Vec<u8>, CliError> {
    if !output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(COMPILED)) {
        return Ok(text.into_bytes());
    }
    let knowledge = Knowledge::embedded()?;
    let unordered = Neighbours::new(catalog, &knowledge).unordered();
    let compiled = CompiledCatalog::compile(&output.display().to_string(), &text, &unordered);
    compiled.map_err(|source| CliError::Catalogue { name: BUILT_IN.to_owned(), source })
}

/// True for a file that is a catalogue, as text or compiled.
pub(super) fn is_catalogue(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = path.is_file().then(|| File::open(path).ok()).flatten().map(|file| file.take(64).read_to_end(&mut head));
    let is_compiled = CompiledCatalog::is_compiled(&head);
    // The head may end inside a character.
    let is_text = head
        .utf8_chunks()
        .next()
        .is_some_and(|chunk| chunk.valid().trim_start_matches('\u{feff}').starts_with(catalog::HEADER));
    let is_wide = || text_of(head).is_ok_and(|text| text.starts_with(catalog::HEADER));
    matches!(read, Some(Ok(_))) && (is_compiled || is_text || is_wide())
}
