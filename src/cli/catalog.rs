//! `catalog`: making and examining catalogues.

use std::path::PathBuf;

use clap::Subcommand;
use hotfixcheck::catalog::{self, Catalog, Code, Stats};
use hotfixcheck::report::{self, RenderError};

use super::args::{CatalogArgs, Format};
use super::output::Output;
use super::{CliError, catalog_add, catalog_import, extract, plan};

/// Build, examine or count catalogues of articles
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(catalog_add::Args),
    Build(BuildArgs),
    Import(catalog_import::Args),
    Lint(LintArgs),
    Stats(StatsArgs),
}

/// Build a catalogue from article files and folders
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Where an article is found twice, the one with the later date of change is taken, of equal ones
the first.

Exit codes: 0 every file was read; 2 could not run; 3 some files could not be read as articles
(named on standard error); 4 no article was found.

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

/// Show what looks wrong: rejected lines, conflicting rows, versions that go backwards, unknown platforms
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With PATHs, the articles there are read and looked at; without, the catalogue. Rejected lines are
known of articles only.

Exit codes: 0 nothing found; 1 findings; 2 could not run.

Example:
  hotfixcheck catalog lint articles/")]
struct LintArgs {
    /// Article files or folders; none: the catalogue
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only the counts
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Show how much a catalogue holds
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  hotfixcheck catalog stats --catalog mine.tsv")]
struct StatsArgs {
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    match args.command {
        Command::Add(args) => catalog_add::run(&args),
        Command::Build(args) => build(&args),
        Command::Import(args) => catalog_import::run(&args),
        Command::Lint(args) => lint(&args),
        Command::Stats(args) => stats(&args),
    }
}

fn build(args: &BuildArgs) -> Result<u8, CliError> {
    let output = Output::open(Some(&args.output), false)?;
    let mut gathered = extract::gather(&args.paths)?;
    let code = extract::code(&gathered);
    let catalog = Catalog::newest(std::mem::take(&mut gathered.articles));
    output.write(catalog::write(&catalog).as_bytes())?;
    // The process ends here: to free the articles one by one would take a thirtieth of the run.
    std::mem::forget(catalog);
    Ok(code)
}

fn lint(args: &LintArgs) -> Result<u8, CliError> {
    let output = Output::open(None, false)?;
    let findings = if args.paths.is_empty() {
        catalog::lint(plan::load(&args.catalog)?.0.articles())
    } else {
        catalog::lint(&extract::gather(&args.paths)?.articles)
    };
    let mut text = String::new();
    for finding in findings.iter().filter(|_| !args.summary) {
        text.push_str(&report::visible(&finding.to_string()));
        text.push('\n');
    }
    for code in Code::ALL {
        let count = findings.iter().filter(|f| f.code == code).count();
        text.push_str(&format!("{count:>7} {}\n", code.name()));
    }
    output.write(text.as_bytes())?;
    Ok(u8::from(!findings.is_empty()))
}

fn stats(args: &StatsArgs) -> Result<u8, CliError> {
    let output = Output::open(None, false)?;
    let stats = Stats::new(&plan::load(&args.catalog)?.0);
    let bytes = match args.format {
        Format::Table => report::stats(&stats),
        Format::Json => {
            let mut json = serde_json::to_vec_pretty(&stats).map_err(RenderError::from)?;
            json.push(b'\n');
            json
        }
    };
    output.write(&bytes)?;
    Ok(0)
}
