//! The `diff` command: shows the changes between two reports.

use std::path::PathBuf;

use clap::ValueEnum;
use hotfixcheck::report::{DiffFormat, DiffView};

use super::error::CliError;
use super::output::Output;
use super::previous;

/// Compare two JSON reports: what is newly missing, newly fixed, or still missing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Both reports are written by 'scan --format json'. Two findings match if article, relative path and
processor are equal.

Exit codes:
  0  nothing is newly missing
  1  a fix is newly missing
  2  a report could not be read

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
    /// Output format
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    format: DiffFormatArg,
    /// Write the answer to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The format of a comparison.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum DiffFormatArg {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For the summary of a CI run
    Markdown,
}

impl From<DiffFormatArg> for DiffFormat {
    fn from(format: DiffFormatArg) -> Self {
        match format {
            DiffFormatArg::Table => Self::Table,
            DiffFormatArg::Json => Self::Json,
            DiffFormatArg::Markdown => Self::Markdown,
        }
    }
}

/// Reads both reports, writes the changes, and returns the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    output.refuse_inputs(&[&args.old, &args.new])?;
    let view = DiffView::new(&previous::read(&args.old)?, &previous::read(&args.new)?);
    let bytes = view.render(args.format.into(), output.look())?;
    output.write(&bytes)?;
    Ok(view.exit_code)
}
