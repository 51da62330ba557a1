//! The commands. Each is one file with `Args` (what clap reads) and `run` (what it does, and the exit code).

mod args;
mod article;
mod catalog;
mod catalog_add;
mod config;
mod error;
mod explain;
mod extract;
mod identify;
mod output;
mod plan;
mod policy;
mod progress;
mod reports;
mod require;
mod scan;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use error::CliError;

/// Finds which Microsoft hotfixes are missing from Windows files, offline, from the fix tables of Knowledge Base articles
#[derive(Debug, Parser)]
#[command(
    name = "hotfixcheck",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(scan::Args),
    Explain(explain::Args),
    Identify(identify::Args),
    Article(article::Args),
    Extract(extract::Args),
    Catalog(catalog::Args),
}

/// What a run comes to that ends without an assessment: usage, unreadable root, broken catalogue, report not written.
const COULD_NOT_RUN: u8 = 2;

/// Reads the command line and runs the command.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help that cannot be printed has no reader.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN));
        }
    };
    let result = match cli.command {
        Command::Scan(args) => scan::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Identify(args) => identify::run(args),
        Command::Article(args) => article::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Catalog(args) => catalog::run(args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            warn(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Tells the user on standard error. A closed standard error must not turn the exit code into a panic.
fn warn(message: &dyn std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "hotfixcheck: {message}");
}
