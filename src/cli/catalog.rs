//! `catalog`: making and examining catalogues.

use std::path::PathBuf;

use clap::Subcommand;
use hotfixcheck::catalog::{self, Catalog};

use super::output::Output;
use super::{CliError, extract};

/// Build a catalogue from article files
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(BuildArgs),
}

/// Build a catalogue from article files and folders
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Where an article is found twice, the one with the later date of change is taken, of equal ones the first.
Exit codes: 0 every file was read; 2 could not run; 3 some files could not be read as articles (named on standard
error); 4 no article was found.

Example:
  hotfixcheck catalog build articles/ -o catalog.tsv")]
struct BuildArgs {
    /// Article files or folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Write the catalogue to this file; - is standard output
    #[arg(short, long, value_name = "FILE", required = true)]
    output: PathBuf,
}

/// Runs the subcommand.
pub fn run(args: Args) -> Result<u8, CliError> {
    match args.command {
        Command::Build(args) => build(&args),
    }
}

fn build(args: &BuildArgs) -> Result<u8, CliError> {
    let output = Output::open(Some(&args.output), false)?;
    let mut gathered = extract::gather(&args.paths)?;
    let code = extract::code(&gathered);
    let catalog = Catalog::newest(std::mem::take(&mut gathered.articles));
    output.write(catalog::write(&catalog).as_bytes())?;
    Ok(code)
}
