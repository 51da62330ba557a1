//! `extract`: article files -> their facts as JSON.

use std::path::PathBuf;

use clap::ValueEnum;
use hotfixcheck::catalog::{self, Gathered};
use hotfixcheck::report::RenderError;
use hotfixcheck_articles::Article;
use rayon::prelude::*;

use super::CliError;
use super::output::Output;

/// Extract the fix tables of article files, as JSON
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 every file was read; 2 could not run; 3 some files could not be read as articles
(named on standard error); 4 no article was found.

Example:
  hotfixcheck extract articles/ --format json -o facts.json")]
pub(super) struct Args {
    /// Article files or folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the answer to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The form of the extracted facts.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// One array, an article a line
    #[default]
    Json,
}

/// Reads the articles, writes their facts.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let gathered = gather(&args.paths)?;
    let bytes = match args.format {
        Format::Json => json(&gathered.articles).map_err(RenderError::from)?,
    };
    output.write(&bytes)?;
    let code = code(&gathered);
    // The process ends here: to free the articles one by one would take a thirtieth of the run.
    std::mem::forget(gathered);
    Ok(code)
}

/// Reads the articles below some paths; what could not be read is named on standard error.
pub(super) fn gather(paths: &[PathBuf]) -> Result<Gathered, CliError> {
    let gathered = catalog::gather(paths).map_err(CliError::Articles)?;
    for problem in &gathered.problems {
        super::warn(problem);
    }
    Ok(gathered)
}

/// The exit code of a run that reads articles.
pub(super) fn code(gathered: &Gathered) -> u8 {
    match (gathered.articles.is_empty(), gathered.problems.is_empty()) {
        (true, _) => 4,
        (false, false) => 3,
        (false, true) => 0,
    }
}

/// One JSON array, an article a line.
pub(super) fn json(articles: &[Article]) -> serde_json::Result<Vec<u8>> {
    let texts = articles.par_iter().map(serde_json::to_vec).collect::<serde_json::Result<Vec<_>>>()?;
    let mut out = Vec::with_capacity(texts.iter().map(|t| t.len() + 2).sum::<usize>() + 4);
    out.push(b'[');
    for (i, text) in texts.into_iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(&text);
    }
    out.extend_from_slice(b"\n]\n");
    Ok(out)
}
