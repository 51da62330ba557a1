//! The commands. Each is one file with `Args` (what clap reads) and `run` (what it does, and the exit code).

mod args;
mod article;
mod catalog;
mod catalog_add;
mod completions;
mod config;
mod diff;
mod error;
mod explain;
mod extract;
mod identify;
mod inventories;
mod inventory;
mod output;
mod pages;
mod plan;
mod policy;
mod progress;
mod reports;
mod require;
mod scan;
mod system_folder;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hotfixcheck::report;

pub(crate) use error::CliError;

/// Finds which Microsoft hotfixes are missing from Windows files, offline, from the fix tables of Knowledge Base articles
#[derive(Debug, Parser)]
#[command(
    name = "hotfixcheck",
    // Whatever the file is called, `hotfixcheck.exe` too.
    bin_name = "hotfixcheck",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  hotfixcheck scan /mnt/nt4/WINNT/System32
  hotfixcheck explain Q310626 /mnt/nt4/WINNT/System32
  hotfixcheck article Q265433

hotfixcheck help COMMAND says more of each."
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
    Inventory(inventory::Args),
    Article(article::Args),
    Extract(extract::Args),
    Catalog(catalog::Args),
    Diff(diff::Args),
    Completions(completions::Args),
    Man(pages::Args),
}

/// What a run comes to that ends without an assessment: usage, unreadable root, broken catalogue, report not written.
const COULD_NOT_RUN: u8 = 2;

/// Reads the command line and runs the command.
pub(crate) fn main() -> ExitCode {
    hotfixcheck::hush_caught_panics();
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
        Command::Inventory(args) => inventory::run(args),
        Command::Article(args) => article::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Catalog(args) => catalog::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => pages::run(&args),
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
    // Names come from outside: they must not move the cursor or look like a message of their own.
    let _ = writeln!(std::io::stderr(), "hotfixcheck: {}", report::visible(&message.to_string()));
}
