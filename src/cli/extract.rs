//! The `extract` command: writes the facts of article files as JSON.

use std::path::PathBuf;

use clap::ValueEnum;
use hotfixcheck::report::RenderError;

use super::articles;
use super::error::CliError;
use super::output::Output;

/// Read saved Knowledge Base articles and write their fix tables as JSON
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  every file was read
  2  could not run
  3  some files could not be read as articles (named on standard error)
  4  no article was found

Example:
  hotfixcheck extract articles/ --format json -o facts.json")]
pub(super) struct Args {
    /// Article files or folders; '-' is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    format: FactsFormat,
    /// Write the answer to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The format of the extracted facts.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FactsFormat {
    /// One array, one article per line
    #[default]
    Json,
}

/// Reads the articles and writes their facts.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    output.refuse_inputs(&args.paths.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
    let gathered = articles::gather(&args.paths)?;
    let bytes = match args.format {
        FactsFormat::Json => articles::json(&gathered.articles).map_err(RenderError::from)?,
    };
    output.write(&bytes)?;
    let code = articles::code(&gathered);
    if gathered.articles.is_empty() {
        articles::warn_of_none(&args.paths);
    }
    // The process ends here: freeing the articles one by one would take a thirtieth of the run time.
    std::mem::forget(gathered);
    Ok(code)
}
