//! The `inventory` command: writes a snapshot of a tree, to be judged now or years later.

use std::path::PathBuf;

use hotfixcheck::inventory::snapshot::{self, Names};
use hotfixcheck::inventory::{self, Coverage, Wanted};
use hotfixcheck::report::RenderError;

use super::args::CatalogArgs;
use super::error::CliError;
use super::output::Output;
use super::progress::Bar;
use super::warning::warn;
use super::{catalogs, roots};

/// Save a list of the Windows files below PATH for a later scan (scan --inventory)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The snapshot contains the files that have the name of a Windows binary, the other files that the
catalogue lists, and the system from the registry. A scan of it gives the same answer as a scan of
PATH, with any catalogue.

Exit codes:
  0  everything was read
  2  could not run
  3  something could not be read (named on standard error and in the snapshot)
  4  no Windows binary was found

Example:
  hotfixcheck inventory /mnt/nt4 -o nt4.json
  hotfixcheck scan --inventory nt4.json")]
pub(super) struct Args {
    /// Folders, images or files with Windows files; a folder inside an image is written 'cd.iso:/I386'
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Also look for Windows binaries under other names, by their contents
    #[arg(long)]
    sniff: bool,
    /// Write the snapshot to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show no progress bar
    #[arg(long)]
    no_progress: bool,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Reads the files and writes the snapshot.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    output.refuse_inputs(&args.paths.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
    let roots = roots::roots(args.paths, "inventory")?;
    let (catalog, _) = catalogs::open(&args.catalog)?;
    let names = Names::new(catalog.file_keys());
    let bar = Bar::new(!args.no_progress);
    let wanted = Wanted::named(|name| names.holds(name)).sniffing(args.sniff);
    let recorded = inventory::record(&roots, &wanted, &|progress| bar.show(progress));
    bar.finish();
    let mut recorded = recorded.map_err(roots::explained)?;
    for (place, root) in roots.iter().enumerate() {
        if let Some(own) = output.below(root) {
            recorded.files_seen = recorded.files_seen.saturating_sub(1);
            recorded.files.retain(|file| file.root != place || file.path != own);
        }
    }
    recorded.coverage = Coverage::Names(names);
    output.write(&snapshot::write(&recorded).map_err(RenderError::from)?)?;

    // Paths are shown in the spelling of the operating system.
    let place = |root: usize, path: &inventory::RelativePath| {
        recorded.roots[root].join(path.to_string().replace('/', std::path::MAIN_SEPARATOR_STR))
    };
    let refused = recorded.files.iter().filter_map(|file| Some((place(file.root, &file.path), file.damage()?)));
    let problems = recorded.problems.iter().map(|problem| (place(problem.root, &problem.path), problem.what.clone()));
    let trouble: Vec<(PathBuf, String)> = problems.chain(refused).collect();
    let warnings = recorded.warnings.iter().map(|warning| (place(warning.root, &warning.path), warning.what.clone()));
    for (path, what) in trouble.iter().cloned().chain(warnings) {
        warn(&format!("{}: {what}", path.display()));
    }
    let binaries = recorded.files.iter().filter(|file| file.binary.is_ok()).count();
    match &args.output {
        _ if binaries == 0 => warn(&"no Windows binary was found"),
        Some(path) if path.as_os_str() != "-" => {
            warn(&format!("{} files recorded in '{}'", recorded.files.len(), path.display()));
        }
        _ => {}
    }
    Ok(match () {
        () if !trouble.is_empty() => 3,
        () if binaries == 0 => 4,
        () => 0,
    })
}
