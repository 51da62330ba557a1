//! The `identify` command: finds the fix that a file comes from, or the fixes just before and after it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use hotfixcheck::assess::identify::{self, Identity};
use hotfixcheck::catalog::FixIndex;
use hotfixcheck::inventory::{self, Entry, Inventory, Wanted};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, IdentitiesView};
use hotfixcheck_winfiles::packed::{NameHint, original_names};

use super::args::{AnswerFormat, CatalogArgs};
use super::error::CliError;
use super::output::Output;
use super::warning::warn;
use super::{catalogs, roots};

/// Find which fix a file comes from, or which have the nearest versions
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  the catalogue lists at least one of the files
  2  could not run
  3  a file could not be read
  4  the catalogue lists none of the files

Example:
  hotfixcheck identify recovered/tapisrv.exe")]
pub(super) struct Args {
    /// Files, or folders (in a folder only file names that the catalogue lists are checked)
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Check every Windows binary of a folder, whatever its name
    #[arg(long)]
    sniff: bool,
    /// Output format
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    format: AnswerFormat,
    /// Write the answer to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// The names, in lower case, that a file at this path has, or may have had before it was packed.
fn names(path: &Path) -> Vec<String> {
    let Some(name) = path.file_name() else { return Vec::new() };
    let name = name.to_string_lossy().to_lowercase();
    let mut names = original_names(&name, &NameHint::None);
    names.push(name);
    names
}

/// A cabinet is opened only for its members; the cabinet itself is left out of the answer.
fn without_opened_cabinets(inventory: &mut Inventory) {
    let cabinet = |entry: &Entry| Some((entry.root, entry.path.as_str()?.rsplit_once(":/")?.0.to_owned()));
    let opened: HashSet<_> = inventory.entries.iter().filter_map(cabinet).collect();
    inventory.entries.retain(|entry| {
        let path = entry.path.as_str().map(str::to_owned);
        path.is_none_or(|path| !opened.contains(&(entry.root, path)))
    });
}

/// Reads the files, looks each up, and returns the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let knowledge = Knowledge::embedded()?;
    let catalog = catalogs::load(&args.catalog)?;
    let index = FixIndex::new(&catalog);
    // A file that is given itself is read whatever its name: it may have been renamed or packed.
    let given: HashSet<String> = args.paths.iter().filter(|path| !path.is_dir()).flat_map(|path| names(path)).collect();
    let named = |name: &str| given.contains(name);
    let wanted =
        Wanted::named(|name| index.knows(name) || identify::shows_build(name) || named(name)).sniffing(args.sniff);
    let mut inventory = inventory::walk(&args.paths, &wanted, &|_| {}).map_err(roots::explained)?;
    without_opened_cabinets(&mut inventory);
    let answers: Vec<Identity> =
        inventory.entries.iter().map(|entry| identify::identify(entry, &catalog, &index, &knowledge)).collect();
    let view = IdentitiesView::new(&inventory, &answers, &catalog);
    let bytes = match args.format {
        AnswerFormat::Table => report::identity(&view, output.look()),
        AnswerFormat::Json => report::identity_json(&view)?,
    };
    output.write(&bytes)?;
    let unread = inventory.entries.iter().any(|entry| entry.binary.is_err()) || !inventory.problems.is_empty();
    if inventory.entries.is_empty() {
        let names: Vec<String> = args.paths.iter().map(|path| format!("'{}'", path.display())).collect();
        warn(&format!("no Windows binary that the catalogue lists was found in {}", names.join(", ")));
    }
    let known = answers.iter().filter(|answer| answer.is_known()).count();
    Ok(match () {
        () if unread => 3,
        () if known == 0 => 4,
        () => 0,
    })
}
