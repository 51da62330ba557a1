//! `inventory`: a snapshot of a tree, to be judged now or years later.

use std::path::PathBuf;

use hotfixcheck::inventory::snapshot::{self, Names};
use hotfixcheck::inventory::{self, Coverage, Wanted};
use hotfixcheck::report::{self, RenderError};

use super::args::CatalogArgs;
use super::output::Output;
use super::progress::Bar;
use super::{CliError, plan};

/// Record the Windows files below PATH, to be judged later: scan --inventory
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A snapshot holds the files with names of Windows binaries, whether a catalogue knows them or not, the other files that
the catalogue knows, and what the registry says. It is judged like the tree itself, by any catalogue.

Exit codes: 0 everything was read; 2 could not run; 3 something could not be read (named on standard error; the
snapshot says so, too); 4 no Windows binary was found.

Example:
  hotfixcheck inventory /mnt/nt4 -o nt4.json
  hotfixcheck scan --inventory nt4.json")]
pub(super) struct Args {
    /// Files or folders with Windows files: a system folder, a share, an image, a place in one
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Look into every file, whatever its name: record renamed copies, too
    #[arg(long)]
    sniff: bool,
    /// Write the snapshot to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show no progress bar
    #[arg(long)]
    no_progress: bool,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Reads the files, writes the snapshot.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let roots = plan::roots(args.paths)?;
    let (catalog, _) = plan::load(&args.catalog)?;
    let known = catalog.articles().iter().flat_map(|article| &article.fixes).map(|fix| &*fix.file);
    let names = Names::new(known);
    let bar = Bar::new(!args.no_progress);
    let wanted = Wanted::named(|name| names.holds(name)).sniffing(args.sniff);
    let recorded = inventory::record(&roots, &wanted, &|progress| bar.show(progress));
    bar.finish();
    let mut recorded = recorded?;
    let own: u64 = roots.iter().map(|root| output.counted_below(root)).sum();
    recorded.files_seen = recorded.files_seen.saturating_sub(own);
    recorded.coverage = Coverage::Names(names);
    output.write(&snapshot::write(&recorded).map_err(RenderError::from)?)?;

    // As the system writes paths, for the eye.
    let place = |root: usize, path: &inventory::RelativePath| {
        recorded.roots[root].join(path.to_string().replace('/', std::path::MAIN_SEPARATOR_STR))
    };
    let refused = recorded.files.iter().filter_map(|file| Some((place(file.root, &file.path), file.damage()?)));
    let problems = recorded.problems.iter().map(|problem| (place(problem.root, &problem.path), problem.what.clone()));
    let trouble: Vec<(PathBuf, String)> = problems.chain(refused).collect();
    let warnings = recorded.warnings.iter().map(|warning| (place(warning.root, &warning.path), warning.what.clone()));
    for (path, what) in trouble.iter().cloned().chain(warnings) {
        super::warn(&format!("{}: {}", report::visible(&path.to_string_lossy()), report::visible(&what)));
    }
    Ok(match () {
        () if !trouble.is_empty() => 3,
        () if !recorded.files.iter().any(|file| file.binary.is_ok()) => 4,
        () => 0,
    })
}
