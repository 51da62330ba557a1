//! The `catalog` command: builds and checks catalogues.

use std::path::PathBuf;

use clap::Subcommand;
use hotfixcheck::articles::Article;
use hotfixcheck::catalog::{self, Catalog, Stats};
use hotfixcheck::report::{self, RenderError};

use super::args::{AnswerFormat, CatalogArgs};
use super::error::CliError;
use super::output::Output;
use super::{articles, catalog_add, catalog_import, catalogs};

/// Create and check catalogues of articles
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
If two files contain the same article, the one with the later date of change is used. Catalogues
among the PATHs are merged: facts that the first one lacks are taken from the others, and the
comments of their heads (sources, licences) are kept. An output that
ends in .hfc is compiled: a scan then reads only the articles that it needs.

Exit codes:
  0  every file was read
  2  could not run
  3  some files could not be read as articles (named on standard error)
  4  no article was found

Examples:
  hotfixcheck catalog build articles/ -o catalog.tsv
  hotfixcheck catalog build catalog.tsv mine.tsv -o both.hfc")]
struct BuildArgs {
    /// Article files or folders, or catalogues; '-' is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Write the catalogue to this file; '-' is standard output
    #[arg(short, long, value_name = "FILE", required = true)]
    output: PathBuf,
}

/// Show what looks wrong in articles or a catalogue
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Checks the articles below the PATHs; without PATH the catalogue. Lines that could not be read are
reported for article files only. A finding is a hint, not an error of the program: the articles
were written by hand.

Exit codes:
  0  checked, whatever was found (1 with --strict if anything was found)
  2  could not run
  4  no article was found

Examples:
  hotfixcheck catalog lint --summary
  hotfixcheck catalog lint articles/ --strict")]
struct LintArgs {
    /// Article files or folders [default: the catalogue]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show the counts only
    #[arg(long, conflicts_with = "all")]
    summary: bool,
    /// Show every finding, not only ten of each kind
    #[arg(long)]
    all: bool,
    /// Exit with code 1 if anything was found
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Show how many articles, rows and files a catalogue has
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  hotfixcheck catalog stats --catalog mine.tsv")]
struct StatsArgs {
    /// Output format
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    format: AnswerFormat,
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

/// The exit code of a catalogue without articles.
const NOTHING: u8 = 4;

fn build(args: &BuildArgs) -> Result<u8, CliError> {
    let output = Output::open(Some(&args.output), false)?;
    let (catalogues, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        args.paths.iter().cloned().partition(|path| catalogs::is_catalogue(path));
    let mut catalog = Catalog::default();
    let mut head = String::new();
    for path in &catalogues {
        let (other, comments) = catalogs::load_with_head(path)?;
        catalog = catalog.completed_by(&other);
        if !head.contains(&comments) {
            head.push_str(&comments);
        }
    }
    let mut code = 0;
    if !paths.is_empty() {
        let mut gathered = articles::gather(&paths)?;
        code = articles::code(&gathered);
        let articles = Catalog::newest(std::mem::take(&mut gathered.articles));
        catalog = if catalogues.is_empty() { articles } else { catalog.completed_by(&articles) };
    }
    articles::warn_of_left_out(&catalog);
    // With an empty catalogue, every later scan would be clean.
    if catalog.articles().is_empty() {
        articles::warn_of_none(&args.paths);
        return Ok(NOTHING);
    }
    let text = catalogs::with_head(&catalog::write(&catalog), &head);
    output.write(&catalogs::bytes_for(&args.output, &catalog, text)?)?;
    // The process ends here: freeing the articles one by one would take a thirtieth of the run time.
    std::mem::forget(catalog);
    Ok(code)
}

/// How many findings of a kind are shown.
const MOST_PLACES: usize = 10;

fn lint(args: &LintArgs) -> Result<u8, CliError> {
    let output = Output::open(None, false)?;
    let findings = if args.paths.is_empty() {
        catalog::lint(catalogs::load(&args.catalog)?.iter())
    } else {
        let gathered = articles::gather(&args.paths)?;
        if gathered.articles.is_empty() {
            articles::warn_of_none(&args.paths);
            return Ok(articles::code(&gathered));
        }
        // The translations of a bulletin are one article, as in a built catalogue.
        let (bulletins, articles): (Vec<Article>, Vec<Article>) =
            gathered.articles.into_iter().partition(Article::is_of_bulletin);
        let merged = Catalog::newest(bulletins);
        catalog::lint(articles.iter().chain(merged.iter()))
    };
    let most = match args {
        LintArgs { summary: true, .. } => 0,
        LintArgs { all: true, .. } => usize::MAX,
        _ => MOST_PLACES,
    };
    let look = output.look();
    output.write(&report::lint(&findings, most, look))?;
    Ok(u8::from(args.strict && !findings.is_empty()))
}

fn stats(args: &StatsArgs) -> Result<u8, CliError> {
    let output = Output::open(None, false)?;
    let stats = Stats::new(&catalogs::load(&args.catalog)?);
    let bytes = match args.format {
        AnswerFormat::Table => report::stats(&stats, output.look()),
        AnswerFormat::Json => {
            let mut json = serde_json::to_vec_pretty(&stats).map_err(RenderError::from)?;
            json.push(b'\n');
            json
        }
    };
    output.write(&bytes)?;
    Ok(0)
}
