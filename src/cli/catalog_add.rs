//! The `catalog add` command: adds rows from update packages.

use std::io;
use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::catalog;
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::package::Package;
use hotfixcheck::report::visible;

use super::catalogs;
use super::error::CliError;
use super::output::Output;
use super::warning::warn;

/// Add the files of update packages to a catalogue of your own
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Packages are self-extracting hotfixes and service packs (.exe), cabinets (.cab) and MSU files. They
are read, never run. Each file in them becomes a row with its version, processor, size, date and
package. A scan uses the catalogue with --add-catalog: its rows complete the articles of the same
id.

Exit codes:
  0  every file was read
  2  could not run
  3  some files could not be read (named on standard error)
  4  no row was found

Example:
  hotfixcheck catalog add Q299444i.exe WindowsXP-KB835732-x86-ENU.exe -o mine.tsv
  hotfixcheck scan /mnt/xp --add-catalog mine.tsv")]
pub(super) struct Args {
    /// Update packages
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Catalogue file to update, created if it does not exist [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Article id, if the package does not state it
    #[arg(long, value_name = "ID")]
    kb: Option<KbId>,
}

/// Reads the packages, and writes the catalogue with their rows.
pub(super) fn run(args: &Args) -> Result<u8, CliError> {
    let file = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let (mut catalog, mut head) = match file.filter(|path| path.is_file()) {
        Some(path) => catalogs::load_with_head(path)?,
        None => Default::default(),
    };
    if let Some(missing) = args.files.iter().find(|path| !path.exists()) {
        let source = io::Error::from(io::ErrorKind::NotFound);
        return Err(CliError::File { path: missing.clone(), source });
    }
    let output = Output::open(args.output.as_deref(), false)?;
    let knowledge = Knowledge::embedded()?;
    let (mut incomplete, mut rows) = (false, 0);
    for path in &args.files {
        let mut say = |what: &str| {
            incomplete = true;
            warn(&format!("{}: {}", path.display(), visible(what)));
        };
        let package = match Package::read(path) {
            Ok(package) => package,
            Err(error) => {
                say(&error.to_string());
                continue;
            }
        };
        package.problems.iter().for_each(|problem| say(problem));
        let id = match args.kb.map_or_else(|| package.id(), Ok) {
            Ok(id) => id,
            Err(what) => {
                say(&format!("{what} with --kb"));
                continue;
            }
        };
        rows += package.files.len();
        if package.files.is_empty() {
            warn(&format!("{}: no file with a version or a date in it", path.display()));
            continue;
        }
        let article = hotfixcheck::package::of_package(&package, id, &knowledge.languages, &knowledge.releases);
        catalog = catalog.with([article].into_iter().collect());
        let name = path.file_name().unwrap_or_default().to_string_lossy().replace(char::is_control, " ");
        let comment = format!("# Added by: hotfixcheck catalog add {name}\n");
        if !head.contains(&comment) {
            head.push_str(&comment);
        }
    }
    if rows == 0 {
        return Ok(if incomplete { INCOMPLETE } else { NOTHING });
    }
    output.write(catalogs::with_head(&catalog::write(&catalog), &head).as_bytes())?;
    Ok(if incomplete { INCOMPLETE } else { 0 })
}

/// Some packages, or files in them, could not be read.
const INCOMPLETE: u8 = 3;
/// No row was found.
const NOTHING: u8 = 4;
