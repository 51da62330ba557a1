//! `diff`: what changed between two reports.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use hotfixcheck::report::{DiffFormat, DiffView, Previous};

use super::CliError;
use super::output::Output;

/// Compare two JSON reports: what is newly missing, newly fixed, or still missing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Both are what scan --format json writes. Findings are the same where article, path below the tree and machine are.

Exit codes: 0 nothing is newly missing; 1 something is; 2 a report could not be read.

Examples:
  hotfixcheck diff last-month.json today.json
  hotfixcheck diff before.json after.json --format markdown -o changes.md")]
pub(super) struct Args {
    /// The earlier report
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The later report
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the answer to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The form of a comparison.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For the summary of a CI run
    Markdown,
}

impl From<Format> for DiffFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Table,
            Format::Json => Self::Json,
            Format::Markdown => Self::Markdown,
        }
    }
}

/// Reads both reports, writes what changed, answers with the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let view = DiffView::new(&read(&args.old)?, &read(&args.new)?);
    let bytes = view.render(args.format.into(), output.look())?;
    output.write(&bytes)?;
    Ok(view.exit_code)
}

/// Reads a JSON report.
///
/// # Errors
/// A file that cannot be read, or is no report of this form.
pub(super) fn read(path: &Path) -> Result<Previous, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::File { path: path.to_owned(), source })?;
    Previous::read(&bytes).map_err(|source| CliError::Report { path: path.to_owned(), source })
}
