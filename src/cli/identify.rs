//! `identify`: which articles shipped exactly this file, or a build just before or after it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use hotfixcheck::assess::identify::{self, Identity};
use hotfixcheck::catalog::FixIndex;
use hotfixcheck::inventory::{self, Entry, Inventory, Wanted};
use hotfixcheck::knowledge::{Knowledge, Languages, Products, Releases};
use hotfixcheck::report::{self, IdentitiesView};
use hotfixcheck_winfiles::packed::{NameHint, original_names};

use super::CliError;
use super::args::{CatalogArgs, Format};
use super::output::Output;
use super::plan;

/// Find the articles that shipped exactly this file, or a build just before or after it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 the catalogue knows at least one of the files; 2 could not run; 3 a file could not be
read; 4 the catalogue knows none of them.

Example:
  hotfixcheck identify recovered/tapisrv.exe")]
pub(super) struct Args {
    /// Files, or folders: of a folder the files whose names the catalogue has
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Look into every file of a folder, whatever its name
    #[arg(long)]
    sniff: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the answer to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// The names, in lower case, that a file at this path has, or can have had before it was packed.
fn names(path: &Path) -> Vec<String> {
    let Some(name) = path.file_name() else { return Vec::new() };
    let name = name.to_string_lossy().to_lowercase();
    let mut names = original_names(&name, &NameHint::None);
    names.push(name);
    names
}

/// A cabinet is asked for the sake of its members: of itself there is nothing to say.
fn without_opened_cabinets(inventory: &mut Inventory) {
    let cabinet = |entry: &Entry| Some((entry.root, entry.path.as_str()?.rsplit_once(":/")?.0.to_owned()));
    let opened: HashSet<_> = inventory.entries.iter().filter_map(cabinet).collect();
    inventory.entries.retain(|entry| {
        let path = entry.path.as_str().map(str::to_owned);
        path.is_none_or(|path| !opened.contains(&(entry.root, path)))
    });
}

/// Reads the files, looks each up, answers with the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let knowledge = Knowledge {
        releases: Releases::embedded()?,
        languages: Languages::embedded()?,
        products: Products::embedded()?,
    };
    let (catalog, _) = plan::load(&args.catalog)?;
    let index = FixIndex::new(&catalog);
    // A file that is named outright is looked at whatever its name: it may have been renamed, or packed.
    let given: HashSet<String> = args.paths.iter().filter(|path| !path.is_dir()).flat_map(|path| names(path)).collect();
    let named = |name: &str| given.contains(name);
    let wanted = Wanted::named(|name| index.knows(name) || named(name)).sniffing(args.sniff);
    let mut inventory = inventory::walk(&args.paths, &wanted, &|_| {})?;
    without_opened_cabinets(&mut inventory);
    let answers: Vec<Identity> =
        inventory.entries.iter().map(|entry| identify::identify(entry, &catalog, &index, &knowledge)).collect();
    let view = IdentitiesView::new(&inventory, &answers, &catalog);
    let bytes = match args.format {
        Format::Table => report::identity(&view),
        Format::Json => report::identity_json(&view)?,
    };
    output.write(&bytes)?;
    let unread = inventory.entries.iter().any(|entry| entry.binary.is_err()) || !inventory.problems.is_empty();
    let known = answers.iter().filter(|answer| answer.is_known()).count();
    Ok(match () {
        () if unread => 3,
        () if known == 0 => 4,
        () => 0,
    })
}
